//! What waits for the reader, on `/staff` and on the net: each number is how many the list shows to which it leads.

use crate::{
    matters, notices, patrol, property,
    reports::{OTHER_STAFF, RESIDENT, STAFF, VOLUNTEER, dispatched, handler_step},
    supervision,
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};

/// The street of 梧桐.
const STREET: &str = "19900000051";
/// The district.
const DISTRICT: &str = "19900000052";
/// A resident of 梧桐, who waits to be taken into a team.
const NEIGHBOUR: &str = "19900000002";

/// The lines of `/staff` with a number: where the list is, and how many.
fn lines(page: &str) -> Vec<(String, i64)> {
    let html = scraper::Html::parse_document(page);
    let line = scraper::Selector::parse("a.item").expect("a selector");
    let number = scraper::Selector::parse(".item-end .num").expect("a selector");
    html.select(&line)
        .filter_map(|line| {
            let count: String = line.select(&number).next()?.text().collect();
            Some((line.attr("href")?.to_owned(), count.trim().parse().expect("a number")))
        })
        .collect()
}

/// Where the rows of a list lead; `None` for lists that have no filter of their own.
fn rows_of(href: &str) -> Option<&'static str> {
    [
        ("/staff/supervision?", "/staff/supervision/"),
        ("/staff/matters?", "/staff/matters/"),
        ("/staff/property/entries?", "/staff/property/entries/"),
        ("/staff/intake", "/staff/intake/"),
        ("/staff/notices?", "/staff/notices/"),
        ("/staff/partners?tab=waiting", "/staff/partners/members/"),
        ("/staff/partners?tab=hours", "/staff/partners/hours/"),
    ]
    .into_iter()
    .find(|(list, _)| href.starts_with(list))
    .map(|(_, rows)| rows)
}

/// How many a list shows: the desk says it at its filter, others show their rows.
fn shown(page: &str, href: &str) -> Option<i64> {
    let html = scraper::Html::parse_document(page);
    if href.starts_with("/staff/reports?") {
        let chip = scraper::Selector::parse(".chip[aria-current] .num").expect("a selector");
        let count: String = html.select(&chip).next().expect("the filter's number").text().collect();
        return Some(count.trim().parse().expect("a number"));
    }
    let rows = rows_of(href)?;
    let link = scraper::Selector::parse("main a[href]").expect("a selector");
    let ids: BTreeSet<&str> = html
        .select(&link)
        .filter_map(|link| link.attr("href")?.strip_prefix(rows))
        .filter(|rest| rest.len() == 36)
        .collect();
    Some(i64::try_from(ids.len()).expect("few"))
}

/// Opens the lists and compares; gives how many were compared.
async fn same(browser: &mut Browser, what: &str, said: &[(String, i64)]) -> usize {
    let mut compared = 0;
    for (href, count) in said {
        let answer = browser.get(href).await;
        assert_eq!(answer.status, StatusCode::OK, "{href} for {what}");
        if let Some(shown) = shown(&answer.text(), href) {
            assert_eq!(shown, *count, "{href} for {what}");
            compared += 1;
        }
    }
    compared
}

/// Something of every kind that waits for somebody.
async fn fill(test: &TestApp) {
    let (mut staff, mut street) = (test.signed_in(STAFF).await, test.signed_in(STREET).await);
    let mut district = test.signed_in(DISTRICT).await;
    // Of a report: more time.
    let code = dispatched(test, "net-waiting-000001").await;
    let mut handler = test.signed_in(VOLUNTEER).await;
    handler_step(&mut handler, &code, "take", &[], &[]).await;
    let ask = [("text", "等配件"), ("hours", "9")];
    let asked = handler_step(&mut handler, &code, "extend_ask", &ask, &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    // Letters: one to answer, with more time asked for, and one to re-check.
    let letter = supervision::issued(test, "net-waiting-1").await;
    supervision::done(&mut staff, &letter, "extend_ask", &[("days", "3"), ("text", "配件未到")]).await;
    let letter = supervision::issued(test, "net-waiting-2").await;
    supervision::done(&mut staff, &letter, "answer", &supervision::ANSWERS).await;
    // Matters: the street has answered the community and the district.
    for (sender, from) in [(&mut staff, "wutong"), (&mut district, "lanxi")] {
        let id = matters::sent(sender, from, "org:tongyin", &[]).await;
        for step in ["accept", "start"] {
            matters::done(&mut street, &id, step, &[]).await;
        }
        matters::done(&mut street, &id, "answer", &[("text", "已办")]).await;
    }
    // Credit entries, one of them the street's own.
    let town = property::town(test).await;
    property::proposed(&mut staff, (&town.hening, &town.wutong), "迟修", -3).await;
    property::proposed(&mut street, (&town.hening, &town.wutong), "空岗", -8).await;
    // A finding of a camera.
    patrol::finding(test, "net-waiting").await;
    // A notice that needs a second person.
    let set = street.post("/staff/notices/settings", &[("organisation", "wutong"), ("review", "1")]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    let notice = notices::written(&mut staff, &[]).await;
    let version = notices::version(&mut staff, &notice).await;
    let sent = staff.post(&format!("/staff/notices/{notice}/publish"), &[("version", &version)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    volunteers(test, &mut staff).await;
}

/// A team with somebody in it who tells of hours, and somebody who waits.
async fn volunteers(test: &TestApp, staff: &mut Browser) {
    let fields = [("name", "巡夜队"), ("purpose", "晚上看看路灯"), ("skills", "electric"), ("key", "net-waiting-team")];
    let made = staff.post("/staff/partners/teams", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let team = made.location().rsplit('/').next().expect("an id").to_owned();
    let tells = [("skills", "electric"), ("grids", "wutong-g1"), ("times", "weekend-day"), ("consent", "1")];
    for phone in [RESIDENT, NEIGHBOUR] {
        let joined = test.signed_in(phone).await.post(&format!("/teams/{team}/join"), &tells).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    }
    let (member,): (String,) = sqlx::query_as("SELECT id FROM team_member WHERE person_id = $1")
        .bind(test.person(RESIDENT))
        .fetch_one(test.app.db.read())
        .await
        .expect("a registration");
    let page = format!("/staff/partners/members/{member}");
    let version = notices::hidden(&staff.get(&page).await.text(), "version");
    let taken = staff.post(&page, &[("do", "accept"), ("reason", ""), ("version", &version)]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let hours = [
        ("team", team.as_str()),
        ("day", "2026-11-24"),
        ("hours", "1"),
        ("words", "看灯"),
        ("key", "net-waiting-hours"),
    ];
    let told = test.signed_in(RESIDENT).await.post("/me/service/hours", &hours).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text());
}

#[tokio::test]
async fn every_number_of_what_waits_is_that_of_its_list() {
    on_both(|test| async move {
        fill(&test).await;
        let community = [("extension", 1), ("matters", 1), ("findings", 1), ("registrations", 1), ("hours", 1)];
        let reviewer = [&community[..], &[("notices", 1)]].concat();
        let street = [("supervision", 1), ("supervision_extension", 1), ("property", 2), ("notices", 1)];
        for (phone, code, expected) in [
            // Who wrote the notice does not review it.
            (STAFF, "wutong", &community[..]),
            (OTHER_STAFF, "wutong", &reviewer[..]),
            (STREET, "tongyin", &street[..]),
            (DISTRICT, "lanxi", &[("matters", 1), ("property", 2), ("notices", 1)][..]),
            // The street's page as the district sees it: what rooms have is at home.
            (DISTRICT, "tongyin", &[("supervision", 1), ("supervision_extension", 1)][..]),
        ] {
            let mut browser = test.signed_in(phone).await;
            let said = browser.get(&format!("/api/v1/staff/net/{code}")).await.json();
            let (mut kinds, mut all) = (BTreeMap::new(), Vec::new());
            for line in said["waiting"].as_array().expect("what waits") {
                let count = line["count"].as_i64().expect("a number");
                if count > 0 {
                    kinds.insert(line["kind"].as_str().expect("a kind").to_owned(), count);
                }
                all.push((line["href"].as_str().expect("an address").to_owned(), count));
            }
            let expected: BTreeMap<String, i64> =
                expected.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
            assert_eq!(kinds, expected, "{code} for {phone}");
            assert_eq!(same(&mut browser, phone, &all).await, all.len(), "every list has its filter: {all:?}");
            let page = browser.get(&format!("/staff/net/{code}")).await.text();
            for (href, _) in &all {
                assert!(page.contains(&format!("href=\"{}\"", href.replace('&', "&amp;"))), "{href}: {page}");
            }

            // `/staff` says the same kinds.
            let said = lines(&browser.get("/staff").await.text());
            assert!(same(&mut browser, phone, &said).await > 2, "{said:?}");
            if code != "tongyin" || phone == STREET {
                for (kind, list) in [
                    ("matters", "/staff/matters?tab=decide"),
                    ("property", "/staff/property/entries?state=proposed"),
                    ("findings", "/staff/intake"),
                    ("notices", "/staff/notices?state=mine"),
                    ("registrations", "/staff/partners?tab=waiting"),
                    ("hours", "/staff/partners?tab=hours"),
                ] {
                    let count = said.iter().find(|(href, _)| href == list).map(|(_, count)| *count);
                    assert_eq!(count, expected.get(kind).copied(), "{list} for {phone}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn entries_wait_for_whoever_may_decide_on_them() {
    on_both(|test| async move {
        let town = property::town(&test).await;
        let list = "/staff/property/entries?state=proposed";
        let waits = async |phone: &str| {
            let mut browser = test.signed_in(phone).await;
            let said = lines(&browser.get("/staff").await.text());
            said.into_iter().find(|(href, _)| href == list).map(|(_, count)| count)
        };
        property::proposed(&mut test.signed_in(STREET).await, (&town.hening, &town.wutong), "空岗", -8).await;
        assert_eq!(waits(STREET).await, None, "nobody decides on what they proposed");
        assert_eq!(waits(STAFF).await, None, "the community reads");
        assert_eq!(waits(DISTRICT).await, Some(1));
        property::proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "迟修", -3).await;
        for phone in [STREET, DISTRICT] {
            assert_eq!(waits(phone).await, Some(2), "as many as the list shows to {phone}");
        }
    })
    .await;
}

//! What waits for whom: what somebody must answer, re-check and decide on, and nothing else; each number is that of its list.

use super::*;
use crate::support::on_both;
use std::collections::{BTreeMap, BTreeSet};

/// The lines about letters on `/staff`: where the list is, and how many wait.
fn lines(page: &str) -> BTreeMap<String, i64> {
    let html = scraper::Html::parse_document(page);
    let line = scraper::Selector::parse("a.item[href^='/staff/supervision?']").expect("a selector");
    let number = scraper::Selector::parse(".num").expect("a selector");
    html.select(&line)
        .map(|line| {
            let count: String = line.select(&number).next().expect("a number").text().collect();
            (line.attr("href").expect("an address").to_owned(), count.trim().parse().expect("a number"))
        })
        .collect()
}

/// Ids of the letters in the register's list, and the number of its tab.
fn listed(page: &str) -> (BTreeSet<String>, String) {
    let html = scraper::Html::parse_document(page);
    let row = scraper::Selector::parse("a.table-title[href^='/staff/supervision/']").expect("a selector");
    let tab = scraper::Selector::parse(".chip[aria-current] .num").expect("a selector");
    let id = |href: &str| href.trim_start_matches("/staff/supervision/").to_owned();
    let ids = html.select(&row).filter_map(|row| row.attr("href")).map(id).collect();
    let number: String = html.select(&tab).next().expect("the tab").text().collect();
    (ids, number.trim().to_owned())
}

/// What waits for somebody: for each tab, ids of letters. The line on `/staff`, the page and the API say the same.
async fn waits(test: &TestApp, phone: &str, expected: [&[&String]; 3]) {
    let mut browser = test.signed_in(phone).await;
    let said = lines(&browser.get("/staff").await.text());
    let tabs = ["mine-answer", "mine-recheck", "mine-extension"];
    let mut counts = BTreeMap::new();
    for (tab, letters) in tabs.into_iter().zip(expected) {
        let address = format!("/staff/supervision?state={tab}");
        let ids: BTreeSet<String> = letters.iter().map(|id| (*id).clone()).collect();
        let (shown, number) = listed(&browser.get(&address).await.text());
        assert_eq!((&shown, number.as_str()), (&ids, ids.len().to_string().as_str()), "{tab} of {phone}");
        let items = browser.get(&format!("/api/v1{address}")).await.json();
        let items: BTreeSet<String> = items["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["id"].as_str().expect("an id").to_owned())
            .collect();
        assert_eq!(items, ids, "{tab} of {phone}");
        if !ids.is_empty() {
            counts.insert(address, i64::try_from(ids.len()).expect("few"));
        }
    }
    assert_eq!(said, counts, "{phone}");
}

/// A letter that was issued by this supervisor to this place.
async fn to(browser: &mut Browser, key: &str, addressee: &str) -> String {
    let id = drafted(browser, &with(key, &[("addressee", addressee)])).await;
    done(browser, &id, "issue", &[]).await;
    id
}

/// How many answers the net says wait for a re-check at a place, and where their list is.
async fn on_the_net(browser: &mut Browser, place: &str) -> (i64, String) {
    let said = browser.get(&format!("/api/v1/staff/net/{place}")).await.json();
    let waits = said["waiting"].as_array().expect("what waits");
    let line = waits.iter().find(|one| one["kind"] == "supervision").expect("letters").clone();
    (line["count"].as_i64().expect("a number"), line["href"].as_str().expect("an address").to_owned())
}

#[tokio::test]
async fn everybody_sees_what_they_must_answer_recheck_and_decide_on() {
    on_both(|test| async move {
        let (mut street, mut district) = (test.signed_in(STREET).await, test.signed_in(DISTRICT).await);
        let mut staff = test.signed_in(STAFF).await;
        let open = to(&mut street, "waits-1", "wutong").await;
        let prolonged = to(&mut street, "waits-2", "wutong").await;
        done(&mut staff, &prolonged, "extend_ask", &[("days", "3"), ("text", "配件未到")]).await;
        let answered = to(&mut street, "waits-3", "wutong").await;
        done(&mut staff, &answered, "answer", &ANSWERS).await;
        let neighbours = to(&mut street, "waits-4", "xingwu").await;
        done(&mut test.signed_in(ELSEWHERE).await, &neighbours, "answer", &ANSWERS).await;
        let above = to(&mut district, "waits-5", "tongyin").await;
        let told_above = to(&mut district, "waits-6", "tongyin").await;
        done(&mut street, &told_above, "answer", &ANSWERS).await;
        let over = to(&mut street, "waits-7", "wutong").await;
        done(&mut staff, &over, "answer", &ANSWERS).await;
        done(&mut street, &over, "pass", &[]).await;

        for phone in [STAFF, OTHER_STAFF] {
            waits(&test, phone, [&[&open, &prolonged], &[], &[]]).await;
        }
        waits(&test, STREET, [&[&above], &[&answered, &neighbours], &[&prolonged]]).await;
        waits(&test, DISTRICT, [&[], &[&told_above], &[]]).await;
        for phone in [ELSEWHERE, OTHER_STREET, ADMIN] {
            waits(&test, phone, [&[], &[], &[]]).await;
        }

        // Nobody is sent to what they answered themselves; on the street's page of the net the district may re-check it.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE supervision_letter SET answered_by = $1 WHERE id = $2")
            .bind(test.person(STREET))
            .bind(&answered)
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        waits(&test, STREET, [&[&above], &[&neighbours], &[&prolonged]]).await;
        waits(&test, DISTRICT, [&[], &[&told_above], &[]]).await;
        for (phone, place, expected) in [
            (STREET, "tongyin", vec![&neighbours]),
            (DISTRICT, "tongyin", vec![&answered, &neighbours]),
            (DISTRICT, "lanxi", vec![&told_above]),
        ] {
            let mut browser = test.signed_in(phone).await;
            let expected: BTreeSet<String> = expected.into_iter().cloned().collect();
            let (count, href) = on_the_net(&mut browser, place).await;
            let (ids, number) = listed(&browser.get(&href).await.text());
            assert_eq!(ids, expected, "{href}");
            assert_eq!((count.to_string(), number), (ids.len().to_string(), ids.len().to_string()), "{href}");
        }

        // What waits can be done, and is gone then.
        done(&mut district, &answered, "pass", &[]).await;
        done(&mut street, &neighbours, "send_back", &[("text", "还差一处"), ("days", "3")]).await;
        done(&mut street, &prolonged, "extend_grant", &[]).await;
        done(&mut street, &above, "answer", &ANSWERS).await;
        done(&mut staff, &open, "answer", &ANSWERS).await;
        waits(&test, STAFF, [&[&prolonged], &[], &[]]).await;
        waits(&test, ELSEWHERE, [&[&neighbours], &[], &[]]).await;
        waits(&test, STREET, [&[], &[&open], &[]]).await;
        waits(&test, DISTRICT, [&[], &[&above, &told_above], &[]]).await;
        for odd in ["state=mine", "state=mine-answer&at=nowhere", "at=wutong-1"] {
            let answer = street.get(&format!("/staff/supervision?{odd}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}");
        }
    })
    .await;
}

//! Service hours: what waits and what was confirmed for staff, one's own sums by year, and certificates of a period. From the
//! entries.

use super::{STAFFED, items, json, lines, made, page, partners::length, rows, select, words};
use crate::{
    month::{
        calendar::{DAY, date},
        partners::PEOPLE,
        recount::Recount,
        world::World,
    },
    support::TestApp,
};
use scraper::Html;
use std::collections::BTreeSet;

/// What was confirmed last: so many are shown.
const LATELY: usize = 50;

/// An entry: id, person, day, minutes, state, when it was confirmed.
type Hour = (String, String, String, i64, String, i64);

const HOURS: &str = "SELECT h.id, h.person_id, h.day, h.minutes, h.state, COALESCE(h.confirmed_at, 0) FROM service_hour h \
    JOIN organisation o ON o.id = h.community_id WHERE substr(o.path, 1, length($1)) = $1";

/// Compares what staff see, and what each volunteer sees of their own.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    for (phone, code) in STAFFED {
        let all: Vec<Hour> = rows(test, HOURS.to_owned(), &told.spot(code).path).await;
        let mut browser = test.signed_in(phone).await;
        let waiting: BTreeSet<(&str, i64)> =
            all.iter().filter(|one| one.4 == "proposed").map(|one| (one.0.as_str(), one.3)).collect();
        let said = items(&mut browser, "/api/v1/staff/partners/hours").await;
        let ids: BTreeSet<(&str, i64)> = said
            .iter()
            .map(|one| (one["id"].as_str().expect("an id"), one["minutes"].as_i64().expect("minutes")))
            .collect();
        assert_eq!(ids, waiting, "hours that wait in {code}");
        let mut lately: Vec<&Hour> = all.iter().filter(|one| one.5 > 0).collect();
        lately.sort_by(|one, other| (other.5, &other.0).cmp(&(one.5, &one.0)));
        lately.truncate(LATELY);
        let text = page(&mut browser, "/staff/partners?tab=hours").await;
        let said = lines(&text, "/staff/partners/hours/");
        assert_eq!(said.len(), waiting.len() + lately.len(), "{code}");
        let lately = lately.into_iter().map(|one| (one.0.as_str(), one.3));
        for (id, minutes) in waiting.iter().copied().chain(lately) {
            assert!(said[id].contains(&format!("· {} ·", length(minutes))), "{minutes} in {}", said[id]);
        }
    }
    let all: Vec<Hour> = rows(test, HOURS.to_owned(), "").await;
    for phone in test.loaded.residents.iter().take(PEOPLE) {
        let own: Vec<&Hour> = all.iter().filter(|one| one.1 == test.person(phone)).collect();
        record(test, world, phone, &own).await;
    }
}

/// One's own record, and a certificate about some of it.
async fn record(test: &TestApp, world: &World, phone: &str, own: &[&Hour]) {
    let sum = |from: &str, until: &str| -> i64 {
        let within = own.iter().filter(|one| one.4 == "confirmed" && from <= one.2.as_str() && one.2.as_str() <= until);
        within.map(|one| one.3).sum()
    };
    let year = sum("2026-01-01", "2026-12-31");
    assert!(year > 0, "{phone} has hours");
    let mut browser = test.signed_in(phone).await;
    let said = json(&mut browser, "/api/v1/me/service").await;
    assert_eq!(said["years"], serde_json::json!([{ "year": 2026, "minutes": year }]), "{said}");
    assert_eq!(said["hours"].as_array().map(Vec::len), Some(own.len()), "{said}");
    let text = page(&mut browser, "/me/service").await;
    let html = Html::parse_document(&text);
    let years: Vec<String> = html.select(&select(".partners-years li")).map(words).collect();
    assert_eq!(years, [format!("2026 年 {}", length(year))]);
    let (from, until) = (date(world.now - 120 * DAY), date(world.now));
    let expected = sum(&from, &until);
    if expected == 0 {
        return;
    }
    let period = serde_json::json!({ "from": from, "until": until });
    let paper = made(&mut browser, "/api/v1/me/service/certificates", &period).await;
    let stands = |paper: &serde_json::Value| (paper["minutes"].as_i64(), paper["minutes_now"].as_i64());
    assert_eq!(stands(&paper), (Some(expected), Some(expected)), "{paper}");
    // One of them is taken back, which everybody sees who checks it.
    let gone = own.iter().find(|one| one.4 == "confirmed" && from <= one.2).expect("one of them");
    crate::outgoing::run(test, &format!("UPDATE service_hour SET state = 'taken_back' WHERE id = '{}'", gone.0)).await;
    let code = paper["address"].as_str().and_then(|address| address.rsplit('/').next()).expect("an address");
    let said = json(&mut test.visitor(), &format!("/api/v1/teams/certificates/{code}")).await;
    assert_eq!(stands(&said), (Some(expected), Some(expected - gone.3)), "{said}");
}

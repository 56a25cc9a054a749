//! `/staff/intake`: how many findings wait and which were decided, from the rows of the findings.

use super::{STAFFED, following, items, page, select, waits_on_desk, waits_on_net, words};
use crate::{
    month::{numbers::whole, recount::Recount},
    support::{Browser, TestApp},
};
use scraper::Html;
use serde_json::Value;

/// A finding: id, path, when it came, its state, how sure.
type Finding = (String, String, i64, String, i64);

/// The newest first.
fn sorted<'a>(all: &'a [Finding], path: &str, open: bool) -> Vec<&'a Finding> {
    let waits = |state: &str| state == "waiting" || state == "filing";
    let mut found: Vec<&Finding> = all.iter().filter(|one| one.1.starts_with(path) && waits(&one.3) == open).collect();
    found.sort_by(|one, other| (other.2, &other.0).cmp(&(one.2, &one.0)));
    found
}

/// Compares what the staff of two communities see.
pub async fn compare(test: &TestApp, told: &Recount) {
    let all: Vec<Finding> = sqlx::query_as("SELECT id, path, received_at, state, confidence FROM intake")
        .fetch_all(test.app.db.read())
        .await
        .expect("findings");
    for (phone, code) in STAFFED {
        let path = told.spot(code).path.as_str();
        let mut browser = test.signed_in(phone).await;
        let (waiting, decided) = (sorted(&all, path, true), sorted(&all, path, false));
        assert!(waiting.len() > 2 && decided.len() > 2, "{code}: {} {}", waiting.len(), decided.len());
        for (state, expected) in [("waiting", &waiting), ("decided", &decided)] {
            let said = items(&mut browser, &format!("/api/v1/staff/intake?state={state}")).await;
            let said: Vec<(&str, &str, i64)> = said.iter().map(of_api).collect();
            let rows: Vec<(&str, &str, i64)> =
                expected.iter().map(|one| (one.0.as_str(), one.3.as_str(), one.4)).collect();
            assert_eq!(said, rows, "{state} of {code}");
            listed(&mut browser, state, expected, whole(waiting.len())).await;
        }
        let count = Some(whole(waiting.len()));
        assert_eq!(waits_on_net(&mut browser, "findings").await, count, "findings on the net of {code}");
        assert_eq!(waits_on_desk(&mut browser, "/staff/intake").await, count, "findings on the desk of {code}");
    }
}

fn of_api(one: &Value) -> (&str, &str, i64) {
    let text = |name: &str| one[name].as_str().expect("a text");
    (text("id"), text("state"), one["confidence"].as_i64().expect("percent"))
}

/// The pages of a list, one after the other, and the number on the tab of those that wait.
async fn listed(browser: &mut Browser, state: &str, expected: &[&Finding], waiting: i64) {
    let mut next = Some(format!("/staff/intake?state={state}"));
    let mut ids = Vec::new();
    while let Some(address) = next {
        let text = page(browser, &address).await;
        let html = Html::parse_document(&text);
        let tab = html.select(&select("nav a[href='/staff/intake'] .num")).next().map(words);
        assert_eq!(tab, Some(waiting.to_string()), "{address}");
        let line = select("main a.item");
        let rows = html.select(&line).filter_map(|row| row.attr("href")?.strip_prefix("/staff/intake/"));
        ids.extend(rows.map(str::to_owned));
        next = following(&text, "/staff/intake?", "after=");
    }
    assert_eq!(ids, expected.iter().map(|one| one.0.clone()).collect::<Vec<_>>(), "{state}");
}

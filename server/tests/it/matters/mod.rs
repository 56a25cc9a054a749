//! Matters that move up, down and to upper platforms (三个对接).

mod hostile;
mod levels;
mod open311;
mod platforms;
mod races;
pub mod samples;
mod times;

use crate::support::{Answer, Browser, TestApp};
use axum::http::Method;
use serde_json::Value;

/// Staff of 梧桐.
pub const WUTONG: &str = "19900000031";
/// Staff of 杏坞, its neighbour.
pub const XINGWU: &str = "19900000033";
/// The supervisor of 桐荫, the street of both.
pub const STREET: &str = "19900000051";
/// The supervisor of another street.
pub const OTHER_STREET: &str = "19900020045";
/// The supervisor of the district.
pub const DISTRICT: &str = "19900000052";
/// The administrator of the district.
pub const ADMIN: &str = "19900000099";

/// Fields of a good form.
pub fn fields<'a>(from: &'a str, to: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("kind", "hard"),
        ("title", "北门门禁改造"),
        ("text", "经费不够，请协调。"),
        ("hours", "8"),
        ("days", "5"),
        ("key", ""),
        ("report", ""),
        ("parent", ""),
    ];
    let given = |name: &str| more.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let mut all = vec![("from", from), ("to", to)];
    all.extend(usual.into_iter().map(|(name, value)| (name, given(name).unwrap_or(value))));
    all
}

/// Sends a matter with a key of its own; gives its id.
pub async fn sent(browser: &mut Browser, from: &str, to: &str, more: &[(&str, &str)]) -> String {
    let key = server::clock::token();
    let mut more = more.to_vec();
    more.push(("key", &key));
    let answer = browser.post("/staff/matters", &fields(from, to, &more)).await;
    assert_eq!(answer.status, 303, "{from} → {to}: {}", answer.text());
    answer.location().rsplit('/').next().expect("an id").to_owned()
}

/// The matter as the API shows it.
pub async fn matter(browser: &mut Browser, id: &str) -> Value {
    let answer = browser.get(&format!("/api/v1/staff/matters/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Takes a step on the page as it is now.
pub async fn step(browser: &mut Browser, id: &str, step: &str, more: &[(&str, &str)]) -> Answer {
    let version = matter(browser, id).await["version"].to_string();
    let mut fields = vec![("step", step), ("version", version.as_str())];
    fields.extend(more);
    browser.post(&format!("/staff/matters/{id}"), &fields).await
}

/// The same, and it was taken.
pub async fn done(browser: &mut Browser, id: &str, name: &str, more: &[(&str, &str)]) {
    let answer = step(browser, id, name, more).await;
    assert_eq!(answer.status, 303, "{name}: {}", answer.text());
}

/// The state of a matter.
pub async fn state(browser: &mut Browser, id: &str) -> String {
    matter(browser, id).await["state"].as_str().expect("a state").to_owned()
}

/// Sends JSON.
pub async fn json(browser: &mut Browser, path: &str, body: &Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

/// One number of the database.
pub async fn number(test: &TestApp, sql: &'static str) -> i64 {
    let (number,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("reads");
    number
}

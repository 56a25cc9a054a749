//! Grids: outlines, key contacts, who is responsible when, and changes of the net with their dates.

mod changes;
mod duty;
mod history;
mod outlines;
mod past;
pub mod samples;

use crate::support::{Answer, Browser, TestApp};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// The grid worker of grids 3 and 4.
const JIANG: &str = "19900000022";

/// Sends JSON to the API.
async fn send(browser: &mut Browser, path: &str, body: &Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

/// Plans a change through the API; gives its id.
pub async fn planned(browser: &mut Browser, grid: &str, body: &Value) -> String {
    let answer = send(browser, &format!("/api/v1/staff/grids/{grid}/changes"), body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// A split of a grid: the old one goes on, and a new one with this name takes these buildings.
fn split(name: &str, buildings: &[&str], day: &str) -> Value {
    let goes: Vec<Value> = buildings.iter().map(|code| json!({ "building": code, "to": 1 })).collect();
    json!({ "kind": "split", "new": [{ "name": name }], "keeps": true, "goes": goes, "day": day })
}

/// One text out of the database.
async fn text(test: &TestApp, sql: &'static str, key: &str) -> String {
    let row: Option<(String,)> = sqlx::query_as(sql).bind(key).fetch_optional(test.app.db.read()).await.expect("read");
    row.map(|(text,)| text).unwrap_or_default()
}

/// Path of a place.
async fn path(test: &TestApp, code: &str) -> String {
    text(test, "SELECT path FROM organisation WHERE code = $1", code).await
}

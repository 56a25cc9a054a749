//! Periodic bulletins: weekly and monthly, written from the data.

mod hostile;
mod life;
mod numbers;
pub mod samples;

use crate::support::{Answer, Browser};
use axum::http::{Method, StatusCode};
use serde_json::Value;

/// The street of 梧桐.
pub const STREET: &str = "19900000051";

/// Asks the API for a bulletin and gives it.
pub async fn made(browser: &mut Browser, organisation: &str, period: &str) -> Value {
    let body = serde_json::json!({ "organisation": organisation, "period": period });
    let answer = sent(browser, "/api/v1/staff/bulletins", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

/// Sends JSON.
pub async fn sent(browser: &mut Browser, path: &str, body: &Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

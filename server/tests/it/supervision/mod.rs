//! Supervision: orders (督办) and rectification notices (整改通知).

mod api;
mod figures;
mod numbers;
mod permission;
mod reminders;
pub mod samples;
mod story;
mod waiting;

use crate::support::{Answer, Browser, TestApp};
use axum::http::StatusCode;

/// Supervisor of 桐荫街道.
pub const STREET: &str = "19900000051";
/// Supervisor of the district.
pub const DISTRICT: &str = "19900000052";
/// Supervisor of 云渡街道.
pub const OTHER_STREET: &str = "19900020045";
/// Staff of 梧桐.
pub const STAFF: &str = "19900000031";
/// More staff of 梧桐.
pub const OTHER_STAFF: &str = "19900000032";
/// Staff of 杏坞.
pub const ELSEWHERE: &str = "19900000033";
/// The administrator.
pub const ADMIN: &str = "19900000099";

/// The fields of a good form to 梧桐.
pub fn fields(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("key", key),
        ("kind", "notice"),
        ("issuer", ""),
        ("addressee", "wutong"),
        ("company", "安居物业"),
        ("subject", "消防通道堵塞"),
        ("finding", "3 栋东侧通道停放电动车"),
        ("finding_id", ""),
        ("finding", "灭火器过期"),
        ("finding_id", ""),
        ("asked", "清理通道，更换灭火器"),
        ("days", "5"),
        ("day", ""),
        ("reports", ""),
    ]
}

/// The same with other values.
pub fn with<'a>(key: &'a str, other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = fields(key);
    all.retain(|(name, _)| !other.iter().any(|(replaced, _)| replaced == name));
    all.extend(other);
    all
}

/// Writes a draft and gives its id.
pub async fn drafted(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let made = browser.post("/staff/supervision", fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    made.location().trim_start_matches("/staff/supervision/").to_owned()
}

/// The version on a page.
pub async fn version(browser: &mut Browser, id: &str) -> String {
    crate::reports::version(&browser.get(&format!("/staff/supervision/{id}")).await)
}

/// Takes a step on the page as it is now.
pub async fn step(browser: &mut Browser, id: &str, step: &str, more: &[(&str, &str)]) -> Answer {
    let version = version(browser, id).await;
    let mut fields = vec![("step", step), ("version", version.as_str())];
    fields.extend(more);
    browser.post(&format!("/staff/supervision/{id}/steps"), &fields).await
}

/// The same, which succeeds.
pub async fn done(browser: &mut Browser, id: &str, named: &str, more: &[(&str, &str)]) {
    let answer = step(browser, id, named, more).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{named}: {}", answer.text());
}

/// Answers to both findings of [`fields`].
pub const ANSWERS: [(&str, &str); 2] = [("answer-1", "通道已清空"), ("answer-2", "灭火器已换新")];

/// A letter that was issued; gives its id.
pub async fn issued(test: &TestApp, key: &str) -> String {
    let mut street = test.signed_in(STREET).await;
    let id = drafted(&mut street, &fields(key)).await;
    done(&mut street, &id, "issue", &[]).await;
    id
}

/// One number from the database.
pub async fn number(test: &TestApp, sql: &str) -> i64 {
    let (number,): (i64,) =
        sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(test.app.db.read()).await.expect("a number");
    number
}

/// What is in the inbox of somebody.
pub async fn inbox(test: &TestApp, phone: &str) -> String {
    test.signed_in(phone).await.get("/me/inbox").await.text()
}

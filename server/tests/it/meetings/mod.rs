//! Joint meetings (联席会议): members, proposals, ballots, minutes, resolutions.

pub mod samples;

mod ballots;
mod hostile;
mod papers;
mod secrecy;
mod stories;

use crate::support::{Browser, TestApp};
use jiff::SignedDuration;
use server::clock;

/// Staff of 梧桐, who run the meetings.
pub const STAFF: &str = "19900000031";
/// A colleague.
pub const COLLEAGUE: &str = "19900000032";
/// Staff of 杏坞.
pub const ELSEWHERE: &str = "19900000033";
/// Members, in the order in which they are named.
pub const MEMBERS: [&str; 5] = ["19900000001", "19900000002", "19900000003", "19900000011", "19900000012"];

/// Where a form led, which has to have been accepted.
pub async fn sent(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{path} {fields:?}: {}", answer.text());
    answer.location().to_owned()
}

/// A body of 梧桐 with these members, all of them with all rights; gives its page's address.
pub async fn body(test: &TestApp, staff: &mut Browser, members: &[&str]) -> String {
    body_with(test, staff, members, ("1/2", "simple")).await
}

/// The same with its rules.
pub async fn body_with(test: &TestApp, staff: &mut Browser, members: &[&str], rules: (&str, &str)) -> String {
    let key = clock::token();
    let fields = [
        ("body_community", "wutong"),
        ("body_name", "梧桐社区联席会议"),
        ("body_quorum", rules.0),
        ("body_majority", rules.1),
        ("key", key.as_str()),
    ];
    let here = sent(staff, "/staff/meetings", &fields).await;
    assert!(here.starts_with("/staff/meetings/bodies/"), "{here}");
    for phone in members {
        // One after the other: lists are in this order each time.
        test.app.clock.advance(SignedDuration::from_secs(1));
        add_member(staff, &here, phone, &["suggest", "vote", "supervise", "execute"]).await;
    }
    here
}

/// Names a member with these rights.
pub async fn add_member(staff: &mut Browser, body: &str, phone: &str, rights: &[&str]) {
    let mut fields = vec![("member_phone", phone), ("member_seat", "owner"), ("member_for", "业主")];
    fields.extend(rights.iter().map(|right| ("member_rights", *right)));
    sent(staff, &format!("{body}/members"), &fields).await;
}

/// A session of a body with one item, invited and open; gives its page's address.
pub async fn session(staff: &mut Browser, body: &str) -> String {
    let key = clock::token();
    let fields = [
        ("session_title", "第四季度会议"),
        ("session_starts", "2026-11-25T10:00"),
        ("session_place", "社区会议室"),
        ("session_mode", "both"),
        ("key", key.as_str()),
    ];
    let here = sent(staff, &format!("{body}/sessions"), &fields).await;
    let key = clock::token();
    let item = [("item_title", "充电桩选址"), ("item_paper", "比较南门和北门。"), ("key", key.as_str())];
    sent(staff, &format!("{here}/agenda"), &item).await;
    for step in ["invite", "open"] {
        sent(staff, &format!("{here}/step"), &[("step", step)]).await;
    }
    here
}

/// The only text that a query gives.
pub async fn text(test: &TestApp, sql: &str) -> String {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let (text,): (String,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("one row");
    text
}

/// The only number that a query gives.
pub async fn count(test: &TestApp, sql: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("one row");
    count
}

/// A ballot on the session's first item, opened; gives its id.
pub async fn ballot(test: &TestApp, staff: &mut Browser, session: &str, way: &str, options: &str) -> String {
    let id = draft(test, staff, session, way, options).await;
    sent(staff, &format!("{session}/ballots/{id}"), &[("step", "open")]).await;
    id
}

/// The same, not opened.
pub async fn draft(test: &TestApp, staff: &mut Browser, session: &str, way: &str, options: &str) -> String {
    test.app.clock.advance(SignedDuration::from_secs(1));
    let item = text(test, "SELECT id FROM meeting_agenda ORDER BY id LIMIT 1").await;
    let key = clock::token();
    let fields = [
        ("ballot_item", item.as_str()),
        ("ballot_question", "是否同意选在南门？"),
        ("ballot_way", way),
        ("ballot_options", options),
        ("key", key.as_str()),
    ];
    sent(staff, &format!("{session}/ballots"), &fields).await;
    text(test, "SELECT id FROM meeting_ballot ORDER BY created_at DESC, id DESC LIMIT 1").await
}

/// The address of a session for its members.
pub fn for_members(session: &str) -> String {
    session.replacen("/staff", "", 1)
}

/// Votes; gives the status.
pub async fn vote(browser: &mut Browser, session: &str, ballot: &str, choice: &str) -> u16 {
    let path = format!("{}/ballots/{ballot}", for_members(session));
    browser.post(&path, &[("choice", choice)]).await.status.as_u16()
}

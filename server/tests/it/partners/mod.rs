//! Partners and volunteers: agreements, teams, activities, service hours.

mod agreements;
mod certificates;
mod dispatch;
mod hours;
pub mod samples;
mod teams;

use crate::{
    notices::{hidden, published},
    support::{Browser, TestApp},
};
use app::people::Role;

/// A resident of 梧桐, building 5.
const LIN: &str = "19900000001";
/// Another one.
const ZHOU: &str = "19900000002";
/// Another one, who has nothing to do with it.
const NEIGHBOUR: &str = "19900000003";
/// A volunteer of grids 1 and 2, without any team.
const FANG: &str = "19900000011";
/// Staff of 梧桐.
const STAFF: &str = "19900000031";
/// A colleague.
const COLLEAGUE: &str = "19900000032";
/// Staff of 杏坞.
const ELSEWHERE: &str = "19900000033";

/// A key as forms make them.
fn key() -> String {
    server::clock::token()
}

/// The last part of where an answer leads.
fn made(answer: &crate::support::Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().rsplit('/').next().expect("an id").to_owned()
}

/// A number that a query gives.
async fn number(test: &TestApp, sql: &str) -> i64 {
    let (number,): (i64,) =
        sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(test.app.db.read()).await.expect("a number");
    number
}

/// A text that a query gives.
async fn text(test: &TestApp, sql: &str) -> String {
    let (text,): (String,) =
        sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(test.app.db.read()).await.expect("a text");
    text
}

/// Makes a team that looks for electricians; gives its id.
async fn team(staff: &mut Browser) -> String {
    let key = key();
    let fields = [("name", "巡夜队"), ("purpose", "晚上看看路灯"), ("skills", "electric"), ("key", key.as_str())];
    made(&staff.post("/staff/partners/teams", &fields).await)
}

/// What somebody tells who joins.
const TELLS: [(&str, &str); 5] =
    [("skills", "electric"), ("grids", "wutong-g1"), ("times", "weekend-day"), ("available", "1"), ("consent", "1")];

/// Joins a team; gives the id of the registration.
async fn joined(test: &TestApp, phone: &str, team: &str) -> String {
    let answer = test.signed_in(phone).await.post(&format!("/teams/{team}/join"), &TELLS).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let person = test.person(phone);
    text(
        test,
        &format!("SELECT id FROM team_member WHERE team_id = '{team}' AND person_id = '{person}' AND state = 'asked'"),
    )
    .await
}

/// Takes a step on a page with a version, as it is now.
async fn decide(staff: &mut Browser, page: &str, what: &str, reason: &str) -> crate::support::Answer {
    let version = hidden(&staff.get(page).await.text(), "version");
    staff.post(page, &[("do", what), ("reason", reason), ("version", &version)]).await
}

/// Somebody in a team: joined and taken. Gives the registration.
async fn taken(test: &TestApp, staff: &mut Browser, phone: &str, team: &str) -> String {
    let member = joined(test, phone, team).await;
    assert_eq!(decide(staff, &format!("/staff/partners/members/{member}"), "accept", "").await.status, 303);
    member
}

/// Whether somebody is a volunteer of a grid.
async fn serves(test: &TestApp, phone: &str, grid: &str) -> bool {
    let (person, grid) = (test.person(phone), &test.loaded.organisations[grid].0);
    let role = Role::Volunteer.code();
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM role_grant WHERE person_id = '{person}' AND organisation_id = '{grid}' \
         AND role = '{role}'"
    );
    number(test, &sql).await == 1
}

/// An activity of a notice with seats, tomorrow at nine, for two hours; gives the notice, which names the activity.
async fn activity(test: &TestApp, staff: &mut Browser) -> String {
    let fields = [
        ("kind", "activity"),
        ("title", "周四巡夜"),
        ("aims", "wutong"),
        ("activity_starts", "2026-11-26T09:00"),
        ("activity_ends", "2026-11-26T11:00"),
        ("activity_seats", "5"),
    ];
    published(test, staff, &fields).await
}

/// Writes hours down for somebody in a team, confirmed at once; gives the entry.
async fn written(staff: &mut Browser, member: &str, day: &str, hours: &str) -> String {
    let key = key();
    let fields = [("day", day), ("hours", hours), ("words", "陪老人看病"), ("key", key.as_str())];
    let answer = staff.post(&format!("/staff/partners/members/{member}/hours"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    key
}

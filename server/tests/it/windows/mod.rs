//! Window services: rules, journeys, races.

mod api;
mod appeals;
pub mod calendar;
mod calls;
pub mod day;
mod doors;
mod flood;
mod forms;
mod free;
mod hallday;
mod hits;
mod holds;
pub mod items;
mod journey;
mod kept;
mod managers;
mod numbers;
mod offers;
mod opening;
mod papers;
pub mod queue;
mod races;
mod recount;
mod rivals;
mod rivals_in_time;
mod rules;
pub mod servers;
mod statistics;
mod today;
mod together;
pub mod visits;

use crate::support::{Browser, TestApp};
use races::residents;
use server::demo;

/// 林晓禾 of Wutong.
pub const RESIDENT: &str = "19900000001";
/// 何立群 of Wutong.
pub const OTHER: &str = "19900000003";
/// 沈雨桐, community staff of Wutong.
pub const STAFF: &str = "19900000031";
/// 秦思远, community staff of Xingwu.
pub const OTHER_STAFF: &str = "19900000033";

/// 高远, admin.
pub const ADMIN: &str = "19900000099";

/// The day after the tests' now: a Thursday.
pub const TOMORROW: &str = "2026-11-26";

/// The demo's halls and items, no bookings.
pub async fn halls(test: &TestApp) {
    demo::windows::load_halls(&test.app, &test.loaded).await.expect("the halls load");
}

/// Leaves one window of the Wutong hall for flexible-employment, with so many public places in a slot.
pub async fn one_window_with(test: &TestApp, places: i64) {
    let mut tx = test.app.db.begin().await.expect("begin");
    for sql in [
        "DELETE FROM window_item WHERE item_id = (SELECT id FROM service_item WHERE code = 'flexible-employment') \
         AND window_id IN (SELECT w.id FROM service_window w JOIN hall h ON h.id = w.hall_id \
         WHERE h.code = 'hall-wutong' AND w.number <> 2)",
        "UPDATE service_window SET capacity_public = $1 WHERE number = 2 \
         AND hall_id = (SELECT id FROM hall WHERE code = 'hall-wutong')",
    ] {
        let query = sqlx::query(sql);
        let query = if sql.contains("$1") { query.bind(places) } else { query };
        query.execute(&mut *tx).await.expect("changed");
    }
    tx.commit().await.expect("commit");
}

/// The slot of the Wutong hall at a time (HHMM) on a date.
pub fn slot(date: &str, time: &str) -> String {
    format!("hall-wutong.{}T{time}", date.replace('-', ""))
}

/// Books as the form does and gives the ticket's path.
pub async fn book(browser: &mut Browser, item: &str, slot: &str, key: &str) -> String {
    let answer = browser.post(&format!("/services/{item}/book"), &[("slot", slot), ("key", key)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let path = answer.location().to_owned();
    assert!(path.starts_with("/appointments/"), "{path}");
    path
}

/// Places taken in all slots, and bookings that stand.
pub async fn taken(test: &TestApp) -> (i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT CAST(COALESCE(SUM(booked_public), 0) AS BIGINT) FROM slot), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment WHERE state IN ('booked', 'checked_in'))",
    )
    .fetch_one(test.app.db.read())
    .await
    .expect("counted")
}

//! What the API offers against the tables: random hours, exceptions and closures, windows of random capacity, slots with
//! bookings, and places that are held, offered, freed or assisted, some no longer. Counted by hand, minute by minute.

use super::{halls, queue::wutong};
use crate::support::{Dice, TestApp, on_both};
use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use std::collections::BTreeMap;

const FIRST: Date = date(2026, 11, 26);
const DAYS: i64 = 15;
const DAY: i64 = 24 * 60;

/// Minutes of a day.
type Spans = Vec<(i64, i64)>;

#[derive(Default)]
struct Model {
    weekly: BTreeMap<i64, Spans>,
    exceptions: BTreeMap<i64, Spans>,
    /// In minutes since the first day's midnight.
    closures: Spans,
    /// Windows that serve the item, with their places.
    windows: BTreeMap<String, i64>,
    /// Taken places of a window's slot, by its begin in minutes since the first day's midnight.
    taken: BTreeMap<(String, i64), i64>,
}

fn at(minute: i64) -> Timestamp {
    let midnight = FIRST.to_zoned_datetime(TimeZone::get("Asia/Shanghai").expect("a zone")).expect("a day").timestamp();
    midnight + SignedDuration::from_mins(minute)
}

fn day(number: i64) -> Date {
    FIRST.checked_add(Span::new().days(number)).expect("a day")
}

fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// One or two spans of half hours with a break.
fn spans(dice: &mut Dice) -> Spans {
    let mut half_hours = |least: i64, most: u64| least + i64::try_from(dice.below(most)).expect("small");
    let (opens, length, rest, second) = (half_hours(14, 6), half_hours(1, 8), half_hours(1, 5), half_hours(0, 9));
    let mut spans = vec![(opens * 30, (opens + length) * 30)];
    if second > 0 {
        let opens = opens + length + rest;
        spans.push((opens * 30, (opens + second).min(47) * 30));
    }
    spans.retain(|(from, to)| from < to);
    spans
}

impl Model {
    fn is_open(&self, minute: i64) -> bool {
        if self.closures.iter().any(|(from, to)| (*from..*to).contains(&minute)) {
            return false;
        }
        let number = minute / DAY;
        // The first day is a Thursday; no holiday is near.
        let spans = self.exceptions.get(&number).or_else(|| self.weekly.get(&((number + 3) % 7 + 1)));
        spans.is_some_and(|spans| spans.iter().any(|(from, to)| (*from..*to).contains(&(minute % DAY))))
    }

    /// Begin and free places of every slot of a day.
    fn offered(&self, number: i64) -> Vec<(i64, i64)> {
        let mut offered = Vec::new();
        let (mut begin, end) = (number * DAY, (number + 1) * DAY);
        while begin < end {
            let run = (begin..end).take_while(|minute| self.is_open(*minute)).count();
            let run = i64::try_from(run).expect("small");
            for slot in 0..run / 30 {
                let from = begin + slot * 30;
                let free = |(window, places): (&String, &i64)| {
                    (places - self.taken.get(&(window.clone(), from)).copied().unwrap_or(0)).max(0)
                };
                offered.push((from, self.windows.iter().map(free).sum()));
            }
            begin += run.max(1);
        }
        offered
    }
}

/// Writes random rules and use for the Wutong hall, and gives what they mean for people with `item`.
async fn arrange(test: &TestApp, item: &str, seed: u64) -> Model {
    let mut dice = Dice(seed);
    let mut model = Model::default();
    let hall = wutong(test).await.id;
    let served: Vec<(String, i64)> = sqlx::query_as(
        "SELECT w.id, (SELECT CAST(COUNT(*) AS BIGINT) FROM window_item x JOIN service_item i ON i.id = x.item_id \
         WHERE x.window_id = w.id AND i.code = $2) FROM service_window w WHERE w.hall_id = $1 ORDER BY w.number",
    )
    .bind(&hall)
    .bind(item)
    .fetch_all(test.app.db.read())
    .await
    .expect("windows");
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    for sql in [
        "DELETE FROM hall_hours WHERE hall_id = $1",
        "DELETE FROM hall_exception WHERE hall_id = $1",
        "DELETE FROM hall_closure WHERE hall_id = $1",
        "DELETE FROM reserved_place WHERE $1 <> ''",
        "DELETE FROM slot WHERE $1 <> ''",
    ] {
        sqlx::query(sql).bind(&hall).execute(&mut *tx).await.expect("emptied");
    }
    for weekday in 1..=7 {
        if dice.percent(80) {
            let spans = spans(&mut dice);
            for (from, to) in &spans {
                server::windows::store::halls::insert_hours(&mut tx, &hall, weekday, &clock(*from), &clock(*to))
                    .await
                    .expect("hours");
            }
            model.weekly.insert(weekday, spans);
        }
    }
    for _ in 0..3 {
        let number = i64::try_from(dice.below(15)).expect("small");
        let spans = if dice.percent(30) { Vec::new() } else { spans(&mut dice) };
        let hours: Vec<(String, String)> = spans.iter().map(|(from, to)| (clock(*from), clock(*to))).collect();
        let hours: Vec<(&str, &str)> = hours.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        server::windows::store::halls::set_exception(&mut tx, &hall, day(number), &hours, ("说", ""))
            .await
            .expect("set");
        model.exceptions.insert(number, spans);
    }
    for n in 0..3 {
        let from = i64::try_from(dice.below(15 * 24 * 60)).expect("small");
        let to = from + 1 + i64::try_from(dice.below(2000)).expect("small");
        let id = format!("closure-{n}-{seed}");
        server::windows::store::halls::insert_closure(&mut tx, &id, &hall, (at(from), at(to)), ("修", ""))
            .await
            .expect("closed");
        model.closures.push((from, to));
    }
    for (window, serves) in &served {
        let places = i64::try_from(dice.below(4)).expect("small");
        sqlx::query("UPDATE service_window SET capacity_public = $2 WHERE id = $1")
            .bind(window)
            .bind(places)
            .execute(&mut *tx)
            .await
            .expect("set");
        if *serves > 0 {
            model.windows.insert(window.clone(), places);
        }
        for number in 0..DAYS {
            for half_hour in 14..40 {
                if !dice.percent(25) {
                    continue;
                }
                let from = number * DAY + half_hour * 30;
                let id = format!("{window}.{from}");
                let booked = i64::try_from(dice.below(u64::try_from(places).expect("small") + 1)).expect("small");
                sqlx::query(
                    "INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted, \
                     booked_public) VALUES ($1, $2, $3, $4, $5, 1, $6)",
                )
                .bind(&id)
                .bind(window)
                .bind(at(from).as_microsecond())
                .bind(at(from + 30).as_microsecond())
                .bind(places)
                .bind(booked)
                .execute(&mut *tx)
                .await
                .expect("a slot");
                let mut taken = booked;
                for n in 0..dice.below(3) {
                    let (public, stands) = (dice.percent(70), dice.percent(60));
                    // Exactly now is over.
                    let until = now + SignedDuration::from_secs(if stands { 1 } else { 0 });
                    sqlx::query("INSERT INTO reserved_place (id, slot_id, quota, until_at) VALUES ($1, $2, $3, $4)")
                        .bind(format!("{id}.{n}"))
                        .bind(&id)
                        .bind(if public { "public" } else { "assisted" })
                        .bind(until.as_microsecond())
                        .execute(&mut *tx)
                        .await
                        .expect("a reserved place");
                    taken += i64::from(public && stands);
                }
                model.taken.insert((window.clone(), from), taken);
            }
        }
    }
    tx.commit().await.expect("commit");
    model
}

#[tokio::test]
async fn what_the_api_offers_is_what_the_tables_say() {
    on_both(async |test| {
        halls(&test).await;
        for seed in 1..=4 {
            let item = ["flexible-employment", "birth-registration"][usize::try_from(seed % 2).expect("small")];
            let model = arrange(&test, item, seed).await;
            let path = format!("/api/v1/services/{item}/slots?hall=hall-wutong&days=31");
            let days = test.visitor().get(&path).await.json();
            let days = days.as_array().expect("days");
            assert_eq!(days.len(), usize::try_from(DAYS).expect("small"));
            let mut free = 0;
            for (number, shown) in (0..).zip(days) {
                assert_eq!(shown["date"], day(number).to_string());
                let times = shown["times"].as_array().expect("times");
                let got: Vec<(String, i64)> = times
                    .iter()
                    .map(|time| {
                        (time["starts_at"].as_str().expect("text").to_owned(), time["left"].as_i64().expect("a number"))
                    })
                    .collect();
                let begins = |minute: i64| format!("{}T{}:00+08:00", day(number), clock(minute % DAY));
                let expected: Vec<(String, i64)> =
                    model.offered(number).into_iter().map(|(minute, left)| (begins(minute), left)).collect();
                assert_eq!(got, expected, "{item}, seed {seed}, {}", day(number));
                free += expected.iter().filter(|(_, left)| *left > 0).count();
            }
            assert!(free > 10, "something is free: {free}");
        }
    })
    .await;
}

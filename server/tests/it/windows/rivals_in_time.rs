//! Races around an instant, at two server processes: a kept time that ends while its holder confirms, a freed place that opens
//! while the waiting list is asked. Each of the two sides is seen to win, and most rounds are seen to be races.

use super::{
    STAFF, halls, one_window_with,
    rivals::{book, half_hour},
    servers::{Pair, no_deadlocks, open_on, sessions, sessions_of, system_now},
    taken,
    visits::sound,
};
use crate::support::{TestApp, on_both};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Waits until so many milliseconds after an instant, or before it.
async fn from(instant: Timestamp, millis: i64) {
    let wait = (instant + SignedDuration::from_millis(millis)).duration_since(system_now());
    tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
}

/// What somebody heard, and from when to when they were on the way.
struct Way<T> {
    heard: T,
    began: Timestamp,
    ended: Timestamp,
}

impl<T> Way<T> {
    /// Whether the two were on the way at the same time: only then was it a race.
    fn met<U>(&self, other: &Way<U>) -> bool {
        self.began < other.ended && other.began < self.ended
    }
}

/// Begins something so many milliseconds after an instant.
async fn on_the_way<T>(instant: Timestamp, millis: i64, what: impl Future<Output = T>) -> Way<T> {
    from(instant, millis).await;
    let began = system_now();
    let heard = what.await;
    Way { heard, began, ended: system_now() }
}

fn between<'a>(text: &'a str, before: &str, end: char) -> &'a str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("{before} is in {text}"));
    rest.split(end).next().expect("something")
}

/// Lets holds end at an instant.
async fn end_at(test: &TestApp, holds: &[(String, String)], at: Timestamp) {
    let mut tx = test.app.db.begin().await.expect("begin");
    for (_, hold) in holds {
        for sql in [
            "UPDATE booking_hold SET expires_at = $2 WHERE id = $1",
            "UPDATE reserved_place SET until_at = $2 WHERE hold_id = $1",
        ] {
            let done = sqlx::query(sql).bind(hold).bind(at.as_microsecond()).execute(&mut *tx).await.expect("set");
            assert_eq!(done.rows_affected(), 1, "{sql}");
        }
    }
    tx.commit().await.expect("commit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hold_that_ends_while_its_holder_confirms_leaves_one_with_the_place() {
    const ROUNDS: usize = 20;
    on_both(async |test| {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let pair = Pair::start(&test).await;
        let people = sessions(&test, 2 * ROUNDS + 10).await;
        let mut holds = Vec::new();
        for (n, holder) in people.iter().take(ROUNDS + 10).enumerate() {
            let slot = pair.slot(3, &half_hour(n));
            let kept = pair.post(n, holder, "/services/flexible-employment/hold", &[("slot", &slot)]).await;
            assert_eq!(kept.status, 303, "{}", kept.text);
            holds.push((slot, between(&kept.location, "hold=", '&').to_owned()));
        }
        let end = system_now() + SignedDuration::from_millis(1500);
        end_at(&test, &holds, end).await;
        let rounds = (0..ROUNDS).map(async |n| {
            let (slot, rival) = (&holds[n].0, &people[ROUNDS + 10 + n]);
            let holder = async |millis| on_the_way(end, millis, book(&pair, n, &people[n], slot, "mine")).await;
            let other = async |millis| on_the_way(end, millis, book(&pair, n + 1, rival, slot, "theirs")).await;
            // Around the end, the rival a moment before or after the holder. Long before it the holder comes first, and
            // long after it the rival: each of the two is seen to get it.
            let wait = 40 * (i64::try_from(n).expect("small") - 10);
            let (mine, theirs) = match n {
                0 => (holder(-600).await, other(-600).await),
                _ if n == ROUNDS - 1 => {
                    let theirs = other(600).await;
                    (holder(600).await, theirs)
                }
                _ => tokio::join!(holder(wait), other(wait + wait / 40 % 3)),
            };
            let statuses = (mine.heard.status, theirs.heard.status);
            assert!([(303, 409), (409, 303)].contains(&statuses), "{slot}: given to one, {statuses:?}");
            if let Some(first) = [(0, 303), (ROUNDS - 1, 409)].iter().find(|(round, _)| *round == n) {
                assert_eq!(mine.heard.status, first.1, "round {n}");
            }
            (usize::from(mine.heard.status == 303), usize::from(mine.met(&theirs)))
        });
        // Nobody else wants these: the holder gets them, in time or a little late.
        let lonely = (ROUNDS..ROUNDS + 10).map(async |n| {
            from(end, 20 * (i64::try_from(n - ROUNDS).expect("small") - 5)).await;
            let reply = book(&pair, n, &people[n], &holds[n].0, "mine").await;
            assert_eq!(reply.status, 303, "the place is free: {}", reply.text);
        });
        let (rounds, _) = tokio::join!(join_all(rounds), join_all(lonely));
        let (kept, met) = rounds.iter().fold((0, 0), |(kept, met), round| (kept + round.0, met + round.1));
        assert!((1..ROUNDS).contains(&kept), "holders got {kept} of {ROUNDS}");
        assert!(met >= ROUNDS / 2, "only {met} of {ROUNDS} were races");
        let all = i64::try_from(ROUNDS + 10).expect("few");
        assert_eq!(taken(&test).await, (all, all));
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_freed_place_goes_to_the_waiting_list_or_to_somebody_who_books_never_to_both() {
    const DAYS: i64 = 8;
    on_both(async |test| {
        halls(&test).await;
        one_window_with(&test, 1).await;
        // Nothing is set apart for staff: at the desk they take what the public has.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE service_window SET capacity_assisted = 0").execute(&mut *tx).await.expect("set");
        tx.commit().await.expect("commit");
        let pair = Pair::start(&test).await;
        let people = sessions(&test, 50).await;
        let staff = sessions_of(&test, &[STAFF]).await.remove(0);
        let of = |day: i64, n: usize| &people[usize::try_from(day - 2).expect("small") * 5 + n];
        let hall = super::queue::wutong(&test).await;
        let mut entries = Vec::new();
        for day in 2..2 + DAYS {
            // A day of one slot with one place; it is taken, somebody waits, and the place is given up.
            open_on(&test, pair.day(day), &[("09:00", "09:30")]).await;
            let booked = book(&pair, 0, of(day, 0), &pair.slot(day, "0900"), "k").await;
            assert_eq!(booked.status, 303, "{}", booked.text);
            let date = pair.day(day).to_string();
            let join = [("hall", "hall-wutong"), ("date", date.as_str())];
            let waits = pair.post(1, of(day, 1), "/services/flexible-employment/wait", &join).await;
            assert_eq!(waits.status, 303, "{}", waits.text);
            entries.push(waits.location);
            let off = pair.post(0, of(day, 0), &format!("{}/cancel", booked.location), &[]).await;
            assert_eq!(off.status, 303, "{}", off.text);
        }
        // The servers look late: the place is nearly open to everybody when it is offered. On the last day they look after
        // everything is over.
        let opens = system_now() + SignedDuration::from_millis(1500);
        let late = opens + SignedDuration::from_secs(60);
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE reserved_place SET until_at = $1")
            .bind(opens.as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("set");
        sqlx::query(
            "UPDATE job SET run_at = CASE WHEN payload LIKE $2 THEN $3 ELSE $1 END WHERE kind = 'offer_places'",
        )
        .bind(opens.as_microsecond())
        .bind(format!("%{}%", pair.day(1 + DAYS)))
        .bind(late.as_microsecond())
        .execute(&mut *tx)
        .await
        .expect("set");
        tx.commit().await.expect("commit");
        test.app.clock.advance(opens.duration_since(test.app.clock.now()));
        let rounds = (2..2 + DAYS).map(async |day| {
            let (slot, date) = (pair.slot(day, "0900"), pair.day(day).to_string());
            let entry = &entries[usize::try_from(day - 2).expect("small")];
            let rival =
                async |n: usize, millis| on_the_way(opens, millis, book(&pair, n, of(day, n), &slot, "rival")).await;
            // A third server's job beside those of the two.
            let job = async |millis| {
                let offers = server::windows::service::offer_places(&test.app, &hall.id, &date);
                on_the_way(opens, millis, async { offers.await.expect("offers") }).await
            };
            // Somebody walks up to the desk, and staff look for a time for them.
            let (phone, key) = (format!("1860000{day:04}"), format!("desk-{day}"));
            let walk_up = async |millis| {
                let fields = [
                    ("hall", "hall-wutong"),
                    ("item", "flexible-employment"),
                    ("slot", &*slot),
                    ("phone", &phone),
                    ("name", "陈阿婆"),
                    ("key", &key),
                ];
                let way = on_the_way(opens, millis, pair.post(1, &staff, "/staff/appointments/new", &fields)).await;
                assert!([303, 409].contains(&way.heard.status), "{}: {}", way.heard.status, way.heard.text);
                way
            };
            let wanted = async |begin: i64| {
                let step = 4 * day;
                tokio::join!(
                    rival(2, begin),
                    rival(3, begin + step),
                    rival(4, begin + 2 * step),
                    walk_up(begin + 15 - step)
                )
            };
            // On the first day the place is offered before anybody may book it, on the last one after they did; between,
            // both at the same time.
            let (people, job) = match day {
                2 => {
                    let job = job(-800).await;
                    (wanted(0).await, job)
                }
                _ if day == 1 + DAYS => {
                    let people = wanted(100).await;
                    (people, job(100).await)
                }
                _ => tokio::join!(wanted(-10), job(20 * (day - 5))),
            };
            let people = [people.0, people.1, people.2, people.3];
            let direct = people.iter().filter(|way| way.heard.status == 303).count();
            let met = people.iter().any(|way| way.met(&job));
            // The jobs of the two have run as well by now, or run for nothing.
            let (state, booked): (String, i64) = sqlx::query_as(
                "SELECT e.state, (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment a WHERE a.state = 'booked' \
                 AND a.starts_at = $2) FROM wait_entry e WHERE e.id = $1",
            )
            .bind(entry.rsplit('/').next().expect("an id"))
            .bind(slot.parse::<app::windows::SlotRef>().expect("a slot").starts_at().as_microsecond())
            .fetch_one(test.app.db.read())
            .await
            .expect("there");
            assert_eq!(booked, i64::try_from(direct).expect("few"));
            let offered = usize::from(state == "offered");
            assert_eq!(direct + offered, 1, "{date}: {direct} booked, the entry is {state}");
            // Whoever waits takes the offer, at both servers at once: one booking. Without an offer there is none.
            let accept = format!("{entry}/accept");
            let (one, two) =
                tokio::join!(pair.post(0, of(day, 1), &accept, &[]), pair.post(1, of(day, 1), &accept, &[]));
            let first = [(2, 1), (1 + DAYS, 0)].into_iter().find(|(only, _)| *only == day);
            assert!(first.is_none_or(|(_, wins)| wins == offered), "{date}: {offered}");
            if offered == 1 {
                assert_eq!((one.status, two.status), (303, 303), "{} {}", one.text, two.text);
                assert_eq!(one.location, two.location);
            } else {
                assert!([409, 422].contains(&one.status), "{}: {}", one.status, one.text);
            }
            (offered, usize::from(met))
        });
        let rounds = join_all(rounds).await;
        let (offered, met) = rounds.iter().fold((0, 0), |(offered, met), round| (offered + round.0, met + round.1));
        let days = usize::try_from(DAYS).expect("few");
        assert!((1..days).contains(&offered), "{offered} of {DAYS} places went to the waiting list");
        assert!(met >= days / 2, "only {met} of {DAYS} were races");
        assert_eq!(taken(&test).await, (DAYS, DAYS));
        let (booked,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM wait_entry WHERE state = 'booked'")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(booked, i64::try_from(offered).expect("few"), "who took an offer waits no longer");
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

//! People who want the same at the same time, at two server processes: exact outcomes, and never a mistake of ours
//! (`Pair::post` refuses every status from 500 on, `no_deadlocks` every circle of locks).

use super::{
    STAFF, halls, one_window_with,
    servers::{Pair, Reply, no_deadlocks, open_on, sessions, sessions_of, system_now},
    taken,
    visits::sound,
};
use crate::support::{TestApp, on_both};
use futures::future::join_all;
use jiff::SignedDuration;
use std::time::Duration;

const BOOK: &str = "/services/flexible-employment/book";

/// Half hours from 8:00 on.
fn half_hour(n: usize) -> String {
    format!("{:02}{:02}", 8 + n / 2, 30 * (n % 2))
}

async fn after(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

fn between<'a>(text: &'a str, before: &str, end: char) -> &'a str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("{before} is in {text}"));
    rest.split(end).next().expect("something")
}

async fn book(pair: &Pair, n: usize, session: &str, slot: &str, key: &str) -> Reply {
    let reply = pair.post(n, session, BOOK, &[("slot", slot), ("key", key)]).await;
    assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
    reply
}

/// Lets a hold end at an instant.
async fn ends(test: &TestApp, hold: &str, at: jiff::Timestamp) {
    let mut tx = test.app.db.begin().await.expect("begin");
    for sql in [
        "UPDATE booking_hold SET expires_at = $2 WHERE id = $1",
        "UPDATE reserved_place SET until_at = $2 WHERE hold_id = $1",
    ] {
        let done = sqlx::query(sql).bind(hold).bind(at.as_microsecond()).execute(&mut *tx).await.expect("set");
        assert_eq!(done.rows_affected(), 1, "{sql}");
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
        let end = system_now() + SignedDuration::from_millis(400);
        for (_, hold) in &holds {
            ends(&test, hold, end).await;
        }
        let rounds = (0..ROUNDS).map(async |n| {
            // Before, around and after the end; the rival a little before or after the holder.
            let wait = 40 * n as u64;
            let (slot, rival) = (&holds[n].0, &people[ROUNDS + 10 + n]);
            let (mine, theirs) = tokio::join!(
                async {
                    after(wait).await;
                    book(&pair, n, &people[n], slot, "mine").await.status
                },
                async {
                    after((wait + 15).saturating_sub(30 * (n as u64 % 2))).await;
                    book(&pair, n + 1, rival, slot, "theirs").await.status
                },
            );
            assert!(mine == 303 || theirs == 303, "{slot}: refused both, {mine} {theirs}");
            assert!(mine == 409 || theirs == 409, "{slot}: given to both");
            usize::from(mine == 303)
        });
        // Nobody else wants these: the holder gets them, in time or a little late.
        let lonely = (ROUNDS..ROUNDS + 10).map(async |n| {
            after(300 + 20 * (n - ROUNDS) as u64).await;
            let reply = book(&pair, n, &people[n], &holds[n].0, "mine").await;
            assert_eq!(reply.status, 303, "the place is free: {}", reply.text);
        });
        let (kept, _) = tokio::join!(join_all(rounds), join_all(lonely));
        eprintln!("holders got {} of {ROUNDS}", kept.iter().sum::<usize>());
        let all = i64::try_from(ROUNDS + 10).expect("few");
        assert_eq!(taken(&test).await, (all, all));
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_racing_a_cancellation_and_a_rival_leaves_one_outcome() {
    const ROUNDS: usize = 10;
    on_both(async |test| {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let pair = Pair::start(&test).await;
        let people = sessions(&test, 2 * ROUNDS).await;
        let mut codes = Vec::new();
        for (n, person) in people.iter().take(ROUNDS).enumerate() {
            let booked = book(&pair, n, person, &pair.slot(3, &half_hour(n)), "k").await;
            assert_eq!(booked.status, 303, "{}", booked.text);
            codes.push(booked.location);
        }
        let rounds = (0..ROUNDS).map(async |n| {
            let (me, path) = (&people[n], &codes[n]);
            // To the same new time, or (odd rounds) to two different ones; a rival wants the first of them.
            let (to, other) = (pair.slot(4, &half_hour(n)), pair.slot(5, &half_hour(n)));
            let other = if n % 2 == 0 { &to } else { &other };
            let change = format!("{path}/change");
            let cancel = format!("{path}/cancel");
            let wishes = [[("slot", to.as_str())], [("slot", other.as_str())]];
            let (first, second, rival, off) = tokio::join!(
                pair.post(0, me, &change, &wishes[0]),
                pair.post(1, me, &change, &wishes[1]),
                book(&pair, n, &people[ROUNDS + n], &to, "rival"),
                async { if n < ROUNDS / 2 { Some(pair.post(n, me, &cancel, &[]).await) } else { None } },
            );
            for reply in [&first, &second] {
                assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
            }
            let (state, starts, places): (String, i64, i64) = sqlx::query_as(
                "SELECT a.state, a.starts_at, (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_slot s \
                 WHERE s.appointment_id = a.id) FROM appointment a WHERE a.code = $1",
            )
            .bind(path.rsplit('/').next().expect("a code"))
            .fetch_one(test.app.db.read())
            .await
            .expect("there");
            assert_eq!(places, 1, "one time, never two");
            if let Some(off) = off {
                assert_eq!((off.status, state.as_str()), (303, "cancelled"), "{}", off.text);
            } else {
                assert_eq!(state, "booked", "never none");
                let at = |slot: &str| slot.parse::<app::windows::SlotRef>().expect("a slot").starts_at();
                let mut possible = vec![at(&pair.slot(3, &half_hour(n)))];
                possible.extend((first.status == 303).then(|| at(&to)));
                possible.extend((second.status == 303).then(|| at(other)));
                if possible.len() > 1 {
                    possible.remove(0);
                }
                assert!(possible.iter().any(|at| at.as_microsecond() == starts), "where it was moved, or where it was");
                if n % 2 == 0 {
                    let mine = usize::from(first.status == 303);
                    assert_eq!(first.status, second.status, "two taps are answered alike");
                    assert_eq!(mine + usize::from(rival.status == 303), 1, "the new time went to one");
                }
            }
            i64::from(rival.status == 303)
        });
        let rivals: i64 = join_all(rounds).await.into_iter().sum();
        let standing = i64::try_from(ROUNDS / 2).expect("few") + rivals;
        assert_eq!(taken(&test).await, (standing, standing));
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
        // The servers look late: the place is nearly open to everybody when it is offered.
        let opens = system_now() + SignedDuration::from_millis(500);
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE reserved_place SET until_at = $1")
            .bind(opens.as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("set");
        sqlx::query("UPDATE job SET run_at = $1 WHERE kind = 'offer_places'")
            .bind(opens.as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        test.app.clock.advance(system_now().duration_since(test.app.clock.now()) + SignedDuration::from_millis(500));
        let rounds = (2..2 + DAYS).map(async |day| {
            let (slot, date) = (pair.slot(day, "0900"), pair.day(day).to_string());
            let entry = &entries[usize::try_from(day - 2).expect("small")];
            let rival = async |n: usize| {
                after(440 + 25 * n as u64 + 10 * u64::try_from(day).expect("small")).await;
                book(&pair, n, of(day, n), &slot, "rival").await.status
            };
            // A third server's job beside those of the two.
            let job = async {
                after(470).await;
                server::windows::service::offer_places(&test.app, &hall.id, &date).await.expect("offers")
            };
            // Somebody walks up to the desk, and staff look for a time for them.
            let walk_up = async {
                after(455 + 12 * u64::try_from(day).expect("small")).await;
                let (phone, key) = (format!("1860000{day:04}"), format!("desk-{day}"));
                let fields = [
                    ("hall", "hall-wutong"),
                    ("item", "flexible-employment"),
                    ("slot", &*slot),
                    ("phone", &phone),
                    ("name", "陈阿婆"),
                    ("key", &key),
                ];
                let reply = pair.post(1, &staff, "/staff/appointments/new", &fields).await;
                assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
                reply.status
            };
            let (one, two, three, desk, ()) = tokio::join!(rival(2), rival(3), rival(4), walk_up, job);
            let direct = [one, two, three, desk].iter().filter(|status| **status == 303).count();
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
            if offered == 1 {
                assert_eq!((one.status, two.status), (303, 303), "{} {}", one.text, two.text);
                assert_eq!(one.location, two.location);
            } else {
                assert!([409, 422].contains(&one.status), "{}: {}", one.status, one.text);
            }
            offered
        });
        let offered: usize = join_all(rounds).await.into_iter().sum();
        eprintln!("{offered} of {DAYS} places went to the waiting list");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn taps_at_two_servers_are_one_booking() {
    on_both(async |test| {
        halls(&test).await;
        let pair = Pair::start(&test).await;
        let people = sessions(&test, 5).await;
        let rounds = people.iter().enumerate().map(async |(n, person)| {
            let slot = pair.slot(3, &half_hour(n));
            let taps = join_all((0..8).map(|tap| book(&pair, tap, person, &slot, "one"))).await;
            assert!(taps.iter().all(|tap| tap.status == 303 && tap.location == taps[0].location), "{taps:?}");
        });
        join_all(rounds).await;
        assert_eq!(taken(&test).await, (5, 5));
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn visits_over_two_slots_fill_what_there_is_and_no_more() {
    const PEOPLE: usize = 45;
    on_both(async |test| {
        halls(&test).await;
        let pair = Pair::start(&test).await;
        let people = sessions(&test, PEOPLE).await;
        // 20 + 25 minutes: two half hours, at window 1 alone, which has two places.
        let begins = ["0900", "0930", "1000", "1030", "1100"];
        let attempts = people.iter().enumerate().map(async |(n, person)| {
            let (begin, key) = (n % begins.len(), format!("k{n}"));
            let slot = pair.slot(3, begins[begin]);
            let fields = [("slot", slot.as_str()), ("key", key.as_str()), ("with", "temporary-relief")];
            let reply = pair.post(n, person, "/services/worker-aid/book", &fields).await;
            assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
            (begin, reply.status == 303)
        });
        let outcomes = join_all(attempts).await;
        let mut used = [0; 6];
        for (begin, _) in outcomes.iter().filter(|(_, booked)| *booked) {
            used[*begin] += 1;
            used[begin + 1] += 1;
        }
        assert!(used.iter().all(|used| *used <= 2), "{used:?}");
        for (begin, _) in outcomes.iter().filter(|(_, booked)| !booked) {
            assert!(used[*begin] == 2 || used[begin + 1] == 2, "refused at {}, but {used:?}", begins[*begin]);
        }
        let visits = i64::try_from(outcomes.iter().filter(|(_, booked)| *booked).count()).expect("few");
        assert_eq!(taken(&test).await, (2 * visits, visits));
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn staff_at_two_servers_fill_the_assisted_places_and_not_one_more() {
    const PEOPLE: usize = 24;
    on_both(async |test| {
        halls(&test).await;
        one_window_with(&test, 0).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        let set = sqlx::query("UPDATE service_window SET capacity_assisted = 3 WHERE number = 2");
        set.execute(&mut *tx).await.expect("set");
        tx.commit().await.expect("commit");
        let pair = Pair::start(&test).await;
        let staff = sessions_of(&test, &[STAFF, super::queue::SECOND_CLERK]).await;
        let slot = pair.slot(3, "0900");
        let attempts = test.loaded.residents.iter().take(PEOPLE).enumerate().map(async |(n, phone)| {
            let key = format!("k{n}");
            let fields = [("hall", "hall-wutong"), ("item", "flexible-employment"), ("slot", slot.as_str())];
            let who = [("phone", phone.as_str()), ("name", "来访人"), ("key", key.as_str())];
            let fields: Vec<_> = fields.into_iter().chain(who).collect();
            let reply = pair.post(n, &staff[n / 2 % 2], "/staff/appointments/new", &fields).await;
            assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
            reply.status == 303
        });
        let booked = join_all(attempts).await.into_iter().filter(|booked| *booked).count();
        assert_eq!(booked, 3, "as many as there are places for staff");
        let (places,): (i64,) = sqlx::query_as("SELECT CAST(SUM(booked_assisted) AS BIGINT) FROM slot")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!((places, taken(&test).await), (3, (0, 3)));
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

/// The fields of the settings page with another limit.
fn settings_form(page: &str, late_minutes: usize) -> Vec<(String, String)> {
    let mut fields = super::forms::form_of(page, 0);
    for (_, value) in fields.iter_mut().filter(|(name, _)| name == "limit-late_minutes") {
        *value = late_minutes.to_string();
    }
    fields.push(("confirm".to_owned(), "1".to_owned()));
    fields
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hours_are_saved_while_people_book_and_nobody_waits_in_a_circle() {
    on_both(async |test| {
        halls(&test).await;
        let pair = Pair::start(&test).await;
        let people = sessions(&test, 40).await;
        let staff = sessions_of(&test, &[STAFF]).await.remove(0);
        // Rows of slots first, so that both sides have something to lock.
        for (n, person) in people.iter().enumerate().take(4) {
            let slot = pair.slot(3, &half_hour(n));
            assert_eq!(book(&pair, n, person, &slot, "first").await.status, 303);
        }
        let booking = people.iter().enumerate().skip(4).map(async |(n, person)| {
            after(20 * n as u64).await;
            let (slot, key) = (pair.slot(3, &half_hour(n % 4)), format!("k{n}"));
            let fields = [("slot", slot.as_str()), ("key", key.as_str()), ("with", "pension-check")];
            let reply = pair.post(n, person, "/services/resident-pension/book", &fields).await;
            assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
        });
        let saving = async {
            let mut saved = 0;
            for n in 0..6 {
                let page = pair.get(n, &staff, "/staff/halls/hall-wutong").await;
                let fields = settings_form(&page.text, 20 + n);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                let reply = pair.post(n, &staff, "/staff/halls/hall-wutong", &fields).await;
                assert!([200, 303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
                saved += usize::from(reply.status == 303);
            }
            saved
        };
        let (saved, _) = tokio::join!(saving, join_all(booking));
        assert!(saved > 0, "hours were saved between bookings");
        sound(&test).await;
        no_deadlocks(&test).await;
    })
    .await;
}

//! People who want the same at the same time, at two server processes: exact outcomes, and never a mistake of ours
//! (`Pair::post` refuses every status from 500 on, `no_deadlocks` every circle of locks).

use super::{
    STAFF, halls, one_window_with,
    servers::{Pair, Reply, no_deadlocks, sessions, sessions_of},
    taken,
    visits::sound,
};
use crate::support::on_both;
use futures::future::join_all;
use std::time::Duration;

const BOOK: &str = "/services/flexible-employment/book";

/// Half hours from 8:00 on.
pub fn half_hour(n: usize) -> String {
    format!("{:02}{:02}", 8 + n / 2, 30 * (n % 2))
}

async fn after(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// Books, or is told that it is too late.
pub async fn book(pair: &Pair, n: usize, session: &str, slot: &str, key: &str) -> Reply {
    let reply = pair.post(n, session, BOOK, &[("slot", slot), ("key", key)]).await;
    assert!([303, 409].contains(&reply.status), "{}: {}", reply.status, reply.text);
    reply
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

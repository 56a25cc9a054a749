//! What happens at the same time: exact outcomes on both engines.

use super::{RESIDENT, STAFF, TOMORROW, book, halls, one_window_with, slot, taken};
use crate::support::{Browser, TestApp, on_both};

/// Signed-in browsers of the first so many demo residents.
pub async fn residents(test: &TestApp, count: usize) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for phone in test.loaded.residents.iter().take(count) {
        browsers.push(test.signed_in(phone).await);
    }
    browsers
}

async fn all_at_once<F, Fut>(attempts: impl IntoIterator<Item = F>) -> Vec<u16>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = crate::support::Answer> + Send + 'static,
{
    let tasks: Vec<_> = attempts.into_iter().map(|attempt| tokio::spawn(attempt())).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("no panic").status.as_u16());
    }
    statuses.sort_unstable();
    statuses
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|one| **one == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_attempts_at_three_places_three_succeed() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 3).await;
        let browsers = residents(&test, 50).await;
        let statuses = all_at_once(browsers.into_iter().enumerate().map(|(n, mut browser)| {
            move || async move {
                let (slot, key) = (slot(TOMORROW, "0900"), format!("k{n}"));
                browser.post("/services/flexible-employment/book", &[("slot", &slot), ("key", &key)]).await
            }
        }))
        .await;
        assert_eq!((count(&statuses, 303), count(&statuses, 409)), (3, 47), "{statuses:?}");
        assert_eq!(taken(&test).await, (3, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn places_of_several_windows_are_all_given_out_and_no_more() {
    on_both(|test| async move {
        halls(&test).await;
        // Windows 1 (2 places) and 2 (3 places) serve it.
        let browsers = residents(&test, 30).await;
        let statuses = all_at_once(browsers.into_iter().enumerate().map(|(n, mut browser)| {
            move || async move {
                let (slot, key) = (slot(TOMORROW, "1000"), format!("k{n}"));
                browser.post("/services/flexible-employment/book", &[("slot", &slot), ("key", &key)]).await
            }
        }))
        .await;
        assert_eq!((count(&statuses, 303), count(&statuses, 409)), (5, 25), "{statuses:?}");
        assert_eq!(taken(&test).await, (5, 5));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_submit_is_one_booking_however_often_it_is_tapped() {
    on_both(|test| async move {
        halls(&test).await;
        let browser = test.signed_in(RESIDENT).await;
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let mut browser = browser.clone();
                tokio::spawn(async move {
                    let slot = slot(TOMORROW, "0900");
                    let fields = [("slot", slot.as_str()), ("key", "one")];
                    browser.post("/services/worker-aid/book", &fields).await.location().to_owned()
                })
            })
            .collect();
        let mut places = std::collections::BTreeSet::new();
        for task in tasks {
            places.insert(task.await.expect("no panic"));
        }
        assert_eq!(places.len(), 1, "all ten are led to the same ticket: {places:?}");
        assert!(places.iter().all(|place| place.starts_with("/appointments/")));
        assert_eq!(taken(&test).await, (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_persons_limits_hold_however_fast_they_tap() {
    on_both(|test| async move {
        halls(&test).await;
        let browser = test.signed_in(RESIDENT).await;
        // One open booking for an item…
        let times = ["0830", "0900", "0930", "1000", "1030", "1100", "1330", "1400", "1430", "1500"];
        let statuses = all_at_once(times.into_iter().map(|time| {
            let mut browser = browser.clone();
            move || async move {
                let (slot, key) = (slot(TOMORROW, time), format!("a{time}"));
                browser.post("/services/worker-aid/book", &[("slot", &slot), ("key", &key)]).await
            }
        }))
        .await;
        assert_eq!((count(&statuses, 303), count(&statuses, 409)), (1, 9), "{statuses:?}");
        // …and two on one day.
        let items = [
            ("birth-registration", "0830"),
            ("only-child-reward", "0900"),
            ("pension-check", "0930"),
            ("senior-allowance", "1000"),
            ("disability-card", "1030"),
            ("temporary-relief", "1100"),
        ];
        let statuses = all_at_once(items.into_iter().map(|(item, time)| {
            let mut browser = browser.clone();
            move || async move {
                let (slot, key) = (slot("2026-11-27", time), format!("b{time}"));
                browser.post(&format!("/services/{item}/book"), &[("slot", &slot), ("key", &key)]).await
            }
        }))
        .await;
        assert_eq!((count(&statuses, 303), count(&statuses, 409)), (2, 4), "{statuses:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cancelling_frees_one_place_once_and_never_together_with_a_check_in() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "worker-aid", &slot(TOMORROW, "1330"), "k").await;
        let cancel = format!("{path}/cancel");
        let statuses = all_at_once((0..10).map(|_| {
            let (mut browser, cancel) = (resident.clone(), cancel.clone());
            move || async move { browser.post(&cancel, &[]).await }
        }))
        .await;
        assert_eq!(count(&statuses, 303), 10, "every tap is answered alike: {statuses:?}");
        assert_eq!(taken(&test).await, (0, 0));

        // On the day, a resident cancels while staff check them in: one of the two happens.
        let path = book(&mut resident, "worker-aid", &slot(TOMORROW, "1430"), "k2").await;
        test.app.clock.advance(jiff::SignedDuration::from_hours(24));
        let (cancel, code) = (format!("{path}/cancel"), path.rsplit('/').next().expect("a code").to_owned());
        let staff = test.signed_in(STAFF).await;
        let mut tasks = Vec::new();
        for n in 0..8 {
            let (mut browser, mut staff) = (resident.clone(), staff.clone());
            let (cancel, code) = (cancel.clone(), code.clone());
            tasks.push(tokio::spawn(async move {
                if n % 2 == 0 {
                    browser.post(&cancel, &[]).await
                } else {
                    staff.post("/staff/check-in", &[("code", &code)]).await
                }
            }));
        }
        for task in tasks {
            let status = task.await.expect("no panic").status.as_u16();
            assert!([303, 409, 422].contains(&status), "{status}");
        }
        let (state,): (String,) = sqlx::query_as("SELECT state FROM appointment WHERE code = $1")
            .bind(&code)
            .fetch_one(test.app.db.read())
            .await
            .expect("there");
        let expected = if state == "cancelled" { (0, 0) } else { (1, 1) };
        assert_eq!(taken(&test).await, expected, "{state}");
    })
    .await;
}

//! Bookings that are asked for while others are being made share a transaction: each has all that a booking of its own has, and
//! nobody is refused for what is the matter with another one.

use super::{RESIDENT, STAFF, TOMORROW, halls, one_window_with, races::residents, slot, taken};
use crate::support::{Answer, Browser, TestApp, on_both};
use server::db::{Engine, dialect};
use std::time::Duration;

/// A browser that books, the item, and the fields of the form.
type Form<'a> = (Browser, &'a str, Vec<(&'a str, &'a str)>);

/// Sends these bookings while one that came before waits for the places of [`TOMORROW`]: when
/// that has them, all these wait and are booked together.
async fn together(test: &TestApp, asked: Vec<Form<'_>>) -> Vec<Answer> {
    together_while(test, asked, async |_| {}).await
}

/// The same; `meanwhile` happens before each is sent.
async fn together_while(test: &TestApp, asked: Vec<Form<'_>>, meanwhile: impl AsyncFn(usize)) -> Vec<Answer> {
    let hall = super::queue::wutong(test).await;
    let staff = test.signed_in(STAFF).await;
    let mut tx = test.app.db.begin().await.expect("begin");
    let key = format!("places:{}:{TOMORROW}", hall.id);
    dialect::lock_key(test.app.db.engine(), &mut tx, &key).await.expect("locked");
    let send = |mut browser: Browser, item: &str, fields: Vec<(&str, &str)>| {
        let path = format!("/services/{item}/book");
        let fields: Vec<(String, String)> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        tokio::spawn(async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(&path, &fields).await
        })
    };
    let a_moment = || tokio::time::sleep(Duration::from_millis(700));
    let early = slot(TOMORROW, "1530");
    let first = send(staff, "worker-aid", vec![("slot", &early), ("key", "first")]);
    a_moment().await;
    let mut others = Vec::new();
    for (n, (browser, item, fields)) in asked.into_iter().enumerate() {
        meanwhile(n).await;
        others.push(send(browser, item, fields));
        // One after the other, so that it is known who came first.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    a_moment().await;
    // What is asked of another hall need not wait for this one.
    assert!(!first.is_finished() && others.iter().filter(|other| other.is_finished()).count() <= 1, "they wait");
    tx.commit().await.expect("commit");
    assert_eq!(first.await.expect("no panic").status, 303);
    let mut answers = Vec::new();
    for other in others {
        answers.push(other.await.expect("no panic"));
    }
    answers
}

/// Transactions in which bookings were written; PostgreSQL keeps their number with each row.
const TRANSACTIONS: &str = "SELECT CAST(COUNT(DISTINCT CAST(xmin AS TEXT)) AS BIGINT) FROM appointment";

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status.as_u16()).collect()
}

async fn number(test: &TestApp, sql: &'static str) -> i64 {
    let (number,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("counted");
    number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_of_those_who_are_booked_together_has_all_of_a_booking() {
    on_both(|test| async move {
        halls(&test).await;
        let browsers = residents(&test, 12).await;
        let items = ["worker-aid", "birth-registration", "pension-check"];
        let (morning, noon) = (slot(TOMORROW, "0900"), slot("2026-11-27", "1000"));
        let keys: Vec<String> = (0..12).map(|n| format!("k{n}")).collect();
        let asked = browsers.into_iter().enumerate().map(|(n, browser)| {
            let mut fields = vec![("slot", if n % 2 == 0 { &morning } else { &noon } as &str), ("key", &keys[n])];
            if n == 3 {
                fields.extend([("with", "worker-aid"), ("need", "轮椅")]);
            }
            if n == 4 {
                fields.extend([("relative", "1"), ("for_name", "赵奶奶"), ("for_relation", "母亲"), ("consent", "1")]);
            }
            (browser, items[n % 3], fields)
        });
        let answers = together(&test, asked.collect()).await;
        let booked = statuses(&answers).iter().filter(|status| **status == 303).count();
        // A window with two places serves worker-aid and others; who comes too late is told so.
        assert!(booked >= 6, "{:?}", statuses(&answers));
        assert!(statuses(&answers).iter().all(|status| [303, 409].contains(status)), "{:?}", statuses(&answers));
        let all = i64::try_from(booked).expect("few") + 1;
        assert_eq!(taken(&test).await.1, all);
        for (what, sql) in [
            ("slots", "SELECT CAST(COUNT(DISTINCT appointment_id) AS BIGINT) FROM appointment_slot"),
            ("items", "SELECT CAST(COUNT(DISTINCT appointment_id) AS BIGINT) FROM appointment_item"),
            (
                "entries, each of its person and with a request of its own",
                "SELECT CAST(COUNT(DISTINCT l.request_id) AS BIGINT) FROM audit_log l JOIN appointment a \
                 ON a.id = l.object_id AND a.person_id = l.actor_id WHERE l.action = 'appointment.book'",
            ),
            (
                "messages, each to its person and with its code",
                "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message m JOIN appointment a \
                 ON m.href = '/appointments/' || a.code AND m.person_id = a.person_id \
                 AND m.dedupe_key = 'appointment-booked:' || a.id",
            ),
        ] {
            assert_eq!(number(&test, sql).await, all, "{what}");
        }
        assert_eq!(
            number(&test, "SELECT CAST(COALESCE(SUM(booked_public), 0) AS BIGINT) FROM slot").await,
            number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_slot").await,
            "as many places are taken as visits have",
        );
        assert!(answers[3].status == 409 || answers[3].location().starts_with("/appointments/"));
        let for_whom: Vec<(String, String)> = sqlx::query_as(
            "SELECT for_name, need FROM appointment WHERE for_name <> '' OR need <> '' ORDER BY for_name",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("read");
        let of = |n: usize| answers[n].status == 303;
        let expected: Vec<(String, String)> = [(of(3), ("", "轮椅")), (of(4), ("赵奶奶", ""))]
            .into_iter()
            .filter(|(booked, _)| *booked)
            .map(|(_, (name, need))| (name.to_owned(), need.to_owned()))
            .collect();
        assert_eq!(for_whom, expected, "what one says is not another's");
        if test.app.db.engine() == Engine::Postgres {
            assert_eq!(number(&test, TRANSACTIONS).await, 2, "the first, and the twelve that came meanwhile");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_refused_for_what_is_the_matter_with_another() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 3).await;
        // The database gives the whole transaction up for one row.
        let refuse = match test.app.db.engine() {
            Engine::Sqlite => {
                "CREATE TRIGGER refuse BEFORE INSERT ON appointment WHEN NEW.need LIKE 'nobody%' \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END"
            }
            Engine::Postgres => "ALTER TABLE appointment ADD CONSTRAINT refuse CHECK (need NOT LIKE 'nobody%')",
        };
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query(refuse).execute(&mut *tx).await.expect("changed");
        tx.commit().await.expect("commit");
        let browsers = residents(&test, 8).await;
        let mut next = browsers.into_iter();
        let mut browser = || next.next().expect("eight");
        let (nine, friday) = (slot(TOMORROW, "0900"), slot("2026-11-27", "0900"));
        let twice = browser();
        let item = "flexible-employment";
        let asked = vec![
            (browser(), item, vec![("slot", nine.as_str()), ("key", "a")]),
            (browser(), item, vec![("slot", &friday), ("key", "b"), ("need", "nobody can write this")]),
            (twice.clone(), item, vec![("slot", &nine), ("key", "c")]),
            (twice.clone(), item, vec![("slot", &nine), ("key", "c")]),
            (twice, item, vec![("slot", &friday), ("key", "d")]),
            (browser(), item, vec![("slot", "hall-nowhere.20261126T0900"), ("key", "e")]),
            (browser(), item, vec![("slot", "hall-wutong.20261126T0907"), ("key", "f")]),
            (browser(), item, vec![("slot", &nine), ("key", "g")]),
            (browser(), item, vec![("slot", &nine), ("key", "h")]),
        ];
        let answers = together(&test, asked).await;
        assert_eq!(statuses(&answers), [303, 500, 303, 303, 409, 404, 422, 303, 409]);
        assert_eq!(answers[2].location(), answers[3].location(), "two taps are one booking");
        assert_eq!(taken(&test).await, (4, 4));
        // What no database takes is refused before others are held up by it.
        let mut somebody = test.signed_in(RESIDENT).await;
        let fields = [("slot", friday.as_str()), ("key", "z"), ("need", "a\0b")];
        assert_eq!(somebody.post("/services/flexible-employment/book", &fields).await.status, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_place_is_its_keepers_whoever_came_before() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut browsers = residents(&test, 4).await;
        let (nine, ten) = (slot(TOMORROW, "0900"), slot(TOMORROW, "1000"));
        let held = browsers[3].post("/services/flexible-employment/hold", &[("slot", &nine)]).await;
        let hold = held.location().split("hold=").nth(1).expect("a hold").split('&').next().expect("an id").to_owned();
        let item = "flexible-employment";
        let fields = |key: &'static str| vec![("slot", nine.as_str()), ("key", key)];
        let mut next = || browsers.pop().expect("four");
        let (keeper, other, second, first) = (next(), next(), next(), next());
        let asked = vec![
            (first, item, fields("a")),
            (second, item, fields("b")),
            // Four of them are booked together.
            (other, item, vec![("slot", &ten), ("key", "d")]),
            (keeper, item, [fields("c"), vec![("hold", hold.as_str())]].concat()),
        ];
        let answers = together(&test, asked).await;
        assert_eq!(statuses(&answers), [409, 409, 303, 303]);
        assert!(answers[0].text().contains(&slot(TOMORROW, "0930")), "the next free times are named");
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place WHERE hold_id IS NOT NULL";
        assert_eq!(number(&test, sql).await, 0, "nothing is held any more");
        if test.app.db.engine() == Engine::Postgres {
            assert_eq!(number(&test, TRANSACTIONS).await, 2, "and nothing had to be done again for it");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_goes_away_takes_nobody_along() {
    on_both(|test| async move {
        halls(&test).await;
        let hall = super::queue::wutong(&test).await;
        let browsers = residents(&test, 4).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        let key = format!("places:{}:{TOMORROW}", hall.id);
        dialect::lock_key(test.app.db.engine(), &mut tx, &key).await.expect("locked");
        let nine = slot(TOMORROW, "0900");
        let mut waiting = Vec::new();
        for (n, mut browser) in browsers.into_iter().enumerate() {
            let (slot, key) = (nine.clone(), format!("k{n}"));
            waiting.push(tokio::spawn(async move {
                browser.post("/services/birth-registration/book", &[("slot", &slot), ("key", &key)]).await
            }));
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        // The one whose task books for the others, and one of those who wait.
        waiting[0].abort();
        waiting[2].abort();
        tokio::time::sleep(Duration::from_millis(100)).await;
        tx.commit().await.expect("commit");
        for (n, waiting) in waiting.into_iter().enumerate() {
            match waiting.await {
                Ok(answer) => assert_eq!(answer.status, 303, "{n}: {}", answer.text()),
                Err(_) => assert!([0, 2].contains(&n)),
            }
        }
        let (places, bookings) = taken(&test).await;
        assert!(places == bookings && (2..=3).contains(&bookings), "{bookings}: who still waited was not begun");
        // Whoever comes back with the same form has one booking, whatever became of the first.
        let mut again = test.signed_in(RESIDENT).await;
        let answer = again.post("/services/birth-registration/book", &[("slot", &nine), ("key", "k9")]).await;
        assert!([303, 409].contains(&answer.status.as_u16()));
    })
    .await;
}

/// On SQLite nobody waits for a writer longer than 20 seconds as it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_never_answers_ends_no_booking_but_its_own() {
    let test = TestApp::new(Engine::Postgres).await;
    halls(&test).await;
    let hall = super::queue::wutong(&test).await;
    let mut browsers = residents(&test, 3).await;
    let mut tx = test.app.db.begin().await.expect("begin");
    let key = format!("places:{}:{TOMORROW}", hall.id);
    dialect::lock_key(Engine::Postgres, &mut tx, &key).await.expect("locked");
    let book = |mut browser: Browser, day: &'static str, key: &'static str| {
        let slot = slot(day, "0900");
        tokio::spawn(async move {
            browser.post("/services/birth-registration/book", &[("slot", &slot), ("key", key)]).await
        })
    };
    let stuck = book(browsers[0].clone(), TOMORROW, "a");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let behind = book(browsers.pop().expect("three"), "2026-11-27", "b");
    let stuck = tokio::time::timeout(Duration::from_secs(40), stuck).await.expect("in time").expect("no panic");
    assert_eq!(stuck.status, 503, "{}", stuck.text());
    let behind = tokio::time::timeout(Duration::from_secs(10), behind).await.expect("soon").expect("no panic");
    assert_eq!(behind.status, 303, "whoever waited behind is booked: {}", behind.text());
    tx.commit().await.expect("commit");
    let again = book(browsers[0].clone(), TOMORROW, "a").await.expect("no panic");
    assert_eq!(again.status, 303, "{}", again.text());
    assert_eq!(taken(&test).await, (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_read_an_item_before_it_became_longer_lends_its_length_to_nobody() {
    // SQLite has one writer, which the one who came before has: nothing changes there meanwhile.
    let test = TestApp::new(Engine::Postgres).await;
    halls(&test).await;
    let minutes = 3 * super::queue::wutong(&test).await.slot_minutes;
    let browsers = residents(&test, 2).await;
    let times = [slot(TOMORROW, "0900"), slot(TOMORROW, "1000")];
    let asked = browsers
        .into_iter()
        .zip(&times)
        .map(|(browser, time)| (browser, "birth-registration", vec![("slot", time.as_str()), ("key", time.as_str())]));
    let answers = together_while(&test, asked.collect(), async |n| {
        if n == 1 {
            let mut tx = test.app.db.begin().await.expect("begin");
            sqlx::query("UPDATE service_item SET minutes = $1 WHERE code = 'birth-registration'")
                .bind(minutes)
                .execute(&mut *tx)
                .await
                .expect("longer");
            tx.commit().await.expect("commit");
        }
    })
    .await;
    assert_eq!(statuses(&answers), [422, 303], "the first has to look again");
    let slots = number(
        &test,
        "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_slot s JOIN appointment a ON a.id = s.appointment_id \
         JOIN service_item i ON i.id = a.item_id WHERE i.code = 'birth-registration'",
    )
    .await;
    assert_eq!(slots, 3, "as many as the longer item takes");
}

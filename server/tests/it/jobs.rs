//! The job queue: each job once while all is well, again after a failure or a death, and visible when given up.

use crate::{
    reports,
    support::{TestApp, on_both},
    windows,
};
use jiff::SignedDuration;
use server::jobs::{self, Job, MAX_ATTEMPTS};
use std::{collections::BTreeMap, time::Duration};

async fn queue_sweeps(test: &TestApp, count: usize) {
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    for n in 0..count {
        jobs::queue(&mut tx, &Job::Sweep, now, Some(&format!("test:{n}")), now).await.expect("queued");
    }
    tx.commit().await.expect("commit");
}

/// State and attempts of every job, most attempts first.
async fn jobs_of(test: &TestApp) -> Vec<(String, i64)> {
    sqlx::query_as("SELECT state, attempts FROM job ORDER BY attempts DESC, state")
        .fetch_all(test.app.db.read())
        .await
        .expect("rows")
}

async fn insert_raw(test: &TestApp, payload: &str) {
    let now = test.app.clock.now().as_microsecond();
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO job (id, kind, payload, state, run_at, created_at) VALUES ('j', 'raw', $1, 'queued', $2, $2)",
    )
    .bind(payload)
    .bind(now)
    .execute(&mut *tx)
    .await
    .expect("inserted");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn many_workers_run_each_job_once() {
    on_both(|test| async move {
        queue_sweeps(&test, 30).await;
        queue_sweeps(&test, 30).await; // the same keys again: the same jobs
        let workers = (0..6).map(|_| {
            let app = test.app.clone();
            tokio::spawn(async move { jobs::run_due(&app).await.expect("runs") })
        });
        for worker in workers {
            worker.await.expect("no panic");
        }
        assert_eq!(jobs_of(&test).await, vec![("done".to_owned(), 1); 30]);
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_waits_longer_each_time_and_ends_dead() {
    on_both(|test| async move {
        insert_raw(&test, r#"{"kind":"from_a_newer_server"}"#).await;
        assert!(jobs::run_one(&test.app).await.expect("runs"));
        assert_eq!(jobs_of(&test).await, [("queued".to_owned(), 1)]);
        assert!(!jobs::run_one(&test.app).await.expect("runs"), "it waits before the next try");
        test.app.clock.advance(SignedDuration::from_secs(3));
        assert!(jobs::run_one(&test.app).await.expect("runs"));
        for _ in 2..MAX_ATTEMPTS {
            test.app.clock.advance(SignedDuration::from_hours(5));
            assert!(jobs::run_one(&test.app).await.expect("runs"));
        }
        assert_eq!(jobs_of(&test).await, [("dead".to_owned(), MAX_ATTEMPTS)]);
        test.app.clock.advance(SignedDuration::from_hours(48));
        assert!(!jobs::run_one(&test.app).await.expect("runs"), "dead is dead");
        let mut admin = test.signed_in("19900000099").await;
        let page = admin.get("/staff/jobs").await;
        assert!(page.text().contains("raw"), "the dead job is shown: {}", page.status);
    })
    .await;
}

#[tokio::test]
async fn the_job_of_a_server_that_died_is_taken_over() {
    on_both(|test| async move {
        queue_sweeps(&test, 1).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        let until = (test.app.clock.now() + SignedDuration::from_mins(5)).as_microsecond();
        sqlx::query("UPDATE job SET state = 'running', attempts = 1, locked_until = $1")
            .bind(until)
            .execute(&mut *tx)
            .await
            .expect("claimed by a server that then dies");
        tx.commit().await.expect("commit");
        assert!(!jobs::run_one(&test.app).await.expect("runs"), "its lease holds");
        test.app.clock.advance(SignedDuration::from_mins(6));
        assert!(jobs::run_one(&test.app).await.expect("runs"));
        assert_eq!(jobs_of(&test).await, [("done".to_owned(), 2)]);
    })
    .await;
}

/// How many jobs run.
const RUNNING: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'running'";

/// Waits until the job that runs is leased until this instant or a later one.
async fn leased_until(test: &TestApp, instant: jiff::Timestamp) {
    let mut until = 0;
    for _ in 0..400 {
        until = reports::count(test, "SELECT locked_until FROM job").await;
        if until >= instant.as_microsecond() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("leased until {until}, not {instant}");
}

#[tokio::test]
async fn a_job_that_takes_longer_than_its_lease_is_run_once_and_its_outcome_counts() {
    on_both(|test| async move {
        queue_sweeps(&test, 1).await;
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let app = test.app.clone();
        let long = tokio::spawn(async move {
            let work = |_| async move { ended.await.map_err(anyhow::Error::from) };
            jobs::run_one_with(&app, Duration::from_millis(20), work).await
        });
        until(&test, 1, RUNNING).await;
        let other = test.another_app().await;
        // 20 minutes of a lease of five.
        for _ in 0..5 {
            test.app.clock.advance(SignedDuration::from_mins(4));
            leased_until(&test, test.app.clock.now() + SignedDuration::from_mins(5)).await;
            assert!(!jobs::run_one(&other).await.expect("runs"), "it is the first server's");
        }
        end.send(()).expect("it waits");
        assert!(long.await.expect("no panic").expect("runs"));
        assert_eq!(jobs_of(&test).await, [("done".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_lost_a_job_stops_it_and_reports_nothing() {
    on_both(|test| async move {
        queue_sweeps(&test, 1).await;
        let app = test.app.clone();
        let (dropped, gone) = tokio::sync::oneshot::channel::<()>();
        let first = tokio::spawn(async move {
            let work = |_| async move {
                let _held = dropped;
                std::future::pending::<anyhow::Result<()>>().await
            };
            jobs::run_one_with(&app, Duration::from_millis(300), work).await
        });
        until(&test, 1, RUNNING).await;
        // Another server took it while this one did not answer, as after a machine was asleep.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE job SET attempts = attempts + 1").execute(&mut *tx).await.expect("taken over");
        tx.commit().await.expect("commit");
        let first = tokio::time::timeout(Duration::from_secs(20), first).await.expect("it stops");
        assert!(first.expect("no panic").expect("runs"));
        assert!(gone.await.is_err(), "what it did was dropped, not ended");
        assert_eq!(jobs_of(&test).await, [("running".to_owned(), 2)], "the other server's to report");
    })
    .await;
}

#[tokio::test]
async fn the_outcome_of_a_job_that_was_taken_over_is_the_other_servers() {
    on_both(|test| async move {
        queue_sweeps(&test, 1).await;
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let app = test.app.clone();
        // It never says that it lives, as one that is cut off.
        let cut_off = tokio::spawn(async move {
            let work = |_| async move {
                ended.await.expect("told");
                Err::<(), _>(anyhow::anyhow!("too late"))
            };
            jobs::run_one_with(&app, Duration::from_secs(3600), work).await
        });
        until(&test, 1, RUNNING).await;
        test.app.clock.advance(SignedDuration::from_mins(6));
        let other = test.another_app().await;
        assert!(jobs::run_one(&other).await.expect("runs"), "after the lease it is taken over");
        assert_eq!(jobs_of(&test).await, [("done".to_owned(), 2)]);
        end.send(()).expect("it waits");
        assert!(cut_off.await.expect("no panic").expect("runs"));
        assert_eq!(jobs_of(&test).await, [("done".to_owned(), 2)]);
    })
    .await;
}

/// Rows that ended so many days ago; those of the second number are gone after a sweep, those of the first are still there.
/// The statement takes id, what is unique in it, now, and when it ended.
const ENDED: [(&str, &str, i64, i64); 6] = [
    (
        "session",
        "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at) \
         SELECT $1, $2, MIN(id), '', $3, $3, $4 FROM person",
        6,
        8,
    ),
    (
        "session",
        "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at, revoked_at) \
         SELECT $1, $2, MIN(id), '', $3, $3, $3, $4 FROM person",
        6,
        8,
    ),
    (
        "session",
        "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at) \
         SELECT $1, $2, MIN(id), '', $3, $4, $3 FROM person",
        36,
        38,
    ),
    (
        "personal_token",
        "INSERT INTO personal_token (id, token_hash, form_key, person_id, name, hint, scopes, second_factor, created_at, \
         expires_at) SELECT $1, $2, $1, MIN(id), '', '', '', 0, $3, $4 FROM person",
        29,
        31,
    ),
    (
        "personal_token",
        "INSERT INTO personal_token (id, token_hash, form_key, person_id, name, hint, scopes, second_factor, created_at, \
         expires_at, revoked_at) SELECT $1, $2, $1, MIN(id), '', '', '', 0, $3, $3, $4 FROM person",
        29,
        31,
    ),
    (
        "integration_key",
        "INSERT INTO integration_key (id, key_hash, name, path, scopes, created_at, expires_at) \
         VALUES ($1, $2, '', '', '', $3, $4)",
        364,
        366,
    ),
];

#[tokio::test]
async fn what_ended_is_swept_away_in_its_time() {
    on_both(|test| async move {
        let now = test.app.clock.now();
        let ago = |days: i64| (now - SignedDuration::from_hours(24 * days)).as_microsecond();
        let mut tx = test.app.db.begin().await.expect("begin");
        for (n, (_, sql, kept, swept)) in ENDED.iter().enumerate() {
            for (what, days) in [("kept", *kept), ("swept", *swept)] {
                let id = format!("{what}-{n}");
                let row = sqlx::query(*sql).bind(&id).bind(format!("unique-{id}")).bind(now.as_microsecond());
                row.bind(ago(days)).execute(&mut *tx).await.expect("written");
            }
        }
        for (key, hours) in [("kept", 23), ("swept", 25)] {
            sqlx::query(
                "INSERT INTO api_request (owner, idempotency_key, fingerprint, created_at) VALUES ('o', $1, '', $2)",
            )
            .bind(key)
            .bind((now - SignedDuration::from_hours(hours)).as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("written");
        }
        tx.commit().await.expect("commit");
        // Nothing of what holds goes with it.
        let mut resident = test.signed_in("19900000001").await;
        queue_sweeps(&test, 1).await;
        jobs::run_due(&test.app).await.expect("runs");
        for (n, (table, _, _, _)) in ENDED.iter().enumerate() {
            let sql = format!("SELECT id FROM {table} WHERE id IN ($1, $2)");
            let left: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(format!("kept-{n}"))
                .bind(format!("swept-{n}"))
                .fetch_all(test.app.db.read())
                .await
                .expect("rows");
            assert_eq!(left, [(format!("kept-{n}"),)], "{table}");
        }
        let answers: Vec<(String,)> = sqlx::query_as("SELECT idempotency_key FROM api_request")
            .fetch_all(test.app.db.read())
            .await
            .expect("rows");
        assert_eq!(answers, [("kept".to_owned(),)]);
        assert!(!resident.get("/me").await.text().contains("还没有登录"), "a session that holds");
    })
    .await;
}

/// Waits until a query counts so many, as it does soon when the servers' own work does it.
async fn until(test: &TestApp, expected: i64, sql: &'static str) {
    for _ in 0..400 {
        if reports::count(test, sql).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(reports::count(test, sql).await, expected, "{sql}");
}

/// How often each kind of job was done.
async fn done(test: &TestApp) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT kind, CAST(COUNT(*) AS BIGINT), CAST(MAX(attempts) AS BIGINT) FROM job WHERE state = 'done' GROUP BY kind",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("rows");
    assert!(rows.iter().all(|(.., attempts)| *attempts == 1), "each once: {rows:?}");
    rows.into_iter().map(|(kind, count, _)| (kind, count)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_regularly_is_done_by_itself_and_once_by_two_servers() {
    on_both(|test| async move {
        windows::halls(&test).await;
        let stop = tokio_util::sync::CancellationToken::new();
        let workers = [test.app.clone(), test.another_app().await];
        let workers = workers.map(|app| tokio::spawn(jobs::work(app, stop.clone())));
        let regular = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'done' AND kind <> 'deliver'";
        // At the start all of it but what belongs to the night.
        until(&test, 10, regular).await;
        let rungs = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_supervision";
        let measures = "SELECT CAST(COUNT(*) AS BIGINT) FROM item_measure WHERE hall_id = ''";
        let models = "SELECT CAST(COUNT(*) AS BIGINT) FROM category_model";
        for sql in [rungs, measures, models] {
            assert_eq!(reports::count(&test, sql).await, 0, "{sql}");
        }

        // Five minutes: an owner's time is over.
        reports::dispatched(&test, &reports::key(1)).await;
        let due = test.app.clock.now() + SignedDuration::from_mins(4);
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE report SET owner_due_at = $1")
            .bind(due.as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("set");
        tx.commit().await.expect("commit");
        test.app.clock.advance(SignedDuration::from_mins(5));
        until(&test, 1, rungs).await;

        // An hour: services have been measured, and the next rung is due.
        for n in 0..20 {
            windows::items::served(&test, n, 10 + n, 1).await;
        }
        test.app.clock.advance(SignedDuration::from_mins(60));
        until(&test, 1, measures).await;
        until(&test, 2, rungs).await;

        // A night: reports have been closed.
        for n in 0..60 {
            reports::suggest::closed(&test, n, "fitness", "湖心亭喷泉坏了，喷到路上").await;
        }
        test.app.clock.advance(SignedDuration::from_mins(16 * 60 - 1));
        until(&test, 1, models).await;
        // Every rung, once, also while both servers look.
        until(&test, 4, rungs).await;
        until(&test, 0, "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state <> 'done'").await;
        // The clock stood at the start, five minutes later, an hour later, and in the night.
        let expected = [
            ("count_reports", 4),
            ("end_lapsed_numbers", 4),
            ("measure_items", 3),
            ("poll_platforms", 4),
            ("remind_of_partners", 1),
            ("remind_of_visits", 4),
            ("report_ladder", 4),
            ("supervision_clock", 4),
            ("sweep", 3),
            ("sweep_photos", 1),
            ("sweep_visits", 3),
            ("train_classifier", 1),
        ];
        assert_eq!(done(&test).await, expected.map(|(kind, times)| (kind.to_owned(), times)).into());
        stop.cancel();
        for worker in workers {
            worker.await.expect("it ends");
        }
    })
    .await;
}

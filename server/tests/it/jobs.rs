//! The job queue: each job once while all is well, again after a failure or a death, and visible when given up.

use crate::support::{TestApp, on_both};
use jiff::SignedDuration;
use server::jobs::{self, Job, MAX_ATTEMPTS};

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

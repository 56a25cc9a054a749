//! A hundred thousand lines, and a server that is killed in the middle of looking at them and of taking them over: nothing is
//! lost, nothing doubled.

use super::{ADMIN, counts, looked_at, number, run_at, take};
use crate::{
    process::Process,
    support::{TestApp, on_both},
};
use std::{fmt::Write, time::Duration};

const LINES: i64 = 100_000;
/// Lines of the one that is all or nothing.
const WHOLE: i64 = 20_000;
const NEW: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM organisation WHERE code LIKE 'mass-%'";
const WRITTEN: &str =
    "SELECT CAST(COUNT(DISTINCT object_id) AS BIGINT) FROM audit_log WHERE action = 'organisation.add'";
const NOTED: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'organisation.add'";

/// A server whose clock is so many minutes ahead of the test's: what a dead one had claimed is free again.
async fn server(test: &TestApp, minutes: i64) -> Process {
    let now = test.app.clock.now() + jiff::SignedDuration::from_mins(minutes);
    let now = now.to_string();
    Process::start(&[("LINLI_DATABASE_URL", &test.database_url), ("LINLI_DEMO", "1"), ("LINLI_DEMO_NOW", &now)]).await
}

/// Waits until the import is so far, or in another state. However slow the machine is, it comes on: it may not stand still
/// for minutes.
async fn until(test: &TestApp, address: &str, state: &str, lines: i64) {
    let (mut through, mut looks) = (-1, 0);
    while looks < 6_000 {
        let run = run_at(test, address).await;
        if run.state != state || run.through >= lines {
            return;
        }
        looks = if run.through > through { 0 } else { looks + 1 };
        through = run.through.max(through);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{address} does not come on: {:?}", run_at(test, address).await);
}

fn table(prefix: &str, lines: i64) -> String {
    let mut text = String::from("code,grid,name\n");
    for n in 1..=lines {
        writeln!(text, "mass-{prefix}-{n},wutong-g1,{n} 号").expect("a string");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_lines_survive_killed_servers() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let address = looked_at(&mut admin, "buildings", &table("a", LINES)).await;
        assert_eq!(run_at(&test, &address).await.state, "checking", "a long one is a job");
        let mut first = server(&test, 0).await;
        until(&test, &address, "checking", LINES / 4).await;
        first.kill();
        let run = run_at(&test, &address).await;
        assert!(run.state == "checking" && run.through > 0 && run.through < LINES, "killed in the middle: {run:?}");
        let page = admin.get(&address).await.text();
        assert!(page.contains("<progress") && page.contains("http-equiv=\"refresh\""), "{page}");

        let mut second = server(&test, 10).await;
        until(&test, &address, "checking", LINES + 1).await;
        assert_eq!(counts(&test, &address).await, [LINES, 0, 0, 0]);
        assert_eq!(number(&test.app.db, NEW).await, 0);
        assert_eq!(take(&test, &mut admin, &address, "good").await.status, 303);
        until(&test, &address, "applying", LINES / 4).await;
        second.kill();
        let run = run_at(&test, &address).await;
        assert!(run.state == "applying" && run.through > 0 && run.through < LINES, "killed in the middle: {run:?}");
        assert_eq!(number(&test.app.db, NEW).await, run.through, "what is through is there, and nothing else");

        let mut third = server(&test, 20).await;
        until(&test, &address, "applying", LINES + 1).await;
        assert_eq!(run_at(&test, &address).await.state, "done");
        assert_eq!(counts(&test, &address).await, [LINES, 0, 0, 0]);
        for sql in [NEW, WRITTEN, NOTED] {
            assert_eq!(number(&test.app.db, sql).await, LINES, "{sql}");
        }
        third.kill();

        // All or nothing: killed in the middle it is nothing, and then all.
        let address = looked_at(&mut admin, "buildings", &table("b", WHOLE)).await;
        let fourth = server(&test, 30).await;
        until(&test, &address, "checking", WHOLE + 1).await;
        drop(fourth);
        assert_eq!(take(&test, &mut admin, &address, "all").await.status, 303);
        let mut fifth = server(&test, 40).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        fifth.kill();
        let written = number(&test.app.db, NEW).await - LINES;
        let state = run_at(&test, &address).await.state;
        assert!((written == 0 && state == "applying") || (written == WHOLE && state == "done"), "{written} {state}");
        let _sixth = server(&test, 50).await;
        until(&test, &address, "applying", WHOLE + 1).await;
        assert_eq!(run_at(&test, &address).await.state, "done");
        for sql in [NEW, WRITTEN, NOTED] {
            assert_eq!(number(&test.app.db, sql).await, LINES + WHOLE, "{sql}");
        }
    })
    .await;
}

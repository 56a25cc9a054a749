//! Compares a ledger of what was answered with what is in the database and the store of photos.

use super::load::Load;
use crate::{
    outgoing::run,
    support::TestApp,
    windows::{queue::chains_are_whole, visits::sound},
};
use jiff::SignedDuration;
use server::{
    db::Engine,
    photos::{blobs::Variant, orphans, service::sweep_unsent},
    reports::chain,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};

/// What was answered is there, once, and nothing else is; no slot has more than its places, every chain holds, and after the
/// sweepers there is no picture that belongs to nothing.
pub async fn holds(test: &TestApp, load: &Load<'_>) {
    let ledger = std::mem::take(&mut *load.ledger.lock().expect("whole"));
    eprintln!(
        "{} answers, {} lost, {} told to come later, longest wait {} ms: {} bookings, {} reports, {} steps, {} notices",
        load.answers.load(Ordering::SeqCst),
        load.lost.load(Ordering::SeqCst),
        load.later.load(Ordering::SeqCst),
        load.longest.load(Ordering::SeqCst),
        ledger.bookings.len(),
        ledger.reports.len(),
        ledger.steps.len(),
        ledger.notices.len(),
    );
    assert!(
        ledger.bookings.len() > 10 && ledger.reports.len() > 5 && ledger.steps.len() > 3 && ledger.notices.len() > 2
    );
    let db = test.app.db.read();

    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT code, state, starts_at FROM appointment").fetch_all(db).await.expect("read");
    let there: BTreeMap<String, Option<String>> = rows
        .into_iter()
        .map(|(code, state, starts)| {
            let starts =
                jiff::Timestamp::from_microsecond(starts).expect("an instant").to_zoned_datetime(app::time::zone());
            let slot = format!("hall-wutong.{}", starts.strftime("%Y%m%dT%H%M"));
            (code, (state != "cancelled").then_some(slot))
        })
        .collect();
    assert_eq!(there, ledger.bookings, "bookings");
    sound(test).await;
    chains_are_whole(test).await;

    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT r.code, p.id FROM report r LEFT JOIN photo p ON p.owner_kind = 'report' AND p.owner_id = r.id \
         ORDER BY r.code, p.position",
    )
    .fetch_all(db)
    .await
    .expect("read");
    let mut there: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (code, photo) in rows {
        there.entry(code).or_default().extend(photo);
    }
    assert_eq!(there, ledger.reports, "reports and their photos");
    for id in there.values().flatten() {
        for variant in [Variant::Full, Variant::Thumb] {
            let picture = test.app.blobs.get(id, variant).await.expect("reads");
            assert!(picture.is_some_and(|picture| picture.starts_with(&[0xff, 0xd8])), "{id} {variant:?} is there");
        }
    }
    let verdict = chain::verify(&test.app.db).await.expect("verified");
    assert!(verdict.broken.is_empty() && verdict.unchained == 0, "{verdict:?}");

    let steps: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT r.code, e.action, CAST(COUNT(*) AS BIGINT) FROM report_event e JOIN report r ON r.id = e.report_id \
         WHERE e.action IN ('accept', 'dispatch', 'take') GROUP BY r.code, e.action",
    )
    .fetch_all(db)
    .await
    .expect("read");
    assert!(steps.iter().all(|(_, _, times)| *times == 1), "nothing happened twice");
    let steps: BTreeSet<(&str, &str)> = steps.iter().map(|(code, step, _)| (code.as_str(), step.as_str())).collect();
    assert_eq!(steps, ledger.steps.iter().map(|(code, step)| (code.as_str(), *step)).collect(), "steps");

    notices_reach_everybody_once(test, &ledger.notices).await;
    nothing_is_left_over(test).await;
    if test.app.db.engine() == Engine::Sqlite {
        let (said,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(db).await.expect("checked");
        assert_eq!(said, "ok");
    }
}

async fn notices_reach_everybody_once(test: &TestApp, published: &[String]) {
    // What killed servers were at is taken over when their time is over. A server that still lives may be at the same job: of two that
    // wait for one another the database ends one, and that job is tried again a moment later.
    for _ in 0..5 {
        run(test, "UPDATE job SET locked_until = 1 WHERE state = 'running'").await;
        test.app.clock.advance(SignedDuration::from_mins(10));
        test.run_jobs().await;
    }
    let left: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT kind, state, attempts, last_error FROM job WHERE kind = 'notice_fan_out' AND state <> 'done'",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("read");
    assert!(left.is_empty(), "not told to everybody: {left:?}");
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT n.id, (SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message m WHERE m.dedupe_key = 'notice:' || n.id) \
         FROM notice n WHERE n.state = 'published'",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("read");
    let there: BTreeSet<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(there, published.iter().map(String::as_str).collect(), "notices");
    let reached: BTreeSet<i64> = rows.iter().map(|(_, people)| *people).collect();
    assert!(reached.len() == 1 && !reached.contains(&0), "each notice reached the same people: {reached:?}");
    let (twice,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM inbox_message WHERE dedupe_key LIKE 'notice:%' \
         GROUP BY person_id, dedupe_key HAVING COUNT(*) > 1) x",
    )
    .fetch_one(test.app.db.read())
    .await
    .expect("counted");
    assert_eq!(twice, 0, "told twice");
}

async fn nothing_is_left_over(test: &TestApp) {
    test.app.clock.advance(SignedDuration::from_hours(26));
    sweep_unsent(&test.app).await.expect("swept");
    let removed = orphans::sweep(&test.app).await.expect("swept");
    eprintln!("{removed} photos had been stored and not written down");
    assert_eq!(orphans::sweep(&test.app).await.expect("swept"), 0);
    let known: Vec<(String,)> = sqlx::query_as("SELECT id FROM photo WHERE owner_id IS NOT NULL")
        .fetch_all(test.app.db.read())
        .await
        .expect("read");
    let known: BTreeSet<String> = known.into_iter().map(|(id,)| id).collect();
    let stored = test.app.blobs.list().await.expect("lists");
    let stored: BTreeSet<String> =
        stored.iter().filter_map(|(key, _)| key.split('/').nth(2)).map(str::to_owned).collect();
    assert_eq!(stored, known, "pictures and what is known of them");
}

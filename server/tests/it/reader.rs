//! Connections for reading that are kept at hand: whatever became of who read before, the next read is right.

use crate::support::on_both;
use futures::{TryStreamExt, future::join_all};
use std::time::Duration;

/// So many rows that no channel between the database and its reader holds them all.
const MANY: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
                    SELECT CAST(i AS BIGINT) FROM n";

async fn sum(db: &server::db::Db) -> i64 {
    let rows: Vec<(i64,)> = sqlx::query_as(MANY).fetch_all(db.read()).await.expect("read");
    rows.into_iter().map(|(i,)| i).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_readers_share_a_few_connections_and_each_has_its_own_answer() {
    on_both(|test| async move {
        let db = test.app.db.clone();
        let readers = (0..60_i64).map(|reader| {
            let db = db.clone();
            tokio::spawn(async move {
                for round in 0..20 {
                    let asked = reader * 1000 + round;
                    let sql = "SELECT CAST($1 AS BIGINT)";
                    let (one,): (i64,) = sqlx::query_as(sql).bind(asked).fetch_one(db.read()).await.expect("read");
                    let all: Vec<(i64,)> = sqlx::query_as(sql).bind(asked).fetch_all(db.read()).await.expect("read");
                    assert_eq!((one, all), (asked, vec![(asked,)]));
                }
            })
        });
        for reader in join_all(readers).await {
            reader.expect("no answer was somebody else's");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_away_half_way_or_is_refused_spoils_nothing() {
    on_both(|test| async move {
        let db = &test.app.db;
        let whole = sum(db).await;
        for round in 0..30_u64 {
            // The first row is enough for one, another is cut off in the middle, the third asks for what is not there.
            let mut rows = sqlx::query_as::<_, (i64,)>(MANY).fetch(db.read());
            assert_eq!(rows.try_next().await.expect("read"), Some((1,)));
            drop(rows);
            let _ = tokio::time::timeout(Duration::from_micros(300 * round), sum(db)).await;
            assert!(sqlx::query("SELECT nothing FROM nowhere").fetch_all(db.read()).await.is_err());
            assert_eq!(sum(db).await, whole, "round {round}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_when_all_are_taken_waits_for_the_next() {
    on_both(|test| async move {
        let db = test.app.db.clone();
        let mut held = Vec::new();
        // As many as there are.
        while let Ok(one) = tokio::time::timeout(Duration::from_millis(500), db.read().acquire()).await {
            held.push(one.expect("a connection"));
            assert!(held.len() < 100, "there is an end to them");
        }
        let late =
            tokio::spawn(
                async move { sqlx::query_as::<_, (i64,)>("SELECT CAST(7 AS BIGINT)").fetch_one(db.read()).await },
            );
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!late.is_finished(), "nothing is free");
        drop(held.pop());
        assert_eq!(late.await.expect("ran").expect("read"), (7,));
    })
    .await;
}

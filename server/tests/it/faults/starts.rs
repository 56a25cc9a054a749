//! Several servers start at once, on nothing and on a database of before: one of them migrates.

use crate::{process::Process, support::new_database};
use server::db::{Db, Engine};
use std::path::Path;

const SERVERS: usize = 5;

/// The migrations, in their order.
pub fn migrations() -> Vec<std::path::PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("reads").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// A database that knows only the first so many migrations.
pub async fn of_before(url: &str, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    for file in migrations().into_iter().take(count) {
        std::fs::copy(&file, folder.path().join(file.file_name().expect("a name"))).expect("copied");
    }
    // Made by a connection that may make the file.
    let db = Db::connect(url).await.expect("opens");
    db.close().await;
    let pool = sqlx::AnyPool::connect(url).await.expect("opens");
    sqlx::migrate::Migrator::new(folder.path()).await.expect("reads").run(&pool).await.expect("migrates");
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_five_servers_that_start_at_once_one_migrates() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for before in [0, 20] {
            eprintln!("-- on {engine:?}, from {before} migrations");
            let folder = tempfile::tempdir().expect("a folder");
            let url = new_database(engine, folder.path()).await;
            if before > 0 {
                of_before(&url, before).await;
            }
            let settings = [("LINLI_DATABASE_URL", url.as_str())];
            // Each is waited for until it is ready.
            let servers = futures::future::join_all((0..SERVERS).map(|_| Process::start(&settings))).await;
            let db = Db::connect(&url).await.expect("opens");
            let done: Vec<(i64,)> =
                sqlx::query_as("SELECT version FROM _sqlx_migrations").fetch_all(db.read()).await.expect("read");
            assert_eq!(done.len(), migrations().len());
            let (keys,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM kept_key")
                .fetch_one(db.read())
                .await
                .expect("counted");
            assert_eq!(keys, 1, "one key for all");
            drop(servers);
            db.close().await;
        }
    }
}

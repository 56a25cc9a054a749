//! A database of before, with the lives of several communities in it, is brought up to date by a server that starts: nothing
//! of it is lost, and its pages answer.

use super::starts::{migrations, of_before};
use crate::{
    process::Process,
    support::{TestApp, new_database},
};
use server::{
    db::{
        Db, Engine, Tx,
        dialect::{self, ColumnKind, Table},
    },
    demo,
};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};
use std::{collections::BTreeMap, path::Path};

/// A value as a literal of both engines.
fn literal(row: &AnyRow, at: usize, kind: ColumnKind) -> String {
    let written = match kind {
        ColumnKind::Whole => row.get::<Option<i64>, _>(at).map(|value| value.to_string()),
        ColumnKind::Real => row.get::<Option<f64>, _>(at).map(|value| format!("{value:e}")),
        ColumnKind::Text => row.get::<Option<String>, _>(at).map(|value| format!("'{}'", value.replace('\'', "''"))),
    };
    written.unwrap_or_else(|| "NULL".to_owned())
}

/// The rows of a table, each as its literals, in an order that depends on nothing else.
async fn rows(tx: &mut Tx, table: &Table) -> Vec<String> {
    let names = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {names} FROM \"{}\"", table.name);
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut **tx).await.expect("rows");
    let line = |row: &AnyRow| {
        let values = table.columns.iter().enumerate().map(|(at, (_, kind))| literal(row, at, *kind));
        values.collect::<Vec<_>>().join(", ")
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.sort();
    lines
}

/// Fills the tables of `before` with what `lived` has for their columns. Gives what was written.
async fn fill(before: &Db, lived: &Db) -> BTreeMap<String, (Table, Vec<String>)> {
    let mut read = lived.snapshot().await.expect("begin");
    let mut tx = before.begin().await.expect("begin");
    let fasten = dialect::loosen_references(before.engine(), &mut tx).await.expect("loose");
    let tables = dialect::tables(before.engine(), &mut tx).await.expect("tables");
    let mut written = BTreeMap::new();
    for table in tables {
        let lines = rows(&mut read, &table).await;
        let names = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let clear = format!("DELETE FROM \"{}\"", table.name);
        sqlx::query(AssertSqlSafe(clear)).execute(&mut *tx).await.expect("cleared");
        for lines in lines.chunks(200) {
            let values = lines.iter().map(|line| format!("({line})")).collect::<Vec<_>>().join(", ");
            let sql = format!("INSERT INTO \"{}\" ({names}) VALUES {values}", table.name);
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut *tx)
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", table.name));
        }
        written.insert(table.name.clone(), (table, lines));
    }
    for statement in fasten {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await.expect("fast");
    }
    tx.commit().await.expect("commit");
    written
}

/// Where the rule of `newer` begins.
const OLDEST: u32 = 53;

fn number(migration: &Path) -> u32 {
    let name = migration.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.split('_').next().and_then(|number| number.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_there_before_is_there_after_an_update() {
    let lived = TestApp::empty(Engine::Sqlite).await;
    assert!(demo::load_if_empty(&lived.app).await.expect("the demo loads"));
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for before in [migrations().len() - 1, migrations().iter().filter(|file| number(file) < OLDEST).count()] {
            eprintln!("-- on {engine:?}, from {before} migrations");
            let folder = tempfile::tempdir().expect("a folder");
            let url = new_database(engine, folder.path()).await;
            of_before(&url, before).await;
            let db = Db::connect(&url).await.expect("opens");
            let written = fill(&db, &lived.app.db).await;
            assert!(written["report"].1.len() > 100 && written["appointment"].1.len() > 100);
            db.close().await;

            let db = Db::connect(&url).await.expect("opens");
            db.migrate().await.expect("migrates");
            let mut now = db.snapshot().await.expect("begin");
            for (name, (table, lines)) in &written {
                assert_eq!(&rows(&mut now, table).await, lines, "{name}");
            }
            now.rollback().await.expect("rollback");
            db.close().await;

            let server = Process::start(&[("LINLI_DATABASE_URL", &url)]).await;
            let client = reqwest::Client::new();
            for path in ["/", "/notices", "/services", "/reports", "/property", "/teams", "/login", "/api/v1/reports"] {
                let asked = client.get(server.url(path)).header("cookie", "linli_community=wutong").send().await;
                let answer = asked.expect("an answer");
                assert_eq!(answer.status(), reqwest::StatusCode::OK, "{path}");
            }
            drop(server);
        }
    }
}

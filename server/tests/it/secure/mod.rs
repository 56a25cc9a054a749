//! Attacks: other people's objects, other people's pages, hostile input, what a log gives away. docs/security.md names these
//! tests beside the requirements of OWASP's ASVS.

mod asvs;
mod bodies;
mod crossing;
mod forms;
mod guessing;
mod headers;
mod logs;
mod mixed;
mod objects;
mod reaching;
mod sessions;
mod typed;

use crate::support::TestApp;
use server::{auth::secrets::sha256, db::Engine};
use sqlx::{Column, Row, any::AnyRow};
use std::collections::BTreeMap;

/// Tables that count attempts: refusing somebody writes there.
const COUNTERS: [&str; 1] = ["rate_limit"];

/// Names of all tables but those of the migrations.
pub async fn tables(test: &TestApp) -> Vec<String> {
    let sql = match test.app.db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let found: Vec<(String,)> = sqlx::query_as(sql).fetch_all(test.app.db.read()).await.expect("tables");
    let own = |name: &String| !name.starts_with("_sqlx") && !name.starts_with("sqlite_");
    found.into_iter().map(|(name,)| name).filter(own).collect()
}

/// All rows of a table.
pub async fn rows(test: &TestApp, table: &str) -> Vec<AnyRow> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
    sqlx::query(sql).fetch_all(test.app.db.read()).await.expect("rows")
}

/// A cell as text.
pub fn cell(row: &AnyRow, at: usize) -> String {
    if let Ok(text) = row.try_get::<Option<String>, _>(at) {
        return text.unwrap_or_default();
    }
    if let Ok(number) = row.try_get::<Option<i64>, _>(at) {
        return number.map(|number| number.to_string()).unwrap_or_default();
    }
    row.try_get::<Option<f64>, _>(at).expect("text or a number").map(|number| number.to_string()).unwrap_or_default()
}

/// What the database holds: for each table how many rows, and a hash of all of them.
pub async fn digest(test: &TestApp) -> BTreeMap<String, (usize, String)> {
    let mut all = BTreeMap::new();
    for table in tables(test).await {
        if COUNTERS.contains(&table.as_str()) {
            continue;
        }
        let rows = rows(test, &table).await;
        let mut lines: Vec<String> = rows
            .iter()
            .map(|row| {
                row.columns().iter().map(|column| cell(row, column.ordinal())).collect::<Vec<_>>().join("\u{1f}")
            })
            .collect();
        lines.sort();
        all.insert(table, (lines.len(), sha256(&lines.join("\u{1e}"))));
    }
    all
}

/// Tables that differ.
pub fn changed(before: &BTreeMap<String, (usize, String)>, after: &BTreeMap<String, (usize, String)>) -> Vec<String> {
    before
        .iter()
        .filter(|(table, rows)| after.get(*table) != Some(rows))
        .map(|(table, rows)| format!("{table} ({} → {:?} rows)", rows.0, after.get(table).map(|rows| rows.0)))
        .collect()
}

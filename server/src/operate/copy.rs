//! Copies every row of one database into another: for backups, for restoring them, and for moving from SQLite to
//! PostgreSQL.

use crate::db::{
    Db, Tx,
    dialect::{self, ColumnKind, Table},
};
use anyhow::{Context, ensure};
use futures::TryStreamExt;
use sqlx::{Any, AssertSqlSafe, Row, any::AnyRow};
use std::collections::BTreeMap;

/// How many rows each table has.
pub type Counts = BTreeMap<String, i64>;

/// Rows sent with one statement.
const BATCH: usize = 500;
/// Values sent with one statement: SQLite takes 32,766.
const MOST_VALUES: usize = 30_000;

/// A value of a row.
enum Value {
    Whole(Option<i64>),
    Text(Option<String>),
    Real(Option<f64>),
}

/// Replaces all rows of `to`, whose tables are of the same version, by those of `from` as they were at one moment; `from`
/// may go on being written to. All or nothing. Gives the rows of each table, counted in `to` and equal to what was read.
pub async fn copy(from: &Db, to: &Db) -> anyhow::Result<Counts> {
    let mut snapshot = from.snapshot().await?;
    let mut tx = to.begin().await?;
    let counts = copy_rows(from, &mut snapshot, to, &mut tx).await?;
    tx.commit().await?;
    snapshot.rollback().await?;
    Ok(counts)
}

async fn copy_rows(from: &Db, snapshot: &mut Tx, to: &Db, tx: &mut Tx) -> anyhow::Result<Counts> {
    let there = dialect::tables(from.engine(), snapshot).await?;
    let tables = dialect::tables(to.engine(), tx).await?;
    let names = |tables: &[Table]| -> BTreeMap<String, Vec<String>> {
        tables
            .iter()
            .map(|table| (table.name.clone(), sorted(table.columns.iter().map(|(name, _)| name.clone()))))
            .collect()
    };
    ensure!(names(&there) == names(&tables), "the two databases have different tables: bring both up to date first");
    let fasten = dialect::loosen_references(to.engine(), tx).await?;
    for table in &tables {
        run(tx, &format!("DELETE FROM {}", quoted(&table.name))).await?;
    }
    let mut counts = Counts::new();
    for table in &tables {
        let read =
            copy_table(snapshot, tx, table).await.with_context(|| format!("copying the table {}", table.name))?;
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {}", quoted(&table.name));
        let (written,): (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut **tx).await?;
        ensure!(read == written, "the table {} has {read} rows, of which {written} arrived", table.name);
        counts.insert(table.name.clone(), written);
    }
    for statement in fasten {
        run(tx, &statement).await?;
    }
    Ok(counts)
}

/// Copies one table; gives the rows read.
async fn copy_table(snapshot: &mut Tx, tx: &mut Tx, table: &Table) -> anyhow::Result<i64> {
    let columns = table.columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ");
    let name = quoted(&table.name);
    let most = BATCH.min(MOST_VALUES / table.columns.len().max(1)).max(1);
    let mut rows = sqlx::query(AssertSqlSafe(format!("SELECT {columns} FROM {name}"))).fetch(&mut **snapshot);
    let into = format!("INSERT INTO {name} ({columns}) VALUES ");
    let mut count = 0;
    let mut batch: Vec<Vec<Value>> = Vec::with_capacity(most);
    loop {
        let row = rows.try_next().await?;
        let over = row.is_none();
        if let Some(row) = row {
            batch.push(values(&row, table)?);
            count += 1;
        }
        if !batch.is_empty() && (over || batch.len() == most) {
            insert(tx, &into, table, std::mem::take(&mut batch)).await?;
        }
        if over {
            return Ok(count);
        }
    }
}

fn values(row: &AnyRow, table: &Table) -> Result<Vec<Value>, sqlx::Error> {
    let value = |(at, (_, kind)): (usize, &(String, ColumnKind))| {
        Ok(match kind {
            ColumnKind::Whole => Value::Whole(row.try_get(at)?),
            ColumnKind::Text => Value::Text(row.try_get(at)?),
            ColumnKind::Real => Value::Real(row.try_get(at)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

async fn insert(tx: &mut Tx, into: &str, table: &Table, batch: Vec<Vec<Value>>) -> Result<(), sqlx::Error> {
    let mut n = 0;
    let mut place = |(_, kind): &(String, ColumnKind)| {
        n += 1;
        match kind {
            // As `db::real` says.
            ColumnKind::Real => format!("CAST(${n} AS DOUBLE PRECISION)"),
            _ => format!("${n}"),
        }
    };
    let mut tuple = || format!("({})", table.columns.iter().map(&mut place).collect::<Vec<_>>().join(", "));
    let tuples = batch.iter().map(|_| tuple()).collect::<Vec<_>>().join(", ");
    let mut query: sqlx::query::Query<'_, Any, _> = sqlx::query(AssertSqlSafe(format!("{into}{tuples}")));
    for value in batch.into_iter().flatten() {
        query = match value {
            Value::Whole(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Real(value) => query.bind(crate::db::real(value)),
        };
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

async fn run(tx: &mut Tx, sql: &str) -> anyhow::Result<()> {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut **tx).await.with_context(|| sql.to_owned())?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

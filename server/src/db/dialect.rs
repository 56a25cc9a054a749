//! The few things that the two engines do differently. Nothing else in the server asks for the engine.

use super::Reader;
use super::{Engine, Tx};
use sqlx::AnyPool;
use std::path::Path;

/// The migrations, one folder for both engines.
static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Runs the migrations under a lock: PostgreSQL's advisory lock, or an exclusive lock on a file beside the SQLite
/// file, which the operating system releases if the server dies.
pub(super) async fn migrate(write: &AnyPool, lock_file: Option<&Path>) -> anyhow::Result<()> {
    let lock = match lock_file.map(Path::to_owned) {
        Some(path) => Some(
            tokio::task::spawn_blocking(move || -> std::io::Result<std::fs::File> {
                let file = std::fs::File::create(path)?;
                file.lock()?;
                Ok(file)
            })
            .await??,
        ),
        None => None,
    };
    // On PostgreSQL the migrator takes its own advisory lock, derived from the database's name. A database that is ahead of
    // this server is fine: what newer servers added takes nothing from it, and it must be able to start while they come.
    let migrator = sqlx::migrate::Migrator {
        migrations: MIGRATOR.migrations.clone(),
        ignore_missing: true,
        ..sqlx::migrate::Migrator::DEFAULT
    };
    migrator.run(write).await?;
    drop(lock);
    Ok(())
}

/// Appended to a sub-select that claims a row: other servers skip a row that one is claiming. SQLite has one writer,
/// so nothing needs skipping there.
pub fn skip_locked(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE SKIP LOCKED",
    }
}

/// Appended to a select whose rows are to stay as they are until the transaction ends.
pub fn for_update(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE",
    }
}

/// Serialises the transactions that name the same `key` until they end. SQLite's write transactions are serial as
/// they are.
pub async fn lock_key(engine: Engine, tx: &mut Tx, key: &str) -> Result<(), sqlx::Error> {
    lock_keys(engine, tx, &[key.to_owned()]).await
}

/// The same for several keys by one statement, one after the other in the order in which they stand here: whoever locks some of
/// the same must name them in the same order.
pub async fn lock_keys(engine: Engine, tx: &mut Tx, keys: &[String]) -> Result<(), sqlx::Error> {
    name_keys(engine, tx, "pg_advisory_xact_lock", keys).await
}

/// Keeps whoever names one of these keys in [`lock_key`] waiting until the transaction ends; others who share them go on.
pub async fn share_keys(engine: Engine, tx: &mut Tx, keys: &[String]) -> Result<(), sqlx::Error> {
    name_keys(engine, tx, "pg_advisory_xact_lock_shared", keys).await
}

async fn name_keys(engine: Engine, tx: &mut Tx, function: &str, keys: &[String]) -> Result<(), sqlx::Error> {
    if engine == Engine::Sqlite || keys.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = (1..=keys.len()).map(|n| format!("(CAST(${n} AS TEXT))")).collect();
    // VALUES gives its rows in the order in which they are written.
    let sql = format!("SELECT {function}(hashtextextended(v.column1, 0)) FROM (VALUES {}) AS v", rows.join(", "));
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for key in keys {
        query = query.bind(key);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Says after a table's name by which index it is to be read, where SQLite would guess wrongly: without statistics it takes an
/// equation (`state = 'closed'`, of nearly all rows) for better than a range on another index. PostgreSQL knows how many there are.
pub fn by_index(engine: Engine, index: &str) -> String {
    match engine {
        Engine::Sqlite => format!(" INDEXED BY {index}"),
        Engine::Postgres => String::new(),
    }
}

/// What a column holds; the conventions of [`super`] know no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// BIGINT
    Whole,
    /// TEXT
    Text,
    /// DOUBLE PRECISION
    Real,
}

/// A table of ours.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in their order.
    pub columns: Vec<(String, ColumnKind)>,
}

/// All tables but the list of migrations, by name.
pub async fn tables(engine: Engine, tx: &mut Tx) -> anyhow::Result<Vec<Table>> {
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT CAST(m.name AS TEXT), CAST(p.name AS TEXT), CAST(upper(p.type) AS TEXT) \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations' ORDER BY m.name, p.cid"
        }
        Engine::Postgres => {
            "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(upper(c.data_type) AS TEXT) \
             FROM information_schema.columns c JOIN information_schema.tables t \
             ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
             AND c.table_name <> '_sqlx_migrations' ORDER BY c.table_name COLLATE \"C\", c.ordinal_position"
        }
    };
    let rows: Vec<(String, String, String)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    let mut tables: Vec<Table> = Vec::new();
    for (name, column, kind) in rows {
        let kind = match kind.as_str() {
            "BIGINT" => ColumnKind::Whole,
            "TEXT" => ColumnKind::Text,
            "DOUBLE PRECISION" => ColumnKind::Real,
            _ => anyhow::bail!("the column {name}.{column} is of the kind {kind}, which no table of ours has"),
        };
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push((column, kind)),
            None => tables.push(Table { name, columns: vec![(column, kind)] }),
        }
    }
    Ok(tables)
}

/// Lets rows be written in any order until the transaction ends. Gives the statements that are to be run, after the last
/// row, to have every reference checked again.
pub async fn loosen_references(engine: Engine, tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    if engine == Engine::Sqlite {
        sqlx::query("PRAGMA defer_foreign_keys=ON").execute(&mut **tx).await?;
        return Ok(Vec::new());
    }
    // Taking references off and putting them back needs no more than owning the tables.
    let references: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT CAST(CAST(conrelid AS regclass) AS TEXT), quote_ident(CAST(conname AS TEXT)), pg_get_constraintdef(oid) \
         FROM pg_constraint WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace)",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut fasten = Vec::new();
    for (table, name, definition) in references {
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
        sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut **tx).await?;
        fasten.push(format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"));
    }
    Ok(fasten)
}

/// How a transaction begins that sees the database as it is now, however long it reads.
pub(super) fn begin_snapshot(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "BEGIN",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }
}

/// Versions of the migrations that the database has not seen, and whether it has seen one that this Linli does not know. All of them,
/// where nothing was ever migrated; an error where that cannot be read.
pub(super) async fn pending(engine: Engine, read: &Reader) -> Result<(Vec<i64>, bool), sqlx::Error> {
    let sql = match engine {
        Engine::Sqlite => "SELECT CAST(COUNT(*) AS BIGINT) FROM sqlite_master WHERE name = '_sqlx_migrations'",
        Engine::Postgres => "SELECT CAST(COUNT(to_regclass('_sqlx_migrations')) AS BIGINT)",
    };
    let (begun,): (i64,) = sqlx::query_as(sql).fetch_one(read).await?;
    let done: Vec<(i64,)> = match begun {
        0 => Vec::new(),
        _ => sqlx::query_as("SELECT version FROM _sqlx_migrations").fetch_all(read).await?,
    };
    let known: Vec<i64> = MIGRATOR.iter().map(|migration| migration.version).collect();
    let missing = known.iter().filter(|version| !done.iter().any(|(seen,)| seen == *version)).copied().collect();
    Ok((missing, done.iter().any(|(seen,)| !known.contains(seen))))
}

/// Microseconds of the database's own clock; `None` where it is this machine's.
pub async fn clock(engine: Engine, read: &Reader) -> Result<Option<i64>, sqlx::Error> {
    match engine {
        Engine::Sqlite => Ok(None),
        Engine::Postgres => {
            let (now,): (i64,) =
                sqlx::query_as("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)")
                    .fetch_one(read)
                    .await?;
            Ok(Some(now))
        }
    }
}

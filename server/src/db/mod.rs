//! The database: one SQL text for SQLite and PostgreSQL through `sqlx::Any`.
//!
//! Conventions of every `store.rs`:
//! - look-ups return `Result<Option<T>>`; one operation a function; the clock is passed in;
//! - columns are BIGINT, TEXT and DOUBLE PRECISION only: booleans are BIGINT 0/1, instants BIGINT microseconds UTC,
//!   ids UUIDv7 TEXT, enums short TEXT with a CHECK;
//! - placeholders are `$1`, `$2`, … and every SUM, COUNT or AVG is cast to BIGINT or DOUBLE PRECISION;
//! - a DOUBLE PRECISION that may be missing is bound as [`real`] and written `CAST($n AS DOUBLE PRECISION)`;
//! - a write takes `&mut Tx` from [`Db::begin`], a read takes any executor, usually [`Db::read`];
//! - no network, mail, image or file work inside a write transaction: write a job row instead.
//!
//! What differs between the engines lives in [`dialect`].

pub mod dialect;
mod gather;
mod reader;

pub use gather::Gather;
pub use reader::{Reader, Reading};

use anyhow::Context;
use sqlx::{
    AnyPool, Connection,
    any::{AnyPoolOptions, install_default_drivers},
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The engine behind the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one machine; the default.
    Sqlite,
    /// Many machines.
    Postgres,
}

/// A write transaction. Dropping it without [`Tx::commit`] undoes it.
pub type Tx = sqlx::Transaction<'static, sqlx::Any>;

/// The database: connections for reading and for writing.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    read: Reader,
    write: AnyPool,
    /// For [`Db::snapshot`]; on PostgreSQL the one for writing.
    snapshots: AnyPool,
    migration_lock: Option<PathBuf>,
    /// Somebody waited in vain: see [`Db::had_trouble`].
    trouble: Arc<AtomicBool>,
}

/// Longest wait for another writer, in milliseconds, before a request is told to try again.
const BUSY_TIMEOUT_MS: u32 = 15_000;
/// Longest wait for a connection to PostgreSQL: a database that is away is told to people soon, not after minutes.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Longest wait for a connection to the SQLite file.
const OPEN_WITHIN: Duration = Duration::from_secs(20);
/// Most connections of one server for reading, and as many on PostgreSQL for writing.
const MOST: u32 = 8;
/// A connection that was used a moment ago is not asked whether it is well before it is used again: that costs a way to the
/// database for each statement, and shows where many ask. One that has lain for so long is: the other end may have gone
/// meanwhile. Who comes within that moment is as somebody in the middle of something.
const ASKED_AFTER: Duration = Duration::from_millis(100);

impl Db {
    /// Connects. A SQLite file and its folder are created when missing.
    pub async fn connect(url: &str) -> anyhow::Result<Db> {
        install_default_drivers();
        if url.starts_with("sqlite:") { Db::sqlite(url).await } else { Db::postgres(url).await }
    }

    async fn sqlite(url: &str) -> anyhow::Result<Db> {
        let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
        let path = path.split('?').next().unwrap_or(path);
        if let Some(folder) = Path::new(path).parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        // One writer: SQLite has one at a time anyway, and queueing for it here is fair and cheap. Durable on power
        // loss (synchronous=FULL): a confirmed booking is on disk before we say so.
        let write = AnyPoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .acquire_timeout(OPEN_WITHIN)
            .idle_timeout(None)
            .max_lifetime(None)
            // Nobody hangs up here, and to ask before each statement costs as much as a statement.
            .test_before_acquire(false)
            // SQLite itself takes a transaction back when the disk is full, sqlx's ROLLBACK then fails, and from there on it
            // takes the connection for one in a transaction: no write would ever begin again. Such a one is opened anew.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    for pragma in [
                        format!("PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"),
                        "PRAGMA journal_mode=WAL".to_owned(),
                        "PRAGMA synchronous=FULL".to_owned(),
                        "PRAGMA foreign_keys=ON".to_owned(),
                    ] {
                        sqlx::query(sqlx::AssertSqlSafe(pragma)).execute(&mut *connection).await?;
                    }
                    Ok(())
                })
            })
            .connect(&format!("sqlite://{path}?mode=rwc"))
            .await
            .with_context(|| format!("opening the SQLite file {path}"))?;
        let reading = AnyPoolOptions::new()
            .max_connections(MOST)
            .acquire_timeout(OPEN_WITHIN)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    for pragma in [
                        format!("PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"),
                        "PRAGMA query_only=ON".to_owned(),
                        "PRAGMA cache_size=-16000".to_owned(),
                    ] {
                        sqlx::query(sqlx::AssertSqlSafe(pragma)).execute(&mut *connection).await?;
                    }
                    Ok(())
                })
            });
        let url = format!("sqlite://{path}?mode=rwc");
        let trouble = Arc::<AtomicBool>::default();
        Ok(Db {
            engine: Engine::Sqlite,
            read: Reader::new(reading.clone().connect(&url).await?, MOST, OPEN_WITHIN, None, trouble.clone()),
            write,
            snapshots: reading.connect_lazy(&url)?,
            migration_lock: Some(PathBuf::from(format!("{path}.lock"))),
            trouble,
        })
    }

    async fn postgres(url: &str) -> anyhow::Result<Db> {
        let trouble = Arc::new(AtomicBool::new(false));
        let troubled = trouble.clone();
        let options = AnyPoolOptions::new()
            .max_connections(MOST)
            .acquire_timeout(CONNECT_WITHIN)
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for >= ASKED_AFTER {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            // The pool itself asks a connection that comes back whether it is well, and would wait for hours for one whose
            // other end is gone without a word: in bad times it is asked here first, with an end to the waiting.
            .after_release(move |connection, _| {
                let troubled = troubled.load(Ordering::Relaxed);
                Box::pin(async move {
                    if !troubled {
                        return Ok(true);
                    }
                    let answer = tokio::time::timeout(CONNECT_WITHIN, connection.ping()).await;
                    answer.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
                })
            });
        let write = options.clone().connect(url).await.context("connecting to PostgreSQL")?;
        let read = Reader::new(options.connect_lazy(url)?, MOST, CONNECT_WITHIN, Some(ASKED_AFTER), trouble.clone());
        Ok(Db { engine: Engine::Postgres, read, snapshots: write.clone(), write, migration_lock: None, trouble })
    }

    /// The engine, for the few places in [`dialect`] that differ.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Connections for reading outside a transaction.
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// Begins a write transaction: on SQLite it holds the write lock from the start (BEGIN IMMEDIATE), so that it
    /// cannot fail half-way for having begun as a reader.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.write.begin().await,
        }
    }

    /// Begins a transaction for reading that sees the database as it is at its first read, however long it takes.
    pub async fn snapshot(&self) -> Result<Tx, sqlx::Error> {
        self.snapshots.begin_with(dialect::begin_snapshot(self.engine)).await
    }

    /// Versions of the migrations that the database has not seen, and whether it has seen one that this Linli does not know. Fails
    /// when that cannot be read: whoever asks must not take it for up to date, nor for empty.
    pub async fn pending(&self) -> Result<(Vec<i64>, bool), sqlx::Error> {
        dialect::pending(self.engine, &self.read).await
    }

    /// Brings the tables up to date, under a lock on both engines: of several servers starting at once one migrates
    /// and the others wait.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        dialect::migrate(&self.write, self.migration_lock.as_deref()).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        self.trouble.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Somebody waited for the database in vain: until it answers again, connections that come back are looked at before
    /// they are used.
    pub fn had_trouble(&self) {
        self.trouble.store(true, Ordering::Relaxed);
    }

    /// Closes all connections, waiting for those in use.
    pub async fn close(&self) {
        self.read.close().await;
        self.snapshots.close().await;
        self.write.close().await;
    }
}

/// Whether `error` says that a UNIQUE constraint refused a row.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

/// So many placeholders from `$first` on, with commas between them: for `IN (…)` and rows of values.
pub fn marks(first: usize, count: usize) -> String {
    let mut marks = String::with_capacity(count * 6);
    for n in first..first + count {
        marks.push_str(if n == first { "$" } else { ", $" });
        _ = write!(marks, "{n}");
    }
    marks
}

/// Placeholders for so many rows of so many columns, from `$first` on: what stands behind VALUES.
pub fn rows_of_marks(first: usize, columns: usize, rows: usize) -> String {
    (0..rows).map(|row| format!("({})", marks(first + row * columns, columns))).collect::<Vec<_>>().join(", ")
}

/// A number that may be missing, for `CAST($n AS DOUBLE PRECISION)`. `sqlx::Any` sends a missing f64 as a four-byte
/// float, and PostgreSQL's prepared statement then refuses the next eight-byte one; text has no such trouble, and
/// Rust writes floats so that they read back as the same number.
pub fn real(value: Option<f64>) -> Option<String> {
    value.map(|value| value.to_string())
}

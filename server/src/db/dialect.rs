//! The few things that the two engines do differently. Nothing else in the server asks for the engine.

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
    // On PostgreSQL the migrator takes its own advisory lock, derived from the database's name.
    MIGRATOR.run(write).await?;
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
    if engine == Engine::Postgres {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))").bind(key).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Keeps whoever names the same `key` in [`lock_key`] waiting until the transaction ends; others who share it go on.
pub async fn share_key(engine: Engine, tx: &mut Tx, key: &str) -> Result<(), sqlx::Error> {
    if engine == Engine::Postgres {
        let sql = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))";
        sqlx::query(sql).bind(key).execute(&mut **tx).await?;
    }
    Ok(())
}

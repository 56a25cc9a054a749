//! Keys with which other systems come in. A key is shown once, when it is made; the database has its hash.

use super::secrets::Secrets;
use crate::{
    clock,
    db::{Db, Tx},
    http::Error,
};
use app::people::Scope;
use jiff::{SignedDuration, Timestamp};

/// How keys begin, so that one that got into a file or a log is found.
const BEGIN: &str = "linli_";
/// When a key was last used is written down this often.
const USED: SignedDuration = SignedDuration::from_hours(1);

/// A key that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// Which system has it.
    pub name: String,
    /// The subtree that it opens.
    pub path: String,
    /// What it may do there.
    pub scopes: Vec<Scope>,
}

impl Key {
    /// Whether it may do this at `path`.
    pub fn may(&self, scope: Scope, path: &str) -> bool {
        self.scopes.contains(&scope) && path.starts_with(&self.path)
    }

    /// Asks for permission.
    pub fn require(&self, scope: Scope, path: &str) -> Result<(), Error> {
        if self.may(scope, path) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The name under which it is known where people are known by their device: who filed something, whose photo it is.
    pub fn device(&self) -> String {
        format!("key:{}", self.id)
    }
}

/// A key as the operator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// Which system has it.
    pub name: String,
    /// The subtree that it opens.
    pub path: String,
    /// What it may do, separated by blanks.
    pub scopes: String,
    /// Microseconds.
    pub created_at: i64,
    /// Microseconds.
    pub expires_at: i64,
    /// Microseconds.
    pub revoked_at: Option<i64>,
    /// Microseconds, to the hour; 0: never.
    pub last_used_at: i64,
}

const COLUMNS: &str = "id, name, path, scopes, created_at, expires_at, revoked_at, last_used_at";

/// A key that is to be made.
pub struct NewKey<'a> {
    /// Which system gets it.
    pub name: &'a str,
    /// The subtree that it opens.
    pub path: &'a str,
    /// What it may do there.
    pub scopes: &'a [Scope],
    /// Until when.
    pub expires: Timestamp,
}

/// Makes a key; gives its id and the key itself.
pub async fn make(
    tx: &mut Tx,
    secrets: &Secrets,
    new: NewKey<'_>,
    now: Timestamp,
) -> Result<(String, String), sqlx::Error> {
    let (id, key) = (clock::new_id(now), format!("{BEGIN}{}", clock::token()));
    let scopes = new.scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ");
    sqlx::query(
        "INSERT INTO integration_key (id, name, key_hash, path, scopes, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&id)
    .bind(new.name)
    .bind(secrets.key_hash(&key))
    .bind(new.path)
    .bind(scopes)
    .bind(now.as_microsecond())
    .bind(new.expires.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((id, key))
}

/// The key, if it is one that holds now; and writes down that it was used.
pub async fn find(db: &Db, secrets: &Secrets, key: &str, now: Timestamp) -> Result<Option<Key>, sqlx::Error> {
    if !key.starts_with(BEGIN) || key.len() > 100 {
        return Ok(None);
    }
    let sql =
        format!("SELECT {COLUMNS} FROM integration_key WHERE key_hash = $1 AND revoked_at IS NULL AND expires_at > $2");
    let found: Option<KeyRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(secrets.key_hash(key))
        .bind(now.as_microsecond())
        .fetch_optional(db.read())
        .await?;
    let Some(row) = found else { return Ok(None) };
    let before = now.as_microsecond().saturating_sub(i64::try_from(USED.as_micros()).unwrap_or(i64::MAX));
    if row.last_used_at < before {
        let mut tx = db.begin().await?;
        sqlx::query("UPDATE integration_key SET last_used_at = $2 WHERE id = $1")
            .bind(&row.id)
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    let scopes = row.scopes.split(' ').filter_map(Scope::from_code).collect();
    Ok(Some(Key { id: row.id, name: row.name, path: row.path, scopes }))
}

/// All keys, the newest first.
pub async fn all(db: &Db) -> Result<Vec<KeyRow>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM integration_key ORDER BY created_at DESC, id DESC");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// Ends a key. Gives whether there was one that held.
pub async fn revoke(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE integration_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

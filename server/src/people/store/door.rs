//! Login codes, sessions and second factors in the database.

use crate::{
    auth::{secrets::sha256, session},
    clock,
    db::{Db, Tx},
};
use app::people::CODE_TRIES;
use jiff::Timestamp;

/// A login code to be written down.
pub struct NewLoginCode {
    /// Keyed hash of the number.
    pub phone_hash: String,
    /// The number, sealed.
    pub phone_sealed: String,
    /// Keyed hash of number and code.
    pub code_hash: String,
    /// The code, sealed, in demo mode; else empty.
    pub shown_sealed: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A login code as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LoginCode {
    /// Keyed hash of the number.
    pub phone_hash: String,
    /// The number, sealed.
    pub phone_sealed: String,
    /// Keyed hash of number and code.
    pub code_hash: String,
    /// The code, sealed, in demo mode; else empty.
    pub shown_sealed: String,
    /// When it was sent.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// Tries so far.
    pub tries: i64,
    /// When it worked.
    pub used_at: Option<i64>,
}

/// Writes a code down and gives the reference under which it is found: an id with 74 random bits.
pub async fn insert_login_code(tx: &mut Tx, code: NewLoginCode, now: Timestamp) -> Result<String, sqlx::Error> {
    let id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO login_code (id, phone_hash, phone_sealed, code_hash, shown_sealed, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&id)
    .bind(code.phone_hash)
    .bind(code.phone_sealed)
    .bind(code.code_hash)
    .bind(code.shown_sealed)
    .bind(now.as_microsecond())
    .bind(code.expires_at.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

const LOGIN_CODE: &str = "phone_hash, phone_sealed, code_hash, shown_sealed, created_at, expires_at, tries, used_at";

/// The code with this reference.
pub async fn login_code(db: &Db, reference: &str) -> Result<Option<LoginCode>, sqlx::Error> {
    let sql = format!("SELECT {LOGIN_CODE} FROM login_code WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(reference).fetch_optional(db.read()).await
}

/// Counts one try of a living code and gives it; `None` when it is used, expired or has been tried too often. One
/// statement: two servers cannot both give the last try.
pub async fn try_login_code(tx: &mut Tx, reference: &str, now: Timestamp) -> Result<Option<LoginCode>, sqlx::Error> {
    let sql = format!(
        "UPDATE login_code SET tries = tries + 1 \
         WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3 RETURNING {LOGIN_CODE}"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(reference)
        .bind(now.as_microsecond())
        .bind(CODE_TRIES)
        .fetch_optional(&mut **tx)
        .await
}

/// Marks a code as used, in the transaction that tried it.
pub async fn use_login_code(tx: &mut Tx, reference: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE login_code SET used_at = $1 WHERE id = $2")
        .bind(now.as_microsecond())
        .bind(reference)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A session as its holder sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    /// Id.
    pub id: String,
    /// What the browser said of itself.
    pub device: String,
    /// When it was opened.
    pub created_at: i64,
    /// When it was last seen.
    pub seen_at: i64,
}

/// A person's living sessions, the most recently seen first.
pub async fn sessions(db: &Db, person_id: &str, now: Timestamp) -> Result<Vec<SessionRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, device, created_at, seen_at FROM session WHERE person_id = $1 AND revoked_at IS NULL \
         AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id DESC LIMIT 100",
    )
    .bind(person_id)
    .bind(now.as_microsecond())
    .bind((now - session::IDLE).as_microsecond())
    .fetch_all(db.read())
    .await
}

/// Ends a session of this person. `false` when there is no such living one.
pub async fn revoke_session(tx: &mut Tx, person_id: &str, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE session SET revoked_at = $1 WHERE id = $2 AND person_id = $3 AND revoked_at IS NULL")
            .bind(now.as_microsecond())
            .bind(id)
            .bind(person_id)
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of this person but one.
pub async fn revoke_other_sessions(
    tx: &mut Tx,
    person_id: &str,
    keep: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE session SET revoked_at = $1 WHERE person_id = $2 AND id <> $3 AND revoked_at IS NULL")
        .bind(now.as_microsecond())
        .bind(person_id)
        .bind(keep)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A second factor as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SecondFactor {
    /// The secret in Base32, sealed.
    pub secret_sealed: String,
    /// When its first code was shown; `None` until then.
    pub confirmed_at: Option<i64>,
}

/// A person's second factor.
pub async fn second_factor(db: &Db, person_id: &str) -> Result<Option<SecondFactor>, sqlx::Error> {
    sqlx::query_as("SELECT secret_sealed, confirmed_at FROM second_factor WHERE person_id = $1")
        .bind(person_id)
        .fetch_optional(db.read())
        .await
}

/// Writes an unconfirmed second factor down; nothing changes when there is one.
pub async fn insert_second_factor(
    tx: &mut Tx,
    person_id: &str,
    secret_sealed: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO second_factor (person_id, secret_sealed, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (person_id) DO NOTHING",
    )
    .bind(person_id)
    .bind(secret_sealed)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Uses a time step up, with all before it. `false` when it was used already: a code works once, on all servers.
pub async fn use_factor_step(tx: &mut Tx, person_id: &str, step: i64, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE second_factor SET last_step = $1, confirmed_at = COALESCE(confirmed_at, $2) \
         WHERE person_id = $3 AND last_step < $1",
    )
    .bind(step)
    .bind(now.as_microsecond())
    .bind(person_id)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a session has shown its second factor, and gives it a new token.
pub async fn mark_second_factor(tx: &mut Tx, session_id: &str, token: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE session SET second_factor_at = $1, token_hash = $2 WHERE id = $3")
        .bind(now.as_microsecond())
        .bind(sha256(token))
        .bind(session_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets a person's second factor and what their sessions have shown: the operator's way out when a phone is lost.
pub async fn forget_second_factor(tx: &mut Tx, person_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM second_factor WHERE person_id = $1").bind(person_id).execute(&mut **tx).await?;
    sqlx::query("UPDATE session SET second_factor_at = NULL WHERE person_id = $1")
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

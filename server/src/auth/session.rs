//! Sessions: an opaque token in a cookie, its hash in the database, idle and absolute expiry.

use super::{Actor, Grant, secrets::sha256};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::people::Role;
use axum::http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

/// A session ends after so long without a request…
pub const IDLE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// …and after so long in any case.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24 * 180);
/// Staff sessions idle out sooner: a second factor holds for so long.
pub const SECOND_FACTOR: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often, so that reading pages does not write.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// The cookie's name: `__Host-` binds it to this host and https where there is https.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-linli" } else { "linli" }
}

/// The cookie that carries `token`.
pub fn cookie(https: bool, token: &str) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
        cookie_name(https),
        ABSOLUTE.as_secs()
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookie that forgets the session.
pub fn clear_cookie(https: bool) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(https));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Opens a session for a person and gives its token, which is not kept anywhere.
pub async fn open(tx: &mut Tx, person_id: &str, device: &str, now: Timestamp) -> Result<String, sqlx::Error> {
    let token = clock::token();
    sqlx::query(
        "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
    )
    .bind(clock::new_id(now))
    .bind(sha256(&token))
    .bind(person_id)
    .bind(device)
    .bind(now.as_microsecond())
    .bind((now + ABSOLUTE).as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(token)
}

#[derive(sqlx::FromRow)]
struct Row {
    session_id: String,
    seen_at: i64,
    second_factor_at: Option<i64>,
    person_id: String,
    name: String,
    phone_masked: String,
    community_id: Option<String>,
    building_id: Option<String>,
    demo: i64,
}

/// The person behind a token, unless the session ended. `demo` tells whether the deployment is in demo mode.
pub async fn find(db: &Db, token: &str, now: Timestamp, demo: bool) -> Result<Option<Actor>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT s.id AS session_id, s.seen_at, s.second_factor_at, p.id AS person_id, p.name, p.phone_masked, \
         p.community_id, p.building_id, p.demo \
         FROM session s JOIN person p ON p.id = s.person_id \
         WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3",
    )
    .bind(sha256(token))
    .bind(now.as_microsecond())
    .bind((now - IDLE).as_microsecond())
    .fetch_optional(db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let grants = grants(db, &row.person_id).await?;
    if row.seen_at < (now - SEEN_EVERY).as_microsecond() {
        let mut tx = db.begin().await?;
        sqlx::query("UPDATE session SET seen_at = $1 WHERE id = $2")
            .bind(now.as_microsecond())
            .bind(&row.session_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    let fresh = row.second_factor_at.is_some_and(|at| at > (now - SECOND_FACTOR).as_microsecond());
    Ok(Some(Actor {
        id: row.person_id,
        name: row.name,
        phone_masked: row.phone_masked,
        community_id: row.community_id,
        building_id: row.building_id,
        grants,
        session_id: row.session_id,
        second_factor: fresh || (demo && row.demo == 1),
    }))
}

/// A person's grants.
pub async fn grants(db: &Db, person_id: &str) -> Result<Vec<Grant>, sqlx::Error> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT g.role, o.id, o.path FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
         WHERE g.person_id = $1 ORDER BY g.role, o.path",
    )
    .bind(person_id)
    .fetch_all(db.read())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(role, organisation_id, path)| {
            Role::from_code(&role).map(|role| Grant { role, organisation_id, path })
        })
        .collect())
}

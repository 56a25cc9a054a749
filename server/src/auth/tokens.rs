//! Personal tokens: with one, a person's own program acts for them through the JSON API. A token is shown once, when it is
//! made; the database has its hash. It never does more than its person may do, and only in the rooms that it opens.

use super::{
    Actor,
    secrets::Secrets,
    session::{OwnGrants, own_grants},
};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::people::Scopes;
use jiff::{SignedDuration, Timestamp};

/// How tokens begin, so that one that got into a file or a log is found.
pub const BEGIN: &str = "linlip_";
/// When a token was last used is written down this often.
const USED: SignedDuration = SignedDuration::from_hours(1);

/// A token that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What it opens.
    pub scopes: Scopes,
}

/// A token as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its last letters.
    pub hint: String,
    /// What it opens, as stored.
    pub scopes: String,
    /// Microseconds.
    pub created_at: i64,
    /// Microseconds.
    pub expires_at: i64,
    /// Microseconds, to the hour; 0: never.
    pub last_used_at: i64,
}

/// A token that is to be made.
pub struct NewToken<'a> {
    /// Whose.
    pub person_id: &'a str,
    /// What they call it.
    pub name: &'a str,
    /// What it opens.
    pub scopes: &'a Scopes,
    /// The session in which it is made has shown its second factor.
    pub second_factor: bool,
    /// The key of the form.
    pub form_key: &'a str,
    /// Until when.
    pub expires: Timestamp,
}

/// Makes a token; gives its id and the token itself. `None`: this form has made one before.
pub async fn make(
    tx: &mut Tx,
    secrets: &Secrets,
    new: NewToken<'_>,
    now: Timestamp,
) -> Result<Option<(String, String)>, sqlx::Error> {
    let (id, token) = (clock::new_id(now), format!("{BEGIN}{}", clock::token()));
    let done = sqlx::query(
        "INSERT INTO personal_token (id, person_id, name, token_hash, hint, scopes, second_factor, form_key, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (person_id, form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.person_id)
    .bind(new.name)
    .bind(secrets.key_hash(&token))
    .bind(&token[token.len() - 4..])
    .bind(new.scopes.to_string())
    .bind(i64::from(new.second_factor))
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .bind(new.expires.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some((id, token)))
}

#[derive(sqlx::FromRow)]
struct Found {
    id: String,
    scopes: String,
    shown: i64,
    last_used_at: i64,
    person_id: String,
    name: String,
    phone_masked: String,
    community_id: Option<String>,
    building_id: Option<String>,
    demo: i64,
    #[sqlx(flatten)]
    own: OwnGrants,
}

/// The person behind a token that holds now, with what it opens; writes down that it was used. The second factor that was
/// shown when it was made counts as long as the person still has the same one. `demo`: the deployment is in demo mode.
pub async fn find(
    db: &Db,
    secrets: &Secrets,
    token: &str,
    now: Timestamp,
    demo: bool,
) -> Result<Option<(Actor, Token)>, sqlx::Error> {
    if token.len() > 100 {
        return Ok(None);
    }
    let found: Option<Found> = sqlx::query_as(concat!(
        "SELECT t.id, t.scopes, t.last_used_at, p.id AS person_id, p.name, p.phone_masked, p.community_id, \
         p.building_id, p.demo, CAST(CASE WHEN t.second_factor = 1 AND f.confirmed_at <= t.created_at THEN 1 ELSE 0 END \
         AS BIGINT) AS shown, ",
        own_grants!(),
        " FROM personal_token t JOIN person p ON p.id = t.person_id \
         LEFT JOIN second_factor f ON f.person_id = p.id \
         WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2",
    ))
    .bind(secrets.key_hash(token))
    .bind(now.as_microsecond())
    .fetch_optional(db.read())
    .await?;
    let Some(row) = found else { return Ok(None) };
    if row.last_used_at < (now - USED).as_microsecond() {
        let mut tx = db.begin().await?;
        sqlx::query("UPDATE personal_token SET last_used_at = $2 WHERE id = $1")
            .bind(&row.id)
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    let actor = Actor {
        grants: row.own.grants(db, &row.person_id, now).await?,
        id: row.person_id,
        name: row.name,
        phone_masked: row.phone_masked,
        community_id: row.community_id,
        building_id: row.building_id,
        session_id: String::new(),
        second_factor: row.shown == 1 || (demo && row.demo == 1),
    };
    Ok(Some((actor, Token { id: row.id, scopes: Scopes::parse(&row.scopes) })))
}

/// A person's tokens that hold, the newest first.
pub async fn of_person(db: &Db, person_id: &str, now: Timestamp) -> Result<Vec<TokenRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, name, hint, scopes, created_at, expires_at, last_used_at FROM personal_token \
         WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id DESC",
    )
    .bind(person_id)
    .bind(now.as_microsecond())
    .fetch_all(db.read())
    .await
}

/// Ends all of a person's tokens.
pub async fn revoke_all(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE personal_token SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL")
        .bind(person_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Ends one of a person's tokens. Gives whether there was one that had not been ended.
pub async fn revoke(tx: &mut Tx, person_id: &str, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE personal_token SET revoked_at = $3 WHERE id = $1 AND person_id = $2 AND revoked_at IS NULL",
    )
    .bind(id)
    .bind(person_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

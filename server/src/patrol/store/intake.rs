//! Findings, until a person has looked.

use crate::{
    clock,
    db::{Db, Tx, dialect, real},
};
use app::{patrol::intake::IntakeState, reports::place::Position};
use jiff::Timestamp;

/// What a photo of a finding belongs to, see [`crate::photos::store::Photo::owner_kind`].
pub const OF_INTAKE: &str = "intake";

/// A finding.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Finding {
    /// Id.
    pub id: String,
    /// Id of the key with which it came in.
    pub key_id: String,
    /// Name of the system.
    pub system: String,
    /// `vehicle`, `camera` or `sensor`.
    pub source: String,
    /// The system's own number.
    pub foreign_code: String,
    /// Hash of what was sent.
    pub fingerprint: String,
    /// Id of the community.
    pub community_id: String,
    /// Path of the grid or the community.
    pub path: String,
    /// Code of the kind.
    pub category: String,
    /// Chinese name of the kind.
    pub category_name: String,
    /// English name of the kind.
    pub category_name_en: String,
    /// Id of the grid, where it lies in one.
    pub grid_id: Option<String>,
    /// Chinese name of the place: grid or community.
    pub place_name: String,
    /// English name of the place.
    pub place_name_en: String,
    /// What it is, in the system's words.
    pub description: String,
    /// The place in words.
    pub place: String,
    /// WGS-84.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Percent.
    pub confidence: i64,
    /// When it was found.
    pub found_at: i64,
    /// When it came in.
    pub received_at: i64,
    /// What became of it.
    pub state: String,
    /// Code of the report.
    pub report_code: String,
    /// Why it was refused.
    pub reason: String,
}

impl Finding {
    /// What became of it.
    pub fn state(&self) -> IntakeState {
        IntakeState::from_code(&self.state)
    }

    /// Where.
    pub fn position(&self) -> Option<Position> {
        self.longitude.zip(self.latitude).map(|(longitude, latitude)| Position { longitude, latitude })
    }
}

const SELECT: &str = "SELECT i.id, i.key_id, k.name AS system, i.source, i.foreign_code, i.fingerprint, i.community_id, i.path, \
    i.category, c.name AS category_name, c.name_en AS category_name_en, CASE WHEN o.kind = 'grid' THEN o.id END AS grid_id, o.name AS place_name, o.name_en AS place_name_en, \
    i.description, i.place, i.longitude, i.latitude, i.confidence, i.found_at, i.received_at, i.state, i.report_code, i.reason \
    FROM intake i JOIN integration_key k ON k.id = i.key_id JOIN category c ON c.code = i.category \
    JOIN organisation o ON o.path = i.path";

/// The finding with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Finding>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE i.id = $1"))).bind(id).fetch_optional(db.read()).await
}

/// The finding that a system sent under this number.
pub async fn by_foreign(db: &Db, key_id: &str, foreign: &str) -> Result<Option<Finding>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE i.key_id = $1 AND i.foreign_code = $2")))
        .bind(key_id)
        .bind(foreign)
        .fetch_optional(db.read())
        .await
}

/// Findings of these subtrees that wait, or that were decided; newest first, beginning after a received instant and an id.
pub async fn list(
    db: &Db,
    scopes: &[&str],
    open: bool,
    after: Option<(i64, &str)>,
    limit: usize,
) -> Result<Vec<Finding>, sqlx::Error> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> =
        (0..scopes.len()).map(|n| format!("substr(i.path, 1, length(${})) = ${}", n + 4, n + 4)).collect();
    let within = if open { "IN" } else { "NOT IN" };
    let sql = format!(
        "{SELECT} WHERE i.state {within} ('waiting', 'filing') AND ({}) \
         AND (i.received_at < $1 OR (i.received_at = $1 AND i.id < $2)) ORDER BY i.received_at DESC, i.id DESC LIMIT $3",
        places.join(" OR ")
    );
    let (at, id) = after.unwrap_or((i64::MAX, ""));
    let mut query =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(at).bind(id).bind(i64::try_from(limit).unwrap_or(i64::MAX));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// How many wait in these subtrees.
pub async fn waiting(db: &Db, scopes: &[&str]) -> Result<i64, sqlx::Error> {
    if scopes.is_empty() {
        return Ok(0);
    }
    // One scope may lie in another.
    let under: Vec<String> = (1..=scopes.len()).map(|n| format!("substr(path, 1, length(${n})) = ${n}")).collect();
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM intake WHERE state IN ('waiting', 'filing') AND ({})",
        under.join(" OR ")
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    let (count,): (i64,) = query.fetch_one(db.read()).await?;
    Ok(count)
}

/// A finding to be written down.
pub struct New<'a> {
    /// Id of the key.
    pub key_id: &'a str,
    /// What found it.
    pub source: &'a str,
    /// The system's number.
    pub foreign_code: &'a str,
    /// Hash of what was sent.
    pub fingerprint: &'a str,
    /// Id of the community, and the path of the grid or the community.
    pub place: (&'a str, &'a str),
    /// Code of the kind.
    pub category: &'a str,
    /// What it is.
    pub description: &'a str,
    /// The place in words.
    pub place_text: &'a str,
    /// Where.
    pub position: Option<Position>,
    /// Percent.
    pub confidence: i64,
    /// When it was found.
    pub found_at: Timestamp,
}

/// Writes a finding down; gives its id, or `None` when its number came before.
pub async fn insert(tx: &mut Tx, new: New<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO intake (id, key_id, source, foreign_code, fingerprint, community_id, path, category, description, place, \
         longitude, latitude, confidence, found_at, received_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         CAST($11 AS DOUBLE PRECISION), CAST($12 AS DOUBLE PRECISION), $13, $14, $15, 'waiting') \
         ON CONFLICT (key_id, foreign_code) DO NOTHING",
    )
    .bind(&id)
    .bind(new.key_id)
    .bind(new.source)
    .bind(new.foreign_code)
    .bind(new.fingerprint)
    .bind(new.place.0)
    .bind(new.place.1)
    .bind(new.category)
    .bind(new.description)
    .bind(new.place_text)
    .bind(real(new.position.map(|position| position.longitude)))
    .bind(real(new.position.map(|position| position.latitude)))
    .bind(new.confidence)
    .bind(new.found_at.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Ids of a finding's photos, in order.
pub async fn photos(db: &Db, id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM photo WHERE owner_kind = $1 AND owner_id = $2 ORDER BY position")
            .bind(OF_INTAKE)
            .bind(id)
            .fetch_all(db.read())
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Begins to make a report of a finding: its photos belong to nothing until the report has them. Gives their ids in order, or
/// `None` when it was decided otherwise. Begun before and not ended, it begins again with the photos of then.
pub async fn begin(tx: &mut Tx, engine: crate::db::Engine, id: &str) -> Result<Option<Vec<String>>, sqlx::Error> {
    dialect::lock_key(engine, tx, &format!("intake:{id}")).await?;
    let done = sqlx::query(
        "UPDATE intake SET filings = CASE WHEN state = 'waiting' THEN 1 ELSE filings + 1 END, state = 'filing' \
         WHERE id = $1 AND state IN ('waiting', 'filing')",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM photo WHERE (owner_kind = $1 AND owner_id = $2) OR (owner_id IS NULL AND owner_kind = $3) \
         ORDER BY position",
    )
    .bind(OF_INTAKE)
    .bind(id)
    .bind(loose(id))
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query("UPDATE photo SET owner_kind = $3, owner_id = NULL WHERE owner_kind = $1 AND owner_id = $2")
        .bind(OF_INTAKE)
        .bind(id)
        .bind(loose(id))
        .execute(&mut **tx)
        .await?;
    Ok(Some(rows.into_iter().map(|(id,)| id).collect()))
}

/// The mark of photos that are on their way from a finding to its report.
fn loose(id: &str) -> String {
    format!("{OF_INTAKE}:{id}")
}

/// Takes back what one [`begin`] did. Only when nobody else has begun does the finding wait again: what others have begun may be a
/// report already.
pub async fn back(tx: &mut Tx, engine: crate::db::Engine, id: &str) -> Result<(), sqlx::Error> {
    dialect::lock_key(engine, tx, &format!("intake:{id}")).await?;
    sqlx::query("UPDATE intake SET filings = filings - 1 WHERE id = $1 AND state = 'filing' AND filings > 0")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    let done = sqlx::query("UPDATE intake SET state = 'waiting' WHERE id = $1 AND state = 'filing' AND filings = 0")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query("UPDATE photo SET owner_kind = $1, owner_id = $2 WHERE owner_kind = $3 AND owner_id IS NULL")
        .bind(OF_INTAKE)
        .bind(id)
        .bind(loose(id))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Decides on a finding that is in state `from`. Returns whether it was.
pub async fn decide(
    tx: &mut Tx,
    id: &str,
    (from, to): (IntakeState, IntakeState),
    (report, reason): (&str, &str),
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE intake SET state = $3, report_code = $4, reason = $5, decided_by = $6, decided_at = $7 \
         WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from.code())
    .bind(to.code())
    .bind(report)
    .bind(reason)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Path of the finding that a photo belongs to.
pub async fn path_of_photo(db: &Db, id: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT path FROM intake WHERE id = $1").bind(id).fetch_optional(db.read()).await?;
    Ok(row.map(|(path,)| path))
}

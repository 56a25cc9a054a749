//! Reports are written down and changed.

use crate::db::{Tx, real};
use app::reports::State;
use jiff::Timestamp;

/// A report to be written down.
pub struct NewReport<'a> {
    /// Id.
    pub id: &'a str,
    /// What the resident keeps.
    pub code: &'a str,
    /// One key, one report.
    pub key: &'a str,
    /// Hash of what was sent.
    pub fingerprint: &'a str,
    /// Community.
    pub community_id: &'a str,
    /// Grid, if known.
    pub grid_id: Option<&'a str>,
    /// Building, if chosen.
    pub building_id: Option<&'a str>,
    /// Landmark, if chosen instead.
    pub landmark_id: Option<&'a str>,
    /// Path of the finest of community, grid and building.
    pub path: &'a str,
    /// The place in words.
    pub place_text: &'a str,
    /// WGS-84 longitude and latitude.
    pub position: Option<(f64, f64)>,
    /// Code of the category.
    pub category: &'a str,
    /// What is wrong there.
    pub description: &'a str,
    /// How it came in.
    pub channel: &'a str,
    /// Who files it.
    pub reporter_id: Option<&'a str>,
    /// Hash of the device of a reporter without an account.
    pub reporter_device: &'a str,
    /// Handlers do not learn the name.
    pub name_hidden: bool,
    /// Nobody learns the name.
    pub unknown_to_staff: bool,
    /// Sealed telephone number and as shown.
    pub contact: Option<(&'a str, &'a str)>,
    /// From whom a call was handed over, as stored.
    pub transferred_from: &'a str,
    /// The number that the other side gave it.
    pub foreign_code: &'a str,
    /// Sealed name of a caller and as shown.
    pub caller: Option<(&'a str, &'a str)>,
    /// By when it is to be dealt with.
    pub due: Option<Timestamp>,
    /// The grid worker who solved it where they found it: it is handled, by them.
    pub solved_by: Option<&'a str>,
}

/// Writes a report down, submitted, without its first event. Returns whether it did: not when the key or code is taken.
pub async fn insert(tx: &mut Tx, report: NewReport<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (sealed, masked) = report.contact.unzip();
    let (caller_sealed, caller_masked) = report.caller.unzip();
    let (longitude, latitude) = report.position.unzip();
    let done = sqlx::query(
        "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, grid_id, building_id, path, \
         place_text, longitude, latitude, category, description, channel, reporter_id, reporter_device, name_hidden, \
         unknown_to_staff, contact_sealed, contact_masked, state, filed_at, due_at, changed_at, version, owner_id, handled_by, solved_on_spot, \
         transferred_from, foreign_code, caller_sealed, caller_masked, landmark_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CAST($10 AS DOUBLE PRECISION), CAST($11 AS DOUBLE PRECISION), $12, \
         $13, $14, $15, $16, $17, $18, $19, $20, $23, $21, $22, $21, 1, $24, $24, $25, $26, $27, $28, $29, $30) ON CONFLICT DO NOTHING",
    )
    .bind(report.id)
    .bind(report.code)
    .bind(report.key)
    .bind(report.fingerprint)
    .bind(report.community_id)
    .bind(report.grid_id)
    .bind(report.building_id)
    .bind(report.path)
    .bind(report.place_text)
    .bind(real(longitude))
    .bind(real(latitude))
    .bind(report.category)
    .bind(report.description)
    .bind(report.channel)
    .bind(report.reporter_id)
    .bind(report.reporter_device)
    .bind(i64::from(report.name_hidden))
    .bind(i64::from(report.unknown_to_staff))
    .bind(sealed)
    .bind(masked.unwrap_or_default())
    .bind(now.as_microsecond())
    .bind(report.due.map(Timestamp::as_microsecond))
    .bind(if report.solved_by.is_some() { State::Handled } else { State::Submitted }.code())
    .bind(report.solved_by)
    .bind(i64::from(report.solved_by.is_some()))
    .bind(report.transferred_from)
    .bind(report.foreign_code)
    .bind(caller_sealed)
    .bind(caller_masked.unwrap_or_default())
    .bind(report.landmark_id)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a step makes of a report.
pub struct Change<'a> {
    /// The report.
    pub id: &'a str,
    /// The state it is expected in.
    pub from: State,
    /// The number of its last event, as the actor saw it.
    pub version: i64,
    /// The new state.
    pub to: State,
    /// The new owner.
    pub owner_id: Option<&'a str>,
    /// Who finished it.
    pub handled_by: Option<&'a str>,
    /// Who verified it.
    pub verified_by: Option<&'a str>,
    /// Failed verifications to add.
    pub reworks: i64,
    /// Returns to add.
    pub returns: i64,
    /// Reopenings to add: what the reporter said of the first end goes.
    pub reopened: i64,
}

/// Changes a report if it still is as the actor saw it. Returns the number of the event to write, or `None` when
/// somebody was quicker.
pub async fn change(tx: &mut Tx, change: Change<'_>, now: Timestamp) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE report SET state = $1, owner_id = $2, handled_by = $3, verified_by = $4, reworks = reworks + $5, \
         changed_at = $6, closed_at = CASE WHEN $1 = $9 THEN closed_at ELSE $7 END, version = version + 1, \
         returns = returns + $11, reopened = reopened + $12, \
         confirmed_at = CASE WHEN $12 > 0 THEN NULL ELSE confirmed_at END, \
         stars = CASE WHEN $12 > 0 THEN NULL ELSE stars END, \
         stars_reason = CASE WHEN $12 > 0 THEN '' ELSE stars_reason END, \
         rated_at = CASE WHEN $12 > 0 THEN NULL ELSE rated_at END, \
         stars_answer = CASE WHEN $12 > 0 THEN '' ELSE stars_answer END, \
         stars_answered_by = CASE WHEN $12 > 0 THEN NULL ELSE stars_answered_by END, \
         stars_answered_at = CASE WHEN $12 > 0 THEN NULL ELSE stars_answered_at END \
         WHERE id = $8 AND state = $9 AND version = $10 RETURNING version",
    )
    .bind(change.to.code())
    .bind(change.owner_id)
    .bind(change.handled_by)
    .bind(change.verified_by)
    .bind(change.reworks)
    .bind(now.as_microsecond())
    .bind(change.to.is_over().then(|| now.as_microsecond()))
    .bind(change.id)
    .bind(change.from.code())
    .bind(change.version)
    .bind(change.returns)
    .bind(change.reopened)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(version,)| version))
}

/// Writes the reporter's words anew; with `early` only while nobody has looked. Returns whether it did.
pub async fn set_description(tx: &mut Tx, id: &str, text: &str, early: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE report SET description = $1, place_text = CASE WHEN $3 = 0 THEN '' ELSE place_text END, \
         stars_reason = CASE WHEN $3 = 0 THEN '' ELSE stars_reason END \
         WHERE id = $2 AND ($3 = 0 OR state = 'submitted')",
    )
    .bind(text)
    .bind(id)
    .bind(i64::from(early))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

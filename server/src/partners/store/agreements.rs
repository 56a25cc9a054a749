//! Partners and agreements in the database.

use super::{day, under_any};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::partners::{PartnerKind, agreement::Standing};
use jiff::{Timestamp, civil::Date};

/// A partner.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Partner {
    /// Id.
    pub id: String,
    /// Path of its community.
    pub path: String,
    /// Code of its community.
    pub community: String,
    /// Name of its community.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Name.
    pub name: String,
    kind: String,
    /// Whom to call there.
    pub contact_name: String,
    /// Their number, sealed; may be empty.
    pub contact_sealed: String,
    /// The same as shown.
    pub contact_masked: String,
    /// The lock.
    pub version: i64,
}

impl Partner {
    /// What it is.
    pub fn kind(&self) -> PartnerKind {
        PartnerKind::from_code(&self.kind).unwrap_or(PartnerKind::Other)
    }
}

const PARTNER: &str = "SELECT p.id, o.path, o.code AS community, o.name AS place, o.name_en AS place_en, p.name, p.kind, \
    p.contact_name, p.contact_sealed, p.contact_masked, p.version FROM partner p JOIN organisation o ON o.id = p.community_id";

/// The partner with this id.
pub async fn partner(db: &Db, id: &str) -> Result<Option<Partner>, sqlx::Error> {
    let sql = format!("{PARTNER} WHERE p.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Partners in these scopes by name, at most 500.
pub async fn partners(db: &Db, scopes: &[&str]) -> Result<Vec<Partner>, sqlx::Error> {
    let sql = format!("{PARTNER} WHERE {} ORDER BY o.path, p.name, p.id LIMIT 500", under_any(scopes, 1));
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// What is kept of a partner.
pub struct PartnerData<'a> {
    /// Name.
    pub name: &'a str,
    /// What it is.
    pub kind: PartnerKind,
    /// Whom to call.
    pub contact_name: &'a str,
    /// Their number, sealed and masked; `None` leaves it as it is.
    pub contact: Option<(&'a str, &'a str)>,
}

/// Writes a partner; the id of the one that this form made before, if it did.
pub async fn insert_partner(
    tx: &mut Tx,
    community_id: &str,
    data: PartnerData<'_>,
    (form_key, by): (&str, &str),
    now: Timestamp,
) -> Result<(String, bool), sqlx::Error> {
    let id = clock::new_id(now);
    let (sealed, masked) = data.contact.unwrap_or_default();
    let done = sqlx::query(
        "INSERT INTO partner (id, community_id, name, kind, contact_name, contact_sealed, contact_masked, form_key, \
         created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(community_id)
    .bind(data.name)
    .bind(data.kind.code())
    .bind(data.contact_name)
    .bind(sealed)
    .bind(masked)
    .bind(form_key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok((id, true));
    }
    let (id,): (String,) =
        sqlx::query_as("SELECT id FROM partner WHERE form_key = $1").bind(form_key).fetch_one(&mut **tx).await?;
    Ok((id, false))
}

/// Changes a partner that still is as the reader saw it.
pub async fn set_partner(tx: &mut Tx, (id, version): (&str, i64), data: PartnerData<'_>) -> Result<bool, sqlx::Error> {
    let (sealed, masked) = data.contact.unwrap_or_default();
    let done = sqlx::query(
        "UPDATE partner SET name = $3, kind = $4, contact_name = $5, \
         contact_sealed = CASE WHEN $8 = 1 THEN $6 ELSE contact_sealed END, \
         contact_masked = CASE WHEN $8 = 1 THEN $7 ELSE contact_masked END, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(data.name)
    .bind(data.kind.code())
    .bind(data.contact_name)
    .bind(sealed)
    .bind(masked)
    .bind(i64::from(data.contact.is_some()))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An agreement with its partner.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Agreement {
    /// Id.
    pub id: String,
    /// Its partner.
    pub partner_id: String,
    /// Name of the partner.
    pub partner: String,
    /// Path of the community.
    pub path: String,
    /// Name of the community.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// What it is about.
    pub title: String,
    from_day: String,
    until_day: String,
    /// What the community gives.
    pub community_gives: String,
    /// What the partner gives.
    pub partner_gives: String,
    /// When it was ended before its time.
    pub ended_day: Option<String>,
    /// Why.
    pub ended_reason: String,
    /// The lock.
    pub version: i64,
    /// Tasks that are to be done.
    pub open: i64,
    /// The day by which the next of them is due.
    pub next_day: Option<String>,
}

impl Agreement {
    /// Its first and last day.
    pub fn span(&self) -> (Date, Date) {
        (day(&self.from_day), day(&self.until_day))
    }
    /// Where it stands.
    pub fn standing(&self, today: Date) -> Standing {
        Standing::of(self.span(), self.ended_day.is_some(), today)
    }
}

const AGREEMENT: &str = "SELECT a.id, a.partner_id, p.name AS partner, o.path, o.name AS place, o.name_en AS place_en, a.title, \
    a.from_day, a.until_day, a.community_gives, a.partner_gives, a.ended_day, a.ended_reason, a.version, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM partner_task k WHERE k.agreement_id = a.id AND k.state = 'open') AS open, \
    (SELECT MIN(k.due_day) FROM partner_task k WHERE k.agreement_id = a.id AND k.state = 'open') AS next_day \
    FROM partner_agreement a JOIN partner p ON p.id = a.partner_id JOIN organisation o ON o.id = p.community_id";

/// The agreement with this id.
pub async fn agreement(db: &Db, id: &str) -> Result<Option<Agreement>, sqlx::Error> {
    let sql = format!("{AGREEMENT} WHERE a.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Agreements with a partner, the latest first.
pub async fn of_partner(db: &Db, partner_id: &str) -> Result<Vec<Agreement>, sqlx::Error> {
    let sql = format!("{AGREEMENT} WHERE a.partner_id = $1 ORDER BY a.until_day DESC, a.id DESC LIMIT 200");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(partner_id).fetch_all(db.read()).await
}

/// Agreements in these scopes: those in force first, by the day on which they end; at most 500.
pub async fn agreements(db: &Db, scopes: &[&str], today: Date) -> Result<Vec<Agreement>, sqlx::Error> {
    let sql = format!(
        "{AGREEMENT} WHERE ({}) ORDER BY CASE WHEN a.ended_day IS NULL AND a.until_day >= $1 THEN 0 ELSE 1 END, \
         a.until_day, a.id LIMIT 500",
        under_any(scopes, 2)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(today.to_string());
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// What is kept of an agreement.
pub struct AgreementData<'a> {
    /// What it is about.
    pub title: &'a str,
    /// First and last day.
    pub span: (Date, Date),
    /// What the community gives, and the partner.
    pub gives: (&'a str, &'a str),
}

/// Writes an agreement; the id of the one that this form made before, if it did.
pub async fn insert_agreement(
    tx: &mut Tx,
    partner_id: &str,
    data: AgreementData<'_>,
    (form_key, by): (&str, &str),
    now: Timestamp,
) -> Result<(String, bool), sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO partner_agreement (id, partner_id, title, from_day, until_day, community_gives, partner_gives, \
         form_key, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(partner_id)
    .bind(data.title)
    .bind(data.span.0.to_string())
    .bind(data.span.1.to_string())
    .bind(data.gives.0)
    .bind(data.gives.1)
    .bind(form_key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok((id, true));
    }
    let (id,): (String,) = sqlx::query_as("SELECT id FROM partner_agreement WHERE form_key = $1")
        .bind(form_key)
        .fetch_one(&mut **tx)
        .await?;
    Ok((id, false))
}

/// Changes an agreement that still is as the reader saw it and was not ended.
pub async fn set_agreement(
    tx: &mut Tx,
    (id, version): (&str, i64),
    data: AgreementData<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE partner_agreement SET title = $3, from_day = $4, until_day = $5, community_gives = $6, \
         partner_gives = $7, version = version + 1 WHERE id = $1 AND version = $2 AND ended_day IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(data.title)
    .bind(data.span.0.to_string())
    .bind(data.span.1.to_string())
    .bind(data.gives.0)
    .bind(data.gives.1)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an agreement before its time; what is open under it is dropped for the same reason. Returns whether it did.
pub async fn end_agreement(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (by, reason): (&str, &str),
    (today, now): (Date, Timestamp),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE partner_agreement SET ended_day = $3, ended_reason = $4, ended_by = $5, version = version + 1 \
         WHERE id = $1 AND version = $2 AND ended_day IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(today.to_string())
    .bind(reason)
    .bind(by)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE partner_task SET state = 'dropped', note = $2, settled_by = $3, settled_at = $4, version = version + 1 \
         WHERE agreement_id = $1 AND state = 'open'",
    )
    .bind(id)
    .bind(reason)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

/// Agreements of all communities that end on one of these days, at most 500.
pub async fn ending_everywhere(db: &Db, (from, until): (Date, Date)) -> Result<Vec<Agreement>, sqlx::Error> {
    let sql = format!(
        "{AGREEMENT} WHERE a.ended_day IS NULL AND a.until_day >= $1 AND a.until_day <= $2 ORDER BY a.until_day, a.id \
         LIMIT 500"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(from.to_string()).bind(until.to_string()).fetch_all(db.read()).await
}

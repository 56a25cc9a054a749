//! The organisation tree in the database.

use crate::db::{Db, Tx, real};

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganisationKind {
    /// 区
    District,
    /// 街道
    Subdistrict,
    /// 社区
    Community,
    /// 网格
    Grid,
    /// 楼栋
    Building,
}

impl OrganisationKind {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            OrganisationKind::District => "district",
            OrganisationKind::Subdistrict => "subdistrict",
            OrganisationKind::Community => "community",
            OrganisationKind::Grid => "grid",
            OrganisationKind::Building => "building",
        }
    }

    /// What stands directly above; nothing above a district.
    pub fn above(self) -> Option<OrganisationKind> {
        match self {
            OrganisationKind::District => None,
            OrganisationKind::Subdistrict => Some(OrganisationKind::District),
            OrganisationKind::Community => Some(OrganisationKind::Subdistrict),
            OrganisationKind::Grid => Some(OrganisationKind::Community),
            OrganisationKind::Building => Some(OrganisationKind::Grid),
        }
    }
}

/// One organisation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Organisation {
    /// Id.
    pub id: String,
    /// Kind, as stored.
    pub kind: String,
    /// Code in addresses.
    pub code: String,
    /// Id of the organisation above.
    pub parent_id: Option<String>,
    /// Codes from the root, each ended by `/`.
    pub path: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Hotline, may be empty.
    pub phone: String,
    /// Address, may be empty.
    pub address: String,
    /// English address, may be empty.
    pub address_en: String,
    /// Households in it; buildings only.
    pub households: i64,
    /// WGS-84.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// JSON array of [longitude, latitude]; grids only.
    pub outline: Option<String>,
    /// Order among its siblings.
    pub position: i64,
}

/// The columns of an [`Organisation`] `o`; named, since with `*` PostgreSQL would refuse a prepared statement after a newer
/// server has added one.
macro_rules! columns {
    () => {
        "o.id, o.kind, o.code, o.parent_id, o.path, o.name, o.name_en, o.phone, o.address, o.address_en, \
         o.households, o.longitude, o.latitude, o.outline, o.position"
    };
}
pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM organisation o ", $rest)
    };
}

/// The organisation with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as(select!("WHERE o.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// The organisation with this code, of any kind.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as(select!("WHERE o.code = $1")).bind(code).fetch_optional(db.read()).await
}

/// The community with this code.
pub async fn community_by_code(db: &Db, code: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as(select!("WHERE o.code = $1 AND o.kind = 'community'")).bind(code).fetch_optional(db.read()).await
}

/// All organisations of a kind whose path begins with `path` (all of them for an empty one), in tree order. Grids that have ended are
/// not among them.
pub async fn under(db: &Db, path: &str, kind: OrganisationKind) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as(select!(
        "LEFT JOIN organisation p ON p.id = o.parent_id \
             WHERE o.kind = $1 AND o.ended_on IS NULL AND substr(o.path, 1, length($2)) = $2 \
             ORDER BY COALESCE(p.position, 0), p.path, o.position, o.code"
    ))
    .bind(kind.code())
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// Adds an organisation.
pub async fn insert(tx: &mut Tx, organisation: &Organisation) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO organisation (id, kind, code, parent_id, path, name, name_en, phone, address, address_en, \
         households, longitude, latitude, outline, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CAST($12 AS DOUBLE PRECISION), \
         CAST($13 AS DOUBLE PRECISION), $14, $15)",
    )
    .bind(&organisation.id)
    .bind(&organisation.kind)
    .bind(&organisation.code)
    .bind(&organisation.parent_id)
    .bind(&organisation.path)
    .bind(&organisation.name)
    .bind(&organisation.name_en)
    .bind(&organisation.phone)
    .bind(&organisation.address)
    .bind(&organisation.address_en)
    .bind(organisation.households)
    .bind(real(organisation.longitude))
    .bind(real(organisation.latitude))
    .bind(&organisation.outline)
    .bind(organisation.position)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives a place its outline: closed corners of [longitude, latitude].
pub async fn set_outline(tx: &mut Tx, id: &str, corners: &[[f64; 2]]) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE organisation SET outline = $2 WHERE id = $1")
        .bind(id)
        .bind(serde_json::json!(corners).to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Gives a place its point.
pub async fn set_position(tx: &mut Tx, id: &str, [longitude, latitude]: [f64; 2]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE organisation SET longitude = CAST($2 AS DOUBLE PRECISION), latitude = CAST($3 AS DOUBLE PRECISION) \
         WHERE id = $1",
    )
    .bind(id)
    .bind(real(Some(longitude)))
    .bind(real(Some(latitude)))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A job as the operator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct JobEntry {
    /// Kind.
    pub kind: String,
    /// `dead`, `running` or `queued`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it runs next, in microseconds.
    pub run_at: i64,
    /// Why it failed last, may be empty.
    pub last_error: String,
}

/// Jobs that are not done, the dead ones first, at most 200.
pub async fn open_jobs(db: &Db) -> Result<Vec<JobEntry>, sqlx::Error> {
    sqlx::query_as(
        "SELECT kind, state, attempts, run_at, last_error FROM job WHERE state <> 'done' \
         ORDER BY CASE state WHEN 'dead' THEN 0 WHEN 'running' THEN 1 ELSE 2 END, run_at, id LIMIT 200",
    )
    .fetch_all(db.read())
    .await
}

/// An entry of the audit log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AuditEntry {
    /// Id; ids are in order of time.
    pub id: String,
    /// When, in microseconds.
    pub at: i64,
    /// `person`, `visitor`, `system` or `operator`.
    pub actor_kind: String,
    /// The person's name, may be empty.
    pub actor_name: String,
    /// What.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// Id of the object.
    pub object_id: String,
    /// More, as JSON.
    pub detail: String,
}

/// One page of the audit log shows so many entries.
pub const AUDIT_PAGE: i64 = 100;

/// Entries before the one with this id (the newest for an empty id), newest first.
pub async fn audit_before(db: &Db, before: &str) -> Result<Vec<AuditEntry>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, a.at, a.actor_kind, COALESCE(p.name, '') AS actor_name, a.action, a.object_kind, a.object_id, \
         a.detail FROM audit_log a LEFT JOIN person p ON p.id = a.actor_id \
         WHERE ($1 = '' OR a.id < $1) ORDER BY a.id DESC LIMIT $2",
    )
    .bind(before)
    .bind(AUDIT_PAGE)
    .fetch_all(db.read())
    .await
}

//! Reports as GeoReport names them.

use crate::{
    db::Db,
    reports::conditions::{Conditions, bound, by_ids},
};
use app::reports::State;
use jiff::Timestamp;

/// A report.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Request {
    /// Id.
    pub id: String,
    /// Its code, the `service_request_id`.
    pub code: String,
    /// State, as stored.
    pub state: String,
    /// Path of its place.
    pub path: String,
    /// Who filed it, where that was a device or a system.
    pub reporter_device: String,
    /// Its words, for those who may read them.
    pub description: String,
    /// Microseconds.
    pub filed_at: i64,
    /// Microseconds.
    pub changed_at: i64,
    /// Microseconds.
    pub closed_at: Option<i64>,
    /// Microseconds.
    pub due_at: Option<i64>,
    /// Code of the category.
    pub category: String,
    /// Chinese name of the category.
    pub category_name: String,
    /// English name of the category.
    pub category_name_en: String,
    /// Chinese name of the community.
    pub community_name: String,
    /// English name of the community.
    pub community_name_en: String,
    /// Position of the community.
    pub community_longitude: Option<f64>,
    /// Position of the community.
    pub community_latitude: Option<f64>,
    /// Chinese name of the grid.
    pub grid_name: Option<String>,
    /// English name of the grid.
    pub grid_name_en: Option<String>,
    /// Outline of the grid.
    pub grid_outline: Option<String>,
    /// Code of the building or landmark.
    pub building_code: Option<String>,
    /// Chinese name of the building or landmark.
    pub building_name: Option<String>,
    /// English name of the building or landmark.
    pub building_name_en: Option<String>,
    /// Position of the building or landmark.
    pub building_longitude: Option<f64>,
    /// Position of the building or landmark.
    pub building_latitude: Option<f64>,
    /// Unit of the owner.
    pub owner_unit: Option<String>,
    /// Unit of the owner in English.
    pub owner_unit_en: Option<String>,
    /// First photo that staff released.
    pub photo: Option<String>,
    /// The newest words for everybody of those who work on it.
    pub said: Option<String>,
}

impl Request {
    /// The state. The database knows no other than these.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Submitted)
    }
}

const SELECT: &str = "SELECT r.id, r.code, r.state, r.path, r.reporter_device, r.description, r.filed_at, r.changed_at, \
    r.closed_at, r.due_at, r.category, k.name AS category_name, k.name_en AS category_name_en, \
    c.name AS community_name, c.name_en AS community_name_en, c.longitude AS community_longitude, \
    c.latitude AS community_latitude, g.name AS grid_name, g.name_en AS grid_name_en, g.outline AS grid_outline, \
    COALESCE(b.code, l.code) AS building_code, COALESCE(b.name, l.name) AS building_name, \
    COALESCE(b.name_en, l.name_en) AS building_name_en, COALESCE(b.longitude, l.longitude) AS building_longitude, \
    COALESCE(b.latitude, l.latitude) AS building_latitude, o.unit AS owner_unit, \
    o.unit_en AS owner_unit_en, \
    (SELECT f.id FROM photo f WHERE f.owner_kind = 'report' AND f.owner_id = r.id AND f.released = 1 \
     ORDER BY f.position LIMIT 1) AS photo, \
    (SELECT e.public_text FROM report_event e WHERE e.report_id = r.id AND e.public_text <> '' \
     AND e.actor_kind <> 'reporter' ORDER BY e.seq DESC LIMIT 1) AS said \
    FROM report r JOIN category k ON k.code = r.category JOIN organisation c ON c.id = r.community_id \
    LEFT JOIN organisation g ON g.id = r.grid_id LEFT JOIN organisation b ON b.id = r.building_id \
    LEFT JOIN landmark l ON l.id = r.landmark_id \
    LEFT JOIN person o ON o.id = r.owner_id";

/// States in which a request is closed.
const OVER: &str = "'closed', 'rejected', 'withdrawn', 'merged'";

/// What a list asks for. Empty lists ask for everything.
pub struct Wish {
    /// Id of a community.
    pub community_id: Option<String>,
    /// Codes of categories.
    pub categories: Vec<String>,
    /// Filed from this moment on.
    pub from: Timestamp,
    /// Filed before or at this moment.
    pub to: Timestamp,
    /// `Some(true)`: open ones, `Some(false)`: closed ones.
    pub open: Option<bool>,
}

/// At most `size` reports after the first `skip`, newest first. What was taken back or merged is not among them.
pub async fn list(db: &Db, wish: &Wish, (skip, size): (i64, i64)) -> Result<Vec<Request>, sqlx::Error> {
    let mut conditions = Conditions::default();
    if let Some(community) = &wish.community_id {
        let community = conditions.text(community);
        conditions.sql.push(format!("r.community_id = {community}"));
    }
    if !wish.categories.is_empty() {
        let codes: Vec<String> = wish.categories.iter().map(|code| conditions.text(code)).collect();
        conditions.sql.push(format!("r.category IN ({})", codes.join(", ")));
    }
    conditions.sql.push(match wish.open {
        Some(true) => format!("r.state NOT IN ({OVER})"),
        Some(false) => "r.state IN ('closed', 'rejected')".to_owned(),
        None => "r.state NOT IN ('withdrawn', 'merged')".to_owned(),
    });
    let (from, to) = (conditions.number(wish.from.as_microsecond()), conditions.number(wish.to.as_microsecond()));
    conditions.sql.push(format!("r.filed_at >= {from} AND r.filed_at <= {to}"));
    let sql = format!(
        "SELECT r.id FROM report r WHERE {} ORDER BY r.filed_at DESC, r.id DESC LIMIT {size} OFFSET {skip}",
        conditions.all()
    );
    let query = sqlx::query_as::<_, (String,)>(sqlx::AssertSqlSafe(sql));
    let found: Vec<(String,)> = bound!(query, conditions).fetch_all(db.read()).await?;
    let ids: Vec<String> = found.into_iter().map(|(id,)| id).collect();
    by_ids(db, SELECT, &ids, |request: &Request| &request.id).await
}

/// The reports with these codes, in this order; those that are not there are left out.
pub async fn with_codes(db: &Db, codes: &[String]) -> Result<Vec<Request>, sqlx::Error> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = Conditions::default();
    let places: Vec<String> = codes.iter().map(|code| conditions.text(code)).collect();
    let sql = format!("{SELECT} WHERE r.code IN ({})", places.join(", "));
    let query = sqlx::query_as::<_, Request>(sqlx::AssertSqlSafe(sql));
    let mut found: Vec<Request> = bound!(query, conditions).fetch_all(db.read()).await?;
    found.sort_by_key(|request| codes.iter().position(|code| *code == request.code));
    Ok(found)
}

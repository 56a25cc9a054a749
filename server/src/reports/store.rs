//! Reports in the database. What happened to them is in `events.rs`.

mod writing;

pub use writing::{Change, NewReport, change, insert, set_description};

use super::conditions;
use crate::{
    db::Db,
    photos::store::{OF_REPORT, Photo},
};
use app::reports::{Channel, State};
use jiff::Timestamp;

/// A report with the names of what it points to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Report {
    /// Id.
    pub id: String,
    /// What the resident keeps.
    pub code: String,
    /// Hash of what was sent.
    pub request_fingerprint: String,
    /// Community.
    pub community_id: String,
    /// Building.
    pub building_id: Option<String>,
    /// Path of the finest place known.
    pub path: String,
    /// The place in the reporter's words.
    pub place_text: String,
    /// WGS-84.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Code of the category.
    pub category: String,
    /// What is wrong there, in the reporter's words.
    pub description: String,
    /// How it came in, as stored.
    pub channel: String,
    /// Who filed it; `None` without an account.
    pub reporter_id: Option<String>,
    /// Hash of the device of a reporter without an account.
    pub reporter_device: String,
    /// Handlers do not learn the reporter's name.
    pub name_hidden: i64,
    /// Nobody learns the reporter's name.
    pub unknown_to_staff: i64,
    /// Telephone of a reporter without an account, as shown.
    pub contact_masked: String,
    /// From whom a call was handed over: empty, `police` or `platform`.
    pub transferred_from: String,
    /// The number that the other side gave it.
    pub foreign_code: String,
    /// Name of a caller, as shown.
    pub caller_masked: String,
    /// Where it is: its own position, else its building's or landmark's.
    pub at_longitude: Option<f64>,
    /// Where it is: its own position, else its building's or landmark's.
    pub at_latitude: Option<f64>,
    /// State, as stored.
    pub state: String,
    /// Who handles it now.
    pub owner_id: Option<String>,
    /// Who finished it.
    pub handled_by: Option<String>,
    /// Who verified it.
    pub verified_by: Option<String>,
    /// Microseconds.
    pub filed_at: i64,
    /// Microseconds; `None` when the calendar does not reach so far.
    pub due_at: Option<i64>,
    /// Microseconds, of the last event.
    pub changed_at: i64,
    /// Microseconds.
    pub closed_at: Option<i64>,
    /// Failed verifications.
    pub reworks: i64,
    /// Number of the last event.
    pub version: i64,
    /// Microseconds: since when the present owner has it.
    pub dispatched_at: Option<i64>,
    /// Microseconds: by when the owner is to be done.
    pub owner_due_at: Option<i64>,
    /// Microseconds: since when somebody is to be sent; `None` in reports older than this column.
    pub dispatch_from: Option<i64>,
    /// Microseconds: by when somebody is to be sent.
    pub dispatch_due_at: Option<i64>,
    /// Microseconds: since when the clocks stand still.
    pub stopped_at: Option<i64>,
    /// Microseconds of the limit's own time for which they stood still before.
    pub stopped_total: i64,
    /// The report as which it goes on.
    pub merged_into: Option<String>,
    /// How often the reporter reopened it.
    pub reopened: i64,
    /// How often it was handed back.
    pub returns: i64,
    /// Microseconds: when the reporter confirmed that it is solved.
    pub confirmed_at: Option<i64>,
    /// One to five stars.
    pub stars: Option<i64>,
    /// Why so many.
    pub stars_reason: String,
    /// Microseconds: when it was rated.
    pub rated_at: Option<i64>,
    /// The community's answer to the rating; may be empty.
    pub stars_answer: String,
    /// Microseconds: when it was answered.
    pub stars_answered_at: Option<i64>,
    /// A grid worker solved it where they found it.
    pub solved_on_spot: i64,
    /// Code of the major category.
    pub major: String,
    /// Chinese name of the category.
    pub category_name: String,
    /// English name of the category.
    pub category_name_en: String,
    /// A handler cannot finish without a photo.
    pub photo_needed: i64,
    /// Chinese name of the community.
    pub community_name: String,
    /// English name of the community.
    pub community_name_en: String,
    /// Chinese name of the grid.
    pub grid_name: Option<String>,
    /// English name of the grid.
    pub grid_name_en: Option<String>,
    /// Chinese name of the building or landmark.
    pub building_name: Option<String>,
    /// English name of the building or landmark.
    pub building_name_en: Option<String>,
    /// Name of the owner.
    pub owner_name: Option<String>,
    /// Unit of the owner.
    pub owner_unit: Option<String>,
    /// Unit of the owner in English.
    pub owner_unit_en: Option<String>,
    /// Name of the reporter, for those who may see it.
    pub reporter_name: Option<String>,
    /// Telephone of the reporter, as shown, for those who may see it.
    pub reporter_phone: Option<String>,
    /// Id of the first photo.
    pub first_photo: Option<String>,
}

impl Report {
    /// The state. The database knows no other than these.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Submitted)
    }

    /// Who filed it, as the table of followers names them: the person, else the device. `None`: nobody that is known.
    pub fn filer(&self) -> Option<String> {
        match &self.reporter_id {
            Some(person) => Some(person.clone()),
            None => (!self.reporter_device.is_empty()).then(|| format!("device:{}", self.reporter_device)),
        }
    }

    /// How it came in.
    pub fn channel(&self) -> Channel {
        let code = if self.transferred_from.is_empty() { &self.channel } else { Channel::Transfer.code() };
        Channel::from_code(code).unwrap_or(Channel::Api)
    }

    /// When it was filed.
    pub fn filed(&self) -> Timestamp {
        instant(self.filed_at)
    }

    /// By when it is to be dealt with.
    pub fn due(&self) -> Option<Timestamp> {
        self.due_at.map(instant)
    }

    /// By when the owner is to be done.
    pub fn owner_due(&self) -> Option<Timestamp> {
        self.owner_due_at.map(instant)
    }

    /// Whether whoever has it now is over their time, as the desk counts it: the owner, or, until there is one, whoever sends
    /// somebody, where that is earlier than what was promised.
    pub fn is_late(&self, now: Timestamp) -> bool {
        let sends =
            self.dispatch_due_at.filter(|by| self.owner_id.is_none() && self.due_at.is_none_or(|due| *by < due));
        let by = sends.or(self.owner_due_at).or(self.due_at);
        self.state().is_running() && by.is_some_and(|by| by < now.as_microsecond())
    }
}

/// An instant from the database.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Columns are named: with `*`, PostgreSQL would refuse a prepared statement after a newer server has added one.
const SELECT: &str = "SELECT r.id, r.code, r.request_fingerprint, r.community_id, r.building_id, r.path, r.place_text, \
    r.longitude, r.latitude, r.category, r.description, r.channel, r.reporter_id, r.reporter_device, r.name_hidden, \
    r.unknown_to_staff, r.contact_masked, r.transferred_from, r.foreign_code, r.caller_masked, r.state, \
    r.owner_id, r.handled_by, r.verified_by, r.filed_at, r.due_at, r.changed_at, r.closed_at, r.reworks, \
    r.version, r.dispatched_at, r.owner_due_at, r.dispatch_from, r.dispatch_due_at, r.stopped_at, \
    r.stopped_total, r.merged_into, r.reopened, r.returns, r.confirmed_at, r.stars, r.stars_reason, \
    r.rated_at, r.stars_answer, r.stars_answered_at, r.solved_on_spot, \
    c.name AS category_name, c.name_en AS category_name_en, c.photo_needed, c.major, \
    m.name AS community_name, m.name_en AS community_name_en, g.name AS grid_name, g.name_en AS grid_name_en, \
    COALESCE(b.name, k.name) AS building_name, COALESCE(b.name_en, k.name_en) AS building_name_en, \
    COALESCE(r.longitude, b.longitude, k.longitude) AS at_longitude, \
    COALESCE(r.latitude, b.latitude, k.latitude) AS at_latitude, \
    o.name AS owner_name, o.unit AS owner_unit, o.unit_en AS owner_unit_en, \
    p.name AS reporter_name, p.phone_masked AS reporter_phone, \
    (SELECT f.id FROM photo f WHERE f.owner_kind = 'report' AND f.owner_id = r.id ORDER BY f.position LIMIT 1) AS first_photo \
    FROM report r JOIN category c ON c.code = r.category JOIN organisation m ON m.id = r.community_id \
    LEFT JOIN organisation g ON g.id = r.grid_id LEFT JOIN organisation b ON b.id = r.building_id \
    LEFT JOIN landmark k ON k.id = r.landmark_id \
    LEFT JOIN person o ON o.id = r.owner_id LEFT JOIN person p ON p.id = r.reporter_id";

/// The report with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Report>, sqlx::Error> {
    one(db, "WHERE r.code = $1", code).await
}

/// The report with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Report>, sqlx::Error> {
    one(db, "WHERE r.id = $1", id).await
}

/// The report that was filed with this key.
pub async fn by_key(db: &Db, key: &str) -> Result<Option<Report>, sqlx::Error> {
    one(db, "WHERE r.idempotency_key = $1", key).await
}

/// The reports with these ids, in that order; those that are not there are left out.
pub async fn by_ids(db: &Db, ids: &[String]) -> Result<Vec<Report>, sqlx::Error> {
    conditions::by_ids(db, SELECT, ids, |report: &Report| &report.id).await
}

/// The report that a photo belongs to.
pub async fn of_photo(db: &Db, photo: &Photo) -> Result<Option<Report>, sqlx::Error> {
    let Some(owner) = &photo.owner_id else { return Ok(None) };
    if photo.owner_kind.as_deref() == Some(OF_REPORT) {
        one(db, "WHERE r.id = $1", owner).await
    } else {
        one(db, "WHERE r.id = (SELECT e.report_id FROM report_event e WHERE e.id = $1)", owner).await
    }
}

async fn one(db: &Db, condition: &str, value: &str) -> Result<Option<Report>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} {condition}"))).bind(value).fetch_optional(db.read()).await
}

/// Everything a person filed, newest first, at most 100.
pub async fn by_reporter(db: &Db, person_id: &str) -> Result<Vec<Report>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE r.reporter_id = $1 ORDER BY r.filed_at DESC, r.id DESC LIMIT 100"
    )))
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// What a person has to handle, the most urgent first; `over` asks for what they have finished, newest first.
pub async fn by_owner(db: &Db, person_id: &str, over: bool) -> Result<Vec<Report>, sqlx::Error> {
    let condition = if over {
        "r.state IN ('handled', 'verified', 'closed') ORDER BY r.changed_at DESC LIMIT 50"
    } else {
        "r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged') AND r.state IN ('dispatched', 'in_progress', 'suspended') \
         ORDER BY COALESCE(r.owner_due_at, r.due_at, 9000000000000000), r.filed_at LIMIT 100"
    };
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE r.owner_id = $1 AND {condition}")))
        .bind(person_id)
        .fetch_all(db.read())
        .await
}

/// The beginning of every query for whole reports, up to its `WHERE`: `r` is the report, `c` its category, `m` the
/// community, `g` the grid.
pub fn select() -> &'static str {
    SELECT
}

/// Sealed name and number of a caller, or of a reporter without an account; `None` when neither was left.
pub async fn caller(db: &Db, id: &str) -> Result<Option<(Option<String>, Option<String>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT caller_sealed, contact_sealed FROM report WHERE id = $1 \
         AND (caller_sealed IS NOT NULL OR contact_sealed IS NOT NULL)",
    )
    .bind(id)
    .fetch_optional(db.read())
    .await
}

//! Matters in the database.

mod lists;
pub mod messages;
pub mod platforms;
mod writing;

pub use lists::{Tab, Wish, counts, list};
pub use writing::{
    Change, NewEvent, NewMatter, change, insert, insert_event, next_number, set_clocks, set_foreign, set_polled,
    set_seen,
};

use crate::db::{Db, Tx};
use app::matters::{
    clock::{self, Late},
    kind::{Kind, Way},
    life::State,
};
use jiff::Timestamp;

/// A matter with the names of what it points to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Matter {
    /// Id.
    pub id: String,
    /// What people call it by.
    pub number: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub body: String,
    kind: String,
    way: String,
    /// Id of the report from which it comes; empty: none.
    pub report_id: String,
    /// Its code.
    pub report_code: String,
    /// Id of the matter above; empty: none.
    pub parent_id: String,
    /// Id of the topmost one.
    pub root_id: String,
    /// Organisation that sent it; empty: a platform.
    pub from_id: String,
    /// Its path.
    pub from_path: String,
    /// Organisation that got it; empty: a platform.
    pub to_id: String,
    /// Its path.
    pub to_path: String,
    /// The platform on one side; empty: none.
    pub platform_id: String,
    /// What the platform calls it.
    pub foreign_ref: String,
    /// What the platform said last, hashed.
    pub foreign_seen: String,
    state: String,
    back_state: String,
    /// Limit in working hours.
    pub accept_hours: i64,
    /// Limit in working days.
    pub days: i64,
    /// Working days asked for last.
    pub asked_days: i64,
    /// Working days granted in all.
    pub extended_days: i64,
    /// Microseconds.
    pub accept_due_at: Option<i64>,
    /// Microseconds.
    pub due_at: Option<i64>,
    /// Microseconds: since when the clocks stand still.
    pub stopped_at: Option<i64>,
    /// The answer; may be empty.
    pub answer: String,
    /// Microseconds.
    pub sent_at: i64,
    /// Microseconds.
    pub accepted_at: Option<i64>,
    /// Microseconds.
    pub answered_at: Option<i64>,
    /// Microseconds.
    pub over_at: Option<i64>,
    /// The lock.
    pub version: i64,
    /// Name of the sender.
    pub from_name: Option<String>,
    /// The same in English.
    pub from_name_en: Option<String>,
    /// Name of the receiver.
    pub to_name: Option<String>,
    /// The same in English.
    pub to_name_en: Option<String>,
    /// Name of the platform.
    pub platform_name: Option<String>,
    /// How the platform is reached.
    pub platform_way: Option<String>,
    /// Microseconds: since when the platform is removed.
    pub platform_removed_at: Option<i64>,
}

impl Matter {
    /// Where it stands. The database knows no other states.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Sent)
    }

    /// Where a question that is open goes back to.
    pub fn back(&self) -> State {
        State::from_code(&self.back_state).unwrap_or(State::Sent)
    }

    /// What it is about.
    pub fn kind(&self) -> Kind {
        Kind::from_code(&self.kind).unwrap_or(Kind::Task)
    }

    /// Which way it goes.
    pub fn way(&self) -> Way {
        Way::from_code(&self.way).unwrap_or(Way::Down)
    }

    /// Its other side is a platform that is removed: nobody there answers any more.
    pub fn is_alone(&self) -> bool {
        self.platform_removed_at.is_some()
    }

    /// By when it is to be answered.
    pub fn due(&self) -> Option<Timestamp> {
        self.due_at.map(instant)
    }

    /// Whether it is over its time.
    pub fn late(&self, now: Timestamp) -> Option<Late> {
        let due = (self.accept_due_at.map(instant), self.due());
        clock::late(self.state(), due, self.stopped_at.map(instant), now)
    }

    /// Whether it was answered after its time. The answer stops the clock, so that the deadline is the one that held then.
    pub fn was_late(&self) -> bool {
        self.answered_at.zip(self.due_at).is_some_and(|(at, due)| at > due)
    }
}

/// An instant from the database.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// States in which the receiver's part is done, for SQL.
const DONE: &str = "'answered', 'closed', 'returned', 'withdrawn', 'cancelled'";
/// States in which nothing more happens, for SQL.
const OVER: &str = "'closed', 'returned', 'withdrawn', 'cancelled'";

const SELECT: &str = "SELECT m.id, m.number, m.title, m.body, m.kind, m.way, m.report_id, m.report_code, m.parent_id, \
    m.root_id, m.from_id, m.from_path, m.to_id, m.to_path, m.platform_id, m.foreign_ref, m.foreign_seen, m.state, \
    m.back_state, m.accept_hours, m.days, m.asked_days, m.extended_days, m.accept_due_at, m.due_at, m.stopped_at, \
    m.answer, m.sent_at, m.accepted_at, m.answered_at, m.over_at, m.version, f.name AS from_name, \
    f.name_en AS from_name_en, t.name AS to_name, t.name_en AS to_name_en, p.name AS platform_name, \
    p.way AS platform_way, p.removed_at AS platform_removed_at \
    FROM matter m LEFT JOIN organisation f ON f.id = m.from_id LEFT JOIN organisation t ON t.id = m.to_id \
    LEFT JOIN platform p ON p.id = m.platform_id";

/// The matter with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Matter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE m.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// The same inside a transaction.
pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Matter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE m.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut **tx).await
}

/// The matter that was made by this form or reference.
pub async fn by_form_key(tx: &mut Tx, key: &str) -> Result<Option<Matter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE m.form_key = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(key).fetch_optional(&mut **tx).await
}

/// The matter of a platform that its sender calls so: ours by its number, theirs by their reference.
pub async fn by_reference(db: &Db, platform: &str, way: Way, reference: &str) -> Result<Option<Matter>, sqlx::Error> {
    let column = if way == Way::Out { "m.number" } else { "m.foreign_ref" };
    let sql = format!("{SELECT} WHERE m.platform_id = $1 AND m.way = $2 AND {column} = $3");
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(platform)
        .bind(way.code())
        .bind(reference)
        .fetch_optional(db.read())
        .await
}

/// Matters that were handed on from this one, the first one first.
pub async fn children(tx: &mut Tx, id: &str) -> Result<Vec<Matter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE m.parent_id = $1 ORDER BY m.sent_at, m.id LIMIT 200");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&mut **tx).await
}

/// The same for a page.
pub async fn children_of(db: &Db, id: &str) -> Result<Vec<Matter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE m.parent_id = $1 ORDER BY m.sent_at, m.id LIMIT 200");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(db.read()).await
}

/// Matters that come from a report, the newest first.
pub async fn of_report(db: &Db, report_id: &str) -> Result<Vec<Matter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE m.report_id = $1 ORDER BY m.sent_at DESC, m.id DESC LIMIT 50");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(report_id).fetch_all(db.read()).await
}

/// Matters that are at platforms behind Open311 and whose status is to be asked for, those first that were asked for longest ago.
pub async fn to_poll(db: &Db, most: i64) -> Result<Vec<Matter>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE m.way = 'out' AND p.way = 'open311' AND p.paused = 0 AND p.removed_at IS NULL \
         AND m.foreign_ref <> '' AND m.state IN ('sent', 'accepted', 'in_progress') ORDER BY m.polled_at, m.id LIMIT $1"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(most).fetch_all(db.read()).await
}

/// Matters of a platform in which a question is open.
pub async fn asked_at(tx: &mut Tx, platform: &str) -> Result<Vec<Matter>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE m.platform_id = $1 AND m.state IN ('return_asked', 'withdraw_asked', 'extend_asked') \
         ORDER BY m.root_id, m.id"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(platform).fetch_all(&mut **tx).await
}

/// Something that happened.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    /// The version into which it led.
    pub seq: i64,
    /// Microseconds.
    pub at: i64,
    /// The step; empty: it was sent.
    pub step: String,
    /// State before.
    pub from_state: String,
    /// State after.
    pub to_state: String,
    /// `sender`, `receiver` or `system`.
    pub side: String,
    /// Name of who did it.
    pub actor_name: Option<String>,
    /// Name of the platform that did it.
    pub platform_name: Option<String>,
    /// What was said.
    pub reason: String,
    /// Working days asked for or granted.
    pub days: i64,
}

const EVENTS: &str = "SELECT e.seq, e.at, e.step, e.from_state, e.to_state, e.side, p.name AS actor_name, \
    f.name AS platform_name, e.reason, e.days FROM matter_event e LEFT JOIN person p ON p.id = e.done_by \
    LEFT JOIN platform f ON f.id = e.platform_id WHERE e.matter_id = $1 ORDER BY e.seq";

/// What happened to a matter, in order.
pub async fn events(db: &Db, id: &str) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as(EVENTS).bind(id).fetch_all(db.read()).await
}

/// The same inside a transaction.
pub async fn events_in(tx: &mut Tx, id: &str) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as(EVENTS).bind(id).fetch_all(&mut **tx).await
}

/// Ids of those who act for an organisation itself.
pub async fn people_of(tx: &mut Tx, organisation_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT person_id FROM role_grant WHERE organisation_id = $1 AND role IN ('community_staff', 'supervisor') \
         ORDER BY person_id LIMIT 200",
    )
    .bind(organisation_id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

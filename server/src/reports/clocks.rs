//! The clocks of reports in the database: wound again from the events whenever something happens, and (by
//! `recalculate.rs`) whenever a limit, the hours or the calendar changes.

use crate::db::Tx;
use app::{
    reports::{
        State, Step,
        clock::{Clocks, Limit, Mark, replay},
        due::LimitKind,
        worktime::{DEFAULT_HOURS, WorkTime},
    },
    time::HolidayCalendar,
};
use jiff::{Timestamp, civil::Time};
use sqlx::AnyConnection;

use super::store::instant;

/// Hours to dispatch within when a deployment has not said others.
pub const DISPATCH_HOURS: i64 = 24;

#[derive(sqlx::FromRow)]
struct RuleRow {
    path: String,
    due_at: Option<i64>,
    limit_kind: String,
    limit_amount: i64,
    dispatch_hours: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct MarkRow {
    at: i64,
    action: String,
    from_state: String,
    to_state: String,
    hours: Option<i64>,
}

/// What the clocks of a report are told from: its events and the limit that holds now.
#[derive(Clone, Debug)]
pub struct Story {
    /// Path of the finest place known.
    pub path: String,
    /// How much time there is.
    pub limit: Limit,
    /// The resident's clock as it was told last.
    pub due: Option<Timestamp>,
    marks: Vec<Mark>,
}

/// Clocks that were wound.
#[derive(Clone, Copy, Debug)]
pub struct Wound {
    /// The resident's before.
    pub before: Option<Timestamp>,
    /// All of them now.
    pub clocks: Clocks,
}

impl Story {
    /// The clocks in these hours and this calendar.
    pub fn told(&self, calendar: &HolidayCalendar, hours: &[(Time, Time)]) -> Clocks {
        replay(&WorkTime { calendar, hours }, self.limit, &self.marks)
    }
}

/// Reads the story of a report.
pub async fn story(connection: &mut AnyConnection, report_id: &str) -> Result<Story, sqlx::Error> {
    let rules: RuleRow = sqlx::query_as(
        "SELECT r.path, r.due_at, c.limit_kind, c.limit_amount, COALESCE( \
         (SELECT d.hours FROM dispatch_limit d WHERE d.major = c.major), \
         (SELECT d.hours FROM dispatch_limit d WHERE d.major = '')) AS dispatch_hours \
         FROM report r JOIN category c ON c.code = r.category WHERE r.id = $1",
    )
    .bind(report_id)
    .fetch_one(&mut *connection)
    .await?;
    let marks: Vec<MarkRow> = sqlx::query_as(
        "SELECT e.at, e.action, e.from_state, e.to_state, (SELECT MAX(x.hours) FROM report_extension x \
         WHERE x.report_id = e.report_id AND x.decided_at = e.at AND x.decision = 'granted') AS hours \
         FROM report_event e WHERE e.report_id = $1 ORDER BY e.seq",
    )
    .bind(report_id)
    .fetch_all(&mut *connection)
    .await?;
    let marks = marks
        .iter()
        .map(|row| {
            let to = State::from_code(&row.to_state).unwrap_or(State::Submitted);
            Mark {
                at: instant(row.at),
                step: Step::from_code(&row.action),
                from: State::from_code(&row.from_state).unwrap_or(to),
                to,
                hours: row.hours.unwrap_or(0),
            }
        })
        .collect();
    let limit = Limit {
        kind: LimitKind::from_code(&rules.limit_kind).unwrap_or(LimitKind::WorkingDays),
        amount: rules.limit_amount,
        dispatch_hours: rules.dispatch_hours.unwrap_or(DISPATCH_HOURS),
    };
    Ok(Story { path: rules.path, limit, due: rules.due_at.map(instant), marks })
}

/// Winds the clocks of a report again, from its events and the rules that hold now, and gives them. Whoever calls it says
/// why the promised time moved, if it did (`moved::note`).
pub async fn wind(tx: &mut Tx, calendar: &HolidayCalendar, report_id: &str) -> Result<Wound, sqlx::Error> {
    let story = story(tx, report_id).await?;
    let clocks = story.told(calendar, &hours_at(tx, &story.path).await?);
    let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    sqlx::query(
        "UPDATE report SET due_at = $2, dispatched_at = $3, owner_due_at = $4, dispatch_due_at = $5, stopped_at = $6, \
         stopped_total = $7, dispatch_from = $8, counted_version = 0 WHERE id = $1",
    )
    .bind(report_id)
    .bind(micros(clocks.due))
    .bind(micros(clocks.dispatched_at))
    .bind(micros(clocks.owner_due))
    .bind(micros(clocks.dispatch_due))
    .bind(micros(clocks.stopped_at))
    .bind(i64::try_from(clocks.stopped_total.as_micros()).unwrap_or(i64::MAX))
    .bind(micros(clocks.dispatch_from))
    .execute(&mut **tx)
    .await?;
    Ok(Wound { before: story.due, clocks })
}

/// The hours that an organisation has of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnHours {
    /// Its path.
    pub path: String,
    /// The parts of a working day, in order.
    pub hours: Vec<(Time, Time)>,
}

/// All own hours that reach `path` from above or lie below it.
pub async fn own_hours(connection: &mut AnyConnection, path: &str) -> Result<Vec<OwnHours>, sqlx::Error> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT o.path, h.opens, h.closes FROM working_hours h JOIN organisation o ON o.id = h.organisation_id \
         WHERE substr($1, 1, length(o.path)) = o.path OR substr(o.path, 1, length($1)) = $1 ORDER BY o.path, h.opens",
    )
    .bind(path)
    .fetch_all(connection)
    .await?;
    let mut all: Vec<OwnHours> = Vec::new();
    for (path, opens, closes) in rows {
        let (Ok(opens), Ok(closes)) = (opens.parse(), closes.parse()) else { continue };
        match all.last_mut().filter(|last| last.path == path) {
            Some(last) => last.hours.push((opens, closes)),
            None => all.push(OwnHours { path, hours: vec![(opens, closes)] }),
        }
    }
    Ok(all)
}

/// The hours in force at a place: those of the nearest organisation above it that has its own, else the default.
pub fn in_force<'a>(all: &'a [OwnHours], path: &str) -> (&'a [(Time, Time)], Option<&'a str>) {
    let nearest = all.iter().filter(|own| path.starts_with(&own.path)).max_by_key(|own| own.path.len());
    nearest.map_or((&DEFAULT_HOURS, None), |own| (&own.hours, Some(&own.path)))
}

/// The working hours at a place: those of the nearest organisation above it that has its own, else the default.
pub async fn hours_at(connection: &mut AnyConnection, path: &str) -> Result<Vec<(Time, Time)>, sqlx::Error> {
    Ok(in_force(&own_hours(connection, path).await?, path).0.to_vec())
}

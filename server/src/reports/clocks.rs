//! The clocks of reports in the database: wound again from the events whenever something happens, and whenever a
//! limit, a category, the hours or the calendar changes.

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

use super::store::instant;

/// Hours to dispatch within when a deployment has not said others.
pub const DISPATCH_HOURS: i64 = 24;

#[derive(sqlx::FromRow)]
struct RuleRow {
    path: String,
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

/// Winds the clocks of a report again, from its events and the rules that hold now, and gives them.
pub async fn wind(tx: &mut Tx, calendar: &HolidayCalendar, report_id: &str) -> Result<Clocks, sqlx::Error> {
    let rules: RuleRow = sqlx::query_as(
        "SELECT r.path, c.limit_kind, c.limit_amount, COALESCE( \
         (SELECT d.hours FROM dispatch_limit d WHERE d.major = c.major), \
         (SELECT d.hours FROM dispatch_limit d WHERE d.major = '')) AS dispatch_hours \
         FROM report r JOIN category c ON c.code = r.category WHERE r.id = $1",
    )
    .bind(report_id)
    .fetch_one(&mut **tx)
    .await?;
    let marks: Vec<MarkRow> = sqlx::query_as(
        "SELECT e.at, e.action, e.from_state, e.to_state, (SELECT MAX(x.hours) FROM report_extension x \
         WHERE x.report_id = e.report_id AND x.decided_at = e.at AND x.decision = 'granted') AS hours \
         FROM report_event e WHERE e.report_id = $1 ORDER BY e.seq",
    )
    .bind(report_id)
    .fetch_all(&mut **tx)
    .await?;
    let marks: Vec<Mark> = marks
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
    let hours = hours_at(tx, &rules.path).await?;
    let work = WorkTime { calendar, hours: &hours };
    let limit = Limit {
        kind: LimitKind::from_code(&rules.limit_kind).unwrap_or(LimitKind::WorkingDays),
        amount: rules.limit_amount,
        dispatch_hours: rules.dispatch_hours.unwrap_or(DISPATCH_HOURS),
    };
    let clocks = replay(&work, limit, &marks);
    let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    sqlx::query(
        "UPDATE report SET due_at = $2, dispatched_at = $3, owner_due_at = $4, dispatch_due_at = $5, stopped_at = $6, \
         stopped_total = $7 WHERE id = $1",
    )
    .bind(report_id)
    .bind(micros(clocks.due))
    .bind(micros(clocks.dispatched_at))
    .bind(micros(clocks.owner_due))
    .bind(micros(clocks.dispatch_due))
    .bind(micros(clocks.stopped_at))
    .bind(i64::try_from(clocks.stopped_total.as_micros()).unwrap_or(i64::MAX))
    .execute(&mut **tx)
    .await?;
    Ok(clocks)
}

/// The working hours at a place: those of the nearest organisation above it that has its own, else the default.
pub async fn hours_at(tx: &mut Tx, path: &str) -> Result<Vec<(Time, Time)>, sqlx::Error> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT o.path, h.opens, h.closes FROM working_hours h JOIN organisation o ON o.id = h.organisation_id \
         WHERE substr($1, 1, length(o.path)) = o.path ORDER BY length(o.path) DESC, h.opens",
    )
    .bind(path)
    .fetch_all(&mut **tx)
    .await?;
    let nearest = rows.first().map(|(path, ..)| path.clone()).unwrap_or_default();
    let hours: Vec<(Time, Time)> = rows
        .iter()
        .filter(|(path, ..)| *path == nearest)
        .filter_map(|(_, opens, closes)| Some((opens.parse().ok()?, closes.parse().ok()?)))
        .collect();
    Ok(if hours.is_empty() { DEFAULT_HOURS.to_vec() } else { hours })
}

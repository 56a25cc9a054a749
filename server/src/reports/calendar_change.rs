//! What a change of the calendar does to the deadlines of open reports, before it is made.

use super::{clocks, store::instant};
use crate::db::Db;
use app::time::{HolidayCalendar, start_of};
use jiff::{Timestamp, civil::Date};

/// More reports than this are counted, not looked at one by one.
pub const MOST: usize = 300;

/// A report whose deadline moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its code.
    pub code: String,
    /// Title of its category: Chinese, English.
    pub category: (String, String),
    /// The resident's deadline, or the owner's where only that moves: before and after; `None`: not known.
    pub due: (Option<Timestamp>, Option<Timestamp>),
}

/// The open reports whose deadlines move when the days from `first` to `last` change, and how many there are more
/// that were not looked at. Nothing is written.
pub async fn moved(
    db: &Db,
    calendar: &HolidayCalendar,
    (first, last): (Date, Date),
) -> anyhow::Result<(Vec<Moved>, usize)> {
    type Row = (String, String, String, String, Option<i64>, Option<i64>);
    // A deadline before the first changed day, or a report filed after the last one, cannot move.
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT r.id, r.code, c.name, c.name_en, r.due_at, r.owner_due_at FROM report r \
         JOIN category c ON c.code = r.category \
         WHERE r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged') AND r.filed_at < $2 \
         AND (r.due_at IS NULL OR r.due_at >= $1 OR r.owner_due_at IS NULL OR r.owner_due_at >= $1) ORDER BY r.id",
    )
    .bind(start_of(first).as_microsecond())
    .bind(start_of(last.tomorrow().unwrap_or(last)).as_microsecond())
    .fetch_all(db.read())
    .await?;
    let more = rows.len().saturating_sub(MOST);
    let mut found = Vec::new();
    let mut connection = db.read().acquire().await?;
    for (id, code, name, name_en, due, owner) in rows.into_iter().take(MOST) {
        let story = clocks::story(&mut connection, &id).await?;
        let clocks = story.told(calendar, &clocks::hours_at(&mut connection, &story.path).await?);
        let before = (due.map(instant), owner.map(instant));
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
        let pairs = [(before.0, clocks.due), (before.1, clocks.owner_due)];
        let moved = pairs.into_iter().find(|(before, after)| micros(*before) != micros(*after));
        if let Some(due) = moved {
            found.push(Moved { code, category: (name, name_en), due });
        }
    }
    Ok((found, more))
}

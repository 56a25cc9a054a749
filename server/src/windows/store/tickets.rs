//! Tickets: what is read of them, and the days, windows and sessions they belong to.

use crate::db::Db;
use app::windows::queue::{PriorityClass, TicketState, label, place_now};
use jiff::Timestamp;
use sqlx::{Any, Executor};

/// A ticket with what every page about it shows.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ticket {
    /// Id.
    pub id: String,
    /// Id of the hall.
    pub hall_id: String,
    /// The day, YYYY-MM-DD.
    pub day: String,
    /// Letter of its number.
    pub letter: String,
    /// Its number.
    pub number: i64,
    /// The booking it was made from.
    pub appointment_id: Option<String>,
    /// That booking's code.
    pub appointment_code: Option<String>,
    /// Whose it is, if known.
    pub person_id: Option<String>,
    /// Hash of the browser that drew it.
    pub device_hash: String,
    /// Name for the clerk, may be empty.
    pub name: String,
    /// Where it was drawn.
    pub channel: String,
    /// Stored class; see [`Ticket::class`].
    #[sqlx(rename = "class")]
    pub class_code: String,
    /// What it is for now.
    pub item_id: String,
    /// That item's code.
    pub item_code: String,
    /// That item's title.
    pub title: String,
    /// In English, may be empty.
    pub title_en: String,
    /// What the person needs, in their words.
    pub need: String,
    /// Stored state; see [`Ticket::state`].
    #[sqlx(rename = "state")]
    pub state_code: String,
    /// The window that called or serves it.
    pub window_id: Option<String>,
    /// That window's number.
    pub window_number: Option<i64>,
    /// The only window that may call it.
    pub only_window_id: Option<String>,
    /// Place in the line, see [`app::windows::queue`].
    pub rank: i64,
    /// Order within the rank, in microseconds.
    pub order_at: i64,
    /// Begin of the booked time.
    pub booked_for: Option<i64>,
    /// How often it was called.
    pub calls: i64,
    /// When it was called last.
    pub called_at: Option<i64>,
    /// How the visit ended.
    pub result: String,
    /// The clerk's note.
    pub note: String,
    /// When it was drawn.
    pub issued_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Grows with every change.
    pub version: i64,
}

impl Ticket {
    /// Where it stands.
    pub fn state(&self) -> TicketState {
        TicketState::from_code(&self.state_code).unwrap_or(TicketState::Left)
    }

    /// Whether it goes first.
    pub fn class(&self) -> PriorityClass {
        PriorityClass::from_code(&self.class_code)
    }

    /// The number as it is called: A012.
    pub fn label(&self) -> String {
        label(&self.letter, self.number)
    }

    /// Its place in the line at `now`.
    pub fn place_now(&self, now: Timestamp, early_minutes: i64) -> app::windows::queue::Place {
        let place = app::windows::queue::Place { rank: self.rank, order_at: self.order_at };
        place_now(place, self.booked_for, now.as_microsecond(), early_minutes)
    }
}

const TICKET: &str = "SELECT t.id, t.hall_id, t.day, t.letter, t.number, t.appointment_id, \
     (SELECT a.code FROM appointment a WHERE a.id = t.appointment_id) AS appointment_code, t.person_id, \
     t.device_hash, t.name, t.channel, t.class, t.item_id, i.code AS item_code, i.title, i.title_en, t.need, t.state, \
     t.window_id, w.number AS window_number, t.only_window_id, t.rank, t.order_at, t.booked_for, t.calls, t.called_at, \
     t.result, t.note, t.issued_at, t.ended_at, t.version \
     FROM ticket t JOIN service_item i ON i.id = t.item_id LEFT JOIN service_window w ON w.id = t.window_id";

async fn one<'e>(at: impl Executor<'e, Database = Any>, rest: &str, key: &str) -> Result<Option<Ticket>, sqlx::Error> {
    let sql = format!("{TICKET} {rest}");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(key.to_owned()).fetch_optional(at).await
}

/// The ticket with this id.
pub async fn by_id<'e>(at: impl Executor<'e, Database = Any>, id: &str) -> Result<Option<Ticket>, sqlx::Error> {
    one(at, "WHERE t.id = $1", id).await
}

/// The ticket made from this booking.
pub async fn of_appointment<'e>(
    at: impl Executor<'e, Database = Any>,
    appointment_id: &str,
) -> Result<Option<Ticket>, sqlx::Error> {
    one(at, "WHERE t.appointment_id = $1", appointment_id).await
}

/// The ticket drawn with this idempotency key.
pub async fn by_key<'e>(at: impl Executor<'e, Database = Any>, key: &str) -> Result<Option<Ticket>, sqlx::Error> {
    one(at, "WHERE t.idempotency_key = $1", key).await
}

/// A hall's tickets of a day in one of `states` (all when empty), by number.
pub async fn of_day<'e>(
    at: impl Executor<'e, Database = Any>,
    hall_id: &str,
    day: &str,
    states: &[TicketState],
) -> Result<Vec<Ticket>, sqlx::Error> {
    let only = match states {
        [] => String::new(),
        states => {
            let names: Vec<String> = states.iter().map(|state| format!("'{}'", state.code())).collect();
            format!(" AND t.state IN ({})", names.join(", "))
        }
    };
    let sql = format!("{TICKET} WHERE t.hall_id = $1 AND t.day = $2{only} ORDER BY t.letter, t.number");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hall_id.to_owned()).bind(day.to_owned()).fetch_all(at).await
}

/// The tickets of a hall's day that ended last, newest first; at most `most`.
pub async fn ended_last<'e>(
    at: impl Executor<'e, Database = Any>,
    hall_id: &str,
    day: &str,
    most: i64,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = format!(
        "{TICKET} WHERE t.hall_id = $1 AND t.day = $2 AND t.state IN ('done', 'no_show', 'left') \
         ORDER BY t.ended_at DESC, t.id DESC LIMIT $3"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(hall_id.to_owned())
        .bind(day.to_owned())
        .bind(most)
        .fetch_all(at)
        .await
}

/// Open tickets of a person on a day, at any hall.
pub async fn open_of_person<'e>(
    at: impl Executor<'e, Database = Any>,
    person_id: &str,
    day: &str,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = format!(
        "{TICKET} WHERE t.person_id = $1 AND t.day = $2 AND t.state NOT IN ('done', 'no_show', 'left') \
         ORDER BY t.issued_at"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id.to_owned()).bind(day.to_owned()).fetch_all(at).await
}

/// Open tickets that a browser without an account drew at a hall on a day.
pub async fn open_of_device<'e>(
    at: impl Executor<'e, Database = Any>,
    device_hash: &str,
    day: &str,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = format!(
        "{TICKET} WHERE t.device_hash = $1 AND t.day = $2 AND t.state NOT IN ('done', 'no_show', 'left') \
         ORDER BY t.issued_at"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(device_hash.to_owned()).bind(day.to_owned()).fetch_all(at).await
}

/// Walk-in numbers that were drawn without a clerk on a day: what the walk-in quota counts.
pub async fn walk_ins<'e>(at: impl Executor<'e, Database = Any>, hall_id: &str, day: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket WHERE hall_id = $1 AND day = $2 AND channel IN ('kiosk', 'door', 'remote')",
    )
    .bind(hall_id.to_owned())
    .bind(day.to_owned())
    .fetch_one(at)
    .await?;
    Ok(count)
}

/// The version of a hall's day; 0 before anything moved.
pub async fn version<'e>(at: impl Executor<'e, Database = Any>, hall_id: &str, day: &str) -> Result<i64, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT version FROM hall_day WHERE hall_id = $1 AND day = $2")
        .bind(hall_id.to_owned())
        .bind(day.to_owned())
        .fetch_optional(at)
        .await?;
    Ok(row.map_or(0, |(version,)| version))
}

/// A window of a hall as the queue sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Desk {
    /// Id.
    pub id: String,
    /// Number on its sign.
    pub number: i64,
    /// Name.
    pub name: String,
    /// In English, may be empty.
    pub name_en: String,
    /// Walk-in places in a slot.
    pub capacity_walk_in: i64,
    /// 1 when managers have closed it for good.
    pub closed: i64,
    /// Who works there now.
    pub staff_id: Option<String>,
    /// Their name.
    pub staff_name: Option<String>,
}

/// The windows of a hall, by number, with who works there now.
pub async fn desks<'e>(at: impl Executor<'e, Database = Any>, hall_id: &str) -> Result<Vec<Desk>, sqlx::Error> {
    sqlx::query_as(
        "SELECT w.id, w.number, w.name, w.name_en, w.capacity_walk_in, w.closed, s.staff_id, p.name AS staff_name \
         FROM service_window w LEFT JOIN window_session s ON s.window_id = w.id AND s.closed_at IS NULL \
         LEFT JOIN person p ON p.id = s.staff_id WHERE w.hall_id = $1 ORDER BY w.number",
    )
    .bind(hall_id.to_owned())
    .fetch_all(at)
    .await
}

/// Which windows of a hall serve which items, as (window, item).
pub async fn served(db: &Db, hall_id: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.window_id, i.item_id FROM window_item i JOIN service_window w ON w.id = i.window_id WHERE w.hall_id = $1",
    )
    .bind(hall_id)
    .fetch_all(db.read())
    .await
}

/// Mean minutes of one service at a hall, measured since `from`; `None` when nothing was measured.
pub async fn measured_minutes(db: &Db, hall_id: &str, from: &str) -> Result<Option<f64>, sqlx::Error> {
    let (seconds, count): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(ends_at - starts_at), 0) AS BIGINT) / 1000000, CAST(COUNT(*) AS BIGINT) \
         FROM ticket_interval WHERE hall_id = $1 AND day >= $2 AND state = 'serving' AND ends_at IS NOT NULL",
    )
    .bind(hall_id)
    .bind(from)
    .fetch_one(db.read())
    .await?;
    #[expect(clippy::cast_precision_loss, reason = "seconds and people of some weeks")]
    Ok((count > 0).then(|| seconds as f64 / 60.0 / count as f64))
}

/// What was done with a ticket.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StepRow {
    /// Id.
    pub id: String,
    /// The ticket.
    pub ticket_id: String,
    /// Code of the step.
    pub action: String,
    /// Who did it.
    pub staff_id: Option<String>,
    /// When, in microseconds.
    pub at: i64,
    /// What an undo puts back, see [`Before`](super::moves::Before).
    pub before: String,
    /// When it was undone.
    pub undone_at: Option<i64>,
}

const STEP: &str = "SELECT id, ticket_id, action, staff_id, at, before, undone_at FROM ticket_step";

/// The step with this id.
pub async fn step<'e>(at: impl Executor<'e, Database = Any>, id: &str) -> Result<Option<StepRow>, sqlx::Error> {
    let sql = format!("{STEP} WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.to_owned()).fetch_optional(at).await
}

/// The step that was made with this idempotency key.
pub async fn step_by_key<'e>(at: impl Executor<'e, Database = Any>, key: &str) -> Result<Option<StepRow>, sqlx::Error> {
    let sql = format!("{STEP} WHERE idempotency_key = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(key.to_owned()).fetch_optional(at).await
}

/// The newest step of a ticket that was not undone.
pub async fn newest_step<'e>(
    at: impl Executor<'e, Database = Any>,
    ticket_id: &str,
) -> Result<Option<StepRow>, sqlx::Error> {
    let sql = format!("{STEP} WHERE ticket_id = $1 AND undone_at IS NULL ORDER BY at DESC, version DESC LIMIT 1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(ticket_id.to_owned()).fetch_optional(at).await
}

/// The newest step at a window that was not undone.
pub async fn newest_step_at<'e>(
    at: impl Executor<'e, Database = Any>,
    window_id: &str,
) -> Result<Option<StepRow>, sqlx::Error> {
    let sql = format!("{STEP} WHERE window_id = $1 AND undone_at IS NULL ORDER BY at DESC, version DESC LIMIT 1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(window_id.to_owned()).fetch_optional(at).await
}

/// An item of a ticket's visit, with what was found at the counter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TicketItem {
    /// Code of the item.
    pub item_code: String,
    /// JSON object of answers.
    pub answers: String,
    /// JSON array: materials seen.
    pub seen: String,
    /// JSON array: materials found missing.
    pub missing: String,
    /// When it was looked at, in microseconds.
    pub checked_at: Option<i64>,
}

/// The items of a ticket, in their order.
pub async fn items<'e>(at: impl Executor<'e, Database = Any>, ticket_id: &str) -> Result<Vec<TicketItem>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.code AS item_code, t.answers, t.seen, t.missing, t.checked_at FROM ticket_item t \
         JOIN service_item i ON i.id = t.item_id WHERE t.ticket_id = $1 ORDER BY t.position",
    )
    .bind(ticket_id.to_owned())
    .fetch_all(at)
    .await
}

/// The newest calls of a day: tickets that were called, the latest first.
pub async fn last_calls(db: &Db, hall_id: &str, day: &str, count: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = format!(
        "{TICKET} WHERE t.hall_id = $1 AND t.day = $2 AND t.called_at IS NOT NULL AND t.window_id IS NOT NULL \
         ORDER BY t.called_at DESC, t.id DESC LIMIT $3"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hall_id).bind(day).bind(count).fetch_all(db.read()).await
}

//! What managers edit, its versions, and the bookings that a change hits.

use super::Hall;
use crate::db::Reader;
use crate::{
    clock,
    db::{Tx, dialect, marks},
};
use app::{
    time::zone,
    windows::settings::{ClosedSpan, DatedHours, HallSettings, Span, WindowSettings},
};
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// A saved version.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// The state as JSON.
    pub snapshot: String,
    /// What changed, as JSON: `{"zh": [...], "en": [...]}`.
    pub summary: String,
    /// Who saved it; empty for the state before the first change.
    pub saved_by: String,
    /// When, in microseconds.
    pub saved_at: i64,
}

const VERSION: &str = "SELECT v.version, v.snapshot, v.summary, COALESCE(p.name, '') AS saved_by, v.saved_at \
     FROM setting_version v LEFT JOIN person p ON p.id = v.saved_by";

/// The versions of an object after `after`, newest first, at most 100.
pub async fn versions(pool: &Reader, (kind, id): (&str, &str), after: i64) -> Result<Vec<Version>, sqlx::Error> {
    let sql = format!(
        "{VERSION} WHERE v.object_kind = $1 AND v.object_id = $2 AND v.version > $3 ORDER BY v.version DESC LIMIT 100"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(kind).bind(id).bind(after).fetch_all(pool).await
}

/// One version.
pub async fn version(pool: &Reader, (kind, id): (&str, &str), version: i64) -> Result<Option<Version>, sqlx::Error> {
    let sql = format!("{VERSION} WHERE v.object_kind = $1 AND v.object_id = $2 AND v.version = $3");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(kind).bind(id).bind(version).fetch_optional(pool).await
}

/// The newest version's number; 0 before the first change.
pub async fn newest<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    (kind, id): (&str, &str),
) -> Result<i64, sqlx::Error> {
    let sql = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM setting_version \
               WHERE object_kind = $1 AND object_id = $2";
    let (version,): (i64,) = sqlx::query_as(sql).bind(kind).bind(id).fetch_one(executor).await?;
    Ok(version)
}

/// The same of several halls, by id; those whose settings were never changed are left out.
pub async fn newest_of_halls(tx: &mut Tx, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "SELECT object_id, CAST(MAX(version) AS BIGINT) FROM setting_version \
         WHERE object_kind = 'hall' AND object_id IN ({}) GROUP BY object_id",
        marks(1, ids.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(*id);
    }
    let rows: Vec<(String, i64)> = query.fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().collect())
}

/// A version to be written down.
pub struct NewVersion<'a> {
    /// Kind and id of the object.
    pub object: (&'a str, &'a str),
    /// The version that the edit was made from.
    pub base: i64,
    /// The state before; kept as version 1 when this is the first change. `None` for something new.
    pub before: Option<String>,
    /// The new state.
    pub after: String,
    /// What changed, in both languages.
    pub summary: (Vec<String>, Vec<String>),
    /// Who; `None`: the operator.
    pub by: Option<&'a str>,
}

/// Writes a version down under the object's lock. `None`: somebody saved another since `base`, and nothing was written.
pub async fn save(tx: &mut Tx, new: NewVersion<'_>, now: Timestamp) -> Result<Option<i64>, sqlx::Error> {
    let (kind, id) = new.object;
    let sql = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM setting_version \
               WHERE object_kind = $1 AND object_id = $2";
    let (current,): (i64,) = sqlx::query_as(sql).bind(kind).bind(id).fetch_one(&mut **tx).await?;
    if current != new.base {
        return Ok(None);
    }
    let summary = serde_json::json!({"zh": new.summary.0, "en": new.summary.1}).to_string();
    let mut rows = Vec::new();
    let mut next = current + 1;
    if let Some(before) = new.before.filter(|_| current == 0) {
        rows.push((next, before, r#"{"zh":[],"en":[]}"#.to_owned(), None));
        next += 1;
    }
    rows.push((next, new.after, summary, new.by));
    let mut last = current;
    for (version, snapshot, summary, by) in rows {
        last = version;
        sqlx::query(
            "INSERT INTO setting_version (object_kind, object_id, version, snapshot, summary, saved_by, saved_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(kind)
        .bind(id)
        .bind(version)
        .bind(snapshot)
        .bind(summary)
        .bind(by)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    }
    Ok(Some(last))
}

/// A hall's settings as they are; exceptions from `today` on, closures that end after it.
pub async fn hall(pool: &Reader, hall: &Hall, today: Date) -> Result<HallSettings, sqlx::Error> {
    let mut settings = HallSettings { slot_minutes: hall.slot_minutes, limits: hall.limits(), ..Default::default() };
    let weekly: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT weekday, opens, closes FROM hall_hours WHERE hall_id = $1 ORDER BY weekday, opens")
            .bind(&hall.id)
            .fetch_all(pool)
            .await?;
    for (weekday, from, to) in weekly {
        if let Some(spans) = usize::try_from(weekday - 1).ok().and_then(|day| settings.week.get_mut(day)) {
            spans.push((from, to));
        }
    }
    let exceptions: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT day, hours, reason, reason_en FROM hall_exception WHERE hall_id = $1 AND day >= $2 ORDER BY day",
    )
    .bind(&hall.id)
    .bind(today.to_string())
    .fetch_all(pool)
    .await?;
    for (day, hours, reason, reason_en) in exceptions {
        let hours: Vec<Span> = serde_json::from_str(&hours).unwrap_or_default();
        settings.exceptions.push(DatedHours { day, hours, reason, reason_en });
    }
    let closures: Vec<(i64, i64, String, String)> = sqlx::query_as(
        "SELECT starts_at, ends_at, reason, reason_en FROM hall_closure WHERE hall_id = $1 AND ends_at > $2 \
         ORDER BY starts_at, ends_at, id",
    )
    .bind(&hall.id)
    .bind(app::time::start_of(today).as_microsecond())
    .fetch_all(pool)
    .await?;
    for (from, to, reason, reason_en) in closures {
        settings.closures.push(ClosedSpan { from: clock_text(from), to: clock_text(to), reason, reason_en });
    }
    settings.windows = windows(pool, &hall.id).await?;
    Ok(settings)
}

fn clock_text(micros: i64) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(zone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A window's row: id, number, names, places (public, assisted, walk-in), closed.
type WindowRow = (String, i64, String, String, i64, i64, i64, i64);

async fn windows(pool: &Reader, hall_id: &str) -> Result<Vec<WindowSettings>, sqlx::Error> {
    let rows: Vec<WindowRow> = sqlx::query_as(
        "SELECT id, number, name, name_en, capacity_public, capacity_assisted, capacity_walk_in, closed \
         FROM service_window WHERE hall_id = $1 ORDER BY number",
    )
    .bind(hall_id)
    .fetch_all(pool)
    .await?;
    let served: Vec<(String, String)> = sqlx::query_as(
        "SELECT n.window_id, s.code FROM window_item n JOIN service_item s ON s.id = n.item_id \
         JOIN service_window w ON w.id = n.window_id WHERE w.hall_id = $1 ORDER BY s.code",
    )
    .bind(hall_id)
    .fetch_all(pool)
    .await?;
    let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (window, code) in served {
        items.entry(window).or_default().push(code);
    }
    Ok(rows
        .into_iter()
        .map(|(id, number, name, name_en, public, assisted, walk_in, closed)| WindowSettings {
            items: items.remove(&id).unwrap_or_default(),
            id,
            number,
            name,
            name_en,
            public,
            assisted,
            walk_in,
            closed: closed == 1,
        })
        .collect())
}

/// Puts a hall's settings in place of the old ones.
pub async fn replace_hall(
    tx: &mut Tx,
    hall: &Hall,
    settings: &HallSettings,
    today: Date,
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query("UPDATE hall SET slot_minutes = $2, limits = $3 WHERE id = $1")
        .bind(&hall.id)
        .bind(settings.slot_minutes)
        .bind(settings.limits.to_json())
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM hall_hours WHERE hall_id = $1").bind(&hall.id).execute(&mut **tx).await?;
    for (weekday, spans) in (1..).zip(&settings.week) {
        for (from, to) in spans {
            super::halls::insert_hours(tx, &hall.id, weekday, from, to).await?;
        }
    }
    sqlx::query("DELETE FROM hall_exception WHERE hall_id = $1 AND day >= $2")
        .bind(&hall.id)
        .bind(today.to_string())
        .execute(&mut **tx)
        .await?;
    for dated in &settings.exceptions {
        let hours: Vec<(&str, &str)> = dated.hours.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        let day: Date = dated.day.parse()?;
        super::halls::set_exception(tx, &hall.id, day, &hours, (&dated.reason, &dated.reason_en)).await?;
    }
    sqlx::query("DELETE FROM hall_closure WHERE hall_id = $1 AND ends_at > $2")
        .bind(&hall.id)
        .bind(app::time::start_of(today).as_microsecond())
        .execute(&mut **tx)
        .await?;
    for span in &settings.closures {
        if let Some(instants) = span.instants() {
            let reason = (span.reason.as_str(), span.reason_en.as_str());
            super::halls::insert_closure(tx, &clock::new_id(now), &hall.id, instants, reason).await?;
        }
    }
    replace_windows(tx, &hall.id, &settings.windows, now).await
}

async fn replace_windows(tx: &mut Tx, hall_id: &str, windows: &[WindowSettings], now: Timestamp) -> anyhow::Result<()> {
    // Numbers may change places: they step aside first, so that no two meet on the way.
    sqlx::query("UPDATE service_window SET number = -number WHERE hall_id = $1")
        .bind(hall_id)
        .execute(&mut **tx)
        .await?;
    for window in windows {
        let id = if window.id.is_empty() { clock::new_id(now) } else { window.id.clone() };
        sqlx::query(
            "INSERT INTO service_window (id, hall_id, number, name, name_en, capacity_public, capacity_assisted, \
             capacity_walk_in, closed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET \
             number = $3, name = $4, name_en = $5, capacity_public = $6, capacity_assisted = $7, \
             capacity_walk_in = $8, closed = $9",
        )
        .bind(&id)
        .bind(hall_id)
        .bind(window.number)
        .bind(&window.name)
        .bind(&window.name_en)
        .bind(window.public)
        .bind(window.assisted)
        .bind(window.walk_in)
        .bind(i64::from(window.closed))
        .execute(&mut **tx)
        .await?;
        sqlx::query("DELETE FROM window_item WHERE window_id = $1").bind(&id).execute(&mut **tx).await?;
        for code in &window.items {
            sqlx::query("INSERT INTO window_item (window_id, item_id) SELECT $1, id FROM service_item WHERE code = $2")
                .bind(&id)
                .bind(code)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// Gives the slots of a hall that have a row and begin after `now` the places of their window. What is booked in them
/// stands even where there are fewer places now.
pub async fn fit_slots(tx: &mut Tx, hall_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let places = |kind: &str| {
        format!(
            "(SELECT CASE WHEN slot.booked_{kind} > w.capacity_{kind} THEN slot.booked_{kind} \
             ELSE w.capacity_{kind} END FROM service_window w WHERE w.id = slot.window_id)"
        )
    };
    let sql = format!(
        "UPDATE slot SET capacity_public = {}, capacity_assisted = {} WHERE starts_at > $2 \
         AND window_id IN (SELECT id FROM service_window WHERE hall_id = $1)",
        places("public"),
        places("assisted")
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(hall_id).bind(now.as_microsecond()).execute(&mut **tx).await?;
    Ok(())
}

/// Holds all slots of a hall that begin after `now` until the transaction ends, in one order for everybody.
pub async fn lock_slots(
    tx: &mut Tx,
    engine: crate::db::Engine,
    hall_id: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SELECT id FROM slot WHERE starts_at > $2 AND window_id IN (SELECT id FROM service_window WHERE hall_id = $1) \
         ORDER BY window_id, starts_at{}",
        dialect::for_update(engine)
    );
    let _: Vec<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hall_id).bind(now.as_microsecond()).fetch_all(&mut **tx).await?;
    Ok(())
}

/// A booking that stands and has not begun.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Booking {
    /// Id.
    pub id: String,
    /// Short code.
    pub code: String,
    /// Whose it is.
    pub person_id: String,
    /// The person's name.
    pub person_name: String,
    /// The person's number, masked.
    pub phone_masked: String,
    /// Title of the first item.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// Id of the window.
    pub window_id: String,
    /// Number of the window.
    pub window_number: i64,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// `public` or `assisted`.
    pub quota: String,
    /// When it was made, in microseconds.
    pub created_at: i64,
}

/// The bookings of a hall that stand and begin after `now`, by time; with the codes of their items.
pub async fn standing<'c>(
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    hall_id: &str,
    now: Timestamp,
) -> Result<Vec<Booking>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, a.code, a.person_id, p.name AS person_name, p.phone_masked, i.title, i.title_en, a.window_id, \
         w.number AS window_number, a.starts_at, a.ends_at, a.quota, a.created_at FROM appointment a \
         JOIN person p ON p.id = a.person_id JOIN service_item i ON i.id = a.item_id \
         JOIN service_window w ON w.id = a.window_id \
         WHERE a.hall_id = $1 AND a.state = 'booked' AND a.starts_at > $2 ORDER BY a.starts_at, w.number, a.code",
    )
    .bind(hall_id)
    .bind(now.as_microsecond())
    .fetch_all(executor)
    .await
}

/// Codes of the items of these bookings: (appointment's id, item's code).
pub async fn items_of<'c>(
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    hall_id: &str,
    now: Timestamp,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, i.code FROM appointment a JOIN service_item i ON i.id = a.item_id \
         WHERE a.hall_id = $1 AND a.state = 'booked' AND a.starts_at > $2 \
         UNION SELECT a.id, i.code FROM appointment a JOIN appointment_item n ON n.appointment_id = a.id \
         JOIN service_item i ON i.id = n.item_id \
         WHERE a.hall_id = $1 AND a.state = 'booked' AND a.starts_at > $2",
    )
    .bind(hall_id)
    .bind(now.as_microsecond())
    .fetch_all(executor)
    .await
}

/// What is taken in a hall's slots after `now`: window, begin, end, public, assisted; reserved places counted.
pub async fn taken<'c>(
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    hall_id: &str,
    now: Timestamp,
) -> Result<Vec<(String, i64, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.window_id, s.starts_at, s.ends_at, s.booked_public + (SELECT CAST(COUNT(*) AS BIGINT) \
         FROM reserved_place r WHERE r.slot_id = s.id AND r.quota = 'public' AND r.until_at > $2) AS public, \
         s.booked_assisted + (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r WHERE r.slot_id = s.id \
         AND r.quota = 'assisted' AND r.until_at > $2) AS assisted \
         FROM service_window w JOIN slot s ON s.window_id = w.id WHERE w.hall_id = $1 AND s.ends_at > $2",
    )
    .bind(hall_id)
    .bind(now.as_microsecond())
    .fetch_all(executor)
    .await
}

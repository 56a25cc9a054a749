//! Halls, their hours and windows.

use crate::db::Reader;
use crate::db::{Db, Tx};
use app::windows::{Closure, Exception, Hours, Limits, OpeningRules, WeeklyHours};
use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
};

/// A hall.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Hall {
    /// Id.
    pub id: String,
    /// Code in addresses.
    pub code: String,
    /// Id of the organisation it belongs to.
    pub organisation_id: String,
    /// That organisation's path: who works here.
    pub path: String,
    /// Name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Address.
    pub address: String,
    /// English address, may be empty.
    pub address_en: String,
    /// How to find the door.
    pub map_note: String,
    /// The same in English, may be empty.
    pub map_note_en: String,
    /// Telephone.
    pub phone: String,
    /// Length of a slot.
    pub slot_minutes: i64,
    /// Limits as stored; see [`Hall::limits`].
    #[sqlx(rename = "limits")]
    pub limits_json: String,
    /// Number of the newest version of its settings; 0 before the first change.
    pub settings_version: i64,
}

impl Hall {
    /// What the hall allows.
    pub fn limits(&self) -> Limits {
        Limits::from_json(&self.limits_json)
    }
}

const HALL: &str = "SELECT h.id, h.code, h.organisation_id, o.path, h.name, h.name_en, h.address, h.address_en, \
     h.map_note, h.map_note_en, h.phone, h.slot_minutes, h.limits, \
     (SELECT CAST(COALESCE(MAX(v.version), 0) AS BIGINT) FROM setting_version v \
     WHERE v.object_kind = 'hall' AND v.object_id = h.id) AS settings_version \
     FROM hall h JOIN organisation o ON o.id = h.organisation_id";

/// All halls, in their order.
pub async fn all(db: &Db) -> Result<Vec<Hall>, sqlx::Error> {
    let sql = format!("{HALL} ORDER BY h.position, h.code");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// Halls that offer an item, in their order.
pub async fn serving(db: &Db, item_id: &str) -> Result<Vec<Hall>, sqlx::Error> {
    let sql = format!(
        "{HALL} WHERE EXISTS (SELECT 1 FROM service_window w JOIN window_item i ON i.window_id = w.id \
         JOIN service_item s ON s.id = i.item_id \
         WHERE w.hall_id = h.id AND i.item_id = $1 AND s.retired_at IS NULL) ORDER BY h.position, h.code"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(item_id).fetch_all(db.read()).await
}

/// The hall with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Hall>, sqlx::Error> {
    let sql = format!("{HALL} WHERE h.code = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(db.read()).await
}

/// The hall with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Hall>, sqlx::Error> {
    let sql = format!("{HALL} WHERE h.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// When a hall is open: weekly hours, and the exceptions and closures from `from` on. Rows that cannot be read as
/// times are left out.
pub async fn rules(pool: &Reader, hall_id: &str, from: Date) -> Result<OpeningRules, sqlx::Error> {
    // One query for all three: it is asked with every look at free times.
    let rows: Vec<(i64, i64, i64, String, String, String, String)> = sqlx::query_as(
        "SELECT CAST(1 AS BIGINT) AS kind, weekday AS a, CAST(0 AS BIGINT) AS b, opens AS c, closes AS d, '' AS e, '' AS f \
         FROM hall_hours WHERE hall_id = $1 \
         UNION ALL SELECT 2, 0, 0, day, hours, reason, reason_en FROM hall_exception WHERE hall_id = $1 AND day >= $2 \
         UNION ALL SELECT 3, starts_at, ends_at, id, '', reason, reason_en FROM hall_closure \
         WHERE hall_id = $1 AND ends_at > $3 ORDER BY kind, a, c",
    )
    .bind(hall_id)
    .bind(from.to_string())
    .bind(app::time::start_of(from).as_microsecond())
    .fetch_all(pool)
    .await?;
    let (mut weekly, mut exceptions, mut closures) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, a, b, c, d, e, f) in rows {
        match kind {
            1 => weekly.push((a, c, d)),
            2 => exceptions.push((c, d, e, f)),
            _ => closures.push((a, b, e, f)),
        }
    }
    Ok(OpeningRules {
        weekly: weekly.iter().filter_map(|(weekday, from, to)| weekly_hours(*weekday, from, to)).collect(),
        exceptions: exceptions.into_iter().filter_map(exception).collect(),
        closures: closures.into_iter().filter_map(closure).collect(),
    })
}

fn hours(from: &str, to: &str) -> Option<Hours> {
    Some(Hours { from: from.parse::<Time>().ok()?, to: to.parse::<Time>().ok()? })
}

fn weekly_hours(weekday: i64, from: &str, to: &str) -> Option<WeeklyHours> {
    let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
    Some(WeeklyHours { weekday, hours: hours(from, to)? })
}

fn exception((day, spans, zh, en): (String, String, String, String)) -> Option<Exception> {
    let spans: Vec<(String, String)> = serde_json::from_str(&spans).ok()?;
    let hours = spans.iter().map(|(from, to)| hours(from, to)).collect::<Option<Vec<_>>>()?;
    Some(Exception { date: day.parse().ok()?, hours, reason: (zh, en) })
}

fn closure((from, to, zh, en): (i64, i64, String, String)) -> Option<Closure> {
    let at = |micros| Timestamp::from_microsecond(micros).ok();
    Some(Closure { from: at(from)?, to: at(to)?, reason: (zh, en) })
}

/// A window that serves an item.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ServiceWindow {
    /// Id.
    pub id: String,
    /// Number on its sign.
    pub number: i64,
    /// Name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Places in a slot for booking online.
    pub capacity_public: i64,
    /// Places in a slot for staff who book for a resident.
    pub capacity_assisted: i64,
    /// Items it serves.
    pub items: i64,
}

/// The windows of a hall that serve all these items, in the order in which places are taken: those that serve few items
/// first, so that the general window stays free for what only it can do. The order is the same for every item, which
/// keeps transactions that take places from waiting for each other in a circle. Without items there are none, nor with one
/// that is no longer offered.
pub async fn windows(pool: &Reader, hall_id: &str, item_ids: &[&str]) -> Result<Vec<ServiceWindow>, sqlx::Error> {
    if item_ids.is_empty() {
        return Ok(Vec::new());
    }
    let each: String = (2..2 + item_ids.len())
        .map(|n| {
            format!(
                " AND EXISTS (SELECT 1 FROM window_item i JOIN service_item s ON s.id = i.item_id \
                 WHERE i.window_id = w.id AND i.item_id = ${n} AND s.retired_at IS NULL)"
            )
        })
        .collect();
    let sql = format!(
        "SELECT w.id, w.number, w.name, w.name_en, w.capacity_public, w.capacity_assisted, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM window_item n WHERE n.window_id = w.id) AS items \
         FROM service_window w WHERE w.hall_id = $1 AND w.closed = 0{each} ORDER BY items, w.number"
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hall_id);
    for item_id in item_ids {
        query = query.bind(*item_id);
    }
    query.fetch_all(pool).await
}

/// Codes of the items that share an open window of the hall with all of these, those themselves included.
pub async fn sharing(pool: &Reader, hall_id: &str, item_ids: &[&str]) -> Result<Vec<String>, sqlx::Error> {
    let each: String = (2..2 + item_ids.len())
        .map(|n| format!(" AND EXISTS (SELECT 1 FROM window_item i WHERE i.window_id = w.id AND i.item_id = ${n})"))
        .collect();
    let sql = format!(
        "SELECT DISTINCT s.code FROM service_window w JOIN window_item n ON n.window_id = w.id \
         JOIN service_item s ON s.id = n.item_id WHERE w.hall_id = $1 AND w.closed = 0 AND s.retired_at IS NULL{each}"
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hall_id);
    for item_id in item_ids {
        query = query.bind(*item_id);
    }
    let rows: Vec<(String,)> = query.fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// A hall to be written down.
pub struct NewHall<'a> {
    /// Id.
    pub id: &'a str,
    /// Code.
    pub code: &'a str,
    /// Id of its organisation.
    pub organisation_id: &'a str,
    /// Name in Chinese and English.
    pub name: (&'a str, &'a str),
    /// Address.
    pub address: (&'a str, &'a str),
    /// How to find the door.
    pub map_note: (&'a str, &'a str),
    /// Telephone.
    pub phone: &'a str,
    /// Length of a slot.
    pub slot_minutes: i64,
    /// Order.
    pub position: i64,
}

/// Adds a hall.
pub async fn insert(tx: &mut Tx, hall: NewHall<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO hall (id, code, organisation_id, name, name_en, address, address_en, map_note, map_note_en, \
         phone, slot_minutes, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(hall.id)
    .bind(hall.code)
    .bind(hall.organisation_id)
    .bind(hall.name.0)
    .bind(hall.name.1)
    .bind(hall.address.0)
    .bind(hall.address.1)
    .bind(hall.map_note.0)
    .bind(hall.map_note.1)
    .bind(hall.phone)
    .bind(hall.slot_minutes)
    .bind(hall.position)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a span of weekly hours; `weekday` 1 is Monday.
pub async fn insert_hours(tx: &mut Tx, hall_id: &str, weekday: i64, from: &str, to: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO hall_hours (hall_id, weekday, opens, closes) VALUES ($1, $2, $3, $4)")
        .bind(hall_id)
        .bind(weekday)
        .bind(from)
        .bind(to)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Sets the hours of one date: spans as ("08:30", "11:30"), none for closed.
pub async fn set_exception(
    tx: &mut Tx,
    hall_id: &str,
    day: Date,
    hours: &[(&str, &str)],
    reason: (&str, &str),
) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO hall_exception (hall_id, day, hours, reason, reason_en) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (hall_id, day) DO UPDATE SET hours = $3, reason = $4, reason_en = $5",
    )
    .bind(hall_id)
    .bind(day.to_string())
    .bind(serde_json::to_string(hours)?)
    .bind(reason.0)
    .bind(reason.1)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a closure.
pub async fn insert_closure(
    tx: &mut Tx,
    id: &str,
    hall_id: &str,
    (from, to): (Timestamp, Timestamp),
    reason: (&str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO hall_closure (id, hall_id, starts_at, ends_at, reason, reason_en) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(hall_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .bind(reason.0)
    .bind(reason.1)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A window to be written down.
pub struct NewWindow<'a> {
    /// Id.
    pub id: &'a str,
    /// Id of its hall.
    pub hall_id: &'a str,
    /// Number on its sign.
    pub number: i64,
    /// Name in Chinese and English.
    pub name: (&'a str, &'a str),
    /// Places in a slot: public, assisted.
    pub capacity: (i64, i64),
}

/// Adds a window with the items it serves.
pub async fn insert_window(tx: &mut Tx, window: NewWindow<'_>, item_ids: &[&str]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO service_window (id, hall_id, number, name, name_en, capacity_public, capacity_assisted) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(window.id)
    .bind(window.hall_id)
    .bind(window.number)
    .bind(window.name.0)
    .bind(window.name.1)
    .bind(window.capacity.0)
    .bind(window.capacity.1)
    .execute(&mut **tx)
    .await?;
    for item_id in item_ids {
        sqlx::query("INSERT INTO window_item (window_id, item_id) VALUES ($1, $2)")
            .bind(window.id)
            .bind(*item_id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

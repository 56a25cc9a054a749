//! Times that are kept while a form is filled in, or offered to the first of the waiting list.

use crate::db::{Reader, Tx, marks};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Who keeps a time: a person, or a browser without an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeper {
    /// Id of the person who is signed in.
    pub person_id: Option<String>,
    /// Hash of the browser's cookie; empty when it has none.
    pub device_hash: String,
}

/// A kept time.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Hold {
    /// Id.
    pub id: String,
    /// Its hall.
    pub hall_id: String,
    /// Its window.
    pub window_id: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// JSON array of item codes.
    pub items: String,
    /// The person who keeps it.
    pub person_id: Option<String>,
    /// Hash of the browser that keeps it.
    pub device_hash: String,
    /// The appointment that is being changed.
    pub appointment_id: Option<String>,
    /// Until when, in microseconds.
    pub expires_at: i64,
    /// How often it was renewed.
    pub renewals: i64,
    /// When it was released or turned into a booking.
    pub ended_at: Option<i64>,
    /// Its page was left: until when it is kept if the page comes back in time.
    pub kept_until: Option<i64>,
}

impl Hold {
    /// Whether it is this keeper's.
    pub fn is_of(&self, keeper: &Keeper) -> bool {
        match &self.person_id {
            Some(person) => keeper.person_id.as_ref() == Some(person),
            None => !self.device_hash.is_empty() && self.device_hash == keeper.device_hash,
        }
    }

    /// Whether it still stands.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now.as_microsecond()
    }

    /// Whether it keeps this time for these items (and this change of a booking).
    pub fn is_for(&self, hall_id: &str, starts_at: Timestamp, items: &[String], appointment_id: Option<&str>) -> bool {
        self.hall_id == hall_id
            && self.starts_at == starts_at.as_microsecond()
            && self.item_codes() == items
            && self.appointment_id.as_deref() == appointment_id
    }

    /// Until when, for whoever has its page open (again).
    pub fn expires(&self) -> Timestamp {
        Timestamp::from_microsecond(self.kept_until.unwrap_or(self.expires_at)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Codes of its items.
    pub fn item_codes(&self) -> Vec<String> {
        serde_json::from_str(&self.items).unwrap_or_default()
    }
}

const HOLD: &str = "id, hall_id, window_id, starts_at, ends_at, items, person_id, device_hash, appointment_id, \
     expires_at, renewals, ended_at, kept_until";

/// Longest id that is looked up at all.
const MAX_ID: usize = 64;

/// The hold with this id, outside a transaction.
pub async fn by_id(pool: &Reader, id: &str) -> Result<Option<Hold>, sqlx::Error> {
    if id.len() > MAX_ID {
        return Ok(None);
    }
    let sql = format!("SELECT {HOLD} FROM booking_hold WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(pool).await
}

/// The hold with this id, in a transaction.
pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Hold>, sqlx::Error> {
    let sql = format!("SELECT {HOLD} FROM booking_hold WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut **tx).await
}

/// A hold to be written down.
pub struct NewHold<'a> {
    /// Id.
    pub id: &'a str,
    /// Its hall.
    pub hall_id: &'a str,
    /// Its window.
    pub window_id: &'a str,
    /// Begin and end.
    pub span: (Timestamp, Timestamp),
    /// Codes of the items.
    pub items: &'a [String],
    /// Who keeps it.
    pub keeper: &'a Keeper,
    /// Keyed hash of the address it comes from.
    pub address_hash: &'a str,
    /// The appointment that is being changed.
    pub appointment_id: Option<&'a str>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Writes a hold down.
pub async fn insert(tx: &mut Tx, new: NewHold<'_>, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO booking_hold (id, hall_id, window_id, starts_at, ends_at, items, person_id, device_hash, \
         address_hash, appointment_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.id)
    .bind(new.hall_id)
    .bind(new.window_id)
    .bind(new.span.0.as_microsecond())
    .bind(new.span.1.as_microsecond())
    .bind(serde_json::to_string(new.items)?)
    .bind(new.keeper.person_id.as_deref())
    .bind(if new.keeper.person_id.is_some() { "" } else { &new.keeper.device_hash })
    .bind(new.address_hash)
    .bind(new.appointment_id)
    .bind(now.as_microsecond())
    .bind(new.expires_at.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends those of these holds that stand and gives their ids; see [`end`].
pub async fn end_all(tx: &mut Tx, ids: &[&str], now: Timestamp) -> Result<BTreeSet<String>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = format!(
        "UPDATE booking_hold SET ended_at = $1 WHERE id IN ({}) AND ended_at IS NULL AND expires_at > $1 RETURNING id",
        marks(2, ids.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for id in ids {
        query = query.bind(*id);
    }
    let ended: Vec<(String,)> = query.fetch_all(&mut **tx).await?;
    let ended: BTreeSet<String> = ended.into_iter().map(|(id,)| id).collect();
    if !ended.is_empty() {
        let sql = format!("DELETE FROM reserved_place WHERE hold_id IN ({})", marks(1, ended.len()));
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for id in &ended {
            query = query.bind(id);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(ended)
}

/// Ends a hold that stands and gives it; its places are free at once. `None`: it does not stand (any more). Of several
/// attempts one gets it.
pub async fn end(tx: &mut Tx, id: &str, now: Timestamp) -> Result<Option<Hold>, sqlx::Error> {
    let sql = format!(
        "UPDATE booking_hold SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING {HOLD}"
    );
    let hold: Option<Hold> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).bind(now.as_microsecond()).fetch_optional(&mut **tx).await?;
    if hold.is_some() {
        sqlx::query("DELETE FROM reserved_place WHERE hold_id = $1").bind(id).execute(&mut **tx).await?;
    }
    Ok(hold)
}

/// The holds that these keepers have now, by id; offers of the waiting list and times that a hall proposed are left out.
pub async fn of_keepers(tx: &mut Tx, keepers: &[&Keeper], now: Timestamp) -> Result<Vec<Hold>, sqlx::Error> {
    if keepers.is_empty() {
        return Ok(Vec::new());
    }
    let (people, devices) = (marks(2, keepers.len()), marks(2 + keepers.len(), keepers.len()));
    let sql = format!(
        "SELECT {HOLD} FROM booking_hold h WHERE ended_at IS NULL AND expires_at > $1 \
         AND (person_id IN ({people}) OR (person_id IS NULL AND device_hash <> '' AND device_hash IN ({devices}))) \
         AND NOT EXISTS (SELECT 1 FROM wait_entry e WHERE e.hold_id = h.id AND e.state = 'offered') \
         AND NOT EXISTS (SELECT 1 FROM proposed_move m WHERE m.hold_id = h.id AND m.answer = '') ORDER BY id"
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for keeper in keepers {
        query = query.bind(keeper.person_id.as_deref().unwrap_or_default());
    }
    for keeper in keepers {
        query = query.bind(&keeper.device_hash);
    }
    query.fetch_all(&mut **tx).await
}

/// Holds of people without an account that come from this address.
pub async fn strangers_from(tx: &mut Tx, address_hash: &str, now: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM booking_hold \
         WHERE address_hash = $1 AND expires_at > $2 AND ended_at IS NULL AND person_id IS NULL",
    )
    .bind(address_hash)
    .bind(now.as_microsecond())
    .fetch_one(&mut **tx)
    .await?;
    Ok(count)
}

/// Whether no slot of a hold has more bookings and reservations than places.
pub async fn has_its_places(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (crowded,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place mine JOIN slot s ON s.id = mine.slot_id \
         WHERE mine.hold_id = $1 AND (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r \
         WHERE r.slot_id = s.id AND r.quota = mine.quota AND r.until_at > $2) > \
         CASE mine.quota WHEN 'assisted' THEN s.capacity_assisted - s.booked_assisted \
         ELSE s.capacity_public - s.booked_public END",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .fetch_one(&mut **tx)
    .await?;
    Ok(crowded == 0)
}

/// Keeps a hold longer, once. `false`: it does not stand, or was renewed before.
pub async fn renew(tx: &mut Tx, id: &str, until: Timestamp, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE booking_hold SET expires_at = $2, kept_until = NULL, renewals = renewals + 1 \
         WHERE id = $1 AND ended_at IS NULL AND expires_at > $3 AND renewals = 0",
    )
    .bind(id)
    .bind(until.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    reserve_as_long(tx, id).await?;
    Ok(true)
}

/// The loading `page` of a hold's page was left: it ends at `until` at the latest, unless a later one [`came_back`].
/// `false`: it does not stand, or a later loading was heard of.
pub async fn left(tx: &mut Tx, id: &str, page: i64, until: Timestamp, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE booking_hold SET kept_until = COALESCE(kept_until, expires_at), \
         expires_at = CASE WHEN expires_at > $2 THEN $2 ELSE expires_at END, page = $3 \
         WHERE id = $1 AND ended_at IS NULL AND expires_at > $4 AND page <= $3",
    )
    .bind(id)
    .bind(until.as_microsecond())
    .bind(page)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    reserve_as_long(tx, id).await?;
    Ok(true)
}

/// The loading `page` of a hold's page is there: it is kept as long as if none before had been left. `false`: it does not
/// stand, or this loading was left meanwhile, or a later one was heard of.
pub async fn came_back(tx: &mut Tx, id: &str, page: i64, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE booking_hold SET expires_at = COALESCE(kept_until, expires_at), kept_until = NULL, page = $2 \
         WHERE id = $1 AND ended_at IS NULL AND expires_at > $3 AND (page < $2 OR (page = $2 AND kept_until IS NULL))",
    )
    .bind(id)
    .bind(page)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    reserve_as_long(tx, id).await?;
    Ok(true)
}

/// Its places are reserved as long as the hold is kept.
async fn reserve_as_long(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE reserved_place SET until_at = (SELECT expires_at FROM booking_hold WHERE id = $1) WHERE hold_id = $1",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! A new appointment: what the person has already, and writing it down.

use super::visit::{add_items, add_slots};
use crate::{
    clock,
    db::{Tx, marks, rows_of_marks},
    windows::store::slots::Quota,
};
use app::windows::CODE_LENGTH;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// An item of one of a person's appointments, where it matters for another booking.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    /// Id of the appointment.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// State, as stored.
    pub state: String,
    /// The key that it was made with.
    pub key: String,
    /// The item.
    pub item_id: String,
}

/// Appointments that another booking of the same person has to look at, by person and by one statement for all these people
/// with the keys of their new bookings: those that were made with such a key, those that are booked and not over, and those
/// that stand and begin in `from..to`. A row for each item.
pub async fn standing(
    tx: &mut Tx,
    whose: &[(&str, &str)],
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<HashMap<String, Vec<Standing>>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        person_id: String,
        #[sqlx(flatten)]
        standing: Standing,
    }
    if whose.is_empty() {
        return Ok(HashMap::new());
    }
    let (people, keys) = (marks(4, whose.len()), marks(4 + whose.len(), whose.len()));
    let sql = format!(
        "SELECT a.person_id, a.id, a.code, a.starts_at, a.ends_at, a.state, a.idempotency_key AS key, \
         COALESCE(i.item_id, '') AS item_id FROM appointment a \
         LEFT JOIN appointment_item i ON i.appointment_id = a.id WHERE a.person_id IN ({people}) \
         AND (a.idempotency_key IN ({keys}) OR (a.state = 'booked' AND a.ends_at > $1) \
         OR (a.state IN ('booked', 'checked_in') AND a.starts_at >= $2 AND a.starts_at < $3)) ORDER BY a.starts_at, a.id"
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now.as_microsecond())
        .bind(from.as_microsecond())
        .bind(to.as_microsecond());
    for (person_id, _) in whose {
        query = query.bind(*person_id);
    }
    for (_, key) in whose {
        query = query.bind(*key);
    }
    let rows: Vec<Row> = query.fetch_all(&mut **tx).await?;
    let mut standing: HashMap<String, Vec<Standing>> = HashMap::new();
    for row in rows {
        standing.entry(row.person_id).or_default().push(row.standing);
    }
    Ok(standing)
}

/// An item of a visit to be written down.
#[derive(Clone, Debug)]
pub struct NewVisitItem {
    /// Id of the item.
    pub item_id: String,
    /// Codes of the ticked materials.
    pub materials: Vec<String>,
    /// Answers.
    pub answers: app::windows::Answers,
}

/// For whom a visit is, and what is needed.
#[derive(Clone, Debug, Default)]
pub struct ForWhom {
    /// Name of the relative; empty: for the person.
    pub name: String,
    /// What the relative is to the person.
    pub relation: String,
    /// What is needed; may be empty.
    pub need: String,
}

/// An appointment to be written down.
pub struct NewAppointment<'a> {
    /// Id.
    pub id: &'a str,
    /// Whose.
    pub person_id: &'a str,
    /// For what; at least one.
    pub items: &'a [NewVisitItem],
    /// Where.
    pub hall_id: &'a str,
    /// At which window.
    pub window_id: &'a str,
    /// In which slots, in order; at least one.
    pub slot_ids: &'a [String],
    /// Begin and end.
    pub span: (Timestamp, Timestamp),
    /// For whom.
    pub for_whom: &'a ForWhom,
    /// Which places were taken.
    pub quota: Quota,
    /// Staff who book for the person.
    pub booked_by: Option<&'a str>,
    /// Idempotency key.
    pub key: &'a str,
}

/// Writes appointments down, each with its items and slots, and gives their codes in the same order.
pub async fn insert(tx: &mut Tx, new: &[NewAppointment<'_>], now: Timestamp) -> anyhow::Result<Vec<String>> {
    let mut codes = vec![String::new(); new.len()];
    let mut left: Vec<usize> = (0..new.len()).collect();
    // Now and then a code is another's already: those are tried again with the next.
    while !left.is_empty() {
        for n in &left {
            codes[*n] = clock::short_code(CODE_LENGTH);
        }
        let each: Vec<_> = left.iter().map(|n| (&new[*n], codes[*n].as_str())).collect();
        let taken = insert_under(tx, &each, now).await?;
        left.retain(|n| taken.contains(new[*n].id));
    }
    Ok(codes)
}

/// Writes appointments down under these codes. Gives the ids of those whose code is another's: nothing is written of them.
async fn insert_under(
    tx: &mut Tx,
    new: &[(&NewAppointment<'_>, &str)],
    now: Timestamp,
) -> anyhow::Result<HashSet<String>> {
    let sql = format!(
        "INSERT INTO appointment (id, code, person_id, item_id, hall_id, window_id, slot_id, starts_at, ends_at, \
         state, materials, answers, idempotency_key, created_at, for_name, for_relation, consent_at, need, quota, \
         booked_by) VALUES {} ON CONFLICT (code) DO NOTHING RETURNING id",
        rows_of_marks(1, 20, new.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for (new, code) in new {
        let (Some(first), Some(slot_id)) = (new.items.first(), new.slot_ids.first()) else {
            anyhow::bail!("a visit has an item and a slot");
        };
        let whom = new.for_whom;
        query = query
            .bind(new.id)
            .bind(*code)
            .bind(new.person_id)
            .bind(&first.item_id)
            .bind(new.hall_id)
            .bind(new.window_id)
            .bind(slot_id)
            .bind(new.span.0.as_microsecond())
            .bind(new.span.1.as_microsecond())
            .bind("booked")
            .bind(serde_json::to_string(&first.materials)?)
            .bind(serde_json::to_string(&first.answers)?)
            .bind(new.key)
            .bind(now.as_microsecond())
            .bind(&whom.name)
            .bind(&whom.relation)
            .bind((!whom.name.is_empty()).then_some(now.as_microsecond()))
            .bind(&whom.need)
            .bind(new.quota.code())
            .bind(new.booked_by);
    }
    let written: Vec<(String,)> = query.fetch_all(&mut **tx).await?;
    let written: HashSet<&str> = written.iter().map(|(id,)| id.as_str()).collect();
    let (written, taken): (Vec<_>, Vec<_>) = new.iter().partition(|(new, _)| written.contains(new.id));
    add_items(tx, written.iter().map(|(new, _)| (new.id, new.items)).collect()).await?;
    let slots = written.iter().flat_map(|(new, _)| new.slot_ids.iter().map(|slot_id| (new.id, slot_id.as_str())));
    add_slots(tx, slots.collect()).await?;
    Ok(taken.into_iter().map(|(new, _)| new.id.to_owned()).collect())
}

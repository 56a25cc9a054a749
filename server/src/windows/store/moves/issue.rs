//! A new ticket.

use super::chain::{Interval, open_interval};
use crate::db::Tx;
use app::windows::queue::{Place, TicketState};
use jiff::Timestamp;

/// A ticket to be written down.
pub struct NewTicket<'a> {
    /// Id.
    pub id: &'a str,
    /// Hall and day.
    pub hall_id: &'a str,
    /// The day, YYYY-MM-DD.
    pub day: &'a str,
    /// Letter and number.
    pub number: (&'a str, i64),
    /// The booking it comes from.
    pub appointment_id: Option<&'a str>,
    /// Whose it is.
    pub person_id: Option<&'a str>,
    /// Hash of the browser that drew it.
    pub device_hash: &'a str,
    /// Name for the clerk.
    pub name: &'a str,
    /// Where it was drawn.
    pub channel: &'a str,
    /// Priority class.
    pub class: &'a str,
    /// What it is for: the ids of its items with the JSON of their answers; the first is what it is called for.
    pub items: &'a [(String, String)],
    /// What the person needs.
    pub need: &'a str,
    /// Issued from afar, or waiting.
    pub state: TicketState,
    /// Place in the line.
    pub place: Place,
    /// Begin of the booked time.
    pub booked_for: Option<i64>,
    /// One submit's own key.
    pub key: Option<&'a str>,
    /// Who issued it.
    pub staff_id: Option<&'a str>,
}

/// Writes a ticket down with its items and the first interval of its chain.
pub async fn insert(tx: &mut Tx, new: &NewTicket<'_>, now: Timestamp) -> anyhow::Result<()> {
    let item_id =
        new.items.first().map(|(id, _)| id.as_str()).ok_or_else(|| anyhow::anyhow!("a ticket for nothing"))?;
    sqlx::query(
        "INSERT INTO ticket (id, hall_id, day, letter, number, appointment_id, person_id, device_hash, name, channel, \
         class, item_id, need, state, rank, order_at, booked_for, issued_at, idempotency_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(new.id)
    .bind(new.hall_id)
    .bind(new.day)
    .bind(new.number.0)
    .bind(new.number.1)
    .bind(new.appointment_id)
    .bind(new.person_id)
    .bind(new.device_hash)
    .bind(new.name)
    .bind(new.channel)
    .bind(new.class)
    .bind(item_id)
    .bind(new.need)
    .bind(new.state.code())
    .bind(new.place.rank)
    .bind(new.place.order_at)
    .bind(new.booked_for)
    .bind(now.as_microsecond())
    .bind(new.key)
    .execute(&mut **tx)
    .await?;
    for (position, (item_id, answers)) in new.items.iter().enumerate() {
        sqlx::query("INSERT INTO ticket_item (ticket_id, position, item_id, answers) VALUES ($1, $2, $3, $4)")
            .bind(new.id)
            .bind(i64::try_from(position)?)
            .bind(item_id)
            .bind(answers)
            .execute(&mut **tx)
            .await?;
    }
    let first = Interval { state: new.state, item_id, window_id: None, staff_id: new.staff_id };
    open_interval(tx, (new.id, new.hall_id, new.day), 0, &first, now.as_microsecond()).await?;
    Ok(())
}

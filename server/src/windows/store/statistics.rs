//! The rows behind the figures.

use crate::db::Db;
use app::windows::statistics::{Interval, Outcome, Visit, service_of, wait_of};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A ticket: id, booking, item, window, channel, drawn at, stars.
type TicketRow = (String, Option<String>, String, Option<i64>, String, i64, String, Option<i64>);
/// A booking: id, item, window, begin, state, checked in at.
type BookingRow = (String, String, i64, i64, String, Option<i64>);

/// The visits of a hall that were booked for, or drawn in, `from..to`.
pub async fn visits(
    db: &Db,
    (hall_id, hall_code, late_minutes): (&str, &str, i64),
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Visit>, sqlx::Error> {
    let span = (from.as_microsecond(), to.as_microsecond());
    let bookings: Vec<BookingRow> = sqlx::query_as(
        "SELECT a.id, i.code, w.number, a.starts_at, a.state, a.checked_in_at FROM appointment a \
         JOIN service_item i ON i.id = a.item_id JOIN service_window w ON w.id = a.window_id \
         WHERE a.hall_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3",
    )
    .bind(hall_id)
    .bind(span.0)
    .bind(span.1)
    .fetch_all(db.read())
    .await?;
    let days = (app::time::day_of(from).to_string(), app::time::day_of(to).to_string());
    let tickets: Vec<TicketRow> = sqlx::query_as(
        "SELECT t.id, t.appointment_id, i.code, w.number, t.channel, t.issued_at, t.state, r.stars FROM ticket t \
         JOIN service_item i ON i.id = t.item_id LEFT JOIN service_window w ON w.id = t.window_id \
         LEFT JOIN service_rating r ON r.ticket_id = t.id WHERE t.hall_id = $1 AND t.day >= $2 AND t.day <= $3",
    )
    .bind(hall_id)
    .bind(&days.0)
    .bind(&days.1)
    .fetch_all(db.read())
    .await?;
    let intervals: Vec<(String, String, i64, Option<i64>)> = sqlx::query_as(
        "SELECT ticket_id, state, starts_at, ends_at FROM ticket_interval \
         WHERE hall_id = $1 AND day >= $2 AND day <= $3 ORDER BY ticket_id, position",
    )
    .bind(hall_id)
    .bind(&days.0)
    .bind(&days.1)
    .fetch_all(db.read())
    .await?;
    let checks: Vec<(String, i64)> = sqlx::query_as(
        "SELECT n.ticket_id, CAST(MAX(CASE WHEN n.missing <> '[]' THEN 1 ELSE 0 END) AS BIGINT) FROM ticket_item n \
         JOIN ticket t ON t.id = n.ticket_id WHERE t.hall_id = $1 AND t.day >= $2 AND t.day <= $3 \
         AND n.checked_at IS NOT NULL GROUP BY n.ticket_id",
    )
    .bind(hall_id)
    .bind(&days.0)
    .bind(&days.1)
    .fetch_all(db.read())
    .await?;
    let mut chains: BTreeMap<&str, Vec<Interval<'_>>> = BTreeMap::new();
    for (ticket, state, from, to) in &intervals {
        chains.entry(ticket).or_default().push((state, *from, *to));
    }
    let missing: BTreeMap<&str, bool> = checks.iter().map(|(id, any)| (id.as_str(), *any == 1)).collect();
    let by_booking: BTreeMap<&str, &TicketRow> =
        tickets.iter().filter_map(|ticket| Some((ticket.1.as_deref()?, ticket))).collect();
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let none = Vec::new();
    let measured = |ticket: Option<&&TicketRow>, visit: Visit| match ticket {
        None => visit,
        Some(ticket) => {
            let chain = chains.get(ticket.0.as_str()).unwrap_or(&none);
            let over = ticket.6 == "done";
            Visit {
                wait: wait_of(chain),
                service: service_of(chain).filter(|_| over),
                missing: missing.get(ticket.0.as_str()).copied(),
                stars: ticket.7,
                ..visit
            }
        }
    };
    let mut visits = Vec::with_capacity(bookings.len() + tickets.len());
    for (id, item, window, starts, state, came) in &bookings {
        let outcome = match state.as_str() {
            "cancelled" => Outcome::Cancelled,
            "no_show" => Outcome::NoShow,
            "booked" => Outcome::Open,
            _ => Outcome::Kept,
        };
        let late = outcome == Outcome::Kept && came.is_some_and(|came| came - starts > late_minutes * 60_000_000);
        let visit = Visit {
            hall: hall_code.to_owned(),
            item: item.clone(),
            window: Some(*window),
            at: at(*starts),
            booked: true,
            outcome,
            late,
            wait: None,
            service: None,
            missing: None,
            stars: None,
        };
        visits.push(measured(by_booking.get(id.as_str()), visit));
    }
    for ticket in tickets.iter().filter(|ticket| ticket.1.is_none() && ticket.4 != "booking") {
        if !(span.0..span.1).contains(&ticket.5) {
            continue;
        }
        let outcome = match ticket.6.as_str() {
            "done" => Outcome::Kept,
            "no_show" | "left" => Outcome::NoShow,
            _ => Outcome::Open,
        };
        let visit = Visit {
            hall: hall_code.to_owned(),
            item: ticket.2.clone(),
            window: ticket.3,
            at: at(ticket.5),
            booked: false,
            outcome,
            late: false,
            wait: None,
            service: None,
            missing: None,
            stars: None,
        };
        visits.push(measured(Some(&ticket), visit));
    }
    Ok(visits)
}

/// Places of a hall's slots that were booked, cancelled ones left out, and those whose holders came: window's number,
/// begin in microseconds, booked, used. A visit of several slots counts in each.
pub async fn places(
    db: &Db,
    hall_id: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(i64, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT w.number, s.starts_at, CAST(COUNT(*) AS BIGINT), \
         CAST(SUM(CASE WHEN a.state IN ('checked_in', 'done') THEN 1 ELSE 0 END) AS BIGINT) \
         FROM slot s JOIN service_window w ON w.id = s.window_id JOIN appointment_slot n ON n.slot_id = s.id \
         JOIN appointment a ON a.id = n.appointment_id \
         WHERE w.hall_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3 AND a.state <> 'cancelled' \
         GROUP BY w.number, s.starts_at",
    )
    .bind(hall_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(db.read())
    .await
}

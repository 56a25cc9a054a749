//! Of the halls.

use super::{
    Holds::{Instant, Pick, Text, Whole, Word},
    Over::Instants,
    Table,
};
use app::windows::{AppointmentState, queue::TicketState};

fn booking_state(code: &str) -> Option<&'static str> {
    AppointmentState::from_code(code).map(AppointmentState::key)
}

fn ticket_state(code: &str) -> Option<&'static str> {
    TicketState::from_code(code).map(TicketState::key)
}

pub(super) static BOOKINGS: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-code", Text),
        ("exports-column-hall", Pick),
        ("exports-column-window", Whole),
        ("exports-column-items", Text),
        ("exports-column-begin", Instant),
        ("exports-column-end", Instant),
        ("exports-column-state", Word(booking_state)),
        ("exports-column-name", Text),
        ("exports-column-phone", Text),
        ("exports-column-for", Text),
        ("exports-column-need", Text),
        ("exports-column-booked", Instant),
        ("exports-column-booked-by", Text),
        ("exports-column-checked-in", Instant),
        ("exports-column-cancelled", Instant),
        ("exports-column-reason", Text),
    ],
    sql: "SELECT a.code, h.name, h.name_en, w.number, \
          (SELECT COALESCE(MIN(s.official_name), '') FROM service_item s WHERE s.id = a.item_id), a.starts_at, a.ends_at, a.state, \
          p.name, p.phone_masked, a.for_name, a.need, a.created_at, COALESCE(b.name, ''), a.checked_in_at, a.cancelled_at, \
          a.cancel_reason \
          FROM appointment a JOIN hall h ON h.id = a.hall_id JOIN organisation o ON o.id = h.organisation_id \
          JOIN service_window w ON w.id = a.window_id JOIN person p ON p.id = a.person_id \
          LEFT JOIN person b ON b.id = a.booked_by \
          WHERE substr(o.path, 1, length($1)) = $1 AND a.starts_at >= $2 AND a.starts_at < $3 \
          ORDER BY a.starts_at, a.id",
};

pub(super) static TICKETS: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-hall", Pick),
        ("exports-column-day", Text),
        ("exports-column-ticket", Text),
        ("exports-column-channel", Text),
        ("exports-column-class", Text),
        ("exports-column-item", Pick),
        ("exports-column-interval", Whole),
        ("exports-column-state", Word(ticket_state)),
        ("exports-column-window", Whole),
        ("exports-column-staff", Text),
        ("exports-column-begin", Instant),
        ("exports-column-end", Instant),
        ("exports-column-seconds", Whole),
    ],
    sql: "SELECT h.name, h.name_en, t.day, t.letter || substr('00' || CAST(t.number AS TEXT), \
          CASE WHEN t.number < 10 THEN 1 WHEN t.number < 100 THEN 2 ELSE 3 END), t.channel, t.class, s.title, s.title_en, \
          i.position, i.state, w.number, COALESCE(p.name, ''), i.starts_at, i.ends_at, (i.ends_at - i.starts_at) / 1000000 \
          FROM ticket_interval i JOIN ticket t ON t.id = i.ticket_id JOIN hall h ON h.id = t.hall_id \
          JOIN organisation o ON o.id = h.organisation_id JOIN service_item s ON s.id = i.item_id \
          LEFT JOIN service_window w ON w.id = i.window_id LEFT JOIN person p ON p.id = i.staff_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND i.starts_at >= $2 AND i.starts_at < $3 \
          ORDER BY t.issued_at, t.id, i.position",
};

pub(super) static RATINGS: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-hall", Pick),
        ("exports-column-ticket", Text),
        ("exports-column-item", Pick),
        ("exports-column-stars", Whole),
        ("exports-column-stars-reason", Text),
        ("exports-column-rated", Instant),
        ("exports-column-answer", Text),
        ("exports-column-answered", Instant),
    ],
    // Whose visit it was is not told: the page says it neither.
    sql: "SELECT h.name, h.name_en, t.letter || substr('00' || CAST(t.number AS TEXT), \
          CASE WHEN t.number < 10 THEN 1 WHEN t.number < 100 THEN 2 ELSE 3 END), s.title, s.title_en, r.stars, r.reason, \
          r.rated_at, r.answer, r.answered_at FROM service_rating r JOIN ticket t ON t.id = r.ticket_id \
          JOIN hall h ON h.id = r.hall_id JOIN organisation o ON o.id = h.organisation_id \
          JOIN service_item s ON s.id = t.item_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND r.rated_at >= $2 AND r.rated_at < $3 ORDER BY r.rated_at, r.ticket_id",
};

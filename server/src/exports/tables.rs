//! The tables that no import takes: their columns, and the statement whose columns they are. `$1` is the path of a subtree,
//! `$2` and `$3` the begin and end of a period in microseconds.

use app::{
    exports::Dataset,
    notices::{NoticeKind, NoticeState},
    reports::{Channel, State, Step},
    windows::{AppointmentState, queue::TicketState},
};

/// What a column holds, and how it is written.
#[derive(Clone, Copy)]
pub enum Holds {
    /// A text.
    Text,
    /// A number.
    Whole,
    /// An instant in microseconds.
    Instant,
    /// Two columns: Chinese and English, of which the reader's is written.
    Pick,
    /// A code with a word on screen, by its catalogue key.
    Word(fn(&str) -> Option<&'static str>),
}

/// A column: catalogue key of its heading, and what it holds.
pub type Column = (&'static str, Holds);

/// A table.
pub struct Table {
    /// Its columns.
    pub columns: &'static [Column],
    /// The statement, in the order of the columns.
    pub sql: &'static str,
}

use Holds::{Instant, Pick, Text, Whole, Word};

fn booking_state(code: &str) -> Option<&'static str> {
    AppointmentState::from_code(code).map(AppointmentState::key)
}

fn ticket_state(code: &str) -> Option<&'static str> {
    TicketState::from_code(code).map(TicketState::key)
}

fn report_state(code: &str) -> Option<&'static str> {
    State::from_code(code).map(State::key)
}

fn report_channel(code: &str) -> Option<&'static str> {
    Channel::from_code(code).map(Channel::key)
}

fn report_step(code: &str) -> Option<&'static str> {
    Step::from_code(code).map(Step::event_key)
}

fn notice_kind(code: &str) -> Option<&'static str> {
    NoticeKind::from_code(code).map(NoticeKind::key)
}

fn notice_state(code: &str) -> Option<&'static str> {
    NoticeState::from_code(code).map(NoticeState::key)
}

static BOOKINGS: Table = Table {
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

static TICKETS: Table = Table {
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

static REPORTS: Table = Table {
    columns: &[
        ("exports-column-code", Text),
        ("exports-column-channel", Word(report_channel)),
        ("exports-column-community", Pick),
        ("exports-column-grid", Pick),
        ("exports-column-building", Pick),
        ("exports-column-place", Text),
        ("exports-column-category", Pick),
        ("exports-column-words", Text),
        ("exports-column-state", Word(report_state)),
        ("exports-column-reporter", Text),
        ("exports-column-owner", Text),
        ("exports-column-filed", Instant),
        ("exports-column-due", Instant),
        ("exports-column-dispatched", Instant),
        ("exports-column-owner-due", Instant),
        ("exports-column-closed", Instant),
        ("exports-column-reworks", Whole),
        ("exports-column-returns", Whole),
        ("exports-column-reopened", Whole),
        ("exports-column-stars", Whole),
        ("exports-column-stars-reason", Text),
    ],
    // Whoever asked to be unknown to staff is unknown here as well.
    sql: "SELECT r.code, CASE WHEN r.transferred_from <> '' THEN 'transfer' ELSE r.channel END, c.name, c.name_en, \
          COALESCE(g.name, ''), COALESCE(g.name_en, ''), COALESCE(b.name, ''), COALESCE(b.name_en, ''), r.place_text, \
          k.name, k.name_en, r.description, r.state, CASE WHEN r.unknown_to_staff = 1 THEN '' ELSE COALESCE(p.name, '') END, \
          COALESCE(w.name, ''), r.filed_at, r.due_at, r.dispatched_at, r.owner_due_at, r.closed_at, r.reworks, r.returns, \
          r.reopened, r.stars, r.stars_reason \
          FROM report r JOIN organisation c ON c.id = r.community_id JOIN category k ON k.code = r.category \
          LEFT JOIN organisation g ON g.id = r.grid_id LEFT JOIN organisation b ON b.id = r.building_id \
          LEFT JOIN person p ON p.id = r.reporter_id LEFT JOIN person w ON w.id = r.owner_id \
          WHERE substr(r.path, 1, length($1)) = $1 AND r.filed_at >= $2 AND r.filed_at < $3 ORDER BY r.filed_at, r.id",
};

static REPORT_EVENTS: Table = Table {
    columns: &[
        ("exports-column-code", Text),
        ("exports-column-number", Whole),
        ("exports-column-at", Instant),
        ("exports-column-step", Word(report_step)),
        ("exports-column-as", Text),
        ("exports-column-by", Text),
        ("exports-column-from-state", Word(report_state)),
        ("exports-column-to-state", Word(report_state)),
        ("exports-column-to-person", Text),
        ("exports-column-public", Text),
        ("exports-column-internal", Text),
    ],
    sql: "SELECT r.code, e.seq, e.at, e.action, e.actor_kind, \
          CASE WHEN r.unknown_to_staff = 1 AND e.actor_id = r.reporter_id THEN '' ELSE COALESCE(p.name, '') END, e.from_state, \
          e.to_state, COALESCE(t.name, ''), e.public_text, e.internal_text \
          FROM report_event e JOIN report r ON r.id = e.report_id LEFT JOIN person p ON p.id = e.actor_id \
          LEFT JOIN person t ON t.id = e.to_person_id \
          WHERE substr(r.path, 1, length($1)) = $1 AND r.filed_at >= $2 AND r.filed_at < $3 \
          ORDER BY r.filed_at, r.id, e.seq",
};

static NOTICES: Table = Table {
    columns: &[
        ("exports-column-kind", Word(notice_kind)),
        ("exports-column-state", Word(notice_state)),
        ("exports-column-title", Pick),
        ("exports-column-organisation", Pick),
        ("exports-column-author", Text),
        ("exports-column-published", Instant),
        ("exports-column-expires", Instant),
        ("exports-column-told", Whole),
        ("exports-column-messages", Whole),
        ("exports-column-delivered", Whole),
        ("exports-column-failed", Whole),
        ("exports-column-confirmed", Whole),
        ("exports-column-questions", Whole),
    ],
    sql: "SELECT n.kind, n.state, n.title, n.title_en, o.name, o.name_en, p.name, n.published_at, n.expires_at, \
          COALESCE(f.people, 0), \
          (SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery d WHERE d.notice_id = n.id), \
          (SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery d WHERE d.notice_id = n.id AND d.state = 'delivered'), \
          (SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery d WHERE d.notice_id = n.id AND d.state = 'failed'), \
          COALESCE(c.total, 0), (SELECT CAST(COUNT(*) AS BIGINT) FROM notice_question q WHERE q.notice_id = n.id) \
          FROM notice n JOIN organisation o ON o.id = n.organisation_id JOIN person p ON p.id = n.author_id \
          LEFT JOIN notice_fan_out f ON f.notice_id = n.id LEFT JOIN notice_confirmed c ON c.notice_id = n.id \
          WHERE substr(o.path, 1, length($1)) = $1 AND COALESCE(n.published_at, n.created_at) >= $2 \
          AND COALESCE(n.published_at, n.created_at) < $3 ORDER BY COALESCE(n.published_at, n.created_at), n.id",
};

static SIGN_UPS: Table = Table {
    columns: &[
        ("exports-column-title", Pick),
        ("exports-column-organisation", Pick),
        ("exports-column-begin", Instant),
        ("exports-column-end", Instant),
        ("exports-column-seats", Whole),
        ("exports-column-taken", Whole),
        ("exports-column-signed", Whole),
        ("exports-column-waiting", Whole),
        ("exports-column-left", Whole),
        ("exports-column-came", Whole),
    ],
    sql: "SELECT n.title, n.title_en, o.name, o.name_en, a.starts_at, a.ends_at, a.seats, a.taken, \
          (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s WHERE s.activity_id = a.id AND s.state = 'signed'), \
          (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s WHERE s.activity_id = a.id AND s.state = 'waiting'), \
          (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s WHERE s.activity_id = a.id AND s.state = 'cancelled'), \
          (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s WHERE s.activity_id = a.id AND s.came_at IS NOT NULL) \
          FROM activity a JOIN notice n ON n.id = a.notice_id JOIN organisation o ON o.id = n.organisation_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND a.starts_at >= $2 AND a.starts_at < $3 ORDER BY a.starts_at, a.id",
};

fn supervision_kind(code: &str) -> Option<&'static str> {
    app::supervision::letter::Kind::from_code(code).map(app::supervision::letter::Kind::key)
}

fn supervision_state(code: &str) -> Option<&'static str> {
    app::supervision::State::from_code(code).map(app::supervision::State::key)
}

static SUPERVISION: Table = Table {
    columns: &[
        ("supervision-column-number", Text),
        ("exports-column-kind", Word(supervision_kind)),
        ("supervision-issuer", Pick),
        ("supervision-addressee", Pick),
        ("supervision-company", Text),
        ("supervision-subject", Text),
        ("supervision-column-findings", Whole),
        ("exports-column-state", Word(supervision_state)),
        ("supervision-column-round", Whole),
        ("supervision-issued-at", Instant),
        ("supervision-due", Instant),
        ("supervision-column-answered", Instant),
        ("supervision-column-in-time", Whole),
        ("supervision-column-returns", Whole),
        ("supervision-column-done", Instant),
        ("supervision-column-withdrawn", Instant),
    ],
    // Drafts are their issuer's.
    sql: "SELECT l.sign, l.kind, i.name, i.name_en, a.name, a.name_en, l.company, l.subject, \
          (SELECT CAST(COUNT(*) AS BIGINT) FROM supervision_finding f WHERE f.letter_id = l.id), l.state, l.round, l.issued_at, \
          l.due_at, l.first_answered_at, l.first_in_time, l.returns, l.done_at, l.withdrawn_at FROM supervision_letter l \
          JOIN organisation i ON i.id = l.issuer_id JOIN organisation a ON a.id = l.addressee_id \
          WHERE substr(l.addressee_path, 1, length($1)) = $1 AND l.issued_at >= $2 AND l.issued_at < $3 \
          ORDER BY l.issued_at, l.id",
};

fn matter_kind(code: &str) -> Option<&'static str> {
    app::matters::kind::Kind::from_code(code).map(app::matters::kind::Kind::key)
}

fn matter_way(code: &str) -> Option<&'static str> {
    app::matters::kind::Way::from_code(code).map(app::matters::kind::Way::key)
}

fn matter_state(code: &str) -> Option<&'static str> {
    app::matters::life::State::from_code(code).map(app::matters::life::State::key)
}

static MATTERS: Table = Table {
    columns: &[
        ("exports-column-code", Text),
        ("exports-column-title", Text),
        ("matters-from", Pick),
        ("matters-to", Pick),
        ("matters-way", Word(matter_way)),
        ("matters-kind", Word(matter_kind)),
        ("exports-column-state", Word(matter_state)),
        ("matters-fact-report", Text),
        ("matters-fact-reference", Text),
        ("matters-fact-sent", Instant),
        ("matters-fact-accept-due", Instant),
        ("matters-fact-accepted", Instant),
        ("matters-fact-due", Instant),
        ("matters-fact-answered", Instant),
        ("exports-column-closed", Instant),
        ("exports-column-words", Text),
    ],
    // A platform stands on the side where no organisation does.
    sql: "SELECT m.number, m.title, COALESCE(f.name, p.name, ''), COALESCE(f.name_en, p.name, ''), COALESCE(t.name, p.name, ''), \
          COALESCE(t.name_en, p.name, ''), m.way, m.kind, m.state, m.report_code, m.foreign_ref, m.sent_at, m.accept_due_at, \
          m.accepted_at, m.due_at, m.answered_at, m.over_at, m.answer \
          FROM matter m LEFT JOIN organisation f ON f.id = m.from_id LEFT JOIN organisation t ON t.id = m.to_id \
          LEFT JOIN platform p ON p.id = m.platform_id \
          WHERE (substr(m.from_path, 1, length($1)) = $1 OR substr(m.to_path, 1, length($1)) = $1) \
          AND m.sent_at >= $2 AND m.sent_at < $3 ORDER BY m.sent_at, m.id",
};

fn bulletin_state(code: &str) -> Option<&'static str> {
    app::bulletins::pages::State::from_code(code).map(app::bulletins::pages::State::key)
}

static BULLETINS: Table = Table {
    columns: &[
        ("exports-column-title", Pick),
        ("exports-column-organisation", Pick),
        ("exports-column-begin", Text),
        ("exports-column-end", Text),
        ("exports-column-state", Word(bulletin_state)),
        ("exports-column-author", Text),
        ("exports-column-published", Instant),
    ],
    sql: "SELECT b.title, b.title_en, o.name, o.name_en, b.first_day, b.last_day, \
          CASE WHEN n.id IS NULL THEN 'draft' WHEN n.state = 'scheduled' \
          OR (n.state = 'draft' AND n.review_asked_at IS NOT NULL) THEN 'review' WHEN n.state = 'draft' THEN 'returned' \
          ELSE n.state END, p.name, n.published_at \
          FROM bulletin b JOIN organisation o ON o.id = b.organisation_id JOIN person p ON p.id = b.author_id \
          LEFT JOIN notice n ON n.id = b.notice_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND b.created_at >= $2 AND b.created_at < $3 ORDER BY b.created_at, b.id",
};

static AUDIT: Table = Table {
    columns: &[
        ("exports-column-at", Instant),
        ("exports-column-as", Text),
        ("exports-column-by", Text),
        ("exports-column-step", Text),
        ("exports-column-object", Text),
        ("exports-column-id", Text),
        ("exports-column-detail", Text),
        ("exports-column-request", Text),
    ],
    // The log belongs to no place, as on its page.
    sql: "SELECT a.at, a.actor_kind, COALESCE(p.name, ''), a.action, a.object_kind, a.object_id, a.detail, a.request_id \
          FROM audit_log a LEFT JOIN person p ON p.id = a.actor_id \
          WHERE length($1) >= 0 AND a.at >= $2 AND a.at < $3 ORDER BY a.id",
};

/// The table, unless an import takes it.
pub fn table(dataset: Dataset) -> Option<&'static Table> {
    match dataset {
        Dataset::Bookings => Some(&BOOKINGS),
        Dataset::Tickets => Some(&TICKETS),
        Dataset::Reports => Some(&REPORTS),
        Dataset::ReportEvents => Some(&REPORT_EVENTS),
        Dataset::Notices => Some(&NOTICES),
        Dataset::SignUps => Some(&SIGN_UPS),
        Dataset::Supervision => Some(&SUPERVISION),
        Dataset::Matters => Some(&MATTERS),
        Dataset::Bulletins => Some(&BULLETINS),
        Dataset::Audit => Some(&AUDIT),
        Dataset::PropertyCompanies | Dataset::PropertyEntries => None,
        Dataset::People | Dataset::Organisations | Dataset::Buildings | Dataset::Items | Dataset::Categories => None,
    }
}

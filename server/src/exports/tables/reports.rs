//! Of reports.

use super::{
    Holds::{Instant, Pick, Text, Whole, Word},
    Over::Instants,
    Table,
};
use app::reports::{Channel, State, Step};

fn report_state(code: &str) -> Option<&'static str> {
    State::from_code(code).map(State::key)
}

fn report_channel(code: &str) -> Option<&'static str> {
    Channel::from_code(code).map(Channel::key)
}

fn report_step(code: &str) -> Option<&'static str> {
    Step::from_code(code).map(Step::event_key)
}

pub(super) static REPORTS: Table = Table {
    over: Instants,
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

pub(super) static REPORT_EVENTS: Table = Table {
    over: Instants,
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

//! Of grids, of what is seen in them, and of what their workers read.

use super::{
    Holds::{Instant, Pick, Text, Whole, Word},
    Over::{Days, Instants, Now},
    Table,
};
use crate::grids::store::duty::still_works;
use app::patrol::intake::{Finder, IntakeState};

/// The name of who answers for a grid `g`, or stands in, now and still in a role there; empty: nobody.
macro_rules! named {
    ($kind:literal) => {
        concat!(
            "COALESCE((SELECT p.name FROM grid_duty d JOIN person p ON p.id = d.person_id WHERE d.grid_id = g.id AND d.kind = '",
            $kind,
            "' AND d.until_day IS NULL AND p.left_at IS NULL AND ",
            still_works!("d.person_id", "g"),
            "), '')"
        )
    };
}

fn look_state(code: &str) -> Option<&'static str> {
    match code {
        "fine" => Some("patrol-fine"),
        "found" => Some("patrol-found-here"),
        _ => None,
    }
}

fn finder(code: &str) -> Option<&'static str> {
    Finder::from_code(code).map(Finder::key)
}

fn finding_state(code: &str) -> Option<&'static str> {
    Some(IntakeState::from_code(code).key())
}

pub(super) static GRIDS: Table = Table {
    over: Now,
    columns: &[
        ("exports-column-community", Pick),
        ("exports-column-code", Text),
        ("exports-column-grid", Pick),
        ("exports-column-ended-day", Text),
        ("exports-column-responsible", Text),
        ("exports-column-substitute", Text),
        ("exports-column-building-code", Text),
        ("exports-column-building", Pick),
        ("exports-column-households", Whole),
    ],
    // Key contacts stay on their page, where looking at them is written down.
    sql: concat!(
        "SELECT c.name, c.name_en, g.code, g.name, g.name_en, g.ended_on, ",
        named!("responsible"),
        ", ",
        named!("substitute"),
        ", b.code, b.name, b.name_en, b.households FROM organisation g JOIN organisation c ON c.id = g.parent_id \
         LEFT JOIN organisation b ON b.parent_id = g.id AND b.kind = 'building' \
         WHERE g.kind = 'grid' AND substr(g.path, 1, length($1)) = $1 ORDER BY c.path, g.position, g.code, b.position, b.code"
    ),
};

pub(super) static PATROLS: Table = Table {
    over: Days,
    columns: &[
        ("exports-column-community", Pick),
        ("exports-column-grid", Pick),
        ("exports-column-plan", Text),
        ("exports-column-day", Text),
        ("exports-column-ended-at", Instant),
        ("exports-column-number", Whole),
        ("exports-column-place", Text),
        ("exports-column-look-at", Text),
        ("exports-column-looked", Word(look_state)),
        ("exports-column-words", Text),
    ],
    // Who walked and when they stood where is not told: a walk is a plan's, not a person's.
    sql: "SELECT c.name, c.name_en, g.name, g.name_en, p.name, w.day, w.done_at, q.position + 1, q.place, q.look_at, \
          COALESCE(l.state, ''), w.note FROM patrol_walk w JOIN patrol_plan p ON p.id = w.plan_id \
          JOIN organisation g ON g.id = p.grid_id JOIN organisation c ON c.id = p.community_id \
          JOIN patrol_point q ON q.plan_id = w.plan_id AND q.version = w.plan_version \
          LEFT JOIN patrol_look l ON l.walk_id = w.id AND l.position = q.position \
          WHERE substr(p.path, 1, length($1)) = $1 AND w.day >= $2 AND w.day <= $3 \
          ORDER BY w.day, c.path, g.position, p.name, w.id, q.position",
};

pub(super) static FINDINGS: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-system", Text),
        ("exports-column-source", Word(finder)),
        ("exports-column-foreign", Text),
        ("exports-column-organisation", Pick),
        ("exports-column-category", Pick),
        ("exports-column-words", Text),
        ("exports-column-place", Text),
        ("exports-column-confidence", Whole),
        ("exports-column-found", Instant),
        ("exports-column-received", Instant),
        ("exports-column-state", Word(finding_state)),
        ("exports-column-report", Text),
        ("exports-column-reason", Text),
    ],
    sql: "SELECT k.name, i.source, i.foreign_code, o.name, o.name_en, c.name, c.name_en, i.description, i.place, i.confidence, \
          i.found_at, i.received_at, i.state, i.report_code, i.reason FROM intake i \
          JOIN integration_key k ON k.id = i.key_id JOIN category c ON c.code = i.category JOIN organisation o ON o.path = i.path \
          WHERE substr(i.path, 1, length($1)) = $1 AND i.received_at >= $2 AND i.received_at < $3 ORDER BY i.received_at, i.id",
};

pub(super) static HANDBOOK: Table = Table {
    over: Now,
    columns: &[
        ("exports-column-organisation", Pick),
        ("exports-column-title", Text),
        ("exports-column-situation", Text),
        ("exports-column-steps", Text),
        ("exports-column-category", Pick),
        ("exports-column-item", Pick),
        ("exports-column-reviewed", Text),
        ("handbook-column-version", Whole),
    ],
    // Whom to call stays on the page.
    sql: "SELECT o.name, o.name_en, e.title, e.words, e.steps, c.name, c.name_en, s.title, s.title_en, e.reviewed_on, e.version \
          FROM handbook_entry e JOIN organisation o ON o.id = e.organisation_id LEFT JOIN category c ON c.code = e.category \
          LEFT JOIN service_item s ON s.code = e.item \
          WHERE e.removed_at IS NULL AND substr(e.path, 1, length($1)) = $1 ORDER BY e.path, e.title, e.id",
};

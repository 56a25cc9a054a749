//! Of partners and volunteers.

use super::{
    Holds::{Instant, Pick, Text, Whole, Word},
    Over::{Days, Instants},
    Table,
};
use app::partners::{HourSource, HourState, PartnerKind, TaskState, Whose};

fn partner_kind(code: &str) -> Option<&'static str> {
    PartnerKind::from_code(code).map(PartnerKind::key)
}

fn whose(code: &str) -> Option<&'static str> {
    Whose::from_code(code).map(Whose::key)
}

fn task_state(code: &str) -> Option<&'static str> {
    TaskState::from_code(code).map(TaskState::key)
}

fn hour_source(code: &str) -> Option<&'static str> {
    HourSource::from_code(code).map(HourSource::key)
}

fn hour_state(code: &str) -> Option<&'static str> {
    HourState::from_code(code).map(HourState::key)
}

pub(super) static AGREEMENTS: Table = Table {
    over: Days,
    columns: &[
        ("exports-column-community", Pick),
        ("exports-column-partner", Text),
        ("exports-column-kind", Word(partner_kind)),
        ("exports-column-agreement", Text),
        ("exports-column-begin", Text),
        ("exports-column-end", Text),
        ("exports-column-community-gives", Text),
        ("exports-column-partner-gives", Text),
        ("exports-column-ended-day", Text),
        ("exports-column-reason", Text),
        ("exports-column-task", Text),
        ("exports-column-whose", Word(whose)),
        ("exports-column-due-day", Text),
        ("exports-column-state", Word(task_state)),
        ("exports-column-settled", Instant),
        ("exports-column-words", Text),
    ],
    // Agreements that run on some day of the period. Whom to call there stays on the page.
    sql: "SELECT o.name, o.name_en, p.name, p.kind, a.title, a.from_day, a.until_day, a.community_gives, a.partner_gives, \
          a.ended_day, a.ended_reason, t.title, COALESCE(t.whose, ''), t.due_day, COALESCE(t.state, ''), t.settled_at, t.note \
          FROM partner_agreement a JOIN partner p ON p.id = a.partner_id JOIN organisation o ON o.id = p.community_id \
          LEFT JOIN partner_task t ON t.agreement_id = a.id \
          WHERE substr(o.path, 1, length($1)) = $1 AND a.until_day >= $2 AND a.from_day <= $3 \
          ORDER BY a.from_day, a.id, t.due_day, t.id",
};

pub(super) static TEAM_ACTIVITIES: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-community", Pick),
        ("exports-column-team", Text),
        ("exports-column-title", Pick),
        ("exports-column-begin", Instant),
        ("exports-column-end", Instant),
        ("exports-column-seats", Whole),
        ("exports-column-signed", Whole),
        ("exports-column-came", Whole),
        ("exports-column-cancelled", Instant),
    ],
    sql: "SELECT o.name, o.name_en, t.name, n.title, n.title_en, a.starts_at, a.ends_at, a.seats, \
          (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s WHERE s.activity_id = a.id AND s.state = 'signed'), \
          (SELECT CAST(COALESCE(SUM(s.people), 0) AS BIGINT) FROM sign_up s WHERE s.activity_id = a.id AND s.came_at IS NOT NULL), \
          a.cancelled_at FROM team_activity l JOIN activity a ON a.id = l.activity_id JOIN notice n ON n.id = a.notice_id \
          JOIN volunteer_team t ON t.id = l.team_id JOIN organisation o ON o.id = t.community_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND a.starts_at >= $2 AND a.starts_at < $3 ORDER BY a.starts_at, a.id",
};

pub(super) static SERVICE_HOURS: Table = Table {
    over: Days,
    columns: &[
        ("exports-column-community", Pick),
        ("exports-column-team", Text),
        ("exports-column-day", Text),
        ("exports-column-minutes", Whole),
        ("exports-column-source", Word(hour_source)),
        ("exports-column-activity", Pick),
        ("exports-column-report", Text),
        ("exports-column-words", Text),
        ("exports-column-state", Word(hour_state)),
        ("exports-column-confirmed-at", Instant),
    ],
    // Without names: hours are each volunteer's own record, and nobody sums them up by person. What staff do not see, because it was
    // declined or withdrawn, is left out.
    sql: "SELECT o.name, o.name_en, COALESCE(t.name, ''), h.day, h.minutes, h.source, n.title, n.title_en, \
          COALESCE(r.code, ''), h.words, h.state, h.confirmed_at FROM service_hour h \
          JOIN organisation o ON o.id = h.community_id LEFT JOIN volunteer_team t ON t.id = h.team_id \
          LEFT JOIN activity a ON a.id = h.activity_id LEFT JOIN notice n ON n.id = a.notice_id \
          LEFT JOIN report r ON r.id = h.report_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND h.day >= $2 AND h.day <= $3 \
          AND h.state IN ('proposed', 'confirmed', 'taken_back') ORDER BY h.day, h.id",
};

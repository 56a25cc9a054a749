//! Of what goes between levels: orders, matters, bulletins.

use super::{
    Holds::{Instant, Pick, Text, Whole, Word},
    Over::Instants,
    Table,
};
use app::{
    bulletins,
    matters::{
        kind::{Kind, Way},
        life,
    },
    supervision::{self, letter},
};

fn supervision_kind(code: &str) -> Option<&'static str> {
    letter::Kind::from_code(code).map(letter::Kind::key)
}

fn supervision_state(code: &str) -> Option<&'static str> {
    supervision::State::from_code(code).map(supervision::State::key)
}

fn matter_kind(code: &str) -> Option<&'static str> {
    Kind::from_code(code).map(Kind::key)
}

fn matter_way(code: &str) -> Option<&'static str> {
    Way::from_code(code).map(Way::key)
}

fn matter_state(code: &str) -> Option<&'static str> {
    life::State::from_code(code).map(life::State::key)
}

fn bulletin_state(code: &str) -> Option<&'static str> {
    bulletins::pages::State::from_code(code).map(bulletins::pages::State::key)
}

pub(super) static SUPERVISION: Table = Table {
    over: Instants,
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

pub(super) static MATTERS: Table = Table {
    over: Instants,
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

pub(super) static BULLETINS: Table = Table {
    over: Instants,
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

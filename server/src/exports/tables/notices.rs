//! Of notices and what belongs to them.

use super::{
    Holds::{Instant, Pick, Text, Whole, Word},
    Over::Instants,
    Table,
};
use app::notices::{NoticeKind, NoticeState, QuestionState};

fn notice_kind(code: &str) -> Option<&'static str> {
    NoticeKind::from_code(code).map(NoticeKind::key)
}

fn notice_state(code: &str) -> Option<&'static str> {
    NoticeState::from_code(code).map(NoticeState::key)
}

fn question_state(code: &str) -> Option<&'static str> {
    QuestionState::from_code(code).map(QuestionState::key)
}

pub(super) static NOTICES: Table = Table {
    over: Instants,
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

pub(super) static SIGN_UPS: Table = Table {
    over: Instants,
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

pub(super) static QUESTIONS: Table = Table {
    over: Instants,
    columns: &[
        ("question-column-notice", Pick),
        ("exports-column-organisation", Pick),
        ("question-column", Text),
        ("exports-column-asked", Instant),
        ("exports-column-state", Word(question_state)),
        ("exports-column-answer", Text),
        ("exports-column-answered", Instant),
        ("exports-column-released", Whole),
    ],
    // Who asked is not told: the page says it neither.
    sql: "SELECT n.title, n.title_en, o.name, o.name_en, q.body, q.asked_at, q.state, q.answer, q.answered_at, q.released \
          FROM notice_question q JOIN notice n ON n.id = q.notice_id JOIN organisation o ON o.id = n.organisation_id \
          WHERE substr(o.path, 1, length($1)) = $1 AND q.asked_at >= $2 AND q.asked_at < $3 ORDER BY q.asked_at, q.id",
};

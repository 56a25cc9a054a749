//! Of joint meetings. Who voted what is in neither table, and minutes, which may tell it of open ballots, are not either.

use super::{
    Holds::{Instant, Text, Whole, Word},
    Over::Instants,
    Table,
};
use app::meetings::{Mode, ResolutionState, SessionState, Way, rules::Majority};

fn mode(code: &str) -> Option<&'static str> {
    Mode::from_code(code).map(Mode::key)
}

fn session_state(code: &str) -> Option<&'static str> {
    SessionState::from_code(code).map(SessionState::key)
}

fn resolution_state(code: &str) -> Option<&'static str> {
    ResolutionState::from_code(code).map(ResolutionState::key)
}

fn way(code: &str) -> Option<&'static str> {
    Way::from_code(code).map(Way::key)
}

fn majority(code: &str) -> Option<&'static str> {
    Majority::from_code(code).map(Majority::key)
}

/// A motion that won is carried.
fn outcome(code: &str) -> Option<&'static str> {
    Some(match code {
        "carried" => "meeting-outcome-carried",
        "chosen" => "exports-ballot-chosen",
        "lost" => "meeting-outcome-lost",
        "tie" => "meeting-outcome-tie",
        "short" => "meeting-outcome-short",
        "no_quorum" => "meeting-outcome-no-quorum",
        "too_few" => "meeting-outcome-too-few",
        "void" => "meeting-outcome-void",
        _ => return None,
    })
}

pub(super) static MEETINGS: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-meeting", Text),
        ("exports-column-session", Text),
        ("exports-column-begin", Instant),
        ("exports-column-place", Text),
        ("exports-column-mode", Word(mode)),
        ("exports-column-state", Word(session_state)),
        ("exports-column-attended", Whole),
        ("exports-column-published", Instant),
        ("exports-column-resolution", Text),
        ("exports-column-carries-out", Text),
        ("exports-column-speaks-for", Text),
        ("exports-column-due-day", Text),
        ("exports-column-resolution-state", Word(resolution_state)),
        ("exports-column-report", Text),
    ],
    sql: "SELECT m.name, s.title, s.starts_at, s.place, s.mode, s.state, \
          (SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_attendance a WHERE a.session_id = s.id AND a.state <> 'absent'), \
          s.published_at, r.text, p.name, e.speaks_for, r.due_day, COALESCE(r.state, ''), r.report_code \
          FROM meeting_session s JOIN joint_meeting m ON m.id = s.meeting_id \
          LEFT JOIN meeting_resolution r ON r.session_id = s.id LEFT JOIN meeting_member e ON e.id = r.owner_id \
          LEFT JOIN person p ON p.id = r.person_id \
          WHERE substr(s.path, 1, length($1)) = $1 AND s.starts_at >= $2 AND s.starts_at < $3 \
          ORDER BY s.starts_at, s.id, r.made_at, r.id",
};

pub(super) static BALLOTS: Table = Table {
    over: Instants,
    columns: &[
        ("exports-column-meeting", Text),
        ("exports-column-session", Text),
        ("exports-column-begin", Instant),
        ("exports-column-question", Text),
        ("exports-column-way", Word(way)),
        ("exports-column-entitled", Whole),
        ("exports-column-took-part", Whole),
        ("meeting-majority", Word(majority)),
        ("exports-column-outcome", Word(outcome)),
        ("meeting-column-option", Text),
        ("meeting-column-votes", Whole),
        ("exports-column-won", Whole),
    ],
    // What was counted, once it was: a secret ballot with too few votes has no totals. Rolls and votes are not read at all.
    sql: "SELECT m.name, s.title, s.starts_at, b.question, b.way, b.entitled, b.took_part, b.majority, \
          CASE WHEN b.outcome = 'chosen' AND b.motion = 1 THEN 'carried' ELSE b.outcome END, o.text, t.votes, \
          CAST(CASE WHEN b.chosen = o.number THEN 1 ELSE 0 END AS BIGINT) \
          FROM meeting_ballot b JOIN meeting_session s ON s.id = b.session_id JOIN joint_meeting m ON m.id = s.meeting_id \
          JOIN meeting_option o ON o.ballot_id = b.id LEFT JOIN meeting_result t ON t.ballot_id = b.id AND t.number = o.number \
          WHERE substr(s.path, 1, length($1)) = $1 AND s.starts_at >= $2 AND s.starts_at < $3 AND b.state = 'closed' \
          ORDER BY s.starts_at, s.id, b.created_at, b.id, o.number",
};

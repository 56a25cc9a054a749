//! Sessions, their agenda and the roll call.

use super::one;
use crate::{
    clock,
    db::{Db, Tx},
};
use app::meetings::{Mode, Presence, SessionState};
use jiff::Timestamp;

/// A session with its body.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    /// Id.
    pub id: String,
    /// Its body.
    pub meeting_id: String,
    /// Path of the community.
    pub path: String,
    /// Its title.
    pub title: String,
    /// When it begins, in microseconds.
    pub starts_at: i64,
    /// Where.
    pub place: String,
    mode: String,
    state: String,
    /// What was said.
    pub notes: String,
    /// Markdown; empty until it is written.
    pub minutes: String,
    /// Who wrote it.
    pub minutes_by: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When it was approved, in microseconds.
    pub approved_at: Option<i64>,
    /// Markdown for residents.
    pub summary: String,
    /// When that was published, in microseconds.
    pub published_at: Option<i64>,
    /// The lock of its texts and steps.
    pub version: i64,
    /// Name of the body.
    pub body: String,
    /// Id of the community.
    pub community_id: String,
}

impl Session {
    /// How it is held.
    pub fn mode(&self) -> Mode {
        Mode::from_code(&self.mode).unwrap_or(Mode::Hall)
    }
    /// Where it stands.
    pub fn state(&self) -> SessionState {
        SessionState::from_code(&self.state).unwrap_or(SessionState::Planned)
    }
    /// When it begins.
    pub fn starts(&self) -> Timestamp {
        super::instant(self.starts_at)
    }
}

macro_rules! session {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.meeting_id, s.path, s.title, s.starts_at, s.place, s.mode, s.state, s.notes, s.minutes, \
             s.minutes_by, s.approved_by, s.approved_at, s.summary, s.published_at, s.version, m.name AS body, \
             m.community_id FROM meeting_session s JOIN joint_meeting m ON m.id = s.meeting_id ",
            $rest
        )
    };
}

/// The session with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Session>, sqlx::Error> {
    sqlx::query_as(session!("WHERE s.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// Sessions of a body, the latest first.
pub async fn of_body(db: &Db, body: &str) -> Result<Vec<Session>, sqlx::Error> {
    sqlx::query_as(session!("WHERE s.meeting_id = $1 ORDER BY s.starts_at DESC, s.id LIMIT 100"))
        .bind(body)
        .fetch_all(db.read())
        .await
}

/// Sessions of a subtree, the latest first.
pub async fn under(db: &Db, path: &str) -> Result<Vec<Session>, sqlx::Error> {
    sqlx::query_as(session!("WHERE substr(s.path, 1, length($1)) = $1 ORDER BY s.starts_at DESC, s.id LIMIT 100"))
        .bind(path)
        .fetch_all(db.read())
        .await
}

/// Sessions of a community whose summary is published, the latest first.
pub async fn published(db: &Db, community_id: &str) -> Result<Vec<Session>, sqlx::Error> {
    sqlx::query_as(session!(
        "WHERE m.community_id = $1 AND s.published_at IS NOT NULL ORDER BY s.starts_at DESC, s.id LIMIT 50"
    ))
    .bind(community_id)
    .fetch_all(db.read())
    .await
}

/// A session as it is wanted.
pub struct NewSession<'a> {
    /// Id of the body and path of its community.
    pub body: (&'a str, &'a str),
    /// Title.
    pub title: &'a str,
    /// When.
    pub starts: Timestamp,
    /// Where.
    pub place: &'a str,
    /// How.
    pub mode: Mode,
    /// One form makes one.
    pub form_key: &'a str,
}

/// Writes a session; `None` when this form has made one before.
pub async fn insert(tx: &mut Tx, new: NewSession<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO meeting_session (id, meeting_id, path, title, starts_at, place, mode, state, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, $9) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.body.0)
    .bind(new.body.1)
    .bind(new.title)
    .bind(new.starts.as_microsecond())
    .bind(new.place)
    .bind(new.mode.code())
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done).then_some(id))
}

/// Moves a session from one state to another. Returns whether it was in the first.
pub async fn advance(
    tx: &mut Tx,
    id: &str,
    (from, to): (SessionState, SessionState),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_session SET state = $3, version = version + 1, \
         opened_at = CASE WHEN $3 = 'open' THEN $4 ELSE opened_at END, \
         closed_at = CASE WHEN $3 = 'closed' THEN $4 ELSE closed_at END WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from.code())
    .bind(to.code())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// Saves the notes of a session that is going on or over, and still at `version`. Returns whether it was.
pub async fn set_notes(tx: &mut Tx, (id, version): (&str, i64), notes: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_session SET notes = $3, version = version + 1 WHERE id = $1 AND version = $2 \
         AND state IN ('open', 'closed')",
    )
    .bind(id)
    .bind(version)
    .bind(notes)
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// Writes the minutes of a session that is over. Returns whether it was over and not yet approved.
pub async fn set_minutes(tx: &mut Tx, id: &str, text: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_session SET minutes = $2, minutes_by = $3, minutes_at = $4, version = version + 1 \
         WHERE id = $1 AND state = 'closed'",
    )
    .bind(id)
    .bind(text)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// Approves the minutes that were read at `version`, by somebody who did not write them. Returns whether that was so.
pub async fn approve(tx: &mut Tx, (id, version): (&str, i64), by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_session SET state = 'minuted', approved_by = $3, approved_at = $4, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = 'closed' AND minutes <> '' AND minutes_by <> $3",
    )
    .bind(id)
    .bind(version)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// Publishes the summary of a session whose minutes are approved. Returns whether they are and it was not published.
pub async fn publish(tx: &mut Tx, id: &str, summary: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_session SET summary = $2, published_at = $3, version = version + 1 \
         WHERE id = $1 AND state = 'minuted' AND published_at IS NULL",
    )
    .bind(id)
    .bind(summary)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// An item of an agenda.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Agendum {
    /// Id.
    pub id: String,
    /// Its place, from 1.
    pub position: i64,
    /// Its title.
    pub title: String,
    /// Its paper, Markdown, may be empty.
    pub paper: String,
    /// The proposal that it comes from.
    pub proposal_id: Option<String>,
}

/// The agenda of a session, in order.
pub async fn agenda(db: &Db, session: &str) -> Result<Vec<Agendum>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, position, title, paper, proposal_id FROM meeting_agenda WHERE session_id = $1 ORDER BY position",
    )
    .bind(session)
    .fetch_all(db.read())
    .await
}

/// Puts an item at the end of an agenda; `None` when this form has done so before. The caller holds the session's lock.
pub async fn add_item(
    tx: &mut Tx,
    session: &str,
    (title, paper, proposal): (&str, &str, Option<&str>),
    form_key: &str,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO meeting_agenda (id, session_id, position, title, paper, proposal_id, form_key) \
         SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), COALESCE(MAX(g.position), 0) + 1, CAST($3 AS TEXT), \
         CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT) FROM meeting_agenda g WHERE g.session_id = $2 \
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(session)
    .bind(title)
    .bind(paper)
    .bind(proposal)
    .bind(form_key)
    .execute(&mut **tx)
    .await?;
    Ok(one(&done).then_some(id))
}

/// What the roll call says: id of the membership → state as stored.
pub async fn attendance(db: &Db, session: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT member_id, state FROM meeting_attendance WHERE session_id = $1 ORDER BY member_id")
        .bind(session)
        .fetch_all(db.read())
        .await
}

/// The same in the transaction that decides by it.
pub async fn attendance_in(tx: &mut Tx, session: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT member_id, state FROM meeting_attendance WHERE session_id = $1 ORDER BY member_id")
        .bind(session)
        .fetch_all(&mut **tx)
        .await
}

/// Notes whether a member is there, over what was noted before.
pub async fn note_presence(
    tx: &mut Tx,
    (session, member): (&str, &str),
    state: Presence,
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO meeting_attendance (session_id, member_id, state, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (session_id, member_id) DO UPDATE SET state = EXCLUDED.state, noted_by = EXCLUDED.noted_by, \
         noted_at = EXCLUDED.noted_at",
    )
    .bind(session)
    .bind(member)
    .bind(state.code())
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The state of a session in a transaction that holds its lock.
pub async fn state_in(tx: &mut Tx, id: &str) -> Result<Option<SessionState>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT state FROM meeting_session WHERE id = $1").bind(id).fetch_optional(&mut **tx).await?;
    Ok(row.and_then(|(state,)| SessionState::from_code(&state)))
}

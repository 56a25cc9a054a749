//! Proposals to bodies.

use super::one;
use crate::{
    clock,
    db::{Db, Tx},
};
use app::meetings::ProposalState;
use jiff::Timestamp;

/// A proposal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Proposal {
    /// Id.
    pub id: String,
    /// The body.
    pub meeting_id: String,
    /// Whose.
    pub person_id: String,
    /// Their name.
    pub name: String,
    /// 1: by a member.
    pub by_member: i64,
    /// What it is about.
    pub title: String,
    /// The proposal.
    pub body: String,
    state: String,
    /// Why it is not talked about; may be empty.
    pub answer: String,
    /// When it came, in microseconds.
    pub submitted_at: i64,
    /// The session on whose agenda it is.
    pub session_id: Option<String>,
}

impl Proposal {
    /// What became of it.
    pub fn state(&self) -> ProposalState {
        ProposalState::from_code(&self.state).unwrap_or(ProposalState::Submitted)
    }
}

macro_rules! proposal {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.meeting_id, r.person_id, p.name, r.by_member, r.title, r.body, r.state, r.answer, \
             r.submitted_at, g.session_id FROM meeting_proposal r JOIN person p ON p.id = r.person_id \
             LEFT JOIN meeting_agenda g ON g.proposal_id = r.id ",
            $rest
        )
    };
}

/// Proposals to a body: those that wait first, then the latest.
pub async fn proposals(db: &Db, body: &str) -> Result<Vec<Proposal>, sqlx::Error> {
    sqlx::query_as(proposal!(
        "WHERE r.meeting_id = $1 ORDER BY CASE r.state WHEN 'submitted' THEN 0 ELSE 1 END, r.submitted_at DESC, r.id LIMIT 200"
    ))
    .bind(body)
    .fetch_all(db.read())
    .await
}

/// Proposals of a person, the latest first.
pub async fn proposals_of(db: &Db, person_id: &str) -> Result<Vec<Proposal>, sqlx::Error> {
    sqlx::query_as(proposal!("WHERE r.person_id = $1 ORDER BY r.submitted_at DESC, r.id LIMIT 100"))
        .bind(person_id)
        .fetch_all(db.read())
        .await
}

/// The proposal with this id.
pub async fn proposal(db: &Db, id: &str) -> Result<Option<Proposal>, sqlx::Error> {
    sqlx::query_as(proposal!("WHERE r.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// How many proposals of a person wait in a body.
pub async fn waiting_of(tx: &mut Tx, body: &str, person_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_proposal WHERE meeting_id = $1 AND person_id = $2 \
         AND state = 'submitted'",
    )
    .bind(body)
    .bind(person_id)
    .fetch_one(&mut **tx)
    .await?;
    Ok(count)
}

/// Writes a proposal; `None` when this form was sent before.
pub async fn propose(
    tx: &mut Tx,
    (body, person_id, by_member): (&str, &str, bool),
    (title, text): (&str, &str),
    form_key: &str,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO meeting_proposal (id, meeting_id, person_id, by_member, title, body, state, form_key, submitted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'submitted', $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(body)
    .bind(person_id)
    .bind(i64::from(by_member))
    .bind(title)
    .bind(text)
    .bind(form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done).then_some(id))
}

/// Decides on a proposal that nobody has decided on. Returns whether it was so.
pub async fn decide(
    tx: &mut Tx,
    id: &str,
    (to, answer): (ProposalState, &str),
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_proposal SET state = $2, answer = $3, answered_by = $4, decided_at = $5 \
         WHERE id = $1 AND state = 'submitted'",
    )
    .bind(id)
    .bind(to.code())
    .bind(answer)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// How many proposals wait in these bodies' subtree.
pub async fn waiting(db: &Db, path: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_proposal r JOIN joint_meeting m ON m.id = r.meeting_id \
         WHERE r.state = 'submitted' AND substr(m.path, 1, length($1)) = $1",
    )
    .bind(path)
    .fetch_one(db.read())
    .await?;
    Ok(count)
}

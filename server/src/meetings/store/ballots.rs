//! Ballots: their questions, rolls, open votes and totals. Votes of secret ballots are in [`super::secret`].

use super::one;
use crate::{
    clock,
    db::{Db, Tx, dialect},
};
use app::meetings::{
    BallotState, Way,
    rules::{Majority, Outcome, Quorum},
};
use jiff::Timestamp;

/// A ballot.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ballot {
    /// Id.
    pub id: String,
    /// Its session.
    pub session_id: String,
    /// Its item.
    pub agenda_id: String,
    /// The question.
    pub question: String,
    way: String,
    motion: i64,
    state: String,
    /// Votes are taken until then, in microseconds; 0: until it is closed.
    pub closes_at: i64,
    quorum_over: i64,
    quorum_of: i64,
    majority: String,
    /// How many were entitled when it was opened.
    pub entitled: i64,
    /// How many took part, once it is closed.
    pub took_part: i64,
    outcome: String,
    chosen: Option<i64>,
    /// Who saw the hands counted.
    pub witness_id: Option<String>,
}

impl Ballot {
    /// How it is held.
    pub fn way(&self) -> Way {
        Way::from_code(&self.way).unwrap_or(Way::Secret)
    }
    /// Whether it is a yes or no.
    pub fn is_motion(&self) -> bool {
        self.motion == 1
    }
    /// Where it stands.
    pub fn state(&self) -> BallotState {
        BallotState::from_code(&self.state).unwrap_or(BallotState::Closed)
    }
    /// Whether a vote is taken now.
    pub fn takes_votes(&self, now: Timestamp) -> bool {
        self.state() == BallotState::Open && (self.closes_at == 0 || self.closes_at > now.as_microsecond())
    }
    /// The rules that it was opened with.
    pub fn rules(&self) -> (Quorum, Majority) {
        let quorum = Quorum { over: self.quorum_over, of: self.quorum_of };
        (quorum, Majority::from_code(&self.majority).unwrap_or(Majority::Absolute))
    }
    /// What came of it, once it is closed.
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::from_stored(&self.outcome, self.chosen)
    }
}

macro_rules! ballot {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.session_id, b.agenda_id, b.question, b.way, b.motion, b.state, b.closes_at, b.quorum_over, \
             b.quorum_of, b.majority, b.entitled, b.took_part, b.outcome, b.chosen, b.witness_id FROM meeting_ballot b ",
            $rest
        )
    };
}

/// Ballots of a session, in the order in which they were made.
pub async fn of_session(db: &Db, session: &str) -> Result<Vec<Ballot>, sqlx::Error> {
    sqlx::query_as(ballot!("WHERE b.session_id = $1 ORDER BY b.created_at, b.id"))
        .bind(session)
        .fetch_all(db.read())
        .await
}

/// A ballot of a session.
pub async fn by_id(db: &Db, session: &str, id: &str) -> Result<Option<Ballot>, sqlx::Error> {
    sqlx::query_as(ballot!("WHERE b.session_id = $1 AND b.id = $2"))
        .bind(session)
        .bind(id)
        .fetch_optional(db.read())
        .await
}

/// The same in a transaction that holds its lock: what votes and what closes it wait for one another.
pub async fn locked(db: &Db, tx: &mut Tx, id: &str) -> Result<Option<Ballot>, sqlx::Error> {
    dialect::lock_key(db.engine(), tx, &format!("meeting-ballot:{id}")).await?;
    sqlx::query_as(ballot!("WHERE b.id = $1")).bind(id).fetch_optional(&mut **tx).await
}

/// The session of a ballot.
pub async fn session_of(db: &Db, id: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT session_id FROM meeting_ballot WHERE id = $1")
        .bind(id)
        .fetch_optional(db.read())
        .await?;
    Ok(row.map(|(session,)| session))
}

/// A ballot as it is wanted.
pub struct NewBallot<'a> {
    /// The session.
    pub session: &'a str,
    /// The item.
    pub agenda: &'a str,
    /// The question.
    pub question: &'a str,
    /// How it is held.
    pub way: Way,
    /// Yes or no.
    pub motion: bool,
    /// Texts of its options and whether they are to abstain.
    pub options: &'a [(String, bool)],
    /// One form makes one.
    pub form_key: &'a str,
}

/// Writes a ballot; `None` when this form has made one before.
pub async fn insert(tx: &mut Tx, new: NewBallot<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO meeting_ballot (id, session_id, agenda_id, question, way, motion, state, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.session)
    .bind(new.agenda)
    .bind(new.question)
    .bind(new.way.code())
    .bind(i64::from(new.motion))
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if !one(&done) {
        return Ok(None);
    }
    for (number, (text, abstains)) in (0_i64..).zip(new.options) {
        sqlx::query("INSERT INTO meeting_option (ballot_id, number, text, abstains) VALUES ($1, $2, $3, $4)")
            .bind(&id)
            .bind(number)
            .bind(text)
            .bind(i64::from(*abstains))
            .execute(&mut **tx)
            .await?;
    }
    Ok(Some(id))
}

/// Removes a ballot that was not opened. Returns whether it was so.
pub async fn remove_draft(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    let sql = "DELETE FROM meeting_option WHERE ballot_id IN \
               (SELECT b.id FROM meeting_ballot b WHERE b.id = $1 AND b.state = 'draft')";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    let done =
        sqlx::query("DELETE FROM meeting_ballot WHERE id = $1 AND state = 'draft'").bind(id).execute(&mut **tx).await?;
    Ok(one(&done))
}

/// An option.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BallotOption {
    /// The ballot.
    pub ballot_id: String,
    /// Its number, from 0.
    pub number: i64,
    /// Its text.
    pub text: String,
    /// 1: it is to abstain.
    pub abstains: i64,
    /// Its votes, once the ballot is closed and was counted.
    pub votes: Option<i64>,
}

macro_rules! options {
    ($rest:literal) => {
        concat!(
            "SELECT o.ballot_id, o.number, o.text, o.abstains, t.votes FROM meeting_option o \
             LEFT JOIN meeting_result t ON t.ballot_id = o.ballot_id AND t.number = o.number ",
            $rest
        )
    };
}

/// Options of all ballots of a session, in order.
pub async fn options(db: &Db, session: &str) -> Result<Vec<BallotOption>, sqlx::Error> {
    sqlx::query_as(options!(
        "JOIN meeting_ballot b ON b.id = o.ballot_id WHERE b.session_id = $1 ORDER BY o.ballot_id, o.number"
    ))
    .bind(session)
    .fetch_all(db.read())
    .await
}

/// Options of a ballot, in order.
pub async fn options_in(tx: &mut Tx, ballot: &str) -> Result<Vec<BallotOption>, sqlx::Error> {
    sqlx::query_as(options!("WHERE o.ballot_id = $1 ORDER BY o.number")).bind(ballot).fetch_all(&mut **tx).await
}

/// Opens a ballot that is a draft, with its rules. Returns whether it was one.
pub async fn open(
    tx: &mut Tx,
    id: &str,
    (quorum, majority): (Quorum, Majority),
    (entitled, closes_at): (i64, i64),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_ballot SET state = 'open', quorum_over = $2, quorum_of = $3, majority = $4, entitled = $5, \
         closes_at = $6, opened_at = $7 WHERE id = $1 AND state = 'draft'",
    )
    .bind(id)
    .bind(quorum.over)
    .bind(quorum.of)
    .bind(majority.code())
    .bind(entitled)
    .bind(closes_at)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// Writes the roll: everybody who may vote, in the order in which they became members, which is older than the ballot.
pub async fn write_roll(tx: &mut Tx, ballot: &str, people: &[&str]) -> Result<(), sqlx::Error> {
    for person in people {
        sqlx::query("INSERT INTO meeting_roll (ballot_id, person_id) VALUES ($1, $2)")
            .bind(ballot)
            .bind(*person)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Whether somebody is on the roll of a ballot and has voted; `None`: is not on it.
pub async fn on_roll(tx: &mut Tx, ballot: &str, person_id: &str) -> Result<Option<bool>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT voted FROM meeting_roll WHERE ballot_id = $1 AND person_id = $2")
        .bind(ballot)
        .bind(person_id)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|(voted,)| voted == 1))
}

/// Ballots of a session on whose roll somebody is: id and whether they have voted.
pub async fn rolls_of(db: &Db, session: &str, person_id: &str) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.ballot_id, r.voted FROM meeting_roll r JOIN meeting_ballot b ON b.id = r.ballot_id \
         WHERE b.session_id = $1 AND r.person_id = $2",
    )
    .bind(session)
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// How many have voted, ballot by ballot of a session.
pub async fn turnout(db: &Db, session: &str) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.ballot_id, CAST(SUM(r.voted) AS BIGINT) FROM meeting_roll r \
         JOIN meeting_ballot b ON b.id = r.ballot_id WHERE b.session_id = $1 GROUP BY r.ballot_id",
    )
    .bind(session)
    .fetch_all(db.read())
    .await
}

/// How many have voted in one.
pub async fn voted(tx: &mut Tx, ballot: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_roll WHERE ballot_id = $1 AND voted = 1")
            .bind(ballot)
            .fetch_one(&mut **tx)
            .await?;
    Ok(count)
}

/// Writes or changes an open vote.
pub async fn vote_openly(tx: &mut Tx, ballot: &str, person_id: &str, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO meeting_open_vote (ballot_id, person_id, number) VALUES ($1, $2, $3) \
         ON CONFLICT (ballot_id, person_id) DO UPDATE SET number = EXCLUDED.number",
    )
    .bind(ballot)
    .bind(person_id)
    .bind(number)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE meeting_roll SET voted = 1 WHERE ballot_id = $1 AND person_id = $2")
        .bind(ballot)
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Open votes of a session: ballot, number of the option, name, id of the person; by name.
pub async fn open_votes(db: &Db, session: &str) -> Result<Vec<(String, i64, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT v.ballot_id, v.number, p.name, v.person_id FROM meeting_open_vote v \
         JOIN meeting_ballot b ON b.id = v.ballot_id JOIN person p ON p.id = v.person_id \
         WHERE b.session_id = $1 AND b.way = 'open' ORDER BY p.name, p.id",
    )
    .bind(session)
    .fetch_all(db.read())
    .await
}

/// Counts the open votes of a ballot: number of the option → votes.
pub async fn count_open(tx: &mut Tx, ballot: &str) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT number, CAST(COUNT(*) AS BIGINT) FROM meeting_open_vote WHERE ballot_id = $1 GROUP BY number",
    )
    .bind(ballot)
    .fetch_all(&mut **tx)
    .await
}

/// Closes a ballot that is open. Returns whether it was.
pub async fn close(
    tx: &mut Tx,
    id: &str,
    (outcome, took_part): (Outcome, i64),
    witness: Option<&str>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_ballot SET state = 'closed', outcome = $2, chosen = $3, took_part = $4, witness_id = $5, \
         closed_at = $6 WHERE id = $1 AND state = 'open'",
    )
    .bind(id)
    .bind(outcome.code())
    .bind(outcome.option().and_then(|option| i64::try_from(option).ok()))
    .bind(took_part)
    .bind(witness)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// Writes the totals of a ballot.
pub async fn write_result(tx: &mut Tx, ballot: &str, votes: &[i64]) -> Result<(), sqlx::Error> {
    for (number, votes) in (0_i64..).zip(votes) {
        sqlx::query("INSERT INTO meeting_result (ballot_id, number, votes) VALUES ($1, $2, $3)")
            .bind(ballot)
            .bind(number)
            .bind(*votes)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Whether a ballot of this session is open.
pub async fn any_open(tx: &mut Tx, session: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_ballot WHERE session_id = $1 AND state = 'open'")
            .bind(session)
            .fetch_one(&mut **tx)
            .await?;
    Ok(count > 0)
}

//! What happened to a report, in the database: rows are only ever added.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::reports::{State, Step};
use jiff::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It was filed.
    Filed,
    /// Somebody took a step.
    Step(Step),
    /// The promised time became another one: see `moved.rs`. Nobody's doing, and no conflict with anybody's.
    Moved,
}

impl What {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            What::Filed => "file",
            What::Step(step) => step.code(),
            What::Moved => "moved",
        }
    }

    /// Catalogue key of the entry in the timeline.
    pub fn key(self) -> &'static str {
        match self {
            What::Filed => "reports-event-file",
            What::Step(step) => step.event_key(),
            What::Moved => "reports-event-moved",
        }
    }
}

/// Something that happened, to be written down.
pub struct NewEvent<'a> {
    /// Id.
    pub id: &'a str,
    /// The report.
    pub report_id: &'a str,
    /// Its number, from 1.
    pub seq: i64,
    /// Who.
    pub actor_id: Option<&'a str>,
    /// As whom.
    pub actor_kind: &'a str,
    /// What.
    pub what: What,
    /// State before.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// Who was sent.
    pub to_person: Option<&'a str>,
    /// Words for everybody.
    pub public_text: &'a str,
    /// Words for those who work on it.
    pub internal_text: &'a str,
}

/// Writes down what happened, with the hash that chains it to what happened before.
pub async fn insert(tx: &mut Tx, event: NewEvent<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let before: Option<(String,)> = sqlx::query_as("SELECT hash FROM report_event WHERE report_id = $1 AND seq = $2")
        .bind(event.report_id)
        .bind(event.seq - 1)
        .fetch_optional(&mut **tx)
        .await?;
    // Words of whoever filed it stay theirs to take away.
    let salt =
        if event.actor_kind == "reporter" && !event.public_text.is_empty() { clock::token() } else { String::new() };
    let link = Link {
        id: event.id.to_owned(),
        report_id: event.report_id.to_owned(),
        seq: event.seq,
        at: now.as_microsecond(),
        actor_id: event.actor_id.map(str::to_owned),
        actor_kind: event.actor_kind.to_owned(),
        action: event.what.code().to_owned(),
        from_state: event.from.map_or("", State::code).to_owned(),
        to_state: event.to.code().to_owned(),
        to_person_id: event.to_person.map(str::to_owned),
        public_text: event.public_text.to_owned(),
        internal_text: event.internal_text.to_owned(),
        hash: String::new(),
        words_hash: if salt.is_empty() { String::new() } else { words_hash(&salt, event.public_text) },
        words_salt: salt,
    };
    sqlx::query(
        "INSERT INTO report_event (id, report_id, seq, at, actor_id, actor_kind, action, from_state, to_state, \
         to_person_id, public_text, internal_text, hash, words_salt, words_hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(event.id)
    .bind(event.report_id)
    .bind(event.seq)
    .bind(now.as_microsecond())
    .bind(event.actor_id)
    .bind(event.actor_kind)
    .bind(event.what.code())
    .bind(event.from.map_or("", State::code))
    .bind(event.to.code())
    .bind(event.to_person)
    .bind(event.public_text)
    .bind(event.internal_text)
    .bind(link.hash_after(before.as_ref().map_or("", |(hash,)| hash.as_str())))
    .bind(&link.words_salt)
    .bind(&link.words_hash)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An event with everything that its hash covers: all its columns.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Link {
    /// Id.
    pub id: String,
    /// The report.
    pub report_id: String,
    /// Number, from 1.
    pub seq: i64,
    /// Microseconds.
    pub at: i64,
    /// Who.
    pub actor_id: Option<String>,
    /// As whom.
    pub actor_kind: String,
    /// A step's code, `file` or `moved`.
    pub action: String,
    /// State before.
    pub from_state: String,
    /// State after.
    pub to_state: String,
    /// Who was sent.
    pub to_person_id: Option<String>,
    /// Words for everybody.
    pub public_text: String,
    /// Words for those who work on it.
    pub internal_text: String,
    /// The hash as kept, in hexadecimal.
    pub hash: String,
    /// What was hashed with the words, where they are somebody's own; goes with them.
    pub words_salt: String,
    /// Hash of salt and words, where they are somebody's own: the chain covers it in their place.
    pub words_hash: String,
}

fn words_hash(salt: &str, words: &str) -> String {
    crate::auth::secrets::sha256(&format!("{salt}\n{words}"))
}

impl Link {
    /// Whether the words are those that the chain covers, or were taken away by whoever wrote them.
    pub fn words_hold(&self) -> bool {
        match (self.words_hash.as_str(), self.words_salt.as_str()) {
            ("", _) => true,
            (_, "") => self.public_text.is_empty(),
            (hash, salt) => words_hash(salt, &self.public_text) == hash,
        }
    }

    /// SHA-256 over the hash of the event before (empty for the first) and all fields of this one, as a JSON array so
    /// that no two different events read the same.
    pub fn hash_after(&self, before: &str) -> String {
        let content = serde_json::json!([
            before,
            self.id,
            self.report_id,
            self.seq,
            self.at,
            self.actor_id,
            self.actor_kind,
            self.action,
            self.from_state,
            self.to_state,
            self.to_person_id,
            if self.words_hash.is_empty() { &self.public_text } else { &self.words_hash },
            self.internal_text,
        ]);
        crate::auth::secrets::sha256(&content.to_string())
    }
}

/// Something that happened, with the names.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    /// Id.
    pub id: String,
    /// Number, from 1.
    pub seq: i64,
    /// Microseconds.
    pub at: i64,
    /// Who.
    pub actor_id: Option<String>,
    /// As whom.
    pub actor_kind: String,
    /// A step's code, `file` or `moved`.
    pub action: String,
    /// State after.
    pub to_state: String,
    /// Words for everybody.
    pub public_text: String,
    /// Words for those who work on it.
    pub internal_text: String,
    /// Name of the actor, for those who may see it.
    pub actor_name: Option<String>,
    /// Name of who was sent.
    pub to_name: Option<String>,
    /// Unit of who was sent.
    pub to_unit: Option<String>,
    /// Unit of who was sent, in English.
    pub to_unit_en: Option<String>,
}

impl Event {
    /// What happened.
    pub fn what(&self) -> What {
        match Step::from_code(&self.action) {
            Some(step) => What::Step(step),
            None if self.action == What::Moved.code() => What::Moved,
            None => What::Filed,
        }
    }
}

/// All that happened to a report, newest first.
pub async fn of_report(db: &Db, report_id: &str) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as(
        "SELECT e.id, e.seq, e.at, e.actor_id, e.actor_kind, e.action, e.to_state, e.public_text, e.internal_text, \
         a.name AS actor_name, t.name AS to_name, t.unit AS to_unit, t.unit_en AS to_unit_en \
         FROM report_event e LEFT JOIN person a ON a.id = e.actor_id LEFT JOIN person t ON t.id = e.to_person_id \
         WHERE e.report_id = $1 ORDER BY e.seq DESC",
    )
    .bind(report_id)
    .fetch_all(db.read())
    .await
}

/// The last thing that somebody did to a report: that its time moved is nobody's doing.
pub async fn last_done(db: &Db, report_id: &str) -> Result<Option<Event>, sqlx::Error> {
    Ok(of_report(db, report_id).await?.into_iter().find(|event| event.what() != What::Moved))
}

/// Number of the event with this id, if there is one.
pub async fn seq_of(db: &Db, id: &str) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT seq FROM report_event WHERE id = $1").bind(id).fetch_optional(db.read()).await?;
    Ok(row.map(|(seq,)| seq))
}

/// Whether nothing but its time has moved since the event with this number.
pub async fn only_moved_since(db: &Db, report_id: &str, seq: i64) -> Result<bool, sqlx::Error> {
    let (steps, all): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN seq > $2 AND action <> 'moved' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM report_event WHERE report_id = $1",
    )
    .bind(report_id)
    .bind(seq)
    .fetch_one(db.read())
    .await?;
    Ok(steps == 0 && seq <= all)
}

/// Takes away the words that whoever filed a report wrote to its steps. What happened, and when, stays.
pub async fn forget_words(tx: &mut Tx, report_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE report_event SET public_text = '', words_salt = '' \
         WHERE report_id = $1 AND actor_kind = 'reporter' AND words_hash <> ''",
    )
    .bind(report_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether the report was ever sent to this person.
pub async fn was_sent_to(db: &Db, report_id: &str, person_id: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE report_id = $1 AND to_person_id = $2")
            .bind(report_id)
            .bind(person_id)
            .fetch_one(db.read())
            .await?;
    Ok(count > 0)
}

/// Who took this step last.
pub async fn last_by(db: &Db, report_id: &str, step: Step) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(Option<String>,)> = sqlx::query_as(
        "SELECT actor_id FROM report_event WHERE report_id = $1 AND action = $2 ORDER BY seq DESC LIMIT 1",
    )
    .bind(report_id)
    .bind(step.code())
    .fetch_optional(db.read())
    .await?;
    Ok(row.and_then(|(id,)| id))
}

/// Whether a person has handled a report at some time.
pub async fn has_handled(db: &Db, report_id: &str, person_id: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE report_id = $1 AND actor_id = $2 \
         AND (action IN ('take', 'note', 'finish') OR (action = 'file' AND to_state = 'handled'))",
    )
    .bind(report_id)
    .bind(person_id)
    .fetch_one(db.read())
    .await?;
    Ok(count > 0)
}

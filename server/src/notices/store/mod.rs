//! Notices in the database: one notice, its aims and whom it reaches. Lists are in [`list`], writing in [`write`].

pub mod list;
mod reach;
pub mod review;
pub mod versions;
pub mod write;

pub use reach::{Reach, Recipient, choices, first_of, is_urgent, reach, recipients};

use crate::db::{Db, Tx, marks};
use app::notices::{Certainty, Content, NoticeFact, NoticeKind, NoticeState, Severity};
use jiff::Timestamp;

/// A whole notice with who says it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Notice {
    /// Id.
    pub id: String,
    kind: String,
    state: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown, may be empty.
    pub body_en: String,
    facts: String,
    facts_en: String,
    severity: Option<String>,
    certainty: Option<String>,
    starts_at: Option<i64>,
    ends_at: Option<i64>,
    /// What to do in the emergency.
    pub instruction: String,
    /// The same in English, may be empty.
    pub instruction_en: String,
    /// Where.
    pub place: String,
    /// The same in English, may be empty.
    pub place_en: String,
    pinned: i64,
    /// Who wrote it.
    pub author_id: String,
    /// Who says it.
    pub organisation_id: String,
    updated_at: i64,
    publish_at: Option<i64>,
    published_at: Option<i64>,
    expires_at: Option<i64>,
    /// The notice this one corrects or takes back.
    pub corrects_id: Option<String>,
    correction_kind: Option<String>,
    /// Counts changes.
    pub version: i64,
    questions: i64,
    /// Name of who says it.
    pub source: String,
    /// English name, may be empty.
    pub source_en: String,
    /// Path of who says it.
    pub source_path: String,
}

fn instant(micros: Option<i64>) -> Option<Timestamp> {
    micros.and_then(|at| Timestamp::from_microsecond(at).ok())
}

impl Notice {
    /// Kind.
    pub fn kind(&self) -> NoticeKind {
        NoticeKind::from_code(&self.kind).unwrap_or(NoticeKind::Service)
    }
    /// State.
    pub fn state(&self) -> NoticeState {
        NoticeState::from_code(&self.state).unwrap_or(NoticeState::Draft)
    }
    /// How bad, for emergencies.
    pub fn severity(&self) -> Option<Severity> {
        self.severity.as_deref().and_then(Severity::from_code)
    }
    /// How sure, for emergencies.
    pub fn certainty(&self) -> Option<Certainty> {
        self.certainty.as_deref().and_then(Certainty::from_code)
    }
    /// When what it is about begins.
    pub fn starts_at(&self) -> Option<Timestamp> {
        instant(self.starts_at)
    }
    /// When what it is about ends.
    pub fn ends_at(&self) -> Option<Timestamp> {
        instant(self.ends_at)
    }
    /// When it was last changed.
    pub fn updated_at(&self) -> Timestamp {
        instant(Some(self.updated_at)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// When it is to go out by itself.
    pub fn publish_at(&self) -> Option<Timestamp> {
        instant(self.publish_at)
    }
    /// When it went out.
    pub fn published_at(&self) -> Option<Timestamp> {
        instant(self.published_at)
    }
    /// When it leaves the lists.
    pub fn expires_at(&self) -> Option<Timestamp> {
        instant(self.expires_at)
    }
    /// Whether it has left the lists by `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|end| end <= now)
    }
    /// Stays on top.
    pub fn pinned(&self) -> bool {
        self.pinned != 0
    }
    /// Residents may ask under it.
    pub fn questions(&self) -> bool {
        self.questions != 0
    }
    /// Takes an earlier notice back.
    pub fn is_withdrawal(&self) -> bool {
        self.correction_kind.as_deref() == Some("withdrawal")
    }
    /// Text and settings.
    pub fn content(&self) -> Content {
        Content {
            kind: self.kind(),
            title: self.title.clone(),
            title_en: self.title_en.clone(),
            body: self.body.clone(),
            body_en: self.body_en.clone(),
            facts: self.facts(),
            facts_en: self.facts_en(),
            severity: self.severity(),
            certainty: self.certainty(),
            starts_at: self.starts_at(),
            ends_at: self.ends_at(),
            place: self.place.clone(),
            place_en: self.place_en.clone(),
            instruction: self.instruction.clone(),
            instruction_en: self.instruction_en.clone(),
            pinned: self.pinned(),
            publish_at: self.publish_at(),
            expires_at: self.expires_at(),
        }
    }
    /// The facts in Chinese.
    pub fn facts(&self) -> Vec<NoticeFact> {
        serde_json::from_str(&self.facts).unwrap_or_default()
    }
    /// The facts in English; empty when nobody wrote them.
    pub fn facts_en(&self) -> Vec<NoticeFact> {
        serde_json::from_str(&self.facts_en).unwrap_or_default()
    }
}

/// The state of the notice `n`: a draft that waits for a second person is in review.
macro_rules! state_of_n {
    () => {
        "CASE WHEN n.state = 'draft' AND n.review_asked_at IS NOT NULL THEN 'review' ELSE n.state END"
    };
}
pub(in crate::notices) use state_of_n;

macro_rules! notice_columns {
    () => {
        concat!("SELECT n.id, n.kind, ", state_of_n!(), " AS state, n.title, n.title_en, n.body, n.body_en, n.facts, n.facts_en, n.severity, \
         n.certainty, n.starts_at, n.ends_at, n.instruction, n.instruction_en, n.place, n.place_en, n.pinned, n.author_id, \
         n.organisation_id, n.updated_at, n.publish_at, n.published_at, n.expires_at, n.corrects_id, \
         n.correction_kind, n.version, n.questions, o.name AS source, o.name_en AS source_en, o.path AS source_path \
         FROM notice n JOIN organisation o ON o.id = n.organisation_id ")
    };
}

/// The notice with this id, in whatever state. What cannot be an id is `None`.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Notice>, sqlx::Error> {
    if uuid::Uuid::try_parse(id).is_err() {
        return Ok(None);
    }
    sqlx::query_as(concat!(notice_columns!(), "WHERE n.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// The same inside a transaction.
pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Notice>, sqlx::Error> {
    sqlx::query_as(concat!(notice_columns!(), "WHERE n.id = $1")).bind(id).fetch_optional(&mut **tx).await
}

/// Id of the notice that was written with this form.
pub async fn id_by_form_key(tx: &mut Tx, form_key: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT id FROM notice WHERE form_key = $1").bind(form_key).fetch_optional(&mut **tx).await?;
    Ok(row.map(|(id,)| id))
}

/// Published corrections and withdrawals of a notice, newest first.
pub async fn corrections_of(db: &Db, id: &str) -> Result<Vec<Notice>, sqlx::Error> {
    sqlx::query_as(concat!(
        notice_columns!(),
        "WHERE n.corrects_id = $1 AND n.state IN ('published', 'withdrawn') ORDER BY n.published_at DESC, n.id DESC"
    ))
    .bind(id)
    .fetch_all(db.read())
    .await
}

/// What became of a notice: what corrects or withdraws it, what corrects or withdraws that, and so on; newest first.
pub async fn later_than(db: &Db, id: &str) -> Result<Vec<Notice>, sqlx::Error> {
    sqlx::query_as(concat!(
        "WITH RECURSIVE later (id) AS (SELECT c.id FROM notice c WHERE c.corrects_id = $1 \
         AND c.state IN ('published', 'withdrawn') UNION SELECT c.id FROM notice c JOIN later l ON c.corrects_id = l.id \
         WHERE c.state IN ('published', 'withdrawn')) ",
        notice_columns!(),
        "WHERE n.id IN (SELECT id FROM later) ORDER BY n.published_at DESC, n.id DESC"
    ))
    .bind(id)
    .fetch_all(db.read())
    .await
}

/// A place a notice is aimed at.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Aim {
    /// The notice.
    pub notice_id: String,
    /// The organisation.
    pub organisation_id: String,
    /// Its code.
    pub code: String,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its English name, may be empty.
    pub name_en: String,
}

/// The aims of these notices, in tree order. Empty for no notices.
pub async fn aims_of(db: &Db, ids: &[&str]) -> Result<Vec<Aim>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT a.notice_id, a.organisation_id, o.code, a.path, o.name, o.name_en FROM notice_aim a \
         JOIN organisation o ON o.id = a.organisation_id LEFT JOIN organisation p ON p.id = o.parent_id \
         WHERE a.notice_id IN ({}) ORDER BY COALESCE(p.position, 0), o.position, o.path",
        marks(1, ids.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(*id);
    }
    query.fetch_all(db.read()).await
}

/// Whether the person has an unread message with this key.
pub async fn has_unread(db: &Db, person_id: &str, dedupe_key: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT id FROM inbox_message WHERE person_id = $1 AND dedupe_key = $2 AND read_at IS NULL")
            .bind(person_id)
            .bind(dedupe_key)
            .fetch_optional(db.read())
            .await?;
    Ok(row.is_some())
}

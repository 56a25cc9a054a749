//! What was saved of a notice, save by save.

use crate::db::{Db, Tx};
use app::notices::NoticeForm;
use jiff::{SignedDuration, Timestamp};

/// What saved itself is replaced by the same person's next save within so long: one sitting leaves one version.
const ONE_SITTING: SignedDuration = SignedDuration::from_mins(15);

/// One save.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Version {
    /// The notice's version that it made.
    pub version: i64,
    /// Who saved it.
    pub saved_by: String,
    /// Their name.
    pub name: String,
    /// When, in microseconds.
    pub saved_at: i64,
    /// 1: it saved itself.
    pub auto: i64,
    form: String,
}

impl Version {
    /// The form as it was saved.
    pub fn form(&self) -> NoticeForm {
        serde_json::from_str(&self.form).unwrap_or_default()
    }
}

/// Keeps what was saved as `version`. Returns whether it took the place of what saved itself in the same sitting.
pub async fn keep(
    tx: &mut Tx,
    (notice_id, version): (&str, i64),
    (person_id, auto): (&str, bool),
    form: &NoticeForm,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let folded = sqlx::query(
        "DELETE FROM notice_version WHERE notice_id = $1 AND auto = 1 AND saved_by = $2 AND saved_at > $3 \
         AND version = (SELECT MAX(v.version) FROM notice_version v WHERE v.notice_id = $1)",
    )
    .bind(notice_id)
    .bind(person_id)
    .bind((now - ONE_SITTING).as_microsecond())
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT INTO notice_version (notice_id, version, saved_by, saved_at, auto, form) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(notice_id)
    .bind(version)
    .bind(person_id)
    .bind(now.as_microsecond())
    .bind(i64::from(auto))
    .bind(serde_json::to_string(form)?)
    .execute(&mut **tx)
    .await?;
    Ok(folded.rows_affected() > 0)
}

/// All that is kept of a notice, the newest first.
pub async fn of(db: &Db, notice_id: &str) -> Result<Vec<Version>, sqlx::Error> {
    sqlx::query_as(
        "SELECT v.version, v.saved_by, p.name, v.saved_at, v.auto, v.form FROM notice_version v \
         JOIN person p ON p.id = v.saved_by WHERE v.notice_id = $1 ORDER BY v.version DESC",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await
}

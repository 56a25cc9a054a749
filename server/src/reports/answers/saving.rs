//! Answers are saved, removed and moved up.

use super::{Canned, MOST, SELECT};
use crate::{
    audit, clock,
    db::{Tx, dialect},
    http::{Ctx, Error},
    places::Organisation,
};
use app::{people::Action, reports::answers::AnswerForm};
use serde::Deserialize;

/// What the page's forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Code of the organisation.
    pub at: String,
    /// `save`, `remove` or `up`; on the page also `look`.
    pub act: String,
    /// Id of the answer; empty: a new one.
    pub id: String,
    /// What it was when it was looked at ([`Canned::stamp`]).
    pub seen: String,
    /// Code of the step it is for.
    pub step: String,
    /// What lists call it.
    pub title: String,
    /// The text.
    pub text: String,
    /// The text in English, may be empty.
    pub text_en: String,
}

impl Body {
    /// The answer itself.
    pub fn form(&self) -> AnswerForm {
        AnswerForm {
            step: self.step.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            text_en: self.text_en.clone(),
        }
    }
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Saved, or moved.
    Saved,
    /// Gone, now or a moment ago.
    Removed,
    /// There are as many as there may be.
    Many,
    /// It is not as it was looked at: its id (empty: it is gone) and what it is now.
    Stale(String, String),
}

/// Saves, removes or moves up an answer of an organisation that `settings::chosen` gave; what is saved has been judged
/// ([`AnswerForm::mistakes`]).
pub async fn carry_out(ctx: &Ctx, place: &Organisation, body: &Body) -> std::result::Result<Outcome, Error> {
    ctx.actor()?.require(Action::ReportSettings, &place.path)?;
    let db = &ctx.app.db;
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("answers:{}", place.id)).await?;
    let now: Option<Canned> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE a.id = $1 AND a.organisation_id = $2")))
            .bind(&body.id)
            .bind(&place.id)
            .fetch_optional(&mut *tx)
            .await?;
    let outcome = match (body.act.as_str(), &now) {
        ("save", None) if body.id.is_empty() => {
            if !insert(&mut tx, ctx, place, &body.form()).await? {
                return Ok(Outcome::Many);
            }
            Outcome::Saved
        }
        ("save", Some(found)) if found.stamp() == body.seen => {
            update(&mut tx, &body.id, &body.form()).await?;
            Outcome::Saved
        }
        ("save", found) => {
            // It is shown as it was typed, on top of what it is now; saving once more overwrites knowingly.
            let (id, seen) = found.as_ref().map(|row| (row.id.clone(), row.stamp())).unwrap_or_default();
            return Ok(Outcome::Stale(id, seen));
        }
        ("remove", Some(_)) => {
            sqlx::query("DELETE FROM canned_answer WHERE id = $1").bind(&body.id).execute(&mut *tx).await?;
            Outcome::Removed
        }
        ("up", Some(found)) => {
            rise(&mut tx, &place.id, found).await?;
            Outcome::Saved
        }
        // Removed by somebody else a moment ago: it is gone, as was wanted.
        _ => Outcome::Removed,
    };
    let entry = audit::Entry {
        by: audit::By::Person(&ctx.actor()?.id),
        action: "report.answers",
        object_kind: "organisation",
        object_id: &place.id,
        detail: serde_json::json!({ "act": body.act, "id": body.id, "step": body.step, "title": body.title.trim() }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(outcome)
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    place: &Organisation,
    form: &AnswerForm,
) -> std::result::Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO canned_answer (id, organisation_id, step, title, text, text_en, position) \
         SELECT $1, $2, $3, $4, $5, $6, COALESCE(MAX(position), 0) + 1 FROM canned_answer WHERE organisation_id = $2 \
         HAVING COUNT(*) < $7",
    )
    .bind(clock::new_id(ctx.now))
    .bind(&place.id)
    .bind(&form.step)
    .bind(form.title.trim())
    .bind(form.text.trim())
    .bind(form.text_en.trim())
    .bind(MOST)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn update(tx: &mut Tx, id: &str, form: &AnswerForm) -> std::result::Result<(), sqlx::Error> {
    sqlx::query("UPDATE canned_answer SET step = $2, title = $3, text = $4, text_en = $5 WHERE id = $1")
        .bind(id)
        .bind(&form.step)
        .bind(form.title.trim())
        .bind(form.text.trim())
        .bind(form.text_en.trim())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Changes places with the one of the same step before it.
async fn rise(tx: &mut Tx, organisation_id: &str, answer: &Canned) -> std::result::Result<(), sqlx::Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT id, position FROM canned_answer WHERE organisation_id = $1 AND step = $2 ORDER BY position, id",
    )
    .bind(organisation_id)
    .bind(&answer.step)
    .fetch_all(&mut **tx)
    .await?;
    let Some(at @ 1..) = rows.iter().position(|(id, _)| *id == answer.id) else { return Ok(()) };
    for (id, position) in [(&rows[at].0, rows[at - 1].1), (&rows[at - 1].0, rows[at].1)] {
        sqlx::query("UPDATE canned_answer SET position = $2 WHERE id = $1")
            .bind(id)
            .bind(position)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

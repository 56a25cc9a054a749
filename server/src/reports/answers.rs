//! Answers that staff send often: kept per organisation and step, inherited by everything below, put into the words of a
//! step with the report's own code, place and time.

use super::{settings, store::Report, view};
use crate::{
    audit,
    auth::secrets::sha256,
    clock,
    db::{Db, Tx, dialect},
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    places::Organisation,
};
use app::{
    i18n::Words,
    people::Action,
    reports::{
        Step,
        answers::{self, AnswerForm, Values},
        pages::{Answer, AnswerRow, AnswersPage, answers_page},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use jiff::Timestamp;
use serde::Deserialize;

/// Answers of one organisation, at most.
pub const MOST: i64 = 300;

/// An answer with the organisation it is of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Canned {
    /// Id.
    pub id: String,
    /// Path of its organisation.
    pub path: String,
    /// Chinese name of its organisation.
    pub place: String,
    /// English name of its organisation.
    pub place_en: String,
    /// Code of the step it is for.
    pub step: String,
    /// What lists call it.
    pub title: String,
    /// The text.
    pub text: String,
    /// The text in English, may be empty.
    pub text_en: String,
}

impl Canned {
    /// What it is now, in one word: a form that began with another does not overwrite it.
    pub fn stamp(&self) -> String {
        sha256(&serde_json::json!([self.step, self.title, self.text, self.text_en]).to_string())
    }

    fn form(&self) -> AnswerForm {
        AnswerForm {
            step: self.step.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            text_en: self.text_en.clone(),
        }
    }
}

const SELECT: &str = "SELECT a.id, o.path, o.name AS place, o.name_en AS place_en, a.step, a.title, a.text, a.text_en \
    FROM canned_answer a JOIN organisation o ON o.id = a.organisation_id";

/// Every answer that holds at `path`: those of the nearest organisation first, in their order.
pub async fn at(db: &Db, path: &str) -> std::result::Result<Vec<Canned>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE substr($1, 1, length(o.path)) = o.path ORDER BY length(o.path) DESC, a.position, a.id LIMIT 1000"
    )))
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// The answer with this id and its organisation, for those who may change it.
pub async fn by_id(ctx: &Ctx, id: &str) -> std::result::Result<(Canned, Organisation), Error> {
    ctx.actor()?.require_somewhere(Action::ReportSettings)?;
    let found: Option<Canned> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE a.id = $1")))
        .bind(id)
        .fetch_optional(ctx.app.db.read())
        .await?;
    let found = found.ok_or(Error::NotFound)?;
    // A path ends with the organisation's own code.
    let code = found.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let place = settings::chosen(ctx, code).await?;
    Ok((found, place))
}

/// What stands in the places of an answer for this report.
pub fn values(w: Words, report: &Report, now: Timestamp) -> Values {
    Values {
        code: report.code.clone(),
        category: view::category(w, report),
        place: view::place(w, report),
        due: report.due().map_or_else(|| w.t("answers-due-unknown"), |due| time::date_time(w.lang, due, now)),
        owner: view::owner(w, report),
    }
}

/// The answers for one step of a report, filled.
pub fn for_step(w: Words, all: &[Canned], step: Step, values: &Values) -> Vec<Answer> {
    all.iter()
        .filter(|canned| canned.step == step.code())
        .map(|canned| Answer {
            id: canned.id.clone(),
            title: canned.title.clone(),
            text: answers::fill(w.pick(&canned.text, &canned.text_en), values),
        })
        .collect()
}

/// What was typed, with the chosen answer put to it: in its place when nothing was typed, else on a line of its own.
pub fn insert_into(typed: &str, answers: &[Answer], chosen: &str) -> String {
    let Some(answer) = answers.iter().find(|answer| answer.id == chosen) else { return typed.to_owned() };
    match typed.trim_end() {
        "" => answer.text.clone(),
        typed if typed.ends_with(&answer.text) => typed.to_owned(),
        typed => format!("{typed}\n{}", answer.text),
    }
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    at: String,
    edit: String,
}

/// `/staff/reports/answers`.
pub async fn show(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let place = settings::chosen(&ctx, &query.at).await?;
    let mut body = Body { at: place.code.clone(), ..Body::default() };
    if !query.edit.is_empty() {
        let own = at(&ctx.app.db, &place.path).await?;
        let edited = own.iter().find(|row| row.id == query.edit && row.path == place.path).ok_or(Error::NotFound)?;
        let AnswerForm { step, title, text, text_en } = edited.form();
        body = Body { id: edited.id.clone(), seen: edited.stamp(), step, title, text, text_en, ..body };
    }
    render(&ctx, &place, body, Shown::default()).await
}

#[derive(Default)]
struct Shown {
    errors: Vec<(String, String)>,
    conflict: bool,
    example: bool,
}

async fn render(ctx: &Ctx, place: &Organisation, body: Body, shown: Shown) -> Result {
    let w = ctx.w;
    let mut all = at(&ctx.app.db, &place.path).await?;
    let order = |row: &Canned| answers::steps().position(|step| step.code() == row.step).unwrap_or(usize::MAX);
    all.sort_by_key(order);
    let mut rows: Vec<AnswerRow> = Vec::new();
    for row in all {
        let Some(step) = Step::from_code(&row.step) else { continue };
        let own = row.path == place.path;
        let can_rise = own && rows.last().is_some_and(|last| last.step == step && last.above.is_none());
        rows.push(AnswerRow {
            step,
            text: w.pick(&row.text, &row.text_en).to_owned(),
            above: (!own).then(|| w.pick(&row.place, &row.place_en).to_owned()),
            can_rise,
            id: row.id,
            title: row.title,
        });
    }
    let ways = settings::places(ctx)
        .await?
        .into_iter()
        .map(|other| {
            let current = other.code == place.code;
            let name = w.pick(&other.name, &other.name_en).to_owned();
            Way::new(format!("/staff/reports/answers?at={}", other.code), name, current)
        })
        .collect();
    let example = Values {
        code: "K7Q2M9XA".to_owned(),
        category: w.t("answers-example-category"),
        place: w.pick(&place.name, &place.name_en).to_owned(),
        due: time::date_time(w.lang, ctx.now, ctx.now),
        owner: w.t("reports-owner-neighbour"),
    };
    let page = AnswersPage {
        w,
        places: ways,
        at: place.code.clone(),
        rows,
        example: shown.example.then(|| answers::fill(w.pick(&body.text, &body.text_en), &example)),
        form: body.form(),
        id: body.id,
        seen: body.seen,
        trouble: shown.conflict.then(|| w.t("answers-conflict")),
        errors: shown.errors,
    };
    let mut answer = Page::new(ctx, w.t("answers")).tab(Tab::StaffReports).back("/staff/reports/settings");
    if shown.conflict {
        answer = answer.status(axum::http::StatusCode::CONFLICT);
    } else if !page.errors.is_empty() {
        answer = answer.invalid();
    }
    Ok(answer.render(answers_page(page)))
}

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

/// `POST /staff/reports/answers`: shows an example, saves, removes or moves one up.
pub async fn change(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let place = settings::chosen(&ctx, &body.at).await?;
    let mistakes = body.form().mistakes();
    match body.act.as_str() {
        "save" | "look" if !mistakes.is_empty() => {
            let errors = mistakes.into_iter().map(|(field, key)| (field.to_owned(), ctx.w.t(key))).collect();
            return render(&ctx, &place, body, Shown { errors, ..Shown::default() }).await;
        }
        "look" => return render(&ctx, &place, body, Shown { example: true, ..Shown::default() }).await,
        "save" | "remove" | "up" => {}
        _ => return Err(Error::BadRequest("there is no such button".into())),
    }
    let flash = match carry_out(&ctx, &place, &body).await? {
        Outcome::Saved => "flash-report-settings",
        Outcome::Removed => "flash-answer-removed",
        Outcome::Many => {
            let errors = vec![("title".to_owned(), ctx.w.tf("answers-error-many", &[("most", MOST.into())]))];
            return render(&ctx, &place, body, Shown { errors, ..Shown::default() }).await;
        }
        Outcome::Stale(id, seen) => {
            return render(&ctx, &place, Body { id, seen, ..body }, Shown { conflict: true, ..Shown::default() }).await;
        }
    };
    Ok(see_other_with(&ctx, &format!("/staff/reports/answers?at={}", place.code), flash))
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

/// Saves, removes or moves up an answer of an organisation that [`settings::chosen`] gave; what is saved has been judged
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_never_overwrites_what_was_typed() {
        let answers = [Answer { id: "a".into(), title: "t".into(), text: "已修好。".into() }];
        assert_eq!(insert_into("", &answers, "a"), "已修好。");
        assert_eq!(insert_into("您好\n", &answers, "a"), "您好\n已修好。");
        assert_eq!(insert_into("您好\n已修好。", &answers, "a"), "您好\n已修好。", "twice is once");
        assert_eq!(insert_into("您好", &answers, "b"), "您好");
    }
}

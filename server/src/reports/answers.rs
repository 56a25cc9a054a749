//! Answers that staff send often: kept per organisation and step, inherited by everything below, put into the words of a
//! step with the report's own code, place and time. Their page is in `page`, what changes them in `saving`.

mod page;
mod saving;

pub use page::{change, show};
pub use saving::{Body, Outcome, carry_out};

use super::{settings, store::Report, view};
use crate::{
    auth::secrets::sha256,
    db::Db,
    http::{Ctx, Error},
    places::Organisation,
};
use app::{
    i18n::Words,
    people::Action,
    reports::{
        Step,
        answers::{self, AnswerForm, Values},
        pages::Answer,
    },
    time,
};
use jiff::Timestamp;

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

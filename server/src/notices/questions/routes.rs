//! Pages and forms of questions.

use super::{
    service::{self, Refused},
    store::{self, Question},
};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    notices::{
        reading::{page_count, page_number},
        store::Notice,
    },
};
use app::{
    notices::{
        QuestionState, QuestionStep,
        pages::{self, QuestionPage, QuestionRow, QuestionTable, QuestionsPart},
    },
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

fn row(ctx: &Ctx, question: Question, mine: bool) -> QuestionRow {
    let w = ctx.w;
    QuestionRow {
        state: question.state(),
        released: question.released(),
        asked: time::ago(w, question.asked_at(), ctx.now),
        answered: question.answered_at().map(|at| time::ago(w, at, ctx.now)),
        notice: (format!("/notices/{}", question.notice_id), w.pick(&question.title, &question.title_en).to_owned()),
        mine,
        id: question.id,
        body: question.body,
        answer: question.answer,
    }
}

/// What stands under a notice: what others asked, what the reader asked, and a form where one may ask. `refused` is what
/// was typed before and what is wrong with it.
pub async fn part(ctx: &Ctx, notice: &Notice, refused: Option<(String, String)>) -> Result<Option<QuestionsPart>> {
    let person = ctx.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let questions = store::under(&ctx.app.db, &notice.id, person).await?;
    let may_ask = service::may_ask(ctx, notice).await?;
    if questions.is_empty() && !may_ask {
        return Ok(None);
    }
    Ok(Some(QuestionsPart {
        notice: format!("/notices/{}", notice.id),
        rows: questions
            .into_iter()
            .map(|question| {
                let mine = question.person_id == person;
                row(ctx, question, mine)
            })
            .collect(),
        may_ask,
        signed_in: ctx.actor.is_some(),
        form_key: clock::token(),
        refused,
    }))
}

/// The form under the notice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskForm {
    form_key: String,
    question: String,
}

/// `POST /notices/{id}/questions`
pub async fn ask(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<AskForm>) -> Result {
    match service::ask(&ctx, &id, &form.form_key, &form.question).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/notices/{id}#questions"), "flash-question-asked")),
        Err(Refused::Other(error)) => Err(error),
        Err(Refused::Text(text)) => {
            crate::notices::routes::show(ctx, &id, Some((form.question, text)), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /notices/{id}/questions/{question}/take-back`
pub async fn take_back(ctx: Ctx, Path((id, question)): Path<(String, String)>) -> Result {
    service::take_back(&ctx, &id, &question).await?;
    Ok(see_other_with(&ctx, &format!("/notices/{id}#questions"), "flash-question-taken-back"))
}

/// What the list's address may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    state: String,
    page: String,
}

/// `GET /staff/questions`
pub async fn list(ctx: Ctx, Params(query): Params<ListQuery>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeAnswer)?;
    let state = match query.state.as_str() {
        "" => QuestionState::Open,
        code => QuestionState::from_code(code).ok_or(Error::BadRequest("no such state".into()))?,
    };
    let page = page_number(&query.page);
    let counts = service::counts(&ctx).await?;
    let scopes = actor.scopes(Action::NoticeAnswer);
    let rows = store::for_staff(&ctx.app.db, &scopes, state, page).await?;
    let total = counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, count)| *count);
    let rows = rows.into_iter().map(|question| row(&ctx, question, false)).collect();
    let table = QuestionTable { rows, state, counts, page, pages: page_count(total) };
    let w = ctx.w;
    Ok(Page::new(&ctx, w.t("questions-title"))
        .tab(Tab::StaffNotices)
        .back("/staff/notices")
        .render(pages::question_table(w, table)))
}

/// `GET /staff/questions/{id}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let question = service::for_answering(&ctx, &id).await?;
    show(&ctx, question, None, StatusCode::OK)
}

fn show(ctx: &Ctx, question: Question, refused: Option<(QuestionStep, String, String)>, status: StatusCode) -> Result {
    let w = ctx.w;
    let version = question.version;
    let page = QuestionPage { question: row(ctx, question, false), version, refused };
    Ok(Page::new(ctx, w.t("question-title"))
        .tab(Tab::StaffNotices)
        .back("/staff/questions")
        .status(status)
        .render(pages::question_page(w, page)))
}

/// The forms of a question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    step: String,
    version: String,
    text: String,
    reason: String,
}

/// `POST /staff/questions/{id}`
pub async fn step(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<StepForm>) -> Result {
    let question = service::for_answering(&ctx, &id).await?;
    let step = QuestionStep::from_code(&form.step).ok_or(Error::BadRequest("no such step".into()))?;
    let typed = if step == QuestionStep::Decline { form.reason } else { form.text };
    match service::step(&ctx, &id, step, form.version.parse().unwrap_or(0), &typed).await {
        Ok(()) => {
            let flash = match step {
                QuestionStep::Release => "flash-question-released",
                QuestionStep::Hide => "flash-question-hidden",
                _ => "flash-question-done",
            };
            let next =
                if step.says_something() { "/staff/questions".to_owned() } else { format!("/staff/questions/{id}") };
            Ok(see_other_with(&ctx, &next, flash))
        }
        Err(Refused::Text(text)) => show(&ctx, question, Some((step, typed, text)), StatusCode::UNPROCESSABLE_ENTITY),
        Err(Refused::Other(error)) => Err(error),
    }
}

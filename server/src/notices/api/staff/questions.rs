//! Questions under notices, for who answers them.

use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, Listed, Paging, listed, read},
    },
    notices::{questions, reading::page_count},
};
use app::{
    notices::{QuestionState, QuestionStep},
    people::Action,
};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A question to be answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffQuestion {
    /// Id.
    pub id: String,
    /// Id of the notice.
    pub notice: String,
    /// Its title, in the reader's language.
    pub title: String,
    /// `open`, `answered` or `declined`.
    pub state: &'static str,
    /// The question.
    pub body: String,
    /// The answer, may be empty.
    pub answer: String,
    /// Everybody sees it.
    pub released: bool,
    /// RFC 3339, UTC.
    pub asked_at: String,
    /// The lock of the next step.
    pub version: i64,
}

/// Which questions.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhichQuestions {
    /// `open` (without it), `answered` or `declined`.
    pub state: String,
}

/// Questions under the notices of the reader's organisations.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/questions", params(WhichQuestions,
    ("cursor" = Option<String>, Query, description = "Where the page begins: as an answer's `next` or `Link` gives it")),
    responses((status = 200, body = Listed<StaffQuestion>)))]
pub async fn all_questions(ctx: Ctx, Params(which): Params<WhichQuestions>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeAnswer)?;
    let state = match which.state.as_str() {
        "" => QuestionState::Open,
        code => QuestionState::from_code(code).ok_or_else(|| {
            Error::Fields(vec![FieldProblem { pointer: "state".into(), detail: "no such state".into() }])
        })?,
    };
    let page = paging.after(|text| text.parse::<u32>().ok())?.unwrap_or(1).clamp(1, 100_000);
    let counts = questions::service::counts(&ctx).await?;
    let total = counts.iter().find(|(one, _)| *one == state).map_or(0, |(_, count)| *count);
    let rows = questions::store::for_staff(&ctx.app.db, &actor.scopes(Action::NoticeAnswer), state, page).await?;
    let next = (page < page_count(total)).then(|| (page + 1).to_string());
    let items = rows
        .into_iter()
        .map(|row| StaffQuestion {
            title: ctx.w.pick(&row.title, &row.title_en).to_owned(),
            state: row.state().code(),
            released: row.released(),
            asked_at: row.asked_at().to_string(),
            version: row.version,
            id: row.id,
            notice: row.notice_id,
            body: row.body,
            answer: row.answer,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A step with a question.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "answer", "text": "预计 10 点恢复。", "version": 1}))]
#[serde(default)]
pub struct QuestionStepIn {
    /// `answer` (for everybody), `quietly` (to who asked), `decline`, `release` or `hide`.
    pub step: String,
    /// Words: the answer, or why it is declined.
    pub text: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Answers or declines a question, shows it to everybody or no longer.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/questions/{id}", request_body = QuestionStepIn,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version")),
    responses((status = 204, description = "Done"), (status = 409, description = "somebody was quicker")))]
pub async fn question_step(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let question = questions::service::for_answering(&ctx, &id).await?;
    let body: QuestionStepIn = read(request).await?;
    let step = QuestionStep::from_code(&body.step)
        .ok_or_else(|| Error::Fields(vec![FieldProblem::of("step", "there is no such step")]))?;
    let version = if_match.or(body.version)?.unwrap_or(question.version);
    match questions::service::step(&ctx, &id, step, version, &body.text).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(questions::service::Refused::Text(text)) => Err(Error::Fields(vec![FieldProblem::of("text", text)])),
        Err(questions::service::Refused::Other(error)) => Err(error),
    }
}

//! What readers answer to notices: seen, signed up, asked.

use super::rfc3339;
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{Listed, OnceKey, Paging, listed, read, read_or_empty},
    },
    notices::{
        activity, confirm,
        questions::{
            self,
            service::{Refused, may_ask},
        },
        reading,
    },
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Marks the message about a notice as read; under an emergency that is going on, counts "I have seen it" as well. Twice is
/// once.
#[utoipa::path(post, tag = "notices", path = "/api/v1/notices/{id}/seen", params(("id" = String, Path, description = "Id")),
    responses((status = 204, description = "Noted")))]
pub async fn seen(mut ctx: Ctx, Path(id): Path<String>) -> Result {
    ctx.actor()?;
    let notice = reading::public_notice(&ctx.app, &id).await?;
    reading::mark_read(&mut ctx, &notice.id).await?;
    match confirm::count(&ctx, &notice).await {
        // There is nothing to confirm.
        Ok(()) | Err(Error::Conflict(_)) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(error),
    }
}

/// A sign-up.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"people": 2}))]
#[serde(default)]
pub struct SignUpIn {
    /// How many come; 1 without it.
    pub people: Option<i64>,
}

/// How a sign-up stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignUpOut {
    /// `signed`, `waiting` or `cancelled`.
    pub state: &'static str,
    /// The notice whose words count now.
    pub notice: String,
}

/// Signs the signed-in person up for the activity of a notice, or changes how many come. Where the seats do not suffice they
/// wait.
#[utoipa::path(post, tag = "notices", path = "/api/v1/notices/{id}/sign-up", request_body = Option<SignUpIn>,
    params(("id" = String, Path, description = "Id")),
    responses((status = 200, body = SignUpOut), (status = 409, description = "closed, called off, too many at once, or the person \
        has no name yet")))]
pub async fn sign_up(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    ctx.actor()?;
    let body: SignUpIn = read_or_empty(request).await?;
    let done = activity::service::sign_up(&ctx, &id, body.people.unwrap_or(1)).await?;
    Ok(Json(SignUpOut { state: done.state.code(), notice: done.notice_id }).into_response())
}

/// Takes a sign-up back.
#[utoipa::path(delete, tag = "notices", path = "/api/v1/notices/{id}/sign-up",
    params(("id" = String, Path, description = "Id")), responses((status = 204, description = "Taken back")))]
pub async fn leave(ctx: Ctx, Path(id): Path<String>) -> Result {
    activity::service::leave(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// One's own sign-up in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignUpItem {
    /// Id of the notice.
    pub notice: String,
    /// Its title, in the reader's language.
    pub title: String,
    /// Where, may be empty.
    pub place: String,
    /// RFC 3339, UTC.
    pub starts_at: String,
    /// RFC 3339, UTC.
    pub ends_at: String,
    /// `signed` or `waiting`.
    pub state: &'static str,
    /// How many come.
    pub people: i64,
    /// It was called off.
    pub cancelled: bool,
}

/// What the signed-in person has signed up for, the latest first, of the last 100.
#[utoipa::path(get, tag = "me", path = "/api/v1/me/sign-ups", params(Paging),
    responses((status = 200, body = Listed<SignUpItem>)))]
pub async fn mine(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require(app::people::Action::OwnThings, "")?;
    let w = ctx.w;
    let (page, next) = paging.cut(activity::store::of(&ctx.app.db, &actor.id).await?)?;
    let items = page
        .into_iter()
        .map(|row| SignUpItem {
            title: w.pick(&row.title, &row.title_en).to_owned(),
            place: w.pick(&row.place, &row.place_en).to_owned(),
            starts_at: reading::instant_of(row.starts_at).to_string(),
            ends_at: reading::instant_of(row.ends_at).to_string(),
            state: row.state().code(),
            people: row.people,
            cancelled: row.cancelled_at.is_some(),
            notice: row.notice_id,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A question under a notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionItem {
    /// Id.
    pub id: String,
    /// `open`, `answered` or `declined`.
    pub state: &'static str,
    /// The question.
    pub body: String,
    /// The answer, may be empty.
    pub answer: String,
    /// RFC 3339, UTC.
    pub asked_at: String,
    /// RFC 3339, UTC.
    pub answered_at: Option<String>,
    /// It is the reader's own.
    pub mine: bool,
}

/// Questions under a notice that everybody sees, and the reader's own; the oldest first, at most 200.
#[utoipa::path(get, tag = "notices", path = "/api/v1/notices/{id}/questions", params(("id" = String, Path, description = "Id"), Paging),
    responses((status = 200, body = Listed<QuestionItem>)))]
pub async fn questions(ctx: Ctx, Path(id): Path<String>, Params(paging): Params<Paging>) -> Result {
    let notice = reading::public_notice(&ctx.app, &id).await?;
    let person = ctx.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let (page, next) = paging.cut(questions::store::under(&ctx.app.db, &notice.id, person).await?)?;
    let items = page
        .into_iter()
        .map(|question| QuestionItem {
            state: question.state().code(),
            asked_at: question.asked_at().to_string(),
            answered_at: rfc3339(question.answered_at()),
            mine: !person.is_empty() && question.person_id == person,
            id: question.id,
            body: question.body,
            answer: question.answer,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"question": "几点恢复供水？"}))]
pub struct QuestionIn {
    /// What is asked.
    pub question: String,
}

/// Asks something under a notice. With an `Idempotency-Key` it is one question however often it is sent.
#[utoipa::path(post, tag = "notices", path = "/api/v1/notices/{id}/questions", request_body = QuestionIn,
    params(("id" = String, Path, description = "Id")),
    responses((status = 204, description = "Asked"), (status = 409, description = "nothing can be asked under it (any more)")))]
pub async fn ask(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    ctx.actor()?;
    let notice = reading::public_notice(&ctx.app, &id).await?;
    if !may_ask(&ctx, &notice).await? {
        return Err(Error::Conflict("question-conflict-closed"));
    }
    let body: QuestionIn = read(request).await?;
    match questions::service::ask(&ctx, &id, &once.or(&ctx, None), &body.question).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(Refused::Text(text)) => Err(Error::Fields(vec![FieldProblem::of("question", text)])),
        Err(Refused::Other(error)) => Err(error),
    }
}

/// Takes one's own question back, as long as nobody has answered it. One that is gone already is fine.
#[utoipa::path(delete, tag = "notices", path = "/api/v1/notices/{id}/questions/{question}",
    params(("id" = String, Path, description = "Id"), ("question" = String, Path, description = "id of the question")),
    responses((status = 204, description = "Gone"), (status = 409, description = "it was answered")))]
pub async fn take_back(ctx: Ctx, Path((id, question)): Path<(String, String)>) -> Result {
    questions::service::take_back(&ctx, &id, &question).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

//! Answers that staff send often, through the API.

use crate::{
    http::{
        Ctx, Error, Params, Result,
        api::{problem, read, wrong_fields},
    },
    reports::{
        answers::{self, Body, Outcome},
        settings,
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// Of which organisation.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct At {
    /// Code of the organisation; the first of the reader's without it.
    pub at: String,
}

/// An answer that is sent often.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CannedItem {
    /// Id.
    pub id: String,
    /// Path of its organisation; it holds there and below.
    pub path: String,
    /// Code of the step it is for.
    pub step: String,
    /// What lists call it.
    pub title: String,
    /// The text; places such as `{code}` are filled in when it is sent.
    pub text: String,
    /// The same in English; may be empty.
    pub text_en: String,
    /// What it is now, in one word: sent back, it keeps a change from overwriting somebody else's.
    pub seen: String,
}

/// Answers that hold at an organisation, its own first.
#[utoipa::path(get, path = "/api/v1/staff/settings/answers", tag = "settings", params(At), responses((status = 200, body = Vec<CannedItem>)))]
pub(crate) async fn list(ctx: Ctx, Params(at): Params<At>) -> Result {
    let place = settings::chosen(&ctx, &at.at).await?;
    let all: Vec<CannedItem> = answers::at(&ctx.app.db, &place.path)
        .await?
        .into_iter()
        .map(|one| CannedItem {
            seen: one.stamp(),
            id: one.id,
            path: one.path,
            step: one.step,
            title: one.title,
            text: one.text,
            text_en: one.text_en,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// An answer to be kept.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"at": "wutong", "step": "reject", "title": "不归社区", "text": "您反映的 {code} 属于供电公司，请拨打 95598。"}))]
#[serde(default)]
pub struct CannedIn {
    /// For a new one: code of the organisation; the first of the reader's without it.
    pub at: String,
    /// Code of the step it is for.
    pub step: String,
    /// What lists call it.
    pub title: String,
    /// The text.
    pub text: String,
    /// The same in English; may be empty.
    pub text_en: String,
    /// What it was when it was looked at; left out, whatever it is now is overwritten.
    pub seen: Option<String>,
}

async fn save(ctx: &Ctx, place: &crate::places::Organisation, body: Body) -> Result {
    let mistakes = body.form().mistakes();
    if !mistakes.is_empty() {
        return Err(wrong_fields(mistakes.into_iter().map(|(field, key)| (field, ctx.w.t(key)))));
    }
    match answers::carry_out(ctx, place, &body).await? {
        Outcome::Saved | Outcome::Removed => Ok(StatusCode::NO_CONTENT.into_response()),
        Outcome::Many => {
            Err(wrong_fields([("title", ctx.w.tf("answers-error-many", &[("most", answers::MOST.into())]))]))
        }
        Outcome::Stale(_, seen) => {
            let more = serde_json::json!({ "seen": seen });
            Ok(problem(ctx, StatusCode::CONFLICT, "changed", ctx.w.t("answers-conflict"), more))
        }
    }
}

/// Keeps a new answer behind the others of its organisation.
#[utoipa::path(post, path = "/api/v1/staff/settings/answers", tag = "settings", request_body = CannedIn,
    responses((status = 204, description = "Kept")))]
pub(crate) async fn add(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportSettings)?;
    let sent: CannedIn = read(request).await?;
    let place = settings::chosen(&ctx, &sent.at).await?;
    let CannedIn { step, title, text, text_en, .. } = sent;
    let body = Body { act: "save".to_owned(), step, title, text, text_en, ..Body::default() };
    save(&ctx, &place, body).await
}

/// Changes an answer.
#[utoipa::path(post, path = "/api/v1/staff/settings/answers/{id}", tag = "settings", request_body = CannedIn, params(("id" = String, Path)),
    responses((status = 204, description = "Saved"), (status = 409, description = "somebody else changed it; with `seen`")))]
pub(crate) async fn change(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    let (found, place) = answers::by_id(&ctx, &id).await?;
    let CannedIn { step, title, text, text_en, seen, .. } = read(request).await?;
    let seen = seen.unwrap_or_else(|| found.stamp());
    let body = Body { act: "save".to_owned(), id, seen, step, title, text, text_en, ..Body::default() };
    save(&ctx, &place, body).await
}

async fn act(ctx: &Ctx, id: String, act: &str) -> Result {
    let (_, place) = answers::by_id(ctx, &id).await?;
    match answers::carry_out(ctx, &place, &Body { act: act.to_owned(), id, ..Body::default() }).await? {
        Outcome::Saved | Outcome::Removed => Ok(StatusCode::NO_CONTENT.into_response()),
        Outcome::Many | Outcome::Stale(..) => Err(Error::Conflict("answers-conflict")),
    }
}

/// Removes an answer.
#[utoipa::path(delete, path = "/api/v1/staff/settings/answers/{id}", tag = "settings", params(("id" = String, Path)),
    responses((status = 204, description = "Gone")))]
pub(crate) async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result {
    act(&ctx, id, "remove").await
}

/// Lets an answer change places with the one of the same step before it.
#[utoipa::path(post, path = "/api/v1/staff/settings/answers/{id}/up", tag = "settings", params(("id" = String, Path)),
    responses((status = 204, description = "Moved")))]
pub(crate) async fn raise(ctx: Ctx, Path(id): Path<String>) -> Result {
    act(&ctx, id, "up").await
}

//! The notice desk through the API: the list, and a notice in any state. What is done with it is in [`steps`].

pub mod draft;
pub mod files;
pub mod messages;
pub mod questions;
pub mod screens;
pub mod settings;
pub mod sign_ups;
pub mod steps;
pub mod versions;

use super::rfc3339;
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, Listed, Paging, listed, problem, versioned, wrong_fields},
    },
    notices::{
        reading::page_count,
        staff::MINE,
        store::{
            self,
            list::{self, Among},
            review,
        },
        writing::{self, Refused},
    },
};
use app::{notices::NoticeState, people::Action};
use axum::{extract::Path, http::StatusCode, response::Response};
use draft::Draft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which notices.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Which {
    /// `draft`, `review`, `scheduled`, `published` or `withdrawn`; `mine`: what the reader may review; every state without it.
    pub state: String,
}

/// A notice in the staff's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffNoticeItem {
    /// Id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Its kind.
    pub kind: String,
    /// Title, in the reader's language.
    pub title: String,
    /// Who says it.
    pub source: String,
    /// Who wrote it.
    pub author: String,
    /// RFC 3339, UTC: when it went out, else when it was last changed.
    pub at: String,
}

/// Notices of the reader's organisations, in every state, the newest first.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices", params(Which,
    ("cursor" = Option<String>, Query, description = "Where the page begins: as an answer's `next` or `Link` gives it")),
    responses((status = 200, body = Listed<StaffNoticeItem>)))]
pub async fn list_all(ctx: Ctx, Params(which): Params<Which>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeRead)?;
    let reviews = actor.scopes(Action::NoticeReview);
    let mine = which.state == MINE;
    let state = match which.state.as_str() {
        "" | MINE => None,
        code => Some(NoticeState::from_code(code).ok_or_else(|| {
            Error::Fields(vec![FieldProblem { pointer: "state".into(), detail: "no such state".into() }])
        })?),
    };
    let page = paging.after(|text| text.parse::<u32>().ok())?.unwrap_or(1).clamp(1, 100_000);
    let scopes = actor.scopes(Action::NoticeRead);
    let db = &ctx.app.db;
    let (rows, matching) = if mine {
        let count = review::waiting_for(db, &actor.id, &reviews).await?;
        (list::for_staff(db, &reviews, Among::ToReviewBy(&actor.id), page).await?, count)
    } else {
        let counts = list::staff_counts(db, &scopes).await?;
        let of_state = counts.iter().filter(|(code, _)| state.is_none_or(|state| state.code() == code));
        (list::for_staff(db, &scopes, Among::State(state), page).await?, of_state.map(|(_, n)| n).sum())
    };
    let next = (page < page_count(matching)).then(|| (page + 1).to_string());
    let items = rows
        .into_iter()
        .map(|row| StaffNoticeItem {
            title: ctx.w.pick(&row.title, &row.title_en).to_owned(),
            source: ctx.w.pick(&row.source, &row.source_en).to_owned(),
            at: crate::notices::reading::instant_of(row.at).to_string(),
            id: row.id,
            state: row.state,
            kind: row.kind,
            author: row.author,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A notice as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffNoticeOut {
    /// Id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// What is wanting before it can go out, in words.
    pub wants: Vec<String>,
    /// Its words.
    pub draft: Draft,
    /// Households and people whom it reaches.
    pub reach: (i64, i64),
    /// Id of the earlier notice that this one corrects or takes back.
    pub corrects: Option<String>,
    /// RFC 3339, UTC.
    pub published_at: Option<String>,
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let notice = writing::for_reading(ctx, id).await?;
    let wants = match notice.state() {
        NoticeState::Draft | NoticeState::Review => writing::missing(ctx, &notice).await?,
        _ => Vec::new(),
    };
    let reach = store::reach(&ctx.app.db, &notice.id).await?;
    let form = writing::form_of(ctx, &notice, &notice.content()).await?;
    let answer = StaffNoticeOut {
        state: notice.state().code().to_owned(),
        wants: wants.into_iter().map(|missing| ctx.w.t(missing.key())).collect(),
        draft: Draft::of(form),
        reach: (reach.households, reach.people),
        corrects: notice.corrects_id.clone(),
        published_at: rfc3339(notice.published_at()),
        id: notice.id.clone(),
    };
    Ok(versioned(notice.version, answer))
}

/// A notice in any state, with its words as they can be edited.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}", params(("id" = String, Path, description = "Id")),
    responses((status = 200, body = StaffNoticeOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Why a form was not taken.
fn refused(ctx: &Ctx, refused: Refused, if_match: IfMatch) -> Result<Response> {
    match refused {
        Refused::Other(error) => Err(error),
        Refused::Invalid(errors) => Err(wrong_fields(errors)),
        Refused::Stale(now) => {
            let more = serde_json::json!({ "state": now.state().code(), "version": now.version });
            let text = ctx.w.t("notice-conflict-changed");
            if_match.stale(problem(ctx, StatusCode::CONFLICT, "changed", text, more))
        }
    }
}

/// Where a notice is after something was done with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeNow {
    /// Id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Its version.
    pub version: i64,
}

async fn now(ctx: &Ctx, id: &str) -> Result<NoticeNow> {
    let notice = writing::for_reading(ctx, id).await?;
    Ok(NoticeNow { state: notice.state().code().to_owned(), version: notice.version, id: notice.id })
}

//! Oneself through the API: profile and inbox.

pub mod own;

use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{self, Paging},
    },
    people::service::mine::{self, NameFormError},
    places,
};
use app::people::{NAME_MAX, NameError};
use axum::{
    Json,
    extract::{Path, Request},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A message.
#[derive(Serialize, ToSchema)]
pub struct InboxItem {
    /// Id.
    pub id: String,
    /// Text in the reader's language.
    pub text: String,
    /// Path it leads to.
    pub href: String,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

/// How much is unread.
#[derive(Serialize, ToSchema)]
pub struct Unread {
    /// Unread messages.
    pub unread: i64,
}

/// The signed-in person's messages, newest first. The next page is in the header `Link`.
#[utoipa::path(get, path = "/api/v1/me/inbox", tag = "me", params(Paging), responses(
    (status = 200, description = "The messages", body = Vec<InboxItem>),
    (status = 401, description = "Nobody is signed in"),
))]
pub async fn inbox(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let after = paging.after(|text| {
        let (at, id) = text.split_once('_')?;
        Some((at.parse::<i64>().ok()?, id.to_owned()))
    })?;
    let rows = paging.rows()?;
    let mut messages = mine::messages_after(&ctx, after.as_ref(), rows + 1).await?;
    let more = messages.len() > rows;
    messages.truncate(rows);
    let last = messages.last().filter(|_| more).map(|last| format!("{}_{}", last.created_at, last.id));
    let items: Vec<InboxItem> = messages
        .into_iter()
        .map(|message| InboxItem {
            text: message.text(ctx.w),
            sent_at: Timestamp::from_microsecond(message.created_at).unwrap_or_default(),
            read: message.read_at.is_some(),
            id: message.id,
            href: message.href,
        })
        .collect();
    let mut response = api::private(Json(items));
    let link = last.and_then(|last| api::link(&api::next_address(&ctx, &last)));
    response.headers_mut().extend(link.map(|link| (header::LINK, link)));
    Ok(response)
}

/// How many messages the signed-in person has not read.
#[utoipa::path(get, path = "/api/v1/me/unread", tag = "me", responses(
    (status = 200, description = "The number", body = Unread),
    (status = 401, description = "Nobody is signed in"),
))]
pub async fn unread(ctx: Ctx) -> Result {
    ctx.actor()?;
    Ok(api::private(Json(Unread { unread: ctx.unread })))
}

/// Who one is here.
#[derive(Serialize, ToSchema)]
pub struct Profile {
    /// Name; empty until given.
    pub name: String,
    /// Telephone number as shown on screen.
    pub phone: String,
    /// Code of the home community.
    pub community: Option<String>,
    /// Code of the home building.
    pub building: Option<String>,
    /// Roles beyond resident.
    pub roles: Vec<ProfileRole>,
    /// The second factor that roles for work need has been shown.
    pub second_factor: bool,
    /// Unread messages.
    pub unread: i64,
}

/// A role somewhere.
#[derive(Serialize, ToSchema)]
pub struct ProfileRole {
    /// `volunteer`, `grid_worker`, `community_staff`, `unit`, `supervisor` or `admin`.
    pub role: &'static str,
    /// Path of the organisation in whose subtree it holds.
    pub path: String,
}

/// Who the signed-in person is here.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = Profile)))]
pub async fn profile(ctx: Ctx) -> Result {
    let actor = ctx.actor()?;
    let code = async |id: &Option<String>| -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        Ok(places::store::by_id(&ctx.app.db, id).await?.map(|place| place.code))
    };
    let roles = actor.grants.iter().map(|grant| ProfileRole { role: grant.role.code(), path: grant.path.clone() });
    Ok(api::private(Json(Profile {
        name: actor.name.clone(),
        phone: actor.phone_masked.clone(),
        community: code(&actor.community_id).await?,
        building: code(&actor.building_id).await?,
        roles: roles.collect(),
        second_factor: actor.second_factor,
        unread: ctx.unread,
    })))
}

/// Name and home.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "林晓禾", "building": "wutong-b7"}))]
pub struct ProfileIn {
    /// Name.
    pub name: String,
    /// Code of the home building; empty: none.
    #[serde(default)]
    pub building: String,
}

/// Changes the signed-in person's name and home building.
#[utoipa::path(post, path = "/api/v1/me", tag = "me", request_body = ProfileIn, responses(
    (status = 204, description = "Saved"),
))]
pub async fn set_profile(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let body: ProfileIn = api::read(request).await?;
    let w = ctx.w;
    let wrong = |field: &str, text: String| Error::Fields(vec![FieldProblem::of(field, text)]);
    match mine::save_name(&ctx, &body.name, &body.building).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(NameFormError::Name(NameError::Empty)) => Err(wrong("name", w.t("people-error-name-empty"))),
        Err(NameFormError::Name(NameError::Long)) => {
            Err(wrong("name", w.tf("people-error-name-long", &[("max", NAME_MAX.into())])))
        }
        Err(NameFormError::Name(NameError::Shape)) => Err(wrong("name", w.t("people-error-name-shape"))),
        Err(NameFormError::Building) => Err(wrong("building", w.t("people-error-building"))),
        Err(NameFormError::Other(error)) => Err(error),
    }
}

/// Marks all messages of the signed-in person as read.
#[utoipa::path(post, path = "/api/v1/me/inbox/read", tag = "me", responses((status = 204, description = "Marked")))]
pub async fn read_all(ctx: Ctx) -> Result {
    mine::read_all(&ctx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Marks one message as read.
#[utoipa::path(post, path = "/api/v1/me/inbox/{id}/read", tag = "me", params(("id" = String, Path)),
    responses((status = 204, description = "Marked")))]
pub async fn read_one(ctx: Ctx, Path(id): Path<String>) -> Result {
    mine::open_message(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

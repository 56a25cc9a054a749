//! What somebody follows through the API, and the browsers that are notified.

use super::{
    push,
    service::{self, AddError, ChoicesError, ChoicesForm, Following},
};
use crate::{
    deliver::push::Subscription,
    http::{Ctx, Error, FieldProblem, Params, Result, api},
};
use axum::{
    Json,
    extract::{Path, Request},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything that is kept of what somebody follows.
#[derive(Serialize, ToSchema)]
pub struct FollowsExport {
    /// Places beyond where they live.
    pub follows: Vec<FollowItem>,
    /// Notices by mail.
    pub email: bool,
    /// Emergencies by SMS.
    pub sms: bool,
    /// Kinds that leave the page.
    pub kinds: Vec<String>,
    /// Hour of the one letter a day; none: each notice at once.
    pub daily_hour: Option<i8>,
    /// Hours between which nothing but emergencies leaves the page.
    pub quiet_hours: [i8; 2],
    /// Browsers that are notified.
    pub browsers: Vec<BrowserItem>,
}

/// Something that is followed.
#[derive(Serialize, ToSchema)]
pub struct FollowItem {
    /// Code of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Code of the kind; none: every kind.
    pub kind: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// A browser that is notified.
#[derive(Serialize, ToSchema)]
pub struct BrowserItem {
    /// Its name for itself.
    pub device: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// Everything that is kept of what the signed-in person follows.
#[utoipa::path(get, path = "/api/v1/me/follows", tag = "me", responses(
    (status = 200, description = "What is kept", body = FollowsExport),
    (status = 401, description = "Nobody is signed in"),
))]
pub async fn export(ctx: Ctx) -> Result {
    let Following { follows, choices, .. } = service::following(&ctx).await?;
    let at = |micros: i64| Timestamp::from_microsecond(micros).unwrap_or_default();
    let browsers = push::browsers(&ctx).await?;
    let all = FollowsExport {
        follows: follows
            .into_iter()
            .map(|follow| FollowItem {
                place: follow.code,
                name: follow.name,
                kind: Some(follow.kind).filter(|kind| !kind.is_empty()),
                since: at(follow.created_at),
            })
            .collect(),
        email: choices.email,
        sms: choices.sms,
        kinds: choices.kinds.iter().map(|kind| kind.code().to_owned()).collect(),
        daily_hour: choices.daily,
        quiet_hours: [choices.quiet.from, choices.quiet.until],
        browsers: browsers
            .into_iter()
            .map(|browser| BrowserItem { since: at(browser.created_at), device: browser.device })
            .collect(),
    };
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(all)).into_response())
}

/// How notices are to come.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"email": false, "sms": true, "kinds": ["outage", "emergency"], "daily_hour": 18, "quiet_hours": [22, 7]}))]
#[serde(default)]
pub struct ChoicesIn {
    /// Notices by mail; needs a confirmed address.
    pub email: bool,
    /// Emergencies by SMS.
    pub sms: bool,
    /// Codes of kinds that leave the page.
    pub kinds: Vec<String>,
    /// Hour of the one letter a day; none: each notice at once.
    pub daily_hour: Option<u8>,
    /// Hours between which nothing but emergencies leaves the page.
    pub quiet_hours: (u8, u8),
}

/// Keeps how the signed-in person wants notices.
#[utoipa::path(post, path = "/api/v1/me/follows", tag = "me", request_body = ChoicesIn, responses(
    (status = 204, description = "Kept"),
))]
pub async fn set_choices(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let body: ChoicesIn = api::read(request).await?;
    let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    let form = ChoicesForm {
        email: on(body.email),
        mode: if body.daily_hour.is_some() { "daily" } else { "now" }.to_owned(),
        daily_hour: body.daily_hour.unwrap_or(18).to_string(),
        sms: on(body.sms),
        kinds: body.kinds,
        quiet_from: body.quiet_hours.0.to_string(),
        quiet_until: body.quiet_hours.1.to_string(),
    };
    match service::choose(&ctx, &form).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(ChoicesError::Invalid(errors)) => {
            let fields = errors.into_map().into_iter().map(|(field, text)| FieldProblem::of(field, text));
            Err(Error::Fields(fields.collect()))
        }
        Err(ChoicesError::Other(error)) => Err(error),
    }
}

/// Something to follow.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"place": "wutong-b7", "kind": "outage"}))]
pub struct FollowIn {
    /// Code of a community or building.
    pub place: String,
    /// Only this kind of notices; every kind without it.
    #[serde(default)]
    pub kind: Option<String>,
}

/// Follows a community or building. Twice is once.
#[utoipa::path(post, path = "/api/v1/me/follows/places", tag = "me", request_body = FollowIn, responses(
    (status = 204, description = "Followed"), (status = 409, description = "As many are followed as may be"),
))]
pub async fn follow(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let body: FollowIn = api::read(request).await?;
    match service::add(&ctx, &body.place, body.kind.as_deref().unwrap_or_default()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(AddError::Place) => Err(Error::Fields(vec![FieldProblem::of("place", ctx.w.t("follow-error-place"))])),
        Err(AddError::Many) => {
            let text = ctx.w.tf("follow-error-many", &[("count", app::notices::following::FOLLOWS.into())]);
            Ok(api::problem(&ctx, StatusCode::CONFLICT, "too-many-follows", text, serde_json::json!({})))
        }
        Err(AddError::Other(error)) => Err(error),
    }
}

/// Which kind is followed no more.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct OfKind {
    /// The kind that was named when it was followed.
    pub kind: String,
}

/// Follows a place no more. What is not followed is no mistake.
#[utoipa::path(delete, path = "/api/v1/me/follows/places/{place}", tag = "me",
    params(("place" = String, Path, description = "code of the place"), OfKind),
    responses((status = 204, description = "Not followed")))]
pub async fn unfollow(ctx: Ctx, Path(place): Path<String>, Params(of): Params<OfKind>) -> Result {
    service::remove(&ctx, &place, &of.kind).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends notifications in one of one's own browsers.
#[utoipa::path(delete, path = "/api/v1/me/follows/browsers/{id}", tag = "me", params(("id" = String, Path, description = "id of the browser")),
    responses((status = 204, description = "It is told no more")))]
pub async fn end_browser(ctx: Ctx, Path(id): Path<String>) -> Result {
    if !push::unsubscribe(&ctx, &id, "").await? {
        return Err(Error::NotFound);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A browser's subscription, as `PushSubscription.toJSON()` gives it.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct PushBody {
    /// Where to send: an https address on the public internet.
    pub endpoint: String,
    /// `p256dh` and `auth`, in base64url.
    #[schema(value_type = Object)]
    pub keys: crate::deliver::push::SubscriptionKeys,
}

/// Notifies this browser of notices from now on.
#[utoipa::path(post, path = "/api/v1/me/push", tag = "me", request_body = PushBody, responses(
    (status = 204, description = "It is notified"),
    (status = 401, description = "Nobody is signed in"),
    (status = 422, description = "The endpoint is not an https address on the public internet, or the keys are none"),
    (status = 429, description = "Too many in an hour"),
))]
pub async fn subscribe(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let PushBody { endpoint, keys } = api::read(request).await?;
    push::subscribe(&ctx, &Subscription { endpoint, keys }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The endpoint of a subscription that ends.
#[derive(Deserialize, ToSchema)]
pub struct PushEnd {
    /// As it was given.
    pub endpoint: String,
}

/// Notifies this browser no more.
#[utoipa::path(post, path = "/api/v1/me/push/end", tag = "me", request_body = PushEnd, responses(
    (status = 204, description = "It is not notified"),
    (status = 401, description = "Nobody is signed in"),
))]
pub async fn unsubscribe(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let PushEnd { endpoint } = api::read(request).await?;
    push::unsubscribe(&ctx, "", &endpoint).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

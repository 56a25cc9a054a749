//! One's own devices and address for letters through the API.

use crate::{
    http::{
        Ctx, Error, FieldProblem, Result,
        api::{self, read},
    },
    people::service::{
        email::{self, EmailFormError},
        mine,
    },
};
use app::people::EmailError;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A browser in which one is signed in.
#[derive(Serialize, ToSchema)]
pub struct DeviceItem {
    /// Id of its session.
    pub id: String,
    /// What the browser says of itself.
    pub device: String,
    /// Signed in since then.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Last seen then.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
    /// It is the one that asks; none with a token.
    pub this: bool,
}

/// Where the signed-in person is signed in, the most recently seen first.
#[utoipa::path(get, path = "/api/v1/me/devices", tag = "me", responses((status = 200, body = Vec<DeviceItem>)))]
pub async fn devices(ctx: Ctx) -> Result {
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or_default();
    let this = ctx.actor()?.session_id.clone();
    let all: Vec<DeviceItem> = mine::devices(&ctx)
        .await?
        .into_iter()
        .map(|row| DeviceItem {
            since: at(row.created_at),
            seen_at: at(row.seen_at),
            this: row.id == this,
            device: row.device,
            id: row.id,
        })
        .collect();
    Ok(api::private(Json(all)))
}

/// Signs one of one's own devices out.
#[utoipa::path(delete, path = "/api/v1/me/devices/{id}", tag = "me", params(("id" = String, Path, description = "id of its session")),
    responses((status = 204, description = "It is signed out")))]
pub async fn end_device(ctx: Ctx, Path(id): Path<String>) -> Result {
    mine::revoke_device(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Signs all one's own devices out but the one that asks; with a token, all of them. Tokens hold on.
#[utoipa::path(post, path = "/api/v1/me/devices/revoke-others", tag = "me",
    responses((status = 204, description = "They are signed out")))]
pub async fn end_other_devices(ctx: Ctx) -> Result {
    mine::revoke_other_devices(&ctx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// One's own address for letters.
#[derive(Serialize, ToSchema)]
pub struct EmailOut {
    /// Letters can be sent from here.
    pub possible: bool,
    /// The address as shown on screen; absent: none.
    pub address: Option<String>,
    /// The link in the first letter was opened: letters go there.
    pub confirmed: bool,
}

/// The signed-in person's address for letters, masked.
#[utoipa::path(get, path = "/api/v1/me/email", tag = "me", responses((status = 200, body = EmailOut)))]
pub async fn email(ctx: Ctx) -> Result {
    let (address, confirmed) = match email::kept(&ctx).await? {
        Some((address, confirmed)) => (Some(address), confirmed),
        None => (None, false),
    };
    Ok(api::private(Json(EmailOut { possible: ctx.app.deliver.mails(), address, confirmed })))
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"address": "lin@example.cn"}))]
pub struct EmailIn {
    /// The address.
    pub address: String,
}

/// Keeps an address for letters, and sends the letter whose link confirms it. 404 where no letters are sent.
#[utoipa::path(post, path = "/api/v1/me/email", tag = "me", request_body = EmailIn,
    responses((status = 204, description = "The letter is on its way")))]
pub async fn set_email(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let body: EmailIn = read(request).await?;
    let wrong = |key| Err(Error::Fields(vec![FieldProblem::of("address", ctx.w.t(key))]));
    match email::give(&ctx, &body.address).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(EmailFormError::Address(EmailError::Empty)) => wrong("mail-error-empty"),
        Err(EmailFormError::Address(EmailError::Shape)) => wrong("mail-error-shape"),
        Err(EmailFormError::Limit) => wrong("mail-error-limit"),
        Err(EmailFormError::Other(error)) => Err(error),
    }
}

/// Forgets the signed-in person's address.
#[utoipa::path(delete, path = "/api/v1/me/email", tag = "me", responses((status = 204, description = "It is forgotten")))]
pub async fn forget_email(ctx: Ctx) -> Result {
    email::forget(&ctx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

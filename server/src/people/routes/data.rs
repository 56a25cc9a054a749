//! `/me/data`: everything that Linli keeps of a person.

use crate::{
    auth::session,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    people::service::data::{self, Kept},
};
use app::{
    people::pages::{self, DataProps, DataRow},
    time,
    ui::shell::Tab,
};
use axum::{Json, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::Deserialize;

/// `GET /me/data`
pub async fn page(ctx: Ctx) -> Result {
    let Kept { own, counts } = data::kept(&ctx).await?;
    let w = ctx.w;
    let rows = counts
        .into_iter()
        .map(|(section, count)| DataRow {
            title: w.t(section.word),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            page: section.page,
        })
        .collect();
    let home = own.building.or(own.community);
    let since = Timestamp::from_microsecond(own.created_at).unwrap_or_default();
    let props = DataProps {
        w,
        name: own.name,
        phone: own.phone_masked,
        email: own.email_masked,
        home: home.unwrap_or_default(),
        since: time::date_long(w.lang, time::day_of(since)),
        rows,
        works: !ctx.actor()?.grants.is_empty(),
    };
    Ok(Page::new(&ctx, w.t("data-title")).tab(Tab::Me).back("/me").render(pages::data(props)))
}

/// The form that deletes the account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LeaveForm {
    words: String,
}

/// `POST /me/data/leave`
pub async fn leave(ctx: Ctx, FormBody(form): FormBody<LeaveForm>) -> Result {
    data::leave(&ctx, form.words == "1").await?;
    let mut response = see_other_with(&ctx, "/", "flash-data-left");
    response.headers_mut().append(header::SET_COOKIE, session::clear_cookie(ctx.app.config.https()));
    Ok(response)
}

/// Everything that is kept of the signed-in person, as one JSON object: `person`, and a list for each kind of thing, such as
/// `appointments`, `reports`, `sign_ups`, `questions`, `inbox`. Instants are RFC 3339 in UTC. It is written down that it was
/// asked for.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "me", responses(
    (status = 200, description = "Everything", body = Object),
    (status = 401, description = "Nobody is signed in"),
    (status = 429, description = "Too many in an hour"),
))]
pub async fn everything(ctx: Ctx) -> Result {
    let all = data::file(&ctx).await?;
    let headers = [
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"linli-my-data.json\""),
    ];
    Ok((headers, Json(all)).into_response())
}

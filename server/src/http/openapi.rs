//! The description of the API: `/api/v1/openapi.json` and `linli openapi`.
//!
//! A room's API handlers carry `#[utoipa::path]` and are named here; a test compares this list with the routes.

use super::{Access, Routes};
use axum::{Json, http::header, response::IntoResponse};
use utoipa::OpenApi;

/// The API as a whole. Errors are problem details (RFC 9457) with `title`, `status`, `detail` and `request_id`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Linli 邻里",
        description = "Book a window service, report a problem, follow the community's notices. Requests act for the \
                       person whose session cookie they carry. Errors are problem details (RFC 9457).",
        license(name = "Apache-2.0")
    ),
    paths(
        crate::people::routes::inbox,
        crate::people::routes::unread,
        crate::people::routes::everything,
        crate::windows::routes::api::services,
        crate::windows::routes::live::live,
        crate::windows::routes::api::slots,
        crate::windows::routes::api::book,
        crate::windows::routes::api::appointment,
        crate::windows::routes::api::visits::change,
        crate::windows::routes::api::visits::cancel,
        crate::windows::routes::api::visits::join,
        crate::windows::routes::api::visits::entry,
        crate::windows::routes::api::visits::accept,
        crate::windows::routes::api::visits::leave,
        crate::windows::routes::api::holds::keep,
        crate::windows::routes::api::holds::renew,
        crate::windows::routes::api::holds::release,
        crate::windows::routes::api::day::ticket,
        crate::reports::api::categories,
        crate::reports::api::file,
        crate::reports::api::status,
        crate::reports::suggest::suggest_category,
        crate::reports::list::plan,
        crate::reports::place::place,
        crate::reports::collect::collect,
        crate::photos::routes::upload,
        crate::photos::routes::take_back,
        crate::notices::api::list,
        crate::notices::api::one,
        crate::notices::api::preview,
        crate::notices::following::routes::export,
        crate::notices::following::routes::subscribe,
        crate::notices::following::routes::unsubscribe,
    ),
    tags(
        (name = "me", description = "One's own things"),
        (name = "notices", description = "What the community says"),
        (name = "services", description = "What can be done at the windows, and when"),
        (name = "appointments", description = "Booked places"),
        (name = "reports", description = "Problems on the street and in the house"),
        (name = "photos", description = "Photos of a report, before it is sent"),
    )
)]
pub struct Api;

/// The description as JSON text, for files.
pub fn text() -> anyhow::Result<String> {
    Ok(Api::openapi().to_pretty_json()?)
}

/// The route of the description.
pub fn routes() -> Routes {
    Routes::new().get("/api/v1/openapi.json", Access::Public, description)
}

async fn description() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=600")], Json(Api::openapi()))
}

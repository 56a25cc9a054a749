//! The description of the API: `/api/v1/openapi.json` and `linli openapi`.
//!
//! A room's API handlers carry `#[utoipa::path]` and are named here; a test compares this list with the routes.

mod manners;
mod page;

use super::{Access, Routes};
use axum::{Json, http::header, response::IntoResponse};
use std::sync::LazyLock;
use utoipa::OpenApi;

/// The API as a whole. Errors are problem details (RFC 9457) with `title`, `status`, `detail` and `request_id`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Linli 邻里",
        description = "Book a window service, report a problem, follow the community's notices; work at the counter, the \
                       dispatch desk and the notices. A request acts for the person whose token (`Authorization: Bearer …`, \
                       made at /me/tokens) or session cookie it carries, never with more than that person's rights. Failures \
                       are problem details (RFC 9457). Lists come in pages: `next` and the header `Link` give the address of \
                       the next one, whose `cursor` means nothing by itself. Reads have an `ETag`; changes of what others \
                       may change as well take its version as `If-Match`. Whatever creates something takes an \
                       `Idempotency-Key`. Limited calls say so in `RateLimit` fields. Language: `Accept-Language` zh-CN or en. \
                       Times are RFC 3339.",
        license(name = "Apache-2.0")
    ),
    paths(
        crate::people::routes::api::profile,
        crate::people::routes::api::set_profile,
        crate::people::routes::api::inbox,
        crate::people::routes::api::read_all,
        crate::people::routes::api::read_one,
        crate::people::routes::api::unread,
        crate::people::routes::data::everything,
        crate::notices::following::routes::export,
        crate::notices::following::routes::set_choices,
        crate::notices::following::routes::follow,
        crate::notices::following::routes::unfollow,
        crate::notices::following::routes::subscribe,
        crate::notices::following::routes::unsubscribe,
        crate::notices::api::answers::mine,
        crate::reports::api::lists::mine,
        crate::windows::routes::api::mine::blocks,
        crate::windows::routes::api::mine::appeal,
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
        crate::windows::routes::api::mine::all_halls,
        crate::windows::routes::api::mine::list,
        crate::windows::routes::api::mine::draw_number,
        crate::windows::routes::api::mine::check_in,
        crate::windows::routes::api::mine::leave,
        crate::windows::routes::api::mine::rate,
        crate::windows::routes::api::mine::proposed,
        crate::windows::routes::api::mine::answer_proposal,
        crate::windows::routes::api::counter::windows,
        crate::windows::routes::api::counter::one,
        crate::windows::routes::api::counter::open,
        crate::windows::routes::api::counter::close,
        crate::windows::routes::api::counter::call,
        crate::windows::routes::api::counter::step,
        crate::windows::routes::api::counter::undo,
        crate::windows::routes::api::counter::walk_in,
        crate::windows::routes::api::staff::set_class,
        crate::windows::routes::api::staff::bookings,
        crate::windows::routes::api::staff::book_for,
        crate::windows::routes::api::staff::slots,
        crate::windows::routes::api::staff::check_in,
        crate::windows::routes::api::staff::hall_today,
        crate::reports::api::categories,
        crate::reports::api::file,
        crate::reports::api::status,
        crate::reports::api::lists::list,
        crate::reports::api::lists::nearby,
        crate::reports::api::own::step,
        crate::reports::api::own::words,
        crate::reports::api::own::remove_words,
        crate::reports::api::own::remove_photo,
        crate::reports::api::own::join,
        crate::reports::api::own::leave,
        crate::reports::api::staff::list,
        crate::reports::api::staff::counts,
        crate::reports::api::staff::show,
        crate::reports::api::staff::step,
        crate::reports::api::staff::handlers,
        crate::reports::api::staff::several,
        crate::reports::api::staff::release,
        crate::reports::api::tasks::list,
        crate::reports::api::tasks::show,
        crate::reports::api::tasks::step,
        crate::reports::suggest::suggest_category,
        crate::reports::list::plan,
        crate::reports::place::place,
        crate::reports::collect::collect,
        crate::photos::routes::upload,
        crate::photos::routes::take_back,
        crate::notices::api::list,
        crate::notices::api::one,
        crate::notices::api::preview,
        crate::notices::api::answers::seen,
        crate::notices::api::staff::list_all,
        crate::notices::api::staff::create,
        crate::notices::api::staff::one,
        crate::notices::api::staff::save,
        crate::notices::api::staff::discard,
        crate::notices::api::staff::publish,
        crate::notices::api::staff::unschedule,
        crate::notices::api::staff::approve,
        crate::notices::api::staff::give_back,
        crate::notices::api::staff::correct,
        crate::notices::api::staff::withdraw,
        crate::notices::api::staff::deliveries,
        crate::notices::api::staff::all_questions,
        crate::notices::api::staff::question_step,
        crate::reports::statistics::api::reports,
        crate::reports::api::settings::rules,
        crate::reports::api::settings::all_limits,
        crate::windows::routes::api::settings::hall,
        crate::windows::routes::api::settings::all_items,
        crate::windows::routes::api::figures::halls,
        crate::notices::api::answers::sign_up,
        crate::notices::api::answers::leave,
        crate::notices::api::answers::questions,
        crate::notices::api::answers::ask,
    ),
    tags(
        (name = "me", description = "One's own things"),
        (name = "notices", description = "What the community says"),
        (name = "services", description = "What can be done at the windows, and when"),
        (name = "appointments", description = "Booked places"),
        (name = "reports", description = "Problems on the street and in the house"),
        (name = "photos", description = "Photos of a report, before it is sent"),
        (name = "tasks", description = "Reports that one handles"),
        (name = "dispatch", description = "The dispatch desk: reports for those who work on them"),
        (name = "counter", description = "Halls, windows and the line, for their staff"),
        (name = "notice-desk", description = "Drafts, reviews, publishing and figures of notices; answers to questions"),
        (name = "statistics", description = "Figures"),
        (name = "settings", description = "Settings, to read"),
    )
)]
pub struct Api;

static DESCRIPTION: LazyLock<serde_json::Value> =
    LazyLock::new(|| manners::fill(serde_json::to_value(Api::openapi()).unwrap_or_default()));

/// The whole description.
pub fn document() -> &'static serde_json::Value {
    &DESCRIPTION
}

/// The description as JSON text, for files.
pub fn text() -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(document())?)
}

/// The route of the description.
pub fn routes() -> Routes {
    Routes::new().get("/api", Access::Public, page::page).get("/api/v1/openapi.json", Access::Public, description)
}

async fn description() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=600")], Json(document()))
}

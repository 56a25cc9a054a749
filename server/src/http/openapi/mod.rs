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
        crate::people::routes::api::own::devices,
        crate::people::routes::api::own::end_device,
        crate::people::routes::api::own::end_other_devices,
        crate::people::routes::api::own::email,
        crate::people::routes::api::own::set_email,
        crate::people::routes::api::own::forget_email,
        crate::places::routes::api::communities,
        crate::places::routes::api::jobs,
        crate::places::routes::api::audit,
        crate::people::routes::data::everything,
        crate::notices::following::api::export,
        crate::notices::following::api::set_choices,
        crate::notices::following::api::follow,
        crate::notices::following::api::unfollow,
        crate::notices::following::api::subscribe,
        crate::notices::following::api::unsubscribe,
        crate::notices::following::api::end_browser,
        crate::notices::api::answers::mine,
        crate::reports::api::lists::mine,
        crate::windows::routes::api::mine::blocks,
        crate::windows::routes::api::mine::appeal,
        crate::windows::routes::api::services,
        crate::windows::routes::live::live,
        crate::windows::routes::api::slots,
        crate::windows::routes::api::book,
        crate::windows::routes::api::appointment,
        crate::windows::routes::api::visits::find,
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
        crate::windows::routes::api::kiosk::draw_number,
        crate::windows::routes::api::kiosk::check_in,
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
        crate::windows::routes::api::desk::window_papers,
        crate::windows::routes::api::desk::number,
        crate::windows::routes::api::desk::papers,
        crate::windows::routes::api::missing::list,
        crate::windows::routes::api::desk::ratings,
        crate::windows::routes::api::desk::answer_rating,
        crate::windows::routes::api::desk::blocks,
        crate::windows::routes::api::desk::decide_block,
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
        crate::reports::api::staff::calls::file,
        crate::reports::api::staff::calls::alike,
        crate::reports::api::staff::calls::caller,
        crate::reports::api::staff::one::show,
        crate::reports::api::staff::one::alike,
        crate::reports::api::staff::steps::step,
        crate::reports::api::staff::steps::handlers,
        crate::reports::api::staff::steps::several,
        crate::reports::api::staff::ratings::list,
        crate::reports::api::staff::ratings::answer,
        crate::reports::api::staff::photos::release,
        crate::reports::api::staff::photos::redact,
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
        crate::notices::api::staff::one,
        crate::notices::api::staff::steps::create,
        crate::notices::api::staff::steps::save,
        crate::notices::api::staff::steps::discard,
        crate::notices::api::staff::steps::publish,
        crate::notices::api::staff::steps::unschedule,
        crate::notices::api::staff::steps::approve,
        crate::notices::api::staff::steps::give_back,
        crate::notices::api::staff::steps::call_back,
        crate::notices::api::staff::steps::correct,
        crate::notices::api::staff::steps::withdraw,
        crate::notices::api::staff::screens::addresses,
        crate::notices::api::staff::messages::deliveries,
        crate::notices::api::staff::messages::again,
        crate::notices::api::staff::files::all,
        crate::notices::api::staff::files::add_picture,
        crate::notices::api::staff::files::describe,
        crate::notices::api::staff::files::remove_picture,
        crate::notices::api::staff::files::add_file,
        crate::notices::api::staff::files::remove_file,
        crate::notices::api::staff::versions::list,
        crate::notices::api::staff::versions::one,
        crate::notices::api::staff::versions::restore,
        crate::notices::api::staff::sign_ups::list,
        crate::notices::api::staff::sign_ups::file,
        crate::notices::api::staff::sign_ups::tick,
        crate::notices::api::staff::questions::all_questions,
        crate::notices::api::staff::questions::question_step,
        crate::notices::api::staff::settings::all,
        crate::notices::api::staff::settings::set,
        crate::reports::statistics::api::reports,
        crate::reports::statistics::api::behind,
        crate::reports::statistics::api::csv,
        crate::reports::statistics::api::xlsx,
        crate::reports::api::settings::rules,
        crate::reports::api::settings::add_rule,
        crate::reports::api::settings::remove_rule,
        crate::reports::api::settings::raise_rule,
        crate::reports::api::settings::all_limits,
        crate::reports::api::settings::set_limit,
        crate::reports::api::settings::set_dispatch_limit,
        crate::reports::api::settings::learn,
        crate::reports::api::settings::answers::list,
        crate::reports::api::settings::answers::add,
        crate::reports::api::settings::answers::change,
        crate::reports::api::settings::answers::remove,
        crate::reports::api::settings::answers::raise,
        crate::reports::api::settings::hours::show,
        crate::reports::api::settings::hours::set,
        crate::windows::routes::api::settings::hall,
        crate::windows::routes::api::settings::set_hall,
        crate::windows::routes::api::settings::hall_versions,
        crate::windows::routes::api::settings::all_items,
        crate::windows::routes::api::settings::add_item,
        crate::windows::routes::api::settings::one_item,
        crate::windows::routes::api::settings::set_item,
        crate::windows::routes::api::settings::retire_item,
        crate::windows::routes::api::settings::item_versions,
        crate::windows::routes::api::settings::years,
        crate::windows::routes::api::settings::set_year,
        crate::windows::routes::api::settings::year_versions,
        crate::windows::routes::api::figures::halls,
        crate::windows::routes::api::figures::csv,
        crate::windows::routes::api::figures::xlsx,
        crate::notices::api::answers::sign_up,
        crate::notices::api::answers::leave,
        crate::notices::api::answers::questions,
        crate::notices::api::answers::ask,
        crate::notices::api::answers::take_back,
        crate::webhooks::api::list,
        crate::webhooks::api::make,
        crate::webhooks::api::one,
        crate::webhooks::api::change,
        crate::webhooks::api::remove,
        crate::webhooks::api::pause,
        crate::webhooks::api::rotate,
        crate::webhooks::api::test,
        crate::webhooks::api::deliveries,
        crate::webhooks::api::again,
        crate::imports::api::list,
        crate::imports::api::send,
        crate::imports::api::template,
        crate::imports::api::one,
        crate::imports::api::discard,
        crate::imports::api::refused,
        crate::imports::api::take,
        crate::exports::api::tables,
        crate::exports::api::file,
        crate::archive::api::list,
        crate::archive::api::ask,
        crate::archive::api::fetch,
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
        (name = "net", description = "The net: grids, levels, matters, supervision, bulletins, patrol"),
        (name = "governance", description = "Property companies, joint meetings, consultations, partners and volunteers"),
        (name = "settings", description = "Settings: a change says what it would hit before it is saved"),
        (name = "administration", description = "Webhooks, imports, exports, archives, jobs, the audit log"),
    )
)]
pub struct Api;

static DESCRIPTION: LazyLock<serde_json::Value> = LazyLock::new(|| {
    let mut whole = Api::openapi();
    for room in rooms() {
        whole.merge(room);
    }
    manners::fill(serde_json::to_value(whole).unwrap_or_default())
});

/// The rooms that describe their own operations.
fn rooms() -> [utoipa::openapi::OpenApi; 11] {
    [
        crate::grids::api::Doc::openapi(),
        crate::net::api::Doc::openapi(),
        crate::supervision::api::Doc::openapi(),
        crate::bulletins::api::Doc::openapi(),
        crate::matters::api::Doc::openapi(),
        crate::property::api::Doc::openapi(),
        crate::meetings::api::Doc::openapi(),
        crate::consultations::api::Doc::openapi(),
        crate::partners::api::Doc::openapi(),
        crate::handbook::api::Doc::openapi(),
        crate::patrol::api::Doc::openapi(),
    ]
}

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

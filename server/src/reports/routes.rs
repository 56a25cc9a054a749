//! Addresses of this room.

use super::{
    answers, api, bulk, call, collect, desk, hours, join, limits, list, own, place, public, ratings, routing, settings,
    staff, statistics, status, suggest, tasks,
};
use crate::{
    http::{Access, Routes},
    photos::redact,
};
use app::people::Action;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/report", Access::Public, public::show_form)
        .post("/report", Access::Public, public::send_form)
        .get("/report/nearby", Access::Public, join::nearby)
        .get("/reports", Access::Public, list::list)
        .get("/reports.atom", Access::Public, list::atom)
        .get("/api/v1/communities/{code}/plan.geojson", Access::Public, list::plan)
        .get("/api/v1/communities/{code}/place", Access::Public, place::place)
        .post("/reports/{code}/own", Access::Public, own::change)
        .post("/reports/{code}/join", Access::Public, join::join)
        .post("/reports/{code}/leave", Access::Public, join::leave)
        .get("/reports/{code}", Access::Public, status::show)
        .post("/reports/{code}", Access::Public, status::step)
        .get("/me/reports", Access::SignedIn, public::mine)
        .get("/staff/reports", Access::Needs(Action::ReportRead), desk::desk)
        .get("/staff/reports/new", Access::Needs(Action::ReportManage), call::show)
        .post("/staff/reports/new", Access::Needs(Action::ReportManage), call::send)
        .post("/staff/reports/new/alike", Access::Needs(Action::ReportManage), call::alike_piece)
        .post("/staff/reports/new/history", Access::Needs(Action::IntakeConfirm), call::history_piece)
        .post("/staff/reports/{code}/caller", Access::Needs(Action::ReportManage), call::caller)
        .get("/staff/reports/plan.geojson", Access::Needs(Action::ReportRead), desk::plan)
        .get("/staff/reports/version", Access::Needs(Action::ReportRead), desk::version)
        .post("/staff/reports/bulk", Access::Needs(Action::ReportManage), bulk::bulk)
        .get("/staff/reports/statistics", Access::Needs(Action::StatisticsRead), statistics::page)
        .get("/staff/reports/statistics/list", Access::Needs(Action::StatisticsRead), statistics::list)
        .get("/staff/reports/statistics.csv", Access::Needs(Action::StatisticsRead), statistics::csv)
        .get("/staff/reports/statistics.xlsx", Access::Needs(Action::StatisticsRead), statistics::xlsx)
        .get("/staff/reports/ratings", Access::Needs(Action::ReportManage), ratings::list)
        .post("/staff/reports/{code}/rating", Access::Needs(Action::ReportManage), ratings::answer)
        .get("/staff/reports/classifier", Access::Needs(Action::ReportRead), suggest::page)
        .post("/staff/reports/classifier", Access::Needs(Action::ReportSettings), suggest::learn)
        .get("/staff/reports/{code}", Access::Needs(Action::ReportRead), staff::show)
        .post("/staff/reports/{code}", Access::Needs(Action::ReportRead), staff::step)
        .post("/staff/reports/{code}/photos", Access::Needs(Action::ReportManage), staff::release)
        .get("/staff/reports/routing", Access::Needs(Action::ReportSettings), routing::show)
        .post("/staff/reports/routing", Access::Needs(Action::ReportSettings), routing::change)
        .get("/staff/reports/settings", Access::Needs(Action::ReportSettings), settings::show)
        .get("/staff/reports/answers", Access::Needs(Action::ReportSettings), answers::show)
        .post("/staff/reports/answers", Access::Needs(Action::ReportSettings), answers::change)
        .get("/staff/reports/hours", Access::Needs(Action::ReportSettings), hours::show)
        .post("/staff/reports/hours", Access::Needs(Action::ReportSettings), hours::change)
        .get("/staff/categories", Access::Needs(Action::CategoryManage), limits::show)
        .post("/staff/categories", Access::Needs(Action::CategoryManage), limits::change)
        .get("/staff/reports/{code}/photos/{id}", Access::Needs(Action::ReportManage), redact::show)
        .post("/staff/reports/{code}/photos/{id}", Access::Needs(Action::ReportManage), redact::redact)
        .get("/volunteer", Access::Needs(Action::ReportHandle), tasks::list)
        .get("/volunteer/collect", Access::Needs(Action::ReportCollect), collect::show)
        .post("/volunteer/collect", Access::Needs(Action::ReportCollect), collect::send)
        .post("/api/v1/reports/collect", Access::Needs(Action::ReportCollect), collect::collect)
        .get("/volunteer/reports/{code}", Access::Needs(Action::ReportHandle), tasks::show)
        .post("/volunteer/reports/{code}", Access::Needs(Action::ReportHandle), tasks::step)
        .get("/api/v1/categories", Access::Public, api::categories)
        .post("/api/v1/reports", Access::Public, api::file)
        .get("/api/v1/reports/suggest-category", Access::Public, suggest::suggest_category)
        .get("/api/v1/reports", Access::Public, api::lists::list)
        .get("/api/v1/reports/nearby", Access::Public, api::lists::nearby)
        .get("/api/v1/reports/{code}", Access::Public, api::status)
        .post("/api/v1/reports/{code}/steps", Access::Public, api::own::step)
        .post("/api/v1/reports/{code}/words", Access::Public, api::own::words)
        .delete("/api/v1/reports/{code}/words", Access::Public, api::own::remove_words)
        .delete("/api/v1/reports/{code}/photos/{id}", Access::Public, api::own::remove_photo)
        .post("/api/v1/reports/{code}/join", Access::Public, api::own::join)
        .delete("/api/v1/reports/{code}/join", Access::Public, api::own::leave)
        .get("/api/v1/me/reports", Access::SignedIn, api::lists::mine)
        .get("/api/v1/staff/statistics/reports", Access::Needs(Action::StatisticsRead), statistics::api::reports)
        .get("/api/v1/staff/statistics/reports/list", Access::Needs(Action::StatisticsRead), statistics::api::behind)
        .get("/api/v1/staff/statistics/reports.csv", Access::Needs(Action::StatisticsRead), statistics::api::csv)
        .get("/api/v1/staff/statistics/reports.xlsx", Access::Needs(Action::StatisticsRead), statistics::api::xlsx)
        .get("/api/v1/tasks", Access::Needs(Action::ReportHandle), api::tasks::list)
        .get("/api/v1/tasks/{code}", Access::Needs(Action::ReportHandle), api::tasks::show)
        .post("/api/v1/tasks/{code}/steps", Access::Needs(Action::ReportHandle), api::tasks::step)
        .merge(dispatch())
        .merge(set_up())
}

/// Settings through the API.
fn set_up() -> Routes {
    use api::settings::{
        add_rule, all_limits, answers, hours, learn, raise_rule, remove_rule, rules, set_dispatch_limit, set_limit,
    };
    let settings = Access::Needs(Action::ReportSettings);
    let categories = Access::Needs(Action::CategoryManage);
    Routes::new()
        .get("/api/v1/staff/settings/routing", settings, rules)
        .post("/api/v1/staff/settings/routing", settings, add_rule)
        .delete("/api/v1/staff/settings/routing/{id}", settings, remove_rule)
        .post("/api/v1/staff/settings/routing/{id}/up", settings, raise_rule)
        .get("/api/v1/staff/settings/answers", settings, answers::list)
        .post("/api/v1/staff/settings/answers", settings, answers::add)
        .post("/api/v1/staff/settings/answers/{id}", settings, answers::change)
        .delete("/api/v1/staff/settings/answers/{id}", settings, answers::remove)
        .post("/api/v1/staff/settings/answers/{id}/up", settings, answers::raise)
        .get("/api/v1/staff/settings/hours", settings, hours::show)
        .post("/api/v1/staff/settings/hours", settings, hours::set)
        .post("/api/v1/staff/settings/classifier/learn", settings, learn)
        .get("/api/v1/staff/settings/categories", categories, all_limits)
        .post("/api/v1/staff/settings/categories/{category}", categories, set_limit)
        .post("/api/v1/staff/settings/majors/{major}", categories, set_dispatch_limit)
}

/// The dispatch desk through the API.
fn dispatch() -> Routes {
    use api::staff::{calls, counts, list, one, photos, ratings, steps};
    let read = Access::Needs(Action::ReportRead);
    let manage = Access::Needs(Action::ReportManage);
    Routes::new()
        .get("/api/v1/staff/reports", read, list)
        .post("/api/v1/staff/reports", manage, calls::file)
        .get("/api/v1/staff/reports/counts", read, counts)
        .get("/api/v1/staff/reports/alike", manage, calls::alike)
        .post("/api/v1/staff/reports/bulk", manage, steps::several)
        .get("/api/v1/staff/reports/ratings", manage, ratings::list)
        .get("/api/v1/staff/reports/{code}", read, one::show)
        .get("/api/v1/staff/reports/{code}/alike", read, one::alike)
        .post("/api/v1/staff/reports/{code}/steps", read, steps::step)
        .get("/api/v1/staff/reports/{code}/handlers", read, steps::handlers)
        .post("/api/v1/staff/reports/{code}/rating", manage, ratings::answer)
        .post("/api/v1/staff/reports/{code}/caller", manage, calls::caller)
        .post("/api/v1/staff/reports/{code}/photos/{id}", manage, photos::release)
        .post("/api/v1/staff/reports/{code}/photos/{id}/redaction", manage, photos::redact)
}

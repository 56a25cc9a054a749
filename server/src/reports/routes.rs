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
        .get("/staff/reports/new/alike", Access::Needs(Action::ReportManage), call::alike_piece)
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
        .get("/api/v1/reports/{code}", Access::Public, api::status)
}

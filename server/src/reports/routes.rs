//! Addresses of this room.

use super::{api, bulk, desk, limits, public, routing, staff, statistics, suggest, tasks};
use crate::http::{Access, Routes};
use app::people::Action;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/report", Access::Public, public::show_form)
        .post("/report", Access::Public, public::send_form)
        .get("/reports", Access::Public, public::to_mine)
        .get("/reports/{code}", Access::Public, public::show_status)
        .post("/reports/{code}", Access::Public, public::withdraw)
        .get("/me/reports", Access::SignedIn, public::mine)
        .get("/staff/reports", Access::Needs(Action::ReportRead), desk::desk)
        .get("/staff/reports/version", Access::Needs(Action::ReportRead), desk::version)
        .post("/staff/reports/bulk", Access::Needs(Action::ReportManage), bulk::bulk)
        .get("/staff/reports/statistics", Access::Needs(Action::StatisticsRead), statistics::page)
        .get("/staff/reports/statistics/list", Access::Needs(Action::StatisticsRead), statistics::list)
        .get("/staff/reports/statistics.csv", Access::Needs(Action::StatisticsRead), statistics::csv)
        .get("/staff/reports/statistics.xlsx", Access::Needs(Action::StatisticsRead), statistics::xlsx)
        .get("/staff/reports/classifier", Access::Needs(Action::ReportRead), suggest::page)
        .get("/staff/reports/{code}", Access::Needs(Action::ReportRead), staff::show)
        .post("/staff/reports/{code}", Access::Needs(Action::ReportRead), staff::step)
        .post("/staff/reports/{code}/photos", Access::Needs(Action::ReportManage), staff::release)
        .get("/staff/reports/routing", Access::Needs(Action::ReportSettings), routing::show)
        .post("/staff/reports/routing", Access::Needs(Action::ReportSettings), routing::change)
        .get("/staff/categories", Access::Needs(Action::CategoryManage), limits::show)
        .post("/staff/categories", Access::Needs(Action::CategoryManage), limits::change)
        .get("/volunteer", Access::Needs(Action::ReportHandle), tasks::list)
        .get("/volunteer/reports/{code}", Access::Needs(Action::ReportHandle), tasks::show)
        .post("/volunteer/reports/{code}", Access::Needs(Action::ReportHandle), tasks::step)
        .get("/api/v1/categories", Access::Public, api::categories)
        .post("/api/v1/reports", Access::Public, api::file)
        .get("/api/v1/reports/suggest-category", Access::Public, suggest::suggest_category)
        .get("/api/v1/reports/{code}", Access::Public, api::status)
}

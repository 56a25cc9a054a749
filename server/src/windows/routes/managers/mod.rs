//! Addresses of managers.

mod proposal;
mod settings;
mod statistics;

use crate::http::{Access, Ctx, Routes};
use app::people::Action;

/// What belongs to all halls: address, title, note, icon.
type Links = Vec<(&'static str, String, String, &'static str)>;

fn links(ctx: &Ctx) -> Links {
    let w = ctx.w;
    vec![("/staff/statistics", w.t("stat-title"), w.t("stat-note"), "list")]
}

/// The routes of managers.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::HallManage);
    Routes::new()
        .get("/staff/halls", manage, settings::list)
        .get("/staff/halls/{hall}", manage, settings::edit)
        .post("/staff/halls/{hall}", manage, settings::submit)
        .get("/staff/halls/{hall}/history", manage, settings::history)
        .get("/staff/statistics", Access::Needs(Action::StatisticsRead), statistics::page)
        .get("/staff/statistics/download", Access::Needs(Action::StatisticsRead), statistics::download)
        .get("/appointments/{code}/proposal", Access::SignedIn, proposal::page)
        .post("/appointments/{code}/proposal", Access::SignedIn, proposal::answer)
}

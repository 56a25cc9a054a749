//! Addresses of managers.

mod appeals;
pub(super) mod calendar;
mod items;
mod proposal;
pub(super) mod settings;
pub(super) mod statistics;
mod today;

use crate::http::{Access, Ctx, Routes};
use app::people::Action;

/// What belongs to all halls: address, title, note, icon.
type Links = Vec<(&'static str, String, String, &'static str)>;

fn links(ctx: &Ctx) -> Links {
    let w = ctx.w;
    vec![
        ("/staff/blocks", w.t("appeal-title"), w.t("appeal-note"), "info"),
        ("/staff/items", w.t("item-list-title"), w.t("item-list-note"), "service"),
        ("/staff/calendar", w.t("calendar-title"), w.t("calendar-note"), "calendar"),
        ("/staff/statistics", w.t("stat-title"), w.t("stat-note"), "list"),
    ]
}

/// Where a page of managers leads back to: the halls, or the first page of staff for those who manage none.
fn home(ctx: &Ctx) -> &'static str {
    let manages = ctx.actor.as_ref().is_some_and(|actor| actor.require_somewhere(Action::HallManage).is_ok());
    if manages { "/staff/halls" } else { "/staff" }
}

/// The routes of managers.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::HallManage);
    let (see_items, edit_items) = (Access::Needs(Action::ItemRead), Access::Needs(Action::ItemManage));
    Routes::new()
        .get("/staff/halls", manage, settings::list)
        .get("/staff/halls/{hall}", manage, settings::edit)
        .post("/staff/halls/{hall}", manage, settings::submit)
        .get("/staff/halls/{hall}/today", Access::Needs(Action::StatisticsRead), today::page)
        .get("/staff/halls/{hall}/history", manage, settings::history)
        .get("/staff/items", see_items, items::list)
        .get("/staff/items/new", edit_items, items::new)
        .post("/staff/items/new", edit_items, items::create)
        .get("/staff/items/{item}", see_items, items::look)
        .get("/staff/items/{item}/edit", edit_items, items::edit)
        .post("/staff/items/{item}/edit", edit_items, items::submit)
        .post("/staff/items/{item}/retire", edit_items, items::retire)
        .get("/staff/items/{item}/history", see_items, items::history)
        .get("/staff/blocks", manage, appeals::list)
        .post("/staff/blocks/{id}", manage, appeals::decide)
        .get("/staff/calendar", see_items, calendar::show)
        .post("/staff/calendar", edit_items, calendar::submit)
        .get("/staff/calendar/{year}/history", see_items, calendar::history)
        .get("/staff/statistics", Access::Needs(Action::StatisticsRead), statistics::page)
        .get("/staff/statistics/download", Access::Needs(Action::StatisticsRead), statistics::download)
        .get("/appointments/{code}/proposal", Access::SignedIn, proposal::page)
        .post("/appointments/{code}/proposal", Access::SignedIn, proposal::answer)
}

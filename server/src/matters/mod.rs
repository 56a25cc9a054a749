//! Matters that move up, down and to upper platforms (三个对接). Between levels they are rows that both sides see; to and from
//! platforms they travel as signed messages, or as service requests of Open311 ([`outside`]).

pub mod api;
pub mod outside;
mod report;
mod routes;
pub mod service;
pub mod store;
mod view;

pub use report::part as report_part;

use crate::http::{Access, Routes};
use app::people::Action;

/// The routes of this room.
pub fn routes() -> Routes {
    let (read, handle) = (Access::Needs(Action::MatterRead), Access::Needs(Action::MatterHandle));
    let manage = Access::Needs(Action::WebhookManage);
    Routes::new()
        .get("/staff/matters", read, routes::list::list)
        .post("/staff/matters", handle, routes::send::send)
        .get("/staff/matters/new", handle, routes::send::form)
        .get("/staff/matters/{id}", read, routes::one::show)
        .post("/staff/matters/{id}", handle, routes::one::step)
        .get("/staff/matters/platforms", manage, routes::platforms::list)
        .post("/staff/matters/platforms", manage, routes::platforms::make)
        .get("/staff/matters/platforms/{id}", manage, routes::platforms::one)
        .post("/staff/matters/platforms/{id}", manage, routes::platforms::change)
        .post("/staff/matters/platforms/{id}/pause", manage, routes::platforms::pause)
        .post("/staff/matters/platforms/{id}/rotate", manage, routes::platforms::rotate)
        .post("/staff/matters/platforms/{id}/remove", manage, routes::platforms::remove)
        .post("/staff/matters/platforms/{id}/again", manage, routes::platforms::again)
        .merge(api::routes())
}

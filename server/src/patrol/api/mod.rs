//! The JSON API of this room.

mod findings;
mod plans;

use crate::http::{Access, Routes};
use app::people::Action;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    plans::list,
    plans::make,
    plans::one,
    plans::change,
    plans::end,
    plans::today,
    plans::look,
    plans::done,
    findings::send,
    findings::sent,
    findings::list,
    findings::one,
    findings::confirm,
    findings::join,
    findings::refuse,
    findings::history,
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::NetRead);
    let (plan, walk, look) =
        (Access::Needs(Action::PatrolPlan), Access::Needs(Action::ReportCollect), Access::Needs(Action::IntakeConfirm));
    Routes::new()
        .get("/api/v1/staff/patrols", read, plans::list)
        .post("/api/v1/staff/patrols", plan, plans::make)
        .get("/api/v1/staff/patrols/{id}", read, plans::one)
        .post("/api/v1/staff/patrols/{id}", plan, plans::change)
        .post("/api/v1/staff/patrols/{id}/end", plan, plans::end)
        .get("/api/v1/patrols", walk, plans::today)
        .post("/api/v1/patrols/{id}/look", walk, plans::look)
        .post("/api/v1/patrols/{id}/done", walk, plans::done)
        .post("/api/v1/intake", Access::SignedIn, findings::send)
        .get("/api/v1/intake/{id}", Access::SignedIn, findings::sent)
        .get("/api/v1/staff/intake", look, findings::list)
        .get("/api/v1/staff/intake/{id}", look, findings::one)
        .post("/api/v1/staff/intake/{id}/confirm", look, findings::confirm)
        .post("/api/v1/staff/intake/{id}/join", look, findings::join)
        .post("/api/v1/staff/intake/{id}/refuse", look, findings::refuse)
        .post("/api/v1/staff/calls/history", look, findings::history)
}

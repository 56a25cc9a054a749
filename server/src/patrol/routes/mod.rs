//! The pages of this room.

mod calls;
mod findings;
mod plans;
mod walks;

use crate::http::{Access, Routes};
use app::people::Action;

/// The routes.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::NetRead);
    let (plan, walk, look) =
        (Access::Needs(Action::PatrolPlan), Access::Needs(Action::ReportCollect), Access::Needs(Action::IntakeConfirm));
    Routes::new()
        .get("/staff/patrols", read, plans::list)
        .get("/staff/patrols/new", plan, plans::new)
        .post("/staff/patrols/new", plan, plans::make)
        .get("/staff/patrols/{id}", read, plans::one)
        .post("/staff/patrols/{id}", plan, plans::change)
        .post("/staff/patrols/{id}/end", plan, plans::end)
        .get("/patrols", walk, walks::today)
        .get("/patrols/{id}", walk, walks::walk_of)
        .post("/patrols/{id}/look", walk, walks::look_at)
        .post("/patrols/{id}/done", walk, walks::done)
        .get("/staff/intake", look, findings::findings)
        .get("/staff/intake/{id}", look, findings::finding)
        .post("/staff/intake/{id}/confirm", look, findings::confirm)
        .post("/staff/intake/{id}/join", look, findings::join)
        .post("/staff/intake/{id}/refuse", look, findings::refuse)
        .get("/staff/calls", look, calls::desk)
        .post("/staff/calls", look, calls::history)
}

//! Pages and forms of consultations.

mod public;
mod staff;
mod writing;

use super::api;
use crate::http::{Access, Routes};
use app::people::Action;

/// The routes of this room.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::ConsultationManage);
    Routes::new()
        .get("/consultations", Access::Public, public::list)
        .get("/consultations/{id}", Access::Public, public::one)
        .post("/consultations/{id}", Access::SignedIn, public::speak)
        .get("/staff/consultations", manage, staff::list)
        .post("/staff/consultations", manage, writing::create)
        .get("/staff/consultations/new", manage, writing::new)
        .get("/staff/consultations/{id}", manage, staff::one)
        .get("/staff/consultations/{id}/edit", manage, writing::edit)
        .post("/staff/consultations/{id}/edit", manage, writing::save)
        .post("/staff/consultations/{id}/step", manage, staff::step)
        .post("/staff/consultations/{id}/paper", manage, staff::paper)
        .post("/staff/consultations/{id}/notice", manage, staff::notice)
        .get("/staff/consultations/{id}/pairs", manage, staff::pairs)
        .post("/staff/consultations/{id}/pairs", manage, staff::decide)
        .merge(api::routes())
}

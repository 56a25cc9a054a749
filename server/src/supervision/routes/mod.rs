//! `/staff/supervision`.

mod form;
mod one;
mod printed;
mod register;

use super::api;
use crate::http::{Access, Routes};
use app::people::Action;

/// The routes of this room.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::SupervisionRead);
    let order = Access::Needs(Action::SupervisionOrder);
    Routes::new()
        .get("/staff/supervision", read, register::list)
        .post("/staff/supervision", order, form::make)
        .get("/staff/supervision/new", order, form::new)
        .get("/staff/supervision/statistics", read, register::statistics)
        .get("/staff/supervision/{id}", read, one::show)
        .get("/staff/supervision/{id}/edit", order, form::edit)
        .post("/staff/supervision/{id}/edit", order, form::change)
        .post("/staff/supervision/{id}/photos", order, one::add_photos)
        .post("/staff/supervision/{id}/photos/remove", order, one::remove_photo)
        .post("/staff/supervision/{id}/steps", read, one::step)
        .get("/staff/supervision/{id}/letter", read, printed::show)
        .merge(api::routes())
}

/// The page of a letter.
fn address(id: &str) -> String {
    format!("/staff/supervision/{id}")
}

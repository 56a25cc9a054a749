//! The JSON API of this room.

mod lists;
mod one;

use crate::http::{Access, Routes};
use app::people::Action;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    lists::list,
    lists::statistics,
    one::make,
    one::show,
    one::change,
    one::photos,
    one::remove_photo,
    one::step
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::SupervisionRead);
    let order = Access::Needs(Action::SupervisionOrder);
    Routes::new()
        .get("/api/v1/staff/supervision", read, lists::list)
        .post("/api/v1/staff/supervision", order, one::make)
        .get("/api/v1/staff/supervision/statistics", read, lists::statistics)
        .get("/api/v1/staff/supervision/{id}", read, one::show)
        .post("/api/v1/staff/supervision/{id}", order, one::change)
        .post("/api/v1/staff/supervision/{id}/photos", order, one::photos)
        .delete("/api/v1/staff/supervision/{id}/photos/{photo}", order, one::remove_photo)
        .post("/api/v1/staff/supervision/{id}/steps", read, one::step)
}

//! The JSON API of this room.

pub(crate) mod incoming;
pub(crate) mod platforms;
pub(crate) mod staff;

use crate::http::{Access, Routes};
use app::people::Action;
use utoipa::OpenApi;

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    staff::list,
    staff::send,
    staff::one,
    staff::step,
    platforms::list,
    platforms::make,
    platforms::one,
    platforms::change,
    platforms::remove,
    platforms::pause,
    platforms::rotate,
    platforms::messages,
    platforms::again,
    incoming::receive,
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let (read, handle) = (Access::Needs(Action::MatterRead), Access::Needs(Action::MatterHandle));
    let manage = Access::Needs(Action::WebhookManage);
    Routes::new()
        .get("/api/v1/staff/matters", read, staff::list)
        .post("/api/v1/staff/matters", handle, staff::send)
        .get("/api/v1/staff/matters/{id}", read, staff::one)
        .post("/api/v1/staff/matters/{id}/steps", handle, staff::step)
        .get("/api/v1/staff/matters/platforms", manage, platforms::list)
        .post("/api/v1/staff/matters/platforms", manage, platforms::make)
        .get("/api/v1/staff/matters/platforms/{id}", manage, platforms::one)
        .post("/api/v1/staff/matters/platforms/{id}", manage, platforms::change)
        .delete("/api/v1/staff/matters/platforms/{id}", manage, platforms::remove)
        .post("/api/v1/staff/matters/platforms/{id}/pause", manage, platforms::pause)
        .post("/api/v1/staff/matters/platforms/{id}/rotate", manage, platforms::rotate)
        .get("/api/v1/staff/matters/platforms/{id}/messages", manage, platforms::messages)
        .post("/api/v1/staff/matters/platforms/{id}/messages/{message}/again", manage, platforms::again)
        .post("/api/v1/matters/platform/{id}/events", Access::Public, incoming::receive)
}

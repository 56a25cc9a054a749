//! Supervision: orders (督办) and rectification notices (整改通知).

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

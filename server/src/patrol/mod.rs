//! Patrol plans, intake from vehicles and cameras, and the hotline desk.

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

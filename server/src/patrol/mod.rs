//! Patrol plans, intake from vehicles and cameras, and the hotline desk.

pub mod api;
pub mod calls;
pub mod found;
pub mod intake;
pub mod plans;
mod routes;
pub mod store;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    routes::routes().merge(api::routes())
}

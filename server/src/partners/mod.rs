//! Partners and volunteers: agreements, teams, activities, service hours.

pub mod api;
pub mod dispatch;
pub mod pdf;
pub mod routes;
pub mod service;
pub mod store;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    routes::routes().merge(api::routes())
}

//! Partners and volunteers: agreements, teams, activities, service hours.

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

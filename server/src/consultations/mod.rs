//! Consultations: a question to all residents of a place.

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

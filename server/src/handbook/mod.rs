//! The community worker's handbook: what to do when.

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

//! Grids: outlines, key contacts, who is responsible when, and changes of the net with their dates.

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

//! Grids: outlines, key contacts, who is responsible when, and changes of the net with their dates.
//!
//! What a change moves and what it leaves is written down in [`store::paths`]; who is on duty, what an outline is and how a change is
//! judged are rules of `app::grids`.

pub mod api;
mod routes;
pub mod service;
pub mod store;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(routes::routes()).merge(api::routes())
}

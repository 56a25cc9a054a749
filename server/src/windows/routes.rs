//! Addresses of this room.

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new()
}

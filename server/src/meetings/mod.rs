//! Joint meetings (联席会议): members, proposals, ballots, minutes, resolutions.

pub mod api;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new().merge(api::routes())
}

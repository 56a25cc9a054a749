//! Joint meetings (联席会议): members, proposals, ballots, minutes, resolutions. Staff run them at `/staff/meetings`, members and
//! residents take part at `/meetings`. Who voted what in a secret ballot is nowhere: `store/secret.rs` says how, docs/security.md
//! ("Secret ballots") against whom.

pub mod api;
pub mod routes;
pub mod service;
pub mod store;

use crate::http::Routes;

/// The routes of this room.
pub fn routes() -> Routes {
    routes::routes().merge(api::routes())
}

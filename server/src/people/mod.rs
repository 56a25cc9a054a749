//! People: the door, sessions, second factor, my things, the inbox.

pub mod inbox;
pub mod routes;
pub mod service;
pub mod store;

//! The community worker's handbook: what to do when.

pub mod api;
mod routes;
pub mod service;
pub mod store;

pub use routes::routes;

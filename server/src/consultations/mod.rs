//! Consultations: a question to all residents of a place.

pub mod api;
pub(crate) mod exports;
mod routes;
pub mod service;
pub mod store;
mod view;

pub use routes::routes;

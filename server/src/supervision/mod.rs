//! Supervision: orders (督办) and rectification notices (整改通知).

pub mod api;
pub mod routes;
pub mod service;
pub mod store;

pub use routes::routes;

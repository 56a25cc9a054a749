//! Window services: guide, free times, appointments, check-in.

pub(crate) mod qr;
pub mod routes;
pub mod service;
pub mod store;

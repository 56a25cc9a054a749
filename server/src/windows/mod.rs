//! windows

pub mod routes;
pub mod service;

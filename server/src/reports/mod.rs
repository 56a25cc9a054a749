//! reports

pub mod routes;
pub mod service;

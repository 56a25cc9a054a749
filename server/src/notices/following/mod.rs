//! Following: what somebody wants to hear of beyond where they live, and on which ways.

pub mod api;
pub mod push;
pub mod routes;
pub mod service;
pub mod store;

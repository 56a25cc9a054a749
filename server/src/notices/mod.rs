//! Notices: what matters, to whom it matters, and it arrives.

pub mod api;
pub mod cap;
mod deliver;
mod feed;
mod markdown;
mod reading;
pub mod routes;
pub mod service;
mod staff;
pub mod store;
mod view;
pub mod writing;

//! Notices: what matters, to whom it matters, and it arrives.

pub mod api;
mod deliver;
pub mod feed;
mod markdown;
mod reading;
pub mod routes;
pub mod service;
mod staff;
pub mod store;
mod view;
pub mod writing;

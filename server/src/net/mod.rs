//! The net: what an organisation's level sees of its subtree now.
//!
//! `service` puts together what is open (the desk's own conditions), the month's figures (`reports::statistics`), what is unusual
//! (`app::net::unusual` over the counts per day) and what waits for the reader, with a fixed number of queries whatever the
//! number of parts. `waiting` asks other rooms for their counts.

pub mod api;
mod past;
mod routes;
pub mod service;
pub(crate) mod store;
mod waiting;

pub use routes::routes;

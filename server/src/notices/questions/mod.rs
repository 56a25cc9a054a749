//! Questions under notices: asked by residents, shown when staff have answered or released them.

pub mod routes;
pub mod service;
pub mod store;

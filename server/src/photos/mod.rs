//! Photos: taken in under hard limits, turned upright, stripped of all metadata, kept in an object store, served by us.

pub mod blobs;
pub mod intake;
pub mod orphans;
pub mod redact;
pub mod routes;
pub mod service;
pub mod spool;
pub mod store;

pub use blobs::Blobs;
pub use pictures::Refused;
pub use spool::Spooled;

//! Patrol plans, intake from vehicles and cameras, and the hotline desk.

#[cfg(feature = "ssr")]
pub mod pages;

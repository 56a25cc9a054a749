//! Patrol plans, intake from vehicles and cameras, and the hotline desk.

#[cfg(feature = "ssr")]
pub mod intake;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod plan;

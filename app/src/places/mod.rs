//! places
#[cfg(feature = "ssr")]
pub mod pages;

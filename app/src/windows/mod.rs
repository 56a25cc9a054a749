//! windows
#[cfg(feature = "ssr")]
pub mod pages;

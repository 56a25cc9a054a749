//! reports
#[cfg(feature = "ssr")]
pub mod pages;

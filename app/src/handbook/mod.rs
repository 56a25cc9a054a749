//! The community worker's handbook: what to do when.

#[cfg(feature = "ssr")]
pub mod pages;

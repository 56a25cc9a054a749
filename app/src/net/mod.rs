//! The net: what an organisation's level sees of its subtree now.

#[cfg(feature = "ssr")]
pub mod pages;

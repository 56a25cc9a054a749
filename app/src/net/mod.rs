//! The net: what an organisation's level sees of its subtree now.

#[cfg(feature = "ssr")]
pub mod figure;
#[cfg(feature = "ssr")]
pub mod map;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod unusual;

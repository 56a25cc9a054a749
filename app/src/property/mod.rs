//! Property companies: estates, contracts, assessment, credit and appeals.

#[cfg(feature = "ssr")]
pub mod pages;

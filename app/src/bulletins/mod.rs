//! Periodic bulletins: weekly and monthly, written from the data.

#[cfg(feature = "ssr")]
pub mod pages;

//! What both sides of Linli share: the words (types, rules, limits, parsing), the views (pages) and the islands.
//!
//! Nothing here does input or output, reads a clock or knows axum and sqlx. Pages (`pages.rs`) are pure functions
//! of their props and exist only with the `ssr` feature; islands (`islands.rs`) are compiled for both sides.

#[cfg(feature = "ssr")]
pub mod exports;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod imports;
pub mod notices;
pub mod people;
pub mod places;
pub mod reports;
pub mod ui;
pub mod windows;

#[cfg(feature = "ssr")]
pub mod time;

//! What both sides of Linli share: the words (types, rules, limits, parsing), the views (pages) and the islands.
//!
//! Nothing here does input or output, reads a clock or knows axum and sqlx. Pages (`pages.rs`) are pure functions
//! of their props and exist only with the `ssr` feature; islands (`islands.rs`) are compiled for both sides.

#[cfg(feature = "ssr")]
pub mod bulletins;
#[cfg(feature = "ssr")]
pub mod consultations;
#[cfg(feature = "ssr")]
pub mod exports;
#[cfg(feature = "ssr")]
pub mod files;
#[cfg(feature = "ssr")]
pub mod grids;
#[cfg(feature = "ssr")]
pub mod handbook;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod imports;
#[cfg(feature = "ssr")]
pub mod matters;
#[cfg(feature = "ssr")]
pub mod meetings;
#[cfg(feature = "ssr")]
pub mod net;
pub mod notices;
#[cfg(feature = "ssr")]
pub mod partners;
#[cfg(feature = "ssr")]
pub mod patrol;
pub mod people;
pub mod places;
#[cfg(feature = "ssr")]
pub mod property;
pub mod reports;
#[cfg(feature = "ssr")]
pub mod supervision;
pub mod ui;
pub mod windows;

#[cfg(feature = "ssr")]
pub mod time;

//! What both sides of Linli share: the words (types, rules, limits, parsing), the views (pages) and the islands.
//!
//! Nothing here does input or output, reads a clock or knows axum and sqlx. Pages (`pages.rs`) are pure functions
//! of their props and exist only with the `ssr` feature; islands (`islands.rs`) are compiled for both sides.

pub mod bulletins;
pub mod consultations;
#[cfg(feature = "ssr")]
pub mod exports;
pub mod grids;
pub mod handbook;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod imports;
pub mod matters;
pub mod meetings;
pub mod net;
pub mod notices;
pub mod partners;
pub mod patrol;
pub mod people;
pub mod places;
pub mod property;
pub mod reports;
pub mod supervision;
pub mod ui;
pub mod windows;

#[cfg(feature = "ssr")]
pub mod time;

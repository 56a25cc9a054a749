//! Consultations: a question to all residents of a place.

#[cfg(feature = "ssr")]
pub mod pages;

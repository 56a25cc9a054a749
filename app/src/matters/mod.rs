//! Matters that move up, down and to upper platforms (三个对接).

pub mod clock;
pub mod kind;
pub mod life;
pub mod outside;

#[cfg(feature = "ssr")]
pub mod pages;

/// Longest title, in characters.
pub const TITLE: usize = 80;
/// Longest text of a matter, in characters.
pub const TEXT: usize = 4000;
/// Longest reason, note or answer, in characters.
pub const REASON: usize = 2000;
/// Longest reference that a platform gives, in characters.
pub const REFERENCE: usize = 80;
/// Most working days for handling.
pub const DAYS: i64 = 60;
/// Most working hours for acceptance.
pub const HOURS: i64 = 80;
/// Most working days that one extension adds.
pub const MORE_DAYS: i64 = 30;
/// Working days for handling where nothing else is said: this deployment's own default, no standard's.
pub const DAYS_USUAL: i64 = 5;
/// Working hours for acceptance where nothing else is said: this deployment's own default, no standard's.
pub const HOURS_USUAL: i64 = 8;

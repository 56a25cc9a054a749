//! Grids: outlines, key contacts, who is responsible when, and changes of the net with their dates.

#[cfg(feature = "ssr")]
pub mod change;
#[cfg(feature = "ssr")]
pub mod draw;
#[cfg(feature = "ssr")]
pub mod duty;
#[cfg(feature = "ssr")]
pub mod outline;
#[cfg(feature = "ssr")]
pub mod pages;

/// Longest name of a grid or a key contact, in characters.
pub const MOST_NAME: usize = 40;
/// Longest reason of a change, in characters.
pub const MOST_REASON: usize = 300;
/// Longest word for a flat, in characters.
pub const MOST_FLAT: usize = 20;

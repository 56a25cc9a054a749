//! Property companies: estates, contracts, assessment, credit and appeals.

#[cfg(feature = "ssr")]
pub mod assess;
#[cfg(feature = "ssr")]
pub mod credit;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod period;
#[cfg(feature = "ssr")]
pub mod rules;

/// Longest name, in characters.
pub const NAME_MAX: usize = 60;
/// Longest one-line title, in characters.
pub const TITLE_MAX: usize = 80;
/// Longest text of an entry, answer, appeal or decision, in characters.
pub const TEXT_MAX: usize = 1000;
/// Most points that one entry gives or takes.
pub const POINTS_MAX: i64 = 100;
/// Photos of one entry or inspection at most.
pub const PHOTOS_MAX: usize = 9;
/// Findings of one inspection at most.
pub const FINDINGS_MAX: usize = 20;

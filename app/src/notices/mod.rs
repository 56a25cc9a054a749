//! Notices: what matters, to whom it matters.

mod audience;
mod kind;
pub mod limits;
mod state;

pub use audience::{Looking, concerns};
pub use kind::{Certainty, NoticeKind, Severity};
pub use state::NoticeState;

#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(feature = "ssr")]
mod row;
#[cfg(feature = "ssr")]
pub use row::NoticeRow;

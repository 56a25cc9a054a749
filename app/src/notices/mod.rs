//! Notices: what matters, to whom it matters.

mod audience;
pub mod islands;
mod kind;
pub mod limits;
mod state;

pub use audience::{Looking, concerns};
pub use kind::{Certainty, NoticeKind, Severity};
pub use state::NoticeState;

/// Preview of Markdown: what the editor sends to `POST /api/v1/notices/preview`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PreviewRequest {
    /// The text as typed.
    pub markdown: String,
}

/// Preview of Markdown: what comes back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PreviewAnswer {
    /// Sanitised HTML.
    pub html: String,
}

#[cfg(feature = "ssr")]
mod content;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod row;

#[cfg(feature = "ssr")]
pub use content::{Content, Missing, NoticeFact};
#[cfg(feature = "ssr")]
pub use form::NoticeForm;
#[cfg(feature = "ssr")]
pub use row::NoticeRow;

//! Notices: what matters, to whom it matters.

mod audience;
mod kind;
pub mod limits;
mod state;

pub use audience::{Looking, concerns};
pub use kind::{Certainty, NoticeKind, Severity};
pub use state::NoticeState;

#[cfg(feature = "ssr")]
pub mod activity;
#[cfg(feature = "ssr")]
mod content;
#[cfg(feature = "ssr")]
pub mod diff;
#[cfg(feature = "ssr")]
pub mod following;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod question;
#[cfg(feature = "ssr")]
mod row;
#[cfg(feature = "ssr")]
mod template;
#[cfg(feature = "ssr")]
mod when;

#[cfg(feature = "ssr")]
pub use activity::{ActivityPlan, SignUpState, Standing};
#[cfg(feature = "ssr")]
pub use content::{BLANKS, Content, Missing, NoticeFact, missing_of_activity};
#[cfg(feature = "ssr")]
pub use form::NoticeForm;
#[cfg(feature = "ssr")]
pub use question::{QuestionState, QuestionStep};
#[cfg(feature = "ssr")]
pub use row::NoticeRow;
#[cfg(feature = "ssr")]
pub use template::{Writer, template};
#[cfg(feature = "ssr")]
pub use when::facts_of_kind;

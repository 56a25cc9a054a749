//! Consultations: a question to all residents of a place.

#[cfg(feature = "ssr")]
pub mod count;
#[cfg(feature = "ssr")]
pub mod flat;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod life;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod voice;

#[cfg(feature = "ssr")]
pub use form::{ConsultationForm, Wording};
#[cfg(feature = "ssr")]
pub use life::{State, Step};
#[cfg(feature = "ssr")]
pub use voice::{AnswerKind, Per};

/// Characters of the question.
pub const QUESTION_CHARS: usize = 120;
/// Characters of the explanation.
pub const EXPLANATION_CHARS: usize = 10_000;
/// Characters of an option.
pub const OPTION_CHARS: usize = 80;
/// Options of one question.
pub const OPTIONS: usize = 12;
/// Characters of what a resident writes.
pub const COMMENT_CHARS: usize = 500;
/// Characters of a summary, a decision, and of why it was decided so.
pub const DECISION_CHARS: usize = 3_000;
/// Characters of why it was withdrawn, or of why two voices are one.
pub const REASON_CHARS: usize = 500;
/// Characters of the number on a sheet of paper.
pub const SHEET_CHARS: usize = 20;
/// Longest time for answers, in days.
pub const LONGEST_DAYS: i64 = 180;

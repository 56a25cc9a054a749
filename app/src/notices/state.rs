//! Where a notice is in its life.

use serde::{Deserialize, Serialize};

/// The state of a notice. "Expired" is not one: it follows from the notice's end and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// Being written; seen by staff only.
    Draft,
    /// Written; waits for a second person to approve it. Not edited meanwhile: what was looked at is what goes out.
    Review,
    /// Written; goes out by itself at its time.
    Scheduled,
    /// Out. Never edited again: a change is a new notice that refers to it.
    Published,
    /// Out, and taken back by a later notice that says why.
    Withdrawn,
}

impl NoticeState {
    /// Every state, in the order of a notice's life.
    pub const ALL: [NoticeState; 5] = [
        NoticeState::Draft,
        NoticeState::Review,
        NoticeState::Scheduled,
        NoticeState::Published,
        NoticeState::Withdrawn,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            NoticeState::Draft => "draft",
            NoticeState::Review => "review",
            NoticeState::Scheduled => "scheduled",
            NoticeState::Published => "published",
            NoticeState::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<NoticeState> {
        NoticeState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            NoticeState::Draft => "notice-state-draft",
            NoticeState::Review => "notice-state-review",
            NoticeState::Scheduled => "notice-state-scheduled",
            NoticeState::Published => "notice-state-published",
            NoticeState::Withdrawn => "notice-state-withdrawn",
        }
    }

    /// Whether residents may read it.
    pub fn is_public(self) -> bool {
        matches!(self, NoticeState::Published | NoticeState::Withdrawn)
    }
}

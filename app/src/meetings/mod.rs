//! Joint meetings (联席会议): members, proposals, ballots, minutes, resolutions.

mod life;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod minutes;
#[cfg(feature = "ssr")]
pub mod pages;

pub use life::{
    BallotState, Mode, Onlooker, Presence, ProposalState, ResolutionState, ResolutionStep, Rights, Seat, SessionState,
    SessionStep, Way,
};

/// Limits of what is typed, in characters unless said otherwise.
pub mod limits {
    /// Name of a body, title of a session, of a proposal or of an item.
    pub const TITLE: usize = 60;
    /// A place; whom somebody speaks for; an option of a ballot.
    pub const SHORT: usize = 40;
    /// Question of a ballot.
    pub const QUESTION: usize = 200;
    /// A proposal, an answer, a resolution, a note on it.
    pub const TEXT: usize = 1000;
    /// Paper of an item; notes and summary of a session.
    pub const PAPER: usize = 8000;
    /// Files of an item, in number.
    pub const PAPERS: usize = 5;
    /// Items of a session, in number.
    pub const ITEMS: usize = 40;
    /// Ballots of a session, in number.
    pub const BALLOTS: usize = 60;
    /// Members of a body at a time, in number.
    pub const MEMBERS: usize = 200;
    /// Options of a ballot besides abstaining, in number.
    pub const OPTIONS: usize = 8;
    /// Proposals of one person that may wait in one body, in number.
    pub const WAITING: i64 = 3;
}

//! Places: the home page, the choice of a community, and what waits for staff.

#[cfg(feature = "ssr")]
pub mod pages;
pub mod webhook;

/// "My next" on the home page: what this person has to do or expect, in words of their language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextCard {
    /// What it is about, in small type above.
    pub kicker: String,
    /// The state, in a few words.
    pub title: String,
    /// What to do; may be left out.
    pub note: Option<String>,
    /// Where it leads.
    pub href: String,
    /// It changes while one looks at it.
    pub live: Option<LiveCard>,
}

/// What makes a card live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCard {
    /// Address of the feed that tells when to look again.
    pub feed: String,
    /// Names the call, while the number is called: the phone tells of it.
    pub call: Option<String>,
}

/// One line of "Today" on the staff page: so many things of a kind wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What waits, in words.
    pub title: String,
    /// More, e.g. how long the oldest one has waited.
    pub note: Option<String>,
    /// How many.
    pub count: i64,
    /// Some of them are late.
    pub late: bool,
    /// Where they are listed.
    pub href: String,
}

//! The community worker's handbook: what to do when.

#[cfg(feature = "ssr")]
pub mod entry;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod search;

/// Characters of a title.
pub const TITLE_CHARS: usize = 60;
/// Words for a situation.
pub const WORDS: usize = 30;
/// Characters of one of them.
pub const WORD_CHARS: usize = 20;
/// Characters of the steps.
pub const STEPS_CHARS: usize = 10_000;
/// Organisations to call.
pub const CONTACTS: usize = 8;
/// Characters of an organisation's name.
pub const NAME_CHARS: usize = 40;
/// Characters of a phone number.
pub const PHONE_CHARS: usize = 30;
/// An entry that nobody has looked at for so many days is due.
pub const REVIEW_DAYS: i64 = 365;
/// Longest query, in characters.
pub const QUERY_CHARS: usize = 60;

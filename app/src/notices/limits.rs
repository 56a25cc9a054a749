//! Limits of what is written, in characters unless said otherwise.

/// A title: one line that still fits on a phone and in a message.
pub const TITLE_CHARS: usize = 80;
/// The text, in Markdown.
pub const BODY_CHARS: usize = 20_000;
/// Rows of facts.
pub const FACTS: usize = 8;
/// What a fact is about.
pub const FACT_LABEL_CHARS: usize = 20;
/// What a fact says.
pub const FACT_VALUE_CHARS: usize = 200;
/// Where objections go.
pub const PLACE_CHARS: usize = 120;
/// What to do in an emergency, in one sentence.
pub const INSTRUCTION_CHARS: usize = 200;
/// What a picture shows, for those who cannot see it.
pub const PICTURE_ALT_CHARS: usize = 120;
/// Pictures of one notice.
pub const PICTURES: usize = 9;
/// Files of one notice.
pub const FILES: usize = 5;
/// Why a notice is corrected or withdrawn.
pub const REASON_CHARS: usize = 500;
/// Places one notice may be aimed at.
pub const AIMS: usize = 200;
/// Longest search words.
pub const SEARCH_CHARS: usize = 60;
/// Notices on one page of a list.
pub const PAGE_ROWS: i64 = 20;
/// How far ahead a notice may be scheduled, in days.
pub const SCHEDULE_DAYS: i64 = 180;

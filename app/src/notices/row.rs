//! A notice in a list.

use super::NoticeKind;
use jiff::Timestamp;

/// A published notice as lists show it, in the reader's language. It leads to `/notices/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: NoticeKind,
    /// Title.
    pub title: String,
    /// Stays on top.
    pub pinned: bool,
    /// When it went out.
    pub published_at: Timestamp,
    /// Who says it: the organisation's name.
    pub source: String,
    /// Where it applies, when that is not the whole community: names of grids and buildings.
    pub place: Option<String>,
    /// A later notice corrects it.
    pub corrected: bool,
    /// A later notice takes it back.
    pub withdrawn: bool,
    /// The reader has a message about it that they have not read.
    pub unread: bool,
}

//! What is written in a notice, and what must be there before it may go out.

use super::{Certainty, NoticeKind, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A fact that stands before the text: 停水时间 · 8:00–12:00.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeFact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// The text and settings of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Kind.
    pub kind: NoticeKind,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown, may be empty.
    pub body_en: String,
    /// Facts.
    pub facts: Vec<NoticeFact>,
    /// English facts, may be empty.
    pub facts_en: Vec<NoticeFact>,
    /// Emergencies: how bad.
    pub severity: Option<Severity>,
    /// Emergencies: how sure.
    pub certainty: Option<Certainty>,
    /// Emergencies: from.
    pub starts_at: Option<Timestamp>,
    /// Emergencies: to.
    pub ends_at: Option<Timestamp>,
    /// Emergencies: what to do.
    pub instruction: String,
    /// The same in English, may be empty.
    pub instruction_en: String,
    /// Stays on top.
    pub pinned: bool,
    /// Goes out by itself then.
    pub publish_at: Option<Timestamp>,
    /// Leaves the lists then.
    pub expires_at: Option<Timestamp>,
}

/// What a draft still lacks. A draft may lack all of it; what goes out may lack none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody it is aimed at.
    Aims,
    /// No text.
    Body,
    /// An emergency without severity, certainty, time or instruction.
    Emergency,
    /// An emergency that ends before it goes out.
    Ended,
    /// It would leave the lists before it goes out.
    Expired,
}

impl Missing {
    /// The catalogue key of the sentence on screen.
    pub fn key(self) -> &'static str {
        match self {
            Missing::Aims => "notice-missing-aims",
            Missing::Body => "notice-missing-body",
            Missing::Emergency => "notice-missing-emergency",
            Missing::Ended => "notice-missing-ended",
            Missing::Expired => "notice-missing-expired",
        }
    }

    /// The field of the editor to go to.
    pub fn field(self) -> &'static str {
        match self {
            Missing::Aims => "aims",
            Missing::Body => "body",
            Missing::Emergency => "severity",
            Missing::Ended => "ends_at",
            Missing::Expired => "expires_at",
        }
    }
}

impl Content {
    /// What is missing for this to go out at `now` (or at its own time, if that is later).
    pub fn missing(&self, aims: usize, now: Timestamp) -> Vec<Missing> {
        let out_at = self.publish_at.map_or(now, |at| at.max(now));
        let mut missing = Vec::new();
        if aims == 0 {
            missing.push(Missing::Aims);
        }
        if self.body.trim().is_empty() {
            missing.push(Missing::Body);
        }
        if self.kind == NoticeKind::Emergency {
            let whole = self.severity.is_some()
                && self.certainty.is_some()
                && self.starts_at.is_some()
                && self.ends_at.is_some()
                && !self.instruction.trim().is_empty();
            if !whole {
                missing.push(Missing::Emergency);
            } else if self.ends_at.is_some_and(|end| end <= out_at) {
                missing.push(Missing::Ended);
            }
        }
        if self.expires_at.is_some_and(|end| end <= out_at) {
            missing.push(Missing::Expired);
        }
        missing
    }
}

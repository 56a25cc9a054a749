//! What is written in a notice, and what must be there before it may go out.

use super::{ActivityPlan, Certainty, NoticeKind, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a place to fill in begins in the templates: 〔填 日期〕. Numbers of documents stand in the same brackets, and
/// never begin so.
pub const BLANKS: [&str; 2] = ["〔填", "〔fill in"];

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
    /// From when, for kinds that have times ([`NoticeKind::has_times`]).
    pub starts_at: Option<Timestamp>,
    /// Until when. For a disclosure: until when objections are taken.
    pub ends_at: Option<Timestamp>,
    /// Where objections go, for kinds that say it ([`NoticeKind::has_place`]).
    pub place: String,
    /// The same in English, may be empty.
    pub place_en: String,
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
    /// A place of the template that nobody filled in.
    Blank,
    /// An outage without from and to.
    Outage,
    /// An activity without its times; asked of its plan, see [`missing_of_activity`].
    ActivityTime,
    /// An activity without its place.
    ActivityPlace,
    /// A disclosure without the last day for objections.
    Deadline,
    /// A disclosure that does not say where objections go.
    Objections,
    /// A disclosure whose time for objections is over before it goes out.
    Late,
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
            Missing::Blank => "notice-missing-blank",
            Missing::Outage => "notice-missing-outage",
            Missing::ActivityTime => "notice-missing-activity-time",
            Missing::ActivityPlace => "notice-missing-activity-place",
            Missing::Deadline => "notice-missing-deadline",
            Missing::Objections => "notice-missing-objections",
            Missing::Late => "notice-missing-late",
            Missing::Emergency => "notice-missing-emergency",
            Missing::Ended => "notice-missing-ended",
            Missing::Expired => "notice-missing-expired",
        }
    }

    /// The field of the editor to go to.
    pub fn field(self) -> &'static str {
        match self {
            Missing::Aims => "aims",
            Missing::Body | Missing::Blank => "body",
            Missing::Outage => "starts_at",
            Missing::ActivityTime => "activity_starts",
            Missing::ActivityPlace => "activity_place",
            Missing::Objections => "place",
            Missing::Deadline | Missing::Late => "ends_at",
            Missing::Emergency => "severity",
            Missing::Ended => "ends_at",
            Missing::Expired => "expires_at",
        }
    }
}

/// What the plan of an activity lacks for its notice to go out.
pub fn missing_of_activity(plan: Option<&ActivityPlan>) -> Option<Missing> {
    match plan {
        None => Some(Missing::ActivityTime),
        Some(plan) if plan.place.is_empty() => Some(Missing::ActivityPlace),
        Some(_) => None,
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
        if self.has_blank() {
            missing.push(Missing::Blank);
        }
        missing.extend(self.missing_of_kind(out_at));
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
    /// What this kind of notice cannot do without.
    fn missing_of_kind(&self, out_at: Timestamp) -> Vec<Missing> {
        let mut missing = Vec::new();
        match self.kind {
            NoticeKind::Outage if self.starts_at.is_none() || self.ends_at.is_none() => missing.push(Missing::Outage),
            NoticeKind::Disclosure => {
                match self.ends_at {
                    None => missing.push(Missing::Deadline),
                    Some(end) if end <= out_at => missing.push(Missing::Late),
                    Some(_) => {}
                }
                if self.place.is_empty() {
                    missing.push(Missing::Objections);
                }
            }
            _ => {}
        }
        missing
    }

    /// Whether something of a template still waits to be filled in, in either language.
    fn has_blank(&self) -> bool {
        let facts = self.facts.iter().chain(&self.facts_en).flat_map(|fact| [&fact.label, &fact.value]);
        [
            &self.title,
            &self.title_en,
            &self.body,
            &self.body_en,
            &self.place,
            &self.place_en,
            &self.instruction,
            &self.instruction_en,
        ]
        .into_iter()
        .chain(facts)
        .any(|text| BLANKS.iter().any(|blank| text.contains(blank)))
    }
}

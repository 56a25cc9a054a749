//! What a notice is about.

use serde::{Deserialize, Serialize};

/// The kind of a notice: it decides the icon, the word before the title and what the editor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 停水停电: something does not work for a while.
    Outage,
    /// 活动
    Activity,
    /// 政策
    Policy,
    /// 办事: how something is done here.
    Service,
    /// 紧急: goes to the top of every page of those it concerns, until it ends.
    Emergency,
    /// 公示: put up for inspection and objections.
    Disclosure,
}

impl NoticeKind {
    /// Every kind, in the order of the filters.
    pub const ALL: [NoticeKind; 6] = [
        NoticeKind::Outage,
        NoticeKind::Activity,
        NoticeKind::Policy,
        NoticeKind::Service,
        NoticeKind::Disclosure,
        NoticeKind::Emergency,
    ];

    /// As stored and as in addresses (`?kind=outage`) and `data-kind`.
    pub fn code(self) -> &'static str {
        match self {
            NoticeKind::Outage => "outage",
            NoticeKind::Activity => "activity",
            NoticeKind::Policy => "policy",
            NoticeKind::Service => "service",
            NoticeKind::Emergency => "emergency",
            NoticeKind::Disclosure => "disclosure",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it has a beginning and an end of its own, apart from when it is published: an outage, the time for
    /// objections, an emergency. An activity has them in its plan ([`ActivityPlan`](super::ActivityPlan)).
    pub fn has_times(self) -> bool {
        matches!(self, NoticeKind::Outage | NoticeKind::Disclosure | NoticeKind::Emergency)
    }

    /// Whether it says where objections to it go.
    pub fn has_place(self) -> bool {
        self == NoticeKind::Disclosure
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            NoticeKind::Outage => "notice-kind-outage",
            NoticeKind::Activity => "notice-kind-activity",
            NoticeKind::Policy => "notice-kind-policy",
            NoticeKind::Service => "notice-kind-service",
            NoticeKind::Emergency => "notice-kind-emergency",
            NoticeKind::Disclosure => "notice-kind-disclosure",
        }
    }

    /// The icon's name in the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            NoticeKind::Outage => "outage",
            NoticeKind::Activity => "activity",
            NoticeKind::Policy => "policy",
            NoticeKind::Service => "service",
            NoticeKind::Emergency => "emergency",
            NoticeKind::Disclosure => "disclosure",
        }
    }
}

/// How bad an emergency is, in the words of CAP 1.2 (OASIS Common Alerting Protocol, `severity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 特别重大
    Extreme,
    /// 重大
    Severe,
    /// 较大
    Moderate,
    /// 一般
    Minor,
}

impl Severity {
    /// From the worst to the mildest.
    pub const ALL: [Severity; 4] = [Severity::Extreme, Severity::Severe, Severity::Moderate, Severity::Minor];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Extreme => "extreme",
            Severity::Severe => "severe",
            Severity::Moderate => "moderate",
            Severity::Minor => "minor",
        }
    }

    /// The severity with this code.
    pub fn from_code(code: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Severity::Extreme => "notice-severity-extreme",
            Severity::Severe => "notice-severity-severe",
            Severity::Moderate => "notice-severity-moderate",
            Severity::Minor => "notice-severity-minor",
        }
    }
}

/// How sure it is, in the words of CAP 1.2 (`certainty`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// 已发生
    Observed,
    /// 很可能
    Likely,
    /// 可能
    Possible,
}

impl Certainty {
    /// From the surest on.
    pub const ALL: [Certainty; 3] = [Certainty::Observed, Certainty::Likely, Certainty::Possible];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Certainty::Observed => "observed",
            Certainty::Likely => "likely",
            Certainty::Possible => "possible",
        }
    }

    /// The certainty with this code.
    pub fn from_code(code: &str) -> Option<Certainty> {
        Certainty::ALL.into_iter().find(|certainty| certainty.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Certainty::Observed => "notice-certainty-observed",
            Certainty::Likely => "notice-certainty-likely",
            Certainty::Possible => "notice-certainty-possible",
        }
    }
}

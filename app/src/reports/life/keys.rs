//! Stored codes of states and steps, and the catalogue keys of their words.

use super::{State, Step};

impl Step {
    /// As stored and as forms send it.
    pub fn code(self) -> &'static str {
        match self {
            Step::Accept => "accept",
            Step::Ask => "ask",
            Step::Dispatch => "dispatch",
            Step::Merge => "merge",
            Step::Reject => "reject",
            Step::Sort => "sort",
            Step::Dispute => "dispute",
            Step::Uphold => "uphold",
            Step::SendBack => "send_back",
            Step::Take => "take",
            Step::Finish => "finish",
            Step::Note => "note",
            Step::ExtendAsk => "extend_ask",
            Step::Return => "return",
            Step::ExtendGrant => "extend_grant",
            Step::ExtendRefuse => "extend_refuse",
            Step::ExtendGrantAbove => "extend_grant_above",
            Step::ExtendRefuseAbove => "extend_refuse_above",
            Step::Suspend => "suspend",
            Step::Resume => "resume",
            Step::VerifyPass => "verify_pass",
            Step::VerifyFail => "verify_fail",
            Step::Close => "close",
            Step::Supervise => "supervise",
            Step::SuperviseAnswer => "supervise_answer",
            Step::RateAnswer => "rate_answer",
            Step::Answer => "answer",
            Step::Add => "add",
            Step::Withdraw => "withdraw",
            Step::Confirm => "confirm",
            Step::Reopen => "reopen",
            Step::Rate => "rate",
        }
    }

    /// Catalogue key of the button.
    pub fn button_key(self) -> &'static str {
        match self {
            Step::Accept => "reports-do-accept",
            Step::Ask => "reports-do-ask",
            Step::Dispatch => "reports-do-dispatch",
            Step::Merge => "reports-do-merge",
            Step::Reject => "reports-do-reject",
            Step::Sort => "reports-do-sort",
            Step::Dispute => "reports-do-dispute",
            Step::Uphold => "reports-do-uphold",
            Step::SendBack => "reports-do-send-back",
            Step::Take => "reports-do-take",
            Step::Finish => "reports-do-finish",
            Step::Note => "reports-do-note",
            Step::ExtendAsk => "reports-do-extend-ask",
            Step::Return => "reports-do-return",
            Step::ExtendGrant => "reports-do-extend-grant",
            Step::ExtendRefuse => "reports-do-extend-refuse",
            Step::ExtendGrantAbove => "reports-do-extend-grant-above",
            Step::ExtendRefuseAbove => "reports-do-extend-refuse-above",
            Step::Suspend => "reports-do-suspend",
            Step::Resume => "reports-do-resume",
            Step::VerifyPass => "reports-do-verify-pass",
            Step::VerifyFail => "reports-do-verify-fail",
            Step::Close => "reports-do-close",
            Step::Supervise => "reports-do-supervise",
            Step::SuperviseAnswer => "reports-do-supervise-answer",
            Step::RateAnswer => "reports-do-rate-answer",
            Step::Answer => "reports-do-answer",
            Step::Add => "reports-do-add",
            Step::Withdraw => "reports-do-withdraw",
            Step::Confirm => "reports-do-confirm",
            Step::Reopen => "reports-do-reopen",
            Step::Rate => "reports-do-rate",
        }
    }

    /// Catalogue key of the entry in the timeline.
    pub fn event_key(self) -> &'static str {
        match self {
            Step::Accept => "reports-event-accept",
            Step::Ask => "reports-event-ask",
            Step::Dispatch => "reports-event-dispatch",
            Step::Merge => "reports-event-merge",
            Step::Reject => "reports-event-reject",
            Step::Sort => "reports-event-sort",
            Step::Dispute => "reports-event-dispute",
            Step::Uphold => "reports-event-uphold",
            Step::SendBack => "reports-event-send-back",
            Step::Take => "reports-event-take",
            Step::Finish => "reports-event-finish",
            Step::Note => "reports-event-note",
            Step::ExtendAsk => "reports-event-extend-ask",
            Step::Return => "reports-event-return",
            Step::ExtendGrant => "reports-event-extend-grant",
            Step::ExtendRefuse => "reports-event-extend-refuse",
            Step::ExtendGrantAbove => "reports-event-extend-grant-above",
            Step::ExtendRefuseAbove => "reports-event-extend-refuse-above",
            Step::Suspend => "reports-event-suspend",
            Step::Resume => "reports-event-resume",
            Step::VerifyPass => "reports-event-verify-pass",
            Step::VerifyFail => "reports-event-verify-fail",
            Step::Close => "reports-event-close",
            Step::Supervise => "reports-event-supervise",
            Step::SuperviseAnswer => "reports-event-supervise-answer",
            Step::RateAnswer => "reports-event-rate-answer",
            Step::Answer => "reports-event-answer",
            Step::Add => "reports-event-add",
            Step::Withdraw => "reports-event-withdraw",
            Step::Confirm => "reports-event-confirm",
            Step::Reopen => "reports-event-reopen",
            Step::Rate => "reports-event-rate",
        }
    }

    /// Catalogue key of the message that the reporter gets; `None` when the step is no news to them.
    pub fn reporter_key(self) -> Option<&'static str> {
        match self {
            Step::Accept => Some("inbox-report-accept"),
            Step::Ask => Some("inbox-report-ask"),
            Step::Reject => Some("inbox-report-reject"),
            Step::Merge => Some("inbox-report-merge"),
            Step::Dispatch => Some("inbox-report-dispatch"),
            Step::Take => Some("inbox-report-take"),
            Step::Note => Some("inbox-report-note"),
            Step::Finish => Some("inbox-report-finish"),
            Step::VerifyPass => Some("inbox-report-verify-pass"),
            Step::VerifyFail => Some("inbox-report-verify-fail"),
            Step::Close => Some("inbox-report-close"),
            Step::ExtendGrant => Some("inbox-report-extend-grant"),
            Step::ExtendGrantAbove => Some("inbox-report-extend-grant"),
            Step::Suspend => Some("inbox-report-suspend"),
            Step::Resume => Some("inbox-report-resume"),
            Step::RateAnswer => Some("inbox-report-rate-answer"),
            _ => None,
        }
    }
}

impl State {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Submitted => "submitted",
            State::Asked => "asked",
            State::Accepted => "accepted",
            State::Disputed => "disputed",
            State::Dispatched => "dispatched",
            State::InProgress => "in_progress",
            State::Suspended => "suspended",
            State::Handled => "handled",
            State::Verified => "verified",
            State::Closed => "closed",
            State::Rejected => "rejected",
            State::Withdrawn => "withdrawn",
            State::Merged => "merged",
        }
    }

    /// Catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            State::Submitted => "reports-state-submitted",
            State::Asked => "reports-state-asked",
            State::Accepted => "reports-state-accepted",
            State::Disputed => "reports-state-disputed",
            State::Dispatched => "reports-state-dispatched",
            State::InProgress => "reports-state-in-progress",
            State::Suspended => "reports-state-suspended",
            State::Handled => "reports-state-handled",
            State::Verified => "reports-state-verified",
            State::Closed => "reports-state-closed",
            State::Rejected => "reports-state-rejected",
            State::Withdrawn => "reports-state-withdrawn",
            State::Merged => "reports-state-merged",
        }
    }
}

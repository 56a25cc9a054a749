//! The life of a report as one pure table: state × step → state, and who may take which step.
//!
//! The server decides by it, the pages offer only what it allows. Source: PRODUCT rules, "reports":
//! 待受理 → 受理 → 派遣 → 处置中 → 待核查 → 核查 → 结案, with 不予受理, 退件, 返工 and 撤案 as side ways.

use crate::people::{Action, Role};

/// Where a report is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 待受理: filed, nobody has looked yet.
    Submitted,
    /// 已受理: accepted; waits for somebody to be sent.
    Accepted,
    /// 已派遣: sent to exactly one owner, who has not begun.
    Dispatched,
    /// 处置中: the owner is at it.
    InProgress,
    /// 待核查: the owner says it is done.
    Handled,
    /// 已核查: somebody else has seen that it is done.
    Verified,
    /// 已结案: over, with a reason.
    Closed,
    /// 不予受理: refused, with a reason.
    Rejected,
    /// 已撤案: taken back by the reporter.
    Withdrawn,
}

/// What can be done to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 受理
    Accept,
    /// 不予受理
    Reject,
    /// 派遣 to exactly one owner.
    Dispatch,
    /// 接单: the owner begins.
    Take,
    /// 进展: the owner tells how it goes.
    Note,
    /// 退件: the owner hands it back to the dispatcher.
    Return,
    /// 完成: the owner says it is done.
    Finish,
    /// 核查通过
    VerifyPass,
    /// 返工: verification failed; back to the owner.
    VerifyFail,
    /// 结案
    Close,
    /// 撤案 by the reporter.
    Withdraw,
}

/// The whole table. A pair that is not in it is not possible.
pub const TABLE: [(State, Step, State); 14] = [
    (State::Submitted, Step::Accept, State::Accepted),
    (State::Submitted, Step::Reject, State::Rejected),
    (State::Submitted, Step::Withdraw, State::Withdrawn),
    (State::Accepted, Step::Reject, State::Rejected),
    (State::Accepted, Step::Dispatch, State::Dispatched),
    (State::Dispatched, Step::Take, State::InProgress),
    (State::Dispatched, Step::Return, State::Accepted),
    (State::InProgress, Step::Note, State::InProgress),
    (State::InProgress, Step::Return, State::Accepted),
    (State::InProgress, Step::Finish, State::Handled),
    (State::Handled, Step::VerifyPass, State::Verified),
    (State::Handled, Step::VerifyFail, State::InProgress),
    (State::Verified, Step::Close, State::Closed),
    (State::Verified, Step::VerifyFail, State::InProgress),
];

/// What the person who asks has to do with the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// They filed it.
    pub reporter: bool,
    /// It is theirs to handle now.
    pub owner: bool,
    /// They have handled it at some time: taken it, noted progress or finished it.
    pub handled: bool,
}

/// The state that `step` leads to, or `None` when it is not possible in `state`.
pub fn next(state: State, step: Step) -> Option<State> {
    TABLE.iter().find(|(from, by, _)| *from == state && *by == step).map(|(_, _, to)| *to)
}

/// Whether a person with `role` (whose scope covers the report) and this relation to it may take `step`, in
/// whatever state the report is.
pub fn may(role: Role, relation: Relation, step: Step) -> bool {
    match step.action() {
        None => relation.reporter,
        Some(action) if !role.may(action) => false,
        Some(Action::ReportHandle) => relation.owner,
        Some(Action::ReportVerify) => !relation.handled,
        Some(_) => true,
    }
}

impl Step {
    /// Every step, in the order in which pages offer them.
    pub const ALL: [Step; 11] = [
        Step::Accept,
        Step::Dispatch,
        Step::Reject,
        Step::Take,
        Step::Finish,
        Step::Note,
        Step::Return,
        Step::VerifyPass,
        Step::VerifyFail,
        Step::Close,
        Step::Withdraw,
    ];

    /// The permission that the step asks for; `None`: it is the reporter's own.
    pub fn action(self) -> Option<Action> {
        match self {
            Step::Accept | Step::Reject | Step::Dispatch | Step::Close => Some(Action::ReportManage),
            Step::Take | Step::Note | Step::Return | Step::Finish => Some(Action::ReportHandle),
            Step::VerifyPass | Step::VerifyFail => Some(Action::ReportVerify),
            Step::Withdraw => None,
        }
    }

    /// Whether the step cannot be taken without words: a refusal or an end without a reason is not possible, and a
    /// note without words says nothing.
    pub fn needs_reason(self) -> bool {
        matches!(self, Step::Reject | Step::Return | Step::VerifyFail | Step::Close | Step::Note)
    }

    /// Whether its words are for everybody who knows the code. What a handler writes when handing back is between
    /// them and the dispatcher.
    pub fn is_public(self) -> bool {
        !matches!(self, Step::Return)
    }

    /// As stored and as forms send it.
    pub fn code(self) -> &'static str {
        match self {
            Step::Accept => "accept",
            Step::Reject => "reject",
            Step::Dispatch => "dispatch",
            Step::Take => "take",
            Step::Note => "note",
            Step::Return => "return",
            Step::Finish => "finish",
            Step::VerifyPass => "verify_pass",
            Step::VerifyFail => "verify_fail",
            Step::Close => "close",
            Step::Withdraw => "withdraw",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Catalogue key of the button.
    pub fn button_key(self) -> &'static str {
        match self {
            Step::Accept => "reports-do-accept",
            Step::Reject => "reports-do-reject",
            Step::Dispatch => "reports-do-dispatch",
            Step::Take => "reports-do-take",
            Step::Note => "reports-do-note",
            Step::Return => "reports-do-return",
            Step::Finish => "reports-do-finish",
            Step::VerifyPass => "reports-do-verify-pass",
            Step::VerifyFail => "reports-do-verify-fail",
            Step::Close => "reports-do-close",
            Step::Withdraw => "reports-do-withdraw",
        }
    }

    /// Catalogue key of the entry in the timeline.
    pub fn event_key(self) -> &'static str {
        match self {
            Step::Accept => "reports-event-accept",
            Step::Reject => "reports-event-reject",
            Step::Dispatch => "reports-event-dispatch",
            Step::Take => "reports-event-take",
            Step::Note => "reports-event-note",
            Step::Return => "reports-event-return",
            Step::Finish => "reports-event-finish",
            Step::VerifyPass => "reports-event-verify-pass",
            Step::VerifyFail => "reports-event-verify-fail",
            Step::Close => "reports-event-close",
            Step::Withdraw => "reports-event-withdraw",
        }
    }

    /// Catalogue key of the message that the reporter gets; `None` when the step is no news to them.
    pub fn reporter_key(self) -> Option<&'static str> {
        match self {
            Step::Accept => Some("inbox-report-accept"),
            Step::Reject => Some("inbox-report-reject"),
            Step::Dispatch => Some("inbox-report-dispatch"),
            Step::Take => Some("inbox-report-take"),
            Step::Note => Some("inbox-report-note"),
            Step::Finish => Some("inbox-report-finish"),
            Step::VerifyPass => Some("inbox-report-verify-pass"),
            Step::VerifyFail => Some("inbox-report-verify-fail"),
            Step::Close => Some("inbox-report-close"),
            Step::Return | Step::Withdraw => None,
        }
    }
}

impl State {
    /// Every state, in the order of a report's life.
    pub const ALL: [State; 9] = [
        State::Submitted,
        State::Accepted,
        State::Dispatched,
        State::InProgress,
        State::Handled,
        State::Verified,
        State::Closed,
        State::Rejected,
        State::Withdrawn,
    ];

    /// Whether nothing more happens.
    pub fn is_over(self) -> bool {
        matches!(self, State::Closed | State::Rejected | State::Withdrawn)
    }

    /// Whether somebody owns the report in this state: then it is exactly one.
    pub fn has_owner(self) -> bool {
        matches!(self, State::Dispatched | State::InProgress | State::Handled | State::Verified | State::Closed)
    }

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Submitted => "submitted",
            State::Accepted => "accepted",
            State::Dispatched => "dispatched",
            State::InProgress => "in_progress",
            State::Handled => "handled",
            State::Verified => "verified",
            State::Closed => "closed",
            State::Rejected => "rejected",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            State::Submitted => "reports-state-submitted",
            State::Accepted => "reports-state-accepted",
            State::Dispatched => "reports-state-dispatched",
            State::InProgress => "reports-state-in-progress",
            State::Handled => "reports-state-handled",
            State::Verified => "reports-state-verified",
            State::Closed => "reports-state-closed",
            State::Rejected => "reports-state-rejected",
            State::Withdrawn => "reports-state-withdrawn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// Every state × step × role × relation, written as text. The expected text stands below, made by hand from
    /// the rules, not from the table.
    const EXPECTED: &str = "\
submitted accept -> accepted: community_staff
submitted reject -> rejected: community_staff
submitted withdraw -> withdrawn: reporter
accepted dispatch -> dispatched: community_staff
accepted reject -> rejected: community_staff
dispatched take -> in_progress: owner(volunteer,grid_worker,unit)
dispatched return -> accepted: owner(volunteer,grid_worker,unit)
in_progress finish -> handled: owner(volunteer,grid_worker,unit)
in_progress note -> in_progress: owner(volunteer,grid_worker,unit)
in_progress return -> accepted: owner(volunteer,grid_worker,unit)
handled verify_pass -> verified: not-handler(grid_worker,community_staff)
handled verify_fail -> in_progress: not-handler(grid_worker,community_staff)
verified verify_fail -> in_progress: not-handler(grid_worker,community_staff)
verified close -> closed: community_staff
";

    fn relations() -> impl Iterator<Item = Relation> {
        (0..8).map(|bits| Relation { reporter: bits & 1 > 0, owner: bits & 2 > 0, handled: bits & 4 > 0 })
    }

    #[test]
    fn every_state_step_and_role_is_as_the_rules_say() {
        let mut seen = String::new();
        for state in State::ALL {
            for step in Step::ALL {
                let Some(to) = next(state, step) else { continue };
                let who = match step.action() {
                    None => {
                        for role in Role::ALL {
                            for relation in relations() {
                                assert_eq!(may(role, relation, step), relation.reporter, "{role:?} {step:?}");
                            }
                        }
                        "reporter".to_owned()
                    }
                    Some(_) => {
                        let roles = |relation: Relation| -> Vec<&str> {
                            Role::ALL.iter().filter(|r| may(**r, relation, step)).map(|r| r.code()).collect()
                        };
                        let plain = roles(Relation::default());
                        let owner = roles(Relation { owner: true, ..Relation::default() });
                        let handled = roles(Relation { handled: true, ..Relation::default() });
                        for relation in relations() {
                            let mut expected = if relation.owner { owner.clone() } else { plain.clone() };
                            if relation.handled && handled.is_empty() && step.action() == Some(Action::ReportVerify) {
                                expected.clear();
                            }
                            assert_eq!(roles(relation), expected, "{step:?} {relation:?}");
                        }
                        match (plain.is_empty(), handled.is_empty()) {
                            (true, _) => format!("owner({})", owner.join(",")),
                            (false, true) => format!("not-handler({})", plain.join(",")),
                            (false, false) => plain.join(","),
                        }
                    }
                };
                let _ = writeln!(seen, "{} {} -> {}: {who}", state.code(), step.code(), to.code());
            }
        }
        assert_eq!(seen, EXPECTED);
        assert_eq!(seen.lines().count(), TABLE.len(), "no pair twice");
    }

    #[test]
    fn what_is_over_stays_over_and_ends_need_words() {
        for (from, step, to) in TABLE {
            assert!(!from.is_over(), "{from:?}");
            if matches!(to, State::Closed | State::Rejected) {
                assert!(step.needs_reason(), "{step:?}");
            }
        }
    }

    #[test]
    fn an_owner_comes_with_dispatch_and_goes_with_return_only() {
        for (from, step, to) in TABLE {
            match (from.has_owner(), to.has_owner()) {
                (false, true) => assert_eq!(step, Step::Dispatch),
                (true, false) => assert_eq!(step, Step::Return),
                _ => {}
            }
        }
    }

    #[test]
    fn nothing_is_closed_that_was_not_verified() {
        assert!(TABLE.iter().filter(|(_, _, to)| *to == State::Closed).all(|(from, _, _)| *from == State::Verified));
    }

    #[test]
    fn codes_read_back() {
        assert!(State::ALL.into_iter().all(|state| State::from_code(state.code()) == Some(state)));
        assert!(Step::ALL.into_iter().all(|step| Step::from_code(step.code()) == Some(step)));
    }
}

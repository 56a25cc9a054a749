//! The life of a report as one pure table: state × step → state, and who may take which step.
//!
//! The server decides by it, the pages offer only what it allows. Source: PRODUCT rules, "reports":
//! 待受理 → 受理 → 派遣 → 处置中 → 待核查 → 核查 → 结案, with 不予受理, 并案, 退件 (disputed ones go a level up), 延时, 挂账,
//! 返工, 重开, 督办 and 撤案 as side ways.

mod keys;
#[cfg(test)]
mod tests;

use crate::people::{Action, Role};

/// Where a report is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 待受理: filed, nobody has looked yet.
    Submitted,
    /// 待补充: staff asked the reporter something; the clocks stand still until the answer.
    Asked,
    /// 已受理: accepted; waits for somebody to be sent.
    Accepted,
    /// 退件有争议: the dispatcher does not agree with a return; the street decides.
    Disputed,
    /// 已派遣: sent to exactly one owner, who has not begun.
    Dispatched,
    /// 处置中: the owner is at it.
    InProgress,
    /// 挂账: cannot go on for a reason that is not the owner's; the clocks stand still.
    Suspended,
    /// 待核查: the owner says it is done.
    Handled,
    /// 已核查: somebody else has seen that it is done.
    Verified,
    /// 已结案: over, with a reason; the reporter may reopen it within [`REOPEN_DAYS`].
    Closed,
    /// 不予受理: refused, with a reason.
    Rejected,
    /// 已撤案: taken back by the reporter.
    Withdrawn,
    /// 已并案: goes on as another report.
    Merged,
}

/// What can be done to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 受理
    Accept,
    /// 请补充: asks the reporter something.
    Ask,
    /// 派遣 to exactly one owner.
    Dispatch,
    /// 并案 into another report; followers go with it.
    Merge,
    /// 不予受理
    Reject,
    /// 改类别: another category, and with it another limit.
    Sort,
    /// 对退件有异议: the dispatcher asks the street to decide on a return.
    Dispute,
    /// 退件成立: the street says that the owner was right; another one is to be found.
    Uphold,
    /// 退件不成立: the street sends it back to the owner who returned it.
    SendBack,
    /// 接单: the owner begins.
    Take,
    /// 完成: the owner says it is done.
    Finish,
    /// 进展: the owner tells how it goes.
    Note,
    /// 申请延时: the owner asks for more working hours, before the time is over.
    ExtendAsk,
    /// 退件: the owner hands it back to the dispatcher.
    Return,
    /// 同意延时, the first, by the community.
    ExtendGrant,
    /// 不同意延时, the first, by the community.
    ExtendRefuse,
    /// 同意延时, the second, by the street.
    ExtendGrantAbove,
    /// 不同意延时, the second, by the street.
    ExtendRefuseAbove,
    /// 挂账
    Suspend,
    /// 恢复处置
    Resume,
    /// 核查通过
    VerifyPass,
    /// 返工: verification failed; back to the owner.
    VerifyFail,
    /// 结案
    Close,
    /// 督办: an order from above.
    Supervise,
    /// 回复督办
    SuperviseAnswer,
    /// 答复评价: the community answers what the reporter said of how it was dealt with.
    RateAnswer,
    /// The reporter answers what was asked.
    Answer,
    /// The reporter adds words or photos.
    Add,
    /// 撤案 by the reporter.
    Withdraw,
    /// The reporter has seen that it is solved.
    Confirm,
    /// 重开: the reporter says that it is not solved, with a reason.
    Reopen,
    /// 评价: one to five stars.
    Rate,
}

/// For how many days after its end the reporter may reopen a report.
pub const REOPEN_DAYS: i64 = 15;
/// How many extensions may be asked for: the first is the community's to decide, the second the street's.
pub const EXTENSIONS: i64 = 2;
/// Working days within which a bad rating is answered.
pub const ANSWER_DAYS: i64 = 1;

/// Most hours that one extension may ask for.
pub const MOST_HOURS: i64 = 200;

/// The whole table. A pair that is not in it is not possible.
pub const TABLE: &[(State, Step, State)] = {
    use State::*;
    use Step::*;
    &[
        (Submitted, Accept, Accepted),
        (Submitted, Ask, Asked),
        (Submitted, Merge, Merged),
        (Submitted, Reject, Rejected),
        (Submitted, Sort, Submitted),
        (Submitted, Add, Submitted),
        (Submitted, Withdraw, Withdrawn),
        (Asked, Reject, Rejected),
        (Asked, Answer, Submitted),
        (Asked, Withdraw, Withdrawn),
        (Accepted, Dispatch, Dispatched),
        (Accepted, Merge, Merged),
        (Accepted, Reject, Rejected),
        (Accepted, Sort, Accepted),
        (Accepted, Dispute, Disputed),
        (Accepted, Supervise, Accepted),
        (Accepted, SuperviseAnswer, Accepted),
        (Accepted, Add, Accepted),
        (Disputed, Uphold, Accepted),
        (Disputed, SendBack, Dispatched),
        (Disputed, Add, Disputed),
        (Dispatched, Sort, Dispatched),
        (Dispatched, Take, InProgress),
        (Dispatched, ExtendAsk, Dispatched),
        (Dispatched, Return, Accepted),
        (Dispatched, ExtendGrant, Dispatched),
        (Dispatched, ExtendRefuse, Dispatched),
        (Dispatched, ExtendGrantAbove, Dispatched),
        (Dispatched, ExtendRefuseAbove, Dispatched),
        (Dispatched, Supervise, Dispatched),
        (Dispatched, SuperviseAnswer, Dispatched),
        (Dispatched, Add, Dispatched),
        (InProgress, Sort, InProgress),
        (InProgress, Finish, Handled),
        (InProgress, Note, InProgress),
        (InProgress, ExtendAsk, InProgress),
        (InProgress, Return, Accepted),
        (InProgress, ExtendGrant, InProgress),
        (InProgress, ExtendRefuse, InProgress),
        (InProgress, ExtendGrantAbove, InProgress),
        (InProgress, ExtendRefuseAbove, InProgress),
        (InProgress, Suspend, Suspended),
        (InProgress, Supervise, InProgress),
        (InProgress, SuperviseAnswer, InProgress),
        (InProgress, Add, InProgress),
        (Suspended, Resume, InProgress),
        (Suspended, Supervise, Suspended),
        (Suspended, SuperviseAnswer, Suspended),
        (Suspended, Add, Suspended),
        (Handled, VerifyPass, Verified),
        (Handled, VerifyFail, InProgress),
        (Handled, SuperviseAnswer, Handled),
        (Verified, VerifyFail, InProgress),
        (Verified, Close, Closed),
        (Verified, SuperviseAnswer, Verified),
        (Closed, Confirm, Closed),
        (Closed, Reopen, Accepted),
        (Closed, Rate, Closed),
        (Closed, RateAnswer, Closed),
    ]
};

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

/// What of a report's past decides, beside its state, whether a step is possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The last thing that brought it to the dispatcher was a return.
    pub returned: bool,
    /// Extensions asked for so far, decided or not.
    pub extensions: i64,
    /// Level of the extension that waits for a decision: 1 community, 2 street.
    pub waiting_level: Option<i64>,
    /// The owner's time is over.
    pub overdue: bool,
    /// The owner has no time limit yet: its year is not published.
    pub unlimited: bool,
    /// The reporter has confirmed that it is solved.
    pub confirmed: bool,
    /// The reporter has rated it.
    pub rated: bool,
    /// The community has answered the rating.
    pub answered: bool,
    /// It ended longer ago than [`REOPEN_DAYS`].
    pub long_over: bool,
    /// A supervision order waits for an answer.
    pub supervised: bool,
}

/// Why a step that the table knows is not possible for this report: a catalogue key. `None`: it is possible.
pub fn obstacle(step: Step, past: Past) -> Option<&'static str> {
    match step {
        Step::Dispute if !past.returned => Some("reports-obstacle-not-returned"),
        Step::ExtendAsk if past.waiting_level.is_some() => Some("reports-obstacle-extension-waits"),
        Step::ExtendAsk if past.extensions >= EXTENSIONS => Some("reports-obstacle-extensions"),
        Step::ExtendAsk if past.overdue => Some("reports-obstacle-overdue"),
        Step::ExtendAsk if past.unlimited => Some("reports-obstacle-unlimited"),
        Step::ExtendGrant | Step::ExtendRefuse if past.waiting_level != Some(1) => {
            Some("reports-obstacle-no-extension")
        }
        Step::ExtendGrantAbove | Step::ExtendRefuseAbove if past.waiting_level != Some(2) => {
            Some("reports-obstacle-no-extension")
        }
        Step::SuperviseAnswer if !past.supervised => Some("reports-obstacle-no-order"),
        Step::Confirm if past.confirmed => Some("reports-obstacle-confirmed"),
        Step::Rate if past.rated => Some("reports-obstacle-rated"),
        Step::RateAnswer if !past.rated => Some("reports-obstacle-not-rated"),
        Step::RateAnswer if past.answered => Some("reports-obstacle-answered"),
        Step::Reopen if past.long_over => Some("reports-obstacle-long-over"),
        _ => None,
    }
}

/// The state in which a filed report begins: a grid worker who solved it where they found it only needs another pair
/// of eyes.
pub fn first_state(solved_on_spot: bool) -> State {
    if solved_on_spot { State::Handled } else { State::Submitted }
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

/// The steps that pages offer to somebody with `role` and this relation, in order.
pub fn offered(state: State, past: Past, role: Role, relation: Relation) -> Vec<Step> {
    let possible =
        |step: &Step| next(state, *step).is_some() && obstacle(*step, past).is_none() && may(role, relation, *step);
    Step::ALL.into_iter().filter(possible).collect()
}

impl Step {
    /// Every step, in the order in which pages offer them.
    pub const ALL: [Step; 32] = {
        use Step::*;
        [
            Accept,
            Uphold,
            SendBack,
            Dispatch,
            Take,
            Finish,
            Note,
            VerifyPass,
            VerifyFail,
            Close,
            Resume,
            ExtendGrant,
            ExtendRefuse,
            ExtendGrantAbove,
            ExtendRefuseAbove,
            SuperviseAnswer,
            RateAnswer,
            Ask,
            ExtendAsk,
            Suspend,
            Merge,
            Sort,
            Dispute,
            Return,
            Reject,
            Supervise,
            Answer,
            Add,
            Confirm,
            Reopen,
            Rate,
            Withdraw,
        ]
    };

    /// The permission that the step asks for; `None`: it is the reporter's own.
    pub fn action(self) -> Option<Action> {
        use Step::*;
        match self {
            Accept | Ask | Reject | Merge | Sort | Dispatch | Dispute | ExtendGrant | ExtendRefuse | Suspend
            | Resume | Close | SuperviseAnswer | RateAnswer => Some(Action::ReportManage),
            Uphold | SendBack | ExtendGrantAbove | ExtendRefuseAbove | Supervise => Some(Action::ReportSupervise),
            Take | Note | Return | Finish | ExtendAsk => Some(Action::ReportHandle),
            VerifyPass | VerifyFail => Some(Action::ReportVerify),
            Answer | Add | Withdraw | Confirm | Reopen | Rate => None,
        }
    }

    /// Whether the step cannot be taken without words: a refusal, a delay or an end without a reason is not possible,
    /// and a question or note without words says nothing.
    pub fn needs_reason(self) -> bool {
        use Step::*;
        matches!(
            self,
            Ask | Answer
                | Reject
                | Dispute
                | Uphold
                | SendBack
                | Return
                | Note
                | ExtendAsk
                | ExtendRefuse
                | ExtendRefuseAbove
                | Suspend
                | VerifyFail
                | Close
                | Supervise
                | SuperviseAnswer
                | RateAnswer
                | Reopen
        )
    }

    /// Whether its words are for everybody who knows the code. What handlers, dispatchers and the street write to each
    /// other stays between them, and the answer to a rating between the community and whoever gave it.
    pub fn is_public(self) -> bool {
        use Step::*;
        !matches!(
            self,
            Return
                | Dispute
                | Uphold
                | SendBack
                | Supervise
                | SuperviseAnswer
                | RateAnswer
                | ExtendAsk
                | ExtendRefuse
                | ExtendRefuseAbove
        )
    }

    /// Whether the public timeline tells of it at all.
    pub fn is_told(self) -> bool {
        use Step::*;
        !matches!(self, Return | Dispute | Uphold | SendBack | ExtendAsk | ExtendRefuse | ExtendRefuseAbove)
    }

    /// Whether its words are the reporter's own: the public timeline does not show them, whatever they were written
    /// for.
    pub fn is_own_words(self) -> bool {
        self.action().is_none()
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }
}

impl State {
    /// Every state, in the order of a report's life.
    pub const ALL: [State; 13] = {
        use State::*;
        [
            Submitted, Asked, Accepted, Disputed, Dispatched, InProgress, Suspended, Handled, Verified, Closed,
            Rejected, Withdrawn, Merged,
        ]
    };

    /// Whether nothing more happens by itself. A closed report can be reopened by the reporter.
    pub fn is_over(self) -> bool {
        matches!(self, State::Closed | State::Rejected | State::Withdrawn | State::Merged)
    }

    /// Whether somebody owns the report in this state: then it is exactly one.
    pub fn has_owner(self) -> bool {
        use State::*;
        matches!(self, Dispatched | InProgress | Suspended | Handled | Verified | Closed)
    }

    /// Whether the clocks stand still: it waits for somebody who is not at work on it.
    pub fn stands_still(self) -> bool {
        matches!(self, State::Asked | State::Suspended)
    }

    /// Whether its time limits matter now: not when it is done, over or standing still.
    pub fn is_running(self) -> bool {
        !self.is_over() && !self.stands_still() && !matches!(self, State::Handled | State::Verified)
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

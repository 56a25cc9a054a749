//! The states of a ticket and what may be done with it.

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketState {
    /// 待到场: drawn from afar, not yet checked in; never called.
    Issued,
    /// 等候
    Waiting,
    /// 叫号
    Called,
    /// 办理中
    Serving,
    /// 挂起: sent to copy something, say; comes back without a new number.
    Parked,
    /// 过号
    Passed,
    /// 办完
    Done,
    /// 未到
    NoShow,
    /// 离开
    Left,
}

impl TicketState {
    /// All of them.
    pub const ALL: [TicketState; 9] = [
        TicketState::Issued,
        TicketState::Waiting,
        TicketState::Called,
        TicketState::Serving,
        TicketState::Parked,
        TicketState::Passed,
        TicketState::Done,
        TicketState::NoShow,
        TicketState::Left,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            TicketState::Issued => "issued",
            TicketState::Waiting => "waiting",
            TicketState::Called => "called",
            TicketState::Serving => "serving",
            TicketState::Parked => "parked",
            TicketState::Passed => "passed",
            TicketState::Done => "done",
            TicketState::NoShow => "no_show",
            TicketState::Left => "left",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<TicketState> {
        TicketState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            TicketState::Issued => "queue-state-issued",
            TicketState::Waiting => "queue-state-waiting",
            TicketState::Called => "queue-state-called",
            TicketState::Serving => "queue-state-serving",
            TicketState::Parked => "queue-state-parked",
            TicketState::Passed => "queue-state-passed",
            TicketState::Done => "queue-state-done",
            TicketState::NoShow => "queue-state-no-show",
            TicketState::Left => "queue-state-left",
        }
    }

    /// Whether something can still happen to the ticket; its chain of intervals has an open end.
    pub fn is_open(self) -> bool {
        !matches!(self, TicketState::Done | TicketState::NoShow | TicketState::Left)
    }

    /// Whether the ticket keeps a window busy.
    pub fn is_at_window(self) -> bool {
        matches!(self, TicketState::Called | TicketState::Serving)
    }
}

/// What can be done with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The person has come (a number drawn from afar).
    CheckIn,
    /// 叫号
    Call,
    /// 重呼: the same number once more, at most [`MAX_CALLS`] times in all.
    Recall,
    /// 过号
    Pass,
    /// 叫回过号: the person came back; next after the one being served.
    RecallPassed,
    /// 挂起
    Park,
    /// 恢复等候
    Unpark,
    /// 转窗口 / 转事项: back into the line, at the place the person had.
    Transfer,
    /// 开始办理
    Start,
    /// 办完
    Finish,
    /// 未到
    NoShow,
    /// 离开: the person gives up.
    Leave,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 12] = [
        Step::CheckIn,
        Step::Call,
        Step::Recall,
        Step::Pass,
        Step::RecallPassed,
        Step::Park,
        Step::Unpark,
        Step::Transfer,
        Step::Start,
        Step::Finish,
        Step::NoShow,
        Step::Leave,
    ];

    /// As stored and sent by forms.
    pub fn code(self) -> &'static str {
        match self {
            Step::CheckIn => "check_in",
            Step::Call => "call",
            Step::Recall => "recall",
            Step::Pass => "pass",
            Step::RecallPassed => "recall_passed",
            Step::Park => "park",
            Step::Unpark => "unpark",
            Step::Transfer => "transfer",
            Step::Start => "start",
            Step::Finish => "finish",
            Step::NoShow => "no_show",
            Step::Leave => "leave",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// The catalogue key of what was done, for the undo bar.
    pub fn done_key(self) -> &'static str {
        match self {
            Step::CheckIn => "queue-did-check-in",
            Step::Call => "queue-did-call",
            Step::Recall => "queue-did-recall",
            Step::Pass => "queue-did-pass",
            Step::RecallPassed => "queue-did-recall-passed",
            Step::Park => "queue-did-park",
            Step::Unpark => "queue-did-unpark",
            Step::Transfer => "queue-did-transfer",
            Step::Start => "queue-did-start",
            Step::Finish => "queue-did-finish",
            Step::NoShow => "queue-did-no-show",
            Step::Leave => "queue-did-leave",
        }
    }
}

/// The state after a step; `None`: the step is not possible in this state. This is the whole table.
pub fn after(state: TicketState, step: Step) -> Option<TicketState> {
    use TicketState::*;
    match (state, step) {
        (Issued, Step::CheckIn) => Some(Waiting),
        (Waiting, Step::Call) => Some(Called),
        (Called, Step::Recall) => Some(Called),
        (Called, Step::Pass) => Some(Passed),
        (Passed, Step::RecallPassed) => Some(Waiting),
        (Waiting | Called | Serving, Step::Park) => Some(Parked),
        (Parked, Step::Unpark) => Some(Waiting),
        (Waiting | Called | Serving | Parked, Step::Transfer) => Some(Waiting),
        (Called, Step::Start) => Some(Serving),
        (Serving, Step::Finish) => Some(Done),
        (Called | Passed, Step::NoShow) => Some(NoShow),
        (Issued | Waiting | Called | Serving | Parked | Passed, Step::Leave) => Some(Left),
        _ => None,
    }
}

/// A number is called at most so many times in all; after that "passed" is suggested.
pub const MAX_CALLS: i64 = 3;

/// A step can be undone by who made it for so many seconds.
pub const UNDO_SECONDS: i64 = 10;

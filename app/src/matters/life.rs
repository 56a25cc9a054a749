//! The life of a matter: one table of states, steps and sides. Nothing else decides where a step leads or who takes it.

#[cfg(test)]
mod tests;

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// 待签收: sent, and nobody has taken it yet.
    Sent,
    /// 已签收: taken by the receiver.
    Accepted,
    /// 办理中: the receiver is at it.
    InProgress,
    /// 等外部平台: handed to an outside platform; the clock stands still.
    Waiting,
    /// 申请退回: the receiver asks to give it back; the clock stands still.
    ReturnAsked,
    /// 申请撤回: the sender asks to take it back; the clock stands still.
    WithdrawAsked,
    /// 申请延期: the receiver asks for more time; the clock stands still.
    ExtendAsked,
    /// 已答复: answered, and the sender has not looked at it yet.
    Answered,
    /// 已办结.
    Closed,
    /// 已退回.
    Returned,
    /// 已撤回.
    Withdrawn,
    /// 已取消: taken back before anybody had accepted it.
    Cancelled,
}

impl State {
    /// All of them, in the order of a life.
    pub const ALL: [State; 12] = [
        State::Sent,
        State::Accepted,
        State::InProgress,
        State::Waiting,
        State::ReturnAsked,
        State::WithdrawAsked,
        State::ExtendAsked,
        State::Answered,
        State::Closed,
        State::Returned,
        State::Withdrawn,
        State::Cancelled,
    ];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            State::Sent => "sent",
            State::Accepted => "accepted",
            State::InProgress => "in_progress",
            State::Waiting => "waiting",
            State::ReturnAsked => "return_asked",
            State::WithdrawAsked => "withdraw_asked",
            State::ExtendAsked => "extend_asked",
            State::Answered => "answered",
            State::Closed => "closed",
            State::Returned => "returned",
            State::Withdrawn => "withdrawn",
            State::Cancelled => "cancelled",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            State::Sent => "matters-state-sent",
            State::Accepted => "matters-state-accepted",
            State::InProgress => "matters-state-in-progress",
            State::Waiting => "matters-state-waiting",
            State::ReturnAsked => "matters-state-return-asked",
            State::WithdrawAsked => "matters-state-withdraw-asked",
            State::ExtendAsked => "matters-state-extend-asked",
            State::Answered => "matters-state-answered",
            State::Closed => "matters-state-closed",
            State::Returned => "matters-state-returned",
            State::Withdrawn => "matters-state-withdrawn",
            State::Cancelled => "matters-state-cancelled",
        }
    }

    /// Nothing more happens.
    pub fn is_over(self) -> bool {
        matches!(self, State::Closed | State::Returned | State::Withdrawn | State::Cancelled)
    }

    /// The receiver has done their part, or nothing more happens.
    pub fn is_done(self) -> bool {
        self == State::Answered || self.is_over()
    }

    /// It waits for a decision of the other side.
    pub fn is_asked(self) -> bool {
        matches!(self, State::ReturnAsked | State::WithdrawAsked | State::ExtendAsked)
    }

    /// The clocks stand still.
    pub fn stands_still(self) -> bool {
        self.is_asked() || matches!(self, State::Waiting | State::Answered)
    }

    /// The side that is to decide or look now, if it is neither's work in hand.
    pub fn decides(self) -> Option<Side> {
        match self {
            State::ReturnAsked | State::ExtendAsked | State::Answered => Some(Side::Sender),
            State::WithdrawAsked => Some(Side::Receiver),
            _ => None,
        }
    }
}

/// A side of a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sent it.
    Sender,
    /// To whom it was sent.
    Receiver,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 签收.
    Accept,
    /// 开始办理.
    Start,
    /// 补充说明: a note of either side, which changes nothing.
    Note,
    /// 下派/继续上报: the receiver hands it on, as a matter below this one.
    HandOn,
    /// The same to an outside platform: it waits.
    HandOut,
    /// It waits for no platform any more.
    Resume,
    /// 答复.
    Answer,
    /// 不认可: the sender is not content with the answer.
    Rework,
    /// 办结.
    Close,
    /// 申请退回.
    AskReturn,
    /// 同意退回.
    GrantReturn,
    /// 不同意退回.
    RefuseReturn,
    /// 申请撤回.
    AskWithdraw,
    /// 同意撤回.
    GrantWithdraw,
    /// 不同意撤回.
    RefuseWithdraw,
    /// 申请延期.
    AskExtend,
    /// 同意延期.
    GrantExtend,
    /// 不同意延期.
    RefuseExtend,
    /// 取消: the sender takes it back before it is accepted.
    Cancel,
}

impl Step {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Step; 19] = [
        Step::Accept,
        Step::Start,
        Step::Answer,
        Step::Close,
        Step::GrantReturn,
        Step::RefuseReturn,
        Step::GrantWithdraw,
        Step::RefuseWithdraw,
        Step::GrantExtend,
        Step::RefuseExtend,
        Step::Rework,
        Step::Resume,
        Step::Note,
        Step::AskExtend,
        Step::AskReturn,
        Step::AskWithdraw,
        Step::Cancel,
        Step::HandOn,
        Step::HandOut,
    ];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Step::Accept => "accept",
            Step::Start => "start",
            Step::Note => "note",
            Step::HandOn => "hand_on",
            Step::HandOut => "hand_out",
            Step::Resume => "resume",
            Step::Answer => "answer",
            Step::Rework => "rework",
            Step::Close => "close",
            Step::AskReturn => "ask_return",
            Step::GrantReturn => "grant_return",
            Step::RefuseReturn => "refuse_return",
            Step::AskWithdraw => "ask_withdraw",
            Step::GrantWithdraw => "grant_withdraw",
            Step::RefuseWithdraw => "refuse_withdraw",
            Step::AskExtend => "ask_extend",
            Step::GrantExtend => "grant_extend",
            Step::RefuseExtend => "refuse_extend",
            Step::Cancel => "cancel",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Catalogue key of what it does, on its button.
    pub fn key(self) -> &'static str {
        match self {
            Step::Accept => "matters-do-accept",
            Step::Start => "matters-do-start",
            Step::Note => "matters-do-note",
            Step::HandOn => "matters-do-hand-on",
            Step::HandOut => "matters-do-hand-out",
            Step::Resume => "matters-do-resume",
            Step::Answer => "matters-do-answer",
            Step::Rework => "matters-do-rework",
            Step::Close => "matters-do-close",
            Step::AskReturn => "matters-do-ask-return",
            Step::GrantReturn => "matters-do-grant-return",
            Step::RefuseReturn => "matters-do-refuse-return",
            Step::AskWithdraw => "matters-do-ask-withdraw",
            Step::GrantWithdraw => "matters-do-grant-withdraw",
            Step::RefuseWithdraw => "matters-do-refuse-withdraw",
            Step::AskExtend => "matters-do-ask-extend",
            Step::GrantExtend => "matters-do-grant-extend",
            Step::RefuseExtend => "matters-do-refuse-extend",
            Step::Cancel => "matters-do-cancel",
        }
    }

    /// Catalogue key of what was done, in the timeline and in messages.
    pub fn done_key(self) -> &'static str {
        match self {
            Step::Accept => "matters-done-accept",
            Step::Start => "matters-done-start",
            Step::Note => "matters-done-note",
            Step::HandOn => "matters-done-hand-on",
            Step::HandOut => "matters-done-hand-out",
            Step::Resume => "matters-done-resume",
            Step::Answer => "matters-done-answer",
            Step::Rework => "matters-done-rework",
            Step::Close => "matters-done-close",
            Step::AskReturn => "matters-done-ask-return",
            Step::GrantReturn => "matters-done-grant-return",
            Step::RefuseReturn => "matters-done-refuse-return",
            Step::AskWithdraw => "matters-done-ask-withdraw",
            Step::GrantWithdraw => "matters-done-grant-withdraw",
            Step::RefuseWithdraw => "matters-done-refuse-withdraw",
            Step::AskExtend => "matters-done-ask-extend",
            Step::GrantExtend => "matters-done-grant-extend",
            Step::RefuseExtend => "matters-done-refuse-extend",
            Step::Cancel => "matters-done-cancel",
        }
    }

    /// Which side takes it; `None`: either.
    pub fn side(self) -> Option<Side> {
        match self {
            Step::Note => None,
            Step::Accept
            | Step::Start
            | Step::HandOn
            | Step::HandOut
            | Step::Resume
            | Step::Answer
            | Step::AskReturn
            | Step::GrantWithdraw
            | Step::RefuseWithdraw
            | Step::AskExtend => Some(Side::Receiver),
            Step::Rework
            | Step::Close
            | Step::GrantReturn
            | Step::RefuseReturn
            | Step::AskWithdraw
            | Step::GrantExtend
            | Step::RefuseExtend
            | Step::Cancel => Some(Side::Sender),
        }
    }

    /// Whether it needs words: whatever is asked, refused, answered or taken back says why.
    pub fn needs_words(self) -> bool {
        !matches!(
            self,
            Step::Accept
                | Step::Start
                | Step::Resume
                | Step::Close
                | Step::GrantReturn
                | Step::GrantWithdraw
                | Step::GrantExtend
                | Step::HandOn
                | Step::HandOut
        )
    }

    /// Whether it says a number of working days.
    pub fn needs_days(self) -> bool {
        self == Step::AskExtend
    }

    /// Whether a form or message asks for it as such; the others follow from another matter.
    pub fn is_taken(self) -> bool {
        !matches!(self, Step::HandOn | Step::HandOut)
    }
}

/// Where a step leads from `state`. `back` is the state before the question that is open, for states in which one is.
/// `None`: it is not possible there.
pub fn next(state: State, back: State, step: Step) -> Option<State> {
    use State::*;
    Some(match (step, state) {
        (Step::Accept, Sent) => Accepted,
        (Step::Start, Accepted) => InProgress,
        (Step::Note, state) if !state.is_over() => state,
        (Step::HandOn, Accepted | InProgress) => InProgress,
        (Step::HandOn | Step::HandOut, Waiting) => Waiting,
        (Step::HandOut, Accepted | InProgress) => Waiting,
        (Step::Resume, Waiting) => InProgress,
        (Step::Answer, Accepted | InProgress) => Answered,
        (Step::Rework, Answered) => InProgress,
        (Step::Close, Answered) => Closed,
        (Step::AskReturn, Sent | Accepted | InProgress) => ReturnAsked,
        (Step::GrantReturn, ReturnAsked) => Returned,
        (Step::AskWithdraw, Accepted | InProgress | Waiting) => WithdrawAsked,
        (Step::GrantWithdraw, WithdrawAsked) => Withdrawn,
        (Step::AskExtend, Accepted | InProgress) => ExtendAsked,
        (Step::RefuseReturn, ReturnAsked)
        | (Step::RefuseWithdraw, WithdrawAsked)
        | (Step::GrantExtend | Step::RefuseExtend, ExtendAsked) => back,
        (Step::Cancel, Sent) => Cancelled,
        _ => return None,
    })
}

/// What stands around a matter when a step is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Matters below it that are not answered or over.
    pub open_children: i64,
    /// Its time for handling is over.
    pub late: bool,
    /// The matter above it is answered or over.
    pub parent_done: bool,
    /// Working days were granted, all in all.
    pub extended: i64,
    /// The other side hears nothing but the sending: a platform behind Open311.
    pub deaf: bool,
}

/// Why a step that the table allows is not possible now: a catalogue key.
pub fn obstacle(step: Step, around: Around) -> Option<&'static str> {
    match step {
        Step::AskReturn | Step::GrantWithdraw | Step::Answer if around.open_children > 0 => {
            Some("matters-obstacle-children")
        }
        // An extension is asked for before the time is over.
        Step::AskExtend if around.late => Some("matters-obstacle-late"),
        Step::AskExtend if around.extended >= super::DAYS => Some("matters-obstacle-extended"),
        Step::Rework if around.parent_done => Some("matters-obstacle-parent"),
        // GeoReport v2 has no way to say so.
        Step::AskWithdraw | Step::Rework if around.deaf => Some("matters-obstacle-deaf"),
        _ => None,
    }
}

/// Whether the receiver may hand a matter in this state on.
pub fn may_hand_on(state: State) -> bool {
    next(state, state, Step::HandOn).is_some()
}

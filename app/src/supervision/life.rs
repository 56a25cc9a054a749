//! The life of a letter as one pure table: state × step → state, and which side takes which step.
//!
//! Source: issue 7, "Supervision": issued with a number, answered finding by finding, re-checked by the issuer; done, or sent back
//! with a reason and a new deadline (the next round); withdrawn with a reason; an extension is asked before the time is over.

/// Where a letter is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 草稿: only the issuer sees it.
    Draft,
    /// 待回复: it has its number and waits for the addressee.
    Issued,
    /// 待复查: it was answered and waits for the issuer.
    Answered,
    /// 已办结: the re-check found it done.
    Done,
    /// 已撤回: taken back by the issuer, with a reason.
    Withdrawn,
}

/// What can be done to a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 起草、修改
    Change,
    /// 签发
    Issue,
    /// 回复, finding by finding.
    Answer,
    /// 复查通过
    Pass,
    /// 退回: not done; issued again with a new deadline.
    SendBack,
    /// 申请延期
    ExtendAsk,
    /// 同意延期
    ExtendGrant,
    /// 不同意延期
    ExtendRefuse,
    /// 撤回
    Withdraw,
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Supervisors of the organisation that issues.
    Issuer,
    /// Staff of the organisation that it is addressed to.
    Addressee,
}

/// Extensions that may be asked for in one round.
pub const EXTENSIONS: i64 = 1;

/// The whole table. A pair that is not in it is not possible.
pub const TABLE: &[(State, Step, State)] = {
    use State::*;
    &[
        (Draft, Step::Change, Draft),
        (Draft, Step::Issue, Issued),
        (Draft, Step::Withdraw, Withdrawn),
        (Issued, Step::Answer, Answered),
        (Issued, Step::ExtendAsk, Issued),
        (Issued, Step::ExtendGrant, Issued),
        (Issued, Step::ExtendRefuse, Issued),
        (Issued, Step::Withdraw, Withdrawn),
        (Answered, Step::Pass, Done),
        (Answered, Step::SendBack, Issued),
        (Answered, Step::Withdraw, Withdrawn),
    ]
};

/// What of a letter's past decides, beside its state, whether a step is possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// An extension waits for a decision.
    pub waits: bool,
    /// Extensions asked for in this round.
    pub asks: i64,
    /// The time to answer is over.
    pub overdue: bool,
    /// Whoever asks has written the answer of this round.
    pub own_answer: bool,
}

/// The state that `step` leads to, or `None` when it is not possible in `state`.
pub fn next(state: State, step: Step) -> Option<State> {
    TABLE.iter().find(|(from, by, _)| *from == state && *by == step).map(|(_, _, to)| *to)
}

/// Why a step that the table knows is not possible for this letter: a catalogue key. `None`: it is possible.
pub fn obstacle(step: Step, past: Past) -> Option<&'static str> {
    match step {
        Step::ExtendAsk if past.waits => Some("supervision-obstacle-waits"),
        Step::ExtendAsk if past.asks >= EXTENSIONS => Some("supervision-obstacle-asked"),
        Step::ExtendAsk if past.overdue => Some("supervision-obstacle-overdue"),
        Step::ExtendGrant | Step::ExtendRefuse if !past.waits => Some("supervision-obstacle-none-waits"),
        Step::Pass | Step::SendBack if past.own_answer => Some("supervision-obstacle-own-answer"),
        _ => None,
    }
}

/// The steps that a page offers to somebody on these sides, the main one first.
pub fn offered(state: State, past: Past, (issuer, addressee): (bool, bool)) -> Vec<Step> {
    let mine = |step: Step| if step.side() == Side::Issuer { issuer } else { addressee };
    Step::ALL
        .into_iter()
        .filter(|step| mine(*step) && next(state, *step).is_some() && obstacle(*step, past).is_none())
        .collect()
}

impl State {
    /// Every state, in the order of the register.
    pub const ALL: [State; 5] = [State::Issued, State::Answered, State::Done, State::Draft, State::Withdrawn];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Issued => "issued",
            State::Answered => "answered",
            State::Done => "done",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            State::Draft => "supervision-state-draft",
            State::Issued => "supervision-state-issued",
            State::Answered => "supervision-state-answered",
            State::Done => "supervision-state-done",
            State::Withdrawn => "supervision-state-withdrawn",
        }
    }
}

impl Step {
    /// Every step, in the order in which pages offer them.
    pub const ALL: [Step; 9] = [
        Step::Issue,
        Step::Answer,
        Step::Pass,
        Step::SendBack,
        Step::ExtendGrant,
        Step::ExtendRefuse,
        Step::ExtendAsk,
        Step::Change,
        Step::Withdraw,
    ];

    /// As stored and as forms send it.
    pub fn code(self) -> &'static str {
        match self {
            Step::Change => "change",
            Step::Issue => "issue",
            Step::Answer => "answer",
            Step::Pass => "pass",
            Step::SendBack => "send_back",
            Step::ExtendAsk => "extend_ask",
            Step::ExtendGrant => "extend_grant",
            Step::ExtendRefuse => "extend_refuse",
            Step::Withdraw => "withdraw",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Which side takes it.
    pub fn side(self) -> Side {
        if matches!(self, Step::Answer | Step::ExtendAsk) { Side::Addressee } else { Side::Issuer }
    }

    /// Whether it cannot be taken without a reason.
    pub fn needs_reason(self) -> bool {
        matches!(self, Step::SendBack | Step::ExtendAsk | Step::ExtendRefuse | Step::Withdraw)
    }

    /// Catalogue key of the button.
    pub fn button_key(self) -> &'static str {
        match self {
            Step::Change => "supervision-do-change",
            Step::Issue => "supervision-do-issue",
            Step::Answer => "supervision-do-answer",
            Step::Pass => "supervision-do-pass",
            Step::SendBack => "supervision-do-send-back",
            Step::ExtendAsk => "supervision-do-extend-ask",
            Step::ExtendGrant => "supervision-do-extend-grant",
            Step::ExtendRefuse => "supervision-do-extend-refuse",
            Step::Withdraw => "supervision-do-withdraw",
        }
    }

    /// Catalogue key of what happened.
    pub fn event_key(self) -> &'static str {
        match self {
            Step::Change => "supervision-event-change",
            Step::Issue => "supervision-event-issue",
            Step::Answer => "supervision-event-answer",
            Step::Pass => "supervision-event-pass",
            Step::SendBack => "supervision-event-send-back",
            Step::ExtendAsk => "supervision-event-extend-ask",
            Step::ExtendGrant => "supervision-event-extend-grant",
            Step::ExtendRefuse => "supervision-event-extend-refuse",
            Step::Withdraw => "supervision-event-withdraw",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_come_back_and_every_step_is_in_the_table_once_for_a_state() {
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(state));
            for step in Step::ALL {
                assert!(TABLE.iter().filter(|(from, by, _)| *from == state && *by == step).count() <= 1);
            }
        }
        for step in Step::ALL {
            assert_eq!(Step::from_code(step.code()), Some(step));
            assert!(TABLE.iter().any(|(_, by, _)| *by == step), "{step:?}");
        }
        assert_eq!(Step::from_code("nonsense"), None);
    }

    #[test]
    fn what_is_over_stays_so() {
        for state in [State::Done, State::Withdrawn] {
            assert!(Step::ALL.into_iter().all(|step| next(state, step).is_none()), "{state:?}");
        }
    }

    #[test]
    fn nobody_rechecks_their_own_answer_and_an_extension_is_asked_once_and_in_time() {
        let own = Past { own_answer: true, ..Past::default() };
        assert_eq!(offered(State::Answered, own, (true, true)), [Step::Withdraw]);
        assert_eq!(
            offered(State::Answered, Past::default(), (true, false)),
            [Step::Pass, Step::SendBack, Step::Withdraw]
        );
        let ask = |past| offered(State::Issued, past, (false, true)).contains(&Step::ExtendAsk);
        assert!(ask(Past::default()));
        assert!(!ask(Past { overdue: true, ..Past::default() }));
        assert!(!ask(Past { waits: true, asks: 1, ..Past::default() }));
        assert!(!ask(Past { asks: 1, ..Past::default() }));
        let waits = Past { waits: true, asks: 1, ..Past::default() };
        assert_eq!(
            offered(State::Issued, waits, (true, false)),
            [Step::ExtendGrant, Step::ExtendRefuse, Step::Withdraw]
        );
        assert!(offered(State::Draft, Past::default(), (false, true)).is_empty(), "a draft is the issuer's");
    }

    proptest! {
        /// However steps follow one another: it is done only by a pass of an answer, and answers come only to what was issued.
        #[test]
        fn it_is_done_only_after_an_answer_was_passed(steps in prop::collection::vec(0..Step::ALL.len(), 0..40)) {
            let (mut state, mut answered, mut issued) = (State::Draft, false, false);
            for step in steps.into_iter().map(|nth| Step::ALL[nth]) {
                let Some(to) = next(state, step) else { continue };
                issued |= step == Step::Issue;
                prop_assert!(step != Step::Answer || issued);
                answered = match step {
                    Step::Answer => true,
                    Step::SendBack => false,
                    _ => answered,
                };
                state = to;
                prop_assert!(state != State::Done || answered);
            }
        }
    }
}

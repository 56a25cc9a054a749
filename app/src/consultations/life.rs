//! The life of a consultation: one table of states and steps.

use jiff::Timestamp;

/// Where a consultation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Being written; residents do not see it.
    Draft,
    /// Residents answer, between its two instants.
    Open,
    /// Nobody answers any more; staff may still type sheets of paper.
    Closed,
    /// Staff look for double voices and decide.
    Weighing,
    /// Decided, with the reason, and published.
    Answered,
    /// Taken back, with the reason.
    Withdrawn,
}

impl State {
    /// All, in their order.
    pub const ALL: [State; 6] =
        [State::Draft, State::Open, State::Closed, State::Weighing, State::Answered, State::Withdrawn];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Open => "open",
            State::Closed => "closed",
            State::Weighing => "weighing",
            State::Answered => "answered",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state with this stored code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            State::Draft => "consultations-state-draft",
            State::Open => "consultations-state-open",
            State::Closed => "consultations-state-closed",
            State::Weighing => "consultations-state-weighing",
            State::Answered => "consultations-state-answered",
            State::Withdrawn => "consultations-state-withdrawn",
        }
    }

    /// The state at an instant: what is open ends by itself when its time is over, whether or not a job has written it down.
    pub fn at(self, closes_at: Timestamp, now: Timestamp) -> State {
        if self == State::Open && closes_at <= now { State::Closed } else { self }
    }
}

/// What is done with a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Put it to residents.
    Ask,
    /// Its time is over.
    Close,
    /// Begin to weigh: from here on no voice is added.
    Weigh,
    /// Publish what was decided, and why.
    Answer,
    /// Take it back, with a reason.
    Withdraw,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Step; 5] = [Step::Ask, Step::Close, Step::Weigh, Step::Answer, Step::Withdraw];

    /// What a button sends.
    pub fn code(self) -> &'static str {
        match self {
            Step::Ask => "ask",
            Step::Close => "close",
            Step::Weigh => "weigh",
            Step::Answer => "answer",
            Step::Withdraw => "withdraw",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// What the audit log calls it.
    pub fn action(self) -> &'static str {
        match self {
            Step::Ask => "consultation.ask",
            Step::Close => "consultation.close",
            Step::Weigh => "consultation.weigh",
            Step::Answer => "consultation.answer",
            Step::Withdraw => "consultation.withdraw",
        }
    }

    /// Staff take it; the end of the time comes by itself.
    pub fn is_for_staff(self) -> bool {
        self != Step::Close
    }
}

/// Where a step leads; `None`: it is not possible from there. Nothing leads out of an answer or a withdrawal: what was told
/// to residents stands.
pub fn next(state: State, step: Step) -> Option<State> {
    match (state, step) {
        (State::Draft, Step::Ask) => Some(State::Open),
        (State::Open, Step::Close) => Some(State::Closed),
        (State::Closed, Step::Weigh) => Some(State::Weighing),
        (State::Weighing, Step::Answer) => Some(State::Answered),
        (State::Draft | State::Open | State::Closed | State::Weighing, Step::Withdraw) => Some(State::Withdrawn),
        _ => None,
    }
}

/// Whether residents may answer now.
pub fn answers(state: State, opens_at: Timestamp, closes_at: Timestamp, now: Timestamp) -> bool {
    state == State::Open && opens_at <= now && now < closes_at
}

/// Whether staff may type a sheet of paper now: also after the time is over, until the weighing begins.
pub fn takes_paper(state: State, opens_at: Timestamp, now: Timestamp) -> bool {
    matches!(state, State::Open | State::Closed) && opens_at <= now
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_state_is_reached_and_what_is_over_stays_over() {
        let (mut seen, mut open) = (BTreeSet::from(["draft"]), vec![State::Draft]);
        while let Some(state) = open.pop() {
            for step in Step::ALL {
                if let Some(after) = next(state, step)
                    && seen.insert(after.code())
                {
                    open.push(after);
                }
            }
        }
        assert_eq!(seen.len(), State::ALL.len());
        for over in [State::Answered, State::Withdrawn] {
            assert!(Step::ALL.into_iter().all(|step| next(over, step).is_none()));
        }
        assert_eq!(next(State::Open, Step::Answer), None, "nobody decides while residents speak");
        assert_eq!(next(State::Open, Step::Weigh), None);
    }

    proptest::proptest! {
        #[test]
        fn codes_read_back_and_time_closes(opens in 0_i64..1000, long in 1_i64..1000, now in 0_i64..3000) {
            for state in State::ALL {
                proptest::prop_assert_eq!(State::from_code(state.code()), Some(state));
            }
            for step in Step::ALL {
                proptest::prop_assert_eq!(Step::from_code(step.code()), Some(step));
            }
            let at = |second: i64| Timestamp::from_second(second).unwrap_or_default();
            let (opens_at, closes_at, now) = (at(opens), at(opens + long), at(now));
            let state = State::Open.at(closes_at, now);
            proptest::prop_assert_eq!(state == State::Closed, closes_at <= now);
            proptest::prop_assert_eq!(answers(state, opens_at, closes_at, now), opens_at <= now && now < closes_at);
            proptest::prop_assert!(!answers(state, opens_at, closes_at, now) || takes_paper(state, opens_at, now));
            proptest::prop_assert!(!takes_paper(State::Weighing, opens_at, now));
        }
    }
}

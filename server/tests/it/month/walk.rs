//! One report's life: steps thrown by a fixed recipe, each as the table of states allows it.

use super::calendar::{DAY, HOUR};
use app::reports::{State, Step, life};

/// Numbers that look random and are the same in every run.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// By a seed other than 0.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// From 0 to below `most`.
    pub fn below(&mut self, most: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(most).expect("positive")).expect("small")
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let n = self.below(i64::try_from(from.len()).expect("small"));
        &from[usize::try_from(n).expect("small")]
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub struct Happened {
    /// When.
    pub at: i64,
    /// The step; `None`: filed.
    pub step: Option<Step>,
    /// State before.
    pub from: State,
    /// State after.
    pub to: State,
    /// Hours granted or asked for.
    pub hours: i64,
    /// Stars given.
    pub stars: i64,
}

/// What comes next by chance; `None`: nothing more.
fn chosen(state: State, dice: &mut Dice, past: &Past) -> Option<Step> {
    let n = dice.below(100);
    Some(match state {
        State::Submitted => match n {
            0..4 => Step::Ask,
            4..6 => Step::Reject,
            6..8 => Step::Withdraw,
            8..9 => Step::Merge,
            _ => Step::Accept,
        },
        State::Asked => match n {
            0..6 => Step::Withdraw,
            6..9 => Step::Reject,
            _ => Step::Answer,
        },
        State::Accepted if past.returned && n < 30 => Step::Dispute,
        State::Accepted => Step::Dispatch,
        State::Disputed if n < 50 => Step::Uphold,
        State::Disputed => Step::SendBack,
        State::Dispatched | State::InProgress if past.asked_level > 0 => match (past.asked_level, n < 70) {
            (1, true) => Step::ExtendGrant,
            (1, false) => Step::ExtendRefuse,
            (_, true) => Step::ExtendGrantAbove,
            _ => Step::ExtendRefuseAbove,
        },
        State::Dispatched if n < 6 => Step::Return,
        State::Dispatched => Step::Take,
        State::InProgress => match n {
            0..12 => Step::Note,
            12..17 => Step::Suspend,
            17..23 if past.extensions < 2 => Step::ExtendAsk,
            23..26 => Step::Return,
            _ => Step::Finish,
        },
        State::Suspended => Step::Resume,
        State::Handled if n < 9 => Step::VerifyFail,
        State::Handled => Step::VerifyPass,
        State::Verified if n < 2 => Step::VerifyFail,
        State::Verified => Step::Close,
        State::Closed => match n {
            0..30 if !past.rated => Step::Rate,
            30..33 => Step::Reopen,
            _ => return None,
        },
        _ => return None,
    })
}

#[derive(Debug, Default)]
struct Past {
    returned: bool,
    asked_level: i64,
    extensions: i64,
    rated: bool,
}

/// A life from its filing until it ends or `now`.
pub fn live(filed: i64, now: i64, on_the_spot: bool, dice: &mut Dice) -> Vec<Happened> {
    let mut state = life::first_state(on_the_spot);
    let mut all = vec![Happened { at: filed, step: None, from: state, to: state, hours: 0, stars: 0 }];
    let (mut at, mut past) = (filed, Past::default());
    // A slow one now and then.
    let slow = if dice.below(12) == 0 { 12 } else { 1 };
    while let Some(step) = chosen(state, dice, &past) {
        let most = match state {
            State::Submitted | State::Accepted | State::Disputed => 6 * HOUR,
            State::InProgress => 40 * HOUR,
            State::Suspended => 6 * DAY,
            State::Closed => 4 * DAY,
            _ => 16 * HOUR,
        };
        // To the second, and never at the same moment as the step before.
        at += (1 + dice.below(most * slow / 1_000_000)) * 1_000_000;
        if at >= now || all.len() > 40 {
            break;
        }
        let Some(to) = life::next(state, step) else { panic!("{state:?} {step:?} is not in the table") };
        let hours = if matches!(step, Step::ExtendAsk) { 1 + dice.below(24) } else { 0 };
        let granted = matches!(step, Step::ExtendGrant | Step::ExtendGrantAbove);
        let asked = all.iter().rev().find(|happened| happened.step == Some(Step::ExtendAsk)).map_or(0, |h| h.hours);
        let stars = if step == Step::Rate { 1 + dice.below(5) } else { 0 };
        all.push(Happened { at, step: Some(step), from: state, to, hours: if granted { asked } else { hours }, stars });
        match step {
            Step::ExtendAsk => {
                past.extensions += 1;
                past.asked_level = past.extensions;
            }
            Step::ExtendGrant | Step::ExtendRefuse | Step::ExtendGrantAbove | Step::ExtendRefuseAbove => {
                past.asked_level = 0;
            }
            Step::Return => (past.returned, past.asked_level) = (true, 0),
            Step::Finish | Step::Suspend => past.asked_level = 0,
            Step::Dispatch => past.returned = false,
            Step::Rate => past.rated = true,
            Step::Reopen => past.rated = false,
            _ => {}
        }
        state = to;
    }
    all
}

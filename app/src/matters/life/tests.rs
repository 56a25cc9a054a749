//! The table of steps, tried.

use super::*;
use proptest::prelude::*;

#[test]
fn codes_are_read_back() {
    for state in State::ALL {
        assert_eq!(State::from_code(state.code()), Some(state));
    }
    for step in Step::ALL {
        assert_eq!(Step::from_code(step.code()), Some(step));
    }
}

#[test]
fn the_straight_way_and_the_ways_aside() {
    let walk = |steps: &[Step]| {
        let (mut state, mut back) = (State::Sent, State::Sent);
        for step in steps {
            let to = next(state, back, *step).unwrap_or_else(|| panic!("{step:?} in {state:?}"));
            if to.is_asked() && to != state {
                back = state;
            }
            state = to;
        }
        state
    };
    use Step::*;
    assert_eq!(walk(&[Accept, Start, Answer, Close]), State::Closed);
    assert_eq!(walk(&[Accept, Answer, Rework, Answer, Close]), State::Closed);
    assert_eq!(walk(&[AskReturn, RefuseReturn]), State::Sent);
    assert_eq!(walk(&[AskReturn, GrantReturn]), State::Returned);
    assert_eq!(walk(&[Accept, AskExtend, GrantExtend]), State::Accepted);
    assert_eq!(walk(&[Accept, HandOut, AskWithdraw, RefuseWithdraw, Resume]), State::InProgress);
    assert_eq!(walk(&[Cancel]), State::Cancelled);
    assert_eq!(next(State::Accepted, State::Sent, Cancel), None, "once it is taken, the receiver agrees to it");
}

proptest! {
    /// Whatever is tried: what is over stays over, a question always comes back to where it was asked, and every
    /// state that is not over has a way to its end.
    #[test]
    fn no_story_is_stuck(steps in prop::collection::vec(0_usize..Step::ALL.len(), 0..40)) {
        let (mut state, mut back) = (State::Sent, State::Sent);
        for step in steps.into_iter().map(|n| Step::ALL[n]) {
            let Some(to) = next(state, back, step) else { continue };
            prop_assert!(!state.is_over());
            if to.is_asked() && to != state {
                prop_assert!(!state.is_asked(), "one question at a time");
                back = state;
            }
            state = to;
            prop_assert!(!back.is_over() && !back.is_asked());
        }
        let ways = Step::ALL.into_iter().filter(|step| *step != Step::Note && next(state, back, *step).is_some());
        prop_assert_eq!(ways.count() == 0, state.is_over());
    }

    /// Only the side that the other asked decides.
    #[test]
    fn the_other_side_decides(n in 0_usize..State::ALL.len()) {
        let state = State::ALL[n];
        if let Some(side) = state.decides() {
            for step in Step::ALL.into_iter().filter(|step| *step != Step::Note) {
                if next(state, State::Accepted, step).is_some() {
                    prop_assert_eq!(step.side(), Some(side));
                }
            }
        }
    }
}

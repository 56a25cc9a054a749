//! What an upper platform says, in our words. Everything it sends is untrusted text.

use super::life::{State, Step};

/// What follows from a service request's status in Open311.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The steps to take, in order; the words go with the last one.
    pub steps: Vec<Step>,
    /// Its words.
    pub text: String,
}

/// What follows from a status (`open` or `closed`) and its notes for a matter that we sent and that stands at `state`.
/// GeoReport v2 has no other statuses. `None`: nothing.
pub fn told_by_status(state: State, status: &str, notes: &str) -> Option<Told> {
    let text = words(notes, super::REASON);
    let steps = match (status.trim().to_ascii_lowercase().as_str(), state) {
        (_, state) if state.is_done() || state.is_asked() => return None,
        ("closed", State::Sent) => vec![Step::Accept, Step::Answer],
        ("closed", State::Accepted | State::InProgress) => vec![Step::Answer],
        ("open", State::Sent) => vec![Step::Accept],
        ("open", _) if !text.is_empty() => vec![Step::Note],
        _ => return None,
    };
    Some(Told { steps, text })
}

/// Words from outside: line ends as ours, no other control characters, no marks that turn the direction of writing, at most
/// so many characters.
pub fn words(text: &str, most: usize) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let turns =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}');
    let kept: String = text.chars().filter(|c| (!c.is_control() || *c == '\n') && !turns(*c)).collect();
    kept.trim().chars().take(most).collect()
}

/// The same in one line.
pub fn line(text: &str, most: usize) -> String {
    words(&text.replace(['\n', '\r', '\t'], " "), most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_status_becomes_steps() {
        let told = |state, status, notes| told_by_status(state, status, notes).map(|told| told.steps);
        assert_eq!(told(State::Sent, "open", ""), Some(vec![Step::Accept]));
        assert_eq!(told(State::Sent, "closed", "修好了"), Some(vec![Step::Accept, Step::Answer]));
        assert_eq!(told(State::Accepted, "open", "正在安排"), Some(vec![Step::Note]));
        assert_eq!(told(State::Accepted, "Closed", ""), Some(vec![Step::Answer]));
        assert_eq!(told(State::Accepted, "open", " "), None);
        assert_eq!(told(State::Answered, "closed", "x"), None);
        assert_eq!(told(State::WithdrawAsked, "closed", "x"), None);
        assert_eq!(told(State::Accepted, "nonsense", "x"), None);
    }

    proptest! {
        #[test]
        fn words_from_outside_are_plain_and_short(text in ".{0,400}", most in 0_usize..100) {
            let kept = words(&text, most);
            prop_assert!(kept.chars().count() <= most);
            prop_assert!(kept.chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(!line(&text, most).contains('\n'));
        }
    }
}

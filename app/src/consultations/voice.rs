//! A voice: what may be answered, and for whom it counts.

use super::{COMMENT_CHARS, OPTIONS};

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerKind {
    /// One of several.
    Single,
    /// As many as one likes.
    Multiple,
    /// In one's own words.
    Text,
    /// One of several, and a word to it if one likes.
    ChoiceComment,
}

impl AnswerKind {
    /// All, in the order of the form.
    pub const ALL: [AnswerKind; 4] =
        [AnswerKind::Single, AnswerKind::ChoiceComment, AnswerKind::Multiple, AnswerKind::Text];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            AnswerKind::Single => "single",
            AnswerKind::Multiple => "multiple",
            AnswerKind::Text => "text",
            AnswerKind::ChoiceComment => "choice_comment",
        }
    }

    /// The kind with this stored code.
    pub fn from_code(code: &str) -> Option<AnswerKind> {
        AnswerKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            AnswerKind::Single => "consultations-kind-single",
            AnswerKind::Multiple => "consultations-kind-multiple",
            AnswerKind::Text => "consultations-kind-text",
            AnswerKind::ChoiceComment => "consultations-kind-choice-comment",
        }
    }

    /// It has options.
    pub fn has_options(self) -> bool {
        self != AnswerKind::Text
    }

    /// It takes words.
    pub fn has_comment(self) -> bool {
        matches!(self, AnswerKind::Text | AnswerKind::ChoiceComment)
    }
}

/// For whom a voice counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    /// Each person has one.
    Person,
    /// Each household has one.
    Household,
}

impl Per {
    /// Both, in the order of the form.
    pub const ALL: [Per; 2] = [Per::Household, Per::Person];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Per::Person => "person",
            Per::Household => "household",
        }
    }

    /// The one with this stored code.
    pub fn from_code(code: &str) -> Option<Per> {
        Per::ALL.into_iter().find(|per| per.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Per::Person => "consultations-per-person",
            Per::Household => "consultations-per-household",
        }
    }
}

/// What is said: options by their places, and words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Places of the chosen options, in order, each once.
    pub choices: Vec<usize>,
    /// Words, may be empty.
    pub comment: String,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was chosen.
    NoChoice,
    /// More was chosen than one may.
    ManyChoices,
    /// There is no such option.
    UnknownChoice,
    /// Nothing was written.
    NoWords,
    /// Too much was written.
    ManyWords,
}

impl Wrong {
    /// The field to mend.
    pub fn field(self) -> &'static str {
        match self {
            Wrong::NoChoice | Wrong::ManyChoices | Wrong::UnknownChoice => "choices",
            Wrong::NoWords | Wrong::ManyWords => "comment",
        }
    }

    /// Catalogue key of what to do.
    pub fn key(self) -> &'static str {
        match self {
            Wrong::NoChoice => "consultations-error-no-choice",
            Wrong::ManyChoices => "consultations-error-many-choices",
            Wrong::UnknownChoice => "consultations-error-unknown-choice",
            Wrong::NoWords => "consultations-error-no-words",
            Wrong::ManyWords => "consultations-error-many-words",
        }
    }
}

/// What an answer of this kind says, with so many options. `typed` are places of options as a form sends them; `words` are
/// tidy already. What the kind does not ask for is left out.
pub fn check(kind: AnswerKind, options: usize, typed: &[String], words: &str) -> Result<Said, Wrong> {
    let mut choices = Vec::new();
    if kind.has_options() {
        if typed.len() > OPTIONS {
            return Err(Wrong::UnknownChoice);
        }
        for place in typed {
            let place = place.parse::<usize>().ok().filter(|place| *place < options).ok_or(Wrong::UnknownChoice)?;
            choices.push(place);
        }
        choices.sort_unstable();
        choices.dedup();
        if choices.is_empty() {
            return Err(Wrong::NoChoice);
        }
        if kind != AnswerKind::Multiple && choices.len() > 1 {
            return Err(Wrong::ManyChoices);
        }
    }
    let comment = if kind.has_comment() { words.to_owned() } else { String::new() };
    if kind == AnswerKind::Text && comment.is_empty() {
        return Err(Wrong::NoWords);
    }
    if comment.chars().count() > COMMENT_CHARS {
        return Err(Wrong::ManyWords);
    }
    Ok(Said { choices, comment })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(places: &[&str]) -> Vec<String> {
        places.iter().map(|place| (*place).to_owned()).collect()
    }

    #[test]
    fn each_kind_takes_what_it_asks_for() {
        use AnswerKind::*;
        let said =
            |choices: &[usize], comment: &str| Ok(Said { choices: choices.to_vec(), comment: comment.to_owned() });
        assert_eq!(check(Single, 3, &typed(&["2"]), "不看"), said(&[2], ""));
        assert_eq!(check(Single, 3, &typed(&["2", "0"]), ""), Err(Wrong::ManyChoices));
        assert_eq!(check(Single, 3, &[], ""), Err(Wrong::NoChoice));
        assert_eq!(check(Multiple, 3, &typed(&["2", "0", "2"]), ""), said(&[0, 2], ""));
        assert_eq!(check(Multiple, 3, &typed(&["3"]), ""), Err(Wrong::UnknownChoice));
        assert_eq!(check(Multiple, 3, &typed(&["-1"]), ""), Err(Wrong::UnknownChoice));
        assert_eq!(check(Text, 0, &typed(&["x"]), "多种树"), said(&[], "多种树"));
        assert_eq!(check(Text, 0, &[], ""), Err(Wrong::NoWords));
        assert_eq!(check(ChoiceComment, 2, &typed(&["1"]), "好"), said(&[1], "好"));
        assert_eq!(check(ChoiceComment, 2, &typed(&["1"]), &"好".repeat(501)), Err(Wrong::ManyWords));
    }

    proptest::proptest! {
        #[test]
        fn what_is_taken_is_a_voice(
            options in 0_usize..13, places in proptest::collection::vec("[0-9]{1,3}|\\PC{0,4}", 0..15), words in "\\PC{0,20}",
        ) {
            for kind in AnswerKind::ALL {
                if let Ok(said) = check(kind, options, &places, &words) {
                    proptest::prop_assert!(said.choices.iter().all(|place| *place < options));
                    proptest::prop_assert!(said.choices.windows(2).all(|pair| pair[0] < pair[1]));
                    proptest::prop_assert_eq!(said.choices.is_empty(), !kind.has_options());
                    proptest::prop_assert!(kind.has_comment() || said.comment.is_empty());
                }
            }
        }
    }
}

//! Answers that staff send often, with places in them for what differs: `{编号}` or `{code}` becomes the report's code.

use super::{MAX_TEXT, Step};

/// Longest title, in characters.
pub const MAX_TITLE: usize = 30;

/// What a place stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The report's code.
    Code,
    /// Name of the category.
    Category,
    /// Grid and building.
    Place,
    /// By when it is to be dealt with.
    Due,
    /// Who handles it, as residents read it.
    Owner,
}

impl Slot {
    /// Every slot, in the order in which pages explain them.
    pub const ALL: [Slot; 5] = [Slot::Code, Slot::Category, Slot::Place, Slot::Due, Slot::Owner];

    /// How it is written in Chinese and in English; both are read everywhere.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Slot::Code => ("编号", "code"),
            Slot::Category => ("类别", "category"),
            Slot::Place => ("地点", "place"),
            Slot::Due => ("时限", "due"),
            Slot::Owner => ("处置人", "owner"),
        }
    }

    fn from_name(name: &str) -> Option<Slot> {
        let name = name.trim();
        Slot::ALL.into_iter().find(|slot| slot.names().0 == name || slot.names().1 == name)
    }
}

/// What stands in the places of one report, in the reader's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The report's code.
    pub code: String,
    /// Name of the category.
    pub category: String,
    /// Grid and building.
    pub place: String,
    /// By when it is to be dealt with.
    pub due: String,
    /// Who handles it.
    pub owner: String,
}

impl Values {
    fn of(&self, slot: Slot) -> &str {
        match slot {
            Slot::Code => &self.code,
            Slot::Category => &self.category,
            Slot::Place => &self.place,
            Slot::Due => &self.due,
            Slot::Owner => &self.owner,
        }
    }
}

impl Values {
    /// Every name with its value, as a JSON object.
    pub fn json(&self) -> String {
        let names = Slot::ALL.into_iter().flat_map(|slot| {
            let (zh, en) = slot.names();
            [(zh, self.of(slot)), (en, self.of(slot))]
        });
        serde_json::to_string(&names.collect::<std::collections::BTreeMap<_, _>>()).unwrap_or_default()
    }
}

/// Pieces of a text: plain, or the name between a pair of braces.
fn pieces(text: &str) -> Vec<Result<&str, &str>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| at + open) else { break };
        // An opening brace that is never closed is an ordinary character.
        let open = rest[..close].rfind('{').unwrap_or(open);
        all.push(Ok(&rest[..open]));
        all.push(Err(&rest[open + 1..close]));
        rest = &rest[close + 1..];
    }
    all.push(Ok(rest));
    all
}

/// Puts the values where their names stand. What is in braces and is no name stays as it is; a value is never read again.
pub fn fill(text: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Ok(plain) => filled.push_str(plain),
            Err(name) => match Slot::from_name(name) {
                Some(slot) => filled.push_str(values.of(slot)),
                None => filled.extend(["{", name, "}"]),
            },
        }
    }
    filled
}

/// The first name in braces that stands for nothing.
pub fn unknown(text: &str) -> Option<&str> {
    pieces(text).into_iter().filter_map(Result::err).find(|name| Slot::from_name(name).is_none())
}

/// Steps that an answer can be for: those of staff, verifiers and supervisors, all of which take words.
pub fn steps() -> impl Iterator<Item = Step> {
    use crate::people::Action;
    Step::ALL.into_iter().filter(|step| step.action().is_some_and(|action| action != Action::ReportHandle))
}

/// An answer as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerForm {
    /// Code of the step it is for.
    pub step: String,
    /// What the list calls it.
    pub title: String,
    /// The text.
    pub text: String,
    /// The text in English, may be empty.
    pub text_en: String,
}

impl AnswerForm {
    /// What is wrong: field and catalogue key.
    pub fn mistakes(&self) -> Vec<(&'static str, &'static str)> {
        let mut mistakes = Vec::new();
        if !steps().any(|step| step.code() == self.step) {
            mistakes.push(("step", "answers-error-step"));
        }
        match self.title.trim().chars().count() {
            0 => mistakes.push(("title", "answers-error-title")),
            count if count > MAX_TITLE => mistakes.push(("title", "answers-error-title-long")),
            _ => {}
        }
        if self.text.trim().is_empty() {
            mistakes.push(("text", "answers-error-text"));
        }
        for (field, text) in [("text", &self.text), ("text_en", &self.text_en)] {
            if text.chars().count() > MAX_TEXT {
                mistakes.push((field, "reports-error-text-long"));
            } else if unknown(text).is_some() {
                mistakes.push((field, "answers-error-slot"));
            }
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> Values {
        Values {
            code: "K7Q2M9XA".into(),
            category: "路灯".into(),
            place: "第一网格 · 3栋".into(),
            due: "11月27日 周五 17:30".into(),
            owner: "{编号}".into(),
        }
    }

    #[test]
    fn names_in_both_languages_are_filled_once() {
        let text = "您好，{类别}（{编号}）在 {地点} 的问题，{due} 前办好，由{owner}办。";
        assert_eq!(
            fill(text, &values()),
            "您好，路灯（K7Q2M9XA）在 第一网格 · 3栋 的问题，11月27日 周五 17:30 前办好，由{编号}办。",
            "a value is not read again"
        );
        assert_eq!(fill("{{code}} {nobody} { code } {", &values()), "{K7Q2M9XA} {nobody} K7Q2M9XA {");
        assert_eq!(unknown("a {code} b {姓名} c"), Some("姓名"));
        assert_eq!(unknown("a {code b"), None);
    }

    #[test]
    fn each_mistake_is_named() {
        let good = AnswerForm {
            step: "close".into(),
            title: "修好了".into(),
            text: "{类别}已修好。".into(),
            text_en: String::new(),
        };
        assert!(good.mistakes().is_empty());
        let cases = [
            (AnswerForm { step: "take".into(), ..good.clone() }, "step"),
            (AnswerForm { step: "rate".into(), ..good.clone() }, "step"),
            (AnswerForm { title: " ".into(), ..good.clone() }, "title"),
            (AnswerForm { title: "长".repeat(MAX_TITLE + 1), ..good.clone() }, "title"),
            (AnswerForm { text: "\n".into(), ..good.clone() }, "text"),
            (AnswerForm { text: "{电话}".into(), ..good.clone() }, "text"),
            (AnswerForm { text_en: "{phone}".into(), ..good.clone() }, "text_en"),
            (AnswerForm { text: "长".repeat(MAX_TEXT + 1), ..good }, "text"),
        ];
        for (form, field) in cases {
            assert_eq!(form.mistakes().first().map(|(field, _)| *field), Some(field), "{form:?}");
        }
    }

    proptest! {
        #[test]
        fn text_without_names_stays_as_it_is(text in "[^{}]{0,80}", other in "\\PC{0,40}") {
            prop_assert_eq!(fill(&text, &values()), text);
            // Whatever the braces, nothing is lost but known names.
            if unknown(&other).is_none() && !other.contains('}') {
                prop_assert_eq!(fill(&other, &values()), other);
            }
        }
    }
}

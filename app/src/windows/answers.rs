//! Answers to an item's questions, as they travel in addresses and forms.

use super::ServiceItem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Yes or no by the question's code. In addresses and forms a question is the field `q-{code}` with `yes` or `no`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, bool>);

impl Answers {
    /// Reads the answers to `item`'s questions out of the fields of an address or form; everything else is ignored.
    pub fn from_pairs<'a>(item: &ServiceItem, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Answers {
        let mut answers = BTreeMap::new();
        for (name, value) in pairs {
            let Some(code) = name.strip_prefix("q-").filter(|code| item.question(code).is_some()) else { continue };
            let answer = match value {
                "yes" => true,
                "no" => false,
                _ => continue,
            };
            answers.insert(code.to_owned(), answer);
        }
        Answers(answers)
    }

    /// The answer to a question.
    pub fn get(&self, question: &str) -> Option<bool> {
        self.0.get(question).copied()
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields that carry them on: name and value.
    pub fn fields(&self) -> Vec<(String, &'static str)> {
        self.0.iter().map(|(code, yes)| (format!("q-{code}"), if *yes { "yes" } else { "no" })).collect()
    }

    /// The same as a piece of an address, each field preceded by `&`. Codes of questions are plain letters.
    pub fn query(&self) -> String {
        self.fields().into_iter().map(|(name, value)| format!("&{name}={value}")).collect()
    }
}

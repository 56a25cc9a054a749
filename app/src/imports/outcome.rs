//! What becomes of a line: shown by the dry run, kept as the report, and compared before it is taken over.

use super::{Kind, heading, mask_numbers};
use crate::i18n::{Lang, Words};
use serde::{Deserialize, Serialize};

/// In one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something new.
    Add,
    /// Something that is there, and would be changed.
    Change,
    /// Nothing differs.
    Same,
    /// It has mistakes.
    Refused,
}

impl Verdict {
    /// All verdicts, in the order in which they are shown.
    pub const ALL: [Verdict; 4] = [Verdict::Refused, Verdict::Add, Verdict::Change, Verdict::Same];

    /// As stored and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Add => "add",
            Verdict::Change => "change",
            Verdict::Same => "same",
            Verdict::Refused => "refused",
        }
    }

    /// The verdict with this code.
    pub fn from_code(code: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Verdict::Add => "imports-verdict-add",
            Verdict::Change => "imports-verdict-change",
            Verdict::Same => "imports-verdict-same",
            Verdict::Refused => "imports-verdict-refused",
        }
    }
}

/// How many lines have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Something new.
    pub added: i64,
    /// Would be changed.
    pub changed: i64,
    /// As they are.
    pub same: i64,
    /// With mistakes.
    pub refused: i64,
}

impl Counts {
    /// Counts outcomes.
    pub fn of(outcomes: &[Outcome]) -> Counts {
        let count = |verdict| outcomes.iter().filter(|outcome| outcome.verdict == verdict).count();
        let count = |verdict| i64::try_from(count(verdict)).unwrap_or(i64::MAX);
        Counts {
            added: count(Verdict::Add),
            changed: count(Verdict::Change),
            same: count(Verdict::Same),
            refused: count(Verdict::Refused),
        }
    }

    /// The number of one verdict.
    pub fn get(&self, verdict: Verdict) -> i64 {
        match verdict {
            Verdict::Add => self.added,
            Verdict::Change => self.changed,
            Verdict::Same => self.same,
            Verdict::Refused => self.refused,
        }
    }
}

/// A value that would be another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Name of the column.
    pub column: String,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Why {
    /// A catalogue key, with what it is about as `$what`.
    Key {
        /// The key.
        key: String,
        /// What it is about; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        what: String,
    },
    /// Words that a form's reader found, in both languages.
    Said {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

/// A value that is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Name of the column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why not.
    pub why: Why,
}

impl Mistake {
    /// The reason in words.
    pub fn words(&self, w: Words) -> String {
        match &self.why {
            Why::Key { key, what } => w.tf(key, &[("what", what.as_str().into())]),
            Why::Said { zh, en } => if w.lang == Lang::Zh { zh } else { en }.clone(),
        }
    }

    /// The heading of its column.
    pub fn heading(&self, kind: Kind, w: Words) -> String {
        heading(kind, &self.column, w)
    }
}

/// Something to know about a line that is no mistake: a catalogue key, with what it is about as `$what`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The key.
    pub key: String,
    /// What it is about; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// What becomes of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Number of the line in the file, from 1.
    pub line: u64,
    /// What it is about: two lines of a file are never about the same. Never a telephone number.
    pub key: String,
    /// What it is about, as people call it.
    pub what: String,
    /// In one word.
    pub verdict: Verdict,
    /// What would be another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// Why it is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<Mistake>,
    /// Something to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// What later lines of the file need to know of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
}

impl Outcome {
    /// With every telephone number masked, in whatever column it was written.
    #[must_use]
    pub fn masked(mut self) -> Outcome {
        self.what = mask_numbers(&self.what);
        for difference in &mut self.differences {
            difference.before = mask_numbers(&difference.before);
            difference.after = mask_numbers(&difference.after);
        }
        for mistake in &mut self.mistakes {
            mistake.value = mask_numbers(&mistake.value);
            if let Why::Key { what, .. } = &mut mistake.why {
                *what = mask_numbers(what);
            }
        }
        if let Some(note) = &mut self.note {
            note.what = mask_numbers(&note.what);
        }
        self
    }
}

/// What differs between the values of two rows, both in the order of `columns`.
pub fn between(columns: &[&str], before: &[String], after: &[String]) -> Vec<Difference> {
    let pairs = columns.iter().zip(before.iter().zip(after));
    pairs
        .filter(|(_, (before, after))| before != after)
        .map(|(column, (before, after))| Difference {
            column: (*column).to_owned(),
            before: before.clone(),
            after: after.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_kept_as_it_is_and_without_numbers() {
        let mistake = |why| Mistake { column: "phone".into(), value: "19900000001".into(), why };
        let outcome = Outcome {
            line: 7,
            key: "k".into(),
            what: "199 0000 0001 王芳".into(),
            verdict: Verdict::Refused,
            differences: Vec::new(),
            mistakes: vec![
                mistake(Why::Key { key: "imports-error-phone".into(), what: "19900000001".into() }),
                mistake(Why::Said { zh: "不对".into(), en: "wrong".into() }),
            ],
            note: None,
            memo: String::new(),
        };
        let text = serde_json::to_string(&outcome).expect("writes");
        assert_eq!(serde_json::from_str::<Outcome>(&text).expect("reads"), outcome);
        let masked = serde_json::to_string(&outcome.masked()).expect("writes");
        assert!(!masked.contains("0000000") && masked.contains("199****0001"), "{masked}");
    }
}

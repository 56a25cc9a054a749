//! The form of an entry: what was typed, what can be made of it, what changed between two of them.

use super::{
    CONTACTS, NAME_CHARS, PHONE_CHARS, STEPS_CHARS, TITLE_CHARS, WORD_CHARS, WORDS,
    entry::{Contact, Entry},
};
use crate::{
    i18n::Words,
    notices::{
        diff::{Difference, pieces},
        form::{Errors, lines, one_line},
    },
};
use serde::{Deserialize, Serialize};

/// The fields as they are sent, and as a version is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandbookForm {
    /// Made when the form was shown: two submits of one form are one entry.
    #[serde(skip_serializing)]
    pub form_key: String,
    /// The version that was edited.
    #[serde(skip_serializing)]
    pub version: String,
    /// Code of the organisation it belongs to.
    pub organisation: String,
    /// When what happens.
    pub title: String,
    /// Words for the situation, with commas or lines between them.
    pub words: String,
    /// Markdown.
    pub steps: String,
    /// Organisations to call, row by row.
    pub contact_name: Vec<String>,
    /// Their numbers, row by row.
    pub contact_phone: Vec<String>,
    /// Code of a category.
    pub category: String,
    /// Code of a service item.
    pub item: String,
}

/// The words of a field, each once.
pub fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || "、，,;；".contains(c)) {
        if !word.is_empty() && !words.iter().any(|one| one == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Whether a number can be dialled.
fn is_phone(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || " -+()".contains(c))
}

impl HandbookForm {
    /// The form that shows an entry.
    pub fn of(entry: &Entry, organisation: String, version: i64) -> HandbookForm {
        HandbookForm {
            form_key: String::new(),
            version: version.to_string(),
            organisation,
            title: entry.title.clone(),
            words: entry.words.join("、"),
            steps: entry.steps.clone(),
            contact_name: entry.contacts.iter().map(|contact| contact.name.clone()).collect(),
            contact_phone: entry.contacts.iter().map(|contact| contact.phone.clone()).collect(),
            category: entry.category.clone(),
            item: entry.item.clone(),
        }
    }

    /// What the form says, or what is wrong with it. Whether organisation, category and item exist is asked elsewhere.
    pub fn check(&self, w: Words) -> Result<Entry, Errors> {
        let mut errors = Errors::new();
        let long = |most: usize| w.tf("handbook-error-long", &[("count", most.into())]);
        let title = one_line(&self.title);
        if title.is_empty() {
            errors.insert("title", w.t("handbook-error-title"));
        }
        if title.chars().count() > TITLE_CHARS {
            errors.insert("title", long(TITLE_CHARS));
        }
        let steps = lines(&self.steps);
        if steps.trim().is_empty() {
            errors.insert("steps", w.t("handbook-error-steps"));
        }
        if steps.chars().count() > STEPS_CHARS {
            errors.insert("steps", long(STEPS_CHARS));
        }
        let words = words_of(&self.words);
        if words.len() > WORDS || words.iter().any(|word| word.chars().count() > WORD_CHARS) {
            let limits = [("words", WORDS.into()), ("count", WORD_CHARS.into())];
            errors.insert("words", w.tf("handbook-error-words", &limits));
        }
        let mut contacts = Vec::new();
        for nth in 0..self.contact_name.len().max(self.contact_phone.len()).min(CONTACTS * 4) {
            let name = one_line(self.contact_name.get(nth).map_or("", String::as_str));
            let phone = one_line(self.contact_phone.get(nth).map_or("", String::as_str));
            if name.is_empty() && phone.is_empty() {
                continue;
            }
            let fits = name.chars().count() <= NAME_CHARS && phone.chars().count() <= PHONE_CHARS;
            if name.is_empty() || !is_phone(&phone) || !fits {
                errors.insert("contact_name", w.t("handbook-error-contact"));
            }
            contacts.push(Contact { name, phone });
        }
        if contacts.len() > CONTACTS {
            errors.insert("contact_name", w.tf("handbook-error-contacts", &[("most", CONTACTS.into())]));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Entry { title, words, steps, contacts, category: one_line(&self.category), item: one_line(&self.item) })
    }

    /// Every field as text, with the key of its name.
    fn fields(&self, name: &impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
        let contacts = self.contact_name.iter().zip(&self.contact_phone);
        let contacts: String = contacts.map(|(name, phone)| format!("{name} {phone}\n")).collect();
        vec![
            ("handbook-field-organisation", name(&self.organisation)),
            ("handbook-field-title", self.title.clone()),
            ("handbook-field-words", words_of(&self.words).join("、")),
            ("handbook-field-steps", lines(&self.steps)),
            ("handbook-field-contacts", contacts),
            ("handbook-field-category", name(&self.category)),
            ("handbook-field-item", name(&self.item)),
        ]
    }
}

/// The fields that changed. `name` gives the name of an organisation, category or item by its code.
pub fn differences(w: Words, old: &HandbookForm, new: &HandbookForm, name: impl Fn(&str) -> String) -> Vec<Difference> {
    old.fields(&name)
        .into_iter()
        .zip(new.fields(&name))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((key, before), (_, after))| Difference { label: w.t(key), pieces: pieces(&before, &after) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn typed() -> HandbookForm {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        HandbookForm {
            title: " 电梯困人 ".into(),
            words: "困电梯，电梯故障\n困电梯".into(),
            steps: "1. 打 96333\r\n2. 安抚".into(),
            contact_name: texts(&["电梯应急", ""]),
            contact_phone: texts(&["96333", ""]),
            ..HandbookForm::default()
        }
    }

    #[test]
    fn what_was_typed_becomes_an_entry_and_the_other_way_round() {
        let w = Words::new(Lang::Zh);
        let entry = typed().check(w).expect("fine");
        assert_eq!((entry.title.as_str(), entry.words.len(), entry.contacts.len()), ("电梯困人", 2, 1));
        let again = HandbookForm::of(&entry, "wutong".into(), 1);
        assert_eq!(again.check(w), Ok(entry));
        let later = HandbookForm { steps: "1. 打 96333\n2. 安慰".into(), ..typed() };
        let changed: Vec<String> =
            differences(w, &typed(), &later, str::to_owned).into_iter().map(|d| d.label).collect();
        assert_eq!(changed, [w.t("handbook-field-steps")]);
    }

    #[test]
    fn what_makes_no_sense_is_named_by_field() {
        let w = Words::new(Lang::En);
        let fields = |form: HandbookForm| form.check(w).expect_err("wrong").into_keys().collect::<Vec<_>>();
        assert_eq!(fields(HandbookForm::default()), ["steps", "title"]);
        let phone = |phone: &str| HandbookForm { contact_phone: vec![phone.to_owned()], ..typed() };
        assert_eq!(fields(phone("javascript:alert(1)")), ["contact_name"]);
        assert_eq!(fields(phone("--")), ["contact_name"]);
        assert!(phone("0510-80000101 (24h)").check(w).is_err() && phone("+86 (0510) 8000-0101").check(w).is_ok());
        assert_eq!(fields(HandbookForm { words: "字".repeat(21), ..typed() }), ["words"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_typed_breaks_the_check(title in "\\PC{0,80}", any in proptest::collection::vec("\\PC{0,30}", 0..20)) {
            let form = HandbookForm {
                title, words: any.join(","), contact_name: any.clone(), contact_phone: any, ..typed()
            };
            let _ = form.check(Words::new(Lang::En));
        }
    }
}

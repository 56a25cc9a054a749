//! Reading a form whose fields' names come from the data: values, rows, and what is wrong with them.

use super::settings::FormErrors;
use crate::i18n::Words;

/// The fields of a form that is being read, with what was found wrong so far.
pub(super) struct FormReader<'a> {
    fields: &'a [(String, String)],
    w: Words,
    /// What is wrong: field name → words.
    pub(super) errors: FormErrors,
}

impl<'a> FormReader<'a> {
    /// Nothing read yet.
    pub(super) fn new(fields: &'a [(String, String)], w: Words) -> FormReader<'a> {
        FormReader { fields, w, errors: FormErrors::new() }
    }

    /// A field's first value, trimmed; empty if it is not there.
    pub(super) fn get(&self, name: &str) -> String {
        let value = self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim());
        value.unwrap_or_default().replace('\0', "")
    }

    /// All values of a field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }

    /// Notes what is wrong with a field; the first note stays.
    pub(super) fn wrong(&mut self, name: &str, key: &str) {
        let text = self.w.t(key);
        self.errors.entry(name.to_owned()).or_insert(text);
    }

    /// A whole number between two bounds; the lower one if it is none.
    pub(super) fn number(&mut self, name: &str, min: i64, max: i64) -> i64 {
        match self.get(name).parse::<i64>() {
            Ok(value) if (min..=max).contains(&value) => value,
            _ => {
                let text = self.w.tf("settings-error-number", &[("min", min.into()), ("max", max.into())]);
                self.errors.entry(name.to_owned()).or_insert(text);
                min
            }
        }
    }

    /// A text of at most `max` characters.
    pub(super) fn text(&mut self, name: &str, needed: bool, max: usize) -> String {
        let text = self.get(name);
        if needed && text.is_empty() {
            self.wrong(name, "settings-error-empty");
        } else if text.chars().count() > max {
            let words = self.w.tf("settings-error-long", &[("max", max.into())]);
            self.errors.entry(name.to_owned()).or_insert(words);
        }
        text
    }

    /// Indices of the rows of a kind, as the form numbers them.
    pub(super) fn rows(&self, kind: &str, most: usize) -> Vec<usize> {
        let mut rows: Vec<usize> = self
            .fields
            .iter()
            .filter_map(|(name, _)| name.strip_prefix(kind)?.strip_prefix('-')?.split('-').next()?.parse().ok())
            .filter(|row| *row < most)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

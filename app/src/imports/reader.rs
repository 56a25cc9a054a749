//! A line's cells, read by column: texts, numbers, codes and words, or mistakes with their column.

use super::{Mistake, Why};
use crate::i18n::{Lang, Words};

/// A line of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Names of the file's columns.
    pub columns: &'a [String],
    /// Number of the line in the file, from 1.
    pub line: u64,
    /// Its cells, as many as there are columns.
    pub cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The cell of a column, without blanks around it; `None` when the file has no such column. The apostrophe by which
    /// exports keep spreadsheets from taking a text for a formula is not part of it.
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        let cell = self.cells.get(at).map_or("", |cell| cell.trim());
        Some(crate::exports::meant(cell))
    }

    /// Whether a spreadsheet would take the cell for a formula.
    fn is_formula(&self, column: &str) -> bool {
        let at = self.columns.iter().position(|name| name == column);
        let cell = at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim());
        let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' ' | '-' | '(' | ')'));
        match cell.chars().next() {
            Some('=' | '@') => true,
            Some('+' | '-') => !number(&cell[1..]),
            _ => false,
        }
    }
}

/// Reads the cells of a line and notes mistakes.
#[derive(Debug)]
pub struct LineReader<'a> {
    row: Row<'a>,
    /// Mistakes so far: one for a column at the most.
    pub mistakes: Vec<Mistake>,
}

impl<'a> LineReader<'a> {
    /// Nothing read yet; formulas are mistakes whatever column they are in.
    pub fn new(row: Row<'a>) -> LineReader<'a> {
        let mut reader = LineReader { row, mistakes: Vec::new() };
        for column in row.columns.iter().filter(|column| row.is_formula(column)) {
            reader.wrong(column, "imports-error-formula", "");
        }
        reader
    }

    /// Notes what is wrong with a column; the first note stays.
    pub fn wrong(&mut self, column: &str, key: &str, what: impl Into<String>) {
        if self.mistakes.iter().any(|mistake| mistake.column == column) {
            return;
        }
        let mut value: String = self.row.get(column).unwrap_or_default().chars().take(121).collect();
        if value.chars().count() > 120 {
            value.pop();
            value.push('…');
        }
        let why = Why::Key { key: key.to_owned(), what: what.into() };
        self.mistakes.push(Mistake { column: column.to_owned(), value, why });
    }

    /// A text of at most `max` characters in one line; `None` when the file has no such column.
    pub fn text(&mut self, column: &str, needed: bool, max: usize) -> Option<String> {
        let text = self.row.get(column)?;
        if needed && text.is_empty() {
            self.wrong(column, "imports-error-empty", "");
        } else if text.chars().count() > max {
            self.wrong(column, "imports-error-long", max.to_string());
        } else if text.chars().any(char::is_control) {
            self.wrong(column, "imports-error-control", "");
        }
        Some(text.to_owned())
    }

    /// A code: 1 to 40 small letters, digits and hyphens.
    pub(super) fn code(&mut self, column: &str, needed: bool) -> String {
        let code = self.row.get(column).unwrap_or_default();
        if code.is_empty() && !needed {
            return String::new();
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if code.is_empty() {
            self.wrong(column, "imports-error-empty", "");
        } else if code.len() > 40 || !code.chars().all(plain) {
            self.wrong(column, "imports-error-code", "");
        }
        code.to_owned()
    }

    /// A whole number between two bounds; `None` when there is none.
    pub(super) fn number(&mut self, column: &str, (min, max): (i64, i64)) -> Option<i64> {
        let text = self.row.get(column)?;
        if text.is_empty() {
            return None;
        }
        let number = text.parse::<i64>().ok().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.wrong(column, "imports-error-number", format!("{min}–{max}"));
        }
        number
    }

    /// Degrees up to a bound; `Some(None)` for an empty cell.
    pub(super) fn degrees(&mut self, column: &str, most: f64) -> Option<Option<f64>> {
        let text = self.row.get(column)?;
        if text.is_empty() {
            return Some(None);
        }
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && number.abs() <= most);
        if number.is_none() {
            self.wrong(column, "imports-error-degrees", format!("±{most}"));
        }
        Some(number)
    }

    /// Yes or no; `None` for an empty cell.
    pub(super) fn flag(&mut self, column: &str) -> Option<bool> {
        match self.row.get(column)?.to_lowercase().as_str() {
            "" => None,
            "1" | "是" | "y" | "yes" | "true" => Some(true),
            "0" | "否" | "不" | "不是" | "n" | "no" | "false" => Some(false),
            _ => {
                self.wrong(column, "imports-error-flag", "");
                None
            }
        }
    }

    /// One of several, by its code or by its word in either language.
    pub(super) fn one_of<T: Copy>(&mut self, column: &str, all: &[T], (code, key): Named<T>) -> Option<T> {
        let text = self.row.get(column).unwrap_or_default();
        let named = |one: &&T| {
            code(**one) == text
                || [Lang::Zh, Lang::En].into_iter().any(|lang| same(&Words::new(lang).t(key(**one)), text))
        };
        let found = all.iter().find(named).copied();
        if found.is_none() {
            // Codes say it in both languages.
            let known = all.iter().map(|one| code(*one)).collect::<Vec<_>>().join(" ");
            self.wrong(column, if text.is_empty() { "imports-error-empty" } else { "imports-error-unknown" }, known);
        }
        found
    }
}

/// How one of several is called: its code, and the catalogue key of its word.
pub(super) type Named<T> = (fn(T) -> &'static str, fn(T) -> &'static str);

/// The same word, whatever its case and blanks: `街道/区` is `街道 / 区`.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String { text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect() };
    plain(a) == plain(b)
}

/// A line that was read: what it is about, what it says unless it has mistakes, and those.
#[derive(Debug)]
pub struct Merged<T> {
    /// What the line is about.
    pub key: String,
    /// As people call it.
    pub what: String,
    /// What it says.
    pub says: T,
    /// What is wrong with it, so far.
    pub mistakes: Vec<Mistake>,
}

//! What a case found, as Markdown.

use std::fmt::Write;

/// What one case found.
pub struct Section {
    title: &'static str,
    /// Paragraphs and tables.
    body: String,
}

impl Section {
    /// A section that says first what was done.
    pub fn new(title: &'static str, what: &str) -> Section {
        Section { title, body: format!("{what}\n") }
    }

    /// Adds a paragraph.
    pub fn say(&mut self, text: &str) {
        let _ = write!(self.body, "\n{text}\n");
    }

    /// Adds a table.
    pub fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
        self.body.push('\n');
        self.body.push_str(&line(heads.to_vec()));
        let rules: Vec<&str> = heads.iter().enumerate().map(|(n, _)| if n == 0 { "---" } else { "--:" }).collect();
        self.body.push_str(&line(rules));
        for row in rows {
            self.body.push_str(&line(row.iter().map(String::as_str).collect()));
        }
    }

    /// The section.
    pub fn markdown(&self) -> String {
        format!("\n## {}\n\n{}", self.title, self.body)
    }
}

/// A ratio with two digits.
pub fn ratio(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.2}", part / whole) } else { "–".to_owned() }
}

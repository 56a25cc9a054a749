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

    /// The section, with a line that says when it was measured.
    pub fn markdown(&self, measured: &str) -> String {
        format!("\n## {}\n\n{measured}\n\n{}", self.title, self.body)
    }
}

/// A page with the same head and these sections in place of those that have the same title; what is new comes last.
pub fn with_sections(head: String, page: &str, new: &[String]) -> String {
    let title = |section: &str| section.trim_start().lines().next().unwrap_or_default().to_owned();
    let begins: Vec<usize> = page.match_indices("\n## ").map(|(at, _)| at).collect();
    let ends = begins.iter().skip(1).copied().chain([page.len()]);
    let mut sections: Vec<String> = begins.iter().zip(ends).map(|(from, to)| page[*from..to].to_owned()).collect();
    for section in new {
        match sections.iter_mut().find(|old| title(old) == title(section)) {
            Some(old) => old.clone_from(section),
            None => sections.push(section.clone()),
        }
    }
    head + &sections.concat()
}

/// A ratio with two digits.
pub fn ratio(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.2}", part / whole) } else { "–".to_owned() }
}

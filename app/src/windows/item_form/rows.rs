//! The rows of questions and materials: adding, taking out, moving, and the codes by which answers and ticks know them.

use super::super::settings::MAX_ROWS;
use std::collections::BTreeSet;

/// Fields of a question's row begin with this.
pub const QUESTION: &str = "qu";
/// Fields of a material's row begin with this.
pub const MATERIAL: &str = "ma";

type Fields = Vec<(String, String)>;

/// A row's parts with their values.
type Row = Vec<(String, String)>;

fn take(fields: &mut Fields, kind: &str) -> Vec<Row> {
    let mut rows: Vec<(usize, Row)> = Vec::new();
    fields.retain(|(name, value)| {
        let parts = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-')?.split_once('-'));
        let Some((row, part)) = parts.and_then(|(row, part)| Some((row.parse::<usize>().ok()?, part))) else {
            return true;
        };
        let part = (part.to_owned(), value.clone());
        let known = rows.iter().position(|(number, _)| *number == row);
        match known {
            Some(index) => rows[index].1.push(part),
            None if rows.len() < MAX_ROWS => rows.push((row, vec![part])),
            None => {}
        }
        false
    });
    rows.sort_by_key(|(number, _)| *number);
    rows.into_iter().map(|(_, parts)| parts).collect()
}

fn put(fields: &mut Fields, kind: &str, rows: Vec<Row>) {
    for (number, row) in rows.into_iter().enumerate() {
        fields.extend(row.into_iter().map(|(part, value)| (format!("{kind}-{number}-{part}"), value)));
    }
}

/// Does what a button of the form says: `qu-add`, `ma-add`, or `{kind}-{row}-up`, `-down`, `-remove`. Rows are numbered
/// from 0 again. Gives whether it was such a button.
pub fn arrange(fields: &mut Fields, button: &str) -> bool {
    let Some((kind, what)) = button.split_once('-') else { return false };
    if !matches!(kind, QUESTION | MATERIAL) {
        return false;
    }
    let mut rows = take(fields, kind);
    let done = match what.split_once('-') {
        None if what == "add" && rows.len() < MAX_ROWS => {
            rows.push(vec![("code".to_owned(), String::new())]);
            true
        }
        Some((row, step)) => match (row.parse::<usize>().ok().filter(|row| *row < rows.len()), step) {
            (Some(row), "remove") => {
                rows.remove(row);
                true
            }
            (Some(row), "up") => {
                rows.swap(row, row.saturating_sub(1));
                true
            }
            (Some(row), "down") => {
                let last = rows.len() - 1;
                rows.swap(row, (row + 1).min(last));
                true
            }
            _ => false,
        },
        None => false,
    };
    put(fields, kind, rows);
    done
}

/// Gives each row a code of its own: one that it has and no row before it has stays, others get one that is not in
/// `used`. Answers and ticks of bookings are kept by these codes, so a code that stood for something else must not
/// come back.
pub fn settle_codes(fields: &mut Fields, used: &BTreeSet<String>) {
    for (kind, letter) in [(QUESTION, 'q'), (MATERIAL, 'm')] {
        let mut rows = take(fields, kind);
        let valid = |code: &str| {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
            (1..=40).contains(&code.len()) && code.bytes().all(plain)
        };
        let code_of = |row: &Row| row.iter().find(|(part, _)| part == "code").map(|(_, code)| code.trim().to_owned());
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for row in &mut rows {
            let own = code_of(row).filter(|code| valid(code) && seen.insert(code.clone()));
            row.retain(|(part, _)| part != "code");
            row.insert(0, ("code".to_owned(), own.unwrap_or_default()));
        }
        for row in &mut rows {
            if row[0].1.is_empty() {
                let free =
                    (1..).map(|n| format!("{letter}{n}")).find(|code| !used.contains(code) && !seen.contains(code));
                let code = free.unwrap_or_default();
                seen.insert(code.clone());
                row[0].1 = code;
            }
        }
        put(fields, kind, rows);
    }
}

//! What changed between two versions of a notice, word by word; Chinese by characters.

use super::{
    Certainty, NoticeForm, NoticeKind, Severity,
    form::{lines as lines_of, one_line},
};
use crate::i18n::Words;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A piece of a text that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the earlier one.
    Removed(String),
    /// Only in the later one.
    Added(String),
}

/// A field whose text changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the field is called on screen.
    pub label: String,
    /// Its text, piece by piece.
    pub pieces: Vec<Piece>,
}

/// More comparisons than this (pieces of the one by pieces of the other) are not made: what long texts have not in common
/// at their ends is then shown as replaced. Keeps every page quick, whatever somebody typed.
const MOST: usize = 4_000_000;

/// The pieces that lead from `old` to `new`: lines first, then the words within the lines that changed.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let mut found = Pieces::default();
    for op in compared(&old_lines, &new_lines) {
        match op {
            DiffOp::Equal { old_index, len, .. } => found.same(&old_lines[old_index..old_index + len].concat()),
            DiffOp::Delete { old_index, old_len, .. } => {
                found.removed(&old_lines[old_index..old_index + old_len].concat());
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                found.added(&new_lines[new_index..new_index + new_len].concat());
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let before = old_lines[old_index..old_index + old_len].concat();
                let after = new_lines[new_index..new_index + new_len].concat();
                found.within(&before, &after);
            }
        }
    }
    found.0
}

/// Pieces as they come; neighbours of one kind become one.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn same(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Same(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Same(text.to_owned())),
        }
    }

    fn removed(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Removed(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Removed(text.to_owned())),
        }
    }

    fn added(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Added(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Added(text.to_owned())),
        }
    }

    fn within(&mut self, old: &str, new: &str) {
        let (old, new) = (words(old), words(new));
        for op in compared(&old, &new) {
            let (before, after) = (op.old_range(), op.new_range());
            if let DiffOp::Equal { .. } = op {
                self.same(&old[before].concat());
            } else {
                self.removed(&old[before].concat());
                self.added(&new[after].concat());
            }
        }
    }
}

/// The steps from one row of pieces to the other. What both begin and end with is never looked at twice.
fn compared(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let begin = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[begin..], &new[begin..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let mut ops = Vec::new();
    if begin > 0 {
        ops.push(DiffOp::Equal { old_index: 0, new_index: 0, len: begin });
    }
    if old_middle.len().saturating_mul(new_middle.len()) <= MOST {
        ops.extend(
            capture_diff_slices(Algorithm::Myers, old_middle, new_middle).into_iter().map(|op| moved(op, begin)),
        );
    } else {
        let (old_len, new_len) = (old_middle.len(), new_middle.len());
        ops.push(DiffOp::Replace { old_index: begin, old_len, new_index: begin, new_len });
    }
    if end > 0 {
        ops.push(DiffOp::Equal { old_index: old.len() - end, new_index: new.len() - end, len: end });
    }
    ops
}

fn moved(op: DiffOp, by: usize) -> DiffOp {
    match op {
        DiffOp::Equal { old_index, new_index, len } => {
            DiffOp::Equal { old_index: old_index + by, new_index: new_index + by, len }
        }
        DiffOp::Delete { old_index, old_len, new_index } => {
            DiffOp::Delete { old_index: old_index + by, old_len, new_index: new_index + by }
        }
        DiffOp::Insert { old_index, new_index, new_len } => {
            DiffOp::Insert { old_index: old_index + by, new_index: new_index + by, new_len }
        }
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            DiffOp::Replace { old_index: old_index + by, old_len, new_index: new_index + by, new_len }
        }
    }
}

/// Lines with their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Words of letters and digits as we write them, spaces between them, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        _ if c.is_ascii_alphanumeric() || ('\u{c0}'..='\u{24f}').contains(&c) => 1,
        ' ' | '\t' => 2,
        _ => 0,
    };
    let mut found = Vec::new();
    let mut begin = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if last.is_some_and(|last| last != this || this == 0) {
            found.push(&text[begin..at]);
            begin = at;
        }
        last = Some(this);
    }
    if begin < text.len() {
        found.push(&text[begin..]);
    }
    found
}

/// The fields that changed from one form to the other, in the order of the editor. `places` gives the name of a place by
/// its code.
pub fn differences(w: Words, old: &NoticeForm, new: &NoticeForm, places: impl Fn(&str) -> String) -> Vec<Difference> {
    let (old, new) = (fields(w, old, &places), fields(w, new, &places));
    old.into_iter()
        .zip(new)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((key, before), (_, after))| Difference { label: w.t(key), pieces: pieces(&before, &after) })
        .collect()
}

/// Every field as text, with the key of its name.
fn fields(w: Words, form: &NoticeForm, places: &impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let word = |key: Option<&'static str>| key.map(|key| w.t(key)).unwrap_or_default();
    let mut aims: Vec<String> = form.aims.iter().map(|code| places(code)).collect();
    aims.sort();
    let time = |text: &str| text.replace('T', " ");
    vec![
        ("notice-field-kind", word(NoticeKind::from_code(&form.kind).map(NoticeKind::key))),
        ("notice-field-title", form.title.clone()),
        ("notice-field-body", lines_of(&form.body)),
        ("notice-field-starts", time(&form.starts_at)),
        ("notice-field-ends", time(&form.ends_at)),
        ("notice-field-place-objections", form.place.clone()),
        ("notice-field-activity-starts", time(&form.activity_starts)),
        ("notice-field-activity-ends", time(&form.activity_ends)),
        ("activity-where", form.activity_place.clone()),
        ("activity-field-place-en", form.activity_place_en.clone()),
        ("activity-seats", form.activity_seats.clone()),
        ("activity-field-most", form.activity_most.clone()),
        ("activity-until", time(&form.activity_until)),
        ("question-field", if form.questions == "1" { w.t("notice-yes") } else { String::new() }),
        ("notice-severity", word(Severity::from_code(&form.severity).map(Severity::key))),
        ("notice-certainty", word(Certainty::from_code(&form.certainty).map(Certainty::key))),
        ("notice-field-instruction", form.instruction.clone()),
        ("notice-field-organisation", places(&form.organisation)),
        ("notice-field-aims", aims.join(&w.t("notice-place-comma"))),
        ("notice-field-facts", rows(&form.fact_label, &form.fact_value)),
        ("notice-field-publish", time(&form.publish_at)),
        ("notice-field-expires", time(&form.expires_at)),
        ("notice-field-pinned", if form.pinned == "1" { w.t("notice-yes") } else { String::new() }),
        ("notice-field-title-en", form.title_en.clone()),
        ("notice-field-body-en", lines_of(&form.body_en)),
        ("notice-field-place-en", form.place_en.clone()),
        ("notice-field-instruction-en", form.instruction_en.clone()),
        ("notice-field-facts-en", rows(&form.fact_label_en, &form.fact_value_en)),
        ("notice-attach", form.attached.join("\n")),
    ]
}

fn rows(labels: &[String], values: &[String]) -> String {
    let rows = labels.iter().zip(values).map(|(label, value)| (one_line(label), one_line(value)));
    let rows = rows.filter(|(label, value)| !label.is_empty() || !value.is_empty());
    rows.map(|(label, value)| format!("{label}: {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Piece, differences, pieces, words};
    use crate::{
        i18n::{Lang, Words},
        notices::NoticeForm,
    };

    #[test]
    fn chinese_changes_by_characters_and_english_by_words() {
        use Piece::{Added, Removed, Same};
        assert_eq!(
            pieces("明天上午停水", "明天下午停水"),
            [Same("明天".into()), Removed("上".into()), Added("下".into()), Same("午停水".into())]
        );
        assert_eq!(
            pieces("water off at 8", "water off at 13"),
            [Same("water off at ".into()), Removed("8".into()), Added("13".into())]
        );
        assert_eq!(words("5 栋ab  c"), ["5", " ", "栋", "ab", "  ", "c"]);
        assert_eq!(pieces("", ""), []);
    }

    #[test]
    fn only_fields_that_changed_are_told() {
        let old = NoticeForm { title: "停水".into(), aims: vec!["a".into(), "b".into()], ..NoticeForm::default() };
        let mut new = NoticeForm { aims: vec!["b".into(), "a".into()], ..old.clone() };
        let told = |old: &NoticeForm, new: &NoticeForm| {
            differences(Words::new(Lang::Zh), old, new, str::to_owned).into_iter().map(|d| d.label).collect::<Vec<_>>()
        };
        assert!(told(&old, &new).is_empty(), "the order of places says nothing");
        new.body = "一\r\n二".into();
        let sent = NoticeForm { body: "一\n二".into(), ..new.clone() };
        assert!(told(&sent, &new).is_empty(), "browsers send other line ends than are stored");
        new.pinned = "1".into();
        assert_eq!(told(&old, &new), ["正文", "置顶"]);
    }

    #[test]
    fn long_texts_are_compared_quickly() {
        let long = |c: char| (0..20_000).map(|n| if n % 7 == 0 { '\n' } else { c }).collect::<String>();
        assert!(pieces(&long('一'), &long('二')).len() >= 2);
        let mixed: String = (0..10_000_u32).filter_map(|n| char::from_u32(0x4e00 + n)).collect();
        let other: String = mixed.chars().rev().collect();
        assert!(pieces(&mixed, &other).len() >= 2);
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_off_the_pieces(old in "[ab一二\\n ]{0,40}", new in "[ab一二\\n ]{0,40}") {
            let (mut before, mut after) = (String::new(), String::new());
            for piece in pieces(&old, &new) {
                match piece {
                    Piece::Same(text) => { before.push_str(&text); after.push_str(&text); }
                    Piece::Removed(text) => before.push_str(&text),
                    Piece::Added(text) => after.push_str(&text),
                }
            }
            proptest::prop_assert_eq!((before, after), (old, new));
        }
    }
}

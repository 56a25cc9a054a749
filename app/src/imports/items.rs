//! A service item in a line of a table. Questions and materials stand in one cell each, one in a line; the parts of one
//! are between bars, as `agent | 是别人代办吗？ | Is somebody else applying?`, with a material's condition as the editor
//! writes it: `agent:yes`.

use super::{Column, LineReader, Merged, Mistake, Row, Why};
use crate::{
    i18n::{Lang, Words},
    windows::{
        Area, LifeEvent, Question, ServiceItem,
        item_form::{self, TEXTS, condition_value, item_fields, keywords_text, read_item, settle_codes},
    },
};
use std::collections::BTreeSet;

/// The columns of an item.
pub static ITEM_COLUMNS: [Column; 22] = [
    Column { name: "code", key: "imports-column-code", needed: true },
    Column { name: "letter", key: "item-letter", needed: true },
    Column { name: "area", key: "item-area", needed: true },
    Column { name: "title", key: "item-title", needed: true },
    Column { name: "title_en", key: "item-title-en", needed: false },
    Column { name: "official_name", key: "item-official", needed: true },
    Column { name: "official_name_en", key: "item-official-en", needed: false },
    Column { name: "who", key: "item-who", needed: true },
    Column { name: "who_en", key: "item-who-en", needed: false },
    Column { name: "minutes", key: "item-minutes", needed: true },
    Column { name: "how_long", key: "item-how-long", needed: true },
    Column { name: "how_long_en", key: "item-how-long-en", needed: false },
    Column { name: "fee", key: "item-fee", needed: true },
    Column { name: "fee_en", key: "item-fee-en", needed: false },
    Column { name: "result", key: "item-result", needed: true },
    Column { name: "result_en", key: "item-result-en", needed: false },
    Column { name: "basis", key: "item-basis", needed: true },
    Column { name: "basis_en", key: "item-basis-en", needed: false },
    Column { name: "keywords", key: "item-keywords", needed: false },
    Column { name: "life", key: "windows-life", needed: false },
    Column { name: "questions", key: "imports-column-questions", needed: false },
    Column { name: "materials", key: "imports-column-materials", needed: false },
];

/// Parts of a question and of a material, by the names of the editor's fields.
const QUESTION: [&str; 3] = ["code", "text", "text_en"];
const MATERIAL: [&str; 7] = ["code", "name", "name_en", "note", "note_en", "copies", "if"];

fn escaped(part: &str) -> String {
    part.replace('\\', "\\\\").replace('|', "\\|").replace('\r', "").replace('\n', "\\n")
}

/// The parts of one line of a cell.
fn parts(line: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = all.len() - 1;
        match c {
            '|' | '｜' => all.push(String::new()),
            '\\' => match chars.next() {
                Some('n') => all[last].push('\n'),
                Some(other) => all[last].push(other),
                None => all[last].push('\\'),
            },
            _ => all[last].push(c),
        }
    }
    all.into_iter().map(|part| part.trim().to_owned()).collect()
}

fn joined(all: &[&str]) -> String {
    let last = all.iter().rposition(|part| !part.is_empty()).map_or(0, |at| at + 1);
    // A bar in full width would be read as one.
    all[..last].iter().map(|part| escaped(part).replace('｜', "\\｜")).collect::<Vec<_>>().join(" | ")
}

fn question_line(question: &Question) -> String {
    joined(&[&question.code, &question.text, &question.text_en])
}

/// The cells of an item in the order of [`ITEM_COLUMNS`]: in words, or as codes without any.
pub fn item_cells(item: &ServiceItem, w: Option<Words>) -> Vec<String> {
    let word = |code: &'static str, key: &'static str| w.map_or_else(|| code.to_owned(), |w| w.t(key));
    let materials = item.materials.iter().map(|material| {
        let copies = if material.copies == 0 { String::new() } else { material.copies.to_string() };
        let condition = condition_value(material.only_if.as_ref());
        let texts = [&material.code, &material.name, &material.name_en, &material.note, &material.note_en];
        joined(&[texts[0], texts[1], texts[2], texts[3], texts[4], &copies, &condition])
    });
    let cell = |column: &Column| match column.name {
        "code" => item.code.clone(),
        "letter" => item.letter.clone(),
        "area" => word(item.area.code(), item.area.key()),
        "minutes" => item.minutes.to_string(),
        "keywords" => keywords_text(&item.keywords),
        "life" => {
            let life = LifeEvent::ALL.into_iter().filter(|event| item.life_events.contains(event));
            life.map(|event| word(event.code(), event.key())).collect::<Vec<_>>().join("、")
        }
        "questions" => item.questions.iter().map(question_line).collect::<Vec<_>>().join("\n"),
        "materials" => materials.clone().collect::<Vec<_>>().join("\n"),
        name => TEXTS.iter().find(|part| part.name == name).map_or_else(String::new, |part| (part.of)(item).to_owned()),
    };
    ITEM_COLUMNS.iter().map(cell).collect()
}

/// The rows of a cell, as the editor's form has them.
fn rows(cell: &str, prefix: &str, names: &[&str]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (number, line) in cell.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let mut parts = parts(line);
        if parts.len() == 1 {
            // Only what it is called: its code is made.
            parts.insert(0, String::new());
        }
        let mut parts = parts.into_iter();
        for name in names {
            fields.push((format!("{prefix}-{number}-{name}"), parts.next().unwrap_or_default()));
        }
        // More parts than there are stand behind the last one, which is then no condition.
        for rest in parts {
            if let Some((_, last)) = fields.last_mut() {
                last.push('|');
                last.push_str(&rest);
            }
        }
    }
    fields
}

/// The editor's form that a line stands for, over what is known of the item.
fn form_of(row: Row<'_>, known: Option<&ServiceItem>) -> Vec<(String, String)> {
    let mut fields = item_fields(known.unwrap_or(&item_form::blank()));
    let mut put = |name: &str, value: String| {
        fields.retain(|(field, _)| field != name);
        fields.push((name.to_owned(), value));
    };
    for column in ITEM_COLUMNS.iter().filter(|column| !matches!(column.name, "life" | "questions" | "materials")) {
        if let Some(cell) = row.get(column.name) {
            put(column.name, cell.to_owned());
        }
    }
    if let Some(cell) = row.get("area") {
        let word = |area: &Area, lang: Lang| Words::new(lang).t(area.key()).eq_ignore_ascii_case(cell);
        let found = Area::ALL.into_iter().find(|area| word(area, Lang::Zh) || word(area, Lang::En));
        put("area", found.map_or_else(|| cell.to_owned(), |area| area.code().to_owned()));
    }
    if let Some(cell) = row.get("life") {
        fields.retain(|(field, _)| field != "life");
        for written in cell.split(['、', ';', '；', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
            let found = life_event(written).map_or_else(|| written.to_owned(), |event| event.code().to_owned());
            fields.push(("life".to_owned(), found));
        }
    }
    for (column, prefix, names) in
        [("questions", item_form::QUESTION, &QUESTION[..]), ("materials", item_form::MATERIAL, &MATERIAL[..])]
    {
        if let Some(cell) = row.get(column) {
            fields.retain(|(field, _)| !field.starts_with(&format!("{prefix}-")));
            fields.extend(rows(cell, prefix, names));
        }
    }
    fields
}

fn life_event(written: &str) -> Option<LifeEvent> {
    let word = |event: &LifeEvent, lang: Lang| Words::new(lang).t(event.key()).eq_ignore_ascii_case(written);
    let named = |event: &LifeEvent| event.code() == written || word(event, Lang::Zh) || word(event, Lang::En);
    LifeEvent::ALL.into_iter().find(named)
}

/// Reads a line over what is known of the item. `used`: codes that its questions and materials once had.
pub fn read_item_line(row: Row<'_>, known: Option<&ServiceItem>, used: &BTreeSet<String>) -> Merged<ServiceItem> {
    let mut read = LineReader::new(row);
    let mut fields = form_of(row, known);
    settle_codes(&mut fields, used);
    let code = row.get("code").unwrap_or_default().to_owned();
    if code.is_empty() {
        read.wrong("code", "imports-error-empty", "");
    }
    let old = known.map(|item| item.code.as_str());
    let [(item, zh), (_, en)] = [Lang::Zh, Lang::En].map(|lang| read_item(&fields, old, Words::new(lang)));
    for written in row.get("life").unwrap_or_default().split(['、', ';', '；', '\n']).map(str::trim) {
        if !written.is_empty() && life_event(written).is_none() {
            let known = LifeEvent::ALL.map(LifeEvent::code).join(" ");
            read.wrong("life", "imports-error-unknown", known);
        }
    }
    for (field, said) in zh {
        let column = match field.split_once('-') {
            Some((item_form::QUESTION, _)) => "questions",
            Some((item_form::MATERIAL, _)) => "materials",
            _ => field.as_str(),
        };
        if !read.mistakes.iter().any(|mistake| mistake.column == column) {
            let value = fields.iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone());
            let why = Why::Said { en: en.get(&field).cloned().unwrap_or_default(), zh: said };
            let value: String = value.unwrap_or_default().chars().take(120).collect();
            read.mistakes.push(Mistake { column: column.to_owned(), value, why });
        }
    }
    let mut item = item;
    if let Some(known) = known {
        // The order of life events and the case of words are no change.
        if known.life_events.iter().collect::<BTreeSet<_>>() == item.life_events.iter().collect::<BTreeSet<_>>() {
            item.life_events.clone_from(&known.life_events);
        }
        if row.get("keywords").is_none_or(|cell| cell == keywords_text(&known.keywords)) {
            item.keywords.clone_from(&known.keywords);
        }
    }
    let what = format!("{} {code}", item.title).trim().to_owned();
    Merged { key: code, what, says: item, mistakes: read.mistakes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn demo() -> Vec<ServiceItem> {
        #[derive(serde::Deserialize)]
        struct File {
            items: Vec<ServiceItem>,
        }
        serde_json::from_str::<File>(include_str!("../../../server/demo/services.json")).expect("valid").items
    }

    fn names() -> Vec<String> {
        ITEM_COLUMNS.iter().map(|column| column.name.to_owned()).collect()
    }

    #[test]
    fn an_item_that_is_written_is_read_again() {
        for item in demo() {
            for w in [None, Some(Words::new(Lang::Zh)), Some(Words::new(Lang::En))] {
                let cells = item_cells(&item, w);
                let row = Row { columns: &names(), line: 2, cells: &cells };
                for known in [None, Some(&item)] {
                    let read = read_item_line(row, known, &BTreeSet::new());
                    assert_eq!(read.mistakes, vec![], "{}", item.code);
                    assert_eq!(item_cells(&read.says, None), item_cells(&item, None), "{}", item.code);
                }
                assert_eq!(read_item_line(row, Some(&item), &BTreeSet::new()).says, item);
            }
        }
    }

    #[test]
    fn a_condition_that_names_no_question_is_a_mistake_of_its_cell() {
        let mut cells = item_cells(&demo()[0], None);
        let last = cells.len() - 1;
        "身份证\nphoto | 照片 | | | | 两份 | nobody:yes".clone_into(&mut cells[last]);
        let read = read_item_line(Row { columns: &names(), line: 2, cells: &cells }, None, &BTreeSet::new());
        let named: Vec<&str> = read.mistakes.iter().map(|mistake| mistake.column.as_str()).collect();
        assert_eq!(named, ["materials"], "{:?}", read.mistakes);
        assert_eq!(read.says.materials.first().map(|material| material.name.as_str()), Some("身份证"));
    }

    proptest! {
        #[test]
        fn parts_come_back_as_they_were(texts in prop::collection::vec("[^\\s\\p{C}]([^\\r\\p{C}]{0,6}[^\\s\\p{C}])?", 1..6)) {
            let line = joined(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(parts(&line), texts);
            prop_assert!(!line.contains('\n'));
        }
    }
}

//! A service item as admins edit it: the form, its rows of questions and materials, what differs between two versions,
//! and the pinyin initials it could be found by. Pure.

mod differences;
mod initials;
mod rows;

use super::{
    Area, Condition, LifeEvent, Material, Question, ServiceItem, form_reader::FormReader, settings::FormErrors,
};
use crate::i18n::Words;

pub use differences::{Offer, differences};
pub use initials::{initials, proposed, slug};
pub use rows::{MATERIAL, QUESTION, arrange, settle_codes};

/// Most yes-or-no questions of an item.
pub const MAX_QUESTIONS: usize = 4;
/// Most materials of an item.
pub const MAX_MATERIALS: usize = 40;
/// Longest time at the window, in minutes.
pub const MAX_MINUTES: i64 = 240;
/// Most photocopies of a material.
pub const MAX_COPIES: i64 = 20;
/// Most keywords of an item, and the longest one.
pub const MAX_KEYWORDS: (usize, usize) = (40, 30);
/// Longest code of an item, in characters.
pub const MAX_CODE: usize = 60;

/// A text of an item: how the form names it, how it is called on screen, how long it may be, and where it is.
pub struct TextPart {
    /// Name of the field.
    pub name: &'static str,
    /// Catalogue key of its label.
    pub key: &'static str,
    /// Most characters.
    pub max: usize,
    /// May not be empty.
    pub needed: bool,
    /// Written in several lines.
    pub long: bool,
    /// Where it is.
    pub of: fn(&ServiceItem) -> &str,
    put: fn(&mut ServiceItem, String),
}

macro_rules! part {
    ($field:ident, $key:literal, $max:literal, $needed:literal, $long:literal) => {
        TextPart {
            name: stringify!($field),
            key: $key,
            max: $max,
            needed: $needed,
            long: $long,
            of: |item| &item.$field,
            put: |item, text| item.$field = text,
        }
    };
}

/// The texts of an item: each in Chinese and, after it, in English.
pub static TEXTS: [TextPart; 14] = [
    part!(title, "item-title", 60, true, false),
    part!(title_en, "item-title-en", 120, false, false),
    part!(official_name, "item-official", 120, true, false),
    part!(official_name_en, "item-official-en", 200, false, false),
    part!(who, "item-who", 600, true, true),
    part!(who_en, "item-who-en", 900, false, true),
    part!(how_long, "item-how-long", 300, true, false),
    part!(how_long_en, "item-how-long-en", 500, false, false),
    part!(fee, "item-fee", 300, true, false),
    part!(fee_en, "item-fee-en", 500, false, false),
    part!(result, "item-result", 300, true, false),
    part!(result_en, "item-result-en", 500, false, false),
    part!(basis, "item-basis", 600, true, true),
    part!(basis_en, "item-basis-en", 900, false, true),
];

/// An item with nothing in it, to begin a form with.
pub fn blank() -> ServiceItem {
    ServiceItem {
        code: String::new(),
        letter: String::new(),
        area: Area::Social,
        title: String::new(),
        title_en: String::new(),
        official_name: String::new(),
        official_name_en: String::new(),
        keywords: Vec::new(),
        life_events: Vec::new(),
        who: String::new(),
        who_en: String::new(),
        minutes: 15,
        fee: String::new(),
        fee_en: String::new(),
        basis: String::new(),
        basis_en: String::new(),
        result: String::new(),
        result_en: String::new(),
        how_long: String::new(),
        how_long_en: String::new(),
        questions: Vec::new(),
        materials: Vec::new(),
    }
}

/// The value of a condition in a form: empty for always.
pub fn condition_value(condition: Option<&Condition>) -> String {
    condition.map_or_else(String::new, |condition| {
        format!("{}:{}", condition.question, if condition.answer { "yes" } else { "no" })
    })
}

/// Keywords in one line.
pub fn keywords_text(keywords: &[String]) -> String {
    keywords.join("、")
}

/// Keywords as people write them: between commas or spaces, each once, letters in lower case.
pub fn parse_keywords(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    for word in text.split(between).map(str::to_lowercase).filter(|word| !word.is_empty()) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The form that shows an item.
pub fn item_fields(item: &ServiceItem) -> Vec<(String, String)> {
    let mut fields = vec![
        ("code".to_owned(), item.code.clone()),
        ("letter".to_owned(), item.letter.clone()),
        ("area".to_owned(), item.area.code().to_owned()),
        ("minutes".to_owned(), item.minutes.to_string()),
        ("keywords".to_owned(), keywords_text(&item.keywords)),
    ];
    fields.extend(TEXTS.iter().map(|part| (part.name.to_owned(), (part.of)(item).to_owned())));
    fields.extend(item.life_events.iter().map(|event| ("life".to_owned(), event.code().to_owned())));
    let mut add = |name: String, value: &str| fields.push((name, value.to_owned()));
    for (row, question) in item.questions.iter().enumerate() {
        add(format!("qu-{row}-code"), &question.code);
        add(format!("qu-{row}-text"), &question.text);
        add(format!("qu-{row}-text_en"), &question.text_en);
    }
    for (row, material) in item.materials.iter().enumerate() {
        add(format!("ma-{row}-code"), &material.code);
        add(format!("ma-{row}-name"), &material.name);
        add(format!("ma-{row}-name_en"), &material.name_en);
        add(format!("ma-{row}-note"), &material.note);
        add(format!("ma-{row}-note_en"), &material.note_en);
        add(format!("ma-{row}-copies"), &material.copies.to_string());
        add(format!("ma-{row}-if"), &condition_value(material.only_if.as_ref()));
    }
    fields
}

/// Reads a form whose codes are settled (see [`settle_codes`]). `code` is the item's; `None` for a new one, whose code
/// is read, or made from its title when it is left empty. The item is only good when there are no errors.
pub fn read_item(fields: &[(String, String)], code: Option<&str>, w: Words) -> (ServiceItem, FormErrors) {
    FormReader::new(fields, w).item(code)
}

impl FormReader<'_> {
    fn item(mut self, code: Option<&str>) -> (ServiceItem, FormErrors) {
        let mut item = blank();
        for part in &TEXTS {
            let text = self.text(part.name, part.needed, part.max);
            (part.put)(&mut item, text);
        }
        item.code = match code {
            Some(code) => code.to_owned(),
            None => self.code(&item),
        };
        item.letter = self.get("letter").to_uppercase();
        if item.letter.len() != 1 || !item.letter.bytes().all(|b| b.is_ascii_uppercase()) {
            self.wrong("letter", "item-error-letter");
        }
        match Area::from_code(&self.get("area")) {
            Some(area) => item.area = area,
            None => self.wrong("area", "settings-error-empty"),
        }
        item.minutes = self.number("minutes", 1, MAX_MINUTES);
        item.keywords = parse_keywords(&self.get("keywords"));
        if item.keywords.len() > MAX_KEYWORDS.0
            || item.keywords.iter().any(|word| word.chars().count() > MAX_KEYWORDS.1)
        {
            self.wrong("keywords", "item-error-keywords");
        }
        let ticked = self.all("life");
        item.life_events =
            LifeEvent::ALL.into_iter().filter(|event| ticked.iter().any(|code| code == event.code())).collect();
        self.questions(&mut item);
        self.materials(&mut item);
        (item, self.errors)
    }

    fn code(&mut self, item: &ServiceItem) -> String {
        let typed = self.get("code").to_lowercase();
        let code = if typed.is_empty() { slug(&item.title, &item.title_en) } else { typed };
        let plain = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !plain || code.len() < 2 || code.len() > MAX_CODE || code.starts_with('-') || code.ends_with('-') {
            self.wrong("code", "item-error-code");
        }
        code
    }

    fn questions(&mut self, item: &mut ServiceItem) {
        for row in self.rows(QUESTION, super::settings::MAX_ROWS) {
            let name = format!("qu-{row}-text");
            if self.get(&name).is_empty() && self.get(&format!("qu-{row}-text_en")).is_empty() {
                continue;
            }
            let question = Question {
                code: self.get(&format!("qu-{row}-code")),
                text: self.text(&name, true, 100),
                text_en: self.text(&format!("qu-{row}-text_en"), false, 200),
            };
            if item.questions.len() == MAX_QUESTIONS {
                self.wrong(&name, "item-error-many-questions");
            }
            item.questions.push(question);
        }
    }

    fn materials(&mut self, item: &mut ServiceItem) {
        for row in self.rows(MATERIAL, super::settings::MAX_ROWS) {
            let field = |part: &str| format!("ma-{row}-{part}");
            let empty = |reader: &Self, part: &str| reader.get(&field(part)).is_empty();
            if ["name", "name_en", "note", "note_en"].iter().all(|part| empty(self, part)) {
                continue;
            }
            let copies = if empty(self, "copies") { 0 } else { self.number(&field("copies"), 0, MAX_COPIES) };
            let material = Material {
                code: self.get(&field("code")),
                name: self.text(&field("name"), true, 120),
                name_en: self.text(&field("name_en"), false, 200),
                note: self.text(&field("note"), false, 300),
                note_en: self.text(&field("note_en"), false, 500),
                copies: u32::try_from(copies).unwrap_or(0),
                only_if: self.condition(&field("if"), item),
            };
            if item.materials.len() == MAX_MATERIALS {
                self.wrong(&field("name"), "item-error-many-materials");
            }
            item.materials.push(material);
        }
        if item.materials.is_empty() {
            self.wrong("materials", "item-error-no-materials");
        }
    }

    fn condition(&mut self, name: &str, item: &ServiceItem) -> Option<Condition> {
        let value = self.get(name);
        if value.is_empty() {
            return None;
        }
        let read = value.split_once(':').and_then(|(question, answer)| {
            let answer = match answer {
                "yes" => true,
                "no" => false,
                _ => return None,
            };
            item.question(question).map(|question| Condition { question: question.code.clone(), answer })
        });
        if read.is_none() {
            self.wrong(name, "item-error-condition");
        }
        read
    }
}

#[cfg(test)]
mod tests;

//! Pinyin: the initials by which people look for an item, and addresses from Chinese titles.

use super::MAX_CODE;
use crate::windows::ServiceItem;
use pinyin::ToPinyin;

/// The pinyin initials of a Chinese text (`社保卡` → `sbk`); letters and digits in it stay, all else is left out.
/// A character with several readings gets its most common one.
pub fn initials(text: &str) -> String {
    let mut all = String::new();
    for c in text.chars() {
        match c.to_pinyin() {
            Some(reading) => all.push_str(reading.first_letter()),
            None if c.is_ascii_alphanumeric() => all.push(c.to_ascii_lowercase()),
            None => {}
        }
    }
    all
}

/// Initials that an item could be found by and is not yet: of its title, and of its Chinese keywords of two or more
/// characters; those of one letter, or of more than eight, help nobody.
pub fn proposed(item: &ServiceItem) -> Vec<String> {
    let chinese = |word: &&str| word.chars().all(|c| c.to_pinyin().is_some());
    let words = item.keywords.iter().map(String::as_str).filter(chinese);
    let mut found: Vec<String> = Vec::new();
    for short in std::iter::once(item.title.as_str()).chain(words).map(initials) {
        if (2..=8).contains(&short.len()) && !item.keywords.contains(&short) && !found.contains(&short) {
            found.push(short);
        }
    }
    found
}

/// A code for an address from a title: the words of the English one, else the pinyin of the Chinese one.
pub fn slug(title: &str, title_en: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let latin = |text: &str| {
        let plain = text.to_lowercase().replace(['\'', '’'], "");
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    if title_en.chars().any(|c| c.is_ascii_alphanumeric()) {
        words = latin(title_en);
    } else {
        words.extend(title.chars().filter_map(|c| c.to_pinyin()).map(|reading| reading.plain().replace('ü', "v")));
    }
    let mut code = String::new();
    for word in words {
        if code.len() + 1 + word.len() > MAX_CODE {
            break;
        }
        if !code.is_empty() {
            code.push('-');
        }
        code.push_str(&word);
    }
    code
}

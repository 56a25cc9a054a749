//! What differs between two versions of an item, in words.

use super::{TEXTS, keywords_text};
use crate::{
    i18n::Words,
    windows::{Material, Question, ServiceItem},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A version of an item: what it is, and whether it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The item.
    pub item: ServiceItem,
    /// No longer offered.
    #[serde(default)]
    pub retired: bool,
}

fn question(question: &Question) -> String {
    if question.text_en.is_empty() {
        question.text.clone()
    } else {
        format!("{} / {}", question.text, question.text_en)
    }
}

fn material(w: Words, material: &Material, item: &ServiceItem) -> String {
    let both = |zh: &str, en: &str| if en.is_empty() { zh.to_owned() } else { format!("{zh} / {en}") };
    let mut all = vec![both(&material.name, &material.name_en)];
    if !material.note.is_empty() || !material.note_en.is_empty() {
        all.push(both(&material.note, &material.note_en));
    }
    if material.copies > 0 {
        all.push(w.tf("item-copies-count", &[("count", material.copies.into())]));
    }
    if let Some(condition) = &material.only_if {
        let asked = item.question(&condition.question);
        let asked = asked.map_or_else(|| condition.question.clone(), |q| w.pick(&q.text, &q.text_en).to_owned());
        let answer = w.t(if condition.answer { "windows-yes" } else { "windows-no" });
        all.push(w.tf("item-only-if", &[("question", asked.into()), ("answer", answer.into())]));
    }
    all.join("; ")
}

/// What differs between two versions, a sentence each; `old` is `None` for an item that is new.
pub fn differences(old: Option<&Offer>, new: &Offer, w: Words) -> Vec<String> {
    let Some(old) = old else {
        return vec![w.tf("item-diff-new", &[("title", w.pick(&new.item.title, &new.item.title_en).into())])];
    };
    let mut all = Vec::new();
    if old.retired != new.retired {
        all.push(w.t(if new.retired { "item-diff-retired" } else { "item-diff-offered" }));
    }
    let (old, new) = (&old.item, &new.item);
    let mut changed = |what: String, before: String, after: String| {
        if before != after {
            let none = |text: String| if text.is_empty() { w.t("settings-diff-nothing") } else { text };
            let (before, after) = (none(before), none(after));
            let args = [("what", what.into()), ("before", before.into()), ("after", after.into())];
            all.push(w.tf("settings-diff-changed", &args));
        }
    };
    for part in &TEXTS {
        changed(w.t(part.key), (part.of)(old).to_owned(), (part.of)(new).to_owned());
    }
    changed(w.t("item-letter"), old.letter.clone(), new.letter.clone());
    changed(w.t("item-area"), w.t(old.area.key()), w.t(new.area.key()));
    changed(w.t("item-minutes"), old.minutes.to_string(), new.minutes.to_string());
    changed(w.t("item-keywords"), keywords_text(&old.keywords), keywords_text(&new.keywords));
    let life =
        |item: &ServiceItem| item.life_events.iter().map(|event| w.t(event.key())).collect::<Vec<_>>().join("、");
    changed(w.t("windows-life"), life(old), life(new));
    let of = |item: &ServiceItem, code: &str| item.question(code).map(question).unwrap_or_default();
    for code in codes(old.questions.iter().chain(&new.questions).map(|one| &one.code)) {
        changed(w.t("item-question"), of(old, code), of(new, code));
    }
    let of = |item: &ServiceItem, code: &str| {
        item.materials.iter().find(|one| one.code == code).map(|one| material(w, one, item)).unwrap_or_default()
    };
    for code in codes(old.materials.iter().chain(&new.materials).map(|one| &one.code)) {
        changed(w.t("item-material"), of(old, code), of(new, code));
    }
    let moved = |before: Vec<&String>, after: Vec<&String>| {
        let kept = |list: &[&String], other: &[&String]| {
            list.iter().filter(|code| other.contains(code)).map(|code| (*code).clone()).collect::<Vec<_>>()
        };
        kept(&before, &after) != kept(&after, &before)
    };
    if moved(old.questions.iter().map(|q| &q.code).collect(), new.questions.iter().map(|q| &q.code).collect()) {
        all.push(w.t("item-diff-question-order"));
    }
    if moved(old.materials.iter().map(|m| &m.code).collect(), new.materials.iter().map(|m| &m.code).collect()) {
        all.push(w.t("item-diff-material-order"));
    }
    all
}

/// Each code once, in order.
fn codes<'a>(all: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    all.map(String::as_str).filter(|code| seen.insert(*code)).collect()
}

//! What differs between two versions, in words.

use super::{ClosedSpan, DatedHours, HallSettings, WEEK_KEYS, WindowSettings, class_key, spans_text};
use crate::{i18n::Words, time::date as date_words, windows::Limits};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What differs between two versions, a sentence each.
pub fn differences(old: &HallSettings, new: &HallSettings, w: Words) -> Vec<String> {
    let mut all = Vec::new();
    let mut changed = |what: String, before: String, after: String| {
        if before != after {
            let none = |text: String| if text.is_empty() { w.t("settings-diff-nothing") } else { text };
            let (before, after) = (none(before), none(after));
            let args = [("what", what.into()), ("before", before.into()), ("after", after.into())];
            all.push(w.tf("settings-diff-changed", &args));
        }
    };
    changed(w.t("settings-slot-minutes"), old.slot_minutes.to_string(), new.slot_minutes.to_string());
    for (key, (before, after)) in WEEK_KEYS.iter().zip(old.week.iter().zip(&new.week)) {
        changed(w.t(key), spans_text(before), spans_text(after));
    }
    for field in Limits::FIELDS {
        changed(w.t(field.key), old.limits.get(field.name).to_string(), new.limits.get(field.name).to_string());
    }
    let classes = |limits: &Limits| {
        limits.priority_classes.iter().map(|class| w.t(class_key(class))).collect::<Vec<_>>().join(", ")
    };
    changed(w.t("settings-classes"), classes(&old.limits), classes(&new.limits));
    let dated = |settings: &HallSettings| -> BTreeMap<String, String> {
        let of = |dated: &DatedHours| {
            let hours = if dated.hours.is_empty() { w.t("settings-closed") } else { spans_text(&dated.hours) };
            (dated.day.clone(), format!("{hours} {} {}", dated.reason, dated.reason_en).trim().to_owned())
        };
        settings.exceptions.iter().map(of).collect()
    };
    let (before, after) = (dated(old), dated(new));
    let mut days: Vec<&String> = before.keys().chain(after.keys()).collect();
    days.sort();
    days.dedup();
    for day in days {
        let of = |map: &BTreeMap<String, String>| map.get(day).cloned().unwrap_or_default();
        let name = day.parse::<Date>().map_or_else(|_| day.clone(), |date| date_words(w.lang, date));
        changed(name, of(&before), of(&after));
    }
    let closed = |settings: &HallSettings| {
        let of = |span: &ClosedSpan| {
            format!(
                "{} – {} {} {}",
                span.from.replace('T', " "),
                span.to.replace('T', " "),
                span.reason,
                span.reason_en
            )
        };
        settings.closures.iter().map(|span| of(span).trim().to_owned()).collect::<Vec<_>>()
    };
    let (before, after) = (closed(old), closed(new));
    for span in before.iter().filter(|span| !after.contains(span)) {
        changed(w.t("settings-closures"), span.clone(), String::new());
    }
    for span in after.iter().filter(|span| !before.contains(span)) {
        changed(w.t("settings-closures"), String::new(), span.clone());
    }
    let described = |window: &WindowSettings| {
        let state = w.t(if window.closed { "settings-window-closed" } else { "settings-window-open" });
        let args = [
            ("number", window.number.into()),
            ("name", w.pick(&window.name, &window.name_en).into()),
            ("state", state.into()),
            ("public", window.public.into()),
            ("assisted", window.assisted.into()),
            ("walk_in", window.walk_in.into()),
            ("items", window.items.join(", ").into()),
        ];
        w.tf("settings-window-described", &args)
    };
    for window in &new.windows {
        let before = old.windows.iter().find(|other| other.id == window.id && !window.id.is_empty());
        let name = w.tf("settings-window-name", &[("number", window.number.into())]);
        changed(name, before.map(described).unwrap_or_default(), described(window));
    }
    all
}

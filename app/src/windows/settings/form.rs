//! The form: from settings to fields and back.

use super::{
    ClosedSpan, DatedHours, FormErrors, HallSettings, MAX_PLACES, MAX_ROWS, MAX_TEXT, Span, WindowSettings,
    spans::{parse_day, parse_moment, parse_spans, spans_text},
};
use crate::{
    i18n::Words,
    windows::{Limits, PRIORITY_CLASSES, form_reader::FormReader},
};
use jiff::civil::DateTime;

impl HallSettings {
    /// The form that shows these settings.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = vec![("slot_minutes".to_owned(), self.slot_minutes.to_string())];
        let mut add = |name: String, value: &str| fields.push((name, value.to_owned()));
        for (index, spans) in self.week.iter().enumerate() {
            add(format!("week-{}", index + 1), &spans_text(spans));
        }
        for field in Limits::FIELDS {
            add(format!("limit-{}", field.name), &self.limits.get(field.name).to_string());
        }
        for class in &self.limits.priority_classes {
            add("class".to_owned(), class);
        }
        for (index, dated) in self.exceptions.iter().enumerate() {
            add(format!("ex-{index}-day"), &dated.day);
            add(format!("ex-{index}-hours"), &spans_text(&dated.hours));
            add(format!("ex-{index}-reason"), &dated.reason);
            add(format!("ex-{index}-reason_en"), &dated.reason_en);
        }
        for (index, span) in self.closures.iter().enumerate() {
            add(format!("cl-{index}-from"), &span.from);
            add(format!("cl-{index}-to"), &span.to);
            add(format!("cl-{index}-reason"), &span.reason);
            add(format!("cl-{index}-reason_en"), &span.reason_en);
        }
        for (index, window) in self.windows.iter().enumerate() {
            add(format!("win-{index}-id"), &window.id);
            add(format!("win-{index}-number"), &window.number.to_string());
            add(format!("win-{index}-name"), &window.name);
            add(format!("win-{index}-name_en"), &window.name_en);
            add(format!("win-{index}-public"), &window.public.to_string());
            add(format!("win-{index}-assisted"), &window.assisted.to_string());
            add(format!("win-{index}-walk_in"), &window.walk_in.to_string());
            if window.closed {
                add(format!("win-{index}-closed"), "1");
            }
            for item in &window.items {
                add(format!("win-{index}-item"), item);
            }
        }
        fields
    }

    /// Reads a form. `known` are the hall's windows now (none of them can be taken away, only closed), `items` the
    /// codes of all items. The settings are only good when there are no errors.
    pub fn from_fields(
        fields: &[(String, String)],
        known: &[WindowSettings],
        items: &[String],
        w: Words,
    ) -> (HallSettings, FormErrors) {
        FormReader::new(fields, w).settings(known, items)
    }
}

impl FormReader<'_> {
    fn spans(&mut self, name: &str) -> Vec<Span> {
        let spans = parse_spans(&self.get(name));
        if spans.is_none() {
            self.wrong(name, "settings-error-hours");
        }
        spans.unwrap_or_default()
    }

    fn settings(mut self, known: &[WindowSettings], items: &[String]) -> (HallSettings, FormErrors) {
        let mut settings = HallSettings { slot_minutes: self.number("slot_minutes", 5, 480), ..Default::default() };
        for index in 0..7 {
            settings.week[index] = self.spans(&format!("week-{}", index + 1));
        }
        for field in Limits::FIELDS {
            let value = self.number(&format!("limit-{}", field.name), field.min, field.max);
            settings.limits.set(field.name, value);
        }
        if settings.limits.last_day_ahead < settings.limits.first_day_ahead {
            self.wrong("limit-last_day_ahead", "settings-error-order");
        }
        if settings.limits.reopen_max_minutes < settings.limits.reopen_min_minutes {
            self.wrong("limit-reopen_max_minutes", "settings-error-order");
        }
        let classes = self.all("class");
        settings.limits.priority_classes = PRIORITY_CLASSES
            .iter()
            .filter(|class| classes.iter().any(|ticked| ticked == *class))
            .map(|class| (*class).to_owned())
            .collect();
        self.exceptions(&mut settings);
        self.closures(&mut settings);
        self.windows(&mut settings, known, items);
        (settings, self.errors)
    }

    fn exceptions(&mut self, settings: &mut HallSettings) {
        for row in self.rows("ex", MAX_ROWS) {
            let day = self.get(&format!("ex-{row}-day"));
            if day.is_empty() {
                continue;
            }
            let name = format!("ex-{row}-day");
            let Some(date) = parse_day(&day) else {
                self.wrong(&name, "settings-error-date");
                continue;
            };
            let day = date.to_string();
            if settings.exceptions.iter().any(|other| other.day == day) {
                self.wrong(&name, "settings-error-twice");
            }
            let hours = self.spans(&format!("ex-{row}-hours"));
            let reason = self.text(&format!("ex-{row}-reason"), true, MAX_TEXT);
            let reason_en = self.text(&format!("ex-{row}-reason_en"), false, MAX_TEXT);
            settings.exceptions.push(DatedHours { day, hours, reason, reason_en });
        }
        settings.exceptions.sort_by(|a, b| a.day.cmp(&b.day));
    }

    fn closures(&mut self, settings: &mut HallSettings) {
        for row in self.rows("cl", MAX_ROWS) {
            let (from, to) = (self.get(&format!("cl-{row}-from")), self.get(&format!("cl-{row}-to")));
            if from.is_empty() && to.is_empty() {
                continue;
            }
            match (parse_moment(&from), parse_moment(&to)) {
                (Some(from), Some(to)) if from < to => {
                    let minute = |at: DateTime| at.strftime("%Y-%m-%dT%H:%M").to_string();
                    let reason = self.text(&format!("cl-{row}-reason"), true, MAX_TEXT);
                    let reason_en = self.text(&format!("cl-{row}-reason_en"), false, MAX_TEXT);
                    settings.closures.push(ClosedSpan { from: minute(from), to: minute(to), reason, reason_en });
                }
                (None, _) => self.wrong(&format!("cl-{row}-from"), "settings-error-date"),
                (_, None) => self.wrong(&format!("cl-{row}-to"), "settings-error-date"),
                _ => self.wrong(&format!("cl-{row}-to"), "settings-error-order"),
            }
        }
        settings.closures.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    }

    fn windows(&mut self, settings: &mut HallSettings, known: &[WindowSettings], items: &[String]) {
        for row in self.rows("win", MAX_ROWS) {
            let field = |part: &str| format!("win-{row}-{part}");
            let id = self.get(&field("id"));
            let old = known.iter().find(|window| window.id == id && !id.is_empty());
            if old.is_none() && self.get(&field("name")).is_empty() && self.get(&field("number")).is_empty() {
                continue;
            }
            let mut served: Vec<String> = self.all(&field("item"));
            served.retain(|code| items.contains(code));
            served.sort();
            served.dedup();
            let window = WindowSettings {
                id: old.map(|window| window.id.clone()).unwrap_or_default(),
                number: self.number(&field("number"), 1, 999),
                name: self.text(&field("name"), true, MAX_TEXT),
                name_en: self.text(&field("name_en"), false, MAX_TEXT),
                items: served,
                public: self.number(&field("public"), 0, MAX_PLACES),
                assisted: self.number(&field("assisted"), 0, MAX_PLACES),
                walk_in: self.number(&field("walk_in"), 0, MAX_PLACES),
                closed: !self.get(&field("closed")).is_empty(),
            };
            if settings.windows.iter().any(|other| other.number == window.number) {
                self.wrong(&field("number"), "settings-error-twice");
            }
            settings.windows.push(window);
        }
        // A window that the form does not name stays as it is: nothing disappears by being left out.
        for window in known {
            if !settings.windows.iter().any(|other| other.id == window.id) {
                settings.windows.push(window.clone());
            }
        }
        settings.windows.sort_by_key(|window| window.number);
    }
}

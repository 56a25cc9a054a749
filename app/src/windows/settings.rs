//! A hall's settings as managers edit them: the form, what differs between two versions, and which bookings a change
//! hits. Pure; the same rules judge the preview and the moment of saving.

use super::{
    ClosedReason, Closure, DayHours, Exception, Hours, Limits, OpeningRules, PRIORITY_CLASSES, WeeklyHours, slots_of,
};
use crate::{
    i18n::Words,
    time::{HolidayCalendar, at_time, date as date_words, day_of},
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A span of a day as written: begin and end as HH:MM.
pub type Span = (String, String);

/// What is wrong with a form: field name → words. Names come from the data, so they are not static.
pub type FormErrors = BTreeMap<String, String>;

/// The hours of one date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedHours {
    /// The date, as YYYY-MM-DD.
    pub day: String,
    /// Its spans; none for closed.
    pub hours: Vec<Span>,
    /// Why.
    pub reason: String,
    /// Why, in English; may be empty.
    pub reason_en: String,
}

/// A span of time in which the hall is closed; clock times of the deployment's zone as YYYY-MM-DDTHH:MM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedSpan {
    /// Begin.
    pub from: String,
    /// End.
    pub to: String,
    /// Why.
    pub reason: String,
    /// Why, in English; may be empty.
    pub reason_en: String,
}

/// A window as managers set it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSettings {
    /// Id; empty for one that is being added.
    pub id: String,
    /// Number on its sign.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Name in English; may be empty.
    pub name_en: String,
    /// Codes of the items it serves, sorted.
    pub items: Vec<String>,
    /// Places of a slot for booking online.
    pub public: i64,
    /// Places of a slot for staff who book for a resident.
    pub assisted: i64,
    /// Walk-ins of a slot.
    pub walk_in: i64,
    /// Closed for now.
    pub closed: bool,
}

/// Everything a manager sets at a hall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallSettings {
    /// Length of a slot.
    pub slot_minutes: i64,
    /// Limits.
    pub limits: Limits,
    /// Weekly hours, Monday first.
    pub week: [Vec<Span>; 7],
    /// Dated exceptions from today on.
    pub exceptions: Vec<DatedHours>,
    /// Closures that are not over.
    pub closures: Vec<ClosedSpan>,
    /// Windows, by number.
    pub windows: Vec<WindowSettings>,
}

/// Most spans of one day.
pub const MAX_SPANS: usize = 6;
/// Most exceptions, closures or windows of a form.
pub const MAX_ROWS: usize = 60;
/// Most places of one kind in a slot.
pub const MAX_PLACES: i64 = 50;
/// Longest name or reason.
pub const MAX_TEXT: usize = 100;

/// Reads spans as people write them: `8:30-11:30, 13:30–17:00`. `None` for what cannot be read, overlaps or is too much.
pub fn parse_spans(text: &str) -> Option<Vec<Span>> {
    let mut spans: Vec<(Time, Time)> = Vec::new();
    for part in text.split([',', '，', ';', '；', '、', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once(['-', '–', '—', '~', '～', '至', '到'])?;
        let (from, to) = (parse_time(from)?, parse_time(to)?);
        if from >= to || spans.len() >= MAX_SPANS {
            return None;
        }
        spans.push((from, to));
    }
    spans.sort();
    if spans.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return None;
    }
    Some(spans.into_iter().map(|(from, to)| (clock(from), clock(to))).collect())
}

fn parse_time(text: &str) -> Option<Time> {
    let text = text.trim().replace('：', ":");
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Spans in one line: `08:30-11:30, 13:30-17:00`.
pub fn spans_text(spans: &[Span]) -> String {
    spans.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(", ")
}

/// A date that a form may name: close enough for arithmetic.
fn parse_day(text: &str) -> Option<Date> {
    text.trim().parse::<Date>().ok().filter(|day| (2000..=2999).contains(&day.year()))
}

fn parse_moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.len() > 19 {
        return None;
    }
    text.parse::<DateTime>().ok().filter(|at| (2000..=2999).contains(&at.year()))
}

impl HallSettings {
    /// When the hall is open by these settings.
    pub fn rules(&self) -> OpeningRules {
        let hours = |(from, to): &Span| Some(Hours { from: parse_time(from)?, to: parse_time(to)? });
        let mut rules = OpeningRules::default();
        for (index, spans) in self.week.iter().enumerate() {
            let Some(weekday) = i8::try_from(index + 1).ok().and_then(|day| Weekday::from_monday_one_offset(day).ok())
            else {
                continue;
            };
            rules.weekly.extend(spans.iter().filter_map(hours).map(|hours| WeeklyHours { weekday, hours }));
        }
        for dated in &self.exceptions {
            if let Some(date) = parse_day(&dated.day) {
                let hours = dated.hours.iter().filter_map(hours).collect();
                let reason = (dated.reason.clone(), dated.reason_en.clone());
                rules.exceptions.push(Exception { date, hours, reason });
            }
        }
        for span in &self.closures {
            if let Some((from, to)) = span.instants() {
                rules.closures.push(Closure { from, to, reason: (span.reason.clone(), span.reason_en.clone()) });
            }
        }
        rules
    }

    /// Places of a day by these settings: slots × places of the open windows, public and assisted.
    pub fn places(&self, date: Date, calendar: &HolidayCalendar) -> i64 {
        let DayHours::Open(hours) = self.rules().day(date, calendar) else { return 0 };
        let slots = i64::try_from(slots_of(&hours, self.slot_minutes).len()).unwrap_or(0);
        slots * self.windows.iter().filter(|window| !window.closed).map(|w| w.public + w.assisted).sum::<i64>()
    }

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
        let form = Form { fields, w, errors: FormErrors::new() };
        form.read(known, items)
    }
}

impl ClosedSpan {
    /// Begin and end as instants.
    pub fn instants(&self) -> Option<(Timestamp, Timestamp)> {
        let at = |text: &str| parse_moment(text).map(|at| at_time(at.date(), at.time()));
        Some((at(&self.from)?, at(&self.to)?))
    }
}

struct Form<'a> {
    fields: &'a [(String, String)],
    w: Words,
    errors: FormErrors,
}

impl Form<'_> {
    fn get(&self, name: &str) -> String {
        let value = self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim());
        value.unwrap_or_default().replace('\0', "")
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }

    fn wrong(&mut self, name: &str, key: &str) {
        let text = self.w.t(key);
        self.errors.entry(name.to_owned()).or_insert(text);
    }

    fn number(&mut self, name: &str, min: i64, max: i64) -> i64 {
        match self.get(name).parse::<i64>() {
            Ok(value) if (min..=max).contains(&value) => value,
            _ => {
                let text = self.w.tf("settings-error-number", &[("min", min.into()), ("max", max.into())]);
                self.errors.entry(name.to_owned()).or_insert(text);
                min
            }
        }
    }

    fn text(&mut self, name: &str, needed: bool) -> String {
        let text = self.get(name);
        if needed && text.is_empty() {
            self.wrong(name, "settings-error-empty");
        } else if text.chars().count() > MAX_TEXT {
            self.wrong(name, "settings-error-long");
        }
        text
    }

    /// Indices of the rows of a kind, as the form numbers them.
    fn rows(&self, kind: &str) -> Vec<usize> {
        let mut rows: Vec<usize> = self
            .fields
            .iter()
            .filter_map(|(name, _)| name.strip_prefix(kind)?.strip_prefix('-')?.split('-').next()?.parse().ok())
            .filter(|row| *row < MAX_ROWS)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn spans(&mut self, name: &str) -> Vec<Span> {
        let spans = parse_spans(&self.get(name));
        if spans.is_none() {
            self.wrong(name, "settings-error-hours");
        }
        spans.unwrap_or_default()
    }

    fn read(mut self, known: &[WindowSettings], items: &[String]) -> (HallSettings, FormErrors) {
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
        for row in self.rows("ex") {
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
            let reason = self.text(&format!("ex-{row}-reason"), true);
            let reason_en = self.text(&format!("ex-{row}-reason_en"), false);
            settings.exceptions.push(DatedHours { day, hours, reason, reason_en });
        }
        settings.exceptions.sort_by(|a, b| a.day.cmp(&b.day));
    }

    fn closures(&mut self, settings: &mut HallSettings) {
        for row in self.rows("cl") {
            let (from, to) = (self.get(&format!("cl-{row}-from")), self.get(&format!("cl-{row}-to")));
            if from.is_empty() && to.is_empty() {
                continue;
            }
            match (parse_moment(&from), parse_moment(&to)) {
                (Some(from), Some(to)) if from < to => {
                    let minute = |at: DateTime| at.strftime("%Y-%m-%dT%H:%M").to_string();
                    let reason = self.text(&format!("cl-{row}-reason"), true);
                    let reason_en = self.text(&format!("cl-{row}-reason_en"), false);
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
        for row in self.rows("win") {
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
                name: self.text(&field("name"), true),
                name_en: self.text(&field("name_en"), false),
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

/// Catalogue keys of the days of the week, Monday first.
pub const WEEK_KEYS: [&str; 7] = [
    "settings-monday",
    "settings-tuesday",
    "settings-wednesday",
    "settings-thursday",
    "settings-friday",
    "settings-saturday",
    "settings-sunday",
];

/// The catalogue key of a priority class.
pub fn class_key(class: &str) -> &'static str {
    match class {
        "senior" => "settings-class-senior",
        "disabled" => "settings-class-disabled",
        "pregnant" => "settings-class-pregnant",
        _ => "settings-class-veteran",
    }
}

/// A booking that stands, as far as settings can hit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its short code.
    pub code: String,
    /// Id of its window.
    pub window_id: String,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// Codes of its items.
    pub items: Vec<String>,
    /// Whether it took places of the assisted quota.
    pub assisted: bool,
    /// When it was made: of too many, the latest are hit.
    pub made_at: i64,
}

/// Why a booking does not fit the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The hall is closed on its day.
    Closed(ClosedReason),
    /// The hall is open on its day, at other hours.
    Outside,
    /// Its window is closed.
    WindowClosed,
    /// Its window does not serve one of its items.
    NotServed,
    /// More bookings than places.
    OverCapacity,
}

impl Hit {
    /// The catalogue key of its words.
    pub fn key(&self) -> &'static str {
        match self {
            Hit::Closed(_) => "settings-hit-closed",
            Hit::Outside => "settings-hit-outside",
            Hit::WindowClosed => "settings-hit-window",
            Hit::NotServed => "settings-hit-item",
            Hit::OverCapacity => "settings-hit-capacity",
        }
    }
}

/// Which bookings do not fit the settings, by code.
pub fn misfits(settings: &HallSettings, calendar: &HolidayCalendar, standing: &[Standing]) -> BTreeMap<String, Hit> {
    let rules = settings.rules();
    let mut days: BTreeMap<Date, DayHours> = BTreeMap::new();
    let mut found = BTreeMap::new();
    let mut accepted: Vec<&Standing> = Vec::new();
    let mut by_age: Vec<&Standing> = standing.iter().collect();
    by_age.sort_by(|a, b| (a.made_at, &a.code).cmp(&(b.made_at, &b.code)));
    for booking in by_age {
        let date = day_of(booking.from);
        let hours = days.entry(date).or_insert_with(|| rules.day(date, calendar));
        let window = settings.windows.iter().find(|window| window.id == booking.window_id && !window.closed);
        let hit = match (hours, window) {
            (DayHours::Closed(reason), _) => Some(Hit::Closed(reason.clone())),
            (DayHours::Open(spans), _)
                if !spans
                    .iter()
                    .any(|span| at_time(date, span.from) <= booking.from && booking.to <= at_time(date, span.to)) =>
            {
                Some(Hit::Outside)
            }
            (_, None) => Some(Hit::WindowClosed),
            (_, Some(window)) if booking.items.iter().any(|item| !window.items.contains(item)) => Some(Hit::NotServed),
            (_, Some(window)) => {
                let places = if booking.assisted { window.assisted } else { window.public };
                (most_at_once(booking, &accepted) >= places).then_some(Hit::OverCapacity)
            }
        };
        match hit {
            Some(hit) => {
                found.insert(booking.code.clone(), hit);
            }
            None => accepted.push(booking),
        }
    }
    found
}

/// How many of `others` are at the window at once at some moment of `booking`.
fn most_at_once(booking: &Standing, others: &[&Standing]) -> i64 {
    let beside: Vec<&&Standing> = others
        .iter()
        .filter(|other| other.window_id == booking.window_id && other.assisted == booking.assisted)
        .filter(|other| other.from < booking.to && booking.from < other.to)
        .collect();
    let at = |moment: Timestamp| beside.iter().filter(|other| other.from <= moment && moment < other.to).count();
    let moments = beside.iter().map(|other| other.from.max(booking.from));
    moments.map(at).max().map_or(0, |most| i64::try_from(most).unwrap_or(i64::MAX))
}

/// What a change of settings or calendar hits: what fitted before and does not fit after it.
pub fn hits(
    (old, old_calendar): (&HallSettings, &HolidayCalendar),
    (new, new_calendar): (&HallSettings, &HolidayCalendar),
    standing: &[Standing],
) -> BTreeMap<String, Hit> {
    let before = misfits(old, old_calendar, standing);
    let mut after = misfits(new, new_calendar, standing);
    after.retain(|code, _| !before.contains_key(code));
    after
}

/// Places at a window that are taken in a span, of one quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Id of the window.
    pub window_id: String,
    /// Of the assisted quota.
    pub assisted: bool,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// How many.
    pub places: i64,
}

/// A time that could be proposed instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Id of the window.
    pub window_id: String,
    /// Number of the window.
    pub number: i64,
    /// Its slots, in order, without gaps.
    pub slots: Vec<(Timestamp, Timestamp)>,
}

impl Proposal {
    /// As a form sends it: begin in microseconds, and the window's number.
    pub fn value(&self) -> String {
        format!("{}w{}", self.from().as_microsecond(), self.number)
    }

    /// Begin.
    pub fn from(&self) -> Timestamp {
        self.slots.first().map_or(Timestamp::MIN, |slot| slot.0)
    }

    /// End.
    pub fn to(&self) -> Timestamp {
        self.slots.last().map_or(Timestamp::MIN, |slot| slot.1)
    }
}

/// The next free times for a booking by new settings, after `now`, from the booking's own time on and then the
/// earlier ones; at most `count`.
pub fn proposals(
    settings: &HallSettings,
    calendar: &HolidayCalendar,
    taken: &[Taken],
    booking: &Standing,
    (now, count): (Timestamp, usize),
) -> Vec<Proposal> {
    let rules = settings.rules();
    let minutes = settings.slot_minutes.max(1);
    let needed = slots_needed(booking, minutes);
    let windows: Vec<&WindowSettings> = settings
        .windows
        .iter()
        .filter(|window| !window.closed && !window.id.is_empty())
        .filter(|window| booking.items.iter().all(|item| window.items.contains(item)))
        .collect();
    let first = day_of(now).tomorrow().unwrap_or(day_of(now));
    let wanted = day_of(booking.from).max(first);
    let later = wanted.series(jiff::Span::new().days(1)).take(30);
    let earlier = first.series(jiff::Span::new().days(1)).take_while(|day| *day < wanted).take(30);
    let mut found = Vec::new();
    for date in later.chain(earlier) {
        let DayHours::Open(spans) = rules.day(date, calendar) else { continue };
        for span in spans {
            let slots: Vec<(Timestamp, Timestamp)> = slots_of(&[span], minutes)
                .into_iter()
                .map(|slot| (at_time(date, slot.from), at_time(date, slot.to)))
                .collect();
            for run in slots.windows(needed) {
                let free = |window: &&&WindowSettings| {
                    let places = if booking.assisted { window.assisted } else { window.public };
                    run.iter().all(|(from, to)| {
                        let beside =
                            taken.iter().filter(|t| t.window_id == window.id && t.assisted == booking.assisted);
                        let busy = beside.filter(|t| t.from < *to && *from < t.to).map(|t| t.places).max();
                        busy.unwrap_or(0) < places
                    })
                };
                if let Some(window) = windows.iter().find(free) {
                    let (window_id, number) = (window.id.clone(), window.number);
                    found.push(Proposal { window_id, number, slots: run.to_vec() });
                    if found.len() >= count {
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// The time that a form names (see [`Proposal::value`]), if the settings have it after `now` for this booking; whether
/// it is free the database decides.
pub fn proposal_named(
    settings: &HallSettings,
    calendar: &HolidayCalendar,
    booking: &Standing,
    value: &str,
    now: Timestamp,
) -> Option<Proposal> {
    let (from, number) = value.split_once('w')?;
    let from = Timestamp::from_microsecond(from.parse().ok()?).ok()?;
    if from <= now || from.duration_since(now).as_hours() > 24 * 366 {
        return None;
    }
    let number: i64 = number.parse().ok()?;
    let serves = |window: &&WindowSettings| {
        let items = booking.items.iter().all(|item| window.items.contains(item));
        window.number == number && !window.closed && !window.id.is_empty() && items
    };
    let window = settings.windows.iter().find(serves)?;
    let date = day_of(from);
    let DayHours::Open(spans) = settings.rules().day(date, calendar) else { return None };
    let minutes = settings.slot_minutes.max(1);
    let needed = slots_needed(booking, minutes);
    spans.into_iter().find_map(|span| {
        let slots = slots_of(&[span], minutes);
        let first = slots.iter().position(|slot| at_time(date, slot.from) == from)?;
        let run = slots.get(first..first + needed)?;
        let slots = run.iter().map(|slot| (at_time(date, slot.from), at_time(date, slot.to))).collect();
        Some(Proposal { window_id: window.id.clone(), number, slots })
    })
}

fn slots_needed(booking: &Standing, minutes: i64) -> usize {
    let length = booking.to.duration_since(booking.from).as_mins().max(1);
    usize::try_from((length + minutes - 1) / minutes).unwrap_or(1).clamp(1, 300)
}

/// Slots of the settings that a booking overlaps. Those that are not its own were cut by another length of slots or
/// other hours than it was made by: whoever serves it is taken in them too.
pub fn overlapped(
    settings: &HallSettings,
    calendar: &HolidayCalendar,
    booking: &Standing,
) -> Vec<(Timestamp, Timestamp)> {
    let date = day_of(booking.from);
    let DayHours::Open(spans) = settings.rules().day(date, calendar) else { return Vec::new() };
    let slots = slots_of(&spans, settings.slot_minutes);
    let slots: Vec<_> = slots.iter().map(|slot| (at_time(date, slot.from), at_time(date, slot.to))).collect();
    slots.into_iter().filter(|(from, to)| *from < booking.to && booking.from < *to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn spans_are_read_as_people_write_them() {
        let two = Some(vec![("08:30".to_owned(), "11:30".to_owned()), ("13:30".to_owned(), "17:00".to_owned())]);
        for text in ["8:30-11:30, 13:30-17:00", "13:30–17:00；8：30至11:30", "08:30 - 11:30\n13:30~17:00"] {
            assert_eq!(parse_spans(text), two, "{text}");
        }
        assert_eq!(parse_spans(" "), Some(Vec::new()));
        for text in ["8", "8:30", "8:30-8:30", "9:00-8:00", "8:00-10:00, 9:00-11:00", "25:00-26:00", "8:3-9:00", "é-ü"]
        {
            assert_eq!(parse_spans(text), None, "{text}");
        }
    }

    fn settings() -> HallSettings {
        let window = WindowSettings {
            id: "w1".into(),
            number: 1,
            name: "综合".into(),
            items: vec!["a".into()],
            public: 2,
            assisted: 1,
            ..Default::default()
        };
        let span = vec![("08:30".to_owned(), "11:30".to_owned())];
        HallSettings {
            slot_minutes: 30,
            week: std::array::from_fn(|day| if day < 5 { span.clone() } else { Vec::new() }),
            windows: vec![window],
            ..Default::default()
        }
    }

    #[test]
    fn a_form_gives_back_what_it_was_made_from() {
        let settings = settings();
        let w = Words::new(Lang::Zh);
        let (read, errors) = HallSettings::from_fields(&settings.fields(), &settings.windows, &["a".to_owned()], w);
        assert_eq!(errors, FormErrors::new());
        assert_eq!(read, settings);
        assert_eq!(differences(&settings, &read, w), Vec::<String>::new());
    }

    #[test]
    fn mistakes_are_named_at_their_fields() {
        let mut fields = settings().fields();
        for (name, value) in &mut fields {
            match name.as_str() {
                "slot_minutes" => "99999999999999999999".clone_into(value),
                "week-3" => "morning".clone_into(value),
                "win-0-public" => "-1".clone_into(value),
                _ => {}
            }
        }
        fields.push(("ex-0-day".into(), "2026-02-30".into()));
        fields.push(("cl-0-from".into(), "+999999-01-01T00:00".into()));
        let (_, errors) = HallSettings::from_fields(&fields, &[], &[], Words::new(Lang::Zh));
        let named: Vec<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(named, ["cl-0-from", "ex-0-day", "slot_minutes", "week-3", "win-0-public"]);
    }
}

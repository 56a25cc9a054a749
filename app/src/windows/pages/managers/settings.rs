//! `/staff/halls` and `/staff/halls/{hall}`.

use super::{conflict, hall_tabs, input};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{
        Limits, PRIORITY_CLASSES,
        settings::{FormErrors, WEEK_KEYS, class_key},
    },
};
use leptos::prelude::*;

/// A hall of the list.
pub struct HallRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// The halls that the reader manages, and what belongs to all of them. `links`: address, title, note, icon.
pub fn halls_page(w: Words, halls: Vec<HallRow>, links: Vec<(&'static str, String, String, &'static str)>) -> AnyView {
    let rows = halls
        .into_iter()
        .map(|hall| {
            let href = format!("/staff/halls/{}/today", hall.code);
            view! { <Item w=w href=href title=hall.name note=hall.address icon_name="clock"/> }
        })
        .collect_view();
    let none = links.is_empty();
    let links = links
        .into_iter()
        .map(|(href, title, note, icon_name)| {
            view! { <Item w=w href=href title=title note=note icon_name=icon_name/> }
        })
        .collect_view();
    view! {
        <List>{rows}</List>
        {(!none).then(|| view! { <Section title=w.t("settings-for-all")><List>{links}</List></Section> })}
    }
    .into_any()
}

/// What the page of a hall's settings shows.
pub struct SettingsProps {
    /// Words.
    pub w: Words,
    /// Code of the hall.
    pub hall: String,
    /// Its name.
    pub name: String,
    /// The form, filled in.
    pub fields: Vec<(String, String)>,
    /// The version it is made from.
    pub version: i64,
    /// What is wrong with it.
    pub errors: FormErrors,
    /// Somebody saved meanwhile: who, when, what.
    pub meanwhile: Vec<(String, Vec<String>)>,
    /// Codes and titles of the items.
    pub items: Vec<(String, String)>,
}

/// The page.
pub fn settings_page(props: SettingsProps) -> AnyView {
    let SettingsProps { w, hall, name, fields, version, errors, meanwhile, items } = props;
    let get =
        |field: &str| fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default();
    let number = |name: &str, label: String| input(&errors, name, label, get(name), "number", "w-short");
    let slot_minutes = number("slot_minutes", w.t("settings-slot-minutes"));
    let week = (1..)
        .zip(WEEK_KEYS)
        .map(|(day, key)| {
            let name = format!("week-{day}");
            input(&errors, &name, w.t(key), get(&name), "text", "")
        })
        .collect_view();
    let limits =
        Limits::FIELDS.iter().map(|field| number(&format!("limit-{}", field.name), w.t(field.key))).collect_view();
    let classes = PRIORITY_CLASSES
        .iter()
        .map(|class| {
            let ticked = fields.iter().any(|(name, value)| name == "class" && value == class);
            view! {
                <li><label class="check">
                    <input type="checkbox" name="class" value=*class checked=ticked/>
                    <span class="check-main"><span class="check-title">{w.t(class_key(class))}</span></span>
                </label></li>
            }
        })
        .collect_view();
    let rows = |kind: &str, part: &str, spare: usize| {
        let used = (0..crate::windows::settings::MAX_ROWS)
            .filter(|row| fields.iter().any(|(name, _)| *name == format!("{kind}-{row}-{part}")))
            .max()
            .map_or(0, |row| row + 1);
        0..used + spare
    };
    let blank =
        |kind: &str, row: usize, parts: &[&str]| parts.iter().all(|p| get(&format!("{kind}-{row}-{p}")).is_empty());
    let spare_rows = |kind: &str, part: &'static str, parts: &[&str]| {
        // One empty row is enough; those that came back empty are it.
        let rows: Vec<usize> = rows(kind, part, 1).collect();
        let empty: Vec<usize> = rows.iter().copied().filter(|row| blank(kind, *row, parts)).collect();
        let keep = empty.first().copied();
        rows.into_iter().filter(|row| !empty.contains(row) || Some(*row) == keep).collect::<Vec<_>>()
    };
    let exceptions = spare_rows("ex", "day", &["day", "hours", "reason"])
        .into_iter()
        .map(|row| {
            let field = |part: &str, key: &str, kind, class| {
                let name = format!("ex-{row}-{part}");
                input(&errors, &name, w.t(key), get(&name), kind, class)
            };
            view! {
                <fieldset class="card form tight">
                    <legend class="sr">{w.t("settings-exceptions")}</legend>
                    {field("day", "settings-day", "date", "w-mid")}
                    {field("hours", "settings-hours", "text", "")}
                    {field("reason", "settings-reason", "text", "")}
                    {field("reason_en", "settings-reason-en", "text", "")}
                </fieldset>
            }
        })
        .collect_view();
    let closures = spare_rows("cl", "from", &["from", "to", "reason"])
        .into_iter()
        .map(|row| {
            let field = |part: &str, key: &str, kind, class| {
                let name = format!("cl-{row}-{part}");
                input(&errors, &name, w.t(key), get(&name), kind, class)
            };
            view! {
                <fieldset class="card form tight">
                    <legend class="sr">{w.t("settings-closures")}</legend>
                    {field("from", "settings-from", "datetime-local", "w-mid")}
                    {field("to", "settings-to", "datetime-local", "w-mid")}
                    {field("reason", "settings-reason", "text", "")}
                    {field("reason_en", "settings-reason-en", "text", "")}
                </fieldset>
            }
        })
        .collect_view();
    let windows = spare_rows("win", "number", &["number", "name"])
        .into_iter()
        .map(|row| {
            let field = |part: &str, key: &str, kind, class| {
                let name = format!("win-{row}-{part}");
                let mut value = get(&name);
                if value.is_empty() && get(&format!("win-{row}-id")).is_empty() {
                    // What a new window begins with; its number and name make it one.
                    match part {
                        "public" | "walk_in" => "2".clone_into(&mut value),
                        "assisted" => "1".clone_into(&mut value),
                        _ => {}
                    }
                }
                input(&errors, &name, w.t(key), value, kind, class)
            };
            let id = get(&format!("win-{row}-id"));
            let title = if id.is_empty() {
                w.t("settings-window-new")
            } else {
                let number = get(&format!("win-{row}-number"));
                w.tf("settings-window-title", &[("number", number.into()), ("name", get(&format!("win-{row}-name")).into())])
            };
            let served: Vec<&str> = fields
                .iter()
                .filter(|(name, _)| *name == format!("win-{row}-item"))
                .map(|(_, value)| value.as_str())
                .collect();
            let ticks = items
                .iter()
                .map(|(code, title)| {
                    let ticked = served.contains(&code.as_str());
                    view! {
                        <li><label class="check">
                            <input type="checkbox" name=format!("win-{row}-item") value=code.clone() checked=ticked/>
                            <span class="check-main"><span class="check-title">{title.clone()}</span></span>
                        </label></li>
                    }
                })
                .collect_view();
            let closed = !get(&format!("win-{row}-closed")).is_empty();
            let wrong = errors.keys().any(|name| name.starts_with(&format!("win-{row}-")));
            view! {
                <details class="more window-settings" open=wrong>
                    <summary>{title}{closed.then(|| view! { " "<Badge tone=Tone::Warn word=w.t("settings-window-closed")/> })}</summary>
                    <div class="more-body form">
                        <input type="hidden" name=format!("win-{row}-id") value=id/>
                        <div class="inline-fields">
                            {field("number", "settings-number", "number", "w-short")}
                            {field("public", "settings-public", "number", "w-short")}
                            {field("assisted", "settings-assisted", "number", "w-short")}
                            {field("walk_in", "settings-walk-in", "number", "w-short")}
                        </div>
                        {field("name", "settings-name", "text", "w-mid")}
                        {field("name_en", "settings-name-en", "text", "w-mid")}
                        <label class="check">
                            <input type="checkbox" name=format!("win-{row}-closed") value="1" checked=closed/>
                            <span class="check-main">
                                <span class="check-title">{w.t("settings-window-close")}</span>
                                <span class="check-note">{w.t("settings-window-close-note")}</span>
                            </span>
                        </label>
                        <fieldset class="field">
                            <legend class="label">{w.t("settings-serves")}</legend>
                            <ul class="checks many">{ticks}</ul>
                        </fieldset>
                    </div>
                </details>
            }
        })
        .collect_view();
    let summary: Vec<_> = errors.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
    let conflict = conflict(w, meanwhile);
    let limits_open = errors.keys().any(|name| name.starts_with("limit-"));
    view! {
        <p class="lead">{name}</p>
        {hall_tabs(w, &hall, "")}
        {conflict}
        <ErrorSummary w=w errors=summary/>
        <form class="form settings" method="post" action=format!("/staff/halls/{hall}")>
            <input type="hidden" name="version" value=version.to_string()/>
            <Section title=w.t("settings-week")>
                <p class="hint">{w.t("settings-week-hint")}</p>
                <div class="week-fields">{week}</div>
                {slot_minutes}
            </Section>
            <Section title=w.t("settings-exceptions")>
                <p class="hint">{w.t("settings-exceptions-hint")}</p>
                <div class="setting-rows">{exceptions}</div>
            </Section>
            <Section title=w.t("settings-closures")>
                <p class="hint">{w.t("settings-closures-hint")}</p>
                <div class="setting-rows">{closures}</div>
            </Section>
            <Section title=w.t("settings-windows")>{windows}</Section>
            <details class="more" open=limits_open>
                <summary>{w.t("settings-limits")}</summary>
                <div class="more-body form">
                    <div class="limit-fields">{limits}</div>
                    <fieldset class="field">
                        <legend class="label">{w.t("settings-classes")}</legend>
                        <ul class="checks many">{classes}</ul>
                    </fieldset>
                </div>
            </details>
            <ActionBar><Button label=w.t("settings-preview") weight=Weight::Primary icon_name="forward"/></ActionBar>
        </form>
    }
    .into_any()
}

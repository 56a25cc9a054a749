//! Pages of managers.

pub mod appeals;
pub mod calendar;
pub mod history;
pub mod item_editor;
pub mod items;
pub mod preview;
pub mod settings;
pub mod statistics;
pub mod today;

use crate::{i18n::Words, windows::settings::FormErrors};
use leptos::prelude::*;

/// An input whose name comes from the data: label, error, control.
pub(super) fn input(
    errors: &FormErrors,
    name: &str,
    label: String,
    value: String,
    kind: &'static str,
    class: &'static str,
) -> AnyView {
    let error = errors.get(name).cloned();
    let described = error.is_some().then(|| format!("{name}-error"));
    let invalid = error.is_some().then_some("");
    let aria = error.is_some().then_some("true");
    let mode = (kind == "number").then_some("numeric");
    // A number is typed as text with the keyboard of numbers: what cannot be read comes back to be mended.
    let kind = if kind == "number" { "text" } else { kind };
    view! {
        <div class="field" data-invalid=invalid>
            <label class="label" r#for=name.to_owned()>{label}</label>
            {error.map(|text| view! { <p class="error" id=format!("{name}-error")>{text}</p> })}
            <input
                class=format!("input {class}").trim_end().to_owned()
                id=name.to_owned()
                name=name.to_owned()
                r#type=kind
                inputmode=mode
                value=value
                aria-describedby=described
                aria-invalid=aria
                autocomplete="off"
            />
        </div>
    }
    .into_any()
}

/// A text of several lines whose name comes from the data.
pub(super) fn area(errors: &FormErrors, name: &str, label: String, value: String) -> AnyView {
    let error = errors.get(name).cloned();
    let described = error.is_some().then(|| format!("{name}-error"));
    let invalid = error.is_some().then_some("");
    let aria = error.is_some().then_some("true");
    view! {
        <div class="field" data-invalid=invalid>
            <label class="label" r#for=name.to_owned()>{label}</label>
            {error.map(|text| view! { <p class="error" id=format!("{name}-error")>{text}</p> })}
            <textarea
                class="input"
                id=name.to_owned()
                name=name.to_owned()
                rows="3"
                aria-describedby=described
                aria-invalid=aria
            >{value}</textarea>
        </div>
    }
    .into_any()
}

/// A choice whose name comes from the data; `options` are value and word.
pub(super) fn choice(
    errors: &FormErrors,
    name: &str,
    label: String,
    value: String,
    options: Vec<(String, String)>,
) -> AnyView {
    let error = errors.get(name).cloned();
    let described = error.is_some().then(|| format!("{name}-error"));
    let invalid = error.is_some().then_some("");
    let aria = error.is_some().then_some("true");
    let options = options
        .into_iter()
        .map(|(option, word)| {
            let selected = option == value;
            view! { <option value=option selected=selected>{word}</option> }
        })
        .collect_view();
    view! {
        <div class="field" data-invalid=invalid>
            <label class="label" r#for=name.to_owned()>{label}</label>
            {error.map(|text| view! { <p class="error" id=format!("{name}-error")>{text}</p> })}
            <select
                class="input"
                id=name.to_owned()
                name=name.to_owned()
                aria-describedby=described
                aria-invalid=aria
            >{options}</select>
        </div>
    }
    .into_any()
}

/// Fields that travel on unseen.
pub(super) fn carried(fields: Vec<(String, String)>) -> AnyView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// Sentences as a list.
pub(super) fn sentences(lines: Vec<String>) -> AnyView {
    view! { <ul class="changes">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
        .into_any()
}

/// What others saved while a form was filled in: who and when, and what.
pub(super) fn conflict(w: Words, meanwhile: Vec<(String, Vec<String>)>) -> Option<AnyView> {
    use crate::ui::parts::*;
    (!meanwhile.is_empty()).then(|| {
        let said = meanwhile.into_iter().map(|(who, what)| view! { <p>{who}</p>{sentences(what)} }).collect_view();
        view! { <Note tone=Tone::Warn><p><strong>{w.t("settings-conflict")}</strong></p>{said}</Note> }.into_any()
    })
}

/// The pages of a hall for managers, as tabs.
pub fn hall_tabs(w: Words, hall: &str, current: &str) -> AnyView {
    use crate::ui::parts::*;
    let way = |path: &str, word: String| {
        let href = format!("/staff/halls/{hall}{path}");
        Way::new(href, word, path == current)
    };
    let ways = vec![
        way("/today", w.t("today-tab")),
        way("", w.t("settings-tab-settings")),
        way("/history", w.t("settings-tab-history")),
    ];
    view! { <Tabs label=w.t("settings-tabs") ways=ways/> }.into_any()
}

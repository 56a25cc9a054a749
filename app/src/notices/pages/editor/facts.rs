//! Facts that stand before the text, in both languages' rows.

use crate::{
    i18n::Words,
    notices::{NoticeForm, form::Errors, limits::FACTS},
};
use leptos::prelude::*;

/// Names and words of the rows in one language.
pub(super) struct Rows {
    /// Name of the first field of a row.
    pub label: &'static str,
    /// Name of the second one.
    pub value: &'static str,
    /// Keys of what they are called, with the row's number.
    pub words: [&'static str; 2],
    /// Keys of what stands in the first row as an example.
    pub examples: Option<[&'static str; 2]>,
}

/// So many rows, filled as far as there is something.
pub(super) fn rows(w: Words, count: usize, labels: &[String], values: &[String], names: &Rows) -> AnyView {
    let at = |values: &[String], n: usize| values.get(n).cloned().unwrap_or_default();
    let row = |n: usize| {
        let [label, value] = names.words.map(|key| w.tf(key, &[("number", (n + 1).into())]));
        let [first, second] = match names.examples {
            Some(keys) if n == 0 => keys.map(|key| Some(w.t(key))),
            _ => [None, None],
        };
        let id = (n == 0).then_some(names.label);
        view! {
            <div class="fact-row">
                <input class="input" id=id name=names.label value=at(labels, n) aria-label=label placeholder=first/>
                <input class="input" name=names.value value=at(values, n) aria-label=value placeholder=second/>
            </div>
        }
    };
    (0..count).map(row).collect_view().into_any()
}

pub(super) fn facts(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let filled = form.fact_label.len().max(form.fact_value.len());
    let names = Rows {
        label: "fact_label",
        value: "fact_value",
        words: ["notice-fact-label", "notice-fact-value"],
        examples: Some(["notice-fact-label-example", "notice-fact-value-example"]),
    };
    let fields = rows(w, (filled + 2).clamp(3, FACTS), &form.fact_label, &form.fact_value, &names);
    let error = errors.get("fact_label").cloned();
    let invalid = error.is_some().then_some("");
    let open = filled > 0 || error.is_some() || form.kind == "outage";
    view! {
        <details class="more" open=open>
            <summary>{w.t("notice-field-facts")}</summary>
            <fieldset class="field more-body" data-invalid=invalid>
                <legend class="sr">{w.t("notice-field-facts")}</legend>
                <p class="hint">{w.t("notice-field-facts-hint")}</p>
                {error.map(|text| view! { <p class="error">{text}</p> })}
                {fields}
            </fieldset>
        </details>
    }
    .into_any()
}

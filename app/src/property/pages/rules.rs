//! Versions of the rules, and the form of the next one.

use super::{Errors, Part, summary, tabs};
use crate::{
    i18n::Words,
    property::rules::{Indicator, Rules},
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A version.
pub struct VersionView {
    /// From when it holds, in words.
    pub from: String,
    /// What it says.
    pub rules: Rules,
    /// Names of its categories.
    pub categories: String,
    /// It holds today.
    pub current: bool,
}

/// What `/staff/property/rules` shows.
pub struct RulesPage {
    /// Words.
    pub w: Words,
    /// Versions, the latest first.
    pub versions: Vec<VersionView>,
    /// The reader may write the next one.
    pub manages: bool,
    /// Categories to choose from: code, name.
    pub categories: Vec<(String, String)>,
    /// Codes of ticked ones.
    pub chosen: Vec<String>,
    /// What the other fields hold.
    pub typed: BTreeMap<&'static str, String>,
    /// First day of the next version.
    pub from: String,
    /// What is wrong.
    pub errors: Errors,
}

/// A share in ten-thousandths as a percentage.
pub fn percent(share: i64) -> String {
    format!("{}.{:02}%", share / 100, share % 100)
}

fn weights(w: Words, rules: &Rules) -> AnyView {
    let rows = rules
        .weighed
        .iter()
        .map(|one| {
            let (name, defined) = one.indicator.keys();
            vec![
                Cell::new(view! { <span>{w.t(name)}</span><br/><span class="small muted">{w.t(defined)}</span> }),
                Cell::number(one.weight),
                Cell::number(percent(one.worst)),
                Cell::number(percent(one.best)),
            ]
        })
        .collect();
    let columns =
        ["property-column-indicator", "property-column-weight", "property-column-worst", "property-column-best"];
    view! { <Table caption=w.t("property-weights") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }.into_any()
}

fn version(w: Words, shown: VersionView) -> AnyView {
    let levels = shown.rules.levels;
    let text = w.tf(
        "property-levels-text",
        &[
            ("aaa", levels.aaa.into()),
            ("aa", levels.aa.into()),
            ("a", levels.a.into()),
            ("b", levels.b.into()),
            ("c", levels.c.into()),
        ],
    );
    let days = w.tf(
        "property-days-text",
        &[("answer", shown.rules.answer_days.into()), ("appeal", shown.rules.appeal_days.into())],
    );
    let title = w.tf("property-rules-from", &[("day", shown.from.into())]);
    view! {
        <details class="more" open=shown.current>
            <summary>{title}" "{shown.current.then(|| view! { <Badge tone=Tone::Ok word=w.t("property-holds")/> })}</summary>
            <div class="more-body">
                {weights(w, &shown.rules)}
                <p>{text}</p>
                <p>{days}</p>
                <p><strong>{w.t("property-categories")}</strong>" "{shown.categories}</p>
            </div>
        </details>
    }
    .into_any()
}

fn next(
    w: Words,
    categories: Vec<(String, String)>,
    chosen: Vec<String>,
    typed: &BTreeMap<&'static str, String>,
    from: String,
    errors: &Errors,
) -> AnyView {
    let error = |field: &str| errors.get(field).cloned();
    let value = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let indicators = Indicator::ALL
        .into_iter()
        .map(|indicator| {
            let [weight, worst, best] = indicator.fields();
            let (name, defined) = indicator.keys();
            view! {
                <fieldset class="field property-weights">
                    <legend class="label">{w.t(name)}</legend>
                    <p class="hint">{w.t(defined)}</p>
                    <TextField w=w name=weight label=w.t("property-column-weight") value=value(weight) inputmode="numeric" width="w-short" error=error(weight)/>
                    <TextField w=w name=worst label=w.t("property-column-worst") value=value(worst) inputmode="numeric" width="w-short" error=error(worst)/>
                    <TextField w=w name=best label=w.t("property-column-best") value=value(best) inputmode="numeric" width="w-short" error=error(best)/>
                </fieldset>
            }
        })
        .collect_view();
    let numbers = [
        ("aaa", "property-level-aaa"),
        ("aa", "property-level-aa"),
        ("a", "property-level-a"),
        ("b", "property-level-b"),
        ("c", "property-level-c"),
        ("answer_days", "property-answer-days"),
        ("appeal_days", "property-appeal-days"),
    ];
    let numbers = numbers
        .into_iter()
        .map(|(field, key)| {
            view! { <TextField w=w name=field label=w.t(key) value=value(field) inputmode="numeric" width="w-short" error=error(field)/> }
        })
        .collect_view();
    let categories = categories.into_iter().map(|(code, name)| Choice::new(code, name)).collect();
    let open = !errors.is_empty();
    view! {
        <details class="more" id="next" open=open>
            <summary>{w.t("property-rules-next")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action="/staff/property/rules">
                    <p class="hint">{w.t("property-rules-next-note")}</p>
                    <TextField w=w name="from" kind="date" label=w.t("property-rules-from-day") value=from width="w-mid" error=error("from")/>
                    <p class="hint">{w.t("property-scale-hint")}</p>
                    {indicators}
                    {numbers}
                    <CheckField name="categories" legend=w.t("property-categories") hint=w.t("property-categories-hint") choices=categories checked=chosen error=error("categories")/>
                    <Button label=w.t("property-save") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// The rules.
pub fn page(page: RulesPage) -> AnyView {
    let RulesPage { w, versions, manages, categories, chosen, typed, from, errors } = page;
    let versions = versions.into_iter().map(|shown| version(w, shown)).collect_view();
    view! {
        {tabs(w, Part::Rules)}
        <p class="lead">{w.t("property-rules-lead")}</p>
        <ErrorSummary w=w errors=summary(&errors)/>
        {versions}
        {manages.then(|| next(w, categories, chosen, &typed, from, &errors))}
    }
    .into_any()
}

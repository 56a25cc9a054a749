//! `/staff/supervision`: the register.

use super::{super::State, state_badge};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A letter in the register.
pub struct RegisterRow {
    /// Id.
    pub id: String,
    /// Its number; empty for a draft.
    pub sign: String,
    /// What it is, in words.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Whom it is addressed to.
    pub addressee: String,
    /// Who issues it.
    pub issuer: String,
    /// State.
    pub state: State,
    /// Its deadline is over while it waits.
    pub overdue: bool,
    /// The deadline, in words.
    pub due: Option<String>,
    /// When it was issued or begun, in words.
    pub when: String,
    /// Which round.
    pub round: i64,
}

/// The filters besides the tabs: value and word of each choice, and the chosen one.
pub struct Filters {
    /// Kinds.
    pub kinds: (Vec<(String, String)>, String),
    /// Addressees.
    pub addressees: (Vec<(String, String)>, String),
    /// Years.
    pub years: (Vec<(String, String)>, String),
    /// The chosen tab.
    pub tab: String,
}

/// What the register shows.
pub struct RegisterPage {
    /// Words.
    pub w: Words,
    /// Tabs with their numbers.
    pub tabs: Vec<Way>,
    /// Filters.
    pub filters: Filters,
    /// The letters.
    pub rows: Vec<RegisterRow>,
    /// Address of the first page, when this is another one.
    pub first: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// The reader may write one.
    pub writes: bool,
    /// The reader may take tables out.
    pub exports: bool,
    /// Reports whose own order of supervision waits for an answer.
    pub reports_waiting: i64,
}

/// The page.
pub fn register_page(page: RegisterPage) -> AnyView {
    let RegisterPage { w, tabs, filters, rows, first, next, writes, exports, reports_waiting } = page;
    let narrowed = [&filters.kinds.1, &filters.addressees.1, &filters.years.1].iter().any(|value| !value.is_empty());
    let list = if rows.is_empty() {
        view! { <Empty icon_name="check" title=w.t("supervision-none") text=w.t("supervision-none-text")/> }.into_any()
    } else {
        view! { <Table caption=w.t("supervision-caption") columns=columns(w) rows=rows.into_iter().map(|row| line(w, row)).collect()/> }
            .into_any()
    };
    let pages = (first.is_some() || next.is_some()).then(|| {
        let first = first.map(|href| view! { <a rel="first" href=href>{w.t("supervision-first-page")}</a> });
        let next = next.map(|href| view! { <a rel="next" href=href>{w.t("ui-page-next")}</a> });
        view! { <nav class="pages" aria-label=w.t("ui-pages")>{first}{next}</nav> }
    });
    let waiting = (reports_waiting > 0).then(|| {
        let word = w.tf("supervision-reports-waiting", &[("count", reports_waiting.into())]);
        view! { <p><a class="more-link" href="/staff/reports?state=ordered">{word}</a></p> }
    });
    view! {
        <p class="lead">{w.t("supervision-lead")}</p>
        <p class="cluster">
            {writes.then(|| view! {
                <LinkButton href="/staff/supervision/new" label=w.t("supervision-new") weight=Weight::Primary/>
            })}
            <a class="more-link" href="/staff/supervision/statistics">{w.t("supervision-statistics")}</a>
            {exports.then(|| view! { <a class="more-link" href="/staff/exports?table=supervision">{w.t("supervision-csv")}</a> })}
        </p>
        <Chips label=w.t("supervision-tabs") ways=tabs/>
        <details class="more" open=narrowed>
            <summary>{w.t("supervision-filter")}</summary>
            <form method="get" action="/staff/supervision" class="more-body stack">
                <input r#type="hidden" name="state" value=filters.tab/>
                <SelectField w=w name="kind" label=w.t("supervision-kind") options=filters.kinds.0 value=filters.kinds.1 optional=true/>
                <SelectField
                    w=w
                    name="addressee"
                    label=w.t("supervision-addressee")
                    options=filters.addressees.0
                    value=filters.addressees.1
                    optional=true
                />
                <SelectField w=w name="year" label=w.t("supervision-year") options=filters.years.0 value=filters.years.1 optional=true/>
                <Buttons><Button label=w.t("supervision-filter-do")/></Buttons>
            </form>
        </details>
        {list}
        {pages}
        {waiting}
    }
    .into_any()
}

fn columns(w: Words) -> Vec<String> {
    [
        "supervision-letter-column",
        "supervision-addressee",
        "supervision-state",
        "supervision-due",
        "supervision-issued-at",
    ]
    .map(|key| w.t(key))
    .to_vec()
}

fn line(w: Words, row: RegisterRow) -> Vec<Cell> {
    let sign = if row.sign.is_empty() { row.kind.clone() } else { format!("{} · {}", row.kind, row.sign) };
    let round = (row.round > 1).then(|| {
        view! { " "<Tag word=w.tf("supervision-round", &[("count", row.round.into())])/> }
    });
    vec![
        Cell::new(view! {
            <a class="table-title" href=format!("/staff/supervision/{}", row.id)>{row.subject}</a>
            <br/>
            <span class="small muted">{sign}</span>
        }),
        Cell::new(view! { <span>{row.addressee}</span><br/><span class="small muted">{row.issuer}</span> }),
        Cell::new(view! { {state_badge(w, row.state, row.overdue)}{round} }),
        Cell::new(row.due.unwrap_or_else(|| "–".to_owned())),
        Cell::new(row.when),
    ]
}

//! What vehicles and cameras have found, for the people who look at it.

use crate::{
    i18n::Words,
    patrol::intake::{IntakeState, MAX_REASON},
    reports::{MAX_PLACE, MAX_TEXT},
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A finding in the list.
pub struct FindingRow {
    /// Where it leads.
    pub href: String,
    /// Its kind.
    pub title: String,
    /// Who found it, where and when, in words.
    pub note: String,
    /// How sure, in words.
    pub sureness: String,
    /// What became of it.
    pub state: IntakeState,
}

/// The list.
pub struct FindingsPage {
    /// Words.
    pub w: Words,
    /// Those that wait, or those that were decided.
    pub tabs: Vec<Way>,
    /// The findings.
    pub rows: Vec<FindingRow>,
    /// Address of the next page.
    pub next: Option<String>,
}

fn tone(state: IntakeState) -> Tone {
    match state {
        IntakeState::Waiting | IntakeState::Filing => Tone::Warn,
        IntakeState::Confirmed | IntakeState::Joined => Tone::Ok,
        IntakeState::Refused => Tone::Info,
    }
}

/// The list of findings.
pub fn list(page: FindingsPage) -> AnyView {
    let FindingsPage { w, tabs, rows, next } = page;
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <Item w=w href=row.href title=row.title note=row.note icon_name="photo">
                    <Badge tone=tone(row.state) word=w.t(row.state.key())/> " " <Tag word=row.sureness/>
                </Item>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("patrol-intake-lead")}</p>
        <Tabs label=w.t("patrol-intake-tabs") ways=tabs/>
        {if none {
            view! { <Empty icon_name="check" title=w.t("patrol-intake-none") text=w.t("patrol-intake-none-text")/> }.into_any()
        } else {
            view! { <List>{rows}</List> }.into_any()
        }}
        {next.map(|href| view! { <p><LinkButton href=href label=w.t("patrol-older")/></p> })}
    }
    .into_any()
}

/// One finding.
pub struct FindingPage {
    /// Words.
    pub w: Words,
    /// Its address.
    pub here: String,
    /// What became of it.
    pub state: IntakeState,
    /// Facts in words.
    pub facts: Vec<(String, String)>,
    /// Photos.
    pub photos: Vec<Photo>,
    /// Code of the report it became or says as well.
    pub report: String,
    /// Why it was refused.
    pub reason: String,
    /// Codes and names of kinds.
    pub categories: Vec<(String, String)>,
    /// What the form says: category, place, description.
    pub typed: (String, String, String),
    /// Open reports that may be the same: code and words.
    pub alike: Vec<(String, String)>,
    /// What is wrong, by field.
    pub errors: BTreeMap<&'static str, String>,
}

/// The page of one finding.
pub fn one(page: FindingPage) -> AnyView {
    let FindingPage { w, here, state, facts, photos, report, reason, categories, typed, alike, errors } = page;
    let facts = facts.into_iter().map(|(term, value)| Fact::new(term, value)).collect();
    let error = |field: &str| errors.get(field).cloned();
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let (category, place, description) = typed;
    let [confirm, join, refuse] = ["confirm", "join", "refuse"].map(|what| format!("{here}/{what}"));
    let none = photos.is_empty();
    let forms = state.is_open().then(|| {
        let join_form = (!alike.is_empty()).then(|| {
            let alike = alike.into_iter().map(|(code, words)| {
                view! {
                    <li class="cluster">
                        <a href=format!("/staff/reports/{code}")>{words}</a>
                        <Button label=w.t("patrol-join-do") sends=("report", code.clone()) small=true/>
                    </li>
                }
            });
            view! {
                <section class="stack">
                    <h2>{w.t("patrol-alike")}</h2>
                    <form method="post" action=join><ul class="stack">{alike.collect_view()}</ul></form>
                </section>
            }
        });
        view! {
            {join_form}
            <form class="stack" method="post" action=confirm>
                <h2>{w.t("patrol-confirm")}</h2>
                <SelectField w=w name="category" label=w.t("reports-category") options=categories value=category error=error("category")/>
                <TextField
                    w=w
                    name="place"
                    label=w.t("reports-place")
                    value=place
                    error=error("place")
                    optional=true
                    maxlength=u32::try_from(MAX_PLACE).unwrap_or(100)
                />
                <TextArea
                    w=w
                    name="description"
                    label=w.t("patrol-description")
                    value=description
                    error=error("description")
                    maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                    rows=3
                />
                <Button label=w.t("patrol-confirm-do") weight=Weight::Primary/>
            </form>
            <form class="stack" method="post" action=refuse>
                <h2>{w.t("patrol-refuse")}</h2>
                <TextField
                    w=w
                    name="reason"
                    label=w.t("patrol-refuse-reason")
                    value=String::new()
                    error=error("reason")
                    maxlength=u32::try_from(MAX_REASON).unwrap_or(300)
                />
                <Button label=w.t("patrol-refuse-do")/>
            </form>
        }
    });
    view! {
        <ErrorSummary w=w errors=summary/>
        <p class="meta"><Badge tone=tone(state) word=w.t(state.key())/></p>
        {(!none).then(|| view! { <Thumbs photos=photos/> })}
        <Facts facts=facts/>
        {(!reason.is_empty()).then(|| view! { <Note><p>{reason}</p></Note> })}
        {(!report.is_empty()).then(|| view! {
            <p><LinkButton href=format!("/staff/reports/{report}") label=w.tf("patrol-to-report", &[("code", report.clone().into())])/></p>
        })}
        {forms}
    }
    .into_any()
}

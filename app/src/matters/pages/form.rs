//! The form with which a matter is sent.

use crate::{
    i18n::Words,
    matters::{DAYS, HOURS, TEXT, TITLE, kind::Kind},
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What the form shows.
#[derive(Default)]
pub struct FormPage {
    /// Code and name of the organisations in whose name the reader may send.
    pub froms: Vec<(String, String)>,
    /// The chosen one.
    pub from: String,
    /// Value and name of those to whom it may go: `org:` and a code, or `platform:` and an id.
    pub tos: Vec<(String, String)>,
    /// The chosen one.
    pub to: String,
    /// Code of the kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Working hours for acceptance.
    pub hours: String,
    /// Working days for handling.
    pub days: String,
    /// Code and short words of the report from which it comes.
    pub report: Option<(String, String)>,
    /// Id, number and title of the matter that is handed on, and its deadline in words.
    pub parent: Option<(String, String, Option<String>)>,
    /// One form sends one.
    pub key: String,
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
}

/// The form.
pub fn form(w: Words, page: FormPage) -> AnyView {
    let FormPage { froms, from, tos, to, kind, title, text, hours, days, report, parent, key, mut errors } = page;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let mut error = |field: &'static str| errors.remove(field);
    let one = froms.len() == 1;
    let from_field = if one {
        let (code, name) = froms.into_iter().next().unwrap_or_default();
        view! {
            <input type="hidden" name="from" value=code/>
            <p>{w.t("matters-from")} ": " <strong>{name}</strong></p>
        }
        .into_any()
    } else {
        view! { <SelectField w=w name="from" label=w.t("matters-from") options=froms value=from error=error("from")/> }
            .into_any()
    };
    let origin = report.map(|(code, words)| {
        let href = format!("/staff/reports/{code}");
        view! {
            <input type="hidden" name="report" value=code.clone()/>
            <Note><p>{w.t("matters-origin-report")} " " <a href=href>{code} " " {words}</a></p></Note>
        }
    });
    let above = parent.map(|(id, name, due)| {
        let href = format!("/staff/matters/{id}");
        let due = due.map(|due| view! { <p>{w.tf("matters-parent-due", &[("due", due.into())])}</p> });
        view! {
            <input type="hidden" name="parent" value=id/>
            <Note><p>{w.t("matters-parent")} " " <a href=href>{name}</a></p>{due}</Note>
        }
    });
    let kinds = Kind::ALL.into_iter().map(|kind| Choice::new(kind.code(), w.t(kind.key()))).collect();
    view! {
        <p class="lead">{w.t("matters-new-lead")}</p>
        <ErrorSummary w=w errors=summary/>
        <form class="form stack" method="post" action="/staff/matters">
            <input type="hidden" name="key" value=key/>
            {origin}
            {above}
            {from_field}
            <SelectField w=w name="to" label=w.t("matters-to") hint=w.t("matters-to-hint") options=tos value=to error=error("to")/>
            <RadioField name="kind" legend=w.t("matters-kind") choices=kinds value=kind error=error("kind") inline=true/>
            <TextField w=w name="title" label=w.t("matters-title-field") value=title maxlength=u32::try_from(TITLE).unwrap_or(80) error=error("title")/>
            <TextArea w=w name="text" label=w.t("matters-text") hint=w.t("matters-text-hint") value=text maxlength=u32::try_from(TEXT).unwrap_or(4000) rows=8 error=error("text")/>
            <TextField
                w=w name="hours" label=w.t("matters-hours") hint=w.tf("matters-hours-hint", &[("most", HOURS.into())])
                value=hours inputmode="numeric" width="w-short" error=error("hours")
            />
            <TextField
                w=w name="days" label=w.t("matters-days") hint=w.tf("matters-days-hint", &[("most", DAYS.into())])
                value=days inputmode="numeric" width="w-short" error=error("days")
            />
            <ActionBar>
                <Button label=w.t("matters-send") weight=Weight::Primary/>
            </ActionBar>
        </form>
    }
    .into_any()
}

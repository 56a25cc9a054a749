//! `/staff/supervision/new` and the draft's form.

use super::super::{
    form::{Errors, LetterForm},
    letter::{COMPANY_CHARS, FINDING_CHARS, FINDINGS, Kind, SUBJECT_CHARS, TEXT_CHARS},
};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What the form's page shows.
pub struct FormPage {
    /// Words.
    pub w: Words,
    /// Where it is sent.
    pub action: String,
    /// Code and name of the organisations in whose name the reader writes.
    pub issuers: Vec<(String, String)>,
    /// Code and name of those that may be addressed.
    pub addressees: Vec<(String, String)>,
    /// What was typed.
    pub form: LetterForm,
    /// What is wrong.
    pub errors: Errors,
}

/// Empty rows for further findings.
const MORE: usize = 3;

/// The page.
pub fn form_page(page: FormPage) -> AnyView {
    let FormPage { w, action, issuers, addressees, form, errors } = page;
    let error = |field: &str| errors.get(field).cloned();
    let chars = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), w.t(kind.key()))).to_vec();
    let issuer = match &issuers[..] {
        [(code, name)] => view! {
            <input r#type="hidden" name="issuer" value=code.clone()/>
            <p class="meta">{w.tf("supervision-issued-by", &[("name", name.clone().into())])}</p>
        }
        .into_any(),
        _ => view! {
            <SelectField w=w name="issuer" label=w.t("supervision-issuer") options=issuers.clone() value=form.issuer.clone() error=error("issuer")/>
        }
        .into_any(),
    };
    let mut places = vec![(String::new(), w.t("supervision-choose"))];
    places.extend(addressees);
    view! {
        <ErrorSummary w=w errors=summary/>
        <form class="form" method="post" action=action>
            <input r#type="hidden" name="key" value=form.key.clone()/>
            <input r#type="hidden" name="version" value=form.version.clone()/>
            {issuer}
            <RadioField name="kind" legend=w.t("supervision-kind") choices=kinds value=form.kind.clone() error=error("kind") inline=true/>
            <SelectField
                w=w
                name="addressee"
                label=w.t("supervision-addressee")
                options=places
                value=form.addressee.clone()
                error=error("addressee")
            />
            <TextField
                w=w
                name="company"
                label=w.t("supervision-company")
                hint=w.t("supervision-company-hint")
                value=form.company.clone()
                error=error("company")
                optional=true
                maxlength=chars(COMPANY_CHARS)
            />
            <TextField
                w=w
                name="subject"
                label=w.t("supervision-subject")
                value=form.subject.clone()
                error=error("subject")
                maxlength=chars(SUBJECT_CHARS)
            />
            {findings(w, &form, error("finding"))}
            <TextArea
                w=w
                name="asked"
                label=w.t("supervision-asked")
                value=form.asked.clone()
                error=error("asked")
                maxlength=chars(TEXT_CHARS)
                rows=3
            />
            {deadline(w, &form.days, &form.day, (error("days"), error("day")))}
            <TextField
                w=w
                name="reports"
                label=w.t("supervision-reports")
                hint=w.t("supervision-reports-hint")
                value=form.reports.clone()
                error=error("reports")
                optional=true
            />
            <p class="hint">{w.t("supervision-draft-hint")}</p>
            <ActionBar><Button label=w.t("supervision-save") weight=Weight::Primary/></ActionBar>
        </form>
    }
    .into_any()
}

/// The rows of findings, with some empty ones at the end.
fn findings(w: Words, form: &LetterForm, error: Option<String>) -> AnyView {
    let typed = form.finding.len().min(FINDINGS);
    let rows = (0..(typed + MORE).min(FINDINGS.max(typed)))
        .map(|nth| {
            let number = nth + 1;
            let id = if nth == 0 { "finding".to_owned() } else { format!("finding-{number}") };
            let text = form.finding.get(nth).cloned().unwrap_or_default();
            view! {
                <div class="field">
                    <label class="small" r#for=id.clone()>{w.tf("supervision-finding", &[("number", number.into())])}</label>
                    <input r#type="hidden" name="finding_id" value=form.finding_id.get(nth).cloned().unwrap_or_default()/>
                    <textarea class="input" id=id name="finding" rows="2" maxlength=FINDING_CHARS.to_string()>{text}</textarea>
                </div>
            }
        })
        .collect_view();
    let invalid = error.is_some().then_some("");
    view! {
        <fieldset class="field" data-invalid=invalid>
            <legend class="label">{w.t("supervision-findings")}</legend>
            <p class="hint">{w.t("supervision-findings-hint")}</p>
            {error.map(|text| view! { <p class="error" id="finding-error">{text}</p> })}
            {rows}
        </fieldset>
    }
    .into_any()
}

/// The time to answer in: working days, or a day.
pub(super) fn deadline(
    w: Words,
    days: &str,
    day: &str,
    (of_days, of_day): (Option<String>, Option<String>),
) -> AnyView {
    view! {
        <div class="inline-fields">
            <TextField
                w=w
                name="days"
                label=w.t("supervision-days")
                hint=w.t("supervision-days-hint")
                value=days.to_owned()
                error=of_days
                optional=true
                inputmode="numeric"
                maxlength=2
                width="w-short"
            />
            <TextField
                w=w
                name="day"
                label=w.t("supervision-day")
                value=day.to_owned()
                error=of_day
                optional=true
                kind="date"
                width="w-mid"
            />
        </div>
    }
    .into_any()
}

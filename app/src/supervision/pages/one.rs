//! `/staff/supervision/{id}`: the letter, its findings with the answers beside them, what happened, and the next step.

use super::{
    super::{
        State, Step,
        letter::{MOST_DAYS, TEXT_CHARS},
    },
    finding::{FindingView, PHOTO_KINDS, finding_view, photo},
    form::deadline,
    state_badge,
};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// An answer that was typed and came back.
#[derive(Clone, Debug, Default)]
pub struct TypedAnswer {
    /// What was typed.
    pub text: String,
    /// Photos that were sent with it.
    pub photos: Vec<String>,
}

/// A step that the reader may take.
pub struct StepView {
    /// Which.
    pub step: Step,
    /// To whom the message goes, the message, and the same with [`MARK`] where the reason stands; `None`: nobody is told.
    pub message: Option<(String, String, String)>,
    /// What the step is about, in a sentence.
    pub about: Option<String>,
    /// What was typed: reason, working days, day.
    pub typed: [String; 3],
    /// Its form stands open.
    pub open: bool,
}

/// What the page shows.
pub struct OnePage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// What it is, in words.
    pub kind: String,
    /// Its number, once it has one.
    pub sign: Option<String>,
    /// State.
    pub state: State,
    /// It waits beyond its deadline.
    pub overdue: bool,
    /// Which round.
    pub round: i64,
    /// The plain sentence on top.
    pub say: String,
    /// Facts about it: name and value.
    pub facts: Vec<(String, String)>,
    /// What is asked.
    pub asked: String,
    /// Findings.
    pub findings: Vec<FindingView>,
    /// Reports that it is about: address and title.
    pub reports: Vec<(String, String)>,
    /// What happened, newest first.
    pub events: Vec<Event>,
    /// What the reader may do, the main step first.
    pub steps: Vec<StepView>,
    /// Why the reader may not do what the state allows, in a sentence.
    pub obstacle: Option<String>,
    /// The lock.
    pub version: i64,
    /// The reader may change the draft.
    pub edits: bool,
    /// Answers that were typed, by the finding's number.
    pub typed: BTreeMap<i64, TypedAnswer>,
    /// What is wrong, by field.
    pub errors: BTreeMap<String, String>,
}

/// Stands for the reason in a message that the page's script (`answers.js`) follows while it is typed.
pub const MARK: &str = "\u{e000}";

/// The page.
pub fn one_page(page: OnePage) -> AnyView {
    let OnePage {
        w,
        id,
        kind,
        sign,
        state,
        overdue,
        round,
        say,
        facts,
        asked,
        findings,
        reports,
        events,
        steps,
        obstacle,
        version,
        edits,
        typed,
        errors,
    } = page;
    let here = format!("/staff/supervision/{id}");
    let summary: Vec<(String, String)> = errors.iter().map(|(field, text)| (field.clone(), text.clone())).collect();
    let title = sign.map_or_else(|| kind.clone(), |sign| format!("{kind} · {sign}"));
    let round = (round > 1).then(|| {
        view! { " "<Tag word=w.tf("supervision-round", &[("count", round.into())])/> }
    });
    let facts = facts.into_iter().map(|(name, value)| Fact::new(name, value)).collect();
    let numbers: Vec<(i64, String)> = findings.iter().map(|finding| (finding.number, finding.text.clone())).collect();
    let form = StepForm { w, here: here.clone(), version, numbers, typed, errors };
    let mut steps = steps.into_iter();
    let main = steps.next().map(|step| form.main(step));
    let others = steps.map(|step| form.other(step)).collect_view();
    let findings = findings.into_iter().map(|finding| finding_view(w, &here, version, edits, finding)).collect_view();
    let reports = (!reports.is_empty()).then(|| {
        let rows = reports
            .into_iter()
            .map(|(href, title)| view! { <Item w=w href=href title=title icon_name="report"/> })
            .collect_view();
        view! { <Section title=w.t("supervision-reports")><List>{rows}</List></Section> }
    });
    view! {
        <p class="meta">{state_badge(w, state, overdue)}{round} " " <span class="muted">{title}</span></p>
        <p class="big">{say}</p>
        <ErrorSummary w=w errors=summary/>
        {obstacle.map(|text| view! { <Note><p>{text}</p></Note> })}
        <div data-script="/answers.js">{main}</div>
        <p class="cluster">
            <LinkButton href=format!("{here}/letter") label=w.t("supervision-print") icon_name="print" small=true/>
            {edits.then(|| view! { <LinkButton href=format!("{here}/edit") label=w.t("supervision-do-change") icon_name="edit" small=true/> })}
        </p>
        <Summary facts=facts/>
        <Section title=w.t("supervision-findings")>
            <ol class="supervision-findings">{findings}</ol>
        </Section>
        <Section title=w.t("supervision-asked")><p class="letter-text">{asked}</p></Section>
        {reports}
        <div class="stack">{others}</div>
        <Section title=w.t("supervision-timeline")><Timeline events=events/></Section>
    }
    .into_any()
}

/// What all forms of steps on a page share.
struct StepForm {
    w: Words,
    here: String,
    version: i64,
    /// Number and text of each finding.
    numbers: Vec<(i64, String)>,
    typed: BTreeMap<i64, TypedAnswer>,
    errors: BTreeMap<String, String>,
}

impl StepForm {
    fn main(&self, step: StepView) -> AnyView {
        let title = self.w.t(step.step.button_key());
        view! { <section class="section card"><h2>{title}</h2>{self.body(step, true)}</section> }.into_any()
    }

    fn other(&self, step: StepView) -> AnyView {
        let (title, open) = (self.w.t(step.step.button_key()), step.open);
        view! {
            <details class="more" open=open>
                <summary>{title}</summary>
                <div class="more-body">{self.body(step, false)}</div>
            </details>
        }
        .into_any()
    }

    fn body(&self, view: StepView, main: bool) -> AnyView {
        let StepView { step, message, about, typed, open, .. } = view;
        let w = self.w;
        let [reason, days, day] = typed;
        // Only the form that was sent shows what is wrong with it: fields of several forms have the same names.
        let error = |field: &str| self.errors.get(field).filter(|_| open).cloned();
        let name = w.t(step.button_key());
        let weight = match step {
            Step::Withdraw => Weight::Danger,
            _ if main => Weight::Primary,
            _ => Weight::Plain,
        };
        let special = match step {
            Step::Answer => Some(self.answers()),
            Step::SendBack => Some(deadline(w, &days, &day, (error("days"), error("day")))),
            Step::ExtendAsk => Some(extension(w, days, error("days"))),
            _ => None,
        };
        let words = step.needs_reason().then(|| self.reason(step, reason, error("text")));
        let follows = step.needs_reason();
        let preview = message.map(|(to, text, template)| {
            view! {
                <div class="message-preview" data-message=follows.then_some(template)>
                    <p class="meta">{to}</p>
                    <p>{text}</p>
                </div>
            }
        });
        let enctype = (step == Step::Answer).then_some("multipart/form-data");
        view! {
            <form class="form" method="post" action=format!("{}/steps", self.here) enctype=enctype>
                <input r#type="hidden" name="version" value=self.version.to_string()/>
                <input r#type="hidden" name="step" value=step.code()/>
                {about.map(|text| view! { <p>{text}</p> })}
                {special}
                {words}
                {preview}
                <div class="buttons">
                    <Button label=name weight=weight/>
                    {matches!(step, Step::SendBack | Step::ExtendAsk).then(|| view! {
                        <button class="button quiet" formnovalidate=true name="preview" value="1">{w.t("reports-preview")}</button>
                    })}
                </div>
            </form>
        }
        .into_any()
    }

    /// The reason. Several forms stand on one page: each has its own id.
    fn reason(&self, step: Step, value: String, error: Option<String>) -> AnyView {
        let w = self.w;
        let id = if error.is_some() { "text".to_owned() } else { format!("text-{}", step.code()) };
        let said = error.is_some().then(|| format!("{id}-error"));
        let invalid = error.is_some().then_some("");
        let label = if step == Step::SendBack { "supervision-reason-back" } else { "supervision-reason" };
        let wrong = error.map(|text| view! { <p class="error" id=format!("{id}-error")>{text}</p> });
        view! {
            <div class="field" data-invalid=invalid>
                <label class="label" r#for=id.clone()>{w.t(label)}</label>
                {wrong}
                <textarea class="input" id=id name="text" rows="3" maxlength=TEXT_CHARS.to_string() aria-describedby=said required=true>
                    {value}
                </textarea>
            </div>
        }
        .into_any()
    }

    /// A field and a choice of photos for each finding.
    fn answers(&self) -> AnyView {
        let w = self.w;
        self.numbers
            .iter()
            .map(|(number, text)| {
                let number = *number;
                let typed = self.typed.get(&number).cloned().unwrap_or_default();
                let (field, files) = (format!("answer-{number}"), format!("photos-{number}"));
                let error = self.errors.get(&field).cloned();
                let wrong_photo = self.errors.get(&files).cloned().map(|text| view! { <p class="error">{text}</p> });
                let said = error.is_some().then(|| format!("{field}-error"));
                let invalid = error.is_some().then_some("");
                let wrong = error.map(|text| view! { <p class="error" id=format!("answer-{number}-error")>{text}</p> });
                let sent = typed
                    .photos
                    .iter()
                    .map(|id| view! { <input r#type="hidden" name=format!("photo-{number}") value=id.clone()/> })
                    .collect_view();
                let kept = (!typed.photos.is_empty()).then(|| {
                    let photos = typed.photos.iter().enumerate().map(|(nth, id)| photo(w, id, nth + 1)).collect();
                    view! { <Thumbs photos=photos/> }
                });
                view! {
                    <fieldset class="field" data-invalid=invalid>
                        <legend class="label">{w.tf("supervision-finding", &[("number", number.into())])}</legend>
                        <p class="small muted letter-text">{text.clone()}</p>
                        <label class="small" r#for=field.clone()>{w.t("supervision-answer")}</label>
                        {wrong}
                        <textarea
                            class="input"
                            id=field.clone()
                            name=field
                            rows="3"
                            maxlength=TEXT_CHARS.to_string()
                            aria-describedby=said
                            required=true
                        >
                            {typed.text}
                        </textarea>
                        {sent}
                        {kept}
                        {wrong_photo}
                        <label class="small" r#for=files.clone()>{w.t("supervision-answer-photos")}</label>
                        <input class="input" id=files.clone() name=files r#type="file" accept=PHOTO_KINDS multiple=true/>
                    </fieldset>
                }
            })
            .collect_view()
            .into_any()
    }
}

/// Working days of an extension.
fn extension(w: Words, days: String, error: Option<String>) -> AnyView {
    view! {
        <TextField
            w=w
            name="days"
            label=w.t("supervision-extend-days")
            hint=w.tf("supervision-extend-hint", &[("count", MOST_DAYS.into())])
            value=days
            error=error
            inputmode="numeric"
            maxlength=2
            width="w-short"
        />
    }
    .into_any()
}

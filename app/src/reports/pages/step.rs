//! The forms of steps: the one that stands open, and links to the others.

use super::form::photo_field;
use crate::{
    i18n::Words,
    reports::{MAX_TEXT, Step, life::MOST_HOURS},
    ui::parts::*,
};
use leptos::prelude::*;

/// A step that is possible now, as a form.
#[derive(Clone, Debug)]
pub struct StepForm {
    /// Which.
    pub step: Step,
    /// What was typed so far.
    pub text: String,
    /// Internal words typed so far.
    pub internal: String,
    /// Who was chosen so far.
    pub to: String,
    /// Hours typed so far.
    pub hours: String,
    /// Code of the other report typed so far.
    pub into: String,
    /// Category chosen so far.
    pub category: String,
    /// What is to be decided, in a sentence.
    pub about: Option<String>,
    /// Ids of photos sent so far.
    pub photos: Vec<String>,
    /// Field and words.
    pub errors: Vec<(String, String)>,
    /// The message that the resident gets, with the words typed so far; `None` when they get none.
    pub message: Option<Message>,
    /// Answers that can be put into the words.
    pub answers: Vec<Answer>,
    /// It was asked for: shown open.
    pub open: bool,
}

/// A message before it goes.
#[derive(Clone, Debug)]
pub struct Message {
    /// Who gets it: "居民会收到", or where it can be read.
    pub label: String,
    /// Exactly as it will be.
    pub text: String,
    /// The same with [`Message::MARK`] where the words stand, for the page's script.
    pub template: String,
    /// What becomes of names in braces, as a JSON object, for the page's script.
    pub slots: String,
}

impl Message {
    /// Stands for the words in a template.
    pub const MARK: &str = "\u{e000}";
}

/// An answer that staff send often, with the report's own code, place and time already in it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Id.
    pub id: String,
    /// What the list calls it.
    pub title: String,
    /// The text.
    pub text: String,
}

/// Somebody who can be sent.
#[derive(Clone, Debug)]
pub struct Handler {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role and unit.
    pub note: String,
}

fn step_form(
    w: Words,
    action: String,
    version: i64,
    form: StepForm,
    (handlers, categories): (&[Handler], &[(String, String)]),
) -> AnyView {
    let step = form.step;
    let error = |field: &str| form.errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
    let (text_error, to_error, photo_error) = (error("text"), error("to"), error("photos"));
    let label = match step {
        Step::Accept | Step::Dispatch | Step::Take | Step::VerifyPass => w.t("reports-step-words"),
        Step::Reject => w.t("reports-step-reject-words"),
        Step::Return => w.t("reports-step-return-words"),
        Step::Finish => w.t("reports-step-finish-words"),
        Step::Ask => w.t("reports-step-ask-words"),
        Step::Suspend => w.t("reports-step-suspend-words"),
        Step::RateAnswer => w.t("reports-step-rate-answer-words"),
        step if !step.is_public() => w.t("reports-step-inside"),
        step if !step.needs_reason() => w.t("reports-step-words"),
        _ => w.t("reports-step-reason"),
    };
    let about = form.about.clone().map(|about| view! { <p class="say">{about}</p> });
    let special = special_field(w, &form, categories);
    let choose = (step == Step::Dispatch).then(|| {
        let choices = handlers.iter().map(|h| Choice::new(h.id.clone(), h.name.clone()).note(h.note.clone())).collect();
        view! {
            <RadioField
                name="to"
                legend=w.t("reports-step-to")
                choices=choices
                value=form.to.clone()
                error=to_error
                hint=w.t("reports-step-to-hint")
            />
        }
    });
    let takes_photos = matches!(step, Step::Note | Step::Finish);
    let photos = takes_photos.then(|| {
        let label = if step == Step::Finish { w.t("reports-after-photos") } else { w.t("reports-progress-photos") };
        photo_field(w, &form.photos, photo_error.into_iter().collect(), label, None)
    });
    let internal = matches!(step, Step::Accept | Step::Dispatch).then(|| {
        view! {
            <TextField
                w=w
                name="internal"
                label=w.t("reports-step-internal")
                value=form.internal.clone()
                error=error("internal")
                optional=true
            />
        }
    });
    let can_preview = form.message.is_some() && step.action() != Some(crate::people::Action::ReportHandle);
    let preview = form.message.clone().map(message_preview);
    let name = w.t(step.button_key());
    let weight = match step {
        Step::Reject | Step::Return | Step::Merge => Weight::Danger,
        _ => Weight::Primary,
    };
    let enctype = takes_photos.then_some("multipart/form-data");
    let body = view! {
        <form method="post" action=action enctype=enctype class="form" data-words="">
            // The first button is what the Enter key presses: never the one that only fills in an answer.
            <button class="sr" tabindex="-1" aria-hidden="true">{name.clone()}</button>
            <input r#type="hidden" name="version" value=version.to_string()/>
            <input r#type="hidden" name="step" value=step.code()/>
            {about}
            {choose}
            {special}
            {photos}
            {answer_field(w, ("preview", "answer"), &form.answers)}
            <TextArea
                w=w
                name="text"
                label=label
                value=form.text.clone()
                error=text_error
                optional=!step.needs_reason()
                maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                rows=2
            />
            {internal}
            {preview}
            <div class="buttons">
                <Button label=name.clone() weight=weight/>
                {can_preview.then(|| view! {
                    <button class="button quiet" formnovalidate=true name="preview" value="1">{w.t("reports-preview")}</button>
                })}
            </div>
        </form>
    };
    view! { <section class="section card"><h2>{name}</h2>{body}</section> }.into_any()
}

/// The message exactly as it goes; the page's script follows what is typed.
pub fn message_preview(message: Message) -> AnyView {
    let Message { label, text, template, slots } = message;
    view! {
        <div class="message-preview" data-message=template data-slots=slots>
            <p class="meta">{label}</p>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// A choice of answers. Without JavaScript its button puts the chosen one into the words and shows the form again.
/// `sends` is what that button says.
pub fn answer_field(w: Words, sends: (&'static str, &'static str), answers: &[Answer]) -> Option<AnyView> {
    if answers.is_empty() {
        return None;
    }
    let options = answers
        .iter()
        .map(|answer| {
            let Answer { id, title, text } = answer.clone();
            view! { <option value=id data-text=text>{title}</option> }
        })
        .collect_view();
    Some(
        view! {
            <div class="field answers">
                <label class="label" r#for="answer">{w.t("answers-choose")}</label>
                <div class="input-row">
                    <select class="input" id="answer" name="answer">
                        <option value="">{w.t("answers-choose-none")}</option>
                        {options}
                    </select>
                    <button class="button" formnovalidate=true name=sends.0 value=sends.1>{w.t("answers-insert")}</button>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// The field that only one step has.
fn special_field(w: Words, form: &StepForm, categories: &[(String, String)]) -> Option<AnyView> {
    let error = |field: &str| form.errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
    match form.step {
        Step::ExtendAsk => Some(
            view! {
                <TextField
                    w=w
                    name="hours"
                    label=w.t("reports-step-hours")
                    hint=w.tf("reports-step-hours-hint", &[("most", MOST_HOURS.into())])
                    value=form.hours.clone()
                    error=error("hours")
                    inputmode="numeric"
                />
            }
            .into_any(),
        ),
        Step::Merge => Some(
            view! {
                <TextField
                    w=w
                    name="into"
                    label=w.t("reports-step-into")
                    hint=w.t("reports-step-into-hint")
                    value=form.into.clone()
                    error=error("into")
                />
            }
            .into_any(),
        ),
        Step::Sort => {
            let options = categories.to_vec();
            Some(
                view! {
                    <SelectField
                        w=w
                        name="category"
                        label=w.t("reports-step-category")
                        options=options
                        value=form.category.clone()
                        error=error("category")
                    />
                }
                .into_any(),
            )
        }
        _ => None,
    }
}

/// Whether the form that stands open takes photos: only then does the page need its island.
pub fn takes_photos(steps: &[StepForm]) -> bool {
    let open = steps.iter().position(|form| form.open).unwrap_or(0);
    steps.get(open).is_some_and(|form| matches!(form.step, Step::Note | Step::Finish))
}

/// Forms for all steps; the first, or the one that was asked for, stands open.
pub(super) fn step_forms(
    w: Words,
    action: &str,
    version: i64,
    steps: Vec<StepForm>,
    choices: (&[Handler], &[(String, String)]),
) -> AnyView {
    let asked = steps.iter().position(|form| form.open).unwrap_or(0);
    // Ids must be unique on a page: only one form at a time is whole, the others are links that ask for it.
    let mut whole = None;
    let mut links = Vec::new();
    for (index, form) in steps.into_iter().enumerate() {
        if index == asked {
            whole = Some(step_form(w, action.to_owned(), version, form, choices));
        } else {
            links.push((format!("{action}?step={}#do", form.step.code()), w.t(form.step.button_key())));
        }
    }
    let links = (!links.is_empty()).then(|| {
        let links = links.into_iter().map(|(href, label)| view! { <LinkButton href=href label=label/> }).collect_view();
        view! { <p class="small muted">{w.t("reports-or")}</p><div class="buttons">{links}</div> }
    });
    view! { <div id="do" class="stack">{whole}{links}</div> }.into_any()
}

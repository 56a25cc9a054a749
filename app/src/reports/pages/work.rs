//! Pages of those who work on a report: staff and verifiers at `/staff/reports/{code}`, handlers at `/volunteer`.

use super::{Brief, Due, Happened, Shot, due_view, form::photo_field, mine::rows, shots, timeline, tone};
use crate::{
    i18n::Words,
    reports::{MAX_TEXT, State, Step, life::MOST_HOURS},
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
    pub message: Option<String>,
    /// It was asked for: shown open.
    pub open: bool,
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

/// A photo that staff may show to the public.
#[derive(Clone, Debug)]
pub struct PhotoToggle {
    /// The photo.
    pub shot: Shot,
    /// 处理前, 处理中, 处理后
    pub caption: String,
}

/// What the staff's page shows.
pub struct StaffReportPage {
    /// Words.
    pub w: Words,
    /// The code.
    pub code: String,
    /// State.
    pub state: State,
    /// Number of the last event.
    pub version: i64,
    /// Time limit, while it is open.
    pub due: Option<Due>,
    /// Somebody was quicker, or why a step is not possible: a sentence.
    pub trouble: Option<String>,
    /// Term and words, in order.
    pub facts: Vec<(String, String)>,
    /// The reporter's words.
    pub description: String,
    /// All photos.
    pub photos: Vec<PhotoToggle>,
    /// The reader may release photos.
    pub may_release: bool,
    /// Steps that the reader may take now.
    pub steps: Vec<StepForm>,
    /// Who can be sent.
    pub handlers: Vec<Handler>,
    /// Categories that it can be changed to: code and name.
    pub categories: Vec<(String, String)>,
    /// Timeline, newest first.
    pub events: Vec<Happened>,
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
    let can_preview = form.message.is_some() && step.action() == Some(crate::people::Action::ReportManage);
    let preview = form.message.clone().map(|message| {
        view! {
            <div class="message-preview">
                <p class="meta">{w.t("reports-message-preview")}</p>
                <p>{message}</p>
            </div>
        }
    });
    let name = w.t(step.button_key());
    let weight = match step {
        Step::Reject | Step::Return | Step::Merge => Weight::Danger,
        _ => Weight::Primary,
    };
    let enctype = takes_photos.then_some("multipart/form-data");
    let body = view! {
        <form method="post" action=action enctype=enctype class="form">
            <input r#type="hidden" name="version" value=version.to_string()/>
            <input r#type="hidden" name="step" value=step.code()/>
            {about}
            {choose}
            {special}
            {photos}
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
fn step_forms(
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

fn trouble_note(trouble: Option<String>) -> Option<AnyView> {
    trouble.map(|text| view! { <div role="alert"><Note tone=Tone::Warn><p>{text}</p></Note></div> }.into_any())
}

fn fact_list(facts: Vec<(String, String)>) -> Vec<Fact> {
    facts.into_iter().map(|(term, value)| Fact::new(term, value)).collect()
}

/// The staff's page of a report.
pub fn staff_report_page(page: StaffReportPage) -> AnyView {
    let StaffReportPage {
        w,
        code,
        state,
        version,
        due,
        trouble,
        facts,
        description,
        photos,
        may_release,
        steps,
        handlers,
        categories,
        events,
    } = page;
    let action = format!("/staff/reports/{code}");
    let photo_list = photos
        .into_iter()
        .enumerate()
        .map(|(n, photo)| {
            let PhotoToggle { shot, caption } = photo;
            let released = shot.released;
            let picture = shot.photo(w, n + 1);
            let word = if released { w.t("reports-released") } else { w.t("reports-not-released") };
            let toggle = may_release.then(|| {
                let label = if released { w.t("reports-do-hide-photo") } else { w.t("reports-do-release-photo") };
                let value = if released { "0" } else { "1" };
                view! {
                    <form method="post" action=format!("/staff/reports/{code}/photos")>
                        <input r#type="hidden" name="photo" value=shot.id.clone()/>
                        <Button label=label small=true sends=("release", value.to_owned())/>
                        <a class="button small" href=format!("/staff/reports/{code}/photos/{}", shot.id)>
                            {w.t("reports-more-redact-open")}
                            <span class="sr">" " {n + 1}</span>
                        </a>
                    </form>
                }
            });
            view! {
                <li class="photo">
                    <a href=picture.full><img src=picture.thumb alt=picture.alt/></a>
                    <p class="photo-say">{caption} " · " {word}</p>
                    {toggle}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let photo_list = (!photo_list.is_empty()).then(|| view! { <ul class="photo-grid">{photo_list}</ul> });
    let work = if steps.is_empty() {
        view! { <p class="muted">{w.t("reports-nothing-to-do")}</p> }.into_any()
    } else {
        step_forms(w, &action, version, steps, (&handlers, &categories))
    };
    view! {
        {trouble_note(trouble)}
        <p class="meta">
            <Badge tone=tone(state) word=w.t(state.key())/>
            " "
            <code class="code">{code.clone()}</code>
            " "
            <a href=format!("/reports/{code}")>{w.t("reports-public-page")}</a>
        </p>
        {due.map(due_view)}
        <div class="split">
            <div class="stack">
                <p class="say">{description}</p>
                {photo_list}
                <Summary facts=fact_list(facts)/>
            </div>
            {work}
        </div>
        <Section title=w.t("reports-timeline")>
            <Timeline events=timeline(w, events)/>
        </Section>
    }
    .into_any()
}

/// What `/volunteer` shows.
pub struct TasksPage {
    /// Words.
    pub w: Words,
    /// Mine to handle.
    pub mine: Vec<Brief>,
    /// Others' work that waits for my verification.
    pub verify: Vec<Brief>,
    /// What I have finished.
    pub done: Vec<Brief>,
}

/// The tasks of a handler.
pub fn tasks_page(page: TasksPage) -> AnyView {
    let TasksPage { w, mine, verify, done } = page;
    let mine = if mine.is_empty() {
        view! { <Empty icon_name="check" title=w.t("reports-tasks-empty") text=w.t("reports-tasks-empty-text")/> }
            .into_any()
    } else {
        rows(w, mine)
    };
    let verify = (!verify.is_empty()).then(|| {
        view! { <Section title=w.t("reports-tasks-verify")>{rows(w, verify)}</Section> }
    });
    let done = (!done.is_empty()).then(|| {
        view! { <Section title=w.t("reports-tasks-done") optional=true>{rows(w, done)}</Section> }
    });
    view! {
        {mine}
        {verify}
        {done}
    }
    .into_any()
}

/// What a handler's page of a report shows.
pub struct TaskPage {
    /// Words.
    pub w: Words,
    /// The code.
    pub code: String,
    /// State.
    pub state: State,
    /// Number of the last event.
    pub version: i64,
    /// Time limit, while it is open.
    pub due: Option<Due>,
    /// Why a step is not possible: a sentence.
    pub trouble: Option<String>,
    /// Term and words, in order.
    pub facts: Vec<(String, String)>,
    /// The reporter's words.
    pub description: String,
    /// Photos of the problem.
    pub before: Vec<Shot>,
    /// Steps that are possible now.
    pub steps: Vec<StepForm>,
    /// Timeline, newest first.
    pub events: Vec<Happened>,
}

/// A handler's page of a report.
pub fn task_page(page: TaskPage) -> AnyView {
    let TaskPage { w, code, state, version, due, trouble, facts, description, before, steps, events } = page;
    let photos = (!before.is_empty()).then(|| {
        let photos = shots(w, &before);
        view! { <Thumbs photos=photos/> }
    });
    let work =
        (!steps.is_empty()).then(|| step_forms(w, &format!("/volunteer/reports/{code}"), version, steps, (&[], &[])));
    view! {
        {trouble_note(trouble)}
        <p class="meta"><Badge tone=tone(state) word=w.t(state.key())/></p>
        {due.map(due_view)}
        <p class="say">{description}</p>
        {photos}
        <Summary facts=fact_list(facts)/>
        {work}
        <Section title=w.t("reports-timeline")>
            <Timeline events=timeline(w, events)/>
        </Section>
    }
    .into_any()
}

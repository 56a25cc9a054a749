//! The page of one matter.

use super::badges;
use crate::{
    i18n::Words,
    matters::{
        MORE_DAYS, REASON,
        clock::Late,
        life::{State, Step},
    },
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A matter above or below.
pub struct Child {
    /// Id; empty where the reader may not open it.
    pub id: String,
    /// Number and title.
    pub name: String,
    /// To whom, and its clock.
    pub note: String,
    /// State.
    pub state: State,
    /// Over its time.
    pub late: Option<Late>,
    /// The answer, once there is one.
    pub answer: String,
}

/// A step that the reader may take.
pub struct StepForm {
    /// Which.
    pub step: Step,
    /// Why it is not possible now, in words.
    pub obstacle: Option<String>,
    /// What was typed.
    pub text: String,
    /// Working days that were typed.
    pub days: String,
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
    /// Stands open.
    pub open: bool,
}

/// What the page shows.
pub struct MatterPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// The lock.
    pub version: i64,
    /// State.
    pub state: State,
    /// Over its time.
    pub late: Option<Late>,
    /// Where it stands, in a sentence.
    pub sentence: String,
    /// A sentence on top: somebody was quicker.
    pub trouble: Option<String>,
    /// Term and words.
    pub facts: Vec<(String, String)>,
    /// Code of the report from which it comes, and whether the reader may open it.
    pub report: Option<(String, bool)>,
    /// What it is about.
    pub text: String,
    /// The answer, once there is one.
    pub answer: String,
    /// The matter above.
    pub parent: Option<Child>,
    /// Matters below.
    pub children: Vec<Child>,
    /// Steps that the reader may take.
    pub steps: Vec<StepForm>,
    /// The reader may hand it on.
    pub may_hand_on: bool,
    /// Messages to the platform that were given up.
    pub unsent: i64,
    /// What happened, the newest first.
    pub events: Vec<Event>,
}

/// The page.
pub fn one(page: MatterPage) -> AnyView {
    let MatterPage {
        w,
        id,
        number,
        version,
        state,
        late,
        sentence,
        trouble,
        facts,
        report,
        text,
        answer,
        parent,
        children,
        steps,
        may_hand_on,
        unsent,
        events,
    } = page;
    let here = format!("/staff/matters/{id}");
    let mut facts: Vec<Fact> = facts.into_iter().map(|(term, value)| Fact::new(term, value)).collect();
    if let Some((code, may)) = report {
        let value = if may {
            let href = format!("/staff/reports/{code}");
            view! { <a href=href>{code}</a> }.into_any()
        } else {
            code.into_any()
        };
        facts.push(Fact::new(w.t("matters-fact-report"), value));
    }
    let trouble = trouble.map(|text| view! { <div role="alert"><Note tone=Tone::Warn><p>{text}</p></Note></div> });
    let unsent = (unsent > 0).then(|| {
        view! { <Note tone=Tone::Bad><p>{w.tf("matters-unsent", &[("count", unsent.into())])}</p></Note> }
    });
    let above = parent.map(|parent| {
        view! { <Section title=w.t("matters-parent")><List>{child(w, parent)}</List></Section> }
    });
    let below = (!children.is_empty()).then(|| {
        let rows = children.into_iter().map(|one| child(w, one)).collect_view();
        view! { <Section title=w.t("matters-children")><List>{rows}</List></Section> }
    });
    let hand_on = may_hand_on.then(|| {
        view! {
            <LinkButton href=format!("/staff/matters/new?parent={id}") label=w.t("matters-hand-on") icon_name="plus"/>
        }
    });
    let work = if steps.is_empty() && hand_on.is_none() {
        view! { <p class="muted">{w.t("matters-nothing-to-do")}</p> }.into_any()
    } else {
        let forms =
            steps.into_iter().enumerate().map(|(n, step)| step_form(w, &here, version, n == 0, step)).collect_view();
        view! { <div class="matter-steps stack">{forms} {hand_on}</div> }.into_any()
    };
    let answer = (!answer.is_empty()).then(|| {
        view! { <Section title=w.t("matters-answer")><p class="matter-answer">{answer}</p></Section> }
    });
    view! {
        {trouble}
        <p class="meta">{badges(w, state, late)} " " <code class="code">{number}</code></p>
        <p class="lead">{sentence}</p>
        {unsent}
        <div class="split">
            <div class="stack">
                <p class="matter-text">{text}</p>
                {answer}
                <Summary facts=facts/>
            </div>
            <div class="stack matter-work" id="steps">{work}</div>
        </div>
        {above}
        {below}
        <Section title=w.t("matters-timeline")>
            <Timeline events=events/>
        </Section>
        <p class="small muted matter-print">{w.t("matters-print-hint")}</p>
    }
    .into_any()
}

fn child(w: Words, child: Child) -> AnyView {
    let note = match child.answer.is_empty() {
        true => child.note,
        false => format!("{} — {}", child.note, child.answer),
    };
    if child.id.is_empty() {
        return view! {
            <li class="matter-closed-row">
                <span class="item-title">{child.name}</span> " "
                {badges(w, child.state, child.late)}
                <p class="small muted">{note}</p>
            </li>
        }
        .into_any();
    }
    view! {
        <Item w=w href=format!("/staff/matters/{}", child.id) title=child.name note=note>
            {badges(w, child.state, child.late)}
        </Item>
    }
    .into_any()
}

fn step_form(w: Words, here: &str, version: i64, first: bool, form: StepForm) -> AnyView {
    let StepForm { step, obstacle, text, days, mut errors, open } = form;
    if let Some(why) = obstacle {
        return view! { <p class="small muted"><strong>{w.t(step.key())}</strong> " " {why}</p> }.into_any();
    }
    let main = matches!(
        step,
        Step::Accept
            | Step::Answer
            | Step::Close
            | Step::GrantReturn
            | Step::GrantWithdraw
            | Step::GrantExtend
            | Step::Start
    );
    let weight = match step {
        Step::Cancel => Weight::Danger,
        _ if first && main => Weight::Primary,
        _ => Weight::Plain,
    };
    let summary: Vec<(String, String)> =
        errors.iter().map(|(field, text)| (field_id(field, step), text.clone())).collect();
    let asked_days = step.needs_days().then(|| {
        view! {
            <TextField
                w=w name="days" label=w.t("matters-more-days")
                hint=w.tf("matters-more-days-hint", &[("most", MORE_DAYS.into())])
                value=days inputmode="numeric" width="w-short" error=errors.remove("days")
            />
        }
    });
    let field = step_text(w, step, text, errors.remove("text"));
    let title = w.t(step.key());
    view! {
        <details class="card matter-step" data-step=step.code() open=open || first>
            <summary>{title.clone()}</summary>
            <form class="stack" method="post" action=format!("{here}#steps")>
                <ErrorSummary w=w errors=summary/>
                <input type="hidden" name="step" value=step.code()/>
                <input type="hidden" name="version" value=version.to_string()/>
                {asked_days}
                {field}
                <Button label=title weight=weight/>
            </form>
        </details>
    }
    .into_any()
}

fn field_id(field: &str, step: Step) -> String {
    if field == "text" { format!("text-{}", step.code()) } else { field.to_owned() }
}

/// The reason of a step. Each step's field has an id of its own: several forms stand on one page.
fn step_text(w: Words, step: Step, text: String, error: Option<String>) -> AnyView {
    let id = field_id("text", step);
    let error_id = format!("{id}-error");
    let label = match step {
        Step::Answer => w.t("matters-answer"),
        Step::Note => w.t("matters-note"),
        _ => w.t("matters-reason"),
    };
    let invalid = error.is_some().then_some("true");
    let described = error.is_some().then(|| error_id.clone());
    let optional = !step.needs_words();
    let error = error.map(|text| view! { <p class="error" id=error_id>{text}</p> });
    view! {
        <div class="field" data-invalid=invalid.map(|_| "")>
            <label class="label" r#for=id.clone()>
                {label}
                {optional.then(|| view! { " " <span class="opt">{w.t("ui-optional")}</span> })}
            </label>
            {error}
            <textarea
                class="input" id=id name="text" rows="3" maxlength=REASON.to_string()
                aria-describedby=described aria-invalid=invalid required=!optional
            >
                {text}
            </textarea>
        </div>
    }
    .into_any()
}

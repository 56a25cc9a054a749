//! The forms of the steps of a consultation.

use crate::{
    consultations::{DECISION_CHARS, REASON_CHARS, Step},
    i18n::Words,
    notices::form::Errors,
    ui::parts::*,
};
use leptos::prelude::*;

/// A step that is being written.
#[derive(Clone, Debug, Default)]
pub struct Deciding {
    /// What residents wrote, in the words of staff.
    pub summary: String,
    /// What was decided.
    pub decision: String,
    /// Why; or why it is withdrawn.
    pub reason: String,
    /// What is wrong.
    pub errors: Errors,
}

/// What every form of a step sends.
fn begin(version: i64, step: Step) -> AnyView {
    view! {
        <input type="hidden" name="version" value=version.to_string()/>
        <input type="hidden" name="step" value=step.code()/>
    }
    .into_any()
}

/// A step that needs no words.
fn plain_step(w: Words, action: &str, (version, step): (i64, Step), [label, hint]: [&'static str; 2]) -> AnyView {
    let action = action.to_owned();
    view! {
        <form class="stack" method="post" action=action>
            {begin(version, step)}
            <p class="hint">{w.t(hint)}</p>
            <Buttons><Button label=w.t(label) weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

fn most(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The forms of the steps that are possible now.
pub(super) fn step_forms(w: Words, here: &str, version: i64, steps: &[Step], deciding: Deciding) -> AnyView {
    let action = format!("{here}/step");
    let forms: Vec<AnyView> = steps
        .iter()
        .map(|step| match step {
            Step::Ask => plain_step(w, &action, (version, Step::Ask), ["consultations-ask", "consultations-ask-hint"]),
            Step::Weigh => {
                plain_step(w, &action, (version, Step::Weigh), ["consultations-weigh", "consultations-weigh-hint"])
            }
            Step::Answer => answer_form(w, &action, version, deciding.clone()),
            Step::Withdraw => withdraw_form(w, &action, version, deciding.clone()),
            Step::Close => ().into_any(),
        })
        .collect();
    forms.into_any()
}

fn answer_form(w: Words, action: &str, version: i64, deciding: Deciding) -> AnyView {
    let Deciding { summary, decision, reason, errors } = deciding;
    let error = |field: &str| errors.get(field).cloned();
    let [decision_error, reason_error, summary_error] = ["decision", "reason", "summary"].map(error);
    let action = action.to_owned();
    view! {
        <Section title=w.t("consultations-answer")>
            <form class="form stack" method="post" action=action>
                {begin(version, Step::Answer)}
                <p class="hint">{w.t("consultations-answer-hint")}</p>
                <TextArea
                    w=w
                    name="decision"
                    label=w.t("consultations-decision")
                    value=decision
                    error=decision_error
                    maxlength=most(DECISION_CHARS)
                />
                <TextArea
                    w=w
                    name="reason"
                    label=w.t("consultations-why")
                    hint=w.t("consultations-why-hint")
                    value=reason
                    error=reason_error
                    maxlength=most(DECISION_CHARS)
                />
                <TextArea
                    w=w
                    name="summary"
                    label=w.t("consultations-summary")
                    hint=w.t("consultations-summary-hint")
                    value=summary
                    error=summary_error
                    optional=true
                    maxlength=most(DECISION_CHARS)
                />
                <Buttons><Button label=w.t("consultations-answer-do") weight=Weight::Primary/></Buttons>
            </form>
        </Section>
    }
    .into_any()
}

fn withdraw_form(w: Words, action: &str, version: i64, deciding: Deciding) -> AnyView {
    let error = deciding.errors.get("withdrawn").cloned();
    let open = error.is_some();
    let typed = if open { deciding.reason } else { String::new() };
    let action = action.to_owned();
    view! {
        <details class="more" open=open>
            <summary>{w.t("consultations-withdraw")}</summary>
            <form class="form stack more-body" method="post" action=action>
                {begin(version, Step::Withdraw)}
                <TextArea
                    w=w
                    name="withdrawn"
                    label=w.t("consultations-withdraw-why")
                    hint=w.t("consultations-withdraw-hint")
                    value=typed
                    error=error
                    maxlength=most(REASON_CHARS)
                    rows=3
                />
                <Buttons><Button label=w.t("consultations-withdraw-do") weight=Weight::Danger/></Buttons>
            </form>
        </details>
    }
    .into_any()
}

//! The editor of a consultation, with a preview.

use super::{Asked, answer_fields, explained, facts};
use crate::{
    consultations::{AnswerKind, ConsultationForm, EXPLANATION_CHARS, OPTION_CHARS, OPTIONS, Per, QUESTION_CHARS},
    i18n::Words,
    notices::form::Errors,
    ui::parts::*,
};
use leptos::prelude::*;

/// The editor.
pub struct Editor {
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub form: ConsultationForm,
    /// What is wrong.
    pub errors: Errors,
    /// Code and name of the places one may ask.
    pub places: Vec<(String, String)>,
    /// What residents will see.
    pub preview: Option<Asked>,
}

fn most(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// So many rows are offered for options: those that are there and a few more.
fn rows(form: &ConsultationForm) -> usize {
    (form.option.len().max(form.option_en.len()) + 2).clamp(4, OPTIONS)
}

/// The editor, and above it the preview where one was asked for.
pub fn editor(w: Words, page: Editor) -> AnyView {
    let Editor { action, form, errors, places, preview } = page;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let error = |field: &str| errors.get(field).cloned();
    let choices = |keys: Vec<(&'static str, &'static str)>| {
        keys.into_iter().map(|(code, key)| Choice::new(code, w.t(key))).collect::<Vec<_>>()
    };
    let kinds = choices(AnswerKind::ALL.into_iter().map(|kind| (kind.code(), kind.key())).collect());
    let voices = choices(Per::ALL.into_iter().map(|per| (per.code(), per.key())).collect());
    let options = (0..rows(&form))
        .map(|nth| {
            let value = |texts: &[String]| texts.get(nth).cloned().unwrap_or_default();
            let name = w.tf("consultations-option-number", &[("number", (nth + 1).into())]);
            let name_en = w.tf("consultations-option-number-en", &[("number", (nth + 1).into())]);
            view! {
                <div class="consultation-option">
                    <input
                        class="input"
                        name="option"
                        id=(nth == 0).then_some("option")
                        value=value(&form.option)
                        aria-label=name.clone()
                        placeholder=name
                        maxlength=OPTION_CHARS.to_string()
                    />
                    <input
                        class="input"
                        name="option_en"
                        value=value(&form.option_en)
                        aria-label=name_en.clone()
                        placeholder=name_en
                        maxlength=(OPTION_CHARS * 2).to_string()
                    />
                </div>
            }
        })
        .collect_view();
    let option_error = error("option").map(|text| view! { <p class="error" id="option-error">{text}</p> });
    let option_invalid = errors.contains_key("option").then_some("");
    view! {
        <ErrorSummary w=w errors=summary/>
        {preview.map(|asked| previewed(w, asked))}
        <form class="form stack" method="post" action=action>
            <input type="hidden" name="form_key" value=form.form_key/>
            <input type="hidden" name="version" value=form.version/>
            <SelectField
                w=w
                name="place"
                label=w.t("consultations-field-place")
                hint=w.t("consultations-field-place-hint")
                options=places
                value=form.place
                error=error("place")
            />
            <TextField
                w=w
                name="question"
                label=w.t("consultations-field-question")
                hint=w.t("consultations-field-question-hint")
                value=form.question
                error=error("question")
                maxlength=most(QUESTION_CHARS)
            />
            <TextArea
                w=w
                name="explanation"
                label=w.t("consultations-field-explanation")
                hint=w.t("consultations-field-explanation-hint")
                value=form.explanation
                error=error("explanation")
                optional=true
                rows=8
                maxlength=most(EXPLANATION_CHARS)
            />
            <RadioField name="kind" legend=w.t("consultations-field-kind") choices=kinds value=form.kind error=error("kind")/>
            <fieldset class="field" data-invalid=option_invalid>
                <legend class="label">{w.t("consultations-field-options")}</legend>
                <p class="hint">{w.t("consultations-field-options-hint")}</p>
                {option_error}
                {options}
            </fieldset>
            <RadioField
                name="voice"
                legend=w.t("consultations-field-voice")
                choices=voices
                value=form.voice
                error=error("voice")
            />
            <TextField
                w=w
                name="opens_at"
                kind="datetime-local"
                label=w.t("consultations-field-opens")
                hint=w.t("consultations-field-opens-hint")
                value=form.opens_at
                error=error("opens_at")
                optional=true
                width="w-mid"
            />
            <TextField
                w=w
                name="closes_at"
                kind="datetime-local"
                label=w.t("consultations-field-closes")
                value=form.closes_at
                error=error("closes_at")
                width="w-mid"
            />
            <details class="more" open=errors.contains_key("question_en") || errors.contains_key("explanation_en")>
                <summary>{w.t("consultations-field-english")}</summary>
                <div class="more-body stack">
                    <TextField
                        w=w
                        name="question_en"
                        label=w.t("consultations-field-question-en")
                        value=form.question_en
                        error=error("question_en")
                        optional=true
                        maxlength=most(QUESTION_CHARS * 2)
                    />
                    <TextArea
                        w=w
                        name="explanation_en"
                        label=w.t("consultations-field-explanation-en")
                        value=form.explanation_en
                        error=error("explanation_en")
                        optional=true
                        maxlength=most(EXPLANATION_CHARS)
                    />
                </div>
            </details>
            <Buttons>
                <Button label=w.t("consultations-save") weight=Weight::Primary sends=("action", "save".to_owned())/>
                <Button label=w.t("consultations-preview") sends=("action", "preview".to_owned())/>
            </Buttons>
        </form>
    }
    .into_any()
}

/// What residents will see; its fields send nothing.
fn previewed(w: Words, asked: Asked) -> AnyView {
    let fields = answer_fields(w, &asked, (Vec::new(), String::new()), &Errors::new());
    view! {
        <section class="section" aria-labelledby="preview-title">
            <h2 id="preview-title">{w.t("consultations-preview-title")}</h2>
            <div class="phone-preview consultation">
                <h3>{asked.question.clone()}</h3>
                {facts(w, &asked)}
                {explained(asked.html.clone())}
                <fieldset disabled=true class="stack">
                    <legend class="sr">{w.t("consultations-your-voice")}</legend>
                    {fields}
                </fieldset>
            </div>
        </section>
    }
    .into_any()
}

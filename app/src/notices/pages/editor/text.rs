//! Kind, title and text. The buttons for Markdown are shown by `frontend/public/editor.js`; the text alone does as well.

use crate::{
    i18n::Words,
    notices::{
        NoticeForm, NoticeKind,
        form::Errors,
        limits::{BODY_CHARS, TITLE_CHARS},
    },
    ui::parts::*,
};
use leptos::prelude::*;

pub(super) fn text(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let kinds = NoticeKind::ALL.into_iter().map(|kind| Choice::new(kind.code(), w.t(kind.key()))).collect::<Vec<_>>();
    view! {
        <RadioField
            name="kind"
            legend=w.t("notice-field-kind")
            choices=kinds
            value=form.kind.clone()
            error=errors.get("kind").cloned()
            inline=true
        />
        <TextField
            w=w
            name="title"
            label=w.t("notice-field-title")
            hint=w.t("notice-field-title-hint")
            value=form.title.clone()
            error=errors.get("title").cloned()
            maxlength=u32::try_from(TITLE_CHARS).unwrap_or(u32::MAX)
        />
        {body(w, form, errors)}
    }
    .into_any()
}

fn body(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let error = errors.get("body").cloned();
    let wrong = error.is_some();
    let marks = [
        ("bold", "notice-mark-bold"),
        ("heading", "notice-mark-heading"),
        ("list", "notice-mark-list"),
        ("link", "notice-mark-link"),
        ("picture", "notice-mark-picture"),
    ];
    let sample = w.t("notice-mark-sample");
    let (label, text) = (w.t("notice-marks"), form.body.clone());
    let marks = marks
        .into_iter()
        .map(|(mark, key)| view! { <button class="button small" type="button" data-mark=mark>{w.t(key)}</button> })
        .collect_view();
    view! {
        <Field w=w name="body" label=w.t("notice-field-body") hint=w.t("notice-field-body-hint") error=error>
            <div class="marks" role="toolbar" aria-label=label aria-controls="body" data-sample=sample hidden>
                {marks}
            </div>
            <textarea
                class="input"
                id="body"
                name="body"
                rows="12"
                maxlength=BODY_CHARS.to_string()
                aria-describedby=if wrong { "body-hint body-error" } else { "body-hint" }
                aria-invalid=wrong.then_some("true")
            >
                {text}
            </textarea>
        </Field>
    }
    .into_any()
}

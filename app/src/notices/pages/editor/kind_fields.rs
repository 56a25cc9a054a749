//! What only some kinds need: times, where objections go, and what an emergency says; an activity has fields of its own. Where the browser can, only the fields of the
//! chosen kind are shown (`data-for`, style/notices.css); elsewhere all of them stand there, and the others stay empty.

use crate::{
    i18n::Words,
    notices::{
        Certainty, NoticeForm, Severity,
        form::Errors,
        limits::{INSTRUCTION_CHARS, PLACE_CHARS},
    },
    ui::parts::*,
};
use leptos::prelude::*;

pub(super) fn kind_fields(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let severities = Severity::ALL.into_iter().map(|s| Choice::new(s.code(), w.t(s.key()))).collect::<Vec<_>>();
    let certainties = Certainty::ALL.into_iter().map(|c| Choice::new(c.code(), w.t(c.key()))).collect::<Vec<_>>();
    view! {
        <fieldset class="field" data-for="outage disclosure emergency">
            <legend class="label">{w.t("notice-field-times")}</legend>
            <p class="hint" data-for="outage">{w.t("notice-field-starts-hint-outage")}</p>
            <p class="hint" data-for="disclosure">{w.t("notice-field-starts-hint-disclosure")}</p>
            <div class="from-to">
                {moment("starts_at", w.t("notice-field-starts"), &form.starts_at, errors)}
                {moment("ends_at", w.t("notice-field-ends"), &form.ends_at, errors)}
            </div>
        </fieldset>
        <div data-for="disclosure">
            <TextField
                w=w
                name="place"
                label=w.t("notice-field-place-objections")
                value=form.place.clone()
                error=errors.get("place").cloned()
                maxlength=u32::try_from(PLACE_CHARS).unwrap_or(u32::MAX)
                optional=true
            />
        </div>
        <div class="form" data-for="emergency">
            <RadioField name="severity" legend=w.t("notice-severity") choices=severities value=form.severity.clone() inline=true/>
            <RadioField name="certainty" legend=w.t("notice-certainty") choices=certainties value=form.certainty.clone() inline=true/>
            <TextField
                w=w
                name="instruction"
                label=w.t("notice-field-instruction")
                hint=w.t("notice-field-instruction-hint")
                value=form.instruction.clone()
                error=errors.get("instruction").cloned()
                maxlength=u32::try_from(INSTRUCTION_CHARS).unwrap_or(u32::MAX)
                optional=true
            />
        </div>
    }
    .into_any()
}

/// A point in time. Whether it must be there depends on the kind, and is asked when the notice is to go out.
fn moment(name: &'static str, label: String, value: &str, errors: &Errors) -> AnyView {
    let error = errors.get(name).cloned();
    let error_id = format!("{name}-error");
    let wrong = error.is_some();
    view! {
        <div class="field" data-invalid=wrong.then_some("")>
            <label class="label" r#for=name>{label}</label>
            {error.map(|text| view! { <p class="error" id=error_id.clone()>{text}</p> })}
            <input
                class="input"
                id=name
                name=name
                type="datetime-local"
                value=value.to_owned()
                aria-describedby=wrong.then_some(error_id.clone())
                aria-invalid=wrong.then_some("true")
            />
        </div>
    }
    .into_any()
}

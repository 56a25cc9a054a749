//! For whom a visit is, and what is needed: a part of the confirm form.

use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{ForWhomForm, MAX_NAME, MAX_NEED},
};
use leptos::prelude::*;

/// The fields. Those about a relative are folded away; they are asked only when 代办 is ticked.
pub(super) fn for_whom_fields(w: Words, form: ForWhomForm, mistakes: &[(&'static str, &'static str)]) -> AnyView {
    let wrong = |field: &str| mistakes.iter().find(|(name, _)| *name == field).map(|(_, key)| w.t(key));
    let consent = wrong("consent");
    let quick = ["booking-need-wheelchair", "booking-need-sign", "booking-need-home"].map(|key| w.t(key));
    let hint = w.tf("booking-need-hint", &[("examples", quick.join(&w.t("windows-list-and")).into())]);
    let open = form.relative || !form.need.is_empty() || !mistakes.is_empty();
    let options = quick.clone().into_iter().map(|word| view! { <option value=word></option> }).collect_view();
    view! {
        <details class="more" open=open>
            <summary>{w.t("booking-for-whom")}</summary>
            <div class="more-body form">
                <CheckBox name="relative" label=w.t("booking-for-relative") checked=form.relative/>
                <TextField w=w name="for_name" label=w.t("booking-for-name") value=form.name
                    error=wrong("for_name") optional=true maxlength=MAX_NAME as u32 width="w-mid"/>
                <TextField w=w name="for_relation" label=w.t("booking-for-relation") value=form.relation
                    hint=w.t("booking-for-relation-hint")
                    error=wrong("for_relation") optional=true maxlength=MAX_NAME as u32 width="w-mid"/>
                <div class="field" data-invalid=consent.is_some().then_some("")>
                    {consent.clone().map(|text| view! { <p class="error" id="consent-error">{text}</p> })}
                    <CheckBox name="consent" label=w.t("booking-for-consent") checked=form.consent/>
                </div>
                <Field w=w name="need" label=w.t("booking-need") hint=hint error=wrong("need") optional=true>
                    <input class="input" id="need" name="need" value=form.need list="needs" maxlength=MAX_NEED.to_string()
                        aria-describedby="need-hint"/>
                    <datalist id="needs">{options}</datalist>
                </Field>
            </div>
        </details>
    }
    .into_any()
}

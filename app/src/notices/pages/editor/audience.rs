//! Who says it, and for whom.

use super::PlaceGroup;
use crate::{
    i18n::Words,
    notices::{NoticeForm, form::Errors},
    ui::parts::*,
};
use leptos::prelude::*;

pub(super) fn audience(
    w: Words,
    form: &NoticeForm,
    errors: &Errors,
    organisations: Vec<(String, String)>,
    places: Vec<PlaceGroup>,
    reach: Option<String>,
) -> AnyView {
    let aims = form.aims.clone();
    let groups = places
        .into_iter()
        .map(|group| {
            let chosen = group.places.iter().any(|place| aims.contains(&place.code));
            let boxes = group
                .places
                .into_iter()
                .map(|place| {
                    let ticked = aims.contains(&place.code);
                    view! {
                        <label class="choice">
                            <input type="checkbox" name="aims" value=place.code checked=ticked/>
                            <span class="choice-main">
                                <span class="choice-title">{place.name}</span>
                                {place.note.map(|note| view! { <span class="choice-note">{note}</span> })}
                            </span>
                        </label>
                    }
                })
                .collect_view();
            let boxes = view! { <div class="choices inline">{boxes}</div> };
            if group.title.is_empty() {
                boxes.into_any()
            } else {
                view! {
                    <details class="more" open=chosen>
                        <summary>{group.title}</summary>
                        <div class="more-body">{boxes}</div>
                    </details>
                }
                .into_any()
            }
        })
        .collect_view();
    let error = errors.get("aims").cloned();
    let invalid = error.is_some().then_some("");
    let who = if organisations.len() > 1 {
        view! {
            <SelectField
                w=w
                name="organisation"
                label=w.t("notice-field-organisation")
                options=organisations
                value=form.organisation.clone()
                error=errors.get("organisation").cloned()
            />
        }
        .into_any()
    } else {
        let only = organisations.into_iter().next().map(|(code, _)| code).unwrap_or_default();
        view! { <input type="hidden" name="organisation" value=only/> }.into_any()
    };
    view! {
        {who}
        <fieldset class="field" id="aims" tabindex="-1" data-invalid=invalid>
            <legend class="label">{w.t("notice-field-aims")}</legend>
            <p class="hint">{w.t("notice-field-aims-hint")}</p>
            {error.map(|text| view! { <p class="error">{text}</p> })}
            {groups}
            <p class="audience" aria-live="polite">{reach}</p>
        </fieldset>
    }
    .into_any()
}

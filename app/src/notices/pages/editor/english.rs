//! The English half.

use super::facts::{Rows, rows};
use crate::{
    i18n::Words,
    notices::{NoticeForm, form::Errors, limits::FACTS},
    ui::parts::*,
};
use leptos::prelude::*;

pub(super) fn english(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let names = Rows {
        label: "fact_label_en",
        value: "fact_value_en",
        words: ["notice-fact-label-en", "notice-fact-value-en"],
        examples: None,
    };
    let count = form.fact_label.len().max(form.fact_label_en.len()).clamp(3, FACTS);
    let fields = rows(w, count, &form.fact_label_en, &form.fact_value_en, &names);
    let wrong = ["title_en", "body_en", "place_en", "instruction_en"].iter().any(|field| errors.contains_key(field));
    view! {
        <details class="more" open=wrong || !form.title_en.is_empty() || !form.body_en.is_empty()>
            <summary>{w.t("notice-field-english")}</summary>
            <div class="more-body stack">
                <TextField
                    w=w
                    name="title_en"
                    label=w.t("notice-field-title-en")
                    value=form.title_en.clone()
                    error=errors.get("title_en").cloned()
                    optional=true
                />
                <TextArea
                    w=w
                    name="body_en"
                    label=w.t("notice-field-body-en")
                    value=form.body_en.clone()
                    error=errors.get("body_en").cloned()
                    rows=6
                    optional=true
                />
                <div data-for="disclosure">
                    <TextField
                        w=w
                        name="place_en"
                        label=w.t("notice-field-place-en")
                        value=form.place_en.clone()
                        error=errors.get("place_en").cloned()
                        optional=true
                    />
                </div>
                <div data-for="emergency">
                <TextField
                    w=w
                    name="instruction_en"
                    label=w.t("notice-field-instruction-en")
                    value=form.instruction_en.clone()
                    error=errors.get("instruction_en").cloned()
                    optional=true
                />
                </div>
                <fieldset class="field">
                    <legend class="label">{w.t("notice-field-facts-en")}</legend>
                    {fields}
                </fieldset>
            </div>
        </details>
    }
    .into_any()
}

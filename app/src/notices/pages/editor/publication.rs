//! When it goes out, when it leaves the lists, whether it stays on top.

use crate::{
    i18n::Words,
    notices::{NoticeForm, form::Errors},
    ui::parts::*,
};
use leptos::prelude::*;

pub(super) fn publication(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    view! {
        <TextField
            w=w
            name="publish_at"
            label=w.t("notice-field-publish")
            hint=w.t("notice-field-publish-hint")
            kind="datetime-local"
            value=form.publish_at.clone()
            error=errors.get("publish_at").cloned()
            width="w-mid"
            optional=true
        />
        <TextField
            w=w
            name="expires_at"
            label=w.t("notice-field-expires")
            hint=w.t("notice-field-expires-hint")
            kind="datetime-local"
            value=form.expires_at.clone()
            error=errors.get("expires_at").cloned()
            width="w-mid"
            optional=true
        />
        <CheckBox name="pinned" label=w.t("notice-field-pinned") checked=form.pinned == "1"/>
        <CheckBox
            name="questions"
            label=w.t("question-field")
            note=w.t("question-field-note")
            checked=form.questions == "1"
        />
    }
    .into_any()
}

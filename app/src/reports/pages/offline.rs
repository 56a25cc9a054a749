//! Around a handler's pages: what was done without a signal and is not sent yet. The script that keeps and sends it is
//! `frontend/public/tasks.js`; without it nothing of this shows.

use crate::i18n::Words;
use leptos::prelude::*;

/// `page` with the panel of unsent steps above it. `who` is the id of the person who is signed in.
pub fn with_unsent(w: Words, who: &str, page: AnyView) -> AnyView {
    view! {
        <div
            data-tasks
            data-script="/tasks.js"
            data-who=who.to_owned()
            data-unsent=w.tf("desk-unsent", &[("n", "{n}".into())])
            data-waiting=w.t("desk-unsent-waiting")
            data-refused=w.t("desk-unsent-refused")
            data-after=w.t("desk-unsent-after")
            data-drop=w.t("desk-unsent-drop")
            data-full=w.t("desk-unsent-full")
        >
            <div class="note unsent" data-tone="warn" role="status" tabindex="-1" hidden=true>
                <div><p><strong></strong></p><ul></ul></div>
            </div>
            {page}
        </div>
    }
    .into_any()
}

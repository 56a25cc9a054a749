//! What shows when there is no signal.

use super::parts::*;
use crate::i18n::Words;
use leptos::prelude::*;

/// The body of the offline page. It says what was and was not sent, and how to go on.
pub fn offline_page(w: Words) -> AnyView {
    view! {
        {crate::reports::pages::outbox_panel(w, true)}
        <p class="lead">{w.t("offline-text")}</p>
        <p>{w.t("offline-drafts")}</p>
        <Buttons>
            <LinkButton href="/" label=w.t("offline-try-again") weight=Weight::Primary/>
            <LinkButton href="/notices" label=w.t("offline-notices")/>
        </Buttons>
    }
    .into_any()
}

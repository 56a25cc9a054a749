//! What a person sees when a request failed: what happened, what to do, the number to quote.

use super::button::{LinkButton, Weight};
use super::state::Trouble;
use crate::i18n::Words;
use leptos::prelude::*;

/// The body of an error page. `request_id` is what support needs to find the log line.
pub fn error_page(w: Words, text: String, request_id: String) -> AnyView {
    let reference = w.tf("error-request-id", &[("id", request_id.into())]);
    view! {
        <Trouble text=text reference=reference>
            <LinkButton href="/" label=w.t("error-go-home") weight=Weight::Primary/>
        </Trouble>
    }
    .into_any()
}

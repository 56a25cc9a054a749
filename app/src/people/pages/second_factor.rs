//! The second factor of staff: an authenticator app's code.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What is shown once, until the app's first code was typed.
pub struct EnrolProps {
    /// The QR code as a data address.
    pub qr: String,
    /// The secret in groups of four, for typing.
    pub secret: String,
    /// The same as an address, for an authenticator app on this phone.
    pub address: String,
}

/// Asks for the code of the authenticator app; shows its secret first when there is none yet.
pub fn second_factor(w: Words, next: String, enrol: Option<EnrolProps>, error: Option<String>) -> AnyView {
    let errors = error.iter().map(|text| ("code".to_owned(), text.clone())).collect();
    let lead = if enrol.is_some() { w.t("people-factor-enrol-lead") } else { w.t("people-factor-lead") };
    let enrol = enrol.map(|EnrolProps { qr, secret, address }| {
        view! {
            <ol class="prose">
                <li>{w.t("people-factor-step-app")}</li>
                <li>{w.t("people-factor-step-scan")}</li>
                <li>{w.t("people-factor-step-code")}</li>
            </ol>
            <div class="card factor">
                <img class="factor-qr" src=qr alt=w.t("people-factor-qr") width="220" height="220"/>
                <p class="muted small">{w.t("people-factor-secret")}</p>
                <p><code class="code factor-secret">{secret}</code></p>
                <p class="phone-only"><a href=address>{w.t("people-factor-open-app")}</a></p>
            </div>
        }
    });
    view! {
        <p class="lead">{lead}</p>
        <ErrorSummary w=w errors=errors/>
        {enrol}
        <form class="form" method="post" action="/login/second-factor">
            <input type="hidden" name="next" value=next/>
            <CodeField
                w=w
                name="code"
                label=w.t("people-factor-code")
                hint=w.t("people-factor-code-hint")
                error=error
            />
            <Buttons><Button label=w.t("people-factor-confirm") weight=Weight::Primary/></Buttons>
        </form>
        <p class="muted small">{w.t("people-factor-lost")}</p>
    }
    .into_any()
}

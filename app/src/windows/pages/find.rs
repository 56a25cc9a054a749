//! `/appointments/find`: a booking by phone number and code.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What the page shows.
pub struct FindProps {
    /// Words.
    pub w: Words,
    /// What was typed: number and code.
    pub typed: (String, String),
    /// They do not belong together.
    pub not_found: bool,
}

/// The page.
pub fn find_page(props: FindProps) -> AnyView {
    let FindProps { w, typed, not_found } = props;
    view! {
        <p class="lead">{w.t("booking-find-lead")}</p>
        {not_found.then(|| super::parts::trouble(w.t("booking-find-none"), w.t("booking-find-none-text")))}
        <form class="form" method="post" action="/appointments/find">
            <TextField w=w name="phone" label=w.t("booking-find-phone") value=typed.0 kind="tel" inputmode="numeric"
                autocomplete="tel" maxlength=20 width="w-mid"/>
            <TextField w=w name="code" label=w.t("booking-find-code") hint=w.t("windows-check-in-hint") value=typed.1
                autocomplete="off" maxlength=16 width="w-mid"/>
            <Buttons><Button label=w.t("booking-find-do") weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

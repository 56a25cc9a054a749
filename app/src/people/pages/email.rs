//! The address for reminders: giving it, confirming it, stopping it.

use crate::{i18n::Words, people::EMAIL_MAX, ui::parts::*};
use leptos::prelude::*;

/// What `/me/email` shows.
pub struct EmailProps {
    /// Words.
    pub w: Words,
    /// Letters can be sent here at all.
    pub possible: bool,
    /// The address kept, masked, and whether it was confirmed.
    pub kept: Option<(String, bool)>,
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The page.
pub fn email(props: EmailProps) -> AnyView {
    let EmailProps { w, possible, kept, typed, error } = props;
    if !possible {
        return view! { <Empty icon_name="bell" title=w.t("mail-off-title") text=w.t("mail-off-text")/> }.into_any();
    }
    let summary: Vec<_> = error.iter().map(|text| ("address".to_owned(), text.clone())).collect();
    let now = kept.map(|(masked, confirmed)| {
        let state = if confirmed {
            view! { <p><code>{masked}</code>" "<Badge tone=Tone::Ok word=w.t("mail-confirmed")/></p> }.into_any()
        } else {
            view! { <p>{w.tf("mail-pending", &[("address", masked.into())])}</p> }.into_any()
        };
        view! {
            <Section title=w.t("mail-now")>
                {state}
                <Confirm label=w.t("mail-forget") consequence=w.t("mail-forget-consequence")>
                    <form method="post" action="/me/email/forget">
                        <Button label=w.t("mail-forget-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
            </Section>
        }
    });
    view! {
        <p class="lead">{w.t("mail-lead")}</p>
        <ErrorSummary w=w errors=summary/>
        {now}
        <form class="form" method="post" action="/me/email">
            <TextField
                w=w
                name="address"
                label=w.t("mail-address")
                hint=w.t("mail-address-hint")
                value=typed
                error=error
                autocomplete="email"
                maxlength=EMAIL_MAX as u32
            />
            <p class="muted small">{w.t("mail-address-kept")}</p>
            <Buttons><Button label=w.t("mail-save") weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

/// Asks for one tap that confirms an address.
pub fn confirm_email(w: Words, masked: String, action: String) -> AnyView {
    view! {
        <p class="lead">{w.tf("mail-confirm-lead", &[("address", masked.into())])}</p>
        <form method="post" action=action><Button label=w.t("mail-confirm-do") weight=Weight::Primary/></form>
    }
    .into_any()
}

/// A link of a letter that does not fit what is kept.
pub fn old_link(w: Words) -> AnyView {
    view! { <Empty icon_name="bell" title=w.t("mail-link-old") text=w.t("mail-link-old-text")/> }.into_any()
}

/// Asks for one tap that stops all letters; `None`: it was just done.
pub fn stop_mail(w: Words, action: Option<String>) -> AnyView {
    match action {
        Some(action) => view! {
            <p class="lead">{w.t("mail-stop-lead")}</p>
            <form method="post" action=action><Button label=w.t("mail-stop-do") weight=Weight::Primary/></form>
        }
        .into_any(),
        None => view! { <Empty icon_name="check" title=w.t("mail-stopped") text=w.t("mail-stopped-text")/> }.into_any(),
    }
}

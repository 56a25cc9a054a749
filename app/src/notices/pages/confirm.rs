//! "I have seen it", under an emergency.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What stands under an emergency that is going on.
#[derive(Clone, Debug)]
pub struct ConfirmPart {
    /// Address of the notice.
    pub notice: String,
    /// Whether the reader has confirmed; `None` when nobody is signed in.
    pub done: Option<bool>,
}

/// The button, or thanks.
pub fn confirm_part(w: Words, part: ConfirmPart) -> AnyView {
    let inside = match part.done {
        Some(true) => view! { <p><Badge tone=Tone::Ok word=w.t("confirm-done")/></p> }.into_any(),
        Some(false) => view! {
            <form method="post" action=format!("{}/confirm", part.notice)>
                <p class="hint">{w.t("confirm-text")}</p>
                <Buttons><Button label=w.t("confirm-do") weight=Weight::Primary icon_name="check"/></Buttons>
            </form>
        }
        .into_any(),
        None => {
            let door = format!("/login?next={}", part.notice);
            view! {
                <p class="hint">{w.t("confirm-text")}</p>
                <Buttons><LinkButton href=door label=w.t("confirm-sign-in")/></Buttons>
            }
            .into_any()
        }
    };
    view! {
        <section class="card sign-up" id="confirm" aria-labelledby="confirm-title">
            <h2 class="card-title" id="confirm-title">{w.t("confirm-title")}</h2>
            {inside}
        </section>
    }
    .into_any()
}

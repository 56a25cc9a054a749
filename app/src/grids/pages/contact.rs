//! `/staff/grids/{code}/contacts/{building}`: the key contact of a building.

use super::{Errors, summary};
use crate::{
    grids::{MOST_FLAT, MOST_NAME},
    i18n::Words,
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// What the page shows.
pub struct ContactPage {
    /// Words.
    pub w: Words,
    /// Where its forms are sent.
    pub here: String,
    /// Who is named: name, flat, number as shown, since when.
    pub current: Option<(String, String, String, String)>,
    /// The whole number, when it was asked for.
    pub number: Option<String>,
    /// What was typed: name, flat, number, since when.
    pub typed: [String; 4],
    /// What is wrong.
    pub errors: Errors,
    /// The reader may name somebody.
    pub manages: bool,
}

/// The page.
pub fn contact_page(page: ContactPage) -> AnyView {
    let ContactPage { w, here, current, number, typed, errors, manages } = page;
    let [name, flat, phone, since] = typed;
    let error = |field: &str| errors.get(field).cloned();
    let named = current.is_some();
    let number_at = format!("{here}/phone");
    let asked = number.is_some();
    let current = current.map(|(name, flat, masked, since)| {
        let number = match number {
            Some(number) => {
                let call = format!("tel:{number}");
                view! { <a class="num" href=call>{number}</a> }.into_any()
            }
            None => view! { <span class="num">{masked}</span> }.into_any(),
        };
        let facts = vec![
            Fact::new(w.t("grids-contact"), name),
            Fact::new(w.t("grids-flat"), flat),
            Fact::new(w.t("grids-phone"), number),
            Fact::new(w.t("grids-since"), since),
        ];
        view! {
            <Summary facts=facts/>
            {(!asked).then(|| view! {
                <form method="post" action=number_at><Button label=w.t("grids-contact-number")/></form>
            })}
        }
    });
    let end_at = here.clone();
    let label = if named { "grids-contact-replace" } else { "grids-contact-add" };
    let most = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let form = view! {
        <form class="form" method="post" action=here>
            <TextField w=w name="name" label=w.t("grids-contact-who") value=name error=error("name") maxlength=most(MOST_NAME) autocomplete="off"/>
            <TextField w=w name="flat" label=w.t("grids-flat") hint=w.t("grids-flat-hint") value=flat error=error("flat") maxlength=most(MOST_FLAT) width="w-mid" autocomplete="off"/>
            <TextField w=w name="phone" label=w.t("grids-phone") hint=w.t("grids-phone-hint") kind="tel" inputmode="tel" value=phone error=error("phone") width="w-mid" autocomplete="off"/>
            <TextField w=w name="since" label=w.t("grids-since") kind="date" value=since error=error("since") width="w-mid"/>
            <CheckField
                name="consent"
                legend=w.t("grids-consent")
                choices=vec![Choice::new("1", w.t("grids-consent-text"))]
                checked=Vec::new()
                error=error("consent")
            />
            <Buttons>
                <Button label=w.t("grids-contact-save") weight=Weight::Primary sends=("act", "save".to_owned())/>
            </Buttons>
        </form>
    }
    .into_any();
    view! {
        <p class="lead">{w.t("grids-contact-lead")}</p>
        <ErrorSummary w=w errors=summary(&errors)/>
        {current}
        {manages.then(|| view! { <Section title=w.t(label)>{form}</Section> })}
        {(manages && named).then(|| view! {
            <Confirm label=w.t("grids-contact-end") consequence=w.t("grids-contact-end-text")>
                <form method="post" action=end_at>
                    <Button label=w.t("grids-contact-end-do") weight=Weight::Danger sends=("act", "end".to_owned())/>
                </form>
            </Confirm>
        })}
    }
    .into_any()
}

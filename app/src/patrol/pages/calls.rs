//! The hotline desk: earlier calls of a number.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// An earlier call.
pub struct CallRow {
    /// Code of its report.
    pub code: String,
    /// Its kind.
    pub title: String,
    /// Place and day, in words.
    pub note: String,
    /// Its state, in words.
    pub state: String,
    /// It is not over.
    pub open: bool,
}

/// What the desk shows.
pub struct CallsPage {
    /// Words.
    pub w: Words,
    /// The number as it was typed.
    pub number: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Earlier calls of the number, newest first; `None`: nobody has asked yet.
    pub rows: Option<Vec<CallRow>>,
}

/// Earlier calls as rows that lead to their reports.
pub fn call_rows(w: Words, rows: Vec<CallRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let tone = if row.open { Tone::Warn } else { Tone::Ok };
            view! {
                <Item w=w href=format!("/staff/reports/{}", row.code) title=row.title note=row.note icon_name="phone">
                    <Badge tone=tone word=row.state/>
                </Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

/// The desk.
pub fn desk(page: CallsPage) -> AnyView {
    let CallsPage { w, number, error, rows } = page;
    // The screen's main action: with the number, once there is one.
    let weight = if rows.is_some() { Weight::Plain } else { Weight::Primary };
    let given = number.clone();
    let found = rows.map(|rows| {
        let count = rows.len();
        view! {
            <section class="stack" id="found" aria-live="polite">
                <h2>{w.tf("patrol-calls-found", &[("count", count.into())])}</h2>
                // By POST: the number stands in no address.
                <form method="post" action="/staff/reports/new">
                    <input r#type="hidden" name="start" value="1"/>
                    <input r#type="hidden" name="contact" value=given/>
                    <Button label=w.t("patrol-calls-enter") weight=Weight::Primary icon_name="phone"/>
                </form>
                {if count == 0 {
                    view! { <p class="muted">{w.t("patrol-calls-none")}</p> }.into_any()
                } else {
                    call_rows(w, rows)
                }}
            </section>
        }
    });
    view! {
        <p class="lead">{w.t("patrol-calls-lead")}</p>
        <p><LinkButton href="/staff/reports/new" label=w.t("patrol-calls-new") weight=weight/></p>
        <form class="stack" method="post" action="/staff/calls">
            <TextField
                w=w
                name="number"
                label=w.t("patrol-calls-number")
                hint=w.t("patrol-calls-hint")
                value=number
                error=error
                kind="tel"
                inputmode="tel"
                autocomplete="off"
            />
            <Button label=w.t("patrol-calls-look")/>
        </form>
        {found}
        <p><a href="/staff/handbook">{w.t("patrol-calls-handbook")}</a></p>
    }
    .into_any()
}

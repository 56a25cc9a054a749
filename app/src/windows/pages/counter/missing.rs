//! `/staff/tickets/{id}/missing`: what is missing, to print.

use crate::{i18n::Words, time, ui::parts::*};
use leptos::prelude::*;

/// What is missing, for the person to take along.
pub struct MissingProps {
    /// Words.
    pub w: Words,
    /// The hall's name and telephone.
    pub hall: (String, String),
    /// Number.
    pub label: String,
    /// For each item its title and what is missing: name and note.
    pub items: Vec<(String, Vec<(String, String)>)>,
    /// When it was looked at.
    pub at: jiff::Timestamp,
}

/// `/staff/tickets/{id}/missing`: to print.
pub fn missing_page(props: MissingProps) -> AnyView {
    let MissingProps { w, hall: (hall, phone), label, items, at } = props;
    let blocks = items
        .into_iter()
        .map(|(title, materials)| {
            let rows = materials
                .into_iter()
                .map(|(name, note)| {
                    view! {
                        <li class="item">
                            <span class="item-main">
                                <span class="item-title">"☐ "{name}</span>
                                {(!note.is_empty()).then(|| view! { <span class="item-note">{note}</span> })}
                            </span>
                        </li>
                    }
                })
                .collect_view();
            view! { <Section title=title><ul class="list">{rows}</ul></Section> }
        })
        .collect_view();
    let when = time::date_time(w.lang, at, at);
    view! {
        <p class="lead">{w.t("queue-missing-lead")}</p>
        <p class="meta"><span class="num">{label}</span><span>{hall}</span><span>{phone}</span><span>{when}</span></p>
        {blocks}
        <p class="muted small">{w.t("queue-missing-foot")}</p>
        <div class="buttons"><button class="button primary" data-do="print" hidden>{w.t("queue-print")}</button></div>
    }
    .into_any()
}

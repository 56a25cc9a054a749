//! `/me/appointments`.

use super::{AppointmentView, parts::state_badge};
use crate::{i18n::Words, time, ui::parts::*};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
pub struct MineProps {
    /// Words.
    pub w: Words,
    /// Now.
    pub now: Timestamp,
    /// Those that stand, the next one first.
    pub upcoming: Vec<AppointmentView>,
    /// The others, the latest first.
    pub past: Vec<AppointmentView>,
}

/// The page.
pub fn mine_page(props: MineProps) -> AnyView {
    let MineProps { w, now, upcoming, past } = props;
    let first = if upcoming.is_empty() {
        view! {
            <Empty icon_name="calendar" title=w.t("windows-none-upcoming") text=w.t("windows-none-upcoming-text")>
                <a class="button primary" href="/services">{w.t("windows-go-book")}</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Section title=w.t("windows-upcoming")>{rows(w, now, upcoming)}</Section> }.into_any()
    };
    let earlier =
        (!past.is_empty()).then(|| view! { <Section title=w.t("windows-past")>{rows(w, now, past)}</Section> });
    view! { {first}{earlier} }.into_any()
}

fn rows(w: Words, now: Timestamp, list: Vec<AppointmentView>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|view| {
            let when = time::date_time(w.lang, view.starts_at, now);
            let note = format!("{when} · {}", view.hall);
            let href = format!("/appointments/{}", view.code);
            let badge = state_badge(w, view.state);
            view! { <Item w=w href=href title=view.title note=note icon_name="ticket">{badge}</Item> }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

//! `/me/appointments`.

use super::{AppointmentView, parts::state_badge};
use crate::{i18n::Words, time, ui::parts::*};
use jiff::Timestamp;
use leptos::prelude::*;

/// A row that leads on: the waiting list, a block.
pub struct MineRow {
    /// Where it leads.
    pub href: String,
    /// What it is.
    pub title: String,
    /// More.
    pub note: String,
    /// It wants an answer.
    pub urgent: Option<String>,
}

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
    /// Days for which the person waits.
    pub waiting: Vec<MineRow>,
    /// Blocks of booking online.
    pub blocks: Vec<MineRow>,
}

/// The page.
pub fn mine_page(props: MineProps) -> AnyView {
    let MineProps { w, now, upcoming, past, waiting, blocks } = props;
    let blocks = (!blocks.is_empty()).then(|| other_rows(w, "warning", blocks));
    let waiting = (!waiting.is_empty())
        .then(|| view! { <Section title=w.t("booking-waiting")>{other_rows(w, "clock", waiting)}</Section> });
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
    view! {
        {blocks}
        {waiting}
        {first}
        {earlier}
        <p><a class="more-link" href="/appointments/find">{w.t("booking-find")}</a></p>
    }
    .into_any()
}

fn other_rows(w: Words, icon_name: &'static str, list: Vec<MineRow>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|row| {
            let MineRow { href, title, note, urgent } = row;
            let badge = urgent.map(|word| view! { <Badge tone=Tone::Warn word=word/> });
            view! { <Item w=w href=href title=title note=note icon_name=icon_name>{badge}</Item> }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
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

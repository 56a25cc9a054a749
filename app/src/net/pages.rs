//! Pages of this room: an organisation's home on the net, and the reports behind what is unusual.

mod behind;
mod plan;

pub use behind::{BehindPage, BehindRow, behind_page};
pub use plan::{Part, Plan};

use super::figure::{Figure, Measured};
use crate::{
    i18n::Words,
    reports::statistics::{Measure, percent},
    ui::parts::*,
};
use leptos::prelude::*;

/// A number with the list behind it.
pub struct Card {
    /// What it counts.
    pub name: String,
    /// The number.
    pub value: String,
    /// What it means, in small type; may be empty.
    pub note: String,
    /// Where the list is.
    pub href: String,
}

/// Something unusual.
pub struct UnusualRow {
    /// The grid or category.
    pub name: String,
    /// Which of the two it is.
    pub kind: String,
    /// This week and the weeks before, in a sentence.
    pub note: String,
    /// The reports behind it.
    pub href: String,
}

/// What `/staff/net/{code}` shows.
pub struct NetPage {
    /// Words.
    pub w: Words,
    /// The organisations above that the reader may see, from the top: address and name.
    pub up: Vec<(String, String)>,
    /// The reader's own organisations, where there are several.
    pub own: Vec<Way>,
    /// Now: counts with their lists.
    pub now: Vec<Card>,
    /// What waits for the reader's decision.
    pub waiting: Vec<Card>,
    /// The month up to now.
    pub month: Vec<Card>,
    /// What is unusual.
    pub unusual: Vec<UnusualRow>,
    /// There are too few weeks to say what is usual.
    pub young: bool,
    /// What the map may be coloured by.
    pub ways: Vec<Way>,
    /// What it is coloured by.
    pub figure: Figure,
    /// The map and its table.
    pub plan: Plan,
    /// The rooms of the net: address and title.
    pub rooms: Vec<(&'static str, String)>,
}

fn cards(cards: Vec<Card>) -> AnyView {
    let cards = cards
        .into_iter()
        .map(|card| {
            view! {
                <a class="figure" href=card.href>
                    <span class="figure-name">{card.name}</span>
                    <span class="figure-value num">{card.value}</span>
                    <span class="figure-note num">{card.note}</span>
                </a>
            }
        })
        .collect_view();
    view! { <div class="figures">{cards}</div> }.into_any()
}

/// The cards of a month: filed, the two rates, what is overdue.
pub fn month_cards(w: Words, of: &Measured, address: impl Fn(Measure) -> String) -> Vec<Card> {
    let n = |measure: Measure| of.month.count(measure);
    let rate = |rate: Option<f64>| rate.map_or_else(|| "—".to_owned(), percent);
    let card = |key: &str, value: String, note: String, measure: Measure| Card {
        name: w.t(key),
        value,
        note,
        href: address(measure),
    };
    let running = n(Measure::Due) - n(Measure::Suspended);
    vec![
        card("net-month-filed", n(Measure::Filed).to_string(), String::new(), Measure::Filed),
        card(
            "desk-stat-closing-rate",
            rate(of.month.closing_rate()),
            format!("{} ÷ {}", n(Measure::Closed), n(Measure::Due)),
            Measure::Closed,
        ),
        card(
            "desk-stat-on-time-rate",
            rate(of.month.on_time_rate()),
            format!("{} ÷ {running}", n(Measure::OnTime)),
            Measure::OnTime,
        ),
        card("desk-stat-overdue", n(Measure::Overdue).to_string(), String::new(), Measure::Overdue),
    ]
}

fn unusual(w: Words, rows: Vec<UnusualRow>, young: bool) -> AnyView {
    if rows.is_empty() {
        let word = if young { "net-unusual-young" } else { "net-unusual-none" };
        return view! { <p class="muted">{w.t(word)}</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <Item w=w href=row.href title=row.name note=row.note icon_name="warning"><Tag word=row.kind/></Item>
            }
        })
        .collect_view();
    view! { <List>{rows}</List> }.into_any()
}

/// The page.
pub fn net_page(page: NetPage) -> AnyView {
    let NetPage { w, up, own, now, waiting, month, unusual: odd, young, ways, figure, plan, rooms } = page;
    let up = (!up.is_empty()).then(|| {
        let links = up.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> }).collect_view();
        view! { <nav class="net-up" aria-label=w.t("net-up")><ol>{links}</ol></nav> }
    });
    let own = (own.len() > 1).then(|| view! { <Chips label=w.t("net-own") ways=own/> });
    let waits = (!waiting.is_empty()).then(|| view! { <Section title=w.t("net-waiting")>{cards(waiting)}</Section> });
    let rooms = rooms
        .into_iter()
        .map(|(href, title)| view! { <Item w=w href=href title=title icon_name="forward"/> })
        .collect_view();
    let rules =
        ["net-rule-now", "net-rule-unusual", "desk-stat-rule-due", "desk-stat-rule-closed", "desk-stat-rule-on-time"]
            .map(|key| view! { <p>{w.t(key)}</p> })
            .into_iter()
            .collect_view();
    view! {
        {up}
        {own}
        {cards(now)}
        {waits}
        <div id="unusual"><Section title=w.t("net-unusual")>{unusual(w, odd, young)}</Section></div>
        <Section title=w.t("net-month")>{cards(month)}</Section>
        <div id="plan">
            <Section title=w.t("net-plan")>
                <Chips label=w.t("net-plan-by") ways=ways/>
                {plan::view(w, figure, plan)}
            </Section>
        </div>
        <div class="screen-only"><Section title=w.t("net-rooms")><List>{rooms}</List></Section></div>
        <details class="more"><summary>{w.t("desk-stat-rules")}</summary><div class="more-body stack">{rules}</div></details>
    }
    .into_any()
}

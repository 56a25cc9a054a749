//! `/me/waiting/{id}`: waiting for a place on a full day, and the offer when there is one.

use super::{HallWords, parts::when_words};
use crate::{i18n::Words, time, ui::parts::*};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// What the page shows.
pub struct WaitingProps {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// What it is for.
    pub titles: String,
    /// The hall.
    pub hall: HallWords,
    /// The day.
    pub day: Option<Date>,
    /// `waiting`, `offered`, `booked`, `declined`, `expired` or `left`.
    pub state: String,
    /// The offered time: begin, end, and until when it stands.
    pub offer: Option<(Timestamp, Timestamp, Timestamp)>,
    /// Why accepting did not work.
    pub trouble: Option<String>,
}

/// The page.
pub fn waiting_page(props: WaitingProps) -> AnyView {
    let WaitingProps { w, id, titles, hall, day, state, offer, trouble } = props;
    let day = day.map(|day| time::date(w.lang, day)).unwrap_or_default();
    let open = matches!(state.as_str(), "waiting" | "offered");
    let word = match (state.as_str(), offer.is_some()) {
        ("waiting", _) => w.t("booking-wait-state-waiting"),
        ("offered", true) => w.t("booking-wait-state-offered"),
        ("booked", _) => w.t("booking-wait-state-booked"),
        ("declined" | "left", _) => w.t("booking-wait-state-left"),
        _ => w.t("booking-wait-state-expired"),
    };
    let mut facts = vec![
        Fact::new(w.t("windows-fact-item"), titles),
        Fact::new(w.t("booking-wait-day"), day),
        Fact::new(w.t("windows-fact-where"), hall.name),
    ];
    if let Some((from, to, _)) = offer {
        let when = when_words(w, from, to);
        facts.insert(0, Fact::new(w.t("windows-fact-when"), view! { <strong class="num">{when}</strong> }));
    }
    let leave = format!("/me/waiting/{id}/leave");
    let actions = match offer {
        Some((_, _, until)) => {
            let until = w.tf("booking-wait-until", &[("time", time::time_of_day(until).into())]);
            view! {
                <p class="hold">{until}</p>
                <div class="buttons">
                    <form method="post" action=format!("/me/waiting/{id}/accept")>
                        <Button label=w.t("booking-wait-accept") weight=Weight::Primary icon_name="check"/>
                    </form>
                    <form method="post" action=leave><Button label=w.t("booking-wait-decline")/></form>
                </div>
            }
            .into_any()
        }
        None if open => view! {
            <p class="muted">{w.t("booking-wait-how")}</p>
            <form method="post" action=leave><Buttons><Button label=w.t("booking-wait-leave")/></Buttons></form>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        {trouble.map(|text| super::parts::trouble(w.t("windows-trouble"), text))}
        <p class="lead">{word}</p>
        <Summary facts=facts/>
        {actions}
    }
    .into_any()
}

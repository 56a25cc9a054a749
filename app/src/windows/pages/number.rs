//! A number in the hand of its person: the live ticket.

use super::HallWords;
use crate::{i18n::Words, ui::parts::*, windows::queue::TicketState};
use leptos::prelude::*;

/// A ticket as its person sees it.
#[derive(Clone, Debug)]
pub struct LiveTicketView {
    /// Id.
    pub id: String,
    /// Number: A012.
    pub label: String,
    /// Title of the item.
    pub title: String,
    /// Where it stands.
    pub state: TicketState,
    /// The window that called it.
    pub window: Option<i64>,
    /// People before it, while it waits.
    pub ahead: i64,
    /// The wait in minutes; `None` when nobody serves.
    pub wait: Option<(i64, i64)>,
    /// Booked time, for those who came too early.
    pub early: Option<String>,
    /// Until when its person has to check in, for a number from afar.
    pub lapses: Option<String>,
    /// Changes with every call: makes the phone ring.
    pub call: String,
    /// Address of the live feed.
    pub live: String,
}

/// Number and what happens with it.
pub fn live_ticket(w: Words, view: &LiveTicketView) -> AnyView {
    let state = match view.state {
        TicketState::Called | TicketState::Serving => "called",
        TicketState::Done => "done",
        TicketState::NoShow | TicketState::Left => "missed",
        _ => "waiting",
    };
    let window = view.window.unwrap_or_default();
    let line = match view.state {
        TicketState::Issued if view.lapses.is_some() => {
            w.tf("queue-line-issued-until", &[("time", view.lapses.clone().unwrap_or_default().into())])
        }
        TicketState::Issued => w.t("queue-line-issued"),
        TicketState::Waiting if view.ahead == 0 => w.t("queue-line-next"),
        TicketState::Waiting => w.tf("queue-line-ahead", &[("count", view.ahead.into())]),
        TicketState::Called => w.tf("queue-line-called", &[("window", window.into())]),
        TicketState::Serving => w.tf("queue-line-serving", &[("window", window.into())]),
        TicketState::Parked => w.t("queue-line-parked"),
        TicketState::Passed => w.t("queue-line-passed"),
        TicketState::Done => w.t("queue-line-done"),
        TicketState::NoShow => w.t("queue-line-no-show"),
        TicketState::Left => w.t("queue-line-left"),
    };
    let waits = view.state == TicketState::Waiting;
    let wait = waits.then(|| match view.wait {
        Some((low, high)) => w.tf("queue-wait-range", &[("low", low.into()), ("high", high.into())]),
        None => w.t("queue-wait-unknown"),
    });
    let early = view.early.clone().filter(|_| waits).map(|time| w.tf("queue-line-early", &[("time", time.into())]));
    let call = (view.state == TicketState::Called).then(|| view.call.clone());
    let tone = match view.state {
        TicketState::Called => Tone::Warn,
        TicketState::Serving => Tone::Busy,
        TicketState::Done => Tone::Ok,
        _ => Tone::Info,
    };
    view! {
        <article class="ticket" data-state=state data-call=call>
            <div class="ticket-head">
                <p class="ticket-what">{view.title.clone()}</p>
                <Badge tone=tone word=w.t(view.state.key())/>
            </div>
            <p class="ticket-code">{view.label.clone()}</p>
            <div role="status">
                <p class="ticket-live">{line}</p>
                {wait.map(|text| view! { <p class="nowrap">{text}</p> })}
                {early.map(|text| view! { <p class="muted">{text}</p> })}
            </div>
        </article>
    }
    .into_any()
}

/// Lets the phone ring when its number is called, and keeps its screen on. A browser plays sound only after a tap.
pub fn sound_switch(w: Words) -> AnyView {
    view! {
        <p data-while-open>
            <button class="button" type="button" data-sound hidden aria-pressed="false">
                {icon("bell")}{w.t("queue-sound")}
            </button>
        </p>
    }
    .into_any()
}

/// What a ticket's own page shows.
pub struct NumberProps {
    /// Words.
    pub w: Words,
    /// The ticket.
    pub view: LiveTicketView,
    /// Its hall.
    pub hall: HallWords,
    /// Token of the link, for forms.
    pub token: String,
    /// Rating form or what was rated.
    pub rating: Option<AnyView>,
}

/// `/tickets/{id}`.
pub fn number_page(props: NumberProps) -> AnyView {
    let NumberProps { w, view, hall, token, rating } = props;
    let open = view.state.is_open();
    let action = format!("/tickets/{}/leave", view.id);
    let remote = (view.state == TicketState::Issued).then(|| view! { <Note><p>{w.t("queue-remote-come")}</p></Note> });
    view! {
        <div data-live=view.live.clone() data-off=w.t("queue-offline")>
            <p class="lead">{hall.name.clone()}</p>
            {live_ticket(w, &view)}
            {remote}
            {rating}
        </div>
        {open.then(|| view! {
            {sound_switch(w)}
        })}
        {super::parts::hall_place(w, &hall)}
        {open.then(|| view! {
            <div data-while-open><Confirm label=w.t("queue-give-up") consequence=w.t("queue-give-up-consequence")>
                <form class="form" method="post" action=action>
                    <input type="hidden" name="t" value=token/>
                    <div><Button label=w.t("queue-give-up-do") weight=Weight::Danger/></div>
                </form>
            </Confirm></div>
        })}
    }
    .into_any()
}

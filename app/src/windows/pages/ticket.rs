//! `/appointments/{code}`: the ticket.

use super::{
    AppointmentView, HallWords,
    parts::{hall_place, material_note, state_badge, when_words},
};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{Answers, AppointmentState, MAX_CANCEL_REASON, ServiceItem, code_for_reading, queue::Outcome},
};
use leptos::prelude::*;

/// A QR code: how many modules a side has, and an SVG path in which each dark module is a square of 1.
#[derive(Clone, Debug)]
pub struct Qr {
    /// Modules on a side.
    pub side: usize,
    /// The dark ones.
    pub path: String,
}

/// An item of the visit.
pub struct TicketItem {
    /// The item.
    pub item: ServiceItem,
    /// Answers given when booking.
    pub answers: Answers,
    /// Codes of the materials that are ready.
    pub ticked: Vec<String>,
}

/// What the page shows.
pub struct TicketProps {
    /// Words.
    pub w: Words,
    /// The appointment.
    pub appointment: AppointmentView,
    /// Its items; at least one.
    pub items: Vec<TicketItem>,
    /// Its hall.
    pub hall: HallWords,
    /// The ticket's link as a QR code.
    pub qr: Option<Qr>,
    /// Address of the calendar file.
    pub calendar: String,
    /// The reader may cancel and change now.
    pub may_cancel: bool,
    /// An item of it is no longer offered: it stands as it is, without another time.
    pub retired: bool,
    /// Token of the link that the reader came by; goes along with what they do.
    pub token: Option<String>,
    /// A booking can be cancelled online until so many minutes before.
    pub cancel_minutes: i64,
    /// The last cancellation was refused: why, and the reason that was typed.
    pub refused: Option<(String, String)>,
    /// The reader came by the link and is not the owner.
    pub by_link: bool,
    /// The reader is staff and sees whose it is.
    pub staff: bool,
    /// On the day: the number, and who is before it.
    pub live: Option<super::LiveTicketView>,
    /// After service: the form for a rating, or what was rated.
    pub rating: Option<AnyView>,
    /// How the visit ended.
    pub outcome: Option<Outcome>,
    /// The clerk's note, for staff; may be empty.
    pub clerk_note: String,
}

/// The page.
pub fn ticket_page(mut props: TicketProps) -> AnyView {
    let rating = props.rating.take();
    let w = props.w;
    let state = props.appointment.state;
    let standing = matches!(state, AppointmentState::Booked | AppointmentState::CheckedIn);
    let address = format!("/appointments/{}", props.appointment.code);
    let refused = props.refused.clone();
    let until = (state == AppointmentState::Booked && !props.staff).then(|| {
        let args = [("hours", hours(props.cancel_minutes).into()), ("phone", props.hall.phone.clone().into())];
        view! { <p class="muted small">{w.tf("windows-cancel-until", &args)}</p> }
    });
    let cancel = props.may_cancel.then(|| {
        let typed = refused.clone().map(|(_, typed)| typed).unwrap_or_default();
        cancel_form(w, &address, props.token.clone(), typed)
    });
    let change = (props.may_cancel && !props.retired).then(|| {
        let token = props.token.as_ref().map(|token| format!("?t={token}")).unwrap_or_default();
        let href = format!("{address}/change{token}");
        view! { <LinkButton href=href label=w.t("booking-change") icon_name="edit"/> }
    });
    let Some(first) = props.items.first().map(|one| one.item.code.clone()) else { return ().into_any() };
    let over = matches!(state, AppointmentState::Cancelled | AppointmentState::NoShow);
    let again = (over && !props.staff && !props.retired).then(|| {
        let href = format!("/services/{first}/times?hall={}", props.hall.code);
        view! { <Buttons><LinkButton href=href label=w.t("windows-book-again") weight=Weight::Primary/></Buttons> }
    });
    let guide = (!props.retired).then(|| {
        let href = format!("/services/{first}?hall={}", props.hall.code);
        view! { <LinkButton href=href label=w.t("windows-to-guide") icon_name="info"/> }
    });
    let retired = (props.retired && standing).then(|| {
        let phone = props.hall.phone.clone();
        view! { <Note><p>{w.tf("windows-ticket-retired", &[("phone", phone.into())])}</p></Note> }
    });
    let materials = props.items.iter().map(|one| materials(w, one, props.items.len() > 1)).collect_view();
    view! {
        {refused.map(|(text, _)| view! {
            <div class="error-summary" id="errors" role="alert" tabindex="-1">
                <h2>{w.t("windows-not-cancelled")}</h2>
                <p>{text}</p>
            </div>
        })}
        {props.live.as_ref().map(|live| view! {
            <div data-live=live.live.clone() data-off=w.t("queue-offline")>{super::live_ticket(w, live)}{rating}</div>
            {(live.state.is_open() && !props.staff).then(|| super::sound_switch(w))}
        })}
        {ticket(&props, standing)}
        {retired}
        {standing.then(|| view! {
            <Buttons>
                <LinkButton href=props.calendar label=w.t("windows-calendar") icon_name="calendar"/>
                {change}
                {guide}
            </Buttons>
            <Section title=w.t("windows-bring")>{materials}</Section>
        })}
        {until}
        {cancel}
        {again}
    }
    .into_any()
}

/// Asks once, with quick reasons and words of one's own.
fn cancel_form(w: Words, address: &str, token: Option<String>, typed: String) -> AnyView {
    let quick = ["booking-reason-busy", "booking-reason-papers", "booking-reason-done", "booking-reason-ill"];
    let options = quick.map(|key| w.t(key)).into_iter().map(|word| view! { <option value=word></option> });
    let options = options.collect_view();
    let action = format!("{address}/cancel");
    view! {
        <Confirm label=w.t("windows-cancel") consequence=w.t("windows-cancel-consequence")>
            <form class="form" method="post" action=action>
                {token.map(|token| view! { <input type="hidden" name="t" value=token/> })}
                <Field w=w name="reason" label=w.t("windows-cancel-reason") hint=w.t("booking-reason-hint") optional=true>
                    <input class="input" id="reason" name="reason" value=typed list="reasons" aria-describedby="reason-hint"
                        maxlength=MAX_CANCEL_REASON.to_string()/>
                    <datalist id="reasons">{options}</datalist>
                </Field>
                <div><Button label=w.t("windows-cancel-do") weight=Weight::Danger/></div>
            </form>
        </Confirm>
    }
    .into_any()
}

fn ticket(props: &TicketProps, standing: bool) -> AnyView {
    let TicketProps { w, appointment, hall, .. } = props;
    let w = *w;
    let data_state = match appointment.state {
        AppointmentState::Booked => "booked",
        AppointmentState::CheckedIn => "waiting",
        AppointmentState::Cancelled => "cancelled",
        AppointmentState::Done => "done",
        AppointmentState::NoShow => "missed",
    };
    let live = match appointment.state {
        AppointmentState::Booked => w.t("windows-ticket-booked"),
        AppointmentState::CheckedIn => w.tf("windows-ticket-checked-in", &[("window", appointment.window.into())]),
        AppointmentState::Cancelled => w.t("windows-ticket-cancelled"),
        AppointmentState::Done => w.t("windows-ticket-done"),
        AppointmentState::NoShow => w.t("windows-ticket-no-show"),
    };
    let when = when_words(w, appointment.starts_at, appointment.ends_at);
    let window = w.tf("windows-window", &[("number", appointment.window.into())]);
    let place = hall_place(w, hall);
    let mut facts = vec![
        Fact::new(w.t("windows-fact-when"), view! { <strong class="num">{when}</strong> }),
        Fact::new(w.t("windows-fact-where"), view! { {place}<p>{window}</p> }),
        Fact::new(w.t("windows-fact-item"), appointment.official.clone()),
    ];
    if !appointment.for_whom.is_empty() && !props.by_link {
        facts.push(Fact::new(w.t("booking-for-name-short"), appointment.for_whom.clone()));
    }
    if !appointment.need.is_empty() && !props.by_link {
        facts.push(Fact::new(w.t("booking-need"), appointment.need.clone()));
    }
    if !appointment.cancel_reason.is_empty() && !props.by_link {
        facts.push(Fact::new(w.t("windows-fact-cancel-reason"), appointment.cancel_reason.clone()));
    }
    if let Some(outcome) = props.outcome.filter(|_| !props.by_link) {
        facts.push(Fact::new(w.t("windows-fact-outcome"), w.t(outcome.key())));
    }
    if props.staff && !props.clerk_note.is_empty() {
        facts.push(Fact::new(w.t("windows-fact-clerk-note"), props.clerk_note.clone()));
    }
    if props.staff {
        let who = format!("{} {}", appointment.person, appointment.phone);
        facts.push(Fact::new(w.t("windows-fact-who"), who));
    }
    let qr = props.qr.clone().filter(|_| standing).map(|Qr { side, path }| {
        // Four modules of white around it, as readers expect.
        let whole = side + 8;
        view! {
            <div class="ticket-qr">
                <svg viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=w.t("windows-qr")>
                    <path d=path fill="#000" shape-rendering="crispEdges"></path>
                </svg>
            </div>
        }
    });
    view! {
        <article class="ticket" data-state=data_state>
            <div class="ticket-head">
                <p class="ticket-what">{appointment.title.clone()}</p>
                {state_badge(w, appointment.state)}
            </div>
            <p class="ticket-code">{code_for_reading(&appointment.code)}</p>
            <p class="ticket-live">{live}</p>
            {qr}
            <Summary facts=facts/>
        </article>
    }
    .into_any()
}

/// What to bring, with what is ready.
fn materials(w: Words, one: &TicketItem, named: bool) -> AnyView {
    let TicketItem { item, answers, ticked } = one;
    let title = named.then(|| view! { <h3>{w.pick(&item.title, &item.title_en).to_owned()}</h3> });
    let rows = item
        .materials_for(answers)
        .into_iter()
        .map(|(material, need)| {
            let (tone, word) = if ticked.contains(&material.code) {
                (Tone::Ok, w.t("windows-material-ready"))
            } else {
                (Tone::Neutral, w.t("windows-material-not-ready"))
            };
            let name = w.pick(&material.name, &material.name_en).to_owned();
            let note = material_note(w, item, material, need);
            view! {
                <li class="item">
                    <span class="item-main">
                        <span class="item-title">{name}</span>
                        {note.map(|note| view! { <span class="item-note">{note}</span> })}
                    </span>
                    <span class="item-end"><Badge tone=tone word=word/></span>
                </li>
            }
        })
        .collect_view();
    view! { {title}<ul class="list">{rows}</ul> }.into_any()
}

/// Minutes as hours: 2, 1.5.
fn hours(minutes: i64) -> String {
    if minutes % 60 == 0 { (minutes / 60).to_string() } else { format!("{:.1}", minutes as f64 / 60.0) }
}

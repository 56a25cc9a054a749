//! A number in the hand of its person: the live ticket, the kiosk, the door, drawing one from afar.

use super::{HallWords, Qr};
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
        <div data-live=view.live.clone()>
            <p class="lead">{hall.name.clone()}</p>
            {live_ticket(w, &view)}
            {remote}
            {rating}
        </div>
        {open.then(|| view! {
            <p data-while-open><button class="button" data-sound hidden aria-pressed="false">{w.t("queue-sound")}</button></p>
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

/// A rating as it is shown: stars, reason, answer.
pub type Rated = (i64, String, String);

/// A rating that was sent and not taken: shown again as it was typed.
#[derive(Clone, Debug)]
pub struct WrongRating {
    /// Why it was not taken.
    pub error: String,
    /// The chosen stars, as sent.
    pub stars: String,
    /// The words, as sent.
    pub reason: String,
}

/// The form for a rating, or what was rated.
pub fn rating_view(w: Words, ticket: &str, token: &str, rated: Option<Rated>, wrong: Option<WrongRating>) -> AnyView {
    if let Some((stars, reason, answer)) = rated {
        return view! {
            <Section title=w.t("queue-rating-yours")>
                <p><strong>{w.t(crate::windows::queue::stars_key(stars))}</strong>" "{reason}</p>
                {(!answer.is_empty()).then(|| view! {
                    <Note><p><strong>{w.t("queue-rating-answer")}</strong>" "{answer}</p></Note>
                })}
            </Section>
        }
        .into_any();
    }
    let choices = (1..=5)
        .rev()
        .map(|stars: i64| Choice::new(stars.to_string(), w.t(crate::windows::queue::stars_key(stars))))
        .collect::<Vec<_>>();
    let (ticket, token) = (ticket.to_owned(), token.to_owned());
    let (error, stars, reason) = match wrong {
        Some(WrongRating { error, stars, reason }) => (Some(error), stars, reason),
        None => (None, String::new(), String::new()),
    };
    view! {
        <Section title=w.t("queue-rating-title")>
            <form class="form" method="post" action=format!("/tickets/{ticket}/rating")>
                <input type="hidden" name="t" value=token/>
                <RadioField name="stars" legend=w.t("queue-rating-how") choices=choices value=stars inline=true/>
                <TextField w=w name="reason" label=w.t("queue-rating-reason") hint=w.t("queue-rating-hint")
                    value=reason error=error optional=true maxlength=500/>
                <div><Button label=w.t("queue-rating-send")/></div>
            </form>
        </Section>
    }
    .into_any()
}

/// A rating to answer.
pub struct RatingRow {
    /// Id of the ticket.
    pub ticket: String,
    /// Number, day, item.
    pub what: String,
    /// Stars and reason.
    pub rated: Rated,
    /// Due and not answered.
    pub late: bool,
}

/// `/staff/ratings`.
pub fn ratings_page(w: Words, halls: Vec<Way>, rows: Vec<RatingRow>) -> AnyView {
    let empty = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            let (stars, reason, answer) = row.rated;
            let tone = if stars < 3 { Tone::Warn } else { Tone::Ok };
            let id = format!("answer-{}", row.ticket);
            let form = answer.is_empty().then(|| {
                view! {
                    <form class="form" method="post" action=format!("/staff/ratings/{}", row.ticket)>
                        <div class="field">
                            <label class="label" for=id.clone()>{w.t("queue-rating-your-answer")}</label>
                            <textarea class="input" id=id name="answer" rows="2" maxlength="500" required></textarea>
                        </div>
                        <div><Button label=w.t("queue-rating-do-answer")/></div>
                    </form>
                }
            });
            view! {
                <article class="card">
                    <p><Badge tone=tone word=w.t(crate::windows::queue::stars_key(stars))/>" "{row.what}
                        {row.late.then(|| view! { " "<Badge tone=Tone::Bad word=w.t("queue-rating-late")/> })}</p>
                    {(!reason.is_empty()).then(|| view! { <p>{reason}</p> })}
                    {(!answer.is_empty()).then(|| view! { <p class="muted">{w.t("queue-rating-answer")}" "{answer}</p> })}
                    {form}
                </article>
            }
        })
        .collect_view();
    view! {
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        {empty.then(|| view! { <Empty icon_name="success" title=w.t("queue-rating-none")/> })}
        <div class="stack">{rows}</div>
    }
    .into_any()
}

/// What the ways to draw a number show.
pub struct DrawProps {
    /// Words.
    pub w: Words,
    /// Name of the hall.
    pub hall: String,
    /// Where the forms go, e.g. `/kiosk/hall-wutong`.
    pub address: String,
    /// Fields that go along.
    pub hidden: Vec<(String, String)>,
    /// This submit's own key.
    pub key: String,
    /// Items to choose from: code, title, how many wait.
    pub items: Vec<(String, String, usize)>,
    /// Numbers can be drawn now; else why not.
    pub closed: Option<String>,
    /// Check in by code here.
    pub check_in: bool,
    /// What was wrong.
    pub error: Option<String>,
    /// Just drawn: the ticket and its link as a QR code.
    pub drawn: Option<(LiveTicketView, Option<Qr>)>,
    /// My booking of today or number from afar that can be checked in: what it is, field, value.
    pub mine: Vec<(String, &'static str, String)>,
    /// A word on the rule.
    pub rule: Option<String>,
}

fn hidden(fields: &[(String, String)]) -> AnyView {
    fields
        .iter()
        .cloned()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// Kiosk, door and numbers from afar: large buttons, one for each item.
pub fn draw_page(props: DrawProps) -> AnyView {
    let DrawProps { w, hall, address, hidden: fields, key, items, closed, check_in, error, drawn, mine, rule } = props;
    let error = error.map(|text| view! { <Note tone=Tone::Warn><p role="alert">{text}</p></Note> });
    if let Some((view, qr)) = drawn {
        let qr = qr.map(|Qr { side, path }| {
            let whole = side + 8;
            view! {
                <div class="ticket-qr">
                    <svg viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=w.t("queue-qr-follow")>
                        <path d=path fill="#000" shape-rendering="crispEdges"></path>
                    </svg>
                </div>
                <p>{w.t("queue-qr-follow")}</p>
            }
        });
        return view! {
            <p class="lead">{hall}</p>
            {live_ticket(w, &view)}
            {qr}
            <div class="buttons">
                <button class="button" data-do="print" hidden>{w.t("queue-print")}</button>
                <a class="button primary" href=address>{w.t("queue-kiosk-back")}</a>
            </div>
        }
        .into_any();
    }
    let mine = mine
        .into_iter()
        .map(|(what, name, value)| {
            view! {
                <form class="card" method="post" action=format!("{address}/check-in")>
                    {hidden(&fields)}
                    <input type="hidden" name=name value=value/>
                    <p>{what}</p>
                    <div><Button label=w.t("windows-check-in") weight=Weight::Primary icon_name="check"/></div>
                </form>
            }
        })
        .collect_view();
    let by_code = check_in.then(|| {
        let (action, fields) = (format!("{address}/check-in"), hidden(&fields));
        view! {
            <Section title=w.t("queue-check-in-title")>
                <form class="form" method="post" action=action>
                    {fields}
                    <TextField
                        w=w name="code" label=w.t("windows-check-in-code") hint=w.t("windows-check-in-hint")
                        autocomplete="off" maxlength=200 width="w-mid"
                    />
                    <div><Button label=w.t("windows-check-in")/></div>
                </form>
            </Section>
        }
    });
    let draw = match closed {
        Some(text) => view! { <Note><p>{text}</p></Note> }.into_any(),
        None => {
            let buttons = items
                .into_iter()
                .map(|(code, title, waiting)| {
                    let waiting = w.tf("queue-wait-count", &[("count", waiting.into())]);
                    view! {
                        <button class="draw" name="item" value=code>
                            <span class="item-title">{title}</span>
                            <span class="item-note">{waiting}</span>
                        </button>
                    }
                })
                .collect_view();
            view! {
                <form method="post" action=format!("{address}/number")>
                    {hidden(&fields)}
                    <input type="hidden" name="key" value=key/>
                    <div class="draws">{buttons}</div>
                </form>
            }
            .into_any()
        }
    };
    view! {
        <p class="lead">{hall}</p>
        {error}
        {mine}
        <Section title=w.t("queue-draw-title")>
            {rule.map(|text| view! { <p class="muted">{text}</p> })}
            {draw}
        </Section>
        {by_code}
    }
    .into_any()
}

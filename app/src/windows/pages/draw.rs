//! The kiosk, the door, drawing a number from afar.

use super::{LiveTicketView, Qr, live_ticket};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

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

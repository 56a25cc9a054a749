//! `/staff/reception`: check-in, priority, numbers, printing.

use super::{LineRow, Qr};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What reception shows.
pub struct ReceptionProps {
    /// Words.
    pub w: Words,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// Code and name of the hall.
    pub hall: Option<(String, String)>,
    /// Typed last.
    pub typed: String,
    /// What was wrong with it.
    pub error: Option<String>,
    /// Just checked in or drawn: id and number.
    pub done: Option<(String, String)>,
    /// Several bookings match a phone's tail: code and words.
    pub found: Vec<(String, String)>,
    /// This submit's own key.
    pub key: String,
    /// Items: code, title.
    pub items: Vec<(String, String)>,
    /// Classes: code, word.
    pub classes: Vec<(String, String)>,
    /// Today's open numbers.
    pub numbers: Vec<LineRow>,
    /// The door's address, and its QR code.
    pub door: Option<(String, Qr)>,
}

/// `/staff/reception`.
pub fn reception_page(props: ReceptionProps) -> AnyView {
    let ReceptionProps { w, halls, hall, typed, error, done, found, key, items, classes, numbers, door } = props;
    let Some((code, name)) = hall else {
        return view! { <Empty icon_name="calendar" title=w.t("windows-no-hall") text=w.t("windows-no-hall-text")/> }
            .into_any();
    };
    let summary: Vec<_> = error.iter().map(|text| ("code".to_owned(), text.clone())).collect();
    let done = done.map(|(id, label)| {
        view! {
            <div class="flash" data-tone="ok" role="status">
                {icon("success")}
                <p class="big">{w.tf("queue-number-is", &[("number", label.into())])}</p>
                <a class="button small" href=format!("/staff/tickets/{id}/print")>{icon("print")}{w.t("queue-print")}</a>
            </div>
        }
    });
    let found = found
        .into_iter()
        .map(|(booking, words)| {
            view! {
                <form class="card" method="post" action="/staff/reception/check-in">
                    <input type="hidden" name="hall" value=code.clone()/>
                    <input type="hidden" name="code" value=booking/>
                    <p>{words}</p>
                    <div><Button label=w.t("windows-check-in")/></div>
                </form>
            }
        })
        .collect_view();
    let rows = numbers
        .into_iter()
        .map(|row| {
            let options = classes
                .iter()
                .map(|(value, word)| {
                    view! { <option value=value.clone() selected=*value == row.class.code()>{word.clone()}</option> }
                })
                .collect_view();
            view! {
                <li class="item line-row">
                    <span class="item-main">
                        <span class="item-title"><b class="num">{row.label.clone()}</b>" "{row.name}</span>
                        <span class="item-note">{row.title}" · "{row.note}</span>
                    </span>
                    <span class="item-end cluster">
                        <form class="cluster" method="post" action="/staff/reception/class">
                            <input type="hidden" name="hall" value=code.clone()/>
                            <input type="hidden" name="ticket" value=row.id.clone()/>
                            <select class="input w-short" name="class" aria-label=w.t("queue-class")>{options}</select>
                            <button class="button small">{w.t("queue-set-class")}<span class="sr">" "{row.label.clone()}</span></button>
                        </form>
                        <a class="button small" href=format!("/staff/tickets/{}/print", row.id)>
                            {w.t("queue-print")}<span class="sr">" "{row.label}</span>
                        </a>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{name}</p>
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        <ErrorSummary w=w errors=summary/>
        {done}
        {found}
        <div class="cols">
            <form class="form card" method="post" action="/staff/reception/check-in">
                <input type="hidden" name="hall" value=code.clone()/>
                <TextField w=w name="code" label=w.t("queue-reception-code") hint=w.t("queue-reception-hint")
                    value=typed error=error autocomplete="off" maxlength=300/>
                <SelectField w=w name="class" label=w.t("queue-class") options=classes.clone() value="ordinary"/>
                <div><Button label=w.t("windows-check-in") weight=Weight::Primary icon_name="check"/></div>
            </form>
            <form class="form card" method="post" action="/staff/reception/number">
                <input type="hidden" name="hall" value=code.clone()/>
                <input type="hidden" name="key" value=key/>
                <SelectField w=w name="item" label=w.t("queue-item") options=items value=""/>
                <SelectField w=w name="class2" label=w.t("queue-class") options=classes.clone() value="ordinary"/>
                <TextField w=w name="name" label=w.t("queue-name") optional=true maxlength=40 autocomplete="off"/>
                <div><Button label=w.t("queue-give-number")/></div>
            </form>
        </div>
        <Section title=w.t("queue-open-numbers")><ul class="list">{rows}</ul></Section>
        {door.map(|(link, Qr { side, path })| {
            let whole = side + 8;
            let href = link.clone();
            view! {
                <details class="more">
                    <summary>{w.t("queue-door-qr")}</summary>
                    <div class="more-body ticket-qr">
                        <svg viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=w.t("queue-door-qr")>
                            <path d=path fill="#000" shape-rendering="crispEdges"></path>
                        </svg>
                    </div>
                    <p class="small door-link"><a href=href>{link}</a></p>
                </details>
            }
        })}
    }
    .into_any()
}

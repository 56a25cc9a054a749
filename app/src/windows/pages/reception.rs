//! `/staff/reception`: check-in, priority, numbers, printing.

use super::{LineRow, Qr, VisitItem, counter::visit_item};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::queue::{Outcome, TicketState},
};
use leptos::prelude::*;

/// The papers of somebody who has checked in, to be looked at before they are called.
pub struct PapersView {
    /// Id of the ticket.
    pub ticket: String,
    /// Its number.
    pub label: String,
    /// What the visit is for.
    pub items: Vec<VisitItem>,
    /// They were looked at.
    pub checked: bool,
}

/// A number that is over.
pub struct EndedRow {
    /// Id of the ticket.
    pub id: String,
    /// Its number.
    pub label: String,
    /// Name, may be empty.
    pub name: String,
    /// Title of the item.
    pub title: String,
    /// How it ended.
    pub state: TicketState,
    /// How the service ended.
    pub outcome: Option<Outcome>,
    /// The clerk's note, may be empty.
    pub note: String,
}

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
    /// Whose papers are looked at.
    pub papers: Option<PapersView>,
    /// Today's open numbers.
    pub numbers: Vec<LineRow>,
    /// Today's other numbers, the last one first.
    pub ended: Vec<EndedRow>,
    /// The door's address, and its QR code.
    pub door: Option<(String, Qr)>,
}

/// `/staff/reception`.
pub fn reception_page(props: ReceptionProps) -> AnyView {
    let ReceptionProps { w, halls, hall, typed, error, done, found, key, items, classes, numbers, door, .. } = props;
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
                        <a class="button small" href=format!("/staff/reception?hall={code}&papers={}#papers", row.id)>
                            {w.t("queue-papers")}<span class="sr">" "{row.label.clone()}</span>
                        </a>
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
        {props.papers.map(|view| papers(w, &code, view))}
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
        {(!props.ended.is_empty()).then(|| ended(w, props.ended))}
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

/// Ticks of what was seen; what the visit needs for certain and nobody ticked is missing.
fn papers(w: Words, hall: &str, view: PapersView) -> AnyView {
    let PapersView { ticket, label, items, checked } = view;
    let missing: usize = items.iter().map(|item| item.missing).sum();
    let print = format!("/staff/tickets/{ticket}/missing");
    let found = checked.then(|| match missing {
        0 => view! { <Badge tone=Tone::Ok word=w.t("queue-papers-complete")/> }.into_any(),
        count => {
            let word = w.tf("queue-papers-missing", &[("count", count.into())]);
            view! { <Badge tone=Tone::Warn word=word/> }.into_any()
        }
    });
    let items = items.into_iter().map(|item| visit_item(w, item)).collect_view();
    view! {
        <form class="form card" id="papers" method="post" action="/staff/reception/materials">
            <input type="hidden" name="hall" value=hall.to_owned()/>
            <input type="hidden" name="ticket" value=ticket/>
            <h2 class="card-title">{w.tf("queue-papers-of", &[("number", label.into())])}" "{found}</h2>
            <p class="muted small">{w.t("queue-papers-hint")}</p>
            {items}
            <div class="buttons">
                <button class="button primary">{w.t("queue-save-materials")}</button>
                {(missing > 0).then(|| view! {
                    <a class="button" href=print target="_blank">{icon("print")}{w.t("queue-print-missing")}</a>
                })}
            </div>
        </form>
    }
    .into_any()
}

fn ended(w: Words, rows: Vec<EndedRow>) -> AnyView {
    let count = rows.len();
    let rows = rows
        .into_iter()
        .map(|row| {
            let missing = row.outcome == Some(Outcome::Missing);
            let word = w.t(row.outcome.map_or(row.state.key(), Outcome::key));
            let tone = if missing { Tone::Warn } else { Tone::Neutral };
            let note = if row.note.is_empty() { row.title } else { format!("{} · {}", row.title, row.note) };
            view! {
                <li class="item line-row">
                    <span class="item-main">
                        <span class="item-title"><b class="num">{row.label.clone()}</b>" "{row.name}</span>
                        <span class="item-note">{note}</span>
                    </span>
                    <span class="item-end cluster">
                        <Badge tone=tone word=word/>
                        {missing.then(|| view! {
                            <a class="button small" href=format!("/staff/tickets/{}/missing", row.id)>
                                {w.t("queue-missing-title")}<span class="sr">" "{row.label}</span>
                            </a>
                        })}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="more" id="ended">
            <summary>{w.tf("queue-ended-numbers", &[("count", count.into())])}</summary>
            <div class="more-body"><ul class="list">{rows}</ul></div>
        </details>
    }
    .into_any()
}

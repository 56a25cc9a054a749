//! `/board/{hall}`: the hall's screen. Newest calls large, who waits beside them, notices underneath.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A call on the board.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// Number.
    pub label: String,
    /// Masked name, may be empty.
    pub name: String,
    /// Window.
    pub window: i64,
    /// Still called, nobody has come yet.
    pub fresh: bool,
}

/// What the board shows.
pub struct BoardProps {
    /// Words.
    pub w: Words,
    /// Name of the hall.
    pub hall: String,
    /// Date and time.
    pub clock: String,
    /// The newest calls, the newest first.
    pub calls: Vec<CallRow>,
    /// What is spoken for the newest call, and what makes it new.
    pub speech: Option<(String, String)>,
    /// Windows with the numbers that wait for them.
    pub windows: Vec<(String, Vec<String>)>,
    /// How many wait in all.
    pub waiting: usize,
    /// Titles of notices.
    pub notices: Vec<String>,
    /// Address of the live feed.
    pub live: String,
}

/// The page.
pub fn board_page(props: BoardProps) -> AnyView {
    let BoardProps { w, hall, clock, calls, speech, windows, waiting, notices, live } = props;
    let empty = calls.is_empty();
    let (call, say) = speech.unzip();
    let calls = calls
        .into_iter()
        .map(|call| {
            let window = w.tf("windows-window", &[("number", call.window.into())]);
            view! {
                <li class="board-now" data-new=call.fresh.then_some("")>
                    <span>{call.label}" "<small>{call.name}</small></span>
                    <span>{window}</span>
                </li>
            }
        })
        .collect_view();
    let windows = windows
        .into_iter()
        .map(|(window, numbers)| {
            let numbers = if numbers.is_empty() { w.t("queue-board-nobody") } else { numbers.join("  ") };
            view! { <div><dt>{window}</dt><dd class="board-next">{numbers}</dd></div> }
        })
        .collect_view();
    let notices = notices.into_iter().map(|title| view! { <li>{title}</li> }).collect_view();
    view! {
        <div class="board" data-live=live data-call=call data-say=say>
            <header class="board-head">
                <h1>{hall}</h1>
                <p class="num">{clock}</p>
            </header>
            <section aria-labelledby="calls">
                <h2 id="calls">{w.t("queue-board-calls")}</h2>
                {empty.then(|| view! { <p class="muted">{w.t("queue-board-no-calls")}</p> })}
                <ol aria-live="polite">{calls}</ol>
            </section>
            <section aria-labelledby="next">
                <h2 id="next">{w.tf("queue-board-waiting", &[("count", waiting.into())])}</h2>
                <dl class="board-windows">{windows}</dl>
            </section>
            <footer class="board-foot"><ul>{notices}</ul></footer>
        </div>
    }
    .into_any()
}

/// A ticket to print on a roll of 58 or 80 mm.
pub struct PrintProps {
    /// Words.
    pub w: Words,
    /// Name of the hall.
    pub hall: String,
    /// Number.
    pub label: String,
    /// Item.
    pub title: String,
    /// When it was drawn.
    pub when: String,
    /// People before it.
    pub ahead: i64,
    /// Its link.
    pub qr: Option<super::Qr>,
    /// 58 or 80.
    pub width: i64,
    /// Address of this page, for the other width.
    pub address: String,
}

/// `/staff/tickets/{id}/print`.
pub fn print_page(props: PrintProps) -> AnyView {
    let PrintProps { w, hall, label, title, when, ahead, qr, width, address } = props;
    let qr = qr.map(|super::Qr { side, path }| {
        let whole = side + 8;
        view! {
            <svg class="slip-qr" viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=w.t("queue-qr-follow")>
                <path d=path fill="#000" shape-rendering="crispEdges"></path>
            </svg>
        }
    });
    let ways = [58_i64, 80]
        .into_iter()
        .map(|mm| Way::new(format!("{address}?mm={mm}"), format!("{mm} mm"), mm == width))
        .collect::<Vec<_>>();
    view! {
        <div class="slip" data-mm=width.to_string()>
            <p>{hall}</p>
            <p class="slip-number">{label}</p>
            <p>{title}</p>
            <p>{w.tf("queue-line-ahead", &[("count", ahead.into())])}</p>
            {qr}
            <p>{w.t("queue-qr-follow")}</p>
            <p>{when}</p>
        </div>
        <Chips label=w.t("queue-paper") ways=ways/>
        <div class="buttons"><button class="button primary" data-do="print" hidden>{w.t("queue-print")}</button></div>
    }
    .into_any()
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
    /// Today's open numbers.
    pub numbers: Vec<super::LineRow>,
    /// The door's address for its QR code.
    pub door: Option<super::Qr>,
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
        {door.map(|super::Qr { side, path }| {
            let whole = side + 8;
            view! {
                <details class="more">
                    <summary>{w.t("queue-door-qr")}</summary>
                    <div class="more-body ticket-qr">
                        <svg viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=w.t("queue-door-qr")>
                            <path d=path fill="#000" shape-rendering="crispEdges"></path>
                        </svg>
                    </div>
                </details>
            }
        })}
    }
    .into_any()
}

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
    /// Names this call: a number that is called again has another one.
    pub call: String,
    /// What is spoken.
    pub say: String,
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
    /// Windows with the numbers that wait for them.
    pub windows: Vec<(String, Vec<String>)>,
    /// How many wait in all.
    pub waiting: usize,
    /// A notice of the community: its kind and title. Another one at each look.
    pub notice: Option<(String, String)>,
    /// An emergency, in words: it takes the place of notices.
    pub emergency: Option<String>,
    /// Address of the live feed.
    pub live: String,
}

/// The page.
pub fn board_page(props: BoardProps) -> AnyView {
    let BoardProps { w, hall, clock, calls, windows, waiting, notice, emergency, live } = props;
    let empty = calls.is_empty();
    let calls = calls
        .into_iter()
        .map(|call| {
            let window = w.tf("windows-window", &[("number", call.window.into())]);
            view! {
                <li class="board-now" data-new=call.fresh.then_some("") data-call=call.call data-say=call.say>
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
    let foot = match (emergency, notice) {
        (Some(text), _) => view! {
            <div class="board-emergency" role="alert">
                {icon("emergency")}<strong>{w.t("emergency-label")}</strong>" "<span>{text}</span>
            </div>
        }
        .into_any(),
        (None, Some((kind, title))) => view! {
            <footer class="board-foot"><span class="tag">{kind}</span>" "<span>{title}</span></footer>
        }
        .into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <div class="board" data-live=live data-off=w.t("queue-offline")>
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
            {foot}
        </div>
        <button class="button board-speak" type="button" data-speak hidden aria-pressed="false"
            data-blocked=w.t("queue-board-speak-blocked")>
            {icon("bell")}<span>{w.t("queue-board-speak")}</span>
        </button>
    }
    .into_any()
}

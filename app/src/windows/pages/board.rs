//! `/board/{hall}`: the hall's screen. Newest calls large, who waits beside them, notices underneath.

use crate::i18n::Words;
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

//! `/staff/counter`: the screen of a window. Left who waits, in the middle the person being served, right the actions.

mod actions;
mod missing;
mod now;
mod windows;

pub use missing::{MissingProps, missing_page};
pub use windows::{WindowRow, WindowsProps, windows_page};

use crate::{
    i18n::Words,
    ui::parts::*,
    windows::queue::{PriorityClass, TicketState},
};
use actions::actions;
use leptos::prelude::*;
use now::now;
pub(super) use now::visit_item;

/// A person in a list of the counter.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Id of the ticket.
    pub id: String,
    /// Number: A012.
    pub label: String,
    /// Name, may be empty.
    pub name: String,
    /// Title of the item.
    pub title: String,
    /// Priority class.
    pub class: PriorityClass,
    /// Booked time and lateness, or how long they have waited.
    pub note: String,
    /// Only this window may call them.
    pub only_here: bool,
}

/// A material of an item, as it is ticked at the counter.
#[derive(Clone, Debug)]
pub struct MaterialRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Needed only if a question is answered so.
    pub depends: bool,
    /// The person said when booking that they have it.
    pub said: bool,
    /// Seen.
    pub seen: bool,
}

/// An item of the visit.
#[derive(Clone, Debug)]
pub struct VisitItem {
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Its materials.
    pub materials: Vec<MaterialRow>,
    /// So many were looked for and are missing.
    pub missing: usize,
}

/// The person at the window.
#[derive(Clone, Debug)]
pub struct NowServing {
    /// Their row.
    pub row: LineRow,
    /// Called or serving.
    pub state: TicketState,
    /// How often they were called.
    pub calls: i64,
    /// Since when they are in this state, in words.
    pub since: String,
    /// What they need, in their words.
    pub need: String,
    /// The clerk's note.
    pub note: String,
    /// What is wrong with it.
    pub note_error: Option<String>,
    /// What the visit is for.
    pub items: Vec<VisitItem>,
    /// Their number may be called once more.
    pub may_recall: bool,
}

/// What the page shows.
pub struct CounterProps {
    /// Words.
    pub w: Words,
    /// Address: `hall-wutong.3`.
    pub address: String,
    /// Code of the hall.
    pub hall: String,
    /// Where live pages listen.
    pub live: String,
    /// Random: the beginning of every form's own key.
    pub key: String,
    /// The reader works at this window.
    pub open: bool,
    /// Somebody else does.
    pub other_clerk: Option<String>,
    /// Who waits for this window.
    pub waiting: Vec<LineRow>,
    /// The reader may book for residents.
    pub may_assist: bool,
    /// How many wait for other windows only.
    pub elsewhere: usize,
    /// The person at the window.
    pub now: Option<NowServing>,
    /// Parked and passed.
    pub parked: Vec<LineRow>,
    /// Who did not answer.
    pub passed: Vec<LineRow>,
    /// What can be undone: the step's id, what was done, and for how many seconds yet.
    pub undo: Option<(String, String, i64)>,
    /// Why the last tap did nothing.
    pub trouble: Option<String>,
    /// Items of this window, for a number from the desk: (code, title).
    pub items: Vec<(String, String)>,
    /// Classes of this hall.
    pub classes: Vec<PriorityClass>,
    /// The other windows: (number, name).
    pub windows: Vec<(i64, String)>,
    /// All items that the hall serves, for a transfer.
    pub all_items: Vec<(String, String)>,
}

/// The page.
pub fn counter_page(props: CounterProps) -> AnyView {
    let w = props.w;
    let address = format!("/staff/counter/{}", props.address);
    let trouble = props.trouble.clone().map(|text| {
        view! { <Note tone=Tone::Warn><p role="alert">{text}</p></Note> }
    });
    let undo = props.undo.clone().map(|(step, text, seconds)| {
        view! {
            <div class="flash" data-tone="ok" role="status" data-seconds=seconds.to_string()>
                {icon("success")}
                <p>{text}</p>
                <form method="post" action=format!("{address}/undo")>
                    <input type="hidden" name="step" value=step/>
                    <button class="link-button" data-key="u">{w.t("queue-undo")}" "<kbd>"U"</kbd></button>
                </form>
            </div>
        }
    });
    view! {
        <div class="live counter" data-live=props.live.clone() data-lost=w.t("queue-lost")
            data-back=w.t("queue-back-online") data-off=w.t("queue-offline")>
            {trouble}
            {undo}
            <div class="counter-desk">
                <section class="counter-line" aria-labelledby="line">{line(&props)}</section>
                <section class="counter-now" aria-labelledby="now">{now(&props, &address)}</section>
                <section class="counter-do" aria-labelledby="do" tabindex="-1">{actions(&props, &address)}</section>
            </div>
        </div>
    }
    .into_any()
}

fn class_tag(w: Words, class: PriorityClass) -> Option<AnyView> {
    (class != PriorityClass::Ordinary).then(|| view! { <Tag word=w.t(class.key())/> }.into_any())
}

fn row(w: Words, row: LineRow, end: Option<AnyView>) -> AnyView {
    view! {
        <li class="item line-row">
            <span class="item-main">
                <span class="item-title">
                    <b class="num">{row.label}</b>" "{row.name}" "{class_tag(w, row.class)}
                    {row.only_here.then(|| view! { <Tag word=w.t("queue-only-here")/> })}
                </span>
                <span class="item-note">{row.title}" · "{row.note}</span>
            </span>
            {end.map(|end| view! { <span class="item-end">{end}</span> })}
        </li>
    }
    .into_any()
}

fn line(props: &CounterProps) -> AnyView {
    let w = props.w;
    let count = props.waiting.len();
    let rows = props.waiting.iter().cloned().map(|one| row(w, one, None)).collect_view();
    view! {
        <h2 id="line">{w.t("queue-waiting")}" "<span class="num">{count}</span></h2>
        {(count == 0).then(|| view! { <p class="muted">{w.t("queue-nobody-waits")}</p> })}
        <ol class="list">{rows}</ol>
        {(props.elsewhere > 0).then(|| view! {
            <p class="muted small">{w.tf("queue-elsewhere", &[("count", props.elsewhere.into())])}</p>
        })}
    }
    .into_any()
}

//! `/staff/counter`: the screen of a window. Left who waits, in the middle the person being served, right the actions.

use crate::{
    i18n::Words,
    time,
    ui::parts::*,
    windows::queue::{Outcome, PriorityClass, Step, TicketState},
};
use leptos::prelude::*;

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
    /// They were looked at, and some are missing.
    pub missing: bool,
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
    /// How many wait for other windows only.
    pub elsewhere: usize,
    /// The person at the window.
    pub now: Option<NowServing>,
    /// Parked and passed.
    pub parked: Vec<LineRow>,
    /// Who did not answer.
    pub passed: Vec<LineRow>,
    /// What can be undone: the step's id and what was done.
    pub undo: Option<(String, String)>,
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
    let undo = props.undo.clone().map(|(step, text)| {
        view! {
            <div class="flash" data-tone="ok" role="status">
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
        <div class="live counter" data-live=props.live.clone() data-lost=w.t("queue-lost")>
            {trouble}
            {undo}
            <div class="counter-desk">
                <section class="counter-line" aria-labelledby="line">{line(&props)}</section>
                <section class="counter-now" aria-labelledby="now">{now(&props, &address)}</section>
                <section class="counter-do" aria-labelledby="do">{actions(&props, &address)}</section>
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

fn now(props: &CounterProps, address: &str) -> AnyView {
    let w = props.w;
    let Some(now) = props.now.clone() else {
        return view! {
            <h2 id="now">{w.t("queue-now")}</h2>
            <p class="call-number muted" aria-hidden="true">"—"</p>
            <p class="muted">{w.t("queue-nobody-here")}</p>
        }
        .into_any();
    };
    let serving = now.state == TicketState::Serving;
    let badge = if serving {
        view! { <Badge tone=Tone::Busy word=w.t("queue-state-serving")/> }.into_any()
    } else {
        let called = w.tf("queue-called-times", &[("count", now.calls.into())]);
        view! { <Badge tone=Tone::Info word=called/> }.into_any()
    };
    let ticket = now.row.id.clone();
    let print = format!("/staff/tickets/{ticket}/missing");
    let missing = now.items.iter().any(|item| item.missing);
    let items = now.items.clone().into_iter().map(|item| visit_item(w, item)).collect_view();
    let outcomes = Outcome::ALL
        .iter()
        .map(|outcome| {
            let checked = if missing { *outcome == Outcome::Missing } else { *outcome == Outcome::Done };
            view! {
                <label class="choice">
                    <input type="radio" name="outcome" value=outcome.code() checked=checked/>
                    <span class="choice-main"><span class="choice-title">{w.t(outcome.key())}</span></span>
                </label>
            }
        })
        .collect_view();
    let finish = serving.then(|| {
        view! {
            <fieldset class="field">
                <legend class="label">{w.t("queue-outcome")}</legend>
                <div class="choices inline">{outcomes}</div>
            </fieldset>
        }
    });
    view! {
        <h2 id="now" class="sr">{w.t("queue-now")}</h2>
        <p class="call-number" aria-live="polite">{now.row.label.clone()}</p>
        <p class="big"><strong>{now.row.name.clone()}</strong>" "{class_tag(w, now.row.class)}" "{badge}</p>
        <p class="muted">{now.row.title.clone()}" · "{now.row.note.clone()}" · "{now.since.clone()}</p>
        {(!now.need.is_empty()).then(|| view! {
            <Note tone=Tone::Warn><p><strong>{w.t("queue-need")}</strong>" "{now.need.clone()}</p></Note>
        })}
        <form class="form" id="visit" method="post" action=format!("{address}/step")>
            <input type="hidden" name="ticket" value=ticket.clone()/>
            <input type="hidden" name="key" value=format!("{}.finish.{ticket}", props.key)/>
            {items}
            <div class="field">
                <label class="label" for="note">{w.t("queue-note")}" "<span class="opt">{w.t("ui-optional")}</span></label>
                <textarea class="input" id="note" name="note" rows="2" maxlength="500">{now.note.clone()}</textarea>
            </div>
            {finish}
            <div class="buttons">
                <button class="button" formaction=format!("{address}/materials")>{w.t("queue-save-materials")}</button>
                {missing.then(|| view! {
                    <a class="button" href=print target="_blank">{icon("print")}{w.t("queue-print-missing")}</a>
                })}
            </div>
        </form>
    }
    .into_any()
}

fn visit_item(w: Words, item: VisitItem) -> AnyView {
    let code = item.code.clone();
    let rows = item
        .materials
        .into_iter()
        .map(|material| {
            view! {
                <li>
                    <label class="check">
                        <input type="checkbox" name="seen" value=format!("{code}:{}", material.code) checked=material.seen/>
                        <span class="check-main">
                            <span class="check-title">{material.name}</span>
                            {material.depends.then(|| view! { <span class="check-note">{w.t("queue-if-needed")}</span> })}
                        </span>
                    </label>
                </li>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="label">{item.title}" · "{w.t("queue-materials-seen")}</legend>
            <ul class="checks">{rows}</ul>
        </fieldset>
    }
    .into_any()
}

/// One tap on a ticket.
fn step_form(props: &CounterProps, address: &str, ticket: &str, step: Step, button: AnyView) -> AnyView {
    view! {
        <form method="post" action=format!("{address}/step")>
            <input type="hidden" name="ticket" value=ticket.to_owned()/>
            <input type="hidden" name="step" value=step.code()/>
            <input type="hidden" name="key" value=format!("{}.{}.{ticket}", props.key, step.code())/>
            {button}
        </form>
    }
    .into_any()
}

fn key_button(label: String, key: &'static str, shown: String, class: &'static str) -> AnyView {
    view! { <button class=class data-key=key>{label}" "<kbd>{shown}</kbd></button> }.into_any()
}

fn actions(props: &CounterProps, address: &str) -> AnyView {
    let w = props.w;
    if !props.open {
        let text = match &props.other_clerk {
            Some(name) => w.tf("queue-other-clerk", &[("name", name.clone().into())]),
            None => w.t("queue-window-closed"),
        };
        return view! {
            <h2 id="do">{w.t("queue-actions")}</h2>
            <p>{text}</p>
            <form method="post" action=format!("{address}/open")>
                <button class="button primary wide" data-key="o">{w.t("queue-open-window")}" "<kbd>"O"</kbd></button>
            </form>
        }
        .into_any();
    }
    let main = match &props.now {
        None => {
            let call = view! {
                <form method="post" action=format!("{address}/call")>
                    <input type="hidden" name="key" value=format!("{}.call", props.key)/>
                    <button class="button primary wide" data-key=" ">
                        {w.t("queue-do-call")}" "<kbd>{w.t("queue-key-space")}</kbd>
                    </button>
                </form>
            };
            call.into_any()
        }
        Some(now) => current_actions(props, address, now),
    };
    view! {
        <h2 id="do">{w.t("queue-actions")}</h2>
        <div class="stack tight">{main}</div>
        {aside(props, address)}
        {more(props, address)}
    }
    .into_any()
}

fn current_actions(props: &CounterProps, address: &str, now: &NowServing) -> AnyView {
    let w = props.w;
    let id = now.row.id.as_str();
    let form = |step: Step, key: &'static str, shown: &str, word: &str, class: &'static str| {
        step_form(props, address, id, step, key_button(w.t(word), key, shown.to_owned(), class))
    };
    let called = now.state == TicketState::Called;
    let finish = (!called).then(|| {
        view! {
            <button class="button primary wide" form="visit" name="step" value="finish" data-key="f">
                {w.t("queue-do-finish")}" "<kbd>"F"</kbd>
            </button>
        }
    });
    let first = called.then(|| form(Step::Start, "s", "S", "queue-do-start", "button primary wide"));
    let recall = (called && now.may_recall).then(|| form(Step::Recall, "r", "R", "queue-do-recall", "button wide"));
    let often = (called && !now.may_recall).then(|| view! { <p class="muted small">{w.t("queue-called-often")}</p> });
    let pass = called.then(|| form(Step::Pass, "p", "P", "queue-do-pass", "button wide"));
    let park = form(Step::Park, "k", "K", "queue-do-park", "button wide");
    let no_show = called.then(|| form(Step::NoShow, "n", "N", "queue-do-no-show", "button wide"));
    view! { {finish}{first}{recall}{often}{pass}{park}{no_show}{transfer(props, address, id)} }.into_any()
}

fn transfer(props: &CounterProps, address: &str, ticket: &str) -> AnyView {
    let w = props.w;
    let windows = props
        .windows
        .iter()
        .map(|(number, name)| view! { <option value=number.to_string()>{format!("{number} · {name}")}</option> })
        .collect_view();
    let items = props
        .all_items
        .iter()
        .map(|(code, title)| view! { <option value=code.clone()>{title.clone()}</option> })
        .collect_view();
    view! {
        <details class="more">
            <summary>{w.t("queue-do-transfer")}</summary>
            <div class="more-body">
                <form class="form" method="post" action=format!("{address}/step")>
                    <input type="hidden" name="ticket" value=ticket.to_owned()/>
                    <input type="hidden" name="key" value=format!("{}.transfer.{ticket}", props.key)/>
                    <div class="field">
                        <label class="label" for="to-window">{w.t("queue-to-window")}</label>
                        <select class="input" id="to-window" name="to_window">
                            <option value="">{w.t("queue-any-window")}</option>
                            {windows}
                        </select>
                    </div>
                    <div class="field">
                        <label class="label" for="to-item">{w.t("queue-to-item")}</label>
                        <select class="input" id="to-item" name="to_item">
                            <option value="">{w.t("queue-same-item")}</option>
                            {items}
                        </select>
                    </div>
                    <button class="button wide" name="step" value="transfer">{w.t("queue-do-transfer")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// Who is parked and who was passed, with the way back.
fn aside(props: &CounterProps, address: &str) -> AnyView {
    let w = props.w;
    let list = |title: &str, rows: &[LineRow], step: Step, word: &str| {
        (!rows.is_empty()).then(|| {
            let rows = rows
                .iter()
                .cloned()
                .map(|one| {
                    let label = one.label.clone();
                    let button =
                        view! { <button class="button small">{w.t(word)}<span class="sr">" "{label}</span></button> };
                    let form = step_form(props, address, &one.id, step, button.into_any());
                    row(w, one, Some(form))
                })
                .collect_view();
            view! { <h3>{w.t(title)}</h3><ul class="list">{rows}</ul> }
        })
    };
    let parked = list("queue-parked", &props.parked, Step::Unpark, "queue-do-unpark");
    let passed = list("queue-passed", &props.passed, Step::RecallPassed, "queue-do-recall-passed");
    view! { {parked}{passed} }.into_any()
}

fn more(props: &CounterProps, address: &str) -> AnyView {
    let w = props.w;
    let items = props
        .items
        .iter()
        .map(|(code, title)| view! { <option value=code.clone()>{title.clone()}</option> })
        .collect_view();
    let classes = props
        .classes
        .iter()
        .map(|class| view! { <option value=class.code()>{w.t(class.key())}</option> })
        .collect_view();
    view! {
        <details class="more">
            <summary>{w.t("queue-walk-in")}</summary>
            <div class="more-body">
                <form class="form" method="post" action=format!("{address}/walk-in")>
                    <input type="hidden" name="key" value=format!("{}.walk-in", props.key)/>
                    <div class="field">
                        <label class="label" for="item">{w.t("queue-item")}</label>
                        <select class="input" id="item" name="item">{items}</select>
                    </div>
                    <div class="field">
                        <label class="label" for="class">{w.t("queue-class")}</label>
                        <select class="input" id="class" name="class">{classes}</select>
                    </div>
                    <TextField w=w name="name" label=w.t("queue-name") optional=true maxlength=40 autocomplete="off"/>
                    <button class="button wide">{w.t("queue-give-number")}</button>
                </form>
            </div>
        </details>
        <form method="post" action=format!("{address}/close")>
            <button class="button quiet wide">{w.t("queue-close-window")}</button>
        </form>
    }
    .into_any()
}

/// A window to choose.
#[derive(Clone, Debug)]
pub struct WindowRow {
    /// Address: `hall-wutong.3`.
    pub address: String,
    /// Number on its sign.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Who works there.
    pub clerk: Option<String>,
    /// How many wait for it.
    pub waiting: usize,
    /// The reader works there.
    pub mine: bool,
}

/// What the choice of a window shows.
pub struct WindowsProps {
    /// Words.
    pub w: Words,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// The chosen hall's name and code; `None` when the reader has none.
    pub hall: Option<(String, String)>,
    /// Its windows.
    pub windows: Vec<WindowRow>,
}

/// `/staff/counter`: which window?
pub fn windows_page(props: WindowsProps) -> AnyView {
    let WindowsProps { w, halls, hall, windows } = props;
    let Some((name, code)) = hall else {
        return view! { <Empty icon_name="calendar" title=w.t("windows-no-hall") text=w.t("windows-no-hall-text")/> }
            .into_any();
    };
    let rows = windows
        .into_iter()
        .map(|window| {
            let title = w.tf("windows-window", &[("number", window.number.into())]);
            let state = match (&window.clerk, window.mine) {
                (_, true) => view! { <Badge tone=Tone::Ok word=w.t("queue-mine")/> }.into_any(),
                (Some(_), _) => view! { <Badge tone=Tone::Busy word=w.t("queue-staffed")/> }.into_any(),
                (None, _) => view! { <Badge tone=Tone::Neutral word=w.t("queue-unstaffed")/> }.into_any(),
            };
            let waiting = w.tf("queue-wait-count", &[("count", window.waiting.into())]);
            let note = match window.clerk {
                Some(clerk) => format!("{} · {clerk} · {waiting}", window.name),
                None => format!("{} · {waiting}", window.name),
            };
            view! {
                <li>
                    <a class="item" href=format!("/staff/counter/{}", window.address)>
                        <span class="item-main">
                            <span class="item-title">{title}</span>
                            <span class="item-note">{note}</span>
                        </span>
                        <span class="item-end">{state}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{name}</p>
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        <Section title=w.t("queue-which-window")><ul class="list">{rows}</ul></Section>
        <Section title=w.t("queue-other-places")>
            <List>
                <Item w=w href=format!("/staff/reception?hall={code}") title=w.t("queue-reception")
                    note=w.t("queue-reception-note") icon_name="check"/>
                <Item w=w href=format!("/board/{code}") title=w.t("queue-board") note=w.t("queue-board-note")
                    icon_name="list"/>
                <Item w=w href=format!("/kiosk/{code}") title=w.t("queue-kiosk") note=w.t("queue-kiosk-note")
                    icon_name="calendar"/>
            </List>
        </Section>
    }
    .into_any()
}

/// What is missing, for the person to take along.
pub struct MissingProps {
    /// Words.
    pub w: Words,
    /// The hall's name and telephone.
    pub hall: (String, String),
    /// Number.
    pub label: String,
    /// For each item its title and what is missing: name and note.
    pub items: Vec<(String, Vec<(String, String)>)>,
    /// When it was looked at.
    pub at: jiff::Timestamp,
}

/// `/staff/tickets/{id}/missing`: to print.
pub fn missing_page(props: MissingProps) -> AnyView {
    let MissingProps { w, hall: (hall, phone), label, items, at } = props;
    let blocks = items
        .into_iter()
        .map(|(title, materials)| {
            let rows = materials
                .into_iter()
                .map(|(name, note)| {
                    view! {
                        <li class="item">
                            <span class="item-main">
                                <span class="item-title">"☐ "{name}</span>
                                {(!note.is_empty()).then(|| view! { <span class="item-note">{note}</span> })}
                            </span>
                        </li>
                    }
                })
                .collect_view();
            view! { <Section title=title><ul class="list">{rows}</ul></Section> }
        })
        .collect_view();
    let when = time::date_time(w.lang, at, at);
    view! {
        <p class="lead">{w.t("queue-missing-lead")}</p>
        <p class="meta"><span class="num">{label}</span><span>{hall}</span><span>{phone}</span><span>{when}</span></p>
        {blocks}
        <p class="muted small">{w.t("queue-missing-foot")}</p>
        <div class="buttons"><button class="button primary" data-do="print" hidden>{w.t("queue-print")}</button></div>
    }
    .into_any()
}

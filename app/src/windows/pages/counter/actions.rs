//! What can be done now.

use super::{CounterProps, LineRow, NowServing, row};
use crate::{
    ui::parts::*,
    windows::queue::{Step, TicketState},
};
use leptos::prelude::*;

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

pub(super) fn actions(props: &CounterProps, address: &str) -> AnyView {
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
        <details class="more" id="transfer">
            <summary data-key="t">{w.t("queue-do-transfer")}" "<kbd>"T"</kbd></summary>
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
        <details class="more" id="walk-in">
            <summary data-key="w">{w.t("queue-walk-in")}" "<kbd>"W"</kbd></summary>
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
        {props.may_assist.then(|| view! {
            <a class="button wide" href=format!("/staff/appointments/new?hall={}", props.hall) data-key="a">
                {w.t("queue-book-for")}" "<kbd>"A"</kbd>
            </a>
        })}
        <form method="post" action=format!("{address}/close")>
            <button class="button quiet wide">{w.t("queue-close-window")}</button>
        </form>
    }
    .into_any()
}

//! The person at the window: what they came for, their materials, the note, how it ended.

use super::{CounterProps, VisitItem, class_tag};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::queue::{Outcome, TicketState},
};
use leptos::prelude::*;

pub(super) fn now(props: &CounterProps, address: &str) -> AnyView {
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
    let invalid = now.note_error.is_some();
    let missing = now.items.iter().any(|item| item.missing > 0);
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
            <div class="field" data-invalid=invalid.then_some("")>
                <label class="label" for="note">{w.t("queue-note")}" "<span class="opt">{w.t("ui-optional")}</span>" "<kbd>"B"</kbd></label>
                {now.note_error.clone().map(|error| view! { <p class="error" id="note-error">{error}</p> })}
                <textarea class="input" id="note" name="note" data-key="b" rows="2" maxlength="500"
                    aria-describedby=invalid.then_some("note-error") aria-invalid=invalid.then_some("true")>
                    {now.note.clone()}
                </textarea>
            </div>
            {finish}
            <div class="buttons">
                <button class="button" formaction=format!("{address}/materials") data-key="m">
                    {w.t("queue-save-materials")}" "<kbd>"M"</kbd>
                </button>
                {missing.then(|| view! {
                    <a class="button" href=print target="_blank">{icon("print")}{w.t("queue-print-missing")}</a>
                })}
            </div>
        </form>
    }
    .into_any()
}

/// The papers of an item, to be ticked as they are seen.
pub(in crate::windows::pages) fn visit_item(w: Words, item: VisitItem) -> AnyView {
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
                            {material.said.then(|| view! { <span class="check-note">{w.t("queue-papers-said")}</span> })}
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

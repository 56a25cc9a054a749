//! Forms of the page on which staff run a session.

use super::Typed;
use crate::{
    files::pdf_field,
    i18n::Words,
    meetings::{Way, limits::PAPERS},
    ui::parts::*,
};
use leptos::prelude::*;

/// An item for the agenda.
pub(super) fn item_form(w: Words, here: &str, typed: &Typed, key: &str, proposals: Vec<(String, String)>) -> AnyView {
    let choose = (!proposals.is_empty()).then(|| {
        let options: Vec<(String, String)> =
            [(String::new(), w.t("meeting-item-own"))].into_iter().chain(proposals).collect();
        view! {
            <SelectField
                w=w
                name="item_proposal"
                label=w.t("meeting-item-proposal")
                options=options
                value=typed.get("item_proposal")
                error=typed.error("item_proposal")
                optional=true
            />
        }
    });
    view! {
        <details class="more" id="add-item" open=typed.troubled("item")>
            <summary>{w.t("meeting-item-add")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/agenda")>
                    <input type="hidden" name="key" value=key.to_owned()/>
                    {choose}
                    <TextField
                        w=w
                        name="item_title"
                        label=w.t("meeting-item-title")
                        hint=w.t("meeting-item-title-hint")
                        value=typed.get("item_title")
                        error=typed.error("item_title")
                        optional=true
                    />
                    <TextArea
                        w=w
                        name="item_paper"
                        label=w.t("meeting-paper")
                        hint=w.t("meeting-paper-hint")
                        value=typed.get("item_paper")
                        error=typed.error("item_paper")
                        optional=true
                    />
                    <Button label=w.t("meeting-item-add")/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// A file for an item. There is such a form at each: what is wrong belongs to one of them.
pub(super) fn paper_form(w: Words, here: &str, typed: &Typed, key: &str, (item, title): (&str, &str)) -> AnyView {
    let error = typed.error("paper_file").filter(|_| typed.get("paper_item") == item);
    let wrong = error.is_some();
    let id = if wrong { "paper_file".to_owned() } else { format!("paper-{item}") };
    let hint = w.tf("meeting-paper-file-hint", &[("count", PAPERS.into())]);
    let field = pdf_field(id, w.t("meeting-paper-file"), hint, error);
    view! {
        <details class="more" open=wrong>
            <summary>{w.t("meeting-paper-add")}<span class="sr">" "{title.to_owned()}</span></summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/papers/{item}") enctype="multipart/form-data">
                    <input type="hidden" name="key" value=key.to_owned()/>
                    {field}
                    <Button label=w.t("meeting-paper-add-do")/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// A ballot on an item.
pub(super) fn ballot_form(w: Words, here: &str, typed: &Typed, key: &str, items: Vec<(String, String)>) -> AnyView {
    let ways = Way::ALL
        .iter()
        .map(|way| {
            let note = match way {
                Way::Open => "meeting-way-open-note",
                Way::Secret => "meeting-way-secret-note",
                Way::Hands => "meeting-way-hands-note",
            };
            Choice::new(way.code(), w.t(way.key())).note(w.t(note))
        })
        .collect();
    let first = items.first().map(|(id, _)| id.clone()).unwrap_or_default();
    view! {
        <details class="more" id="add-ballot" open=typed.troubled("ballot")>
            <summary>{w.t("meeting-ballot-add")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/ballots")>
                    <input type="hidden" name="key" value=key.to_owned()/>
                    <SelectField
                        w=w
                        name="ballot_item"
                        label=w.t("meeting-ballot-item")
                        options=items
                        value=typed.or("ballot_item", first)
                        error=typed.error("ballot_item")
                    />
                    <TextField
                        w=w
                        name="ballot_question"
                        label=w.t("meeting-ballot-question")
                        value=typed.get("ballot_question")
                        error=typed.error("ballot_question")
                    />
                    <RadioField
                        name="ballot_way"
                        legend=w.t("meeting-ballot-way")
                        choices=ways
                        value=typed.or("ballot_way", "open")
                        error=typed.error("ballot_way")
                    />
                    <TextArea
                        w=w
                        name="ballot_options"
                        label=w.t("meeting-ballot-options")
                        hint=w.t("meeting-ballot-options-hint")
                        value=typed.get("ballot_options")
                        error=typed.error("ballot_options")
                        optional=true
                    />
                    <Button label=w.t("meeting-ballot-add")/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// A resolution.
pub(super) fn resolution_form(
    w: Words,
    here: &str,
    typed: &Typed,
    key: &str,
    owners: Vec<(String, String)>,
    decided: Vec<(String, String)>,
) -> AnyView {
    let ballots = (!decided.is_empty()).then(|| {
        let options: Vec<(String, String)> =
            [(String::new(), w.t("meeting-resolution-no-ballot"))].into_iter().chain(decided).collect();
        view! {
            <SelectField
                w=w
                name="resolution_ballot"
                label=w.t("meeting-resolution-ballot")
                options=options
                value=typed.get("resolution_ballot")
                error=typed.error("resolution_ballot")
                optional=true
            />
        }
    });
    let first = owners.first().map(|(id, _)| id.clone()).unwrap_or_default();
    view! {
        <details class="more" id="resolve" open=typed.troubled("resolution")>
            <summary>{w.t("meeting-resolution-add")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/resolutions")>
                    <input type="hidden" name="key" value=key.to_owned()/>
                    <TextArea
                        w=w
                        name="resolution_text"
                        label=w.t("meeting-resolution-text")
                        value=typed.get("resolution_text")
                        error=typed.error("resolution_text")
                    />
                    {ballots}
                    <SelectField
                        w=w
                        name="resolution_owner"
                        label=w.t("meeting-resolution-owner")
                        hint=w.t("meeting-resolution-owner-hint")
                        options=owners
                        value=typed.or("resolution_owner", first)
                        error=typed.error("resolution_owner")
                    />
                    <TextField
                        w=w
                        name="resolution_due"
                        label=w.t("meeting-resolution-due")
                        value=typed.get("resolution_due")
                        kind="date"
                        error=typed.error("resolution_due")
                    />
                    <TextField
                        w=w
                        name="resolution_report"
                        label=w.t("meeting-resolution-report")
                        hint=w.t("meeting-resolution-report-hint")
                        value=typed.get("resolution_report")
                        width="w-mid"
                        error=typed.error("resolution_report")
                        optional=true
                    />
                    <Button label=w.t("meeting-resolution-add")/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// What was said.
pub(super) fn notes_form(w: Words, here: &str, version: i64, typed: &Typed, notes: &str) -> AnyView {
    view! {
        <form class="stack" method="post" action=format!("{here}/notes")>
            <input type="hidden" name="version" value=version.to_string()/>
            <TextArea
                w=w
                name="notes"
                label=w.t("meeting-notes-label")
                hint=w.t("meeting-notes-hint")
                value=typed.or("notes", notes)
                error=typed.error("notes")
                optional=true
                rows=6
            />
            <Button label=w.t("meeting-save")/>
        </form>
    }
    .into_any()
}

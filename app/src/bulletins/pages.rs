//! Pages of this room: the list, one bulletin with what can be done with it, its editor, what is printed, what everybody reads.

mod figures;
mod one;

pub use figures::figures;
pub use one::{EditPage, OnePage, PaperPage, Preview, State, edit_page, one_page, paper_page};

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A bulletin in the list.
pub struct BulletinRow {
    /// Where it is.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its organisation and period.
    pub note: String,
    /// Its state.
    pub state: State,
}

/// What `/staff/bulletins` shows.
pub struct ListPage {
    /// Words.
    pub w: Words,
    /// The newest first.
    pub rows: Vec<BulletinRow>,
    /// The form of a new one, for those who may write.
    pub making: Option<Making>,
}

/// The form of a new one.
pub struct Making {
    /// Code and name of organisations.
    pub places: Vec<(String, String)>,
    /// The chosen one.
    pub place: String,
    /// Code and name of weeks and months.
    pub periods: Vec<(String, String)>,
    /// The chosen one.
    pub period: String,
    /// One form makes one.
    pub key: String,
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
}

/// The list.
pub fn list_page(page: ListPage) -> AnyView {
    let ListPage { w, rows, making } = page;
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <Item w=w href=row.href title=row.title note=row.note icon_name="list">{one::badge(w, row.state)}</Item>
            }
        })
        .collect_view();
    let list = if none {
        view! { <p class="muted">{w.t("bulletins-none")}</p> }.into_any()
    } else {
        view! { <List>{rows}</List> }.into_any()
    };
    let making = making.map(|making| {
        let open = none || !making.errors.is_empty();
        let summary = making.errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
        view! {
            <ErrorSummary w=w errors=summary/>
            <details class="more" id="make" open=open>
                <summary>{w.t("bulletins-make")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action="/staff/bulletins">
                        <input type="hidden" name="key" value=making.key/>
                        <SelectField
                            w=w
                            name="organisation"
                            label=w.t("bulletins-organisation")
                            options=making.places
                            value=making.place
                            error=making.errors.get("organisation").cloned()
                        />
                        <SelectField
                            w=w
                            name="period"
                            label=w.t("bulletins-period")
                            hint=w.t("bulletins-period-hint")
                            options=making.periods
                            value=making.period
                            error=making.errors.get("period").cloned()
                        />
                        <Button label=w.t("bulletins-make-do") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        }
    });
    view! {
        <p class="lead">{w.t("bulletins-lead")}</p>
        {list}
        {making}
    }
    .into_any()
}

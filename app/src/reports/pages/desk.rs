//! `/staff/reports`: what is open, by lateness, with filters in the address.

use super::{Due, due_view, tone};
use crate::{i18n::Words, reports::State, ui::parts::*};
use leptos::prelude::*;

/// A report on the desk.
pub struct DeskRow {
    /// Where it leads.
    pub href: String,
    /// Its code.
    pub code: String,
    /// Category.
    pub category: String,
    /// Grid and building.
    pub place: String,
    /// State.
    pub state: State,
    /// Who handles it.
    pub owner: String,
    /// When it was filed.
    pub filed: String,
    /// Time limit, while it is open.
    pub due: Option<Due>,
}

/// What the desk shows.
pub struct DeskPage {
    /// Words.
    pub w: Words,
    /// Filters by state.
    pub states: Vec<Way>,
    /// Filters by kind.
    pub kinds: Vec<Way>,
    /// Filters by grid; none where there is one grid or very many.
    pub grids: Vec<Way>,
    /// The rows.
    pub rows: Vec<DeskRow>,
    /// This page, from 1.
    pub page: u32,
    /// The last page.
    pub pages: u32,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
}

/// The page.
pub fn desk_page(page: DeskPage) -> AnyView {
    let DeskPage { w, states, kinds, grids, rows, page, pages, previous, next } = page;
    let columns = [
        "reports-column-what",
        "reports-column-state",
        "reports-column-due",
        "reports-column-place",
        "reports-column-owner",
        "reports-column-filed",
    ];
    let columns: Vec<String> = columns.iter().map(|key| w.t(key)).collect();
    let body = if rows.is_empty() {
        view! { <Empty icon_name="check" title=w.t("reports-desk-empty") text=w.t("reports-desk-empty-text")/> }
            .into_any()
    } else {
        let rows = rows
            .into_iter()
            .map(|row| {
                vec![
                    Cell::new(view! {
                        <a href=row.href>{row.category}</a>
                        " "
                        <span class="small muted nowrap">{row.code}</span>
                    }),
                    Cell::new(view! { <Badge tone=tone(row.state) word=w.t(row.state.key())/> }),
                    Cell::new(row.due.map(due_view)),
                    Cell::new(row.place),
                    Cell::new(row.owner),
                    Cell::new(row.filed),
                ]
            })
            .collect();
        view! { <Table caption=w.t("reports-desk-caption") columns=columns rows=rows/> }.into_any()
    };
    let grids = (grids.len() > 2).then(|| view! { <Chips label=w.t("reports-filter-grid") ways=grids/> });
    view! {
        <Chips label=w.t("reports-filter-state") ways=states/>
        <details class="more">
            <summary>{w.t("reports-filter-more")}</summary>
            <div class="more-body stack">
                <Chips label=w.t("reports-filter-kind") ways=kinds/>
                {grids}
            </div>
        </details>
        {body}
        <Pagination w=w page=page pages=pages previous=previous next=next/>
    }
    .into_any()
}

//! The reports behind something unusual.

use crate::{
    i18n::Words,
    reports::{State, pages::tone},
    ui::parts::*,
};
use leptos::prelude::*;

/// A report behind it.
pub struct BehindRow {
    /// Code.
    pub code: String,
    /// Category.
    pub category: String,
    /// Community and grid.
    pub place: String,
    /// State now.
    pub state: State,
    /// When it was filed, in words.
    pub filed: String,
}

/// What the page shows.
pub struct BehindPage {
    /// Words.
    pub w: Words,
    /// The grid or category and the place.
    pub lead: String,
    /// How many there are.
    pub count: i64,
    /// The newest of them.
    pub rows: Vec<BehindRow>,
}

/// The page.
pub fn behind_page(page: BehindPage) -> AnyView {
    let BehindPage { w, lead, count, rows } = page;
    let shown = rows.len();
    let more = i64::try_from(shown).is_ok_and(|shown| shown < count);
    let columns = ["desk-stat-report", "desk-stat-place", "desk-stat-state", "net-filed"].map(|key| w.t(key)).to_vec();
    let rows = rows
        .into_iter()
        .map(|row| {
            let href = format!("/staff/reports/{}", row.code);
            vec![
                Cell::new(view! { <a href=href>{row.category}</a>" "<span class="muted nowrap">{row.code}</span> }),
                Cell::new(row.place),
                Cell::new(view! { <Badge tone=tone(row.state) word=w.t(row.state.key())/> }),
                Cell::new(row.filed),
            ]
        })
        .collect();
    view! {
        <p class="lead">{lead}" "{w.tf("desk-stat-count", &[("count", count.into())])}</p>
        <Table caption=w.t("net-behind") columns=columns rows=rows/>
        {more.then(|| view! { <p class="muted">{w.tf("desk-stat-more", &[("shown", shown.into())])}</p> })}
    }
    .into_any()
}

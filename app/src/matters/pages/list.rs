//! The list of matters.

use super::badges;
use crate::{
    i18n::Words,
    matters::{clock::Late, life::State},
    ui::parts::*,
};
use leptos::prelude::*;

/// A matter in the list.
pub struct MatterRow {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// From whom to whom.
    pub between: String,
    /// Its clock in words.
    pub clock: String,
    /// State.
    pub state: State,
    /// Over its time.
    pub late: Option<Late>,
}

/// What the list shows.
pub struct ListPage {
    /// Words.
    pub w: Words,
    /// Tabs.
    pub tabs: Vec<Way>,
    /// Filters by kind.
    pub kinds: Vec<Way>,
    /// Filters by way.
    pub ways: Vec<Way>,
    /// The tab's code, for the search.
    pub tab: String,
    /// What was looked for.
    pub search: String,
    /// The rows.
    pub rows: Vec<MatterRow>,
    /// The first page, when this is another one.
    pub first: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The reader may send some.
    pub may_send: bool,
    /// The reader may look after platforms.
    pub may_platforms: bool,
}

/// The list.
pub fn list(page: ListPage) -> AnyView {
    let ListPage { w, tabs, kinds, ways, tab, search, rows, first, next, may_send, may_platforms } = page;
    let narrowed = !search.is_empty() || [&kinds, &ways].iter().any(|all| all.iter().skip(1).any(|way| way.current));
    let body = if rows.is_empty() {
        view! { <Empty icon_name="list" title=w.t("matters-empty") text=w.t("matters-empty-text")/> }.into_any()
    } else {
        let rows = rows
            .into_iter()
            .map(|row| {
                let note = format!("{} · {} · {}", row.number, row.between, row.clock);
                view! {
                    <Item w=w href=format!("/staff/matters/{}", row.id) title=row.title note=note>
                        {badges(w, row.state, row.late)}
                    </Item>
                }
            })
            .collect_view();
        view! { <List>{rows}</List> }.into_any()
    };
    let pages = (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pages" aria-label=w.t("ui-pages")>
                {first.map(|href| view! { <a rel="first" href=href>{w.t("desk-first-page")}</a> })}
                {next.map(|href| view! { <a rel="next" href=href>{w.t("ui-page-next")}</a> })}
            </nav>
        }
    });
    view! {
        <p class="lead">{w.t("matters-lead")}</p>
        <Buttons>
            {may_send.then(|| view! { <LinkButton href="/staff/matters/new" label=w.t("matters-new") weight=Weight::Primary icon_name="plus"/> })}
            {may_platforms.then(|| view! { <LinkButton href="/staff/matters/platforms" label=w.t("matters-platforms")/> })}
        </Buttons>
        <Tabs label=w.t("matters-tabs") ways=tabs/>
        <details class="more-filters" open=narrowed>
            <summary>{w.t("matters-filters")}</summary>
            <div class="stack tight">
                <Chips label=w.t("matters-filter-kind") ways=kinds/>
                <Chips label=w.t("matters-filter-way") ways=ways/>
                <form class="cluster" method="get" action="/staff/matters">
                    <input type="hidden" name="tab" value=tab/>
                    <TextField w=w name="q" label=w.t("matters-search") value=search kind="search" optional=true width="w-mid"/>
                    <Button label=w.t("matters-search-do")/>
                </form>
            </div>
        </details>
        {body}
        {pages}
    }
    .into_any()
}

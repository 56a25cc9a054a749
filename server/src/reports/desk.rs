//! The desk of staff: what is open, and which filters it has.

use super::{
    categories,
    store::{self, Filter, PAGE},
    view,
};
use crate::{
    http::{Ctx, Page, Result},
    places::{self, OrganisationKind},
};
use app::{
    people::Action,
    reports::{
        State,
        pages::{DeskPage, DeskRow, desk_page},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use axum::extract::Query;
use serde::Deserialize;

/// The desk's filters, as the address says them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeskQuery {
    state: String,
    kind: String,
    grid: String,
    page: i64,
}

impl DeskQuery {
    fn address(&self) -> String {
        let pairs = [("state", &self.state), ("kind", &self.kind), ("grid", &self.grid)];
        let query: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::http::page::encode(value)))
            .collect();
        if query.is_empty() { "/staff/reports".to_owned() } else { format!("/staff/reports?{}", query.join("&")) }
    }

    fn with_page(&self, page: i64) -> String {
        let address = self.address();
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}page={page}")
    }
}

/// `/staff/reports`.
pub async fn desk(ctx: Ctx, Query(query): Query<DeskQuery>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let w = ctx.w;
    let db = &ctx.app.db;
    let scopes = actor.scopes(Action::ReportRead);
    let query = DeskQuery {
        state: if query.state.is_empty() { "open".to_owned() } else { query.state },
        page: query.page.clamp(1, 10_000),
        ..query
    };
    let filter = Filter {
        state: if query.state == "all" { String::new() } else { query.state.clone() },
        major: query.kind.clone(),
        grid: query.grid.clone(),
    };
    let counts = store::desk_counts(db, &scopes, &filter, ctx.now).await?;
    let count = |wanted: &str| -> i64 {
        counts
            .iter()
            .filter_map(|(code, all, late)| {
                let open = State::from_code(code).is_some_and(|state| !state.is_over());
                match wanted {
                    "all" => Some(*all),
                    "open" => open.then_some(*all),
                    "late" => open.then_some(*late),
                    other => (other == code).then_some(*all),
                }
            })
            .sum()
    };
    let state_way = |code: &str, word: String| {
        let to = DeskQuery { state: code.to_owned(), ..query.clone() };
        Way::new(to.address(), word, query.state == code).count(count(code))
    };
    let mut states = vec![state_way("open", w.t("reports-filter-open")), state_way("late", w.t("reports-filter-late"))];
    states.extend(State::ALL.into_iter().map(|state| state_way(state.code(), w.t(state.key()))));
    states.push(state_way("all", w.t("reports-filter-all")));

    let kind_way = |code: &str, word: &str| {
        Way::new(DeskQuery { kind: code.to_owned(), ..query.clone() }.address(), word, query.kind == code)
    };
    let mut kinds = vec![kind_way("", &w.t("reports-filter-all"))];
    for category in categories::all(db).await? {
        let word = w.pick(&category.major_name, &category.major_name_en);
        if kinds.last().is_none_or(|last| last.word != word) {
            kinds.push(kind_way(&category.major, word));
        }
    }
    let grid_way = |code: &str, word: &str| {
        Way::new(DeskQuery { grid: code.to_owned(), ..query.clone() }.address(), word, query.grid == code)
    };
    let mut grids = vec![grid_way("", &w.t("reports-filter-all"))];
    for scope in &scopes {
        for grid in places::store::under(db, scope, OrganisationKind::Grid).await? {
            grids.push(grid_way(&grid.code, w.pick(&grid.name, &grid.name_en)));
        }
    }
    // Names of grids say something inside one community only.
    if grids.len() > 9 {
        grids.clear();
    }

    let reports = store::desk(db, &scopes, &filter, query.page, ctx.now).await?;
    let pages = (count(&query.state) + PAGE - 1) / PAGE;
    let many = grids.is_empty();
    let rows = reports
        .iter()
        .map(|report| DeskRow {
            href: format!("/staff/reports/{}", report.code),
            code: report.code.clone(),
            category: view::category(w, report),
            place: if many { view::whole_place(w, report) } else { view::place(w, report) },
            state: report.state(),
            owner: report.owner_name.clone().unwrap_or_default(),
            filed: time::ago(w, report.filed(), ctx.now),
            due: view::due(w, report, ctx.now),
        })
        .collect();
    let page = DeskPage {
        w,
        states,
        kinds,
        grids,
        rows,
        page: u32::try_from(query.page).unwrap_or(1),
        pages: u32::try_from(pages).unwrap_or(1),
        previous: (query.page > 1).then(|| query.with_page(query.page - 1)),
        next: (query.page < pages).then(|| query.with_page(query.page + 1)),
    };
    Ok(Page::new(&ctx, w.t("reports-desk")).tab(Tab::StaffReports).render(desk_page(page)))
}

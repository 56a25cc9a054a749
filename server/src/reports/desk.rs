//! The desk of staff: what is open by lateness, with filters in the address, several at once by bulk.

use super::{
    categories,
    queue::{self, Asked, Count, Counts, Cursor, MOST_COUNTED, Reach, Waits},
    view,
};
use crate::{
    http::{Ctx, Page, Params, Result},
    places::{self, OrganisationKind},
};
use app::{
    i18n::Words,
    people::Action,
    reports::{
        Channel, State,
        pages::{DeskFilter, DeskPage, DeskRow, desk_page},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use axum::{
    http::{HeaderValue, header},
    response::IntoResponse,
};
use serde::Deserialize;

/// The desk's filters, as the address says them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeskQuery {
    state: String,
    place: String,
    kind: String,
    category: String,
    grid: String,
    owner: String,
    channel: String,
    q: String,
    after: String,
}

impl DeskQuery {
    fn pairs(&self) -> [(&'static str, &str); 8] {
        [
            ("state", &self.state),
            ("place", &self.place),
            ("kind", &self.kind),
            ("category", &self.category),
            ("grid", &self.grid),
            ("owner", &self.owner),
            ("channel", &self.channel),
            ("q", &self.q),
        ]
    }

    /// The address without the page.
    fn address(&self) -> String {
        let pairs = self.pairs();
        let query: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::http::page::encode(value)))
            .collect();
        if query.is_empty() { "/staff/reports".to_owned() } else { format!("/staff/reports?{}", query.join("&")) }
    }

    fn with_page(&self, after: &Cursor) -> String {
        let address = self.address();
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}after={}", after.code())
    }

    fn asked(&self) -> Asked {
        Asked {
            state: self.state.clone(),
            major: self.kind.clone(),
            category: self.category.clone(),
            grid: self.grid.clone(),
            owner: self.owner.clone(),
            channel: self.channel.clone(),
            text: self.q.chars().take(100).collect(),
        }
    }
}

/// The reader's places, cut to what lies in the place that the address names.
async fn within(
    db: &crate::db::Db,
    scopes: Vec<&str>,
    place: &str,
) -> std::result::Result<(Vec<String>, Option<places::Organisation>), sqlx::Error> {
    let all = || scopes.iter().map(|scope| (*scope).to_owned());
    if place.is_empty() {
        return Ok((all().collect(), None));
    }
    let Some(place) = places::store::by_code(db, place).await? else { return Ok((Vec::new(), None)) };
    let cut = if scopes.iter().any(|scope| place.path.starts_with(scope)) {
        vec![place.path.clone()]
    } else {
        all().filter(|scope| scope.starts_with(&place.path)).collect()
    };
    Ok((cut, Some(place)))
}

/// `/staff/reports`.
pub async fn desk(ctx: Ctx, Params(query): Params<DeskQuery>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let w = ctx.w;
    let db = &ctx.app.db;
    let (scopes, place) = within(db, actor.scopes(Action::ReportRead), &query.place).await?;
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let state = if query.state.is_empty() { "open".to_owned() } else { query.state.clone() };
    let query = DeskQuery { state, ..query };
    let asked = query.asked();
    let decides = (!actor.scopes(Action::ReportManage).is_empty(), !actor.scopes(Action::ReportSupervise).is_empty());
    let reach = Reach::of(db, &scopes, &query.grid).await?;
    let counts = queue::counts(db, &reach, (&asked, &actor.id), ctx.now).await?;
    let states = states(w, &query, &counts, (queue::waits(db, &reach).await?, decides));
    let mut filters = filters(&ctx, &query, &scopes).await?;
    if let Some(place) = place {
        let name = w.pick(&place.name, &place.name_en).to_owned();
        let without = DeskQuery { place: String::new(), ..query.clone() }.address();
        let choices = vec![(String::new(), w.t("reports-filter-all")), (place.code.clone(), name)];
        filters.push(DeskFilter { name: "place", label: w.t("desk-stat-place"), choices, value: place.code, without });
    }
    let many = filters.iter().all(|filter| filter.name != "grid");
    let after = Cursor::from_code(&query.after);
    let (reports, next) = queue::page(db, &reach, (&asked, &actor.id), after.as_ref(), ctx.now).await?;
    let rows = reports
        .iter()
        .map(|report| DeskRow {
            href: format!("/staff/reports/{}", report.code),
            code: report.code.clone(),
            version: report.version,
            category: view::category(w, report),
            place: if many { view::whole_place(w, report) } else { view::place(w, report) },
            said: report.description.chars().take(60).collect(),
            state: report.state(),
            owner: report.owner_name.clone().unwrap_or_default(),
            filed: time::ago(w, report.filed(), ctx.now),
            due: view::due_of_owner(w, report, ctx.now),
        })
        .collect();
    let resolved = crate::meetings::routes::of_desk(&ctx).await?;
    let page = DeskPage {
        w,
        states,
        filters,
        kept: query.pairs().into_iter().filter(|(name, _)| *name == "state").map(own).collect(),
        text: query.q.clone(),
        rows,
        first: after.is_some().then(|| query.address()),
        next: next.map(|cursor| query.with_page(&cursor)),
        manages: decides.0,
        // Of all the reader's places, as the page asks for it later.
        version: queue::version(db, &Reach::of(db, &actor.scopes(Action::ReportRead), "").await?).await?,
        plan: query.address().replacen("/staff/reports", "/staff/reports/plan.geojson", 1),
        sets: !actor.scopes(Action::ReportSettings).is_empty(),
        counts: !actor.scopes(Action::StatisticsRead).is_empty(),
    };
    Ok(Page::new(&ctx, w.t("reports-desk")).tab(Tab::StaffReports).render((desk_page(page), resolved)))
}

fn own((name, value): (&'static str, &str)) -> (&'static str, String) {
    (name, value.to_owned())
}

/// The chips of states, with how many there are of what is open.
fn states(
    w: Words,
    query: &DeskQuery,
    counts: &Counts,
    (waits, (community, street)): (Waits, (bool, bool)),
) -> Vec<Way> {
    let Counts { states: counts, more } = counts;
    let way = |code: &str, word: String| {
        let to = DeskQuery { state: code.to_owned(), ..query.clone() };
        Way::new(to.address(), word, query.state == code).at_least(*more)
    };
    let sum = |of: fn(&Count) -> i64| counts.iter().map(of).sum::<i64>().min(MOST_COUNTED);
    let mut ways = vec![
        way("open", w.t("reports-filter-open")).count(sum(|row| row.all)),
        way("late", w.t("reports-filter-late")).count(sum(|row| row.late)),
        way("today", w.t("desk-filter-today")).count(sum(|row| row.today)),
        way("unassigned", w.t("desk-filter-unassigned")).count(sum(|row| row.unassigned)),
        way("verify", w.t("desk-filter-verify")).count(sum(|row| row.verify)),
    ];
    let decisions = [
        ("extension-1", "desk-filter-extension", waits.first, community),
        ("extension-2", "desk-filter-extension-above", waits.second, street),
        ("returned", "desk-filter-returned", waits.returned, community),
        ("ordered", "desk-filter-ordered", waits.ordered, true),
    ];
    for (code, key, count, concerned) in decisions {
        // Chips for what waits for a decision come when something does.
        if (concerned && count > 0) || query.state == code {
            ways.push(way(code, w.t(key)).count(count));
        }
    }
    for state in State::ALL {
        let count = counts.iter().find(|row| row.state == state.code()).map_or(0, |row| row.all);
        let chosen = query.state == state.code();
        if count > 0 || chosen || state.is_over() {
            let way = way(state.code(), w.t(state.key()));
            ways.push(if state.is_over() { way } else { way.count(count) });
        }
    }
    ways.push(way("all", w.t("reports-filter-all")));
    ways
}

/// The other filters, with their choices.
async fn filters(
    ctx: &Ctx,
    query: &DeskQuery,
    scopes: &[&str],
) -> std::result::Result<Vec<DeskFilter>, crate::http::Error> {
    let w = ctx.w;
    let db = &ctx.app.db;
    let all = || vec![(String::new(), w.t("reports-filter-all"))];
    let (mut kinds, mut categories_) = (all(), all());
    for category in categories::all(db).await? {
        let word = w.pick(&category.major_name, &category.major_name_en).to_owned();
        if kinds.last().is_none_or(|(code, _)| *code != category.major) {
            kinds.push((category.major.clone(), word));
        }
        if query.kind.is_empty() || query.kind == category.major {
            categories_.push((category.code, w.pick(&category.name, &category.name_en).to_owned()));
        }
    }
    let mut grids = all();
    for scope in scopes {
        for grid in places::store::under(db, scope, OrganisationKind::Grid).await? {
            grids.push((grid.code, w.pick(&grid.name, &grid.name_en).to_owned()));
        }
    }
    let mut owners = all();
    for (id, name, unit) in queue::owners(db, scopes).await? {
        owners.push((id, if unit.is_empty() { name } else { format!("{unit} · {name}") }));
    }
    let mut channels = all();
    channels.extend(Channel::ALL.map(|channel| (channel.code().to_owned(), w.t(channel.key()))));
    let filter = |name: &'static str, label: &str, choices: Vec<(String, String)>, value: &str, without: DeskQuery| {
        DeskFilter { name, label: w.t(label), choices, value: value.to_owned(), without: without.address() }
    };
    let mut filters = vec![
        filter("kind", "reports-filter-kind", kinds, &query.kind, DeskQuery { kind: String::new(), ..query.clone() }),
        filter(
            "category",
            "desk-filter-category",
            categories_,
            &query.category,
            DeskQuery { category: String::new(), ..query.clone() },
        ),
        filter("owner", "desk-filter-owner", owners, &query.owner, DeskQuery { owner: String::new(), ..query.clone() }),
        filter(
            "channel",
            "desk-filter-channel",
            channels,
            &query.channel,
            DeskQuery { channel: String::new(), ..query.clone() },
        ),
    ];
    // Names of grids say something inside one community only.
    if grids.len() <= 12 {
        let without = DeskQuery { grid: String::new(), ..query.clone() };
        filters.insert(2, filter("grid", "reports-filter-grid", grids, &query.grid, without));
    }
    Ok(filters)
}

/// `/staff/reports/version`: a number that changes whenever something happens to a report of the reader's places.
pub async fn version(ctx: Ctx) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let db = &ctx.app.db;
    let version = queue::version(db, &Reach::of(db, &actor.scopes(Action::ReportRead), "").await?).await?;
    let mut response = version.to_string().into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Reports on the plan, at most: the most urgent.
const MARKERS: usize = 300;

/// `/staff/reports/plan.geojson`: what the filters show, on the plan of the reader's places (RFC 7946). For staff each
/// report stands at its own position.
pub async fn plan(ctx: Ctx, Params(query): Params<DeskQuery>) -> Result {
    use serde_json::json;
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let (db, w) = (&ctx.app.db, ctx.w);
    let (scopes, _) = within(db, actor.scopes(Action::ReportRead), &query.place).await?;
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let state = if query.state.is_empty() { "open".to_owned() } else { query.state.clone() };
    let asked = DeskQuery { state, ..query }.asked();
    let reach = Reach::of(db, &scopes, &asked.grid).await?;
    let mut reports = Vec::new();
    let mut after = None;
    while reports.len() < MARKERS {
        let (page, next) = queue::page(db, &reach, (&asked, &actor.id), after.as_ref(), ctx.now).await?;
        reports.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    let mut features = Vec::new();
    let mut middles = std::collections::BTreeMap::new();
    // Grids where the reader works and, for somebody who works in a part of a community, no others.
    for scope in &scopes {
        for grid in places::store::under(db, scope, OrganisationKind::Grid).await? {
            let outline = super::file::outline(&grid);
            if outline.len() < 4 || middles.contains_key(&grid.path) {
                continue;
            }
            middles.extend(super::list::middle(&outline).map(|at| (grid.path.clone(), at)));
            features.push(json!({
                "type": "Feature",
                "properties": { "kind": "grid", "code": grid.code, "name": w.pick(&grid.name, &grid.name_en) },
                "geometry": { "type": "Polygon", "coordinates": [outline] },
            }));
        }
    }
    for report in reports.iter().take(MARKERS) {
        let own = report.at_longitude.zip(report.at_latitude).map(|(longitude, latitude)| [longitude, latitude]);
        let grid = || middles.iter().find(|(path, _)| report.path.starts_with(path.as_str())).map(|(_, at)| *at);
        let Some(at) = own.or_else(grid) else { continue };
        features.push(json!({
            "type": "Feature",
            "properties": {
                "kind": "report",
                "code": report.code,
                "name": view::category(w, report),
                "place": view::place(w, report),
                "state": w.t(report.state().key()),
            },
            "geometry": { "type": "Point", "coordinates": at },
        }));
    }
    let mut response = json!({ "type": "FeatureCollection", "features": features }).to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

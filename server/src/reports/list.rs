//! The public list of a community's reports, its feed, and what its map shows.

use super::{
    categories, join,
    open::{self, Cursor, OpenReport, Wish},
    store::instant,
};
use crate::{
    deliver::outbox::absolute,
    http::{
        Ctx, Error, Page, Params, Result,
        feed::{self, Entry, Feed},
        page::encode,
    },
    places::{self, Organisation, OrganisationKind, landmarks},
};
use app::{
    reports::pages::{OpenListPage, open_list_page},
    ui::{parts::*, shell::Tab},
};
use axum::{extract::Path, http::HeaderMap};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::fmt::Write;

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    community: String,
    kind: String,
    state: String,
    grid: String,
    days: String,
    after: String,
}

/// The times that the list offers, in days.
const DAYS: [i64; 3] = [7, 30, 90];
/// Entries of the feed, and markers on the map.
const ENTRIES: usize = 50;
const MARKERS: usize = 300;

impl Query {
    fn wish(&self) -> Wish {
        let days = self.days.parse().ok().filter(|days| DAYS.contains(days)).unwrap_or(0);
        let state = if matches!(self.state.as_str(), "open" | "closed") { self.state.clone() } else { String::new() };
        Wish { major: self.kind.clone(), state, grid: self.grid.clone(), days }
    }

    /// The same list with one thing changed; the page begins anew.
    fn with(&self, name: &str, value: &str) -> String {
        let filters = self.filters(name, value);
        if filters.is_empty() { "/reports".to_owned() } else { format!("/reports?{}", &filters[1..]) }
    }

    /// The feed of the same list.
    fn feed(&self) -> String {
        format!("/reports.atom?{}", &self.filters("", "")[1..])
    }

    /// The filters, each with `&` before it, one of them changed.
    fn filters(&self, name: &str, value: &str) -> String {
        let mut filters = String::new();
        for (key, now) in [
            // Named in the address: another one than the reader's own.
            ("community", &self.community),
            ("kind", &self.kind),
            ("state", &self.state),
            ("grid", &self.grid),
            ("days", &self.days),
        ] {
            let value = if key == name { value } else { now };
            if !value.is_empty() {
                let _ = write!(filters, "&{key}={}", encode(value));
            }
        }
        filters
    }
}

async fn named(ctx: &Ctx, code: &str) -> std::result::Result<Organisation, Error> {
    places::store::community_by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)
}

/// `/reports`: what was reported in the chosen community.
pub async fn list(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let w = ctx.w;
    let title = w.t("reports-more-list");
    let community = match (query.community.as_str(), &ctx.community) {
        ("", Some(community)) => community.clone(),
        ("", None) => {
            let body = view! {
                <Empty icon_name="pin" title=w.t("reports-choose-community") text=w.t("reports-more-list-choose")>
                    <LinkButton href="/communities?next=%2Freports" label=w.t("choose-community") weight=Weight::Primary/>
                </Empty>
            };
            return Ok(Page::new(&ctx, title).tab(Tab::Report).render(body));
        }
        (code, _) => named(&ctx, code).await?,
    };
    let wish = query.wish();
    let after = Cursor::from_code(&query.after);
    let (rows, next) = open::list(&ctx.app.db, &community.id, &wish, (after.as_ref(), open::PAGE), ctx.now).await?;
    let majors = majors(&ctx).await?;
    let grids = places::store::under(&ctx.app.db, &community.path, OrganisationKind::Grid).await?;
    let way = |name: &str, now: &str, value: &str, word: String| Way::new(query.with(name, value), word, now == value);
    let all = |name: &str, now: &str| way(name, now, "", w.t("reports-filter-all"));
    let state = [all("state", &wish.state)]
        .into_iter()
        .chain(
            [("open", "reports-filter-open"), ("closed", "reports-more-filter-over")]
                .map(|(value, key)| way("state", &wish.state, value, w.t(key))),
        )
        .collect();
    let kinds = [all("kind", &wish.major)]
        .into_iter()
        .chain(majors.into_iter().map(|(code, word)| way("kind", &wish.major, &code, word)))
        .collect();
    let grid_ways = [all("grid", &wish.grid)]
        .into_iter()
        .chain(grids.iter().map(|g| way("grid", &wish.grid, &g.code, w.pick(&g.name, &g.name_en).to_owned())))
        .collect();
    let days_now = if wish.days > 0 { wish.days.to_string() } else { String::new() };
    let days = [all("days", &days_now)]
        .into_iter()
        .chain(DAYS.map(|days| {
            way("days", &days_now, &days.to_string(), w.tf("reports-more-filter-days", &[("count", days.into())]))
        }))
        .collect();
    let first = query.with("", "");
    let next = next.map(|cursor| {
        let mark = if first.contains('?') { '&' } else { '?' };
        format!("{first}{mark}after={}", cursor.code())
    });
    let view = OpenListPage {
        w,
        cards: rows.iter().map(|report| join::card(&ctx, report)).collect(),
        state,
        kinds,
        grids: grid_ways,
        days,
        narrowed: !wish.major.is_empty() || !wish.grid.is_empty() || wish.days > 0,
        filtered: wish != Wish::default(),
        first: after.is_some().then_some(first),
        next,
        feed: Query { community: community.code.clone(), ..query.clone() }.feed(),
        plan: match query.filters("community", "").get(1..) {
            None | Some("") => format!("/api/v1/communities/{}/plan.geojson", encode(&community.code)),
            Some(filters) => format!("/api/v1/communities/{}/plan.geojson?{filters}", encode(&community.code)),
        },
        signed_in: ctx.actor.is_some(),
    };
    let page = Page::new(&ctx, title).tab(Tab::Report).description(w.t("reports-more-list-lead"));
    Ok(page.render(open_list_page(view)))
}

async fn majors(ctx: &Ctx) -> std::result::Result<Vec<(String, String)>, Error> {
    let mut majors: Vec<(String, String)> = Vec::new();
    for category in categories::all(&ctx.app.db).await? {
        if !majors.iter().any(|(code, _)| *code == category.major) {
            let word = ctx.w.pick(&category.major_name, &category.major_name_en).to_owned();
            majors.push((category.major, word));
        }
    }
    Ok(majors)
}

/// `/reports.atom?community=`: what was reported, and every change of it.
pub async fn atom(ctx: Ctx, asked_with: HeaderMap, Params(query): Params<Query>) -> Result {
    let community = named(&ctx, &query.community).await?;
    let (app, w) = (&ctx.app, ctx.w);
    let (rows, _) = open::list(&app.db, &community.id, &query.wish(), (None, ENTRIES), ctx.now).await?;
    let name = w.pick(&community.name, &community.name_en).to_owned();
    let entries = rows
        .iter()
        .map(|report| {
            let page = absolute(app, &format!("/reports/{}", report.code));
            let category = w.pick(&report.category_name, &report.category_name_en).to_owned();
            let place = join::place(&ctx, report);
            let state = w.t(report.state().key());
            let said = report.said.clone().unwrap_or_default();
            Entry {
                id: page.clone(),
                title: if place.is_empty() { category.clone() } else { format!("{category} · {place}") },
                page,
                published: instant(report.filed_at),
                updated: instant(report.changed_at),
                author: String::new(),
                category: Some((report.category.clone(), category)),
                summary: if said.is_empty() { state } else { format!("{state}：{said}") },
                html: String::new(),
                enclosure: None,
            }
        })
        .collect();
    let own = query.feed();
    let feed = Feed {
        id: absolute(app, &own),
        title: w.tf("reports-more-feed-of", &[("place", name.clone().into())]),
        lang: w.lang.tag(),
        own: absolute(app, &own),
        page: absolute(app, "/reports"),
        author: name,
        entries,
    };
    Ok(feed::public(&asked_with, feed::ATOM, feed.xml()?, 60))
}

/// Middle of an outline.
pub fn middle(outline: &[[f64; 2]]) -> Option<[f64; 2]> {
    let corners = outline.get(..outline.len().checked_sub(1)?).filter(|corners| !corners.is_empty())?;
    let count = f64::from(u32::try_from(corners.len()).ok()?);
    let sum = corners.iter().fold([0.0, 0.0], |sum, corner| [sum[0] + corner[0], sum[1] + corner[1]]);
    Some([sum[0] / count, sum[1] / count])
}

/// The community's own plan as GeoJSON (RFC 7946): outlines of its grids, points of its buildings and landmarks, and its
/// open reports (with `state=closed` those that are over), each at its building or landmark or in the middle of its grid:
/// never where its reporter stood.
#[utoipa::path(get, path = "/api/v1/communities/{code}/plan.geojson", tag = "reports",
    params(("code" = String, Path)), responses(
    (status = 200, description = "a FeatureCollection; `kind` is grid, building, landmark or report; WGS-84. `tiles`, where the \
        deployment has them: url, attribution, and whether they are drawn in GCJ-02"),
    (status = 404),
))]
pub(crate) async fn plan(
    ctx: Ctx,
    Path(code): Path<String>,
    asked_with: HeaderMap,
    Params(query): Params<Query>,
) -> Result {
    let community = named(&ctx, &code).await?;
    let (db, w) = (&ctx.app.db, ctx.w);
    let grids = places::store::under(db, &community.path, OrganisationKind::Grid).await?;
    let buildings = places::store::under(db, &community.path, OrganisationKind::Building).await?;
    let name = |place: &Organisation| w.pick(&place.name, &place.name_en).to_owned();
    let mut features = Vec::new();
    let mut middles = std::collections::BTreeMap::new();
    for grid in &grids {
        let outline = super::file::outline(grid);
        if outline.len() < 4 {
            continue;
        }
        middles.extend(middle(&outline).map(|at| (grid.code.clone(), at)));
        features.push(json!({
            "type": "Feature",
            "properties": { "kind": "grid", "code": grid.code, "name": name(grid) },
            "geometry": { "type": "Polygon", "coordinates": [outline] },
        }));
    }
    let mut points = std::collections::BTreeMap::new();
    let mut point = |kind: &str, code: &str, name: String, at: [f64; 2]| {
        points.insert(code.to_owned(), at);
        features.push(json!({
            "type": "Feature",
            "properties": { "kind": kind, "code": code, "name": name },
            "geometry": { "type": "Point", "coordinates": at },
        }));
    };
    for building in &buildings {
        let (Some(longitude), Some(latitude)) = (building.longitude, building.latitude) else { continue };
        point("building", &building.code, name(building), [longitude, latitude]);
    }
    for mark in landmarks::offered(db, &community.id).await? {
        let at = [mark.longitude, mark.latitude];
        point("landmark", &mark.code, w.pick(&mark.name, &mark.name_en).to_owned(), at);
    }
    let mut wish = query.wish();
    // What is done is on the map only when that is what is looked at.
    if wish.state.is_empty() {
        "open".clone_into(&mut wish.state);
    }
    let centre = community.longitude.zip(community.latitude).map(|(longitude, latitude)| [longitude, latitude]);
    let open = open::markers(db, &community.id, &wish, MARKERS, ctx.now).await?;
    for report in open {
        let at = report.building_code.as_ref().and_then(|code| points.get(code));
        let at = at.or_else(|| report.grid_code.as_ref().and_then(|code| middles.get(code))).copied().or(centre);
        let place = match join::place(&ctx, &report) {
            place if place.is_empty() => name(&community),
            place => place,
        };
        features.extend(at.map(|at| marker(&ctx, &report, place, at)));
    }
    let mut body = json!({ "type": "FeatureCollection", "features": features });
    if let Some(tiles) = &ctx.app.config.map_tiles {
        body["tiles"] = json!({ "url": tiles.url, "attribution": tiles.attribution, "gcj02": tiles.gcj02 });
    }
    let body = body.to_string();
    Ok(feed::public(&asked_with, "application/geo+json", body.into_bytes(), 60))
}

fn marker(ctx: &Ctx, report: &OpenReport, place: String, at: [f64; 2]) -> serde_json::Value {
    json!({
        "type": "Feature",
        "properties": {
            "kind": "report",
            "code": report.code,
            "name": ctx.w.pick(&report.category_name, &report.category_name_en),
            "place": place,
            "state": ctx.w.t(report.state().key()),
        },
        "geometry": { "type": "Point", "coordinates": at },
    })
}

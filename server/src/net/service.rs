//! What an organisation's home on the net shows, put together for somebody who may read it.

use super::{past::past, store, waiting};
pub use super::{
    store::{Behind, Of},
    waiting::Waits,
};
use crate::{
    db::Db,
    http::{Ctx, Error, Result},
    places::{self, Organisation, OrganisationKind},
    reports::{
        file::outline,
        queue::open_by::{self, Open, open_by},
        statistics::{
            figures::{About, ById, by_id},
            weekly::{self, Weeks},
        },
    },
};
use app::{
    net::{
        figure::Measured,
        unusual::{self, LEAST_WEEKS, Unusual, WEEKS},
    },
    people::Action,
    reports::statistics::By,
    time,
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// Reports behind something unusual that are listed at most.
const MOST_LISTED: i64 = 500;

/// A part of an organisation: a street of a district, a community of a street, a grid of a community.
#[derive(Clone, Debug)]
pub struct Part {
    /// It; `None` for what lies in no grid.
    pub place: Option<Organisation>,
    /// A grid that is no more: its ground is that of what it became.
    pub ended: bool,
    /// What is known of it.
    pub measured: Measured,
    /// Outlines of its grids.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// Outlines of grids that are no more and became only grids of this part: until somebody draws those, theirs is this ground.
    pub former: Vec<Vec<[f64; 2]>>,
}

/// A grid or category far above its own pattern.
#[derive(Clone, Debug)]
pub struct Odd {
    /// `grid` or `category`.
    pub kind: &'static str,
    /// Code of the grid or category.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The same in English, may be empty.
    pub name_en: String,
    /// For a grid seen from above its community: the community's name, also in English.
    pub around: Option<(String, String)>,
    /// The numbers.
    pub unusual: Unusual,
}

/// What is unusual in a place.
#[derive(Clone, Debug, Default)]
pub struct Odds {
    /// What is furthest above its pattern comes first.
    pub all: Vec<Odd>,
    /// There are too few weeks to say what is usual.
    pub young: bool,
}

/// An organisation's home.
#[derive(Clone, Debug)]
pub struct Home {
    /// It.
    pub place: Organisation,
    /// What lies above it in the reader's scope, from the top.
    pub above: Vec<Organisation>,
    /// All of it.
    pub sum: Measured,
    /// Its parts in the order of the tree.
    pub parts: Vec<Part>,
    /// What waits for the reader.
    pub waiting: Vec<Waits>,
    /// What is unusual.
    pub odds: Odds,
}

/// Organisations in which the reader may look at the net, each once and none inside another.
pub async fn own(ctx: &Ctx) -> Result<Vec<Organisation>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    let scopes = actor.scopes(Action::NetRead);
    let mut found: Vec<Organisation> = Vec::new();
    for scope in &scopes {
        if scopes.iter().any(|wider| wider != scope && scope.starts_with(wider)) {
            continue;
        }
        let code = scope.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let place = places::store::by_code(&ctx.app.db, code).await?;
        found.extend(place.filter(|place| has_home(place) && found.iter().all(|known| known.id != place.id)));
    }
    Ok(found)
}

fn has_home(place: &Organisation) -> bool {
    matches!(place.kind.as_str(), "district" | "subdistrict" | "community")
}

/// The district, street or community with this code, if the reader may look at its net.
pub async fn place(ctx: &Ctx, code: &str) -> Result<Organisation> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    let place = places::store::by_code(&ctx.app.db, code).await?.filter(has_home).ok_or(Error::NotFound)?;
    actor.require(Action::NetRead, &place.path)?;
    Ok(place)
}

/// An organisation's home.
pub async fn home(ctx: &Ctx, place: Organisation) -> Result<Home> {
    let actor = ctx.actor()?;
    let mut above = store::above(&ctx.app.db, &place.path).await?;
    above.retain(|above| actor.may(Action::NetRead, &above.path));
    let grids = places::store::under(&ctx.app.db, &place.path, OrganisationKind::Grid).await?;
    let (sum, parts) = parts(ctx, &place, &grids).await?;
    let waiting = waiting::of(ctx, &place).await?;
    let odds = odds(ctx, &place, &grids).await?;
    Ok(Home { place, above, sum, parts, waiting, odds })
}

/// All of a place and its parts, by four queries and the figures.
pub async fn parts(ctx: &Ctx, place: &Organisation, grids: &[Organisation]) -> Result<(Measured, Vec<Part>)> {
    let db = &ctx.app.db;
    let (kind, of, by) = match place.kind.as_str() {
        "district" => (OrganisationKind::Subdistrict, open_by::Of::Community, By::Community),
        "subdistrict" => (OrganisationKind::Community, open_by::Of::Community, By::Community),
        _ => (OrganisationKind::Grid, open_by::Of::Grid, By::Grid),
    };
    let children = match kind {
        OrganisationKind::Grid => grids.to_vec(),
        kind => places::store::under(db, &place.path, kind).await?,
    };
    let communities = match place.kind.as_str() {
        "district" => places::store::under(db, &place.path, OrganisationKind::Community).await?,
        _ => children.clone(),
    };
    let all_ended = store::ended_grids(db, &place.path).await?;
    // Only a community's parts are grids.
    let ended: &[Organisation] = if kind == OrganisationKind::Grid { &all_ended } else { &[] };
    let open = open_by(db, place, of, ctx.now).await?;
    let today = time::day_of(ctx.now);
    let about = About { place, from: today.first_of_month(), to: today, by, now: ctx.now };
    let ById { all, parts: months, .. } = by_id(db, &about).await?;
    let households = store::households(db, &place.path).await?;

    // Which child a community or grid belongs to; itself, where the children are these.
    let child_of: BTreeMap<&str, &str> = communities
        .iter()
        .filter_map(|unit| {
            let child = children.iter().find(|child| unit.path.starts_with(&child.path))?;
            Some((unit.id.as_str(), child.id.as_str()))
        })
        .chain(ended.iter().map(|grid| (grid.id.as_str(), grid.id.as_str())))
        .collect();
    let mut measured: BTreeMap<&str, Measured> = BTreeMap::new();
    let mut sum = Measured { month: all, ..Measured::default() };
    let put = |measured: &mut Measured, open: Open| {
        measured.open += open.open;
        measured.overdue += open.late;
        measured.today += open.today;
    };
    for (id, open) in open {
        put(&mut sum, open);
        put(measured.entry(child_of.get(id.as_str()).copied().unwrap_or("")).or_default(), open);
    }
    for (id, month) in &months {
        measured.entry(child_of.get(id.as_str()).copied().unwrap_or("")).or_default().month.add(month);
    }
    let grid_path: BTreeMap<&str, &Organisation> = grids.iter().map(|grid| (grid.id.as_str(), grid)).collect();
    for (above, count) in &households {
        sum.households += count;
        let path = grid_path.get(above.as_str()).map(|grid| grid.path.as_str());
        // Buildings may stand in a community without a grid between.
        let path = path.or_else(|| communities.iter().find(|unit| unit.id == *above).map(|unit| unit.path.as_str()));
        if let Some(child) = path.and_then(|path| children.iter().find(|child| path.starts_with(&child.path))) {
            measured.entry(child.id.as_str()).or_default().households += count;
        }
    }
    let nowhere = measured.remove("");
    let mut former = former(db, &all_ended, place, grids, &children).await?;
    let mut parts: Vec<Part> = children
        .iter()
        .map(|child| Part {
            measured: measured.remove(child.id.as_str()).unwrap_or_default(),
            outlines: grids
                .iter()
                .filter(|grid| grid.path.starts_with(&child.path))
                .map(outline)
                .filter(|corners| corners.len() > 3)
                .collect(),
            former: former.remove(&child.id).unwrap_or_default(),
            place: Some(child.clone()),
            ended: false,
        })
        .collect();
    for grid in ended {
        if let Some(measured) = measured.remove(grid.id.as_str()) {
            parts.push(without_ground(Some(grid.clone()), measured));
        }
    }
    parts.extend(nowhere.map(|measured| without_ground(None, measured)));
    Ok((sum, parts))
}

/// What has figures and no place on the plan: a grid that is no more, or no grid at all.
fn without_ground(place: Option<Organisation>, measured: Measured) -> Part {
    Part { ended: place.is_some(), place, measured, outlines: Vec::new(), former: Vec::new() }
}

/// Outlines of grids that are no more, by the id of the child in which all that they became lies.
async fn former(
    db: &Db,
    ended: &[Organisation],
    place: &Organisation,
    grids: &[Organisation],
    children: &[Organisation],
) -> Result<BTreeMap<String, Vec<Vec<[f64; 2]>>>> {
    let drawn: Vec<&Organisation> = ended.iter().filter(|grid| outline(grid).len() > 3).collect();
    if drawn.is_empty() {
        return Ok(BTreeMap::new());
    }
    let takers = store::took_over(db, &place.path).await?;
    let mut found: BTreeMap<String, Vec<Vec<[f64; 2]>>> = BTreeMap::new();
    for grid in drawn {
        let became = takers.became(&grid.id);
        let standing = || grids.iter().filter(|grid| became.contains(grid.id.as_str()));
        let child = children.iter().find(|child| standing().all(|grid| grid.path.starts_with(&child.path)));
        if let Some(child) = child.filter(|_| standing().next().is_some()) {
            found.entry(child.id.clone()).or_default().push(outline(grid));
        }
    }
    Ok(found)
}

/// The seven days that end today, and the weeks before.
fn weeks(now: Timestamp) -> Weeks {
    Weeks { last: time::day_of(now), count: WEEKS + 1 }
}

/// First and last of the seven days that are looked at.
pub fn this_week(now: Timestamp) -> (Date, Date) {
    let weeks = weeks(now);
    (weeks.first_day(0), weeks.last)
}

/// What is unusual in a place.
pub async fn odds(ctx: &Ctx, place: &Organisation, grids: &[Organisation]) -> Result<Odds> {
    let db = &ctx.app.db;
    let weeks = weeks(ctx.now);
    let mut filed = weekly::filed(db, place, weeks).await?;
    let past = past(db, &place.path, grids).await?;
    past.gather(&mut filed.grids);
    // Each report has one category: together they are all that was filed.
    let mut totals = vec![0; WEEKS];
    for counts in filed.categories.values() {
        for (total, count) in totals.iter_mut().zip(counts.iter().skip(1)) {
            *total += count;
        }
    }
    let history = unusual::weeks_of_history(&totals);
    let mut all = Vec::new();
    for (id, unusual) in unusual::find(&filed.grids, |grid| past.weeks(grid, weeks, history)) {
        let Some(grid) = grids.iter().find(|grid| grid.id == id) else { continue };
        all.push(Odd {
            kind: "grid",
            code: grid.code.clone(),
            name: grid.name.clone(),
            name_en: grid.name_en.clone(),
            around: None,
            unusual,
        });
    }
    if place.kind != "community" && !all.is_empty() {
        let communities = places::store::under(db, &place.path, OrganisationKind::Community).await?;
        for odd in &mut all {
            let grid = grids.iter().find(|grid| grid.code == odd.code);
            let around = grid.and_then(|grid| communities.iter().find(|unit| grid.path.starts_with(&unit.path)));
            odd.around = around.map(|unit| (unit.name.clone(), unit.name_en.clone()));
        }
    }
    let categories = unusual::find(&filed.categories, |_| history);
    if !categories.is_empty() {
        let names = store::category_names(db).await?;
        for (code, unusual) in categories {
            let (name, name_en) = names.get(&code).cloned().unwrap_or_else(|| (code.clone(), String::new()));
            all.push(Odd { kind: "category", code, name, name_en, around: None, unusual });
        }
    }
    all.sort_by_key(|odd| odd.unusual.usual_twice - 2 * odd.unusual.count);
    Ok(Odds { all, young: history < LEAST_WEEKS })
}

/// What is unusual in a place, read by itself.
pub async fn odds_of(ctx: &Ctx, place: &Organisation) -> Result<Odds> {
    let grids = places::store::under(&ctx.app.db, &place.path, OrganisationKind::Grid).await?;
    odds(ctx, place, &grids).await
}

/// The reports of the last seven days of a grid or category in a place: its name, how many there are, and the newest.
pub struct Reports {
    /// Name of the grid or category.
    pub name: String,
    /// The same in English, may be empty.
    pub name_en: String,
    /// How many.
    pub count: i64,
    /// The newest.
    pub rows: Vec<Behind>,
}

/// The reports behind something unusual.
pub async fn behind(ctx: &Ctx, place: &Organisation, kind: &str, code: &str) -> Result<Reports> {
    let db = &ctx.app.db;
    let (first, last) = this_week(ctx.now);
    let span = (time::start_of(first), time::start_of(last.tomorrow().unwrap_or(last)));
    let (name, name_en, found) = match kind {
        "grid" => {
            let grid = places::store::by_code(db, code).await?;
            let grid = grid.filter(|grid| grid.kind == "grid" && grid.path.starts_with(&place.path));
            let grid = grid.ok_or(Error::NotFound)?;
            let grids = places::store::under(db, &place.path, OrganisationKind::Grid).await?;
            let ids = past(db, &place.path, &grids).await?.ids(&grid.id);
            let found = store::behind(db, &place.path, Of::Grids(&ids), span, MOST_LISTED).await?;
            (grid.name, grid.name_en, found)
        }
        "category" => {
            let (name, name_en) = store::category_names(db).await?.remove(code).ok_or(Error::NotFound)?;
            let found = store::behind(db, &place.path, Of::Category(code), span, MOST_LISTED).await?;
            (name, name_en, found)
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Reports { name, name_en, count: found.0, rows: found.1 })
}

//! What the pages and the API show: the list, and everything about one grid.

use super::{contact, grid, today};
use crate::{
    grids::store::{
        self, Building, Done, Grid,
        changes::{self, Row},
        contacts::Contact,
        duty::Rosters,
    },
    http::{Ctx, Error},
    reports::store::Report,
};
use app::people::Action;
use jiff::{Span, civil::Date};
use std::collections::BTreeMap;

/// Open reports that a grid's page shows.
const OPEN: i64 = 8;
/// Entries of the history that it shows.
const HISTORY: i64 = 30;
/// Days of the rota that it shows, today included.
pub const WEEK: i32 = 7;

/// A grid in the list, with its figures.
pub struct Listed {
    /// The grid.
    pub grid: Grid,
    /// Buildings.
    pub buildings: i64,
    /// Households.
    pub households: i64,
    /// Open reports.
    pub open: i64,
    /// Of these: overdue.
    pub late: i64,
}

/// The list.
pub struct List {
    /// Grids, community by community.
    pub grids: Vec<Listed>,
    /// Who is on duty today.
    pub rosters: Rosters,
    /// Changes that are planned.
    pub planned: Vec<Row>,
}

/// The grids in the reader's scope, also those that have ended.
pub async fn list(ctx: &Ctx) -> Result<List, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::GridRead)?;
    let scopes = actor.scopes(Action::GridRead);
    let (db, day) = (&ctx.app.db, today(ctx));
    let grids = store::in_scopes(db, &scopes).await?;
    let (sums, counts, rosters) = tokio::try_join!(
        store::sums(db, &scopes),
        store::open_counts(db, &scopes, ctx.now),
        store::duty::rosters(db, &scopes, (day, day)),
    )?;
    let sums: BTreeMap<&str, (i64, i64)> =
        sums.iter().map(|row| (row.grid_id.as_str(), (row.buildings, row.households))).collect();
    let counts: BTreeMap<&str, (i64, i64)> =
        counts.iter().map(|row| (row.grid_id.as_str(), (row.open, row.late))).collect();
    let mut communities: Vec<&str> = grids.iter().map(|grid| grid.community_id.as_str()).collect();
    communities.dedup();
    let planned = changes::planned(db, &communities).await?;
    let of = |all: &BTreeMap<&str, (i64, i64)>, grid: &Grid| all.get(grid.id.as_str()).copied().unwrap_or_default();
    let listed = grids.iter().map(|grid| {
        let ((buildings, households), (open, late)) = (of(&sums, grid), of(&counts, grid));
        Listed { grid: grid.clone(), buildings, households, open, late }
    });
    Ok(List { grids: listed.collect(), rosters, planned })
}

/// Everything about a grid.
pub struct Whole {
    /// The grid.
    pub grid: Grid,
    /// The other grids of its community, also those that have ended.
    pub others: Vec<Grid>,
    /// All buildings of the community.
    pub around: Vec<Building>,
    /// The day that is looked at.
    pub day: Date,
    /// Its buildings on that day.
    pub buildings: Vec<Building>,
    /// Who is named for them; empty for another day than today.
    pub contacts: Vec<Contact>,
    /// Who is on duty from today on, for [`WEEK`] days; for another day than today: on that day, as it was then.
    pub rosters: Rosters,
    /// How many reports are open, and overdue.
    pub counts: (i64, i64),
    /// The most urgent ones.
    pub open: Vec<Report>,
    /// Open ones by building.
    pub open_of: BTreeMap<String, i64>,
    /// Changes that touch it.
    pub changes: Vec<Row>,
    /// What was done to it.
    pub history: Vec<Done>,
}

/// The days of the rota, from today on.
pub fn week(from: Date) -> Vec<Date> {
    from.series(Span::new().days(1)).take(usize::try_from(WEEK).unwrap_or_default()).collect()
}

/// Everything about a grid, its buildings and its people on a day. Key contacts are looked up, and that is written down.
pub async fn whole(ctx: &Ctx, code: &str, day: Date) -> Result<Whole, Error> {
    let mut whole = whole_without_contacts(ctx, code, day).await?;
    if day == today(ctx) {
        whole.contacts = contact::all(ctx, &whole.grid).await?;
    }
    Ok(whole)
}

/// The same without key contacts.
pub async fn whole_without_contacts(ctx: &Ctx, code: &str, day: Date) -> Result<Whole, Error> {
    let grid = grid(ctx, code, Action::GridRead).await?;
    let (db, now) = (&ctx.app.db, today(ctx));
    let until = now.checked_add(Span::new().days(WEEK - 1)).unwrap_or(now);
    let scope = [grid.path.as_str()];
    let day_text = day.to_string();
    let (others, around, buildings, rosters) = tokio::try_join!(
        store::of_community(db, &grid.community_id),
        store::buildings(db, &grid.community_path),
        store::buildings_on(db, &grid, &day_text),
        async {
            if day == now {
                store::duty::rosters(db, &scope, (now, until)).await
            } else {
                store::roster_on(db, &grid, day).await
            }
        },
    )?;
    let (counts, open, open_of, changes, history) = tokio::try_join!(
        store::open_counts(db, &scope, ctx.now),
        store::open_reports(db, &grid, OPEN),
        store::open_of_buildings(db, &grid),
        changes::of_grid(db, &grid.id),
        store::history(db, &grid.id, HISTORY),
    )?;
    Ok(Whole {
        others: others.into_iter().filter(|other| other.id != grid.id).collect(),
        counts: counts.first().map_or((0, 0), |row| (row.open, row.late)),
        open_of: open_of.into_iter().collect(),
        grid,
        around,
        day,
        buildings,
        contacts: Vec::new(),
        rosters,
        open,
        changes,
        history,
    })
}

/// Reads the day that is asked for; today for an empty one. `None`: it is none, or lies ahead.
pub fn day(ctx: &Ctx, text: &str) -> Option<Date> {
    let now = today(ctx);
    if text.trim().is_empty() {
        return Some(now);
    }
    text.trim().parse().ok().filter(|day: &Date| *day <= now && day.year() >= 1900)
}

//! The grid around a position. A grid that is no more keeps its outline: what is found in it, until somebody draws the net anew, is
//! found in what that grid became.

use crate::{
    db::Db,
    net::store::{ended_grids, took_over},
    places::{self, Organisation, OrganisationKind},
    reports::file::outline,
};
use app::reports::{near::metres, place::Position};
use std::collections::BTreeSet;

/// The grid around a position, under a path: one that stands, else what became of those that had it in their outline. Where several
/// grids took over, it is that of the nearest building.
pub async fn around(db: &Db, path: &str, position: Position) -> Result<Option<Organisation>, sqlx::Error> {
    let mut grids = places::store::under(db, path, OrganisationKind::Grid).await?;
    let has = |grid: &Organisation| position.is_inside(&outline(grid));
    if let Some(nth) = grids.iter().position(has) {
        return Ok(Some(grids.swap_remove(nth)));
    }
    let mut ended = ended_grids(db, path).await?;
    ended.retain(has);
    if ended.is_empty() {
        return Ok(None);
    }
    let takers = took_over(db, path).await?;
    let became: BTreeSet<&str> = ended.iter().flat_map(|grid| takers.became(&grid.id)).collect();
    grids.retain(|grid| became.contains(grid.id.as_str()));
    if grids.len() < 2 {
        return Ok(grids.pop());
    }
    let buildings = places::store::under(db, path, OrganisationKind::Building).await?;
    let near =
        buildings.iter().filter(|building| building.parent_id.as_ref().is_some_and(|id| became.contains(id.as_str())));
    let near = near.filter_map(|building| {
        let at = Position { longitude: building.longitude?, latitude: building.latitude? };
        Some((building.parent_id.as_ref()?, metres(position, at)))
    });
    let nearest = near.min_by(|(_, a), (_, b)| a.total_cmp(b));
    let nth = nearest.and_then(|(id, _)| grids.iter().position(|grid| grid.id == *id)).unwrap_or_default();
    Ok(Some(grids.swap_remove(nth)))
}

//! The grid around a position. A grid that is no more keeps its outline: what is found in it, until somebody draws the net anew, is
//! found in what that grid became.

use crate::{
    db::Db,
    net::store::ended_grids,
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
    let ended: Vec<String> =
        ended_grids(db, path).await?.into_iter().filter(|grid| has(grid)).map(|grid| grid.id).collect();
    if ended.is_empty() {
        return Ok(None);
    }
    let became = became(db, ended).await?;
    grids.retain(|grid| became.contains(&grid.id));
    if grids.len() < 2 {
        return Ok(grids.pop());
    }
    let buildings = places::store::under(db, path, OrganisationKind::Building).await?;
    let near = buildings.iter().filter(|building| building.parent_id.as_ref().is_some_and(|id| became.contains(id)));
    let near = near.filter_map(|building| {
        let at = Position { longitude: building.longitude?, latitude: building.latitude? };
        Some((building.parent_id.as_ref()?, metres(position, at)))
    });
    let nearest = near.min_by(|(_, a), (_, b)| a.total_cmp(b));
    let nth = nearest.and_then(|(id, _)| grids.iter().position(|grid| grid.id == *id)).unwrap_or_default();
    Ok(Some(grids.swap_remove(nth)))
}

/// Ids of the grids that stand and took over from these, through however many changes.
async fn became(db: &Db, mut ended: Vec<String>) -> Result<BTreeSet<String>, sqlx::Error> {
    let (mut seen, mut standing) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = ended.pop() {
        let takers: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT g.id, g.ended_on FROM grid_change_part e JOIN grid_change c ON c.id = e.change_id \
             JOIN grid_change_part t ON t.change_id = e.change_id JOIN organisation g ON g.id = t.grid_id \
             WHERE e.grid_id = $1 AND e.role = 'ends' AND c.state = 'in_force' AND t.role = 'takes' ORDER BY t.nth",
        )
        .bind(&id)
        .fetch_all(db.read())
        .await?;
        for (grid, over) in takers {
            if !seen.insert(grid.clone()) {
                continue;
            }
            match over {
                Some(_) => ended.push(grid),
                None => {
                    standing.insert(grid);
                }
            }
        }
    }
    Ok(standing)
}

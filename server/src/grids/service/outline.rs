//! Drawing a grid.

use super::{Refused, note, standing};
use crate::{
    grids::store::{self, Grid},
    http::{Ctx, Error, FieldErrors},
    places,
};
use app::grids::outline::{self, Corner, Fault, OVERLAP_SHARE};

/// A neighbour that an outline overlaps further than lines drawn by hand do.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// Code of the neighbour.
    pub code: String,
    /// Its name, in the reader's language.
    pub name: String,
    /// How much of the smaller of the two, in percent.
    pub percent: i64,
}

/// An outline that was judged.
pub struct Looked {
    /// The corners, not closed.
    pub corners: Vec<Corner>,
    /// Neighbours that it overlaps.
    pub overlaps: Vec<Overlap>,
}

/// Words for what is wrong with an outline.
pub fn words(ctx: &Ctx, fault: Fault) -> String {
    match fault.at() {
        0 => ctx.w.t(fault.key()),
        n => ctx.w.tf(fault.key(), &[("n", n.into())]),
    }
}

/// Path of what lies above a community.
fn above(path: &str) -> &str {
    let inner = path.trim_end_matches('/');
    inner.rfind('/').map_or(path, |at| &path[..=at])
}

/// Grids that stand around a grid: in its community and in those of the same street.
pub async fn neighbours(ctx: &Ctx, grid: &Grid) -> Result<Vec<Grid>, Error> {
    let mut all = store::in_scopes(&ctx.app.db, &[above(&grid.community_path)]).await?;
    all.retain(|other| other.id != grid.id && other.ended_on.is_none());
    Ok(all)
}

/// Judges what was typed for a grid.
pub async fn look(ctx: &Ctx, grid: &Grid, text: &str) -> Result<Looked, Refused> {
    let fault = |fault: Fault| {
        let mut errors = FieldErrors::new();
        errors.add("outline", words(ctx, fault));
        Refused::Invalid(errors)
    };
    let corners = outline::read(text).map_err(fault)?;
    let neighbours = neighbours(ctx, grid).await?;
    let db = &ctx.app.db;
    let mut known: Vec<Corner> =
        store::buildings(db, &grid.community_path).await?.iter().filter_map(store::Building::at).collect();
    known.extend(neighbours.iter().filter(|other| other.community_id == grid.community_id).flat_map(Grid::corners));
    let community = places::store::by_id(db, &grid.community_id).await?;
    known.extend(community.and_then(|place| Some([place.longitude?, place.latitude?])));
    outline::judge(&corners, &known).map_err(fault)?;
    let mut overlaps = Vec::new();
    for other in neighbours {
        let share = outline::share(&corners, &outline::opened(other.corners()));
        if share > OVERLAP_SHARE {
            overlaps.push(Overlap {
                code: other.code,
                name: ctx.w.pick(&other.name, &other.name_en).to_owned(),
                percent: percent(share),
            });
        }
    }
    Ok(Looked { corners, overlaps })
}

/// A share as whole percent, at least one.
fn percent(share: f64) -> i64 {
    let text = format!("{:.0}", share * 100.0);
    text.parse::<i64>().unwrap_or(100).max(1)
}

/// What became of an outline that was sent.
pub enum Drawn {
    /// It is kept.
    Kept,
    /// It overlaps neighbours, and nobody has said that this is meant.
    Overlaps(Looked),
}

/// Gives a grid an outline, if it still is as the reader saw it. `confirmed`: overlaps are meant.
pub async fn save(ctx: &Ctx, code: &str, version: i64, text: &str, confirmed: bool) -> Result<Drawn, Refused> {
    let grid = standing(ctx, code).await?;
    let looked = look(ctx, &grid, text).await?;
    if !looked.overlaps.is_empty() && !confirmed {
        return Ok(Drawn::Overlaps(looked));
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::draw(&mut tx, (&grid.id, version), &outline::closed(&looked.corners)).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    let overlaps: Vec<&str> = looked.overlaps.iter().map(|other| other.code.as_str()).collect();
    let detail = serde_json::json!({ "corners": looked.corners.len(), "overlaps": overlaps });
    note(&mut tx, ctx, "grid.draw", &grid.id, detail).await?;
    tx.commit().await?;
    Ok(Drawn::Kept)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_community_lies_in_its_street() {
        assert_eq!(super::above("lanxi/tongyin/wutong/"), "lanxi/tongyin/");
        assert_eq!(super::percent(0.004), 1);
        assert_eq!(super::percent(0.256), 26);
    }
}

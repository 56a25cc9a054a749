//! Where a report is about, as the tree of places knows it.

use crate::{
    http::{Ctx, Error},
    places::{self, Organisation, OrganisationKind},
};
use app::reports::{form::ReportForm, place::Position};

/// Where a report is about, as far as the tree of places knows.
pub struct Place {
    /// The building that was chosen.
    pub building: Option<Organisation>,
    /// Its grid, or the one around the position.
    pub grid: Option<Organisation>,
    /// The position, rounded.
    pub position: Option<Position>,
}

impl Place {
    /// The building that was chosen and its grid, or the grid around the position. `None` when the form names a
    /// building that this community does not have.
    pub async fn find(ctx: &Ctx, form: &ReportForm, community: &Organisation) -> Result<Option<Place>, Error> {
        let db = &ctx.app.db;
        let position = form.position().map(Position::rounded);
        if form.building.is_empty() {
            let mut grid = None;
            if let Some(position) = position {
                let grids = places::store::under(db, &community.path, OrganisationKind::Grid).await?;
                grid = grids.into_iter().find(|grid| position.is_inside(&outline(grid)));
            }
            return Ok(Some(Place { building: None, grid, position }));
        }
        let building = places::store::by_code(db, &form.building)
            .await?
            .filter(|place| place.kind == OrganisationKind::Building.code() && place.path.starts_with(&community.path));
        let Some(building) = building else { return Ok(None) };
        let grid = match &building.parent_id {
            Some(id) => places::store::by_id(db, id).await?,
            None => None,
        };
        Ok(Some(Place { building: Some(building), grid, position }))
    }

    /// Its own position, else its building's.
    pub fn spot(&self) -> Option<Position> {
        let building = self.building.as_ref();
        self.position.or_else(|| {
            let (longitude, latitude) = (building?.longitude?, building?.latitude?);
            Some(Position { longitude, latitude })
        })
    }

    pub(super) fn path<'a>(&'a self, community: &'a Organisation) -> &'a str {
        self.building.as_ref().or(self.grid.as_ref()).map_or(community.path.as_str(), |place| place.path.as_str())
    }

    /// Name of the finest place in Chinese and English.
    pub(super) fn words(&self) -> (&str, &str) {
        self.building.as_ref().or(self.grid.as_ref()).map_or(("", ""), |place| (&place.name, &place.name_en))
    }
}

/// The outline of a grid as [longitude, latitude] corners; empty without one.
pub fn outline(grid: &Organisation) -> Vec<[f64; 2]> {
    grid.outline.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

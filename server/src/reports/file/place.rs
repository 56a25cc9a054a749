//! Where a report is about, as the tree of places knows it.

use crate::{
    grids,
    http::{Ctx, Error},
    places::{self, Organisation, OrganisationKind, landmarks, landmarks::Landmark},
};
use app::reports::{form::ReportForm, place::Position};

/// Where a report is about, as far as the tree of places knows.
pub struct Place {
    /// The building that was chosen.
    pub building: Option<Organisation>,
    /// The landmark that was chosen instead.
    pub landmark: Option<Landmark>,
    /// Its grid, or the one around the landmark or the position.
    pub grid: Option<Organisation>,
    /// The position, rounded.
    pub position: Option<Position>,
}

impl Place {
    /// The building or landmark that was chosen and its grid, or the grid around the position. `None` when the form names
    /// one that this community does not have. A landmark that is gone is still a place: a form may have waited on a phone.
    pub async fn find(ctx: &Ctx, form: &ReportForm, community: &Organisation) -> Result<Option<Place>, Error> {
        let db = &ctx.app.db;
        let position = form.position().map(Position::rounded);
        let grid_around = async |position: Option<Position>| -> Result<Option<Organisation>, Error> {
            let Some(position) = position else { return Ok(None) };
            Ok(grids::store::around(db, &community.path, position).await?)
        };
        if form.building.is_empty() {
            let grid = grid_around(position).await?;
            return Ok(Some(Place { building: None, landmark: None, grid, position }));
        }
        let landmark = landmarks::by_code(db, &form.building).await?;
        if let Some(landmark) = landmark.filter(|landmark| landmark.community_id == community.id) {
            let grid = grid_around(Some(landmark.position())).await?;
            return Ok(Some(Place { building: None, landmark: Some(landmark), grid, position }));
        }
        let building = places::store::by_code(db, &form.building)
            .await?
            .filter(|place| place.kind == OrganisationKind::Building.code() && place.path.starts_with(&community.path));
        let Some(building) = building else { return Ok(None) };
        let grid = match &building.parent_id {
            Some(id) => places::store::by_id(db, id).await?,
            None => None,
        };
        Ok(Some(Place { building: Some(building), landmark: None, grid, position }))
    }

    /// Its own position, else its building's or landmark's.
    pub fn spot(&self) -> Option<Position> {
        let building = self.building.as_ref();
        let at_building = || {
            let (longitude, latitude) = (building?.longitude?, building?.latitude?);
            Some(Position { longitude, latitude })
        };
        self.position.or_else(at_building).or_else(|| self.landmark.as_ref().map(Landmark::position))
    }

    pub fn path<'a>(&'a self, community: &'a Organisation) -> &'a str {
        self.building.as_ref().or(self.grid.as_ref()).map_or(community.path.as_str(), |place| place.path.as_str())
    }

    /// Name of the finest place in Chinese and English.
    pub(super) fn words(&self) -> (&str, &str) {
        if let Some(landmark) = &self.landmark {
            return (&landmark.name, &landmark.name_en);
        }
        self.building.as_ref().or(self.grid.as_ref()).map_or(("", ""), |place| (&place.name, &place.name_en))
    }
}

/// The outline of a grid as [longitude, latitude] corners; empty without one.
pub fn outline(grid: &Organisation) -> Vec<[f64; 2]> {
    grid.outline.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

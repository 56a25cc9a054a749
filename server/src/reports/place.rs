//! What a position is called: the words under which the form proposes it. Nothing of it is kept.

use crate::{
    grids,
    http::{Ctx, Error, Params, Result},
    places::{self, Organisation, OrganisationKind, landmarks},
};
use app::reports::{
    near::metres,
    place::{AT_BUILDING_METRES, NEAR_BUILDING_METRES, Position},
};
use axum::{
    Json,
    extract::Path,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// A position, WGS-84, as texts.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct At {
    /// Degrees east.
    longitude: String,
    /// Degrees north.
    latitude: String,
}

/// What a position is called in a community.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceOut {
    /// Whether it lies in the community at all, as far as its grids, buildings and landmarks tell.
    pub inside: bool,
    /// Code of the building or landmark beside it, if one is near.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Code of the grid around it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// In words: "梧桐社区 7 栋附近".
    pub words: String,
}

/// Names a position in a community: the building or landmark beside it, or the grid around it.
#[utoipa::path(get, path = "/api/v1/communities/{code}/place", tag = "reports", params(("code" = String, Path), At),
    responses((status = 200, body = PlaceOut), (status = 400, description = "no position"), (status = 404)))]
pub(crate) async fn place(ctx: Ctx, Path(code): Path<String>, Params(at): Params<At>) -> Result {
    let community = places::store::community_by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?;
    let position = Position::parse(&at.longitude, &at.latitude)
        .ok_or(Error::BadRequest("longitude and latitude: degrees".into()))?;
    let mut answer = Json(name(&ctx, &community, position).await?).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

async fn name(ctx: &Ctx, community: &Organisation, position: Position) -> std::result::Result<PlaceOut, Error> {
    let (db, w) = (&ctx.app.db, ctx.w);
    let buildings = places::store::under(db, &community.path, OrganisationKind::Building).await?;
    let marks = landmarks::offered(db, &community.id).await?;
    let buildings = buildings.iter().filter_map(|place| {
        let at = Position { longitude: place.longitude?, latitude: place.latitude? };
        Some((&place.code, (&place.name, &place.name_en), metres(position, at)))
    });
    let marks = marks.iter().map(|mark| (&mark.code, (&mark.name, &mark.name_en), metres(position, mark.position())));
    let nearest = buildings.chain(marks).min_by(|(.., a), (.., b)| a.total_cmp(b));
    let grid = grids::store::around(db, &community.path, position).await?;
    let name = |place: &Organisation| w.pick(&place.name, &place.name_en).to_owned();
    let community_name = name(community);
    let beside = nearest.filter(|(.., far)| *far <= NEAR_BUILDING_METRES);
    let words = match (beside, &grid) {
        (Some((_, (zh, en), far)), _) => {
            let key = if far <= AT_BUILDING_METRES { "reports-place-at" } else { "reports-place-near" };
            w.tf(key, &[("community", community_name.into()), ("building", w.pick(zh, en).into())])
        }
        (None, Some(grid)) => {
            w.tf("reports-place-in-grid", &[("community", community_name.into()), ("grid", name(grid).into())])
        }
        (None, None) => w.tf("reports-place-outside", &[("community", community_name.into())]),
    };
    Ok(PlaceOut {
        inside: beside.is_some() || grid.is_some(),
        building: beside.map(|(code, ..)| code.clone()),
        grid: grid.map(|grid| grid.code),
        words,
    })
}

//! Where a community's notices can be shown outside: addresses of screens, for other people's pages, of feeds.

use crate::{
    deliver::outbox::absolute,
    http::{Ctx, Error, FieldProblem, Params, Result},
    notices::{
        activity::calendar,
        board::{communities, screen_place, screens_in},
        feed,
    },
};
use app::notices::NoticeKind;
use axum::{Json, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose notices.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct OfCommunity {
    /// Code of a community; the first of the reader's without it.
    pub community: String,
}

/// Where a community's notices can be shown. Everybody may open these addresses.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreensOut {
    /// Code of the community.
    pub community: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Codes of all communities that the reader may ask for.
    pub communities: Vec<String>,
    /// The board for a television in its hall: one notice at a time.
    pub board: String,
    /// The same for its buildings, with what is only for them: for their lifts.
    pub buildings: Vec<BuildingScreen>,
    /// The notices for other people's pages.
    pub embed: String,
    /// The line of HTML that shows them there.
    pub embed_html: String,
    /// Atom feeds: of every kind, then of each.
    pub feeds: Vec<NoticeFeed>,
    /// Its activities for calendar programs.
    pub calendar: String,
}

/// The board of a building.
#[derive(Debug, Serialize, ToSchema)]
pub struct BuildingScreen {
    /// Code of the building.
    pub building: String,
    /// Its name in the reader's language.
    pub name: String,
    /// The board.
    pub board: String,
}

/// A feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeFeed {
    /// Code of the kind; absent: every kind.
    pub kind: Option<&'static str>,
    /// The feed.
    pub href: String,
}

/// Where a community's notices can be shown: addresses of screens, for other people's pages, of feeds and the calendar. They are
/// made of the community's code and need no setting up.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/screens", params(OfCommunity),
    responses((status = 200, body = ScreensOut), (status = 422, description = "none of the reader's communities")))]
pub async fn addresses(ctx: Ctx, Params(of): Params<OfCommunity>) -> Result {
    let all = communities(&ctx).await?;
    let chosen = match of.community.as_str() {
        "" => all.first().ok_or(Error::NotFound)?,
        code => all.iter().find(|place| place.code == code).ok_or_else(|| {
            let detail = "none of the reader's communities".into();
            Error::Fields(vec![FieldProblem { pointer: "community".into(), detail }])
        })?,
    };
    let whole = |path: &str| absolute(&ctx.app, path);
    let place = screen_place(&ctx, chosen);
    let kinds = std::iter::once(None).chain(NoticeKind::ALL.into_iter().map(|kind| Some(kind.code())));
    let buildings = screens_in(&ctx, chosen).await?.into_iter().map(|building| BuildingScreen {
        board: whole(&building.lift()),
        building: building.code,
        name: building.name,
    });
    let answer = ScreensOut {
        communities: all.iter().map(|place| place.code.clone()).collect(),
        board: whole(&place.board()),
        buildings: buildings.collect(),
        embed: whole(&place.embed()),
        embed_html: place.embed_line(&whole("")),
        feeds: kinds
            .map(|kind| NoticeFeed { kind, href: whole(&feed::path(&place.code, kind.unwrap_or_default())) })
            .collect(),
        calendar: whole(&calendar::path(&place.code)),
        community: place.code,
        name: place.name,
    };
    Ok(Json(answer).into_response())
}

//! Reading grids, and drawing them.

use super::{changes, refused};
use crate::{
    grids::{
        service::{
            self,
            outline::{self as outlines, Drawn},
            page::{self, Listed},
            today,
        },
        store::{self, Building, duty::Rosters},
    },
    http::{
        Ctx, Params, Result,
        api::{IfMatch, Paging, listed, private, problem, read, versioned, wrong_fields},
    },
};
use app::{grids::outline, people::Action};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Who is on duty.
#[derive(Serialize, ToSchema)]
pub struct GridDutyOut {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// Id of the person; absent: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `turn`, `responsible` or `substitute`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty: Option<&'static str>,
}

fn duty(rosters: &Rosters, grid_id: &str, day: Date) -> GridDutyOut {
    let found = rosters.on_duty(grid_id, day);
    GridDutyOut {
        day: day.to_string(),
        person: found.map(|(person, _)| person.id.clone()),
        name: found.map(|(person, _)| person.name.clone()),
        duty: found.map(|(_, kind)| kind.code()),
    }
}

/// A grid in the list.
#[derive(Serialize, ToSchema)]
pub struct GridItemOut {
    /// Code.
    pub code: String,
    /// Path.
    pub path: String,
    /// Name in the reader's language.
    pub name: String,
    /// Name of its community.
    pub community: String,
    /// The day from which it is no more; absent: it stands.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<String>,
    /// Who is on duty today.
    pub duty: GridDutyOut,
    /// Buildings.
    pub buildings: i64,
    /// Households.
    pub households: i64,
    /// Open reports.
    pub open: i64,
    /// Of these: overdue.
    pub overdue: i64,
}

/// The grids in the reader's scope, also those that have ended.
#[utoipa::path(get, path = "/api/v1/staff/grids", tag = "net", params(Paging),
    responses((status = 200, body = crate::http::api::Listed<GridItemOut>)))]
pub async fn list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let all = page::list(&ctx).await?;
    let day = today(&ctx);
    let items = all.grids.into_iter().map(|Listed { grid, buildings, households, open, late }| GridItemOut {
        name: ctx.w.pick(&grid.name, &grid.name_en).to_owned(),
        community: ctx.w.pick(&grid.community_name, &grid.community_name_en).to_owned(),
        duty: duty(&all.rosters, &grid.id, day),
        code: grid.code,
        path: grid.path,
        ended_on: grid.ended_on,
        buildings,
        households,
        open,
        overdue: late,
    });
    let (items, next) = paging.cut(items.collect())?;
    Ok(listed(&ctx, items, next))
}

/// A building of a grid.
#[derive(Serialize, ToSchema)]
pub struct GridBuildingOut {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// Households.
    pub households: i64,
}

fn building(ctx: &Ctx, building: Building) -> GridBuildingOut {
    GridBuildingOut {
        name: ctx.w.pick(&building.name, &building.name_en).to_owned(),
        code: building.code,
        households: building.households,
    }
}

/// A person who is named.
#[derive(Serialize, ToSchema)]
pub struct GridPersonOut {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A turn that is not over.
#[derive(Serialize, ToSchema)]
pub struct GridTurnOut {
    /// Id.
    pub id: String,
    /// Whose.
    pub person: GridPersonOut,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: String,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub until: String,
    /// Seven digits, Monday first: 1 for the days of the week that count.
    pub weekdays: String,
}

/// Days on which somebody is away.
#[derive(Serialize, ToSchema)]
pub struct GridAwayOut {
    /// Id.
    pub id: String,
    /// Who.
    pub person: GridPersonOut,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: String,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub until: String,
}

/// Everything about a grid.
#[derive(Serialize, ToSchema)]
pub struct GridOut {
    /// Code.
    pub code: String,
    /// Path.
    pub path: String,
    /// Name in the reader's language.
    pub name: String,
    /// Name of its community.
    pub community: String,
    /// The day from which it is no more; absent: it stands.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<String>,
    /// Corners of its outline, longitude first, closed; empty: not drawn.
    pub outline: Vec<[f64; 2]>,
    /// The lock of the outline.
    pub version: i64,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<GridPersonOut>,
    /// Who stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substitute: Option<GridPersonOut>,
    /// Who is on duty, from today on; for a day that has been, who was on duty then.
    pub week: Vec<GridDutyOut>,
    /// Turns that are not over.
    pub turns: Vec<GridTurnOut>,
    /// Absences that are not over, of those who are named.
    pub away: Vec<GridAwayOut>,
    /// Its buildings on the day.
    pub buildings: Vec<GridBuildingOut>,
    /// Open reports.
    pub open: i64,
    /// Of these: overdue.
    pub overdue: i64,
    /// Changes that touch it, those that are planned first.
    pub changes: Vec<changes::GridChangeOut>,
}

/// Everything about a grid but its key contacts, which are read building by building. For a day that has been: its people and its
/// buildings as they were then; what is open, turns and absences that are not over, and changes are those of now.
#[utoipa::path(get, path = "/api/v1/staff/grids/{code}", tag = "net",
    params(("code" = String, Path, description = "code"), GridDay), responses((status = 200, body = GridOut)))]
pub async fn one(ctx: Ctx, Path(code): Path<String>, Params(asked): Params<GridDay>) -> Result {
    service::grid(&ctx, &code, Action::GridRead).await?;
    let day = page::day(&ctx, &asked.day).ok_or_else(|| wrong_fields([("day", ctx.w.t("grids-error-day"))]))?;
    shown(&ctx, &code, day).await
}

async fn shown(ctx: &Ctx, code: &str, day: Date) -> Result {
    let days = if day == today(ctx) { page::week(day) } else { vec![day] };
    // Key contacts are read building by building, each look written down.
    let whole = page::whole_without_contacts(ctx, code, day).await?;
    let w = ctx.w;
    let grid = &whole.grid;
    let roster = whole.rosters.of.get(&grid.id).cloned().unwrap_or_default();
    let person = |id: &str| {
        let name = whole.rosters.name(id)?;
        Some(GridPersonOut { id: id.to_owned(), name: name.to_owned() })
    };
    let turns = store::duty::turns(&ctx.app.db, &grid.id, today(ctx)).await?.into_iter().map(|row| GridTurnOut {
        id: row.id,
        person: GridPersonOut { id: row.person_id, name: row.name },
        from: row.from_day,
        until: row.until_day,
        weekdays: row.weekdays,
    });
    let turns = turns.collect();
    let away = store::duty::away(&ctx.app.db, &grid.id, today(ctx)).await?.into_iter().map(|row| GridAwayOut {
        id: row.id,
        person: GridPersonOut { id: row.person_id, name: row.name },
        from: row.from_day,
        until: row.until_day,
    });
    let away = away.collect();
    let version = grid.outline_version;
    let answer = GridOut {
        code: grid.code.clone(),
        path: grid.path.clone(),
        name: w.pick(&grid.name, &grid.name_en).to_owned(),
        community: w.pick(&grid.community_name, &grid.community_name_en).to_owned(),
        ended_on: grid.ended_on.clone(),
        outline: grid.corners(),
        version,
        responsible: roster.responsible.as_deref().and_then(person),
        substitute: roster.substitute.as_deref().and_then(person),
        week: days.into_iter().map(|day| duty(&whole.rosters, &grid.id, day)).collect(),
        turns,
        away,
        open: whole.counts.0,
        overdue: whole.counts.1,
        changes: whole.changes.iter().map(|row| changes::out(ctx, row)).collect(),
        buildings: whole.buildings.into_iter().map(|one| building(ctx, one)).collect(),
    };
    Ok(private(versioned(version, answer)))
}

/// Which day is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct GridDay {
    /// A day until today, `2026-11-26`; today without it.
    #[param(value_type = Option<String>, format = Date)]
    pub day: String,
}

/// The buildings that a grid had on a day.
#[utoipa::path(get, path = "/api/v1/staff/grids/{code}/buildings", tag = "net",
    params(("code" = String, Path, description = "code"), GridDay), responses((status = 200, body = Vec<GridBuildingOut>)))]
pub async fn buildings(ctx: Ctx, Path(code): Path<String>, Params(asked): Params<GridDay>) -> Result {
    let grid = service::grid(&ctx, &code, Action::GridRead).await?;
    let day = page::day(&ctx, &asked.day).ok_or_else(|| wrong_fields([("day", ctx.w.t("grids-error-day"))]))?;
    let found = store::buildings_on(&ctx.app.db, &grid, &day.to_string()).await?;
    let all: Vec<GridBuildingOut> = found.into_iter().map(|one| building(&ctx, one)).collect();
    Ok(Json(all).into_response())
}

/// An outline that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"outline": [[120.308, 31.58], [120.31, 31.58], [120.31, 31.582]], "version": 0}))]
#[serde(default)]
pub struct GridOutlineIn {
    /// Corners, longitude first, in their order; the first one again at the end may be left out.
    pub outline: Vec<[f64; 2]>,
    /// Overlaps with neighbours are meant.
    pub confirm: bool,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Draws a grid. Overlaps with neighbours are a 409 that names them, until they are confirmed.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/outline", tag = "net", request_body = GridOutlineIn,
    params(("code" = String, Path, description = "code"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = GridOut), (status = 409, description = "it overlaps neighbours, or is another one by now")))]
pub async fn draw(ctx: Ctx, if_match: IfMatch, Path(code): Path<String>, request: Request) -> Result {
    let grid = service::standing(&ctx, &code).await?;
    let body: GridOutlineIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(grid.outline_version);
    let text = outline::exact(&body.outline);
    match outlines::save(&ctx, &code, version, &text, body.confirm).await {
        Ok(Drawn::Kept) => shown(&ctx, &code, today(&ctx)).await,
        Ok(Drawn::Overlaps(looked)) => {
            let overlaps: Vec<serde_json::Value> = looked
                .overlaps
                .iter()
                .map(|other| json!({ "grid": other.code, "name": other.name, "percent": other.percent }))
                .collect();
            let words = ctx.w.t("grids-overlaps");
            Ok(problem(&ctx, StatusCode::CONFLICT, "grid-overlaps", words, json!({ "overlaps": overlaps })))
        }
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

//! Changes of the net.

use super::refused;
use crate::{
    grids::{
        service::change::{self as service, Form},
        store::changes::{self, Row},
    },
    http::{
        Ctx, Error, Result,
        api::{OnceKey, created, read, wrong_fields},
    },
};
use app::grids::change::Kind;
use axum::{
    Json,
    extract::{Path, Request},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A grid in a change.
#[derive(Serialize, ToSchema)]
pub struct GridPartOut {
    /// `ends`, `gives` or `takes`.
    pub role: String,
    /// Code; absent: it will be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// Name in the reader's language.
    pub name: String,
}

/// A change of the net.
#[derive(Serialize, ToSchema)]
pub struct GridChangeOut {
    /// Id.
    pub id: String,
    /// `split`, `merge` or `move`.
    pub kind: String,
    /// `planned`, `in_force` or `withdrawn`.
    pub state: String,
    /// From when: the planned day, or the day from which it is in force.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// Why; may be empty.
    pub reason: String,
    /// Its grids.
    pub parts: Vec<GridPartOut>,
}

/// A change as the API tells of it.
pub(super) fn out(ctx: &Ctx, row: &Row) -> GridChangeOut {
    let parts = row.parts.iter().map(|part| GridPartOut {
        role: part.role.clone(),
        grid: (!part.code.is_empty()).then(|| part.code.clone()),
        name: ctx.w.pick(&part.name, &part.name_en).to_owned(),
    });
    GridChangeOut {
        id: row.id.clone(),
        kind: row.kind.clone(),
        state: row.state.clone(),
        day: row.in_force_day.clone().unwrap_or_else(|| row.day.clone()),
        reason: row.reason.clone(),
        parts: parts.collect(),
    }
}

/// A new grid.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct GridNewIn {
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
}

/// Where a building goes.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct GridGoesIn {
    /// Code of the building.
    pub building: String,
    /// Place in `new`, from 1; 0: it stays.
    pub to: usize,
}

/// A change that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"kind": "split", "new": [{"name": "第五网格"}], "keeps": true, "goes": [{"building": "wutong-3", "to": 1}], "day": "2026-12-01"}))]
#[serde(default)]
pub struct GridChangeIn {
    /// `split`, `merge` or `move`.
    pub kind: String,
    /// A split: the new grids, at most three. A merge into a new grid: that one.
    pub new: Vec<GridNewIn>,
    /// A split: the old grid goes on with what stays.
    pub keeps: bool,
    /// A split: where buildings go.
    pub goes: Vec<GridGoesIn>,
    /// A merge: codes of the grids that are merged with this one.
    pub with: Vec<String>,
    /// A merge: code of the one as which they go on; empty: a new one. A move: code of the grid that takes.
    pub into: String,
    /// A move: codes of buildings.
    pub buildings: Vec<String>,
    /// From when, today or later.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// Why.
    pub reason: String,
}

/// Plans a change of a grid; one for today is in force at once.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/changes", tag = "net", request_body = GridChangeIn,
    params(("code" = String, Path, description = "code")), responses((status = 201, body = GridChangeOut)))]
pub async fn plan(ctx: Ctx, once: OnceKey, Path(code): Path<String>, request: Request) -> Result {
    service::changeable(&ctx, &code).await?;
    let body: GridChangeIn = read(request).await?;
    let Some(kind) = Kind::from_code(&body.kind) else {
        return Err(wrong_fields([("kind", "split, merge or move".to_owned())]));
    };
    let form = Form {
        kind: Some(kind),
        names: body.new.into_iter().take(app::grids::pages::NAMES).map(|new| (new.name, new.name_en)).collect(),
        keeps: body.keeps,
        to: body.goes.into_iter().map(|goes| (goes.building, goes.to)).collect(),
        with: body.with,
        into: body.into,
        goes: body.buildings,
        day: body.day,
        reason: body.reason,
        key: once.or(&ctx, None),
    };
    let id = service::plan(&ctx, &code, &form).await.map_err(refused)?;
    let row = changes::by_id(&ctx.app.db, &id).await?.ok_or(Error::NotFound)?;
    Ok(created(&format!("/api/v1/staff/grids/{code}"), out(&ctx, &row)))
}

/// Withdraws a change that is not in force yet.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/changes/{change}/withdraw", tag = "net",
    params(("code" = String, Path, description = "code"), ("change" = String, Path, description = "id")),
    responses((status = 200, body = GridChangeOut), (status = 409, description = "it is in force")))]
pub async fn withdraw(ctx: Ctx, Path((code, change)): Path<(String, String)>) -> Result {
    service::withdraw(&ctx, &code, &change).await?;
    let row = changes::by_id(&ctx.app.db, &change).await?.ok_or(Error::NotFound)?;
    Ok(Json(out(&ctx, &row)).into_response())
}

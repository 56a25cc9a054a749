//! Who answers, turns, absences and key contacts.

use super::refused;
use crate::{
    grids::service::{
        self,
        contact::{self as contacts, Form},
        duty::{self, Wanted},
    },
    http::{
        Ctx, Error, Result,
        api::{OnceKey, private, read},
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is to answer for a grid, and who to stand in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"responsible": "0198c0de-0000-7000-8000-000000000001", "substitute": ""}))]
#[serde(default)]
pub struct GridNamesIn {
    /// Id of a grid worker whose role reaches the grid; empty: nobody.
    pub responsible: String,
    /// Id of a grid worker or volunteer of the community; empty: nobody.
    pub substitute: String,
}

/// Names who answers for a grid and who stands in, from today on.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/duty", tag = "net", request_body = GridNamesIn,
    params(("code" = String, Path, description = "code")), responses((status = 204, description = "They are named")))]
pub async fn name(ctx: Ctx, Path(code): Path<String>, request: Request) -> Result {
    service::standing(&ctx, &code).await?;
    let body: GridNamesIn = read(request).await?;
    duty::name(&ctx, &code, &body.responsible, &body.substitute).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Days of somebody.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"person": "0198c0de-0000-7000-8000-000000000001", "from": "2026-12-01", "until": "2026-12-31", "weekdays": [6, 7]}))]
#[serde(default)]
pub struct GridDaysIn {
    /// Id of the person.
    pub person: String,
    /// First day, today or later.
    #[schema(value_type = String, format = Date)]
    pub from: String,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub until: String,
    /// Turns only: on which days of the week, Monday is 1; none: on every day.
    pub weekdays: Vec<i64>,
}

fn wanted(ctx: &Ctx, once: &OnceKey, body: GridDaysIn) -> Wanted {
    Wanted {
        person: body.person,
        from: body.from,
        until: body.until,
        weekdays: body.weekdays.iter().map(i64::to_string).collect(),
        key: once.or(ctx, None),
    }
}

/// Words of the API for the fields of the page's forms.
fn named(error: Error) -> Error {
    let Error::Fields(mut fields) = error else { return error };
    for field in &mut fields {
        for prefix in ["#/turn_", "#/away_"] {
            if let Some(rest) = field.pointer.strip_prefix(prefix) {
                field.pointer = format!("#/{rest}");
                break;
            }
        }
    }
    Error::Fields(fields)
}

/// Plans a turn.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/turns", tag = "net", request_body = GridDaysIn,
    params(("code" = String, Path, description = "code")), responses((status = 204, description = "It is planned")))]
pub async fn add_turn(ctx: Ctx, once: OnceKey, Path(code): Path<String>, request: Request) -> Result {
    service::standing(&ctx, &code).await?;
    let body: GridDaysIn = read(request).await?;
    let wanted = wanted(&ctx, &once, body);
    duty::add_turn(&ctx, &code, &wanted).await.map_err(|error| named(refused(error)))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes a turn away from today on. Days that have been stay.
#[utoipa::path(delete, path = "/api/v1/staff/grids/{code}/turns/{turn}", tag = "net",
    params(("code" = String, Path, description = "code"), ("turn" = String, Path, description = "id")),
    responses((status = 204, description = "It is gone")))]
pub async fn remove_turn(ctx: Ctx, Path((code, turn)): Path<(String, String)>) -> Result {
    duty::remove_turn(&ctx, &code, &turn).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Writes down that somebody who is named for the grid is away.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/away", tag = "net", request_body = GridDaysIn,
    params(("code" = String, Path, description = "code")), responses((status = 204, description = "It is written down")))]
pub async fn add_away(ctx: Ctx, once: OnceKey, Path(code): Path<String>, request: Request) -> Result {
    service::standing(&ctx, &code).await?;
    let body: GridDaysIn = read(request).await?;
    let wanted = wanted(&ctx, &once, body);
    duty::add_away(&ctx, &code, &wanted).await.map_err(|error| named(refused(error)))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes an absence back.
#[utoipa::path(delete, path = "/api/v1/staff/grids/{code}/away/{away}", tag = "net",
    params(("code" = String, Path, description = "code"), ("away" = String, Path, description = "id")),
    responses((status = 204, description = "It is gone")))]
pub async fn remove_away(ctx: Ctx, Path((code, away)): Path<(String, String)>) -> Result {
    duty::remove_away(&ctx, &code, &away).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The key contact of a building.
#[derive(Serialize, ToSchema)]
pub struct GridContactOut {
    /// Name; absent: nobody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Flat, may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat: Option<String>,
    /// Number as shown: 199****0001.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// The key contact of a building (中心户). That it was read is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/grids/{code}/contacts/{building}", tag = "net",
    params(("code" = String, Path, description = "code"), ("building" = String, Path, description = "code of the building")),
    responses((status = 200, body = GridContactOut)))]
pub async fn contact(ctx: Ctx, Path((code, building)): Path<(String, String)>) -> Result {
    let (_, _, contact) = contacts::one(&ctx, &code, &building, Action::GridRead).await?;
    let answer = GridContactOut {
        name: contact.as_ref().map(|contact| contact.name.clone()),
        flat: contact.as_ref().map(|contact| contact.flat.clone()),
        phone: contact.as_ref().map(|contact| contact.phone_masked.clone()),
        since: contact.map(|contact| contact.since_day),
    };
    Ok(private(Json(answer)))
}

/// Somebody who is to be named.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"name": "王菊英", "flat": "201", "phone": "19900010001", "since": "2026-11-01", "consent": true}))]
#[serde(default)]
pub struct GridContactIn {
    /// Name.
    pub name: String,
    /// Flat.
    pub flat: String,
    /// Mobile number.
    pub phone: String,
    /// Since when; today for an empty one.
    pub since: String,
    /// They agreed that name and number are kept.
    pub consent: bool,
}

/// Names the key contact of a building, in place of who was named before.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/contacts/{building}", tag = "net", request_body = GridContactIn,
    params(("code" = String, Path, description = "code"), ("building" = String, Path, description = "code of the building")),
    responses((status = 204, description = "They are named")))]
pub async fn put_contact(ctx: Ctx, Path((code, building)): Path<(String, String)>, request: Request) -> Result {
    service::standing(&ctx, &code).await?;
    let body: GridContactIn = read(request).await?;
    let form = Form { name: body.name, flat: body.flat, phone: body.phone, since: body.since, consent: body.consent };
    contacts::put(&ctx, &code, &building, &form).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Nobody is the key contact of a building any more: name and number are removed.
#[utoipa::path(delete, path = "/api/v1/staff/grids/{code}/contacts/{building}", tag = "net",
    params(("code" = String, Path, description = "code"), ("building" = String, Path, description = "code of the building")),
    responses((status = 204, description = "It is gone")))]
pub async fn end_contact(ctx: Ctx, Path((code, building)): Path<(String, String)>) -> Result {
    contacts::end(&ctx, &code, &building).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A whole number.
#[derive(Serialize, ToSchema)]
pub struct GridNumberOut {
    /// Eleven digits.
    pub phone: String,
}

/// The whole number of a key contact. That it was read is written in the audit log.
#[utoipa::path(post, path = "/api/v1/staff/grids/{code}/contacts/{building}/phone", tag = "net",
    params(("code" = String, Path, description = "code"), ("building" = String, Path, description = "code of the building")),
    responses((status = 200, body = GridNumberOut)))]
pub async fn number(ctx: Ctx, Path((code, building)): Path<(String, String)>) -> Result {
    let phone = contacts::number(&ctx, &code, &building).await?;
    Ok(private(Json(GridNumberOut { phone })))
}

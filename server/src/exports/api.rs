//! Tables as files through the API.

use super::{
    routes::{self, Sent},
    service,
};
use crate::http::{Ctx, Error, FieldProblem, Params, Result};
use axum::{Json, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the reader may take out.
#[derive(Serialize, ToSchema)]
pub struct ExportsOut {
    /// Codes of the tables.
    pub tables: Vec<&'static str>,
    /// Subtrees to choose from, from above to below.
    pub places: Vec<ExportPlace>,
}

/// A subtree.
#[derive(Serialize, ToSchema)]
pub struct ExportPlace {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// Path.
    pub path: String,
}

/// Which tables the reader may take out, and of which subtrees.
#[utoipa::path(get, path = "/api/v1/staff/exports", tag = "administration", responses((status = 200, body = ExportsOut)))]
pub async fn tables(ctx: Ctx) -> Result {
    let tables = service::datasets(&ctx)?.into_iter().map(|dataset| dataset.code()).collect();
    let places = service::places(&ctx).await?.into_iter().map(|place| ExportPlace {
        name: ctx.w.pick(&place.name, &place.name_en).to_owned(),
        code: place.code,
        path: place.path,
    });
    Ok(Json(ExportsOut { tables, places: places.collect() }).into_response())
}

/// Which table.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhichTable {
    /// Its code.
    pub table: String,
    /// Code of the subtree.
    pub place: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Telephone numbers in full, for the people.
    pub contacts: bool,
    /// `csv` (without it) or `xlsx`.
    #[serde(rename = "as")]
    pub form: String,
}

/// A table of a subtree as a file. That it is taken out is in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/exports/file", tag = "administration", params(WhichTable),
    responses((status = 200, description = "The file; a workbook with `as=xlsx`", content(
        (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn file(ctx: Ctx, Params(which): Params<WhichTable>) -> Result {
    let WhichTable { table, place, from, to, contacts, form } = which;
    let form = if form.is_empty() { "csv".to_owned() } else { form };
    let contacts = if contacts { "1".to_owned() } else { String::new() };
    let sent = Sent { table, place, from, to, contacts, form };
    routes::file(&ctx, &sent).await?.map_err(|errors| {
        let wrong = |(field, detail): (&str, String)| FieldProblem { pointer: field.to_owned(), detail };
        Error::Fields(errors.into_iter().map(wrong).collect())
    })
}

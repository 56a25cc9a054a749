//! What a visit lacks, through the API: what the page `/staff/tickets/{id}/missing` prints.

use super::instant;
use crate::{
    http::{Ctx, Result},
    windows::{routes::views::Segment, service},
};
use axum::{Json, response::IntoResponse};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What a visit lacks.
#[derive(Serialize, ToSchema)]
pub struct MissingPapers {
    /// Id of the ticket.
    pub ticket: String,
    /// Its number, as it is called: A012.
    pub number: String,
    /// Name of whose it is, as the clerk sees it; may be empty.
    pub name: String,
    /// When the papers were looked at last, RFC 3339 with offset; null: nobody has yet.
    pub checked_at: Option<String>,
    /// Where to bring what is missing.
    pub hall: MissingHall,
    /// The items for which something is missing; empty: nothing is.
    pub items: Vec<MissingItem>,
}

/// Where to bring what is missing.
#[derive(Serialize, ToSchema)]
pub struct MissingHall {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// Address in the reader's language.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
}

/// An item for which something is missing.
#[derive(Serialize, ToSchema)]
pub struct MissingItem {
    /// Code.
    pub item: String,
    /// Title in the reader's language.
    pub title: String,
    /// What is missing for it.
    pub materials: Vec<MissingMaterial>,
}

/// A material that is missing.
#[derive(Serialize, ToSchema)]
pub struct MissingMaterial {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// What to mind; may be empty.
    pub note: String,
    /// Photocopies besides the original.
    pub copies: u32,
}

/// What was found missing for the visit of a ticket, and where to bring it: the list that is printed for the person.
#[utoipa::path(get, path = "/api/v1/staff/tickets/{id}/missing", tag = "counter",
    params(("id" = String, Path, description = "id of the ticket")), responses((status = 200, body = MissingPapers)))]
pub async fn list(ctx: Ctx, Segment(id): Segment) -> Result {
    let missing = service::missing(&ctx, &id).await?;
    let pick = |zh: &str, en: &str| ctx.w.pick(zh, en).to_owned();
    let items = missing.items.iter().map(|(item, materials)| MissingItem {
        item: item.code.clone(),
        title: pick(&item.title, &item.title_en),
        materials: materials
            .iter()
            .map(|material| MissingMaterial {
                code: material.code.clone(),
                name: pick(&material.name, &material.name_en),
                note: pick(&material.note, &material.note_en),
                copies: material.copies,
            })
            .collect(),
    });
    let papers = MissingPapers {
        number: missing.ticket.label(),
        checked_at: missing.checked_at.map(|at| instant(Timestamp::from_microsecond(at).unwrap_or_default())),
        hall: MissingHall {
            name: pick(&missing.hall.name, &missing.hall.name_en),
            address: pick(&missing.hall.address, &missing.hall.address_en),
            code: missing.hall.code.clone(),
            phone: missing.hall.phone.clone(),
        },
        items: items.collect(),
        ticket: missing.ticket.id.clone(),
        name: missing.ticket.name.clone(),
    };
    Ok(Json(papers).into_response())
}

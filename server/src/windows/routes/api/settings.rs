//! Settings of halls and items, to read, through the API. They are changed on pages, where what a change would hit is shown first.

use crate::{
    http::{
        Ctx, Params, Result,
        api::{Listed, Paging, listed, versioned},
    },
    windows::{
        routes::views::Segment,
        service::managers::{items, settings},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

/// A hall's settings.
#[derive(Serialize, ToSchema)]
pub struct HallSettingsOut {
    /// Code of the hall.
    pub hall: String,
    /// Their version; 0 before the first change.
    pub version: i64,
    /// Opening hours, windows with what they serve, limits: as they are saved.
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
}

/// A hall's settings: hours, closures, windows, places, limits.
#[utoipa::path(get, path = "/api/v1/staff/settings/halls/{hall}", tag = "settings",
    params(("hall" = String, Path, description = "code of the hall")), responses((status = 200, body = HallSettingsOut)))]
pub async fn hall(ctx: Ctx, Segment(code): Segment) -> Result {
    let edit = settings::edit(&ctx, &code).await?;
    let settings = serde_json::to_value(&edit.settings).map_err(anyhow::Error::from)?;
    Ok(versioned(edit.version, HallSettingsOut { hall: edit.hall.code, version: edit.version, settings }))
}

/// A service item as managers see it.
#[derive(Serialize, ToSchema)]
pub struct ItemOut {
    /// Code.
    pub code: String,
    /// It is no longer offered.
    pub retired: bool,
    /// Where it is done.
    pub places: Vec<ItemPlace>,
    /// Title, materials, questions, minutes, fee, legal basis: as they are saved.
    #[schema(value_type = Object)]
    pub item: serde_json::Value,
}

/// A window at which an item is done.
#[derive(Serialize, ToSchema)]
pub struct ItemPlace {
    /// Code of the hall.
    pub hall: String,
    /// Number of the window.
    pub window: i64,
}

/// All service items, those no longer offered as well.
#[utoipa::path(get, path = "/api/v1/staff/settings/items", tag = "settings", params(Paging),
    responses((status = 200, body = Listed<ItemOut>)))]
pub async fn all_items(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let (all, _) = items::list(&ctx).await?;
    let (page, next) = paging.cut(all)?;
    let mut shown = Vec::new();
    for listed in page {
        shown.push(ItemOut {
            item: serde_json::to_value(&listed.stored.item).map_err(anyhow::Error::from)?,
            retired: listed.stored.retired,
            places: listed.places.into_iter().map(|(hall, window)| ItemPlace { hall, window }).collect(),
            code: listed.stored.item.code,
        });
    }
    Ok(listed(&ctx, shown, next))
}

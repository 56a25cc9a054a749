//! Photos of entries and inspections.

use super::{done, entries, estates, or_errors};
use crate::{
    http::{Ctx, Result, see_other_with},
    photos::intake::PhotoForm,
    property::service::{
        Outcome, credit,
        photos::{self, Of},
    },
};
use axum::{extract::Path, http::StatusCode};

async fn add(ctx: &Ctx, of: Of, id: &str, form: &mut PhotoForm) -> Outcome {
    let ids = photos::take_in(ctx, form).await?;
    photos::add(ctx, of, id, &ids).await
}

/// `POST /staff/property/entries/{entry}/photos`
pub async fn to_entry(ctx: Ctx, Path(id): Path<String>, mut form: PhotoForm) -> Result {
    let page = photos::page_of(&ctx, Of::Entry, &id).await?;
    match add(&ctx, Of::Entry, &id, &mut form).await {
        Ok(()) => Ok(done(&ctx, &page)),
        Err(refused) => {
            let errors = or_errors(refused)?;
            let entry = credit::one(&ctx, &id).await?;
            entries::show(&ctx, &entry, true, Default::default(), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /staff/property/inspections/{inspection}/photos`
pub async fn to_inspection(ctx: Ctx, Path(id): Path<String>, mut form: PhotoForm) -> Result {
    let page = photos::page_of(&ctx, Of::Inspection, &id).await?;
    match add(&ctx, Of::Inspection, &id, &mut form).await {
        Ok(()) => Ok(done(&ctx, &format!("{page}#i-{id}"))),
        Err(refused) => estates::show_with(&ctx, &page, or_errors(refused)?).await,
    }
}

/// `POST /staff/property/photos/{photo}/remove`
pub async fn remove(ctx: Ctx, Path(photo): Path<String>) -> Result {
    let page = photos::remove(&ctx, &photo).await?;
    Ok(see_other_with(&ctx, &page, "flash-property-saved"))
}

//! Photos of findings and answers: taken in by the pipeline of photos, which removes all metadata, and private like the letter.

use super::{Errors, draft::for_changing, write_down};
use crate::{
    http::{Ctx, Error},
    photos::{
        self,
        intake::PhotoForm,
        service::TakeError,
        store::{self as rows, Uploader},
    },
    supervision::store::{self, OF_FINDING, write},
};
use app::supervision::letter::PHOTOS;
use std::collections::BTreeMap;

/// Photos that a form brought: ids by the field of their files, and what is wrong by field.
#[derive(Debug, Default)]
pub struct Brought {
    /// Ids by field.
    pub ids: BTreeMap<String, Vec<String>>,
    /// What is wrong.
    pub errors: Errors,
}

/// Takes in the photos of a form. Those that are fine are kept even when others are not; what no letter names is swept.
pub async fn take_in(ctx: &Ctx, form: &mut PhotoForm) -> Result<Brought, Error> {
    let who = Uploader::of(ctx);
    let mut brought = Brought::default();
    for file in std::mem::take(&mut form.files) {
        photos::service::limit(ctx).await?;
        let result = match file.bytes {
            Ok(bytes) => photos::service::take(&ctx.app, &who, bytes, ctx.now).await,
            Err(refused) => Err(refused.into()),
        };
        match result {
            Ok(photo) => brought.ids.entry(file.field).or_default().push(photo.id),
            Err(TakeError::Refused(refused)) => {
                let reason = ctx.w.t(refused.key());
                let text =
                    ctx.w.tf("supervision-photo-trouble", &[("name", file.name.into()), ("reason", reason.into())]);
                brought.errors.insert(file.field, text);
            }
            Err(TakeError::Failed(error)) => return Err(error),
        }
    }
    if form.too_many_files {
        brought.errors.insert("photos".to_owned(), ctx.w.tf("supervision-photo-full", &[("count", PHOTOS.into())]));
    }
    Ok(brought)
}

/// Whether these photos are the reader's and belong to nothing yet.
pub async fn are_own(ctx: &Ctx, ids: &[String]) -> Result<bool, Error> {
    let who = Uploader::of(ctx);
    for id in ids {
        let found = rows::by_id(&ctx.app.db, id).await?;
        if !found.is_some_and(|photo| photo.is_by(&who) && photo.owner_id.is_none()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives photos to a finding of a draft. The error is what is wrong with them, in words.
pub async fn add(
    ctx: &Ctx,
    (id, version): (&str, i64),
    finding: &str,
    ids: &[String],
) -> Result<Option<String>, Error> {
    let letter = for_changing(ctx, id).await?;
    let findings = store::findings(&ctx.app.db, &letter.id).await?;
    let finding = findings.iter().find(|known| known.id == finding).ok_or(Error::NotFound)?;
    if ids.is_empty() {
        return Ok(Some(ctx.w.t("supervision-error-photo-none")));
    }
    if !are_own(ctx, ids).await? {
        return Ok(Some(ctx.w.t("supervision-error-photo-gone")));
    }
    let mut tx = ctx.app.db.begin().await?;
    if !write::touch(&mut tx, &letter.id, version).await? {
        return Err(Error::Conflict("supervision-conflict-changed"));
    }
    let there = usize::try_from(write::count_photos(&mut tx, &finding.id).await?).unwrap_or(usize::MAX);
    if there.saturating_add(ids.len()) > PHOTOS {
        return Ok(Some(ctx.w.tf("supervision-photo-full", &[("count", PHOTOS.into())])));
    }
    for (nth, photo) in ids.iter().enumerate() {
        if !rows::attach(&mut tx, photo, (OF_FINDING, &finding.id), "before", there + nth).await? {
            return Ok(Some(ctx.w.t("supervision-error-photo-gone")));
        }
    }
    let detail = serde_json::json!({ "finding": finding.number, "photos": ids.len() });
    write_down(ctx, &mut tx, ("supervision.photo", &letter.id), detail).await?;
    tx.commit().await?;
    Ok(None)
}

/// Takes a photo from a finding of a draft, and removes it.
pub async fn remove(ctx: &Ctx, (id, version): (&str, i64), photo: &str) -> Result<(), Error> {
    let letter = for_changing(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !write::let_go(&mut tx, &letter.id, photo).await? {
        return Err(Error::NotFound);
    }
    if !write::touch(&mut tx, &letter.id, version).await? {
        return Err(Error::Conflict("supervision-conflict-changed"));
    }
    write_down(ctx, &mut tx, ("supervision.photo_removed", &letter.id), serde_json::json!({ "photo": photo })).await?;
    tx.commit().await?;
    if let Err(error) = photos::service::remove(&ctx.app, photo).await {
        tracing::warn!(photo, error = format!("{error:#}"), "a photo is left to the sweeper");
    }
    Ok(())
}

//! Photos as evidence: taken in by the pipeline of photos, which removes all metadata; for staff who see what they belong to
//! and for its company, never for everybody.

use super::{Outcome, checked, note, wrong};
use crate::{
    db::dialect,
    http::{Ctx, Error, FieldErrors},
    photos::{
        intake::PhotoForm,
        service::{self as intake, TakeError},
        store::{self as rows, Uploader},
    },
    property::store::{
        self, credit,
        photos::{self as evidence, OF_ENTRY, OF_INSPECTION},
    },
    supervision::service::photos::are_own,
};
use app::{people::Action, property::PHOTOS_MAX};

/// What photos belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A credit entry.
    Entry,
    /// An inspection.
    Inspection,
}

impl Of {
    /// As stored.
    pub fn kind(self) -> &'static str {
        match self {
            Of::Entry => OF_ENTRY,
            Of::Inspection => OF_INSPECTION,
        }
    }
}

/// The staff's page of what is to have photos, for whoever may give it some.
pub async fn page_of(ctx: &Ctx, of: Of, id: &str) -> Result<String, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyAssess)?;
    let (path, page) = match of {
        Of::Entry => {
            let entry = credit::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
            (entry.path, format!("/staff/property/entries/{id}"))
        }
        Of::Inspection => {
            let place = evidence::inspection(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
            (place.path, format!("/staff/property/estates/{}", place.estate_id))
        }
    };
    actor.require(Action::PropertyAssess, &path)?;
    Ok(page)
}

/// Takes in the photos of a form and gives their ids. What nothing names is swept.
pub async fn take_in(ctx: &Ctx, form: &mut PhotoForm) -> Outcome<Vec<String>> {
    let who = Uploader::of(ctx);
    let (mut ids, mut errors) = (Vec::new(), FieldErrors::new());
    for file in std::mem::take(&mut form.files) {
        intake::limit(ctx).await?;
        let taken = match file.bytes {
            Ok(bytes) => intake::take(&ctx.app, &who, bytes, ctx.now).await,
            Err(refused) => Err(refused.into()),
        };
        match taken {
            Ok(photo) => ids.push(photo.id),
            Err(TakeError::Refused(refused)) => {
                let args = [("name", file.name.into()), ("reason", ctx.w.t(refused.key()).into())];
                errors.add("photos", ctx.w.tf("property-photo-trouble", &args));
            }
            Err(TakeError::Failed(error)) => return Err(error.into()),
        }
    }
    if form.too_many_files {
        errors.add("photos", ctx.w.tf("property-photo-full", &[("count", PHOTOS_MAX.into())]));
    }
    checked(errors)?;
    Ok(ids)
}

/// Gives photos of the reader's to an entry that the company has not answered, or to an inspection.
pub async fn add(ctx: &Ctx, of: Of, id: &str, ids: &[String]) -> Outcome {
    page_of(ctx, of, id).await?;
    if ids.is_empty() {
        return wrong(ctx, "photos", "property-error-photo-none");
    }
    let full = || {
        let mut errors = FieldErrors::new();
        errors.add("photos", ctx.w.tf("property-photo-full", &[("count", PHOTOS_MAX.into())]));
        checked(errors)
    };
    if ids.len() > PHOTOS_MAX {
        return full();
    }
    if !are_own(ctx, ids).await? {
        return wrong(ctx, "photos", "property-error-photo-gone");
    }
    let db = &ctx.app.db;
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("property-photos:{id}")).await?;
    if of == Of::Entry && !evidence::touch_entry(&mut tx, id).await? {
        return Err(Error::Conflict("property-conflict-evidence").into());
    }
    let there = usize::try_from(evidence::count(&mut tx, of.kind(), id).await?).unwrap_or(usize::MAX);
    if there.saturating_add(ids.len()) > PHOTOS_MAX {
        return full();
    }
    for (nth, photo) in ids.iter().enumerate() {
        if !rows::attach(&mut tx, photo, (of.kind(), id), "before", there + nth).await? {
            return wrong(ctx, "photos", "property-error-photo-gone");
        }
    }
    note(&mut tx, ctx, "property.photo", (of.kind(), id), serde_json::json!({ "photos": ids })).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a photo away and removes it; gives the staff's page of what it belonged to.
pub async fn remove(ctx: &Ctx, photo: &str) -> Result<String, Error> {
    ctx.actor()?.require_somewhere(Action::PropertyAssess)?;
    let found = rows::by_id(&ctx.app.db, photo).await?.ok_or(Error::NotFound)?;
    let of = match found.owner_kind.as_deref() {
        Some(OF_ENTRY) => Of::Entry,
        Some(OF_INSPECTION) => Of::Inspection,
        _ => return Err(Error::NotFound),
    };
    let id = found.owner_id.ok_or(Error::NotFound)?;
    let page = page_of(ctx, of, &id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if of == Of::Entry && !evidence::touch_entry(&mut tx, &id).await? {
        return Err(Error::Conflict("property-conflict-evidence"));
    }
    if !evidence::let_go(&mut tx, photo, (of.kind(), &id)).await? {
        return Err(Error::NotFound);
    }
    note(&mut tx, ctx, "property.photo_removed", (of.kind(), &id), serde_json::json!({ "photo": photo })).await?;
    tx.commit().await?;
    if let Err(error) = intake::remove(&ctx.app, photo).await {
        tracing::warn!(photo, error = format!("{error:#}"), "a photo is left to the sweeper");
    }
    Ok(page)
}

/// Whether the reader may see a photo that belongs to an entry or an inspection: staff who see that, and who acts for its
/// company.
pub async fn may_see_photo(ctx: &Ctx, (kind, owner): (&str, &str)) -> Result<bool, Error> {
    let Some(actor) = &ctx.actor else { return Ok(false) };
    let db = &ctx.app.db;
    let company = if kind == OF_ENTRY {
        let Some(entry) = credit::by_id(db, owner).await? else { return Ok(false) };
        match super::credit::may_see(ctx, actor, &entry).await {
            Ok(()) => return Ok(true),
            Err(Error::Forbidden | Error::NotFound | Error::SecondFactor | Error::Scope(_)) => {}
            Err(error) => return Err(error),
        }
        entry.company_id
    } else {
        let Some(place) = evidence::inspection(db, owner).await? else { return Ok(false) };
        if actor.require(Action::PropertyRead, &place.path).is_ok() {
            return Ok(true);
        }
        place.company_id
    };
    Ok(store::is_member(db, &company, &actor.id).await?)
}

//! Taking photos in and giving them out.

use super::{
    blobs::Variant,
    pipeline::{self, Prepared, Refused},
    store::{self, NewPhoto, Photo, Uploader},
};
use crate::{
    app_state::App,
    auth::{limit::Limit, secrets::sha256},
    clock,
    http::{Ctx, Error},
    reports,
};
use app::reports::place::Position;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// So many photos are decoded at once: each may take some hundred megabytes while it is.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// A photo that nobody sent with a form is kept for so long.
const UNSENT: SignedDuration = SignedDuration::from_hours(24);

const BY_PERSON: Limit = Limit { what: "photo-person", max: 200, seconds: 3600 };
const BY_DEVICE: Limit = Limit { what: "photo-device", max: 60, seconds: 3600 };
const BY_ADDRESS: Limit = Limit { what: "photo-address", max: 600, seconds: 3600 };

/// Why a photo was not taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TakeError {
    /// The file is not one that we take.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// A photo that was taken and belongs to nothing yet.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Its id.
    pub id: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Where the camera was, as the file said; kept nowhere but here.
    pub position: Option<Position>,
}

impl Uploader {
    /// Who sends this request.
    pub fn of(ctx: &Ctx) -> Uploader {
        Uploader {
            person: ctx.actor.as_ref().map(|actor| actor.id.clone()),
            device: if ctx.device.is_empty() { String::new() } else { sha256(&ctx.device) },
        }
    }
}

/// Counts an upload and refuses it when there were too many.
pub async fn limit(ctx: &Ctx) -> Result<(), Error> {
    let who = Uploader::of(ctx);
    if let Some(person) = &who.person {
        return BY_PERSON.take(&ctx.app.db, person, ctx.now).await;
    }
    if !who.device.is_empty() {
        BY_DEVICE.take(&ctx.app.db, &who.device, ctx.now).await?;
    }
    BY_ADDRESS.take(&ctx.app.db, &sha256(&ctx.ip), ctx.now).await
}

/// Takes a photo in. When it is refused or anything fails, nothing of it is left behind.
pub async fn take(app: &App, who: &Uploader, bytes: Vec<u8>, now: Timestamp) -> Result<Taken, TakeError> {
    let prepared = prepare(bytes).await?;
    // On its own, so that a request that is given up half-way leaves no blob without a row.
    let (app, who) = (app.clone(), who.clone());
    tokio::spawn(async move { keep(&app, &who, &prepared, now).await })
        .await
        .map_err(|error| Error::from(anyhow::Error::new(error)))?
        .map_err(|error| Error::from(error).into())
}

/// Decodes and encodes off the async threads, a few at a time. A decoder that panics has met a broken file.
pub async fn prepare(bytes: Vec<u8>) -> Result<Prepared, Refused> {
    let permit = DECODERS.acquire().await.map_err(|_| Refused::Broken)?;
    tokio::task::spawn_blocking(move || {
        // Held by the work itself: it goes on when the request is given up.
        let _permit = permit;
        pipeline::prepare(&bytes)
    })
    .await
    .unwrap_or(Err(Refused::Broken))
}

/// Blobs first, then the row: a row never names a blob that is not there.
pub async fn keep(app: &App, who: &Uploader, photo: &Prepared, now: Timestamp) -> anyhow::Result<Taken> {
    let id = clock::new_id(now);
    let result = keep_as(app, &id, who, photo, now).await;
    if result.is_err() {
        app.blobs.delete(&id).await?;
    }
    result?;
    Ok(Taken { id, width: photo.width, height: photo.height, position: photo.position })
}

async fn keep_as(app: &App, id: &str, who: &Uploader, photo: &Prepared, now: Timestamp) -> anyhow::Result<()> {
    app.blobs.put(id, Variant::Full, photo.full.clone()).await?;
    app.blobs.put(id, Variant::Thumb, photo.thumb.clone()).await?;
    let sha256 = digest(&photo.full);
    let mut tx = app.db.begin().await?;
    let new = NewPhoto {
        id,
        uploader: who,
        width: photo.width,
        height: photo.height,
        bytes: photo.full.len(),
        sha256: &sha256,
    };
    store::insert(&mut tx, new, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Hash of a kept picture, base64url.
pub fn digest(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

/// Takes back a photo that belongs to nothing yet. Only whoever sent it may.
pub async fn take_back(ctx: &Ctx, id: &str) -> Result<(), Error> {
    let photo = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    if !photo.is_by(&Uploader::of(ctx)) {
        return Err(Error::NotFound);
    }
    if photo.owner_id.is_some() {
        return Err(Error::Conflict("reports-conflict-photo-sent"));
    }
    remove(&ctx.app, id).await?;
    Ok(())
}

/// Removes a photo that belongs to nothing: its row, then its blobs. A row that got an owner meanwhile stays.
pub async fn remove(app: &App, id: &str) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let gone = store::delete_unattached(&mut tx, id).await?;
    tx.commit().await?;
    if gone {
        app.blobs.delete(id).await?;
    }
    Ok(())
}

/// A photo for whoever asks, or [`Error::NotFound`] when they may not know of it. `token` is the link token of the
/// report's page, for reporters without an account.
pub async fn see(ctx: &Ctx, id: &str, token: Option<&str>) -> Result<Photo, Error> {
    let photo = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    if photo.released == 1 || photo.is_by(&Uploader::of(ctx)) {
        return Ok(photo);
    }
    let report = reports::store::of_photo(&ctx.app.db, &photo).await?.ok_or(Error::NotFound)?;
    let viewer = reports::service::Viewer::of(ctx, &report, token);
    if viewer.sees_everything() || (viewer.reporter && photo.owner_kind.as_deref() == Some(store::OF_REPORT)) {
        return Ok(photo);
    }
    Err(Error::NotFound)
}

/// Removes photos that were uploaded for a form that was never sent.
pub async fn sweep_unsent(app: &App) -> anyhow::Result<()> {
    let before = app.clock.now() - UNSENT;
    loop {
        let ids = store::unattached(&app.db, before).await?;
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            remove(app, &id).await?;
        }
    }
}

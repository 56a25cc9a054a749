//! Taking photos in and giving them out.

use super::{
    blobs::Variant,
    spool::Spooled,
    store::{self, NewPhoto, Photo, Uploader},
};
use crate::{
    app_state::App,
    auth::{limit::Limit, secrets::sha256},
    clock,
    http::{Ctx, Error, in_time},
    notices, partners, patrol,
    patrol::store::intake::OF_INTAKE,
    property,
    property::store::photos::{OF_ENTRY, OF_INSPECTION},
    reports, supervision,
    supervision::store::{OF_ANSWER, OF_FINDING},
};
use app::reports::place::Position;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use pictures::{Prepared, Refused};
use sha2::{Digest, Sha256};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock, Mutex, PoisonError, mpsc},
};
use tokio::sync::{Semaphore, oneshot};

/// So many photos are worked on at once.
const AT_ONCE: usize = 2;
static DECODERS: Semaphore = Semaphore::const_new(AT_ONCE);
/// The threads that do it: always the same. The allocator keeps some memory at hand for each thread that asked for much, and
/// would keep it for every one of tokio's.
static WORKERS: LazyLock<mpsc::Sender<Work>> = LazyLock::new(workers);
/// Megabytes that all of them together may use: one that needs more than what is left waits for the others.
static MEMORY: Semaphore = Semaphore::const_new(MOST_MEGABYTES as usize);
const MOST_MEGABYTES: u32 = (pictures::MOST_MEMORY / MEGABYTE) as u32;
const MEGABYTE: u64 = 1024 * 1024;

/// A photo that nobody sent with a form is kept for so long.
const UNSENT: SignedDuration = SignedDuration::from_hours(24);

const BY_PERSON: Limit = Limit { what: "photo-person", max: 200, seconds: 3600 };
const BY_DEVICE: Limit = Limit { what: "photo-device", max: 60, seconds: 3600 };
const BY_ADDRESS: Limit = Limit { what: "photo-address", max: 600, seconds: 3600 };

/// Another system sends those of a whole district.
const BY_KEY: Limit = Limit { what: "photo-key", max: 9_000, seconds: 3600 };

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
    /// It was there already, sent before with the same key.
    pub again: bool,
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
    if let Some(key) = &ctx.key {
        return BY_KEY.take(&ctx.app.db, &key.id, ctx.now).await;
    }
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
pub async fn take(app: &App, who: &Uploader, bytes: Spooled, now: Timestamp) -> Result<Taken, TakeError> {
    let taken = take_once(app, who, bytes, None, now).await?;
    taken.ok_or_else(|| Error::from(anyhow::anyhow!("a photo without a key was there already")).into())
}

/// Takes a photo in with a key that was made on the phone. `None`: one with this key is there already.
async fn take_once(
    app: &App,
    who: &Uploader,
    bytes: Spooled,
    key: Option<String>,
    now: Timestamp,
) -> Result<Option<Taken>, TakeError> {
    let prepared = prepare(bytes).await?;
    // On its own, so that a request that is given up half-way leaves no blob without a row.
    let (app, who) = (app.clone(), who.clone());
    tokio::spawn(async move { keep(&app, &who, &prepared, key.as_deref(), now).await })
        .await
        .map_err(|error| Error::from(anyhow::Error::new(error)))?
        .map_err(|error| Error::from(error).into())
}

/// Whether `key` is one as phones make them: long enough that nobody meets another's by chance.
fn is_upload_key(key: &str) -> bool {
    (16..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Takes a photo in that may have come before: a phone that did not hear our answer sends it again under the same
/// key, and gets the photo that is there. Somebody else's key is refused.
pub async fn take_again(
    app: &App,
    who: &Uploader,
    bytes: Spooled,
    key: &str,
    now: Timestamp,
) -> Result<Taken, TakeError> {
    if !is_upload_key(key) {
        return Err(Error::BadRequest("key: 16 to 64 of A-Z a-z 0-9 - _".into()).into());
    }
    let earlier = |photo: store::Photo| {
        if !photo.is_by(who) {
            return Err(Error::Unprocessable("key: used by somebody else".into()).into());
        }
        let size = |pixels: i64| u32::try_from(pixels).unwrap_or_default();
        Ok(Taken { id: photo.id, width: size(photo.width), height: size(photo.height), position: None, again: true })
    };
    if let Some(photo) = store::by_upload_key(&app.db, key).await.map_err(Error::from)? {
        return earlier(photo);
    }
    if let Some(taken) = take_once(app, who, bytes, Some(key.to_owned()), now).await? {
        return Ok(taken);
    }
    match store::by_upload_key(&app.db, key).await.map_err(Error::from)? {
        Some(photo) => earlier(photo),
        None => Err(Error::Conflict("error-conflict-text").into()),
    }
}

/// Decodes and encodes off the async threads, a few at a time, within [`pictures::MOST_MEMORY`] for all of them.
pub async fn prepare(bytes: impl Into<Spooled>) -> Result<Prepared, Refused> {
    let bytes = bytes.into();
    off_thread(move || {
        let bytes = bytes.read().map_err(|error| {
            tracing::error!(%error, "an uploaded file could not be read back");
            Refused::Broken
        })?;
        let megabytes = u32::try_from(pictures::memory(&bytes)?.div_ceil(MEGABYTE)).unwrap_or(u32::MAX);
        // This is a thread of its own: waiting here holds up nobody but the next photo.
        let _memory = futures::executor::block_on(MEMORY.acquire_many(megabytes.min(MOST_MEGABYTES)))
            .map_err(|_| Refused::Broken)?;
        pictures::prepare(&bytes)
    })
    .await
}

type Work = Box<dyn FnOnce() + Send>;

/// Starts the threads. One that cannot be started is told in the log; without any, sending fails.
fn workers() -> mpsc::Sender<Work> {
    let (sender, receiver) = mpsc::channel::<Work>();
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..AT_ONCE {
        let receiver = Arc::clone(&receiver);
        let next = move || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let run = move || {
            while let Ok(work) = next() {
                work();
            }
        };
        if let Err(error) = std::thread::Builder::new().name("photos".into()).spawn(run) {
            tracing::error!(%error, "a thread for photos could not be started");
        }
    }
    sender
}

/// Does work on pixels off the async threads, a few at a time. Work that panics has met a broken file.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    in_time::busy(async {
        let permit = DECODERS.acquire().await.map_err(|_| Refused::Broken)?;
        let (done, result) = oneshot::channel();
        let run = move || {
            // Held by the work itself: it goes on when the request is given up.
            let _permit = permit;
            let made = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refused::Broken));
            // Nobody waits for it any more, perhaps.
            let _ = done.send(made);
        };
        WORKERS.send(Box::new(run)).map_err(|_| Refused::Broken)?;
        result.await.unwrap_or(Err(Refused::Broken))
    })
    .await
}

/// Blobs first, then the row: a row never names a blob that is not there. `None`: a photo with this key is there.
pub async fn keep(
    app: &App,
    who: &Uploader,
    photo: &Prepared,
    key: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Option<Taken>> {
    let id = clock::new_id(now);
    let result = keep_as(app, &id, who, photo, key, now).await;
    if !matches!(result, Ok(true)) {
        app.blobs.delete(&id).await?;
    }
    let is_new = result?;
    let position = photo.position.map(|at| Position { longitude: at.longitude, latitude: at.latitude }.rounded());
    Ok(is_new.then_some(Taken { id, width: photo.width, height: photo.height, position, again: false }))
}

async fn keep_as(
    app: &App,
    id: &str,
    who: &Uploader,
    photo: &Prepared,
    key: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<bool> {
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
        upload_key: key,
    };
    let is_new = store::insert(&mut tx, new, now).await?;
    tx.commit().await?;
    Ok(is_new)
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
    if photo.owner_kind.as_deref() == Some(notices::attachments::store::OF_NOTICE) {
        return if notices::attachments::may_see(ctx, id).await? { Ok(photo) } else { Err(Error::NotFound) };
    }
    if let (Some(kind @ (OF_FINDING | OF_ANSWER)), Some(owner)) =
        (photo.owner_kind.as_deref(), photo.owner_id.as_deref())
    {
        let seen = supervision::service::may_see_photo(ctx, (kind, owner)).await?;
        return if seen { Ok(photo) } else { Err(Error::NotFound) };
    }
    if let (Some(kind @ (OF_ENTRY | OF_INSPECTION)), Some(owner)) =
        (photo.owner_kind.as_deref(), photo.owner_id.as_deref())
    {
        let seen = property::service::photos::may_see_photo(ctx, (kind, owner)).await?;
        return if seen { Ok(photo) } else { Err(Error::NotFound) };
    }
    if let (Some(OF_INTAKE), Some(owner)) = (photo.owner_kind.as_deref(), photo.owner_id.as_deref()) {
        let seen = patrol::intake::may_see_photo(ctx, owner).await?;
        return if seen { Ok(photo) } else { Err(Error::NotFound) };
    }
    if let (Some(partners::service::agreements::OF_TASK), Some(owner)) =
        (photo.owner_kind.as_deref(), photo.owner_id.as_deref())
    {
        let seen = partners::service::agreements::may_see_photo(ctx, owner).await?;
        return if seen { Ok(photo) } else { Err(Error::NotFound) };
    }
    let report = reports::store::of_photo(&ctx.app.db, &photo).await?.ok_or(Error::NotFound)?;
    let viewer = reports::service::Viewer::of(ctx, &report, token);
    if viewer.sees_everything() || (viewer.reporter && reports::own::is_reporters(&photo)) {
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

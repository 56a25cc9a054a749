//! Pictures and files of notices: added to a draft, removable while it is one, private until it goes out. Pictures go
//! through the pipeline of photos; files are PDF and are only ever handed out as downloads.

pub mod routes;
pub mod store;

use super::{
    store::{versions, write as rows},
    writing::{for_writing, form_of, write_down},
};
use crate::{
    app_state::App,
    db::Tx,
    files::{self, TakeError as FileError},
    http::{Ctx, Error, Result},
    photos::{self, Spooled, service::TakeError, store::Uploader},
};
use app::{
    notices::{NoticeForm, NoticeState, form::one_line, limits},
    people::Action,
};

/// Something was added to a draft.
#[derive(Clone, Debug)]
pub struct Added {
    /// Its number in the notice.
    pub number: i64,
    /// The version that the draft has now.
    pub version: i64,
}

/// Why something was not added; in words for whoever sent it.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// What was sent cannot be taken: the field, and the catalogue's key.
    #[error("{1}")]
    Refused(&'static str, &'static str),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for AddError {
    fn from(error: sqlx::Error) -> AddError {
        AddError::Failed(error.into())
    }
}

/// What a picture shows, as it is kept; or why it cannot be.
fn description(text: &str) -> std::result::Result<String, AddError> {
    let text = one_line(text);
    match text.chars().count() {
        0 => Err(AddError::Refused("alt", "notice-picture-alt-missing")),
        count if count > limits::PICTURE_ALT_CHARS => Err(AddError::Refused("alt", "notice-picture-alt-long")),
        _ => Ok(text),
    }
}

/// Adds a picture to a draft. `once`: a key of 16 to 64 letters, digits and `-`; sent again with it, the picture is the one that is
/// there.
pub async fn add_picture(
    ctx: &Ctx,
    notice_id: &str,
    (bytes, alt): (std::result::Result<Spooled, photos::Refused>, &str),
    once: &str,
) -> std::result::Result<Added, AddError> {
    let notice = for_writing(ctx, notice_id).await?;
    if notice.state() != NoticeState::Draft {
        return Err(Error::Conflict("notice-conflict-not-draft").into());
    }
    let alt = description(alt)?;
    let bytes = bytes.map_err(|refused| AddError::Refused("picture", refused.key()))?;
    photos::service::limit(ctx).await?;
    let taken = match photos::service::take_again(&ctx.app, &Uploader::of(ctx), bytes, once, ctx.now).await {
        Ok(taken) => taken,
        Err(TakeError::Refused(refused)) => return Err(AddError::Refused("picture", refused.key())),
        Err(TakeError::Failed(error)) => return Err(error.into()),
    };
    if taken.again
        && let Some(there) = store::pictures(&ctx.app.db, notice_id).await?.iter().find(|one| one.photo_id == taken.id)
    {
        return Ok(Added { number: there.number, version: notice.version });
    }
    // Whatever stops here leaves a photo that belongs to nothing: the sweeper takes it.
    let form = form_now(ctx, notice_id).await?;
    let mut tx = ctx.app.db.begin().await?;
    let version = touched(ctx, &mut tx, notice_id).await?;
    let number = store::add_picture(&mut tx, notice_id, (&taken.id, &alt), limits::PICTURES).await?;
    let number = number.ok_or(AddError::Refused("picture", "notice-pictures-full"))?;
    let position = usize::try_from(number).unwrap_or(0);
    if !photos::store::attach(&mut tx, &taken.id, (store::OF_NOTICE, notice_id), "", position).await? {
        return Err(Error::Conflict("notice-conflict-changed").into());
    }
    keep(ctx, &mut tx, (notice_id, version), form).await?;
    let detail = serde_json::json!({ "number": number, "photo": taken.id });
    write_down(ctx, &mut tx, "notice.picture", notice_id, detail).await?;
    tx.commit().await?;
    Ok(Added { number, version })
}

/// Adds a PDF to a draft, under a tidy name. `id`: the file's; sent again with it, the file is the one that is there.
pub async fn add_file(
    ctx: &Ctx,
    notice_id: &str,
    (bytes, name): (std::result::Result<Spooled, photos::Refused>, &str),
    id: &str,
) -> std::result::Result<Added, AddError> {
    let notice = for_writing(ctx, notice_id).await?;
    if notice.state() != NoticeState::Draft {
        return Err(Error::Conflict("notice-conflict-not-draft").into());
    }
    if let Some(there) = store::files(&ctx.app.db, notice_id).await?.iter().find(|one| one.file_id == id) {
        return Ok(Added { number: there.number, version: notice.version });
    }
    let file = match files::look(ctx, bytes).await {
        Ok(file) => file,
        Err(FileError::Refused(refused)) => return Err(AddError::Refused("file", refused.key())),
        Err(FileError::Failed(error)) => return Err(error.into()),
    };
    files::keep(ctx, id, file).await?;
    let form = form_now(ctx, notice_id).await?;
    let mut tx = ctx.app.db.begin().await?;
    let version = touched(ctx, &mut tx, notice_id).await?;
    let number = store::add_file(&mut tx, notice_id, (id, &files::tidy(name, "notice")), limits::FILES).await?;
    let number = number.ok_or(AddError::Refused("file", "notice-files-full"))?;
    keep(ctx, &mut tx, (notice_id, version), form).await?;
    let detail = serde_json::json!({ "number": number, "file": id });
    write_down(ctx, &mut tx, "notice.file", notice_id, detail).await?;
    tx.commit().await?;
    Ok(Added { number, version })
}

/// The draft as it is now, for [`keep`]; for staff who may change it.
async fn form_now(ctx: &Ctx, notice_id: &str) -> Result<NoticeForm> {
    let notice = for_writing(ctx, notice_id).await?;
    form_of(ctx, &notice, &notice.content()).await
}

/// Keeps the draft with its pictures and files as they are now among its versions: what changes is seen by whoever reviews it,
/// and whoever changed it is one of those who wrote in it.
/// `form` was read before the transaction, which must not wait for a second connection: a save in between is a conflict.
async fn keep(ctx: &Ctx, tx: &mut Tx, (notice_id, version): (&str, i64), form: NoticeForm) -> Result<()> {
    if form.version.parse() != Ok(version - 1) {
        return Err(Error::Conflict("notice-conflict-changed"));
    }
    let attached = store::in_words(tx, notice_id).await?;
    let form = NoticeForm { attached, ..form };
    versions::keep(tx, (notice_id, version), (&ctx.actor()?.id, true), &form, ctx.now).await?;
    Ok(())
}

/// Marks a draft as changed, so that nobody publishes what they have not seen. Gives its version.
async fn touched(ctx: &Ctx, tx: &mut Tx, notice_id: &str) -> std::result::Result<i64, AddError> {
    let version = rows::touch(tx, notice_id, ctx.now).await?;
    Ok(version.ok_or(Error::Conflict("notice-conflict-not-draft"))?)
}

/// Says anew what a picture of a draft shows.
pub async fn describe(ctx: &Ctx, notice_id: &str, number: i64, alt: &str) -> std::result::Result<(), AddError> {
    let form = form_now(ctx, notice_id).await?;
    let alt = description(alt)?;
    let mut tx = ctx.app.db.begin().await?;
    let version = touched(ctx, &mut tx, notice_id).await?;
    if !store::describe(&mut tx, notice_id, number, &alt).await? {
        return Err(Error::NotFound.into());
    }
    keep(ctx, &mut tx, (notice_id, version), form).await?;
    write_down(ctx, &mut tx, "notice.picture_described", notice_id, serde_json::json!({ "number": number })).await?;
    tx.commit().await?;
    Ok(())
}

/// What is taken from a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A picture.
    Picture,
    /// A file.
    File,
}

/// Takes a picture or a file from a draft. What is gone already is fine.
pub async fn remove(ctx: &Ctx, notice_id: &str, what: What, number: i64) -> std::result::Result<(), AddError> {
    let form = form_now(ctx, notice_id).await?;
    let mut tx = ctx.app.db.begin().await?;
    let version = touched(ctx, &mut tx, notice_id).await?;
    let gone = match what {
        What::Picture => store::remove_picture(&mut tx, notice_id, number).await?,
        What::File => store::remove_file(&mut tx, notice_id, number).await?,
    };
    let Some(id) = gone else { return Ok(()) };
    let mut photos = Vec::new();
    if what == What::Picture && store::let_go(&mut tx, &id).await? {
        photos.push(id.clone());
    }
    keep(ctx, &mut tx, (notice_id, version), form).await?;
    let detail = serde_json::json!({ "number": number, "id": id });
    write_down(ctx, &mut tx, "notice.attachment_removed", notice_id, detail).await?;
    tx.commit().await?;
    sweep_photos(&ctx.app, &photos).await;
    Ok(())
}

/// Takes everything from a draft that is thrown away, in its transaction. Gives the photos that nobody has any more; hand
/// them to [`sweep_photos`] once it is done.
pub(super) async fn remove_all(tx: &mut Tx, notice_id: &str) -> Result<Vec<String>> {
    let mut gone = Vec::new();
    for photo_id in store::clear(tx, notice_id).await? {
        if store::let_go(tx, &photo_id).await? {
            gone.push(photo_id);
        }
    }
    Ok(gone)
}

/// Removes photos that belong to nothing any more, at once. What fails here is swept later.
pub(super) async fn sweep_photos(app: &App, photos: &[String]) {
    for id in photos {
        if let Err(error) = photos::service::remove(app, id).await {
            tracing::warn!(photo = %id, error = format!("{error:#}"), "a picture is left to the sweeper");
        }
    }
}

/// Whether the reader may see a picture of a notice that is not out yet: staff who may see the notice.
pub async fn may_see(ctx: &Ctx, photo_id: &str) -> Result<bool> {
    let Ok(actor) = ctx.actor() else { return Ok(false) };
    let paths = store::paths_of_photo(&ctx.app.db, photo_id).await?;
    Ok(paths.iter().any(|path| actor.require(Action::NoticeRead, path).is_ok()))
}

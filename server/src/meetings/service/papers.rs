//! Files of items: PDF, for whoever may read the session, added and removed while it takes items.

use super::{Judged, attended, form_key, note, session, sessions::locked};
use crate::{
    files::{self, TakeError},
    http::{Ctx, Error, FieldErrors, Result},
    meetings::store::{
        papers::{self as store, Paper},
        sessions as session_store,
        sessions::Session,
    },
    photos::intake::Sent,
};
use app::{meetings::limits::PAPERS, people::Action};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The session, for whoever runs it; it has this item.
pub async fn for_changing(ctx: &Ctx, id: &str, item: &str) -> Result<Session> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    let agenda = session_store::agenda(&ctx.app.db, id).await?;
    if agenda.iter().all(|one| one.id != item) {
        return Err(Error::NotFound);
    }
    Ok(session)
}

/// The id of a file: the same one sent again with the same key, and another one of another.
fn id_of(ctx: &Ctx, item: &str, key: &str, sha256: &str) -> Result<String> {
    let hash = Sha256::digest(format!("{item}\n{}\n{sha256}", form_key(ctx, key)?));
    let bytes = hash.first_chunk::<16>().copied().unwrap_or_default();
    Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string())
}

fn wrong(ctx: &Ctx, key: &str) -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.add("paper_file", ctx.w.t(key));
    errors
}

/// Gives an item a file, under a tidy name. Sent twice with one key it is one file. Gives its number.
pub async fn add(ctx: &Ctx, (id, item): (&str, &str), sent: Option<Sent>, key: &str) -> Judged<i64> {
    let session = for_changing(ctx, id, item).await?;
    if !session.state().takes_items() {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    let Some(sent) = sent else { return Err(wrong(ctx, "ui-file-missing").into()) };
    let file = match files::look(ctx, sent.bytes).await {
        Ok(file) => file,
        Err(TakeError::Refused(refused)) => return Err(wrong(ctx, refused.key()).into()),
        Err(TakeError::Failed(error)) => return Err(error.into()),
    };
    let file_id = id_of(ctx, item, key, &file.sha256)?;
    // What stops after this leaves a file that nothing names: the sweeper takes it.
    files::keep(ctx, &file_id, file).await?;
    let (mut tx, state) = locked(ctx, id).await?;
    if !state.takes_items() {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    let there = store::of_item(&mut tx, item).await?;
    if let Some((number, _)) = there.iter().find(|(_, file)| *file == file_id) {
        return Ok(*number);
    }
    if there.len() >= PAPERS {
        return Err(wrong(ctx, "meeting-papers-full").into());
    }
    let number = there.last().map_or(0, |(number, _)| *number) + 1;
    store::add(&mut tx, (item, number), (&file_id, &files::tidy(&sent.name, "paper"))).await?;
    let detail = json!({ "item": item, "number": number, "file": file_id });
    note(&mut tx, ctx, "meeting.add_paper", ("meeting_session", id), detail).await?;
    tx.commit().await?;
    Ok(number)
}

/// Takes a file from an item. What is gone already is fine.
pub async fn remove(ctx: &Ctx, (id, item): (&str, &str), number: &str) -> Result<()> {
    for_changing(ctx, id, item).await?;
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let (mut tx, state) = locked(ctx, id).await?;
    if !state.takes_items() {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    let Some(file) = store::remove(&mut tx, item, number).await? else { return Ok(()) };
    let detail = json!({ "item": item, "number": number, "file": file });
    note(&mut tx, ctx, "meeting.remove_paper", ("meeting_session", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// A file, for whoever may read all of the session.
pub async fn one(ctx: &Ctx, (id, item, number): (&str, &str, &str)) -> Result<Paper> {
    let (session, reader) = attended(ctx, id).await?;
    if !reader.is_inside() {
        return Err(Error::NotFound);
    }
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let all = store::of_session(&ctx.app.db, &session.id).await?;
    let found = all.into_iter().find(|paper| paper.item_id == item && paper.file.number == number);
    found.ok_or(Error::NotFound)
}

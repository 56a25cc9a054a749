//! What reporters may do to what is theirs: put their words right, take words and photos away again. What happened
//! stays in the timeline; only their own data goes. Adding is a step, see `status.rs`.

use super::{
    events, public,
    service::Viewer,
    status::{self, Said},
    store::{self, Report},
};
use crate::{
    audit,
    db::Tx,
    http::{Ctx, Error, Result, see_other_with},
    photos::{
        self,
        intake::PhotoForm,
        store::{ADDED, OF_REPORT, Photo},
    },
};
use app::{
    i18n::Words,
    people::Action,
    reports::{MAX_TEXT, State},
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};

/// Whether the reporter may still put their words right: nobody has begun to work by them.
pub fn may_edit(state: State) -> bool {
    state == State::Submitted
}

/// `POST /reports/{code}/own`: one of the reporter's forms. Multipart, for it may bring photos.
pub async fn change(ctx: Ctx, Path(code): Path<String>, Query(link): Query<public::Link>, body: PhotoForm) -> Result {
    let report = public::find(&ctx, &code).await?;
    let token = link.token();
    if !Viewer::of(&ctx, &report, token).reporter {
        return Err(if ctx.actor.is_some() { Error::Forbidden } else { Error::SignIn });
    }
    if let Some(actor) = &ctx.actor {
        actor.require(Action::ReportFile, &report.path)?;
    }
    let flash = match body.get("do") {
        "edit" => {
            let text = body.get("description").trim().to_owned();
            if let Err(key) = check_words(&text) {
                // What was typed stands in the form again.
                let typed = Report { description: text, ..report };
                return again(&ctx, &typed, token, ctx.w.t(key)).await;
            }
            write_words(&ctx, &report, &text, true).await?;
            "flash-report-words-changed"
        }
        "remove-words" => {
            write_words(&ctx, &report, "", false).await?;
            "flash-report-own-removed"
        }
        "remove-photo" => {
            remove_photo(&ctx, &report, body.get("remove")).await?;
            "flash-report-own-removed"
        }
        _ => return Err(Error::BadRequest("there is no such form".into())),
    };
    Ok(see_other_with(&ctx, &status::back(&ctx, &report, token), flash))
}

/// Whether these can be the reporter's words; the catalogue key of what is wrong with them.
pub fn check_words(text: &str) -> std::result::Result<(), &'static str> {
    match text.trim().chars().count() {
        0 => Err("reports-error-description"),
        n if n > MAX_TEXT => Err("reports-error-description-long"),
        _ => Ok(()),
    }
}

/// The page again, with what is wrong.
async fn again(ctx: &Ctx, report: &Report, token: Option<&str>, trouble: String) -> Result {
    let said = Said { trouble: Some(trouble), typed: None, status: StatusCode::UNPROCESSABLE_ENTITY };
    status::page(ctx, report, token, said).await
}

/// Whether a photo of a report came from whoever filed it.
pub fn is_reporters(photo: &Photo) -> bool {
    photo.owner_kind.as_deref() == Some(OF_REPORT) || photo.role == ADDED
}

/// Puts the reporter's words right (while nobody works by them), or takes them away.
pub async fn write_words(ctx: &Ctx, report: &Report, text: &str, edits: bool) -> std::result::Result<(), Error> {
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_description(&mut tx, &report.id, text, edits).await? {
        return Err(Error::Conflict("reports-more-conflict-edit"));
    }
    if !edits {
        events::forget_words(&mut tx, &report.id).await?;
    }
    let action = if edits { "report.edit_words" } else { "report.remove_words" };
    note(&mut tx, ctx, report, action, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes everything that is the reporter's own from a report: words and photos. Gives the photos, whose blobs are to be deleted
/// once it is done.
pub async fn take_everything(tx: &mut Tx, report_id: &str) -> std::result::Result<Vec<String>, sqlx::Error> {
    store::set_description(tx, report_id, "", false).await?;
    events::forget_words(tx, report_id).await?;
    let photos = photos::store::of_reporter(tx, report_id).await?;
    for id in &photos {
        photos::store::delete(tx, id).await?;
    }
    Ok(photos)
}

/// Takes one of the reporter's own photos away: its row, then its blobs, redacted ones too.
pub async fn remove_photo(ctx: &Ctx, report: &Report, id: &str) -> std::result::Result<(), Error> {
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    if !photos.iter().any(|photo| photo.id == id && is_reporters(photo)) {
        return Err(Error::NotFound);
    }
    let mut tx = ctx.app.db.begin().await?;
    if !photos::store::delete(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    note(&mut tx, ctx, report, "report.remove_photo", serde_json::json!({ "photo": id })).await?;
    tx.commit().await?;
    ctx.app.blobs.delete(id).await?;
    Ok(())
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    action: &'static str,
    mut detail: serde_json::Value,
) -> std::result::Result<(), Error> {
    detail["code"] = report.code.clone().into();
    let entry = audit::Entry {
        by: ctx.actor.as_ref().map_or(audit::By::Visitor, |actor| audit::By::Person(&actor.id)),
        action,
        object_kind: "report",
        object_id: &report.id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// The reporter's words, or that they took them away.
pub fn words(w: Words, report: &Report) -> String {
    if report.description.is_empty() { w.t("reports-more-own-gone") } else { report.description.clone() }
}

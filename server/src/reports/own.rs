//! What reporters may do to what is theirs: add photos, put their words right, take words and photos away again. What
//! happened stays in the timeline; only their own data goes.

use super::{
    public,
    service::Viewer,
    store::{self, Report},
};
use crate::{
    audit,
    db::Tx,
    http::{Ctx, Error, Result, see_other_with},
    people::inbox,
    photos::{self, intake::PhotoForm, store::OF_REPORT},
};
use app::{
    i18n::Words,
    people::Action,
    reports::{MAX_PHOTOS, MAX_TEXT, State},
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
pub async fn change(
    ctx: Ctx,
    Path(code): Path<String>,
    Query(link): Query<public::Link>,
    mut body: PhotoForm,
) -> Result {
    let report = public::find(&ctx, &code).await?;
    let token = link.token();
    if !Viewer::of(&ctx, &report, token).reporter {
        return Err(if ctx.actor.is_some() { Error::Forbidden } else { Error::SignIn });
    }
    if let Some(actor) = &ctx.actor {
        actor.require(Action::ReportFile, &report.path)?;
    }
    let flash = match body.get("do") {
        "photos" => {
            let taken = public::take_photos(&ctx, &mut body).await?;
            if let Some(trouble) = taken.troubles.first() {
                return again(&ctx, &report, token, trouble.clone()).await;
            }
            match add_photos(&ctx, &report, &taken.ids).await? {
                Ok(()) => "flash-report-photos-added",
                Err(key) => return again(&ctx, &report, token, ctx.w.t(key)).await,
            }
        }
        "edit" => {
            let text = body.get("description").trim().to_owned();
            let wrong = match text.chars().count() {
                0 => Some("reports-error-description"),
                n if n > MAX_TEXT => Some("reports-error-description-long"),
                _ => None,
            };
            if let Some(key) = wrong {
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
    Ok(see_other_with(&ctx, &public::status_address(&ctx, &report.code), flash))
}

/// The page again, with what is wrong.
async fn again(ctx: &Ctx, report: &Report, token: Option<&str>, trouble: String) -> Result {
    let mut answer = public::status(ctx, report, token, Some(trouble)).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// Adds photos to an open report. The inner error is a catalogue key.
async fn add_photos(
    ctx: &Ctx,
    report: &Report,
    ids: &[String],
) -> std::result::Result<std::result::Result<(), &'static str>, Error> {
    if report.state().is_over() {
        return Err(Error::Conflict("reports-more-conflict-over"));
    }
    if ids.is_empty() {
        return Ok(Err("reports-more-own-no-photo"));
    }
    let who = photos::store::Uploader::of(ctx);
    for id in ids {
        let found = photos::store::by_id(&ctx.app.db, id).await?;
        if !found.is_some_and(|photo| photo.is_by(&who) && photo.owner_id.is_none()) {
            return Ok(Err("reports-error-photo-gone"));
        }
    }
    let mut tx = ctx.app.db.begin().await?;
    // One at a time for a report, so that no two requests together bring too many.
    crate::db::dialect::lock_key(ctx.app.db.engine(), &mut tx, &format!("report-photos:{}", report.id)).await?;
    let (there,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE owner_kind = 'report' AND owner_id = $1")
            .bind(&report.id)
            .fetch_one(&mut *tx)
            .await?;
    let there = usize::try_from(there).unwrap_or(MAX_PHOTOS);
    if there + ids.len() > MAX_PHOTOS {
        return Ok(Err("reports-error-too-many-photos"));
    }
    for (n, id) in ids.iter().enumerate() {
        // After all others, also after one in the middle was taken away.
        if !photos::store::attach(&mut tx, id, (OF_REPORT, &report.id), "before", MAX_PHOTOS + there + n).await? {
            return Ok(Err("reports-error-photo-gone"));
        }
    }
    if let Some(owner) = &report.owner_id {
        let message = inbox::Message {
            person_id: owner,
            text_key: "inbox-report-photos-added",
            text_args: super::steps::message_args(report, "", ""),
            href: &format!("/volunteer/reports/{}", report.code),
            dedupe_key: &format!("report:{}:photos:{}", report.id, ids[0]),
        };
        inbox::send(&mut tx, message, ctx.now).await?;
    }
    note(&mut tx, ctx, report, "report.add_photos", serde_json::json!({ "photos": ids.len() })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Puts the reporter's words right (while nobody works by them), or takes them away.
async fn write_words(ctx: &Ctx, report: &Report, text: &str, edits: bool) -> std::result::Result<(), Error> {
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_description(&mut tx, &report.id, text, edits).await? {
        return Err(Error::Conflict("reports-more-conflict-edit"));
    }
    let action = if edits { "report.edit_words" } else { "report.remove_words" };
    note(&mut tx, ctx, report, action, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes one of the reporter's own photos away: its row, then its blobs, redacted ones too.
async fn remove_photo(ctx: &Ctx, report: &Report, id: &str) -> std::result::Result<(), Error> {
    let photo = photos::store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    if photo.owner_kind.as_deref() != Some(OF_REPORT) || photo.owner_id.as_deref() != Some(&report.id) {
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

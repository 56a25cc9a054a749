//! Blacking out parts of a photo before the public sees it. What is served has nothing left of those parts; the original
//! stays in the store, for those who work on the report, and every look at it is in the audit log.

use super::{
    blobs::Variant,
    service,
    store::{self, Photo},
};
use crate::{
    audit,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    reports::{self, public, store::Report},
};
use app::{
    people::Action,
    reports::pages::{RedactPage, redact_page},
    ui::shell::Tab,
};
use axum::extract::Path;
use pictures::Area;

/// Parts of one photo, at most.
const MOST_AREAS: usize = 40;

/// The original of a redacted photo, for those who manage reports of its place. Writes down who looked.
pub async fn original(ctx: &Ctx, id: &str) -> std::result::Result<Photo, Error> {
    let photo = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let report = reports::store::of_photo(&ctx.app.db, &photo).await?.ok_or(Error::NotFound)?;
    let Some(actor) = &ctx.actor else { return Err(Error::NotFound) };
    actor.require(Action::ReportManage, &report.path)?;
    let mut tx = ctx.app.db.begin().await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "report.see_original_photo",
        object_kind: "photo",
        object_id: &photo.id,
        detail: serde_json::json!({ "code": report.code }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(photo)
}

/// A photo of a report, for those who manage reports of its place.
pub async fn wanted(ctx: &Ctx, code: &str, id: &str) -> std::result::Result<(Report, Photo), Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let report = public::find(ctx, code).await?;
    actor.require(Action::ReportManage, &report.path)?;
    let photos = store::of_report(&ctx.app.db, &report.id).await?;
    let photo = photos.into_iter().find(|photo| photo.id == id).ok_or(Error::NotFound)?;
    Ok((report, photo))
}

/// `/staff/reports/{code}/photos/{id}`: the photo, with a form to black out parts of it.
pub async fn show(ctx: Ctx, Path((code, id)): Path<(String, String)>) -> Result {
    let (report, photo) = wanted(&ctx, &code, &id).await?;
    render(&ctx, &report, &photo, Vec::new(), None)
}

fn render(ctx: &Ctx, report: &Report, photo: &Photo, typed: Vec<[String; 4]>, error: Option<String>) -> Result {
    let w = ctx.w;
    let invalid = error.is_some();
    let page = RedactPage {
        w,
        action: format!("/staff/reports/{}/photos/{}", report.code, photo.id),
        photo: photo.id.clone(),
        size: (photo.width, photo.height),
        redacted: photo.redacted_at.is_some(),
        released: photo.released == 1,
        typed,
        error,
    };
    let answer = Page::new(ctx, w.t("reports-more-redact"))
        .tab(Tab::StaffReports)
        .back(format!("/staff/reports/{}", report.code));
    let answer = if invalid { answer.invalid() } else { answer };
    Ok(answer.render(redact_page(page)))
}

/// One rectangle as it was typed, in percent. `Ok(None)`: left empty.
fn area(typed: &[String; 4]) -> std::result::Result<Option<Area>, ()> {
    if typed.iter().all(|text| text.trim().is_empty() || text.trim() == "0" || text.trim() == "0.0") {
        return Ok(None);
    }
    let mut parts = [0; 4];
    for (part, text) in parts.iter_mut().zip(typed) {
        let percent: f64 = text.trim().parse().map_err(|_| ())?;
        if !(0.0..=100.0).contains(&percent) {
            return Err(());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000, just checked")]
        {
            *part = (percent * 10.0).round() as u32;
        }
    }
    let [x, y, width, height] = parts;
    if width == 0 || height == 0 || x >= 1000 || y >= 1000 {
        return Err(());
    }
    Ok(Some([x, y, width.min(1000 - x), height.min(1000 - y)]))
}

/// `POST /staff/reports/{code}/photos/{id}`: blacks out what the form names, besides what was before; shows the photo
/// to the public when that was asked for too.
pub async fn redact(
    ctx: Ctx,
    Path((code, id)): Path<(String, String)>,
    FormBody(fields): FormBody<Vec<(String, String)>>,
) -> Result {
    let (report, photo) = wanted(&ctx, &code, &id).await?;
    let all = |name: &str| -> Vec<String> {
        fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.chars().take(20).collect()).collect()
    };
    let (x, y, width, height) = (all("x"), all("y"), all("width"), all("height"));
    let typed: Vec<[String; 4]> = x
        .into_iter()
        .zip(y)
        .zip(width)
        .zip(height)
        .take(MOST_AREAS)
        .map(|(((x, y), width), height)| [x, y, width, height])
        .collect();
    let release = fields.iter().any(|(key, value)| key == "release" && value == "1");
    let done = black_out(&ctx, (&report, &photo), &Redaction { typed: &typed, release }).await;
    match done {
        Ok(()) => {
            let flash = if release { "flash-report-photo-released" } else { "flash-report-redacted" };
            Ok(see_other_with(&ctx, &format!("/staff/reports/{}", report.code), flash))
        }
        Err(Refused::Key(key)) => render(&ctx, &report, &photo, typed, Some(ctx.w.t(key))),
        Err(Refused::Other(error)) => Err(error),
    }
}

/// What is to be blacked out.
pub struct Redaction<'a> {
    /// Rectangles in percent, as they were typed: left, top, width, height.
    pub typed: &'a [[String; 4]],
    /// The photo is shown to the public as well.
    pub release: bool,
}

/// Why nothing was blacked out.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// What was asked for: a catalogue key.
    #[error("{0}")]
    Key(&'static str),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// Blacks out parts of a photo that [`wanted`] gave, besides what was before; shows it to the public when that was asked for too.
pub async fn black_out(
    ctx: &Ctx,
    (report, photo): (&Report, &Photo),
    asked: &Redaction<'_>,
) -> std::result::Result<(), Refused> {
    let Ok(new) = asked.typed.iter().map(area).collect::<std::result::Result<Vec<_>, ()>>() else {
        return Err(Refused::Key("reports-more-redact-error"));
    };
    let new: Vec<Area> = new.into_iter().flatten().collect();
    if new.is_empty() && !asked.release {
        return Err(Refused::Key("reports-more-redact-none"));
    }
    let actor = ctx.actor()?;
    actor.require(Action::ReportManage, &report.path)?;
    let mut tries = 0;
    let mut tx = loop {
        let before = store::redaction(&ctx.app.db, &photo.id).await?;
        let mut areas: Vec<Area> =
            before.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        areas.extend(&new);
        if areas.len() > MOST_AREAS {
            return Err(Refused::Key("reports-more-redact-many"));
        }
        let text = serde_json::to_string(&areas).map_err(|error| Error::from(anyhow::Error::new(error)))?;
        if !new.is_empty() {
            blacken(ctx, photo, areas).await?;
        }
        let mut tx = ctx.app.db.begin().await?;
        if new.is_empty()
            || store::set_redaction(&mut tx, &photo.id, (before.as_deref(), &text), &actor.id, ctx.now).await?
        {
            break tx;
        }
        // Somebody else blacked out other parts meanwhile: once more, with theirs.
        tries += 1;
        if tries > 5 {
            return Err(Error::Conflict("error-conflict-text").into());
        }
    };
    if asked.release {
        store::set_released(&mut tx, &photo.id, true).await?;
    }
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: if new.is_empty() { "report.release_photo" } else { "report.redact_photo" },
        object_kind: "photo",
        object_id: &photo.id,
        detail: serde_json::json!({ "code": report.code, "areas": new.len(), "released": asked.release }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes and stores the renditions with these parts blacked out, always from the original.
async fn blacken(ctx: &Ctx, photo: &Photo, areas: Vec<Area>) -> std::result::Result<(), Error> {
    let blobs = &ctx.app.blobs;
    let jpeg = blobs.get(&photo.id, Variant::Full).await?.ok_or(Error::NotFound)?;
    let (full, thumb) = service::off_thread(move || pictures::redact(&jpeg, &areas))
        .await
        .map_err(|refused| Error::from(anyhow::Error::new(refused)))?;
    blobs.put(&photo.id, Variant::Redacted, full).await?;
    blobs.put(&photo.id, Variant::RedactedThumb, thumb).await?;
    Ok(())
}

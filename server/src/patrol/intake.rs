//! What vehicles, cameras and sensors find comes in by their keys; a person makes a report of it, finds the report that says so
//! already, or refuses it. Nothing becomes a report by itself, however sure the other system is.

use super::store::intake::{self as store, Finding, New, OF_INTAKE};
use crate::{
    audit::{self, By},
    auth::{keys::Key, limit::Limit, secrets::sha256},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    photos::store::{self as photo_store, Uploader},
    places,
    reports::{
        categories,
        file::{self, FileError, Place, Source, System},
        open::{self, OpenReport, Spot},
        store as reports,
    },
};
use app::{
    patrol::intake::{Finder, IntakeState, MAX_FOREIGN, MAX_REASON},
    people::{Action, Scope},
    reports::{MAX_PHOTOS, MAX_PLACE, MAX_TEXT, form::ReportForm},
};
use jiff::{SignedDuration, Timestamp};

/// Findings that one system may send in an hour.
const BY_KEY: Limit = Limit { what: "intake-key", max: 3_000, seconds: 3600 };
/// How far ahead another system's clock may be.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// Why something was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in what was sent.
    #[error("what was sent has mistakes")]
    Invalid(FieldErrors),
    /// The number came before, with other content.
    #[error("the number came before, with other content")]
    OtherContent,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// A finding as another system sends it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// `vehicle`, `camera` or `sensor`.
    pub source: String,
    /// The system's number.
    pub foreign: String,
    /// Code of the community.
    pub community: String,
    /// Code of the kind.
    pub category: String,
    /// What it is.
    pub description: String,
    /// The place in words.
    pub place: String,
    /// Degrees east and north, WGS-84.
    pub position: Option<(f64, f64)>,
    /// Percent.
    pub confidence: i64,
    /// When it was found.
    pub found_at: Option<Timestamp>,
    /// Ids of photos sent before.
    pub photos: Vec<String>,
}

/// The key with which the request came in.
fn key(ctx: &Ctx) -> Result<&Key, Error> {
    match &ctx.key {
        Some(key) if key.scopes.contains(&Scope::ReportsFile) => Ok(key),
        Some(_) => Err(Error::Scope(Scope::ReportsFile.code().to_owned())),
        None if ctx.actor.is_some() => Err(Error::Forbidden),
        None => Err(Error::SignIn),
    }
}

/// Asks for permission to send findings, before the body is read.
pub fn may_send(ctx: &Ctx) -> Result<(), Error> {
    key(ctx).map(|_| ())
}

/// Takes a finding in; gives it, and whether it came before.
pub async fn take(ctx: &Ctx, sent: &Sent) -> Result<(Finding, bool), Refused> {
    let key = key(ctx)?;
    let db = &ctx.app.db;
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let text = |text: &str, most: usize| {
        text.chars().count() <= most && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\r')
    };
    let finder = Finder::from_code(&sent.source);
    if finder.is_none() {
        errors.add("source", w.t("patrol-error-source"));
    }
    let foreign = sent.foreign.trim();
    if foreign.is_empty() || !text(foreign, MAX_FOREIGN) {
        errors.add("foreign_number", w.t("patrol-error-foreign"));
    }
    let community = places::store::community_by_code(db, &sent.community).await?;
    if community.is_none() {
        errors.add("community", w.t("patrol-error-community"));
    }
    if categories::by_code(db, &sent.category).await?.is_none() {
        errors.add("category", w.t("reports-error-category"));
    }
    if sent.description.trim().is_empty() || !text(&sent.description, MAX_TEXT) {
        errors.add("description", w.t("patrol-error-description"));
    }
    if !text(&sent.place, MAX_PLACE) {
        errors.add("place", w.t("patrol-error-place"));
    }
    if !(0..=100).contains(&sent.confidence) {
        errors.add("confidence", w.t("patrol-error-confidence"));
    }
    let found_at = sent.found_at.unwrap_or(ctx.now);
    if found_at > ctx.now + AHEAD || found_at < ctx.now - SignedDuration::from_hours(24 * 30) {
        errors.add("found_at", w.t("patrol-error-found-at"));
    }
    let form = form_of(sent);
    let position = form.position();
    if sent.position.is_some() && position.is_none() {
        errors.add("longitude", w.t("patrol-error-position"));
    }
    let (Some(finder), Some(community), true) = (finder, community, errors.is_empty()) else {
        return Err(Refused::Invalid(errors));
    };
    let place = Place::find(ctx, &form, &community).await?;
    let path = place.as_ref().map_or(community.path.as_str(), |place| place.path(&community));
    key.require(Scope::ReportsFile, path)?;
    let fingerprint = sha256(
        &serde_json::json!([
            finder.code(),
            community.code,
            sent.category,
            sent.description.trim(),
            sent.place.trim(),
            position.map(|position| (position.longitude, position.latitude)),
            sent.confidence,
            sent.found_at.map(Timestamp::as_microsecond),
            sent.photos,
        ])
        .to_string(),
    );
    if let Some(earlier) = store::by_foreign(db, &key.id, foreign).await? {
        return if earlier.fingerprint == fingerprint { Ok((earlier, true)) } else { Err(Refused::OtherContent) };
    }
    let mut tx = db.begin().await?;
    let new = New {
        key_id: &key.id,
        source: finder.code(),
        foreign_code: foreign,
        fingerprint: &fingerprint,
        place: (&community.id, path),
        category: &sent.category,
        description: sent.description.trim(),
        place_text: sent.place.trim(),
        position,
        confidence: sent.confidence,
        found_at,
    };
    let Some(id) = store::insert(&mut tx, new, ctx.now).await? else {
        drop(tx);
        let earlier = store::by_foreign(db, &key.id, foreign).await?.ok_or(Error::NotFound)?;
        return if earlier.fingerprint == fingerprint { Ok((earlier, true)) } else { Err(Refused::OtherContent) };
    };
    BY_KEY.take_in(&mut tx, &key.id, ctx.now).await?;
    attach(&mut tx, ctx, &sent.photos, &id).await?;
    let entry = audit::Entry {
        by: By::System,
        action: "intake.take",
        object_kind: "intake",
        object_id: &id,
        detail: serde_json::json!({ "key": key.id }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok((store::by_id(db, &id).await?.ok_or(Error::NotFound)?, false))
}

async fn attach(tx: &mut Tx, ctx: &Ctx, photos: &[String], id: &str) -> Result<(), Refused> {
    let who = Uploader::of(ctx);
    let mut ours = photos.len() <= MAX_PHOTOS;
    for (position, photo) in photos.iter().enumerate() {
        let known = photo_store::by_id(&ctx.app.db, photo).await?.is_some_and(|photo| photo.is_by(&who));
        ours = ours && known && photo_store::attach(tx, photo, (OF_INTAKE, id), "before", position).await?;
    }
    if ours {
        return Ok(());
    }
    let mut errors = FieldErrors::new();
    errors.add("photos", ctx.w.t("reports-error-photo-gone"));
    Err(Refused::Invalid(errors))
}

fn form_of(sent: &Sent) -> ReportForm {
    let (longitude, latitude) = sent
        .position
        .map_or_else(Default::default, |(longitude, latitude)| (longitude.to_string(), latitude.to_string()));
    ReportForm {
        category: sent.category.clone(),
        place: sent.place.clone(),
        longitude,
        latitude,
        ..ReportForm::default()
    }
}

/// What became of a finding, for the system that sent it.
pub async fn sent(ctx: &Ctx, id: &str) -> Result<Finding, Error> {
    if ctx.key.is_none() {
        ctx.actor()?;
        return Err(Error::NotFound);
    }
    let key = key(ctx)?;
    store::by_id(&ctx.app.db, id).await?.filter(|finding| finding.key_id == key.id).ok_or(Error::NotFound)
}

/// Findings of the reader's places: those that wait, or those that were decided.
pub async fn list(ctx: &Ctx, open: bool, after: Option<(i64, &str)>, limit: usize) -> Result<Vec<Finding>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::IntakeConfirm)?;
    Ok(store::list(&ctx.app.db, &actor.scopes(Action::IntakeConfirm), open, after, limit).await?)
}

/// A finding for staff.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Finding, Error> {
    ctx.actor()?.require_somewhere(Action::IntakeConfirm)?;
    let finding = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::IntakeConfirm, &finding.path)?;
    Ok(finding)
}

/// Whether the reader may see the photos of a finding.
pub async fn may_see_photo(ctx: &Ctx, id: &str) -> Result<bool, Error> {
    let Some(actor) = &ctx.actor else { return Ok(false) };
    let path = store::path_of_photo(&ctx.app.db, id).await?;
    Ok(path.is_some_and(|path| actor.require(Action::IntakeConfirm, &path).is_ok()))
}

/// Open reports that may say the same.
pub async fn alike(ctx: &Ctx, finding: &Finding) -> Result<Vec<OpenReport>, Error> {
    let spot = Spot {
        community_id: &finding.community_id,
        category: &finding.category,
        building_id: None,
        grid_id: finding.grid_id.as_deref(),
        position: finding.position(),
    };
    Ok(open::near(&ctx.app.db, &spot, (None, "")).await?)
}

/// What staff say of a finding before it becomes a report.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Code of the kind.
    pub category: String,
    /// The place in words.
    pub place: String,
    /// What it is.
    pub description: String,
}

async fn note(tx: &mut Tx, ctx: &Ctx, action: &str, id: &str, report: &str) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "intake",
        object_id: id,
        detail: serde_json::json!({ "report": report }),
        request_id: &ctx.request_id,
    };
    Ok(audit::write(tx, entry, ctx.now).await?)
}

/// Makes a report of a finding; gives its code. The report is the system's, with its photos and its number; who confirmed it is
/// written down. A server that dies half-way leaves a finding that can be confirmed again: it is one report all the same.
pub async fn confirm(ctx: &Ctx, id: &str, said: &Said) -> Result<String, Refused> {
    let finding = one(ctx, id).await?;
    let db = &ctx.app.db;
    let community = places::store::by_id(db, &finding.community_id).await?.ok_or(Error::NotFound)?;
    let mut tx = db.begin().await?;
    let Some(photos) = store::begin(&mut tx, db.engine(), id).await? else {
        return Err(Error::Conflict("patrol-conflict-decided").into());
    };
    tx.commit().await?;
    let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let form = ReportForm {
        key: format!("intake-{id}"),
        category: said.category.clone(),
        place: said.place.clone(),
        longitude: degrees(finding.longitude),
        latitude: degrees(finding.latitude),
        description: said.description.clone(),
        ..ReportForm::default()
    };
    let system = Key {
        id: finding.key_id.clone(),
        name: finding.system.clone(),
        path: community.path.clone(),
        scopes: vec![Scope::ReportsFile],
    };
    let mut acting = ctx.clone().with_key(system);
    acting.actor = None;
    let told = System { foreign: &finding.foreign_code, caller: "", number: None };
    let code = match file::file_from(&acting, &form, &community, &photos, Source::System(&told)).await {
        Ok(filed) => filed.code,
        // Somebody was quicker, in other words.
        Err(FileError::OtherContent(code)) => code,
        Err(FileError::Mistakes(mistakes)) => {
            let mut tx = db.begin().await?;
            store::back(&mut tx, db.engine(), id).await?;
            tx.commit().await?;
            let mut errors = FieldErrors::new();
            for (field, key) in mistakes {
                errors.add(field, ctx.w.t(key));
            }
            return Err(Refused::Invalid(errors));
        }
        Err(FileError::Failed(error)) => {
            // What was not filed may still be refused. Where even that cannot be asked, it can only be confirmed.
            if reports::by_key(db, &form.key).await?.is_none() {
                let mut tx = db.begin().await?;
                store::back(&mut tx, db.engine(), id).await?;
                tx.commit().await?;
            }
            return Err(error.into());
        }
    };
    let actor = &ctx.actor()?.id;
    let mut tx = db.begin().await?;
    // A server of before, which does not count, may have put it back meanwhile; the report is there all the same.
    for from in [IntakeState::Filing, IntakeState::Waiting] {
        if store::decide(&mut tx, id, (from, IntakeState::Confirmed), (&code, ""), actor, ctx.now).await? {
            note(&mut tx, ctx, "intake.confirm", id, &code).await?;
            break;
        }
    }
    tx.commit().await?;
    Ok(code)
}

/// Says that another report says so already.
pub async fn join(ctx: &Ctx, id: &str, report: &str) -> Result<(), Refused> {
    let finding = one(ctx, id).await?;
    let found = reports::by_code(&ctx.app.db, report.trim()).await?;
    let Some(found) = found.filter(|found| found.community_id == finding.community_id) else {
        let mut errors = FieldErrors::new();
        errors.add("report", ctx.w.t("patrol-error-report"));
        return Err(Refused::Invalid(errors));
    };
    end(ctx, id, IntakeState::Joined, (&found.code, ""), "intake.join").await
}

/// Refuses a finding, with a reason.
pub async fn refuse(ctx: &Ctx, id: &str, reason: &str) -> Result<(), Refused> {
    one(ctx, id).await?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON || reason.chars().any(char::is_control) {
        let mut errors = FieldErrors::new();
        errors.add("reason", ctx.w.t("patrol-error-reason"));
        return Err(Refused::Invalid(errors));
    }
    end(ctx, id, IntakeState::Refused, ("", reason), "intake.refuse").await
}

async fn end(
    ctx: &Ctx,
    id: &str,
    to: IntakeState,
    (report, reason): (&str, &str),
    action: &str,
) -> Result<(), Refused> {
    let actor = &ctx.actor()?.id;
    let mut tx = ctx.app.db.begin().await?;
    if !store::decide(&mut tx, id, (IntakeState::Waiting, to), (report, reason), actor, ctx.now).await? {
        return Err(Error::Conflict("patrol-conflict-decided").into());
    }
    note(&mut tx, ctx, action, id, report).await?;
    tx.commit().await?;
    Ok(())
}

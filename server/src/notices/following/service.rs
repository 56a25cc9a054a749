//! Use cases of following: one's own things.

use super::store::{self, Follow};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors, Result},
    people,
    places::{self, OrganisationKind},
};
use app::{
    notices::{
        NoticeKind,
        following::{Choices, FOLLOWS, Quiet},
    },
    people::Action,
};

/// Kind of the link tokens with which notices by mail are stopped.
pub const STOP: &str = "notice-stop";

/// What a person follows and how.
pub struct Following {
    /// Beyond where they live.
    pub follows: Vec<Follow>,
    /// How notices are to come.
    pub choices: Choices,
    /// Their address, masked, and whether it is confirmed.
    pub email: Option<(String, bool)>,
}

/// The signed-in person's.
pub async fn following(ctx: &Ctx) -> Result<Following> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let db = &ctx.app.db;
    Ok(Following {
        follows: store::of_person(db, &actor.id).await?,
        choices: store::choices(db, &actor.id).await?,
        email: people::store::email(db, &actor.id).await?.map(|email| (email.masked, email.confirmed)),
    })
}

/// Why something was not followed.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// There is no such community or building, or no such kind.
    #[error("no such place")]
    Place,
    /// Too many already.
    #[error("too many")]
    Many,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

/// Follows a community or a building, for one kind of notices or for all (empty). Twice is once.
pub async fn add(ctx: &Ctx, place: &str, kind: &str) -> std::result::Result<(), AddError> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let kind = match kind {
        "" => None,
        code => Some(NoticeKind::from_code(code).ok_or(AddError::Place)?),
    };
    let followed = [OrganisationKind::Community.code(), OrganisationKind::Building.code()];
    let place = places::store::by_code(&ctx.app.db, place).await.map_err(Error::from)?;
    let place = place.filter(|place| followed.contains(&place.kind.as_str())).ok_or(AddError::Place)?;
    let mut tx = ctx.app.db.begin().await.map_err(Error::from)?;
    let added = store::add(&mut tx, &actor.id, (&place.id, &place.path), kind, FOLLOWS, ctx.now).await;
    if !added.map_err(Error::from)? {
        return Err(AddError::Many);
    }
    let detail = serde_json::json!({ "place": place.code, "kind": kind.map(NoticeKind::code) });
    note(ctx, &mut tx, &actor.id, "follow.add", detail).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(())
}

/// Ends following. What is not followed (any more) is no mistake.
pub async fn remove(ctx: &Ctx, place: &str, kind: &str) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    if store::remove(&mut tx, &actor.id, place, kind).await? {
        note(ctx, &mut tx, &actor.id, "follow.remove", serde_json::json!({ "place": place, "kind": kind })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The settings as a form sends them.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ChoicesForm {
    /// "on": by mail.
    pub email: String,
    /// `now` or `daily`.
    pub mode: String,
    /// Hour of the daily letter.
    pub daily_hour: String,
    /// "on": emergencies by SMS.
    pub sms: String,
    /// Codes of kinds.
    pub kinds: Vec<String>,
    /// First quiet hour.
    pub quiet_from: String,
    /// Where they end.
    pub quiet_until: String,
}

/// Why the settings were not kept.
#[derive(Debug, thiserror::Error)]
pub enum ChoicesError {
    /// Words at fields.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl Following {
    /// Whether notices can come by mail: letters can be sent, and an address is confirmed.
    pub fn mailable(&self, ctx: &Ctx) -> bool {
        ctx.app.deliver.mails() && self.email.as_ref().is_some_and(|(_, confirmed)| *confirmed)
    }
}

/// Reads the form; words at fields for what cannot be. What cannot be chosen here and now is not on the form: it stays
/// as it was.
fn read(ctx: &Ctx, form: &ChoicesForm, now: &Following) -> std::result::Result<Choices, FieldErrors> {
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let mut hour = |field: &'static str, text: &str| {
        let hour = text.parse::<i8>().ok().filter(|hour| (0..24).contains(hour));
        hour.unwrap_or_else(|| {
            errors.add(field, w.t("follow-error-hour"));
            0
        })
    };
    let quiet = Quiet { from: hour("quiet_from", &form.quiet_from), until: hour("quiet_until", &form.quiet_until) };
    let kept = now.choices.clone();
    let (email, daily) = if now.mailable(ctx) {
        let daily = (form.mode == "daily").then(|| hour("daily_hour", &form.daily_hour));
        (form.email == "on", daily)
    } else {
        (kept.email, kept.daily)
    };
    if now.mailable(ctx) && !matches!(form.mode.as_str(), "now" | "daily") {
        errors.add("mode", w.t("follow-error-mode"));
    }
    let sms = if ctx.app.deliver.texts() { form.sms == "on" } else { kept.sms };
    let kinds = NoticeKind::ALL
        .into_iter()
        .filter(|kind| *kind == NoticeKind::Emergency || form.kinds.iter().any(|code| code == kind.code()))
        .collect();
    if errors.is_empty() { Ok(Choices { email, sms, kinds, daily, quiet }) } else { Err(errors) }
}

/// Keeps how the signed-in person wants notices.
pub async fn choose(ctx: &Ctx, form: &ChoicesForm) -> std::result::Result<(), ChoicesError> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let now = following(ctx).await?;
    let choices = read(ctx, form, &now).map_err(ChoicesError::Invalid)?;
    let mut tx = ctx.app.db.begin().await.map_err(Error::from)?;
    store::set_choices(&mut tx, &actor.id, &choices, ctx.now).await.map_err(Error::from)?;
    note(ctx, &mut tx, &actor.id, "follow.choose", serde_json::json!({ "email": choices.email })).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(())
}

/// Forgets everything that the signed-in person follows and has chosen.
pub async fn forget(ctx: &Ctx) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    store::forget(&mut tx, &actor.id).await?;
    note(ctx, &mut tx, &actor.id, "follow.forget", serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the link of a letter is one with which this person's notices by mail are stopped.
pub fn may_stop(ctx: &Ctx, person_id: &str, token: &str) -> bool {
    ctx.app.secrets.check_link_token(STOP, person_id, token)
}

/// Stops notices by mail by the link in one of them. Reminders of visits go on: they are another matter.
/// [`Error::NotFound`] for a link that is none. Twice is once.
pub async fn stop_mail(ctx: &Ctx, person_id: &str, token: &str) -> Result<()> {
    if !may_stop(ctx, person_id, token) {
        return Err(Error::NotFound);
    }
    let mut tx = ctx.app.db.begin().await?;
    if store::stop_mail(&mut tx, person_id, ctx.now).await? {
        note(ctx, &mut tx, person_id, "follow.stop_mail", serde_json::json!({})).await?;
    }
    tx.commit().await?;
    Ok(())
}

pub(super) async fn note(
    ctx: &Ctx,
    tx: &mut Tx,
    person_id: &str,
    action: &str,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        by: By::Person(person_id),
        action,
        object_kind: "person",
        object_id: person_id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

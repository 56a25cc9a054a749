//! What administrators do with webhooks. Each write has its entry in the audit log.

use super::{
    events, send,
    store::{self, Delivery, New, Webhook},
};
use crate::{
    app_state::App,
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    people::Action,
    places::webhook::{self as words, Event},
};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// After a rotation the secret before signs as well for so long.
pub const BOTH: SignedDuration = SignedDuration::from_hours(24);
/// Messages are kept so long.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Longest address, in characters.
const URL_MAX: usize = 500;

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// This form has made its webhook before.
    #[error("made before")]
    Again,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// A webhook as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the organisation.
    pub organisation: String,
    /// Where messages are to go.
    pub url: String,
    /// Codes of events.
    pub events: Vec<String>,
    /// One form makes one.
    pub key: String,
}

/// Organisations for which the reader may make webhooks and set up platforms: districts, subdistricts and communities.
pub async fn organisations(ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let mut all: Vec<Organisation> = Vec::new();
    for scope in actor.scopes(Action::WebhookManage) {
        for kind in [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community] {
            for place in places::store::under(&ctx.app.db, scope, kind).await? {
                if all.iter().all(|one| one.id != place.id) {
                    all.push(place);
                }
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

/// Webhooks of the reader's organisations.
pub async fn list(ctx: &Ctx) -> Result<Vec<Webhook>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let scopes = actor.scopes(Action::WebhookManage);
    let mut all = store::all(&ctx.app.db).await?;
    all.retain(|webhook| scopes.iter().any(|scope| webhook.path.starts_with(scope)));
    Ok(all)
}

/// The webhook with this id, if it is in the reader's organisations.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Webhook, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let webhook = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::WebhookManage, &webhook.path)?;
    Ok(webhook)
}

/// Its messages.
pub async fn log(ctx: &Ctx, webhook: &Webhook) -> Result<Vec<Delivery>, Error> {
    Ok(store::deliveries(&ctx.app.db, &webhook.id).await?)
}

/// Address and events of a form, checked.
fn check(ctx: &Ctx, form: &Form) -> Result<(String, String), FieldErrors> {
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let url = form.url.trim();
    let may = |url: &Url| ctx.app.deliver.hooks.may(url);
    let parsed = Url::parse(url).ok().filter(|parsed| url.chars().count() <= URL_MAX && may(parsed));
    if parsed.is_none() {
        errors.add("url", w.t("webhook-error-url"));
    }
    let events = words::events(&form.events.join(" "));
    if events.is_empty() {
        errors.add("events", w.t("webhook-error-events"));
    }
    let codes: Vec<&str> = events.into_iter().map(Event::code).collect();
    match parsed {
        Some(url) if errors.is_empty() => Ok((url.to_string(), codes.join(" "))),
        _ => Err(errors),
    }
}

/// Makes a webhook; gives its id and its secret, which is shown once.
pub async fn make(ctx: &Ctx, form: &Form) -> Result<(String, String), Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let organisation = places::store::by_code(&ctx.app.db, &form.organisation).await?;
    let organisation = organisation.filter(|place| actor.may(Action::WebhookManage, &place.path));
    let checked = check(ctx, form);
    let (Some(organisation), Ok((url, codes))) = (&organisation, &checked) else {
        let mut errors = checked.err().unwrap_or_default();
        if organisation.is_none() {
            errors.add("organisation", ctx.w.t("webhook-error-organisation"));
        }
        return Err(Refused::Invalid(errors));
    };
    actor.require(Action::WebhookManage, &organisation.path)?;
    if form.key.is_empty() || form.key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let secret = send::new_secret();
    let sealed = ctx.app.secrets.seal(&secret)?;
    let mut tx = ctx.app.db.begin().await?;
    let new = New {
        organisation: (&organisation.id, &organisation.path),
        url,
        events: codes,
        secret_sealed: &sealed,
        form_key: &format!("{}:{}", actor.id, form.key),
    };
    let Some(id) = store::insert(&mut tx, new, ctx.now).await? else { return Err(Refused::Again) };
    note(&mut tx, ctx, "webhook.make", &id).await?;
    tx.commit().await?;
    Ok((id, secret))
}

/// Changes address and events of a webhook that still is as the reader saw it.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &Form) -> Result<(), Refused> {
    let webhook = one(ctx, id).await?;
    let (url, codes) = check(ctx, form).map_err(Refused::Invalid)?;
    if (url.as_str(), codes.as_str()) == (webhook.url.as_str(), webhook.events.as_str()) {
        return Ok(());
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::set(&mut tx, (id, version), &url, &codes).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    note(&mut tx, ctx, "webhook.change", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops a webhook, or lets it go on. What happens while it is stopped is not told later. Twice is once.
pub async fn pause(ctx: &Ctx, id: &str, paused: bool) -> Result<(), Error> {
    one(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if store::set_paused(&mut tx, id, paused).await? {
        note(&mut tx, ctx, if paused { "webhook.pause" } else { "webhook.resume" }, id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Gives a webhook another secret, which is shown once. The one before signs as well for [`BOTH`].
pub async fn rotate(ctx: &Ctx, id: &str, version: i64) -> Result<String, Error> {
    one(ctx, id).await?;
    let secret = send::new_secret();
    let sealed = ctx.app.secrets.seal(&secret)?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::rotate(&mut tx, (id, version), &sealed, ctx.now + BOTH).await? {
        return Err(Error::Conflict("error-conflict-text"));
    }
    note(&mut tx, ctx, "webhook.rotate", id).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Removes a webhook.
pub async fn remove(ctx: &Ctx, id: &str) -> Result<(), Error> {
    one(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if store::remove(&mut tx, id, ctx.now).await? {
        note(&mut tx, ctx, "webhook.remove", id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sends a message that says nothing, to try the address.
pub async fn test(ctx: &Ctx, id: &str) -> Result<(), Error> {
    let webhook = one(ctx, id).await?;
    if webhook.paused == 1 {
        return Err(Error::Conflict("webhook-conflict-paused"));
    }
    let event_id = crate::clock::new_id(ctx.now);
    let body = serde_json::json!({
        "type": Event::Test.code(),
        "timestamp": ctx.now.to_string(),
        "data": { "object": "webhook", "id": webhook.id, "state": "test", "place": webhook.path },
    });
    let mut tx = ctx.app.db.begin().await?;
    let made = store::insert_delivery(&mut tx, (id, &event_id, Event::Test), &body.to_string(), ctx.now).await?;
    if let Some(delivery) = made {
        events::queue(&mut tx, &delivery, 0, ctx.now).await?;
    }
    note(&mut tx, ctx, "webhook.test", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a message again that was given up, held back or sent already. One that is under way stays so.
pub async fn again(ctx: &Ctx, id: &str, delivery: &str) -> Result<(), Error> {
    let webhook = one(ctx, id).await?;
    if webhook.paused == 1 {
        return Err(Error::Conflict("webhook-conflict-paused"));
    }
    let mut tx = ctx.app.db.begin().await?;
    if let Some(round) = store::again(&mut tx, id, delivery).await? {
        events::queue(&mut tx, delivery, round, ctx.now).await?;
        note(&mut tx, ctx, "webhook.again", id).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn note(tx: &mut Tx, ctx: &Ctx, action: &str, id: &str) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "webhook",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// Forgets messages that were kept long enough.
pub async fn sweep(app: &App, now: Timestamp) -> Result<(), sqlx::Error> {
    store::forget(&app.db, now - KEPT).await
}

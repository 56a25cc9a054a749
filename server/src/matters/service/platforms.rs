//! What administrators do with upper platforms. Each write has its entry in the audit log.

use super::{Refused, moves};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    matters::{
        outside,
        store::{
            self as matters,
            messages::{self, Message},
            platforms::{self as store, Platform, Settings},
        },
    },
    places::{self, Organisation},
    webhooks::send::new_secret,
};
use app::{matters::kind::PlatformWay, notices::form, people::Action};
use url::Url;

/// Longest name, in characters.
const NAME: usize = 60;
/// Longest address, in characters.
const URL: usize = 500;
/// Longest key, service or jurisdiction, in characters.
const CODE: usize = 200;

/// A platform as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the organisation.
    pub organisation: String,
    /// Name.
    pub name: String,
    /// Code of the way.
    pub way: String,
    /// Where it is.
    pub url: String,
    /// Key for Open311; empty: none, or the old one.
    pub api_key: String,
    /// Code of the service.
    pub service: String,
    /// Jurisdiction.
    pub jurisdiction: String,
    /// One form makes one.
    pub key: String,
}

/// Platforms of the reader's organisations.
pub async fn list(ctx: &Ctx) -> Result<Vec<Platform>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let scopes = actor.scopes(Action::WebhookManage);
    let mut all = store::all(&ctx.app.db).await?;
    all.retain(|platform| scopes.iter().any(|scope| platform.path.starts_with(scope)));
    Ok(all)
}

/// Platforms to which somebody at this organisation may send.
pub async fn usable(ctx: &Ctx, from: &Organisation) -> Result<Vec<Platform>, Error> {
    let mut all = store::all(&ctx.app.db).await?;
    all.retain(|platform| platform.works() && from.path.starts_with(&platform.path));
    Ok(all)
}

/// The platform with this id, if it is in the reader's organisations.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Platform, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let found = store::by_id(&ctx.app.db, id).await?.filter(|platform| platform.removed_at.is_none());
    let platform = found.ok_or(Error::NotFound)?;
    actor.require(Action::WebhookManage, &platform.path)?;
    Ok(platform)
}

/// Its messages.
pub async fn log(ctx: &Ctx, platform: &Platform) -> Result<Vec<Message>, Error> {
    Ok(messages::of_platform(&ctx.app.db, &platform.id).await?)
}

/// What was typed, checked.
struct Checked {
    name: String,
    url: String,
    api_key: String,
    service: String,
    jurisdiction: String,
}

fn check(ctx: &Ctx, typed: &Form, way: Option<PlatformWay>) -> Result<Checked, FieldErrors> {
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let name = form::one_line(&typed.name);
    if name.is_empty() {
        errors.add("name", w.t("matters-error-empty"));
    } else if name.chars().count() > NAME {
        errors.add("name", w.tf("matters-error-long", &[("count", NAME.into())]));
    }
    let url = typed.url.trim();
    let may = |url: &Url| ctx.app.deliver.hooks.may(url);
    let parsed = Url::parse(url).ok().filter(|parsed| url.chars().count() <= URL && may(parsed));
    if parsed.is_none() {
        errors.add("url", w.t("matters-error-url"));
    }
    let [api_key, service, jurisdiction] =
        [&typed.api_key, &typed.service, &typed.jurisdiction].map(|text| form::one_line(text));
    for (field, text) in [("api_key", &api_key), ("service", &service), ("jurisdiction", &jurisdiction)] {
        if text.chars().count() > CODE {
            errors.add(field, w.tf("matters-error-long", &[("count", CODE.into())]));
        }
    }
    if way == Some(PlatformWay::Open311) && service.is_empty() {
        errors.add("service", w.t("matters-error-service"));
    }
    match parsed {
        Some(url) if errors.is_empty() => Ok(Checked { name, url: url.to_string(), api_key, service, jurisdiction }),
        _ => Err(errors),
    }
}

/// The key as it is kept; empty: none.
fn sealed(ctx: &Ctx, api_key: &str) -> anyhow::Result<String> {
    if api_key.is_empty() { Ok(String::new()) } else { ctx.app.secrets.seal(api_key) }
}

/// What ours and its messages are signed with, and both as they are kept.
fn secrets(ctx: &Ctx) -> anyhow::Result<((String, String), (String, String))> {
    let (out, back) = (new_secret(), new_secret());
    let kept = (ctx.app.secrets.seal(&out)?, ctx.app.secrets.seal(&back)?);
    Ok(((out, back), kept))
}

/// Makes a platform; gives its id and its two secrets, which are shown once.
pub async fn make(ctx: &Ctx, typed: &Form) -> Result<(String, (String, String)), Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::WebhookManage)?;
    let way = PlatformWay::from_code(&typed.way);
    let place = places::store::by_code(&ctx.app.db, &typed.organisation).await?;
    let place = place.filter(|place| actor.may(Action::WebhookManage, &place.path));
    let checked = check(ctx, typed, way);
    let (Some(place), Some(way), Ok(checked)) = (&place, way, &checked) else {
        let mut errors = checked.err().unwrap_or_default();
        if place.is_none() {
            errors.add("organisation", ctx.w.t("matters-error-from"));
        }
        if way.is_none() {
            errors.add("way", ctx.w.t("matters-error-way"));
        }
        return Err(Refused::Invalid(errors));
    };
    actor.require(Action::WebhookManage, &place.path)?;
    if typed.key.is_empty() || typed.key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let (shown, kept) = secrets(ctx)?;
    let api_key = sealed(ctx, &checked.api_key)?;
    let mut tx = ctx.app.db.begin().await?;
    let form_key = format!("{}:{}", actor.id, typed.key);
    let settings = settings(checked, &api_key);
    let keys = (kept.0.as_str(), kept.1.as_str(), form_key.as_str());
    let made = store::insert(&mut tx, (&place.id, &place.path), way, settings, keys, ctx.now).await?;
    let Some(id) = made else { return Err(Refused::Again(String::new())) };
    note(&mut tx, ctx, "platform.make", &id).await?;
    tx.commit().await?;
    Ok((id, shown))
}

fn settings<'a>(checked: &'a Checked, api_key_sealed: &'a str) -> Settings<'a> {
    Settings {
        name: &checked.name,
        url: &checked.url,
        api_key_sealed,
        service: &checked.service,
        jurisdiction: &checked.jurisdiction,
    }
}

/// Changes a platform that still is as the reader saw it. A key that is left empty stays.
pub async fn change(ctx: &Ctx, id: &str, version: i64, typed: &Form) -> Result<(), Refused> {
    let platform = one(ctx, id).await?;
    let checked = check(ctx, typed, Some(platform.way())).map_err(Refused::Invalid)?;
    let api_key = sealed(ctx, &checked.api_key)?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::set(&mut tx, (id, version), settings(&checked, &api_key)).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    note(&mut tx, ctx, "platform.change", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops a platform, or lets it go on. Twice is once.
pub async fn pause(ctx: &Ctx, id: &str, paused: bool) -> Result<(), Error> {
    one(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if store::set_paused(&mut tx, id, paused).await? {
        note(&mut tx, ctx, if paused { "platform.pause" } else { "platform.resume" }, id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Gives a platform other secrets, which are shown once; the old ones are void at once.
pub async fn rotate(ctx: &Ctx, id: &str, version: i64) -> Result<(String, String), Error> {
    one(ctx, id).await?;
    let (shown, kept) = secrets(ctx)?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::rotate(&mut tx, (id, version), (&kept.0, &kept.1)).await? {
        return Err(Error::Conflict("error-conflict-text"));
    }
    note(&mut tx, ctx, "platform.rotate", id).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Removes a platform. Questions that wait for it are answered in its place, so that nothing waits for ever.
pub async fn remove(ctx: &Ctx, id: &str) -> Result<(), Error> {
    one(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    moves::lock_platform(&ctx.app, &mut tx, id).await?;
    if store::remove(&mut tx, id, ctx.now).await? {
        note(&mut tx, ctx, "platform.remove", id).await?;
        for matter in matters::asked_at(&mut tx, id).await? {
            moves::lock(&ctx.app, &mut tx, &matter).await?;
            if let Some(step) = moves::for_the_absent(&matter, matter.state()) {
                moves::take(&mut tx, &ctx.app, &matter, step, ctx.now).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Sends a message again that was given up or held back.
pub async fn again(ctx: &Ctx, id: &str, message: &str) -> Result<(), Error> {
    let platform = one(ctx, id).await?;
    if !platform.works() {
        return Err(Error::Conflict("matters-conflict-paused"));
    }
    let mut tx = ctx.app.db.begin().await?;
    if let Some(round) = messages::again(&mut tx, id, message).await? {
        outside::queue_send(&mut tx, message, round, ctx.now).await?;
        note(&mut tx, ctx, "platform.again", id).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn note(tx: &mut Tx, ctx: &Ctx, action: &str, id: &str) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "platform",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

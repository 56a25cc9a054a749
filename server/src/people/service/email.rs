//! The address for reminders: double opt-in, one tap to stop.

use super::login::entry;
use crate::{
    audit::{self, By},
    auth::limit::Limit,
    clock,
    deliver::outbox::STOP,
    http::{Ctx, Error},
    jobs::{self, Job},
    people::store,
};
use app::people::{Action, EmailError, mask_email, read_email};

/// Confirmation letters that one person can cause in an hour, and those from one address of the network: nobody's
/// mailbox is flooded from here.
const BY_PERSON: Limit = Limit { what: "email-person-hour", max: 4, seconds: 3600 };
const BY_ADDRESS: Limit = Limit { what: "email-address-hour", max: 20, seconds: 3600 };

/// Kind of the tokens in confirmation letters.
const CONFIRM: &str = "email-confirm";

/// Why no confirmation was sent.
#[derive(Debug, thiserror::Error)]
pub enum EmailFormError {
    /// The address.
    #[error("address")]
    Address(EmailError),
    /// Too many letters.
    #[error("too many letters")]
    Limit,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for EmailFormError {
    fn from(error: sqlx::Error) -> EmailFormError {
        EmailFormError::Other(error.into())
    }
}

/// The signed-in person's address, masked, and whether it is confirmed.
pub async fn kept(ctx: &Ctx) -> Result<Option<(String, bool)>, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let email = store::email(&ctx.app.db, &actor.id).await?;
    Ok(email.map(|email| (email.masked, email.confirmed)))
}

/// Keeps an address, unconfirmed, and queues the letter whose link confirms it.
pub async fn give(ctx: &Ctx, typed: &str) -> Result<(), EmailFormError> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let app = &ctx.app;
    if !app.deliver.mails() {
        return Err(Error::NotFound.into());
    }
    let address = read_email(typed).map_err(EmailFormError::Address)?;
    for (limit, whom) in [(BY_PERSON, &actor.id), (BY_ADDRESS, &ctx.ip)] {
        match limit.take(&app.db, whom, ctx.now).await {
            Ok(()) => {}
            Err(Error::TooMany { .. }) => return Err(EmailFormError::Limit),
            Err(other) => return Err(other.into()),
        }
    }
    let sealed = app.secrets.seal(&address).map_err(Error::from)?;
    let token = app.secrets.link_token(CONFIRM, &format!("{}:{address}", actor.id));
    let mut tx = app.db.begin().await?;
    store::set_email(&mut tx, &actor.id, &sealed, &mask_email(&address)).await?;
    let id = clock::new_id(ctx.now);
    let new = store::NewLetter {
        id: &id,
        person_id: &actor.id,
        text_key: CONFIRM_TEXT,
        link: &format!("/me/email/confirm/{}?t={token}", actor.id),
    };
    store::insert_letter(&mut tx, new, ctx.now).await?;
    jobs::queue(&mut tx, &Job::Deliver { delivery_id: id }, ctx.now, None, ctx.now).await.map_err(Error::from)?;
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "email.give", "person", &actor.id), ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Key of the text of a confirmation letter: the only one that goes to an address before it is confirmed.
pub const CONFIRM_TEXT: &str = "inbox-email-confirm";

/// The masked address that a confirmation letter's link stands for; `None` when the link does not fit what is kept.
pub async fn to_confirm(ctx: &Ctx, person_id: &str, token: &str) -> Result<Option<String>, Error> {
    let Some(email) = store::email(&ctx.app.db, person_id).await? else { return Ok(None) };
    let address = ctx.app.secrets.open(&email.sealed)?;
    let fits = ctx.app.secrets.check_link_token(CONFIRM, &format!("{person_id}:{address}"), token);
    Ok(fits.then_some(email.masked))
}

/// Confirms an address by its link; `false`: the link does not fit what is kept. Confirming twice is like once.
pub async fn confirm(ctx: &Ctx, person_id: &str, token: &str) -> Result<bool, Error> {
    if to_confirm(ctx, person_id, token).await?.is_none() {
        return Ok(false);
    }
    let mut tx = ctx.app.db.begin().await?;
    store::confirm_email(&mut tx, person_id, ctx.now).await?;
    audit::write(&mut tx, entry(ctx, By::Person(person_id), "email.confirm", "person", person_id), ctx.now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Forgets the signed-in person's address.
pub async fn forget(ctx: &Ctx) -> Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    drop_address(ctx, &actor.id, "email.forget").await
}

/// Whether a letter's link may stop letters to this person.
pub fn may_stop(ctx: &Ctx, person_id: &str, token: &str) -> bool {
    ctx.app.secrets.check_link_token(STOP, person_id, token)
}

/// Stops letters by the link in one of them: the address is forgotten. [`Error::NotFound`] for a link that is none.
pub async fn stop(ctx: &Ctx, person_id: &str, token: &str) -> Result<(), Error> {
    if !may_stop(ctx, person_id, token) {
        return Err(Error::NotFound);
    }
    drop_address(ctx, person_id, "email.stop").await
}

async fn drop_address(ctx: &Ctx, person_id: &str, action: &str) -> Result<(), Error> {
    let mut tx = ctx.app.db.begin().await?;
    store::set_email(&mut tx, person_id, "", "").await?;
    audit::write(&mut tx, entry(ctx, By::Person(person_id), action, "person", person_id), ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down the language that the signed-in person chose, for what is sent to them.
pub async fn remember_language(ctx: &Ctx, lang: app::i18n::Lang) -> Result<(), Error> {
    let Some(actor) = &ctx.actor else { return Ok(()) };
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    if store::set_lang(&mut tx, &actor.id, lang.tag()).await? {
        audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "person.language", "person", &actor.id), ctx.now)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

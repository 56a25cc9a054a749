//! One's own tokens: making one, ending one. Only somebody at a page of ours does either: no token makes another one.

use super::login::entry;
use crate::{
    audit::{self, By},
    auth::{
        limit::Limit,
        tokens::{self, NewToken, TokenRow},
    },
    http::{Ctx, Error, FieldErrors},
    people::inbox,
};
use app::{
    people::{Action, Scopes, TOKEN_DAYS, TOKEN_NAME_MAX, TOKENS, WORK_DAYS},
    time,
};
use jiff::SignedDuration;

/// Tokens that a person makes in a day.
const MADE: Limit = Limit { what: "token-make", max: 20, seconds: 86_400 };

/// A token as a form asks for it.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// What it is to be called.
    pub name: String,
    /// Days that it is to hold, as typed.
    pub days: String,
    /// What it is to open.
    pub scopes: Scopes,
    /// Made by the page: one form makes one token.
    pub key: String,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Something in the form.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// There are as many as there may be.
    #[error("too many tokens")]
    Many,
    /// This form has made its token before; it was shown then.
    #[error("made before")]
    Again,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for TokenError {
    fn from(error: sqlx::Error) -> TokenError {
        TokenError::Other(error.into())
    }
}

/// The signed-in person's tokens that hold, the newest first.
pub async fn mine(ctx: &Ctx) -> Result<Vec<TokenRow>, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    Ok(tokens::of_person(&ctx.app.db, &actor.id, ctx.now).await?)
}

/// Makes a token and gives it: it is shown once. For work it holds [`WORK_DAYS`] at most, and whoever's role needs a second
/// factor has to have shown it.
pub async fn make(ctx: &Ctx, form: &TokenForm) -> Result<String, TokenError> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let w = ctx.w;
    let (name, work) = (form.name.trim(), form.scopes.has_work());
    let days = form.days.parse().ok().filter(|days| TOKEN_DAYS.contains(days));
    let mut errors = FieldErrors::new();
    if name.is_empty() {
        errors.add("name", w.t("token-error-name"));
    } else if name.chars().count() > TOKEN_NAME_MAX || name.chars().any(char::is_control) {
        errors.add("name", w.tf("token-error-name-long", &[("max", TOKEN_NAME_MAX.into())]));
    }
    if days.is_none_or(|days| work && days > WORK_DAYS) {
        errors.add("days", w.tf("token-error-days", &[("days", WORK_DAYS.into())]));
    }
    if form.scopes.is_empty() {
        errors.add("scopes", w.t("token-error-scopes"));
    }
    let (Some(days), true) = (days, errors.is_empty()) else { return Err(TokenError::Invalid(errors)) };
    if form.key.is_empty() || form.key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    if work && !actor.second_factor && actor.grants.iter().any(|grant| grant.role.needs_second_factor()) {
        return Err(Error::SecondFactor.into());
    }
    if tokens::of_person(&ctx.app.db, &actor.id, ctx.now).await?.len() >= TOKENS {
        return Err(TokenError::Many);
    }
    let mut tx = ctx.app.db.begin().await?;
    MADE.take_in(&mut tx, &actor.id, ctx.now).await?;
    let new = NewToken {
        person_id: &actor.id,
        name,
        scopes: &form.scopes,
        second_factor: work && actor.second_factor,
        form_key: &form.key,
        expires: ctx.now + SignedDuration::from_hours(24 * days),
    };
    let Some((id, token)) = tokens::make(&mut tx, &ctx.app.secrets, new, ctx.now).await? else {
        return Err(TokenError::Again);
    };
    let made = audit::Entry {
        detail: serde_json::json!({ "scopes": form.scopes.to_string(), "days": days }),
        ..entry(ctx, By::Person(&actor.id), "token.make", "token", &id)
    };
    audit::write(&mut tx, made, ctx.now).await?;
    // Whoever did not make it themselves learns of it.
    let told = inbox::Message {
        person_id: &actor.id,
        text_key: "inbox-token-made",
        text_args: serde_json::json!({ "name": name, "date": time::day_of(ctx.now).to_string() }),
        href: "/me/tokens",
        dedupe_key: &format!("token-made:{id}"),
    };
    inbox::send(&mut tx, told, ctx.now).await?;
    tx.commit().await?;
    Ok(token)
}

/// Ends one of one's own tokens. Twice is once.
pub async fn revoke(ctx: &Ctx, id: &str) -> Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    if !tokens::revoke(&mut tx, &actor.id, id, ctx.now).await? {
        return Err(Error::NotFound);
    }
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "token.revoke", "token", id), ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

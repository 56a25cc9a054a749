//! Logging in with a phone number and a one-time code.
//!
//! The code is six digits, good for [`CODE_MINUTES`] and [`CODE_TRIES`] tries, and works once; all three are decided in
//! one statement of the database, so that they hold over several servers. What is answered is the same whether the
//! number is known or not.

use crate::{
    audit::{self, By},
    auth::{limit::Limit, session},
    clock,
    http::{Ctx, Error},
    people::store,
};
use app::people::{CODE_DIGITS, CODE_MINUTES, CODE_TRIES, Phone, PhoneError, read_code};
use jiff::SignedDuration;
use subtle::ConstantTimeEq;

/// Codes to one number: one a minute, five an hour, ten a day. Each costs a message and annoys whoever gets it.
const BY_PHONE: [Limit; 3] = [
    Limit { what: "code-phone-minute", max: 1, seconds: 60 },
    Limit { what: "code-phone-hour", max: 5, seconds: 3600 },
    Limit { what: "code-phone-day", max: 10, seconds: 86_400 },
];
/// Codes asked for from one address. Generous: a hall's wireless network or a mobile operator's gateway is one
/// address for many people.
const BY_ADDRESS: Limit = Limit { what: "code-address-hour", max: 60, seconds: 3600 };
/// Codes asked for from one browser.
const BY_DEVICE: Limit = Limit { what: "code-device-hour", max: 10, seconds: 3600 };

/// Codes sent to anybody, by all servers: what a swarm of addresses and browsers can cost, and how often it can guess. The
/// number is the deployment's (`codes_per_hour`).
fn by_all(ctx: &Ctx) -> Limit {
    Limit { what: "code-all-hour", max: ctx.app.config.codes_per_hour, seconds: 3600 }
}

/// Counts what happens at the door, for whoever watches the figures.
pub(super) fn count(what: &'static str) {
    metrics::counter!("linli_door_total", "what" => what).increment(1);
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// What was typed is no number.
    #[error("not a phone number")]
    Phone(PhoneError),
    /// Too many codes; try again after so many seconds.
    #[error("too many codes")]
    Limit(u64),
    /// The message could not be sent.
    #[error("the message could not be sent")]
    Delivery,
    /// The page with the code is too old to send again from.
    #[error("no such code")]
    Gone,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

/// Sends a code to what was typed and gives the reference that stands for the number from here on.
pub async fn send_code(ctx: &Ctx, typed: &str) -> Result<String, SendError> {
    let phone = Phone::parse(typed).map_err(SendError::Phone)?;
    send(ctx, &phone).await
}

/// Sends another code to the number behind a reference.
pub async fn send_again(ctx: &Ctx, reference: &str) -> Result<String, SendError> {
    let day_ago = ctx.now - SignedDuration::from_hours(24);
    let code = store::login_code(&ctx.app.db, reference).await.map_err(Error::from)?;
    let code = code.filter(|code| code.created_at > day_ago.as_microsecond()).ok_or(SendError::Gone)?;
    let phone = ctx.app.secrets.open(&code.phone_sealed).map_err(Error::from)?;
    let phone = Phone::parse(&phone).map_err(SendError::Phone)?;
    send(ctx, &phone).await
}

async fn send(ctx: &Ctx, phone: &Phone) -> Result<String, SendError> {
    let app = &ctx.app;
    let phone_hash = app.secrets.phone_hash(phone);
    // A demo person's code is shown on the page and sent nowhere: there is nothing to protect, and many people may
    // be this person at once.
    let demo_person = app.config.demo && store::is_demo(&app.db, &phone_hash).await.map_err(Error::from)?;
    if !demo_person {
        take(ctx, BY_ADDRESS, &ctx.ip).await?;
        if !ctx.device.is_empty() {
            take(ctx, BY_DEVICE, &ctx.device).await?;
        }
        for limit in BY_PHONE {
            take(ctx, limit, &phone_hash).await?;
        }
        take(ctx, by_all(ctx), "").await?;
    }
    let code = format!("{:0width$}", clock::random_below(10_u64.pow(6)), width = CODE_DIGITS);
    let shown = if app.config.demo { app.secrets.seal(&code).map_err(Error::from)? } else { String::new() };
    let new = store::NewLoginCode {
        code_hash: app.secrets.code_hash(&phone_hash, &code),
        phone_sealed: app.secrets.seal(phone.digits()).map_err(Error::from)?,
        shown_sealed: shown,
        phone_hash,
        expires_at: ctx.now + SignedDuration::from_mins(CODE_MINUTES),
    };
    let mut tx = app.db.begin().await.map_err(Error::from)?;
    let reference = store::insert_login_code(&mut tx, new, ctx.now).await.map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;
    if !demo_person {
        let text = ctx.w.tf("people-sms-code", &[("code", code.clone().into()), ("minutes", CODE_MINUTES.into())]);
        if let Err(error) = app.deliver.login_code(phone, &code, &text).await {
            tracing::error!(request_id = %ctx.request_id, error = format!("{error:#}"), "a login code was not sent");
            return Err(SendError::Delivery);
        }
    }
    count("code sent");
    Ok(reference)
}

async fn take(ctx: &Ctx, limit: Limit, whom: &str) -> Result<(), SendError> {
    match limit.take(&ctx.app.db, whom, ctx.now).await {
        Ok(()) => Ok(()),
        Err(Error::TooMany { retry_after }) => {
            count("code refused");
            tracing::info!(request_id = %ctx.request_id, limit = limit.what, "no login code: a limit was reached");
            Err(SendError::Limit(retry_after))
        }
        Err(other) => Err(SendError::Other(other)),
    }
}

/// What the page of a code shows.
pub struct Pending {
    /// The number as shown on screen.
    pub phone_masked: String,
    /// The code, in demo mode only.
    pub shown: Option<String>,
}

/// The number behind a reference, masked, while its page makes sense.
pub async fn pending(ctx: &Ctx, reference: &str) -> Result<Option<Pending>, Error> {
    let Some(code) = store::login_code(&ctx.app.db, reference).await? else { return Ok(None) };
    let phone = ctx.app.secrets.open(&code.phone_sealed)?;
    let phone_masked = Phone::parse(&phone).map(|phone| phone.masked()).unwrap_or_default();
    let alive = code.used_at.is_none() && code.expires_at > ctx.now.as_microsecond() && code.tries < CODE_TRIES;
    let shown = (ctx.app.config.demo && alive && !code.shown_sealed.is_empty())
        .then(|| ctx.app.secrets.open(&code.shown_sealed))
        .transpose()?;
    Ok(Some(Pending { phone_masked, shown }))
}

/// Why a code was refused.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// Not six digits; not counted as a try.
    #[error("not a code")]
    Shape,
    /// Wrong; so many tries are left.
    #[error("wrong code")]
    Wrong {
        /// At least one.
        left: i64,
    },
    /// Older than [`CODE_MINUTES`], or unknown.
    #[error("expired")]
    Expired,
    /// It has worked already.
    #[error("used")]
    Used,
    /// [`CODE_TRIES`] wrong tries.
    #[error("too many tries")]
    Tries,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for CodeError {
    fn from(error: sqlx::Error) -> CodeError {
        CodeError::Other(error.into())
    }
}

impl CodeError {
    /// Whether only a new code helps.
    pub fn is_final(&self) -> bool {
        matches!(self, CodeError::Expired | CodeError::Used | CodeError::Tries)
    }
}

/// A session that was just opened.
pub struct LoggedIn {
    /// Its token, for the cookie.
    pub token: String,
    /// The person has told their name.
    pub named: bool,
}

/// Checks a code and opens a session; a number's first login makes its person. The session that this browser had ends.
pub async fn log_in(ctx: &Ctx, reference: &str, typed: &str) -> Result<LoggedIn, CodeError> {
    let typed = read_code(typed).ok_or(CodeError::Shape)?;
    let app = &ctx.app;
    let mut tx = app.db.begin().await?;
    let Some(tried) = store::try_login_code(&mut tx, reference, ctx.now).await? else {
        drop(tx);
        return Err(why_dead(ctx, reference).await?);
    };
    let expected = app.secrets.code_hash(&tried.phone_hash, &typed);
    if !bool::from(expected.as_bytes().ct_eq(tried.code_hash.as_bytes())) {
        let left = CODE_TRIES - tried.tries;
        let action = if left == 0 { "login.exhausted" } else { "login.refused" };
        audit::write(&mut tx, entry(ctx, By::Visitor, action, "login_code", reference), ctx.now).await?;
        tx.commit().await?;
        count("code wrong");
        return Err(if left > 0 { CodeError::Wrong { left } } else { CodeError::Tries });
    }
    store::use_login_code(&mut tx, reference, ctx.now).await?;
    let phone = app.secrets.open(&tried.phone_sealed).map_err(Error::from)?;
    let phone =
        Phone::parse(&phone).map_err(|_| Error::Internal(std::sync::Arc::new(anyhow::anyhow!("sealed number"))))?;
    let community = ctx.community.as_ref().map(|community| community.id.as_str());
    let found = store::find_or_create(&mut tx, &app.secrets, &phone, community, ctx.now).await.map_err(Error::from)?;
    if found.new {
        audit::write(&mut tx, entry(ctx, By::Person(&found.id), "person.create", "person", &found.id), ctx.now).await?;
    }
    if let Some(actor) = &ctx.actor {
        store::revoke_session(&mut tx, &actor.id, &actor.session_id, ctx.now).await?;
    }
    store::set_lang(&mut tx, &found.id, ctx.w.lang.tag()).await?;
    let token = session::open(&mut tx, &found.id, &ctx.user_agent, ctx.now).await?;
    audit::write(&mut tx, entry(ctx, By::Person(&found.id), "session.open", "person", &found.id), ctx.now).await?;
    tx.commit().await?;
    count("session opened");
    Ok(LoggedIn { token, named: !found.name.is_empty() })
}

async fn why_dead(ctx: &Ctx, reference: &str) -> Result<CodeError, Error> {
    let code = store::login_code(&ctx.app.db, reference).await?;
    Ok(match code {
        Some(code) if code.used_at.is_some() => CodeError::Used,
        Some(code) if code.expires_at <= ctx.now.as_microsecond() => CodeError::Expired,
        Some(_) => CodeError::Tries,
        None => CodeError::Expired,
    })
}

/// Ends this browser's session. Nobody signed in: nothing to do.
pub async fn log_out(ctx: &Ctx) -> Result<(), Error> {
    let Some(actor) = &ctx.actor else { return Ok(()) };
    let mut tx = ctx.app.db.begin().await?;
    store::revoke_session(&mut tx, &actor.id, &actor.session_id, ctx.now).await?;
    audit::write(&mut tx, entry(ctx, By::Person(&actor.id), "session.revoke", "session", &actor.session_id), ctx.now)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// An audit entry without details.
pub(super) fn entry<'a>(
    ctx: &'a Ctx,
    by: By<'a>,
    action: &'a str,
    object_kind: &'a str,
    object_id: &'a str,
) -> audit::Entry<'a> {
    audit::Entry { by, action, object_kind, object_id, detail: serde_json::json!({}), request_id: &ctx.request_id }
}

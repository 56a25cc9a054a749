//! The second factor of staff roles: a time-based code (TOTP, RFC 6238) of an authenticator app.

use super::login::{count, entry};
use crate::{
    audit::{self, By},
    auth::{Actor, limit::Limit},
    clock,
    db::Tx,
    http::{Ctx, Error},
    people::store,
};
use app::people::read_code;
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Secret, TOTP};

/// Length of a time step in seconds, as every authenticator app has it.
const STEP: u64 = 30;
/// Steps before and after now that are accepted: clocks of phones differ.
const SKEW: u64 = 1;
/// Tries of a person: a code is one of a million and three are good at a time.
const TRIES: [Limit; 2] =
    [Limit { what: "factor-minutes", max: 6, seconds: 300 }, Limit { what: "factor-day", max: 60, seconds: 86_400 }];

/// What this person has to do at the second factor's page.
pub enum Stage {
    /// No role of theirs needs one, or this session has shown it.
    Nothing,
    /// Set up an authenticator app with this secret.
    Enrol(Enrolment),
    /// Type the app's code.
    Ask,
}

/// A secret that is not confirmed yet.
pub struct Enrolment {
    /// The secret in Base32.
    pub secret: String,
    /// The `otpauth:` address with it.
    pub address: String,
}

/// Why a code was refused.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// Not six digits, or not the right ones.
    #[error("wrong code")]
    Wrong,
    /// Right, but it has been used.
    #[error("used code")]
    Used,
    /// Too many tries; try again after so many seconds.
    #[error("too many tries")]
    Limit(u64),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for FactorError {
    fn from(error: sqlx::Error) -> FactorError {
        FactorError::Other(error.into())
    }
}

fn needs(actor: &Actor) -> bool {
    !actor.second_factor && actor.grants.iter().any(|grant| grant.role.needs_second_factor())
}

fn totp(secret: &[u8], account: &str) -> anyhow::Result<TOTP> {
    TOTP::new(Algorithm::SHA1, 6, 1, STEP, secret.to_vec(), Some("Linli".to_owned()), account.to_owned())
        .map_err(|error| anyhow::anyhow!("setting up TOTP: {error}"))
}

/// What the page shows. Makes a secret for somebody who has none; it is the same until it was confirmed, so that the
/// page can be loaded again.
pub async fn stage(ctx: &Ctx) -> Result<Stage, Error> {
    let actor = ctx.actor()?;
    if !needs(actor) {
        return Ok(Stage::Nothing);
    }
    let app = &ctx.app;
    let mut kept = store::second_factor(&app.db, &actor.id).await?;
    if kept.is_none() {
        let secret = Secret::Raw(clock::random_bytes::<20>().to_vec()).to_encoded().to_string();
        let mut tx = app.db.begin().await?;
        store::insert_second_factor(&mut tx, &actor.id, &app.secrets.seal(&secret)?, ctx.now).await?;
        tx.commit().await?;
        kept = store::second_factor(&app.db, &actor.id).await?;
    }
    let Some(kept) = kept.filter(|kept| kept.confirmed_at.is_none()) else { return Ok(Stage::Ask) };
    let secret = app.secrets.open(&kept.secret_sealed)?;
    // The account's name in the app: the masked number, so that the phone shows no more than our own pages do.
    let address = totp(&bytes(&secret)?, &actor.phone_masked)?.get_url();
    Ok(Stage::Enrol(Enrolment { secret, address }))
}

fn bytes(secret: &str) -> anyhow::Result<Vec<u8>> {
    Secret::Encoded(secret.to_owned()).to_bytes().map_err(|error| anyhow::anyhow!("reading a TOTP secret: {error:?}"))
}

/// What a right code gives.
pub struct Confirmed {
    /// The session's new token, for the cookie.
    pub token: String,
    /// It was the app's first code: the app is set up from here on.
    pub first: bool,
}

/// Checks a code, marks the session and gives it a new token, because it can do more from here on.
pub async fn confirm(ctx: &Ctx, typed: &str) -> Result<Confirmed, FactorError> {
    let actor = ctx.actor()?;
    let app = &ctx.app;
    for limit in TRIES {
        match limit.take(&app.db, &actor.id, ctx.now).await {
            Ok(()) => {}
            Err(Error::TooMany { retry_after }) => return Err(FactorError::Limit(retry_after)),
            Err(other) => return Err(other.into()),
        }
    }
    let kept = store::second_factor(&app.db, &actor.id).await?.ok_or(FactorError::Wrong)?;
    let secret = bytes(&app.secrets.open(&kept.secret_sealed).map_err(Error::from)?).map_err(Error::from)?;
    let totp = totp(&secret, &actor.phone_masked).map_err(Error::from)?;
    let typed = read_code(typed).unwrap_or_default();
    let Some(step) = matching_step(&totp, &typed, ctx.now.as_second()) else {
        let mut tx = app.db.begin().await?;
        note(ctx, &mut tx, actor, "second_factor.refused").await?;
        tx.commit().await?;
        count("second factor wrong");
        return Err(FactorError::Wrong);
    };
    let mut tx = app.db.begin().await?;
    if !store::use_factor_step(&mut tx, &actor.id, step, ctx.now).await? {
        note(ctx, &mut tx, actor, "second_factor.replayed").await?;
        tx.commit().await?;
        return Err(FactorError::Used);
    }
    let token = clock::token();
    store::mark_second_factor(&mut tx, &actor.session_id, &token, ctx.now).await?;
    let first = kept.confirmed_at.is_none();
    let what = if first { "second_factor.enrol" } else { "second_factor.shown" };
    note(ctx, &mut tx, actor, what).await?;
    tx.commit().await?;
    Ok(Confirmed { token, first })
}

async fn note(ctx: &Ctx, tx: &mut Tx, actor: &Actor, action: &str) -> Result<(), sqlx::Error> {
    audit::write(tx, entry(ctx, By::Person(&actor.id), action, "person", &actor.id), ctx.now).await
}

/// The time step whose code was typed, within the skew.
fn matching_step(totp: &TOTP, typed: &str, now: i64) -> Option<i64> {
    let current = u64::try_from(now).ok()? / STEP;
    let mut found = None;
    for step in current.saturating_sub(SKEW)..=current + SKEW {
        let good: bool = totp.generate(step * STEP).as_bytes().ct_eq(typed.as_bytes()).into();
        if good {
            found = i64::try_from(step).ok();
        }
    }
    found
}

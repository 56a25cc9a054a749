//! A piece of work for a browser without an account, asked only under pressure: find a number so that the hash of
//! challenge and number begins with [`BITS`] zero bits. It costs a phone a moment and a flood a lot. Bound to the
//! browser and the address it comes from, good for five minutes, once.

use crate::{
    auth::limit::Limit,
    clock,
    http::{Ctx, Error, Result},
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// Leading zero bits.
pub const BITS: u32 = app::windows::WORK_BITS;
/// A challenge is good for so long.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);
/// One challenge is one hold.
const ONCE: Limit = Limit { what: "work", max: 1, seconds: 86_400 };

/// A new challenge for this browser: `{expiry}.{nonce}.{seal}`.
pub(super) fn challenge(ctx: &Ctx, device_hash: &str, address_hash: &str) -> String {
    let expires = (ctx.now + GOOD_FOR).as_second();
    let nonce = clock::short_code(8);
    format!(
        "{expires}.{nonce}.{}",
        ctx.app.secrets.link_token("work", &bound(device_hash, address_hash, expires, &nonce))
    )
}

fn bound(device_hash: &str, address_hash: &str, expires: i64, nonce: &str) -> String {
    format!("{device_hash}:{address_hash}:{expires}:{nonce}")
}

/// Whether the work was done, by this browser, in time, for the first time.
pub(super) async fn check(
    ctx: &Ctx,
    (device_hash, address_hash): (&str, &str),
    challenge: &str,
    answer: &str,
) -> Result<bool> {
    let mut parts = challenge.splitn(3, '.');
    let (Some(expires), Some(nonce), Some(given)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(false);
    };
    let Ok(expires) = expires.parse::<i64>() else { return Ok(false) };
    let kind = bound(device_hash, address_hash, expires, nonce);
    if challenge.len() > 100
        || answer.len() > 20
        || expires < ctx.now.as_second()
        || !ctx.app.secrets.check_link_token("work", &kind, given)
        || !solves(challenge, answer)
    {
        return Ok(false);
    }
    // Counted at its own instant, so that a second use falls into the same window.
    let at = Timestamp::from_second(expires).map_err(|_| Error::BadRequest("work".into()))?;
    match ONCE.take(&ctx.app.db, given, at).await {
        Ok(()) => Ok(true),
        Err(Error::TooMany { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

fn solves(challenge: &str, answer: &str) -> bool {
    let hash = Sha256::digest(format!("{challenge}:{answer}"));
    let head = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    head.leading_zeros() >= BITS
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_work_is_found_by_trying() {
        let found = (0..2_000_000_u32).find(|n| super::solves("1.A.B", &n.to_string()));
        assert!(found.is_some_and(|n| n > 100), "some tries are needed");
    }
}

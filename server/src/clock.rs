//! The one place that reads the clock and the system's randomness; everything else is handed them.

use jiff::{SignedDuration, Timestamp};
use rand::{TryRngCore, rngs::OsRng};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time: the system's, a demonstration's that began at another instant and goes on from there, or a test's own
/// that moves only when told.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
    /// Microseconds by which it is ahead of the system's.
    ahead: i64,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Clock {
        Clock::default()
    }

    /// A clock that shows `at` now and goes on like the system's.
    pub fn starting_at(at: Timestamp) -> Clock {
        let ahead = at.as_microsecond().saturating_sub(Clock::system().now().as_microsecond());
        Clock { fixed: None, ahead }
    }

    /// A clock that stands at `at` until [`Clock::advance`] moves it.
    pub fn fixed(at: Timestamp) -> Clock {
        Clock { fixed: Some(Arc::new(AtomicI64::new(at.as_microsecond()))), ahead: 0 }
    }

    /// Now, in whole microseconds, as the database keeps it.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Timestamp {
        let micros = match &self.fixed {
            Some(at) => at.load(Ordering::SeqCst),
            None => Timestamp::now().as_microsecond().saturating_add(self.ahead),
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a fixed clock. The system's clock does not move.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(at) = &self.fixed {
            let micros = i64::try_from(by.as_micros()).unwrap_or(0);
            at.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

/// Fills a fixed-size buffer from the operating system's randomness.
#[expect(clippy::expect_used, reason = "a system without randomness cannot issue tokens or codes; there is no way on")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A random number below `bound` (without bias worth speaking of: 64 random bits are reduced).
pub fn random_below(bound: u64) -> u64 {
    u64::from_le_bytes(random_bytes()) % bound.max(1)
}

/// A new time-ordered id (UUIDv7) at `now`.
pub fn new_id(now: Timestamp) -> String {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random_bytes()).into_uuid().to_string()
}

/// A short code that people can read aloud: `length` characters, 20 at most, without 0/O, 1/I/L and the like.
pub fn short_code(length: usize) -> String {
    const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    // One draw for all: up to 20 characters take no more than 100 of its 128 bits.
    let mut left = u128::from_le_bytes(random_bytes());
    (0..length)
        .map(|_| {
            let at = left % ALPHABET.len() as u128;
            left /= ALPHABET.len() as u128;
            char::from(ALPHABET[usize::try_from(at).unwrap_or(0)])
        })
        .collect()
}

/// An unguessable token of 256 bits in base64url.
pub fn token() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

//! Meetings in the database.

pub mod ballots;
pub mod bodies;
pub mod papers;
mod proposals;
pub mod resolutions;
pub mod secret;
pub mod sessions;

use jiff::Timestamp;

/// A stored instant.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

/// Whether exactly one row was written.
pub(crate) fn one(done: &sqlx::any::AnyQueryResult) -> bool {
    done.rows_affected() == 1
}

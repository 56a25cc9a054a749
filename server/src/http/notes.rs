//! What is noted while a request is dealt with, and said or written down at its end: the limit it came nearest to, the
//! token that acted. Outside of requests nothing is noted.

use crate::auth::limit::Limit;
use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    static NOTES: Notes;
}

/// The notes of one request.
#[derive(Clone, Default)]
pub struct Notes(Arc<Mutex<Noted>>);

/// What was noted.
#[derive(Clone, Default)]
pub struct Noted {
    /// The limit that has least left.
    pub limit: Option<Used>,
    /// Id of the token that acts, and of its person.
    pub token: Option<(String, String)>,
    /// The audit log tells of something that was done.
    pub audited: bool,
}

/// A use of a limit.
#[derive(Clone, Copy)]
pub struct Used {
    /// The limit.
    pub limit: Limit,
    /// Uses left in this window.
    pub left: i64,
    /// Seconds until the next window begins.
    pub reset: i64,
}

impl Notes {
    /// Deals with a request and takes notes.
    pub async fn during<F: Future>(&self, work: F) -> F::Output {
        NOTES.scope(self.clone(), work).await
    }

    /// What was noted so far.
    pub fn read(&self) -> Noted {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn note<T>(write: impl FnOnce(&mut Noted) -> T) -> Option<T> {
    NOTES.try_with(|notes| write(&mut notes.0.lock().unwrap_or_else(PoisonError::into_inner))).ok()
}

/// A limit was counted.
pub fn used(used: Used) {
    note(|noted| {
        if noted.limit.is_none_or(|nearest| (used.left, -used.reset) < (nearest.left, -nearest.reset)) {
            noted.limit = Some(used);
        }
    });
}

/// The request acts with this token.
pub fn acts_with(token: &str, person: &str) {
    note(|noted| noted.token = Some((token.to_owned(), person.to_owned())));
}

/// The token with which the request acts.
pub fn token() -> Option<String> {
    note(|noted| noted.token.as_ref().map(|(token, _)| token.clone())).flatten()
}

/// Something is written into the audit log; gives the token with which it was done.
pub fn audited() -> Option<String> {
    note(|noted| {
        noted.audited = true;
        noted.token.as_ref().map(|(token, _)| token.clone())
    })
    .flatten()
}

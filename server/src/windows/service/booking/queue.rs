//! Who asks while others are being booked waits for them, and is then booked together with all that came meanwhile.
//!
//! In a rush (the times of a new day open at eight) a server then pays for the way to the disk, the locks and the statements once
//! for many bookings instead of once for each; when it is quiet nobody waits. Many servers have queues of their own: what holds
//! between them is decided by the database as before.

use super::{
    BookError,
    together::{Asked, Outcome, Together, book_together},
};
use crate::{app_state::App, db::Engine, http::Error};
use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Mutex as Turn, oneshot};

/// Most bookings of one transaction: others wait for the day's places as long as it takes.
const MOST: usize = 32;
/// Queues of one server on PostgreSQL, so that a hall whose settings are being saved holds up few others. SQLite has one writer, and
/// one queue.
const LANES: usize = 8;
/// The longest that some who are booked together may take: whatever a database does that says nothing, it does not end booking.
/// Two turns end before a request is given up (`http/in_time.rs`).
const WITHIN: Duration = Duration::from_secs(25);

/// How many of so many who wait are booked at once: a power of two or one and a half of it, so that while all get places there are
/// few different statements, which the database has prepared.
fn batch_of(waiting: usize) -> usize {
    let power = 1 << waiting.clamp(1, MOST).ilog2();
    if power + power / 2 <= waiting.min(MOST) { power + power / 2 } else { power }
}

/// Bookings that wait to be made.
#[derive(Default)]
pub struct BookingQueue {
    lanes: [Lane; LANES],
    hash: RandomState,
}

#[derive(Default)]
struct Lane {
    waiting: Mutex<Vec<Waiting>>,
    turn: Turn<()>,
}

struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Outcome>,
}

/// Books a visit, together with those that others ask for meanwhile.
pub(super) async fn book(app: &App, asked: Asked) -> Outcome {
    let lane = match app.db.engine() {
        Engine::Sqlite => 0,
        Engine::Postgres => usize::try_from(app.bookings.hash.hash_one(&asked.slot.hall) % LANES as u64).unwrap_or(0),
    };
    let (answer, outcome) = oneshot::channel();
    app.bookings.lanes[lane].waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { asked, answer });
    // A task of its own: whoever goes away half-way must not take the bookings of others along.
    let app = app.clone();
    tokio::spawn(async move { serve(&app, &app.bookings.lanes[lane]).await });
    outcome.await.unwrap_or_else(|_| {
        let error = anyhow::anyhow!("the bookings that were made together ended without an answer");
        Outcome::Refused(BookError::Http(error.into()))
    })
}

/// Books all who wait. Each who asks has such a task: none is left waiting.
async fn serve(app: &App, lane: &Lane) {
    let _turn = lane.turn.lock().await;
    loop {
        let batch = lane.next();
        if batch.is_empty() {
            return;
        }
        settle(app, batch).await;
    }
}

impl Lane {
    /// The first who wait, each person once: a second booking of somebody has to see the first. Whoever went away is left out.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut people, mut first, mut later) = (HashSet::new(), Vec::new(), Vec::new());
        for one in mem::take(&mut *waiting).into_iter().filter(|one| !one.answer.is_closed()) {
            let of_somebody_else = people.insert(one.asked.actor.id.clone());
            if of_somebody_else { first.push(one) } else { later.push(one) }
        }
        if !first.is_empty() {
            *waiting = first.split_off(batch_of(first.len()));
        }
        waiting.append(&mut later);
        first
    }
}

/// Books them together; where that fails for a reason that may be one's own, one by one, so that nobody is refused for what is the
/// matter with another.
async fn settle(app: &App, batch: Vec<Waiting>) {
    let (asked, answers): (Vec<Asked>, Vec<_>) = batch.into_iter().map(|one| (one.asked, one.answer)).unzip();
    let outcomes = match within(app, &asked).await {
        Ok(Together::Done(outcomes)) => outcomes,
        Ok(Together::OneByOne) if asked.len() == 1 => vec![Outcome::Full],
        Ok(Together::OneByOne) => one_by_one(app, &asked, &answers).await,
        Err(error) if asked.len() == 1 || is_away(&error) => refused(&error, asked.len()),
        Err(error) => {
            metrics::counter!("linli_bookings_one_by_one_total").increment(1);
            let requests: Vec<&str> = asked.iter().map(|one| one.request_id.as_str()).collect();
            tracing::warn!(?requests, error = format!("{:#}", anyhow::Error::new(error)), "booked one by one");
            one_by_one(app, &asked, &answers).await
        }
    };
    for (answer, outcome) in answers.into_iter().zip(outcomes) {
        // Whoever does not wait for it any more finds the booking among theirs.
        let _ = answer.send(outcome);
    }
}

async fn one_by_one(app: &App, asked: &[Asked], answers: &[oneshot::Sender<Outcome>]) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(asked.len());
    for (one, answer) in asked.iter().zip(answers) {
        if answer.is_closed() {
            // Nobody will read it, and nothing is begun for them.
            outcomes.push(Outcome::LookAgain);
            continue;
        }
        match within(app, std::slice::from_ref(one)).await {
            Ok(Together::Done(done)) => outcomes.extend(done),
            Ok(Together::OneByOne) => outcomes.push(Outcome::Full),
            Err(error) if is_away(&error) => {
                outcomes.extend(refused(&error, asked.len() - outcomes.len()));
                break;
            }
            Err(error) => outcomes.push(Outcome::Refused(error.into())),
        }
    }
    outcomes
}

/// Books them, or gives it up: then nothing is booked, or (where the database had all and only its answer was lost) whoever sends the
/// same form again is shown the booking.
async fn within(app: &App, asked: &[Asked]) -> Result<Together, Error> {
    tokio::time::timeout(WITHIN, book_together(app, asked)).await.unwrap_or_else(|_| {
        app.db.had_trouble();
        Err(sqlx::Error::PoolTimedOut.into())
    })
}

/// Whether the database answers nobody; everything else that makes a transaction fail may be one's own bad luck.
fn is_away(error: &Error) -> bool {
    let Error::Unavailable(error) = error else { return false };
    let says_so = |cause: &(dyn std::error::Error + 'static)| {
        matches!(cause.downcast_ref(), Some(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed))
    };
    error.chain().any(says_so)
}

fn refused(error: &Error, count: usize) -> Vec<Outcome> {
    (0..count).map(|_| Outcome::Refused(BookError::Http(error.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_those_who_wait_two_thirds_at_least_are_booked_at_once_by_few_different_statements() {
        let mut sizes = HashSet::new();
        for waiting in 1..=1_000 {
            let batch = batch_of(waiting);
            assert!(batch <= waiting.min(MOST) && 3 * batch >= 2 * waiting.min(MOST), "{batch} of {waiting}");
            sizes.insert(batch);
        }
        assert_eq!(sizes.len(), 10, "{sizes:?}");
    }
}

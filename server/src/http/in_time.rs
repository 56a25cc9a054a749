//! Nobody waits for ever: whatever a request waits for (a database that was cut off and says nothing, a store that does not
//! answer), it is answered within [`WITHIN`] of the last byte that its sender sent. A slow upload takes as long as it takes.

use super::Error;
use crate::app_state::App;
use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The longest wait for the beginning of an answer.
pub const WITHIN: Duration = Duration::from_secs(60);

/// When it was last seen that a request goes on.
#[derive(Clone)]
struct Watch {
    begun: Instant,
    /// The longest wait.
    within: Duration,
    /// Milliseconds after that.
    seen: Arc<AtomicU64>,
}

impl Watch {
    fn begin(within: Duration) -> Watch {
        #[expect(clippy::disallowed_methods, reason = "measures how long somebody waits")]
        let begun = Instant::now();
        Watch { begun, within, seen: Arc::default() }
    }

    fn goes_on(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.seen.store(now, Ordering::Relaxed);
    }

    /// What is left of the time.
    fn left(&self) -> Duration {
        let until = Duration::from_millis(self.seen.load(Ordering::Relaxed)) + self.within;
        until.saturating_sub(self.begun.elapsed())
    }
}

tokio::task_local! {
    static WATCH: Watch;
}

/// Runs a request, and gives it up when it takes too long.
pub async fn run(app: &App, request: Request, next: Next) -> Response {
    let watch = Watch::begin(WITHIN);
    let request = if request.method().is_safe() { request } else { listen(request, watch.clone()) };
    answered(watch, next.run(request)).await.unwrap_or_else(|| {
        app.db.had_trouble();
        let error = anyhow::anyhow!("no answer within {} s", WITHIN.as_secs());
        Error::Unavailable(Arc::new(error)).into_response()
    })
}

/// The answer; `None` when nothing was seen to go on for too long.
async fn answered<T>(watch: Watch, answer: impl Future<Output = T>) -> Option<T> {
    let mut answer = pin!(WATCH.scope(watch.clone(), answer));
    loop {
        if let Ok(answer) = tokio::time::timeout(watch.left(), &mut answer).await {
            return Some(answer);
        }
        if watch.left().is_zero() {
            return None;
        }
    }
}

/// Says of a long work that a part of it was done: the time in which the request is answered begins anew. For work that waits
/// for others in between, such as reading many rows: others that say nothing are still given up. Outside of a request nobody
/// waits, and it does nothing.
pub fn goes_on() {
    let _ = WATCH.try_with(Watch::goes_on);
}

/// Work of our own, such as that on pixels, and the wait for its turn: it comes to an end, however long it takes, and the time in
/// which the request is answered begins after it.
pub async fn busy<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let look = WATCH.try_with(|watch| watch.within).unwrap_or(WITHIN) / 10;
    loop {
        let done = tokio::time::timeout(look, &mut work).await;
        goes_on();
        if let Ok(done) = done {
            return done;
        }
    }
}

/// Notes when the last of the body came.
fn listen(request: Request, watch: Watch) -> Request {
    request.map(|body| Body::from_stream(body.into_data_stream().inspect(move |_| watch.goes_on())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_secs(1);

    async fn told<T>(work: impl Future<Output = T>) -> Option<T> {
        answered(Watch::begin(SHORT), work).await
    }

    #[tokio::test]
    async fn long_work_is_answered_and_silence_is_not() {
        let silent = told(tokio::time::sleep(SHORT * 3));
        let busy = told(busy(tokio::time::sleep(SHORT * 3)));
        let by_parts = told(async {
            for _ in 0..12 {
                tokio::time::sleep(SHORT / 4).await;
                goes_on();
            }
        });
        let stuck = told(async {
            goes_on();
            tokio::time::sleep(SHORT * 3).await;
        });
        let all = tokio::join!(silent, busy, by_parts, stuck);
        assert_eq!(all, (None, Some(()), Some(()), None));
        // Outside of a request nobody waits.
        goes_on();
        super::busy(async {}).await;
    }
}

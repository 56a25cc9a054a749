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
    /// Milliseconds after that.
    seen: Arc<AtomicU64>,
}

impl Watch {
    fn begin() -> Watch {
        #[expect(clippy::disallowed_methods, reason = "measures how long somebody waits")]
        let begun = Instant::now();
        Watch { begun, seen: Arc::default() }
    }

    fn goes_on(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.seen.store(now, Ordering::Relaxed);
    }

    /// What is left of the time.
    fn left(&self) -> Duration {
        let until = Duration::from_millis(self.seen.load(Ordering::Relaxed)) + WITHIN;
        until.saturating_sub(self.begun.elapsed())
    }
}

tokio::task_local! {
    static WATCH: Watch;
}

/// Runs a request, and gives it up when it takes too long.
pub async fn run(app: &App, request: Request, next: Next) -> Response {
    let watch = Watch::begin();
    let request = if request.method().is_safe() { request } else { listen(request, watch.clone()) };
    let mut answer = pin!(WATCH.scope(watch.clone(), next.run(request)));
    loop {
        if let Ok(answer) = tokio::time::timeout(watch.left(), &mut answer).await {
            return answer;
        }
        if watch.left().is_zero() {
            app.db.had_trouble();
            let error = anyhow::anyhow!("no answer within {} s", WITHIN.as_secs());
            return Error::Unavailable(Arc::new(error)).into_response();
        }
    }
}

/// Work of our own, such as that on pixels, and the wait for its turn: it comes to an end, however long it takes, and the time in
/// which the request is answered begins after it.
pub async fn busy<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        let done = tokio::time::timeout(WITHIN / 10, &mut work).await;
        // Outside of a request nobody waits.
        let _ = WATCH.try_with(Watch::goes_on);
        if let Ok(done) = done {
            return done;
        }
    }
}

/// Notes when the last of the body came.
fn listen(request: Request, watch: Watch) -> Request {
    request.map(|body| Body::from_stream(body.into_data_stream().inspect(move |_| watch.goes_on())))
}

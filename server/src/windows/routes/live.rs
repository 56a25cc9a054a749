//! `/api/v1/halls/{hall}/live`: tells pages when to look again. Only version numbers travel, so it is public. One watcher
//! for a hall and process looks at the database each second while somebody listens; it therefore sees what other
//! servers do as well.

use super::views::Segment;
use crate::{
    app_state::App,
    http::{Ctx, Error, Result},
    windows::store::{Hall, tickets},
};
use app::time::day_of;
use axum::response::{
    IntoResponse,
    sse::{Event, KeepAlive, Sse},
};
use futures::stream;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// At most so many listeners a hall and process; further ones ask from time to time instead.
const LISTENERS: usize = 500;
/// The database is looked at so often while somebody listens.
const EVERY: Duration = Duration::from_secs(1);
/// A look that takes longer is given up, and another one begun.
const PATIENCE: Duration = Duration::from_secs(10);
/// A line of nothing keeps connections open.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Day and version: both change what a page shows.
type Seen = (String, i64);

static WATCHED: LazyLock<Mutex<HashMap<String, watch::Sender<Seen>>>> = LazyLock::new(Mutex::default);

/// A listener of a hall; `None`: there are too many.
fn listen(app: &App, hall: &Hall) -> Option<watch::Receiver<Seen>> {
    let name = format!("{}#{}", app.config.database_url, hall.id);
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(sender) = watched.get(&name) {
        return (sender.receiver_count() < LISTENERS).then(|| sender.subscribe());
    }
    let (sender, receiver) = watch::channel(Seen::default());
    watched.insert(name.clone(), sender);
    tokio::spawn(keep_looking(app.clone(), hall.id.clone(), name));
    Some(receiver)
}

async fn keep_looking(app: App, hall_id: String, name: String) {
    loop {
        let day = day_of(app.clock.now()).to_string();
        let version = tokio::time::timeout(PATIENCE, tickets::version(app.db.read(), &hall_id, &day)).await;
        {
            let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(sender) = watched.get(&name) else { return };
            if sender.receiver_count() == 0 {
                watched.remove(&name);
                return;
            }
            // A database that does not answer for a moment changes nothing.
            if let Ok(Ok(version)) = version {
                sender.send_if_modified(|seen| {
                    let new = (day, version);
                    let changed = *seen != new;
                    *seen = new;
                    changed
                });
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Ends all feeds of this process: it stops, and pages that listen find another server, or this one when it is back.
pub(crate) fn end_all() {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// A hall's version now and whenever it changes, as server-sent events.
#[utoipa::path(
    get,
    path = "/api/v1/halls/{hall}/live",
    tag = "services",
    params(("hall" = String, Path, description = "Code of the hall")),
    responses((status = 200, description = "Server-sent events `version`: day and version of the hall's queue", content_type = "text/event-stream"),
        (status = 404, description = "No such hall"), (status = 429, description = "Too many listeners: ask again later"))
)]
pub async fn live(ctx: Ctx, Segment(hall): Segment) -> Result {
    let hall = super::number::hall_of(&ctx, &hall).await?;
    let mut receiver = listen(&ctx.app, &hall).ok_or(Error::TooMany { retry_after: 60 })?;
    receiver.mark_changed();
    let events = stream::unfold(receiver, |mut receiver| async move {
        receiver.changed().await.ok()?;
        let (day, version) = receiver.borrow_and_update().clone();
        let event = Event::default().event("version").data(format!("{day}.{version}"));
        Some((Ok::<_, Infallible>(event), receiver))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // Proxies that would collect the events are told not to.
    let name = axum::http::HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

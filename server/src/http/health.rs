//! Liveness and readiness, for whatever watches the server.

use super::{Access, Routes};
use crate::{app_state::App, operate::doctor};
use anyhow::ensure;
use axum::{extract::State, http::StatusCode};
use std::time::Duration;

/// `/healthz`: the process answers. `/readyz`: it can answer people. The database answers within three seconds and has what this
/// server needs, and the disks have room. The photo store is told beside it and changes nothing: it is the same for all
/// servers, and all but photos goes on without it.
pub fn routes() -> Routes {
    Routes::new().get("/healthz", Access::Public, healthz).get("/readyz", Access::Public, readyz)
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// What did not answer within so long does not answer.
const WITHIN: Duration = Duration::from_secs(3);
/// The same for the photo store: whoever asks each second must not wait for it.
const PHOTOS_WITHIN: Duration = Duration::from_millis(500);

async fn readyz(State(app): State<App>) -> (StatusCode, String) {
    let database = async {
        let answer = tokio::time::timeout(WITHIN, fits(&app)).await;
        if answer.is_err() {
            app.db.had_trouble();
        }
        answer?
    };
    let photos = async { tokio::time::timeout(PHOTOS_WITHIN, app.blobs.ping()).await? };
    let (database, photos) = tokio::join!(database, photos);
    let disk = doctor::has_room(&app.config);
    let ready = database.is_ok() && disk.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, told("database", &database) + &told("photos", &photos) + &told("disk", &disk))
}

/// Whether the database answers and this server can work with it: one that is ahead is fine, one that lacks migrations is not.
async fn fits(app: &App) -> anyhow::Result<()> {
    app.db.ping().await?;
    let (pending, _) = app.db.pending().await?;
    ensure!(pending.is_empty(), "migrations are missing: {pending:?}");
    Ok(())
}

/// A line of the answer; the metrics say the same, 1 for well.
fn told(what: &'static str, answer: &anyhow::Result<()>) -> String {
    metrics::gauge!("linli_answers", "what" => what).set(if answer.is_ok() { 1.0 } else { 0.0 });
    match answer {
        Ok(()) => format!("{what}: ok\n"),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), what, "does not answer");
            format!("{what}: failing\n")
        }
    }
}

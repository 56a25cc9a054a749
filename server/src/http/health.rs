//! Liveness and readiness, for whatever watches the server.

use super::{Access, Routes};
use crate::{app_state::App, operate::doctor};
use axum::{extract::State, http::StatusCode};
use std::time::Duration;

/// `/healthz`: the process answers. `/readyz`: the database and the photo store answer as well, within
/// three seconds, and the disks have room.
pub fn routes() -> Routes {
    Routes::new().get("/healthz", Access::Public, healthz).get("/readyz", Access::Public, readyz)
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// What did not answer within so long does not answer.
const WITHIN: Duration = Duration::from_secs(3);

async fn readyz(State(app): State<App>) -> (StatusCode, String) {
    let database = async {
        let answer = tokio::time::timeout(WITHIN, app.db.ping()).await;
        if answer.is_err() {
            app.db.had_trouble();
        }
        answer?.map_err(anyhow::Error::from)
    };
    let photos = async { tokio::time::timeout(WITHIN, app.blobs.ping()).await? };
    let (database, photos) = tokio::join!(database, photos);
    let told = |what: &str, answer: &anyhow::Result<()>| match answer {
        Ok(()) => format!("{what}: ok\n"),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), what, "does not answer");
            format!("{what}: failing\n")
        }
    };
    let disk = doctor::has_room(&app.config);
    let ready = database.is_ok() && photos.is_ok() && disk.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, told("database", &database) + &told("photos", &photos) + &told("disk", &disk))
}

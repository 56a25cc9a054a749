//! Liveness and readiness, for whatever watches the server.

use super::{Access, Routes};
use crate::app_state::App;
use axum::{extract::State, http::StatusCode};

/// `/healthz`: the process answers. `/readyz`: the database and the photo store answer as well.
pub fn routes() -> Routes {
    Routes::new().get("/healthz", Access::Public, healthz).get("/readyz", Access::Public, readyz)
}

async fn healthz() -> &'static str {
    "ok\n"
}

async fn readyz(State(app): State<App>) -> (StatusCode, String) {
    let (database, blobs) = tokio::join!(app.db.ping(), app.blobs.ping());
    let word = |ok: bool| if ok { "ok" } else { "failing" };
    if let Err(error) = &database {
        tracing::error!(%error, "the database does not answer");
    }
    if let Err(error) = &blobs {
        tracing::error!(error = format!("{error:#}"), "the photo store does not answer");
    }
    let ready = database.is_ok() && blobs.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, format!("database: {}\nphotos: {}\n", word(database.is_ok()), word(blobs.is_ok())))
}

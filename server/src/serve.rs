//! Puts the router together and serves it until told to stop.

use crate::{
    app_state::App,
    http::{self, shared::Pages},
    jobs,
};
use anyhow::Context;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::net::SocketAddr;
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    services::ServeDir,
};

/// The whole application as one router.
pub fn router(app: &App) -> Router {
    let dir = &app.assets.dir;
    let hashed = ServeDir::new(dir.join("pkg")).precompressed_br().precompressed_gzip();
    let plain =
        ServeDir::new(dir).append_index_html_on_directories(false).precompressed_br().precompressed_gzip().fallback(
            tower::service_fn(|_: Request| async {
                Ok::<Response, std::convert::Infallible>(http::Error::NotFound.into_response())
            }),
        );
    let pkg = Router::new().fallback_service(hashed).layer(middleware::from_fn(cache_for_ever));
    let compress = SizeAbove::new(256)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("application/wasm"))
        // Packed already, and read piece by piece.
        .and(NotForContentType::const_new("application/pdf"));
    let pages = Pages::default();
    let all = http::routes::all()
        .into_router()
        .nest("/pkg", pkg.with_state(()))
        .fallback_service(Router::new().fallback_service(plain).layer(middleware::from_fn(revalidate)))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            http::Error::Internal(std::sync::Arc::new(anyhow::anyhow!("a handler panicked"))).into_response()
        }))
        .layer(axum::extract::DefaultBodyLimit::max(http::body::PLAIN))
        .layer(middleware::from_fn_with_state(app.clone(), http::api::once))
        .layer(middleware::from_fn(http::body::limit))
        .layer(CompressionLayer::new().compress_when(compress.clone()))
        .layer(middleware::from_fn_with_state((app.clone(), pages.clone()), http::shared::keep))
        .layer(middleware::from_fn_with_state(app.clone(), http::middleware::surround))
        // The pages of errors are made by the layer before.
        .layer(CompressionLayer::new().compress_when(compress))
        .with_state(app.clone());
    // What is kept is given before a route is looked for.
    Router::new().fallback_service(all).layer(middleware::from_fn_with_state((app.clone(), pages), http::shared::give))
}

/// Hashed names never change what they hold.
async fn cache_for_ever(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    }
    response
}

/// Everything else of the site is asked for again, and answered 304 when unchanged.
async fn revalidate(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
    }
    response
}

/// Serves until SIGTERM or Ctrl-C, then stops accepting and lets running requests finish (at most 20 s).
pub async fn serve(app: App, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(app.config.listen)
        .await
        .with_context(|| format!("listening on {}", app.config.listen))?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(jobs::work(app.clone(), stop.clone()));
    let sender = tokio::spawn(crate::notices::outgoing::send::work(app.clone(), stop.clone()));
    tokio::spawn(keep_calendar(app.clone(), stop.clone()));
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let draining = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move { draining.cancelled().await });
    let server = tokio::spawn(server.into_future());
    ready(address);
    asked_to_stop().await?;
    tracing::info!("stopping: no new requests, running ones may finish");
    stop.cancel();
    crate::windows::routes::live::end_all();
    let drained = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        let _ = server.await;
        let _ = sender.await;
        let _ = worker.await;
    })
    .await;
    if drained.is_err() {
        tracing::warn!("some requests were still running after 20 s");
    }
    app.db.close().await;
    Ok(())
}

/// Takes over holidays that were imported, here or at another server.
async fn keep_calendar(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(crate::places::calendar::REFRESH) => {}
        }
        match app.calendar.refresh(&app.db).await {
            Ok(true) => tracing::info!("the statutory calendar was replaced"),
            Ok(false) => {}
            Err(error) => tracing::warn!(error = format!("{error:#}"), "the statutory calendar could not be read"),
        }
    }
}

async fn asked_to_stop() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        result = tokio::signal::ctrl_c() => result?,
    }
    Ok(())
}

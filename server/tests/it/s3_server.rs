//! An S3 server over a folder, which can be broken or slow. Also the example `s3`, for `make cluster`.

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tower::ServiceExt;

/// Its access key.
pub const KEY: &str = "linli-test-key";
/// Its secret key.
pub const SECRET: &str = "linli-test-secret";
/// Its bucket.
pub const BUCKET: &str = "photos";

/// How it is: well, slow by so many milliseconds, or broken.
#[derive(Clone, Debug, Default)]
pub struct Mood(Arc<AtomicU64>);

impl Mood {
    /// It answers at once.
    pub fn well(&self) {
        self.0.store(0, Ordering::SeqCst);
    }

    /// It answers 500.
    pub fn broken(&self) {
        self.0.store(u64::MAX, Ordering::SeqCst);
    }

    /// It thinks for so long before each answer.
    pub fn slow(&self, by: Duration) {
        self.0.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX - 1), Ordering::SeqCst);
    }
}

#[derive(Clone)]
struct S3 {
    service: s3s::service::S3Service,
    mood: Mood,
}

/// Answers on `listener` from a folder, with one bucket in it.
pub async fn serve(listener: tokio::net::TcpListener, folder: &Path, mood: Mood) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join(BUCKET))?;
    let files = s3s_fs::FileSystem::new(folder).map_err(|error| std::io::Error::other(format!("{error:?}")))?;
    let mut service = s3s::service::S3ServiceBuilder::new(files);
    service.set_auth(s3s::auth::SimpleAuth::from_single(KEY, SECRET));
    let router = Router::new().fallback(answer).with_state(S3 { service: service.build(), mood });
    axum::serve(listener, router).await
}

async fn answer(State(s3): State<S3>, request: Request) -> Response {
    match s3.mood.0.load(Ordering::SeqCst) {
        0 => {}
        u64::MAX => {
            return (StatusCode::INTERNAL_SERVER_ERROR, "<Error><Code>InternalError</Code></Error>").into_response();
        }
        slow => tokio::time::sleep(Duration::from_millis(slow)).await,
    }
    match s3.service.oneshot(request).await {
        Ok(answer) => answer.map(axum::body::Body::new),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}")).into_response(),
    }
}

//! Bodies of requests: how much of one is read. Where files are taken, their reader has limits of its own
//! ([`crate::photos::intake`]); everything else is small.

use super::Error;
use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use std::time::Duration;

/// Most bytes of what is no form with files: a long notice in Markdown, percent-encoded, twice over.
pub const PLAIN: usize = 1024 * 1024;
/// What is too large is read and thrown away up to so many bytes…
const THROWN_AWAY: usize = 64 * 1024 * 1024;
/// …and for so long: a browser shows no answer to a form that it could not send to its end.
const PATIENCE: Duration = Duration::from_secs(20);

/// The whole body, when it has at most so many bytes; else [`Error::TooLarge`].
pub async fn read(body: Body, most: usize) -> Result<Bytes, Error> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Error::BadRequest("the body broke off".into()))?;
        if bytes.len() + chunk.len() > most {
            drop(bytes);
            throw_away(stream).await;
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

async fn throw_away(mut stream: BodyDataStream) {
    let all = async {
        let mut left = THROWN_AWAY;
        while let Some(Ok(chunk)) = stream.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    // What comes too slowly gets no answer that it could show; the server has done what it can.
    let _ = tokio::time::timeout(PATIENCE, all).await;
}

/// Refuses what says beforehand that it is too large, whether its handler would read it or not. Forms with files are their
/// readers' matter.
pub async fn limit(request: Request, next: Next) -> Response {
    if says_it_is_too_large(request.headers()) {
        throw_away(request.into_body().into_data_stream()).await;
        return Error::TooLarge.into_response();
    }
    next.run(request).await
}

fn says_it_is_too_large(headers: &HeaderMap) -> bool {
    let said = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let length: usize = said(header::CONTENT_LENGTH).parse().unwrap_or(0);
    length > PLAIN && !said(header::CONTENT_TYPE).starts_with("multipart/form-data")
}

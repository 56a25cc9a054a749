//! What is said at the end of every answer of the API: limits, entity tags, what caches may do; and the audit entry of a
//! token that changed something of which no other entry tells.

use super::VERSION;
use crate::{
    app_state::App,
    audit,
    http::{
        Error,
        notes::{Noted, Used},
    },
};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const PROBLEM: &str = "application/problem+json";

/// Whether an answer is a failure that no code of ours has put into words.
pub fn is_nobodys(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && response.extensions().get::<Error>().is_none()
        && !kind(response).starts_with(PROBLEM)
}

fn kind(response: &Response) -> &str {
    response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Finishes an answer of the API.
pub async fn finish(app: &App, (parts, id): (&Parts, &str), mut response: Response, noted: &Noted) -> Response {
    if let Some(used) = noted.limit {
        say_limit(&mut response, used);
    }
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if !reads
        && !noted.audited
        && !is_failure(&response)
        && let Some((token, person)) = &noted.token
        && let Err(error) = note_use(app, (parts, id), (token, person)).await
    {
        tracing::error!(request_id = %id, error = format!("{error:#}"), "a token's use was not written down");
    }
    let headers = response.headers_mut();
    // What an answer is depends on who asks, and in which language.
    let shared = headers.get(header::CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    if !shared {
        headers.append(header::VARY, HeaderValue::from_static("authorization, cookie, accept-language"));
    }
    if parts.method == Method::GET { tagged(parts, response).await } else { response }
}

fn is_failure(response: &Response) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}

/// The limit that has least left, as the drafts of `RateLimit` header fields for HTTP say it, the present one and the
/// older three fields that more programs know.
fn say_limit(response: &mut Response, Used { limit, left, reset }: Used) {
    let headers = response.headers_mut();
    for (name, text) in [
        ("ratelimit-policy", format!("\"{}\";q={};w={}", limit.what, limit.max, limit.seconds)),
        ("ratelimit", format!("\"{}\";r={left};t={reset}", limit.what)),
        ("ratelimit-limit", limit.max.to_string()),
        ("ratelimit-remaining", left.to_string()),
        ("ratelimit-reset", reset.to_string()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Something was changed with a token, and no entry of the audit log says so yet.
async fn note_use(app: &App, (parts, id): (&Parts, &str), (token, person): (&str, &str)) -> Result<(), sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let entry = audit::Entry {
        by: audit::By::Person(person),
        action: "token.use",
        object_kind: "token",
        object_id: token,
        detail: serde_json::json!({ "method": parts.method.as_str(), "path": parts.uri.path(), "token": token }),
        request_id: id,
    };
    audit::write(&mut tx, entry, app.clock.now()).await?;
    tx.commit().await
}

/// Gives a JSON answer its entity tag, and answers 304 where the reader has it already.
async fn tagged(parts: &Parts, mut response: Response) -> Response {
    let version = response.headers_mut().remove(VERSION);
    let json = kind(&response).starts_with("application/json");
    if response.status() != StatusCode::OK || !json || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // Our own answers are in memory already.
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Error::Internal(std::sync::Arc::new(anyhow::anyhow!("an answer ended early"))).into_response();
    };
    // The body may be compressed already: then its tag is that of the compressed one.
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes));
    let tag = match version.as_ref().and_then(|version| version.to_str().ok()) {
        Some(version) => format!("\"v{version}-{}\"", &hash[..16]),
        None => format!("W/\"{}\"", &hash[..22]),
    };
    let known = parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let fresh = known.trim() == "*" || known.split(',').any(|one| plain(one) == plain(&tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.headers.insert(header::ETAG, tag);
    }
    if !fresh {
        return Response::from_parts(head, Body::from(bytes));
    }
    head.status = StatusCode::NOT_MODIFIED;
    head.headers.remove(header::CONTENT_TYPE);
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::empty())
}

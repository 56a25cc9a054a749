//! `Idempotency-Key`: a request that creates something and is sent again, because its answer was lost, is answered like the
//! first and creates nothing more. The same key with other content is 422; while the first is being dealt with, 409.
//! Whoever failed may try again with the same key: what failed has changed nothing.

use crate::{
    app_state::App,
    auth::secrets::sha256,
    clock,
    http::{Ctx, Error, body},
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest body with files that is looked at: a photo and the rest of its form, in bytes.
const MAX_BODY: usize = 32 * 1024 * 1024;
/// So many of those at once, since they are kept in memory; other bodies are small.
static LARGE: Semaphore = Semaphore::const_new(4);
/// Longest answer that is kept, in bytes.
const MAX_ANSWER: usize = 64 * 1024;
/// A server that took a request and died has lost it after so long.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Answers are kept so long.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The key of a request: 1 to 100 visible characters, in quotes or without. 400 for any other.
fn header(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if text.is_empty() || text.len() > 100 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::BadRequest("Idempotency-Key: 1 to 100 visible characters".into()));
    }
    Ok(Some(text.to_owned()))
}

/// What makes a request one request for the use case as well, which writes it down with what it creates: then it is one even
/// if a server dies between creating and answering.
pub struct OnceKey(Option<String>);

impl OnceKey {
    /// The key that the body names, else one made of the header, else a new one: then each sending is another request.
    pub fn or(&self, ctx: &Ctx, body: Option<&str>) -> String {
        match (body.filter(|key| !key.is_empty()), &self.0) {
            (Some(key), _) => key.to_owned(),
            (None, Some(key)) => sha256(&format!("{}\n{key}", owner(ctx))),
            (None, None) => clock::token(),
        }
    }

    /// The id of what the request makes, where nothing else of it is kept: made of the header and the address, else a new one. With
    /// a header it does not say when it was made.
    pub fn id(&self, ctx: &Ctx) -> String {
        let Some(key) = &self.0 else { return clock::new_id(ctx.now) };
        let hash = Sha256::digest(format!("{}\n{}\n{key}", owner(ctx), ctx.path));
        let bytes = hash.first_chunk::<16>().copied().unwrap_or_default();
        uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OnceKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<OnceKey, Error> {
        header(&parts.headers).map(OnceKey)
    }
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    headers: Vec<(String, String)>,
    body: String,
}

/// The layer around all routes.
pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if request.method() != Method::POST || !path.starts_with("/api/v1/") || is_a_vote(path) {
        return next.run(request).await;
    }
    match header(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => answer(&app, request, next, &key).await.unwrap_or_else(IntoResponse::into_response),
        Err(error) => error.into_response(),
    }
}

/// A vote in a meeting. Nothing of it is kept, not even as a hash: there are so few choices that a hash would tell which it was.
/// The ballot's roll sees to it that it counts once.
pub fn is_a_vote(path: &str) -> bool {
    path.starts_with("/api/v1/meetings/") && path.ends_with("/vote")
}

async fn answer(app: &App, request: Request, next: Next, key: &str) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let ctx = Ctx::load(app, &parts).await?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Whoever may send no photo is not listened to for one.
    let (most, _place) = match kind.starts_with("multipart/form-data") {
        true if owner(&ctx).is_empty() => return Err(Error::SignIn),
        true => (MAX_BODY, Some(LARGE.try_acquire().map_err(|_| Error::TooMany { retry_after: 10 })?)),
        false => (body::PLAIN, None),
    };
    let body = body::read(body, most).await?;
    let claim = Claim { owner: owner(&ctx), key, fingerprint: fingerprint(&parts, &body) };
    if let Some(kept) = claim.take(app, ctx.now).await? {
        return Ok(kept);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    claim.keep(app, response).await
}

/// Whose key it is: two people may choose the same one.
fn owner(ctx: &Ctx) -> String {
    match (&ctx.actor, &ctx.key) {
        (Some(actor), _) => format!("person:{}", actor.id),
        (None, Some(key)) => format!("key:{}", key.id),
        (None, None) if !ctx.device.is_empty() => format!("device:{}", sha256(&ctx.device)),
        (None, None) => String::new(),
    }
}

/// Tells one request from another. A multipart form's boundary is another one each time it is sent.
fn fingerprint(parts: &Parts, body: &Bytes) -> String {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let text = match kind.split_once("boundary=") {
        Some((_, boundary)) => {
            let boundary = boundary.split(';').next().unwrap_or_default().trim_matches('"');
            let mut plain = String::new();
            for piece in body.utf8_chunks() {
                plain.push_str(&piece.valid().replace(boundary, "-"));
                piece.invalid().iter().for_each(|byte| plain.push_str(&format!("\\x{byte:02x}")));
            }
            plain
        }
        None => String::from_utf8_lossy(body).into_owned(),
    };
    sha256(&format!("{}\n{text}", parts.uri))
}

/// A key that is being used.
struct Claim<'a> {
    owner: String,
    key: &'a str,
    fingerprint: String,
}

impl Claim<'_> {
    /// Takes the key; gives the answer that was kept, if the request was answered before.
    async fn take(&self, app: &App, now: Timestamp) -> Result<Option<Response>, Error> {
        let mut tx = app.db.begin().await?;
        let done = sqlx::query(
            "INSERT INTO api_request (owner, idempotency_key, fingerprint, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (owner, idempotency_key) DO NOTHING",
        )
        .bind(&self.owner)
        .bind(self.key)
        .bind(&self.fingerprint)
        .bind(now.as_microsecond())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 1 {
            tx.commit().await?;
            return Ok(None);
        }
        let (fingerprint, status, sealed, since): (String, i64, String, i64) = sqlx::query_as(
            "SELECT fingerprint, status, answer_sealed, created_at FROM api_request \
             WHERE owner = $1 AND idempotency_key = $2",
        )
        .bind(&self.owner)
        .bind(self.key)
        .fetch_optional(&mut *tx)
        .await?
        // It failed a moment ago: the next try takes it.
        .ok_or(Error::InProgress)?;
        if fingerprint != self.fingerprint {
            return Err(Error::KeyReused);
        }
        if status != 0 {
            return Ok(Some(kept(app, status, &sealed)?));
        }
        // Whoever took it has died: one of those who ask takes it over.
        let taken = sqlx::query(
            "UPDATE api_request SET created_at = $3 WHERE owner = $1 AND idempotency_key = $2 AND status = 0 \
             AND created_at = $4 AND created_at < $5",
        )
        .bind(&self.owner)
        .bind(self.key)
        .bind(now.as_microsecond())
        .bind(since)
        .bind((now - LEASE).as_microsecond())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        if taken.rows_affected() == 1 { Ok(None) } else { Err(Error::InProgress) }
    }

    /// Keeps the answer to a request that succeeded, and gives the key back otherwise.
    async fn keep(&self, app: &App, response: Response) -> Result<Response, Error> {
        let (head, body) = response.into_parts();
        if !head.status.is_success() {
            self.give_back(app).await?;
            return Ok(Response::from_parts(head, body));
        }
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .map_err(|error| Error::from(anyhow::Error::new(error).context("an answer ended early")))?;
        let Some(text) = std::str::from_utf8(&bytes).ok().filter(|text| text.len() <= MAX_ANSWER) else {
            self.give_back(app).await?;
            return Ok(Response::from_parts(head, Body::from(bytes)));
        };
        let headers = [header::CONTENT_TYPE, header::LOCATION]
            .iter()
            .filter_map(|name| Some((name.to_string(), head.headers.get(name)?.to_str().ok()?.to_owned())))
            .collect();
        let sealed = serde_json::to_string(&Kept { headers, body: text.to_owned() }).map_err(anyhow::Error::from)?;
        let mut tx = app.db.begin().await?;
        sqlx::query("UPDATE api_request SET status = $3, answer_sealed = $4 WHERE owner = $1 AND idempotency_key = $2")
            .bind(&self.owner)
            .bind(self.key)
            .bind(i64::from(head.status.as_u16()))
            .bind(app.secrets.seal(&sealed)?)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Response::from_parts(head, Body::from(bytes)))
    }

    async fn give_back(&self, app: &App) -> Result<(), sqlx::Error> {
        let mut tx = app.db.begin().await?;
        sqlx::query("DELETE FROM api_request WHERE owner = $1 AND idempotency_key = $2 AND status = 0")
            .bind(&self.owner)
            .bind(self.key)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

fn kept(app: &App, status: i64, sealed: &str) -> Result<Response, Error> {
    let kept: Kept = serde_json::from_str(&app.secrets.open(sealed)?).map_err(anyhow::Error::from)?;
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = (status.unwrap_or(StatusCode::OK), kept.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    Ok(response)
}

/// Forgets what is older than a day.
pub async fn sweep(app: &App, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM api_request WHERE created_at < $1")
        .bind((now - KEPT).as_microsecond())
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

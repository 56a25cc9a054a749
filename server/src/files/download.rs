//! How a file is handed out.

use super::store::File;
use crate::{
    app_state::App,
    http::{Error, Result, download::PDF, middleware::POLICY_OF_FILES, page::encode},
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A download, never shown in the page: whatever is in it, it does nothing here. It goes from the store to the reader piece by
/// piece, and whoever only asks about it (HEAD) has none of it read. `plain`: what programs call it that know no other letters,
/// before its number. `public`: whoever has the address may read it.
pub async fn download(
    app: &App,
    file: &File,
    (plain, public): (&str, bool),
    (method, headers): (&Method, &HeaderMap),
) -> Result<Response> {
    let etag = format!("\"{}\"", file.sha256);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let (mut response, length) = if known {
        (StatusCode::NOT_MODIFIED.into_response(), None)
    } else if *method == Method::HEAD {
        let length = app.blobs.file_bytes(&file.file_id).await?.ok_or(Error::NotFound)?;
        (Response::new(Body::empty()), Some(length))
    } else {
        let (length, bytes) = app.blobs.open_file(&file.file_id).await?.ok_or(Error::NotFound)?;
        (Response::new(Body::from_stream(bytes)), Some(length))
    };
    let name = percent(&file.name);
    let disposition = format!("attachment; filename=\"{plain}-{}.pdf\"; filename*=UTF-8''{name}", file.number);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, PDF),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY_OF_FILES),
        (header::CACHE_CONTROL, if public { "public, no-cache" } else { "private, no-cache" }),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(anyhow::Error::from)?);
    headers.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(anyhow::Error::from)?);
    Ok(response)
}

/// A name as RFC 8187 wants it: UTF-8, percent-encoded.
fn percent(name: &str) -> String {
    encode(name).replace('+', "%20").replace('*', "%2A")
}

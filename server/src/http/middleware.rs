//! What surrounds every request: its id and log line, the cross-site check, security headers, the body of errors.

use super::{
    Error, api,
    ctx::{ClientAddress, Ctx, DEVICE_COOKIE, RequestId, bearer, lasting_cookie},
    error, in_time,
    notes::Notes,
};
use crate::{app_state::App, clock};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::time::{Duration, Instant};
use tracing::Instrument;

/// Only our own files, no inline script or style, WebAssembly allowed to compile. No nonce: nothing is inline, so pages
/// stay byte-identical and need no per-response secret.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For pictures and files that others sent, opened by themselves: they may do nothing, whatever a browser takes them for.
pub const POLICY_OF_FILES: &str =
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The same with the pictures of a map from elsewhere, where the settings name one.
fn policy_with_map(app: &App) -> Option<HeaderValue> {
    let source = app.config.map_tiles.as_ref()?.source();
    HeaderValue::from_str(&CONTENT_SECURITY_POLICY.replace("img-src 'self'", &format!("img-src 'self' {source}"))).ok()
}

/// Longest wait for who is asking, when an error is told.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The layer around all others, but for [`super::shared::give`].
pub async fn surround(State(app): State<App>, mut request: Request, next: Next) -> Response {
    #[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
    let begun = Instant::now();
    let id = clock::short_code(10);
    request.extensions_mut().insert(RequestId(id.clone()));
    let (mut parts, body) = request.into_parts();
    let address = ClientAddress::of(&app, &parts);
    parts.extensions.insert(address);
    let kept = kept_parts(&parts);
    let request = Request::from_parts(parts, body);
    let method = kept.method.clone();
    let span = tracing::info_span!("request", request_id = %id);

    let crossed = is_unsafe(&method) && is_cross_site(&app, &kept);
    let is_api = kept.uri.path().starts_with("/api/");
    let notes = Notes::default();
    let mut response = notes
        .during(async {
            let mut response =
                if crossed { Error::CrossSite.into_response() } else { in_time::run(&app, request, next).await };
            if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Error>().is_none() {
                let allow = response.headers_mut().remove(header::ALLOW);
                response = Error::MethodNotAllowed.into_response();
                response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
            }
            if is_api && api::is_nobodys(&response) {
                response = error::of_status(response.status()).into_response();
            }
            if let Some(failed) = response.extensions_mut().remove::<Error>() {
                // Where the database is away, nobody waits for it a second time.
                let ctx = match tokio::time::timeout(LOOK_AGAIN, Ctx::load(&app, &kept)).await {
                    Ok(Ok(ctx)) => ctx,
                    _ => Ctx::bare(&app, &kept),
                };
                let kept = std::mem::take(response.headers_mut());
                response = error::respond(&ctx, &failed);
                for name in [header::SET_COOKIE, header::ALLOW] {
                    for value in kept.get_all(&name) {
                        response.headers_mut().append(&name, value.clone());
                    }
                }
            }
            response
        })
        .instrument(span)
        .await;
    if is_api {
        response = api::finish(&app, (&kept, &id), response, &notes.read()).await;
    }

    dress(&app, response.headers_mut());
    let route = route_for_the_log(&kept, response.status());
    let named = !Ctx::bare(&app, &kept).device.is_empty();
    sign(&app, &mut response, Signed { id: &id, method: &method, route, named, begun });
    response
}

/// Says what every answer says: the policies, and who may keep it. Nothing of it is one answer's own.
pub fn dress(app: &App, headers: &mut HeaderMap) {
    if let Some(policy) = policy_with_map(app) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in SECURITY_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // Whoever says nothing about caches means the asker alone.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if app.config.https() {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}

/// What an answer has for itself.
pub struct Signed<'a> {
    /// Its id.
    pub id: &'a str,
    /// How it was asked for.
    pub method: &'a Method,
    /// Its route as the log says it; `None`: not worth a line.
    pub route: Option<&'a str>,
    /// The browser has a name, a [`DEVICE_COOKIE`].
    pub named: bool,
    /// When it was asked for.
    pub begun: Instant,
}

/// Gives an answer its id, the browser a name if it has none, and the log and the metrics their line.
pub fn sign(app: &App, response: &mut Response, signed: Signed<'_>) {
    let Signed { id, method, route, named, begun } = signed;
    let status = response.status().as_u16();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    let begins = |name: HeaderName, with: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with(with))
    };
    // What shared caches may keep is the same for everybody and gives nobody a name.
    if !named && begins(header::CONTENT_TYPE, "text/html") && !begins(header::CACHE_CONTROL, "public") {
        headers.append(header::SET_COOKIE, lasting_cookie(DEVICE_COOKIE, &clock::token(), app.config.https()));
    }
    let elapsed = begun.elapsed();
    if let Some(route) = route {
        tracing::info!(request_id = %id, %method, route, status, milliseconds = elapsed.as_millis(), "request");
    }
    metrics::counter!("linli_requests_total", "method" => method.to_string(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("linli_request_seconds").record(elapsed.as_secs_f64());
}

/// What the log says of where a request went: its route, such as `/reports/{code}`. An address may carry a code, a token or
/// whatever somebody typed; of those that are no route only the site's own files are named. `None`: not worth a line.
fn route_for_the_log(parts: &Parts, status: StatusCode) -> Option<&str> {
    let path = parts.uri.path();
    if path.starts_with("/pkg/") || path.starts_with("/icons/") || path == "/healthz" || path == "/readyz" {
        return None;
    }
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    Some(route.unwrap_or(if status.is_success() { path } else { "no route" }))
}

/// The parts of a request that the layers need after the handler took it.
fn kept_parts(parts: &Parts) -> Parts {
    let mut request = Request::new(());
    *request.method_mut() = parts.method.clone();
    *request.uri_mut() = parts.uri.clone();
    *request.headers_mut() = parts.headers.clone();
    *request.extensions_mut() = parts.extensions.clone();
    request.into_parts().0
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether an unsafe request comes from somebody else's page. Browsers say so in `Sec-Fetch-Site`; older ones send
/// `Origin` with every POST. A request with neither comes from no browser page; it passes only without our cookies,
/// so that it cannot act for anybody.
fn is_cross_site(app: &App, parts: &Parts) -> bool {
    // A token is in no browser's keeping: no page of somebody else's can send it, and beside it no cookie counts.
    if bearer(parts).is_some() {
        return false;
    }
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    if let Some(origin) = text(header::ORIGIN) {
        let ours = app.config.public_url.origin().ascii_serialization();
        let host = text(header::HOST).unwrap_or_default();
        let same_host = origin.split_once("://").is_some_and(|(_, o)| o == host);
        return !(origin == ours || same_host);
    }
    parts.headers.contains_key(header::COOKIE)
}

//! How a request fails: one error type, mapped to status and words in one place. Pages get a page, the API gets
//! problem details (RFC 9457). Internals are logged with the request's id and never shown.

use super::{away::says_away, ctx::Ctx};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{borrow::Cow, sync::Arc};

/// The answer of a handler.
pub type Result<T = Response> = std::result::Result<T, Error>;

/// Why a request failed, as far as the person who sent it is concerned.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or none that this person may know of.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, and somebody must be.
    #[error("sign in first")]
    SignIn,
    /// The role would do, but this session has not shown its second factor.
    #[error("second factor needed")]
    SecondFactor,
    /// Signed in, but not allowed.
    #[error("forbidden")]
    Forbidden,
    /// The state does not allow it (any more). The text is a catalogue key.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// What was sent makes no sense and no form of ours sends it. The text is for logs and the API.
    #[error("bad request: {0}")]
    BadRequest(Cow<'static, str>),
    /// The token or key that the request carries is none that holds.
    #[error("no such token")]
    BadToken,
    /// The token or key holds, but does not open this; the scope that would, as stored.
    #[error("the token does not open this: {0}")]
    Scope(String),
    /// Fields of what was sent are not acceptable; for the API.
    #[error("fields are not acceptable")]
    Fields(Vec<FieldProblem>),
    /// A body of a kind that the address does not take; the kind that it does.
    #[error("unsupported media type, expected {0}")]
    UnsupportedMedia(&'static str),
    /// It is not any more as `If-Match` says.
    #[error("precondition failed")]
    PreconditionFailed,
    /// The `Idempotency-Key` came with other content before.
    #[error("idempotency key used for other content")]
    KeyReused,
    /// The same request is being dealt with.
    #[error("in progress")]
    InProgress,
    /// What was sent is well-formed but not acceptable; for the API (forms show their page again).
    #[error("unprocessable: {0}")]
    Unprocessable(Cow<'static, str>),
    /// A limit was reached.
    #[error("too many requests")]
    TooMany {
        /// Seconds until it makes sense to try again.
        retry_after: u64,
    },
    /// More bytes than we take.
    #[error("too large")]
    TooLarge,
    /// A method that the address does not have.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// It was written in somebody else's session.
    #[error("written in another session")]
    OtherSender,
    /// A form sent from somebody else's page.
    #[error("cross-site request")]
    CrossSite,
    /// The database or the photo store is out of reach, full or overloaded; trying again may help. What was sent may have
    /// been saved all the same, where only the answer got lost.
    #[error("unavailable")]
    Unavailable(#[source] Arc<anyhow::Error>),
    /// A mistake of ours.
    #[error("internal error")]
    Internal(#[source] Arc<anyhow::Error>),
}

/// What is wrong with one field of a JSON body, parameter or header.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldProblem {
    /// Where it is, as a JSON pointer into the body: `#/place`.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

impl FieldProblem {
    /// The same for a field of the body.
    pub fn of(field: &str, detail: impl Into<String>) -> FieldProblem {
        FieldProblem { pointer: format!("#/{field}"), detail: detail.into() }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        Error::from(anyhow::Error::new(error))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        // PostgreSQL takes no zero byte in a text; no form of ours sends one.
        let database = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>()?.as_database_error());
        if database.and_then(|error| error.code()).is_some_and(|code| code == "22021") {
            return Error::BadRequest("a text with a zero byte".into());
        }
        let away = says_away(error.as_ref());
        let error = Arc::new(error);
        if away { Error::Unavailable(error) } else { Error::Internal(error) }
    }
}

impl Error {
    /// The status code.
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::SignIn | Error::BadToken => StatusCode::UNAUTHORIZED,
            Error::SecondFactor | Error::Forbidden | Error::CrossSite | Error::Scope(_) => StatusCode::FORBIDDEN,
            Error::Conflict(_) | Error::InProgress => StatusCode::CONFLICT,
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::Unprocessable(_) | Error::Fields(_) | Error::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Error::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::OtherSender | Error::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Catalogue keys of title and text.
    pub fn keys(&self) -> (&'static str, &'static str) {
        match self {
            Error::NotFound => ("error-not-found-title", "error-not-found-text"),
            Error::SignIn => ("api-sign-in", "api-sign-in-text"),
            Error::SecondFactor => ("error-forbidden-title", "api-second-factor-text"),
            Error::Forbidden => ("error-forbidden-title", "error-forbidden-text"),
            Error::BadToken => ("api-bad-token", "api-bad-token-text"),
            Error::Scope(_) => ("error-forbidden-title", "api-scope-text"),
            Error::PreconditionFailed => ("error-conflict-title", "error-conflict-text"),
            Error::KeyReused => ("error-bad-request-title", "api-key-reused-text"),
            Error::InProgress => ("error-conflict-title", "api-in-progress-text"),
            Error::Conflict(text) => ("error-conflict-title", text),
            Error::OtherSender => ("error-conflict-title", "reports-more-outbox-foreign"),
            Error::BadRequest(_)
            | Error::Unprocessable(_)
            | Error::Fields(_)
            | Error::UnsupportedMedia(_)
            | Error::MethodNotAllowed => ("error-bad-request-title", "error-bad-request-text"),
            Error::TooMany { .. } => ("error-too-many-title", "error-too-many-text"),
            Error::TooLarge => ("error-too-large-title", "error-too-large-text"),
            Error::CrossSite => ("error-cross-site-title", "error-cross-site-text"),
            Error::Unavailable(_) => ("error-unavailable-title", "error-unavailable-text"),
            Error::Internal(_) => ("error-internal-title", "error-internal-text"),
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Error::TooMany { retry_after } => Some(*retry_after),
            Error::Unavailable(_) => Some(5),
            Error::InProgress => Some(1),
            _ => None,
        }
    }
}

impl IntoResponse for Error {
    /// Only marks the response; [`respond`] writes its body where language and request id are known.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a failed request: a redirect to the door, a page, or problem details.
pub fn respond(ctx: &Ctx, error: &Error) -> Response {
    match error {
        Error::Internal(cause) | Error::Unavailable(cause) => {
            tracing::error!(request_id = %ctx.request_id, error = format!("{cause:#}"), "request failed");
        }
        // Who tried what they may not is worth a look, by id; what they typed is not written down.
        Error::Forbidden
        | Error::CrossSite
        | Error::OtherSender
        | Error::BadToken
        | Error::Scope(_)
        | Error::TooMany { .. } => {
            let person = ctx.actor.as_ref().map(|actor| actor.id.as_str());
            tracing::info!(request_id = %ctx.request_id, person, why = %error, "request refused");
        }
        other => tracing::debug!(request_id = %ctx.request_id, error = %other, "request refused"),
    }
    let mut response = if ctx.path.starts_with("/api/") { problem(ctx, error) } else { page(ctx, error) };
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn page(ctx: &Ctx, error: &Error) -> Response {
    match error {
        Error::SignIn => return super::see_other(&super::page::login_address(&ctx.here)),
        Error::SecondFactor => return super::see_other(&super::page::second_factor_address(&ctx.here)),
        _ => {}
    }
    let (title, text) = error.keys();
    let w = ctx.w;
    let seconds = error.retry_after().unwrap_or(0);
    let text = w.tf(text, &[("seconds", seconds.into())]);
    let view = app::ui::error_page::error_page(w, text, ctx.request_id.clone());
    super::Page::new(ctx, w.t(title)).status(error.status()).render(view)
}

/// The name of a kind of problem that programs tell apart; nothing where the status says it all.
fn kind(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::SecondFactor => "second-factor",
        Error::BadToken => "bad-token",
        Error::Scope(_) => "scope",
        Error::Fields(_) => "fields",
        Error::PreconditionFailed => "changed",
        Error::KeyReused => "key-reused",
        Error::InProgress => "in-progress",
        Error::OtherSender => "other-sender",
        _ => return None,
    })
}

fn problem(ctx: &Ctx, error: &Error) -> Response {
    // Another system signs in by its key or not at all.
    let error = match error {
        Error::SignIn if ctx.key.is_some() => &Error::Scope(String::new()),
        error => error,
    };
    let (title, text) = error.keys();
    let w = ctx.w;
    let detail = match error {
        Error::BadRequest(text) | Error::Unprocessable(text) => text.to_string(),
        Error::Fields(fields) => {
            let one = |field: &FieldProblem| format!("{}: {}", field.pointer.trim_start_matches("#/"), field.detail);
            fields.iter().map(one).collect::<Vec<_>>().join("; ")
        }
        Error::UnsupportedMedia(takes) => w.tf("api-media-text", &[("takes", (*takes).into())]),
        Error::MethodNotAllowed => w.t("api-method-text"),
        _ => w.tf(text, &[("seconds", error.retry_after().unwrap_or(0).into())]),
    };
    let status = error.status();
    let mut body = serde_json::json!({
        "type": kind(error).map_or_else(|| "about:blank".to_owned(), |kind| format!("urn:linli:problem:{kind}")),
        "title": w.t(title),
        "status": status.as_u16(),
        "detail": detail,
        "instance": ctx.path,
        "request_id": ctx.request_id,
    });
    if let Error::Fields(fields) = error {
        body["errors"] = serde_json::json!(fields);
    }
    let mut response = (status, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    let challenge = match error {
        Error::SignIn => r#"Bearer realm="linli""#.to_owned(),
        Error::BadToken => r#"Bearer realm="linli", error="invalid_token""#.to_owned(),
        Error::Scope(scope) => format!(r#"Bearer realm="linli", error="insufficient_scope", scope="{scope}""#),
        _ => return response,
    };
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A failure that no code of ours said, e.g. of a path that is no text: the same words as ours for its status.
pub fn of_status(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMedia("application/json"),
        status if status.is_server_error() => Error::Internal(Arc::new(anyhow::anyhow!("answered {status}"))),
        status if status == StatusCode::UNPROCESSABLE_ENTITY => Error::Unprocessable("not acceptable".into()),
        _ => Error::BadRequest("not understood".into()),
    }
}

//! Manners of the JSON API, the same for every room: bodies, lists, versions, and what is said at the end of every answer.

mod finish;
mod once;

pub use finish::{finish, is_nobodys};
pub use once::{OnceKey, is_a_vote, once, sweep};

use super::{Ctx, Error, FieldProblem, Result};
use axum::{
    Json,
    extract::{FromRequestParts, Request},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Longest JSON body, in bytes: a long notice in two languages.
const MAX_BODY: usize = 512 * 1024;

/// Reads a JSON body. Another kind of body is 415, a longer one 413, one that is no JSON 400, one that does not fit 422
/// with the field. Call it after permission was asked for.
pub async fn read<T: DeserializeOwned>(request: Request) -> Result<T> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/json" && !(kind.starts_with("application/") && kind.ends_with("+json")) {
        return Err(Error::UnsupportedMedia("application/json"));
    }
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| Error::TooLarge)?;
    parse(&body)
}

/// The same where the body may be missing: then it is an empty object.
pub async fn read_or_empty<T: DeserializeOwned>(request: Request) -> Result<T> {
    if request.headers().contains_key(header::CONTENT_TYPE) {
        return read(request).await;
    }
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| Error::TooLarge)?;
    if body.is_empty() { parse(b"{}") } else { Err(Error::UnsupportedMedia("application/json")) }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer: String =
            error.path().iter().map(|segment| format!("/{}", segment.to_string().trim_matches(['[', ']']))).collect();
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => {
                Error::Fields(vec![FieldProblem { pointer: format!("#{pointer}"), detail: inner.to_string() }])
            }
            _ => Error::BadRequest(inner.to_string().into()),
        }
    })?;
    reader.end().map_err(|error| Error::BadRequest(error.to_string().into()))?;
    Ok(value)
}

/// Rows on a page where the request does not say.
pub const PAGE: usize = 50;
/// Rows on a page at most.
pub const MOST: usize = 100;

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Paging {
    /// Where the page begins: as an answer's `next` or `Link` gives it, from nowhere else.
    pub cursor: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<usize>,
}

impl Paging {
    /// Rows at most.
    pub fn rows(&self) -> Result<usize> {
        match self.limit {
            None => Ok(PAGE),
            Some(rows) if (1..=MOST).contains(&rows) => Ok(rows),
            Some(_) => {
                let detail = format!("1 to {MOST}");
                Err(Error::Fields(vec![FieldProblem { pointer: "limit".into(), detail }]))
            }
        }
    }

    /// What the page begins after, in the list's own words; 422 for what no answer has given.
    pub fn after<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
        let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
        let inner = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match inner.as_deref().and_then(read) {
            Some(after) => Ok(Some(after)),
            None => Err(Error::Fields(vec![FieldProblem {
                pointer: "cursor".into(),
                detail: "no answer has given this".into(),
            }])),
        }
    }

    /// The page's rows out of all of a short list that is in memory, and what the next page begins after.
    pub fn cut<T>(&self, mut all: Vec<T>) -> Result<(Vec<T>, Option<String>)> {
        let rows = self.rows()?;
        let begin = self.after(|text| text.parse::<usize>().ok())?.unwrap_or(0).min(all.len());
        let mut page = all.split_off(begin);
        let more = page.len() > rows;
        page.truncate(rows);
        Ok((page, more.then(|| (begin + rows).to_string())))
    }
}

/// A page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Address of the next page; absent on the last one. The same is in the header `Link`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Answers a page of a list. `after`: what the next page begins after, in the list's own words.
pub fn listed<T: Serialize>(ctx: &Ctx, items: Vec<T>, after: Option<String>) -> Response {
    let next = after.map(|after| next_address(ctx, &after));
    let link = next.as_deref().and_then(link);
    let mut response = Json(Listed { items, next }).into_response();
    response.headers_mut().extend(link.map(|link| (header::LINK, link)));
    response
}

/// The address of this request with the cursor of the next page.
pub fn next_address(ctx: &Ctx, after: &str) -> String {
    let query = ctx.here.split_once('?').map_or("", |(_, query)| query);
    let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("cursor", &URL_SAFE_NO_PAD.encode(after))
        .finish();
    format!("{}?{query}", ctx.path)
}

/// The next page as a link (RFC 8288).
pub fn link(next: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok()
}

/// 201 with the address of what was made.
pub fn created(location: &str, body: impl Serialize) -> Response {
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    response.headers_mut().extend(HeaderValue::from_str(location).ok().map(|value| (header::LOCATION, value)));
    response
}

/// Answers what is one person's: no cache may keep it.
pub fn private(body: impl IntoResponse) -> Response {
    ([(header::CACHE_CONTROL, "private, no-store")], body).into_response()
}

/// 422 with what is wrong with which field of the body.
pub fn wrong_fields<F: AsRef<str>>(errors: impl IntoIterator<Item = (F, String)>) -> Error {
    Error::Fields(errors.into_iter().map(|(field, text)| FieldProblem::of(field.as_ref(), text)).collect())
}

/// Problem details (RFC 9457) of a kind of a room's own, with further members.
pub fn problem(ctx: &Ctx, status: StatusCode, kind: &str, detail: String, more: serde_json::Value) -> Response {
    let title = if status == StatusCode::CONFLICT { "error-conflict-title" } else { "windows-trouble" };
    let mut body = serde_json::json!({
        "type": format!("urn:linli:problem:{kind}"),
        "title": ctx.w.t(title),
        "status": status.as_u16(),
        "detail": detail,
        "instance": ctx.path,
        "request_id": ctx.request_id,
    });
    if let (Some(body), serde_json::Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Header that says which version an entity tag stands for.
const VERSION: HeaderName = HeaderName::from_static("linli-version");

/// Answers something that has a version. Its entity tag begins with it, so that it can be sent back in `If-Match`.
pub fn versioned(version: i64, body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(VERSION, HeaderValue::from(version));
    response
}

/// Which version a change is made to, as the header `If-Match` says: an entity tag of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// The header is missing, or says `*`.
    Any,
    /// This version.
    Version(i64),
    /// Something that no answer of ours said: no version matches it.
    Nothing,
}

impl IfMatch {
    /// The version to be changed: the header's, else the body's.
    pub fn or(self, body: Option<i64>) -> Result<Option<i64>> {
        match self {
            IfMatch::Any => Ok(body),
            IfMatch::Version(version) => Ok(Some(version)),
            IfMatch::Nothing => Err(Error::PreconditionFailed),
        }
    }

    /// The failure of a change that asks for nothing but the version: 412 where the header said which.
    pub fn blame(self, error: Error) -> Error {
        match (self, error) {
            (IfMatch::Version(_), Error::Conflict(_)) => Error::PreconditionFailed,
            (_, error) => error,
        }
    }

    /// A change of another version: 412 where the header said which, else the body's 409.
    pub fn stale(self, conflict: Response) -> Result<Response> {
        if let IfMatch::Version(_) = self { Err(Error::PreconditionFailed) } else { Ok(conflict) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<IfMatch, Self::Rejection> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(IfMatch::Any) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(IfMatch::Any);
        }
        let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|tag| {
            let version = tag.split_once('-').map_or(tag, |(version, _)| version);
            version.strip_prefix('v').unwrap_or(version).parse().ok()
        });
        Ok(version.map_or(IfMatch::Nothing, IfMatch::Version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Body {
        #[expect(dead_code, reason = "only read")]
        places: Vec<i64>,
    }

    #[test]
    fn a_body_says_which_field_is_wrong() {
        let Err(Error::Fields(fields)) = parse::<Body>(br#"{"places": [1, "two"]}"#) else { panic!("no field") };
        assert_eq!(fields[0].pointer, "#/places/1");
        assert!(matches!(parse::<Body>(b"{"), Err(Error::BadRequest(_))));
        assert!(matches!(parse::<Body>(br#"{"places": []} more"#), Err(Error::BadRequest(_))));
        assert!(parse::<Body>(br#"{"places": []}"#).is_ok());
    }

    #[test]
    fn pages_of_a_short_list_follow_one_another() {
        let all: Vec<i32> = (0..7).collect();
        let mut paging = Paging { cursor: None, limit: Some(3) };
        let mut seen = Vec::new();
        loop {
            let (page, after) = paging.cut(all.clone()).expect("a page");
            seen.extend(page);
            let Some(after) = after else { break };
            paging.cursor = Some(URL_SAFE_NO_PAD.encode(after));
        }
        assert_eq!(seen, all);
        for bad in [Paging { cursor: Some("%".into()), limit: None }, Paging { cursor: None, limit: Some(0) }] {
            assert!(matches!(bad.cut(all.clone()), Err(Error::Fields(_))));
        }
    }
}

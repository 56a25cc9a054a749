//! Forms: what was typed, and what is wrong with it.

use super::{Error, body};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The fields of an urlencoded form. Anything that cannot be one is a 400, never a 500.
pub struct FormBody<T>(pub T);

/// Longest urlencoded body: a long notice in Markdown, percent-encoded.
const MAX_FORM_BYTES: usize = 512 * 1024;

impl<T, S> FromRequest<S> for FormBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            return Err(Error::BadRequest("expected a form".into()));
        }
        let bytes = body::read(request.into_body(), MAX_FORM_BYTES).await?;
        serde_html_form::from_bytes(&bytes).map(FormBody).map_err(|error| Error::BadRequest(error.to_string().into()))
    }
}

/// The parameters of a query. Anything that cannot be one is a 400 with our page. Fields that may be missing are
/// `Option` or `#[serde(default)]`; repeated ones a `Vec`.
pub struct Params<T>(pub T);

impl<T, S> FromRequestParts<S> for Params<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map(Params)
            .map_err(|error| Error::BadRequest(error.to_string().into()))
    }
}

/// What is wrong with a form: for each field the words to show beside it, already in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<&'static str, String>);

impl FieldErrors {
    /// Nothing wrong yet.
    pub fn new() -> FieldErrors {
        FieldErrors::default()
    }

    /// Notes what is wrong with `field`; the first note stays.
    pub fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| text.into());
    }

    /// Whether the form is fine.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As pages take them: field name → words.
    pub fn into_map(self) -> BTreeMap<&'static str, String> {
        self.0
    }
}

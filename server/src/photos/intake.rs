//! Reading a multipart form with photos from the wire: each file as it comes, under its own limit, and not into memory
//! but into a [`Spool`], so that neither a large file nor many slow senders cost much of it.

use super::{
    Refused,
    spool::{Spool, Spooled},
};
use crate::http::{Error, FormBody, ctx::ClientAddress};
use app::reports::MAX_PHOTOS;
use axum::{
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest, Request,
        multipart::{Field, Multipart},
    },
    http::header,
};
use pictures::MAX_BYTES;
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// Most bytes of one whole form. What lies beyond the limit of a file is read and thrown away up to here, because a
/// browser shows no answer to a form that it could not send to its end.
const MAX_FORM: usize = (MAX_PHOTOS + 3) * MAX_BYTES;
/// Most bytes of one field that is not a file.
const MAX_FIELD: usize = 32 * 1024;
/// Most fields and files of a form.
const MAX_PARTS: usize = 100;
/// So many forms with files are read at once; each costs about a megabyte of memory, and its files on disk.
static READING: Semaphore = Semaphore::const_new(64);
/// So many of them from one address, so that nobody takes all the places by sending slowly.
const FROM_ONE: usize = 24;
/// Forms that are being read, by the sender's address.
static SENDERS: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);
/// A sender from whom nothing has come for so long is given up: its place is another's.
const STALLED: Duration = Duration::from_secs(60);

/// A file as it was sent.
#[derive(Debug)]
pub struct Sent {
    /// Name of the field that it was sent in.
    pub field: String,
    /// The name it had on the phone; shown back to its owner, never trusted.
    pub name: String,
    /// Its bytes, or why they were not read.
    pub bytes: Result<Spooled, Refused>,
}

/// A form with files, read to its end.
#[derive(Debug, Default)]
pub struct PhotoForm {
    /// Fields in their order.
    pub fields: Vec<(String, String)>,
    /// Files in their order; file inputs that were left empty are not among them.
    pub files: Vec<Sent>,
    /// There were more files than a report may have; those were not kept.
    pub too_many_files: bool,
}

impl PhotoForm {
    /// The last value of a field, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether the form has this field with something in it.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }
}

impl<S: Send + Sync> FromRequest<S> for PhotoForm {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<PhotoForm, Error> {
        let length = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        if length.is_some_and(|length| length > MAX_FORM) {
            return Err(Error::TooLarge);
        }
        // A form without files may come the plain way.
        let is_plain = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        if is_plain {
            let FormBody(fields) = FormBody::<Vec<(String, String)>>::from_request(request, state).await?;
            return Ok(PhotoForm { fields, ..PhotoForm::default() });
        }
        // Whoever is one too many is asked to come again; nobody waits for slow senders.
        let Some(_place) = Place::take(request.extensions().get()) else {
            return Err(Error::TooMany { retry_after: 10 });
        };
        let Ok(_reading) = READING.try_acquire() else { return Err(Error::TooMany { retry_after: 10 }) };
        DefaultBodyLimit::max(MAX_FORM).apply(&mut request);
        let multipart = Multipart::from_request(request, state)
            .await
            .map_err(|_| Error::BadRequest("expected a multipart form".into()))?;
        read(multipart).await
    }
}

/// A place among the forms of one address that are being read; given back when it is dropped.
struct Place(String);

impl Place {
    /// `None`: that address has all of its places. One that is not known has as many as there are.
    fn take(sender: Option<&ClientAddress>) -> Option<Place> {
        let address = sender.map(|sender| sender.0.clone()).unwrap_or_default();
        if !address.is_empty() {
            let mut senders = SENDERS.lock().unwrap_or_else(PoisonError::into_inner);
            let taken = senders.entry(address.clone()).or_default();
            if *taken >= FROM_ONE {
                return None;
            }
            *taken += 1;
        }
        Some(Place(address))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut senders = SENDERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = senders.get_mut(&self.0) {
            *taken -= 1;
            if *taken == 0 {
                senders.remove(&self.0);
            }
        }
    }
}

async fn read(mut multipart: Multipart) -> Result<PhotoForm, Error> {
    let mut form = PhotoForm::default();
    let mut total = 0;
    for _ in 0..MAX_PARTS {
        let next = in_time(multipart.next_field()).await?.map_err(broken)?;
        let Some(mut field) = next else { return Ok(form) };
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let bytes = read_field(&mut field, &mut total).await?;
            let text = String::from_utf8(bytes).map_err(|_| Error::BadRequest("a field is not UTF-8".into()))?;
            form.fields.push((name, text.replace("\r\n", "\n")));
            continue;
        };
        // Files beyond the number we take are read and not kept.
        let room = form.files.len() < MAX_PHOTOS;
        let spool = read_file(&mut field, if room { MAX_BYTES } else { 0 }, &mut total).await?;
        if file_name.is_empty() && spool.as_ref().is_some_and(|spool| spool.len() == 0) {
            continue;
        }
        if !room {
            form.too_many_files = true;
            continue;
        }
        let field = name;
        let name: String = file_name.chars().filter(|c| !c.is_control()).take(60).collect();
        let bytes = match spool {
            Some(spool) => Ok(spool.finish().await.map_err(anyhow::Error::new)?),
            None => Err(Refused::TooLarge),
        };
        form.files.push(Sent { field, name, bytes });
    }
    Err(Error::BadRequest("too many fields".into()))
}

/// The next bytes of a field; none at its end.
async fn chunk(field: &mut Field<'_>, total: &mut usize) -> Result<Option<Bytes>, Error> {
    let chunk = in_time(field.chunk()).await?.map_err(broken)?;
    *total += chunk.as_ref().map_or(0, Bytes::len);
    if *total > MAX_FORM { Err(Error::TooLarge) } else { Ok(chunk) }
}

/// The bytes of a field that is not a file.
async fn read_field(field: &mut Field<'_>, total: &mut usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunk(field, total).await? {
        if bytes.len() + chunk.len() > MAX_FIELD {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A file, or `None` when it has more than `most` bytes: they are read to the end all the same.
async fn read_file(field: &mut Field<'_>, most: usize, total: &mut usize) -> Result<Option<Spool>, Error> {
    let mut spool = Some(Spool::default());
    while let Some(chunk) = chunk(field, total).await? {
        spool = spool.filter(|spool| spool.len() + chunk.len() <= most);
        if let Some(spool) = &mut spool {
            spool.push(&chunk).await.map_err(anyhow::Error::new)?;
        }
    }
    Ok(spool)
}

async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(STALLED, work).await.map_err(|_| Error::BadRequest("nothing came for a minute".into()))
}

fn broken(error: axum::extract::multipart::MultipartError) -> Error {
    Error::BadRequest(error.body_text().into())
}

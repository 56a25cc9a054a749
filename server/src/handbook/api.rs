//! The JSON API of this room.

use super::{
    service::{self, Asked, Refused},
    store::Stored,
};
use crate::http::{
    Access, Ctx, Error, Params, Result, Routes,
    api::{IfMatch, Listed, OnceKey, Paging, created, listed, read, read_or_empty, versioned, wrong_fields},
};
use app::{
    handbook::{
        entry::Contact,
        form::{HandbookForm, differences},
    },
    notices::diff::Piece,
    people::Action,
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(list, make, one, change, remove, reviewed, versions))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let reads = Access::Needs(Action::HandbookRead);
    let writes = Access::Needs(Action::HandbookWrite);
    Routes::new()
        .get("/api/v1/staff/handbook", reads, list)
        .post("/api/v1/staff/handbook", writes, make)
        .get("/api/v1/staff/handbook/{id}", reads, one)
        .post("/api/v1/staff/handbook/{id}", writes, change)
        .delete("/api/v1/staff/handbook/{id}", writes, remove)
        .post("/api/v1/staff/handbook/{id}/reviewed", writes, reviewed)
        .get("/api/v1/staff/handbook/{id}/versions", reads, versions)
}

/// An organisation to call.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct HandbookContact {
    /// Its name.
    pub name: String,
    /// Its number.
    pub phone: String,
}

/// An entry: what to do when.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandbookEntryOut {
    /// Id.
    pub id: String,
    /// Code of the organisation it belongs to.
    pub organisation: String,
    /// When what happens.
    pub title: String,
    /// Words for the situation.
    pub words: Vec<String>,
    /// What to do: Markdown.
    pub steps: String,
    /// Whom to call.
    pub contacts: Vec<HandbookContact>,
    /// Code of the category of reports it belongs to, may be empty.
    pub category: String,
    /// Code of the service item it belongs to, may be empty.
    pub item: String,
    /// When somebody last looked at it, a day.
    pub reviewed_on: String,
    /// It is to be looked at again.
    pub due: bool,
    /// The lock of its words.
    pub version: i64,
    /// Address of its page.
    pub href: String,
}

fn out(ctx: &Ctx, stored: &Stored) -> HandbookEntryOut {
    let entry = stored.entry();
    let contact = |contact: Contact| HandbookContact { name: contact.name, phone: contact.phone };
    HandbookEntryOut {
        id: stored.id.clone(),
        organisation: stored.organisation_code.clone(),
        title: entry.title,
        words: entry.words,
        steps: entry.steps,
        contacts: entry.contacts.into_iter().map(contact).collect(),
        category: entry.category,
        item: entry.item,
        reviewed_on: stored.reviewed_on().to_string(),
        due: service::due(ctx, stored),
        version: stored.version,
        href: format!("/staff/handbook/{}", stored.id),
    }
}

/// What is looked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct HandbookAsked {
    /// Words with which somebody tells what happened; Chinese needs no spaces.
    pub q: Option<String>,
    /// Code of a category.
    pub category: Option<String>,
    /// Code of a service item.
    pub item: Option<String>,
    /// Only what is to be looked at again.
    pub due: Option<bool>,
    /// Where the page begins: as an answer's `next` or `Link` gives it.
    pub cursor: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<usize>,
}

/// Entries of the reader's organisations and of those above, the best first.
#[utoipa::path(get, path = "/api/v1/staff/handbook", tag = "net", params(HandbookAsked),
    responses((status = 200, body = Listed<HandbookEntryOut>)))]
pub async fn list(ctx: Ctx, Params(asked): Params<HandbookAsked>) -> Result {
    let paging = Paging { cursor: asked.cursor, limit: asked.limit };
    let asked = Asked {
        query: asked.q.unwrap_or_default(),
        category: asked.category.unwrap_or_default(),
        item: asked.item.unwrap_or_default(),
        due: asked.due.unwrap_or_default(),
    };
    let (found, _) = service::find(&ctx, &asked).await?;
    let (page, next) = paging.cut(found)?;
    let items: Vec<HandbookEntryOut> = page.iter().map(|stored| out(&ctx, stored)).collect();
    Ok(listed(&ctx, items, next))
}

/// An entry that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"organisation": "wutong", "title": "电梯困人", "words": ["困电梯"], "steps": "1. 打 96333",
    "contacts": [{"name": "电梯应急救援", "phone": "96333"}]}))]
#[serde(default)]
pub struct HandbookEntryIn {
    /// Code of the organisation it belongs to.
    pub organisation: String,
    /// When what happens.
    pub title: String,
    /// Words for the situation.
    pub words: Vec<String>,
    /// What to do: Markdown.
    pub steps: String,
    /// Organisations to call, never people.
    pub contacts: Vec<HandbookContact>,
    /// Code of a category of reports.
    pub category: String,
    /// Code of a service item.
    pub item: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

impl HandbookEntryIn {
    fn form(self, form_key: String, version: i64) -> HandbookForm {
        let (contact_name, contact_phone) =
            self.contacts.into_iter().map(|contact| (contact.name, contact.phone)).unzip();
        HandbookForm {
            form_key,
            version: version.to_string(),
            organisation: self.organisation,
            title: self.title,
            words: self.words.join("\n"),
            steps: self.steps,
            contact_name,
            contact_phone,
            category: self.category,
            item: self.item,
        }
    }
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => {
            let field = |name| if name == "contact_name" { "contacts" } else { name };
            wrong_fields(errors.into_iter().map(|(name, text)| (field(name), text)).collect::<Vec<(&str, String)>>())
        }
        Refused::Other(error) => error,
    }
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let stored = service::one(ctx, id).await?;
    Ok(versioned(stored.version, out(ctx, &stored)))
}

/// One entry.
#[utoipa::path(get, path = "/api/v1/staff/handbook/{id}", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = HandbookEntryOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Writes an entry.
#[utoipa::path(post, path = "/api/v1/staff/handbook", tag = "net", request_body = HandbookEntryIn,
    responses((status = 201, body = HandbookEntryOut)))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::HandbookWrite)?;
    let body: HandbookEntryIn = read(request).await?;
    let id = service::create(&ctx, &body.form(once.or(&ctx, None), 0)).await.map_err(refused)?;
    let stored = service::one(&ctx, &id).await?;
    Ok(created(&format!("/api/v1/staff/handbook/{id}"), out(&ctx, &stored)))
}

/// Changes an entry: all of its words. Every version is kept.
#[utoipa::path(post, path = "/api/v1/staff/handbook/{id}", tag = "net", request_body = HandbookEntryIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = HandbookEntryOut), (status = 409, description = "somebody else changed it")))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let stored = service::for_writing(&ctx, &id).await?;
    let body: HandbookEntryIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(stored.version);
    match service::save(&ctx, &id, &body.form(String::new(), version)).await {
        Ok(()) => shown(&ctx, &id).await,
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

/// Removes an entry.
#[utoipa::path(delete, path = "/api/v1/staff/handbook/{id}", tag = "net",
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 204, description = "It is gone")))]
pub async fn remove(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>) -> Result {
    let stored = service::for_writing(&ctx, &id).await?;
    let version = if_match.or(None)?.unwrap_or(stored.version);
    service::remove(&ctx, &id, version).await.map_err(|error| if_match.blame(error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct HandbookVersionIn {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Says that an entry was looked at today and still holds.
#[utoipa::path(post, path = "/api/v1/staff/handbook/{id}/reviewed", tag = "net", request_body = Option<HandbookVersionIn>,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = HandbookEntryOut)))]
pub async fn reviewed(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let stored = service::for_writing(&ctx, &id).await?;
    let body: HandbookVersionIn = read_or_empty(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(stored.version);
    service::review(&ctx, &id, version).await.map_err(|error| if_match.blame(error))?;
    shown(&ctx, &id).await
}

/// A field that a version changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandbookChangeOut {
    /// The field, in the reader's language.
    pub field: String,
    /// What was taken out, piece by piece.
    pub removed: Vec<String>,
    /// What was put in, piece by piece.
    pub added: Vec<String>,
}

/// A version of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandbookVersionOut {
    /// Its number.
    pub version: i64,
    /// Who saved it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Timestamp,
    /// What it changed; none for the first one.
    pub changes: Vec<HandbookChangeOut>,
}

/// The versions of an entry, the newest first, each with what it changed.
#[utoipa::path(get, path = "/api/v1/staff/handbook/{id}/versions", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = Vec<HandbookVersionOut>)))]
pub async fn versions(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (_, all, names) = service::versions(&ctx, &id).await?;
    let name = |code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let told: Vec<HandbookVersionOut> = all
        .iter()
        .enumerate()
        .map(|(at, version)| {
            let before = all.get(at + 1).map(|before| differences(ctx.w, &before.form(), &version.form(), name));
            let change = |change: app::notices::diff::Difference| {
                let (mut removed, mut added) = (Vec::new(), Vec::new());
                for piece in change.pieces {
                    match piece {
                        Piece::Same(_) => {}
                        Piece::Removed(text) => removed.push(text),
                        Piece::Added(text) => added.push(text),
                    }
                }
                HandbookChangeOut { field: change.label, removed, added }
            };
            HandbookVersionOut {
                version: version.version,
                by: version.name.clone(),
                saved_at: Timestamp::from_microsecond(version.saved_at).unwrap_or_default(),
                changes: before.unwrap_or_default().into_iter().map(change).collect(),
            }
        })
        .collect();
    Ok(Json(told).into_response())
}

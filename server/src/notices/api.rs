//! Notices in the public API.

use super::{
    markdown, reading,
    routes::{Asks, query},
    store::{self, Notice},
};
use crate::{
    http::{Ctx, Error, Result},
    places,
};
use app::{
    notices::{NoticeState, PreviewAnswer, PreviewRequest, limits},
    people::Action,
};
use axum::{Json, body::Body, extract::Path, response::IntoResponse};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A notice in a list. Texts are as written: Chinese, and English where somebody wrote it (else empty).
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeItem {
    /// Id.
    pub id: String,
    /// `outage`, `activity`, `policy`, `service`, `emergency` or `disclosure`.
    pub kind: String,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Who says it.
    pub source: String,
    /// The same in English.
    pub source_en: String,
    /// Stays on top.
    pub pinned: bool,
    /// A later notice corrects it.
    pub corrected: bool,
    /// A later notice takes it back.
    pub withdrawn: bool,
    /// RFC 3339, UTC.
    pub published_at: String,
    /// RFC 3339, UTC; it leaves the lists then.
    pub expires_at: Option<String>,
    /// Address of its page.
    pub href: String,
}

/// A page of notices, pinned ones first, then the newest.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticePage {
    /// At most 20.
    pub items: Vec<NoticeItem>,
    /// This page, from 1.
    pub page: u32,
    /// The last page.
    pub pages: u32,
}

/// A fact that stands before the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactItem {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// What an emergency says besides its text, in the words of CAP 1.2.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyItem {
    /// `extreme`, `severe`, `moderate` or `minor`.
    pub severity: Option<String>,
    /// `observed`, `likely` or `possible`.
    pub certainty: Option<String>,
    /// RFC 3339, UTC.
    pub starts_at: Option<String>,
    /// RFC 3339, UTC.
    pub ends_at: Option<String>,
    /// What to do.
    pub instruction: String,
    /// The same in English.
    pub instruction_en: String,
}

/// A whole notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeDetail {
    /// What lists show.
    #[serde(flatten)]
    pub item: NoticeItem,
    /// Codes of the places it is for.
    pub aims: Vec<String>,
    /// Markdown.
    pub body: String,
    /// English Markdown.
    pub body_en: String,
    /// The text as sanitised HTML.
    pub body_html: String,
    /// Facts.
    pub facts: Vec<FactItem>,
    /// English facts.
    pub facts_en: Vec<FactItem>,
    /// For emergencies.
    pub emergency: Option<EmergencyItem>,
    /// Id of the earlier notice that this one corrects or takes back.
    pub corrects: Option<String>,
    /// Ids of the later notices that correct it or take it back, newest first.
    pub corrected_by: Vec<String>,
}

fn rfc3339(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Published notices.
#[utoipa::path(
    get,
    tag = "notices",
    path = "/api/v1/notices",
    params(
        ("community" = Option<String>, Query, description = "Code of a community; without it: of everywhere"),
        ("kind" = Option<String>, Query, description = "Only this kind"),
        ("q" = Option<String>, Query, description = "Words in title or text"),
        ("page" = Option<u32>, Query, description = "From 1")
    ),
    responses((status = 200, body = NoticePage), (status = 400), (status = 404, description = "No such community"))
)]
pub async fn list(ctx: Ctx, asks: Asks) -> Result<Json<NoticePage>> {
    let query = query(asks)?;
    let asked = reading::Asked::parse(&query.kind, &query.q, &query.page)?;
    let community = match app::notices::form::one_line(&query.community) {
        code if code.is_empty() => None,
        code => Some(places::store::community_by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?),
    };
    let path = community.as_ref().map(|community| community.path.as_str());
    let found = reading::find(&ctx.app, path, "", &asked, ctx.now).await?;
    let items = found
        .rows
        .into_iter()
        .map(|row| NoticeItem {
            href: format!("/notices/{}", row.id),
            id: row.id,
            kind: row.kind,
            title: row.title,
            title_en: row.title_en,
            source: row.source,
            source_en: row.source_en,
            pinned: row.pinned != 0,
            corrected: row.corrections > 0,
            withdrawn: row.state == NoticeState::Withdrawn.code(),
            published_at: instant(row.published_at).to_string(),
            expires_at: rfc3339(row.expires_at.map(instant)),
        })
        .collect();
    Ok(Json(NoticePage { items, page: asked.page, pages: found.pages }))
}

/// A published or withdrawn notice.
#[utoipa::path(
    get,
    tag = "notices",
    path = "/api/v1/notices/{id}",
    params(("id" = String, Path, description = "Id")),
    responses((status = 200, body = NoticeDetail), (status = 404))
)]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Json<NoticeDetail>> {
    let notice = reading::public_notice(&ctx.app, &id).await?;
    let later = store::corrections_of(&ctx.app.db, &notice.id).await?;
    let aims = store::aims_of(&ctx.app.db, &[&notice.id]).await?;
    let label = ctx.w.t("notice-table");
    Ok(Json(NoticeDetail {
        aims: aims.into_iter().map(|aim| aim.code).collect(),
        body_html: markdown::render(&notice.body, &label),
        facts: facts(notice.facts()),
        facts_en: facts(notice.facts_en()),
        emergency: emergency(&notice),
        corrects: notice.corrects_id.clone(),
        corrected_by: later.iter().map(|later| later.id.clone()).collect(),
        item: NoticeItem {
            href: format!("/notices/{}", notice.id),
            kind: notice.kind().code().to_owned(),
            pinned: notice.pinned(),
            corrected: later.iter().any(|later| !later.is_withdrawal()),
            withdrawn: notice.state() == NoticeState::Withdrawn,
            published_at: rfc3339(notice.published_at()).unwrap_or_default(),
            expires_at: rfc3339(notice.expires_at()),
            id: notice.id,
            title: notice.title,
            title_en: notice.title_en,
            source: notice.source,
            source_en: notice.source_en,
        },
        body: notice.body,
        body_en: notice.body_en,
    }))
}

fn facts(facts: Vec<app::notices::NoticeFact>) -> Vec<FactItem> {
    facts.into_iter().map(|fact| FactItem { label: fact.label, value: fact.value }).collect()
}

fn emergency(notice: &Notice) -> Option<EmergencyItem> {
    notice.ends_at().map(|ends_at| EmergencyItem {
        severity: notice.severity().map(|s| s.code().to_owned()),
        certainty: notice.certainty().map(|c| c.code().to_owned()),
        starts_at: rfc3339(notice.starts_at()),
        ends_at: Some(ends_at.to_string()),
        instruction: notice.instruction.clone(),
        instruction_en: notice.instruction_en.clone(),
    })
}

/// Markdown as HTML, for the editor.
#[utoipa::path(
    post,
    tag = "notices",
    path = "/api/v1/notices/preview",
    request_body(content = String, description = "{\"markdown\": \"…\"}", content_type = "application/json"),
    responses((status = 200), (status = 400), (status = 401), (status = 403), (status = 413))
)]
pub async fn preview(ctx: Ctx, body: Body) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    // A character takes at most 12 bytes as a JSON escape.
    let bytes = axum::body::to_bytes(body, limits::BODY_CHARS * 12 + 1000).await.map_err(|_| Error::TooLarge)?;
    let request: PreviewRequest =
        serde_json::from_slice(&bytes).map_err(|error| Error::BadRequest(error.to_string().into()))?;
    if request.markdown.chars().count() > limits::BODY_CHARS {
        return Err(Error::TooLarge);
    }
    let html = markdown::render(&request.markdown, &ctx.w.t("notice-table"));
    Ok(Json(PreviewAnswer { html }).into_response())
}

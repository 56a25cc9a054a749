//! Notices in the public API; what readers answer is in [`answers`], the desk in [`staff`].

pub(crate) mod answers;
pub(crate) mod staff;

use super::{
    activity, markdown, reading,
    routes::{Asks, query},
    store::{self, Notice},
    view, writing,
};
use crate::{
    app_state::App,
    http::{
        Ctx, Error, Params, Result,
        api::{self, Paging},
    },
    places,
};
use app::{
    notices::{NoticeKind, NoticeState, limits},
    people::Action,
};
use axum::{Json, body::Body, extract::Path, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// For activities with a time: when, where, and how many seats are left.
    pub activity: Option<ActivityItem>,
}

/// An activity.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityItem {
    /// RFC 3339, UTC.
    pub starts_at: String,
    /// RFC 3339, UTC.
    pub ends_at: String,
    /// Where, may be empty.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Seats; 0: nobody needs to sign up.
    pub seats: i64,
    /// Seats that are left.
    pub free: i64,
    /// People in one sign-up at most.
    pub most: i64,
    /// RFC 3339, UTC; sign-up ends then.
    pub sign_up_until: Option<String>,
    /// It was called off.
    pub cancelled: bool,
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
    /// Address of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A fact that stands before the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactItem {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// A file to download.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileItem {
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// Its address.
    pub href: String,
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
    /// Files to download, all of them PDF.
    pub files: Vec<FileItem>,
    /// Facts.
    pub facts: Vec<FactItem>,
    /// English facts.
    pub facts_en: Vec<FactItem>,
    /// RFC 3339, UTC: when an outage, an activity or the time for objections begins.
    pub starts_at: Option<String>,
    /// RFC 3339, UTC: when it ends.
    pub ends_at: Option<String>,
    /// Where an activity is, or where objections go; may be empty.
    pub place: String,
    /// The same in English.
    pub place_en: String,
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

/// The activities of these notices, by notice.
async fn activities(app: &App, ids: &[&str]) -> Result<BTreeMap<String, ActivityItem>> {
    let mut items = BTreeMap::new();
    for (notice_id, activity) in activity::store::of_notices(&app.db, ids).await? {
        let Some((_, plan)) = activity::store::plan(&app.db, &activity.notice_id).await? else { continue };
        let standing = activity.standing();
        let item = ActivityItem {
            starts_at: plan.starts_at.to_string(),
            ends_at: plan.ends_at.to_string(),
            place: plan.place,
            place_en: plan.place_en,
            seats: standing.seats,
            free: standing.free(),
            most: plan.most,
            sign_up_until: (standing.seats > 0).then(|| standing.until.to_string()),
            cancelled: standing.cancelled,
        };
        items.insert(notice_id, item);
    }
    Ok(items)
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
        ("page" = Option<u32>, Query, description = "From 1; `cursor` goes before it"),
        ("cursor" = Option<String>, Query, description = "Where the page begins: as an answer's `next` or `Link` gives it")
    ),
    responses((status = 200, body = NoticePage), (status = 400), (status = 404, description = "No such community"))
)]
pub async fn list(ctx: Ctx, asks: Asks, Params(paging): Params<Paging>) -> Result {
    let query = query(asks)?;
    let page = paging.after(|text| text.parse::<u32>().ok())?.map_or(query.page, |page| page.to_string());
    let asked = reading::Asked::parse(&query.kind, &query.q, &page)?;
    let community = match app::notices::form::one_line(&query.community) {
        code if code.is_empty() => None,
        code => Some(places::store::community_by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?),
    };
    let path = community.as_ref().map(|community| community.path.as_str());
    let found = reading::find(&ctx.app, path, "", &asked, ctx.now).await?;
    let ids: Vec<&str> = found.rows.iter().map(|row| row.id.as_str()).collect();
    let mut activities = activities(&ctx.app, &ids).await?;
    let items = found
        .rows
        .into_iter()
        .map(|row| NoticeItem {
            activity: activities.remove(&row.id),
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
            published_at: reading::instant_of(row.published_at).to_string(),
            expires_at: rfc3339(row.expires_at.map(reading::instant_of)),
        })
        .collect();
    let next = (asked.page < found.pages).then(|| api::next_address(&ctx, &(asked.page + 1).to_string()));
    let link = next.as_deref().and_then(api::link);
    let mut response = Json(NoticePage { items, page: asked.page, pages: found.pages, next }).into_response();
    response.headers_mut().extend(link.map(|link| (header::LINK, link)));
    Ok(response)
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
    let pictures = view::pictures_of(&ctx.app, &notice.id, "").await?;
    let files = view::files_of(&ctx.app, &notice.id, "").await?;
    Ok(Json(NoticeDetail {
        aims: aims.into_iter().map(|aim| aim.code).collect(),
        body_html: markdown::render(&notice.body, &label, &pictures),
        files: files.into_iter().map(|f| FileItem { name: f.name, bytes: f.bytes, href: f.href }).collect(),
        facts: facts(notice.facts()),
        facts_en: facts(notice.facts_en()),
        starts_at: rfc3339(notice.starts_at()),
        ends_at: rfc3339(notice.ends_at()),
        place: notice.place.clone(),
        place_en: notice.place_en.clone(),
        emergency: emergency(&notice),
        corrects: notice.corrects_id.clone(),
        corrected_by: later.iter().map(|later| later.id.clone()).collect(),
        item: NoticeItem {
            activity: activities(&ctx.app, &[&notice.id]).await?.remove(&notice.id),
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
    let ends_at = notice.ends_at().filter(|_| notice.kind() == NoticeKind::Emergency)?;
    Some(EmergencyItem {
        severity: notice.severity().map(|s| s.code().to_owned()),
        certainty: notice.certainty().map(|c| c.code().to_owned()),
        starts_at: rfc3339(notice.starts_at()),
        ends_at: Some(ends_at.to_string()),
        instruction: notice.instruction.clone(),
        instruction_en: notice.instruction_en.clone(),
    })
}

/// What the editor asks while somebody types.
#[derive(Debug, Deserialize)]
struct PreviewRequest {
    markdown: String,
    /// The draft whose pictures the text may show.
    #[serde(default)]
    notice: Option<String>,
}

#[derive(Debug, Serialize)]
struct PreviewAnswer {
    html: String,
}

/// Markdown as HTML, for the editor.
#[utoipa::path(
    post,
    tag = "notices",
    path = "/api/v1/notices/preview",
    request_body(content = String, description = "{\"markdown\": \"…\", \"notice\": \"id of the draft, for its pictures\"}", content_type = "application/json"),
    responses((status = 200), (status = 400), (status = 401), (status = 403), (status = 413))
)]
pub async fn preview(ctx: Ctx, body: Body) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    // A character takes at most 12 bytes as a JSON escape.
    let bytes = crate::http::body::read(body, limits::BODY_CHARS * 12 + 1000).await?;
    let request: PreviewRequest =
        serde_json::from_slice(&bytes).map_err(|error| Error::BadRequest(error.to_string().into()))?;
    if request.markdown.chars().count() > limits::BODY_CHARS {
        return Err(Error::TooLarge);
    }
    let pictures = match &request.notice {
        Some(id) => view::pictures_of(&ctx.app, &writing::for_reading(&ctx, id).await?.id, "").await?,
        None => Vec::new(),
    };
    let html = markdown::render(&request.markdown, &ctx.w.t("notice-table"), &pictures);
    Ok(Json(PreviewAnswer { html }).into_response())
}

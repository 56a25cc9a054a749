//! Communities, jobs and the audit log through the API.

use crate::{
    http::{
        Ctx, Params, Result,
        api::{Listed, Paging, listed, private},
    },
    places::{OrganisationKind, service, store},
};
use axum::{Json, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

/// A community.
#[derive(Serialize, ToSchema)]
pub struct CommunityItem {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// Address of its office.
    pub address: String,
    /// Telephone of its office.
    pub phone: String,
    /// Where it is in the tree: codes from the district down.
    pub path: String,
}

/// The communities, street by street.
#[utoipa::path(get, path = "/api/v1/communities", tag = "reports", responses((status = 200, body = Vec<CommunityItem>)))]
pub async fn communities(ctx: Ctx) -> Result {
    let all: Vec<CommunityItem> = store::under(&ctx.app.db, "", OrganisationKind::Community)
        .await?
        .into_iter()
        .map(|one| CommunityItem {
            name: ctx.w.pick(&one.name, &one.name_en).to_owned(),
            address: ctx.w.pick(&one.address, &one.address_en).to_owned(),
            code: one.code,
            phone: one.phone,
            path: one.path,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// A job that is not done.
#[derive(Serialize, ToSchema)]
pub struct JobItem {
    /// Kind.
    pub kind: String,
    /// `dead`, `running` or `queued`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it runs next; of one that is dead, when it would have.
    #[schema(value_type = String, format = DateTime)]
    pub run_at: Timestamp,
    /// Why it failed last; may be empty.
    pub error: String,
}

/// Jobs that are not done, the dead ones first, at most 200.
#[utoipa::path(get, path = "/api/v1/staff/jobs", tag = "administration", responses((status = 200, body = Vec<JobItem>)))]
pub async fn jobs(ctx: Ctx) -> Result {
    let all: Vec<JobItem> = service::open_jobs(&ctx)
        .await?
        .into_iter()
        .map(|job| JobItem {
            run_at: instant(job.run_at),
            kind: job.kind,
            state: job.state,
            attempts: job.attempts,
            error: job.last_error,
        })
        .collect();
    Ok(private(Json(all)))
}

/// Where the page of the audit log begins.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AuditFrom {
    /// Where the page begins: as an answer's `next` or `Link` gives it.
    pub cursor: Option<String>,
}

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditItem {
    /// Id; ids are in order of time.
    pub id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `person`, `visitor`, `system` or `operator`.
    pub by: String,
    /// The person's name; may be empty.
    pub name: String,
    /// What was done.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// Id of the object; may be empty.
    pub object_id: String,
    /// More.
    #[schema(value_type = Object)]
    pub detail: serde_json::Map<String, serde_json::Value>,
}

/// The audit log, newest first, a hundred entries a page. Reading it is written in it.
#[utoipa::path(get, path = "/api/v1/staff/audit", tag = "administration", params(AuditFrom),
    responses((status = 200, body = Listed<AuditItem>)))]
pub async fn audit(ctx: Ctx, Params(from): Params<AuditFrom>) -> Result {
    ctx.actor()?.require_somewhere(app::people::Action::AuditRead)?;
    let paging = Paging { cursor: from.cursor, limit: None };
    let before = paging.after(|text| (text.len() <= 64).then(|| text.to_owned()))?.unwrap_or_default();
    let entries = service::audit_log(&ctx, &before).await?;
    let full = i64::try_from(entries.len()).is_ok_and(|count| count == store::AUDIT_PAGE);
    let next = entries.last().filter(|_| full).map(|entry| entry.id.clone());
    let items = entries
        .into_iter()
        .map(|entry| AuditItem {
            at: instant(entry.at),
            detail: serde_json::from_str(&entry.detail).unwrap_or_default(),
            id: entry.id,
            by: entry.actor_kind,
            name: entry.actor_name,
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
        })
        .collect();
    let mut response = listed(&ctx, items, next);
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("private, no-store"));
    Ok(response)
}

//! Partners, agreements and tasks through the API.

use super::{PartnersMade, answer};
use crate::http::Params;
use crate::{
    http::{
        Ctx, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, private, read, versioned},
    },
    partners::{
        service::{
            self,
            agreements::{self as service_of, AgreementForm, PartnerForm, Settling, TaskForm},
        },
        store::{
            agreements::{Agreement, Partner},
            tasks::Task,
        },
    },
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A partner.
#[derive(Serialize, ToSchema)]
pub struct PartnersPartnerOut {
    /// Id.
    id: String,
    /// Code of its community.
    community: String,
    /// Name.
    name: String,
    /// `government`, `enterprise`, `school`, `hospital`, `society`, `party` or `other`.
    kind: &'static str,
    /// Whom to call.
    contact_name: String,
    /// Their number as shown; in full by `…/contact`.
    contact: String,
    /// The lock.
    version: i64,
}

fn partner_out(partner: Partner) -> PartnersPartnerOut {
    PartnersPartnerOut {
        kind: partner.kind().code(),
        id: partner.id,
        community: partner.community,
        name: partner.name,
        contact_name: partner.contact_name,
        contact: partner.contact_masked,
        version: partner.version,
    }
}

/// Partners of the reader's communities.
#[utoipa::path(get, path = "/api/v1/staff/partners/organisations", tag = "governance", params(Paging),
    responses((status = 200, body = Listed<PartnersPartnerOut>)))]
pub async fn partners(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let all = service_of::partners(&ctx).await?.into_iter().map(partner_out).collect();
    let (rows, after) = paging.cut(all)?;
    Ok(listed(&ctx, rows, after))
}

/// A partner to be written down or changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"community": "wutong", "name": "河东小学", "kind": "school"}))]
#[serde(default)]
pub struct PartnersPartnerIn {
    /// Code of the community; stays as it is when a partner is changed.
    community: String,
    /// Name.
    name: String,
    /// `government`, `enterprise`, `school`, `hospital`, `society`, `party` or `other`.
    kind: String,
    /// Whom to call.
    contact_name: String,
    /// Their number; empty leaves it as it is.
    contact: String,
    /// The version that was looked at; `If-Match` says the same.
    version: Option<i64>,
}

impl PartnersPartnerIn {
    fn form(self, key: String) -> PartnerForm {
        let PartnersPartnerIn { community, name, kind, contact_name, contact, .. } = self;
        PartnerForm { community, name, kind, contact_name, contact, key }
    }
}

/// Writes a partner down.
#[utoipa::path(post, path = "/api/v1/staff/partners/organisations", tag = "governance", request_body = PartnersPartnerIn,
    responses((status = 201, body = PartnersMade)))]
pub async fn make_partner(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    service::scopes(&ctx)?;
    let body: PartnersPartnerIn = read(request).await?;
    let id = answer(service_of::make_partner(&ctx, &body.form(once.or(&ctx, None))).await)?;
    Ok(created(&format!("/api/v1/staff/partners/organisations/{id}"), PartnersMade { id: id.clone() }))
}

/// A partner.
#[utoipa::path(get, path = "/api/v1/staff/partners/organisations/{partner}", tag = "governance",
    params(("partner" = String, Path)), responses((status = 200, body = PartnersPartnerOut)))]
pub async fn partner(ctx: Ctx, Path(id): Path<String>) -> Result {
    let partner = service_of::partner(&ctx, &id).await?;
    Ok(versioned(partner.version, partner_out(partner)))
}

/// Changes a partner.
#[utoipa::path(post, path = "/api/v1/staff/partners/organisations/{partner}", tag = "governance", request_body = PartnersPartnerIn,
    params(("partner" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersPartnerOut)))]
pub async fn change_partner(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let before = service_of::partner(&ctx, &id).await?;
    let body: PartnersPartnerIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(before.version);
    answer(service_of::change_partner(&ctx, &id, version, &body.form(String::new())).await)
        .map_err(|error| if_match.blame(error))?;
    let partner = service_of::partner(&ctx, &id).await?;
    Ok(versioned(partner.version, partner_out(partner)))
}

/// A number in full.
#[derive(Serialize, ToSchema)]
pub struct PartnersContactOut {
    /// Whom to call.
    name: String,
    /// Their number.
    number: String,
}

/// The number of a partner's contact in full. Looking at it is written in the audit log.
#[utoipa::path(post, path = "/api/v1/staff/partners/organisations/{partner}/contact", tag = "governance",
    params(("partner" = String, Path)), responses((status = 200, body = PartnersContactOut)))]
pub async fn contact(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (partner, number) = service_of::contact(&ctx, &id).await?;
    Ok(private(Json(PartnersContactOut { name: partner.contact_name, number })))
}

/// A task.
#[derive(Serialize, ToSchema)]
pub struct PartnersTaskOut {
    /// Id.
    id: String,
    /// What is to be done.
    title: String,
    /// `community`, `partner` or `both`.
    whose: &'static str,
    /// By which day.
    due: String,
    /// `open`, `done` or `dropped`.
    state: &'static str,
    /// What was done, or why it was dropped.
    note: String,
    /// Address of its photo.
    photo: Option<String>,
    /// The lock.
    version: i64,
}

fn task_out(task: Task) -> PartnersTaskOut {
    PartnersTaskOut {
        whose: task.whose().code(),
        due: task.due().to_string(),
        state: task.state().code(),
        id: task.id,
        title: task.title,
        note: task.note,
        photo: task.photo.map(|id| format!("/photos/{id}/full")),
        version: task.version,
    }
}

/// An agreement.
#[derive(Serialize, ToSchema)]
pub struct PartnersAgreementOut {
    /// Id.
    id: String,
    /// Id of the partner.
    partner: String,
    /// Name of the partner.
    partner_name: String,
    /// What it is about.
    title: String,
    /// First day.
    from: String,
    /// Last day.
    until: String,
    /// What the community gives.
    community_gives: String,
    /// What the partner gives.
    partner_gives: String,
    /// When it was ended before its time.
    ended: Option<String>,
    /// Why.
    ended_reason: String,
    /// Tasks that are to be done.
    open_tasks: i64,
    /// Its tasks; only where one agreement is asked for.
    tasks: Vec<PartnersTaskOut>,
    /// The lock.
    version: i64,
}

fn agreement_out(agreement: Agreement, tasks: Vec<Task>) -> PartnersAgreementOut {
    let (from, until) = agreement.span();
    PartnersAgreementOut {
        from: from.to_string(),
        until: until.to_string(),
        id: agreement.id,
        partner: agreement.partner_id,
        partner_name: agreement.partner,
        title: agreement.title,
        community_gives: agreement.community_gives,
        partner_gives: agreement.partner_gives,
        ended: agreement.ended_day,
        ended_reason: agreement.ended_reason,
        open_tasks: agreement.open,
        tasks: tasks.into_iter().map(task_out).collect(),
        version: agreement.version,
    }
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let agreement = service_of::agreement(ctx, id).await?;
    let tasks = service_of::tasks(ctx, &agreement).await?;
    Ok(versioned(agreement.version, agreement_out(agreement, tasks)))
}

/// An agreement to be made or changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartnersAgreementIn {
    /// What it is about.
    title: String,
    /// First day, `YYYY-MM-DD`.
    from: String,
    /// Last day, `YYYY-MM-DD`.
    until: String,
    /// What the community gives.
    community_gives: String,
    /// What the partner gives.
    partner_gives: String,
    /// The version that was looked at; `If-Match` says the same.
    version: Option<i64>,
}

impl PartnersAgreementIn {
    fn form(self, key: String) -> AgreementForm {
        let PartnersAgreementIn { title, from, until, community_gives, partner_gives, .. } = self;
        AgreementForm { title, from, until, community_gives, partner_gives, key }
    }
}

/// Makes an agreement with a partner.
#[utoipa::path(post, path = "/api/v1/staff/partners/organisations/{partner}/agreements", tag = "governance",
    request_body = PartnersAgreementIn, params(("partner" = String, Path)), responses((status = 201, body = PartnersMade)))]
pub async fn make_agreement(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service_of::partner(&ctx, &id).await?;
    let body: PartnersAgreementIn = read(request).await?;
    let made = answer(service_of::make_agreement(&ctx, &id, &body.form(once.or(&ctx, None))).await)?;
    Ok(created(&format!("/api/v1/staff/partners/agreements/{made}"), PartnersMade { id: made.clone() }))
}

/// Agreements of the reader's communities, those in force first.
#[utoipa::path(get, path = "/api/v1/staff/partners/agreements", tag = "governance", params(Paging),
    responses((status = 200, body = Listed<PartnersAgreementOut>)))]
pub async fn list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let all = service_of::agreements(&ctx).await?.into_iter().map(|one| agreement_out(one, Vec::new())).collect();
    let (rows, after) = paging.cut(all)?;
    Ok(listed(&ctx, rows, after))
}

/// An agreement with its tasks.
#[utoipa::path(get, path = "/api/v1/staff/partners/agreements/{agreement}", tag = "governance",
    params(("agreement" = String, Path)), responses((status = 200, body = PartnersAgreementOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Changes an agreement.
#[utoipa::path(post, path = "/api/v1/staff/partners/agreements/{agreement}", tag = "governance", request_body = PartnersAgreementIn,
    params(("agreement" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersAgreementOut)))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let before = service_of::agreement(&ctx, &id).await?;
    let body: PartnersAgreementIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(before.version);
    answer(service_of::change_agreement(&ctx, &id, version, &body.form(String::new())).await)
        .map_err(|error| if_match.blame(error))?;
    shown(&ctx, &id).await
}

/// Why an agreement ends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartnersEndIn {
    /// Why.
    reason: String,
    /// The version that was looked at; `If-Match` says the same.
    version: Option<i64>,
}

/// Ends an agreement before its time; its open tasks are dropped.
#[utoipa::path(post, path = "/api/v1/staff/partners/agreements/{agreement}/end", tag = "governance", request_body = PartnersEndIn,
    params(("agreement" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersAgreementOut)))]
pub async fn end(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let before = service_of::agreement(&ctx, &id).await?;
    let body: PartnersEndIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(before.version);
    answer(service_of::end_agreement(&ctx, &id, version, &body.reason).await).map_err(|error| if_match.blame(error))?;
    shown(&ctx, &id).await
}

/// A task to be added.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartnersTaskIn {
    /// What is to be done.
    task_title: String,
    /// `community`, `partner` or `both`.
    whose: String,
    /// By which day, `YYYY-MM-DD`; within the agreement's time.
    due: String,
}

/// Adds a task to an agreement.
#[utoipa::path(post, path = "/api/v1/staff/partners/agreements/{agreement}/tasks", tag = "governance", request_body = PartnersTaskIn,
    params(("agreement" = String, Path)), responses((status = 201, body = PartnersMade)))]
pub async fn add_task(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service_of::agreement(&ctx, &id).await?;
    let body: PartnersTaskIn = read(request).await?;
    let form = TaskForm { title: body.task_title, whose: body.whose, due: body.due, key: once.or(&ctx, None) };
    let made = answer(service_of::add_task(&ctx, &id, &form).await)?;
    Ok(created(&format!("/api/v1/staff/partners/agreements/{id}"), PartnersMade { id: made }))
}

/// What became of a task.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"state": "done", "note": "活动室已粉刷"}))]
#[serde(default)]
pub struct PartnersSettleIn {
    /// `done`, `dropped`, or `open` to open it again.
    state: String,
    /// What was done, or why it was dropped.
    note: String,
    /// Id of a photo that was sent before; may be empty.
    photo: String,
    /// The version that was looked at; `If-Match` says the same.
    version: Option<i64>,
}

/// Settles a task, or opens it again.
#[utoipa::path(post, path = "/api/v1/staff/partners/tasks/{task}", tag = "governance", request_body = PartnersSettleIn,
    params(("task" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersTaskOut)))]
pub async fn settle(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let before = service_of::task(&ctx, &id).await?;
    let body: PartnersSettleIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(before.version);
    let wanted = Settling { state: body.state, note: body.note, photo: body.photo, version };
    answer(service_of::settle(&ctx, &id, &wanted).await).map_err(|error| if_match.blame(error))?;
    let task = service_of::task(&ctx, &id).await?;
    Ok((StatusCode::OK, versioned(task.version, task_out(task))).into_response())
}

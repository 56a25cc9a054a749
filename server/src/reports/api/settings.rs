//! Where reports go and how long each may take, through the API.

pub mod answers;
pub mod hours;

use crate::{
    http::{
        Ctx, Error, Result,
        api::{read, wrong_fields},
    },
    reports::{categories, limits, routing, suggest},
};
use app::{people::Action, reports::worktime::MOST};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// A rule of routing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RuleOut {
    /// Id.
    pub id: String,
    /// Code of the category; empty: any.
    pub category: String,
    /// Path of a grid or building; empty: anywhere.
    pub place: String,
    /// Id of who gets it.
    pub owner: String,
    /// Their name.
    pub owner_name: String,
}

/// The rules of the reader's organisation, in the order in which they are tried.
#[utoipa::path(get, path = "/api/v1/staff/settings/routing", tag = "settings", responses((status = 200, body = Vec<RuleOut>)))]
pub(crate) async fn rules(ctx: Ctx) -> Result {
    shown(&ctx).await
}

async fn shown(ctx: &Ctx) -> Result {
    let rules: Vec<RuleOut> = routing::own_rules(ctx)
        .await?
        .into_iter()
        .map(|rule| RuleOut {
            id: rule.id,
            category: rule.category,
            place: rule.path,
            owner: rule.owner_id,
            owner_name: rule.owner_name,
        })
        .collect();
    Ok(Json(rules).into_response())
}

/// A new rule.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"category": "street-light", "place": "lanxi/hedong/wutong/wutong-1/", "owner": "0193…"}))]
#[serde(default)]
pub struct RuleIn {
    /// Code of the category; empty: any.
    pub category: String,
    /// Path of a grid or building of the organisation; empty: anywhere.
    pub place: String,
    /// Id of who gets it.
    pub owner: String,
}

/// Adds a rule behind the others of the reader's organisation, and gives all.
#[utoipa::path(post, path = "/api/v1/staff/settings/routing", tag = "settings", request_body = RuleIn,
    responses((status = 200, body = Vec<RuleOut>)))]
pub(crate) async fn add_rule(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportSettings)?;
    let RuleIn { category, place, owner } = read(request).await?;
    let add = routing::Body { act: "add".to_owned(), id: String::new(), category, place, owner };
    if routing::carry_out(&ctx, &add).await? {
        return shown(&ctx).await;
    }
    Err(wrong_fields([("owner", ctx.w.t("reports-error-handler"))]))
}

async fn change_rule(ctx: &Ctx, id: String, act: &str) -> Result<()> {
    if !routing::own_rules(ctx).await?.iter().any(|rule| rule.id == id) {
        return Err(Error::NotFound);
    }
    let body = routing::Body { act: act.to_owned(), id, ..routing::Body::default() };
    routing::carry_out(ctx, &body).await?;
    Ok(())
}

/// Removes a rule of the reader's organisation.
#[utoipa::path(delete, path = "/api/v1/staff/settings/routing/{id}", tag = "settings", params(("id" = String, Path)),
    responses((status = 204, description = "Gone")))]
pub(crate) async fn remove_rule(ctx: Ctx, Path(id): Path<String>) -> Result {
    change_rule(&ctx, id, "remove").await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets a rule change places with the one before it, and gives all.
#[utoipa::path(post, path = "/api/v1/staff/settings/routing/{id}/up", tag = "settings", params(("id" = String, Path)),
    responses((status = 200, body = Vec<RuleOut>)))]
pub(crate) async fn raise_rule(ctx: Ctx, Path(id): Path<String>) -> Result {
    change_rule(&ctx, id, "up").await?;
    shown(&ctx).await
}

/// The limits of a category.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LimitOut {
    /// Code of the category.
    pub category: String,
    /// Code of its major.
    pub major: String,
    /// `urgent`, `working_hours` or `working_days`.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
    /// Working hours in which somebody is to be sent.
    pub dispatch_hours: i64,
    /// A handler cannot finish without a photo.
    pub photo_needed: bool,
}

/// How long reports of each category in use may take.
#[utoipa::path(get, path = "/api/v1/staff/settings/categories", tag = "settings", responses((status = 200, body = Vec<LimitOut>)))]
pub(crate) async fn all_limits(ctx: Ctx) -> Result {
    let hours = limits::dispatch_hours(&ctx).await?;
    let all: Vec<LimitOut> = categories::all(&ctx.app.db)
        .await?
        .into_iter()
        .map(|category| LimitOut {
            dispatch_hours: limits::hours_of(&hours, &category.major),
            photo_needed: category.photo_needed == 1,
            category: category.code,
            major: category.major,
            limit_kind: category.limit_kind,
            limit_amount: category.limit_amount,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// Other limits of a category.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"limit_kind": "working_days", "limit_amount": 3, "active": true, "photo_needed": false}))]
pub struct LimitIn {
    /// `urgent`, `working_hours` or `working_days`.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
    /// It can be chosen.
    pub active: bool,
    /// A handler cannot finish without a photo.
    pub photo_needed: bool,
}

/// Changes the limits of a category. Deadlines of open reports are told again.
#[utoipa::path(post, path = "/api/v1/staff/settings/categories/{category}", tag = "settings", request_body = LimitIn,
    params(("category" = String, Path, description = "code of the category")), responses((status = 204, description = "Saved")))]
pub(crate) async fn set_limit(ctx: Ctx, Path(category): Path<String>, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::CategoryManage)?;
    let body: LimitIn = read(request).await?;
    let tick = |yes: bool| if yes { "1".to_owned() } else { String::new() };
    let change = limits::Body {
        code: category,
        kind: body.limit_kind,
        amount: body.limit_amount.to_string(),
        active: tick(body.active),
        photo_needed: tick(body.photo_needed),
        ..limits::Body::default()
    };
    save_limit(&ctx, &change, "limit_amount").await
}

/// Another limit of dispatching.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"dispatch_hours": 4}))]
pub struct DispatchLimitIn {
    /// Working hours in which somebody is to be sent.
    pub dispatch_hours: i64,
}

/// Changes within how many working hours somebody is to be sent, for all categories of a major.
#[utoipa::path(post, path = "/api/v1/staff/settings/majors/{major}", tag = "settings", request_body = DispatchLimitIn,
    params(("major" = String, Path, description = "code of the major")), responses((status = 204, description = "Saved")))]
pub(crate) async fn set_dispatch_limit(ctx: Ctx, Path(major): Path<String>, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::CategoryManage)?;
    let body: DispatchLimitIn = read(request).await?;
    let change = limits::Body { major, hours: body.dispatch_hours.to_string(), ..limits::Body::default() };
    save_limit(&ctx, &change, "dispatch_hours").await
}

async fn save_limit(ctx: &Ctx, change: &limits::Body, field: &str) -> Result {
    if limits::save(ctx, change).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(wrong_fields([(field, ctx.w.tf("reports-limits-error", &[("most", MOST.into())]))]))
}

/// Has the model that suggests categories learn now, by the same job as at night; once a minute.
#[utoipa::path(post, path = "/api/v1/staff/settings/classifier/learn", tag = "settings",
    responses((status = 204, description = "It is queued")))]
pub(crate) async fn learn(ctx: Ctx) -> Result {
    suggest::teach(&ctx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

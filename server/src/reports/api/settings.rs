//! Where reports go and how long each may take, to read, through the API.

use crate::{
    http::{Ctx, Result},
    reports::{categories, limits, routing},
};
use axum::{Json, response::IntoResponse};
use serde::Serialize;

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
    let rules: Vec<RuleOut> = routing::own_rules(&ctx)
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

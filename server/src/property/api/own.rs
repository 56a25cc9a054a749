//! For those who act for a company, and for everybody.

use super::{
    out::{PropertyAssessmentOut, PropertyCompanyOneOut, PropertyCompanyOut},
    out_entry::PropertyEntryOneOut,
    out_estate::PropertyInspectionOut,
    refused,
    work::{PropertyStepIn, step_form},
};
use crate::{
    http::{
        Ctx, Error, Params, Result,
        api::{IfMatch, Listed, Paging, listed, private, read, versioned},
    },
    property::{
        service::{assess, credit, own_company, ratings, reading},
        store::inspections as stored,
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

/// A company for which the reader acts.
#[derive(Serialize, ToSchema)]
pub struct PropertyOwnOut {
    /// Id.
    pub id: String,
    /// Name in the reader's language.
    pub name: String,
}

/// Companies for which the reader acts.
#[utoipa::path(get, path = "/api/v1/companies", tag = "net", responses((status = 200, body = Vec<PropertyOwnOut>)))]
pub async fn companies(ctx: Ctx) -> Result {
    let own = |company: crate::property::store::Company| PropertyOwnOut {
        name: ctx.w.pick(&company.name, &company.name_en).to_owned(),
        id: company.id,
    };
    let all: Vec<PropertyOwnOut> = reading::own(&ctx).await?.into_iter().map(own).collect();
    Ok(private(Json(all)))
}

/// Everything about one's own company.
#[utoipa::path(get, path = "/api/v1/companies/{company}", tag = "net", params(("company" = String, Path, description = "id")),
    responses((status = 200, body = PropertyCompanyOneOut)))]
pub async fn company(ctx: Ctx, Path(id): Path<String>) -> Result {
    let known = reading::for_own(&ctx, &id).await?;
    Ok(private(Json(PropertyCompanyOneOut::of(&ctx, &known, true))))
}

/// Inspections that count for one's own company, the latest first.
#[utoipa::path(get, path = "/api/v1/companies/{company}/inspections", tag = "net",
    params(("company" = String, Path, description = "id")), responses((status = 200, body = Vec<PropertyInspectionOut>)))]
pub async fn inspections(ctx: Ctx, Path(id): Path<String>) -> Result {
    let company = own_company(&ctx, &id).await?;
    let all = stored::of_company(&ctx.app.db, &company.id).await?;
    Ok(private(Json(PropertyInspectionOut::read(&ctx, all).await?)))
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let entry = credit::own(ctx, id).await?;
    Ok(versioned(entry.version, PropertyEntryOneOut::read(ctx, &entry).await?))
}

/// An entry about one's own company.
#[utoipa::path(get, path = "/api/v1/companies/entries/{entry}", tag = "net", params(("entry" = String, Path, description = "id")),
    responses((status = 200, body = PropertyEntryOneOut)))]
pub async fn entry(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Answers a proposed entry (`answer`), or appeals against a published one (`appeal`).
#[utoipa::path(post, path = "/api/v1/companies/entries/{entry}/steps", tag = "net", request_body = PropertyStepIn,
    params(("entry" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PropertyEntryOneOut), (status = 409, description = "not now, or not from this state")))]
pub async fn speak(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let entry = credit::own(&ctx, &id).await?;
    let body: PropertyStepIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(entry.version);
    credit::speak(&ctx, &id, &step_form(body, version)).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// An assessment of one's own company, opened.
#[utoipa::path(get, path = "/api/v1/companies/assessments/{assessment}", tag = "net",
    params(("assessment" = String, Path, description = "id")), responses((status = 200, body = PropertyAssessmentOut)))]
pub async fn assessment(ctx: Ctx, Path(id): Path<String>) -> Result {
    let opened = assess::own(&ctx, &id).await?;
    Ok(private(Json(PropertyAssessmentOut::of(&ctx, &opened)?)))
}

/// Companies that look after an estate today, with levels and reasons.
#[utoipa::path(get, path = "/api/v1/property", tag = "net", params(Paging),
    responses((status = 200, body = Listed<PropertyCompanyOut>)))]
pub async fn public_list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let (page, after) = paging.cut(reading::public_list(&ctx).await?)?;
    Ok(listed(&ctx, page.iter().map(|ranked| PropertyCompanyOut::of(&ctx, ranked)).collect(), after))
}

/// What everybody sees of a company: level, history, published entries.
#[utoipa::path(get, path = "/api/v1/property/{company}", tag = "net", params(("company" = String, Path, description = "id")),
    responses((status = 200, body = PropertyCompanyOneOut)))]
pub async fn public_one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let known = reading::public(&ctx, &id).await?;
    Ok(Json(PropertyCompanyOneOut::of(&ctx, &known, false)).into_response())
}

/// What the reader may rate, and how they did.
#[derive(Serialize, ToSchema)]
pub struct PropertyRatingOut {
    /// Name of the estate in which the reader lives.
    pub estate: String,
    /// Name of its company.
    pub company: String,
    /// The quarter that is rated now.
    pub quarter: String,
    /// The reader's own stars.
    pub stars: Option<i64>,
    /// The reader's own reason.
    pub reason: Option<String>,
}

/// The property company of where the reader lives, and the reader's own rating of this quarter.
#[utoipa::path(get, path = "/api/v1/property/rating", tag = "net",
    responses((status = 200, body = PropertyRatingOut), (status = 404, description = "the reader lives in no estate that has one")))]
pub async fn rating(ctx: Ctx) -> Result {
    let w = ctx.w;
    let home = ratings::home(&ctx).await?.ok_or(Error::NotFound)?;
    let (stars, reason) = home.own.unzip();
    let contract = home.contract;
    Ok(private(Json(PropertyRatingOut {
        estate: w.pick(&contract.estate, &contract.estate_en).to_owned(),
        company: w.pick(&contract.company, &contract.company_en).to_owned(),
        quarter: home.quarter,
        stars,
        reason,
    })))
}

/// A rating.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"stars": 4, "reason": ""}))]
#[serde(default)]
pub struct PropertyRatingIn {
    /// 1 to 5.
    pub stars: i64,
    /// Why; needed below 3.
    pub reason: String,
}

/// Rates the property company of where the reader lives, for this quarter; again: instead of the rating before.
#[utoipa::path(post, path = "/api/v1/property/rating", tag = "net", request_body = PropertyRatingIn,
    responses((status = 204, description = "It is written down")))]
pub async fn rate(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let body: PropertyRatingIn = read(request).await?;
    ratings::rate(&ctx, &body.stars.to_string(), &body.reason).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

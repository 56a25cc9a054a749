//! Companies, estates and contracts through the API.

use super::{
    out::{PropertyCompanyOneOut, PropertyCompanyOut, PropertyContractOut},
    out_estate::{PropertyEstateOneOut, PropertyEstateOut, PropertyInspectionOut, PropertyRatingsOut},
    refused,
};
use crate::{
    http::{
        Ctx, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, read, versioned},
    },
    property::{
        service::{
            self, companies,
            estates::{self, Form},
            reading, today,
        },
        store::{estates as stored, inspections},
    },
};
use app::{people::Action, property::period::Period};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Companies of the reader's places, with their credit today.
#[utoipa::path(get, path = "/api/v1/staff/property/companies", tag = "net", params(Paging),
    responses((status = 200, body = Listed<PropertyCompanyOut>)))]
pub async fn companies(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let visible = companies::visible(&ctx).await?;
    let mut all = reading::on(&ctx.app, today(&ctx)).await?;
    all.retain(|ranked| visible.iter().any(|company| company.id == ranked.company.id));
    let (page, after) = paging.cut(all)?;
    Ok(listed(&ctx, page.iter().map(|ranked| PropertyCompanyOut::of(&ctx, ranked)).collect(), after))
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let known = reading::for_staff(ctx, id).await?;
    Ok(versioned(known.company.version, PropertyCompanyOneOut::of(ctx, &known, true)))
}

/// Everything about a company that the reader may see.
#[utoipa::path(get, path = "/api/v1/staff/property/companies/{company}", tag = "net",
    params(("company" = String, Path, description = "id")), responses((status = 200, body = PropertyCompanyOneOut)))]
pub async fn company(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// A company that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"name": "禾宁物业服务有限公司", "registration": "91320200MA1ABCDE23", "phone": "0510-80000150"}))]
#[serde(default)]
pub struct PropertyCompanyIn {
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Registration code: 18 digits and capital letters.
    pub registration: String,
    /// The office's telephone, which everybody sees.
    pub phone: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

fn form(body: &PropertyCompanyIn, key: String) -> companies::Form {
    companies::Form {
        name: body.name.clone(),
        name_en: body.name_en.clone(),
        registration: body.registration.clone(),
        phone: body.phone.clone(),
        key,
    }
}

/// Makes a company.
#[utoipa::path(post, path = "/api/v1/staff/property/companies", tag = "net", request_body = PropertyCompanyIn,
    responses((status = 201, body = PropertyMadeOut)))]
pub async fn make_company(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::PropertyManage)?;
    let body: PropertyCompanyIn = read(request).await?;
    let id = companies::make(&ctx, &form(&body, once.or(&ctx, None))).await.map_err(refused)?;
    Ok(created(&format!("/api/v1/staff/property/companies/{id}"), PropertyMadeOut { id: id.clone() }))
}

/// What was made.
#[derive(serde::Serialize, ToSchema)]
pub struct PropertyMadeOut {
    /// Its id.
    pub id: String,
}

/// Changes a company.
#[utoipa::path(post, path = "/api/v1/staff/property/companies/{company}", tag = "net", request_body = PropertyCompanyIn,
    params(("company" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PropertyCompanyOneOut)))]
pub async fn change_company(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let company = service::kept(&ctx, &id).await?;
    let body: PropertyCompanyIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(company.version);
    match companies::change(&ctx, &id, version, &form(&body, String::new())).await {
        Ok(()) => shown(&ctx, &id).await,
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

/// Who is to act for a company.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"phone": "19900000041"}))]
#[serde(default)]
pub struct PropertyMemberIn {
    /// Telephone number of somebody who has signed in before.
    pub phone: String,
}

/// Lets somebody act for a company: they see it at `/companies`, answer and appeal.
#[utoipa::path(post, path = "/api/v1/staff/property/companies/{company}/members", tag = "net", request_body = PropertyMemberIn,
    params(("company" = String, Path, description = "id")), responses((status = 204, description = "They do, or did before")))]
pub async fn add_member(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::kept(&ctx, &id).await?;
    let body: PropertyMemberIn = read(request).await?;
    companies::add_member(&ctx, &id, &body.phone).await.map_err(|error| match refused(error) {
        crate::http::Error::Fields(mut fields) => {
            for field in &mut fields {
                field.pointer = "#/phone".to_owned();
            }
            crate::http::Error::Fields(fields)
        }
        other => other,
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets somebody act for a company no longer.
#[utoipa::path(delete, path = "/api/v1/staff/property/companies/{company}/members/{person}", tag = "net",
    params(("company" = String, Path, description = "id"), ("person" = String, Path, description = "id of the person")),
    responses((status = 204, description = "They do not")))]
pub async fn remove_member(ctx: Ctx, Path((id, person)): Path<(String, String)>) -> Result {
    companies::remove_member(&ctx, &id, &person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Estates of the reader's places.
#[utoipa::path(get, path = "/api/v1/staff/property/estates", tag = "net", params(Paging),
    responses((status = 200, body = Listed<PropertyEstateOut>)))]
pub async fn estates(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let (page, after) = paging.cut(estates::list(&ctx).await?)?;
    Ok(listed(&ctx, page.into_iter().map(PropertyEstateOut::of).collect::<Vec<_>>(), after))
}

pub(super) async fn estate_shown(ctx: &Ctx, id: &str) -> Result {
    let db = &ctx.app.db;
    let estate = estates::one(ctx, Action::PropertyRead, id).await?;
    let buildings = estates::buildings(ctx, &estate).await?;
    let quarter = Period::quarter_of(today(ctx)).code();
    let contracts = stored::of_estate(db, id).await?;
    let body = PropertyEstateOneOut {
        buildings: buildings.into_iter().filter(|one| one.estate_id == id).map(|one| one.code).collect(),
        contracts: contracts.iter().map(|contract| PropertyContractOut::of(ctx, contract)).collect(),
        inspections: PropertyInspectionOut::read(ctx, inspections::of_estate(db, id).await?).await?,
        ratings: inspections::sums(db, id, &quarter)
            .await?
            .into_iter()
            .map(|sum| PropertyRatingsOut { quarter: sum.quarter, count: sum.count, stars: sum.stars })
            .collect(),
        estate: PropertyEstateOut::of(estate.clone()),
    };
    Ok(versioned(estate.version, body))
}

/// An estate with its contracts, inspections and what residents think.
#[utoipa::path(get, path = "/api/v1/staff/property/estates/{estate}", tag = "net",
    params(("estate" = String, Path, description = "id")), responses((status = 200, body = PropertyEstateOneOut)))]
pub async fn estate(ctx: Ctx, Path(id): Path<String>) -> Result {
    estate_shown(&ctx, &id).await
}

/// An estate that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"community": "wutong", "name": "梧桐苑", "buildings": ["wutong-1"]}))]
#[serde(default)]
pub struct PropertyEstateIn {
    /// Code of its community; stays as it is when an estate is changed.
    pub community: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Codes of its buildings, for one that is there already.
    pub buildings: Vec<String>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

fn estate_form(body: PropertyEstateIn, key: String) -> Form {
    Form { community: body.community, name: body.name, name_en: body.name_en, buildings: body.buildings, key }
}

/// Makes an estate, without buildings.
#[utoipa::path(post, path = "/api/v1/staff/property/estates", tag = "net", request_body = PropertyEstateIn,
    responses((status = 201, body = PropertyMadeOut)))]
pub async fn make_estate(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::PropertyManage)?;
    let body: PropertyEstateIn = read(request).await?;
    let id = estates::make(&ctx, &estate_form(body, once.or(&ctx, None))).await.map_err(refused)?;
    Ok(created(&format!("/api/v1/staff/property/estates/{id}"), PropertyMadeOut { id: id.clone() }))
}

/// Changes names and buildings of an estate.
#[utoipa::path(post, path = "/api/v1/staff/property/estates/{estate}", tag = "net", request_body = PropertyEstateIn,
    params(("estate" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PropertyEstateOneOut)))]
pub async fn change_estate(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let estate = estates::one(&ctx, Action::PropertyManage, &id).await?;
    let body: PropertyEstateIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(estate.version);
    match estates::change(&ctx, &id, version, &estate_form(body, String::new())).await {
        Ok(()) => estate_shown(&ctx, &id).await,
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

/// A contract that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"company": "0199…", "from": "2026-01-01", "until": "2028-12-31"}))]
#[serde(default)]
pub struct PropertyContractIn {
    /// Id of the company.
    pub company: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day; empty: no end is agreed.
    pub until: String,
}

/// Says which company looks after an estate from when to when. Contracts of an estate never overlap.
#[utoipa::path(post, path = "/api/v1/staff/property/estates/{estate}/contracts", tag = "net", request_body = PropertyContractIn,
    params(("estate" = String, Path, description = "id")), responses((status = 200, body = PropertyEstateOneOut)))]
pub async fn make_contract(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    estates::one(&ctx, Action::PropertyManage, &id).await?;
    let body: PropertyContractIn = read(request).await?;
    estates::contract(&ctx, &id, &body.company, &body.from, &body.until).await.map_err(refused)?;
    estate_shown(&ctx, &id).await
}

/// When a contract is to end.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"end": "2026-12-31"}))]
#[serde(default)]
pub struct PropertyEndIn {
    /// Its last day, before the one it says.
    pub end: String,
}

/// Ends a contract early.
#[utoipa::path(post, path = "/api/v1/staff/property/contracts/{contract}/end", tag = "net", request_body = PropertyEndIn,
    params(("contract" = String, Path, description = "id")), responses((status = 200, body = PropertyEstateOneOut)))]
pub async fn end_contract(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let contract = stored::contract(&ctx.app.db, &id).await?.ok_or(crate::http::Error::NotFound)?;
    actor.require(Action::PropertyManage, &contract.path)?;
    let body: PropertyEndIn = read(request).await?;
    estates::end_contract(&ctx, &id, &body.end).await.map_err(refused)?;
    estate_shown(&ctx, &contract.estate_id).await
}

//! `/staff/property/estates` and the page of an estate.

use super::{done, inspection_rows, or_errors, span, version};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result},
    property::{
        service::{
            estates::{self, InspectionForm},
            today,
        },
        store::{self, estates as stored, inspections},
    },
};
use app::{
    people::Action,
    property::{
        assess::written,
        pages::{
            ContractRow, Errors,
            estates::{self as pages, EstatePage, EstateRow, EstatesPage},
        },
        period::Period,
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// Rows for findings in the form.
const ROWS: usize = 6;

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    community: String,
    name: String,
    name_en: String,
    buildings: Vec<String>,
    key: String,
    version: String,
    company: String,
    from: String,
    until: String,
    end: String,
    day: String,
    items: Vec<String>,
    lost: Vec<String>,
    note: String,
}

impl Body {
    fn form(&self) -> estates::Form {
        estates::Form {
            community: self.community.clone(),
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            buildings: self.buildings.clone(),
            key: self.key.clone(),
        }
    }
}

pub async fn list(ctx: Ctx) -> Result {
    show_list(&ctx, estates::Form::default(), Errors::new(), StatusCode::OK).await
}

async fn show_list(ctx: &Ctx, form: estates::Form, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let today = today(ctx).to_string();
    let contracts = stored::contracts(&ctx.app.db).await?;
    let rows = estates::list(ctx).await?.into_iter().map(|estate| {
        let current = contracts.iter().find(|contract| contract.estate_id == estate.id && contract.holds(&today));
        EstateRow {
            name: w.pick(&estate.name, &estate.name_en).to_owned(),
            community: w.pick(&estate.community, &estate.community_en).to_owned(),
            households: estate.households,
            company: current.map(|contract| w.pick(&contract.company, &contract.company_en).to_owned()),
            id: estate.id,
        }
    });
    let communities = estates::communities(ctx).await?;
    let page = EstatesPage {
        w,
        rows: rows.collect(),
        communities: communities
            .into_iter()
            .map(|place| (place.code, w.pick(&place.name, &place.name_en).to_owned()))
            .collect(),
        community: form.community,
        names: (form.name, form.name_en),
        key: clock::token(),
        errors,
    };
    let page = pages::list(page);
    Ok(Page::new(ctx, w.t("property-estates")).tab(Tab::StaffNet).back("/staff/property").status(status).render(page))
}

pub async fn make(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let form = body.form();
    match estates::make(&ctx, &form).await {
        Ok(id) => Ok(done(&ctx, &address(&id))),
        Err(refused) => {
            let errors = or_errors(refused)?;
            show_list(&ctx, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn address(id: &str) -> String {
    format!("/staff/property/estates/{id}")
}

pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None, Errors::new(), StatusCode::OK).await
}

/// The page of an estate, by its address, with what is wrong with photos that were sent there.
pub(super) async fn show_with(ctx: &Ctx, page: &str, errors: Errors) -> Result {
    let id = page.rsplit('/').next().unwrap_or_default();
    show(ctx, id, None, errors, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The page of an estate; `typed` is the form that comes back with mistakes.
async fn show(ctx: &Ctx, id: &str, typed: Option<Body>, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let estate = estates::one(ctx, Action::PropertyRead, id).await?;
    let actor = ctx.actor()?;
    let day = today(ctx);
    let contracts = stored::of_estate(db, id).await?.into_iter().map(|contract| ContractRow {
        href: Some(format!("/staff/property/companies/{}", contract.company_id)),
        name: w.pick(&contract.company, &contract.company_en).to_owned(),
        span: span(ctx, &contract.from_day, &contract.until_day),
        current: contract.holds(&day.to_string()),
        id: contract.id,
    });
    let contracts = contracts.collect();
    let inspections = inspection_rows(ctx, inspections::of_estate(db, id).await?, false).await?;
    let sums = inspections::sums(db, id, &Period::quarter_of(day).code()).await?;
    let ratings = sums.into_iter().map(|sum| (sum.quarter, written(sum.stars * 100 / sum.count.max(1)), sum.count));
    let manages = actor.require(Action::PropertyManage, &estate.path).is_ok();
    let (companies, buildings) = match manages {
        true => (store::all(db).await?, estates::buildings(ctx, &estate).await?),
        false => (Vec::new(), Vec::new()),
    };
    let chosen = buildings.iter().filter(|one| one.estate_id == estate.id).map(|one| one.code.clone()).collect();
    let changes = ["name", "name_en", "buildings"].iter().any(|field| errors.contains_key(field));
    let typed = typed.unwrap_or_default();
    let (names, chosen) = match changes {
        true => ((typed.name, typed.name_en), typed.buildings),
        false => ((estate.name.clone(), estate.name_en.clone()), chosen),
    };
    let mut findings: Vec<(String, String)> = typed.items.into_iter().zip(typed.lost).take(40).collect();
    findings.resize(findings.len().max(ROWS), Default::default());
    let page = EstatePage {
        w,
        community: w.pick(&estate.community, &estate.community_en).to_owned(),
        households: estate.households,
        contracts,
        inspections,
        ratings: ratings.collect(),
        manages,
        assesses: actor.require(Action::PropertyAssess, &estate.path).is_ok(),
        companies: companies
            .into_iter()
            .map(|company| (company.id, w.pick(&company.name, &company.name_en).to_owned()))
            .collect(),
        contract: [typed.company, typed.from, typed.until],
        inspection: [if typed.day.is_empty() { day.to_string() } else { typed.day }, typed.note],
        findings,
        buildings: buildings
            .into_iter()
            .map(|building| (building.code, w.pick(&building.name, &building.name_en).to_owned()))
            .collect(),
        chosen,
        names,
        version: estate.version,
        key: clock::token(),
        errors,
        id: estate.id,
    };
    let title = w.pick(&estate.name, &estate.name_en).to_owned();
    let page = pages::one(page);
    Ok(Page::new(ctx, title).tab(Tab::StaffNet).back("/staff/property/estates").status(status).render(page))
}

pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    estates::one(&ctx, Action::PropertyManage, &id).await?;
    match estates::change(&ctx, &id, version(&body.version)?, &body.form()).await {
        Ok(()) => Ok(done(&ctx, &address(&id))),
        Err(refused) => show(&ctx, &id, Some(body), or_errors(refused)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

pub async fn contract(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match estates::contract(&ctx, &id, &body.company, &body.from, &body.until).await {
        Ok(()) => Ok(done(&ctx, &address(&id))),
        Err(refused) => show(&ctx, &id, Some(body), or_errors(refused)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

pub async fn end(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match estates::end_contract(&ctx, &id, &body.end).await {
        Ok(contract) => Ok(done(&ctx, &address(&contract.estate_id))),
        Err(refused) => {
            let errors = or_errors(refused)?;
            let Some(contract) = stored::contract(&ctx.app.db, &id).await? else {
                return Err(crate::http::Error::NotFound);
            };
            show(&ctx, &contract.estate_id, Some(body), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn inspect(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let form = InspectionForm {
        day: body.day.clone(),
        items: body.items.clone(),
        lost: body.lost.clone(),
        note: body.note.clone(),
        key: body.key.clone(),
    };
    match estates::inspect(&ctx, &id, &form).await {
        Ok(_) => Ok(done(&ctx, &address(&id))),
        Err(refused) => show(&ctx, &id, Some(body), or_errors(refused)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

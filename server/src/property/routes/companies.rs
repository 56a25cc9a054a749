//! `/staff/property` and the page of a company.

use super::{assessment_rows, contract_rows, done, entry_row, or_errors, standing_view, turns, version};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result},
    property::service::{self, assess as assessing, companies, credit, reading, today},
};
use app::{
    people::Action,
    property::{
        assess::written,
        pages::{
            Errors,
            companies::{self as pages, CompaniesPage, CompanyForm, CompanyPage, CompanyRow, EntryForm},
        },
        period::Period,
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    name: String,
    name_en: String,
    registration: String,
    phone: String,
    key: String,
    version: String,
    member: String,
    remove: String,
    period: String,
    estate: String,
    title: String,
    source: String,
    basis: String,
    evidence: String,
    reports: String,
    points: String,
    severe: String,
    from: String,
    until: String,
}

impl Body {
    fn company(&self) -> companies::Form {
        companies::Form {
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            registration: self.registration.clone(),
            phone: self.phone.clone(),
            key: self.key.clone(),
        }
    }

    fn entry(self) -> credit::Form {
        credit::Form {
            estate: self.estate,
            title: self.title,
            source: self.source,
            basis: self.basis,
            evidence: self.evidence,
            reports: self.reports,
            points: self.points,
            severe: self.severe == "1",
            from: self.from,
            until: self.until,
            key: self.key,
        }
    }
}

fn form_view(form: companies::Form) -> CompanyForm {
    CompanyForm { name: form.name, name_en: form.name_en, registration: form.registration, phone: form.phone }
}

pub async fn list(ctx: Ctx) -> Result {
    show_list(&ctx, companies::Form::default(), Errors::new(), StatusCode::OK).await
}

async fn show_list(ctx: &Ctx, form: companies::Form, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let visible = companies::visible(ctx).await?;
    let waiting = credit::list(ctx, "proposed").await?.len() + credit::list(ctx, "appealed").await?.len();
    let ranked = reading::on(&ctx.app, today(ctx)).await?;
    let rows = ranked.into_iter().filter(|ranked| visible.iter().any(|company| company.id == ranked.company.id));
    let rows = rows.map(|ranked| CompanyRow {
        name: w.pick(&ranked.company.name, &ranked.company.name_en).to_owned(),
        estates: ranked.contracts.len(),
        level: ranked.standing.level,
        points: ranked.standing.points,
        latest: ranked.latest.and_then(|(period, points)| points.map(|points| (period, written(points)))),
        id: ranked.company.id,
    });
    let page = CompaniesPage {
        w,
        rows: rows.collect(),
        waiting: i64::try_from(waiting).unwrap_or(i64::MAX),
        manages: ctx.actor()?.require_somewhere(Action::PropertyManage).is_ok(),
        form: form_view(form),
        key: clock::token(),
        errors,
    };
    let page = pages::list(page);
    Ok(Page::new(ctx, w.t("property-title")).tab(Tab::StaffNet).back("/staff/net").status(status).render(page))
}

pub async fn make(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let form = body.company();
    match companies::make(&ctx, &form).await {
        Ok(id) => Ok(done(&ctx, &address(&id))),
        Err(refused) => {
            let errors = or_errors(refused)?;
            show_list(&ctx, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn address(id: &str) -> String {
    format!("/staff/property/companies/{id}")
}

/// What was typed into the form that comes back with mistakes.
#[derive(Default)]
struct Typed {
    form: Option<companies::Form>,
    entry: credit::Form,
    member: String,
    errors: Errors,
}

pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, Typed::default(), StatusCode::OK).await
}

async fn show(ctx: &Ctx, id: &str, typed: Typed, status: StatusCode) -> Result {
    let w = ctx.w;
    let known = reading::for_staff(ctx, id).await?;
    let manages = service::company(ctx, Action::PropertyManage, id).await.is_ok();
    let assesses = service::company(ctx, Action::PropertyAssess, id).await.is_ok();
    let keeps = service::kept(ctx, id).await.is_ok();
    let members = if keeps { companies::members(ctx, id).await? } else { Vec::new() };
    let company = known.company;
    let form = typed.form.unwrap_or_else(|| companies::Form {
        name: company.name.clone(),
        name_en: company.name_en.clone(),
        registration: company.registration.clone(),
        phone: company.phone.clone(),
        key: String::new(),
    });
    let mut estates: Vec<(String, String)> = Vec::new();
    for contract in &known.contracts {
        let may = ctx.actor()?.may(Action::PropertyAssess, &contract.path);
        if may && estates.iter().all(|(id, _)| *id != contract.estate_id) {
            estates.push((contract.estate_id.clone(), w.pick(&contract.estate, &contract.estate_en).to_owned()));
        }
    }
    let entry = typed.entry;
    let page = CompanyPage {
        w,
        standing: standing_view(&known.standing, &known.entries),
        turns: turns(ctx, &known.history),
        contracts: contract_rows(ctx, &known.contracts, true),
        entries: known
            .entries
            .iter()
            .map(|entry| entry_row(ctx, entry, Some("/staff/property/entries/"), false))
            .collect(),
        assessments: assessment_rows(ctx, &known.assessments, "/staff/property/assessments/"),
        members: members
            .into_iter()
            .map(|member| (member.id, format!("{} {}", member.name, member.phone_masked).trim().to_owned()))
            .collect(),
        manages,
        keeps,
        assesses,
        periods: Period::finished(today(ctx)).into_iter().map(|period| (period.code(), period.code())).collect(),
        estates,
        entry: EntryForm {
            estate: entry.estate,
            title: entry.title,
            source: entry.source,
            basis: entry.basis,
            evidence: entry.evidence,
            reports: entry.reports,
            points: entry.points,
            severe: entry.severe,
            from: entry.from,
            until: entry.until,
        },
        form: form_view(form),
        version: company.version,
        member: typed.member,
        key: clock::token(),
        errors: typed.errors,
        registration: company.registration,
        phone: company.phone,
        id: company.id,
    };
    let title = w.pick(&company.name, &company.name_en).to_owned();
    let page = pages::one(page);
    Ok(Page::new(ctx, title).tab(Tab::StaffNet).back("/staff/property").status(status).render(page))
}

pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    service::kept(&ctx, &id).await?;
    let form = body.company();
    match companies::change(&ctx, &id, version(&body.version)?, &form).await {
        Ok(()) => Ok(done(&ctx, &address(&id))),
        Err(refused) => {
            let typed = Typed { form: Some(form), errors: or_errors(refused)?, ..Typed::default() };
            show(&ctx, &id, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn members(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    if !body.remove.is_empty() {
        companies::remove_member(&ctx, &id, &body.remove).await?;
        return Ok(done(&ctx, &address(&id)));
    }
    match companies::add_member(&ctx, &id, &body.member).await {
        Ok(()) => Ok(done(&ctx, &address(&id))),
        Err(refused) => {
            let typed = Typed { member: body.member, errors: or_errors(refused)?, ..Typed::default() };
            show(&ctx, &id, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn propose(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let form = body.entry();
    match credit::propose(&ctx, &id, &form).await {
        Ok(entry) => Ok(done(&ctx, &format!("/staff/property/entries/{entry}"))),
        Err(refused) => {
            let typed = Typed { entry: form, errors: or_errors(refused)?, ..Typed::default() };
            show(&ctx, &id, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn assess(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match assessing::make(&ctx, &id, &body.period).await {
        Ok(made) => Ok(done(&ctx, &format!("/staff/property/assessments/{made}"))),
        Err(refused) => {
            let typed = Typed { errors: or_errors(refused)?, ..Typed::default() };
            show(&ctx, &id, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

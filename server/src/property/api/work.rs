//! Inspections, entries, assessments and rules through the API.

use super::{
    out::PropertyAssessmentOut,
    out_entry::{PropertyEntryOneOut, PropertyEntryOut},
    refused,
    staff::PropertyMadeOut,
};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, read, versioned},
    },
    property::{
        service::{
            self, assess,
            credit::{self, Form, StepForm},
            estates::{self, InspectionForm},
            rules,
        },
        store::{credit as stored, inspections::Finding},
    },
};
use app::{
    people::Action,
    property::{
        credit::State,
        rules::{Indicator, Levels, Rules, Weighed},
    },
};
use axum::{
    Json,
    extract::{Path, Request},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An inspection.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"day": "2026-11-20", "findings": [{"item": "楼道有堆物", "lost": 5}], "note": ""}))]
#[serde(default)]
pub struct PropertyInspectionIn {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// What was found; 100 less what it takes are the points.
    pub findings: Vec<Finding>,
    /// More; needed where nothing was found.
    pub note: String,
}

/// Writes down an inspection of an estate.
#[utoipa::path(post, path = "/api/v1/staff/property/estates/{estate}/inspections", tag = "net", request_body = PropertyInspectionIn,
    params(("estate" = String, Path, description = "id")), responses((status = 201, body = PropertyMadeOut)))]
pub async fn inspect(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    estates::one(&ctx, Action::PropertyAssess, &id).await?;
    let body: PropertyInspectionIn = read(request).await?;
    let (items, lost) = body.findings.into_iter().map(|finding| (finding.item, finding.lost.to_string())).unzip();
    let form = InspectionForm { day: body.day, items, lost, note: body.note, key: once.or(&ctx, None) };
    let made = estates::inspect(&ctx, &id, &form).await.map_err(refused)?;
    Ok(created(&format!("/api/v1/staff/property/estates/{id}"), PropertyMadeOut { id: made }))
}

/// An entry that is proposed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"estate": "", "title": "电梯困人处置迟缓", "source": "reports", "basis": "合同第 12 条", "evidence": "三次超时", "points": -5}))]
#[serde(default)]
pub struct PropertyEntryIn {
    /// Id of the estate; empty: the company as a whole.
    pub estate: String,
    /// What it is about.
    pub title: String,
    /// `reports`, `inspection`, `residents`, `authority` or `merit`.
    pub source: String,
    /// Rule and reason.
    pub basis: String,
    /// Evidence.
    pub evidence: String,
    /// Codes of reports.
    pub reports: Vec<String>,
    /// Points, below zero when they are taken.
    pub points: i64,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// First day, `YYYY-MM-DD`; empty: today. It counts from the day of publication at the earliest.
    pub from: String,
    /// Last day; empty: a year.
    pub until: String,
}

/// Proposes an entry. The company is told and may answer before it is decided.
#[utoipa::path(post, path = "/api/v1/staff/property/companies/{company}/entries", tag = "net", request_body = PropertyEntryIn,
    params(("company" = String, Path, description = "id")), responses((status = 201, body = PropertyMadeOut)))]
pub async fn propose(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service::company(&ctx, Action::PropertyAssess, &id).await?;
    let body: PropertyEntryIn = read(request).await?;
    let form = Form {
        estate: body.estate,
        title: body.title,
        source: body.source,
        basis: body.basis,
        evidence: body.evidence,
        reports: body.reports.join(" "),
        points: body.points.to_string(),
        severe: body.severe,
        from: body.from,
        until: body.until,
        key: once.or(&ctx, None),
    };
    let made = credit::propose(&ctx, &id, &form).await.map_err(refused)?;
    Ok(created(&format!("/api/v1/staff/property/entries/{made}"), PropertyMadeOut { id: made.clone() }))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct EntriesQuery {
    /// Code of a state; absent: all.
    pub state: String,
    /// Where the page begins: as an answer's `next` or `Link` gives it, from nowhere else.
    pub cursor: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<usize>,
}

/// Entries of the reader's places.
#[utoipa::path(get, path = "/api/v1/staff/property/entries", tag = "net", params(EntriesQuery),
    responses((status = 200, body = Listed<PropertyEntryOut>)))]
pub async fn entries(ctx: Ctx, Params(query): Params<EntriesQuery>) -> Result {
    ctx.actor()?.require_somewhere(Action::PropertyRead)?;
    if !query.state.is_empty() && State::from_code(&query.state).is_none() {
        let detail = "no such state".to_owned();
        return Err(Error::Fields(vec![FieldProblem { pointer: "state".into(), detail }]));
    }
    let paging = Paging { cursor: query.cursor, limit: query.limit };
    let (page, after) = paging.cut(credit::list(&ctx, &query.state).await?)?;
    Ok(listed(&ctx, page.iter().map(|entry| PropertyEntryOut::of(&ctx, entry, true)).collect(), after))
}

pub(super) async fn shown(ctx: &Ctx, id: &str) -> Result {
    let entry = credit::one(ctx, id).await?;
    Ok(versioned(entry.version, PropertyEntryOneOut::read(ctx, &entry).await?))
}

/// An entry with its steps.
#[utoipa::path(get, path = "/api/v1/staff/property/entries/{entry}", tag = "net", params(("entry" = String, Path, description = "id")),
    responses((status = 200, body = PropertyEntryOneOut)))]
pub async fn entry(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// A step of an entry.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "publish", "text": "事实清楚", "version": 2}))]
#[serde(default)]
pub struct PropertyStepIn {
    /// Code of the step: `publish`, `drop`, `uphold`, `change`, `revoke`; of a company: `answer`, `appeal`.
    pub step: String,
    /// What is said; everybody concerned reads it.
    pub text: String,
    /// Points, where they change.
    pub points: Option<i64>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// The step as the use case takes it.
pub fn step_form(body: PropertyStepIn, version: i64) -> StepForm {
    let points = body.points.map(|points| points.to_string()).unwrap_or_default();
    StepForm { step: body.step, version, text: body.text, points }
}

/// Decides on an entry or an appeal. Never who proposed it, and an appeal never who decided before.
#[utoipa::path(post, path = "/api/v1/staff/property/entries/{entry}/steps", tag = "net", request_body = PropertyStepIn,
    params(("entry" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PropertyEntryOneOut), (status = 409, description = "not now, not from this state, or not by this person")))]
pub async fn decide(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let entry = stored::by_id(&ctx.app.db, &id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::PropertyManage, &entry.path)?;
    let body: PropertyStepIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(entry.version);
    credit::decide(&ctx, &id, &step_form(body, version)).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// What is to be assessed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"period": "2026-Q3"}))]
#[serde(default)]
pub struct PropertyPeriodIn {
    /// `2026-09` or `2026-Q3`, which must be over.
    pub period: String,
}

/// Assesses a company for a period. From the same inputs it is the same assessment.
#[utoipa::path(post, path = "/api/v1/staff/property/companies/{company}/assessments", tag = "net", request_body = PropertyPeriodIn,
    params(("company" = String, Path, description = "id")), responses((status = 201, body = PropertyMadeOut)))]
pub async fn assess(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::company(&ctx, Action::PropertyManage, &id).await?;
    let body: PropertyPeriodIn = read(request).await?;
    let made = assess::make(&ctx, &id, &body.period).await.map_err(refused)?;
    Ok(created(&format!("/api/v1/staff/property/assessments/{made}"), PropertyMadeOut { id: made.clone() }))
}

/// An assessment, opened down to what it was made from, and compared with what the records say now.
#[utoipa::path(get, path = "/api/v1/staff/property/assessments/{assessment}", tag = "net",
    params(("assessment" = String, Path, description = "id")), responses((status = 200, body = PropertyAssessmentOut)))]
pub async fn assessment(ctx: Ctx, Path(id): Path<String>) -> Result {
    let opened = assess::one(&ctx, &id).await?;
    Ok(Json(PropertyAssessmentOut::of(&ctx, &opened)?).into_response())
}

/// Weight and scale of an indicator.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PropertyWeight {
    /// `complaints`, `on_time`, `rework`, `inspection`, `rating` or `credit`.
    pub indicator: String,
    /// Its weight; all together are 100.
    pub weight: i64,
    /// The share, in ten-thousandths, that gives none.
    pub worst: i64,
    /// The share that gives all.
    pub best: i64,
}

/// Rules as one version says them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PropertyRules {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// One of each indicator.
    pub weights: Vec<PropertyWeight>,
    /// Codes of categories that are the property's matter.
    pub categories: Vec<String>,
    /// Points from which a company has level AAA, AA, A, B, C; with fewer it is on the black list.
    pub levels: Vec<i64>,
    /// Working days in which a company may answer.
    pub answer_days: i64,
    /// Days in which a company may appeal.
    pub appeal_days: i64,
}

fn told(from: String, rules: &Rules) -> PropertyRules {
    let weight = |one: &Weighed| PropertyWeight {
        indicator: one.indicator.code().to_owned(),
        weight: one.weight,
        worst: one.worst,
        best: one.best,
    };
    let Levels { aaa, aa, a, b, c } = rules.levels;
    PropertyRules {
        from,
        weights: rules.weighed.iter().map(weight).collect(),
        categories: rules.categories.clone(),
        levels: vec![aaa, aa, a, b, c],
        answer_days: rules.answer_days,
        appeal_days: rules.appeal_days,
    }
}

/// All versions of the rules, the earliest first.
#[utoipa::path(get, path = "/api/v1/staff/property/rules", tag = "net", responses((status = 200, body = Vec<PropertyRules>)))]
pub async fn rules(ctx: Ctx) -> Result {
    let all: Vec<PropertyRules> =
        rules::list(&ctx).await?.into_iter().map(|version| told(version.from.to_string(), &version.rules)).collect();
    Ok(Json(all).into_response())
}

/// Writes a version that holds from a day on. Versions are never changed.
#[utoipa::path(post, path = "/api/v1/staff/property/rules", tag = "net", request_body = PropertyRules,
    responses((status = 201, body = PropertyMadeOut)))]
pub async fn make_rules(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::PropertyManage)?;
    let body: PropertyRules = read(request).await?;
    let mut form = rules::Form { from: body.from, categories: body.categories, ..Default::default() };
    for one in &body.weights {
        if let Some(indicator) = Indicator::ALL.into_iter().find(|indicator| indicator.code() == one.indicator) {
            let [weight, worst, best] = indicator.fields();
            form.typed.insert(weight, one.weight.to_string());
            form.typed.insert(worst, one.worst.to_string());
            form.typed.insert(best, one.best.to_string());
        }
    }
    let levels = ["aaa", "aa", "a", "b", "c"].into_iter().zip(&body.levels);
    form.typed.extend(levels.map(|(field, points)| (field, points.to_string())));
    form.typed.insert("answer_days", body.answer_days.to_string());
    form.typed.insert("appeal_days", body.appeal_days.to_string());
    let id = rules::make(&ctx, &form).await.map_err(refused)?;
    Ok(created("/api/v1/staff/property/rules", PropertyMadeOut { id }))
}

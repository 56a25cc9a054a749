//! Calls, typed in by staff or by their telephone system: from the hotline, from 110 or a platform above; and the reports
//! that one may be about.

use super::{WorkItem, item};
use crate::{
    http::{
        Ctx, Params, Result,
        api::{OnceKey, private, problem, read, wrong_fields},
    },
    reports::{
        api::{self, ReportIn, lists::spot},
        call::{self, Merged},
        store,
    },
};
use app::{
    people::Action,
    reports::{call::CallForm, form::ReportForm},
};
use axum::{
    Json,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// A call.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": "路灯不亮",
    "from": "hotline", "foreign_number": "12345-20261126-0007", "caller": "王女士", "contact": "13900001234"}))]
pub struct CallIn {
    /// What is wrong and where. `contact` is the caller's number, a landline as well; `foreign_number` the number that the other
    /// side gave it; with `ask_nearby`, 409 and the codes of open reports that it may be about.
    #[serde(flatten)]
    pub report: ReportIn,
    /// `hotline`, `police` or `platform`.
    pub from: String,
    /// The caller's name; at most 30 characters.
    #[serde(default)]
    pub caller: String,
    /// Code of the report as which it is to go on: it is filed and merged.
    #[serde(default)]
    pub into: String,
}

/// A call that was filed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CallFiled {
    /// Its code.
    pub code: String,
    /// It goes on as the report that `into` named.
    pub merged: bool,
}

/// Files a call, and merges it where that is asked for. The same key with the same content answers 200 with the same report.
#[utoipa::path(post, path = "/api/v1/staff/reports", tag = "dispatch", request_body = CallIn, responses(
    (status = 201, body = CallFiled),
    (status = 200, body = CallFiled, description = "it was filed before with this key"),
    (status = 409, description = "it may be about an open report, and that was asked; with `alike`"),
))]
pub(crate) async fn file(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let body: CallIn = read(request).await?;
    let community = api::community(&ctx, &body.report.community).await?;
    actor.require(Action::ReportManage, &community.path)?;
    let form = CallForm {
        report: body.report.form(once.or(&ctx, body.report.idempotency_key.as_deref())),
        from: body.from,
        foreign: body.report.foreign_number.clone().unwrap_or_default(),
        caller: body.caller,
    };
    let mistakes = form.mistakes();
    if !mistakes.is_empty() {
        let named = |field| if field == "foreign" { "foreign_number" } else { field };
        return Err(wrong_fields(mistakes.into_iter().map(|(field, key)| (named(field), ctx.w.t(key)))));
    }
    if body.report.ask_nearby && body.into.is_empty() && store::by_key(&ctx.app.db, &form.report.key).await?.is_none() {
        let alike = call::alike(&ctx, &form, &community).await?;
        if !alike.is_empty() {
            let codes: Vec<String> = alike.into_iter().map(|report| report.code).collect();
            let more = serde_json::json!({ "alike": codes });
            return Ok(problem(&ctx, StatusCode::CONFLICT, "alike", ctx.w.t("reports-more-nearby"), more));
        }
    }
    let filed = call::file_it(&ctx, &form, &community, &body.report.photos).await;
    let filed = filed.map_err(|error| api::problem(&ctx, error))?;
    let merged = !body.into.is_empty() && call::merge(&ctx, &filed.code, &body.into).await? != Merged::Not;
    let status = if filed.again { StatusCode::OK } else { StatusCode::CREATED };
    let location =
        HeaderValue::from_str(&format!("/api/v1/staff/reports/{}", filed.code)).map_err(anyhow::Error::from)?;
    let mut answer = (status, Json(CallFiled { code: filed.code, merged })).into_response();
    answer.headers_mut().insert(header::LOCATION, location);
    Ok(answer)
}

/// What a call says so far.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct CallAbout {
    /// Code of the community.
    pub community: String,
    /// Code of the category.
    pub category: String,
    /// Code of the building or landmark.
    pub building: String,
    /// Degrees east, WGS-84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS-84.
    pub latitude: Option<f64>,
    /// The number that the other side gave it.
    pub foreign_number: String,
    /// What the caller says, and where, in words.
    pub text: String,
}

/// Reports that a call may be about, at most five: those with its number from the other side, whatever became of them; open ones
/// of the same kind near it; and, without both kind and place, open ones whose words are like `text`. `into` takes the code of an
/// open one.
#[utoipa::path(get, path = "/api/v1/staff/reports/alike", tag = "dispatch", params(CallAbout), responses(
    (status = 200, body = Vec<WorkItem>), (status = 422, description = "no such community"),
))]
pub(crate) async fn alike(ctx: Ctx, Params(about): Params<CallAbout>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let community = api::community(&ctx, &about.community).await?;
    actor.require(Action::ReportManage, &community.path)?;
    let spot = spot(about.category, about.building, (about.longitude, about.latitude));
    let report = ReportForm { description: about.text, ..spot };
    let form = CallForm { report, foreign: about.foreign_number, ..CallForm::default() };
    let found = call::alike(&ctx, &form, &community).await?;
    let found: Vec<WorkItem> = found.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(Json(found).into_response())
}

/// How to reach whoever called.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CallerOut {
    /// Name; may be empty.
    pub name: String,
    /// Number in full; may be empty.
    pub number: String,
}

/// Shows how to reach a caller without an account. Each look is in the audit log.
#[utoipa::path(post, path = "/api/v1/staff/reports/{code}/caller", tag = "dispatch", params(("code" = String, Path)),
    responses((status = 200, body = CallerOut), (status = 404, description = "nobody called")))]
pub(crate) async fn caller(ctx: Ctx, Path(code): Path<String>) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportManage)?;
    let (_, name, number) = call::who_called(&ctx, &code).await?;
    Ok(private(Json(CallerOut { name, number })))
}

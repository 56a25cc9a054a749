//! Plans and walks through the API.

use crate::{
    http::{
        Ctx, Error, Result,
        api::{IfMatch, OnceKey, Paging, created, listed, read, read_or_empty, versioned, wrong_fields},
    },
    patrol::{
        plans::{self, Form, Refused, Today},
        store::{found::Found, plans::Plan},
    },
};
use app::{
    patrol::plan::{Point, write_points},
    people::Action,
};
use axum::{
    Json,
    extract::{Path, Query, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where to look, and at what.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct PatrolPoint {
    /// The place in words; at most 60 characters.
    pub place: String,
    /// What to look at there; at most 100 characters.
    pub look_at: String,
}

/// A patrol plan.
#[derive(Serialize, ToSchema)]
pub struct PatrolPlanItem {
    /// Id.
    pub id: String,
    /// Code of its grid.
    pub grid: String,
    /// Name.
    pub name: String,
    /// Days of the week, Monday = 1.
    pub weekdays: Vec<u32>,
    /// First day.
    pub from: String,
    /// Last day; empty: until it is ended.
    pub until: String,
    /// The lock.
    pub version: i64,
}

/// A patrol plan with its points and the last days on which it was walked.
#[derive(Serialize, ToSchema)]
pub struct PatrolPlanWhole {
    /// The plan.
    #[serde(flatten)]
    pub plan: PatrolPlanItem,
    /// Where to look, in order.
    pub points: Vec<PatrolPoint>,
    /// Days on which it was walked, newest first.
    pub walks: Vec<PatrolWalkItem>,
}

/// A day on which a plan was walked.
#[derive(Serialize, ToSchema)]
pub struct PatrolWalkItem {
    /// The day.
    pub day: String,
    /// Points looked at.
    pub looked: i64,
    /// Points at which something was found.
    pub found: i64,
    /// It was ended.
    pub done: bool,
    /// What was written down.
    pub note: String,
    /// Reports that were filed from its points.
    pub reports: Vec<FoundItem>,
}

/// A report that was filed from a point.
#[derive(Serialize, ToSchema)]
pub struct FoundItem {
    /// Number of the point, from 0.
    pub position: i64,
    /// The report's code.
    pub report: String,
}

impl FoundItem {
    fn of(found: &Found) -> FoundItem {
        FoundItem { position: found.position, report: found.code.clone() }
    }
}

fn item(plan: Plan) -> PatrolPlanItem {
    PatrolPlanItem {
        weekdays: plan.weekdays.chars().filter_map(|day| day.to_digit(10)).collect(),
        id: plan.id,
        grid: plan.grid_code,
        name: plan.name,
        from: plan.from_day,
        until: plan.until_day,
        version: plan.version,
    }
}

fn points(points: Vec<Point>) -> Vec<PatrolPoint> {
    points.into_iter().map(|Point { place, look_at }| PatrolPoint { place, look_at }).collect()
}

/// A patrol plan that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"grid": "wutong-g1", "name": "夜间巡查", "weekdays": [1, 3, 5], "from": "2026-12-01",
    "points": [{"place": "3 栋楼道", "look_at": "杂物、充电"}]}))]
#[serde(default)]
pub struct PatrolPlanIn {
    /// Code of the grid; stays as it is when a plan is changed.
    pub grid: String,
    /// Name; at most 40 characters.
    pub name: String,
    /// Days of the week, Monday = 1.
    pub weekdays: Vec<u32>,
    /// First day, YYYY-MM-DD.
    pub from: String,
    /// Last day; empty: until it is ended.
    pub until: String,
    /// Where to look, 1 to 40.
    pub points: Vec<PatrolPoint>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

impl PatrolPlanIn {
    fn form(self, key: String) -> Form {
        let points: Vec<Point> =
            self.points.into_iter().map(|PatrolPoint { place, look_at }| Point { place, look_at }).collect();
        Form {
            grid: self.grid,
            name: self.name,
            weekdays: self.weekdays.iter().map(ToString::to_string).collect(),
            from: self.from,
            until: self.until,
            points: write_points(&points),
            key,
        }
    }
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Again => Error::Conflict("flash-patrol-made"),
        Refused::Other(error) => error,
    }
}

/// The patrol plans of the reader's places.
#[utoipa::path(get, path = "/api/v1/staff/patrols", tag = "net", params(Paging),
    responses((status = 200, body = crate::http::api::Listed<PatrolPlanItem>)))]
pub async fn list(ctx: Ctx, Query(paging): Query<Paging>) -> Result {
    let all = plans::list(&ctx).await?.into_iter().map(item).collect();
    let (page, after) = paging.cut(all)?;
    Ok(listed(&ctx, page, after))
}

/// Makes a patrol plan.
#[utoipa::path(post, path = "/api/v1/staff/patrols", tag = "net", request_body = PatrolPlanIn,
    responses((status = 201, body = PatrolPlanWhole), (status = 409, description = "this request has made one before")))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::PatrolPlan)?;
    let body: PatrolPlanIn = read(request).await?;
    let id = plans::make(&ctx, &body.form(once.or(&ctx, None))).await.map_err(refused)?;
    Ok(created(&format!("/api/v1/staff/patrols/{id}"), whole(&ctx, &id).await?))
}

async fn whole(ctx: &Ctx, id: &str) -> std::result::Result<PatrolPlanWhole, Error> {
    let plan = plans::one(ctx, id).await?;
    let plans::About { points: where_, walks, found } = plans::about(ctx, &plan).await?;
    let walks = walks.into_iter().map(|walk| PatrolWalkItem {
        reports: found.iter().filter(|found| found.day == walk.day).map(FoundItem::of).collect(),
        day: walk.day,
        looked: walk.looked,
        found: walk.found,
        done: walk.done_at.is_some(),
        note: walk.note,
    });
    Ok(PatrolPlanWhole { plan: item(plan), points: points(where_), walks: walks.collect() })
}

/// One patrol plan.
#[utoipa::path(get, path = "/api/v1/staff/patrols/{id}", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = PatrolPlanWhole)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let plan = whole(&ctx, &id).await?;
    Ok(versioned(plan.plan.version, plan))
}

/// Changes a patrol plan. What was looked at before keeps its points.
#[utoipa::path(post, path = "/api/v1/staff/patrols/{id}", tag = "net", request_body = PatrolPlanIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PatrolPlanWhole)))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let plan = plans::editable(&ctx, &id).await?;
    let body: PatrolPlanIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(plan.version);
    plans::change(&ctx, &id, version, &body.form(String::new()))
        .await
        .map_err(|error| if_match.blame(refused(error)))?;
    one(ctx, Path(id)).await
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PatrolVersionIn {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Ends a patrol plan: yesterday was its last day.
#[utoipa::path(post, path = "/api/v1/staff/patrols/{id}/end", tag = "net", request_body = Option<PatrolVersionIn>,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PatrolPlanWhole)))]
pub async fn end(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let plan = plans::editable(&ctx, &id).await?;
    let body: PatrolVersionIn = read_or_empty(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(plan.version);
    plans::end(&ctx, &id, version).await.map_err(|error| if_match.blame(error))?;
    one(ctx, Path(id)).await
}

/// A plan that is walked today.
#[derive(Serialize, ToSchema)]
pub struct PatrolToday {
    /// The plan.
    #[serde(flatten)]
    pub plan: PatrolPlanItem,
    /// Where to look, in order.
    pub points: Vec<PatrolPointToday>,
    /// It was ended.
    pub done: bool,
}

/// A point of today.
#[derive(Serialize, ToSchema)]
pub struct PatrolPointToday {
    /// Its number, from 0.
    pub position: i64,
    /// The place.
    pub place: String,
    /// What to look at.
    pub look_at: String,
    /// `fine` or `found`; absent: nobody has looked.
    pub state: Option<String>,
}

fn of_today(today: Today) -> PatrolToday {
    let Today { plan, points, looks, walk, .. } = today;
    let state = |position: i64| looks.iter().find(|(at, _)| *at == position).map(|(_, state)| state.clone());
    PatrolToday {
        plan: item(plan),
        points: points
            .into_iter()
            .zip(0_i64..)
            .map(|(point, position)| PatrolPointToday {
                position,
                place: point.place,
                look_at: point.look_at,
                state: state(position),
            })
            .collect(),
        done: walk.is_some_and(|walk| walk.done_at.is_some()),
    }
}

/// Today's plans in the reader's grids.
#[utoipa::path(get, path = "/api/v1/patrols", tag = "net", responses((status = 200, body = [PatrolToday])))]
pub async fn today(ctx: Ctx) -> Result {
    let all: Vec<PatrolToday> = plans::today(&ctx).await?.into_iter().map(of_today).collect();
    Ok(Json(all).into_response())
}

/// How a point looks.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"position": 0, "state": "fine"}))]
pub struct PatrolLookIn {
    /// Number of the point, from 0.
    pub position: i64,
    /// `fine` or `found`.
    pub state: String,
}

/// Writes down how a point looks today; the last word counts.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/look", tag = "net", request_body = PatrolLookIn,
    params(("id" = String, Path, description = "id")), responses((status = 204, description = "written down"),
    (status = 409, description = "not walked today, or ended")))]
pub async fn look(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    plans::walk(&ctx, &id).await?;
    let body: PatrolLookIn = read(request).await?;
    if !matches!(body.state.as_str(), "fine" | "found") {
        return Err(wrong_fields([("state", "fine, found".to_owned())]));
    }
    plans::look(&ctx, &id, body.position, &body.state).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// How a walk ends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PatrolDoneIn {
    /// What there is to say; at most 300 characters.
    pub note: String,
}

/// Ends today's walk. Twice is once.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/done", tag = "net", request_body = Option<PatrolDoneIn>,
    params(("id" = String, Path, description = "id")), responses((status = 204, description = "ended"),
    (status = 409, description = "not walked today")))]
pub async fn done(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    plans::walk(&ctx, &id).await?;
    let body: PatrolDoneIn = read_or_empty(request).await?;
    plans::finish(&ctx, &id, &body.note).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

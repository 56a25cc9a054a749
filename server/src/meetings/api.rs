//! The JSON API of this room: what members and residents do here, what staff do in [`staff`].

mod bodies;
mod out;
mod papers;
mod staff;

use super::{
    routes::{members::sessions, views::Looker},
    service::{
        self, Refused, ballots, bodies as body_service, bodies::ProposalForm, minutes as minute, resolutions,
        resolutions::StepForm,
    },
    store,
};
use crate::http::{
    Access, Ctx, Error, Result, Routes,
    api::{IfMatch, OnceKey, created, private, read, versioned, wrong_fields},
};
use app::{meetings::SessionState, people::Action};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use out::{MeetingItem, MeetingProposal, MeetingSessionLine, MeetingTask, MeetingTaskNote};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(
    mine,
    propose,
    attended,
    vote,
    minutes,
    approve,
    tasks,
    task,
    carry_out,
    bodies::list,
    bodies::make,
    bodies::one,
    bodies::change,
    bodies::add_member,
    bodies::end_member,
    bodies::answer,
    bodies::plan,
    staff::one,
    staff::step,
    staff::add_item,
    papers::add,
    papers::remove,
    papers::fetch,
    staff::roll,
    staff::make_ballot,
    staff::ballot,
    staff::resolve,
    staff::notes,
    staff::minutes
))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let (read, manage, own) = (Access::Needs(Action::NetRead), Access::Needs(Action::MeetingManage), Access::SignedIn);
    Routes::new()
        .get("/api/v1/meetings", own, mine)
        .post("/api/v1/meetings/proposals", own, propose)
        .get("/api/v1/meetings/{id}", own, attended)
        .get("/api/v1/meetings/{id}/papers/{item}/{number}", own, papers::fetch)
        .post("/api/v1/meetings/{id}/ballots/{ballot}/vote", own, vote)
        .get("/api/v1/meetings/{id}/minutes", own, minutes)
        .post("/api/v1/meetings/{id}/minutes", own, approve)
        .get("/api/v1/meetings/resolutions", own, tasks)
        .get("/api/v1/meetings/resolutions/{resolution}", own, task)
        .post("/api/v1/meetings/resolutions/{resolution}", own, carry_out)
        .get("/api/v1/staff/meetings", read, bodies::list)
        .post("/api/v1/staff/meetings", manage, bodies::make)
        .get("/api/v1/staff/meetings/bodies/{body}", read, bodies::one)
        .post("/api/v1/staff/meetings/bodies/{body}", manage, bodies::change)
        .post("/api/v1/staff/meetings/bodies/{body}/members", manage, bodies::add_member)
        .post("/api/v1/staff/meetings/bodies/{body}/members/{member}/end", manage, bodies::end_member)
        .post("/api/v1/staff/meetings/bodies/{body}/proposals/{proposal}", manage, bodies::answer)
        .post("/api/v1/staff/meetings/bodies/{body}/sessions", manage, bodies::plan)
        .get("/api/v1/staff/meetings/{id}", read, staff::one)
        .post("/api/v1/staff/meetings/{id}/step", manage, staff::step)
        .post("/api/v1/staff/meetings/{id}/agenda", manage, staff::add_item)
        .post("/api/v1/staff/meetings/{id}/papers/{item}", manage, papers::add)
        .delete("/api/v1/staff/meetings/{id}/papers/{item}/{number}", manage, papers::remove)
        .post("/api/v1/staff/meetings/{id}/roll", manage, staff::roll)
        .post("/api/v1/staff/meetings/{id}/ballots", manage, staff::make_ballot)
        .post("/api/v1/staff/meetings/{id}/ballots/{ballot}", manage, staff::ballot)
        .post("/api/v1/staff/meetings/{id}/resolutions", manage, staff::resolve)
        .post("/api/v1/staff/meetings/{id}/notes", manage, staff::notes)
        .post("/api/v1/staff/meetings/{id}/minutes", manage, staff::minutes)
}

/// Mistakes by the names that the API has for fields: the pages' without what tells forms of one page apart.
fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => {
            let plain = |field: &'static str| field.split_once('_').map_or(field, |(_, name)| name);
            wrong_fields(errors.into_map().into_iter().map(|(field, text)| (plain(field), text)))
        }
        Refused::Other(error) => error,
    }
}

/// What concerns the reader.
#[derive(Serialize, ToSchema)]
pub struct MeetingMine {
    /// Bodies in which the reader sits.
    pub seats: Vec<MeetingSeat>,
    /// Bodies to which the reader may propose something.
    pub open_to: Vec<MeetingBodyName>,
    /// Sessions of the reader's bodies, the latest first.
    pub sessions: Vec<MeetingSessionLine>,
    /// Sessions of the reader's community whose summary is published, the latest first.
    pub published: Vec<MeetingSessionLine>,
    /// The reader's proposals, the latest first.
    pub proposals: Vec<MeetingProposal>,
}

/// A body.
#[derive(Serialize, ToSchema)]
pub struct MeetingBodyName {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A seat of the reader.
#[derive(Serialize, ToSchema)]
pub struct MeetingSeat {
    /// Id of the body.
    pub body: String,
    /// Its name.
    pub name: String,
    /// `committee`, `owner`, `property`, `police` or `unit`.
    pub seat: &'static str,
    /// Some of `suggest`, `vote`, `supervise` and `execute`.
    pub rights: Vec<&'static str>,
}

/// The reader's seats, sessions and proposals.
#[utoipa::path(get, path = "/api/v1/meetings", tag = "governance", responses((status = 200, body = MeetingMine)))]
pub async fn mine(ctx: Ctx) -> Result {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let db = &ctx.app.db;
    let mut seats = Vec::new();
    for (id, _) in store::bodies::seats(db, &actor.id).await? {
        if let (Some(seat), Some(body)) = (service::seat(&ctx, &id).await?, store::bodies::by_id(db, &id).await?) {
            let (code, rights) = (seat.seat().code(), seat.rights().codes());
            seats.push(MeetingSeat { body: body.id, name: body.name, seat: code, rights });
        }
    }
    let published = match &actor.community_id {
        Some(community) => store::sessions::published(db, community).await?,
        None => Vec::new(),
    };
    let proposals = store::bodies::proposals_of(db, &actor.id).await?;
    let open_to = body_service::open_to(&ctx).await?;
    let body = MeetingMine {
        seats,
        open_to: open_to.into_iter().map(|(body, _)| MeetingBodyName { id: body.id, name: body.name }).collect(),
        sessions: sessions(&ctx).await?.iter().map(MeetingSessionLine::of).collect(),
        published: published.iter().map(MeetingSessionLine::of).collect(),
        proposals: proposals.into_iter().map(|one| MeetingProposal::of(one, false)).collect(),
    };
    Ok(private(Json(body)))
}

/// A proposal that is made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"body": "01936d0e-5a00-7000-8000-000000000001", "title": "装充电桩", "text": "在南门装六个充电桩。"}))]
#[serde(default)]
pub struct MeetingProposalIn {
    /// Id of the body.
    pub body: String,
    /// What it is about.
    pub title: String,
    /// The proposal.
    pub text: String,
}

/// Proposes something to a body of one's community, or in which one has the right of suggestion.
#[utoipa::path(post, path = "/api/v1/meetings/proposals", tag = "governance", request_body = MeetingProposalIn,
    responses((status = 204, description = "It is there"), (status = 409, description = "three of the reader's wait already")))]
pub async fn propose(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require(Action::OwnThings, "")?;
    let body: MeetingProposalIn = read(request).await?;
    let form = ProposalForm { body: body.body, title: body.title, text: body.text, key: once.or(&ctx, None) };
    body_service::propose(&ctx, &form).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A session, as its reader may see it.
#[derive(Serialize, ToSchema)]
pub struct MeetingAttended {
    /// The session.
    pub session: MeetingSessionLine,
    /// Its agenda with papers and ballots; for residents empty.
    pub items: Vec<MeetingItem>,
    /// Its resolutions; for residents empty.
    pub resolutions: Vec<MeetingTask>,
    /// What is published of it, Markdown; may be empty.
    pub summary: String,
}

/// A session: for members from the invitation on, for staff, and for residents once a summary is published.
#[utoipa::path(get, path = "/api/v1/meetings/{id}", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = MeetingAttended)))]
pub async fn attended(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (session, reader) = service::attended(&ctx, &id).await?;
    let looker = Looker { person: &ctx.actor()?.id, member: reader.seat.is_some() };
    let (mut items, mut tasks) = (Vec::new(), Vec::new());
    if reader.is_inside() {
        items = out::items(&ctx, &session, &looker, false).await?;
        tasks = store::resolutions::of_session(&ctx.app.db, &id).await?;
    }
    let body = MeetingAttended {
        resolutions: tasks.into_iter().map(|one| MeetingTask::of(&ctx, one)).collect(),
        items,
        summary: session.summary.clone(),
        session: MeetingSessionLine::of(&session),
    };
    Ok(private(Json(body)))
}

/// A vote.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"choice": 0}))]
pub struct MeetingVoteIn {
    /// Number of the option, from 0.
    pub choice: u32,
}

/// Votes. An open vote may be changed until the end. A secret one is given once; nothing about it is kept but that it was
/// given: neither is an `Idempotency-Key` that comes with it, and the second request is a 409.
#[utoipa::path(post, path = "/api/v1/meetings/{id}/ballots/{ballot}/vote", tag = "governance", request_body = MeetingVoteIn,
    params(("id" = String, Path, description = "id"), ("ballot" = String, Path, description = "id of the ballot")),
    responses((status = 204, description = "It is counted"), (status = 409, description = "no votes are taken, or a secret vote was given")))]
pub async fn vote(ctx: Ctx, Path((id, ballot)): Path<(String, String)>, request: Request) -> Result {
    service::attended(&ctx, &id).await?;
    let body: MeetingVoteIn = read(request).await?;
    ballots::vote(&ctx, &id, &ballot, &body.choice.to_string()).await.map_err(refused)?;
    Ok(private(StatusCode::NO_CONTENT))
}

/// Minutes.
#[derive(Serialize, ToSchema)]
pub struct MeetingMinutes {
    /// Markdown, in Chinese.
    pub text: String,
    /// They are approved and fixed.
    pub approved: bool,
    /// The version that is approved by its number.
    pub version: i64,
}

/// The minutes of a session: for its members once they are approved, before that for those who approve them.
#[utoipa::path(get, path = "/api/v1/meetings/{id}/minutes", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = MeetingMinutes)))]
pub async fn minutes(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (session, reader) = service::attended(&ctx, &id).await?;
    let approved = session.state() == SessionState::Minuted;
    let sees = reader.is_inside() && (approved || reader.approves() || reader.staff);
    if !sees || session.minutes.is_empty() {
        return Err(Error::NotFound);
    }
    let body = MeetingMinutes { text: session.minutes, approved, version: session.version };
    Ok(private(versioned(body.version, body)))
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct MeetingVersionIn {
    /// The version that was read; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Approves the minutes as they were read. Whoever wrote them cannot.
#[utoipa::path(post, path = "/api/v1/meetings/{id}/minutes", tag = "governance", request_body = MeetingVersionIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 204, description = "They are fixed"), (status = 409, description = "written by the reader, or changed")))]
pub async fn approve(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let (session, _) = service::attended(&ctx, &id).await?;
    let body: MeetingVersionIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(session.version);
    minute::approve(&ctx, &id, version).await.map_err(|error| if_match.blame(error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Resolutions of the reader.
#[derive(Serialize, ToSchema)]
pub struct MeetingTasks {
    /// Those that the reader carries out.
    pub own: Vec<MeetingTask>,
    /// Those that the reader looks at with the right of supervision.
    pub others: Vec<MeetingTask>,
}

/// Resolutions that are not over: the reader's own, and those they may look at as a member with the right of supervision.
#[utoipa::path(get, path = "/api/v1/meetings/resolutions", tag = "governance", responses((status = 200, body = MeetingTasks)))]
pub async fn tasks(ctx: Ctx) -> Result {
    let (own, others) = resolutions::mine(&ctx).await?;
    let body = MeetingTasks {
        own: own.into_iter().map(|one| MeetingTask::of(&ctx, one)).collect(),
        others: others.into_iter().map(|one| MeetingTask::of(&ctx, one)).collect(),
    };
    Ok(private(Json(body)))
}

/// A resolution with what was done about it.
#[derive(Serialize, ToSchema)]
pub struct MeetingTaskWhole {
    /// The resolution.
    pub resolution: MeetingTask,
    /// What was done, the latest first.
    pub notes: Vec<MeetingTaskNote>,
}

/// A resolution: for its owner, members with the right of supervision, and staff.
#[utoipa::path(get, path = "/api/v1/meetings/resolutions/{resolution}", tag = "governance",
    params(("resolution" = String, Path, description = "id")), responses((status = 200, body = MeetingTaskWhole)))]
pub async fn task(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (found, _) = resolutions::one(&ctx, &id).await?;
    let notes = resolutions::notes(&ctx, &found).await?;
    let version = found.version;
    let body = MeetingTaskWhole {
        resolution: MeetingTask::of(&ctx, found),
        notes: notes.into_iter().map(MeetingTaskNote::of).collect(),
    };
    Ok(private(versioned(version, body)))
}

/// A step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "report", "text": "充电桩已通电。", "version": 1}))]
#[serde(default)]
pub struct MeetingStepIn {
    /// `note`, `report` by the owner; `comment`, `confirm`, `return` by others with the right of supervision; `drop` by staff.
    pub step: String,
    /// The words; only `confirm` goes without.
    pub text: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Moves a resolution on, or says something about it.
#[utoipa::path(post, path = "/api/v1/meetings/resolutions/{resolution}", tag = "governance", request_body = MeetingStepIn,
    params(("resolution" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 204, description = "It is written down"), (status = 409, description = "not possible here, or changed")))]
pub async fn carry_out(ctx: Ctx, once: OnceKey, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let (found, _) = resolutions::one(&ctx, &id).await?;
    let body: MeetingStepIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(found.version);
    let form = StepForm { step: body.step, text: body.text, version, key: once.or(&ctx, None) };
    resolutions::step(&ctx, &id, &form).await.map_err(|error| if_match.blame(refused(error)))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// 201 with the address below which something was made, or where its list is when this request has made it before.
fn made(below: &str, id: Option<String>) -> axum::response::Response {
    match id {
        Some(id) => created(&format!("{below}/{id}"), serde_json::json!({ "id": id })),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

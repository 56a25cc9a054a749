//! Bodies through the API.

use super::{
    made,
    out::{MeetingProposal, MeetingSessionLine, MeetingTask},
    refused,
};
use crate::{
    http::{
        Ctx, Result,
        api::{IfMatch, OnceKey, private, read, versioned},
    },
    meetings::{
        service::{
            self, bodies,
            bodies::{BodyForm, MemberForm},
            resolutions, sessions,
            sessions::SessionForm,
        },
        store,
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A body.
#[derive(Serialize, ToSchema)]
pub struct MeetingBody {
    /// Id.
    pub id: String,
    /// Path of its community.
    pub path: String,
    /// Name.
    pub name: String,
    /// So many of the entitled must take part, as a fraction.
    pub quorum: String,
    /// `simple`, `absolute` or `two_thirds`.
    pub majority: &'static str,
    /// The lock of its settings.
    pub version: i64,
}

impl MeetingBody {
    fn of(body: store::bodies::Body) -> MeetingBody {
        MeetingBody {
            quorum: body.quorum().code(),
            majority: body.majority().code(),
            id: body.id,
            path: body.path,
            name: body.name,
            version: body.version,
        }
    }
}

/// Bodies, latest sessions and open resolutions of the reader's places.
#[derive(Serialize, ToSchema)]
pub struct MeetingList {
    /// Bodies.
    pub bodies: Vec<MeetingBody>,
    /// Latest sessions.
    pub sessions: Vec<MeetingSessionLine>,
    /// Resolutions that are not over, by their last day.
    pub resolutions: Vec<MeetingTask>,
}

/// Bodies, latest sessions and open resolutions of the reader's places.
#[utoipa::path(get, path = "/api/v1/staff/meetings", tag = "governance", responses((status = 200, body = MeetingList)))]
pub async fn list(ctx: Ctx) -> Result {
    let bodies = bodies::list(&ctx).await?;
    let sessions = sessions::list(&ctx).await?;
    let open = resolutions::open(&ctx).await?;
    let body = MeetingList {
        bodies: bodies.into_iter().map(MeetingBody::of).collect(),
        sessions: sessions.iter().map(MeetingSessionLine::of).collect(),
        resolutions: open.into_iter().map(|one| MeetingTask::of(&ctx, one)).collect(),
    };
    Ok(private(Json(body)))
}

/// A body that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"community": "wutong", "name": "梧桐社区联席会议", "quorum": "1/2", "majority": "absolute"}))]
#[serde(default)]
pub struct MeetingBodyIn {
    /// Code of the community; stays as it is when a body is changed.
    pub community: String,
    /// Name.
    pub name: String,
    /// `0/1`, `1/2`, `2/3` or `1/1` of the entitled must take part.
    pub quorum: String,
    /// `simple`, `absolute` or `two_thirds`.
    pub majority: String,
    /// The version that was looked at, when a body is changed; `If-Match` says the same.
    pub version: Option<i64>,
}

impl MeetingBodyIn {
    fn form(self, key: String) -> BodyForm {
        BodyForm { community: self.community, name: self.name, quorum: self.quorum, majority: self.majority, key }
    }
}

/// Makes a body.
#[utoipa::path(post, path = "/api/v1/staff/meetings", tag = "governance", request_body = MeetingBodyIn,
    responses((status = 201, description = "It is there"), (status = 204, description = "this request has made it before")))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::MeetingManage)?;
    let body: MeetingBodyIn = read(request).await?;
    let form = body.form(once.or(&ctx, None));
    let id = bodies::make(&ctx, &form).await.map_err(refused)?;
    Ok(made("/api/v1/staff/meetings/bodies", id))
}

/// A member.
#[derive(Serialize, ToSchema)]
pub struct MeetingMember {
    /// Id of the membership.
    pub id: String,
    /// Name.
    pub name: String,
    /// `committee`, `owner`, `property`, `police` or `unit`.
    pub seat: &'static str,
    /// Whom they speak for; may be empty.
    pub speaks_for: String,
    /// Some of `suggest`, `vote`, `supervise` and `execute`.
    pub rights: Vec<&'static str>,
    /// The first day.
    #[schema(format = Date)]
    pub from: String,
    /// From this day on no longer; empty: no end.
    pub until: String,
}

/// A body with its members and proposals.
#[derive(Serialize, ToSchema)]
pub struct MeetingBodyWhole {
    /// The body.
    pub body: MeetingBody,
    /// Everybody who sits or sat there.
    pub members: Vec<MeetingMember>,
    /// Proposals, those that wait first.
    pub proposals: Vec<MeetingProposal>,
    /// Its sessions, the latest first.
    pub sessions: Vec<MeetingSessionLine>,
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let (body, members, proposals) = bodies::look(ctx, id).await?;
    let sessions = store::sessions::of_body(&ctx.app.db, id).await?;
    let whole = MeetingBodyWhole {
        members: members
            .into_iter()
            .map(|member| MeetingMember {
                seat: member.seat().code(),
                rights: member.rights().codes(),
                id: member.id,
                name: member.name,
                speaks_for: member.speaks_for,
                from: member.from_day,
                until: member.until_day,
            })
            .collect(),
        proposals: proposals.into_iter().map(|one| MeetingProposal::of(one, true)).collect(),
        sessions: sessions.iter().map(MeetingSessionLine::of).collect(),
        body: MeetingBody::of(body),
    };
    Ok(private(versioned(whole.body.version, whole)))
}

/// A body with its members and proposals. That it was looked at is written down.
#[utoipa::path(get, path = "/api/v1/staff/meetings/bodies/{body}", tag = "governance",
    params(("body" = String, Path, description = "id")), responses((status = 200, body = MeetingBodyWhole)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Changes name and rules of a body. Ballots that are open keep their rules.
#[utoipa::path(post, path = "/api/v1/staff/meetings/bodies/{body}", tag = "governance", request_body = MeetingBodyIn,
    params(("body" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = MeetingBodyWhole)))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let found = service::body(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingBodyIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(found.version);
    let form = body.form(String::new());
    bodies::change(&ctx, &id, version, &form).await.map_err(|error| if_match.blame(refused(error)))?;
    shown(&ctx, &id).await
}

/// A member to be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"phone": "19900000003", "seat": "owner", "for": "7 栋业主", "rights": ["suggest", "vote"]}))]
#[serde(default)]
pub struct MeetingMemberIn {
    /// Number of somebody with an account.
    pub phone: String,
    /// `committee`, `owner`, `property`, `police` or `unit`.
    pub seat: String,
    /// Whom they speak for; may be empty.
    #[serde(rename = "for")]
    pub speaks_for: String,
    /// Some of `suggest`, `vote`, `supervise` and `execute`.
    pub rights: Vec<String>,
    /// The first day; empty: today.
    pub from: String,
}

/// Names a member.
#[utoipa::path(post, path = "/api/v1/staff/meetings/bodies/{body}/members", tag = "governance", request_body = MeetingMemberIn,
    params(("body" = String, Path, description = "id")), responses((status = 200, body = MeetingBodyWhole)))]
pub async fn add_member(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::body(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingMemberIn = read(request).await?;
    let form = MemberForm {
        phone: body.phone,
        seat: body.seat,
        speaks_for: body.speaks_for,
        rights: body.rights,
        from: body.from,
    };
    bodies::add_member(&ctx, &id, &form).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// Ends a membership today.
#[utoipa::path(post, path = "/api/v1/staff/meetings/bodies/{body}/members/{member}/end", tag = "governance",
    params(("body" = String, Path, description = "id"), ("member" = String, Path, description = "id of the membership")),
    responses((status = 204, description = "It has ended")))]
pub async fn end_member(ctx: Ctx, Path((id, member)): Path<(String, String)>) -> Result {
    bodies::end_member(&ctx, &id, &member).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Why a proposal is not talked about.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"reason": "消防通道不能占用，已请物业另选位置。"}))]
#[serde(default)]
pub struct MeetingAnswerIn {
    /// The reason, which the proposer reads.
    pub reason: String,
}

/// Answers a proposal that is not put on an agenda.
#[utoipa::path(post, path = "/api/v1/staff/meetings/bodies/{body}/proposals/{proposal}", tag = "governance", request_body = MeetingAnswerIn,
    params(("body" = String, Path, description = "id"), ("proposal" = String, Path, description = "id of the proposal")),
    responses((status = 204, description = "The proposer is told"), (status = 409, description = "decided already")))]
pub async fn answer(ctx: Ctx, Path((id, proposal)): Path<(String, String)>, request: Request) -> Result {
    service::body(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingAnswerIn = read(request).await?;
    bodies::answer(&ctx, &id, &proposal, &body.reason).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A session that is planned.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"title": "第四季度会议", "starts": "2026-12-02T19:00", "place": "社区会议室", "mode": "both"}))]
#[serde(default)]
pub struct MeetingSessionIn {
    /// Title.
    pub title: String,
    /// When, `2026-12-02T19:00` by the deployment's clock.
    pub starts: String,
    /// Where.
    pub place: String,
    /// `hall`, `online` or `both`.
    pub mode: String,
}

/// Plans a session.
#[utoipa::path(post, path = "/api/v1/staff/meetings/bodies/{body}/sessions", tag = "governance", request_body = MeetingSessionIn,
    params(("body" = String, Path, description = "id")),
    responses((status = 201, description = "It is there"), (status = 204, description = "this request has made it before")))]
pub async fn plan(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service::body(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingSessionIn = read(request).await?;
    let form = SessionForm {
        title: body.title,
        starts: body.starts,
        place: body.place,
        mode: body.mode,
        key: once.or(&ctx, None),
    };
    let made_one = sessions::make(&ctx, &id, &form).await.map_err(refused)?;
    Ok(made("/api/v1/staff/meetings", made_one))
}

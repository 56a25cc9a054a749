//! Teams and registrations through the API.

use super::{PartnersDecisionIn, PartnersMade, answer, unknown};
use crate::{
    http::{
        Ctx, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, private, read, versioned},
    },
    partners::{
        service::{
            self,
            hours::{self, ActivityHours},
            members::{self as registrations, Decision},
            teams::{self as service_of, TeamForm, TrainingForm},
        },
        store::{
            members::{Member, MemberGrid},
            teams::{Skill, Team},
        },
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

/// A team, as staff see it.
#[derive(Serialize, ToSchema)]
pub struct PartnersTeamOut {
    /// Id.
    id: String,
    /// Code of its community.
    community: String,
    /// Name.
    name: String,
    /// What it is there for.
    purpose: String,
    /// Codes of skills that it looks for.
    skills: Vec<String>,
    /// Whether somebody can join it.
    open: bool,
    /// How many are in it.
    members: i64,
    /// How many registrations wait.
    waiting: i64,
    /// The lock.
    version: i64,
}

fn team_out(team: Team, skills: &[Skill]) -> PartnersTeamOut {
    PartnersTeamOut {
        skills: team.skills(skills),
        open: team.open(),
        id: team.id,
        community: team.community,
        name: team.name,
        purpose: team.purpose,
        members: team.members,
        waiting: team.waiting,
        version: team.version,
    }
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let team = service_of::team(ctx, id).await?;
    let skills = service_of::skills(ctx).await?;
    Ok(versioned(team.version, team_out(team, &skills)))
}

/// Teams of the reader's communities.
#[utoipa::path(get, path = "/api/v1/staff/partners/teams", tag = "governance", params(Paging),
    responses((status = 200, body = Listed<PartnersTeamOut>)))]
pub async fn list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let teams = service_of::teams(&ctx).await?;
    let skills = service_of::skills(&ctx).await?;
    let (rows, after) = paging.cut(teams.into_iter().map(|team| team_out(team, &skills)).collect())?;
    Ok(listed(&ctx, rows, after))
}

/// A team to be made or changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"community": "wutong", "name": "巡夜队", "purpose": "晚上看看路灯", "skills": ["electric"]}))]
#[serde(default)]
pub struct PartnersTeamIn {
    /// Code of the community; stays as it is when a team is changed.
    community: String,
    /// Name.
    name: String,
    /// What it is there for.
    purpose: String,
    /// Codes of skills that it looks for.
    skills: Vec<String>,
    /// Nobody can join it.
    closed: bool,
    /// The version that was looked at; `If-Match` says the same.
    version: Option<i64>,
}

impl PartnersTeamIn {
    fn form(self, key: String) -> TeamForm {
        let PartnersTeamIn { community, name, purpose, skills, closed, .. } = self;
        TeamForm { community, name, purpose, skills, closed, key }
    }
}

/// Makes a team.
#[utoipa::path(post, path = "/api/v1/staff/partners/teams", tag = "governance", request_body = PartnersTeamIn,
    responses((status = 201, body = PartnersMade)))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    service::scopes(&ctx)?;
    let body: PartnersTeamIn = read(request).await?;
    let id = answer(service_of::make(&ctx, &body.form(once.or(&ctx, None))).await)?;
    Ok(created(&format!("/api/v1/staff/partners/teams/{id}"), PartnersMade { id: id.clone() }))
}

/// A team.
#[utoipa::path(get, path = "/api/v1/staff/partners/teams/{team}", tag = "governance", params(("team" = String, Path)),
    responses((status = 200, body = PartnersTeamOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// Changes a team.
#[utoipa::path(post, path = "/api/v1/staff/partners/teams/{team}", tag = "governance", request_body = PartnersTeamIn,
    params(("team" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersTeamOut)))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let before = service_of::team(&ctx, &id).await?;
    let body: PartnersTeamIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(before.version);
    answer(service_of::change(&ctx, &id, version, &body.form(String::new())).await)
        .map_err(|error| if_match.blame(error))?;
    shown(&ctx, &id).await
}

/// A registration. It says nothing of hours: those are the volunteer's own.
#[derive(Serialize, ToSchema)]
pub struct PartnersMemberOut {
    /// Id.
    id: String,
    /// Id of the team.
    team: String,
    /// Name.
    name: String,
    /// Number as shown.
    phone: String,
    /// `asked`, `active`, `declined`, `left` or `ended`.
    state: &'static str,
    /// Codes of what they can do.
    skills: Vec<String>,
    /// When they have time.
    times: Vec<&'static str>,
    /// They say that they can be sent.
    available: bool,
    /// In their own words.
    note: String,
    /// Codes of the grids that they serve; only where one registration is asked for.
    grids: Vec<String>,
    /// Codes of the grids that they ask for; only where one registration is asked for.
    asks_for: Vec<String>,
    /// Since when they are in the team.
    since: Option<String>,
    /// The lock.
    version: i64,
}

fn member_out(member: Member, grids: &[MemberGrid]) -> PartnersMemberOut {
    let codes =
        |asked: bool| grids.iter().filter(|grid| (grid.granted == 0) == asked).map(|grid| grid.code.clone()).collect();
    PartnersMemberOut {
        state: member.state().code(),
        skills: member.skills(),
        times: member.times().into_iter().map(|one| one.code()).collect(),
        available: member.available(),
        since: member.since().map(|day| day.to_string()),
        grids: codes(false),
        asks_for: codes(true),
        id: member.id,
        team: member.team_id,
        name: member.name,
        phone: member.phone_masked,
        note: member.note,
        version: member.version,
    }
}

/// Those in a team, by name. Looking at them is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/partners/teams/{team}/members", tag = "governance",
    params(("team" = String, Path), Paging), responses((status = 200, body = Listed<PartnersMemberOut>)))]
pub async fn members(ctx: Ctx, Path(id): Path<String>, Params(paging): Params<Paging>) -> Result {
    let team = service_of::team(&ctx, &id).await?;
    let all = registrations::in_team(&ctx, &team).await?;
    let (rows, after) = paging.cut(all.into_iter().map(|member| member_out(member, &[])).collect())?;
    Ok(private(listed(&ctx, rows, after)))
}

/// Registrations that wait, the oldest first. Looking at them is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/partners/members", tag = "governance", params(Paging),
    responses((status = 200, body = Listed<PartnersMemberOut>)))]
pub async fn waiting(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let all = registrations::waiting(&ctx).await?;
    let (rows, after) = paging.cut(all.into_iter().map(|member| member_out(member, &[])).collect())?;
    Ok(private(listed(&ctx, rows, after)))
}

/// A registration. Looking at it is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/partners/members/{member}", tag = "governance", params(("member" = String, Path)),
    responses((status = 200, body = PartnersMemberOut)))]
pub async fn member(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (member, grids) = registrations::member(&ctx, &id).await?;
    Ok(private(versioned(member.version, member_out(member, &grids))))
}

/// Decides on a registration: `accept`, `decline` or `end`.
#[utoipa::path(post, path = "/api/v1/staff/partners/members/{member}", tag = "governance", request_body = PartnersDecisionIn,
    params(("member" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersMemberOut)))]
pub async fn decide(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    registrations::permit(&ctx, &id).await?;
    let body: PartnersDecisionIn = read(request).await?;
    let decision = Decision::from_code(&body.decision).ok_or_else(|| unknown("decision"))?;
    let version = match if_match.or(body.version)? {
        Some(version) => version,
        None => registrations::member(&ctx, &id).await?.0.version,
    };
    answer(registrations::decide(&ctx, &id, decision, version, &body.reason).await)
        .map_err(|error| if_match.blame(error))?;
    let (member, grids) = registrations::member(&ctx, &id).await?;
    Ok(private(versioned(member.version, member_out(member, &grids))))
}

/// A training to be written down.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartnersTrainingIn {
    /// Which day, `YYYY-MM-DD`.
    training_day: String,
    /// What it was about.
    topic: String,
    /// How many hours, such as `1.5`.
    training_hours: String,
    /// Ids of registrations: who was there.
    members: Vec<String>,
}

/// Writes a training of a team down.
#[utoipa::path(post, path = "/api/v1/staff/partners/teams/{team}/trainings", tag = "governance", request_body = PartnersTrainingIn,
    params(("team" = String, Path)), responses((status = 204, description = "It is written down")))]
pub async fn add_training(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service_of::team(&ctx, &id).await?;
    let body: PartnersTrainingIn = read(request).await?;
    let form = TrainingForm {
        day: body.training_day,
        topic: body.topic,
        hours: body.training_hours,
        members: body.members,
        key: once.or(&ctx, None),
    };
    answer(service_of::add_training(&ctx, &id, &form).await)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes a training away that was written down by mistake.
#[utoipa::path(delete, path = "/api/v1/staff/partners/trainings/{training}", tag = "governance",
    params(("training" = String, Path)), responses((status = 204, description = "It is gone")))]
pub async fn remove_training(ctx: Ctx, Path(id): Path<String>) -> Result {
    service_of::remove_training(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An activity that is to be the team's.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartnersLinkIn {
    /// Id of the activity: of the first notice about it.
    activity: String,
}

/// Makes an activity of a notice the team's.
#[utoipa::path(post, path = "/api/v1/staff/partners/teams/{team}/activities", tag = "governance", request_body = PartnersLinkIn,
    params(("team" = String, Path)), responses((status = 204, description = "It is the team's")))]
pub async fn link(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service_of::team(&ctx, &id).await?;
    let body: PartnersLinkIn = read(request).await?;
    answer(service_of::link(&ctx, &id, &body.activity).await)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Somebody who was ticked at the door.
#[derive(Serialize, ToSchema)]
pub struct PartnersCameOut {
    /// Id of the person.
    person: String,
    /// Name.
    name: String,
    /// They are in the team.
    member: bool,
    /// Hours for this activity are confirmed already.
    confirmed: bool,
}

/// Who was ticked at the door of a team's activity. Looking at it is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/partners/teams/{team}/activities/{activity}", tag = "governance",
    params(("team" = String, Path), ("activity" = String, Path)), responses((status = 200, body = Vec<PartnersCameOut>)))]
pub async fn activity(ctx: Ctx, Path((team, id)): Path<(String, String)>) -> Result {
    let (_, _, came) = service_of::activity(&ctx, &team, &id).await?;
    let all: Vec<PartnersCameOut> = came
        .into_iter()
        .map(|one| PartnersCameOut {
            person: one.person_id,
            name: one.name,
            member: one.member == 1,
            confirmed: one.minutes > 0,
        })
        .collect();
    Ok(private(Json(all)))
}

/// Hours of an activity.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartnersActivityHoursIn {
    /// Ids of people who were ticked at the door.
    people: Vec<String>,
    /// How many hours each, such as `1.5`.
    hours: String,
}

/// For how many hours were confirmed.
#[derive(Serialize, ToSchema)]
pub struct PartnersConfirmedOut {
    /// How many entries are new.
    confirmed: usize,
}

/// Confirms the hours of an activity that is over, for those who were ticked at the door.
#[utoipa::path(post, path = "/api/v1/staff/partners/teams/{team}/activities/{activity}", tag = "governance",
    request_body = PartnersActivityHoursIn, params(("team" = String, Path), ("activity" = String, Path)),
    responses((status = 200, body = PartnersConfirmedOut)))]
pub async fn confirm(ctx: Ctx, Path((team, id)): Path<(String, String)>, request: Request) -> Result {
    service_of::team(&ctx, &team).await?;
    let body: PartnersActivityHoursIn = read(request).await?;
    let form = ActivityHours { people: body.people, hours: body.hours };
    let confirmed = answer(hours::confirm_activity(&ctx, &team, &id, &form).await)?;
    Ok(Json(PartnersConfirmedOut { confirmed }).into_response())
}

//! Teams, the own record and certificates through the API.

use super::{
    PartnersMade, answer,
    hours::{PartnersHourIn, PartnersHourOut, hour_out},
};
use crate::{
    deliver::outbox::absolute,
    http::{
        Ctx, Params, Result,
        api::{Listed, OnceKey, Paging, created, listed, private, read, read_or_empty},
    },
    partners::{
        service::{
            certificates as papers, hours,
            joining::{self, JoinForm},
            teams as skills_of,
        },
        store::{certificates::Certificate, teams::Team},
    },
    places,
};
use app::{
    partners::{
        HourState,
        hours::{Validity, by_year},
    },
    people::Action,
    windows::queue::mask_name,
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A team, as everybody sees it.
#[derive(Serialize, ToSchema)]
pub struct TeamItem {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// What it is there for.
    purpose: String,
    /// Codes of skills that it looks for.
    skills: Vec<String>,
    /// The reader's own registration: `asked` or `active`.
    mine: Option<&'static str>,
}

/// Which community.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct TeamsQuery {
    /// Code of the community.
    community: String,
    /// Where the page begins.
    cursor: Option<String>,
    /// Rows at most.
    limit: Option<usize>,
}

async fn item(ctx: &Ctx, team: Team, mine: Option<&'static str>) -> Result<TeamItem> {
    let skills = skills_of::skills(ctx).await?;
    Ok(TeamItem { skills: team.skills(&skills), id: team.id, name: team.name, purpose: team.purpose, mine })
}

/// Teams of a community that can be joined.
#[utoipa::path(get, path = "/api/v1/teams", tag = "governance", params(TeamsQuery),
    responses((status = 200, body = Listed<TeamItem>)))]
pub async fn list(ctx: Ctx, Params(query): Params<TeamsQuery>) -> Result {
    let community = match query.community.as_str() {
        "" => ctx.community.clone(),
        code => places::store::community_by_code(&ctx.app.db, code).await?,
    };
    let mut all = Vec::new();
    if let Some(community) = community {
        for team in joining::teams(&ctx, &community).await? {
            all.push(item(&ctx, team, None).await?);
        }
    }
    let paging = Paging { cursor: query.cursor, limit: query.limit };
    let (rows, after) = paging.cut(all)?;
    Ok(listed(&ctx, rows, after))
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let (team, mine) = joining::team(ctx, id).await?;
    let mine = mine.map(|member| member.state().code());
    Ok(private(Json(item(ctx, team, mine).await?)))
}

/// A team.
#[utoipa::path(get, path = "/api/v1/teams/{id}", tag = "governance", params(("id" = String, Path)),
    responses((status = 200, body = TeamItem)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// What somebody tells of themselves.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"skills": ["electric"], "grids": ["wutong-g1"], "times": ["weekend-day"], "available": true, "consent": true}))]
#[serde(default)]
pub struct TeamJoinIn {
    /// Codes of skills.
    skills: Vec<String>,
    /// Codes of grids.
    grids: Vec<String>,
    /// `weekday-day`, `weekday-evening`, `weekend-day`, `weekend-evening`.
    times: Vec<String>,
    /// In their own words.
    note: String,
    /// They can be sent now.
    available: bool,
    /// They agree that staff see their name, masked number and all of this; needed for joining.
    consent: bool,
}

impl TeamJoinIn {
    fn form(self) -> JoinForm {
        let TeamJoinIn { skills, grids, times, note, available, consent } = self;
        JoinForm { skills, grids, times, note, available, consent }
    }
}

/// Asks to join a team. Twice is once.
#[utoipa::path(post, path = "/api/v1/teams/{id}/join", tag = "governance", request_body = TeamJoinIn,
    params(("id" = String, Path)), responses((status = 200, body = TeamItem)))]
pub async fn join(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    ctx.actor()?.require(Action::OwnThings, "")?;
    let body: TeamJoinIn = read(request).await?;
    answer(joining::join(&ctx, &id, &body.form()).await)?;
    shown(&ctx, &id).await
}

/// Changes what the reader told. Grids that go, go at once; further ones wait for staff.
#[utoipa::path(post, path = "/api/v1/teams/{id}/change", tag = "governance", request_body = TeamJoinIn,
    params(("id" = String, Path)), responses((status = 200, body = TeamItem)))]
pub async fn change(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    joining::mine(&ctx, &id).await?;
    let body: TeamJoinIn = read(request).await?;
    answer(joining::change(&ctx, &id, &body.form()).await)?;
    shown(&ctx, &id).await
}

/// Leaves a team, or takes the request back.
#[utoipa::path(post, path = "/api/v1/teams/{id}/leave", tag = "governance", params(("id" = String, Path)),
    responses((status = 204, description = "The reader is not in it any more")))]
pub async fn leave(ctx: Ctx, Path(id): Path<String>) -> Result {
    joining::leave(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A year of the own record.
#[derive(Serialize, ToSchema)]
pub struct ServiceYear {
    /// The year.
    year: i16,
    /// Confirmed minutes.
    minutes: i64,
}

/// A training that one was at.
#[derive(Serialize, ToSchema)]
pub struct ServiceTraining {
    /// Which day.
    day: String,
    /// What it was about.
    topic: String,
    /// How long, in minutes.
    minutes: i64,
    /// Name of the team.
    team: String,
}

/// The own record. Nobody else's is given to anybody.
#[derive(Serialize, ToSchema)]
pub struct ServiceRecord {
    /// Confirmed minutes by year, the latest first.
    years: Vec<ServiceYear>,
    /// All entries, the latest day first.
    hours: Vec<PartnersHourOut>,
    /// Trainings.
    trainings: Vec<ServiceTraining>,
}

/// The reader's own record.
#[utoipa::path(get, path = "/api/v1/me/service", tag = "me", responses((status = 200, body = ServiceRecord)))]
pub async fn record(ctx: Ctx) -> Result {
    let record = hours::record(&ctx).await?;
    let confirmed = record.hours.iter().filter(|hour| hour.state() == HourState::Confirmed);
    let years = by_year(confirmed.map(|hour| (hour.day(), hour.minutes)));
    let own = |hour| PartnersHourOut { name: String::new(), ..hour_out(hour) };
    let out = ServiceRecord {
        years: years.into_iter().map(|(year, minutes)| ServiceYear { year, minutes }).collect(),
        hours: record.hours.into_iter().map(own).collect(),
        trainings: record
            .trainings
            .into_iter()
            .map(|one| ServiceTraining {
                day: one.day().to_string(),
                topic: one.topic,
                minutes: one.minutes,
                team: one.team,
            })
            .collect(),
    };
    Ok(private(Json(out)))
}

/// Tells hours of one's own, for staff to confirm.
#[utoipa::path(post, path = "/api/v1/me/service/hours", tag = "me", request_body = PartnersHourIn,
    responses((status = 201, body = PartnersMade)))]
pub async fn tell(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require(Action::OwnThings, "")?;
    let body: PartnersHourIn = read(request).await?;
    let id = answer(hours::propose(&ctx, &body.form(once.or(&ctx, None))).await)?;
    Ok(created("/api/v1/me/service", PartnersMade { id }))
}

/// Takes hours of one's own back that staff have not looked at.
#[utoipa::path(post, path = "/api/v1/me/service/hours/{hour}/withdraw", tag = "me", params(("hour" = String, Path)),
    responses((status = 204, description = "It is withdrawn")))]
pub async fn withdraw(ctx: Ctx, Path(id): Path<String>) -> Result {
    hours::withdraw(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A certificate.
#[derive(Serialize, ToSchema)]
pub struct ServiceCertificateOut {
    /// Year and number in the year.
    number: String,
    /// Whose, masked where others look.
    name: String,
    /// First day.
    from: String,
    /// Last day.
    until: String,
    /// The sum that it says, in minutes.
    minutes: i64,
    /// `valid`, or `corrected` when hours that it counts were taken back.
    state: &'static str,
    /// What stands now, in minutes.
    minutes_now: i64,
    /// Where others check it.
    address: String,
}

fn out(ctx: &Ctx, one: Certificate, validity: Validity, masked: bool) -> ServiceCertificateOut {
    let (from, until) = one.span();
    let (state, minutes_now) = match validity {
        Validity::Valid => ("valid", one.minutes),
        Validity::Corrected(left) => ("corrected", left),
    };
    ServiceCertificateOut {
        from: from.to_string(),
        until: until.to_string(),
        address: absolute(&ctx.app, &format!("/service-certificates/{}", one.code)),
        name: if masked { mask_name(&one.name) } else { one.name },
        number: one.number,
        minutes: one.minutes,
        state,
        minutes_now,
    }
}

/// The reader's certificates, the latest first.
#[utoipa::path(get, path = "/api/v1/me/service/certificates", tag = "me",
    responses((status = 200, body = Vec<ServiceCertificateOut>)))]
pub async fn certificates(ctx: Ctx) -> Result {
    let all = papers::mine(&ctx).await?;
    let all: Vec<_> = all.into_iter().map(|(one, validity)| out(&ctx, one, validity, false)).collect();
    Ok(private(Json(all)))
}

/// A period.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ServicePeriodIn {
    /// First day, `YYYY-MM-DD`; empty with the last one: this year until today.
    from: String,
    /// Last day.
    until: String,
}

/// Makes a certificate about the reader's confirmed hours of a period; the same again is the same certificate.
#[utoipa::path(post, path = "/api/v1/me/service/certificates", tag = "me", request_body = Option<ServicePeriodIn>,
    responses((status = 201, body = ServiceCertificateOut), (status = 409, description = "there are no confirmed hours, or the reader has no name")))]
pub async fn issue(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require(Action::OwnThings, "")?;
    let body: ServicePeriodIn = read_or_empty(request).await?;
    let span = answer(papers::period(&ctx, (&body.from, &body.until)))?;
    let made = papers::issue(&ctx, span).await?;
    let here = format!("/api/v1/teams/certificates/{}", made.code);
    Ok(private(created(&here, out(&ctx, made, Validity::Valid, false))))
}

/// Checks a certificate by its code: whose (masked), what it says, and whether it stands.
#[utoipa::path(get, path = "/api/v1/teams/certificates/{code}", tag = "governance", params(("code" = String, Path)),
    responses((status = 200, body = ServiceCertificateOut)))]
pub async fn check(ctx: Ctx, Path(code): Path<String>) -> Result {
    let (one, validity) = papers::check(&ctx, &code).await?;
    Ok(Json(out(&ctx, one, validity, true)).into_response())
}

//! Sessions through the API, for those who run them.

use super::{
    out::{self, MeetingItem, MeetingSessionLine, MeetingTask},
    refused,
};
use crate::{
    http::{
        Ctx, Error, Result,
        api::{IfMatch, OnceKey, private, read, versioned},
    },
    meetings::{
        routes::views::Looker,
        service::{
            self, ballots,
            ballots::{BallotForm, Hands},
            minutes as minute, resolutions,
            resolutions::ResolutionForm,
            sessions,
            sessions::ItemForm,
        },
        store,
    },
};
use app::{
    meetings::{Presence, SessionStep},
    people::Action,
};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of the roll call.
#[derive(Serialize, ToSchema)]
pub struct MeetingRollLine {
    /// Id of the membership.
    pub member: String,
    /// Name.
    pub name: String,
    /// `present`, `late`, `represented` or `absent`; nothing was noted without it.
    pub presence: Option<&'static str>,
    /// Has the right of vote.
    pub votes: bool,
}

/// An id and a title.
#[derive(Serialize, ToSchema)]
pub struct MeetingItemName {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
}

/// A session as those see it who run it.
#[derive(Serialize, ToSchema)]
pub struct MeetingSessionWhole {
    /// The session.
    pub session: MeetingSessionLine,
    /// The lock of its texts.
    pub version: i64,
    /// Ids of the items of its agenda, in order.
    pub item_ids: Vec<MeetingItemName>,
    /// Its agenda with papers and ballots.
    pub items: Vec<MeetingItem>,
    /// The roll call. It says nothing of votes.
    pub roll: Vec<MeetingRollLine>,
    /// Its resolutions.
    pub resolutions: Vec<MeetingTask>,
    /// What was said.
    pub notes: String,
    /// The minutes, Markdown; empty until they are written.
    pub minutes: String,
    /// What is published, Markdown; empty until then.
    pub summary: String,
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let session = service::session(ctx, id, Action::NetRead).await?;
    let looker = Looker { person: &ctx.actor()?.id, member: false };
    let members = sessions::members(ctx, &session).await?;
    let tasks = store::resolutions::of_session(&ctx.app.db, id).await?;
    let agenda = store::sessions::agenda(&ctx.app.db, id).await?;
    let whole = MeetingSessionWhole {
        items: out::items(ctx, &session, &looker, true).await?,
        item_ids: agenda.into_iter().map(|item| MeetingItemName { id: item.id, title: item.title }).collect(),
        roll: members
            .into_iter()
            .map(|(member, presence)| MeetingRollLine {
                votes: member.rights().vote,
                presence: presence.map(Presence::code),
                member: member.id,
                name: member.name,
            })
            .collect(),
        resolutions: tasks.into_iter().map(|one| MeetingTask::of(ctx, one)).collect(),
        version: session.version,
        session: MeetingSessionLine::of(&session),
        notes: session.notes,
        minutes: session.minutes,
        summary: session.summary,
    };
    Ok(private(versioned(whole.version, whole)))
}

/// A session.
#[utoipa::path(get, path = "/api/v1/staff/meetings/{id}", tag = "governance", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = MeetingSessionWhole)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// A step of a session.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "invite"}))]
#[serde(default)]
pub struct MeetingSessionStepIn {
    /// `invite`, `open` or `close`.
    pub step: String,
}

/// Invites the members, opens or closes a session.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/step", tag = "governance", request_body = MeetingSessionStepIn,
    params(("id" = String, Path, description = "id")),
    responses((status = 200, body = MeetingSessionWhole), (status = 409, description = "not possible now")))]
pub async fn step(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingSessionStepIn = read(request).await?;
    let step = SessionStep::from_code(&body.step).ok_or(Error::Unprocessable("there is no such step".into()))?;
    sessions::step(&ctx, &id, step).await?;
    shown(&ctx, &id).await
}

/// An item of an agenda.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"title": "充电桩选址", "paper": "比较南门和北门。"}))]
#[serde(default)]
pub struct MeetingItemIn {
    /// Title; empty: the proposal's.
    pub title: String,
    /// Paper, Markdown; may be empty.
    pub paper: String,
    /// Id of a proposal that waits; may be empty.
    pub proposal: String,
}

/// Puts an item at the end of the agenda. Who proposed it is told.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/agenda", tag = "governance", request_body = MeetingItemIn,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MeetingSessionWhole)))]
pub async fn add_item(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingItemIn = read(request).await?;
    let form = ItemForm { title: body.title, paper: body.paper, proposal: body.proposal, key: once.or(&ctx, None) };
    sessions::add_item(&ctx, &id, &form).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// Whether a member is there.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"member": "01936d0e-5a00-7000-8000-000000000001", "presence": "present"}))]
#[serde(default)]
pub struct MeetingRollIn {
    /// Id of the membership.
    pub member: String,
    /// `present`, `late`, `represented` or `absent`.
    pub presence: String,
}

/// Notes whether a member is there.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/roll", tag = "governance", request_body = MeetingRollIn,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MeetingSessionWhole)))]
pub async fn roll(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingRollIn = read(request).await?;
    let presence = Presence::from_code(&body.presence).ok_or(Error::Unprocessable("there is no such state".into()))?;
    sessions::roll(&ctx, &id, &body.member, presence).await?;
    shown(&ctx, &id).await
}

/// A ballot that is prepared.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"item": "01936d0e-5a00-7000-8000-000000000001", "question": "是否同意选在南门？", "way": "secret"}))]
#[serde(default)]
pub struct MeetingBallotIn {
    /// Id of the item.
    pub item: String,
    /// The question.
    pub question: String,
    /// `open`, `secret` or `hands`.
    pub way: String,
    /// Options; none: yes or no. To abstain is always possible.
    pub options: Vec<String>,
}

/// Prepares a ballot.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/ballots", tag = "governance", request_body = MeetingBallotIn,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MeetingSessionWhole)))]
pub async fn make_ballot(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingBallotIn = read(request).await?;
    let form = BallotForm {
        item: body.item,
        question: body.question,
        way: body.way,
        options: body.options.join("\n"),
        key: once.or(&ctx, None),
    };
    ballots::make(&ctx, &id, &form).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// What is done with a ballot.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "open"}))]
#[serde(default)]
pub struct MeetingBallotStepIn {
    /// `open`, `close`, or `remove` while it was never opened.
    pub step: String,
    /// With `open`: votes are taken until then, `2026-12-02T20:00` by the deployment's clock; empty: until it is closed.
    pub until: String,
    /// With `close`, of a show of hands: its totals, in the order of the options.
    pub votes: Vec<i64>,
    /// With `close`, of a show of hands: membership of somebody there who saw them counted.
    pub witness: String,
}

/// Opens, closes or removes a ballot.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/ballots/{ballot}", tag = "governance", request_body = MeetingBallotStepIn,
    params(("id" = String, Path, description = "id"), ("ballot" = String, Path, description = "id of the ballot")),
    responses((status = 200, body = MeetingSessionWhole), (status = 409, description = "not possible now")))]
pub async fn ballot(ctx: Ctx, Path((id, ballot)): Path<(String, String)>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingBallotStepIn = read(request).await?;
    match body.step.as_str() {
        "open" => ballots::open(&ctx, &id, &ballot, &body.until).await.map_err(refused)?,
        "close" => {
            let hands = Hands { votes: body.votes.iter().map(i64::to_string).collect(), witness: body.witness };
            ballots::close(&ctx, &id, &ballot, &hands).await.map_err(refused)?;
        }
        "remove" => ballots::remove(&ctx, &id, &ballot).await?,
        _ => return Err(Error::Unprocessable("there is no such step".into())),
    }
    shown(&ctx, &id).await
}

/// A resolution.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"text": "在南门安装六个充电桩", "owner": "01936d0e-5a00-7000-8000-000000000001", "due": "2026-12-31"}))]
#[serde(default)]
pub struct MeetingResolutionIn {
    /// What is to be done.
    pub text: String,
    /// Membership of who does it, with the right of execution.
    pub owner: String,
    /// The last day.
    pub due: String,
    /// Id of the ballot that it comes from; may be empty.
    pub ballot: String,
    /// Code of a report about the same; may be empty.
    pub report: String,
}

/// Writes a resolution down. Its owner is told.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/resolutions", tag = "governance", request_body = MeetingResolutionIn,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MeetingSessionWhole)))]
pub async fn resolve(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingResolutionIn = read(request).await?;
    let form = ResolutionForm {
        text: body.text,
        owner: body.owner,
        due: body.due,
        ballot: body.ballot,
        report: body.report,
        key: once.or(&ctx, None),
    };
    resolutions::make(&ctx, &id, &form).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// Notes of a session.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"notes": "物业介绍了两处选址。"}))]
#[serde(default)]
pub struct MeetingNotesIn {
    /// What was said, Markdown.
    pub notes: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Saves the notes.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/notes", tag = "governance", request_body = MeetingNotesIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = MeetingSessionWhole)))]
pub async fn notes(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let session = service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingNotesIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(session.version);
    let saved = sessions::set_notes(&ctx, &id, version, &body.notes).await;
    saved.map_err(|error| if_match.blame(refused(error)))?;
    shown(&ctx, &id).await
}

/// What is done with the minutes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "write"}))]
#[serde(default)]
pub struct MeetingMinutesIn {
    /// `write` them from what happened, or `publish` a summary once they are approved.
    pub step: String,
    /// With `publish`: the summary for residents, Markdown.
    pub summary: String,
}

/// Writes the minutes of a session that is over, or publishes a summary.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/minutes", tag = "governance", request_body = MeetingMinutesIn,
    params(("id" = String, Path, description = "id")),
    responses((status = 204, description = "It is done"), (status = 409, description = "not possible now")))]
pub async fn minutes(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::session(&ctx, &id, Action::MeetingManage).await?;
    let body: MeetingMinutesIn = read(request).await?;
    match body.step.as_str() {
        "write" => minute::write(&ctx, &id).await?,
        "publish" => minute::publish(&ctx, &id, &body.summary).await.map_err(refused)?,
        _ => return Err(Error::Unprocessable("there is no such step".into())),
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

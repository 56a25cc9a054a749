//! Matters through the API.

use crate::{
    http::{
        Ctx, Error, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, read, versioned, wrong_fields},
    },
    matters::{
        routes::list::cursor,
        service::{self, Form, Refused, StepError, Wanted},
        store::{self, Event, Matter, Tab, Wish, instant},
        view,
    },
};
use app::{
    matters::{
        DAYS_USUAL, HOURS_USUAL,
        clock::Late,
        kind::{Kind, Way},
        life::Step,
    },
    people::Action,
};
use axum::{
    extract::{Path, Request},
    response::Response,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A matter.
#[derive(Serialize, ToSchema)]
pub struct MatterOut {
    /// Id.
    pub id: String,
    /// What people call it by.
    pub number: String,
    /// Title.
    pub title: String,
    /// `hard`, `coordinate`, `task` or `forward`.
    pub kind: &'static str,
    /// `up`, `down`, `out` (to a platform) or `in` (from one).
    pub way: &'static str,
    /// Name of the sender.
    pub from: String,
    /// Name of the receiver.
    pub to: String,
    /// `sent`, `accepted`, `in_progress`, `waiting`, `return_asked`, `withdraw_asked`, `extend_asked`, `answered`, `closed`,
    /// `returned`, `withdrawn` or `cancelled`.
    pub state: &'static str,
    /// Over its time: `accept` or `handle`.
    pub late: Option<&'static str>,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// By when it is to be taken; absent where the calendar does not reach so far.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accept_due: Option<Timestamp>,
    /// By when it is to be answered; absent where the calendar does not reach so far.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Since when the clocks stand still.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub stopped_at: Option<Timestamp>,
    /// Grows with every step.
    pub version: i64,
}

fn item(ctx: &Ctx, matter: &Matter) -> MatterOut {
    MatterOut {
        id: matter.id.clone(),
        number: matter.number.clone(),
        title: matter.title.clone(),
        kind: matter.kind().code(),
        way: matter.way().code(),
        from: view::from_name(ctx.w, matter),
        to: view::to_name(ctx.w, matter),
        state: matter.state().code(),
        late: matter.late(ctx.now).map(|late| match late {
            Late::Accept => "accept",
            Late::Handle => "handle",
        }),
        sent_at: instant(matter.sent_at),
        accept_due: matter.accept_due_at.map(instant),
        due: matter.due(),
        stopped_at: matter.stopped_at.map(instant),
        version: matter.version,
    }
}

/// Which matters are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct MatterQuery {
    /// `to` (sent to the reader's organisations, and open), `from` (sent by them), `decide` (waiting for their decision),
    /// `late`, `done` or `all` in the reader's subtree.
    pub tab: Option<String>,
    /// Code of a kind.
    pub kind: Option<String>,
    /// `up`, `down`, `out` or `in`.
    pub way: Option<String>,
    /// In title or number.
    pub q: Option<String>,
}

/// A code that is one of ours, or none.
fn known<T>(name: &str, given: Option<&str>, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
    match given.filter(|code| !code.is_empty()) {
        None => Ok(None),
        Some(code) => match read(code) {
            Some(value) => Ok(Some(value)),
            None => Err(Error::Fields(vec![crate::http::FieldProblem {
                pointer: name.to_owned(),
                detail: "there is no such one".to_owned(),
            }])),
        },
    }
}

/// Matters that the reader reads, the newest first.
#[utoipa::path(get, path = "/api/v1/staff/matters", tag = "net", params(MatterQuery, Paging),
    responses((status = 200, body = Listed<MatterOut>)))]
pub async fn list(ctx: Ctx, Params(query): Params<MatterQuery>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::MatterRead)?;
    let mine: Vec<String> = service::acting(actor).into_iter().map(|(id, _)| id).collect();
    let scopes: Vec<String> = actor.scopes(Action::MatterRead).into_iter().map(str::to_owned).collect();
    let search: String = query.q.as_deref().unwrap_or_default().chars().filter(|c| !c.is_control()).take(60).collect();
    let wish = Wish {
        tab: known("tab", query.tab.as_deref(), Tab::from_code)?.unwrap_or(Tab::All),
        mine: &mine,
        scopes: &scopes,
        kind: known("kind", query.kind.as_deref(), Kind::from_code)?,
        way: known("way", query.way.as_deref(), Way::from_code)?,
        search: &search,
        now: ctx.now,
    };
    let (rows, after) = (paging.rows()?, paging.after(cursor)?);
    let mut found = store::list(&ctx.app.db, &wish, after.as_ref(), rows + 1).await?;
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.sent_at, last.id));
    Ok(listed(&ctx, found.iter().map(|matter| item(&ctx, matter)).collect(), next))
}

/// Something that happened to a matter.
#[derive(Serialize, ToSchema)]
pub struct MatterEventOut {
    /// The version into which it led.
    pub seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Code of the step; empty: it was sent.
    pub step: String,
    /// State before.
    pub from_state: String,
    /// State after.
    pub to_state: String,
    /// `sender`, `receiver` or `system`.
    pub side: String,
    /// Name of the person or platform; empty: Linli itself.
    pub by: String,
    /// What was said.
    pub text: String,
    /// Working days asked for or granted; else 0.
    pub days: i64,
}

fn event(event: Event) -> MatterEventOut {
    MatterEventOut {
        seq: event.seq,
        at: instant(event.at),
        step: event.step,
        from_state: event.from_state,
        to_state: event.to_state,
        side: event.side,
        by: event.platform_name.or(event.actor_name).unwrap_or_default(),
        text: event.reason,
        days: event.days,
    }
}

/// A matter with all that belongs to it.
#[derive(Serialize, ToSchema)]
pub struct MatterWhole {
    /// What the list shows of it.
    #[serde(flatten)]
    pub matter: MatterOut,
    /// What it is about.
    pub text: String,
    /// The answer; empty: there is none yet.
    pub answer: String,
    /// Code of the report from which it comes; empty: none.
    pub report: String,
    /// What the platform calls it; empty: no platform, or not told yet.
    pub reference: String,
    /// Id of the matter above, where the reader reads it.
    pub parent: Option<String>,
    /// Matters below that the reader reads.
    pub children: Vec<MatterOut>,
    /// Codes of the steps that the reader may take now.
    pub steps: Vec<&'static str>,
    /// What happened, in order.
    pub events: Vec<MatterEventOut>,
}

async fn whole(ctx: &Ctx, id: &str) -> Result {
    let matter = service::readable(ctx, id).await?;
    let sides = service::sides(ctx.actor()?, &matter);
    let steps = service::possible(ctx, &matter, &sides).await?;
    let whole = MatterWhole {
        text: matter.body.clone(),
        answer: matter.answer.clone(),
        report: matter.report_code.clone(),
        reference: matter.foreign_ref.clone(),
        parent: service::above(ctx, &matter).await?.map(|parent| parent.id),
        children: service::below(ctx, &matter).await?.iter().map(|child| item(ctx, child)).collect(),
        steps: steps.into_iter().filter(|(_, why)| why.is_none()).map(|(step, _)| step.code()).collect(),
        events: store::events(&ctx.app.db, &matter.id).await?.into_iter().map(event).collect(),
        matter: item(ctx, &matter),
    };
    Ok(versioned(matter.version, whole))
}

/// One matter.
#[utoipa::path(get, path = "/api/v1/staff/matters/{id}", tag = "net",
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MatterWhole)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    whole(&ctx, &id).await
}

/// A matter that is to be sent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"from": "wutong", "to": "org:tongyin", "kind": "hard", "title": "门禁改造经费", "text": "请街道协调。"}))]
#[serde(default)]
pub struct MatterIn {
    /// Code of the organisation that sends it: one for which the reader acts.
    pub from: String,
    /// `org:` and the code of an organisation one level up or below, or `platform:` and the id of a platform.
    pub to: String,
    /// `hard`, `coordinate`, `task` or `forward`.
    pub kind: String,
    /// Title, at most 80 characters.
    pub title: String,
    /// What it is about, at most 4000 characters.
    pub text: String,
    /// Working hours for acceptance, 8 when it is missing.
    pub hours: Option<i64>,
    /// Working days for handling, 5 when it is missing.
    pub days: Option<i64>,
    /// Code of the report from which it comes.
    pub report: String,
    /// Id of the matter that is handed on.
    pub parent: String,
}

/// A matter that was sent.
#[derive(Serialize, ToSchema)]
pub struct MatterSentOut {
    /// Id.
    pub id: String,
    /// What people call it by.
    pub number: String,
}

/// Sends a matter: up, down, to a platform, or on from one that came.
#[utoipa::path(post, path = "/api/v1/staff/matters", tag = "net", request_body = MatterIn,
    responses((status = 201, body = MatterSentOut), (status = 409, description = "the matter above cannot be handed on now")))]
pub async fn send(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::MatterHandle)?;
    let body: MatterIn = read(request).await?;
    let form = Form {
        from: body.from,
        to: body.to,
        kind: body.kind,
        title: body.title,
        text: body.text,
        hours: body.hours.unwrap_or(HOURS_USUAL).to_string(),
        days: body.days.unwrap_or(DAYS_USUAL).to_string(),
        report: body.report,
        parent: body.parent,
        key: once.or(&ctx, None),
    };
    let (id, number) = match service::send(&ctx, &form).await {
        Ok(sent) => (sent.id, sent.number),
        Err(Refused::Again(id)) => {
            let number = service::readable(&ctx, &id).await?.number;
            (id, number)
        }
        Err(Refused::Invalid(errors)) => return Err(wrong_fields(errors.into_map())),
        Err(Refused::Other(error)) => return Err(error),
    };
    Ok(created(&format!("/api/v1/staff/matters/{id}"), MatterSentOut { id, number }))
}

/// A step that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"step": "ask_extend", "text": "还在等配件", "days": 3, "version": 2}))]
#[serde(default)]
pub struct MatterStepIn {
    /// Code of the step, one of the matter's `steps`.
    pub step: String,
    /// What is said: an answer, a reason, a note; at most 2000 characters.
    pub text: String,
    /// Working days, with `ask_extend`.
    pub days: Option<i64>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Takes a step.
#[utoipa::path(post, path = "/api/v1/staff/matters/{id}/steps", tag = "net",
    request_body = MatterStepIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = MatterWhole), (status = 409, description = "not possible now, or somebody was quicker")))]
pub async fn step(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result<Response> {
    let (matter, _) = service::handled(&ctx, &id).await?;
    let body: MatterStepIn = read(request).await?;
    let step = known("step", Some(&body.step), Step::from_code)?
        .ok_or_else(|| wrong_fields([("step", "is missing".to_owned())]))?;
    let wanted = Wanted {
        step,
        version: if_match.or(body.version)?.unwrap_or(matter.version),
        text: body.text,
        days: body.days.map(|days| days.to_string()).unwrap_or_default(),
    };
    match service::take(&ctx, &id, &wanted).await {
        Ok(()) => whole(&ctx, &id).await,
        Err(StepError::Mistakes(errors)) => Err(wrong_fields(errors.into_map())),
        Err(StepError::Obstacle(key)) => Err(Error::Conflict(key)),
        Err(StepError::Stale) => Err(if_match.blame(Error::Conflict("matters-conflict-quicker"))),
        Err(StepError::Other(error)) => Err(error),
    }
}

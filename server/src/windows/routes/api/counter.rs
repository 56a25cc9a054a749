//! The counter through the API: windows, the line, every movement of the queue.

use super::instant;
use crate::{
    http::{
        Ctx, Error, FieldProblem, Result,
        api::{OnceKey, created, problem, read, read_or_empty},
    },
    windows::{
        routes::{
            counter::{self, staffed},
            views::{Fields, Segment},
        },
        service::{self, Counter, IssueError, Line, Mover, QueueError},
        store::tickets::Ticket,
    },
};
use app::windows::queue::{PriorityClass, Step, TicketState};
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A window.
#[derive(Serialize, ToSchema)]
pub struct ApiWindow {
    /// Its address: `hall-wutong.3`.
    pub window: String,
    /// Number on its sign.
    pub number: i64,
    /// Name in the reader's language.
    pub name: String,
    /// Who works there now.
    pub clerk: Option<String>,
    /// The reader works there now.
    pub mine: bool,
    /// Who waits that it may call.
    pub waiting: usize,
}

/// A person in the line.
#[derive(Serialize, ToSchema)]
pub struct ApiWaiter {
    /// Id of the ticket.
    pub ticket: String,
    /// As it is called: A012.
    pub number: String,
    /// State, as `GET /api/v1/tickets/{id}` says it.
    pub state: &'static str,
    /// Name for the clerk, may be empty.
    pub name: String,
    /// Code of the item.
    pub item: String,
    /// `ordinary`, `senior`, `disabled`, `pregnant` or `veteran`.
    pub class: &'static str,
    /// For bookings: the time, RFC 3339 with offset.
    pub booked_for: Option<String>,
    /// When the number was given, RFC 3339 with offset.
    pub issued_at: String,
    /// How often it was called.
    pub calls: i64,
    /// What is needed, may be empty.
    pub need: String,
    /// The clerk's note, may be empty.
    pub note: String,
}

/// A window's screen.
#[derive(Serialize, ToSchema)]
pub struct ApiCounter {
    /// The window.
    #[serde(flatten)]
    pub window: ApiWindow,
    /// The person called or served.
    pub now: Option<ApiWaiter>,
    /// Who waits that this window may call, the first first.
    pub line: Vec<ApiWaiter>,
    /// Parked.
    pub parked: Vec<ApiWaiter>,
    /// Passed: called and not come.
    pub passed: Vec<ApiWaiter>,
    /// Id of the step that can be undone now.
    pub undo: Option<String>,
}

fn at(micros: i64) -> String {
    instant(jiff::Timestamp::from_microsecond(micros).unwrap_or_default())
}

pub(super) fn waiter(ticket: &Ticket) -> ApiWaiter {
    ApiWaiter {
        ticket: ticket.id.clone(),
        number: ticket.label(),
        state: ticket.state().code(),
        name: ticket.name.clone(),
        item: ticket.item_code.clone(),
        class: ticket.class().code(),
        booked_for: ticket.booked_for.map(at),
        issued_at: at(ticket.issued_at),
        calls: ticket.calls,
        need: ticket.need.clone(),
        note: ticket.note.clone(),
    }
}

fn window(ctx: &Ctx, hall: &str, line: &Line, desk: &crate::windows::store::tickets::Desk) -> ApiWindow {
    let me = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    ApiWindow {
        window: format!("{hall}.{}", desk.number),
        number: desk.number,
        name: ctx.w.pick(&desk.name, &desk.name_en).to_owned(),
        clerk: desk.staff_name.clone(),
        mine: desk.staff_id.is_some() && desk.staff_id.as_deref() == me,
        waiting: line.for_window(&desk.id).count(),
    }
}

/// The windows of a hall in which the reader serves.
#[utoipa::path(get, path = "/api/v1/staff/counter", tag = "counter",
    params(("hall" = Option<String>, Query, description = "code of the hall; the first of the reader's without it")),
    responses((status = 200, body = Vec<ApiWindow>)))]
pub async fn windows(ctx: Ctx, fields: Fields) -> Result {
    let (_, hall) = service::halls_for(&ctx, app::people::Action::QueueServe, fields.get("hall")).await?;
    let mut all = Vec::new();
    if let Some(hall) = &hall {
        let line = service::line(&ctx.app, hall, ctx.now).await?;
        let open = line.desks.iter().filter(|desk| desk.closed == 0);
        all.extend(open.map(|desk| window(&ctx, &hall.code, &line, desk)));
    }
    Ok(Json(all).into_response())
}

pub(super) async fn shown(ctx: &Ctx, address: &str) -> Result {
    let Counter { hall, desk, line, current, undo, .. } = service::counter(ctx, address).await?;
    let aside = |state: TicketState| {
        let all = line.others.iter().filter(|ticket| ticket.state() == state && line.may_call(&desk.id, ticket));
        all.map(waiter).collect()
    };
    let shown = ApiCounter {
        now: current.map(|current| waiter(&current.ticket)),
        line: line.for_window(&desk.id).map(waiter).collect(),
        parked: aside(TicketState::Parked),
        passed: aside(TicketState::Passed),
        undo: undo.map(|(step, _)| step.id),
        window: window(ctx, &hall.code, &line, &desk),
    };
    Ok(Json(shown).into_response())
}

/// A window's screen: the person at it, the line, who is parked or passed.
#[utoipa::path(get, path = "/api/v1/staff/counter/{window}", tag = "counter",
    params(("window" = String, Path, description = "address of the window: `hall-wutong.3`")),
    responses((status = 200, body = ApiCounter)))]
pub async fn one(ctx: Ctx, Segment(address): Segment) -> Result {
    shown(&ctx, &address).await
}

/// The window as it is after a movement, or why nothing moved.
async fn answer<T>(ctx: &Ctx, address: &str, outcome: std::result::Result<T, QueueError>) -> Result {
    match outcome {
        Ok(_) => shown(ctx, address).await,
        Err(error) => refused(ctx, error),
    }
}

/// Why nothing moved: 409.
pub(super) fn refused(ctx: &Ctx, error: QueueError) -> Result<Response> {
    let (kind, key) = match error {
        QueueError::Http(error) => return Err(error),
        QueueError::Nobody => ("nobody", "queue-trouble-nobody"),
        QueueError::Busy => ("busy", "queue-trouble-busy"),
        QueueError::NotNow => ("not-now", "queue-trouble-not-now"),
        QueueError::Lapsed => ("lapsed", "queue-trouble-not-now"),
        QueueError::CalledOften => ("called-often", "queue-called-often"),
        QueueError::NoUndo => ("no-undo", "queue-trouble-no-undo"),
        QueueError::NotOpen => ("not-open", "queue-trouble-not-open"),
        QueueError::Long => {
            let detail = ctx.w.tf("settings-error-long", &[("max", service::MAX_NOTE.into())]);
            return Err(Error::Fields(vec![FieldProblem::of("note", detail)]));
        }
    };
    Ok(problem(ctx, StatusCode::CONFLICT, kind, ctx.w.t(key), serde_json::json!({})))
}

/// Opens the window for the reader.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/open", tag = "counter",
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 200, body = ApiCounter), (status = 409, description = "somebody is being served there")))]
pub async fn open(ctx: Ctx, Segment(address): Segment) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let outcome = service::staff_window(&Mover::clerk(&ctx, &hall)?, &hall, &desk, true).await;
    answer(&ctx, &address, outcome).await
}

/// Closes it.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/close", tag = "counter",
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 200, body = ApiCounter), (status = 409, description = "somebody is being served there")))]
pub async fn close(ctx: Ctx, Segment(address): Segment) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let outcome = service::staff_window(&Mover::clerk(&ctx, &hall)?, &hall, &desk, false).await;
    answer(&ctx, &address, outcome).await
}

/// Calls the next in line. Of several windows that call at once none gets the same person; the same `Idempotency-Key` calls once.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/call", tag = "counter",
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 200, body = ApiCounter), (status = 409, description = "nobody waits, the window is busy, or the reader has not opened it")))]
pub async fn call(ctx: Ctx, once: OnceKey, Segment(address): Segment) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let outcome = match staffed(&ctx, &desk) {
        Ok(()) => service::call_next(&Mover::clerk(&ctx, &hall)?, &hall, &desk.id, &once.or(&ctx, None)).await,
        Err(error) => Err(error),
    };
    answer(&ctx, &address, outcome).await
}

/// A movement of a ticket.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"ticket": "0193…", "step": "start"}))]
#[serde(default)]
pub struct MoveBody {
    /// Id of the ticket.
    pub ticket: String,
    /// `recall`, `start`, `finish`, `pass`, `recall_passed`, `park`, `unpark`, `transfer`, `no_show` or `leave`.
    pub step: String,
    /// Finish: `done`, `missing`, `another_visit` or `referred`.
    pub outcome: Option<String>,
    /// The clerk's note; left out, the one there is stays.
    pub note: Option<String>,
    /// Transfer: number of the window that shall call it; left out, any.
    pub to_window: Option<i64>,
    /// Transfer: code of the item it is for from now on.
    pub to_item: Option<String>,
    /// Finish: materials that were seen.
    pub seen: Vec<SeenBody>,
}

/// A material that was seen.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SeenBody {
    /// Code of the item.
    pub item: String,
    /// Code of the material.
    pub material: String,
}

impl MoveBody {
    /// As the page's form would have sent it.
    fn fields(self, key: String) -> Fields {
        let mut fields = vec![("ticket", self.ticket), ("step", self.step), ("key", key)];
        fields.extend(self.outcome.map(|text| ("outcome", text)));
        fields.extend(self.note.map(|text| ("note", text)));
        fields.extend(self.to_window.map(|number| ("to_window", number.to_string())));
        fields.extend(self.to_item.map(|text| ("to_item", text)));
        fields.extend(self.seen.into_iter().map(|seen| ("seen", format!("{}:{}", seen.item, seen.material))));
        Fields(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// Makes one step of a ticket at the window.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/steps", tag = "counter", request_body = MoveBody,
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 200, body = ApiCounter), (status = 409, description = "the state does not allow it, or a colleague was quicker")))]
pub async fn step(ctx: Ctx, once: OnceKey, Segment(address): Segment, request: Request) -> Result {
    let at = service::counter_of(&ctx, &address).await?;
    let body: MoveBody = read(request).await?;
    let calls = |step: &Step| !matches!(step, Step::Call | Step::CheckIn);
    if Step::from_code(&body.step).filter(calls).is_none() {
        return Err(Error::Fields(vec![FieldProblem::of("step", "there is no such step")]));
    }
    let fields = body.fields(once.or(&ctx, None));
    answer(&ctx, &address, counter::take_step(&ctx, &at, &fields).await).await
}

/// What is undone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct UndoBody {
    /// Id of the step; left out, the one that the window's `undo` names.
    pub step: Option<String>,
}

/// Undoes the newest step, within a minute.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/undo", tag = "counter", request_body = Option<UndoBody>,
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 200, body = ApiCounter), (status = 409, description = "it cannot be undone (any more)")))]
pub async fn undo(ctx: Ctx, Segment(address): Segment, request: Request) -> Result {
    let counter = service::counter(&ctx, &address).await?;
    let body: UndoBody = read_or_empty(request).await?;
    let newest = || counter.undo.as_ref().map(|(step, _)| step.id.clone());
    let outcome = match body.step.or_else(newest) {
        Some(step) => service::undo(&Mover::clerk(&ctx, &counter.hall)?, &counter.hall, &step).await,
        None => Err(QueueError::NoUndo),
    };
    answer(&ctx, &address, outcome).await
}

/// Somebody without a booking.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"item": "worker-aid", "class": "senior", "name": "王阿姨"}))]
pub struct WalkInBody {
    /// Code of the item.
    pub item: String,
    /// `ordinary`, `senior`, `disabled`, `pregnant` or `veteran`.
    #[serde(default)]
    pub class: String,
    /// Name for the clerk, may be empty.
    #[serde(default)]
    pub name: String,
}

/// Gives somebody at the desk a number.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/walk-in", tag = "counter", request_body = WalkInBody,
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 201, body = ApiWaiter), (status = 409, description = "closed, or none left")))]
pub async fn walk_in(ctx: Ctx, once: OnceKey, Segment(address): Segment, request: Request) -> Result {
    let (hall, _) = service::counter_of(&ctx, &address).await?;
    let body: WalkInBody = read(request).await?;
    let class = PriorityClass::from_code(&body.class);
    let key = once.or(&ctx, None);
    let w = ctx.w;
    let text = match service::walk_in(&ctx, &hall, (&body.item, class, &body.name, &key)).await {
        Ok(ticket) => return Ok(created(&format!("/api/v1/tickets/{}", ticket.id), waiter(&ticket))),
        Err(IssueError::Http(error)) => return Err(error),
        Err(IssueError::NotServed) => {
            return Err(Error::Fields(vec![FieldProblem::of("item", w.t("queue-not-served"))]));
        }
        Err(IssueError::HasOne(ticket)) => w.tf("queue-has-one", &[("number", ticket.label().into())]),
        Err(IssueError::Closed) => w.t("queue-hall-closed"),
        Err(IssueError::NoneLeft) => w.t("queue-none-left"),
        Err(IssueError::TooLate) => w.t("queue-too-late-today"),
    };
    Ok(problem(&ctx, StatusCode::CONFLICT, "no-number", text, serde_json::json!({})))
}

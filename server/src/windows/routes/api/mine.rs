//! One's own visits and numbers through the API: the list, a number from afar or at the door, checking in, giving up, rating.

use super::{ApiAppointment, day, day::ApiTicket, instant, of_stored};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{Listed, OnceKey, Paging, created, listed, problem, read, read_or_empty},
    },
    windows::{
        routes::{
            number::{
                self,
                draw::{self, Came, NotIn, Way},
                own_ticket,
            },
            views::Segment,
        },
        service::{self, Extra, IssueError, Mover, QueueError, RateError, managers::proposal},
        store::{Hall, halls},
    },
};
use app::{
    time::{date, day_of},
    windows::queue::{Step, TicketState},
};
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which of one's own visits.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Which {
    /// Those that are over or cancelled instead of those to come.
    pub past: bool,
}

/// The signed-in person's visits: those to come, the next one first; or those that are over, the latest first.
#[utoipa::path(get, path = "/api/v1/appointments", tag = "appointments", params(Which, Paging),
    responses((status = 200, body = Listed<ApiAppointment>)))]
pub async fn list(ctx: Ctx, Params(which): Params<Which>, Params(paging): Params<Paging>) -> Result {
    let mine = service::mine(&ctx).await?;
    let (page, next) = paging.cut(if which.past { mine.past } else { mine.upcoming })?;
    let items = page.into_iter().map(|(appointment, _)| of_stored(appointment)).collect();
    Ok(listed(&ctx, items, next))
}

/// A hall.
#[derive(Serialize, ToSchema)]
pub struct ApiHall {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Today's hours, and the wait while somebody serves, in words.
    pub today: String,
    /// It is open now.
    pub open: bool,
    /// Numbers can be drawn from afar now.
    pub remote: bool,
}

/// The halls, with today's hours.
#[utoipa::path(get, path = "/api/v1/halls", tag = "services", responses((status = 200, body = Vec<ApiHall>)))]
pub async fn all_halls(ctx: Ctx) -> Result {
    let mut all = Vec::new();
    for hall in halls::all(&ctx.app.db).await? {
        let now = service::now_at(&ctx, &hall).await?;
        all.push(ApiHall {
            name: ctx.w.pick(&hall.name, &hall.name_en).to_owned(),
            address: ctx.w.pick(&hall.address, &hall.address_en).to_owned(),
            open: service::is_open(&ctx.app, &hall, ctx.now).await?,
            today: now.opening,
            remote: now.remote.is_some(),
            phone: hall.phone,
            code: hall.code,
        });
    }
    Ok(Json(all).into_response())
}

/// A number that is wanted.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"item": "worker-aid"}))]
pub struct NumberBody {
    /// Code of the item.
    pub item: String,
    /// At the door: the token in the address of the door's QR code (`d`). Without it the number is drawn from afar.
    #[serde(default)]
    pub door: Option<String>,
}

fn conflict(ctx: &Ctx, kind: &str, detail: String) -> Response {
    problem(ctx, StatusCode::CONFLICT, kind, detail, serde_json::json!({}))
}

async fn hall_and_way(ctx: &Ctx, code: &str, door: Option<&str>) -> Result<(Hall, Way)> {
    let hall = number::hall_of(ctx, code).await?;
    match door {
        Some(token) if draw::is_door(ctx, &hall, token) => Ok((hall, Way::Door)),
        Some(_) => Err(Error::Forbidden),
        None => Ok((hall, Way::Remote)),
    }
}

/// Draws a number of today, from afar or at the door. Whoever has an open number of this hall gets 409 with its id.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/tickets", tag = "appointments", request_body = NumberBody,
    params(("hall" = String, Path, description = "code of the hall")),
    responses((status = 201, body = ApiTicket), (status = 409, description = "closed, none left, too late, or one has a number; then with `ticket`")))]
pub async fn draw_number(ctx: Ctx, once: OnceKey, Segment(code): Segment, request: Request) -> Result {
    if ctx.actor.is_none() && ctx.device.is_empty() {
        return Err(Error::SignIn);
    }
    let body: NumberBody = read(request).await?;
    let (hall, way) = hall_and_way(&ctx, &code, body.door.as_deref()).await?;
    let w = ctx.w;
    if way == Way::Remote && hall.limits().remote_tickets == 0 {
        return Ok(conflict(&ctx, "no-remote", w.t("queue-no-remote")));
    }
    let key = once.or(&ctx, None);
    match draw::take(&ctx, &hall, way, (&body.item, &key)).await {
        Ok(ticket) => {
            let location = format!("/api/v1/tickets/{}", ticket.id);
            Ok(created(&location, day::shown(&ctx, ticket, &hall).await?))
        }
        Err(error) => not_drawn(&ctx, error),
    }
}

/// Why there is no number.
pub(super) fn not_drawn(ctx: &Ctx, error: IssueError) -> Result {
    let w = ctx.w;
    let (kind, key) = match error {
        IssueError::Http(error) => return Err(error),
        IssueError::HasOne(ticket) => {
            let text = w.tf("queue-has-one", &[("number", ticket.label().into())]);
            let more = serde_json::json!({ "ticket": ticket.id });
            return Ok(problem(ctx, StatusCode::CONFLICT, "has-one", text, more));
        }
        IssueError::NotServed => return Err(Error::Fields(vec![FieldProblem::of("item", w.t("queue-not-served"))])),
        IssueError::Closed => ("closed", "queue-hall-closed"),
        IssueError::NoneLeft => ("none-left", "queue-none-left"),
        IssueError::TooLate => ("too-late", "queue-too-late-today"),
    };
    Ok(conflict(ctx, kind, w.t(key)))
}

/// Who has come.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"door": "token of the door's QR code", "code": "K7Q2M9"}))]
pub struct ComeBody {
    /// The token in the address of the door's QR code (`d`): it says that they are here.
    pub door: String,
    /// Code of a booking, or its link.
    #[serde(default)]
    pub code: Option<String>,
    /// Id of a number drawn from afar, one's own.
    #[serde(default)]
    pub ticket: Option<String>,
    /// Token of that number's link, instead of signing in.
    #[serde(default)]
    pub t: Option<String>,
}

/// Checks in at the door: a booking, or a number drawn from afar. Gives the number in the line.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/check-in", tag = "appointments", request_body = ComeBody,
    params(("hall" = String, Path, description = "code of the hall")),
    responses((status = 200, body = ApiTicket), (status = 403, description = "the token is not the door's"),
        (status = 409, description = "another day, lapsed, or over")))]
pub async fn check_in(ctx: Ctx, Segment(code): Segment, request: Request) -> Result {
    let body: ComeBody = read(request).await?;
    let (hall, _) = hall_and_way(&ctx, &code, Some(&body.door)).await?;
    let ticket = body.ticket.as_deref().map(|id| (id, body.t.as_deref()));
    match draw::come(&ctx, &hall, body.code.as_deref(), ticket).await {
        Ok(Came::Number(ticket) | Came::Booking(ticket, _)) => {
            Ok(Json(day::shown(&ctx, ticket, &hall).await?).into_response())
        }
        Err(error) => not_in(&ctx, error),
    }
}

/// Why nobody was checked in.
pub(super) fn not_in(ctx: &Ctx, error: NotIn) -> Result {
    let w = ctx.w;
    let wrong = |key| Err(Error::Fields(vec![FieldProblem::of("code", w.t(key))]));
    match error {
        NotIn::Http(error) => Err(error),
        NotIn::NotACode => wrong("windows-check-in-not-a-code"),
        NotIn::Unknown => wrong("windows-check-in-unknown"),
        NotIn::Lapsed => Ok(conflict(ctx, "lapsed", w.t("queue-lapsed"))),
        NotIn::NotNow => Ok(conflict(ctx, "not-now", w.t("queue-trouble-not-now"))),
        NotIn::OtherDay(one) => {
            let day = date(w.lang, day_of(one.starts()));
            Ok(conflict(ctx, "other-day", w.tf("windows-check-in-other-day", &[("date", day.into())])))
        }
        NotIn::Over => Ok(conflict(ctx, "over", w.t("windows-check-in-over"))),
    }
}

/// The token of a number's link.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct LinkBody {
    /// Token of the number's link, instead of signing in.
    pub t: Option<String>,
}

/// Gives a number up.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/leave", tag = "appointments", request_body = Option<LinkBody>,
    params(("id" = String, Path, description = "id of the ticket")),
    responses((status = 200, body = ApiTicket), (status = 409, description = "it is being served, or over")))]
pub async fn leave(ctx: Ctx, Segment(id): Segment, request: Request) -> Result {
    let body: LinkBody = read_or_empty(request).await?;
    let (ticket, hall) = own_ticket(&ctx, &id, body.t.as_deref()).await?;
    let refused = || conflict(&ctx, "not-now", ctx.w.t("queue-trouble-not-now"));
    if ticket.state() == TicketState::Serving {
        return Ok(refused());
    }
    match service::act(&Mover::of(&ctx), &hall, None, (&id, Step::Leave), &Extra::default(), "").await {
        Ok(_) => {
            let (ticket, hall) = own_ticket(&ctx, &id, body.t.as_deref()).await?;
            Ok(Json(day::shown(&ctx, ticket, &hall).await?).into_response())
        }
        Err(QueueError::Http(error)) => Err(error),
        Err(_) => Ok(refused()),
    }
}

/// A rating.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"stars": 5}))]
pub struct RatingBody {
    /// 1 to 5.
    pub stars: i64,
    /// Why; needed below 3.
    #[serde(default)]
    pub reason: String,
    /// Token of the number's link, instead of signing in.
    #[serde(default)]
    pub t: Option<String>,
}

/// Rates a visit that is done. Rating twice keeps the first.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/rating", tag = "appointments", request_body = RatingBody,
    params(("id" = String, Path, description = "id of the ticket")),
    responses((status = 204, description = "rated"), (status = 409, description = "the visit is not done")))]
pub async fn rate(ctx: Ctx, Segment(id): Segment, request: Request) -> Result {
    let body: RatingBody = read(request).await?;
    let (ticket, _) = own_ticket(&ctx, &id, body.t.as_deref()).await?;
    let wrong = |field: &str, key: &str| Err(Error::Fields(vec![FieldProblem::of(field, ctx.w.t(key))]));
    match service::rate(&Mover::of(&ctx), &ticket, body.stars, &body.reason).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RateError::Http(error)) => Err(error),
        Err(RateError::Choose) => wrong("stars", "queue-rating-choose"),
        Err(RateError::Why) => wrong("reason", "queue-rating-why"),
        Err(RateError::Long) => {
            let detail = ctx.w.tf("settings-error-long", &[("max", service::MAX_RATING_TEXT.into())]);
            Err(Error::Fields(vec![FieldProblem::of("reason", detail)]))
        }
        Err(RateError::NotYet) => Ok(conflict(&ctx, "not-yet", ctx.w.t("queue-trouble-not-now"))),
    }
}

/// Another time that the hall proposes for a booking.
#[derive(Serialize, ToSchema)]
pub struct ApiProposal {
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// Number of the window.
    pub window: i64,
    /// Until when it can be answered.
    pub until: String,
    /// What the hall says.
    pub message: String,
}

/// The other time that the hall proposes for one's own booking.
#[utoipa::path(get, path = "/api/v1/appointments/{code}/proposal", tag = "appointments",
    params(("code" = String, Path, description = "short code")),
    responses((status = 200, body = ApiProposal), (status = 404, description = "none is open")))]
pub async fn proposed(ctx: Ctx, Segment(code): Segment) -> Result {
    let open = proposal::asked(&ctx, &code).await?.proposal.ok_or(Error::NotFound)?;
    let at = |micros| instant(jiff::Timestamp::from_microsecond(micros).unwrap_or_default());
    Ok(Json(ApiProposal {
        starts_at: at(open.starts_at),
        ends_at: at(open.ends_at),
        window: open.window_number,
        until: at(open.expires_at),
        message: open.message,
    })
    .into_response())
}

/// The answer to a proposal.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"accept": true}))]
pub struct ProposalBody {
    /// Takes the other time; else the booking stays as it is.
    pub accept: bool,
}

/// Accepts or declines the proposed time.
#[utoipa::path(post, path = "/api/v1/appointments/{code}/proposal", tag = "appointments", request_body = ProposalBody,
    params(("code" = String, Path, description = "short code")),
    responses((status = 200, body = ApiAppointment), (status = 409, description = "none is open (any more)")))]
pub async fn answer_proposal(ctx: Ctx, Segment(code): Segment, request: Request) -> Result {
    proposal::asked(&ctx, &code).await?;
    let body: ProposalBody = read(request).await?;
    if proposal::answer(&ctx, &code, body.accept).await? {
        Ok(Json(super::read(&ctx, &code, None).await?).into_response())
    } else {
        Err(Error::Conflict("error-conflict-text"))
    }
}

/// A block of booking online.
#[derive(Serialize, ToSchema)]
pub struct ApiBlock {
    /// Its id.
    pub id: String,
    /// Code of the hall.
    pub hall: String,
    /// Until when, RFC 3339 with offset.
    pub until: String,
    /// An appeal was made.
    pub appealed: bool,
}

/// Blocks of the signed-in person that hold now.
#[utoipa::path(get, path = "/api/v1/me/blocks", tag = "me", responses((status = 200, body = Vec<ApiBlock>)))]
pub async fn blocks(ctx: Ctx) -> Result {
    let mine = service::mine(&ctx).await?;
    let all: Vec<ApiBlock> = mine
        .blocks
        .into_iter()
        .map(|(block, hall)| ApiBlock {
            until: instant(block.ends()),
            appealed: !block.appeal.is_empty(),
            id: block.id,
            hall: hall.code,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// An appeal.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"text": "那天住院了，附病历。"}))]
pub struct AppealBody {
    /// Why the block should end, at most 500 characters.
    pub text: String,
}

/// Appeals against a block.
#[utoipa::path(post, path = "/api/v1/me/blocks/{id}/appeal", tag = "me", request_body = AppealBody,
    params(("id" = String, Path, description = "id of the block")), responses((status = 204, description = "noted")))]
pub async fn appeal(ctx: Ctx, Segment(id): Segment, request: Request) -> Result {
    service::block(&ctx, &id).await?;
    let body: AppealBody = read(request).await?;
    if service::appeal(&ctx, &id, &body.text).await? {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        let detail = format!("1 to {} characters", service::MAX_APPEAL);
        Err(Error::Fields(vec![FieldProblem::of("text", detail)]))
    }
}

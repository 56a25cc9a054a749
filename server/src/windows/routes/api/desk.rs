//! What managers and the reception of a hall do beside the counter, through the API: blocks and appeals, ratings, numbers and
//! papers at the reception.

use super::{
    counter::{ApiCounter, ApiWaiter, SeenBody, refused, shown, waiter},
    instant,
    mine::not_drawn,
};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{Listed, OnceKey, Paging, created, listed, problem, read},
    },
    windows::{
        routes::{counter::staffed, number::hall_of, views::Segment},
        service::{
            self, Answered, Mover,
            managers::appeals::{self, Decided, MAX_REASON},
        },
    },
};
use app::{people::Action, windows::queue::PriorityClass};
use axum::{extract::Request, http::StatusCode, response::IntoResponse};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

fn at(micros: i64) -> String {
    instant(Timestamp::from_microsecond(micros).unwrap_or_default())
}

/// Which blocks.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhichBlocks {
    /// `appealed` (without it), `standing` or `decided`.
    pub which: String,
}

/// A block of booking online, for staff.
#[derive(Serialize, ToSchema)]
pub struct StaffBlock {
    /// Id.
    pub id: String,
    /// Code of the hall.
    pub hall: String,
    /// Name of whom it holds for.
    pub name: String,
    /// Their number, masked.
    pub phone: String,
    /// Until when, RFC 3339 with offset.
    pub until: String,
    /// The visits that led to it.
    pub missed: Vec<MissedItem>,
    /// What they say against it; may be empty.
    pub appeal: String,
    /// `lifted`, `kept` or empty.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// Who decided; may be empty.
    pub decided_by: String,
}

/// A visit to which somebody did not come.
#[derive(Serialize, ToSchema)]
pub struct MissedItem {
    /// Its code.
    pub code: String,
    /// Title of its item in the reader's language.
    pub title: String,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
}

/// Blocks at the reader's halls. Each look is in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/blocks", tag = "counter", params(WhichBlocks, Paging),
    responses((status = 200, body = Listed<StaffBlock>)))]
pub async fn blocks(ctx: Ctx, Params(which): Params<WhichBlocks>, Params(paging): Params<Paging>) -> Result {
    ctx.actor()?.require_somewhere(Action::HallManage)?;
    let known = appeals::Which::ALL.into_iter().find(|one| one.code() == which.which);
    let which = match known {
        Some(which) => which,
        None if which.which.is_empty() => appeals::Which::Appealed,
        None => {
            let detail = "appealed, standing or decided".to_owned();
            return Err(Error::Fields(vec![FieldProblem { pointer: "which".to_owned(), detail }]));
        }
    };
    let (all, _) = appeals::list(&ctx, which).await?;
    let (page, next) = paging.cut(all)?;
    let items = page
        .into_iter()
        .map(|one| StaffBlock {
            until: instant(one.block.ends()),
            missed: one
                .missed
                .into_iter()
                .map(|visit| MissedItem {
                    title: ctx.w.pick(&visit.title, &visit.title_en).to_owned(),
                    starts_at: at(visit.starts_at),
                    code: visit.code,
                })
                .collect(),
            hall: one.hall.code,
            name: one.person.0,
            phone: one.person.1,
            id: one.block.id,
            appeal: one.block.appeal,
            decision: one.block.decision,
            reason: one.block.decision_reason,
            decided_by: one.decided_by,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// What becomes of a block.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"decision": "lift", "reason": "住院，有病历。"}))]
#[serde(default)]
pub struct BlockDecision {
    /// `lift` or `keep`.
    pub decision: String,
    /// In plain words, for whom it holds for; at most 300 characters.
    pub reason: String,
}

/// Lifts a block or keeps it. What was decided once stands.
#[utoipa::path(post, path = "/api/v1/staff/blocks/{id}", tag = "counter", request_body = BlockDecision,
    params(("id" = String, Path, description = "id of the block")),
    responses((status = 204, description = "decided"), (status = 409, description = "somebody has decided before")))]
pub async fn decide_block(ctx: Ctx, Segment(id): Segment, request: Request) -> Result {
    appeals::for_deciding(&ctx, &id).await?;
    let body: BlockDecision = read(request).await?;
    let known = matches!(body.decision.as_str(), "lift" | "keep");
    // One without a decision is judged like one without a reason: permission is asked first either way.
    let reason = if known { body.reason.as_str() } else { "" };
    match appeals::decide(&ctx, &id, body.decision == "lift", reason).await? {
        Decided::Done => Ok(StatusCode::NO_CONTENT.into_response()),
        Decided::Before => Err(Error::Conflict("flash-appeal-before")),
        Decided::NoReason if !known => Err(Error::Fields(vec![FieldProblem::of("decision", "lift or keep")])),
        Decided::NoReason => {
            let text = ctx.w.tf("appeal-error", &[("max", MAX_REASON.into())]);
            Err(Error::Fields(vec![FieldProblem::of("reason", text)]))
        }
    }
}

/// Which hall.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct OfHall {
    /// Code of the hall; the first of the reader's without it.
    pub hall: String,
}

/// A rating of a visit.
#[derive(Serialize, ToSchema)]
pub struct StaffRating {
    /// Id of the ticket.
    pub ticket: String,
    /// Its number.
    pub number: String,
    /// Code of the item.
    pub item: String,
    /// 1 to 5.
    pub stars: i64,
    /// Why; may be empty.
    pub reason: String,
    /// When, RFC 3339 with offset.
    pub rated_at: String,
    /// What was answered; may be empty.
    pub answer: String,
    /// The last day for an answer to a bad one that has none.
    #[schema(value_type = Option<String>, format = Date)]
    pub answer_due: Option<Date>,
}

/// Ratings of a hall, the latest first.
#[utoipa::path(get, path = "/api/v1/staff/ratings", tag = "counter", params(OfHall, Paging),
    responses((status = 200, body = Listed<StaffRating>)))]
pub async fn ratings(ctx: Ctx, Params(of): Params<OfHall>, Params(paging): Params<Paging>) -> Result {
    let (_, hall) = service::halls_for(&ctx, Action::HallManage, Some(&of.hall)).await?;
    let Some(hall) = hall else { return Ok(listed::<StaffRating>(&ctx, Vec::new(), None)) };
    let (page, next) = paging.cut(service::ratings(&ctx, &hall).await?)?;
    let items = page
        .into_iter()
        .map(|(rating, ticket)| {
            let rated_at = Timestamp::from_microsecond(rating.rated_at).unwrap_or_default();
            let open = rating.stars < app::windows::queue::REASON_BELOW && rating.answer.is_empty();
            StaffRating {
                answer_due: service::answer_due(&ctx.app, &hall, rated_at).filter(|_| open),
                rated_at: instant(rated_at),
                number: ticket.label(),
                item: ticket.item_code,
                ticket: rating.ticket_id,
                stars: rating.stars,
                reason: rating.reason,
                answer: rating.answer,
            }
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// An answer to a rating.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"answer": "对不起，当天少开了一个窗口，下周起加开。"}))]
#[serde(default)]
pub struct RatingAnswer {
    /// In plain words; whoever rated reads it.
    pub answer: String,
}

/// Answers a rating. Answering twice keeps the first.
#[utoipa::path(post, path = "/api/v1/staff/ratings/{ticket}", tag = "counter", request_body = RatingAnswer,
    params(("ticket" = String, Path, description = "id of the ticket")), responses((status = 204, description = "answered")))]
pub async fn answer_rating(ctx: Ctx, Segment(ticket): Segment, request: Request) -> Result {
    service::rated(&ctx, &ticket).await?;
    let body: RatingAnswer = read(request).await?;
    let wrong = |detail: String| Err(Error::Fields(vec![FieldProblem::of("answer", detail)]));
    match service::answer_rating(&ctx, &ticket, &body.answer).await? {
        Answered::Kept(_) if body.answer.trim().is_empty() => wrong("it is empty".to_owned()),
        Answered::Kept(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Answered::Long(_) => wrong(ctx.w.tf("settings-error-long", &[("max", service::MAX_RATING_TEXT.into())])),
    }
}

/// Somebody at the reception.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"hall": "hall-wutong", "item": "worker-aid", "class": "senior", "name": "王阿姨"}))]
#[serde(default)]
pub struct ReceptionNumber {
    /// Code of the hall.
    pub hall: String,
    /// Code of the item.
    pub item: String,
    /// `ordinary`, `senior`, `disabled`, `pregnant` or `veteran`.
    pub class: String,
    /// Name for the clerk, may be empty.
    pub name: String,
}

/// Gives somebody at the reception a number.
#[utoipa::path(post, path = "/api/v1/staff/reception/number", tag = "counter", request_body = ReceptionNumber,
    responses((status = 201, body = ApiWaiter), (status = 409, description = "closed, or none left")))]
pub async fn number(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::QueueServe)?;
    let body: ReceptionNumber = read(request).await?;
    let hall = hall_of(&ctx, &body.hall).await?;
    let (class, key) = (PriorityClass::from_code(&body.class), once.or(&ctx, None));
    match service::walk_in(&ctx, &hall, (&body.item, class, &body.name, &key)).await {
        Ok(ticket) => Ok(created(&format!("/api/v1/tickets/{}", ticket.id), waiter(&ticket))),
        Err(error) => not_drawn(&ctx, error),
    }
}

/// Papers that were seen.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PapersBody {
    /// Code of the hall; at a window it is the window's.
    pub hall: String,
    /// Id of the ticket.
    pub ticket: String,
    /// The materials that were seen; the others that the visit needs are missing.
    pub seen: Vec<SeenBody>,
    /// At a window: the clerk's note; left out, the one there is stays.
    pub note: Option<String>,
}

impl PapersBody {
    fn pairs(&self) -> Vec<(String, String)> {
        self.seen.iter().map(|seen| (seen.item.clone(), seen.material.clone())).collect()
    }
}

/// Notes at the reception which materials were seen, before the person is called.
#[utoipa::path(post, path = "/api/v1/staff/reception/materials", tag = "counter", request_body = PapersBody,
    responses((status = 204, description = "noted"), (status = 409, description = "they do not wait (any more)")))]
pub async fn papers(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::QueueServe)?;
    let body: PapersBody = read(request).await?;
    let hall = hall_of(&ctx, &body.hall).await?;
    let mover = Mover::clerk(&ctx, &hall)?;
    match service::materials(&mover, &hall, None, &body.ticket, (&body.pairs(), None)).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(service::QueueError::Http(error)) => Err(error),
        Err(_) => {
            let text = ctx.w.t("queue-trouble-not-now");
            Ok(problem(&ctx, StatusCode::CONFLICT, "not-now", text, serde_json::json!({})))
        }
    }
}

/// Notes at a window which materials were seen, and keeps the clerk's note.
#[utoipa::path(post, path = "/api/v1/staff/counter/{window}/materials", tag = "counter", request_body = PapersBody,
    params(("window" = String, Path, description = "address of the window")),
    responses((status = 200, body = ApiCounter), (status = 409, description = "it is not served at this window (any more)")))]
pub async fn window_papers(ctx: Ctx, Segment(address): Segment, request: Request) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let body: PapersBody = read(request).await?;
    let mover = Mover::clerk(&ctx, &hall)?;
    let seen = body.pairs();
    let noted = (seen.as_slice(), body.note.as_deref());
    let outcome = match staffed(&ctx, &desk) {
        Ok(()) => service::materials(&mover, &hall, Some(&desk), &body.ticket, noted).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => shown(&ctx, &address).await,
        Err(error) => refused(&ctx, error),
    }
}

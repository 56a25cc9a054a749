//! Ratings: `/tickets/{id}/rating`, `/staff/ratings`.

use super::{
    number::own_ticket,
    views::{Fields, Segment, hall_ways},
};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other, see_other_with},
    reports,
    windows::{
        service::{self, Answered, MAX_RATING_TEXT, Mover, RateError},
        store::{ratings, tickets::Ticket},
    },
};
use app::{
    people::Action,
    time::{date, day_of},
    ui::shell::Tab,
    windows::{
        pages::{RatingRow, RatingsPage, WrongRating, rating_view, ratings_page},
        queue::{REASON_BELOW, TicketState},
    },
};
use axum::http::StatusCode;
use jiff::Timestamp;
use leptos::prelude::AnyView;

type Form = FormBody<Vec<(String, String)>>;

/// The form or the rating on a ticket's page, once the visit is done.
/// `wrong`: what was sent and why it was not taken.
pub(super) async fn part(ctx: &Ctx, ticket: &Ticket, wrong: Option<WrongRating>) -> Result<Option<AnyView>> {
    if ticket.state() != TicketState::Done {
        return Ok(None);
    }
    let rated = ratings::of_ticket(ctx.app.db.read(), &ticket.id).await?;
    let rated = rated.map(|rating| (rating.stars, rating.reason, rating.answer));
    let token = ctx.app.secrets.link_token("ticket", &ticket.id);
    Ok(Some(rating_view(ctx.w, &ticket.id, &token, rated, wrong)))
}

/// Takes a rating.
pub async fn rate(ctx: Ctx, Segment(id): Segment, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let token = fields.get("t").unwrap_or_default();
    let (ticket, hall) = own_ticket(&ctx, &id, Some(token)).await?;
    let stars = fields.get("stars").and_then(|stars| stars.parse().ok()).unwrap_or(0);
    let back = service::ticket_local_link(&ctx, &id);
    let error = match service::rate(&Mover::of(&ctx), &ticket, stars, fields.get("reason").unwrap_or_default()).await {
        Ok(()) => return Ok(see_other_with(&ctx, &back, "flash-queue-rated")),
        Err(RateError::Http(error)) => return Err(error),
        Err(RateError::NotYet) => return Ok(see_other(&back)),
        Err(RateError::Choose) => ctx.w.t("queue-rating-choose"),
        Err(RateError::Why) => ctx.w.t("queue-rating-why"),
        Err(RateError::Long) => ctx.w.tf("settings-error-long", &[("max", MAX_RATING_TEXT.into())]),
    };
    let text = |name| fields.get(name).unwrap_or_default().to_owned();
    let wrong = WrongRating { error, stars: text("stars"), reason: text("reason") };
    super::number::show_ticket(&ctx, (ticket, hall), token, Some(wrong)).await
}

/// Ratings of a hall.
pub async fn list(ctx: Ctx, fields: Fields) -> Result {
    render(&ctx, fields.get("hall"), None).await
}

/// An answer that was too long: whose it is, and what was typed.
struct Long {
    ticket: String,
    text: String,
}

async fn render(ctx: &Ctx, hall: Option<&str>, long: Option<Long>) -> Result {
    let (all, hall) = service::halls_for(ctx, Action::HallManage, hall).await?;
    let w = ctx.w;
    let status = if long.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let why = || w.tf("settings-error-long", &[("max", MAX_RATING_TEXT.into())]);
    let mut rows = Vec::new();
    if let Some(hall) = &hall {
        for (rating, ticket) in service::ratings(ctx, hall).await? {
            let rated_at = Timestamp::from_microsecond(rating.rated_at).unwrap_or(ctx.now);
            let open = rating.stars < REASON_BELOW && rating.answer.is_empty();
            let due = service::answer_due(&ctx.app, hall, rated_at).filter(|_| open);
            let late = due.and_then(|due| day_of(ctx.now).since(due).ok()).map_or(0, |span| span.get_days());
            let title = w.pick(&ticket.title, &ticket.title_en);
            let typed = long.as_ref().filter(|long| long.ticket == ticket.id && rating.answer.is_empty());
            rows.push(RatingRow {
                action: format!("/staff/ratings/{}", ticket.id),
                sends: None,
                href: None,
                wrong: typed.map(|long| (long.text.clone(), why())),
                what: format!("{} · {} · {title}", date(w.lang, day_of(rated_at)), ticket.label()),
                due: due.map(|due| date(w.lang, due)),
                late: i64::from(late.max(0)),
                id: ticket.id,
                rated: (rating.stars, rating.reason, rating.answer),
            });
        }
    }
    let ways = hall_ways(ctx, &all, hall.as_ref(), |code| format!("/staff/ratings?hall={code}"));
    let page = Page::new(ctx, w.t("queue-ratings-title")).tab(Tab::StaffRatings).status(status);
    let kinds = reports::ratings::kinds(ctx, false)?;
    let who = "queue-rating-answer";
    // Where its form is gone, what was typed stands on top.
    let trouble = long.filter(|_| rows.iter().all(|row| row.wrong.is_none())).map(|long| (why(), long.text));
    Ok(page.render(ratings_page(RatingsPage { w, kinds, halls: ways, who, trouble, rows })))
}

/// Answers one.
pub async fn answer(ctx: Ctx, Segment(ticket): Segment, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let text = fields.get("answer").unwrap_or_default();
    match service::answer_rating(&ctx, &ticket, text).await? {
        Answered::Kept(hall) => {
            Ok(see_other_with(&ctx, &format!("/staff/ratings?hall={}", hall.code), "flash-queue-answered"))
        }
        Answered::Long(hall) => render(&ctx, Some(&hall.code), Some(Long { ticket, text: text.to_owned() })).await,
    }
}

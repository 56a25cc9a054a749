//! Numbers for residents: the live ticket; the ways to draw a number are in [`draw`], the board in [`board`].

pub mod board;
pub mod draw;

use super::views::{Fields, Segment, hall_words};
use crate::{
    auth::secrets::sha256,
    http::{Ctx, Error, FormBody, Page, Result, see_other, see_other_with},
    windows::{
        service::{self, Extra, Line, Mover, QueueError},
        store::{Hall, halls, tickets, tickets::Ticket},
    },
};
use app::{
    time::time_of_day,
    ui::shell::Tab,
    windows::{
        pages::{LiveTicketView, NumberProps, WrongRating, number_page},
        queue::{Step, TicketState},
    },
};
use axum::{http::StatusCode, response::Response};
use jiff::Timestamp;
use leptos::prelude::AnyView;

/// A page without JavaScript looks again after so many seconds.
const LOOK_AGAIN: u32 = 20;

type Form = FormBody<Vec<(String, String)>>;

/// The hall with this code; to everybody.
pub(super) async fn hall_of(ctx: &Ctx, code: &str) -> Result<Hall> {
    halls::by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)
}

/// A ticket as its person sees it.
pub(super) fn live_view(ctx: &Ctx, hall: &Hall, line: &Line, ticket: &Ticket) -> LiveTicketView {
    let early = ticket.booked_for.filter(|_| line.is_early(ticket));
    LiveTicketView {
        id: ticket.id.clone(),
        label: ticket.label(),
        title: ctx.w.pick(&ticket.title, &ticket.title_en).to_owned(),
        state: ticket.state(),
        window: ticket.window_number,
        ahead: line.ahead(ticket),
        wait: line.wait(ticket),
        early: early.and_then(|at| Timestamp::from_microsecond(at).ok()).map(time_of_day),
        lapses: line.lapses(ticket).map(time_of_day),
        call: format!("{}.{}", ticket.label(), ticket.called_at.unwrap_or_default()),
        live: live_address(hall),
    }
}

pub(super) fn live_address(hall: &Hall) -> String {
    format!("/api/v1/halls/{}/live", hall.code)
}

/// The number of a booking that was checked in, as it is followed live, and its rating.
pub(super) async fn of_booking(
    ctx: &Ctx,
    hall: &Hall,
    appointment_id: &str,
) -> Result<Option<(Ticket, LiveTicketView, Option<AnyView>)>> {
    let Some(ticket) = tickets::of_appointment(ctx.app.db.read(), appointment_id).await? else { return Ok(None) };
    let rating = super::rating::part(ctx, &ticket, None).await?;
    let line = service::line(&ctx.app, hall, ctx.now).await?;
    let view = live_view(ctx, hall, &line, &ticket);
    Ok(Some((ticket, view, rating)))
}

/// A ticket for its person: by account, by the link's token or by the browser that drew it. To others it does not
/// exist.
pub(super) async fn own_ticket(ctx: &Ctx, id: &str, token: Option<&str>) -> Result<(Ticket, Hall)> {
    let by_link = token.is_some_and(|token| ctx.app.secrets.check_link_token("ticket", id, token));
    let ticket = tickets::by_id(ctx.app.db.read(), id).await?.ok_or(Error::NotFound)?;
    let mine = ctx.actor.as_ref().is_some_and(|actor| ticket.person_id.as_deref() == Some(&actor.id));
    let drew = ticket.person_id.is_none()
        && !ticket.device_hash.is_empty()
        && !ctx.device.is_empty()
        && ticket.device_hash == sha256(&ctx.device);
    if !(by_link || mine || drew) {
        return Err(Error::NotFound);
    }
    let hall = halls::by_id(&ctx.app.db, &ticket.hall_id).await?.ok_or(Error::NotFound)?;
    Ok((ticket, hall))
}

/// The live ticket.
pub async fn ticket(ctx: Ctx, Segment(id): Segment, fields: Fields) -> Result {
    let token = fields.get("t");
    let found = own_ticket(&ctx, &id, token).await?;
    show_ticket(&ctx, found, token.unwrap_or_default(), None).await
}

/// A ticket's own page; `wrong`: a rating that was sent and not taken.
pub(super) async fn show_ticket(
    ctx: &Ctx,
    (ticket, hall): (Ticket, Hall),
    token: &str,
    wrong: Option<WrongRating>,
) -> Result<Response> {
    let line = service::line(&ctx.app, &hall, ctx.now).await?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let props = NumberProps {
        w: ctx.w,
        view: live_view(ctx, &hall, &line, &ticket),
        hall: hall_words(ctx, &hall),
        token: token.to_owned(),
        rating: super::rating::part(ctx, &ticket, wrong).await?,
    };
    let page = Page::new(ctx, ctx.w.t("queue-ticket-title")).tab(Tab::None).status(status);
    let page = if ticket.state().is_open() { page.refresh(LOOK_AGAIN) } else { page };
    Ok(page.render(number_page(props)))
}

/// The person gives the number up.
pub async fn leave(ctx: Ctx, Segment(id): Segment, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let token = fields.get("t").unwrap_or_default();
    let (ticket, hall) = own_ticket(&ctx, &id, Some(token)).await?;
    let back = format!("/tickets/{id}?t={}", crate::http::page::encode(token));
    if ticket.state() == TicketState::Serving {
        return Ok(see_other(&back));
    }
    match service::act(&Mover::of(&ctx), &hall, None, (&id, Step::Leave), &Extra::default(), "").await {
        Ok(_) => Ok(see_other_with(&ctx, &back, "flash-queue-left")),
        Err(QueueError::Http(error)) => Err(error),
        Err(_) => Ok(see_other(&back)),
    }
}

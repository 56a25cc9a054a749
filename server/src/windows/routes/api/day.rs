//! `/api/v1/tickets/{id}`: a number of today, as its person sees it.

use super::instant;
use crate::{
    http::{Ctx, Result},
    windows::{
        routes::{
            number::own_ticket,
            views::{Fields, Segment},
        },
        service,
        store::{Hall, tickets::Ticket},
    },
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A number.
#[derive(Serialize, ToSchema)]
pub struct ApiTicket {
    /// Its id.
    pub id: String,
    /// As it is called: A012.
    pub number: String,
    /// `issued`, `waiting`, `called`, `serving`, `parked`, `passed`, `done`, `no_show` or `left`.
    pub state: &'static str,
    /// Code of the hall.
    pub hall: String,
    /// Code of the item.
    pub item: String,
    /// The window that called or serves it.
    pub window: Option<i64>,
    /// People before it, while it waits.
    pub ahead: Option<i64>,
    /// The wait in minutes, from and to; absent when nobody serves.
    pub wait_minutes: Option<(i64, i64)>,
    /// Drawn from afar: until when to check in at the hall, RFC 3339 with offset.
    pub check_in_until: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// A number of today: by account, by the browser that drew it, or by the token of its link (`t`). When it changes is told
/// by `GET /api/v1/halls/{hall}/live`.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "appointments",
    responses((status = 200, body = ApiTicket), (status = 404, description = "none that you may know of")),
    params(("id" = String, Path, description = "id of the ticket"),
        ("t" = Option<String>, Query, description = "token of the ticket's link")))]
pub async fn ticket(ctx: Ctx, Segment(id): Segment, fields: Fields) -> Result<Response> {
    let (ticket, hall) = own_ticket(&ctx, &id, fields.get("t")).await?;
    Ok(Json(shown(&ctx, ticket, &hall).await?).into_response())
}

/// A number as its person sees it.
pub async fn shown(ctx: &Ctx, ticket: Ticket, hall: &Hall) -> Result<ApiTicket> {
    let line = service::line(&ctx.app, hall, ctx.now).await?;
    let state = ticket.state();
    let waits = state == app::windows::queue::TicketState::Waiting;
    Ok(ApiTicket {
        number: ticket.label(),
        state: state.code(),
        hall: hall.code.clone(),
        item: ticket.item_code.clone(),
        window: ticket.window_number,
        ahead: waits.then(|| line.ahead(&ticket)),
        wait_minutes: line.wait(&ticket).filter(|_| waits),
        check_in_until: line.lapses(&ticket).map(instant),
        version: ticket.version,
        id: ticket.id,
    })
}

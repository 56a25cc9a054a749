//! The hall's own device through the API: numbers and checking in, for whoever stands there.

use super::{
    day::{self, ApiTicket},
    mine::{not_drawn, not_in},
};
use crate::{
    http::{
        Ctx, Result,
        api::{OnceKey, created, read},
    },
    windows::{
        routes::{
            number::{
                self,
                draw::{self, Came, Way},
            },
            views::Segment,
        },
        service,
        store::{Hall, tickets::Ticket},
    },
};
use axum::{Json, extract::Request, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A number that the hall's own device gives.
#[derive(Serialize, ToSchema)]
pub struct KioskTicket {
    /// The number.
    #[serde(flatten)]
    pub ticket: ApiTicket,
    /// The address of its page, for the QR code that the device shows or prints.
    pub link: String,
}

async fn shown(ctx: &Ctx, hall: &Hall, ticket: Ticket) -> Result<KioskTicket> {
    let link = match &ticket.appointment_code {
        Some(code) => service::ticket_address(ctx, code),
        None => service::ticket_link(ctx, &ticket.id),
    };
    Ok(KioskTicket { ticket: day::shown(ctx, ticket, hall).await?, link })
}

/// What is wanted.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"item": "worker-aid"}))]
pub struct KioskNumberBody {
    /// Code of the item.
    pub item: String,
}

/// Draws a number at the hall's own device, for whoever stands there.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/kiosk/tickets", tag = "appointments", request_body = KioskNumberBody,
    params(("hall" = String, Path, description = "code of the hall")),
    responses((status = 201, body = KioskTicket), (status = 409, description = "closed, none left, or too late today")))]
pub async fn draw_number(ctx: Ctx, once: OnceKey, Segment(code): Segment, request: Request) -> Result {
    let hall = number::hall_of(&ctx, &code).await?;
    let body: KioskNumberBody = read(request).await?;
    let key = once.or(&ctx, None);
    match draw::take(&ctx, &hall, Way::Kiosk, (&body.item, &key)).await {
        Ok(ticket) => {
            let location = format!("/api/v1/tickets/{}", ticket.id);
            Ok(created(&location, shown(&ctx, &hall, ticket).await?))
        }
        Err(error) => not_drawn(&ctx, error),
    }
}

/// Who has come.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"code": "K7Q2M9"}))]
pub struct KioskComeBody {
    /// Code of a booking, or its link.
    pub code: String,
}

/// Checks a booking in at the hall's own device. Gives the number in the line.
#[utoipa::path(post, path = "/api/v1/halls/{hall}/kiosk/check-in", tag = "appointments", request_body = KioskComeBody,
    params(("hall" = String, Path, description = "code of the hall")),
    responses((status = 200, body = KioskTicket), (status = 409, description = "another day, or over")))]
pub async fn check_in(ctx: Ctx, Segment(code): Segment, request: Request) -> Result {
    let hall = number::hall_of(&ctx, &code).await?;
    let body: KioskComeBody = read(request).await?;
    match draw::come(&ctx, &hall, Some(&body.code), None).await {
        Ok(Came::Number(ticket) | Came::Booking(ticket, _)) => {
            Ok(Json(shown(&ctx, &hall, ticket).await?).into_response())
        }
        Err(error) => not_in(&ctx, error),
    }
}

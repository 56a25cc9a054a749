//! `/services/{item}/book`: confirm and book.

use super::views::{Fields, Segment, hall_words, time_view};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    windows::service::{self, Attempt, BookError, BookRequest},
};
use app::{
    ui::shell::Tab,
    windows::pages::{BookTrouble, ConfirmProps, confirm_page},
};
use axum::http::StatusCode;

/// Everything once more before it is booked. A time that is full or gone is answered with the next free ones.
pub async fn form(ctx: Ctx, Segment(item): Segment, fields: Fields) -> Result {
    ctx.actor()?;
    let attempt = service::look_again(&ctx, &item, fields.get("slot").unwrap_or_default()).await?;
    let trouble = match &attempt.time {
        Some(time) if time.left > 0 => None,
        Some(_) => Some(BookTrouble::Full),
        None => Some(BookTrouble::NotOffered),
    };
    let status = match &trouble {
        None => StatusCode::OK,
        Some(trouble) => status_of(trouble),
    };
    page(&ctx, attempt, &fields, trouble, clock::token(), status)
}

/// Books.
pub async fn submit(ctx: Ctx, Segment(item): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    ctx.actor()?;
    let fields = Fields(fields);
    let slot = fields.get("slot").unwrap_or_default().to_owned();
    let key = fields.get("key").unwrap_or_default().to_owned();
    let attempt = service::look_again(&ctx, &item, &slot).await?;
    let carried = fields.carried(&attempt.stored.item);
    let request = BookRequest { item, slot, materials: carried.ticked, answers: carried.answers, key: key.clone() };
    let trouble = match service::book(&ctx, &request).await {
        Ok(code) => {
            return Ok(see_other_with(&ctx, &format!("/appointments/{code}"), "flash-appointment-booked"));
        }
        Err(BookError::Http(error)) => return Err(error),
        Err(BookError::Full(_)) => BookTrouble::Full,
        Err(BookError::NotOffered(_)) => BookTrouble::NotOffered,
        Err(BookError::OpenForItem(code)) => BookTrouble::OpenForItem(format!("/appointments/{code}")),
        Err(BookError::PerDay(max)) => BookTrouble::PerDay(max),
        Err(BookError::Overlap) => BookTrouble::Overlap,
    };
    // What is free has just changed: look once more for the page.
    let attempt = service::look_again(&ctx, &request.item, &request.slot).await?;
    let status = status_of(&trouble);
    page(&ctx, attempt, &fields, Some(trouble), key, status)
}

fn status_of(trouble: &BookTrouble) -> StatusCode {
    match trouble {
        BookTrouble::NotOffered => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

fn page(
    ctx: &Ctx,
    attempt: Attempt,
    fields: &Fields,
    trouble: Option<BookTrouble>,
    key: String,
    status: StatusCode,
) -> Result {
    let actor = ctx.actor.as_ref().ok_or(Error::SignIn)?;
    let item = attempt.stored.item;
    let carried = fields.carried(&item);
    let date = attempt.time.as_ref().map(|time| format!("&date={}", time.slot.at.date())).unwrap_or_default();
    let back = format!("/services/{}/times?hall={}{date}{}", item.code, attempt.hall.code, carried.query(&item));
    let props = ConfirmProps {
        w: ctx.w,
        hall: hall_words(ctx, &attempt.hall),
        slot: attempt.time.as_ref().map(|time| (time.slot.to_string(), time.starts_at, time.ends_at)),
        trouble,
        instead: attempt.next.iter().map(time_view).collect(),
        person: (actor.name.clone(), actor.phone_masked.clone()),
        item,
        carried,
        key,
    };
    let page = Page::new(ctx, ctx.w.t("windows-confirm-title")).tab(Tab::Services).back(back).status(status);
    Ok(page.render(confirm_page(props)))
}

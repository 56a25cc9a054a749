//! Waiting list, blocks, and finding a booking without signing in.

use super::{
    booking::{chosen, trouble_of},
    views::{Fields, Segment, hall_words},
};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other, see_other_with},
    windows::service::{self, MAX_APPEAL},
};
use app::{
    ui::shell::Tab,
    windows::pages::{BlockProps, FindProps, Visit, WaitingProps, block_page, find_page, waiting_page},
};
use axum::http::StatusCode;
use serde::Deserialize;

/// Joins the waiting list of a full day.
pub async fn join(ctx: Ctx, Segment(item): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    ctx.actor()?;
    let fields = Fields(fields);
    let items = service::items_by_code(&ctx, &fields.item_codes(&item)).await?;
    let visit = Visit::read(items.into_iter().map(|stored| stored.item).collect(), &fields.0);
    let (hall, day) = (fields.get("hall").unwrap_or_default(), fields.get("date").unwrap_or_default());
    let id = service::wait(&ctx, hall, day, &chosen(&visit)).await?;
    Ok(see_other_with(&ctx, &format!("/me/waiting/{id}"), "flash-waiting-joined"))
}

/// An entry, and its offer.
pub async fn page(ctx: Ctx, Segment(id): Segment) -> Result {
    show(&ctx, &id, None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, id: &str, trouble: Option<String>, status: StatusCode) -> Result {
    let waiting = service::entry(ctx, id).await?;
    let until = waiting.entry.offered_until.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let visit = Visit::read(waiting.items.into_iter().map(|stored| stored.item).collect(), &[]);
    let props = WaitingProps {
        w: ctx.w,
        id: waiting.entry.id.clone(),
        titles: visit.titles(ctx.w),
        hall: hall_words(ctx, &waiting.hall),
        day: waiting.entry.day.parse().ok(),
        state: waiting.entry.state.clone(),
        offer: waiting.offer.and_then(|(_, from, to)| Some((from, to, until?))),
        trouble,
    };
    let page = Page::new(ctx, ctx.w.t("booking-wait-title")).tab(Tab::Me).back("/me/appointments").status(status);
    Ok(page.render(waiting_page(props)))
}

/// Takes the offer.
pub async fn accept(ctx: Ctx, Segment(id): Segment) -> Result {
    match service::accept(&ctx, &id).await {
        Ok(code) => Ok(see_other_with(&ctx, &format!("/appointments/{code}"), "flash-appointment-booked")),
        Err(error) => {
            let trouble = trouble_of(error)?;
            let status = super::booking::status_of(&trouble);
            show(&ctx, &id, Some(trouble.text(ctx.w)), status).await
        }
    }
}

/// Leaves the list or declines the offer.
pub async fn leave(ctx: Ctx, Segment(id): Segment) -> Result {
    service::leave(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/me/appointments", "flash-waiting-left"))
}

/// A block, and the appeal.
pub async fn block(ctx: Ctx, Segment(id): Segment) -> Result {
    show_block(&ctx, &id, None).await
}

async fn show_block(ctx: &Ctx, id: &str, typed: Option<String>) -> Result {
    let (block, hall) = service::block(ctx, id).await?;
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let props = BlockProps {
        w: ctx.w,
        id: block.id.clone(),
        hall: hall_words(ctx, &hall),
        until: block.ends(),
        missed: block.missed_codes(),
        appeal: block.appeal.clone(),
        decision: (block.decision.clone(), block.decision_reason.clone()),
        typed,
        max: MAX_APPEAL,
    };
    let page = Page::new(ctx, ctx.w.t("booking-block-title")).tab(Tab::Me).back("/me/appointments").status(status);
    Ok(page.render(block_page(props)))
}

/// The form of an appeal.
#[derive(Deserialize)]
pub struct AppealForm {
    #[serde(default)]
    appeal: String,
}

/// Objects to a block.
pub async fn appeal(ctx: Ctx, Segment(id): Segment, FormBody(form): FormBody<AppealForm>) -> Result {
    if service::appeal(&ctx, &id, &form.appeal).await? {
        return Ok(see_other_with(&ctx, &format!("/me/blocks/{id}"), "flash-appeal-sent"));
    }
    let typed: String = form.appeal.chars().take(2000).collect();
    show_block(&ctx, &id, Some(typed)).await
}

/// The form by phone and code.
pub async fn find_form(ctx: Ctx) -> Result {
    Ok(find_again(&ctx, (String::new(), String::new()), false))
}

fn find_again(ctx: &Ctx, typed: (String, String), not_found: bool) -> axum::response::Response {
    let status = if not_found { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(ctx, ctx.w.t("booking-find-title")).tab(Tab::Services).back("/services").status(status);
    page.render(find_page(FindProps { w: ctx.w, typed, not_found }))
}

/// Finds a booking.
pub async fn find(ctx: Ctx, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    let text = |name: &str| fields.get(name).unwrap_or_default().chars().take(40).collect::<String>();
    let (phone, code) = (text("phone"), text("code"));
    match service::find(&ctx, &phone, &code).await? {
        Some(address) => Ok(see_other(&address)),
        None => Ok(find_again(&ctx, (phone, code), true)),
    }
}

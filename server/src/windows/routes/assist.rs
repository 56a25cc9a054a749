//! `/staff/appointments/new`: staff book for a resident.

use super::views::{Fields, hall_ways, hall_words, time_view};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::service::{self, AssistRequest, BookError, ChosenItem},
};
use app::{
    ui::shell::Tab,
    windows::pages::{AssistProps, assist_page},
};
use axum::http::StatusCode;

/// Times shown at once.
const TIMES: usize = 48;

/// The form.
pub async fn form(ctx: Ctx, fields: Fields) -> Result {
    show(&ctx, &fields, Vec::new(), clock::token(), StatusCode::OK).await
}

async fn show(
    ctx: &Ctx,
    fields: &Fields,
    errors: Vec<(&'static str, String)>,
    key: String,
    status: StatusCode,
) -> Result {
    let w = ctx.w;
    let assist = service::assist(ctx, fields.get("hall"), fields.get("item")).await?;
    let text = |name: &str| fields.get(name).unwrap_or_default().chars().take(400).collect::<String>();
    let (item, times) = match &assist.chosen {
        Some((stored, times)) => (stored.item.code.clone(), times.iter().take(TIMES).map(time_view).collect()),
        None => (String::new(), Vec::new()),
    };
    let titled = |stored: &crate::windows::store::items::StoredItem| {
        (stored.item.code.clone(), w.pick(&stored.item.title, &stored.item.title_en).to_owned())
    };
    let props = AssistProps {
        w,
        hall: hall_words(ctx, &assist.hall),
        halls: hall_ways(ctx, &assist.halls, Some(&assist.hall), |hall| format!("/staff/appointments/new?hall={hall}")),
        items: assist.items.iter().map(titled).collect(),
        item,
        times,
        typed: [text("phone"), text("name"), text("need"), text("slot")],
        errors,
        key,
    };
    let back = format!("/staff/appointments?hall={}", assist.hall.code);
    let page = Page::new(ctx, w.t("booking-assist-title")).tab(Tab::StaffAppointments).back(back).status(status);
    Ok(page.render(assist_page(props)))
}

/// Books.
pub async fn submit(ctx: Ctx, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let w = ctx.w;
    let request = AssistRequest {
        hall: text("hall"),
        items: fields
            .item_codes(&text("item"))
            .into_iter()
            .map(|code| ChosenItem { code, ..ChosenItem::default() })
            .collect(),
        slot: text("slot"),
        phone: text("phone"),
        name: text("name"),
        need: text("need"),
        key: text("key"),
    };
    let (errors, status) = match service::book_for(&ctx, &request).await {
        Ok(done) => {
            let flash = done.warning.unwrap_or("flash-assisted");
            return Ok(see_other_with(&ctx, &format!("/appointments/{}", done.code), flash));
        }
        Err(BookError::Http(error)) => return Err(error),
        Err(BookError::Form(mistakes)) => {
            (mistakes.into_iter().map(|(name, key)| (name, w.t(key))).collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(BookError::NotOffered(_)) => {
            (vec![("slot", w.t("booking-assist-slot-missing"))], StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(_) => (vec![("slot", w.t("booking-assist-slot-gone"))], StatusCode::CONFLICT),
    };
    show(&ctx, &fields, errors, request.key.clone(), status).await
}

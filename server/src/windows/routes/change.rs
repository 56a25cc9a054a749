//! `/appointments/{code}/change`: another time. First the times, then everything once more.

use super::{
    booking::{day_views, status_of, too_often, trouble_of, under_pressure},
    views::{Fields, Segment, hall_words, time_view},
};
use crate::{
    clock,
    http::{
        Ctx, Error, FormBody, Page, Result,
        page::{encode, login_address},
        see_other, see_other_with,
    },
    windows::service::{self, ChangeError, Changing, HoldError, HoldRequest},
};
use app::{
    time::date_time,
    ui::shell::Tab,
    windows::{
        SlotRef,
        pages::{BookTrouble, ConfirmProps, HoldView, NotKept, TimesProps, Visit, confirm_page, times_page},
        parse_code,
    },
};
use axum::http::StatusCode;

fn refused(ctx: &Ctx, code: &str, token: Option<&str>, error: ChangeError) -> Result {
    let text = match error {
        ChangeError::Book(service::BookError::Http(error)) => return Err(error),
        ChangeError::TooLate => "flash-change-too-late",
        ChangeError::Retired => "flash-change-retired",
        _ => "flash-change-not-standing",
    };
    // The ticket says how it stands and until when it could be changed.
    let code = parse_code(code).ok_or(Error::NotFound)?;
    Ok(see_other_with(ctx, &format!("/appointments/{code}{}", with_token(token, '?')), text))
}

fn with_token(token: Option<&str>, before: char) -> String {
    token.filter(|token| !token.is_empty()).map(|token| format!("{before}t={}", encode(token))).unwrap_or_default()
}

/// The times, or with `slot` everything once more.
pub async fn page(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let token = fields.get("t");
    let changing = match service::changing(&ctx, &code, token).await {
        Ok(changing) => changing,
        Err(error) => return refused(&ctx, &code, token, error),
    };
    match fields.get("slot") {
        Some(_) => confirm(&ctx, changing, &fields, None, StatusCode::OK).await,
        None => times(&ctx, changing, &fields, None),
    }
}

fn visit_of(changing: &Changing) -> Visit {
    Visit::read(changing.ticket.items.iter().map(|one| one.stored.item.clone()).collect(), &[])
}

fn times(ctx: &Ctx, changing: Changing, fields: &Fields, trouble: Option<NotKept>) -> Result {
    let w = ctx.w;
    let visit = visit_of(&changing);
    let Changing { ticket, offers } = changing;
    let token = fields.get("t");
    let (today, days, chosen) = day_views(ctx, &offers, fields.get("date"));
    let list = (fields.get("view") == Some("list"))
        .then(|| offers.next_free(ctx.now, 12).iter().map(time_view).collect::<Vec<_>>());
    let address = format!("/appointments/{}", ticket.appointment.code);
    let now = date_time(w.lang, ticket.appointment.starts(), ctx.now);
    let sent = token.map(|token| ("t".to_owned(), token.to_owned())).into_iter().collect();
    let status = if trouble.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
    let props = TimesProps {
        w,
        lead: visit.titles(w),
        changing: Some(w.tf("booking-change-now", &[("when", now.into())])),
        length: None,
        hall: hall_words(ctx, &ticket.hall),
        halls: Vec::new(),
        today,
        days,
        chosen,
        list,
        base: format!("{address}/change?n=1{}", with_token(token, '&')),
        action: format!("{address}/hold"),
        fields: sent,
        wait: None,
        trouble,
    };
    let page = Page::new(ctx, w.t("booking-change-title")).tab(Tab::Me);
    let page = page.back(format!("{address}{}", with_token(token, '?')));
    Ok(page.status(status).render(times_page(props)))
}

/// Keeps the new time and leads to the confirm page.
pub async fn hold(ctx: Ctx, Segment(code): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    let token = fields.get("t");
    let changing = match service::changing(&ctx, &code, token).await {
        Ok(changing) => changing,
        Err(error) => return refused(&ctx, &code, token, error),
    };
    let slot = fields.get("slot").unwrap_or_default().to_owned();
    let request = HoldRequest {
        items: changing.ticket.items.iter().map(|one| one.stored.item.code.clone()).collect(),
        slot: slot.clone(),
        appointment_id: Some(changing.ticket.appointment.id.clone()),
        work: fields.work(),
    };
    let hold = match service::keep(&ctx, &request).await {
        Ok(hold) => format!("&hold={}", hold.id),
        Err(HoldError::Http(Error::SignIn)) => String::new(),
        Err(HoldError::Http(Error::TooMany { .. })) => {
            return times(&ctx, changing, &fields, Some(too_often(&ctx)));
        }
        Err(HoldError::Pressure(challenge)) => {
            let address = format!("/appointments/{}/change", changing.ticket.appointment.code);
            let again = under_pressure(&ctx, &fields, challenge, Some(login_address(&address)));
            return times(&ctx, changing, &fields, Some(again));
        }
        Err(HoldError::Http(error)) => return Err(error),
        Err(HoldError::Full(_)) => {
            return confirm(&ctx, changing, &fields, Some(BookTrouble::Full), StatusCode::CONFLICT).await;
        }
        Err(HoldError::NotOffered(_)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return confirm(&ctx, changing, &fields, Some(BookTrouble::NotOffered), status).await;
        }
    };
    let address = format!("/appointments/{}/change", changing.ticket.appointment.code);
    Ok(see_other(&format!("{address}?slot={}{hold}{}", encode(&slot), with_token(token, '&'))))
}

async fn confirm(
    ctx: &Ctx,
    changing: Changing,
    fields: &Fields,
    trouble: Option<BookTrouble>,
    status: StatusCode,
) -> Result {
    let visit = visit_of(&changing);
    let Changing { ticket, offers } = changing;
    let token = fields.get("t");
    let slot = fields.get("slot").unwrap_or_default().parse::<SlotRef>().ok();
    let time = slot.as_ref().and_then(|slot| offers.time(slot)).cloned();
    let held = match fields.get("hold") {
        Some(id) => service::standing_hold(ctx, id).await?,
        None => None,
    };
    let full = time.as_ref().is_none_or(|time| time.left == 0) && held.is_none();
    let trouble = trouble.or_else(|| full.then_some(BookTrouble::Full));
    let next = offers.next_free(slot.as_ref().map_or(ctx.now, SlotRef::starts_at), 6);
    let address = format!("/appointments/{}", ticket.appointment.code);
    let times = format!("{address}/change?n=1{}", with_token(token, '&'));
    let here =
        format!("{address}/change?slot={}{}", encode(fields.get("slot").unwrap_or_default()), with_token(token, '&'));
    let hold = held.as_ref().map(|hold| HoldView {
        id: hold.id.clone(),
        until: Some(hold.expires()),
        now: ctx.now,
        renewable: hold.renewals == 0,
        here: format!("{here}&hold={}", hold.id),
        times: times.clone(),
    });
    let mut sent: Vec<(String, String)> = token.map(|t| ("t".to_owned(), t.to_owned())).into_iter().collect();
    sent.extend(held.as_ref().map(|hold| ("hold".to_owned(), hold.id.clone())));
    let props = ConfirmProps {
        w: ctx.w,
        visit,
        hall: hall_words(ctx, &ticket.hall),
        slot: time.as_ref().map(|time| (time.slot.to_string(), time.starts_at, time.ends_at)),
        trouble,
        instead: next.iter().map(time_view).collect(),
        person: None,
        for_whom: None,
        key: clock::token(),
        hold,
        action: format!("{address}/change"),
        fields: sent,
        times: times.clone(),
        login: String::new(),
    };
    let page = Page::new(ctx, ctx.w.t("booking-change-title")).tab(Tab::Me).back(times);
    // Come back to, it says how the time stands: its clock is not what it was.
    let page = if held.is_some() { page.islands().no_store() } else { page };
    Ok(page.status(status).render(confirm_page(props)))
}

/// Changes.
pub async fn submit(ctx: Ctx, Segment(code): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    let token = fields.get("t");
    let slot = fields.get("slot").unwrap_or_default();
    let trouble = match service::change(&ctx, &code, token, slot).await {
        Ok(code) => {
            let ticket = format!("/appointments/{code}{}", with_token(token, '?'));
            return Ok(see_other_with(&ctx, &ticket, "flash-appointment-changed"));
        }
        Err(ChangeError::Book(error)) => trouble_of(error)?,
        Err(error) => return refused(&ctx, &code, token, error),
    };
    let changing = match service::changing(&ctx, &code, token).await {
        Ok(changing) => changing,
        Err(error) => return refused(&ctx, &code, token, error),
    };
    let status = status_of(&trouble);
    confirm(&ctx, changing, &fields, Some(trouble), status).await
}

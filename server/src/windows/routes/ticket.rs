//! `/appointments/{code}` and what belongs to it; `/me/appointments`.

use super::views::{Fields, Segment, appointment_view, hall_words};
use crate::{
    http::{
        Ctx, FormBody, Page, Result,
        calendar::{self, Event},
        page::encode,
        see_other_with,
    },
    windows::{
        qr,
        service::{self, CancelError, CancelRequest, Ticket, Viewer},
    },
};
use app::{
    time::{date, day_of},
    ui::shell::Tab,
    windows::{
        AppointmentState, MAX_CANCEL_REASON,
        pages::{MineProps, MineRow, ReminderProps, TicketItem, TicketProps, mine_page, reminder_page, ticket_page},
        queue::Outcome,
    },
};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use serde::Deserialize;
use std::sync::Arc;

/// The ticket.
pub async fn page(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let ticket = service::ticket(&ctx, &code, fields.get("t")).await?;
    show(&ctx, ticket, None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, ticket: Ticket, refused: Option<(String, String)>, status: StatusCode) -> Result<Response> {
    let (mut live, mut rating, mut outcome, mut clerk_note) = (None, None, None, String::new());
    if let Some((number, view, rated)) = super::number::of_booking(ctx, &ticket.hall, &ticket.appointment.id).await? {
        (live, outcome) = (Some(view), Outcome::from_code(&number.result));
        match ticket.viewer {
            Viewer::Staff => clerk_note = number.note,
            Viewer::Owner | Viewer::Link => rating = rated,
        }
    }
    let open = live.as_ref().is_some_and(|live| live.state.is_open());
    let retired = ticket.is_retired();
    let Ticket { appointment, items, hall, viewer } = ticket;
    let link = service::ticket_address(ctx, &appointment.code);
    let token = link.rsplit_once("?t=").map(|(_, token)| token.to_owned()).unwrap_or_default();
    let limit = SignedDuration::from_mins(hall.limits().cancel_minutes);
    let standing = appointment.state() == AppointmentState::Booked;
    let title = ctx.w.t("windows-ticket-title");
    let props = TicketProps {
        w: ctx.w,
        appointment: appointment_view(ctx, &appointment, &hall, &items),
        hall: hall_words(ctx, &hall),
        qr: qr::of(&link),
        calendar: format!("/appointments/{}/calendar.ics?t={token}", appointment.code),
        token: (viewer == Viewer::Link).then_some(token),
        may_cancel: viewer != Viewer::Staff && standing && appointment.starts() >= ctx.now + limit,
        retired,
        cancel_minutes: hall.limits().cancel_minutes,
        refused,
        by_link: viewer == Viewer::Link,
        staff: viewer == Viewer::Staff,
        items: items
            .into_iter()
            .map(|one| TicketItem {
                item: Arc::unwrap_or_clone(one.stored.item),
                answers: one.answers,
                ticked: one.ticked,
            })
            .collect(),
        live,
        rating,
        outcome,
        clerk_note,
    };
    let page = match viewer {
        Viewer::Staff => Page::new(ctx, title).tab(Tab::StaffAppointments).back(format!(
            "/staff/appointments?hall={}&date={}",
            hall.code,
            app::time::day_of(appointment.starts())
        )),
        Viewer::Owner => Page::new(ctx, title).tab(Tab::Me).back("/me/appointments"),
        Viewer::Link => Page::new(ctx, title),
    };
    let page = if open { page.refresh(20) } else { page };
    Ok(page.status(status).render(ticket_page(props)))
}

/// Where a reminder leads.
pub async fn reminder(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let Ticket { appointment, items, hall, .. } = service::ticket(&ctx, &code, fields.get("t")).await?;
    let link = service::ticket_address(&ctx, &appointment.code);
    let props = ReminderProps {
        w: ctx.w,
        appointment: appointment_view(&ctx, &appointment, &hall, &items),
        hall: hall_words(&ctx, &hall),
        token: link.rsplit_once("?t=").map(|(_, token)| token.to_owned()).unwrap_or_default(),
        may_cancel: appointment.starts() > ctx.now,
    };
    Ok(Page::new(&ctx, ctx.w.t("windows-reminder-title")).tab(Tab::Me).render(reminder_page(props)))
}

/// The calendar file.
pub async fn calendar_file(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let Ticket { appointment, items, hall, .. } = service::ticket(&ctx, &code, fields.get("t")).await?;
    let w = ctx.w;
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let and = w.t("windows-list-and");
    let titles: Vec<String> = items.iter().map(|one| pick(&one.stored.item.title, &one.stored.item.title_en)).collect();
    let item = titles.join(&and);
    let mut materials: Vec<String> = Vec::new();
    for one in &items {
        for (material, _) in one.stored.item.materials_for(&one.answers) {
            let name = pick(&material.name, &material.name_en);
            if !materials.contains(&name) {
                materials.push(name);
            }
        }
    }
    let link = service::ticket_address(&ctx, &appointment.code);
    let event = Event {
        uid: format!("{}@{}", appointment.id, ctx.app.config.public_url.host_str().unwrap_or("linli")),
        sequence: appointment.sequence,
        cancelled: appointment.state() == AppointmentState::Cancelled,
        changed_at: jiff::Timestamp::from_microsecond(appointment.changed_at).unwrap_or(ctx.now),
        starts_at: appointment.starts(),
        ends_at: appointment.ends(),
        summary: w.tf(
            "windows-ics-summary",
            &[("item", item.clone().into()), ("hall", pick(&hall.name, &hall.name_en).into())],
        ),
        description: w.tf(
            "windows-ics-description",
            &[
                ("code", app::windows::code_for_reading(&appointment.code).into()),
                ("window", appointment.window_number.into()),
                ("materials", materials.join(&and).into()),
            ],
        ),
        location: format!("{} {}", pick(&hall.name, &hall.name_en), pick(&hall.address, &hall.address_en)),
        link: &link,
        alarms: vec![
            ("-P1D", w.tf("windows-ics-alarm-day", &[("item", item.clone().into())])),
            ("-PT2H", w.tf("windows-ics-alarm-hours", &[("item", item.into())])),
        ],
    };
    let headers = [
        (header::CONTENT_TYPE, calendar::ICS.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"linli-{}.ics\"", appointment.code)),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, calendar::file("Appointments", &event)).into_response())
}

/// The form of a cancellation.
#[derive(Deserialize)]
pub struct CancelForm {
    /// Why, in the person's words; may be empty.
    #[serde(default)]
    reason: String,
    /// Token of the ticket's link.
    #[serde(default)]
    t: Option<String>,
    /// The answer to a reminder.
    #[serde(default)]
    late: Option<String>,
}

/// Cancels.
pub async fn cancel(ctx: Ctx, Segment(code): Segment, FormBody(form): FormBody<CancelForm>) -> Result {
    let reason = form.reason.trim().to_owned();
    let w = ctx.w;
    let token = form.t.as_deref();
    if token.is_none() {
        ctx.actor()?;
    }
    if reason.chars().count() > MAX_CANCEL_REASON {
        let ticket = service::ticket(&ctx, &code, token).await?;
        let text = w.tf("windows-cancel-long", &[("max", MAX_CANCEL_REASON.into())]);
        return show(&ctx, ticket, Some((text, reason)), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let late = form.late.is_some() && token.is_some();
    let request = CancelRequest { reason: reason.clone(), token: form.t.clone(), late };
    let refused = match service::cancel(&ctx, &code, &request).await {
        Ok(code) => {
            let token = token.map(|token| format!("?t={}", encode(token))).unwrap_or_default();
            return Ok(see_other_with(&ctx, &format!("/appointments/{code}{token}"), "flash-appointment-cancelled"));
        }
        Err(CancelError::Http(error)) => return Err(error),
        Err(refused) => refused,
    };
    let ticket = service::ticket(&ctx, &code, token).await?;
    let text = match refused {
        CancelError::TooLate => w.tf("windows-cancel-too-late", &[("phone", ticket.hall.phone.clone().into())]),
        _ => w.t("windows-cancel-not-standing"),
    };
    show(&ctx, ticket, Some((text, reason)), StatusCode::CONFLICT).await
}

/// My appointments.
pub async fn mine(ctx: Ctx) -> Result {
    let w = ctx.w;
    let mine = service::mine(&ctx).await?;
    let views =
        |list: Vec<_>| list.iter().map(|(appointment, hall)| appointment_view(&ctx, appointment, hall, &[])).collect();
    let name = |hall: &crate::windows::store::Hall| w.pick(&hall.name, &hall.name_en).to_owned();
    let waiting = mine.waiting.iter().map(|(entry, hall)| MineRow {
        href: format!("/me/waiting/{}", entry.id),
        title: entry.day.parse().map(|day| date(w.lang, day)).unwrap_or_default(),
        note: name(hall),
        urgent: entry.is_offered(ctx.now).then(|| w.t("booking-waiting-offer")),
    });
    let blocks = mine.blocks.iter().map(|(block, hall)| MineRow {
        href: format!("/me/blocks/{}", block.id),
        title: w.t("booking-block-title"),
        note: w.tf(
            "booking-block-lead",
            &[("hall", name(hall).into()), ("until", date(w.lang, day_of(block.ends())).into())],
        ),
        urgent: None,
    });
    let (waiting, blocks) = (waiting.collect(), blocks.collect());
    let props = MineProps { w, now: ctx.now, upcoming: views(mine.upcoming), past: views(mine.past), waiting, blocks };
    Ok(Page::new(&ctx, w.t("windows-mine-title")).tab(Tab::Me).back("/me").render(mine_page(props)))
}

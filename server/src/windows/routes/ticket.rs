//! `/appointments/{code}` and what belongs to it; `/me/appointments`.

use super::views::{Fields, Segment, appointment_view, hall_words};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::{
        calendar_file::CalendarFile,
        qr,
        service::{self, CancelError, Ticket, Viewer},
    },
};
use app::{
    ui::shell::Tab,
    windows::{
        Answers, AppointmentState, MAX_CANCEL_REASON,
        pages::{MineProps, ReminderProps, TicketProps, mine_page, reminder_page, ticket_page},
    },
};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use serde::Deserialize;

/// The ticket.
pub async fn page(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let ticket = service::ticket(&ctx, &code, fields.get("t")).await?;
    show(&ctx, ticket, None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, ticket: Ticket, refused: Option<(String, String)>, status: StatusCode) -> Result<Response> {
    let live = super::number::of_booking(ctx, &ticket.hall, &ticket.appointment.id).await?;
    let open = live.as_ref().is_some_and(|(live, _)| live.state.is_open());
    let (live, rating) = live.unzip();
    let rating = rating.flatten().filter(|_| ticket.viewer != Viewer::Staff);
    let Ticket { appointment, stored, hall, viewer } = ticket;
    let link = service::ticket_address(ctx, &appointment.code);
    let token = link.rsplit_once("?t=").map(|(_, token)| token.to_owned()).unwrap_or_default();
    let limit = SignedDuration::from_mins(hall.limits().cancel_minutes);
    let standing = appointment.state() == AppointmentState::Booked;
    let title = ctx.w.t("windows-ticket-title");
    let props = TicketProps {
        w: ctx.w,
        appointment: appointment_view(ctx, &appointment, &hall, Some(&stored)),
        hall: hall_words(ctx, &hall),
        answers: serde_json::from_str::<Answers>(&appointment.answers).unwrap_or_default(),
        ticked: appointment.ticked(),
        qr: qr::of(&link),
        calendar: format!("/appointments/{}/calendar.ics?t={token}", appointment.code),
        may_cancel: viewer == Viewer::Owner && standing && appointment.starts() >= ctx.now + limit,
        cancel_minutes: hall.limits().cancel_minutes,
        refused,
        by_link: viewer == Viewer::Link,
        staff: viewer == Viewer::Staff,
        item: stored.item,
        live,
        rating,
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
    let Ticket { appointment, stored, hall, .. } = service::ticket(&ctx, &code, fields.get("t")).await?;
    let link = service::ticket_address(&ctx, &appointment.code);
    let props = ReminderProps {
        w: ctx.w,
        appointment: appointment_view(&ctx, &appointment, &hall, Some(&stored)),
        hall: hall_words(&ctx, &hall),
        token: link.rsplit_once("?t=").map(|(_, token)| token.to_owned()).unwrap_or_default(),
        may_cancel: appointment.starts() > ctx.now,
    };
    Ok(Page::new(&ctx, ctx.w.t("windows-reminder-title")).tab(Tab::Me).render(reminder_page(props)))
}

/// The calendar file.
pub async fn calendar(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let Ticket { appointment, stored, hall, .. } = service::ticket(&ctx, &code, fields.get("t")).await?;
    let w = ctx.w;
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let item = pick(&appointment.title, &appointment.title_en);
    let answers: Answers = serde_json::from_str(&appointment.answers).unwrap_or_default();
    let materials: Vec<String> = stored
        .item
        .materials_for(&answers)
        .into_iter()
        .map(|(material, _)| pick(&material.name, &material.name_en))
        .collect();
    let link = service::ticket_address(&ctx, &appointment.code);
    let file = CalendarFile {
        uid: format!("{}@{}", appointment.id, ctx.app.config.public_url.host_str().unwrap_or("linli")),
        sequence: appointment.sequence,
        state: appointment.state(),
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
                ("materials", materials.join(&w.t("windows-list-and")).into()),
            ],
        ),
        location: format!("{} {}", pick(&hall.name, &hall.name_en), pick(&hall.address, &hall.address_en)),
        link: &link,
        alarms: [
            w.tf("windows-ics-alarm-day", &[("item", item.clone().into())]),
            w.tf("windows-ics-alarm-hours", &[("item", item.into())]),
        ],
    };
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"linli-{}.ics\"", appointment.code)),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, file.text()).into_response())
}

/// The form of a cancellation.
#[derive(Deserialize)]
pub struct CancelForm {
    /// Why, in the person's words; may be empty.
    #[serde(default)]
    reason: String,
}

/// Cancels.
pub async fn cancel(ctx: Ctx, Segment(code): Segment, FormBody(form): FormBody<CancelForm>) -> Result {
    ctx.actor()?;
    let reason = form.reason.trim().to_owned();
    let w = ctx.w;
    if reason.chars().count() > MAX_CANCEL_REASON {
        let ticket = service::ticket(&ctx, &code, None).await?;
        let text = w.tf("windows-cancel-long", &[("max", MAX_CANCEL_REASON.into())]);
        return show(&ctx, ticket, Some((text, reason)), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let refused = match service::cancel(&ctx, &code, &reason).await {
        Ok(code) => return Ok(see_other_with(&ctx, &format!("/appointments/{code}"), "flash-appointment-cancelled")),
        Err(CancelError::Http(error)) => return Err(error),
        Err(refused) => refused,
    };
    let ticket = service::ticket(&ctx, &code, None).await?;
    let text = match refused {
        CancelError::TooLate => w.tf("windows-cancel-too-late", &[("phone", ticket.hall.phone.clone().into())]),
        _ => w.t("windows-cancel-not-standing"),
    };
    show(&ctx, ticket, Some((text, reason)), StatusCode::CONFLICT).await
}

/// My appointments.
pub async fn mine(ctx: Ctx) -> Result {
    let mine = service::mine(&ctx).await?;
    let views =
        |list: Vec<_>| list.iter().map(|(appointment, hall)| appointment_view(&ctx, appointment, hall, None)).collect();
    let props = MineProps { w: ctx.w, now: ctx.now, upcoming: views(mine.upcoming), past: views(mine.past) };
    Ok(Page::new(&ctx, ctx.w.t("windows-mine-title")).tab(Tab::Me).back("/me").render(mine_page(props)))
}

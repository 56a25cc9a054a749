//! `/staff/appointments` and `/staff/check-in`.

use super::views::{Fields, appointment_view, hall_ways, hall_words};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::service::{self, CheckInError, Desk},
};
use app::{
    people::Action,
    time::{date, day_of},
    ui::shell::Tab,
    windows::{
        pages::{DeskProps, desk_page},
        queue::PriorityClass,
    },
};
use axum::{http::StatusCode, response::Response};
use jiff::civil::Date;
use serde::Deserialize;

/// The day's list.
pub async fn desk(ctx: Ctx, fields: Fields) -> Result {
    let date = fields.get("date").and_then(|date| date.parse::<Date>().ok());
    let desk = service::desk(&ctx, fields.get("hall"), date).await?;
    show(&ctx, desk, String::new(), None, StatusCode::OK).await
}

/// The form of a check-in.
#[derive(Deserialize)]
pub struct CheckInForm {
    #[serde(default)]
    hall: String,
    #[serde(default)]
    code: String,
}

/// Checks in by code.
pub async fn check_in(ctx: Ctx, FormBody(form): FormBody<CheckInForm>) -> Result {
    let w = ctx.w;
    let error = match service::check_in(&ctx, Some(&form.hall), &form.code, PriorityClass::Ordinary).await {
        Ok(appointment) => {
            let list = format!("/staff/appointments?hall={}", appointment.hall_code);
            return Ok(see_other_with(&ctx, &list, "flash-appointment-checked-in"));
        }
        Err(CheckInError::Http(error)) => return Err(error),
        Err(CheckInError::NotACode) => w.t("windows-check-in-not-a-code"),
        Err(CheckInError::Unknown) => w.t("windows-check-in-unknown"),
        Err(CheckInError::OtherHall(hall)) => {
            w.tf("windows-check-in-other-hall", &[("hall", w.pick(&hall.name, &hall.name_en).into())])
        }
        Err(CheckInError::OtherDay(appointment)) => {
            let day = date(w.lang, day_of(appointment.starts()));
            w.tf("windows-check-in-other-day", &[("date", day.into())])
        }
        Err(CheckInError::Cancelled) => w.t("windows-check-in-cancelled"),
        Err(CheckInError::Over) => w.t("windows-check-in-over"),
    };
    let desk = service::desk(&ctx, Some(&form.hall), None).await?;
    let typed = form.code.chars().take(16).collect();
    show(&ctx, desk, typed, Some(error), StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn show(ctx: &Ctx, desk: Desk, typed: String, error: Option<String>, status: StatusCode) -> Result<Response> {
    let Desk { halls, hall, date, list, may_check_in } = desk;
    let list = match &hall {
        Some(hall) => list.iter().map(|(appointment, items)| appointment_view(ctx, appointment, hall, items)).collect(),
        None => Vec::new(),
    };
    let props = DeskProps {
        w: ctx.w,
        halls: hall_ways(ctx, &halls, hall.as_ref(), |code| format!("/staff/appointments?hall={code}&date={date}")),
        hall: hall.as_ref().map(|hall| hall_words(ctx, hall)),
        today: day_of(ctx.now),
        date,
        list,
        may_check_in,
        may_assist: hall.as_ref().is_some_and(|hall| {
            ctx.actor.as_ref().is_some_and(|actor| actor.may(Action::AppointmentAssist, &hall.path))
        }),
        typed,
        error,
    };
    let page = Page::new(ctx, ctx.w.t("windows-desk-title")).tab(Tab::StaffAppointments).status(status);
    Ok(page.render(desk_page(props)))
}

//! The hall's side: the day's list and check-in by code.

use super::{
    check_in::check_in_booking,
    queue::{Mover, QueueError},
    ticket::VisitItem,
};
use crate::{
    audit,
    http::{Ctx, Error, Result},
    windows::store::{Appointment, Hall, appointments, halls, items},
};
use app::{
    people::Action,
    time::{at_time, day_of, start_of},
    windows::{AppointmentState, parse_code, queue::PriorityClass},
};
use jiff::civil::{Date, Time};

/// A day at a hall.
pub struct Desk {
    /// Halls that this person may see.
    pub halls: Vec<Hall>,
    /// The chosen one; `None` when the person's community has no hall.
    pub hall: Option<Hall>,
    /// The day.
    pub date: Date,
    /// Its appointments, by time and window, with their items.
    pub list: Vec<(Appointment, Vec<VisitItem>)>,
    /// Whether this person may check in here.
    pub may_check_in: bool,
}

/// Why nobody was checked in.
#[derive(Debug, thiserror::Error)]
pub enum CheckInError {
    /// What was typed is no code.
    #[error("not a code")]
    NotACode,
    /// No appointment has this code.
    #[error("no such appointment")]
    Unknown,
    /// It is an appointment at another hall. With that hall.
    #[error("another hall")]
    OtherHall(Box<Hall>),
    /// It is for another day. With the appointment.
    #[error("another day")]
    OtherDay(Box<Appointment>),
    /// It was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// It is over.
    #[error("over")]
    Over,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for CheckInError {
    fn from(error: sqlx::Error) -> CheckInError {
        CheckInError::Http(error.into())
    }
}

/// The halls in which the signed-in person may do `action`, and the one with code `wanted` (else the first).
/// A hall outside their scope is [`Error::Forbidden`], an unknown one [`Error::NotFound`].
pub async fn halls_for(ctx: &Ctx, action: Action, wanted: Option<&str>) -> Result<(Vec<Hall>, Option<Hall>)> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let all = halls::all(&ctx.app.db).await?;
    let scopes = actor.scopes(action);
    let (mine, others): (Vec<Hall>, Vec<Hall>) =
        all.into_iter().partition(|hall| scopes.iter().any(|scope| hall.path.starts_with(scope)));
    let hall = match wanted.filter(|code| !code.is_empty()) {
        Some(code) => match mine.iter().find(|hall| hall.code == code) {
            Some(hall) => Some(hall.clone()),
            None if others.iter().any(|hall| hall.code == code) => return Err(Error::Forbidden),
            None => return Err(Error::NotFound),
        },
        None => mine.first().cloned(),
    };
    Ok((mine, hall))
}

/// The list of a day at a hall of the signed-in person. Looking at it is in the audit log.
pub async fn desk(ctx: &Ctx, hall: Option<&str>, date: Option<Date>) -> Result<Desk> {
    let (halls, hall) = halls_for(ctx, Action::AppointmentRead, hall).await?;
    let actor = ctx.actor()?;
    let date = date.unwrap_or_else(|| day_of(ctx.now));
    let mut list = Vec::new();
    if let Some(hall) = &hall {
        let span = (start_of(date), at_time(date, Time::MAX));
        let rows = appointments::items_of_hall(&ctx.app.db, &hall.id, span).await?;
        let stored = items::all(&ctx.app.db).await?;
        let of = |id: &str| -> Vec<VisitItem> {
            let rows = rows.iter().filter(|row| row.appointment_id == id);
            rows.filter_map(|row| VisitItem::of(row, &stored)).collect()
        };
        let found = appointments::of_hall(&ctx.app.db, &hall.id, span).await?;
        list = found.into_iter().map(|appointment| (appointment.clone(), of(&appointment.id))).collect();
        let mut tx = ctx.app.db.begin().await?;
        let entry = audit::Entry {
            by: audit::By::Person(&actor.id),
            action: "appointment.list",
            object_kind: "hall",
            object_id: &hall.id,
            detail: serde_json::json!({"date": date.to_string(), "rows": list.len()}),
            request_id: &ctx.request_id,
        };
        audit::write(&mut tx, entry, ctx.now).await?;
        tx.commit().await?;
    }
    let may_check_in = hall.as_ref().is_some_and(|hall| actor.require(Action::AppointmentCheckIn, &hall.path).is_ok());
    Ok(Desk { halls, hall, date, list, may_check_in })
}

/// Checks a resident in by the code they show: their booking becomes a number. Checking in twice is answered like once.
pub async fn check_in(
    ctx: &Ctx,
    hall: Option<&str>,
    code: &str,
    class: PriorityClass,
) -> std::result::Result<Appointment, CheckInError> {
    let (_, hall) = halls_for(ctx, Action::AppointmentCheckIn, hall).await?;
    let hall = hall.ok_or(Error::Forbidden)?;
    let actor = ctx.actor()?;
    actor.require(Action::AppointmentCheckIn, &hall.path)?;
    let code = parse_code(code).ok_or(CheckInError::NotACode)?;
    let db = &ctx.app.db;
    let appointment = appointments::by_code(db, &code).await?.ok_or(CheckInError::Unknown)?;
    if appointment.hall_code != hall.code {
        let other = halls::by_code(db, &appointment.hall_code).await?.ok_or(CheckInError::Unknown)?;
        return Err(CheckInError::OtherHall(Box::new(other)));
    }
    match appointment.state() {
        AppointmentState::Cancelled => return Err(CheckInError::Cancelled),
        AppointmentState::Done | AppointmentState::NoShow => return Err(CheckInError::Over),
        AppointmentState::Booked | AppointmentState::CheckedIn => {}
    }
    if day_of(appointment.starts()) != day_of(ctx.now) {
        // Checked in on its day: that is said, not done again.
        let came = appointment.state() == AppointmentState::CheckedIn;
        return if came { Ok(appointment) } else { Err(CheckInError::OtherDay(Box::new(appointment))) };
    }
    let mover = Mover { app: &ctx.app, now: ctx.now, person: Some(&actor.id), request_id: &ctx.request_id };
    match check_in_booking(&mover, &hall, &appointment, class).await {
        Ok(_) => Ok(appointment),
        Err(QueueError::Http(error)) => Err(error.into()),
        Err(_) => {
            // It changed between the look and the write: the resident has just cancelled, or it is over.
            let now = appointments::by_code(db, &code).await?.ok_or(CheckInError::Unknown)?;
            match now.state() {
                AppointmentState::CheckedIn => Ok(now),
                AppointmentState::Cancelled => Err(CheckInError::Cancelled),
                _ => Err(CheckInError::Over),
            }
        }
    }
}

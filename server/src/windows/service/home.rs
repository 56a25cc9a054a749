//! What the home page says of the halls.

use super::guide::choose_hall;
use crate::{
    http::{Ctx, Result},
    windows::store::{Hall, appointments, halls},
};
use app::{
    people::Action,
    places::{NextCard, Waiting},
    time::{at_time, date_time, day_of, start_of, time_of_day},
    windows::{AppointmentState, ClosedReason, DayHours, Hours, code_for_reading, pages::closed_words},
};
use jiff::civil::Time;

/// The signed-in person's next appointment.
pub async fn next_card(ctx: &Ctx) -> Result<Option<NextCard>> {
    let Some(actor) = &ctx.actor else { return Ok(None) };
    let upcoming = appointments::upcoming(&ctx.app.db, &actor.id, ctx.now).await?;
    let Some(next) = upcoming.into_iter().next() else { return Ok(None) };
    let w = ctx.w;
    let days = day_of(next.starts()).since(day_of(ctx.now)).map_or(i32::MAX, |span| span.get_days());
    let kicker = match days {
        0 => w.tf("windows-next-today", &[("time", time_of_day(next.starts()).into())]),
        _ => w.tf("windows-next-later", &[("when", date_time(w.lang, next.starts(), ctx.now).into())]),
    };
    let hall = halls::by_code(&ctx.app.db, &next.hall_code).await?;
    let hall = hall.map(|hall| w.pick(&hall.name, &hall.name_en).to_owned()).unwrap_or_default();
    let note = w.tf("windows-next-note", &[("hall", hall.into()), ("code", code_for_reading(&next.code).into())]);
    let title = w.pick(&next.title, &next.title_en).to_owned();
    Ok(Some(NextCard { kicker, title, note: Some(note), href: format!("/appointments/{}", next.code) }))
}

/// For staff who check in: today's bookings of their halls that nobody has checked in yet.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let actor = ctx.actor()?;
    let scopes = actor.scopes(Action::AppointmentCheckIn);
    let today = day_of(ctx.now);
    let span = (start_of(today), at_time(today, Time::MAX));
    let w = ctx.w;
    let mut waiting = Vec::new();
    for hall in halls::all(&ctx.app.db).await? {
        if !scopes.iter().any(|scope| hall.path.starts_with(scope)) {
            continue;
        }
        let list = appointments::of_hall(&ctx.app.db, &hall.id, span).await?;
        let open: Vec<_> = list.iter().filter(|one| one.state() == AppointmentState::Booked).collect();
        let Some(first) = open.first() else { continue };
        waiting.push(Waiting {
            title: w.t("windows-waiting-today"),
            note: Some(w.tf("windows-waiting-today-note", &[("time", time_of_day(first.starts()).into())])),
            count: i64::try_from(open.len()).unwrap_or(i64::MAX),
            late: first.ends() < ctx.now,
            href: format!("/staff/appointments?hall={}", hall.code),
        });
    }
    Ok(waiting)
}

/// Today's hours of the reader's hall in a few words; `None` when there is no hall.
pub async fn opening_line(ctx: &Ctx) -> Result<Option<String>> {
    let all = halls::all(&ctx.app.db).await?;
    match choose_hall(ctx, &all) {
        Some(hall) => hours_today(ctx, hall).await.map(Some),
        None => Ok(None),
    }
}

/// Today's hours of a hall in a few words.
pub async fn hours_today(ctx: &Ctx, hall: &Hall) -> Result<String> {
    let today = day_of(ctx.now);
    let rules = halls::rules(ctx.app.db.read(), &hall.id, today).await?;
    let w = ctx.w;
    Ok(match rules.day(today, &ctx.app.calendar) {
        DayHours::Open(hours) => {
            let span = |span: &Hours| format!("{}–{}", span.from.strftime("%H:%M"), span.to.strftime("%H:%M"));
            let spans: Vec<String> = hours.iter().map(span).collect();
            w.tf("windows-today-open", &[("hours", spans.join(&w.t("windows-hours-and")).into())])
        }
        DayHours::Closed(ClosedReason::Unknown) => w.t("windows-today-unknown"),
        DayHours::Closed(reason) => w.tf("windows-today-closed", &[("reason", closed_words(w, &reason).into())]),
    })
}

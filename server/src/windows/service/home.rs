//! What the home page says of the halls.

use super::{Line, guide::choose_hall};
use crate::{
    auth::secrets::sha256,
    http::{Ctx, Result},
    windows::store::{
        Appointment, Hall, appointments, halls, holds,
        tickets::{self, Ticket},
        waiting::{self, WaitEntry},
    },
};
use app::{
    i18n::Words,
    people::Action,
    places::{LiveCard, NextCard, Waiting},
    time::{at_time, date_time, day_of, start_of, time_of_day},
    windows::{
        AppointmentState, ClosedReason, DayHours, Hours, code_for_reading, pages::closed_words, queue::TicketState,
    },
};
use jiff::{Timestamp, civil::Time};

/// What the reader has to do or expect of the halls: numbers of today with their place in the queue, an offer of the
/// waiting list that runs out, the next appointment. For somebody who is not signed in: the number that this browser
/// has drawn.
pub async fn next_cards(ctx: &Ctx) -> Result<Vec<NextCard>> {
    let db = &ctx.app.db;
    let today = day_of(ctx.now).to_string();
    let (open, offers, upcoming) = match &ctx.actor {
        Some(actor) => tokio::try_join!(
            tickets::open_of_person(db.read(), &actor.id, &today),
            waiting::of_person(db, &actor.id, day_of(ctx.now)),
            appointments::upcoming(db, &actor.id, ctx.now),
        )?,
        None if ctx.device.is_empty() => return Ok(Vec::new()),
        None => (tickets::open_of_device(db.read(), &sha256(&ctx.device), &today).await?, Vec::new(), Vec::new()),
    };
    let mut cards = Vec::new();
    for ticket in &open {
        let Some(hall) = halls::by_id(db, &ticket.hall_id).await? else { continue };
        let line = super::line(&ctx.app, &hall, ctx.now).await?;
        cards.push(ticket_card(ctx, &hall, &line, ticket));
    }
    for entry in offers {
        cards.extend(offer_card(ctx, &entry).await?);
    }
    let shown = |id: &str| open.iter().any(|ticket| ticket.appointment_id.as_deref() == Some(id));
    if let Some(next) = upcoming.into_iter().find(|next| !shown(&next.id)) {
        cards.push(appointment_card(ctx, &next).await?);
    }
    Ok(cards)
}

async fn appointment_card(ctx: &Ctx, next: &Appointment) -> Result<NextCard> {
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
    Ok(NextCard { kicker, title, note: Some(note), href: format!("/appointments/{}", next.code), live: None })
}

/// A number of today: called to which window, or how many are before it and how long that takes.
fn ticket_card(ctx: &Ctx, hall: &Hall, line: &Line, ticket: &Ticket) -> NextCard {
    let w = ctx.w;
    let label = ticket.label();
    let window = ticket.window_number.unwrap_or_default();
    let says = match ticket.state() {
        TicketState::Called => w.tf("home-ticket-called", &[("window", window.into())]),
        TicketState::Serving => w.tf("queue-line-serving", &[("window", window.into())]),
        TicketState::Parked => w.t("queue-line-parked"),
        TicketState::Passed => w.t("queue-line-passed"),
        TicketState::Issued => match line.lapses(ticket) {
            Some(until) => w.tf("home-ticket-issued", &[("time", time_of_day(until).into())]),
            None => w.t("queue-line-issued"),
        },
        _ => {
            let ahead = match line.ahead(ticket) {
                0 => w.t("queue-line-next"),
                ahead => w.tf("home-ticket-ahead", &[("count", ahead.into())]),
            };
            match line.wait(ticket) {
                Some((low, high)) => {
                    let wait = w.tf("queue-wait-range", &[("low", low.into()), ("high", high.into())]);
                    format!("{ahead} · {wait}")
                }
                None => ahead,
            }
        }
    };
    let kicker = match ticket.booked_for.and_then(|at| Timestamp::from_microsecond(at).ok()) {
        _ if ticket.state() == TicketState::Called => w.tf("home-called", &[("number", label.clone().into())]),
        Some(at) => w.tf("windows-next-today", &[("time", time_of_day(at).into())]),
        None => w.t("home-number"),
    };
    let note = w.tf(
        "home-ticket-note",
        &[
            ("number", label.clone().into()),
            ("hall", w.pick(&hall.name, &hall.name_en).to_owned().into()),
            ("item", w.pick(&ticket.title, &ticket.title_en).to_owned().into()),
        ],
    );
    let called = ticket.state() == TicketState::Called;
    NextCard {
        kicker,
        title: says,
        note: Some(note),
        href: super::ticket_path(ticket),
        live: Some(LiveCard {
            feed: format!("/api/v1/halls/{}/live", hall.code),
            call: called.then(|| format!("{label}.{}", ticket.called_at.unwrap_or_default())),
        }),
    }
}

/// A time that the waiting list offers, while the offer stands.
async fn offer_card(ctx: &Ctx, entry: &WaitEntry) -> Result<Option<NextCard>> {
    let db = &ctx.app.db;
    let Some(hold_id) = entry.hold_id.as_deref().filter(|_| entry.is_offered(ctx.now)) else { return Ok(None) };
    let Some(hold) = holds::by_id(db.read(), hold_id).await?.filter(|hold| hold.stands(ctx.now)) else {
        return Ok(None);
    };
    let (Some(hall), Ok(starts)) =
        (halls::by_id(db, &entry.hall_id).await?, Timestamp::from_microsecond(hold.starts_at))
    else {
        return Ok(None);
    };
    let w = ctx.w;
    let when = date_time(w.lang, starts, ctx.now);
    let args =
        [("time", time_of_day(hold.expires()).into()), ("hall", w.pick(&hall.name, &hall.name_en).to_owned().into())];
    Ok(Some(NextCard {
        kicker: w.t("home-offer"),
        title: when,
        note: Some(w.tf("home-offer-note", &args)),
        href: format!("/me/waiting/{}", entry.id),
        live: None,
    }))
}

/// What waits for staff at their halls: bookings of today that nobody has checked in, bad ratings without an answer.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    let mut rows = bookings_waiting(ctx).await?;
    rows.extend(super::rating::waiting(ctx).await?);
    Ok(rows)
}

/// For staff who check in: today's bookings of their halls that nobody has checked in yet.
async fn bookings_waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
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

/// The reader's hall now: its hours of today with the wait, and the way to a number from afar; `None` without a hall.
pub async fn hall_now(ctx: &Ctx) -> Result<Option<HallNow>> {
    let all = halls::all(&ctx.app.db).await?;
    match choose_hall(ctx, &all) {
        Some(hall) => now_at(ctx, hall).await.map(Some),
        None => Ok(None),
    }
}

/// A hall at this moment.
pub struct HallNow {
    /// Today's hours in a few words, with the wait while somebody serves.
    pub opening: String,
    /// Where a number can be drawn from afar now.
    pub remote: Option<String>,
}

/// A hall at this moment: what it says of today, and whether a number can be drawn from afar.
pub async fn now_at(ctx: &Ctx, hall: &Hall) -> Result<HallNow> {
    let today = today(ctx, hall).await?;
    let hours = in_words(ctx.w, &today);
    if !matches!(&today, DayHours::Open(spans) if super::is_within(spans, ctx.now)) {
        return Ok(HallNow { opening: hours, remote: None });
    }
    let w = ctx.w;
    let opening = match super::line(&ctx.app, hall, ctx.now).await?.wait_now() {
        Some((low, high)) => {
            w.tf("home-open-wait", &[("hours", hours.into()), ("low", low.into()), ("high", high.into())])
        }
        None => hours,
    };
    let remote = (hall.limits().remote_tickets > 0).then(|| format!("/halls/{}/ticket", hall.code));
    Ok(HallNow { opening, remote })
}

/// Today's hours of a hall in a few words.
pub async fn hours_today(ctx: &Ctx, hall: &Hall) -> Result<String> {
    Ok(in_words(ctx.w, &today(ctx, hall).await?))
}

async fn today(ctx: &Ctx, hall: &Hall) -> Result<DayHours> {
    let today = day_of(ctx.now);
    Ok(halls::rules(ctx.app.db.read(), &hall.id, today).await?.day(today, &ctx.app.calendar))
}

fn in_words(w: Words, today: &DayHours) -> String {
    match today {
        DayHours::Open(hours) => {
            let span = |span: &Hours| format!("{}–{}", span.from.strftime("%H:%M"), span.to.strftime("%H:%M"));
            let spans: Vec<String> = hours.iter().map(span).collect();
            w.tf("windows-today-open", &[("hours", spans.join(&w.t("windows-hours-and")).into())])
        }
        DayHours::Closed(ClosedReason::Unknown) => w.t("windows-today-unknown"),
        DayHours::Closed(reason) => w.tf("windows-today-closed", &[("reason", closed_words(w, reason).into())]),
    }
}

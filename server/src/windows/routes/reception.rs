//! `/staff/reception`: check-in, priority, numbers, printing.

use super::{
    counter::{line_row, seen, visit_view},
    number::draw::{door_link, scanned},
    views::{Fields, Segment, hall_ways},
};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other, see_other_with},
    windows::{
        qr,
        service::{self, CheckInError, IssueError, Mover, QueueError},
        store::{Hall, appointments, items, tickets, tickets::Ticket},
    },
};
use app::{
    people::Action,
    time::{at_time, date_time, day_of, start_of, time_of_day},
    ui::shell::Tab,
    windows::{
        AppointmentState,
        pages::{EndedRow, PapersView, PrintProps, ReceptionProps, print_page, reception_page},
        queue::{Outcome, PriorityClass},
    },
};
use axum::{http::StatusCode, response::Response};
use jiff::{Timestamp, civil::Time};

type Form = FormBody<Vec<(String, String)>>;

/// What there is to show besides the hall.
#[derive(Default)]
struct Left {
    typed: String,
    error: Option<String>,
    found: Vec<(String, String)>,
    /// A ticket that was just given.
    done: Option<Ticket>,
    /// A ticket whose papers are looked at.
    papers: Option<Ticket>,
}

async fn hall(ctx: &Ctx, fields: &Fields) -> Result<(Vec<Hall>, Option<Hall>)> {
    service::halls_for(ctx, Action::QueueServe, fields.get("hall")).await
}

/// The page; `done` names a ticket that was just given, `papers` one whose papers are looked at.
pub async fn page(ctx: Ctx, fields: Fields) -> Result {
    let (all, chosen) = hall(&ctx, &fields).await?;
    let mut left = Left::default();
    if let (Some(id), Some(hall)) = (fields.get("done").or_else(|| fields.get("papers")), &chosen) {
        let ticket = tickets::by_id(ctx.app.db.read(), id).await?.filter(|ticket| ticket.hall_id == hall.id);
        left.done = ticket.clone().filter(|_| fields.get("done").is_some());
        left.papers = ticket;
    }
    show(&ctx, (all, chosen), left, StatusCode::OK).await
}

async fn show(ctx: &Ctx, (all, hall): (Vec<Hall>, Option<Hall>), left: Left, status: StatusCode) -> Result<Response> {
    let w = ctx.w;
    let (mut numbers, mut served, mut classes, mut over) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if let Some(hall) = &hall {
        let line = service::line(&ctx.app, hall, ctx.now).await?;
        numbers = line.waiting.iter().chain(&line.others).map(|ticket| line_row(ctx, &line, ticket)).collect();
        served = items::offered(&ctx.app.db)
            .await?
            .into_iter()
            .filter(|stored| line.desks.iter().any(|desk| line.serves(&desk.id, &stored.id)))
            .map(|stored| (stored.item.code.clone(), w.pick(&stored.item.title, &stored.item.title_en).to_owned()))
            .collect();
        classes = PriorityClass::ALL
            .into_iter()
            .filter(|class| *class == PriorityClass::Ordinary || service::allowed(hall, *class) == *class)
            .map(|class| (class.code().to_owned(), w.t(class.key())))
            .collect();
        over = ended(ctx, hall).await?;
    }
    let papers = match left.papers {
        Some(ticket) if service::may_be_noted_at_reception(&ticket, &day_of(ctx.now).to_string()) => {
            let all = items::all(&ctx.app.db).await?;
            let papers = service::papers(&ctx.app, &all, &ticket).await?;
            Some(PapersView {
                label: ticket.label(),
                ticket: ticket.id,
                checked: papers.iter().any(|one| one.found.checked_at.is_some()),
                items: visit_view(w, &papers),
            })
        }
        _ => None,
    };
    let props = ReceptionProps {
        w,
        halls: hall_ways(ctx, &all, hall.as_ref(), |code| format!("/staff/reception?hall={code}")),
        door: hall.as_ref().map(|hall| door_link(ctx, hall)).and_then(|link| {
            let qr = qr::of(&link)?;
            Some((link, qr))
        }),
        hall: hall.map(|hall| (hall.code.clone(), w.pick(&hall.name, &hall.name_en).to_owned())),
        typed: left.typed,
        error: left.error,
        done: left.done.map(|ticket| (ticket.id.clone(), ticket.label())),
        papers,
        ended: over,
        found: left.found,
        key: clock::short_code(20),
        items: served,
        classes,
        numbers,
    };
    let page = Page::new(ctx, w.t("queue-reception")).tab(Tab::StaffCounter).back("/staff/counter").status(status);
    Ok(page.render(reception_page(props)))
}

/// So many numbers that are over are listed: whoever comes back to the desk was there a moment ago.
const ENDED: i64 = 50;

/// Today's numbers that were over last, newest first.
async fn ended(ctx: &Ctx, hall: &Hall) -> Result<Vec<EndedRow>> {
    let today = day_of(ctx.now).to_string();
    let over = tickets::ended_last(ctx.app.db.read(), &hall.id, &today, ENDED).await?;
    let row = |ticket: Ticket| EndedRow {
        label: ticket.label(),
        title: ctx.w.pick(&ticket.title, &ticket.title_en).to_owned(),
        state: ticket.state(),
        outcome: Outcome::from_code(&ticket.result),
        id: ticket.id,
        name: ticket.name,
        note: ticket.note,
    };
    Ok(over.into_iter().map(row).collect())
}

/// Checks in by code, by scan, or by the last four digits of the phone number.
pub async fn check_in(ctx: Ctx, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let (all, chosen) = hall(&ctx, &fields).await?;
    let hall = chosen.ok_or(Error::Forbidden)?;
    let w = ctx.w;
    let typed: String = fields.get("code").unwrap_or_default().trim().chars().take(300).collect();
    let class = PriorityClass::from_code(fields.get("class").unwrap_or_default());
    let mut left = Left { typed: typed.clone(), ..Left::default() };
    let tail = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit());
    let code = if tail {
        let today = day_of(ctx.now);
        let span = (start_of(today), at_time(today, Time::MAX));
        let booked: Vec<_> = appointments::of_hall(&ctx.app.db, &hall.id, span)
            .await?
            .into_iter()
            .filter(|one| one.state() == AppointmentState::Booked && one.phone_masked.ends_with(&typed))
            .collect();
        if booked.len() > 1 {
            left.found = booked
                .iter()
                .map(|one| {
                    let title = w.pick(&one.title, &one.title_en);
                    (one.code.clone(), format!("{} · {} · {title}", time_of_day(one.starts()), one.person_name))
                })
                .collect();
            return show(&ctx, (all, Some(hall)), left, StatusCode::OK).await;
        }
        booked.into_iter().next().map(|one| one.code)
    } else {
        Some(scanned(&typed).unwrap_or(typed))
    };
    let outcome = match code {
        Some(code) => service::check_in(&ctx, Some(&hall.code), &code, class).await,
        None => Err(CheckInError::Unknown),
    };
    left.error = Some(match outcome {
        Ok(appointment) => {
            let ticket = tickets::of_appointment(ctx.app.db.read(), &appointment.id).await?;
            let id = ticket.map(|ticket| ticket.id).unwrap_or_default();
            return Ok(see_other(&format!("/staff/reception?hall={}&done={id}", hall.code)));
        }
        Err(CheckInError::Http(error)) => return Err(error),
        Err(CheckInError::NotACode) => w.t("windows-check-in-not-a-code"),
        Err(CheckInError::Unknown) => w.t("windows-check-in-unknown"),
        Err(CheckInError::OtherHall(other)) => {
            w.tf("windows-check-in-other-hall", &[("hall", w.pick(&other.name, &other.name_en).into())])
        }
        Err(CheckInError::OtherDay(one)) => {
            let day = app::time::date(w.lang, day_of(one.starts()));
            w.tf("windows-check-in-other-day", &[("date", day.into())])
        }
        Err(CheckInError::Cancelled) => w.t("windows-check-in-cancelled"),
        Err(CheckInError::Over) => w.t("windows-check-in-over"),
    });
    show(&ctx, (all, Some(hall)), left, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// A number from reception.
pub async fn number(ctx: Ctx, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let (all, chosen) = hall(&ctx, &fields).await?;
    let hall = chosen.ok_or(Error::Forbidden)?;
    let get = |name: &str| fields.get(name).unwrap_or_default();
    let class = PriorityClass::from_code(get("class2"));
    match service::walk_in(&ctx, &hall, (get("item"), class, get("name"), get("key"))).await {
        Ok(ticket) => Ok(see_other(&format!("/staff/reception?hall={}&done={}", hall.code, ticket.id))),
        Err(IssueError::Http(error)) => Err(error),
        Err(_) => {
            let left = Left { error: Some(ctx.w.t("queue-not-served")), ..Left::default() };
            show(&ctx, (all, Some(hall)), left, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Sets a ticket's class.
pub async fn class(ctx: Ctx, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let (all, chosen) = hall(&ctx, &fields).await?;
    let hall = chosen.ok_or(Error::Forbidden)?;
    let mover = Mover::clerk(&ctx, &hall)?;
    let class = PriorityClass::from_code(fields.get("class").unwrap_or_default());
    match service::set_class(&mover, &hall, fields.get("ticket").unwrap_or_default(), class).await {
        Ok(()) => Ok(see_other(&format!("/staff/reception?hall={}", hall.code))),
        Err(QueueError::Http(error)) => Err(error),
        Err(_) => {
            let left = Left { error: Some(ctx.w.t("queue-trouble-not-now")), ..Left::default() };
            show(&ctx, (all, Some(hall)), left, StatusCode::CONFLICT).await
        }
    }
}

/// Notes which materials were seen before the person is called.
pub async fn materials(ctx: Ctx, FormBody(fields): Form) -> Result {
    let fields = Fields(fields);
    let (all, chosen) = hall(&ctx, &fields).await?;
    let hall = chosen.ok_or(Error::Forbidden)?;
    let mover = Mover::clerk(&ctx, &hall)?;
    let ticket = fields.get("ticket").unwrap_or_default();
    match service::materials(&mover, &hall, None, ticket, (&seen(&fields), None)).await {
        Ok(()) => {
            let again = format!("/staff/reception?hall={}&papers={ticket}#papers", hall.code);
            Ok(see_other_with(&ctx, &again, "flash-queue-papers-noted"))
        }
        Err(QueueError::Http(error)) => Err(error),
        Err(_) => {
            let left = Left { error: Some(ctx.w.t("queue-trouble-not-now")), ..Left::default() };
            show(&ctx, (all, Some(hall)), left, StatusCode::CONFLICT).await
        }
    }
}

/// A ticket to print on a roll.
pub async fn print(ctx: Ctx, Segment(id): Segment, fields: Fields) -> Result {
    let (ticket, hall) = service::ticket_for_staff(&ctx, &id).await?;
    let line = service::line(&ctx.app, &hall, ctx.now).await?;
    let w = ctx.w;
    let link = match &ticket.appointment_code {
        Some(code) => service::ticket_address(&ctx, code),
        None => service::ticket_link(&ctx, &ticket.id),
    };
    let issued = Timestamp::from_microsecond(ticket.issued_at).unwrap_or(ctx.now);
    let props = PrintProps {
        w,
        hall: w.pick(&hall.name, &hall.name_en).to_owned(),
        label: ticket.label(),
        title: w.pick(&ticket.title, &ticket.title_en).to_owned(),
        when: date_time(w.lang, issued, ctx.now),
        ahead: line.ahead(&ticket),
        qr: qr::of(&link),
        width: if fields.get("mm") == Some("58") { 58 } else { 80 },
        address: format!("/staff/tickets/{id}/print"),
    };
    let back = format!("/staff/reception?hall={}", hall.code);
    Ok(Page::new(&ctx, w.t("queue-print-title")).tab(Tab::StaffCounter).back(back).render(print_page(props)))
}

//! Ways to draw a number without a clerk: the kiosk, the door, from afar; and checking in there.

use super::{Form, hall_of, live_view, own_ticket};
use crate::{
    auth::{limit::Limit, secrets::sha256},
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other},
    windows::{
        qr,
        routes::views::{Fields, Segment},
        service::{self, IssueError, Mover, QueueError, Wish},
        store::{Appointment, Hall, appointments, items, tickets, tickets::Ticket},
    },
};
use app::{
    time::{date, day_of, start_of, time_of_day},
    ui::shell::Tab,
    windows::{
        AppointmentState,
        pages::{DrawProps, draw_page},
        parse_code,
        queue::{Channel, PriorityClass, TicketState},
    },
};
use axum::{http::StatusCode, response::Response};

/// The kiosk goes back to its start after so many seconds.
const KIOSK_REST: u32 = 30;

/// Kind of the token in the door's address.
const DOOR: &str = "door";

/// One device draws at most so many numbers a minute.
const KIOSK_LIMIT: Limit = Limit { what: "kiosk", max: 20, seconds: 60 };

/// Which way a number is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::windows::routes) enum Way {
    /// At the hall's own device.
    Kiosk,
    /// By the QR code at the door.
    Door,
    /// From afar.
    Remote,
}

impl Way {
    fn address(self, hall: &Hall) -> String {
        match self {
            Way::Kiosk => format!("/kiosk/{}", hall.code),
            Way::Door => format!("/halls/{}/door", hall.code),
            Way::Remote => format!("/halls/{}/ticket", hall.code),
        }
    }

    fn channel(self) -> Channel {
        match self {
            Way::Kiosk => Channel::Kiosk,
            Way::Door => Channel::Door,
            Way::Remote => Channel::Remote,
        }
    }
}

/// The door's address, with the token that only its QR code carries.
pub(in crate::windows::routes) fn door_link(ctx: &Ctx, hall: &Hall) -> String {
    let public = ctx.app.config.public_url.as_str().trim_end_matches('/');
    format!("{public}/halls/{}/door?d={}", hall.code, ctx.app.secrets.link_token(DOOR, &hall.code))
}

fn at_the_door(ctx: &Ctx, hall: &Hall, fields: &Fields) -> bool {
    fields.get("d").is_some_and(|token| is_door(ctx, hall, token))
}

/// Whether this is the token of the hall's door.
pub(in crate::windows::routes) fn is_door(ctx: &Ctx, hall: &Hall, token: &str) -> bool {
    ctx.app.secrets.check_link_token(DOOR, &hall.code, token)
}

/// My bookings of today and my numbers from afar, to check in.
async fn mine(ctx: &Ctx, hall: &Hall) -> Result<Vec<(String, &'static str, String)>> {
    let w = ctx.w;
    let today = day_of(ctx.now);
    let mut mine = Vec::new();
    let open = match &ctx.actor {
        Some(actor) => {
            for one in appointments::upcoming(&ctx.app.db, &actor.id, start_of(today)).await? {
                if one.state() == AppointmentState::Booked
                    && one.hall_code == hall.code
                    && day_of(one.starts()) == today
                {
                    let time = time_of_day(one.starts());
                    let title = w.pick(&one.title, &one.title_en).to_owned();
                    let what = w.tf("queue-my-booking", &[("time", time.into()), ("item", title.into())]);
                    mine.push((what, "code", one.code));
                }
            }
            tickets::open_of_person(ctx.app.db.read(), &actor.id, &today.to_string()).await?
        }
        None if ctx.device.is_empty() => Vec::new(),
        None => tickets::open_of_device(ctx.app.db.read(), &sha256(&ctx.device), &today.to_string()).await?,
    };
    for ticket in open.into_iter().filter(|ticket| ticket.hall_id == hall.id && ticket.state() == TicketState::Issued) {
        mine.push((w.tf("queue-my-number", &[("number", ticket.label().into())]), "ticket", ticket.id));
    }
    Ok(mine)
}

async fn draw(
    ctx: &Ctx,
    hall: &Hall,
    way: Way,
    fields: &Fields,
    error: Option<String>,
    drawn: Option<Ticket>,
    status: StatusCode,
) -> Result<Response> {
    let w = ctx.w;
    let line = service::line(&ctx.app, hall, ctx.now).await?;
    let all = items::offered(&ctx.app.db).await?;
    let open = service::is_open(&ctx.app, hall, ctx.now).await?;
    let here = way != Way::Door || at_the_door(ctx, hall, fields);
    let closed = if !open {
        Some(w.t("queue-hall-closed"))
    } else if way == Way::Remote && hall.limits().remote_tickets == 0 {
        Some(w.t("queue-no-remote"))
    } else if !here {
        Some(w.t("queue-scan-the-door"))
    } else {
        None
    };
    // The hall's device goes back to its start by itself, also after a mistake.
    let rests = drawn.is_some() || error.is_some();
    let drawn = drawn.map(|ticket| {
        let link = match &ticket.appointment_code {
            Some(code) => service::ticket_address(ctx, code),
            None => service::ticket_link(ctx, &ticket.id),
        };
        (live_view(ctx, hall, &line, &ticket), qr::of(&link))
    });
    let waiting = |id: &str| line.waiting.iter().filter(|ticket| ticket.item_id == id).count();
    let served = |id: &str| line.desks.iter().any(|desk| desk.closed == 0 && line.serves(&desk.id, id));
    let hidden = fields.get("d").map(|d| vec![("d".to_owned(), d.to_owned())]).unwrap_or_default();
    let props = DrawProps {
        w,
        hall: w.pick(&hall.name, &hall.name_en).to_owned(),
        address: way.address(hall),
        hidden,
        key: clock::short_code(20),
        items: all
            .iter()
            .filter(|stored| served(&stored.id))
            .map(|stored| {
                let title = w.pick(&stored.item.title, &stored.item.title_en).to_owned();
                (stored.item.code.clone(), title, waiting(&stored.id))
            })
            .collect(),
        closed,
        check_in: here && way != Way::Remote,
        error,
        drawn,
        mine: if way == Way::Door && here { mine(ctx, hall).await? } else { Vec::new() },
        rule: (way == Way::Remote).then(|| w.t("queue-remote-rule")),
    };
    let title = match way {
        Way::Kiosk => w.t("queue-kiosk"),
        Way::Door => w.t("queue-door-title"),
        Way::Remote => w.t("queue-remote-title"),
    };
    let page = Page::new(ctx, title).status(status);
    let page = match way {
        Way::Kiosk => page.tab(Tab::Kiosk),
        _ => page.tab(Tab::Services),
    };
    let page = if rests && way == Way::Kiosk { page.refresh_to(KIOSK_REST, way.address(hall)) } else { page };
    Ok(page.render(draw_page(props)))
}

async fn start(ctx: Ctx, code: String, way: Way, fields: Fields) -> Result {
    let hall = hall_of(&ctx, &code).await?;
    // Shown after the number was drawn: by the token in the address, or not at all.
    let drawn = match (fields.get("ticket"), fields.get("t")) {
        (Some(id), Some(token)) if ctx.app.secrets.check_link_token("ticket", id, token) => {
            tickets::by_id(ctx.app.db.read(), id).await?.filter(|ticket| ticket.hall_id == hall.id)
        }
        _ => None,
    };
    draw(&ctx, &hall, way, &fields, None, drawn, StatusCode::OK).await
}

async fn number(ctx: Ctx, code: String, way: Way, fields: Fields) -> Result {
    let hall = hall_of(&ctx, &code).await?;
    let w = ctx.w;
    if way == Way::Door && !at_the_door(&ctx, &hall, &fields) {
        return draw(&ctx, &hall, way, &fields, None, None, StatusCode::FORBIDDEN).await;
    }
    if way == Way::Remote && hall.limits().remote_tickets == 0 {
        return draw(&ctx, &hall, way, &fields, None, None, StatusCode::CONFLICT).await;
    }
    if way != Way::Kiosk && ctx.actor.is_none() && ctx.device.is_empty() {
        // A browser without our cookie cannot be told from another: it gets one with the page, and tries again.
        return draw(&ctx, &hall, way, &fields, Some(w.t("queue-once-more")), None, StatusCode::CONFLICT).await;
    }
    let asked = (fields.get("item").unwrap_or_default(), fields.get("key").unwrap_or_default());
    let error = match take(&ctx, &hall, way, asked).await {
        Ok(ticket) => {
            let link = service::ticket_local_link(&ctx, &ticket.id);
            return Ok(see_other(&match way {
                Way::Kiosk => link.replacen(
                    &format!("/tickets/{}?t=", ticket.id),
                    &format!("/kiosk/{}?ticket={}&t=", hall.code, ticket.id),
                    1,
                ),
                _ => link,
            }));
        }
        Err(IssueError::Http(error)) => return Err(error),
        Err(IssueError::HasOne(ticket)) => w.tf("queue-has-one", &[("number", ticket.label().into())]),
        Err(IssueError::Closed) => w.t("queue-hall-closed"),
        Err(IssueError::NoneLeft) => w.t("queue-none-left"),
        Err(IssueError::NotServed) => {
            let text = w.t("queue-not-served");
            return draw(&ctx, &hall, way, &fields, Some(text), None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(IssueError::TooLate) => w.t("queue-too-late-today"),
    };
    draw(&ctx, &hall, way, &fields, Some(error), None, StatusCode::CONFLICT).await
}

/// Draws a number for an item (its code). `key`: one submit's own.
pub(in crate::windows::routes) async fn take(
    ctx: &Ctx,
    hall: &Hall,
    way: Way,
    (item, key): (&str, &str),
) -> std::result::Result<Ticket, IssueError> {
    KIOSK_LIMIT.take(&ctx.app.db, &sha256(&format!("{}:{}", hall.id, ctx.ip)), ctx.now).await?;
    let stored = items::offered_by_code(&ctx.app.db, item).await?.ok_or(IssueError::NotServed)?;
    let person = ctx.actor.as_ref().filter(|_| way != Way::Kiosk);
    let wish = Wish {
        items: vec![&stored],
        channel: way.channel(),
        class: PriorityClass::Ordinary,
        name: person.map(|actor| actor.name.clone()).unwrap_or_default(),
        person_id: person.map(|actor| actor.id.as_str()),
        device: &ctx.device,
        key: key.to_owned(),
    };
    service::issue(&Mover::of(ctx), hall, &wish).await
}

/// The code in what was typed or scanned: the code itself, or a ticket's link.
pub(in crate::windows::routes) fn scanned(text: &str) -> Option<String> {
    let text = text.trim();
    let last = match text.split_once("/appointments/") {
        Some((_, rest)) => rest.split(['?', '/', '#']).next().unwrap_or_default(),
        None => text,
    };
    parse_code(last)
}

async fn check_in(ctx: Ctx, code: String, way: Way, fields: Fields) -> Result {
    let hall = hall_of(&ctx, &code).await?;
    let w = ctx.w;
    if way == Way::Door && !at_the_door(&ctx, &hall, &fields) {
        return draw(&ctx, &hall, way, &fields, None, None, StatusCode::FORBIDDEN).await;
    }
    let ticket = fields.get("ticket").map(|id| (id, fields.get("t")));
    let (text, status) = match come(&ctx, &hall, fields.get("code"), ticket).await {
        Ok(Came::Number(ticket)) => return Ok(see_other(&service::ticket_local_link(&ctx, &ticket.id))),
        Ok(Came::Booking(ticket, _)) if way == Way::Kiosk => {
            return draw(&ctx, &hall, way, &fields, None, Some(ticket), StatusCode::OK).await;
        }
        Ok(Came::Booking(_, one)) => {
            let link = service::ticket_address(&ctx, &one.code);
            let path = link.split_once("/appointments/").map(|(_, rest)| format!("/appointments/{rest}"));
            return Ok(see_other(&path.unwrap_or_default()));
        }
        Err(NotIn::Http(error)) => return Err(error),
        Err(NotIn::NotACode) => (w.t("windows-check-in-not-a-code"), StatusCode::UNPROCESSABLE_ENTITY),
        Err(NotIn::Unknown) => (w.t("windows-check-in-unknown"), StatusCode::UNPROCESSABLE_ENTITY),
        Err(NotIn::Lapsed) => (w.t("queue-lapsed"), StatusCode::CONFLICT),
        Err(NotIn::NotNow) => (w.t("queue-trouble-not-now"), StatusCode::CONFLICT),
        Err(NotIn::OtherDay(one)) => {
            let day = date(w.lang, day_of(one.starts()));
            (w.tf("windows-check-in-other-day", &[("date", day.into())]), StatusCode::CONFLICT)
        }
        Err(NotIn::Over) => (w.t("windows-check-in-over"), StatusCode::CONFLICT),
    };
    draw(&ctx, &hall, way, &fields, Some(text), None, status).await
}

/// Who has come.
pub(in crate::windows::routes) enum Came {
    /// With a number drawn from afar.
    Number(Ticket),
    /// With a booking, which is a number now.
    Booking(Ticket, Box<Appointment>),
}

/// Why nobody was checked in.
#[derive(Debug, thiserror::Error)]
pub(in crate::windows::routes) enum NotIn {
    /// What was typed is no code.
    #[error("not a code")]
    NotACode,
    /// No booking of this hall has this code.
    #[error("no such booking")]
    Unknown,
    /// The time to come with this number is over.
    #[error("lapsed")]
    Lapsed,
    /// The number's state does not allow it (any more).
    #[error("not now")]
    NotNow,
    /// The booking is for another day.
    #[error("another day")]
    OtherDay(Box<Appointment>),
    /// The booking is over or was cancelled.
    #[error("over")]
    Over,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for NotIn {
    fn from(error: sqlx::Error) -> NotIn {
        NotIn::Http(error.into())
    }
}

/// Checks somebody in who is at the hall: by the code of a booking, or with a number drawn from afar (its id and the token of its
/// link), which has to be their own.
pub(in crate::windows::routes) async fn come(
    ctx: &Ctx,
    hall: &Hall,
    code: Option<&str>,
    number: Option<(&str, Option<&str>)>,
) -> std::result::Result<Came, NotIn> {
    KIOSK_LIMIT.take(&ctx.app.db, &sha256(&format!("in:{}:{}", hall.id, ctx.ip)), ctx.now).await?;
    let mover = Mover::of(ctx);
    if let Some((id, token)) = number {
        // Whose it is is seen by account or browser; the door's code says that they are here.
        let (ticket, _) = own_ticket(ctx, id, token).await?;
        return match service::check_in_ticket(&mover, hall, &ticket.id).await {
            Ok(ticket) => Ok(Came::Number(ticket)),
            Err(QueueError::Http(error)) => Err(error.into()),
            Err(QueueError::Lapsed) => Err(NotIn::Lapsed),
            Err(_) => Err(NotIn::NotNow),
        };
    }
    let code = code.and_then(scanned).ok_or(NotIn::NotACode)?;
    let found = appointments::by_code(&ctx.app.db, &code).await?.filter(|one| one.hall_code == hall.code);
    let one = found.ok_or(NotIn::Unknown)?;
    match service::check_in_booking(&mover, hall, &one, PriorityClass::Ordinary).await {
        Ok((ticket, _)) => Ok(Came::Booking(ticket, Box::new(one))),
        Err(QueueError::Http(error)) => Err(error.into()),
        Err(_) if day_of(one.starts()) != day_of(ctx.now) => Err(NotIn::OtherDay(Box::new(one))),
        Err(_) => Err(NotIn::Over),
    }
}

/// The kiosk's start, or the number just drawn.
pub async fn kiosk(ctx: Ctx, Segment(hall): Segment, fields: Fields) -> Result {
    start(ctx, hall, Way::Kiosk, fields).await
}

/// A number from the kiosk.
pub async fn kiosk_number(ctx: Ctx, Segment(hall): Segment, FormBody(fields): Form) -> Result {
    number(ctx, hall, Way::Kiosk, Fields(fields)).await
}

/// Check-in at the kiosk.
pub async fn kiosk_check_in(ctx: Ctx, Segment(hall): Segment, FormBody(fields): Form) -> Result {
    check_in(ctx, hall, Way::Kiosk, Fields(fields)).await
}

/// What the QR code at the door opens.
pub async fn door(ctx: Ctx, Segment(hall): Segment, fields: Fields) -> Result {
    start(ctx, hall, Way::Door, fields).await
}

/// A number at the door.
pub async fn door_number(ctx: Ctx, Segment(hall): Segment, FormBody(fields): Form) -> Result {
    number(ctx, hall, Way::Door, Fields(fields)).await
}

/// Check-in at the door.
pub async fn door_check_in(ctx: Ctx, Segment(hall): Segment, FormBody(fields): Form) -> Result {
    check_in(ctx, hall, Way::Door, Fields(fields)).await
}

/// Numbers from afar.
pub async fn remote(ctx: Ctx, Segment(hall): Segment, fields: Fields) -> Result {
    start(ctx, hall, Way::Remote, fields).await
}

/// A number from afar.
pub async fn remote_number(ctx: Ctx, Segment(hall): Segment, FormBody(fields): Form) -> Result {
    number(ctx, hall, Way::Remote, Fields(fields)).await
}

//! Numbers: drawn at the desk, at the hall's device, at the door or from afar.

use super::queue::{Extra, Mover, QueueError, step_in};
use crate::{
    auth::secrets::sha256,
    clock,
    db::{Tx, dialect},
    http::{Ctx, Error},
    people::inbox,
    windows::store::{
        Hall, halls,
        items::StoredItem,
        moves::{self, NewTicket},
        tickets::{self, Ticket},
    },
};
use app::{
    time::{at_time, day_of},
    windows::{
        DayHours,
        queue::{Channel, PriorityClass, Step, TicketState, lapses_at, open_minutes, place},
        slots_of,
    },
};
use jiff::Timestamp;

/// Kind of the link tokens of tickets without a booking.
pub(super) const TICKET_LINK: &str = "ticket";

/// Why no number was given.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The hall is not open now.
    #[error("the hall is closed")]
    Closed,
    /// All walk-in numbers of the day are given out.
    #[error("no numbers left today")]
    NoneLeft,
    /// The person has an open number: that one.
    #[error("one number at a time")]
    HasOne(Box<Ticket>),
    /// No window of this hall serves the item.
    #[error("not served here")]
    NotServed,
    /// The hall closes before the turn of somebody who draws a number from afar now.
    #[error("not to be served before closing")]
    TooLate,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for IssueError {
    fn from(error: sqlx::Error) -> IssueError {
        IssueError::Http(error.into())
    }
}

impl From<anyhow::Error> for IssueError {
    fn from(error: anyhow::Error) -> IssueError {
        IssueError::Http(error.into())
    }
}

/// What somebody wants a number for.
pub struct Wish<'a> {
    /// The items; the first is what they are called for.
    pub items: Vec<&'a StoredItem>,
    /// Where they ask.
    pub channel: Channel,
    /// Priority class, as far as the hall has it.
    pub class: PriorityClass,
    /// Name for the clerk, may be empty.
    pub name: String,
    /// Whose number it is, if they have an account.
    pub person_id: Option<&'a str>,
    /// The browser that asks, if it has nobody signed in.
    pub device: &'a str,
    /// One submit's own key.
    pub key: String,
}

/// The hall's open spans on the day of `now`, with the statutory calendar.
pub async fn hours_today(
    app: &crate::app_state::App,
    hall: &Hall,
    now: Timestamp,
) -> Result<Vec<app::windows::Hours>, sqlx::Error> {
    let today = day_of(now);
    let rules = halls::rules(app.db.read(), &hall.id, today).await?;
    Ok(match rules.day(today, &app.calendar) {
        DayHours::Open(hours) => hours,
        DayHours::Closed(_) => Vec::new(),
    })
}

/// The same as instants: half-open, in order, in microseconds.
pub(super) async fn open_spans(
    app: &crate::app_state::App,
    hall: &Hall,
    now: Timestamp,
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    let today = day_of(now);
    let hours = hours_today(app, hall, now).await?;
    let at = |time| at_time(today, time).as_microsecond();
    Ok(hours.iter().map(|span| (at(span.from), at(span.to))).collect())
}

/// Whether the hall is open at `now`.
pub async fn is_open(app: &crate::app_state::App, hall: &Hall, now: Timestamp) -> Result<bool, sqlx::Error> {
    Ok(is_within(&hours_today(app, hall, now).await?, now))
}

/// Whether `now` lies in one of the day's open spans.
pub fn is_within(hours: &[app::windows::Hours], now: Timestamp) -> bool {
    let today = day_of(now);
    hours.iter().any(|span| at_time(today, span.from) <= now && now < at_time(today, span.to))
}

/// Walk-in numbers that a hall gives out on the day of `now` without a clerk: the walk-in places of its windows in
/// all slots of the day.
pub async fn walk_in_capacity(app: &crate::app_state::App, hall: &Hall, now: Timestamp) -> Result<i64, sqlx::Error> {
    let slots = slots_of(&hours_today(app, hall, now).await?, hall.slot_minutes).len();
    let places: i64 = tickets::desks(app.db.read(), &hall.id)
        .await?
        .iter()
        .filter(|desk| desk.closed == 0)
        .map(|desk| desk.capacity_walk_in)
        .sum();
    Ok(places.saturating_mul(i64::try_from(slots).unwrap_or(i64::MAX)))
}

/// Gives out a number. One submit is one number, however often it is tapped. Numbers that nobody behind a desk gives
/// out are limited: only while the hall is open, only as many as the day has walk-in places, one open number a person
/// (or browser); from afar they begin as "issued" and are never called before they are checked in.
pub async fn issue(mover: &Mover<'_>, hall: &Hall, wish: &Wish<'_>) -> Result<Ticket, IssueError> {
    if wish.key.len() > super::MAX_KEY {
        return Err(Error::BadRequest("key: at most 100 characters".into()).into());
    }
    let first = wish.items.first().ok_or(IssueError::NotServed)?;
    let served = tickets::served(&mover.app.db, &hall.id).await?;
    if wish.items.iter().any(|stored| !served.iter().any(|(_, item)| *item == stored.id)) {
        return Err(IssueError::NotServed);
    }
    let by_itself = wish.channel != Channel::Desk;
    let mut capacity = i64::MAX;
    if by_itself {
        if !is_open(mover.app, hall, mover.now).await? {
            return Err(IssueError::Closed);
        }
        capacity = walk_in_capacity(mover.app, hall, mover.now).await?;
    }
    let spans = open_spans(mover.app, hall, mover.now).await?;
    if wish.channel == Channel::Remote {
        let left = open_minutes(&spans, mover.now.as_microsecond());
        let own = wish.items.iter().map(|stored| stored.item.minutes).sum();
        if !super::line(mover.app, hall, mover.now).await?.would_be_served(&first.id, own, left) {
            return Err(IssueError::TooLate);
        }
    }
    let shared = matches!(wish.channel, Channel::Desk | Channel::Kiosk);
    let device_hash = if shared || wish.device.is_empty() { String::new() } else { sha256(wish.device) };
    let whom = wish.person_id.or(mover.person).unwrap_or(&device_hash);
    let key = (!wish.key.is_empty()).then(|| format!("{whom}:{}", wish.key));
    let day = mover.day();
    let mut tx = mover.app.db.begin().await?;
    if !shared {
        // Before the hall's day: somebody who taps at two halls at once gets one number.
        dialect::lock_key(mover.app.db.engine(), &mut tx, &format!("number:{whom}")).await?;
    }
    moves::bump(&mut tx, &hall.id, &day).await?;
    if let Some(key) = &key
        && let Some(ticket) = tickets::by_key(&mut *tx, key).await?
    {
        return Ok(ticket);
    }
    if !shared {
        let mut open = match device_hash.as_str() {
            "" => Vec::new(),
            device => tickets::open_of_device(&mut *tx, device, &day).await?,
        };
        if let Some(person) = wish.person_id {
            open.extend(tickets::open_of_person(&mut *tx, person, &day).await?);
        }
        for ticket in open {
            // One of another hall is ended by that hall's own sweep.
            let ended = ticket.hall_id == hall.id && end_lapsed_in(&mut tx, mover, (hall, &spans), &ticket).await?;
            if !ended {
                return Err(IssueError::HasOne(Box::new(ticket)));
            }
        }
    }
    if by_itself && tickets::walk_ins(&mut *tx, &hall.id, &day).await? >= capacity {
        return Err(IssueError::NoneLeft);
    }
    let number = moves::next_number(&mut tx, &hall.id, &day, &first.item.letter).await?;
    let id = clock::new_id(mover.now);
    let class = allowed(hall, wish.class);
    let now = mover.now.as_microsecond();
    let items: Vec<_> = wish.items.iter().map(|stored| (stored.id.clone(), "{}".to_owned())).collect();
    let name: String = wish.name.trim().chars().take(40).collect();
    let new = NewTicket {
        id: &id,
        hall_id: &hall.id,
        day: &day,
        number: (&first.item.letter, number),
        appointment_id: None,
        person_id: wish.person_id,
        device_hash: &device_hash,
        name: &name,
        channel: wish.channel.code(),
        class: class.code(),
        items: &items,
        need: "",
        state: if wish.channel == Channel::Remote { TicketState::Issued } else { TicketState::Waiting },
        place: place(class, None, now, hall.limits().late_minutes),
        booked_for: None,
        key: key.as_deref(),
        staff_id: mover.person.filter(|_| wish.channel == Channel::Desk),
    };
    moves::insert(&mut tx, &new, mover.now).await?;
    let detail = serde_json::json!({"hall": hall.code, "channel": wish.channel.code()});
    mover.audit(&mut tx, "ticket.issue", &id, detail).await?;
    let ticket = tickets::by_id(&mut *tx, &id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    metrics::counter!("linli_queue_tickets_total").increment(1);
    Ok(ticket)
}

/// The class if this hall has it, else ordinary.
pub fn allowed(hall: &Hall, class: PriorityClass) -> PriorityClass {
    let has = hall.limits().priority_classes.iter().any(|code| code == class.code());
    if has { class } else { PriorityClass::Ordinary }
}

/// Ends a number from afar whose time to check in is over. `false`: it is none, or still has time.
pub(super) async fn end_lapsed_in(
    tx: &mut Tx,
    mover: &Mover<'_>,
    (hall, spans): (&Hall, &[(i64, i64)]),
    ticket: &Ticket,
) -> Result<bool, Error> {
    if ticket.state() != TicketState::Issued {
        return Ok(false);
    }
    let at = lapses_at(spans, ticket.issued_at, hall.limits().remote_minutes);
    let Some(at) = Timestamp::from_microsecond(at).ok().filter(|at| *at <= mover.now) else { return Ok(false) };
    let system = Mover { now: at, person: None, ..*mover };
    match step_in(tx, &system, hall, ticket, None, Step::Leave, &Extra::default(), None).await {
        Ok(()) => {}
        Err(QueueError::Http(error)) => return Err(error),
        Err(_) => return Ok(false),
    }
    if let Some(person_id) = &ticket.person_id {
        let told = inbox::Message {
            person_id,
            text_key: "inbox-ticket-lapsed",
            text_args: serde_json::json!({
                "number": ticket.label(), "hall": hall.name,
                "hall_en": app::i18n::Lang::En.pick(&hall.name, &hall.name_en),
            }),
            href: &super::ticket_path(ticket),
            dedupe_key: &format!("ticket-lapsed:{}", ticket.id),
        };
        inbox::send(tx, told, mover.now).await?;
    }
    Ok(true)
}

/// Ends the numbers from afar of today whose people did not come in time; running it again changes nothing.
pub async fn end_lapsed(app: &crate::app_state::App) -> anyhow::Result<()> {
    let mover = Mover { app, now: app.clock.now(), person: None, request_id: "" };
    let day = mover.day();
    for hall in halls::all(&app.db).await? {
        let issued = tickets::of_day(app.db.read(), &hall.id, &day, &[TicketState::Issued]).await?;
        if issued.is_empty() {
            continue;
        }
        let spans = open_spans(app, &hall, mover.now).await?;
        for ticket in issued {
            let mut tx = app.db.begin().await?;
            moves::bump(&mut tx, &hall.id, &day).await?;
            let Some(ticket) = tickets::by_id(&mut *tx, &ticket.id).await? else { continue };
            if end_lapsed_in(&mut tx, &mover, (&hall, &spans), &ticket).await.map_err(anyhow::Error::new)? {
                tx.commit().await?;
            }
        }
    }
    Ok(())
}

/// Sets the class of an open ticket; its place follows.
pub async fn set_class(
    mover: &Mover<'_>,
    hall: &Hall,
    ticket_id: &str,
    class: PriorityClass,
) -> Result<(), QueueError> {
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &mover.day()).await?;
    let ticket = tickets::by_id(&mut *tx, ticket_id).await?.filter(|ticket| ticket.hall_id == hall.id);
    let ticket = ticket.ok_or(Error::NotFound)?;
    if !ticket.state().is_open() {
        return Err(QueueError::NotNow);
    }
    let class = allowed(hall, class);
    // When the person came: the begin of their first time of waiting.
    let came: Option<(i64,)> = sqlx::query_as(
        "SELECT starts_at FROM ticket_interval WHERE ticket_id = $1 AND state = 'waiting' ORDER BY position LIMIT 1",
    )
    .bind(ticket_id)
    .fetch_optional(&mut *tx)
    .await?;
    let came = came.map_or(ticket.issued_at, |(at,)| at);
    let place = place(class, ticket.booked_for, came, hall.limits().late_minutes);
    moves::set_class(&mut tx, ticket_id, class.code(), place).await?;
    mover.audit(&mut tx, "ticket.class", ticket_id, serde_json::json!({"class": class.code()})).await?;
    tx.commit().await?;
    Ok(())
}

/// The absolute address of a ticket without a booking, which opens without signing in.
pub fn ticket_link(ctx: &Ctx, ticket_id: &str) -> String {
    let public = ctx.app.config.public_url.as_str().trim_end_matches('/');
    format!("{public}{}", ticket_local_link(ctx, ticket_id))
}

/// The same as a path.
pub fn ticket_local_link(ctx: &Ctx, ticket_id: &str) -> String {
    format!("/tickets/{ticket_id}?t={}", ctx.app.secrets.link_token(TICKET_LINK, ticket_id))
}

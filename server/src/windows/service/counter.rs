//! One window's screen.

use super::{
    issue::{IssueError, Wish, issue},
    line::{Line, line},
    papers::{VisitPapers, papers},
    queue::{Mover, may_undo},
};
use crate::{
    http::{Ctx, Error, Result},
    windows::store::{
        Hall, halls,
        items::{self, StoredItem},
        tickets::{self, Desk, StepRow, Ticket},
    },
};
use app::{
    people::Action,
    windows::queue::{Channel, PriorityClass},
};

/// A person in the list of a window.
pub type Waiting = Ticket;

/// The person at the window.
pub struct Current {
    /// Their ticket.
    pub ticket: Ticket,
    /// The items of their visit with their papers.
    pub items: Vec<VisitPapers>,
}

/// What a window's screen shows.
pub struct Counter {
    /// The hall.
    pub hall: Hall,
    /// The window.
    pub desk: Desk,
    /// The line of the hall.
    pub line: Line,
    /// The person called or served.
    pub current: Option<Current>,
    /// What can be undone, with its ticket.
    pub undo: Option<(StepRow, Ticket)>,
    /// Items that this window serves.
    pub items: Vec<StoredItem>,
}

/// The hall and window that an address names (`hall-wutong.3`), for a clerk who may serve there.
pub async fn counter_of(ctx: &Ctx, address: &str) -> Result<(Hall, Desk)> {
    let actor = ctx.actor()?;
    let (hall, number) = address.rsplit_once('.').ok_or(Error::NotFound)?;
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let hall = halls::by_code(&ctx.app.db, hall).await?.ok_or(Error::NotFound)?;
    actor.require(Action::QueueServe, &hall.path)?;
    let desks = tickets::desks(ctx.app.db.read(), &hall.id).await?;
    let desk = desks.into_iter().find(|desk| desk.number == number).ok_or(Error::NotFound)?;
    Ok((hall, desk))
}

/// Loads a window's screen.
pub async fn counter(ctx: &Ctx, address: &str) -> Result<Counter> {
    let (hall, desk) = counter_of(ctx, address).await?;
    let line = line(&ctx.app, &hall, ctx.now).await?;
    let all = items::all(&ctx.app.db).await?;
    let at_window = line
        .others
        .iter()
        .find(|ticket| ticket.state().is_at_window() && ticket.window_id.as_deref() == Some(desk.id.as_str()));
    let current = match at_window {
        Some(ticket) => Some(Current { ticket: ticket.clone(), items: papers(&ctx.app, &all, ticket).await? }),
        None => None,
    };
    let actor = ctx.actor()?;
    let mut undo = None;
    if let Some(step) = tickets::newest_step_at(ctx.app.db.read(), &desk.id).await?
        && may_undo(&step, &actor.id, ctx.now)
        && let Some(ticket) = tickets::by_id(ctx.app.db.read(), &step.ticket_id).await?
    {
        undo = Some((step, ticket));
    }
    let items = all.into_iter().filter(|stored| !stored.retired && line.serves(&desk.id, &stored.id)).collect();
    Ok(Counter { hall, desk, line, current, undo, items })
}

/// A number given out at the desk.
pub async fn walk_in(
    ctx: &Ctx,
    hall: &Hall,
    (item, class, name, key): (&str, PriorityClass, &str, &str),
) -> std::result::Result<Ticket, IssueError> {
    let mover = Mover::clerk(ctx, hall)?;
    let stored = items::offered_by_code(&ctx.app.db, item).await?.ok_or(IssueError::NotServed)?;
    let wish = Wish {
        items: vec![&stored],
        channel: Channel::Desk,
        class,
        name: name.to_owned(),
        person_id: None,
        device: "",
        key: key.to_owned(),
    };
    issue(&mover, hall, &wish).await
}

/// A ticket with its hall, for a clerk who may serve there.
pub async fn ticket_for_staff(ctx: &Ctx, id: &str) -> Result<(Ticket, Hall)> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::QueueServe)?;
    let ticket = tickets::by_id(ctx.app.db.read(), id).await?.ok_or(Error::NotFound)?;
    let hall = halls::by_id(&ctx.app.db, &ticket.hall_id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::QueueServe, &hall.path)?;
    Ok((ticket, hall))
}

//! One window's screen.

use super::{
    issue::{IssueError, Wish, issue},
    line::{Line, line},
    queue::{Mover, QueueError, may_undo},
};
use crate::{
    http::{Ctx, Error, Result},
    windows::store::{
        Hall, halls,
        items::{self, StoredItem},
        moves,
        tickets::{self, Desk, StepRow, Ticket, TicketItem},
    },
};
use app::{
    people::Action,
    windows::{
        Answers, Need,
        queue::{Channel, PriorityClass},
    },
};

/// A person in the list of a window.
pub type Waiting = Ticket;

/// The person at the window.
pub struct Current {
    /// Their ticket.
    pub ticket: Ticket,
    /// The items of their visit with what was found so far.
    pub items: Vec<(StoredItem, TicketItem)>,
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
        Some(ticket) => {
            let found = tickets::items(ctx.app.db.read(), &ticket.id).await?;
            let items = found
                .into_iter()
                .filter_map(|row| Some((all.iter().find(|stored| stored.item.code == row.item_code)?.clone(), row)))
                .collect();
            Some(Current { ticket: ticket.clone(), items })
        }
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

/// Notes which materials were seen for the items of the ticket at this window; the others that the visit needs for
/// certain are missing. `seen` are pairs of item and material code. The clerk's note is kept as well, if there is one.
pub async fn materials(
    mover: &Mover<'_>,
    hall: &Hall,
    desk: &Desk,
    ticket_id: &str,
    (seen, note): (&[(String, String)], Option<&str>),
) -> std::result::Result<(), QueueError> {
    let all = items::all(&mover.app.db).await?;
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &mover.day()).await?;
    let ticket = tickets::by_id(&mut *tx, ticket_id).await?.filter(|ticket| ticket.hall_id == hall.id);
    let ticket = ticket.ok_or(Error::NotFound)?;
    if !ticket.state().is_at_window() || ticket.window_id.as_deref() != Some(desk.id.as_str()) {
        return Err(QueueError::NotNow);
    }
    for row in tickets::items(&mut *tx, ticket_id).await? {
        let Some(stored) = all.iter().find(|stored| stored.item.code == row.item_code) else { continue };
        let answers: Answers = serde_json::from_str(&row.answers).unwrap_or_default();
        let (mut here, mut missing) = (Vec::new(), Vec::new());
        for (material, need) in stored.item.materials_for(&answers) {
            if seen.iter().any(|(item, code)| *item == row.item_code && *code == material.code) {
                here.push(material.code.as_str());
            } else if need == Need::Yes {
                missing.push(material.code.as_str());
            }
        }
        let json = |list: &[&str]| serde_json::to_string(list).map_err(anyhow::Error::new);
        let found = (json(&here)?, json(&missing)?);
        moves::check_materials(&mut tx, ticket_id, &row.item_code, (&found.0, &found.1), mover.now).await?;
    }
    if let Some(note) = note {
        let note: String = note.trim().chars().take(super::MAX_NOTE).collect();
        moves::set_note(&mut tx, ticket_id, &note).await?;
    }
    mover.audit(&mut tx, "ticket.materials", ticket_id, serde_json::json!({"seen": seen.len()})).await?;
    tx.commit().await?;
    Ok(())
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

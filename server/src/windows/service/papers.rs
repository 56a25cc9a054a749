//! The papers of a visit: what the person said they have, what was seen at reception and at the window, what is missing.

use super::{
    counter::ticket_for_staff,
    queue::{Mover, QueueError},
};
use crate::{
    app_state::App,
    http::{Ctx, Error},
    windows::store::{
        Hall, appointments,
        items::{self, StoredItem},
        moves,
        tickets::{self, Desk, Ticket, TicketItem},
    },
};
use app::windows::{Answers, Material, Need, ServiceItem};
use std::sync::Arc;

/// An item of a visit with its papers.
pub struct VisitPapers {
    /// The item.
    pub stored: StoredItem,
    /// Answers, and what was found so far.
    pub found: TicketItem,
    /// Codes of the materials that the person ticked when booking: what they said, not what was seen.
    pub said: Vec<String>,
}

/// The items of a ticket's visit with their papers, in their order. `all`: every item there is.
pub async fn papers(app: &App, all: &[StoredItem], ticket: &Ticket) -> anyhow::Result<Vec<VisitPapers>> {
    let booked = match &ticket.appointment_id {
        Some(id) => appointments::items_of(&app.db, id).await?,
        None => Vec::new(),
    };
    let of = |found: TicketItem| {
        let stored = all.iter().find(|stored| stored.item.code == found.item_code)?.clone();
        let row = booked.iter().find(|row| row.item_id == stored.id);
        let said = row.and_then(|row| serde_json::from_str(&row.materials).ok()).unwrap_or_default();
        Some(VisitPapers { stored, found, said })
    };
    Ok(tickets::items(app.db.read(), &ticket.id).await?.into_iter().filter_map(of).collect())
}

/// What a visit lacks, to be brought next time.
pub struct Missing {
    /// Whose visit.
    pub ticket: Ticket,
    /// Where to bring it.
    pub hall: Hall,
    /// When the papers were looked at last, in microseconds; `None`: nobody has yet.
    pub checked_at: Option<i64>,
    /// The items for which something is missing, each with that, in their order.
    pub items: Vec<(ServiceItem, Vec<Material>)>,
}

/// What was found missing for the visit of a ticket, for staff of its hall.
pub async fn missing(ctx: &Ctx, ticket_id: &str) -> crate::http::Result<Missing> {
    let (ticket, hall) = ticket_for_staff(ctx, ticket_id).await?;
    let mut checked_at: Option<i64> = None;
    let mut lacking = Vec::new();
    for row in tickets::items(ctx.app.db.read(), &ticket.id).await? {
        let Some(stored) = items::by_code(&ctx.app.db, &row.item_code).await? else { continue };
        checked_at = checked_at.max(row.checked_at);
        let codes: Vec<String> = serde_json::from_str(&row.missing).unwrap_or_default();
        let materials = stored.item.materials.iter().filter(|material| codes.contains(&material.code));
        let materials: Vec<Material> = materials.cloned().collect();
        if !materials.is_empty() {
            lacking.push((Arc::unwrap_or_clone(stored.item), materials));
        }
    }
    Ok(Missing { ticket, hall, checked_at, items: lacking })
}

/// Notes which materials were seen for the items of a ticket; the others that the visit needs for certain are missing.
/// `seen` are pairs of item and material code. A window (`desk`) notes it of the person it has called, reception of
/// somebody who has not been called yet. The clerk's note is kept as well, if there is one.
pub async fn materials(
    mover: &Mover<'_>,
    hall: &Hall,
    desk: Option<&Desk>,
    ticket_id: &str,
    (seen, note): (&[(String, String)], Option<&str>),
) -> Result<(), QueueError> {
    let all = items::all(&mover.app.db).await?;
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &mover.day()).await?;
    let ticket = tickets::by_id(&mut *tx, ticket_id).await?.filter(|ticket| ticket.hall_id == hall.id);
    let ticket = ticket.ok_or(Error::NotFound)?;
    let here = match desk {
        Some(desk) => ticket.state().is_at_window() && ticket.window_id.as_deref() == Some(desk.id.as_str()),
        None => may_be_noted_at_reception(&ticket, &mover.day()),
    };
    if !here {
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
        let note = super::kept_words(note, super::MAX_NOTE).ok_or(QueueError::Long)?;
        moves::set_note(&mut tx, ticket_id, &note).await?;
    }
    let place = if desk.is_some() { "window" } else { "reception" };
    mover.audit(&mut tx, "ticket.materials", ticket_id, serde_json::json!({"seen": seen.len(), "at": place})).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether reception may (still) look at the papers of a ticket: it is open today, and no window has called it.
pub fn may_be_noted_at_reception(ticket: &Ticket, today: &str) -> bool {
    ticket.day == today && ticket.state().is_open() && !ticket.state().is_at_window()
}

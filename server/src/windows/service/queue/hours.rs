//! Windows open and close, and the day ends.

use super::{Extra, Mover, QueueError, step_in};
use crate::{
    app_state::App,
    audit,
    http::Error,
    windows::store::{
        Hall, moves,
        tickets::{self, Desk},
    },
};
use app::{
    time::day_of,
    windows::queue::{Step, TicketState},
};

/// Opens a window for the clerk, or closes it. A window with somebody at it stays open.
pub async fn staff_window(mover: &Mover<'_>, hall: &Hall, desk: &Desk, open: bool) -> Result<(), QueueError> {
    let day = mover.day();
    let person = mover.person.ok_or(Error::SignIn)?;
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &day).await?;
    let changed = if open {
        moves::open_window(&mut tx, &desk.id, person, mover.now).await?
    } else {
        if moves::at_window(&mut tx, &day, &desk.id).await?.is_some() {
            return Err(QueueError::Busy);
        }
        moves::close_window(&mut tx, &desk.id, mover.now).await?
    };
    if changed {
        let entry = audit::Entry {
            by: audit::By::Person(person),
            action: if open { "window.open" } else { "window.close" },
            object_kind: "window",
            object_id: &desk.id,
            detail: serde_json::json!({}),
            request_id: mover.request_id,
        };
        audit::write(&mut tx, entry, mover.now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Ends what was left open on days before today: the hall has closed. Numbers that never came and people who still
/// waited have left; who was called and did not come missed it; who was being served is done.
pub async fn end_past_days(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = day_of(now).to_string();
    let open: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT t.id, t.hall_id, h.code FROM ticket t JOIN hall h ON h.id = t.hall_id \
         WHERE t.day < $1 AND t.state NOT IN ('done', 'no_show', 'left') LIMIT 1000",
    )
    .bind(&today)
    .fetch_all(app.db.read())
    .await?;
    for (id, _, hall) in open {
        let Some(hall) = crate::windows::store::halls::by_code(&app.db, &hall).await? else { continue };
        let mut tx = app.db.begin().await?;
        let Some(ticket) = tickets::by_id(&mut *tx, &id).await? else { continue };
        moves::bump(&mut tx, &hall.id, &ticket.day).await?;
        let end = ticket.day.parse::<jiff::civil::Date>().ok().and_then(|day| day.tomorrow().ok());
        let end = end.map_or(now, app::time::start_of);
        let mover = Mover { app, now: end, person: None, request_id: "" };
        let step = match ticket.state() {
            TicketState::Called | TicketState::Passed => Step::NoShow,
            TicketState::Serving => Step::Finish,
            _ => Step::Leave,
        };
        match step_in(&mut tx, &mover, &hall, &ticket, None, step, &Extra::default(), None).await {
            Ok(()) => tx.commit().await?,
            Err(QueueError::Http(error)) => return Err(anyhow::Error::new(error)),
            Err(_) => {}
        }
    }
    let mut tx = app.db.begin().await?;
    sqlx::query("UPDATE window_session SET closed_at = $1 WHERE closed_at IS NULL AND opened_at < $2")
        .bind(now.as_microsecond())
        .bind(app::time::start_of(day_of(now)).as_microsecond())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

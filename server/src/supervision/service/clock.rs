//! What happens by itself as the time to answer runs out: the addressee is reminded before, the issuer hears of it after. Each
//! once for each deadline.

use super::tell;
use crate::{
    app_state::App,
    reports::clocks::hours_at,
    supervision::store::{self, Letter, write},
};
use app::{reports::worktime::WorkTime, supervision::letter::is_soon};
use jiff::{SignedDuration, Timestamp};

/// Letters read at once.
const PAGE: i64 = 200;
/// Deadlines that come later than this are not near, whatever holidays lie between.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 12);

/// Looks at all letters whose time is short or over.
pub async fn remind(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut after = String::new();
    loop {
        let letters = store::to_remind(&app.db, (now, now + AHEAD), &after, PAGE).await?;
        let Some(last) = letters.last() else { return Ok(()) };
        after.clone_from(&last.id);
        for letter in &letters {
            if is_to_be_told(app, letter, now).await? {
                tell_of(app, letter, now).await?;
            }
        }
    }
}

async fn is_to_be_told(app: &App, letter: &Letter, now: Timestamp) -> anyhow::Result<bool> {
    let Some(due) = letter.due() else { return Ok(false) };
    if due < now {
        return Ok(true);
    }
    let hours = hours_at(&mut *app.db.read().acquire().await?, &letter.addressee_path).await?;
    Ok(is_soon(&WorkTime { calendar: &app.calendar, hours: &hours }, now, due))
}

async fn tell_of(app: &App, letter: &Letter, now: Timestamp) -> anyhow::Result<()> {
    let Some(due) = letter.due_at else { return Ok(()) };
    let over = letter.is_overdue(now);
    let message = tell::of_deadline(letter, over, now);
    let people = tell::people(app, letter, message.to).await?;
    let mut tx = app.db.begin().await?;
    if write::note_told(&mut tx, &letter.id, due, over).await? {
        let event = format!("{}:{due}", if over { "overdue" } else { "soon" });
        tell::send(&mut tx, (letter, &event), &message, &people, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

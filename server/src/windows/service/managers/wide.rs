//! A change that is not one hall's: of a service item or of the calendar. Each hall's bookings are judged by the hall's
//! own settings; what is decided about them is carried out in the transaction of the change.

use super::{
    apply::{Change, carry_out},
    preview::{self, Decision, Decisions, HitRow},
};
use crate::{
    db::{Tx, dialect},
    http::{Ctx, Result},
    windows::{
        service::places,
        store::{
            Hall, halls,
            settings::{self as store, Booking},
        },
    },
};
use app::{
    time::{HolidayCalendar, day_of},
    windows::settings::{HallSettings, Hit, Standing},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What a change does at one hall.
pub struct AtHall {
    /// The hall.
    pub hall: Hall,
    /// Its settings, as far as other times are looked for in them.
    pub settings: HallSettings,
    /// Its bookings.
    standing: Vec<Standing>,
    /// Those that are hit.
    pub rows: Vec<HitRow>,
}

/// Judges the bookings of a hall: which are hit, by code. May narrow the settings in which other times are looked for,
/// and say of a booking how long it would have to be.
pub type Judge<'a> = &'a (dyn Fn(&mut HallSettings, &mut Vec<Standing>) -> BTreeMap<String, Hit> + Send + Sync);

/// A change.
pub struct Cause<'a> {
    /// Finds what it hits.
    pub judge: Judge<'a>,
    /// The calendar that holds after it.
    pub calendar: &'a HolidayCalendar,
}

type Taken = Vec<(String, i64, i64, i64, i64)>;

fn weigh(
    cause: &Cause<'_>,
    (hall, mut settings): (Hall, HallSettings),
    (bookings, items, taken): (&[Booking], &[(String, String)], Taken),
    now: Timestamp,
) -> AtHall {
    let mut standing = preview::as_standing(bookings, items);
    let found = (cause.judge)(&mut settings, &mut standing);
    let taken = preview::as_taken(taken);
    let rows = preview::hit_rows(found, (bookings, &standing), (&settings, cause.calendar), taken, now);
    AtHall { hall, settings, standing, rows }
}

/// What a change would do, at the halls where it hits something; read outside a transaction.
pub async fn look(ctx: &Ctx, cause: &Cause<'_>) -> Result<Vec<AtHall>> {
    let pool = ctx.app.db.read();
    let mut hit = Vec::new();
    for hall in halls::all(&ctx.app.db).await? {
        let settings = store::hall(pool, &hall, day_of(ctx.now)).await?;
        let bookings = store::standing(pool, &hall.id, ctx.now).await?;
        let items = store::items_of(pool, &hall.id, ctx.now).await?;
        let taken = store::taken(pool, &hall.id, ctx.now).await?;
        hit.push(weigh(cause, (hall, settings), (&bookings, &items, taken), ctx.now));
    }
    hit.retain(|at| !at.rows.is_empty());
    Ok(hit)
}

/// The same in the transaction of the change: the halls' settings and slots stay as they are until it ends.
pub async fn look_locked(ctx: &Ctx, tx: &mut Tx, cause: &Cause<'_>) -> Result<Vec<AtHall>> {
    let db = &ctx.app.db;
    let mut all = halls::all(db).await?;
    // In one order for everybody.
    all.sort_by(|a, b| a.id.cmp(&b.id));
    for hall in &all {
        dialect::lock_key(db.engine(), tx, &format!("settings:hall:{}", hall.id)).await?;
    }
    let mut hit = Vec::new();
    for hall in all {
        // The days first, as whoever books does.
        places::lock_every_day(db.engine(), tx, &hall, day_of(ctx.now)).await?;
        store::lock_slots(tx, db.engine(), &hall.id, ctx.now).await?;
        let settings = store::hall(db.read(), &hall, day_of(ctx.now)).await?;
        let bookings = store::standing(&mut **tx, &hall.id, ctx.now).await?;
        let items = store::items_of(&mut **tx, &hall.id, ctx.now).await?;
        let taken = store::taken(&mut **tx, &hall.id, ctx.now).await?;
        hit.push(weigh(cause, (hall, settings), (&bookings, &items, taken), ctx.now));
    }
    hit.retain(|at| !at.rows.is_empty());
    Ok(hit)
}

/// Puts what was decided into the rows. Gives whether it has to be looked at again: one of them was not on the page that was
/// sent, or words to people are too long.
pub fn decide(hit: &mut [AtHall], decisions: &Decisions, confirming: bool) -> bool {
    for at in hit.iter_mut() {
        preview::decide(&mut at.rows, decisions, confirming);
    }
    let mut rows = hit.iter().flat_map(|at| &at.rows);
    rows.any(|row| row.fresh) || decisions.are_too_long(hit.iter().flat_map(|at| &at.rows))
}

/// Carries the decisions out; `event` names the change in the keys of messages. `false`: some cannot be (their rows have
/// an error), and the transaction must be dropped.
pub async fn carry(
    ctx: &Ctx,
    tx: &mut Tx,
    hit: &mut [AtHall],
    cause: &Cause<'_>,
    (event, decisions): (&str, &Decisions),
) -> Result<bool> {
    for at in hit {
        let change = Change {
            ctx,
            hall: &at.hall,
            settings: &at.settings,
            calendar: cause.calendar,
            event,
            message: &decisions.message,
            default: decisions.default.unwrap_or(Decision::Keep),
        };
        if !carry_out(tx, &change, &mut at.rows, &at.standing).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many bookings are hit.
pub fn count(hit: &[AtHall]) -> usize {
    hit.iter().map(|at| at.rows.len()).sum()
}

//! Keeping a time while its form is filled in. A hold is judged when it is read; nothing has to run for it to end.

use super::{
    availability::{TimeOffer, offers},
    booking::{NEXT_FREE, items_by_code, keeper},
    places::{self, lock_days, lock_days_as_seen, lock_person, span_of},
    work,
};
use crate::{
    audit,
    auth::limit::Limit,
    clock,
    db::{Tx, dialect},
    http::{Ctx, Error, Result},
    windows::store::{Hall, Hold, Keeper, Quota, halls, holds, holds::NewHold, slots},
};
use app::{time::day_of, windows::SlotRef};
use jiff::{SignedDuration, Timestamp};

/// Of the places of a day that are free for them, people without an account keep at most this share without further
/// ado, and at most [`WORKED_SHARE`] with a piece of work: the rest of the day is for those who sign in, so that no
/// number of browsers and addresses empties it.
const EASY_SHARE: i64 = 4;
/// See [`EASY_SHARE`]: one half.
const WORKED_SHARE: i64 = 2;

/// Once its page is left, a time is kept for so long: enough for the page to be loaded again over a weak network.
const LEFT: SignedDuration = SignedDuration::from_secs(20);

/// Choosing a time again and again: by person or browser.
const OFTEN: Limit = Limit { what: "hold", max: 120, seconds: 3600 };

/// Why a time is not kept.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// All places of the time are taken. With the next free times.
    #[error("the slot is full")]
    Full(Vec<TimeOffer>),
    /// The time is not on offer. With the next free times.
    #[error("the slot is not on offer")]
    NotOffered(Vec<TimeOffer>),
    /// Too many places of the day are kept for people who are not signed in: signing in helps, or this piece of work,
    /// if there is one.
    #[error("under pressure: sign in, or solve {0:?}")]
    Pressure(Option<String>),
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for HoldError {
    fn from(error: sqlx::Error) -> HoldError {
        HoldError::Http(error.into())
    }
}

impl From<anyhow::Error> for HoldError {
    fn from(error: anyhow::Error) -> HoldError {
        HoldError::Http(error.into())
    }
}

/// Which time is to be kept.
#[derive(Clone, Debug, Default)]
pub struct HoldRequest {
    /// Codes of the items.
    pub items: Vec<String>,
    /// The slot, as a [`SlotRef`] in text.
    pub slot: String,
    /// Id of the appointment that is to be moved there.
    pub appointment_id: Option<String>,
    /// A solved piece of work: challenge and answer.
    pub work: Option<(String, String)>,
}

/// Keeps a time for the signed-in person, or for this browser. A person or browser keeps one at a time: the one before
/// is released. Public: nothing is asked but not to take everything.
pub async fn keep(ctx: &Ctx, request: &HoldRequest) -> std::result::Result<Hold, HoldError> {
    loop {
        if let Some(hold) = attempt(ctx, request).await? {
            return Ok(hold);
        }
    }
}

/// `None`: the hall's settings were saved meanwhile, and everything has to be looked at again.
async fn attempt(ctx: &Ctx, request: &HoldRequest) -> std::result::Result<Option<Hold>, HoldError> {
    let keeper = keeper(ctx);
    if keeper.person_id.is_none() && keeper.device_hash.is_empty() {
        return Err(Error::SignIn.into());
    }
    let db = &ctx.app.db;
    let stored = items_by_code(ctx, &request.items).await?;
    let Ok(slot) = request.slot.parse::<SlotRef>() else { return Err(HoldError::NotOffered(Vec::new())) };
    let hall = halls::by_code(db, &slot.hall).await?.ok_or(Error::NotFound)?;
    let offers = offers(&ctx.app, &hall, &stored, Quota::Public, ctx.now).await?;
    if offers.windows.is_empty() {
        return Err(Error::NotFound.into());
    }
    let Some(time) = offers.time(&slot).cloned() else {
        return Err(HoldError::NotOffered(offers.next_free(slot.starts_at(), NEXT_FREE)));
    };
    OFTEN.take(db, keeper.person_id.as_deref().unwrap_or(&keeper.device_hash), ctx.now).await?;
    let stranger = keeper.person_id.is_none();
    let limits = hall.limits();
    let day = slot.at.date();
    let address_hash = ctx.app.secrets.link_token("address", &ctx.ip);
    let worked = match request.work.as_ref().filter(|_| stranger) {
        Some((challenge, answer)) => work::check(ctx, (&keeper.device_hash, &address_hash), challenge, answer).await?,
        None => false,
    };

    let codes: Vec<String> = stored.iter().map(|stored| stored.item.code.clone()).collect();
    let mut tx = db.begin().await?;
    match &keeper.person_id {
        Some(person) => lock_person(db.engine(), &mut tx, person).await?,
        None => dialect::lock_key(db.engine(), &mut tx, &format!("device:{}", keeper.device_hash)).await?,
    }
    for hold in holds::of_keepers(&mut tx, &[&keeper], ctx.now).await? {
        if hold.is_for(&hall.id, time.starts_at, &codes, request.appointment_id.as_deref()) {
            // Choosing the same time again is answered like the first time; it does not begin anew.
            return Ok(Some(hold));
        }
        holds::end(&mut tx, &hold.id, ctx.now).await?;
    }
    if stranger {
        dialect::lock_key(db.engine(), &mut tx, &format!("address:{address_hash}")).await?;
        // Many phones share an address: who works for it, or signs in, is not held up by the others.
        if !worked && holds::strangers_from(&mut tx, &address_hash, ctx.now).await? >= limits.holds_per_address {
            return Err(HoldError::Pressure(Some(work::challenge(ctx, &keeper.device_hash, &address_hash))));
        }
    }
    if !lock_days_as_seen(db.engine(), &mut tx, &hall, &[day]).await? {
        return Ok(None);
    }
    if stranger {
        let windows: Vec<&str> = offers.windows.iter().map(|window| window.id.as_str()).collect();
        let (by_strangers, otherwise) = slots::taken_on(&mut tx, &windows, span_of(day), ctx.now).await?;
        let all: i64 = offers.day(day).map_or(0, super::DayOffer::places);
        let free = (all - otherwise).max(0);
        let share = if worked { WORKED_SHARE } else { EASY_SHARE };
        let more = i64::try_from(offers.slots).unwrap_or(i64::MAX);
        if by_strangers.saturating_add(more).saturating_mul(share) > free.max(share * more) {
            let work = (!worked).then(|| work::challenge(ctx, &keeper.device_hash, &address_hash));
            return Err(HoldError::Pressure(work));
        }
    }
    let found = places::find(&mut tx, &hall, &offers, &time, Quota::Public, None, ctx.now).await?;
    let Some(places) = found else {
        drop(tx);
        let now_free = super::offers(&ctx.app, &hall, &stored, Quota::Public, ctx.now).await?;
        return Err(HoldError::Full(now_free.next_free(time.starts_at, NEXT_FREE)));
    };
    let expires_at = ctx.now + SignedDuration::from_mins(limits.hold_minutes.clamp(1, 60));
    let id = clock::new_id(ctx.now);
    let new = NewHold {
        id: &id,
        hall_id: &hall.id,
        window_id: &places.window.id,
        span: (time.starts_at, time.ends_at),
        items: &codes,
        keeper: &keeper,
        address_hash: &address_hash,
        appointment_id: request.appointment_id.as_deref(),
        expires_at,
    };
    holds::insert(&mut tx, new, ctx.now).await?;
    for slot_id in &places.slot_ids {
        slots::reserve(&mut tx, slot_id, Quota::Public, expires_at, Some(&id), ctx.now).await?;
    }
    audit(&mut tx, ctx, &keeper, "hold.keep", &id).await?;
    let hold = holds::by_id_in(&mut tx, &id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(Some(hold))
}

async fn audit(tx: &mut Tx, ctx: &Ctx, keeper: &Keeper, action: &str, id: &str) -> Result<()> {
    let entry = audit::Entry {
        by: keeper.person_id.as_deref().map_or(audit::By::Visitor, audit::By::Person),
        action,
        object_kind: "hold",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// This reader's hold with this id, if it still stands.
pub async fn standing_hold(ctx: &Ctx, id: &str) -> Result<Option<Hold>> {
    let hold = holds::by_id(ctx.app.db.read(), id).await?;
    let keeper = keeper(ctx);
    Ok(hold.filter(|hold| hold.is_of(&keeper) && hold.stands(ctx.now)))
}

/// Keeps a time longer, once. `None`: it has ended, or was renewed before. [`Error::NotFound`] for somebody else's.
pub async fn renew(ctx: &Ctx, id: &str) -> Result<Option<Hold>> {
    let hold = own(ctx, id).await?;
    let hall = halls::by_id(&ctx.app.db, &hold.hall_id).await?.ok_or(Error::NotFound)?;
    let until = ctx.now + SignedDuration::from_mins(hall.limits().hold_minutes.clamp(1, 60));
    let Some(mut tx) = with_its_places(ctx, &hold, &hall).await? else { return Ok(None) };
    if !holds::renew(&mut tx, &hold.id, until, ctx.now).await? {
        return Ok(None);
    }
    audit(&mut tx, ctx, &keeper(ctx), "hold.renew", &hold.id).await?;
    let hold = holds::by_id_in(&mut tx, &hold.id).await?;
    tx.commit().await?;
    Ok(hold)
}

/// A transaction in which a hold can be kept longer. `None`: somebody has its place. Servers' clocks differ: by another's
/// it may have ended.
async fn with_its_places(ctx: &Ctx, hold: &Hold, hall: &Hall) -> Result<Option<Tx>> {
    let db = &ctx.app.db;
    let starts_at = Timestamp::from_microsecond(hold.starts_at).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut tx = db.begin().await?;
    lock_days(db.engine(), &mut tx, hall, &[day_of(starts_at)]).await?;
    Ok(holds::has_its_places(&mut tx, &hold.id, ctx.now).await?.then_some(tx))
}

/// The page of a kept time was left. The time is free soon, unless the page is loaded again: to a browser that is leaving
/// it, too. `page` says when this loading of it began; what is heard late of one that another has followed changes nothing
/// any more. [`Error::NotFound`] for somebody else's.
pub async fn leave_page(ctx: &Ctx, id: &str, page: &str) -> Result<()> {
    let hold = own(ctx, id).await?;
    let page = loading(page)?;
    let mut tx = ctx.app.db.begin().await?;
    if holds::left(&mut tx, &hold.id, page, ctx.now + LEFT, ctx.now).await? {
        audit(&mut tx, ctx, &keeper(ctx), "hold.leave", &hold.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// When a page began to load, in milliseconds by its browser's clock.
fn loading(page: &str) -> Result<i64> {
    page.parse().ok().filter(|at| *at > 0).ok_or_else(|| Error::BadRequest("page: milliseconds".into()))
}

/// The page of a kept time is there (again): the time is kept as long as was said at first. `false`: it has ended, or this
/// loading of the page is over.
pub async fn page_is_here(ctx: &Ctx, id: &str, page: &str) -> Result<bool> {
    let hold = own(ctx, id).await?;
    let page = loading(page)?;
    let hall = halls::by_id(&ctx.app.db, &hold.hall_id).await?.ok_or(Error::NotFound)?;
    let Some(mut tx) = with_its_places(ctx, &hold, &hall).await? else { return Ok(false) };
    if !holds::came_back(&mut tx, &hold.id, page, ctx.now).await? {
        return Ok(false);
    }
    if hold.kept_until.is_some() {
        audit(&mut tx, ctx, &keeper(ctx), "hold.back", &hold.id).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Releases a time. Releasing one that has ended is fine; [`Error::NotFound`] for somebody else's.
pub async fn release(ctx: &Ctx, id: &str) -> Result<Hold> {
    let hold = own(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if holds::end(&mut tx, &hold.id, ctx.now).await?.is_some() {
        audit(&mut tx, ctx, &keeper(ctx), "hold.release", &hold.id).await?;
        tx.commit().await?;
    }
    Ok(hold)
}

async fn own(ctx: &Ctx, id: &str) -> Result<Hold> {
    let hold = holds::by_id(ctx.app.db.read(), id).await?.ok_or(Error::NotFound)?;
    // What the waiting list offers is answered there.
    if hold.is_of(&keeper(ctx)) { Ok(hold) } else { Err(Error::NotFound) }
}

//! Booking: one submit is one booking, the database refuses the k+1-th, limits hold however fast one taps. Visits that are asked
//! for at the same moment share a transaction ([`queue`], [`together`]).

mod hold;
mod limits;
mod queue;
mod together;
mod write;

pub(super) use hold::use_hold;
pub(super) use limits::keep_limits;
pub use queue::BookingQueue;
pub(super) use write::{Booking, inbox_words, titles, visit_items, write};

use super::{
    availability::{TimeOffer, offers},
    places,
};
use crate::{
    http::{Ctx, Error, notes},
    windows::store::{Hall, Keeper, Quota, blocks::Block, halls, items::StoredItem},
};
use app::windows::{Answers, ForWhomForm, MAX_ITEMS, SlotRef};
use together::{Asked, Outcome};

/// Longest idempotency key.
pub const MAX_KEY: usize = 100;

/// Free times named to somebody who came too late.
pub(super) const NEXT_FREE: usize = 6;

/// An item of a visit with what was ticked and answered.
#[derive(Clone, Debug, Default)]
pub struct ChosenItem {
    /// Code of the item.
    pub code: String,
    /// Codes of the ticked materials; unknown ones are dropped.
    pub materials: Vec<String>,
    /// Answers to the item's questions.
    pub answers: Answers,
}

/// What somebody wants to book.
#[derive(Clone, Debug, Default)]
pub struct BookRequest {
    /// The items, 1 to [`MAX_ITEMS`]; a second one with the same code is dropped.
    pub items: Vec<ChosenItem>,
    /// The slot, as a [`SlotRef`] in text.
    pub slot: String,
    /// One submit's own key: a second submit with it gives the first one's booking.
    pub key: String,
    /// For whom, and what is needed.
    pub for_whom: ForWhomForm,
    /// A hold that was offered by the waiting list; holds of one's own are found without.
    pub hold: Option<String>,
}

impl BookRequest {
    /// PostgreSQL takes none in a text; refused before others are held up by it.
    fn has_zero_byte(&self) -> bool {
        let whom = &self.for_whom;
        let mut texts = [&self.slot, &self.key, &whom.name, &whom.relation, &whom.need].into_iter().chain(&self.hold);
        texts.any(|text| text.contains('\0'))
    }
}

/// Where the attempt was made: what its page shows again.
pub struct Attempt {
    /// The items.
    pub items: Vec<StoredItem>,
    /// The hall.
    pub hall: Hall,
    /// The time, if it is on offer at all.
    pub time: Option<TimeOffer>,
    /// The next free times.
    pub next: Vec<TimeOffer>,
}

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// All places of the time are taken. With the next free times.
    #[error("the slot is full")]
    Full(Vec<TimeOffer>),
    /// The time is not on offer: passed, outside the booking window, or the hall is closed. With the next free times.
    #[error("the slot is not on offer")]
    NotOffered(Vec<TimeOffer>),
    /// The person has an open booking for the item. With its code.
    #[error("there is an open booking for this item")]
    OpenForItem(String),
    /// The person has as many bookings on the day as the hall allows.
    #[error("no more than {0} bookings on one day")]
    PerDay(i64),
    /// The person has another booking at that time.
    #[error("there is another booking at this time")]
    Overlap,
    /// Booking online is blocked after missed visits.
    #[error("booking online is blocked")]
    Blocked(Box<Block>),
    /// Something about for whom it is: field and catalogue key.
    #[error("not acceptable: {0:?}")]
    Form(Vec<(&'static str, &'static str)>),
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for BookError {
    fn from(error: sqlx::Error) -> BookError {
        BookError::Http(error.into())
    }
}

impl From<anyhow::Error> for BookError {
    fn from(error: anyhow::Error) -> BookError {
        BookError::Http(error.into())
    }
}

/// The items with these codes, each once; [`Error::NotFound`] when one is unknown, or when there are none or too many.
pub async fn items_by_code(ctx: &Ctx, codes: &[String]) -> Result<Vec<StoredItem>, Error> {
    let mut found: Vec<StoredItem> = Vec::new();
    for code in codes {
        if found.iter().any(|stored| stored.item.code == *code) {
            continue;
        }
        if found.len() == MAX_ITEMS {
            return Err(Error::BadRequest("too many items in one visit".into()));
        }
        let stored = super::guide::item_by_code(ctx, code).await?;
        found.push(stored);
    }
    if found.is_empty() { Err(Error::NotFound) } else { Ok(found) }
}

/// Who asks: the person who is signed in, and the browser.
pub(super) fn keeper(ctx: &Ctx) -> Keeper {
    Keeper {
        person_id: ctx.actor.as_ref().map(|actor| actor.id.clone()),
        device_hash: if ctx.device.is_empty() { String::new() } else { crate::auth::secrets::sha256(&ctx.device) },
    }
}

/// Books a visit for the signed-in person and gives the appointment's code. A time that this person or browser holds
/// is taken from its hold; when the hold has ended it is booked all the same if places are free.
pub async fn book(ctx: &Ctx, request: &BookRequest) -> Result<String, BookError> {
    let codes: Vec<String> = request.items.iter().map(|chosen| chosen.code.clone()).collect();
    loop {
        let stored = items_by_code(ctx, &codes).await?;
        if let Some(code) = attempt(ctx, request, &stored).await? {
            return Ok(code);
        }
    }
}

/// The same for items that were read a moment ago: a page reads them to understand its form.
pub async fn book_seen(ctx: &Ctx, request: &BookRequest, stored: &[StoredItem]) -> Result<String, BookError> {
    match attempt(ctx, request, stored).await? {
        Some(code) => Ok(code),
        None => book(ctx, request).await,
    }
}

/// `None`: the hall's settings were saved meanwhile, and everything has to be looked at again.
async fn attempt(ctx: &Ctx, request: &BookRequest, stored: &[StoredItem]) -> Result<Option<String>, BookError> {
    let actor = ctx.actor()?;
    if request.key.is_empty() || request.key.len() > MAX_KEY {
        return Err(Error::BadRequest("idempotency_key: 1 to 100 characters".into()).into());
    }
    let mistakes = request.for_whom.mistakes();
    if !mistakes.is_empty() {
        return Err(BookError::Form(mistakes));
    }
    if request.has_zero_byte() {
        return Err(Error::BadRequest("a text with a zero byte".into()).into());
    }
    let Ok(slot) = request.slot.parse::<SlotRef>() else { return Err(BookError::NotOffered(Vec::new())) };
    let asked = Asked {
        actor: actor.clone(),
        keeper: keeper(ctx),
        slot: slot.clone(),
        stored: stored.to_vec(),
        request: request.clone(),
        request_id: ctx.request_id.clone(),
        token: notes::token(),
        now: ctx.now,
    };
    match queue::book(&ctx.app, asked).await {
        Outcome::Booked(code) => {
            // Written down in the transaction, which knows nothing of this request's notes.
            notes::audited();
            Ok(Some(code))
        }
        Outcome::BookedBefore(code) => Ok(Some(code)),
        Outcome::LookAgain => Ok(None),
        Outcome::NotOffered => Err(BookError::NotOffered(next_free(ctx, stored, &slot).await?)),
        Outcome::Full => Err(BookError::Full(next_free(ctx, stored, &slot).await?)),
        Outcome::Refused(error) => Err(error),
    }
}

async fn next_free(ctx: &Ctx, stored: &[StoredItem], slot: &SlotRef) -> Result<Vec<TimeOffer>, BookError> {
    let hall = halls::by_code(&ctx.app.db, &slot.hall).await?.ok_or(Error::NotFound)?;
    let offers = offers(&ctx.app, &hall, stored, Quota::Public, ctx.now).await?;
    Ok(offers.next_free(slot.starts_at(), NEXT_FREE))
}

/// What the page of an attempt shows: the items, the hall, the time as it stands now and the next free times. What this
/// reader holds counts as free. [`Error::NotFound`] when items and hall do not belong together.
pub async fn look_again(ctx: &Ctx, codes: &[String], slot: &str) -> Result<Attempt, Error> {
    let db = &ctx.app.db;
    let items = items_by_code(ctx, codes).await?;
    let slot: SlotRef = slot.parse().map_err(|()| Error::NotFound)?;
    let hall = halls::by_code(db, &slot.hall).await?.ok_or(Error::NotFound)?;
    let offers = offers(&ctx.app, &hall, &items, Quota::Public, ctx.now).await?;
    if offers.windows.is_empty() {
        return Err(Error::NotFound);
    }
    let time = offers.time(&slot).cloned();
    let next = offers.next_free(slot.starts_at(), NEXT_FREE);
    Ok(Attempt { items, hall, time, next })
}

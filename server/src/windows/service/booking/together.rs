//! One transaction for several bookings.

use super::{
    BookError, BookRequest, TimeOffer,
    hold::of_this_time,
    keep_limits,
    places::{self, Places, Wish, lock_days_of, lock_people, span_of},
    write::{Booking, visit_items, write},
};
use crate::{
    app_state::App,
    audit,
    auth::Actor,
    db::Tx,
    http::Error,
    windows::{
        service::availability::{Offers, Timetable},
        store::{
            ForWhom, Hall, Hold, Keeper, NewVisitItem, Quota, ServiceWindow,
            appointments::{self, Standing},
            blocks, halls, holds,
            items::{self, StoredItem},
            settings, waiting,
        },
    },
};
use app::{
    people::Action,
    time::day_of,
    windows::{OpeningRules, SlotRef},
};
use jiff::{Timestamp, civil::Date};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// A visit that somebody wants to book; what needs no database is checked.
pub(super) struct Asked {
    /// Who.
    pub actor: Actor,
    /// The same, as holds know them.
    pub keeper: Keeper,
    /// When and where.
    pub slot: SlotRef,
    /// The items, as they were read a moment ago.
    pub stored: Vec<StoredItem>,
    /// All that was asked.
    pub request: BookRequest,
    /// The request that asks.
    pub request_id: String,
    /// The token that it acts with.
    pub token: Option<String>,
    /// When it asked.
    pub now: Timestamp,
}

impl Asked {
    fn item_ids(&self) -> Vec<&str> {
        self.stored.iter().map(|stored| stored.id.as_str()).collect()
    }
}

/// What became of it.
pub(super) enum Outcome {
    /// Booked, with its code.
    Booked(String),
    /// The same submit was booked before, with that code.
    BookedBefore(String),
    /// The hall's settings were saved meanwhile: everything has to be looked at again.
    LookAgain,
    /// All places of the time are taken.
    Full,
    /// The time is not on offer.
    NotOffered,
    /// Nothing was booked for another reason.
    Refused(BookError),
}

impl From<BookError> for Outcome {
    fn from(error: BookError) -> Outcome {
        Outcome::Refused(error)
    }
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Outcome {
        Outcome::Refused(error.into())
    }
}

/// What became of all.
pub(super) enum Together {
    /// What became of each, in their order.
    Done(Vec<Outcome>),
    /// Nothing of any: something was already done for one who then got no place (a hold was ended, some of several places were
    /// taken), so that it must be undone for this one and for no other. Of a single one: the time is full.
    OneByOne,
}

/// One who may be booked as far as is known.
struct Candidate<'a> {
    /// Its place among those who asked.
    n: usize,
    asked: &'a Asked,
    hall: &'a Hall,
    offers: Arc<Offers>,
    time: TimeOffer,
    hold: Option<Hold>,
}

/// Books visits of different people, in the order of the locks that [`places`] says. An error concerns all of them: nothing was
/// booked then.
pub(super) async fn book_together(app: &App, asked: &[Asked]) -> Result<Together, Error> {
    // The earliest, so that a hold which stood when its keeper asked stands for all.
    let Some(now) = asked.iter().map(|one| one.now).min() else { return Ok(Together::Done(Vec::new())) };
    let engine = app.db.engine();
    let people: Vec<&str> = asked.iter().map(|one| one.actor.id.as_str()).collect();
    let blocks = async { Ok(blocks::standing(&app.db, &people, now).await?) };
    let (timetables, blocks) = tokio::try_join!(Timetables::read(app, asked, now), blocks)?;
    let offers = timetables.offers(app, asked, now);
    let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();

    let mut tx = app.db.begin().await?;
    lock_people(engine, &mut tx, &people.iter().copied().collect()).await?;
    let whose: Vec<(&str, &str)> = asked.iter().map(|one| (one.actor.id.as_str(), one.request.key.as_str())).collect();
    let days: BTreeSet<Date> = asked.iter().map(|one| one.slot.at.date()).collect();
    let span = |days: &BTreeSet<Date>| Some((span_of(*days.first()?).0, span_of(*days.last()?).1));
    let standing = appointments::standing(&mut tx, &whose, span(&days).unwrap_or((now, now)), now).await?;
    let mut candidates = Vec::with_capacity(asked.len());
    for ((n, one), offers) in asked.iter().enumerate().zip(offers) {
        match timetables.candidate((n, one), offers, (&standing, &blocks)) {
            Ok(candidate) => candidates.push(candidate),
            Err(outcome) => _ = outcomes.insert(n, outcome),
        }
    }

    let ids = candidates.iter().flat_map(|one| one.asked.item_ids()).collect();
    let minutes = items::minutes(&mut tx, engine, ids).await?;
    sift(&mut candidates, &mut outcomes, |one| {
        if !one.asked.stored.iter().all(|stored| items::is_as_read(&minutes, stored)) {
            return Err(BookError::NotOffered(Vec::new()).into());
        }
        let standing = standing.get(&one.asked.actor.id).map_or(&[][..], Vec::as_slice);
        keep_limits(one.hall, standing, &one.asked.stored, &one.time, None, now).map_err(Outcome::from)
    });

    let days = candidates.iter().map(|one| (one.hall.id.as_str(), one.asked.slot.at.date())).collect();
    lock_days_of(engine, &mut tx, &days).await?;
    let halls = candidates.iter().map(|one| one.hall.id.as_str()).collect();
    let newest = settings::newest_of_halls(&mut tx, &halls).await?;
    sift(&mut candidates, &mut outcomes, |one| {
        let as_seen = newest.get(&one.hall.id).copied().unwrap_or(0) == one.hall.settings_version;
        if as_seen { Ok(()) } else { Err(Outcome::LookAgain) }
    });

    use_holds(&mut tx, &mut candidates, now).await?;
    let Some(placed) = take_places(&mut tx, candidates, &mut outcomes, now).await? else {
        return Ok(Together::OneByOne);
    };
    if !placed.is_empty() {
        for (n, code) in write_down(&mut tx, app, &placed, now).await? {
            outcomes.insert(n, Outcome::Booked(code));
        }
        tx.commit().await?;
        metrics::counter!("linli_appointments_booked_total").increment(placed.len() as u64);
    }
    Ok(Together::Done(outcomes.into_values().collect()))
}

/// Leaves those in whom nothing speaks against, and notes what does.
fn sift(
    candidates: &mut Vec<Candidate<'_>>,
    outcomes: &mut BTreeMap<usize, Outcome>,
    look: impl Fn(&Candidate<'_>) -> Result<(), Outcome>,
) {
    candidates.retain(|one| match look(one) {
        Ok(()) => true,
        Err(outcome) => {
            outcomes.insert(one.n, outcome);
            false
        }
    });
}

/// The halls that are asked for, and what they offer.
struct Timetables {
    halls: HashMap<String, Hall>,
    /// By hall's code and ids of the items.
    timetables: HashMap<(String, Vec<String>), Timetable>,
}

impl Timetables {
    async fn read(app: &App, asked: &[Asked], now: Timestamp) -> Result<Timetables, Error> {
        let pool = app.db.read();
        let mut found = Timetables { halls: HashMap::new(), timetables: HashMap::new() };
        let mut all_rules: HashMap<String, OpeningRules> = HashMap::new();
        // Rules from today on are those of every later day as well.
        let first = day_of(now);
        for one in asked {
            let code = &one.slot.hall;
            if !found.halls.contains_key(code) {
                let Some(hall) = halls::by_code(&app.db, code).await? else { continue };
                all_rules.insert(code.clone(), halls::rules(pool, &hall.id, first).await?);
                found.halls.insert(code.clone(), hall);
            }
            let key = (code.clone(), one.item_ids().into_iter().map(str::to_owned).collect());
            if let (Some(hall), Some(rules)) = (found.halls.get(code), all_rules.get(code))
                && !found.timetables.contains_key(&key)
            {
                let windows: Vec<ServiceWindow> = halls::windows(pool, &hall.id, &one.item_ids()).await?;
                found.timetables.insert(key, Timetable { rules: rules.clone(), windows });
            }
        }
        Ok(found)
    }

    fn of(&self, asked: &Asked) -> Option<(&Hall, &Timetable)> {
        let code = asked.slot.hall.clone();
        let hall = self.halls.get(&code)?;
        let items = asked.item_ids().into_iter().map(str::to_owned).collect();
        Some((hall, self.timetables.get(&(code, items))?))
    }

    /// What the day that each asks for offers, counted once for all who ask for the same; `None` where the hall does not serve this.
    fn offers<'a>(&self, app: &App, asked: &'a [Asked], now: Timestamp) -> Vec<Option<Arc<Offers>>> {
        let mut counted = HashMap::new();
        let of = |one: &Asked| {
            let (hall, timetable) = self.of(one).filter(|(_, of)| !of.windows.is_empty())?;
            Some(Arc::new(timetable.on(app, (hall, &one.stored), (Quota::Public, one.slot.at.date()), now)))
        };
        // With their length as each has read it: an item may have been changed in between.
        let lengths =
            |one: &'a Asked| one.stored.iter().map(|stored| (stored.id.as_str(), stored.item.minutes)).collect();
        let key =
            |one: &'a Asked| -> (&str, Vec<(&str, i64)>, Date) { (&one.slot.hall, lengths(one), one.slot.at.date()) };
        asked.iter().map(|one| counted.entry(key(one)).or_insert_with(|| of(one)).clone()).collect()
    }

    /// Whether one may be booked, as far as it shows without looking at places.
    fn candidate<'a>(
        &'a self,
        (n, asked): (usize, &'a Asked),
        offers: Option<Arc<Offers>>,
        (standing, blocks): (&HashMap<String, Vec<Standing>>, &[blocks::Block]),
    ) -> Result<Candidate<'a>, Outcome> {
        let hall = self.halls.get(&asked.slot.hall).ok_or(Error::NotFound)?;
        asked.actor.require(Action::AppointmentBook, &hall.path)?;
        let offers = offers.ok_or(Error::NotFound)?;
        let mut mine = standing.get(&asked.actor.id).into_iter().flatten();
        if let Some(same) = mine.find(|standing| standing.key == asked.request.key) {
            return Err(Outcome::BookedBefore(same.code.clone()));
        }
        if let Some(block) = blocks.iter().find(|block| block.person_id == asked.actor.id && block.hall_id == hall.id) {
            return Err(BookError::Blocked(Box::new(block.clone())).into());
        }
        let time = offers.time(&asked.slot).cloned().ok_or(Outcome::NotOffered)?;
        Ok(Candidate { n, asked, hall, offers, time, hold: None })
    }
}

/// Ends the holds of the times that are booked, and with them the waiting for those that the waiting list was offered.
async fn use_holds(tx: &mut Tx, candidates: &mut [Candidate<'_>], now: Timestamp) -> Result<(), Error> {
    let keepers: Vec<&Keeper> = candidates.iter().map(|one| &one.asked.keeper).collect();
    let theirs = holds::of_keepers(tx, &keepers, now).await?;
    let mut chosen = HashSet::new();
    for one in candidates.iter_mut() {
        let mut mine = theirs.iter().filter(|hold| !chosen.contains(&hold.id)).cloned().collect::<Vec<_>>();
        if let Some(named) = &one.asked.request.hold {
            mine.extend(holds::by_id_in(tx, named).await?);
        }
        one.hold = of_this_time(&mine, (one.hall, &one.time), &one.asked.keeper).cloned();
        chosen.extend(one.hold.iter().map(|hold| hold.id.clone()));
    }
    let ids: Vec<&str> = candidates.iter().filter_map(|one| Some(one.hold.as_ref()?.id.as_str())).collect();
    let ended = holds::end_all(tx, &ids, now).await?;
    for one in candidates.iter_mut() {
        one.hold = one.hold.take().filter(|hold| ended.contains(&hold.id));
    }
    let entries = waiting::taken(tx, &ended, now).await?;
    let entry = |(hold_id, entry_id): &'_ (String, String)| {
        let one = candidates.iter().find(|one| one.hold.as_ref().is_some_and(|hold| hold.id == *hold_id))?;
        Some((one, entry_id.clone()))
    };
    let found: Vec<_> = entries.iter().filter_map(entry).collect();
    let written = found.iter().map(|(one, entry_id)| {
        let entry = audit::Entry {
            by: audit::By::Person(&one.asked.actor.id),
            action: "waiting.accept",
            object_kind: "wait_entry",
            object_id: entry_id,
            detail: serde_json::json!({}),
            request_id: &one.asked.request_id,
        };
        (entry, one.asked.token.clone())
    });
    audit::write_each(tx, written.collect(), now).await?;
    Ok(())
}

/// A candidate with its places.
type Placed<'a> = (Candidate<'a>, Places);

/// Takes places, first for those who held one: the place that a hold has just given back is its keeper's. `None`: something was
/// done for one who got none.
async fn take_places<'a>(
    tx: &mut Tx,
    mut candidates: Vec<Candidate<'a>>,
    outcomes: &mut BTreeMap<usize, Outcome>,
    now: Timestamp,
) -> Result<Option<Vec<Placed<'a>>>, Error> {
    candidates.sort_by_key(|one| one.hold.is_none());
    let wishes: Vec<Wish<'_>> = candidates
        .iter()
        .map(|one| Wish {
            hall: one.hall,
            offers: &one.offers,
            time: &one.time,
            preferred: one.hold.as_ref().map(|hold| hold.window_id.as_str()),
        })
        .collect();
    let Some(places) = places::take_all(tx, &wishes, Quota::Public, now).await? else { return Ok(None) };
    let mut placed = Vec::with_capacity(candidates.len());
    for (one, places) in candidates.into_iter().zip(places) {
        match places {
            Some(places) => placed.push((one, places)),
            None if one.hold.is_none() => _ = outcomes.insert(one.n, Outcome::Full),
            // Its hold was ended.
            None => return Ok(None),
        }
    }
    Ok(Some(placed))
}

async fn write_down(
    tx: &mut Tx,
    app: &App,
    placed: &[Placed<'_>],
    now: Timestamp,
) -> Result<Vec<(usize, String)>, Error> {
    let visits: Vec<(Vec<NewVisitItem>, ForWhom)> = placed
        .iter()
        .map(|(one, _)| {
            let whom = &one.asked.request.for_whom;
            let text = |text: &str| if whom.relative { text.trim().to_owned() } else { String::new() };
            let for_whom =
                ForWhom { name: text(&whom.name), relation: text(&whom.relation), need: whom.need.trim().to_owned() };
            (visit_items(&one.asked.stored, &one.asked.request.items), for_whom)
        })
        .collect();
    let bookings: Vec<Booking<'_>> = placed
        .iter()
        .zip(&visits)
        .map(|((one, places), (items, for_whom))| Booking {
            person_id: &one.asked.actor.id,
            booked_by: None,
            hall: one.hall,
            stored: &one.asked.stored,
            items,
            time: &one.time,
            places,
            quota: Quota::Public,
            for_whom,
            key: &one.asked.request.key,
            request: (&one.asked.request_id, one.asked.token.as_deref()),
        })
        .collect();
    let codes = write(tx, app, &bookings, now).await?;
    Ok(placed.iter().map(|(one, _)| one.n).zip(codes).collect())
}

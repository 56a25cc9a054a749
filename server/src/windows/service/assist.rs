//! 代约: staff book for a resident who telephones or stands at the desk. The assisted places come first, then public ones.
//! No limit and no block of the resident stops staff; they are told of them.

use super::{
    availability::{Offers, TimeOffer, offers},
    booking::{BookError, Booking, ChosenItem, MAX_KEY, NEXT_FREE, items_by_code, keep_limits, visit_items, write},
    desk::halls_for,
    places::{self, lock_days_as_seen, lock_person},
};
use crate::{
    http::{Ctx, Error, Result, notes},
    people::store as people,
    windows::store::{ForWhom, Hall, Quota, appointments, blocks, halls, items, items::StoredItem},
};
use app::{
    people::{Action, Phone},
    windows::{MAX_NAME, MAX_NEED, SlotRef},
};

/// What the page of assisted booking shows.
pub struct Assist {
    /// Halls in which the reader may book for residents.
    pub halls: Vec<Hall>,
    /// The chosen one.
    pub hall: Hall,
    /// What the hall serves.
    pub items: Vec<StoredItem>,
    /// The chosen item and its free times out of both quotas.
    pub chosen: Option<(StoredItem, Vec<TimeOffer>)>,
}

/// The page: halls, items, and the times of the chosen item.
pub async fn assist(ctx: &Ctx, hall: Option<&str>, item: Option<&str>) -> Result<Assist> {
    let (halls, hall) = halls_for(ctx, Action::AppointmentAssist, hall).await?;
    let hall = hall.ok_or(Error::NotFound)?;
    let served = items::codes_at(&ctx.app.db, &hall.id).await?;
    let mut all = items::offered(&ctx.app.db).await?;
    all.retain(|stored| served.contains(&stored.item.code));
    let found = item.and_then(|code| all.iter().find(|stored| stored.item.code == code)).cloned();
    let chosen = match found {
        Some(stored) => {
            let one = std::slice::from_ref(&stored);
            let times = both(ctx, &hall, one).await?;
            Some((stored, times.into_iter().map(|(time, _)| time).collect()))
        }
        None => None,
    };
    Ok(Assist { halls, hall, items: all, chosen })
}

/// Times with a free place in one of the quotas, and which quota is asked first; places of both added up.
async fn both(ctx: &Ctx, hall: &Hall, stored: &[StoredItem]) -> Result<Vec<(TimeOffer, Quota)>> {
    let assisted = offers(&ctx.app, hall, stored, Quota::Assisted, ctx.now).await?;
    let public = offers(&ctx.app, hall, stored, Quota::Public, ctx.now).await?;
    let times = assisted.days.iter().flat_map(super::DayOffer::times);
    Ok(times
        .filter_map(|time| {
            let open = public.time(&time.slot).map_or(0, |time| time.left);
            let quota = if time.left > 0 { Quota::Assisted } else { Quota::Public };
            (time.left + open > 0).then(|| (TimeOffer { left: time.left + open, ..time.clone() }, quota))
        })
        .collect())
}

/// A booking for a resident.
#[derive(Clone, Debug, Default)]
pub struct AssistRequest {
    /// Code of the hall.
    pub hall: String,
    /// The items.
    pub items: Vec<ChosenItem>,
    /// The slot, as a [`SlotRef`] in text.
    pub slot: String,
    /// The resident's number.
    pub phone: String,
    /// The resident's name; kept if the person has none.
    pub name: String,
    /// What is needed.
    pub need: String,
    /// One submit's own key.
    pub key: String,
}

/// What came of it: the code, and the catalogue key of what staff should know.
pub struct Assisted {
    /// Code of the appointment.
    pub code: String,
    /// A limit or block that this booking passed over.
    pub warning: Option<&'static str>,
}

/// Books for a resident, who is found or made by the number and told of it.
pub async fn book_for(ctx: &Ctx, request: &AssistRequest) -> std::result::Result<Assisted, BookError> {
    loop {
        if let Some(booked) = attempt(ctx, request).await? {
            return Ok(booked);
        }
    }
}

/// `None`: the hall's settings were saved meanwhile, and everything has to be looked at again.
async fn attempt(ctx: &Ctx, request: &AssistRequest) -> std::result::Result<Option<Assisted>, BookError> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::AppointmentAssist)?;
    let db = &ctx.app.db;
    let hall = halls::by_code(db, &request.hall).await?.ok_or(Error::NotFound)?;
    actor.require(Action::AppointmentAssist, &hall.path)?;
    if request.key.is_empty() || request.key.len() > MAX_KEY {
        return Err(Error::BadRequest("key: 1 to 100 characters".into()).into());
    }
    let mut mistakes = Vec::new();
    let phone = Phone::parse(&request.phone);
    if phone.is_err() {
        mistakes.push(("phone", "booking-assist-phone-wrong"));
    }
    let name = request.name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        mistakes.push(("name", "booking-assist-name-missing"));
    }
    if request.need.trim().chars().count() > MAX_NEED {
        mistakes.push(("need", "booking-need-long"));
    }
    let Ok(phone) = phone.map_err(|_| ()).and_then(|phone| if mistakes.is_empty() { Ok(phone) } else { Err(()) })
    else {
        return Err(BookError::Form(mistakes));
    };
    let codes: Vec<String> = request.items.iter().map(|chosen| chosen.code.clone()).collect();
    let stored = items_by_code(ctx, &codes).await?;
    let Ok(slot) = request.slot.parse::<SlotRef>() else { return Err(BookError::NotOffered(Vec::new())) };
    if slot.hall != hall.code {
        return Err(Error::NotFound.into());
    }
    let offers_of = [
        (Quota::Assisted, offers(&ctx.app, &hall, &stored, Quota::Assisted, ctx.now).await?),
        (Quota::Public, offers(&ctx.app, &hall, &stored, Quota::Public, ctx.now).await?),
    ];
    if offers_of[0].1.windows.is_empty() {
        return Err(Error::NotFound.into());
    }
    let Some(time) = offers_of[0].1.time(&slot).cloned() else {
        return Err(BookError::NotOffered(offers_of[0].1.next_free(slot.starts_at(), NEXT_FREE)));
    };

    let mut tx = db.begin().await?;
    let home = Some(hall.organisation_id.as_str());
    let person = people::find_or_create(&mut tx, &ctx.app.secrets, &phone, home, ctx.now).await?;
    lock_person(db.engine(), &mut tx, &person.id).await?;
    let whose = (person.id.as_str(), request.key.as_str());
    let mut standing = appointments::standing(&mut tx, &[whose], places::span_of(slot.at.date()), ctx.now).await?;
    let standing = standing.remove(whose.0).unwrap_or_default();
    if let Some(same) = standing.iter().find(|standing| standing.key == request.key) {
        return Ok(Some(Assisted { code: same.code.clone(), warning: None }));
    }
    if person.name.is_empty() {
        people::set_name(&mut tx, &person.id, name).await?;
    }
    if !items::keep(&mut tx, db.engine(), &stored).await? {
        return Err(BookError::NotOffered(Vec::new()));
    }
    let mut warning = match keep_limits(&hall, &standing, &stored, &time, None, ctx.now) {
        Ok(()) => None,
        Err(BookError::OpenForItem(_)) => Some("flash-assist-warn-open"),
        Err(BookError::PerDay(_)) => Some("flash-assist-warn-day"),
        Err(BookError::Overlap) => Some("flash-assist-warn-overlap"),
        Err(other) => return Err(other),
    };
    if warning.is_none() && blocks::standing_in(&mut tx, &person.id, &hall.id, ctx.now).await? {
        warning = Some("flash-assist-warn-blocked");
    }
    if !lock_days_as_seen(db.engine(), &mut tx, &hall, &[slot.at.date()]).await? {
        return Ok(None);
    }
    let mut taken = None;
    for (quota, offers) in &offers_of {
        // What the public cannot book yet (today) has no public places either, except at the desk.
        let offers: &Offers = offers;
        if let Some(places) = places::find(&mut tx, &hall, offers, &time, *quota, None, ctx.now).await? {
            for slot_id in &places.slot_ids {
                if !crate::windows::store::slots::take(&mut tx, slot_id, *quota, ctx.now).await? {
                    return Err(BookError::Full(Vec::new()));
                }
            }
            taken = Some((places, *quota));
            break;
        }
    }
    let Some((places, quota)) = taken else {
        drop(tx);
        let free = both(ctx, &hall, &stored).await?;
        let next = free.into_iter().map(|(time, _)| time).filter(|free| free.starts_at >= time.starts_at);
        return Err(BookError::Full(next.take(NEXT_FREE).collect()));
    };
    let token = notes::audited();
    let booking = Booking {
        person_id: &person.id,
        booked_by: Some(&actor.id),
        hall: &hall,
        stored: &stored,
        items: &visit_items(&stored, &request.items),
        time: &time,
        places: &places,
        quota,
        for_whom: &ForWhom { need: request.need.trim().to_owned(), ..ForWhom::default() },
        key: &request.key,
        request: (&ctx.request_id, token.as_deref()),
    };
    let code = write(&mut tx, &ctx.app, &[booking], ctx.now).await?.pop().unwrap_or_default();
    tx.commit().await?;
    Ok(Some(Assisted { code, warning }))
}

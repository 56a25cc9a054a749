//! Two weeks of bookings: the past week, today and the coming days. Some days are nearly full, most are not; some
//! bookings were cancelled, nearly all past ones were kept.

use crate::{
    app_state::App,
    clock,
    db::Tx,
    demo::Loaded,
    windows::store::{
        ForWhom, Hall, NewAppointment, NewVisitItem, Quota, ServiceWindow, appointments, halls, items,
        items::StoredItem, slots,
    },
};
use app::{
    time::{at_time, day_of},
    windows::{Answers, CODE_LENGTH, DayHours, slots_of},
};
use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, Time},
};
use std::collections::{BTreeMap, BTreeSet};

/// Same every time: a small linear congruential generator (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The two residents everybody tries first.
const FIRST: [(&str, &str, usize); 2] =
    [("19900000001", "birth-registration", 3), ("19900000002", "senior-allowance", 2)];

struct Place {
    hall: Hall,
    items: Vec<(usize, Vec<ServiceWindow>)>,
    rules: app::windows::OpeningRules,
    staff: Option<String>,
}

/// Who has booked what so far: the limits hold in the demo as well.
#[derive(Default)]
struct Kept {
    per_item: BTreeSet<(String, usize)>,
    per_day: BTreeMap<(String, Date), Vec<Time>>,
    taken: BTreeMap<(String, Timestamp), i64>,
}

/// One booking of the demo.
struct One<'a> {
    person: &'a str,
    item: &'a StoredItem,
    hall: &'a Hall,
    window: &'a ServiceWindow,
    span: (Timestamp, Timestamp),
    ticked: Vec<String>,
}

/// Loads them.
pub(super) async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = day_of(now);
    let all_items = items::all(&app.db).await?;
    let from = today.checked_sub(Span::new().days(7))?;
    let mut places = Vec::new();
    for hall in halls::all(&app.db).await? {
        let mut served = Vec::new();
        for (index, stored) in all_items.iter().enumerate() {
            let windows = halls::windows(app.db.read(), &hall.id, &[&stored.id]).await?;
            if !windows.is_empty() {
                served.push((index, windows));
            }
        }
        let rules = halls::rules(app.db.read(), &hall.id, from).await?;
        let staff = staff_of(app, &hall.path).await?;
        places.push(Place { hall, items: served, rules, staff });
    }
    let residents: Vec<&str> =
        loaded.residents.iter().filter_map(|phone| loaded.people.get(phone)).map(String::as_str).collect();
    let mut dice = Dice(20);
    let mut kept = Kept::default();
    let mut tx = app.db.begin().await?;
    first_residents(app, &mut tx, loaded, &all_items, &places, &mut kept, now).await?;
    for date in from.series(Span::new().days(1)).take(7 + 1 + 10) {
        if date <= today {
            // Bookings of the past and of today are over or about to be: they do not count as open ones.
            kept.per_item.clear();
        }
        for (number, place) in places.iter().enumerate() {
            let DayHours::Open(hours) = place.rules.day(date, &app.calendar) else { continue };
            // A day with a word of its own is short, and therefore nearly full.
            let short = place.rules.remark(date).is_some() && number == 0;
            let (tries, share) = if short { (60, 90) } else { (12, 9 + dice.below(9)) };
            for slot in slots_of(&hours, place.hall.slot_minutes) {
                let span = (at_time(date, slot.from), at_time(date, slot.to));
                for _ in 0..tries {
                    if !dice.percent(share) {
                        continue;
                    }
                    let Some(one) = draw(&mut dice, &mut kept, &residents, &all_items, place, (date, slot.from), span)
                    else {
                        continue;
                    };
                    insert(&mut tx, &mut dice, one, place.staff.as_deref(), now).await?;
                }
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn first_residents(
    app: &App,
    tx: &mut Tx,
    loaded: &Loaded,
    items: &[StoredItem],
    places: &[Place],
    kept: &mut Kept,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Some(place) = places.first() else { return Ok(()) };
    for (phone, code, days) in FIRST {
        let (Some(person), Some(day)) = (loaded.people.get(phone), super::working_day(app, day_of(now), days)) else {
            continue;
        };
        let DayHours::Open(hours) = place.rules.day(day, &app.calendar) else { continue };
        let Some(slot) = slots_of(&hours, place.hall.slot_minutes).into_iter().nth(2) else { continue };
        let Some((index, windows)) = place.items.iter().find(|(index, _)| items[*index].item.code == code) else {
            continue;
        };
        let item = &items[*index];
        let span = (at_time(day, slot.from), at_time(day, slot.to));
        *kept.taken.entry((windows[0].id.clone(), span.0)).or_default() += 1;
        let ticked = item.item.materials.iter().take(2).map(|material| material.code.clone()).collect();
        let one = One { person, item, hall: &place.hall, window: &windows[0], span, ticked };
        write(tx, &one, now - SignedDuration::from_hours(20)).await?;
    }
    Ok(())
}

fn draw<'a>(
    dice: &mut Dice,
    kept: &mut Kept,
    residents: &[&'a str],
    items: &'a [StoredItem],
    place: &'a Place,
    (date, from): (Date, Time),
    span: (Timestamp, Timestamp),
) -> Option<One<'a>> {
    let person = *residents.get(dice.below(residents.len()))?;
    let (index, windows) = place.items.get(dice.below(place.items.len()))?;
    let that_day = kept.per_day.entry((person.to_owned(), date)).or_default();
    if that_day.len() >= 2 || that_day.contains(&from) || kept.per_item.contains(&(person.to_owned(), *index)) {
        return None;
    }
    let free = |window: &&ServiceWindow| {
        kept.taken.get(&(window.id.clone(), span.0)).copied().unwrap_or(0) < window.capacity_public
    };
    let window = windows.iter().find(free)?;
    that_day.push(from);
    kept.per_item.insert((person.to_owned(), *index));
    *kept.taken.entry((window.id.clone(), span.0)).or_default() += 1;
    let item = &items[*index];
    let ticked =
        item.item.materials.iter().filter(|_| dice.percent(70)).map(|material| material.code.clone()).collect();
    Some(One { person, item, hall: &place.hall, window, span, ticked })
}

/// Writes a booking down and lets happen to it what would have happened by now.
async fn insert(tx: &mut Tx, dice: &mut Dice, one: One<'_>, staff: Option<&str>, now: Timestamp) -> anyhow::Result<()> {
    let ahead = SignedDuration::from_hours(i64::try_from(20 + dice.below(72))?);
    let booked_at = (one.span.0 - ahead).min(now - SignedDuration::from_mins(5));
    let (id, slot_id) = write(tx, &one, booked_at).await?;
    if dice.percent(7) {
        let at = (booked_at + SignedDuration::from_hours(3)).min(now - SignedDuration::from_mins(1));
        let reasons = ["临时有事", "改天再来", "材料还没备齐", ""];
        let reason = reasons[dice.below(reasons.len())];
        appointments::cancel(tx, &id, reason, Timestamp::MIN, at).await?;
        slots::free(tx, &slot_id, Quota::Public).await?;
    } else if let Some(staff) = staff.filter(|_| one.span.0 < now && dice.percent(93)) {
        let came = one.span.0 - SignedDuration::from_mins(i64::try_from(dice.below(15))?);
        appointments::check_in(tx, &id, staff, came.min(now)).await?;
    }
    Ok(())
}

/// Somebody who works at a hall.
async fn staff_of(app: &App, path: &str) -> anyhow::Result<Option<String>> {
    let staff = crate::people::store::with_role_around(&app.db, app::people::Role::CommunityStaff, path).await?;
    Ok(staff.into_iter().next().map(|person| person.id))
}

async fn write(tx: &mut Tx, one: &One<'_>, at: Timestamp) -> anyhow::Result<(String, String)> {
    let slot_id = slots::lock(tx, one.window, one.span.0, one.span.1, at).await?;
    anyhow::ensure!(slots::take(tx, &slot_id, Quota::Public, at).await?, "the demo books more than there is");
    let id = clock::new_id(at);
    let new = NewAppointment {
        id: &id,
        person_id: one.person,
        items: &[NewVisitItem {
            item_id: one.item.id.clone(),
            materials: one.ticked.clone(),
            answers: Answers::default(),
        }],
        hall_id: &one.hall.id,
        window_id: &one.window.id,
        slot_ids: std::slice::from_ref(&slot_id),
        span: one.span,
        for_whom: &ForWhom::default(),
        quota: Quota::Public,
        booked_by: None,
        key: &id,
    };
    while !appointments::insert(tx, &new, &clock::short_code(CODE_LENGTH), at).await? {}
    Ok((id, slot_id))
}

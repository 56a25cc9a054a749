//! Two weeks of bookings: the past week, today and the coming days. Some days are nearly full, most are not; some
//! bookings were cancelled, nearly all past ones were kept. One morning is full, and some wait for a place on it.

use crate::{
    app_state::App,
    clock,
    db::Tx,
    demo::Loaded,
    windows::store::{
        ForWhom, Hall, NewAppointment, NewVisitItem, Quota, ServiceWindow, appointments, halls, items,
        items::StoredItem, slots, waiting,
    },
};
use app::{
    time::{at_time, day_of},
    windows::{Answers, DayHours, slots_of},
};
use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, Time},
};
use std::collections::{BTreeMap, BTreeSet};

/// Same every time: a small linear congruential generator (Knuth's MMIX constants).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The two residents everybody tries first.
const FIRST: [(&str, &str, usize); 2] =
    [("19900000001", "birth-registration", 3), ("19900000002", "senior-allowance", 2)];

/// Who waits for a place on the full day.
const WAITING: [(&str, &str); 2] = [("19900000003", "disability-card"), ("19900000004", "birth-registration")];

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
    also: Option<&'a StoredItem>,
    hall: &'a Hall,
    window: &'a ServiceWindow,
    spans: Vec<(Timestamp, Timestamp)>,
    ticked: Vec<String>,
    for_whom: ForWhom,
}

impl One<'_> {
    fn starts_at(&self) -> Timestamp {
        self.spans.first().map(|(from, _)| *from).unwrap_or_default()
    }
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
                    let who = (dice.below(residents.len()), dice.below(place.items.len()));
                    let Some(one) =
                        draw(&mut dice, &mut kept, &residents, &all_items, place, who, (date, slot.from), span)
                    else {
                        continue;
                    };
                    insert(&mut tx, &mut dice, one, (place.staff.as_deref(), !short), now).await?;
                }
                // The rest of its places, to whoever may still have one.
                let rest = (0..if short { residents.len() } else { 0 })
                    .flat_map(|person| (0..place.items.len()).map(move |item| (person, item)));
                for who in rest {
                    if let Some(one) =
                        draw(&mut dice, &mut kept, &residents, &all_items, place, who, (date, slot.from), span)
                    {
                        insert(&mut tx, &mut dice, one, (None, false), now).await?;
                    }
                }
            }
            if short {
                wait(&mut tx, loaded, &place.hall, date, now).await?;
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
        let for_whom = ForWhom::default();
        let one = One {
            person,
            item,
            also: None,
            hall: &place.hall,
            window: &windows[0],
            spans: vec![span],
            ticked,
            for_whom,
        };
        write(tx, &one, now - SignedDuration::from_hours(20)).await?;
    }
    for_a_mother(app, tx, loaded, items, place, kept, now).await
}

/// One visit with two items, two slots long, for somebody's mother, who comes in a wheelchair.
async fn for_a_mother(
    app: &App,
    tx: &mut Tx,
    loaded: &Loaded,
    items: &[StoredItem],
    place: &Place,
    kept: &mut Kept,
    now: Timestamp,
) -> anyhow::Result<()> {
    let served = |code: &str| place.items.iter().find(|(index, _)| items[*index].item.code == code);
    let (Some(person), Some(day)) = (loaded.people.get("19900000003"), super::working_day(app, day_of(now), 2)) else {
        return Ok(());
    };
    let (Some((item, windows)), Some((also, _))) = (served("temporary-relief"), served("senior-allowance")) else {
        return Ok(());
    };
    let (DayHours::Open(hours), Some(window)) = (place.rules.day(day, &app.calendar), windows.last()) else {
        return Ok(());
    };
    let slots = slots_of(&hours, place.hall.slot_minutes);
    let spans: Vec<_> =
        slots.iter().skip(3).take(2).map(|slot| (at_time(day, slot.from), at_time(day, slot.to))).collect();
    if spans.len() < 2 {
        return Ok(());
    }
    for (from, _) in &spans {
        *kept.taken.entry((window.id.clone(), *from)).or_default() += 1;
    }
    let (item, also) = (&items[*item], Some(&items[*also]));
    let ticked = item.item.materials.iter().take(1).map(|material| material.code.clone()).collect();
    let for_whom = ForWhom { name: "何秀兰".into(), relation: "母亲".into(), need: "母亲坐轮椅来".into() };
    let one = One { person, item, also, hall: &place.hall, window, spans, ticked, for_whom };
    write(tx, &one, now - SignedDuration::from_hours(30)).await?;
    Ok(())
}

/// Two people wait for a place on the full day.
async fn wait(tx: &mut Tx, loaded: &Loaded, hall: &Hall, day: Date, now: Timestamp) -> anyhow::Result<()> {
    for (hours, (phone, item)) in [30, 6].into_iter().zip(WAITING) {
        let Some(person_id) = loaded.people.get(phone) else { continue };
        let at = now - SignedDuration::from_hours(hours);
        let new = waiting::NewEntry {
            id: &clock::new_id(at),
            person_id,
            hall_id: &hall.id,
            day,
            items: &[item.to_owned()],
            answers: "{}".to_owned(),
            materials: "{}".to_owned(),
        };
        waiting::insert(tx, new, at).await?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what a booking is drawn from")]
fn draw<'a>(
    dice: &mut Dice,
    kept: &mut Kept,
    residents: &[&'a str],
    items: &'a [StoredItem],
    place: &'a Place,
    (person, item): (usize, usize),
    (date, from): (Date, Time),
    span: (Timestamp, Timestamp),
) -> Option<One<'a>> {
    let person = *residents.get(person)?;
    let (index, windows) = place.items.get(item)?;
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
    let for_whom = ForWhom::default();
    Some(One { person, item, also: None, hall: &place.hall, window, spans: vec![span], ticked, for_whom })
}

/// Writes a booking down and lets happen to it what would have happened by now. Some are cancelled, where that may be.
async fn insert(
    tx: &mut Tx,
    dice: &mut Dice,
    one: One<'_>,
    (staff, may_cancel): (Option<&str>, bool),
    now: Timestamp,
) -> anyhow::Result<()> {
    let starts_at = one.starts_at();
    let ahead = SignedDuration::from_hours(i64::try_from(20 + dice.below(72))?);
    let booked_at = (starts_at - ahead).min(now - SignedDuration::from_mins(5));
    let (id, slot_id) = write(tx, &one, booked_at).await?;
    if dice.percent(7) && may_cancel {
        let at = (booked_at + SignedDuration::from_hours(3)).min(now - SignedDuration::from_mins(1));
        let reasons = ["临时有事", "改天再来", "材料还没备齐", ""];
        let reason = reasons[dice.below(reasons.len())];
        appointments::cancel(tx, &id, reason, Timestamp::MIN, at).await?;
        slots::free(tx, &slot_id, Quota::Public).await?;
    } else if let Some(staff) = staff.filter(|_| starts_at < now && dice.percent(93)) {
        let came = starts_at - SignedDuration::from_mins(i64::try_from(dice.below(15))?);
        appointments::check_in(tx, &id, staff, came.min(now)).await?;
    }
    Ok(())
}

/// Somebody who works at a hall.
async fn staff_of(app: &App, path: &str) -> anyhow::Result<Option<String>> {
    let staff = crate::people::store::with_role_around(&app.db, app::people::Role::CommunityStaff, path).await?;
    Ok(staff.into_iter().next().map(|person| person.id))
}

/// Writes a booking down; gives its id and its first slot.
async fn write(tx: &mut Tx, one: &One<'_>, at: Timestamp) -> anyhow::Result<(String, String)> {
    let mut slot_ids = Vec::new();
    for (from, to) in &one.spans {
        let slot_id = slots::lock(tx, one.window, *from, *to, at).await?;
        anyhow::ensure!(slots::take(tx, &slot_id, Quota::Public, at).await?, "the demo books more than there is");
        slot_ids.push(slot_id);
    }
    let ends_at = one.spans.last().map_or(one.starts_at(), |(_, to)| *to);
    let visit = |item: &StoredItem, materials: Vec<String>| NewVisitItem {
        item_id: item.id.clone(),
        materials,
        answers: Answers::default(),
    };
    let items: Vec<_> = std::iter::once(visit(one.item, one.ticked.clone()))
        .chain(one.also.map(|item| visit(item, Vec::new())))
        .collect();
    let id = clock::new_id(at);
    let new = NewAppointment {
        id: &id,
        person_id: one.person,
        items: &items,
        hall_id: &one.hall.id,
        window_id: &one.window.id,
        slot_ids: &slot_ids,
        span: (one.starts_at(), ends_at),
        for_whom: &one.for_whom,
        quota: Quota::Public,
        booked_by: None,
        key: &id,
    };
    appointments::insert(tx, &[new], at).await?;
    let first = slot_ids.into_iter().next().unwrap_or_default();
    Ok((id, first))
}

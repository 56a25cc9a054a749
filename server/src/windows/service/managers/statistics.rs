//! Figures for whoever may read them, cut to their scope.

use super::halls_for;
use crate::{
    http::{Ctx, Error, Result},
    windows::store::{Hall, items, measures, settings, statistics as store},
};
use app::{
    people::Action,
    time::{at_time, day_of, start_of},
    windows::{
        DayHours, slots_of,
        statistics::{Capacity, SlotUse, Visit},
    },
};
use jiff::{Span, Timestamp, civil::Date};
use std::{collections::BTreeMap, sync::Arc};

/// The longest period, in days.
pub const MAX_DAYS: i32 = 366;

/// What the page shows.
pub struct Statistics {
    /// Halls that the reader may see.
    pub halls: Vec<Hall>,
    /// The chosen one; `None`: all of them.
    pub hall: Option<Hall>,
    /// First and last day.
    pub period: (Date, Date),
    /// The visits.
    pub visits: Vec<Visit>,
    /// The slots of the period with their places.
    pub slots: Vec<SlotUse>,
    /// Titles of items by code: Chinese, English, minutes planned, minutes suggested.
    pub items: BTreeMap<String, (String, String, i64, Option<i64>)>,
}

/// The figures of a period at one hall, or at all halls of the reader.
pub async fn statistics(ctx: &Ctx, hall: Option<&str>, period: (Option<Date>, Option<Date>)) -> Result<Statistics> {
    let halls = halls_for(ctx, Action::StatisticsRead).await?;
    let today = day_of(ctx.now);
    let sane = |date: &Date| (2000..=2999).contains(&date.year());
    let to = period.1.filter(sane).unwrap_or(today);
    let back = |days: i32| to.checked_sub(Span::new().days(days)).unwrap_or(to);
    let from = period.0.filter(sane).unwrap_or_else(|| back(27)).min(to).max(back(MAX_DAYS));
    let hall = match hall.filter(|code| !code.is_empty()) {
        Some(code) => match halls.iter().find(|hall| hall.code == code) {
            Some(hall) => Some(hall.clone()),
            None if crate::windows::store::halls::by_code(&ctx.app.db, code).await?.is_some() => {
                return Err(Error::Forbidden);
            }
            None => return Err(Error::NotFound),
        },
        None => None,
    };
    let span = (start_of(from), start_of(to.tomorrow().unwrap_or(to)));
    let (mut visits, mut places) = (Vec::new(), Vec::new());
    for one in halls.iter().filter(|one| hall.as_ref().is_none_or(|hall| hall.id == one.id)) {
        let key = (one.id.as_str(), one.code.as_str(), one.limits().late_minutes);
        visits.extend(store::visits(&ctx.app.db, key, span).await?);
        places.extend(slots(ctx, one, (from, to)).await?);
    }
    let measured = measures::all(&ctx.app.db).await?;
    let mut all = BTreeMap::new();
    for stored in items::all(&ctx.app.db).await? {
        let suggested = measured.get(&stored.id).map(|measured| measured.suggested());
        let item = Arc::unwrap_or_clone(stored.item);
        all.insert(item.code, (item.title, item.title_en, item.minutes, suggested));
    }
    Ok(Statistics { halls, hall, period: (from, to), visits, slots: places, items: all })
}

/// The slots of a hall in a period: planned by its settings as they are now, with what was booked and used.
async fn slots(ctx: &Ctx, hall: &Hall, (from, to): (Date, Date)) -> Result<Vec<SlotUse>> {
    let settings = settings::hall(ctx.app.db.read(), hall, from).await?;
    let rules = settings.rules();
    let mut by_slot: BTreeMap<(i64, Timestamp), Capacity> = BTreeMap::new();
    for date in from.series(Span::new().days(1)).take_while(|date| *date <= to) {
        let DayHours::Open(hours) = rules.day(date, &ctx.app.calendar) else { continue };
        for slot in slots_of(&hours, settings.slot_minutes) {
            for window in settings.windows.iter().filter(|window| !window.closed) {
                let places = by_slot.entry((window.number, at_time(date, slot.from))).or_default();
                places.planned += window.public + window.assisted;
            }
        }
    }
    let span = (start_of(from), start_of(to.tomorrow().unwrap_or(to)));
    for (number, at, booked, used) in store::places(&ctx.app.db, &hall.id, span).await? {
        let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        *by_slot.entry((number, at)).or_default() += Capacity { planned: 0, booked, used };
    }
    let of = |((window, at), places)| SlotUse { hall: hall.code.clone(), window, at, places };
    Ok(by_slot.into_iter().map(of).collect())
}

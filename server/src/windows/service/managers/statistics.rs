//! Figures for whoever may read them, cut to their scope.

use super::halls_for;
use crate::{
    http::{Ctx, Error, Result},
    windows::store::{Hall, items, settings, statistics as store},
};
use app::{
    people::Action,
    time::{day_of, start_of},
    windows::{
        DayHours,
        statistics::{Visit, figures, suggested_minutes},
    },
};
use jiff::{Span, civil::Date};
use std::collections::BTreeMap;

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
    /// Places for booking in the period by the settings as they are now.
    pub planned: i64,
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
    let lately = (start_of(today.checked_sub(Span::new().days(90)).unwrap_or(today)), ctx.now);
    let (mut visits, mut recent, mut planned) = (Vec::new(), Vec::new(), 0);
    for one in halls.iter().filter(|one| hall.as_ref().is_none_or(|hall| hall.id == one.id)) {
        let key = (one.id.as_str(), one.code.as_str(), one.limits().late_minutes);
        visits.extend(store::visits(&ctx.app.db, key, span).await?);
        recent.extend(store::visits(&ctx.app.db, key, lately).await?);
        planned += places(ctx, one, (from, to)).await?;
    }
    let mut all = BTreeMap::new();
    for stored in items::all(&ctx.app.db).await? {
        let measured = figures(recent.iter().filter(|visit| visit.item == stored.item.code));
        let item = stored.item;
        all.insert(item.code, (item.title, item.title_en, item.minutes, suggested_minutes(&measured)));
    }
    Ok(Statistics { halls, hall, period: (from, to), visits, planned, items: all })
}

/// Places of a hall in a period.
async fn places(ctx: &Ctx, hall: &Hall, (from, to): (Date, Date)) -> Result<i64> {
    let settings = settings::hall(ctx.app.db.read(), hall, from).await?;
    let rules = settings.rules();
    let each: i64 = settings.windows.iter().filter(|window| !window.closed).map(|w| w.public + w.assisted).sum();
    let days = from.series(Span::new().days(1)).take_while(|date| *date <= to);
    Ok(days
        .map(|date| match rules.day(date, &ctx.app.calendar) {
            DayHours::Open(hours) => {
                i64::try_from(app::windows::slots_of(&hours, settings.slot_minutes).len()).unwrap_or(0) * each
            }
            DayHours::Closed(_) => 0,
        })
        .sum())
}

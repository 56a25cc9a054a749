//! A hall's day at a glance.

use super::{hall_for, halls_for};
use crate::{
    http::{Ctx, Result},
    windows::{
        service::{Line, hours_today, line, walk_in_capacity},
        store::{Hall, settings, today as store},
    },
};
use app::{
    people::Action,
    time::{at_time, day_of, start_of},
    windows::{
        DayHours,
        queue::{PriorityClass, TicketState},
        slots_of,
    },
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// So many halls are named on the first page of staff.
const LINKS: usize = 5;
/// So many hours ahead are shown.
const HOURS: i64 = 4;

/// Bookings of the day so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bookings {
    /// For the whole day, cancelled ones left out.
    pub booked: i64,
    /// Came, in time or late.
    pub came: i64,
    /// Of these: later than the hall's limit after the booked time.
    pub late: i64,
    /// Not come yet although their time has begun.
    pub overdue: i64,
    /// Did not come.
    pub no_show: i64,
    /// Cancelled.
    pub cancelled: i64,
}

/// An hour ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Begin.
    pub from: Timestamp,
    /// Booked visits that begin in it and whose holders have not come.
    pub expected: i64,
    /// Slots that begin in it at open windows, public and assisted places together.
    pub places: i64,
}

/// The day.
pub struct Today {
    /// The hall.
    pub hall: Hall,
    /// Its hours today, in words.
    pub hours: String,
    /// The line.
    pub line: Line,
    /// Who waits by class, and since when the one who waits longest.
    pub waiting: Vec<(PriorityClass, i64)>,
    /// Longest wait so far.
    pub longest: Option<SignedDuration>,
    /// Bookings so far.
    pub bookings: Bookings,
    /// The hours ahead in which the hall is open.
    pub ahead: Vec<Hour>,
    /// Windows that managers have not closed.
    pub windows: i64,
    /// Places left today: online, for staff who book.
    pub left: (i64, i64),
    /// Walk-in numbers: given out, of so many; by channel.
    pub walk_ins: (i64, i64, BTreeMap<String, i64>),
    /// Served to the end, by window's id.
    pub served: BTreeMap<String, i64>,
    /// Bad ratings without an answer, and whether one is late.
    pub ratings: i64,
}

/// The halls whose day the signed-in person may see, at most a handful, and what belongs to all halls for those who
/// have no page of halls: title, note, address.
pub async fn links(ctx: &Ctx) -> Result<Vec<(String, String, String)>> {
    if ctx.actor()?.require_somewhere(Action::StatisticsRead).is_err() {
        return Ok(Vec::new());
    }
    let w = ctx.w;
    let halls = halls_for(ctx, Action::StatisticsRead).await?;
    let link = |hall: Hall| {
        let name = w.pick(&hall.name, &hall.name_en).to_owned();
        (name, w.t("today-title"), format!("/staff/halls/{}/today", hall.code))
    };
    let mut links: Vec<_> = halls.into_iter().take(LINKS).map(link).collect();
    if ctx.actor()?.require_somewhere(Action::HallManage).is_err() {
        links.push((w.t("stat-title"), w.t("stat-note"), "/staff/statistics".to_owned()));
        links.push((w.t("item-list-title"), w.t("item-list-note"), "/staff/items".to_owned()));
        links.push((w.t("calendar-title"), w.t("calendar-note"), "/staff/calendar".to_owned()));
    }
    Ok(links)
}

/// Reads the day.
pub async fn today(ctx: &Ctx, code: &str) -> Result<Today> {
    let hall = hall_for(ctx, Action::StatisticsRead, code).await?;
    let db = &ctx.app.db;
    let date = day_of(ctx.now);
    let day = date.to_string();
    let span = (start_of(date), start_of(date.tomorrow().unwrap_or(date)));
    let line = line(&ctx.app, &hall, ctx.now).await?;
    let booked = store::bookings(db, &hall.id, span).await?;
    let settings = settings::hall(db.read(), &hall, date).await?;
    let slots: Vec<(Timestamp, Timestamp)> = match settings.rules().day(date, &ctx.app.calendar) {
        DayHours::Open(hours) => slots_of(&hours, settings.slot_minutes)
            .into_iter()
            .map(|slot| (at_time(date, slot.from), at_time(date, slot.to)))
            .collect(),
        DayHours::Closed(_) => Vec::new(),
    };
    let open = settings.windows.iter().filter(|window| !window.closed);
    let (mut public, mut assisted) = (0, 0);
    for window in open.clone() {
        public += window.public;
        assisted += window.assisted;
    }
    let still: Vec<_> = slots.iter().filter(|(from, _)| *from > ctx.now).collect();
    let taken = settings::taken(db.read(), &hall.id, ctx.now).await?;
    let mut left = (0, 0);
    for window in open.clone() {
        for (from, to) in &still {
            let beside = |pick: fn(&(String, i64, i64, i64, i64)) -> i64| {
                taken
                    .iter()
                    .filter(|row| row.0 == window.id && row.1 < to.as_microsecond() && from.as_microsecond() < row.2)
                    .map(pick)
                    .max()
                    .unwrap_or(0)
            };
            left.0 += (window.public - beside(|row| row.3)).max(0);
            left.1 += (window.assisted - beside(|row| row.4)).max(0);
        }
    }
    let walk_ins = walk_ins(ctx, &hall, &day).await?;
    let waits = line.waiting.iter().map(|ticket| ctx.now.duration_since(instant(ticket.issued_at)));
    Ok(Today {
        hours: hours_today(ctx, &hall).await?,
        waiting: by_class(&line),
        longest: waits.max(),
        bookings: count(&booked, hall.limits().late_minutes, ctx.now),
        ahead: ahead(&slots, &booked, public + assisted, ctx.now),
        windows: i64::try_from(open.count()).unwrap_or(0),
        left,
        walk_ins,
        served: store::served(db, &hall.id, &day).await?.into_iter().collect(),
        ratings: store::unanswered(db, &hall.id).await?.0,
        line,
        hall,
    })
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn by_class(line: &Line) -> Vec<(PriorityClass, i64)> {
    let of = |class: PriorityClass| line.waiting.iter().filter(|ticket| ticket.class() == class).count();
    let count = |class| (class, i64::try_from(of(class)).unwrap_or(0));
    PriorityClass::ALL.into_iter().map(count).filter(|(_, count)| *count > 0).collect()
}

fn count(booked: &[store::Booked], late_minutes: i64, now: Timestamp) -> Bookings {
    let mut all = Bookings::default();
    for (state, starts, came) in booked {
        match state.as_str() {
            "cancelled" => {
                all.cancelled += 1;
                continue;
            }
            "no_show" => all.no_show += 1,
            "booked" => all.overdue += i64::from(*starts < now.as_microsecond()),
            _ => {
                all.came += 1;
                all.late += i64::from(came.is_some_and(|came| came - starts > late_minutes * 60_000_000));
            }
        }
        all.booked += 1;
    }
    all
}

fn ahead(slots: &[(Timestamp, Timestamp)], booked: &[store::Booked], places: i64, now: Timestamp) -> Vec<Hour> {
    let hour = SignedDuration::from_hours(1);
    let first = Timestamp::from_second(now.as_second().div_euclid(3600) * 3600).unwrap_or(now);
    (0..HOURS)
        .map(|n| first + SignedDuration::from_hours(n))
        .map(|from| {
            let within = |at: Timestamp| from <= at && at < from + hour;
            let slots = slots.iter().filter(|(begin, _)| within(*begin)).count();
            let expected = booked.iter().filter(|(state, starts, _)| state == "booked" && within(instant(*starts)));
            Hour {
                from,
                expected: i64::try_from(expected.count()).unwrap_or(0),
                places: i64::try_from(slots).unwrap_or(0) * places,
            }
        })
        .filter(|hour| hour.expected > 0 || hour.places > 0)
        .collect()
}

async fn walk_ins(ctx: &Ctx, hall: &Hall, day: &str) -> Result<(i64, i64, BTreeMap<String, i64>)> {
    let mut by_channel: BTreeMap<String, i64> = BTreeMap::new();
    for (channel, _, count) in store::numbers(&ctx.app.db, &hall.id, day).await? {
        if channel != "booking" {
            *by_channel.entry(channel).or_default() += count;
        }
    }
    let capacity = walk_in_capacity(&ctx.app, hall, ctx.now).await?;
    Ok((by_channel.values().sum(), capacity, by_channel))
}

impl Today {
    /// What a window does now: called or served ticket in words of its state.
    pub fn at_window(&self, window_id: &str) -> Option<(String, TicketState)> {
        self.line
            .others
            .iter()
            .find(|ticket| ticket.state().is_at_window() && ticket.window_id.as_deref() == Some(window_id))
            .map(|ticket| (format!("{}{:03}", ticket.letter, ticket.number), ticket.state()))
    }
}

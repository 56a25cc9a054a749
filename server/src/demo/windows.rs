//! Demo halls, service items and two weeks of bookings, relative to today.

mod bookings;
mod managed;
mod queue;

use super::Loaded;
use crate::{
    app_state::App,
    clock,
    windows::store::{
        halls::{self, NewHall, NewWindow},
        items,
    },
};
use anyhow::Context;
use app::{
    time::{at_time, day_of},
    windows::ServiceItem,
};
use jiff::{
    Span,
    civil::{Date, time},
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct File {
    items: Vec<ServiceItem>,
    halls: Vec<DemoHall>,
}

#[derive(Deserialize)]
struct DemoHall {
    code: String,
    name: String,
    name_en: String,
    community: String,
    address: String,
    address_en: String,
    map_note: String,
    map_note_en: String,
    phone: String,
    hours: Vec<DemoHours>,
    slot_minutes: i64,
    windows: Vec<DemoWindow>,
}

#[derive(Deserialize)]
struct DemoHours {
    weekday: i64,
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct DemoWindow {
    number: i64,
    name: String,
    name_en: String,
    items: Vec<String>,
    capacity_public: i64,
    capacity_assisted: i64,
}

/// Loads halls, items and bookings.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    load_halls(app, loaded).await?;
    unusual_days(app).await?;
    bookings::load(app, loaded).await?;
    queue::load(app).await?;
    managed::load(app, loaded).await
}

/// Loads the halls with their hours and windows, and the service items; no bookings.
pub async fn load_halls(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let file: File =
        serde_json::from_str(include_str!("../../demo/services.json")).context("reading demo/services.json")?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut ids = BTreeMap::new();
    for (position, item) in file.items.iter().enumerate() {
        let id = clock::new_id(now);
        items::insert(&mut tx, &id, item, i64::try_from(position)?).await?;
        ids.insert(item.code.as_str(), id);
    }
    for (position, hall) in file.halls.iter().enumerate() {
        let (organisation_id, _) = loaded
            .organisations
            .get(&hall.community)
            .with_context(|| format!("no such organisation: {}", hall.community))?;
        let hall_id = clock::new_id(now);
        let new = NewHall {
            id: &hall_id,
            code: &hall.code,
            organisation_id,
            name: (&hall.name, &hall.name_en),
            address: (&hall.address, &hall.address_en),
            map_note: (&hall.map_note, &hall.map_note_en),
            phone: &hall.phone,
            slot_minutes: hall.slot_minutes,
            position: i64::try_from(position)?,
        };
        halls::insert(&mut tx, new).await?;
        for hours in &hall.hours {
            halls::insert_hours(&mut tx, &hall_id, hours.weekday, &hours.from, &hours.to).await?;
        }
        for window in &hall.windows {
            let served = window
                .items
                .iter()
                .map(|code| ids.get(code.as_str()).map(String::as_str).with_context(|| format!("no such item: {code}")))
                .collect::<anyhow::Result<Vec<_>>>()?;
            let new = NewWindow {
                id: &clock::new_id(now),
                hall_id: &hall_id,
                number: window.number,
                name: (&window.name, &window.name_en),
                capacity: (window.capacity_public, window.capacity_assisted),
            };
            halls::insert_window(&mut tx, new, &served).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The `n`-th statutory working day after `date`, counted from 1.
fn working_day(app: &App, date: Date, n: usize) -> Option<Date> {
    (0..n).try_fold(date, |day, _| app.calendar.next_working_day(day))
}

/// What makes a calendar believable: a morning-only day of training, and an afternoon without power.
async fn unusual_days(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = day_of(now);
    let all = halls::all(&app.db).await?;
    let mut tx = app.db.begin().await?;
    if let (Some(hall), Some(day)) = (all.first(), working_day(app, today, 4)) {
        let reason = ("这天下午全员培训，只办上午", "Staff training in the afternoon: open in the morning only");
        halls::set_exception(&mut tx, &hall.id, day, &[("08:30", "11:30")], reason).await?;
    }
    if let (Some(hall), Some(day)) = (all.get(1), working_day(app, today, 6)) {
        let span = (at_time(day, time(15, 0, 0, 0)), at_time(day.checked_add(Span::new().days(1))?, time(0, 0, 0, 0)));
        let reason = ("线路检修，这天 15 点以后停电", "No power after 15:00 on this day: the line is repaired");
        halls::insert_closure(&mut tx, &clock::new_id(now), &hall.id, span, reason).await?;
    }
    tx.commit().await?;
    Ok(())
}

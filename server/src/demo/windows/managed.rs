//! What managers have done: an item that is no longer offered, an appeal that waits for a decision, a year of the calendar
//! that was imported; and how long things take.

use crate::{
    app_state::App,
    clock,
    demo::Loaded,
    places::calendar,
    windows::{
        service::managers::measure_items,
        store::{
            blocks, halls, items,
            settings::{self, NewVersion},
        },
    },
};
use anyhow::Context;
use app::{
    i18n::{Lang, Words},
    time::day_of,
    windows::{
        ServiceItem,
        item_form::{Offer, differences},
    },
};
use jiff::{SignedDuration, Timestamp};

/// 高远, who keeps items and calendar.
const ADMIN: &str = "19900000099";

/// The residents everybody tries first: they can book online.
const TRIED_FIRST: [&str; 4] = ["19900000001", "19900000002", "19900000003", "19900000004"];

/// Loads it.
pub(super) async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let admin = loaded.people.get(ADMIN).context("the demo has an admin")?;
    retired_item(app, admin).await?;
    imported_year(app, admin).await?;
    appeal(app, loaded).await?;
    measure_items(app).await
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    now - SignedDuration::from_hours(24 * days)
}

/// 流动人口婚育证明: abolished, its record stays.
async fn retired_item(app: &App, admin: &str) -> anyhow::Result<()> {
    let item: ServiceItem =
        serde_json::from_str(include_str!("../../../demo/retired.json")).context("reading demo/retired.json")?;
    let since = before(app.clock.now(), 30);
    let id = clock::new_id(since);
    let mut tx = app.db.begin().await?;
    let position = items::next_position(&mut tx).await?;
    items::insert(&mut tx, &id, &item, position).await?;
    items::set_retired(&mut tx, &id, Some(since)).await?;
    let (old, new) = (Offer { item: item.clone(), retired: false }, Offer { item, retired: true });
    let said = |lang| differences(Some(&old), &new, Words::new(lang));
    let version = NewVersion {
        object: ("item", &id),
        base: 0,
        before: Some(serde_json::to_string(&old)?),
        after: serde_json::to_string(&new)?,
        summary: (said(Lang::Zh), said(Lang::En)),
        by: Some(admin),
    };
    settings::save(&mut tx, version, since).await?;
    tx.commit().await?;
    Ok(())
}

/// This year as it is known, imported when the notice came out.
async fn imported_year(app: &App, admin: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let known = calendar::shipped_years()?.remove(&day_of(now).year());
    let Some(year) = known.filter(|year| year.status == "published") else { return Ok(()) };
    let at = before(now, 60);
    let id = year.year.to_string();
    let mut tx = app.db.begin().await?;
    calendar::write(&mut tx, &year, Some(admin), at).await?;
    let said = |lang: Lang| {
        let words = Words::new(lang);
        vec![words.tf("calendar-only-source", &[("source", year.source.clone().into())])]
    };
    let version = NewVersion {
        object: ("calendar", &id),
        base: 0,
        before: None,
        after: serde_json::to_string(&year)?,
        summary: (said(Lang::Zh), said(Lang::En)),
        by: Some(admin),
    };
    settings::save(&mut tx, version, at).await?;
    tx.commit().await?;
    app.calendar.refresh(&app.db).await?;
    Ok(())
}

/// Somebody who did not come twice last week, and explains it.
async fn appeal(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let now = app.clock.now();
    let Some(hall) = halls::all(&app.db).await?.into_iter().next() else { return Ok(()) };
    // Visits to which nobody came. They become those of one person, who is none of the people one tries first.
    let missed: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, code, person_id FROM appointment WHERE hall_id = $1 AND state = 'booked' AND ends_at < $2 \
         ORDER BY starts_at DESC, id LIMIT 20",
    )
    .bind(&hall.id)
    .bind(before(now, 1).as_microsecond())
    .fetch_all(app.db.read())
    .await?;
    let residents: Vec<&String> = loaded
        .residents
        .iter()
        .filter(|phone| !TRIED_FIRST.contains(&phone.as_str()))
        .filter_map(|phone| loaded.people.get(phone))
        .collect();
    let Some((_, _, person)) = missed.iter().find(|(_, _, person)| residents.contains(&person)) else { return Ok(()) };
    let own = missed.iter().filter(|(_, _, of)| of == person);
    let others = missed.iter().filter(|(_, _, of)| of != person);
    let chosen: Vec<&(String, String, String)> = own.chain(others).take(2).collect();
    let codes: Vec<String> = chosen.iter().map(|(_, code, _)| code.clone()).collect();
    let since = now - SignedDuration::from_hours(20);
    let id = clock::new_id(since);
    let mut tx = app.db.begin().await?;
    for (appointment, ..) in chosen {
        sqlx::query("UPDATE appointment SET state = 'no_show', no_show_at = $2, person_id = $3 WHERE id = $1")
            .bind(appointment)
            .bind(since.as_microsecond())
            .bind(person)
            .execute(&mut *tx)
            .await?;
    }
    let ends = since + SignedDuration::from_hours(24 * hall.limits().block_days.clamp(1, 366));
    blocks::insert(&mut tx, &id, (person, &hall.id), ends, &codes, since).await?;
    let text = "那两天孩子发烧住院，实在走不开，也忘了取消。以后一定提前说。";
    blocks::appeal(&mut tx, &id, text, now - SignedDuration::from_hours(3)).await?;
    tx.commit().await?;
    Ok(())
}

//! Thirty days of free times of an item, in a hall that has had more and more bookings.

use crate::{
    Bench, bulk,
    load::{Times, ms, time},
    table::{Section, ratio},
    world::{World, name},
};
use anyhow::{Context, ensure};
use server::windows::{
    service::{Offers, offers},
    store::{Quota, halls, items},
};

/// Bookings of the hall in the database.
const BOOKINGS: [i64; 3] = [1_000, 100_000, 1_000_000];
/// The item.
pub const ITEM: &str = "flexible-employment";
/// The hall.
pub const HALL: &str = "hall-wutong";

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let sizes: &[i64] = bench.pick(&BOOKINGS, &[20, 80]);
    let (fewest, largest) = (sizes[0], sizes[sizes.len() - 1]);
    let mut section = Section::new(
        "Availability: 30 days of an item",
        "The page of days and free times, and the same through the API, for an item of a hall that is booked 30 days \
         ahead: up to 12 bookings in each slot of these days, the others done, 12 in each slot of as many days again every \
         five weeks back. One after another for p50 and p95, 8 at once for requests/s.",
    );
    let growth = format!("p95 ÷ p95 with {fewest}");
    let heads = ["", "bookings", "p50 ms", "p95 ms", "requests/s", growth.as_str()];
    let mut rows = Vec::new();
    let mut periods = 0;
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        slots(&world).await?;
        let slots = world.number_of("bench_slot").await?;
        let people = bench.pick(5_000, 100);
        bulk::residents(&world, people).await?;
        periods = bulk::periods(largest, slots);
        let browser = world.serve().await?.with(&[("linli_community", "wutong")]);
        let mut before: [Option<Times>; 2] = [None, None];
        let mut booked = 0;
        for size in sizes {
            if *size > booked {
                bulk::bookings(&world, booked + 1..=*size, slots, people).await?;
                booked = *size;
            }
            let there = world.number_of("appointment").await?;
            ensure!(there == booked, "{there} bookings are there, not {booked}");
            let paths = [
                ("page", format!("/services/{ITEM}/times?hall={HALL}")),
                ("API", format!("/api/v1/services/{ITEM}/slots?hall={HALL}")),
            ];
            for ((what, path), first) in paths.iter().zip(&mut before) {
                let warm = bench.pick(50, 2);
                time(warm, 2, |_| browser.load(path)).await?;
                let alone = time(bench.pick(400, 5), 1, |_| browser.load(path)).await?;
                let together = time(bench.pick(1_000, 5), 8, |_| browser.load(path)).await?;
                let first = first.get_or_insert_with(|| alone.clone());
                rows.push(vec![
                    format!("{}, {what}", name(engine)),
                    size.to_string(),
                    ms(alone.p50()),
                    ms(alone.p95()),
                    format!("{:.0}", together.per_second()),
                    ratio(alone.p95(), first.p95()),
                ]);
            }
        }
    }
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    section.table(&heads, &rows);
    section.say(&format!("{largest} bookings are those of {periods} such periods of five weeks."));
    Ok(section)
}

/// Opens the hall for 30 days ahead and lists the slots of all its windows in `bench_slot`.
async fn slots(world: &World) -> anyhow::Result<()> {
    let offers = open_hall(world).await?;
    world
        .run(
            "CREATE TABLE bench_slot (k BIGINT PRIMARY KEY, id TEXT NOT NULL, window_id TEXT NOT NULL, \
             starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL)",
        )
        .await?;
    let windows: Vec<(String,)> =
        sqlx::query_as("SELECT w.id FROM service_window w JOIN hall h ON h.id = w.hall_id WHERE h.code = $1")
            .bind(HALL)
            .fetch_all(world.app.db.read())
            .await?;
    let mut tx = world.app.db.begin().await?;
    let mut k = 0_i64;
    for time in offers.days.iter().flat_map(|day| day.times()) {
        for (window,) in &windows {
            sqlx::query("INSERT INTO bench_slot (k, id, window_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(k)
                .bind(format!("bench-{k}"))
                .bind(window)
                .bind(time.starts_at.as_microsecond())
                .bind(time.ends_at.as_microsecond())
                .execute(&mut *tx)
                .await?;
            k += 1;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Opens the hall for 30 days ahead, with as many places as anybody may want, and gives what it offers.
pub async fn open_hall(world: &World) -> anyhow::Result<Offers> {
    world
        .run(&format!("UPDATE hall SET limits = '{{\"last_day_ahead\": 30, \"per_day\": 20}}' WHERE code = '{HALL}'"))
        .await?;
    world.run("UPDATE service_window SET capacity_public = 10000").await?;
    let db = &world.app.db;
    let hall = halls::by_code(db, HALL).await?.context("the hall")?;
    let item = items::by_code(db, ITEM).await?.context("the item")?;
    Ok(offers(&world.app, &hall, &[item], Quota::Public, world.app.clock.now()).await?)
}

//! What the people who answer for a district look at, over a month of 30 communities.

use crate::{
    Bench, bulk,
    load::{ms, time},
    table::Section,
    world::{World, name},
};
use anyhow::Context;

/// Reports of the last 40 days: about 55,000 of them are due in the month.
const REPORTS: i64 = 75_000;
/// Staff of a community, and the supervisor of the district.
const STAFF: &str = "19900000031";
const DISTRICT: &str = "19900000052";
/// What these screens are to stay below, in milliseconds.
const WITHIN_MS: f64 = 200.0;

/// By whom, and what.
const SCREENS: [(&str, &str, &str); 18] = [
    ("district", DISTRICT, "/staff/net"),
    ("district, coloured by closing rate", DISTRICT, "/staff/net?figure=closing"),
    ("district, API", DISTRICT, "/api/v1/staff/net"),
    ("a community", STAFF, "/staff/net"),
    ("what waits for me", DISTRICT, "/staff"),
    ("the desk", DISTRICT, "/staff/reports"),
    ("statistics of the month", DISTRICT, "/staff/reports/statistics?by=community"),
    ("grids", DISTRICT, "/staff/grids"),
    ("a grid", STAFF, "/staff/grids/wutong-g1"),
    ("supervision", DISTRICT, "/staff/supervision"),
    ("supervision, statistics", DISTRICT, "/staff/supervision/statistics"),
    ("bulletins", DISTRICT, "/staff/bulletins"),
    ("matters", DISTRICT, "/staff/matters"),
    ("property companies", DISTRICT, "/staff/property"),
    ("meetings", STAFF, "/staff/meetings"),
    ("consultations", STAFF, "/staff/consultations"),
    ("partners", STAFF, "/staff/partners"),
    ("findings", STAFF, "/staff/intake"),
];

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let reports = bench.pick(REPORTS, 300);
    let mut section = Section::new(
        "The net: a month of 30 communities",
        "Screens of those who answer for a district or a community, one after another, 100 times each.",
    );
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        bulk::communities(&world).await?;
        bulk::lists(&world).await?;
        bulk::reports_over(&world, 1..=reports, 40).await?;
        let browser = world.serve().await?;
        let mut rows = Vec::new();
        let mut slow = Vec::new();
        for (what, phone, path) in SCREENS {
            let who = world.signed_in(&browser, phone).await?;
            let ask = |_| who.load(path);
            time(bench.pick(5, 1), 1, ask).await.with_context(|| what.to_owned())?;
            let times = time(bench.pick(100, 3), 1, ask).await?;
            if times.p95() > WITHIN_MS {
                slow.push(what);
            }
            rows.push(vec![what.to_owned(), path.to_owned(), ms(times.p50()), ms(times.p95())]);
        }
        section.table(&[name(engine), "address", "p50 ms", "p95 ms"], &rows);
        let said = if slow.is_empty() { "none".to_owned() } else { slow.join(", ") };
        section.say(&format!("{}: over {WITHIN_MS} ms at p95: {said}.", name(engine)));
    }
    section.say(&format!("{reports} reports of the last 40 days, in 30 communities with 120 grids."));
    Ok(section)
}

//! Reading reports when there are many.

use crate::{
    Bench, bulk,
    load::{Browser, Times, ms, time},
    table::{Section, ratio},
    world::{World, name},
};
use anyhow::Context;
use jiff::ToSpan;
use std::collections::BTreeMap;

/// Reports in the database.
const SIZES: [i64; 3] = [1_000, 100_000, 1_000_000];
/// A page that takes longer than this many milliseconds is asked for only [`FEW`] times.
const SLOW_MS: f64 = 500.0;
const FEW: usize = 7;
/// Staff of a community, and the supervisor of the district.
const STAFF: &str = "19900000031";
const DISTRICT: &str = "19900000052";

/// What is asked for, by whom.
struct Question {
    what: String,
    browser: Browser,
    path: String,
}

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let sizes: &[i64] = bench.pick(&SIZES, &[100, 300]);
    let largest = sizes.iter().max().context("a size")?;
    let mut section = Section::new(
        "Reading reports",
        "Pages over all reports of a district of six communities: 5 of 100 reports are open, of the last 20 days, the \
         others of the last two years. One after another, 100 times each; 7 times what takes over half a second. Growth is p95 with the most reports ÷ p95 with the fewest; \
         logarithmic growth would be 2. With the fewest most of these pages are not full: a community has eight open reports \
         then, and a page of its desk shows 50. The last step is p95 with the most ÷ p95 with a tenth of them, where all pages \
         are full; logarithmic growth would be 1.2.",
    );
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        bulk::lists(&world).await?;
        let browser = world.serve().await?;
        let questions = questions(&world, &browser).await?;
        let mut found: BTreeMap<usize, Vec<Times>> = BTreeMap::new();
        let mut there = 0;
        for size in sizes {
            bulk::reports(&world, there + 1..=*size).await?;
            there = *size;
            for (n, question) in questions.iter().enumerate() {
                let ask = |_| question.browser.load(&question.path);
                let first = time(bench.pick(5, 1), 1, ask).await.with_context(|| question.what.clone())?;
                let often = if first.p50() > SLOW_MS { FEW } else { 100 };
                let times = time(bench.pick(often, 3), 1, ask).await?;
                found.entry(n).or_default().push(times);
            }
        }
        let heads: Vec<String> =
            sizes.iter().flat_map(|size| [format!("{size}: p50 ms"), "p95 ms".to_owned()]).collect();
        let mut heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        heads.insert(0, name(engine));
        heads.extend(["growth", "last step"]);
        let row = |(n, times): (&usize, &Vec<Times>)| {
            let mut row = vec![questions[*n].what.clone()];
            row.extend(times.iter().flat_map(|times| [ms(times.p50()), ms(times.p95())]));
            let last = times.last().map_or(f64::NAN, Times::p95);
            row.extend(
                [times.first(), times.iter().nth_back(1)].map(|from| ratio(last, from.map_or(f64::NAN, Times::p95))),
            );
            row
        };
        let rows: Vec<Vec<String>> = found.iter().map(row).collect();
        section.table(&heads, &rows);
    }
    section.say(&format!("{largest} reports are about {} a day over two years.", largest / 730));
    Ok(section)
}

async fn questions(world: &World, browser: &Browser) -> anyhow::Result<Vec<Question>> {
    let visitor = browser.with(&[("linli_community", "wutong")]);
    let staff = world.signed_in(browser, STAFF).await?;
    let district = world.signed_in(browser, DISTRICT).await?;
    let text = |sql: &'static str| async move {
        let (text,): (String,) = sqlx::query_as(sql).fetch_one(world.app.db.read()).await?;
        anyhow::Ok(text)
    };
    let building =
        text("SELECT code FROM organisation WHERE kind = 'building' AND path LIKE '%/wutong/%' ORDER BY path LIMIT 1")
            .await?;
    let owner = text("SELECT id FROM bench_owner WHERE k = 3").await?;
    let (longitude, latitude): (f64, f64) =
        sqlx::query_as("SELECT longitude, latitude FROM organisation WHERE code = $1")
            .bind(&building)
            .fetch_one(world.app.db.read())
            .await?;
    let near = "/report/nearby?community=wutong&category=street-light";
    let pages: Vec<(&str, &Browser, String)> = vec![
        ("public list", &visitor, "/reports".into()),
        ("public list, open", &visitor, "/reports?state=open".into()),
        ("public list, one grid, one kind", &visitor, "/reports?grid=wutong-g2&kind=housing".into()),
        ("feed of 50", &visitor, "/reports.atom?community=wutong".into()),
        ("map", &visitor, "/api/v1/communities/wutong/plan.geojson".into()),
        ("nearby, by building", &visitor, format!("{near}&building={building}")),
        ("nearby, by position", &visitor, format!("{near}&longitude={longitude}&latitude={latitude}")),
        ("list of 50 for staff, all", &staff, "/staff/reports?state=all".into()),
        ("list of 50 for staff, closed", &staff, "/staff/reports?state=closed".into()),
        ("list of 50 for staff, withdrawn", &staff, "/staff/reports?state=withdrawn".into()),
    ];
    let mut questions: Vec<Question> = Vec::new();
    let mut ask = |what: &str, browser: &Browser, path: String| {
        questions.push(Question { what: what.to_owned(), browser: browser.clone(), path });
    };
    for (what, browser, path) in pages {
        ask(what, browser, path);
    }
    for (desk, browser) in [("queue", &staff), ("queue of the district", &district)] {
        for (what, query) in [
            ("open", String::new()),
            ("unassigned", "?state=unassigned".into()),
            ("overdue", "?state=late".into()),
            ("one grid", "?grid=wutong-g2".into()),
            ("one category", "?category=street-light".into()),
            ("one owner", format!("?owner={owner}")),
            ("one channel", "?channel=hotline".into()),
        ] {
            ask(&format!("{desk}, {what}"), browser, format!("/staff/reports{query}"));
        }
    }
    ask("has anything changed? (each open desk asks)", &staff, "/staff/reports/version".into());
    ask("what waits for staff", &staff, "/staff".into());
    ask("statistics of this month", &district, "/staff/reports/statistics".into());
    let today = app::time::day_of(world.app.clock.now());
    let (from, to) =
        (today.saturating_sub(2.months()).first_of_month(), today.saturating_sub(2.months()).last_of_month());
    ask(
        "statistics of an earlier month, by category",
        &district,
        format!("/staff/reports/statistics?by=category&from={from}&to={to}"),
    );
    ask(
        "statistics of this year, by unit",
        &district,
        format!("/staff/reports/statistics?by=owner&from={}", today.first_of_year()),
    );
    Ok(questions)
}

//! Bookings confirmed in a second, against the raw rate at which the same database makes single rows durable.

use crate::{
    Bench,
    availability::{HALL, ITEM, open_hall},
    bulk,
    load::{Browser, Times, ms, time},
    table::{Section, ratio},
    world::{World, name},
};
use anyhow::{Context, ensure};
use server::auth::session;

/// Residents who book at the same time, and writers of the raw rate.
const AT_ONCE: usize = 64;
/// Bookings, or raw transactions, of one measurement: so many that what each connection does once weighs little.
const COUNT: usize = 8_000;

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "Bookings confirmed",
        "64 residents at a time send the confirm form (`POST /services/{item}/book`), each for themselves, until every \
         one of them has booked, after as many others have. The raw rate is that of transactions with one inserted row of about 200 bytes, by 64 \
         writers through the same pool, with the same durability (SQLite: WAL, synchronous=FULL, one writer; PostgreSQL: \
         synchronous_commit=on), in the same run before and after; and once with as many \
         rows in a transaction as a booking writes. The raw rates are without HTTP and without a rule. Statements are those of a booking that comes \
         alone, in the server's log, BEGIN and COMMIT not counted: those that come together share most of them. \
         Processor time is the server's.",
    );
    let heads = ["", "per second", "p50 ms", "p95 ms", "÷ raw rate", "statements", "server CPU ms"];
    let mut rows = Vec::new();
    let mut disks = Vec::new();
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        disks.push(format!("{} {}", name(engine), world.disk().await?));
        let slots: Vec<String> = open_hall(&world)
            .await?
            .days
            .iter()
            .flat_map(|day| day.times())
            .map(|time| time.slot.to_string())
            .collect();
        let count = bench.pick(COUNT, 8);
        let people = bulk::residents(&world, i64::try_from(3 * count + 1)?).await?;
        let tokens = world.sessions(&people).await?;
        world.settle().await?;
        let first = raw(&world, bench, 1).await?;

        let statements = statements(&mut world, tokens.last().context("a resident")?, &slots[0]).await?;
        let browser = world.serve().await?;
        let book = |from: usize, hot: bool| {
            let (browser, tokens, slots) = (&browser, &tokens, &slots);
            time(count, AT_ONCE, move |n| {
                // 37 slots on is another day.
                let slot = &slots[if hot { slots.len() / 2 } else { n * 37 % slots.len() }];
                confirm(browser, &tokens[from + n], slot, n)
            })
        };
        // Those who booked earlier. A database without a single booking is no hall's: PostgreSQL would take its tables for empty.
        book(0, false).await?;
        world.settle().await?;
        let mut measured = Vec::new();
        for (what, from, hot) in [("different slots", count, false), ("one hot slot", 2 * count, true)] {
            let before = world.server_cpu()?;
            let times = book(from, hot).await?;
            measured.push((what, times, (world.server_cpu()? - before) * 1000.0 / count as f64));
        }
        world.stop();
        let booked = world.number("SELECT CAST(SUM(booked_public) AS BIGINT) FROM slot").await?;
        ensure!(booked == i64::try_from(3 * count + 1)?, "{booked} places are taken");
        let second = raw(&world, bench, 1).await?;
        let whole = raw(&world, bench, ROWS).await?;
        let raw = (first.per_second() + second.per_second()) / 2.0;
        let cell = |name: &str, times: &Times| {
            vec![name.to_owned(), format!("{:.0}", times.per_second()), ms(times.p50()), ms(times.p95())]
        };
        for (what, times, cpu) in measured {
            let mut row = cell(&format!("{}, {what}", name(engine)), &times);
            row.extend([ratio(times.per_second(), raw), statements.to_string(), ms(cpu)]);
            rows.push(row);
        }
        for (what, times, count) in [("before", first, 1), ("after", second, 1), ("of a booking's rows", whole, ROWS)] {
            let mut row = cell(&format!("{}, raw rate {what}", name(engine)), &times);
            row.extend([ratio(times.per_second(), raw), count.to_string(), String::new()]);
            rows.push(row);
        }
    }
    section.table(&heads, &rows);
    section.say(&format!(
        "What was made durable lay on: {}. Bookings that come at the same moment share a transaction, and so the way to \
         the disk. Where it answers quickly, they are bound by the processor, which they share with the client and the \
         database here.",
        disks.join(", ")
    ));
    Ok(section)
}

/// Rows that one booking writes: the appointment, its time, its item, the place taken, the audit entry, the message.
const ROWS: usize = 6;

/// Transactions of so many rows, each durable before the next of the same writer.
async fn raw(world: &World, bench: &Bench, rows: usize) -> anyhow::Result<Times> {
    world
        .run("CREATE TABLE IF NOT EXISTS bench_raw (id TEXT PRIMARY KEY, at BIGINT NOT NULL, text TEXT NOT NULL)")
        .await?;
    let db = &world.app.db;
    let text = "x".repeat(150);
    let from = world.number_of("bench_raw").await?;
    time(bench.pick(COUNT, 8), AT_ONCE, |n| {
        let text = &text;
        async move {
            let mut tx = db.begin().await?;
            for row in 0..rows {
                sqlx::query("INSERT INTO bench_raw (id, at, text) VALUES ($1, $2, $3)")
                    .bind(format!("{:036}", from + i64::try_from(n * rows + row)?))
                    .bind(i64::try_from(n)?)
                    .bind(text)
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
            Ok(())
        }
    })
    .await
}

/// Sends the confirm form.
async fn confirm(browser: &Browser, token: &str, slot: &str, n: usize) -> anyhow::Result<()> {
    let browser = browser.with(&[(session::cookie_name(false), token)]);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("slot", slot), ("key", &format!("bench-key-{n}")), ("hall", HALL)])
        .finish();
    let (status, to, text) =
        browser.send(&format!("/services/{ITEM}/book"), "application/x-www-form-urlencoded", body).await?;
    ensure!(
        status == 303 && to.starts_with("/appointments/"),
        "{status} {to} {}",
        text.chars().take(600).collect::<String>()
    );
    Ok(())
}

async fn statements(world: &mut World, token: &str, slot: &str) -> anyhow::Result<usize> {
    let browser = world.serve_logging_statements().await?;
    // Connections are opened, and say what they are for, before the counting begins.
    browser.with(&[(session::cookie_name(false), token)]).load(&format!("/services/{ITEM}/times")).await?;
    // The worker looks for jobs each second: take the quiet moment after one of its looks.
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let before = world.statements()?;
    confirm(&browser, token, slot, 0).await?;
    let after = world.statements()?;
    world.stop();
    Ok(after - before)
}

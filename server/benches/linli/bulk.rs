//! Many rows by few statements, the same text on both engines. What looks random is arithmetic on the row's number, so
//! that every run has the same rows.

use crate::world::World;
use server::{db::Engine, reports::statistics::counted};
use std::ops::RangeInclusive;

const DAY: i64 = 86_400_000_000;

/// `WITH n(i)`: the numbers of a range.
fn numbers(engine: Engine, range: &RangeInclusive<i64>) -> String {
    let (from, to) = (range.start(), range.end());
    match engine {
        Engine::Sqlite => {
            format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})")
        }
        Engine::Postgres => {
            format!("WITH n(i) AS (SELECT * FROM generate_series(CAST({from} AS BIGINT), CAST({to} AS BIGINT)))")
        }
    }
}

/// A number below four million from `i`, another for each `seed`.
fn mixed(seed: i64) -> String {
    format!("((i * {seed} + 97) % 4294967296) / 1024")
}

/// Writes a numbered list, to be joined by `k`.
async fn list(world: &World, table: &str, columns: &str, select: &str) -> anyhow::Result<()> {
    world
        .run(&format!("CREATE TABLE {table} AS SELECT ROW_NUMBER() OVER (ORDER BY 1) - 1 AS k, {columns} {select}"))
        .await?;
    world.run(&format!("CREATE UNIQUE INDEX {table}_k ON {table} (k)")).await
}

/// The lists that reports choose from: buildings, categories, who files, who handles, who verifies.
pub async fn lists(world: &World) -> anyhow::Result<()> {
    list(
        world,
        "bench_place",
        "m.id AS community_id, g.id AS grid_id, b.id AS building_id, b.path, b.longitude, b.latitude",
        "FROM organisation b JOIN organisation g ON g.id = b.parent_id JOIN organisation m ON m.id = g.parent_id \
         WHERE b.kind = 'building'",
    )
    .await?;
    list(world, "bench_category", "c.code", "FROM category c").await?;
    let role = |roles: &str| {
        format!(
            "FROM person p WHERE EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role IN ({roles}))"
        )
    };
    list(
        world,
        "bench_reporter",
        "p.id",
        "FROM person p WHERE NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id)",
    )
    .await?;
    list(world, "bench_owner", "p.id", &role("'volunteer', 'grid_worker', 'unit'")).await?;
    list(world, "bench_verifier", "p.id", &role("'community_staff'")).await
}

/// Takes the indexes from tables that are to take so many rows that making them again afterwards is quicker than keeping them up
/// to date. Gives the statements that make them again; none for fewer rows.
async fn without_indexes(
    world: &World,
    tables: &[&'static str],
    range: &RangeInclusive<i64>,
) -> anyhow::Result<Vec<String>> {
    if range.end() - range.start() <= 50_000 {
        return Ok(Vec::new());
    }
    let mut again = Vec::new();
    for table in tables {
        let sql = match world.engine {
            Engine::Sqlite => {
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = $1"
            }
            Engine::Postgres => {
                "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes WHERE tablename = $1 \
                 AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            }
        };
        let rows: Vec<(String, String)> = sqlx::query_as(sql).bind(*table).fetch_all(world.app.db.read()).await?;
        for (name, sql) in rows {
            world.run(&format!("DROP INDEX {name}")).await?;
            again.push(sql);
        }
    }
    Ok(again)
}

/// Adds reports `range` (numbers, from 1): 5 of 100 open and of the last 20 days, the others of the last two years.
pub async fn reports(world: &World, range: RangeInclusive<i64>) -> anyhow::Result<()> {
    reports_over(world, range, 730).await
}

/// Adds 24 communities of 4 grids and 24 buildings each beside the demo's six.
pub async fn communities(world: &World) -> anyhow::Result<()> {
    let numbers = |to| numbers(world.engine, &(0..=to));
    // A street's name and code, by the number of the community.
    let place = |kind: &str, parent: &str, code: &str, of: &str, to: i64| {
        format!(
            "{} INSERT INTO organisation (id, kind, code, parent_id, path, name, households, longitude, latitude, position) \
             SELECT 'bench-' || {code}, '{kind}', {code}, p.id, p.path || {code} || '/', '新苑' || {code}, 40, 120.1, 30.2, i \
             FROM n JOIN organisation p ON p.kind = '{parent}' AND p.code = {of}",
            numbers(to)
        )
    };
    let text = |number: &str| format!("CAST({number} AS TEXT)");
    let street = "CASE WHEN i % 2 = 0 THEN 'tongyin' ELSE 'yundu' END";
    let community = format!("'m' || {}", text("i"));
    world.run(&place("community", "subdistrict", &community, street, 23)).await?;
    let (of, grid) =
        (format!("'m' || {}", text("i / 4")), format!("'m' || {} || '-g' || {}", text("i / 4"), text("i % 4")));
    world.run(&place("grid", "community", &grid, &of, 24 * 4 - 1)).await?;
    let of = format!("'m' || {} || '-g' || {}", text("i / 24"), text("(i / 6) % 4"));
    let building = format!("'m' || {} || '-' || {}", text("i / 24"), text("i % 24"));
    world.run(&place("building", "grid", &building, &of, 24 * 24 - 1)).await
}

/// The same, the others of the last `days` days.
pub async fn reports_over(world: &World, range: RangeInclusive<i64>, days: i64) -> anyhow::Result<()> {
    let now = world.app.clock.now().as_microsecond();
    let count = |table: &'static str| world.number_of(table);
    let (places, categories) = (count("bench_place").await?, count("bench_category").await?);
    let (reporters, owners, verifiers) =
        (count("bench_reporter").await?, count("bench_owner").await?, count("bench_verifier").await?);
    let indexes = without_indexes(world, &["report", "report_event"], &range).await?;
    let owned = "state IN ('dispatched', 'in_progress', 'suspended', 'handled', 'closed')";
    let (young, old) = (20 * DAY / 4_194_304, days * DAY / 4_194_304);
    world
        .run(&format!(
            "{numbers}, x AS (SELECT i, {m} % 1000 AS m, {a} AS a, {b} AS b, {c} AS c, {d} AS d FROM n), \
             s AS (SELECT i, a, b, c, d, CASE WHEN m < 5 THEN 'submitted' WHEN m < 10 THEN 'accepted' \
             WHEN m < 20 THEN 'dispatched' WHEN m < 35 THEN 'in_progress' WHEN m < 39 THEN 'asked' \
             WHEN m < 43 THEN 'suspended' WHEN m < 50 THEN 'handled' WHEN m < 60 THEN 'rejected' \
             WHEN m < 70 THEN 'withdrawn' ELSE 'closed' END AS state, \
             {now} - (CASE WHEN m < 50 THEN d * {young} ELSE d * {old} + {four} END) AS filed FROM x) \
             INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, grid_id, building_id, path, \
             place_text, longitude, latitude, category, description, channel, reporter_id, state, owner_id, handled_by, \
             verified_by, filed_at, due_at, changed_at, closed_at, version, dispatched_at, owner_due_at, reworks, returns, \
             stars, rated_at, stars_answered_at) \
             SELECT 'bench-' || CAST(100000000 + i AS TEXT), 'B' || CAST(100000000 + i AS TEXT), \
             'bench-key-' || CAST(100000000 + i AS TEXT), '', p.community_id, p.grid_id, p.building_id, p.path, '', \
             CASE WHEN b % 2 = 0 THEN p.longitude + (c % 1000 - 500) * 0.000002 END, \
             CASE WHEN b % 2 = 0 THEN p.latitude + (d % 1000 - 500) * 0.000002 END, k.code, \
             '楼道里的灯坏了，晚上看不见路，老人上下楼不安全。编号 ' || CAST(i AS TEXT), \
             CASE WHEN c % 20 = 0 THEN 'hotline' WHEN c % 20 < 4 THEN 'patrol' WHEN c % 200 = 7 THEN 'api' \
             ELSE 'resident' END, r.id, s.state, CASE WHEN {owned} THEN o.id END, \
             CASE WHEN state IN ('handled', 'closed') THEN o.id END, CASE WHEN state = 'closed' THEN v.id END, \
             filed, filed + {seven}, \
             CASE WHEN {open} THEN filed + ({now} - filed) / 4 ELSE {over} END, \
             CASE WHEN {open} THEN NULL ELSE {over} END, 2, CASE WHEN {owned} THEN filed END, \
             CASE WHEN {owned} THEN filed + {day} * (1 + b % 5) END, \
             CASE WHEN c % 50 = 0 THEN 1 ELSE 0 END, CASE WHEN c % 40 = 0 THEN 1 ELSE 0 END, \
             CASE WHEN {rated} THEN CASE WHEN c % 300 = 0 THEN 1 ELSE 3 + a % 3 END END, \
             CASE WHEN {rated} THEN filed + {four} END, \
             CASE WHEN {rated} AND c % 300 = 0 AND filed < {now} - 30 * {day} THEN filed + {five} END \
             FROM s JOIN bench_place p ON p.k = a % {places} JOIN bench_category k ON k.k = b % {categories} \
             JOIN bench_reporter r ON r.k = c % {reporters} JOIN bench_owner o ON o.k = d % {owners} \
             JOIN bench_verifier v ON v.k = b % {verifiers} ORDER BY i",
            numbers = numbers(world.engine, &range),
            m = mixed(2_654_435_761),
            a = mixed(2_246_822_519),
            b = mixed(3_266_489_917),
            c = mixed(668_265_263),
            d = mixed(374_761_393),
            open = "state IN ('submitted', 'accepted', 'dispatched', 'in_progress', 'asked', 'suspended', 'handled')",
            // Dealt with after an hour up to four days; every third is rated, of 300 one badly.
            over = format!("(filed + {} * (1 + c % 95))", DAY / 24),
            rated = "(state = 'closed' AND c % 3 = 0)",
            day = DAY,
            four = 4 * DAY,
            five = 5 * DAY,
            seven = 7 * DAY,
        ))
        .await?;
    // Each was filed; of every fifth the public was told something.
    let (from, to) = (100_000_000 + range.start(), 100_000_000 + range.end());
    let of_these = format!("r.id >= 'bench-{from}' AND r.id <= 'bench-{to}'");
    world
        .run(&format!(
            "INSERT INTO report_event (id, report_id, seq, at, actor_id, actor_kind, action, to_state) \
             SELECT r.id || '-1', r.id, 1, r.filed_at, r.reporter_id, 'reporter', 'file', 'submitted' FROM report r \
             WHERE {of_these}"
        ))
        .await?;
    world
        .run(&format!(
            "INSERT INTO report_event (id, report_id, seq, at, actor_kind, action, to_state, public_text) \
             SELECT r.id || '-2', r.id, 2, r.changed_at, 'staff', 'accept', 'accepted', '师傅明天上午来看。' FROM report r \
             WHERE {of_these} AND substr(r.id, length(r.id), 1) IN ('0', '5')"
        ))
        .await?;
    for sql in &indexes {
        world.run(sql).await?;
    }
    // What the job does every minute: counts per day, for the figures.
    while counted::count(&world.app, 200_000).await? > 0 {}
    world.settle().await
}

/// Makes `count` residents of a community and gives their ids. Their numbers are not real ones, and nobody logs in by
/// them: sessions are opened directly.
pub async fn residents(world: &World, count: i64) -> anyhow::Result<Vec<String>> {
    let now = world.app.clock.now().as_microsecond();
    world
        .run(&format!(
            "{} INSERT INTO person (id, name, phone_hash, phone_sealed, phone_masked, community_id, demo, created_at) \
             SELECT 'bench-' || CAST(100000000 + i AS TEXT), '居民' || CAST(i AS TEXT), \
             'bench-' || CAST(100000000 + i AS TEXT), '', '', (SELECT o.id FROM organisation o WHERE o.code = 'wutong'), 1, \
             {now} FROM n",
            numbers(world.engine, &(1..=count))
        ))
        .await?;
    Ok((1..=count).map(|n| format!("bench-{}", 100_000_000 + n)).collect())
}

/// Bookings in each slot of the coming 30 days, and of as many days again every five weeks before.
const IN_A_SLOT: i64 = 12;
const WEEKS: i64 = 5;

/// Of how many times the coming days, in the past most of them, so many bookings are.
pub fn periods(bookings: i64, slots: i64) -> i64 {
    bookings / slots / IN_A_SLOT + 1
}

/// Adds bookings `range` (numbers, from 1) of the hall of Wutong, over its slots in turn, which are listed in `bench_slot`
/// (k, …): first those of the coming days, until each has [`IN_A_SLOT`]; then the same days [`WEEKS`] weeks earlier, which are
/// over; and so on.
pub async fn bookings(world: &World, range: RangeInclusive<i64>, slots: i64, people: i64) -> anyhow::Result<()> {
    let now = world.app.clock.now().as_microsecond();
    let back = WEEKS * 7 * DAY;
    let turns = (range.start() / slots / IN_A_SLOT)..=(periods(*range.end(), slots) - 1);
    // Slots get their rows with their first booking, as in life.
    world
        .run(&format!(
            "{} INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted, booked_public) \
             SELECT b.id || '-' || CAST(n.i AS TEXT), b.window_id, b.starts_at - n.i * {back}, b.ends_at - n.i * {back}, \
             10000, 0, 0 FROM n CROSS JOIN bench_slot b \
             WHERE NOT EXISTS (SELECT 1 FROM slot s WHERE s.id = b.id || '-' || CAST(n.i AS TEXT))",
            numbers(world.engine, &turns)
        ))
        .await?;
    let indexes = without_indexes(world, &["appointment", "appointment_slot", "appointment_item"], &range).await?;
    // Numbers that share no factor with the count of slots reach all of them before the first one comes again.
    world
        .run(&format!(
            "{}, x AS (SELECT i, (i * 7919) % {slots} AS k, i / {slots} / {IN_A_SLOT} AS turn FROM n) \
             INSERT INTO appointment (id, code, person_id, item_id, hall_id, window_id, slot_id, starts_at, ends_at, \
             state, idempotency_key, created_at) SELECT 'bench-' || CAST(100000000 + x.i AS TEXT), \
             'B' || CAST(100000000 + x.i AS TEXT), 'bench-' || CAST(100000001 + x.i % {people} AS TEXT), w.item_id, \
             h.hall_id, b.window_id, b.id || '-' || CAST(x.turn AS TEXT), b.starts_at - x.turn * {back}, \
             b.ends_at - x.turn * {back}, CASE WHEN x.turn = 0 THEN 'booked' ELSE 'done' END, \
             'bench-' || CAST(x.i AS TEXT), {now} - x.turn * {back} FROM x \
             JOIN bench_slot b ON b.k = x.k \
             JOIN (SELECT MIN(item_id) AS item_id, window_id FROM window_item GROUP BY window_id) w \
             ON w.window_id = b.window_id JOIN (SELECT id AS window_id, hall_id FROM service_window) h \
             ON h.window_id = b.window_id",
            numbers(world.engine, &range)
        ))
        .await?;
    let (from, to) = (100_000_000 + range.start(), 100_000_000 + range.end());
    let these = format!("a.id >= 'bench-{from}' AND a.id <= 'bench-{to}'");
    world
        .run(&format!(
            "INSERT INTO appointment_slot (appointment_id, slot_id) SELECT a.id, a.slot_id FROM appointment a WHERE {these}"
        ))
        .await?;
    world
        .run(&format!(
            "INSERT INTO appointment_item (appointment_id, position, item_id) SELECT a.id, 0, a.item_id FROM appointment a \
             WHERE {these}"
        ))
        .await?;
    for sql in &indexes {
        world.run(sql).await?;
    }
    world
        .run(
            "UPDATE slot SET booked_public = (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_slot a \
             WHERE a.slot_id = slot.id)",
        )
        .await?;
    world.run("DELETE FROM slot WHERE booked_public = 0").await?;
    world.settle().await
}

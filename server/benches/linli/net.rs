//! What the people who answer for a district look at, over a month of 30 communities.

use crate::{
    Bench, bulk,
    load::{Browser, ms, time as timed},
    table::Section,
    world::{World, name},
};
use anyhow::{Context, ensure};
use app::time;
use jiff::ToSpan;

/// Reports of the last 40 days: about 55,000 of them are due in the month.
const REPORTS: i64 = 75_000;
/// Staff of a community, and the supervisor of the district.
const STAFF: &str = "19900000031";
const DISTRICT: &str = "19900000052";
/// What these screens are to stay below, in milliseconds.
const WITHIN_MS: f64 = 200.0;

/// By whom, and what.
const SCREENS: [(&str, &str, &str); 22] = [
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
    ("the handbook", STAFF, "/staff/handbook"),
    ("the handbook, searched", STAFF, "/staff/handbook?q=%E7%94%B5%E6%A2%AF"),
    ("patrols", STAFF, "/staff/patrols"),
    ("the hotline desk", STAFF, "/staff/calls"),
];

/// One of what is listed: by whom, the address, and which one, told by a statement. Of a bulletin it is the district's of the last
/// month, the others are the demo's.
const SINGLE: [(&str, &str, &str, &str); 13] = [
    ("a bulletin", DISTRICT, "/staff/bulletins/{id}", "SELECT MAX(id) FROM bulletin"),
    ("a bulletin, edited", DISTRICT, "/staff/bulletins/{id}/edit", "SELECT MAX(id) FROM bulletin"),
    (
        "an assessment of a company",
        DISTRICT,
        "/staff/property/assessments/{id}",
        "SELECT MAX(a.id) FROM property_assessment a WHERE a.points IS NOT NULL",
    ),
    ("a matter", DISTRICT, "/staff/matters/{id}", "SELECT MAX(id) FROM matter"),
    (
        "a letter",
        DISTRICT,
        "/staff/supervision/{id}",
        "SELECT MAX(id) FROM supervision_letter WHERE state = 'answered'",
    ),
    (
        "a letter, to be printed",
        DISTRICT,
        "/staff/supervision/{id}/letter",
        "SELECT MAX(id) FROM supervision_letter WHERE state = 'answered'",
    ),
    (
        "a company",
        DISTRICT,
        "/staff/property/companies/{id}",
        "SELECT MAX(a.company_id) FROM property_assessment a WHERE a.points IS NOT NULL",
    ),
    ("a patrol plan", STAFF, "/staff/patrols/{id}", "SELECT MAX(id) FROM patrol_plan"),
    ("a finding", STAFF, "/staff/intake/{id}", "SELECT MAX(id) FROM intake WHERE state = 'waiting'"),
    ("a meeting", STAFF, "/staff/meetings/{id}", "SELECT MAX(session_id) FROM meeting_ballot WHERE state = 'closed'"),
    ("a consultation", STAFF, "/staff/consultations/{id}", "SELECT MAX(consultation_id) FROM consultation_voice"),
    ("a partner", STAFF, "/staff/partners/organisations/{id}", "SELECT MAX(partner_id) FROM partner_agreement"),
    ("a volunteer team", STAFF, "/staff/partners/teams/{id}", "SELECT MAX(team_id) FROM team_member"),
];

/// All of them with the address that is asked for, beside the one that is shown.
async fn screens(world: &World) -> anyhow::Result<Vec<(&'static str, &'static str, &'static str, String)>> {
    let mut all: Vec<_> = SCREENS.iter().map(|(what, who, path)| (*what, *who, *path, (*path).to_owned())).collect();
    for (what, who, path, sql) in SINGLE {
        let id = world.text(sql).await.with_context(|| what.to_owned())?;
        all.push((what, who, path, path.replace("{id}", &id)));
    }
    Ok(all)
}

/// Counts the district's last month into a bulletin.
async fn bulletin(world: &World, browser: &Browser) -> anyhow::Result<()> {
    let today = time::day_of(world.app.clock.now());
    let month = today.first_of_month().saturating_sub(1.day());
    let period = format!("{}-{:02}", month.year(), month.month());
    let body = serde_json::json!({ "organisation": "lanxi", "period": period }).to_string();
    let district = world.signed_in(browser, DISTRICT).await?;
    let (status, _, text) = district.send("/api/v1/staff/bulletins", "application/json", body).await?;
    ensure!(status == 201, "a bulletin of {period}: {status}: {text}");
    Ok(())
}

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let reports = bench.pick(REPORTS, 300);
    let mut section = Section::new(
        "The net: a month of 30 communities",
        "Screens of those who answer for a district or a community, one after another, 100 times each.",
    );
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        world.rooms().await?;
        bulk::communities(&world).await?;
        bulk::lists(&world).await?;
        bulk::reports_over(&world, 1..=reports, 40).await?;
        let browser = world.serve().await?;
        bulletin(&world, &browser).await?;
        let mut rows = Vec::new();
        let mut slow = Vec::new();
        for (what, phone, path, address) in screens(&world).await? {
            let who = world.signed_in(&browser, phone).await?;
            let ask = |_| who.load(&address);
            timed(bench.pick(5, 1), 1, ask).await.with_context(|| what.to_owned())?;
            let times = timed(bench.pick(100, 3), 1, ask).await?;
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

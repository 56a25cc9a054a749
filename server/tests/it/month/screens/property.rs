//! `/staff/property`: the assessment of October for each company, indicator by indicator, and levels of credit today, from the
//! raw rows and the steps of each entry.

use super::{DISTRICT, items, json, made};
use crate::{
    month::{
        calendar::{DAY, date, days_between, start},
        numbers::whole,
        property::companies,
        recount::Recount,
    },
    support::TestApp,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Indicator, weight, and the shares in ten-thousandths that give none and all of its points: what Linli ships with.
const RULES: [(&str, i64, i64, i64); 6] = [
    ("complaints", 15, 500, 20),
    ("on_time", 25, 6_000, 9_800),
    ("rework", 15, 2_000, 100),
    ("inspection", 20, 5_000, 10_000),
    ("rating", 15, 4_000, 9_600),
    ("credit", 10, 6_000, 10_500),
];
/// Kinds that are the property's matter.
const KINDS: [&str; 6] = ["elevator", "corridor-lamp", "roof-leak", "door-lock", "wall-falling", "corridor-clutter"];
/// Points from which a company has a level.
const LEVELS: [(&str, i64); 5] = [("AAA", 105), ("AA", 95), ("A", 85), ("B", 75), ("C", 60)];
/// Ratings of an estate count from so many on.
const FEWEST: i64 = 5;
const FIRST: &str = "2026-10-01";
const LAST: &str = "2026-10-31";

/// A contract: company, estate, first and last day.
type Contract = (String, String, String, String);

/// An entry: company, days, severe; and what its steps say.
#[derive(Debug)]
struct Entry {
    company: String,
    from: String,
    until: String,
    severe: bool,
    published: Option<i64>,
    state: String,
    points: i64,
}

impl Entry {
    /// Whether it counts on a day: published by then, within its days, not revoked.
    fn counts(&self, day: &str) -> bool {
        let published = self.published.map(date);
        matches!(self.state.as_str(), "published" | "appealed" | "settled")
            && self.from.as_str() <= day
            && day <= self.until.as_str()
            && published.is_none_or(|published| published.as_str() <= day)
    }
}

/// The raw rows.
struct Raw {
    contracts: Vec<Contract>,
    /// Estate of a building.
    buildings: BTreeMap<String, String>,
    /// Company, day, points.
    inspections: Vec<(String, String, i64)>,
    /// Company, estate, quarter, stars.
    ratings: Vec<(String, String, String, i64)>,
    entries: Vec<Entry>,
}

async fn rows<T>(test: &TestApp, sql: &'static str) -> Vec<T>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
{
    sqlx::query_as(sql).fetch_all(test.app.db.read()).await.expect("rows")
}

async fn read(test: &TestApp) -> Raw {
    let buildings: Vec<(String, String)> = rows(test, "SELECT building_id, estate_id FROM property_building").await;
    let fixed: Vec<(String, String, String, String, i64)> =
        rows(test, "SELECT id, company_id, from_day, until_day, severe FROM property_entry ORDER BY id").await;
    let mut entries: BTreeMap<String, Entry> = fixed
        .into_iter()
        .map(|(id, company, from, until, severe)| {
            let severe = severe == 1;
            (id, Entry { company, from, until, severe, published: None, state: String::new(), points: 0 })
        })
        .collect();
    let steps: Vec<(String, i64, String, String, i64)> =
        rows(test, "SELECT entry_id, at, step, to_state, points FROM property_entry_event ORDER BY entry_id, seq")
            .await;
    for (id, at, step, to, points) in steps {
        let entry = entries.get_mut(&id).expect("an entry");
        if step == "publish" {
            entry.published = Some(at);
        }
        (entry.state, entry.points) = (to, points);
    }
    Raw {
        contracts: rows(test, "SELECT company_id, estate_id, from_day, until_day FROM property_contract").await,
        buildings: buildings.into_iter().collect(),
        inspections: rows(test, "SELECT company_id, day, points FROM property_inspection").await,
        ratings: rows(test, "SELECT company_id, estate_id, quarter, stars FROM property_rating").await,
        entries: entries.into_values().collect(),
    }
}

/// This many of so many, for each indicator; `None`: there was nothing to count.
type Shares = BTreeMap<&'static str, Option<(i64, i64)>>;

/// What October gives a company.
fn october(told: &Recount, raw: &Raw, company: &str) -> Shares {
    let own: Vec<&Contract> = raw.contracts.iter().filter(|contract| contract.0 == company).collect();
    let holds = |estate: &str, day: &str| {
        own.iter().any(|one| one.1 == estate && one.2.as_str() <= day && day <= one.3.as_str())
    };
    let (begin, end) = (start(FIRST), start(LAST) + DAY);
    let within = |at: i64| at >= begin && at < end;
    let [mut filed, mut due, mut on_time, mut closed, mut again] = [0; 5];
    for one in &told.reports {
        let Some(estate) = raw.buildings.get(&one.building) else { continue };
        // Whose contract it was when it was filed.
        let counts = KINDS.contains(&one.category.as_str()) && !one.is_gone() && one.filed < end;
        if !counts || !holds(estate, &date(one.filed)) {
            continue;
        }
        filed += i64::from(within(one.filed));
        if let Some(deadline) = one.deadline.filter(|deadline| within(*deadline)) {
            due += 1;
            on_time += i64::from(one.closed().is_some_and(|at| at <= deadline));
        }
        if one.closed().is_some_and(within) {
            closed += 1;
            again += i64::from(one.reworks + one.reopened > 0);
        }
    }
    let mut homes: BTreeMap<&str, i64> = BTreeMap::new();
    for building in told.under("", "building") {
        if let Some(estate) = raw.buildings.get(&building.id) {
            *homes.entry(estate.as_str()).or_default() += building.households;
        }
    }
    let looked_after: i64 = own
        .iter()
        .map(|(_, estate, from, until)| {
            let (from, until) = (from.as_str().max(FIRST), until.as_str().min(LAST));
            let days = if from > until { 0 } else { days_between(from, until) };
            homes[estate.as_str()] * days
        })
        .sum();
    let inspected: Vec<i64> = raw
        .inspections
        .iter()
        .filter(|(who, day, _)| who == company && (FIRST..=LAST).contains(&day.as_str()))
        .map(|(_, _, points)| *points)
        .collect();
    // The last quarter that was over by then.
    let mut rated: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (who, estate, quarter, stars) in &raw.ratings {
        if who == company && quarter == "2026-Q3" {
            let of = rated.entry(estate.as_str()).or_default();
            *of = (of.0 + 1, of.1 + stars);
        }
    }
    rated.retain(|_, (count, _)| *count >= FEWEST);
    let credit: i64 =
        raw.entries.iter().filter(|one| one.company == company && one.counts(LAST)).map(|one| one.points).sum();
    let share = |part: i64, whole: i64| (whole > 0).then_some((part, whole));
    Shares::from([
        ("complaints", share(filed * 30, looked_after)),
        ("on_time", share(on_time, due)),
        ("rework", share(again, closed)),
        ("inspection", share(inspected.iter().sum(), 100 * whole(inspected.len()))),
        (
            "rating",
            share(rated.values().map(|(_, stars)| stars).sum(), rated.values().map(|(count, _)| 5 * count).sum()),
        ),
        ("credit", share((100 + credit).clamp(0, 200), 100)),
    ])
}

/// Hundredths of a point, halves up: none at `worst` and beyond, 10,000 at `best` and beyond, a straight line between.
fn score((part, whole): (i64, i64), worst: i64, best: i64) -> i64 {
    let (part, whole, worst, best) = (i128::from(part), i128::from(whole), i128::from(worst), i128::from(best));
    let sign = if best > worst { 1 } else { -1 };
    let way = sign * (10_000 * part - worst * whole);
    let all = sign * (best - worst) * whole;
    let hundredths = (20_000 * way.clamp(0, all) + all) / (2 * all);
    i64::try_from(hundredths).expect("small")
}

/// Compares each company.
pub async fn compare(test: &TestApp, told: &Recount, today: i64) {
    let raw = read(test).await;
    let mut browser = test.signed_in(DISTRICT).await;
    let listed = items(&mut browser, "/api/v1/staff/property/companies").await;
    assert!(raw.entries.iter().any(|one| one.counts(LAST)), "something counts");
    for company in companies() {
        let path = format!("/api/v1/staff/property/companies/{company}/assessments");
        let id = made(&mut browser, &path, &serde_json::json!({ "period": "2026-10" })).await["id"].clone();
        let id = id.as_str().expect("an id");
        let said = json(&mut browser, &format!("/api/v1/staff/property/assessments/{id}")).await;
        assessed(&said, &october(told, &raw, &company));
        let said = listed.iter().find(|one| one["id"] == company.as_str()).expect("listed");
        level(said, &raw, &company, &date(today));
    }
}

/// Every indicator, its score, and what they make together.
fn assessed(said: &Value, shares: &Shares) {
    let parts = said["parts"].as_array().expect("parts");
    assert_eq!(parts.len(), RULES.len());
    let (mut products, mut weights) = (0, 0);
    for (part, (indicator, weight, worst, best)) in parts.iter().zip(RULES) {
        assert_eq!(part["indicator"], indicator);
        let scale = ["weight", "worst", "best"].map(|name| part[name].as_i64().expect("a number"));
        assert_eq!(scale, [weight, worst, best], "{indicator}");
        let share = shares[indicator];
        let counted = (part["numerator"].as_i64(), part["denominator"].as_i64());
        assert_eq!(counted, (share.map(|(part, _)| part), share.map(|(_, whole)| whole)), "{indicator}: {said}");
        let score = share.map(|share| score(share, worst, best));
        assert_eq!(part["score"].as_i64(), score, "{indicator}: {part}");
        if let Some(score) = score {
            products += score * weight;
            weights += weight;
        }
    }
    let points = (2 * products + weights) / (2 * weights);
    let written = format!("{}.{:02}", points / 100, points % 100);
    assert_eq!((&said["points"], &said["now"]), (&Value::from(written.clone()), &Value::from(written)), "{said}");
    assert_eq!((&said["exact"], &said["differences"]), (&Value::from(true), &serde_json::json!([])));
}

/// The level of a company today and its points.
fn level(said: &Value, raw: &Raw, company: &str, today: &str) {
    let counting: Vec<&Entry> = raw.entries.iter().filter(|one| one.company == company && one.counts(today)).collect();
    let points = 100 + counting.iter().map(|one| one.points).sum::<i64>();
    let level = match LEVELS.iter().find(|(_, least)| points >= *least) {
        Some((level, _)) if counting.iter().all(|one| !one.severe) => *level,
        _ => "black",
    };
    assert_eq!((said["points"].as_i64(), said["level"].as_str()), (Some(points), Some(level)), "{said}");
    assert_eq!(said["reasons"].as_array().map(Vec::len), Some(counting.len()), "{said}");
}

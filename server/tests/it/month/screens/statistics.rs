//! `/staff/reports/statistics`: figures by kind, place, unit and channel, the lists behind them, and the page's table.

use super::{DISTRICT, is_rate, items, json, page, table};
use crate::{
    month::{
        numbers::{Numbers, Period},
        recount::{Recount, Told},
        world::World,
    },
    support::{Browser, TestApp},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const KNOWN: [&str; 11] = [
    "filed",
    "due",
    "closed",
    "on-time",
    "suspended",
    "overdue",
    "reworked",
    "extended",
    "returned",
    "rated",
    "satisfied",
];

fn numbers(said: &Value) -> Numbers {
    let counts = said["counts"].as_object().expect("counts");
    assert_eq!(counts.len(), KNOWN.len(), "{counts:?}");
    Numbers {
        counts: KNOWN.iter().map(|code| (*code, counts[*code].as_i64().expect("a count"))).collect(),
        median: said["median_hours"].as_f64(),
    }
}

fn same(what: &str, said: &Value, expected: &Numbers) {
    assert_eq!(numbers(said), *expected, "{what}");
    let n = |code: &str| expected.n(code);
    for (rate, share) in [
        ("closing_rate", expected.closing()),
        ("on_time_rate", expected.on_time()),
        ("rework_rate", (n("reworked"), n("closed"))),
        ("extension_rate", (n("extended"), n("due"))),
        ("return_rate", (n("returned"), n("due"))),
        ("satisfaction", (n("satisfied"), n("rated"))),
    ] {
        assert!(super::is_share(&said[rate], share), "{rate} of {what}: {said}");
    }
}

/// Figures told apart in one way, as the API names the parts: names in the reader's language, and codes of channels.
fn parts(told: &Recount, period: Period, path: &str, by: &str) -> BTreeMap<String, Numbers> {
    let names: BTreeMap<&str, &str> = told.spots.iter().map(|spot| (spot.code.as_str(), spot.name.as_str())).collect();
    // There are many first grids: from above a community its name stands before theirs.
    let wide = path.matches('/').count() < 3;
    let key = |one: &Told| match by {
        "major" => told.sorts[&one.category].major_name.clone(),
        "category" => told.sorts[&one.category].name.clone(),
        "community" => names[one.community.as_str()].to_owned(),
        "grid" if wide => format!("{} · {}", names[one.community.as_str()], names[one.grid.as_str()]),
        "grid" => names[one.grid.as_str()].to_owned(),
        "owner" => one.owner.as_ref().map(|owner| told.units[owner].clone()).unwrap_or_default(),
        _ => one.channel.clone(),
    };
    told.numbers_by(period, path, key)
}

/// Compares them.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let mut browser = test.signed_in(DISTRICT).await;
    let address =
        |code: &str, by: &str| format!("/api/v1/staff/statistics/reports?place={code}&from=2026-11-01&by={by}");
    let asked: [(&str, &[&str]); 3] = [
        ("lanxi", &["major", "category", "community", "grid", "owner", "channel"]),
        ("tongyin", &["community", "grid"]),
        ("wutong", &["category", "grid", "owner"]),
    ];
    for (code, ways) in asked {
        let path = &told.spot(code).path;
        for by in ways {
            let said = json(&mut browser, &address(code, by)).await;
            same(code, &said["all"], &told.numbers(world.month, path));
            let expected = parts(told, world.month, path, by);
            let listed = said["parts"].as_array().expect("parts");
            let keys: BTreeSet<&str> = listed.iter().map(|part| part["key"].as_str().expect("a key")).collect();
            let wanted: BTreeSet<&str> = expected.keys().map(String::as_str).collect();
            assert_eq!(keys, wanted, "{code} by {by}");
            for part in listed {
                let key = part["key"].as_str().expect("a key");
                same(&format!("{code} by {by}: {key}"), part, &expected[key]);
            }
        }
    }
    for (code, path) in &world.communities {
        let said = json(&mut browser, &address(code, "major")).await;
        same(code, &said["all"], &told.numbers(world.month, path));
    }
    lists(&mut browser, world, told).await;
    written(&mut browser, world, told).await;
}

/// The reports behind some figures of a community.
async fn lists(browser: &mut Browser, world: &World, told: &Recount) {
    let period = world.month;
    let path = &told.spot("wutong").path;
    for measure in ["overdue", "suspended", "returned", "filed"] {
        let counts = |one: &Told| match measure {
            "overdue" => one.is_overdue(period),
            "suspended" => one.is_due(period) && one.stands(),
            "returned" => one.is_due(period) && one.returns > 0,
            _ => (period.0..period.1).contains(&one.filed),
        };
        let expected: BTreeSet<&str> =
            told.reports_of(path).filter(|one| counts(one)).map(|one| one.code.as_str()).collect();
        let listed = items(
            browser,
            &format!("/api/v1/staff/statistics/reports/list?place=wutong&from=2026-11-01&measure={measure}"),
        )
        .await;
        let codes: BTreeSet<&str> = listed.iter().map(|one| one["code"].as_str().expect("a code")).collect();
        assert_eq!(codes, expected, "{measure} of wutong");
        assert_eq!(codes.len(), listed.len(), "each once");
    }
}

/// The page's table: a row for each community, and their sum.
async fn written(browser: &mut Browser, world: &World, told: &Recount) {
    let text = page(browser, "/staff/reports/statistics?place=lanxi&from=2026-11-01&by=community").await;
    let rows: Vec<Vec<String>> = table(&text, "table").into_iter().filter(|row| row.len() == 13).collect();
    let path = &told.spot("lanxi").path;
    let mut expected = parts(told, world.month, path, "community");
    assert_eq!(rows.len(), expected.len() + 1);
    let sum = rows.last().expect("a sum")[0].clone();
    expected.insert(sum, told.numbers(world.month, path));
    for row in &rows {
        let numbers = expected.get(&row[0]).unwrap_or_else(|| panic!("there is no {}", row[0]));
        let counts = ["due", "closed", "on-time", "suspended", "overdue"].map(|code| numbers.n(code).to_string());
        assert_eq!(row[1..6], counts, "{}", row[0]);
        let n = |code: &str| numbers.n(code);
        for (cell, share) in [
            (6, numbers.closing()),
            (7, numbers.on_time()),
            (8, (n("reworked"), n("closed"))),
            (9, (n("extended"), n("due"))),
            (10, (n("returned"), n("due"))),
            (12, (n("satisfied"), n("rated"))),
        ] {
            assert!(is_rate(&row[cell], share), "{} of {share:?}: {row:?}", row[cell]);
        }
    }
}

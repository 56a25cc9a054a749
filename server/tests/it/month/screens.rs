//! What the screens say, beside the recount.

use super::{
    recount::{Numbers, Recount, Told},
    world::World,
};
use crate::support::{Browser, TestApp};
use axum::http::StatusCode;
use serde_json::Value;
use std::collections::BTreeMap;

/// The district's supervisor.
const DISTRICT: &str = "19900000052";

/// Compares all of it.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let mut browser = test.signed_in(DISTRICT).await;
    statistics(&mut browser, world, told).await;
}

/// What the API answers.
pub async fn json(browser: &mut Browser, address: &str) -> Value {
    let answer = browser.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    serde_json::from_slice(&answer.body).expect("JSON")
}

fn numbers(said: &Value) -> Numbers {
    let counts = said["counts"].as_object().expect("counts");
    let known = [
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
    assert_eq!(counts.len(), known.len(), "{counts:?}");
    Numbers {
        counts: known.iter().map(|code| (*code, counts[*code].as_i64().expect("a count"))).collect(),
        median: said["median_hours"].as_f64(),
    }
}

/// The figures by place, kind and channel.
async fn statistics(browser: &mut Browser, world: &World, told: &Recount) {
    for (by, part_of) in [
        ("category", (|told: &Told| told.category.clone()) as fn(&Told) -> String),
        ("channel", |told: &Told| told.channel.clone()),
    ] {
        let said =
            json(browser, &format!("/api/v1/staff/statistics/reports?place=lanxi&from=2026-11-01&by={by}")).await;
        assert_eq!(numbers(&said["all"]), told.numbers(world.month, |_| true), "the district");
        let mut expected: BTreeMap<String, Numbers> = BTreeMap::new();
        for part in told.reports.iter().map(part_of) {
            expected.entry(part.clone()).or_insert_with(|| told.numbers(world.month, |told| part_of(told) == part));
        }
        for part in said["parts"].as_array().expect("parts") {
            let key = part["key"].as_str().expect("a key");
            let expected =
                expected.get(key).unwrap_or_else(|| panic!("{by}: nothing of {key:?} among {:?}", expected.keys()));
            assert_eq!(numbers(part), *expected, "{by} {key}");
        }
    }
    for (code, path) in &world.communities {
        let said = json(browser, &format!("/api/v1/staff/statistics/reports?place={code}&from=2026-11-01")).await;
        let expected = told.numbers(world.month, |told| told.path.starts_with(path));
        assert_eq!(numbers(&said["all"]), expected, "{code}");
    }
}

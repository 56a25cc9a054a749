//! What is unusual, by the rule that `app::net::unusual` documents, written once more over the times of filing.

use super::{DISTRICT, json};
use crate::{
    month::{
        numbers::whole,
        recount::{Recount, Told},
        world::World,
    },
    support::{Browser, TestApp},
};
use std::collections::BTreeMap;

/// Weeks before the seven days that end today.
const WEEKS: usize = 12;
/// Reports that the list behind one shows.
const LISTED: usize = 500;
/// So many of a street or the district are opened; of a community one.
const OPENED: usize = 8;

/// Something unusual: count, median and most of the weeks before.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Odd {
    count: i64,
    usual: f64,
    most: i64,
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
}

/// At least five; more than the median and three times the spread; at least half as much again.
fn judged(count: i64, before: &[i64]) -> Option<Odd> {
    if before.len() < 8 || count < 5 {
        return None;
    }
    let weeks: Vec<f64> = before.iter().map(|week| *week as f64).collect();
    let usual = middle(weeks.clone());
    let distance = middle(weeks.iter().map(|week| (week - usual).abs()).collect());
    let spread = usual.max(1.0).sqrt().max(1.4826 * distance);
    let far = count as f64 > usual + 3.0 * spread && count as f64 >= 1.5 * usual;
    far.then(|| Odd { count, usual, most: *before.iter().max().expect("weeks") })
}

/// What is unusual under a path, by kind and code.
fn odds(told: &Recount, path: &str, now: i64) -> BTreeMap<(String, String), Odd> {
    let mut weeks: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    let mut totals = [0_i64; WEEKS + 1];
    for one in told.reports_of(path) {
        let week = one.week(now);
        if week > WEEKS {
            continue;
        }
        totals[week] += 1;
        for key in [("grid", &one.grid), ("category", &one.category)] {
            let of = weeks.entry((key.0.to_owned(), key.1.clone())).or_insert_with(|| vec![0; WEEKS + 1]);
            of[week] += 1;
        }
    }
    // Weeks in which there was nothing yet are no pattern.
    let history = (1..=WEEKS).rev().find(|week| totals[*week] > 0).unwrap_or(0);
    weeks.into_iter().filter_map(|(key, weeks)| Some((key, judged(weeks[0], &weeks[1..=history])?))).collect()
}

/// Compares the district, both streets and every community.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let mut browser = test.signed_in(DISTRICT).await;
    let mut found = 0;
    for spot in &told.spots {
        if !matches!(spot.kind.as_str(), "district" | "subdistrict" | "community") {
            continue;
        }
        let expected = odds(told, &spot.path, world.now);
        let said = json(&mut browser, &format!("/api/v1/staff/net/{}/unusual", spot.code)).await;
        let said = said.as_array().expect("a list");
        let listed: BTreeMap<(String, String), Odd> = said
            .iter()
            .map(|odd| {
                let text = |name: &str| odd[name].as_str().expect("a text").to_owned();
                let count = |name: &str| odd[name].as_i64().expect("a count");
                let usual = odd["usual"].as_f64().expect("a number");
                ((text("kind"), text("code")), Odd { count: count("count"), usual, most: count("most") })
            })
            .collect();
        assert_eq!(listed, expected, "unusual in {}", spot.code);
        assert_eq!(listed.len(), said.len(), "each once");
        // What is furthest above its pattern comes first.
        let above: Vec<f64> =
            said.iter().filter_map(|odd| Some(odd["count"].as_f64()? - odd["usual"].as_f64()?)).collect();
        assert!(above.is_sorted_by(|one, next| one >= next), "{above:?}");
        let wide = spot.kind != "community";
        if wide {
            let home = json(&mut browser, &format!("/api/v1/staff/net/{}", spot.code)).await;
            assert_eq!(home["unusual"].as_u64(), u64::try_from(expected.len()).ok());
        }
        for (kind, code) in expected.keys().take(if wide { OPENED } else { 1 }) {
            behind(&mut browser, told, world, (&spot.code, &spot.path), (kind, code)).await;
        }
        found += expected.len();
    }
    // The storm that the generator has.
    let grid = told.reports.iter().filter(|one| one.week(world.now) == 0);
    let mut most: BTreeMap<&str, usize> = BTreeMap::new();
    grid.for_each(|one| *most.entry(one.grid.as_str()).or_default() += 1);
    let storm = most.iter().max_by_key(|(_, count)| **count).map(|(grid, _)| (*grid).to_owned()).expect("a grid");
    let whole = odds(told, "", world.now);
    assert!(found > 0 && whole.contains_key(&("grid".to_owned(), storm)), "{whole:?}");
}

/// The reports behind it: how many, and the newest of them.
async fn behind(
    browser: &mut Browser,
    told: &Recount,
    world: &World,
    (place, path): (&str, &str),
    (kind, code): (&str, &str),
) {
    let of = |one: &&Told| one.week(world.now) == 0 && (if kind == "grid" { &one.grid } else { &one.category }) == code;
    let mut expected: Vec<(i64, &str)> =
        told.reports_of(path).filter(of).map(|one| (one.filed, one.code.as_str())).collect();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    let address = format!("/api/v1/staff/net/{place}/unusual/reports?kind={kind}&of={code}");
    let said = json(browser, &address).await;
    assert_eq!(said["count"].as_i64(), Some(whole(expected.len())), "{address}");
    let codes: Vec<&str> =
        said["reports"].as_array().expect("reports").iter().map(|one| one["code"].as_str().expect("a code")).collect();
    let newest: Vec<&str> = expected.iter().take(LISTED).map(|(_, code)| *code).collect();
    assert_eq!(codes, newest, "{address}");
}

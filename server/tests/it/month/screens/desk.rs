//! `/staff/reports`: how much there is under each chip, and the queue in its order.

use super::{DISTRICT, STAFF, STREET, json, numbers_of, page};
use crate::{
    month::{
        numbers::whole,
        recount::{Recount, Told},
        world::World,
    },
    support::{Browser, TestApp},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Open reports are counted up to so many; beyond, the chips say "at least".
const MOST_COUNTED: usize = 2_000;
/// What stands for no deadline at all.
const NEVER: i64 = i64::MAX;

/// What is open under a path in the order of the desk.
fn queue<'a>(told: &'a Recount, path: &'a str) -> Vec<&'a Told> {
    let mut open: Vec<&Told> = told.reports_of(path).filter(|one| one.is_open()).collect();
    open.sort_by_key(|one| (one.urgent.unwrap_or(NEVER), one.code.clone()));
    open
}

/// What waits: first and second extensions, what was returned. Counted over all that is open.
fn waiting(open: &[&Told]) -> [(&'static str, i64); 3] {
    let count = |which: &dyn Fn(&Told) -> bool| whole(open.iter().filter(|one| which(one)).count().min(MOST_COUNTED));
    [
        ("extension-1", count(&|one| one.waits == Some(1))),
        ("extension-2", count(&|one| one.waits == Some(2))),
        ("returned", count(&|one| one.is_returned())),
    ]
}

/// The chips' numbers over the most urgent ones, and whether there are more.
fn chips(open: &[&Told], now: i64) -> (BTreeMap<String, i64>, bool) {
    let counted = &open[..open.len().min(MOST_COUNTED + 1)];
    let count =
        |which: &dyn Fn(&Told) -> bool| whole(counted.iter().filter(|one| which(one)).count().min(MOST_COUNTED));
    let mut all = BTreeMap::from([
        ("open".to_owned(), count(&|_| true)),
        ("late".to_owned(), count(&|one| one.is_late(now))),
        ("today".to_owned(), count(&|one| one.is_of_today(now))),
        ("unassigned".to_owned(), count(&|one| one.owner.is_none())),
        // Nobody who looks here has handled any.
        ("verify".to_owned(), count(&|one| one.state == "handled")),
    ]);
    for one in counted {
        *all.entry(one.state.clone()).or_default() += 1;
    }
    (all, open.len() > MOST_COUNTED)
}

/// Compares what the district, a street and a community see.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    for (phone, code, supervises) in [(DISTRICT, "lanxi", true), (STREET, "tongyin", true), (STAFF, "wutong", false)] {
        let mut browser = test.signed_in(phone).await;
        let path = &told.spot(code).path;
        let open = queue(told, path);
        counted(&mut browser, world, &open).await;
        shown(&mut browser, world, (&open, supervises), "").await;
        if phone == DISTRICT {
            for place in ["yundu", "wutong"] {
                let open = queue(told, &told.spot(place).path);
                shown(&mut browser, world, (&open, supervises), place).await;
            }
        }
        listed(&mut browser, world, &open).await;
    }
}

/// What the API counts.
async fn counted(browser: &mut Browser, world: &World, open: &[&Told]) {
    let said = json(browser, "/api/v1/staff/reports/counts").await;
    let (chips, more) = chips(open, world.now);
    assert_eq!(said["at_least"].as_bool(), Some(more));
    let states = said["states"].as_array().expect("states");
    for state in states {
        let code = state["state"].as_str().expect("a state");
        assert_eq!(state["all"].as_i64(), chips.get(code).copied(), "{code}: {said}");
    }
    let sum = |name: &str| {
        let all: i64 = states.iter().map(|state| state[name].as_i64().expect("a count")).sum();
        all.min(whole(MOST_COUNTED))
    };
    for (name, chip) in
        [("all", "open"), ("late", "late"), ("today", "today"), ("unassigned", "unassigned"), ("verify", "verify")]
    {
        assert_eq!(Some(sum(name)), chips.get(chip).copied(), "{name}: {said}");
    }
    let [first, second, returned] = waiting(open).map(|(_, count)| count);
    for (name, count) in [("extensions", first), ("extensions_above", second), ("returned", returned), ("ordered", 0)] {
        assert_eq!(said[name].as_i64(), Some(count), "{name}: {said}");
    }
}

/// What the chips of the page say, on each of the lists.
async fn shown(browser: &mut Browser, world: &World, (open, supervises): (&[&Told], bool), place: &str) {
    let (expected, more) = chips(open, world.now);
    let waiting = waiting(open);
    let every = ["late", "returned", "today", "open", "unassigned", "extension-1", "extension-2", "disputed"];
    let (pages, within) = if place.is_empty() { (8, String::new()) } else { (2, format!("&place={place}")) };
    for state in every.into_iter().take(pages) {
        let text = page(browser, &format!("/staff/reports?state={state}{within}")).await;
        let said = numbers_of(&text, "/staff/reports", "state");
        for (code, count) in &expected {
            assert_eq!(said.get(code), Some(&(*count, more)), "{code} on {state} of {place:?}");
        }
        for (code, count) in waiting {
            let decides = (code == "extension-2") == supervises;
            let expected = (state == code || (decides && count > 0)).then_some((count, more));
            assert_eq!(said.get(code).copied(), expected, "{code} on {state} of {place:?}");
        }
    }
}

/// A state of the desk, and which reports it has at a moment.
type List = (&'static str, fn(&Told, i64) -> bool);

/// The first reports of some lists, in their order.
async fn listed(browser: &mut Browser, world: &World, open: &[&Told]) {
    let now = world.now;
    let lists: [List; 7] = [
        ("open", |_, _| true),
        ("late", |one, now| one.is_late(now)),
        ("today", |one, now| one.is_of_today(now)),
        ("unassigned", |one, _| one.owner.is_none()),
        ("extension-1", |one, _| one.waits == Some(1)),
        ("extension-2", |one, _| one.waits == Some(2)),
        ("returned", |one, _| one.is_returned()),
    ];
    for (state, counts) in lists {
        let expected: Vec<&str> =
            open.iter().filter(|one| counts(one, now)).take(100).map(|one| one.code.as_str()).collect();
        let said = json(browser, &format!("/api/v1/staff/reports?state={state}&limit=100")).await;
        let codes: Vec<&str> = said["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|one: &Value| one["code"].as_str().expect("a code"))
            .collect();
        assert_eq!(codes, expected, "{state}");
    }
}

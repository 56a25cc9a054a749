//! `/staff/net`: what each level sees of its subtree now, and what waits for the reader.

use super::{DISTRICT, STAFF, STREET, is_rate, is_share, json, matters, page, supervision, table};
use crate::{
    month::{
        numbers::{Numbers, whole},
        recount::{Recount, Spot, Told},
        world::World,
    },
    support::{Browser, TestApp},
};
use serde_json::Value;

/// Counting of what waits ends here.
const MOST_COUNTED: i64 = 2_000;

/// What is known of a place.
struct Now {
    open: i64,
    today: i64,
    overdue: i64,
    households: i64,
    month: Numbers,
}

fn now_of(told: &Recount, world: &World, path: &str) -> Now {
    let count = |which: &dyn Fn(&Told) -> bool| whole(told.reports_of(path).filter(|one| which(one)).count());
    Now {
        open: count(&|one| one.is_open()),
        today: count(&|one| one.is_of_today(world.now)),
        overdue: count(&|one| one.is_late(world.now)),
        households: told.households(path),
        month: told.numbers(world.month, path),
    }
}

fn same(what: &str, said: &Value, expected: &Now) {
    let month = &expected.month;
    for (name, count) in [
        ("open", expected.open),
        ("today", expected.today),
        ("overdue", expected.overdue),
        ("households", expected.households),
        ("filed", month.n("filed")),
        ("due", month.n("due")),
        ("closed", month.n("closed")),
        ("on_time", month.n("on-time")),
        ("suspended", month.n("suspended")),
    ] {
        assert_eq!(said[name].as_i64(), Some(count), "{name} of {what}: {said}");
    }
    assert!(is_share(&said["closing_rate"], month.closing()), "{what}: {said}");
    assert!(is_share(&said["on_time_rate"], month.on_time()), "{what}: {said}");
    // Tenths of reports for a thousand households, halves up.
    let homes = expected.households;
    let tenths = (homes > 0).then(|| (month.n("filed") * 10_000 * 2 + homes) / (2 * homes));
    assert_eq!(said["per_thousand_households_tenths"].as_i64(), tenths, "{what}: {said}");
}

/// Letters and matters as their events tell them.
type Beside<'a> = (&'a [supervision::Told], &'a [matters::Told]);

/// What waits for somebody who is a supervisor, or the community's staff, and acts in matters for the very place or not.
fn waits(
    told: &Recount,
    (letters, matters): Beside<'_>,
    spot: &Spot,
    (supervises, acts): (bool, bool),
) -> Vec<(String, i64)> {
    let path = spot.path.as_str();
    let count = |which: &dyn Fn(&Told) -> bool| {
        whole(told.reports_of(path).filter(|one| one.is_open() && which(one)).count()).min(MOST_COUNTED)
    };
    let mut all = Vec::new();
    if supervises {
        all.push(("extension_above", count(&|one| one.waits == Some(2))));
        all.push(("disputed", count(&|one| one.state == "disputed")));
        let answered = |letter: &&supervision::Told| letter.state == "answered" && letter.issuer == path;
        all.push(("supervision", whole(letters.iter().filter(answered).count())));
    } else {
        all.push(("extension", count(&|one| one.waits == Some(1))));
        all.push(("returned", count(&|one| one.is_returned())));
    }
    if acts {
        all.push(("matters", whole(matters.iter().filter(|matter| matter.waits_for(path)).count())));
    }
    all.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect()
}

/// What is counted again here; what waits in other rooms is compared with their lists in `net/waiting.rs`.
const COUNTED: [&str; 6] = ["extension", "returned", "extension_above", "disputed", "supervision", "matters"];

fn said_waits(said: &Value) -> Vec<(String, i64)> {
    let one = |one: &Value| (one["kind"].as_str().expect("a kind").to_owned(), one["count"].as_i64().expect("a count"));
    let all = said["waiting"].as_array().expect("what waits").iter().map(one);
    all.filter(|(kind, _)| COUNTED.contains(&kind.as_str())).collect()
}

/// Compares the district, both streets and every community.
pub async fn compare(test: &TestApp, world: &World, told: &Recount, beside: Beside<'_>) {
    let mut district = test.signed_in(DISTRICT).await;
    let homes: Vec<&Spot> = told
        .spots
        .iter()
        .filter(|spot| matches!(spot.kind.as_str(), "district" | "subdistrict" | "community"))
        .collect();
    assert_eq!(homes.len(), 33);
    for spot in &homes {
        let said = json(&mut district, &format!("/api/v1/staff/net/{}", spot.code)).await;
        same(&spot.code, &said["sum"], &now_of(told, world, &spot.path));
        let children = told.parts_of(spot);
        let parts = said["parts"].as_array().expect("parts");
        assert_eq!(parts.len(), children.len(), "parts of {}", spot.code);
        for child in children {
            let part = parts.iter().find(|part| part["code"] == child.code.as_str());
            let part = part.unwrap_or_else(|| panic!("{} of {}: {said}", child.code, spot.code));
            same(&format!("{} of {}", child.code, spot.code), part, &now_of(told, world, &child.path));
        }
        let expected = waits(told, beside, spot, (true, spot.kind == "district"));
        assert_eq!(said_waits(&said), expected, "what waits for the district in {}", spot.code);
    }
    for (phone, code, supervises) in [(DISTRICT, "lanxi", true), (STREET, "tongyin", true), (STAFF, "wutong", false)] {
        let mut browser = test.signed_in(phone).await;
        // Without a code it is one's own.
        let said = json(&mut browser, "/api/v1/staff/net").await;
        assert_eq!(said["code"], code);
        let spot = told.spot(code);
        assert_eq!(said_waits(&said), waits(told, beside, spot, (supervises, true)), "what waits in {code}");
        same(code, &said["sum"], &now_of(told, world, &spot.path));
        written(&mut browser, world, told, spot).await;
    }
}

/// The page's table: a row for each part, and their sum.
async fn written(browser: &mut Browser, world: &World, told: &Recount, spot: &Spot) {
    let text = page(browser, &format!("/staff/net/{}", spot.code)).await;
    let rows = table(&text, ".net-beside table");
    let parts = told.parts_of(spot);
    assert_eq!(rows.len(), parts.len() + 1, "{}: {rows:?}", spot.code);
    let (sum, rows) = rows.split_last().expect("a sum");
    line(sum, &now_of(told, world, &spot.path));
    for part in parts {
        // A number on the plan may stand before the name.
        let is_it = |row: &&Vec<String>| row[0] == part.name || row[0].ends_with(&format!(" {}", part.name));
        let row = rows.iter().find(is_it).unwrap_or_else(|| panic!("{} in {rows:?}", part.name));
        line(row, &now_of(told, world, &part.path));
    }
}

fn line(row: &[String], expected: &Now) {
    let counts = [expected.open, expected.today, expected.overdue].map(|count| count.to_string());
    assert_eq!(row[1..4], counts, "{row:?}");
    assert!(is_rate(&row[4], expected.month.closing()), "{row:?}: {:?}", expected.month.closing());
    assert!(is_rate(&row[5], expected.month.on_time()), "{row:?}: {:?}", expected.month.on_time());
}

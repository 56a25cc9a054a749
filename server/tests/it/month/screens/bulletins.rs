//! Bulletins of weeks and months that are over: every number, part, comparison, hard case and improvement.

use super::{DISTRICT, is_rate, made, page, table};
use crate::{
    month::{
        calendar::{DAY, date, day, start},
        numbers::{Numbers, Period, whole},
        recount::{Recount, Spot, Told},
        world::World,
    },
    support::{Browser, TestApp},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Hard cases that are listed.
const LISTED: usize = 10;
/// What got better: so many places, and so many kinds.
const NAMED: usize = 3;

/// Organisation, code of the period, its days, and those of the one before.
const ASKED: [(&str, &str, [&str; 4]); 5] = [
    ("lanxi", "2026-W47", ["2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15"]),
    ("lanxi", "2026-10", ["2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"]),
    ("tongyin", "2026-10", ["2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"]),
    ("yundu", "2026-W46", ["2026-11-09", "2026-11-15", "2026-11-02", "2026-11-08"]),
    ("wutong", "2026-W47", ["2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15"]),
];

/// Compares them.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let mut browser = test.signed_in(DISTRICT).await;
    for (code, period, days) in ASKED {
        let asked = json!({ "organisation": code, "period": period });
        let bulletin = made(&mut browser, "/api/v1/staff/bulletins", &asked).await;
        let figures = &bulletin["figures"];
        let said = ["from", "to", "before_from", "before_to"].map(|name| figures[name].as_str().expect("a day"));
        assert_eq!(said, days, "{code} {period}");
        let span = |first: &str, last: &str| -> Period { (start(first), start(last) + DAY) };
        let spans = (span(days[0], days[1]), span(days[2], days[3]));
        let spot = told.spot(code);
        let what = format!("{code} {period}");
        let places = numbers(&what, figures, told, spot, spans);
        course(&what, figures, told, spot, spans.0);
        hard(&what, figures, told, spot, world.now);
        better(&what, figures, told, spans, spot, &places);
        written(&mut browser, &bulletin, told, spot, spans, &places).await;
    }
}

fn same(what: &str, said: &Value, expected: &Numbers) {
    for (name, code) in [
        ("filed", "filed"),
        ("due", "due"),
        ("closed", "closed"),
        ("on_time", "on-time"),
        ("suspended", "suspended"),
        ("overdue", "overdue"),
        ("reworked", "reworked"),
        ("extended", "extended"),
        ("returned", "returned"),
        ("rated", "rated"),
        ("satisfied", "satisfied"),
    ] {
        assert_eq!(said[name].as_i64(), Some(expected.n(code)), "{name} of {what}: {said}");
    }
    assert_eq!(said["median_hours"].as_f64(), expected.median, "median of {what}: {said}");
}

/// Figures by code, in the period and before.
type Pairs = BTreeMap<String, (Numbers, Numbers)>;

/// All together, by place and by kind. Gives those of the places.
fn numbers(what: &str, figures: &Value, told: &Recount, spot: &Spot, (now, before): (Period, Period)) -> Pairs {
    same(&format!("{what} now"), &figures["now"], &told.numbers(now, &spot.path));
    same(&format!("{what} before"), &figures["before"], &told.numbers(before, &spot.path));
    let places: Pairs = told
        .parts_of(spot)
        .into_iter()
        .map(|part| (part.code.clone(), (told.numbers(now, &part.path), told.numbers(before, &part.path))))
        .collect();
    for (name, expected) in [("parts", &places), ("categories", &kinds(told, spot, (now, before)))] {
        let parts = figures[name].as_array().expect("parts");
        assert_eq!(parts.len(), expected.len(), "{name} of {what}");
        for part in parts {
            let code = part["code"].as_str().expect("a code");
            let (now, before) = expected.get(code).unwrap_or_else(|| panic!("{code} among {name} of {what}"));
            same(&format!("{what} {code} now"), &part["now"], now);
            same(&format!("{what} {code} before"), &part["before"], before);
        }
    }
    places
}

/// Kinds for which anything counts in either period.
fn kinds(told: &Recount, spot: &Spot, (now, before): (Period, Period)) -> Pairs {
    let by = |period: Period| told.numbers_by(period, &spot.path, |one| one.category.clone());
    let (mut now, before) = (by(now), by(before));
    let mut all: Pairs = before
        .into_iter()
        .map(|(code, before)| {
            let now = now.remove(&code).unwrap_or_default();
            (code, (now, before))
        })
        .collect();
    all.extend(now.into_iter().map(|(code, now)| (code, (now, Numbers::default()))));
    all
}

/// Day by day: filed, and of these closed by now.
fn course(what: &str, figures: &Value, told: &Recount, spot: &Spot, (from, to): Period) {
    let mut filed: BTreeMap<i64, (i64, i64)> = (day(from)..day(to)).map(|day| (day, (0, 0))).collect();
    for one in told.reports_of(&spot.path) {
        if let Some(counts) = filed.get_mut(&day(one.filed)) {
            counts.0 += 1;
            counts.1 += i64::from(one.state == "closed");
        }
    }
    let expected: Vec<Value> = filed
        .into_values()
        .enumerate()
        .map(|(n, (filed, closed))| {
            let day = date(from + whole(n) * DAY);
            json!({ "from": day, "to": day, "filed": filed, "closed": closed })
        })
        .collect();
    assert_eq!(figures["course"], Value::from(expected), "{what}");
}

/// Why an open report is a hard case, and how many whole days it is over its time.
fn reasons(one: &Told, now: i64) -> (Vec<&'static str>, i64) {
    let over = one.deadline.filter(|_| !one.stands()).map_or(0, |deadline| (now - deadline).max(0));
    let why = [
        ("overdue", over > 7 * DAY),
        ("suspended", one.state == "suspended"),
        ("reworked", one.reworks >= 2),
        ("returned", one.returns >= 2),
    ];
    let why = why.into_iter().filter(|(_, holds)| one.is_open() && *holds).map(|(reason, _)| reason).collect();
    (why, over / DAY)
}

/// The hard cases: the most days over first, then the most reasons, then the oldest.
fn hard(what: &str, figures: &Value, told: &Recount, spot: &Spot, now: i64) {
    let mut cases: Vec<(&Told, Vec<&str>, i64)> = told
        .reports_of(&spot.path)
        .map(|one| {
            let (why, days) = reasons(one, now);
            (one, why, days)
        })
        .filter(|(_, why, _)| !why.is_empty())
        .collect();
    assert_eq!(figures["hard_count"].as_i64(), Some(whole(cases.len())), "{what}");
    cases.sort_by_key(|(one, why, days)| (-days, -whole(why.len()), one.filed, one.code.clone()));
    let expected: Vec<Value> = cases
        .into_iter()
        .take(LISTED)
        .map(|(one, why, days)| {
            let (community, grid, sort) = (told.spot(&one.community), told.spot(&one.grid), &told.sorts[&one.category]);
            // Within a community its name need not be said.
            let place = |community: &str, grid: &str| match spot.kind.as_str() {
                "community" => grid.to_owned(),
                _ => format!("{community} · {grid}"),
            };
            json!({
                "code": one.code,
                "category": sort.name,
                "category_en": sort.name_en,
                "place": place(&community.name, &grid.name),
                "place_en": place(community.english(), grid.english()),
                "reasons": why,
                "days_over": days,
                "filed": date(one.filed),
            })
        })
        .collect();
    assert_eq!(figures["hard"], Value::from(expected), "{what}");
}

/// The on-time rate in hundredths of a percent, rounded down, where at least ten were to be done.
fn rate(numbers: &Numbers) -> Option<i64> {
    let (on_time, running) = numbers.on_time();
    (running >= 10).then(|| on_time * 10_000 / running)
}

/// What got better by a percentage point or more: the largest rises of places, then those of kinds.
fn better(what: &str, figures: &Value, told: &Recount, spans: (Period, Period), spot: &Spot, places: &Pairs) {
    let rises = |pairs: &Pairs, kind: bool| {
        let mut rises: Vec<(i64, String, bool, i64, i64)> = pairs
            .iter()
            .filter_map(|(code, (now, before))| {
                let (now, before) = (rate(now)?, rate(before)?);
                (now >= before + 100).then(|| (before - now, code.clone(), kind, before, now))
            })
            .collect();
        rises.sort();
        rises.truncate(NAMED);
        rises
    };
    let expected: Vec<(String, bool, i64, i64)> = [rises(places, false), rises(&kinds(told, spot, spans), true)]
        .concat()
        .into_iter()
        .map(|(_, code, kind, before, now)| (code, kind, before, now))
        .collect();
    let said: Vec<(String, bool, i64, i64)> = figures["improved"]
        .as_array()
        .expect("what got better")
        .iter()
        .map(|one| {
            (
                one["code"].as_str().expect("a code").to_owned(),
                one["category"].as_bool().expect("yes or no"),
                one["before"].as_i64().expect("a rate"),
                one["now"].as_i64().expect("a rate"),
            )
        })
        .collect();
    assert_eq!(said, expected, "{what}");
}

/// The page's tables: all together with the period before, then each part and kind. And the text says the numbers.
async fn written(
    browser: &mut Browser,
    bulletin: &Value,
    told: &Recount,
    spot: &Spot,
    spans: (Period, Period),
    places: &Pairs,
) {
    let id = bulletin["id"].as_str().expect("an id");
    let text = page(browser, &format!("/staff/bulletins/{id}")).await;
    let rows = table(&text, ".bulletin-figures table");
    let (now, before) = (told.numbers(spans.0, &spot.path), told.numbers(spans.1, &spot.path));
    for (row, code) in rows.iter().zip(["filed", "due", "closed", "on-time", "suspended", "overdue"]) {
        let change = match now.n(code) - before.n(code) {
            0 => "0".to_owned(),
            more @ 1.. => format!("+{more}"),
            less => format!("−{}", -less),
        };
        assert_eq!(row[1..], [now.n(code).to_string(), before.n(code).to_string(), change], "{code}: {row:?}");
    }
    for (row, of) in rows[6..].iter().zip([Numbers::closing, Numbers::on_time]) {
        assert!(is_rate(&row[1], of(&now)) && is_rate(&row[2], of(&before)), "{row:?}");
    }
    let kinds = kinds(told, spot, spans);
    let named = places
        .iter()
        .map(|(code, pair)| (&told.spot(code).name, pair))
        .chain(kinds.iter().map(|(code, pair)| (&told.sorts[code].name, pair)));
    for (name, (now, _)) in named {
        let row =
            rows.iter().find(|row| row.len() == 8 && row[0] == *name).unwrap_or_else(|| panic!("{name}: {rows:?}"));
        assert_eq!(row[1..5], ["filed", "due", "closed", "overdue"].map(|code| now.n(code).to_string()), "{row:?}");
        assert!(is_rate(&row[5], now.closing()) && is_rate(&row[6], now.on_time()), "{row:?}");
    }
    let body = bulletin["body"].as_str().expect("a text");
    for code in ["due", "closed", "overdue"] {
        assert!(now.n("due") == 0 || body.contains(&now.n(code).to_string()), "{code}: {body}");
    }
}

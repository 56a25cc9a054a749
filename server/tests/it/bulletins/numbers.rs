//! Every number of a bulletin is what the raw events give.

use super::{STREET, made};
use crate::{
    net::raw::{DAY, Sums, Told, count, generate, midnight, told, under},
    reports::STAFF,
    support::on_both,
};
use serde_json::Value;

/// Compares what a bulletin says with what was counted by hand.
fn same(what: &str, said: &Value, sums: &Sums) {
    for (name, expected) in [
        ("filed", sums.filed),
        ("due", sums.due),
        ("closed", sums.closed),
        ("on_time", sums.on_time),
        ("suspended", sums.suspended),
        ("overdue", sums.overdue),
        ("reworked", sums.reworked),
        ("extended", sums.extended),
        ("returned", sums.returned),
        ("rated", sums.rated),
        ("satisfied", sums.satisfied),
    ] {
        assert_eq!(said[name].as_i64(), Some(expected), "{name} of {what}: {said}");
    }
    assert_eq!(said["median_hours"].as_f64(), sums.median, "median of {what}");
}

/// Why a report is a hard case, by hand.
fn reasons(one: &Told, now: i64) -> Vec<&'static str> {
    let mut why = Vec::new();
    if ["closed", "rejected", "withdrawn", "merged"].contains(&one.state.as_str()) {
        return why;
    }
    let standing = ["suspended", "asked"].contains(&one.state.as_str());
    if !standing && one.deadline.is_some_and(|deadline| now - deadline > 7 * DAY) {
        why.push("overdue");
    }
    if one.state == "suspended" {
        why.push("suspended");
    }
    if one.reworks > 1 {
        why.push("reworked");
    }
    if one.returns > 1 {
        why.push("returned");
    }
    why
}

fn check(what: &str, figures: &Value, here: &[&Told], now: i64) {
    let day = |name: &str| midnight(figures[name].as_str().expect("a day"));
    let spans = [("now", day("from"), day("to") + DAY), ("before", day("before_from"), day("before_to") + DAY)];
    for (name, from, to) in spans {
        same(&format!("{what} {name}"), &figures[name], &count(here.iter().copied(), from, to, now));
        for part in figures["parts"].as_array().expect("parts") {
            let code = part["code"].as_str().expect("a code");
            let theirs = here.iter().copied().filter(|one| match code {
                "" => one.grid.is_empty(),
                code if code.contains("-g") => one.grid == code,
                code => one.path.split('/').any(|step| step == code),
            });
            same(&format!("{what} {name} {code}"), &part[name], &count(theirs, from, to, now));
        }
        for part in figures["categories"].as_array().expect("categories") {
            let code = part["code"].as_str().expect("a code");
            let theirs = here.iter().copied().filter(|one| one.category == code);
            same(&format!("{what} {name} {code}"), &part[name], &count(theirs, from, to, now));
        }
    }
    let filed: i64 =
        figures["course"].as_array().expect("a course").iter().map(|s| s["filed"].as_i64().unwrap_or(0)).sum();
    assert_eq!(Some(filed), figures["now"]["filed"].as_i64(), "{what}: the course is whole");
    let hard: Vec<&&Told> = here.iter().filter(|one| !reasons(one, now).is_empty()).collect();
    assert_eq!(figures["hard_count"].as_u64(), Some(hard.len() as u64), "{what}");
    let listed = figures["hard"].as_array().expect("cases");
    assert_eq!(listed.len(), hard.len().min(10), "{what}");
    let mut last = i64::MAX;
    for case in listed {
        let one = hard.iter().find(|one| Some(one.code.as_str()) == case["code"].as_str()).expect("a hard one");
        assert_eq!(case["reasons"], serde_json::json!(reasons(one, now)), "{what}: {case}");
        let over = case["days_over"].as_i64().expect("days");
        assert!(over <= last, "{what}: the hardest first");
        last = over;
    }
    for better in figures["improved"].as_array().expect("what got better") {
        let kind = if better["category"] == true { "categories" } else { "parts" };
        let part = figures[kind].as_array().expect("parts").iter().find(|part| part["code"] == better["code"]);
        let part = part.expect("a part");
        for name in ["now", "before"] {
            let number = |field: &str| part[name][field].as_i64().expect("a number");
            let running = number("due") - number("suspended");
            assert!(running >= 10, "{what}: {part}");
            assert_eq!(better[name].as_i64(), Some(number("on_time") * 10_000 / running), "{what}: {part}");
        }
        assert!(better["now"].as_i64() >= better["before"].as_i64().map(|before| before + 100), "{what}: {better}");
    }
}

#[tokio::test]
async fn weeks_and_months_of_three_levels_are_what_the_events_give() {
    on_both(|test| async move {
        generate(&test, 300).await;
        server::reports::statistics::counted::count(&test.app, 170).await.expect("counted");
        let now = test.app.clock.now().as_microsecond();
        let all = told(&test).await;
        for (phone, code) in [(STAFF, "wutong"), (STREET, "tongyin"), ("19900000052", "lanxi")] {
            let mut writer = test.signed_in(phone).await;
            for period in ["2026-W47", "2026-W44", "2026-10"] {
                let bulletin = made(&mut writer, code, period).await;
                check(&format!("{code} {period}"), &bulletin["figures"], &under(&test, &all, code), now);
                // The text says the numbers, and the page shows them.
                let figures = &bulletin["figures"]["now"];
                let body = bulletin["body"].as_str().expect("a text");
                for name in ["filed", "due", "closed"] {
                    let number = figures[name].to_string();
                    assert!(figures["due"] == 0 || body.contains(&number), "{name} {number}: {body}");
                }
                let page = writer.get(&format!("/staff/bulletins/{}", bulletin["id"].as_str().expect("an id"))).await;
                let html = scraper::Html::parse_document(&page.text());
                let cell = scraper::Selector::parse(".bulletin-figures table tbody td").expect("valid");
                let first: String = html.select(&cell).next().expect("a number").text().collect();
                assert_eq!(first, figures["filed"].to_string(), "what was filed comes first");
            }
        }
    })
    .await;
}

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

/// The bars of a chart: each name with its numbers and with the widths of its bars.
type Bars = Vec<(String, Vec<i64>, Vec<i64>)>;

/// What a page draws: the course as heights and the number that the tallest stands for, and each chart of bars by its caption.
fn drawn(page: &str) -> (Vec<i64>, String, Vec<(String, Bars)>) {
    let html = scraper::Html::parse_document(page);
    let select = |selector: &str| scraper::Selector::parse(selector).expect("a selector");
    let words = |element: scraper::ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
    let whole = |text: &str| text.parse::<i64>().expect("a whole number");
    let heights = html
        .select(&select(".bulletin-figures .chart .chart-columns rect"))
        .map(|bar| whole(bar.attr("height").expect("a height")))
        .collect();
    let most = html.select(&select(".bulletin-figures .chart .chart-most")).next().map(words).unwrap_or_default();
    let (row, name, line) = (select(".chart-row"), select(".chart-name"), select(".chart-line"));
    let (number, bar, caption) = (select(".num"), select("rect"), select("figcaption"));
    let mut charts = Vec::new();
    for figure in html.select(&select(".bulletin-figures figure")) {
        let mut bars = Bars::new();
        for row in figure.select(&row) {
            let (mut numbers, mut widths) = (Vec::new(), Vec::new());
            for line in row.select(&line) {
                numbers.push(whole(&words(line.select(&number).next().expect("a number"))));
                widths.push(whole(line.select(&bar).next().and_then(|bar| bar.attr("width")).expect("a bar")));
            }
            bars.push((words(row.select(&name).next().expect("a name")), numbers, widths));
        }
        if !bars.is_empty() {
            charts.push((words(figure.select(&caption).next().expect("a caption")), bars));
        }
    }
    (heights, most, charts)
}

/// The bars of places or categories with anything due: what was due and what of it was closed, the longest a thousand wide.
fn bars_of(parts: &Value) -> Bars {
    fn number(part: &Value, name: &str) -> i64 {
        part["now"][name].as_i64().expect("a number")
    }
    let parts = parts.as_array().expect("parts").iter().filter(|part| number(part, "due") > 0);
    let mut bars: Bars = parts
        .map(|part| {
            let name = part["name"].as_str().expect("a name").to_owned();
            (name, vec![number(part, "due"), number(part, "closed")], Vec::new())
        })
        .collect();
    let most = bars.iter().flat_map(|(_, numbers, _)| numbers.iter().copied()).max().unwrap_or(1);
    for (_, numbers, widths) in &mut bars {
        widths.extend(numbers.iter().map(|number| number * 1000 / most));
    }
    bars
}

#[tokio::test]
async fn the_charts_are_drawn_from_the_figures() {
    on_both(|test| async move {
        generate(&test, 300).await;
        let mut street = test.signed_in(STREET).await;
        for (code, period) in [("tongyin", "2026-10"), ("tongyin", "2026-W47")] {
            let bulletin = made(&mut street, code, period).await;
            let (id, figures) = (bulletin["id"].as_str().expect("an id"), &bulletin["figures"]);
            let places = bars_of(&figures["parts"]);
            let categories = bars_of(&figures["categories"]);
            assert!(!places.is_empty() && !categories.is_empty(), "{period}: something was due: {figures}");
            let course: Vec<i64> = figures["course"]
                .as_array()
                .expect("a course")
                .iter()
                .flat_map(|stretch| ["filed", "closed"].map(|name| stretch[name].as_i64().expect("a number")))
                .collect();
            let most = course.iter().copied().max().expect("a stretch");
            assert!(most > 0, "{period}: something was filed");
            let expected = vec![("各处应结案和结案".to_owned(), places), ("各类别应结案和结案".to_owned(), categories)];

            let mut pages = vec![street.get(&format!("/staff/bulletins/{id}")).await];
            let out = street.post(&format!("/staff/bulletins/{id}/publish"), &[("version", "1")]).await;
            assert_eq!(out.status, 303, "{}", out.text());
            test.run_jobs().await;
            pages.push(test.visitor().get(&format!("/bulletins/{id}")).await);
            for page in pages {
                assert_eq!(page.status, 200);
                let (heights, tallest, charts) = drawn(&page.text());
                assert_eq!(charts, expected, "{period}");
                let tall: Vec<i64> = course.iter().map(|number| number * 120 / most).collect();
                assert_eq!((heights, tallest), (tall, most.to_string()), "{period}");
            }
        }
    })
    .await;
}

//! An organisation's home: every number on it is what the raw events give.

use super::raw::{Sums, count, generate, midnight, now_open, told, under};
use crate::{
    reports::{STAFF, STAFF_ELSEWHERE},
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::Value;

/// The street of 梧桐.
const STREET: &str = "19900000051";
/// The district.
const DISTRICT: &str = "19900000052";

/// Compares what the API says of a place, or a part of one, with the events.
fn same(what: &str, said: &Value, (open, today, overdue): (i64, i64, i64), month: &Sums, households: i64) {
    for (name, expected) in [
        ("open", open),
        ("today", today),
        ("overdue", overdue),
        ("filed", month.filed),
        ("due", month.due),
        ("closed", month.closed),
        ("on_time", month.on_time),
        ("suspended", month.suspended),
        ("households", households),
    ] {
        assert_eq!(said[name].as_i64(), Some(expected), "{name} of {what}: {said}");
    }
    let rate = (month.due > 0).then(|| month.closed as f64 / month.due as f64);
    let close = |said: &Value, rate: Option<f64>| match (said.as_f64(), rate) {
        (Some(said), Some(rate)) => (said - rate).abs() < 1e-12,
        (said, rate) => said == rate,
    };
    assert!(close(&said["closing_rate"], rate), "{what}: {said}");
    let running = month.due - month.suspended;
    let rate = (running > 0).then(|| month.on_time as f64 / running as f64);
    assert!(close(&said["on_time_rate"], rate), "{what}: {said}");
}

async fn households(test: &TestApp, code: &str) -> i64 {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(households), 0) AS BIGINT) FROM organisation WHERE path LIKE $1 || '%' AND kind = 'building'",
    )
    .bind(&test.loaded.organisations[code].1)
    .fetch_one(test.app.db.read())
    .await
    .expect("a sum");
    sum
}

/// Everything that the homes of three levels say, against the events.
async fn compare(test: &TestApp, what: &str) {
    let now = test.app.clock.now().as_microsecond();
    let today = app::time::day_of(test.app.clock.now());
    let (from, to) =
        (midnight(&today.first_of_month().to_string()), midnight(&today.tomorrow().expect("a day").to_string()));
    let all = told(test).await;
    for (phone, code, children) in [
        (STAFF, "wutong", vec!["wutong-g1", "wutong-g2", "wutong-g3", "wutong-g4"]),
        (STREET, "tongyin", vec!["wutong", "xingwu", "cailing"]),
        (DISTRICT, "lanxi", vec!["tongyin", "yundu"]),
    ] {
        let mut browser = test.signed_in(phone).await;
        let answer = browser.get(&format!("/api/v1/staff/net/{code}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let said = answer.json();
        let here = under(test, &all, code);
        let month = count(here.iter().copied(), from, to, now);
        let of = format!("{what}: {code}");
        same(&of, &said["sum"], now_open(here.iter().copied(), now), &month, households(test, code).await);
        let parts = said["parts"].as_array().expect("parts");
        for child in children {
            let part = parts.iter().find(|part| part["code"] == child).unwrap_or_else(|| panic!("{child}: {said}"));
            let here = under(test, &all, child);
            let month = count(here.iter().copied(), from, to, now);
            let of = format!("{of} {child}");
            same(&of, part, now_open(here.iter().copied(), now), &month, households(test, child).await);
        }
        let parts_open: i64 = parts.iter().map(|part| part["open"].as_i64().expect("a number")).sum();
        assert_eq!(said["sum"]["open"].as_i64(), Some(parts_open), "{of}: nothing is lost");
    }
}

#[tokio::test]
async fn every_number_on_three_levels_is_what_the_events_give() {
    on_both(|test| async move {
        generate(&test, 300).await;
        compare(&test, "nothing counted").await;
        assert_eq!(server::reports::statistics::counted::count(&test.app, 140).await.expect("counted"), 140);
        compare(&test, "half of them counted").await;
        while server::reports::statistics::counted::count(&test.app, 500).await.expect("counted") > 0 {}
        compare(&test, "all counted").await;
        test.app.clock.advance(SignedDuration::from_hours(9));
        compare(&test, "nine hours later").await;
    })
    .await;
}

/// The cells of the table of parts, without the row of the sum: name, then the numbers.
fn rows(page: &str) -> Vec<Vec<String>> {
    let html = scraper::Html::parse_document(page);
    let row = scraper::Selector::parse(".net-beside tbody tr").expect("valid");
    let cell = scraper::Selector::parse("th, td").expect("valid");
    html.select(&row)
        .map(|row| row.select(&cell).map(|cell| cell.text().collect::<String>().trim().to_owned()).collect())
        .collect()
}

#[tokio::test]
async fn the_page_says_the_same_and_its_numbers_lead_to_their_lists() {
    on_both(|test| async move {
        generate(&test, 300).await;
        let mut street = test.signed_in(STREET).await;
        let said = street.get("/api/v1/staff/net/tongyin").await.json();
        for figure in ["open", "overdue", "closing", "on_time", "per_household", "nonsense"] {
            let page = street.get(&format!("/staff/net/tongyin?figure={figure}")).await;
            assert_eq!(page.status, StatusCode::OK);
            let text = page.text();
            assert!(text.contains("net-plan") && text.contains("net-legend"), "{text}");
            let rows = rows(&text);
            assert_eq!(rows.len(), 4, "three communities and their sum: {rows:?}");
            for (row, part) in rows.iter().zip(said["parts"].as_array().expect("parts")) {
                assert!(row[0].contains(part["name"].as_str().expect("a name")), "{row:?}");
                for (cell, name) in row[1..4].iter().zip(["open", "today", "overdue"]) {
                    assert_eq!(*cell, part[name].to_string(), "{name}: {row:?}");
                }
            }
        }
        // The desk shows as many as the card says, in this place and no other.
        for (state, name) in [("late", "overdue"), ("today", "today"), ("open", "open")] {
            for code in ["tongyin", "xingwu"] {
                let sum = match code {
                    "tongyin" => said["sum"][name].clone(),
                    _ => {
                        let parts = said["parts"].as_array().expect("parts");
                        parts.iter().find(|part| part["code"] == code).expect("a part")[name].clone()
                    }
                };
                let desk = street.get(&format!("/staff/reports?state={state}&place={code}")).await.text();
                let html = scraper::Html::parse_document(&desk);
                let chip = scraper::Selector::parse(".chip[aria-current] .num").expect("valid");
                let shown: String = html.select(&chip).next().expect("the chip of the filter").text().collect();
                assert_eq!(shown.trim(), sum.to_string(), "{state} {code}");
            }
        }
        // Somebody else's place, or none.
        assert!(street.get("/staff/reports?place=tinglan&state=open").await.text().contains('0'));
        assert_eq!(street.get("/staff/reports?place=nowhere").await.status, StatusCode::OK);
    })
    .await;
}

async fn status(browser: &mut Browser, path: &str) -> u16 {
    browser.get(path).await.status.as_u16()
}

#[tokio::test]
async fn each_level_sees_its_own_subtree() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(status(&mut staff, "/staff/net").await, 200);
        assert_eq!(status(&mut staff, "/staff/net/wutong").await, 200);
        for path in ["/staff/net/tongyin", "/staff/net/lanxi", "/staff/net/xingwu", "/api/v1/staff/net/xingwu/unusual"]
        {
            assert_eq!(status(&mut staff, path).await, 403, "{path}");
        }
        // A grid and a building have no home here, and neither has nothing.
        for path in ["/staff/net/wutong-g1", "/staff/net/wutong-1", "/staff/net/%00", "/staff/net/x'--"] {
            assert!(matches!(status(&mut staff, path).await, 400 | 404), "{path}");
        }
        let mut elsewhere = test.signed_in(STAFF_ELSEWHERE).await;
        assert_eq!(status(&mut elsewhere, "/staff/net/wutong").await, 403);
        let mut street = test.signed_in(STREET).await;
        let page = street.get("/staff/net/wutong").await.text();
        assert!(
            page.contains("/staff/net/tongyin") && !page.contains("href=\"/staff/net/lanxi\""),
            "up to where they may"
        );
        assert_eq!(status(&mut street, "/staff/net/tinglan").await, 403);
        let page = street.get("/staff/net").await.text();
        for room in [
            "/staff/grids",
            "/staff/supervision",
            "/staff/bulletins",
            "/staff/matters",
            "/staff/property",
            "/staff/handbook",
        ] {
            assert!(page.contains(&format!("href=\"{room}\"")), "{room}");
        }
        let mut district = test.signed_in(DISTRICT).await;
        for code in ["lanxi", "tongyin", "tinglan"] {
            assert_eq!(status(&mut district, &format!("/staff/net/{code}")).await, 200, "{code}");
        }
    })
    .await;
}

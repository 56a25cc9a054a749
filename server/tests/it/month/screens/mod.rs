//! What the screens say, beside the recount: a file for each room.

mod activities;
mod bulletins;
mod consultations;
mod desk;
mod grids;
mod hours;
mod intake;
mod matters;
mod meetings;
mod net;
mod partners;
mod patrol;
mod property;
mod statistics;
mod supervision;
mod unusual;

use super::{meetings::Cast, recount::Recount, world::World};
use crate::support::{Browser, TestApp};
use axum::http::{Method, StatusCode};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use std::collections::BTreeMap;

/// The district's supervisor.
const DISTRICT: &str = "19900000052";
/// The supervisor of 桐荫街道.
const STREET: &str = "19900000051";
/// Staff of 梧桐社区.
const STAFF: &str = "19900000031";

/// Staff of the two communities that have some, and the codes of these.
const STAFFED: [(&str, &str); 2] = [(STAFF, "wutong"), ("19900000033", "xingwu")];

/// Compares all of it.
pub async fn compare(test: &TestApp, world: &World, told: &Recount, cast: &[Cast]) {
    let letters = supervision::read(test).await;
    let matters = matters::read(test, told).await;
    statistics::compare(test, world, told).await;
    net::compare(test, world, told, (&letters, &matters)).await;
    unusual::compare(test, world, told).await;
    grids::compare(test, world, told).await;
    desk::compare(test, world, told).await;
    bulletins::compare(test, world, told).await;
    supervision::compare(test, world, told, &letters).await;
    matters::compare(test, world, told, &matters).await;
    property::compare(test, told, world.now).await;
    meetings::compare(test, world, told, cast).await;
    consultations::compare(test, world, told).await;
    partners::compare(test, world, told).await;
    hours::compare(test, world, told).await;
    activities::compare(test).await;
    patrol::compare(test, world, told).await;
    intake::compare(test, told).await;
}

/// What the API answers.
async fn json(browser: &mut Browser, address: &str) -> Value {
    let answer = browser.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    answer.json()
}

/// All items of a list of the API, page after page.
async fn items(browser: &mut Browser, address: &str) -> Vec<Value> {
    let join = if address.contains('?') { '&' } else { '?' };
    let mut next = Some(format!("{address}{join}limit=100"));
    let mut all = Vec::new();
    while let Some(address) = next {
        let page = json(browser, &address).await;
        all.extend(page["items"].as_array().expect("items").iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

/// What the API answers to JSON that makes something.
async fn made(browser: &mut Browser, address: &str, body: &Value) -> Value {
    let answer = browser.send(Method::POST, address, Some("application/json"), body.to_string().into_bytes()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{address} {body}: {}", answer.text());
    answer.json()
}

/// A page.
async fn page(browser: &mut Browser, address: &str) -> String {
    let answer = browser.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    answer.text()
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector")
}

fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows of a table on a page, cell by cell.
fn table(page: &str, selector: &str) -> Vec<Vec<String>> {
    let html = Html::parse_document(page);
    let cells = select("th, td");
    html.select(&select(&format!("{selector} tbody tr"))).map(|row| row.select(&cells).map(words).collect()).collect()
}

/// Rows that a statement gives of what lies under a path, its only placeholder.
async fn rows<T>(test: &TestApp, sql: String, path: &str) -> Vec<T>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
{
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).fetch_all(test.app.db.read()).await.expect("rows")
}

/// The lines of lists that lead to something below `path`: its id, and what the line says.
fn lines(page: &str, path: &str) -> BTreeMap<String, String> {
    let html = Html::parse_document(page);
    html.select(&select("main a.item"))
        .filter_map(|line| {
            let id = line.attr("href")?.strip_prefix(path)?;
            (id.len() == 36).then(|| (id.to_owned(), words(line)))
        })
        .collect()
}

/// The address behind a link of a page that begins with `path` and says `name`.
fn following(page: &str, path: &str, name: &str) -> Option<String> {
    let html = Html::parse_document(page);
    let links: Vec<&str> = html.select(&select("main a[href]")).filter_map(|link| link.attr("href")).collect();
    links.into_iter().find(|href| href.starts_with(path) && href.contains(name)).map(str::to_owned)
}

/// How much of a kind waits for the reader by the net's own page.
async fn waits_on_net(browser: &mut Browser, kind: &str) -> Option<i64> {
    let said = json(browser, "/api/v1/staff/net").await;
    let line = said["waiting"].as_array().expect("what waits").iter().find(|line| line["kind"] == kind);
    line.map(|line| line["count"].as_i64().expect("a count"))
}

/// The number on the line of `/staff` that leads to a list.
async fn waits_on_desk(browser: &mut Browser, list: &str) -> Option<i64> {
    let text = page(browser, "/staff").await;
    let html = Html::parse_document(&text);
    let number = select(".item-end .num");
    let line = html.select(&select("a.item")).find(|line| line.attr("href") == Some(list))?;
    line.select(&number).next().map(words)?.parse().ok()
}

/// The numbers on links of a page to `path`, by what their address says of `name`; and whether there may be more.
fn numbers_of(page: &str, path: &str, name: &str) -> BTreeMap<String, (i64, bool)> {
    let html = Html::parse_document(page);
    let number = select("span.num");
    let mut all = BTreeMap::new();
    for link in html.select(&select("nav a")) {
        let href = link.value().attr("href").unwrap_or_default();
        let Some(query) = href.strip_prefix(path).and_then(|rest| rest.strip_prefix('?')) else { continue };
        let Some(count) = link.select(&number).next().map(words) else { continue };
        let value = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        let Some((_, value)) = value else { continue };
        let digits = count.trim_end_matches('+');
        all.insert(value.into_owned(), (digits.parse().expect("a number"), digits != count));
    }
    all
}

/// A share as JSON has it, beside this many of so many.
fn is_share(said: &Value, (part, whole): (i64, i64)) -> bool {
    match said.as_f64() {
        Some(said) => whole > 0 && (said - part as f64 / whole as f64).abs() < 1e-12,
        None => whole == 0,
    }
}

/// A rate as pages write it (`98.87%`), beside this many of so many: the nearest hundredth, and all only for all.
fn is_rate(said: &str, (part, whole): (i64, i64)) -> bool {
    if whole == 0 {
        return said == "—";
    }
    let Some((ones, hundredths)) = said.strip_suffix('%').and_then(|number| number.split_once('.')) else {
        return false;
    };
    let (Ok(ones), Ok(more), 2) = (ones.parse::<i64>(), hundredths.parse::<i64>(), hundredths.len()) else {
        return false;
    };
    let said = 100 * ones + more;
    let nearest = (2 * (said * whole - part * 10_000)).abs() <= whole;
    // What would be rounded up to all of them stays below.
    let nearly = said == 9_999 && 2 * 10_000 * (whole - part) <= whole;
    if part < whole { said < 10_000 && (nearest || nearly) } else { nearest }
}

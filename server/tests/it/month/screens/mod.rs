//! What the screens say, beside the recount: a file for each room.

mod bulletins;
mod desk;
mod grids;
mod matters;
mod net;
mod property;
mod statistics;
mod supervision;
mod unusual;

use super::{recount::Recount, world::World};
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

/// Compares all of it.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
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

//! What a page offers its reader, the reader may open: nobody is led to "not yours", "not found" or an error.

use crate::support::{Browser, TestApp};
use scraper::{Html, Selector};
use server::{db::Engine, demo};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Pages opened of one shape ([`shape`]), and of one person.
const OF_A_SHAPE: usize = 3;
const IN_ALL: usize = 250;

/// Who walks, and where they begin. The first has no number: a visitor.
const WALKERS: [(&str, &str, &[&str]); 9] = [
    ("visitor", "", &["/"]),
    ("resident", "19900000001", &["/", "/me"]),
    ("volunteer", "19900000011", &["/", "/volunteer"]),
    ("grid worker", "19900000021", &["/", "/volunteer", "/staff/reports"]),
    ("community staff", "19900000031", &["/", "/staff"]),
    ("unit", "19900000041", &["/", "/volunteer"]),
    ("supervisor of the street", "19900000051", &["/", "/staff"]),
    ("supervisor of the district", "19900000052", &["/", "/staff"]),
    ("administrator", "19900000099", &["/", "/staff"]),
];

#[tokio::test]
async fn every_link_opens_for_whom_it_is_shown_to() {
    let test = TestApp::new(Engine::Sqlite).await;
    demo::windows::load(&test.app, &test.loaded).await.expect("windows");
    demo::notices::load(&test.app, &test.loaded).await.expect("notices");
    demo::reports::load(&test.app, &test.loaded).await.expect("reports");
    demo::handlers::load(&test.app, &test.loaded).await.expect("handlers");
    test.run_jobs().await;
    let mut wrong = Vec::new();
    for (who, phone, begin) in WALKERS {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        let (opened, refused) = walk(&mut browser, begin).await;
        assert!(opened > 20, "{who} came to {opened} pages only");
        wrong.extend(refused.into_iter().map(|told| format!("{who}: {told}")));
    }
    assert!(wrong.is_empty(), "{} links lead nowhere:\n{}", wrong.len(), wrong.join("\n"));
}

/// Opens the pages, and what they lead to; how many were opened, and which links failed, with the page they stand on.
async fn walk(browser: &mut Browser, begin: &[&str]) -> (usize, Vec<String>) {
    let mut next: VecDeque<(String, String)> =
        begin.iter().map(|path| ((*path).to_owned(), "begin".to_owned())).collect();
    let mut known: BTreeSet<String> = begin.iter().map(|path| (*path).to_owned()).collect();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let (mut opened, mut wrong) = (0, Vec::new());
    while let Some((path, from)) = next.pop_front() {
        let seen = shapes.entry(shape(&path)).or_default();
        if *seen == OF_A_SHAPE || opened == IN_ALL {
            continue;
        }
        *seen += 1;
        opened += 1;
        let answer = browser.get(&path).await;
        if answer.status.is_client_error() || answer.status.is_server_error() {
            wrong.push(format!("{path} answers {} (link on {from})", answer.status));
            continue;
        }
        let text = answer.text();
        let found = if answer.status.is_redirection() { vec![answer.location().to_owned()] } else { links(&text) };
        for link in found {
            if known.insert(link.clone()) {
                next.push_back((link, path.clone()));
            }
        }
    }
    (opened, wrong)
}

/// The links of a page that stay in this house, without what stands after `#`. Files of the site are not served here.
fn links(html: &str) -> Vec<String> {
    let anchors = Selector::parse("a[href^='/']").expect("a selector");
    Html::parse_document(html)
        .select(&anchors)
        .filter_map(|anchor| anchor.attr("href"))
        .map(|href| href.split('#').next().unwrap_or(href).to_owned())
        .filter(|href| !href.starts_with("//") && !href.starts_with("/site/"))
        .collect()
}

/// Pages of the same kind have the same shape: codes and ids left out, and what is asked for.
fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_code =
        |part: &str| part.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || "-._~%".contains(c));
    let parts: Vec<&str> = path.split('/').map(|part| if is_code(part) { "*" } else { part }).collect();
    let asked: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair)).collect();
    format!("{}?{}", parts.join("/"), asked.join("&"))
}

//! What every answer says to browsers and caches, whoever asks.

use crate::{
    access::{fill, samples},
    support::TestApp,
};
use axum::http::{Method, StatusCode};
use scraper::{Html, Selector};
use server::{
    db::Engine,
    http::{Access, routes},
};

/// A visitor, a resident, staff, an administrator.
const READERS: [&str; 4] = ["", "19900000001", "19900000031", "19900000099"];
/// The one page that others may frame.
const FRAMED: &str = "/embed/notices";

#[tokio::test]
async fn every_answer_says_what_it_is_and_may_do() {
    let test = TestApp::with(Engine::Sqlite, |config| {
        config.public_url = "https://linli.test".parse().expect("an address");
    })
    .await;
    let samples = samples(&test).await;
    let (scripts, styles) = (selector("script:not([src])"), selector("style, [style]"));
    let mut pages = 0;
    for phone in READERS {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        for route in routes::all().list().iter().filter(|route| route.method == Method::GET) {
            if route.path.ends_with("/live") {
                continue;
            }
            let mut addresses = vec![fill(route.path, &samples)];
            addresses.push(format!("{}/no-such-part", addresses[0]));
            for address in addresses {
                let answer = browser.get(&address).await;
                let what = format!("{address} ({}) as {phone:?}", answer.status);
                let header = |name: &str| {
                    let value = answer.headers.get(name).unwrap_or_else(|| panic!("{what}: no {name}"));
                    value.to_str().expect("text").to_owned()
                };
                let policy = header("content-security-policy");
                for part in ["default-src 'none'", "object-src 'none'", "base-uri 'none'"] {
                    assert!(policy.contains(part), "{what}: {policy}");
                }
                assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
                let framed = policy.contains("frame-ancestors *");
                assert_eq!(framed, address.starts_with(FRAMED) && answer.status == StatusCode::OK, "{what}: {policy}");
                assert!(framed || policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
                assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
                assert_eq!(header("referrer-policy"), "same-origin", "{what}");
                assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
                assert_eq!(header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{what}");
                assert!(!answer.headers.contains_key("access-control-allow-origin"), "{what}");
                assert!(!answer.headers.contains_key("server"), "{what}");
                for cookie in answer.headers.get_all("set-cookie") {
                    let cookie = cookie.to_str().expect("text");
                    assert!(cookie.starts_with("__Host-linli"), "{what}: {cookie}");
                    for flag in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
                        assert!(cookie.contains(flag), "{what}: {cookie}");
                    }
                    assert!(!cookie.contains("Domain") && cookie.len() < 4096, "{what}: {cookie}");
                }
                if answer.body.is_empty() {
                    continue;
                }
                let kind = header("content-type");
                let essence = kind.split(';').next().unwrap_or_default();
                let textual = essence.starts_with("text/") || essence.ends_with("/xml") || essence.ends_with("+xml");
                let names_charset = kind.contains("charset=utf-8") || kind == "image/svg+xml";
                assert!(!textual || names_charset, "{what}: {kind}");
                if !kind.starts_with("text/html") {
                    continue;
                }
                pages += 1;
                let page = Html::parse_document(&answer.text());
                assert!(page.select(&scripts).next().is_none(), "{what}: an inline script");
                assert!(page.select(&styles).next().is_none(), "{what}: an inline style");
                for element in page.root_element().descendants().filter_map(scraper::ElementRef::wrap) {
                    for (name, value) in element.value().attrs() {
                        assert!(!name.starts_with("on"), "{what}: {name}={value}");
                        let scheme = value.trim_start().to_ascii_lowercase();
                        assert!(!scheme.starts_with("javascript:"), "{what}: {name}={value}");
                    }
                }
            }
        }
    }
    assert!(pages > 500, "{pages} pages");
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

/// Whether a cache that many share may keep an answer.
fn is_shared(cache: &str) -> bool {
    !cache.contains("private") && !cache.contains("no-store")
}

#[tokio::test]
async fn what_is_one_persons_is_kept_by_no_shared_cache() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    for phone in &READERS[1..] {
        let mut browser = test.signed_in(phone).await;
        let name = test.person(phone).to_owned();
        for route in routes::all().list().iter().filter(|route| route.method == Method::GET) {
            if route.path.ends_with("/live") {
                continue;
            }
            let address = fill(route.path, &samples);
            let answer = browser.get(&address).await;
            let cache = answer.headers.get("cache-control").map(|value| value.to_str().expect("text").to_owned());
            let what = format!("{address} ({}) as {phone}: {cache:?}", answer.status);
            let cache = cache.unwrap_or_default();
            let is_page =
                answer.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            // Everything that is somebody's own or for a role, and every page, which names its reader.
            if answer.status == StatusCode::OK && (route.access != Access::Public || is_page) {
                let same_for_all = [FRAMED, "/notices/kept", "/board/", "/offline"];
                let shown_to_all = same_for_all.iter().any(|begin| route.path.starts_with(begin));
                assert!(shown_to_all || !is_shared(&cache), "{what}");
            }
            // What a shared cache may keep says nothing about who asked.
            if cache.starts_with("public") {
                assert!(!answer.headers.contains_key("set-cookie"), "{what}");
                assert!(!answer.text().contains(&name), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn methods_that_are_none_and_folders_are_not_answered() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut visitor = test.visitor();
    for method in ["TRACE", "PUT", "PATCH", "CONNECT", "PROPFIND", "OPTIONS"] {
        let method: Method = method.parse().expect("a method");
        for path in ["/", "/login", "/api/v1/services", "/open311/v2/requests.json"] {
            let status = visitor.send(method.clone(), path, None, Vec::new()).await.status;
            assert!(status.is_client_error(), "{method} {path}: {status}");
        }
    }
    for path in ["/pkg/", "/pkg", "/icons/", "/.git/config", "/pkg/../../Cargo.toml", "/%2e%2e/%2e%2e/etc/passwd"] {
        let status = visitor.get(path).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

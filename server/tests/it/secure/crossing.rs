//! Other people's pages: forms they send in our reader's name, frames around our pages, addresses they lead to, hosts they
//! make us believe.

use crate::{
    access::{fill, samples},
    support::{TestApp, on_both},
};
use axum::http::{Method, StatusCode};
use server::{
    db::Engine,
    http::{
        Access,
        routes::{self, RouteInfo},
    },
};

/// Requests that change something.
fn changing() -> Vec<RouteInfo> {
    routes::all().list().iter().filter(|route| route.method != Method::GET).cloned().collect()
}

/// Sends a request as some other page makes a browser send it: with our reader's cookies and what browsers say of its origin.
async fn crossed(test: &TestApp, cookie: &str, route: &RouteInfo, address: &str, says: &[(&str, &str)]) -> StatusCode {
    let mut request = axum::http::Request::builder().method(route.method.clone()).uri(address);
    request = request.header("content-type", "application/x-www-form-urlencoded").header("cookie", cookie);
    for (name, value) in says {
        request = request.header(*name, *value);
    }
    let request = request.body(axum::body::Body::from("step=x")).expect("a request");
    tower::ServiceExt::oneshot(test.router.clone(), request).await.expect("infallible").status()
}

/// Every POST and DELETE route, from every way in which another page can send it.
#[tokio::test]
async fn no_other_page_sends_a_form_in_a_readers_name() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    let staff = test.signed_in("19900000031").await;
    let cookie = staff.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let before = super::digest(&test).await;
    let ways: [&[(&str, &str)]; 8] = [
        &[("host", "linli.test"), ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("host", "linli.test"), ("sec-fetch-site", "same-site"), ("origin", "http://other.linli.test")],
        &[("host", "linli.test"), ("sec-fetch-site", "cross-site"), ("origin", "null")],
        &[("host", "linli.test"), ("origin", "https://evil.example")],
        &[("host", "linli.test"), ("origin", "null")],
        &[("host", "linli.test"), ("origin", "http://linli.test.evil.example")],
        &[("host", "linli.test"), ("origin", "http://linli.test@evil.example")],
        // No word about where it comes from, but our cookie.
        &[("host", "linli.test")],
    ];
    let routes = changing();
    assert!(routes.len() > 100, "{} routes", routes.len());
    for route in &routes {
        let address = fill(route.path, &samples);
        for says in ways {
            let status = crossed(&test, &cookie, route, &address, says).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{} {} {says:?}", route.method, route.path);
        }
        // The same from our own page is not refused for its origin.
        let own = [("host", "linli.test"), ("sec-fetch-site", "same-origin"), ("origin", "http://linli.test")];
        let public = route.access == Access::Public && !route.path.contains('{');
        if public && route.path != "/logout" && !route.path.starts_with("/open311") {
            let status = crossed(&test, "a=b", route, &address, &own).await;
            assert_ne!(status, StatusCode::FORBIDDEN, "{} from our own page", route.path);
        }
    }
    let changed = super::changed(&before, &super::digest(&test).await);
    let changed: Vec<_> = changed.iter().filter(|table| !table.starts_with("login_code")).collect();
    assert!(changed.is_empty(), "{changed:?}");
}

/// A request that carries a token is not asked where it comes from; so beside one, a good one or not, no cookie counts.
#[tokio::test]
async fn beside_a_token_no_cookie_counts() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    let staff = test.signed_in("19900000031").await;
    let cookie = staff.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let before = super::digest(&test).await;
    for route in changing().iter().filter(|route| route.path.starts_with("/api/")) {
        let address = fill(route.path, &samples);
        for token in ["Bearer linlip_none", "Bearer linli_none", "Bearer x", "Bearer", "Basic YTpi", ""] {
            let says = [("host", "linli.test"), ("origin", "https://evil.example"), ("authorization", token)];
            let status = crossed(&test, &cookie, route, &address, &says).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{} {} {token:?}", route.method, route.path);
        }
    }
    // Elsewhere than in the API there are no tokens: the page's own rule holds.
    let says = [("host", "linli.test"), ("origin", "https://evil.example"), ("authorization", "Bearer linlip_none")];
    for route in changing().iter().filter(|route| !route.path.starts_with("/api/")) {
        let status = crossed(&test, &cookie, route, &fill(route.path, &samples), &says).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
    }
    let changed = super::changed(&before, &super::digest(&test).await);
    assert!(changed.is_empty(), "{changed:?}");
}

/// Nothing that changes something answers to GET.
#[tokio::test]
async fn looking_changes_nothing() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    let mut owner = test.signed_in("19900000001").await;
    let mut staff = test.signed_in("19900000031").await;
    owner.get("/offline").await;
    staff.get("/offline").await;
    for route in routes::all().list().iter().filter(|route| route.method == Method::GET) {
        // A live feed has no end. A message is read by opening it; looks at people's data are written down, a secret for
        // the authenticator app, and the key of push messages, are made when they are first shown.
        if route.path.ends_with("/live") {
            continue;
        }
        let address = fill(route.path, &samples);
        let before = super::digest(&test).await;
        owner.clone().get(&address).await;
        staff.clone().get(&address).await;
        let after = super::digest(&test).await;
        let allowed = ["audit_log ", "inbox_message ", "second_factor ", "kept_key "];
        let changed: Vec<String> = super::changed(&before, &after)
            .into_iter()
            .filter(|table| !allowed.iter().any(|name| table.starts_with(name)))
            .collect();
        assert!(changed.is_empty(), "GET {}: {changed:?}", route.path);
    }
}

/// Wherever `next` is taken, it leads nowhere else.
#[tokio::test]
async fn no_form_leads_to_another_site() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = samples(&test).await;
    let evils = [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "/\r\nLocation: https://evil.example",
        " https://evil.example",
        "%2f%2fevil.example",
    ];
    for phone in ["", "19900000001", "19900000031"] {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        browser.get("/offline").await;
        for route in routes::all().list() {
            if route.path.ends_with("/live") || route.path == "/logout" {
                continue;
            }
            let address = fill(route.path, &samples);
            // All of them where `next` is taken, a few everywhere else, where it might be one day.
            let takes_next = ["login", "preferences", "communities", "me/name", "holds"];
            let few = if takes_next.iter().any(|part| route.path.contains(part)) { evils.len() } else { 2 };
            for evil in &evils[..few] {
                let pairs =
                    [("next", *evil), ("back", evil), ("href", evil), ("url", evil), ("to", evil), ("lang", "en")];
                let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                let mut reader = browser.clone();
                let answer = match route.method {
                    Method::GET => reader.get(&format!("{address}?{query}")).await,
                    Method::POST => reader.post(&address, &pairs).await,
                    _ => continue,
                };
                let to = answer.location();
                let ours = to.is_empty()
                    || (to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\t', '\r', '\n']));
                assert!(ours, "{} {} with {evil:?} leads to {to}", route.method, route.path);
            }
        }
    }
}

/// A host that the client makes up stands in no link that goes to somebody.
#[tokio::test]
async fn a_host_that_somebody_made_up_is_in_no_link() {
    on_both(|test| async move {
        let mut owner = test.signed_in("19900000001").await;
        let cookies =
            owner.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        owner.get("/").await;
        let paths =
            ["/", "/c/wutong", "/c/wutong/qr.svg", "/notices.atom", "/activities.ics", "/reports.atom", "/login"];
        let paths = paths.iter().chain(&["/open311/v2/discovery.json", "/embed/notices", "/me", "/no-such-page"]);
        for path in paths {
            for (name, value) in [
                ("host", "evil.example"),
                ("x-forwarded-host", "evil.example"),
                ("forwarded", "host=evil.example;proto=https"),
                ("x-original-url", "https://evil.example/x"),
            ] {
                let mut request = axum::http::Request::builder().uri(*path).header("cookie", &cookies);
                if name != "host" {
                    request = request.header("host", "linli.test");
                }
                let request = request.header(name, value).body(axum::body::Body::empty()).expect("a request");
                let answer = tower::ServiceExt::oneshot(test.router.clone(), request).await.expect("infallible");
                let (parts, body) = answer.into_parts();
                assert!(!format!("{:?}", parts.headers).contains("evil.example"), "{path} {name}: {:?}", parts.headers);
                let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
                assert!(!String::from_utf8_lossy(&body).contains("evil.example"), "{path} {name}");
            }
        }
    })
    .await;
}

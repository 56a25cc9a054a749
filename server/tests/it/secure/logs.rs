//! What a server writes down besides its database: a real one, walked through with values that are nowhere else, and then its
//! log, its figures and its audit log read for them.

use super::{cell, rows};
use crate::{
    process::{LOG, Process, free_address},
    reports::fixture,
    support::TestApp,
    windows::{TOMORROW, book, halls, slot},
};
use axum::http::StatusCode;
use server::{db::Engine, demo};
use sqlx::{Column, Row};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

const PHONE: &str = "13912340987";
const NAME: &str = "马克标";
const WORDS: &str = "标记词语在此";
const PLACE: &str = "标记门牌四零五";
const CONTACT: &str = "13712345678";
const EMAIL: &str = "marker.person@mail.example";
const AGENT: &str = "MarkerBrowser/9.9 (personal build)";
const TYPED: &str = "typed-into-an-address";

/// A browser that talks to a real server.
struct Browser<'a> {
    server: &'a Process,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Process) -> Browser<'a> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).user_agent(AGENT);
        Browser { server, client: client.build().expect("a client"), cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> (StatusCode, String, String) {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = request
            .header("cookie", cookies)
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", "198.51.100.77")
            .send()
            .await
            .expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().expect("text");
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
        (answer.status(), location.unwrap_or_default(), answer.text().await.expect("text"))
    }

    async fn get(&mut self, path: &str) -> (StatusCode, String, String) {
        let request = self.client.get(self.server.url(path));
        self.send(request).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let request = self.client.post(self.server.url(path)).form(fields);
        self.send(request).await
    }
}

/// An SMS provider that keeps what it was sent.
async fn provider() -> (u16, Arc<Mutex<Vec<String>>>) {
    let got: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = got.clone();
    let answer = axum::routing::post(move |body: String| async move { kept.lock().expect("unpoisoned").push(body) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/send", answer)).await });
    (port, got)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_the_figures_and_the_audit_log_name_nobody() {
    let test = TestApp::new(Engine::Sqlite).await;
    halls(&test).await;
    demo::notices::load(&test.app, &test.loaded).await.expect("notices");
    let mut booker = test.signed_in("19900000001").await;
    let ticket = book(&mut booker, "birth-registration", &slot(TOMORROW, "0900"), "log-test-key").await;
    let (_, api_key) =
        server::operate::add_key(&test.app, "x", "wutong", &["reports.file".into()], 1).await.expect("a key");
    let (port, codes) = provider().await;
    let metrics = free_address();
    let sms = format!("http://127.0.0.1:{port}/send");
    // A mail server that is not there: what fails is written down as well.
    let mail = format!("smtp://127.0.0.1:{}", free_address().port());
    let metrics_listen = metrics.to_string();
    let server = Process::start(&[
        ("LINLI_DATABASE_URL", &test.database_url),
        // The day of the tests. Whoever is not of the demo is treated as everywhere else.
        ("LINLI_DEMO", "1"),
        ("LINLI_DEMO_NOW", "2026-11-25T10:00:00+08:00"),
        ("LINLI_METRICS_LISTEN", &metrics_listen),
        ("LINLI_SMS_URL", &sms),
        ("LINLI_SMS_BODY", r#"{"to":"{phone}","code":"{code}"}"#),
        ("LINLI_SMTP_URL", &mail),
        ("LINLI_MAIL_FROM", "邻里 <no-reply@linli.example>"),
        ("LINLI_CLIENT_IP_HEADER", "x-forwarded-for"),
        ("RUST_LOG", "info,sqlx=warn"),
        (LOG, "1"),
    ])
    .await;

    // Logs in with a wrong code and the right one, gives name and address.
    let mut browser = Browser::new(&server);
    browser.get("/c/wutong").await;
    let (status, location, page) = browser.post("/login", &[("phone", PHONE), ("next", "/me")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let reference =
        location.split("c=").nth(1).and_then(|rest| rest.split('&').next()).expect("a reference").to_owned();
    let sent: serde_json::Value = serde_json::from_str(&codes.lock().expect("unpoisoned")[0]).expect("JSON");
    let code = sent["code"].as_str().expect("a code").to_owned();
    let wrong = format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000);
    browser.get(&format!("/login/code?c={reference}&next=/me")).await;
    browser.post("/login/code", &[("c", &reference), ("code", &wrong)]).await;
    let (status, ..) = browser.post("/login/code", &[("c", &reference), ("code", &code), ("next", "/me")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let session = browser.cookies["linli"].clone();
    let (status, ..) = browser.post("/me/name", &[("name", NAME), ("building", "wutong-5")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, me) = browser.get("/me").await;
    assert!(me.contains(NAME), "the journey is real");
    browser.post("/me/name", &[("name", &NAME.repeat(40))]).await;
    let (status, _, page) = browser.post("/me/email", &[("address", EMAIL)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");

    // Files a report with words, a place and a photo that says where it was taken; and one without an account.
    let mut body = b"--marker\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n".to_vec();
    body.extend(fixture("orientation-6.jpg"));
    body.extend(b"\r\n--marker--\r\n");
    let kind = "multipart/form-data; boundary=marker";
    let request = browser.client.post(server.url("/api/v1/photos")).header("content-type", kind).body(body);
    let (status, _, page) = browser.send(request).await;
    assert_eq!(status, StatusCode::CREATED, "{page}");
    let report = [
        ("key", "log-test-report-0000001"),
        ("community", "wutong"),
        ("category", "street-light"),
        ("building", "wutong-1"),
        ("place", PLACE),
        ("description", WORDS),
        ("different", "1"),
    ];
    let (status, location, page) = browser.post("/report", &report).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let own_report = location.trim_start_matches("/reports/").to_owned();
    let mut visitor = Browser::new(&server);
    visitor.get("/c/wutong").await;
    let mut more = report.to_vec();
    more[0] = ("key", "log-test-report-0000002");
    more.push(("contact", CONTACT));
    let (status, location, page) = visitor.post("/report", &more).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (report_code, token) = location.trim_start_matches("/reports/").split_once("?t=").expect("a link");

    // Opens by links, searches, goes where nothing is, tries what it may not.
    let opened = visitor.get(&format!("/reports/{report_code}?t={token}")).await;
    assert!(opened.2.contains(WORDS), "{}", opened.2);
    let booking = ticket.rsplit('/').next().expect("a code");
    let ticket_token = test.app.secrets.link_token("appointment", booking);
    assert_eq!(visitor.get(&format!("{ticket}?t={ticket_token}")).await.0, StatusCode::OK);
    visitor.post("/appointments/find", &[("phone", PHONE), ("code", booking)]).await;
    for path in [
        format!("/notices?q={WORDS}"),
        format!("/{TYPED}"),
        format!("/reports/{TYPED}"),
        format!("/{NAME}/{PHONE}?t={session}"),
        format!("/api/v1/{TYPED}"),
        format!("/login?next=/{TYPED}"),
        "/staff/reports".to_owned(),
        "/staff/audit".to_owned(),
        format!("/appointments/{booking}"),
        format!("/open311/v2/requests.json?api_key={api_key}&service_code={TYPED}"),
        format!("/services/worker-aid/slots?from={TYPED}"),
        format!("/notices/%0a{TYPED}%0d%0a{{\"level\":\"ERROR\"}}"),
    ] {
        browser.get(&path).await;
    }
    let open311 =
        [("api_key", api_key.as_str()), ("service_code", "street-light"), ("description", WORDS), ("phone", CONTACT)];
    let filed =
        browser.post("/open311/v2/requests.json", &[&open311[..], &[("address_id", "wutong-1")]].concat()).await;
    assert_eq!(filed.0, StatusCode::OK, "{}", filed.2);
    browser.post("/open311/v2/requests.json", &[("api_key", "linli_wrong-key-marker"), ("phone", PHONE)]).await;
    for n in 0..3 {
        browser.post("/login", &[("phone", PHONE), ("n", &n.to_string())]).await;
    }
    let request = browser.client.post(server.url("/api/v1/reports")).header("content-type", "application/json");
    browser.send(request.body(format!("{{\"description\":\"{WORDS}\",\"contact\":{PHONE}}}"))).await;
    let request = browser.client.post(server.url("/me/name")).header("origin", "https://evil.example").body(NAME);
    browser.send(request).await;
    browser.post("/logout", &[]).await;
    // The letter is tried and fails.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;

    let figures = reqwest::get(format!("http://{metrics}/metrics")).await.expect("figures").text().await.expect("text");
    let log = server.log();
    let device = browser.cookies["linli_device"].clone();
    let marks = [
        ("the number", PHONE),
        ("the name", NAME),
        ("the login code", &code),
        ("the login's reference", &reference),
        ("the session's token", &session),
        ("the device", &device),
        ("what was reported", WORDS),
        ("the place", PLACE),
        ("the visitor's number", CONTACT),
        ("the e-mail address", EMAIL),
        ("the link's token", token),
        ("the booking link's token", &ticket_token),
        ("the key", &api_key),
        ("a wrong key", "wrong-key-marker"),
    ];
    let only_log = [
        ("what was typed into an address", TYPED),
        ("a report's code", report_code),
        ("one's own report's code", &own_report),
        ("a booking's code", booking),
        ("the browser", AGENT),
        ("the client's address", "198.51.100.77"),
    ];
    // The log is there, tells of what happened, and each line is one object.
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    let of = |message: &str| lines.iter().filter(|line| line["message"] == message).count();
    assert!(of("request") > 30, "{log}");
    assert!(of("request refused") >= 1, "{log}");
    assert!(of("no login code: a limit was reached") >= 1, "{log}");
    let route = |route: &str| lines.iter().any(|line| line["route"] == route);
    assert!(route("/reports/{code}") && route("/appointments/{code}") && route("no route"), "{log}");
    for line in &lines {
        for field in ["timestamp", "level", "message"] {
            assert!(line[field].is_string(), "{line}");
        }
    }
    assert!(figures.contains("linli_requests_total") && figures.contains("linli_door_total"), "{figures}");
    let decoded = |text: &str| {
        url::form_urlencoded::parse(text.as_bytes()).map(|(name, value)| format!("{name}={value}")).collect::<String>()
    };
    for (what, mark) in marks.iter().chain(&only_log) {
        for (place, text) in [("log", &log), ("log, decoded", &decoded(&log)), ("figures", &figures)] {
            let line = text.lines().find(|line| line.contains(mark)).unwrap_or_default();
            assert!(!text.contains(mark), "{what} is in the {place}: {line:.600}");
        }
    }
    // The audit log keeps ids of what was looked at and changed, never what it says or how it is reached.
    let mut entries = 0;
    for row in rows(&test, "audit_log").await {
        entries += 1;
        for column in row.columns() {
            let text = cell(&row, column.ordinal());
            for (what, mark) in &marks {
                // Whose code was tried is told by the reference: it opens nothing without the code, and lapses in minutes.
                let is_reference = *what == "the login's reference" && column.name() == "object_id";
                assert!(is_reference || !text.contains(mark), "{what} is in audit_log.{}: {text}", column.name());
            }
        }
    }
    assert!(entries > 10, "{entries} entries");
}

//! Webhooks, with a receiver that listens and a library by others that verifies what it gets.

use crate::{
    notices,
    reports::{RESIDENT, STAFF, STAFF_ELSEWHERE, filed, key, staff_step},
    support::{Browser, TestApp},
    windows::{TOMORROW, book, halls, slot},
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::post,
};
use jiff::SignedDuration;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use server::db::Engine;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

/// The administrator of the district.
const ADMIN: &str = "19900000099";

/// What another system got, and what it answers.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<AtomicU16>,
}

impl Receiver {
    /// Listens; gives itself and its address.
    async fn listen() -> (Receiver, String) {
        let receiver = Receiver { answers: Arc::new(AtomicU16::new(204)), ..Receiver::default() };
        let router = Router::new().route("/hook", post(take)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, address)
    }

    fn answer(&self, status: u16) {
        self.answers.store(status, Ordering::SeqCst);
    }

    /// What it got since the last look.
    fn take(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut self.got.lock().expect("a lock"))
    }
}

/// Writes down what comes, and answers as it is told.
async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> impl IntoResponse {
    receiver.got.lock().expect("a lock").push((headers, body));
    let status = StatusCode::from_u16(receiver.answers.load(Ordering::SeqCst)).expect("a status");
    (status, [("location", "/elsewhere")])
}

/// An application that may send to a receiver in its own network, and the receiver.
async fn with_receiver(engine: Engine) -> (TestApp, Receiver, String) {
    let (receiver, address) = Receiver::listen().await;
    let test = TestApp::with(engine, |config| config.push_private = vec![address.clone()]).await;
    (test, receiver, format!("{address}/hook"))
}

fn first(page: &str, selector: &str, attribute: &str) -> String {
    let html = Html::parse_document(page);
    let selector = Selector::parse(selector).expect("a selector");
    let element = html.select(&selector).next().unwrap_or_else(|| panic!("{selector:?}: {page}"));
    match attribute {
        "" => element.text().collect(),
        name => element.value().attr(name).unwrap_or_default().to_owned(),
    }
}

/// Makes a webhook; gives its page's address and its secret.
async fn made(admin: &mut Browser, at: &str, url: &str, events: &[&str]) -> (String, String) {
    let form = admin.get("/staff/webhooks").await;
    let key = first(&form.text(), "input[name=key]", "value");
    let mut fields = vec![("organisation", at), ("url", url), ("key", &key)];
    fields.extend(events.iter().map(|event| ("events", *event)));
    let page = admin.post("/staff/webhooks", &fields).await;
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(page.headers["cache-control"], "private, no-store");
    let again = admin.post("/staff/webhooks", &fields).await;
    assert_eq!(again.location(), "/staff/webhooks", "the second tap makes no other one");
    let page = page.text();
    let here = first(&page, "form[action$='/test']", "action");
    (here.trim_end_matches("/test").to_owned(), first(&page, "code.token", ""))
}

/// What the convention's library says of a message.
fn verified(test: &TestApp, secret: &str, (headers, body): &(HeaderMap, String)) -> Value {
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let message = json!({
        "secret": secret,
        "now": test.app.clock.now().as_second(),
        "body": body,
        "headers": {
            "webhook-id": header("webhook-id"),
            "webhook-timestamp": header("webhook-timestamp"),
            "webhook-signature": header("webhook-signature"),
        },
    });
    crate::peers::read_webhook(&message)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_signed_and_without_names() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, receiver, url) = with_receiver(engine).await;
        let mut admin = test.signed_in(ADMIN).await;
        let all: Vec<&str> = app::places::webhook::Event::ALL.iter().map(|event| event.code()).collect();
        let (here, secret) = made(&mut admin, "wutong", &url, &all).await;
        assert!(secret.starts_with("whsec_"));
        assert!(!admin.get(&here).await.text().contains(&secret), "shown once");
        let (kept,): (String,) =
            sqlx::query_as("SELECT secret_sealed FROM webhook").fetch_one(test.app.db.read()).await.expect("one");
        assert!(!kept.contains(secret.trim_start_matches("whsec_")), "sealed");

        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &code, "accept", &[]).await;
        halls(&test).await;
        let ticket = book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "hooks").await;
        let visit = ticket.rsplit('/').next().expect("a code").to_owned();
        resident.post(&format!("/appointments/{visit}/cancel"), &[]).await;
        let notice = notices::published(&test, &mut staff, &[]).await;
        staff.post(&format!("/staff/notices/{notice}/withdraw"), &[("reason", "写错了")]).await;
        // What happens elsewhere is told to nobody here.
        let elsewhere = [
            ("key", "elsewhere-00000000001"),
            ("community", "xingwu"),
            ("category", "street-light"),
            ("place", "门口"),
            ("description", "路灯不亮"),
            ("different", "1"),
        ];
        resident.post_files("/report", &elsewhere, &[]).await;
        test.run_jobs().await;

        let got = receiver.take();
        let mut told: Vec<(String, Value, Value)> = got
            .iter()
            .map(|message| {
                let said = verified(&test, &secret, message);
                let payload = &said["payload"];
                assert_eq!(message.0["content-type"], "application/json");
                for name in ["林", "1990", "****", "北门", "路灯三天"] {
                    assert!(!message.1.contains(name), "{name}: {}", message.1);
                }
                assert!(
                    payload["data"]["api"].as_str().is_some_and(|link| link.starts_with("http://linli.test/api/v1/")),
                    "{said}"
                );
                (
                    payload["type"].as_str().unwrap_or_default().to_owned(),
                    payload["data"]["id"].clone(),
                    payload["data"]["state"].clone(),
                )
            })
            .collect();
        told.sort_by(|a, b| a.0.cmp(&b.0));
        let expected = [
            ("appointment.booked", json!(visit), json!("booked")),
            ("appointment.cancelled", json!(visit), json!("cancelled")),
            ("notice.published", json!(notice), json!("published")),
            ("notice.withdrawn", json!(notice), json!("withdrawn")),
            ("report.changed", json!(code), json!("accepted")),
            ("report.filed", json!(code), json!("submitted")),
        ];
        assert_eq!(told, expected.map(|(event, id, state)| (event.to_owned(), id, state)));
        // Somebody else's message, another body or another secret does not pass.
        let (headers, body) = got[0].clone();
        assert!(
            verified(&test, &secret, &(headers.clone(), body.replace("wutong", "xingwu"))).get("refused").is_some()
        );
        assert!(verified(&test, &server::webhooks::send::new_secret(), &(headers, body)).get("refused").is_some());
        // Nothing is sent twice.
        test.run_jobs().await;
        assert!(receiver.take().is_empty());
        let page = admin.get(&here).await.text();
        assert!(page.contains("已送达") && page.contains("204"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_down_is_tried_again_and_a_dead_message_sent_by_hand() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, receiver, url) = with_receiver(engine).await;
        let mut admin = test.signed_in(ADMIN).await;
        let (here, secret) = made(&mut admin, "wutong", &url, &["report.filed"]).await;
        receiver.answer(503);
        filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        test.run_jobs().await;
        assert_eq!(receiver.take().len(), 1);
        assert!(admin.get(&here).await.text().contains("answered 503"));
        // No redirect is followed.
        receiver.answer(307);
        let mut ids = Vec::new();
        for _ in 0..20 {
            test.app.clock.advance(SignedDuration::from_hours(5));
            test.run_jobs().await;
            ids.extend(receiver.take().into_iter().map(|(headers, _)| headers["webhook-id"].clone()));
        }
        assert_eq!(ids.len(), 11, "twelve tries in all, all of them to the address itself");
        ids.dedup();
        assert_eq!(ids.len(), 1, "the same message each time");
        let page = admin.get(&here).await.text();
        assert!(page.contains("没送到") && page.contains("answered 307"), "{page}");
        let delivery = first(&page, "input[name=delivery]", "value");

        receiver.answer(200);
        for _ in 0..2 {
            assert_eq!(admin.post(&format!("{here}/again"), &[("delivery", &delivery)]).await.status, 303);
        }
        test.run_jobs().await;
        let got = receiver.take();
        assert_eq!(got.len(), 1, "twice is once");
        assert_eq!(got[0].0["webhook-id"], ids[0]);
        assert_eq!(verified(&test, &secret, &got[0])["payload"]["type"], "report.filed");
        assert!(admin.get(&here).await.text().contains("已送达"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_changed_without_losing_a_message() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, receiver, url) = with_receiver(engine).await;
        let mut admin = test.signed_in(ADMIN).await;
        let (here, old) = made(&mut admin, "wutong", &url, &["report.filed"]).await;
        let page = admin.post(&format!("{here}/rotate"), &[("version", "1")]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let new = first(&page.text(), "code.token", "");
        assert_ne!(old, new);
        assert_eq!(admin.post(&format!("{here}/rotate"), &[("version", "1")]).await.status, 409, "the second tap");
        for (hours, still) in [(1, true), (25, false)] {
            test.app.clock.advance(SignedDuration::from_hours(hours));
            assert_eq!(admin.post(&format!("{here}/test"), &[]).await.status, 303);
            test.run_jobs().await;
            let got = receiver.take();
            assert_eq!(got.len(), 1);
            assert_eq!(verified(&test, &new, &got[0])["payload"]["type"], "webhook.test");
            assert_eq!(verified(&test, &old, &got[0]).get("payload").is_some(), still, "after {hours} hours");
        }
        // Paused: nothing is told, then or later.
        assert_eq!(admin.post(&format!("{here}/pause"), &[("paused", "1")]).await.status, 303);
        filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        test.run_jobs().await;
        assert_eq!(admin.post(&format!("{here}/test"), &[]).await.status, 409);
        admin.post(&format!("{here}/pause"), &[("paused", "0")]).await;
        test.run_jobs().await;
        assert!(receiver.take().is_empty());
        // A receiver that says that it is gone is told nothing more.
        receiver.answer(410);
        admin.post(&format!("{here}/test"), &[]).await;
        test.run_jobs().await;
        assert!(admin.get(&here).await.text().contains("已暂停"));
        assert_eq!(admin.post(&format!("{here}/remove"), &[]).await.status, 303);
        assert_eq!(admin.get(&here).await.status, 404);
    }
}

#[tokio::test]
async fn only_addresses_on_the_internet_and_only_administrators() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut admin = test.signed_in(ADMIN).await;
    for url in [
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://hooks.example:8443/",
        "https://a:b@hooks.example/",
        "ftp://hooks.example/",
        "nonsense",
    ] {
        let fields = [("organisation", "wutong"), ("url", url), ("events", "report.filed"), ("key", "k")];
        let answer = admin.post("/staff/webhooks", &fields).await;
        assert_eq!(answer.status, 422, "{url}");
        assert!(answer.text().contains(&url.replace('&', "&amp;")), "what was typed stands there: {url}");
    }
    let none = admin.post("/staff/webhooks", &[("url", "https://hooks.example/"), ("key", "k")]).await;
    assert!(none.text().contains("请至少选一种事件") && none.text().contains("请选择您管理的辖区"));
    for phone in [STAFF, STAFF_ELSEWHERE, RESIDENT] {
        assert_eq!(test.signed_in(phone).await.get("/staff/webhooks").await.status, 403);
    }
}

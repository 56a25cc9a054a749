//! Upper platforms with signed messages: a receiver that listens, and what it sends back.

use super::{ADMIN, DISTRICT, STREET, WUTONG, done, fields, matter, number, sent, state};
use crate::support::{Answer, Browser, TestApp};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::post,
};
use jiff::SignedDuration;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use server::{db::Engine, webhooks::send::signature};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

/// What a platform got, and what it answers.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<AtomicU16>,
}

impl Receiver {
    async fn listen() -> (Receiver, String) {
        let receiver = Receiver { answers: Arc::new(AtomicU16::new(204)), ..Receiver::default() };
        let router = Router::new().route("/matters", post(take)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, address)
    }

    fn take(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut self.got.lock().expect("a lock"))
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.got.lock().expect("a lock").push((headers, body));
    StatusCode::from_u16(receiver.answers.load(Ordering::SeqCst)).expect("a status")
}

/// A platform that was set up: its page, its id, what our messages are signed with, and what its own are.
struct Set {
    page: String,
    id: String,
    out: String,
    back: String,
}

async fn set_up(test: &TestApp, at: &str, url: &str) -> Set {
    let mut admin = test.signed_in(ADMIN).await;
    let key = server::clock::token();
    let fields = [("organisation", at), ("name", "市级平台"), ("way", "webhook"), ("url", url), ("key", &key)];
    let made = admin.post("/staff/matters/platforms", &fields).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.headers["cache-control"], "private, no-store");
    assert_eq!(admin.post("/staff/matters/platforms", &fields).await.location(), "/staff/matters/platforms");
    let html = Html::parse_document(&made.text());
    let all = |selector: &str| -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector).map(|element| element.text().collect()).collect()
    };
    let secrets = all("#secret code.token");
    let address = all("code.token").pop().expect("its address");
    let id = address.trim_end_matches("/events").rsplit('/').next().expect("an id").to_owned();
    let page = format!("/staff/matters/platforms/{id}");
    let shown = admin.get(&page).await.text();
    assert!(secrets.iter().all(|secret| secret.starts_with("whsec_") && !shown.contains(secret)), "shown once");
    Set { page, id, out: secrets[0].clone(), back: secrets[1].clone() }
}

/// What the platform sends, signed with this secret at this moment.
async fn say_as(test: &TestApp, set: &Set, secret: &str, (id, late): (&str, i64), body: &str) -> Answer {
    let at = test.app.clock.now().as_second() - late;
    let signed = signature(secret, id, at, body).expect("signed");
    let at = at.to_string();
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", id),
        ("webhook-timestamp", at.as_str()),
        ("webhook-signature", signed.as_str()),
    ];
    let path = format!("/api/v1/matters/platform/{}/events", set.id);
    test.visitor().request(Method::POST, &path, &headers, body.as_bytes().to_vec()).await
}

async fn say(test: &TestApp, set: &Set, body: &Value) -> Answer {
    say_as(test, set, &set.back, (&server::clock::token(), 0), &body.to_string()).await
}

async fn with_receiver(engine: Engine) -> (TestApp, Receiver, String) {
    let (receiver, address) = Receiver::listen().await;
    let test = TestApp::with(engine, |config| config.push_private = vec![address.clone()]).await;
    (test, receiver, format!("{address}/matters"))
}

/// What arrived, verified by the convention's own library.
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
    crate::peers::read_webhook(&message)["payload"].clone()
}

async fn number_of(browser: &mut Browser, id: &str) -> String {
    matter(browser, id).await["number"].as_str().expect("a number").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_goes_out_signed_and_the_platform_answers_asks_and_is_decided_on() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, receiver, url) = with_receiver(engine).await;
        let set = set_up(&test, "lanxi", &url).await;
        let kept: (String, String) = sqlx::query_as("SELECT out_sealed, in_sealed FROM platform")
            .fetch_one(test.app.db.read())
            .await
            .expect("one");
        assert!(!kept.0.contains(&set.out[6..]) && !kept.1.contains(&set.back[6..]), "sealed");
        let (mut district, mut street) = (test.signed_in(DISTRICT).await, test.signed_in(STREET).await);
        // The street sends what it got from the district on to the platform: its own clock stands still meanwhile.
        let top = sent(&mut district, "lanxi", "org:tongyin", &[]).await;
        done(&mut street, &top, "accept", &[]).await;
        let to = format!("platform:{}", set.id);
        let id = sent(&mut street, "tongyin", &to, &[("parent", &top), ("title", "跨区河道")]).await;
        assert_eq!(state(&mut street, &top).await, "waiting");
        test.run_jobs().await;
        let got = receiver.take();
        assert_eq!(got.len(), 1);
        let told = verified(&test, &set.out, &got[0]);
        let reference = number_of(&mut street, &id).await;
        assert_eq!((told["type"].as_str(), told["title"].as_str()), (Some("matter.sent"), Some("跨区河道")));
        assert_eq!(told["reference"], reference.as_str());
        assert!(told["answers_to"].as_str().expect("where").ends_with(&format!("{}/events", set.id)));

        let step = |step: &str, text: &str, days: i64| json!({"type": "matter.step", "reference": reference, "step": step, "text": text, "days": days});
        // Not signed, signed wrongly, too old, from the future, and one of ours sent back.
        let accept = step("accept", "", 0).to_string();
        let path = format!("/api/v1/matters/platform/{}/events", set.id);
        let bare = test
            .visitor()
            .request(Method::POST, &path, &[("content-type", "application/json")], accept.clone().into_bytes())
            .await;
        assert_eq!(bare.status, 403);
        for (secret, late) in [(&set.out, 0), (&set.back, 301), (&set.back, -301)] {
            assert_eq!(say_as(&test, &set, secret, ("m-1", late), &accept).await.status, 403);
        }
        let other = Set {
            id: "00000000-0000-7000-8000-000000000000".into(),
            page: String::new(),
            out: String::new(),
            back: set.back.clone(),
        };
        assert_eq!(
            say(&test, &other, &step("accept", "", 0)).await.status,
            403,
            "no platform is told apart from a wrong one"
        );
        assert_eq!(state(&mut street, &id).await, "sent");
        let taken = say_as(&test, &set, &set.back, ("m-1", 0), &accept).await;
        assert_eq!(
            (taken.status.as_u16(), taken.json()["state"].as_str()),
            (200, Some("accepted")),
            "{}",
            taken.text()
        );
        // The very same once more.
        assert_eq!(say_as(&test, &set, &set.back, ("m-1", 0), &accept).await.status, 409);
        assert_eq!(say(&test, &set, &step("accept", "", 0)).await.status, 409, "not possible any more");
        // It asks for more time, and is told what we decide.
        assert_eq!(say(&test, &set, &step("ask_extend", "", 3)).await.status, 422, "without a reason");
        assert_eq!(say(&test, &set, &step("ask_extend", "汛期", 99)).await.status, 422);
        assert_eq!(say(&test, &set, &step("ask_extend", "汛期", 3)).await.status, 200);
        assert!(street.get("/staff/matters?tab=decide").await.text().contains(&id));
        done(&mut street, &id, "refuse_extend", &[("text", "不能再等")]).await;
        // It asks to give it back, is refused; we ask to withdraw, it refuses.
        assert_eq!(say(&test, &set, &step("ask_return", "不归我们", 0)).await.status, 200);
        done(&mut street, &id, "refuse_return", &[("text", "归你们")]).await;
        done(&mut street, &id, "ask_withdraw", &[("text", "先撤回")]).await;
        assert_eq!(say(&test, &set, &step("grant_return", "", 0)).await.status, 404, "that is the sender's to say");
        assert_eq!(say(&test, &set, &step("refuse_withdraw", "快办好了", 0)).await.status, 200);
        test.run_jobs().await;
        let mut told: Vec<String> = receiver
            .take()
            .iter()
            .map(|one| verified(&test, &set.out, one)["step"].as_str().expect("a step").to_owned())
            .collect();
        told.sort();
        assert_eq!(told, ["ask_withdraw", "refuse_extend", "refuse_return"]);
        // Its words are words.
        let evil = "<script>alert(1)</script>\u{202e}\u{7}已清淤";
        assert_eq!(say(&test, &set, &step("answer", evil, 0)).await.status, 200);
        let page = street.get(&format!("/staff/matters/{id}")).await.text();
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt;已清淤") && !page.contains("<script>alert"),
            "{page}"
        );
        // What waited for it goes on, and is answered.
        assert_eq!(state(&mut district, &top).await, "answered");
        done(&mut district, &top, "close", &[]).await;
        assert_eq!(state(&mut street, &id).await, "closed");
        test.run_jobs().await;
        assert_eq!(verified(&test, &set.out, &receiver.take()[0])["step"], "close");
        // Another platform does not reach it.
        let other = set_up(&test, "lanxi", &url).await;
        assert_eq!(say(&test, &other, &step("note", "x", 0)).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_hands_down_once_and_hears_what_becomes_of_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, receiver, url) = with_receiver(engine).await;
        let set = set_up(&test, "tongyin", &url).await;
        let mut body = json!({
            "type": "matter.sent", "reference": "SH-2026-77", "title": "清\u{1b}查电动车", "text": "请一周内报结果",
            "organisation": "wutong", "days": 5,
        });
        let first = say(&test, &set, &body).await;
        assert_eq!(first.status, 201, "{}", first.text());
        body["title"] = "改了标题".into();
        let again = say(&test, &set, &body).await;
        assert_eq!((again.status.as_u16(), &again.json()["number"]), (200, &first.json()["number"]));
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM matter").await, 1);
        for (field, value) in [
            ("organisation", json!("tinglan")),
            ("organisation", json!("wutong-g1")),
            ("title", json!("")),
            ("title", json!("字".repeat(81))),
            ("text", json!("字".repeat(4001))),
            ("reference", json!("")),
            ("kind", json!("evil")),
            ("days", json!(0)),
            ("type", json!("evil")),
        ] {
            let mut wrong = body.clone();
            wrong["reference"] = "SH-2026-78".into();
            wrong[field] = value;
            assert_eq!(say(&test, &set, &wrong).await.status, 422, "{field}");
        }
        assert_eq!(say_as(&test, &set, &set.back, ("x", 0), "[1, 2").await.status, 400);
        let mut wutong = test.signed_in(WUTONG).await;
        assert!(wutong.get("/me/inbox").await.text().contains("清查电动车"));
        let list = wutong.get("/api/v1/staff/matters?way=in").await.json();
        let id = list["items"][0]["id"].as_str().expect("it").to_owned();
        assert_eq!(
            (list["items"][0]["title"].as_str(), list["items"][0]["from"].as_str()),
            (Some("清查电动车"), Some("市级平台"))
        );
        done(&mut wutong, &id, "accept", &[]).await;
        done(&mut wutong, &id, "ask_extend", &[("text", "楼多"), ("days", "2")]).await;
        let before = matter(&mut wutong, &id).await["due"].clone();
        let step = |step: &str, text: &str| json!({"type": "matter.step", "reference": "SH-2026-77", "step": step, "text": text});
        assert_eq!(say(&test, &set, &step("grant_extend", "")).await.status, 200);
        assert!(matter(&mut wutong, &id).await["due"].as_str() > before.as_str());
        done(&mut wutong, &id, "answer", &[("text", "查了 12 栋")]).await;
        assert_eq!(say(&test, &set, &step("answer", "x")).await.status, 404, "that is the receiver's to say");
        assert_eq!(say(&test, &set, &step("close", "")).await.status, 200);
        assert_eq!(state(&mut wutong, &id).await, "closed");
        test.run_jobs().await;
        let got: Vec<Value> = receiver.take().iter().map(|one| verified(&test, &set.out, one)).collect();
        assert!(got.iter().all(|one| one["reference"] == "SH-2026-77"), "as the platform calls it: {got:?}");
        let mut steps: Vec<&str> = got.iter().filter_map(|one| one["step"].as_str()).collect();
        steps.sort_unstable();
        assert_eq!(steps, ["accept", "answer", "ask_extend"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_is_tried_given_up_seen_and_sent_again() {
    let (test, receiver, url) = with_receiver(Engine::Sqlite).await;
    let set = set_up(&test, "tongyin", &url).await;
    let mut street = test.signed_in(STREET).await;
    receiver.answers.store(500, Ordering::SeqCst);
    let id = sent(&mut street, "tongyin", &format!("platform:{}", set.id), &[]).await;
    for _ in 0..14 {
        test.run_jobs().await;
        test.app.clock.advance(SignedDuration::from_hours(5));
    }
    let mut admin = test.signed_in(ADMIN).await;
    let mut street = test.signed_in(STREET).await;
    let page = admin.get(&set.page).await.text();
    assert!(page.contains("没送到") && page.contains("answered 500"), "{page}");
    assert!(street.get(&format!("/staff/matters/{id}")).await.text().contains("没有送到平台"));
    receiver.take();
    receiver.answers.store(204, Ordering::SeqCst);
    let log = admin.get(&format!("/api/v1{}/messages", set.page)).await.json();
    let message = log[0]["id"].as_str().expect("it").to_owned();
    assert_eq!(admin.post(&format!("{}/again", set.page), &[("message", &message)]).await.status, 303);
    test.run_jobs().await;
    assert_eq!(receiver.take()[0].0["webhook-id"], message.as_str(), "the same message");
    assert!(!street.get(&format!("/staff/matters/{id}")).await.text().contains("没有送到平台"));
    // Paused: nothing goes and nothing is taken; what was held back goes later.
    admin.post(&format!("{}/pause", set.page), &[("paused", "1")]).await;
    let form = fields("tongyin", "platform:x", &[("key", "k")]);
    assert_eq!(street.post("/staff/matters", &form).await.status, 422);
    done(&mut street, &id, "note", &[("text", "请尽快")]).await;
    test.run_jobs().await;
    assert!(receiver.take().is_empty());
    let reference = number_of(&mut street, &id).await;
    let accept = json!({"type": "matter.step", "reference": reference, "step": "accept"});
    assert_eq!(say(&test, &set, &accept).await.status, 409);
    admin.post(&format!("{}/pause", set.page), &[("paused", "0")]).await;
    assert_eq!(say(&test, &set, &accept).await.status, 200);
    // Other secrets are void at once; a platform that was removed hears and says nothing.
    let page = admin.get(&set.page).await;
    let version = crate::reports::version(&page);
    assert_eq!(admin.post(&format!("{}/rotate", set.page), &[("version", &version)]).await.status, 200);
    let note = json!({"type": "matter.step", "reference": reference, "step": "note", "text": "x"});
    assert_eq!(say(&test, &set, &note).await.status, 403);
    assert_eq!(admin.post(&format!("{}/remove", set.page), &[]).await.status, 303);
    assert_eq!(admin.get(&set.page).await.status, 404);
    assert_eq!(street.get(&format!("/staff/matters/{id}")).await.status, 200, "its matters stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_waits_for_a_platform_that_is_removed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, receiver, url) = with_receiver(engine).await;
        let set = set_up(&test, "tongyin", &url).await;
        let (mut street, mut wutong) = (test.signed_in(STREET).await, test.signed_in(WUTONG).await);
        let mut out = Vec::new();
        for _ in 0..2 {
            let id = sent(&mut street, "tongyin", &format!("platform:{}", set.id), &[]).await;
            let reference = number_of(&mut street, &id).await;
            let accept = json!({"type": "matter.step", "reference": reference, "step": "accept"});
            assert_eq!(say(&test, &set, &accept).await.status, 200);
            out.push(id);
        }
        let body = json!({
            "type": "matter.sent", "reference": "SH-1", "title": "x", "text": "x", "organisation": "wutong", "days": 5,
        });
        assert_eq!(say(&test, &set, &body).await.status, 201);
        let list = wutong.get("/api/v1/staff/matters?way=in").await.json();
        let within = list["items"][0]["id"].as_str().expect("it").to_owned();
        done(&mut wutong, &within, "accept", &[]).await;
        done(&mut wutong, &within, "ask_extend", &[("text", "楼多"), ("days", "2")]).await;
        // One is asked back before the platform goes, the other after.
        done(&mut street, &out[0], "ask_withdraw", &[("text", "已经自己办了")]).await;
        assert_eq!(state(&mut street, &out[0]).await, "withdraw_asked");
        test.run_jobs().await;
        receiver.take();
        let mut admin = test.signed_in(ADMIN).await;
        assert_eq!(admin.post(&format!("{}/remove", set.page), &[]).await.status, 303);
        assert_eq!(state(&mut street, &out[0]).await, "withdrawn");
        done(&mut street, &out[1], "ask_withdraw", &[("text", "没人管了")]).await;
        assert_eq!(state(&mut street, &out[1]).await, "withdrawn");
        let page = street.get(&format!("/staff/matters/{}", out[1])).await.text();
        assert!(page.contains("对接的平台已经删除"), "{page}");
        assert_eq!(state(&mut wutong, &within).await, "accepted");
        done(&mut wutong, &within, "answer", &[("text", "查了 12 栋")]).await;
        test.run_jobs().await;
        assert!(receiver.take().is_empty(), "nobody there hears of it");
        let queued = "SELECT CAST(COUNT(*) AS BIGINT) FROM platform_message WHERE state = 'queued'";
        assert_eq!(number(&test, queued).await, 0);
    }
}

/// Many ask a platform to give something back in the moment in which it is removed: each is answered, by the removal or after it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_a_platform_that_is_just_being_removed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (test, _receiver, url) = with_receiver(engine).await;
        let mut street = test.signed_in(STREET).await;
        let admin = test.signed_in(ADMIN).await;
        for _ in 0..4 {
            let set = set_up(&test, "tongyin", &url).await;
            let mut ids = Vec::new();
            for _ in 0..8 {
                let id = sent(&mut street, "tongyin", &format!("platform:{}", set.id), &[]).await;
                let reference = number_of(&mut street, &id).await;
                let accept = json!({"type": "matter.step", "reference": reference, "step": "accept"});
                assert_eq!(say(&test, &set, &accept).await.status, 200);
                ids.push(id);
            }
            let mut tasks = Vec::new();
            for (nth, id) in ids.iter().enumerate() {
                if nth == 4 {
                    let (mut admin, path) = (admin.clone(), format!("{}/remove", set.page));
                    tasks.push(tokio::spawn(async move { admin.post(&path, &[]).await.status }));
                }
                let (mut street, path) = (street.clone(), format!("/staff/matters/{id}"));
                let fields = [("step", "ask_withdraw"), ("version", "2"), ("text", "已经自己办了")];
                tasks.push(tokio::spawn(async move { street.post(&path, &fields).await.status }));
            }
            for task in tasks {
                assert_eq!(task.await.expect("ran"), StatusCode::SEE_OTHER);
            }
            for id in &ids {
                assert_eq!(state(&mut street, id).await, "withdrawn", "{engine:?}");
            }
        }
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
        "https://[::1]/",
        "https://localhost/",
        "nonsense",
    ] {
        for way in ["webhook", "open311"] {
            let fields = [
                ("organisation", "lanxi"),
                ("name", "平台"),
                ("way", way),
                ("url", url),
                ("service", "x"),
                ("key", "k"),
            ];
            let answer = admin.post("/staff/matters/platforms", &fields).await;
            assert_eq!(answer.status, 422, "{url}");
            assert!(answer.text().contains("url-error") && answer.text().contains(&url.replace('&', "&amp;")), "{url}");
        }
    }
    for phone in [WUTONG, STREET, DISTRICT] {
        assert_eq!(test.signed_in(phone).await.get("/staff/matters/platforms").await.status, 403);
    }
}

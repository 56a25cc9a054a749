//! Web push, read by others: the npm package http_ece decrypts, Node checks the signature.

use super::{LIN, OtherSide, SHEN, choose, number, states};
use crate::{
    mail::ENGINES,
    notices::published,
    peers::{push_keys, read_push},
    support::{Browser, TestApp},
};
use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use server::db::Engine;

async fn app(engine: Engine, push: &OtherSide) -> TestApp {
    let origin = format!("http://127.0.0.1:{}", push.port);
    TestApp::with(engine, |settings| settings.push_private = vec![origin]).await
}

async fn subscribe(browser: &mut Browser, endpoint: &str, keys: &serde_json::Value) -> StatusCode {
    let keys = serde_json::json!({ "p256dh": keys["p256dh"], "auth": keys["auth"] });
    let body = serde_json::json!({ "endpoint": endpoint, "expirationTime": null, "keys": keys }).to_string();
    let answer = browser.send(Method::POST, "/api/v1/me/push", Some("application/json"), body.into_bytes()).await;
    answer.status
}

/// The public key that the page gives to browsers.
async fn key(browser: &mut Browser) -> String {
    let page = browser.get("/me/follows").await.text();
    let page = scraper::Html::parse_document(&page);
    let offer = scraper::Selector::parse(".push-offer").expect("valid");
    page.select(&offer).next().and_then(|offer| offer.attr("data-key")).expect("a key").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_reads_what_it_is_sent_and_who_sent_it() {
    for engine in ENGINES {
        let push = OtherSide::start().await;
        let test = app(engine, &push).await;
        let mut lin = test.signed_in(LIN).await;
        let (keys, second) = (push_keys(), push_keys());
        let endpoint = |name: &str| format!("http://127.0.0.1:{}/{name}", push.port);
        assert_eq!(subscribe(&mut lin, &endpoint("phone"), &keys).await, 204);
        assert_eq!(subscribe(&mut lin, &endpoint("phone"), &keys).await, 204, "twice is once");
        assert_eq!(subscribe(&mut lin, &endpoint("computer"), &second).await, 204);
        let page = lin.get("/me/follows").await.text();
        assert!(!page.contains("127.0.0.1"), "the address is nobody's business");
        let sealed: Vec<(String,)> =
            sqlx::query_as("SELECT sealed FROM push_subscription").fetch_all(test.app.db.read()).await.expect("read");
        assert_eq!(sealed.len(), 2);
        assert!(sealed.iter().all(|(sealed,)| !sealed.contains("127")), "sealed at rest");

        let mut staff = test.signed_in(SHEN).await;
        let key = key(&mut lin).await;
        let title = "5 栋停水 <b>\"别开\"</b>";
        let id = published(&test, &mut staff, &[("title", title)]).await;
        let taken = push.taken();
        assert_eq!(taken.len(), 2, "each browser once");
        let to = |name: &str| taken.iter().find(|one| one.path == format!("/{name}")).expect("a message");
        let read = |taken: &super::Taken, keys: &serde_json::Value| {
            let header = |name: &str| taken.headers[name].to_str().expect("text").to_owned();
            assert_eq!(header("content-encoding"), "aes128gcm");
            assert_eq!((header("ttl"), header("urgency")), ("86400".into(), "normal".into()));
            assert!(header("topic").len() <= 32);
            read_push(&serde_json::json!({
                "keys": keys, "body": STANDARD.encode(&taken.body), "authorization": header("authorization"), "key": key,
            }))
        };
        let told = read(to("phone"), &keys);
        assert_eq!(told["payload"]["title"], format!("【停水停电】{title}"));
        assert_eq!(told["payload"]["url"], format!("/notices/{id}"));
        assert!(told["payload"]["body"].as_str().expect("text").contains("停水时间：8:00–12:00"));
        assert_eq!(told["claims"]["aud"], format!("http://127.0.0.1:{}", push.port));
        let life = told["claims"]["exp"].as_i64().expect("a time") - test.app.clock.now().as_second();
        assert!((1..=86_400).contains(&life), "{life}");
        assert!(told["claims"]["sub"].as_str().expect("a contact").starts_with("http://linli.test"));
        assert_eq!(read(to("computer"), &second)["payload"], told["payload"]);

        // Another server on the same database signs with the same key.
        let again = server::deliver::Deliver::new(&test.app.config).expect("a port");
        assert_eq!(again.push.public_key(&test.app.db, &test.app.secrets).await.expect("kept"), key);

        // A server with another secret does not begin: it could open nothing, and would take everybody for somebody new.
        let other = server::auth::secrets::Secrets::from_bytes(&[8; 32]);
        let refused =
            server::deliver::Deliver::new(&test.app.config).expect("a port").push.prepare(&test.app.db, &other).await;
        assert!(format!("{:#}", refused.expect_err("not with this one")).contains("LINLI_SECRET_FILE"));

        // One that logs out is notified no more, nor is one that is switched off.
        let end = serde_json::json!({ "endpoint": endpoint("computer") }).to_string().into_bytes();
        let ended = lin.send(Method::POST, "/api/v1/me/push/end", Some("application/json"), end).await;
        assert_eq!(ended.status, 204);
        published(&test, &mut staff, &[]).await;
        assert_eq!(push.taken().len(), 3);
        assert_eq!(lin.post("/logout", &[]).await.status, 303);
        published(&test, &mut staff, &[]).await;
        assert_eq!(push.taken().len(), 3);
        // Its address goes with the session: when that is swept away, nothing is left that could be notified.
        let now = test.app.clock.now();
        let mut tx = test.app.db.begin().await.expect("begin");
        server::jobs::queue(&mut tx, &server::jobs::Job::Sweep, now, None, now).await.expect("queued");
        tx.commit().await.expect("commit");
        test.run_jobs().await;
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM push_subscription").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_subscription_removes_itself_and_a_busy_service_is_asked_again_when_it_says() {
    for engine in ENGINES {
        let push = OtherSide::start().await;
        let test = app(engine, &push).await;
        let mut lin = test.signed_in(LIN).await;
        let mut staff = test.signed_in(SHEN).await;
        let keys = push_keys();
        let endpoint = format!("http://127.0.0.1:{}/phone", push.port);
        assert_eq!(subscribe(&mut lin, &endpoint, &keys).await, 204);

        push.answer(|nth| match nth {
            1 => Some((StatusCode::TOO_MANY_REQUESTS, Some("300"))),
            2 => Some((StatusCode::SERVICE_UNAVAILABLE, None)),
            // Taken, and the answer gets lost: the same topic goes again.
            3 => None,
            _ => Some((StatusCode::CREATED, None)),
        });
        published(&test, &mut staff, &[]).await;
        let waiting = || async { states(&test).await.last().cloned().expect("a message") };
        assert_eq!(waiting().await, ("push".into(), "created".into(), "temporary".into()));
        test.app.clock.advance(SignedDuration::from_secs(290));
        test.run_jobs().await;
        assert_eq!(number(&test, "SELECT attempts FROM notice_delivery").await, 1, "not before it says");
        for minutes in [1, 2, 5] {
            test.app.clock.advance(SignedDuration::from_mins(minutes));
            test.run_jobs().await;
        }
        assert_eq!(waiting().await, ("push".into(), "delivered".into(), String::new()));
        let topics: Vec<_> = push.taken().iter().map(|taken| taken.headers["topic"].clone()).collect();
        assert_eq!(topics.len(), 2, "the lost answer and the one that came");
        assert_eq!(topics[0], topics[1], "the push service takes the second for the first");

        push.answer(|_| Some((StatusCode::GONE, None)));
        let id = published(&test, &mut staff, &[]).await;
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM push_subscription").await, 0);
        let page = staff.get(&format!("/staff/notices/{id}/deliveries")).await.text();
        assert!(page.contains("浏览器已经不再接收通知") && page.contains("对方不收"), "{page}");
    }
}

#[tokio::test]
async fn addresses_inside_and_keys_that_are_none_are_refused() {
    let push = OtherSide::start().await;
    let test = app(Engine::Sqlite, &push).await;
    let mut lin = test.signed_in(LIN).await;
    let keys = push_keys();
    let inside = format!("https://127.0.0.1:{}/phone", push.port);
    for endpoint in [
        inside.as_str(),
        "https://localhost/phone",
        "https://10.0.0.1/phone",
        "https://[::ffff:10.0.0.1]/phone",
        "https://169.254.169.254/latest/meta-data",
        "http://push.example.org/phone",
        "https://user@push.example.org/phone",
        "phone",
        "",
    ] {
        assert_eq!(subscribe(&mut lin, endpoint, &keys).await, 422, "{endpoint}");
    }
    let here = format!("http://127.0.0.1:{}/phone", push.port);
    for bad in [
        serde_json::json!({ "p256dh": "", "auth": keys["auth"] }),
        serde_json::json!({ "p256dh": keys["auth"], "auth": keys["auth"] }),
        serde_json::json!({ "p256dh": keys["p256dh"], "auth": keys["p256dh"] }),
    ] {
        assert_eq!(subscribe(&mut lin, &here, &bad).await, 422, "{bad}");
    }
    for (body, status) in [("", 400), ("{", 400), ("{}", 422), ("[1]", 422), ("{\"endpoint\": 1}", 422)] {
        let answer = lin.send(Method::POST, "/api/v1/me/push", Some("application/json"), body.into()).await;
        assert_eq!(answer.status, status, "{body}");
    }
    let large = vec![b' '; 600_000];
    assert_eq!(lin.send(Method::POST, "/api/v1/me/push", Some("application/json"), large).await.status, 413);
    // An address that was outside when it was given and is inside when a message goes there: nothing is sent.
    let sealed = serde_json::json!({ "endpoint": inside, "keys": { "p256dh": keys["p256dh"], "auth": keys["auth"] } });
    assert_eq!(subscribe(&mut lin, &here, &keys).await, 204);
    let sealed = test.app.secrets.seal(&sealed.to_string()).expect("sealed");
    super::run(&test, &format!("UPDATE push_subscription SET sealed = '{sealed}'")).await;
    published(&test, &mut test.signed_in(SHEN).await, &[]).await;
    assert_eq!(states(&test).await, [("push".into(), "failed".into(), "permanent".into())]);
    assert!(push.taken().is_empty());
}

#[tokio::test]
async fn a_person_has_five_browsers_and_a_shared_phone_is_the_last_ones() {
    let push = OtherSide::start().await;
    let test = app(Engine::Sqlite, &push).await;
    let mut lin = test.signed_in(LIN).await;
    let keys = push_keys();
    for n in 0..7 {
        test.app.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(subscribe(&mut lin, &format!("http://127.0.0.1:{}/{n}", push.port), &keys).await, 204);
    }
    assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM push_subscription").await, 5);
    let mut zhou = test.signed_in(super::ZHOU).await;
    assert_eq!(subscribe(&mut zhou, &format!("http://127.0.0.1:{}/6", push.port), &keys).await, 204);
    choose(&mut zhou, &[]).await;
    published(&test, &mut test.signed_in(SHEN).await, &[("aims", "wutong-5")]).await;
    assert_eq!(push.taken().len(), 4, "the phone is not told of her building any more");
    // Nor does it get what waited for the morning when it changed hands.
    test.app.clock.advance(SignedDuration::from_hours(13));
    published(&test, &mut test.signed_in(SHEN).await, &[("aims", "wutong-5")]).await;
    assert_eq!(subscribe(&mut zhou, &format!("http://127.0.0.1:{}/5", push.port), &keys).await, 204);
    test.app.clock.advance(SignedDuration::from_hours(9));
    test.run_jobs().await;
    assert_eq!(push.taken().len(), 4 + 3);
    assert!(states(&test).await.contains(&("push".into(), "failed".into(), "stopped".into())));
    // A browser on which nobody was seen for a year is forgotten.
    test.app.clock.advance(SignedDuration::from_hours(24 * 366));
    server::notices::following::push::sweep(&test.app.db, test.app.clock.now()).await.expect("swept");
    assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM push_subscription").await, 0);
}

#[tokio::test]
async fn an_alarm_waits_at_the_push_service_until_it_ends_and_what_takes_it_back_takes_its_place() {
    let push = OtherSide::start().await;
    let test = app(Engine::Sqlite, &push).await;
    let mut lin = test.signed_in(LIN).await;
    let keys = push_keys();
    assert_eq!(subscribe(&mut lin, &format!("http://127.0.0.1:{}/phone", push.port), &keys).await, 204);
    let mut staff = test.signed_in(SHEN).await;
    let mut alarm = super::stories::EMERGENCY.to_vec();
    alarm.retain(|(name, _)| *name != "ends_at");
    alarm.push(("ends_at", "2026-11-25T10:20"));
    let id = published(&test, &mut staff, &alarm).await;
    let header = |nth: usize, name: &str| push.taken()[nth].headers[name].to_str().expect("text").to_owned();
    assert_eq!((header(0, "ttl"), header(0, "urgency")), ("1200".into(), "high".into()));
    let reason = [("reason", "是误报")];
    assert_eq!(staff.post(&format!("/staff/notices/{id}/withdraw"), &reason).await.status, 303);
    test.run_jobs().await;
    assert_eq!((header(1, "ttl"), header(1, "urgency")), ("86400".into(), "high".into()));
    assert_eq!(header(1, "topic"), header(0, "topic"), "it takes the place of what waits");
    published(&test, &mut staff, &[]).await;
    assert_ne!(header(2, "topic"), header(0, "topic"));
}

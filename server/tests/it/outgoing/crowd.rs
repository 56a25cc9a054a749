//! A crowd on three channels, other sides that fail every fifth time and are killed in the middle, and a real server that is
//! killed in the middle. The same with 50,000 people is a case of `make bench`.

use super::{LIN, OtherSide, SHEN, number, run, stories::EMERGENCY};
use crate::{
    mail::{ENGINES, Smtp},
    notices::{version, written},
    peers::push_keys,
    process::Process,
    support::TestApp,
};
use app::people::Phone;
use axum::http::StatusCode;
use server::{auth::session, db::Engine, notices::outgoing::send};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::time::Instant;

/// Residents of 梧桐 beside the demo's: all have a number, of ten one has a browser and nine an address, and of these one
/// that refuses.
const PEOPLE: i64 = 2_000;

/// Somebody in the crowd.
struct One {
    id: String,
    phone: String,
    /// Address, or path of their browser's subscription.
    at: String,
}

async fn crowd(test: &TestApp, push: &OtherSide) -> Vec<One> {
    let keys = push_keys();
    let now = test.app.clock.now();
    let secrets = &test.app.secrets;
    let (community, _) = &test.loaded.organisations["wutong"];
    let mut all = Vec::new();
    let mut tx = test.app.db.begin().await.expect("begin");
    for n in 0..PEOPLE {
        let phone = format!("1980000{n:04}");
        let number = Phone::parse(&phone).expect("a number");
        let found = server::people::store::find_or_create(&mut tx, secrets, &number, Some(community), now).await;
        let id = found.expect("a person").id;
        let at = match n % 10 {
            0 => format!("/push/{n}"),
            9 => format!("full{n}@example.cn"),
            _ => format!("some{n}@example.cn"),
        };
        if n % 10 == 0 {
            let subscription = serde_json::json!({
                "endpoint": format!("http://127.0.0.1:{}{at}", push.port),
                "keys": { "p256dh": keys["p256dh"], "auth": keys["auth"] },
            });
            sqlx::query(
                "INSERT INTO push_subscription (id, person_id, session_id, endpoint_hash, sealed, device, created_at) \
                 VALUES ($1, $2, '', $1, $3, '', $4)",
            )
            .bind(format!("subscription-{n}"))
            .bind(&id)
            .bind(secrets.seal(&subscription.to_string()).expect("sealed"))
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await
            .expect("written");
        } else {
            let sealed = secrets.seal(&at).expect("sealed");
            server::people::store::set_email(&mut tx, &id, &sealed, "m***").await.expect("set");
            server::people::store::confirm_email(&mut tx, &id, now).await.expect("confirmed");
            sqlx::query("INSERT INTO notice_choice (person_id, email, kinds, updated_at) VALUES ($1, 1, '|', 0)")
                .bind(&id)
                .execute(&mut *tx)
                .await
                .expect("chosen");
        }
        all.push(One { id, phone, at });
    }
    tx.commit().await.expect("commit");
    all
}

async fn server(test: &TestApp, smtp: &Smtp, sms: (&OtherSide, bool), push: &OtherSide) -> Process {
    let (provider, mail) = (sms.0.sms(sms.1), smtp.settings().url.to_string());
    let notice_body = provider.notice_body.unwrap_or_default();
    let private = format!("http://127.0.0.1:{}", push.port);
    let settings: [(&str, &str); 9] = [
        ("LINLI_DATABASE_URL", test.database_url.as_str()),
        ("LINLI_DEMO", "1"),
        ("LINLI_DEMO_NOW", "2026-11-25T10:00:05+08:00"),
        ("LINLI_SMTP_URL", &mail),
        ("LINLI_MAIL_FROM", "no-reply@linli.test"),
        ("LINLI_SMS_URL", provider.url.as_str()),
        ("LINLI_SMS_BODY", &provider.body),
        ("LINLI_SMS_NOTICE_BODY", &notice_body),
        ("LINLI_PUSH_PRIVATE", &private),
    ];
    Process::start(&settings).await
}

async fn open(test: &TestApp) -> i64 {
    number(test, "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE state IN ('created', 'sending')").await
}

async fn delivered(test: &TestApp) -> i64 {
    number(test, "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE state = 'delivered'").await
}

/// Waits between tries go by in no time. PostgreSQL may refuse this over a deadlock with the running server, which holds
/// some of these rows: the next time it will do.
async fn waits_go_by(test: &TestApp) {
    let sql = "UPDATE notice_delivery SET due_at = 1 WHERE state = 'created' AND due_at > 1";
    let mut tx = test.app.db.begin().await.expect("begin");
    if sqlx::query(sql).execute(&mut *tx).await.is_ok() {
        tx.commit().await.expect("commit");
    }
}

/// What a dead server held is free: its leases have ended.
async fn leases_end(test: &TestApp) {
    run(test, "UPDATE notice_delivery SET due_at = 1 WHERE state = 'sending'").await;
    run(test, "UPDATE job SET locked_until = 1 WHERE state = 'running'").await;
}

async fn told(test: &TestApp) -> i64 {
    number(test, "SELECT CAST(COALESCE(MAX(people), 0) AS BIGINT) FROM notice_fan_out").await
}

/// Waits until it is so.
async fn until<F: AsyncFn() -> bool>(what: &str, so: F) {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < Duration::from_secs(240), "{what} takes too long");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Publishes an emergency over HTTP and gives its id, and how long the answer took.
async fn publish(test: &TestApp, server: &Process) -> (String, Duration) {
    let mut staff = test.signed_in(SHEN).await;
    let id = written(&mut staff, EMERGENCY).await;
    let version = version(&mut staff, &id).await;
    let name = session::cookie_name(false);
    let cookie = format!("{name}={}", staff.cookies[name]);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let begun = Instant::now();
    let answer = client
        .post(server.url(&format!("/staff/notices/{id}/publish")))
        .header("cookie", cookie)
        .header("sec-fetch-site", "same-origin")
        .form(&[("version", version.as_str())])
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 303);
    (id, begun.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_once_on_each_channel_or_it_is_seen() {
    for engine in ENGINES {
        eprintln!("-- on {engine:?}");
        crowd_on(engine, true).await;
    }
}

/// Most providers do not know a text that comes again: then none is sent again that may have gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_without_ids_gets_no_text_twice() {
    crowd_on(Engine::Postgres, false).await;
}

async fn crowd_on(engine: Engine, with_id: bool) {
    let (mut smtp, mut sms, push) = (Smtp::start(), OtherSide::start().await, OtherSide::start().await);
    let test = TestApp::new(engine).await;
    let people = crowd(&test, &push).await;
    // Every fifth fails: half of these say so, and of half the answer gets lost after the text was taken.
    let failing = |nth: usize| match nth % 10 {
        3 => Some((StatusCode::SERVICE_UNAVAILABLE, None)),
        8 => None,
        _ => Some((StatusCode::CREATED, None)),
    };
    sms.answer(failing);
    push.answer(failing);
    let mut server = server(&test, &smtp, (&sms, with_id), &push).await;
    let key = "SELECT sealed FROM kept_key WHERE name = 'vapid'";
    let (first_key,): (String,) = sqlx::query_as(key).fetch_one(test.app.db.read()).await.expect("made at first start");
    let (id, answered) = publish(&test, &server).await;
    assert!(answered < Duration::from_secs(2), "publishing answers at once: {answered:?}");

    // The first are told: the server dies.
    until("the first", async || told(&test).await > 0).await;
    server.kill();
    eprintln!("killed with {} told", told(&test).await);
    leases_end(&test).await;
    server.start_again().await;

    // A quarter is through: the mail server and the SMS provider die, and come back after a while.
    until("a quarter", async || delivered(&test).await > PEOPLE / 2).await;
    smtp.kill();
    sms.end();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut letters = smtp.taken();
    let failing_now = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE failure = 'temporary'";
    until("nobody is there", async || number(&test, failing_now).await > PEOPLE / 20).await;
    let smtp = Smtp::start_at(smtp.port);
    sms.begin().await;

    // Half is through: the server dies, the other sides still being there.
    until("half", async || {
        waits_go_by(&test).await;
        delivered(&test).await > PEOPLE
    })
    .await;
    server.kill();
    let held = number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE state = 'sending'").await;
    let most = i64::try_from(3 * send::LANES * send::LOT).expect("few");
    assert!(held <= most, "{held} messages were on their way, {most} may be");
    eprintln!("killed with {} delivered, {held} on their way", delivered(&test).await);
    leases_end(&test).await;
    server.start_again().await;
    let finished = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_fan_out WHERE finished_at IS NOT NULL";
    until("the rest", async || {
        waits_go_by(&test).await;
        number(&test, finished).await == 1 && open(&test).await == 0
    })
    .await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    letters.extend(smtp.taken());
    server.kill();

    let (same_key,): (String,) = sqlx::query_as(key).fetch_one(test.app.db.read()).await.expect("kept");
    assert_eq!(same_key, first_key, "made once");

    // The inbox: one message for each person.
    let inbox: Vec<(String, i64)> = sqlx::query_as(
        "SELECT person_id, CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE dedupe_key = $1 GROUP BY person_id",
    )
    .bind(format!("notice:{id}"))
    .fetch_all(test.app.db.read())
    .await
    .expect("read");
    assert!(inbox.iter().all(|(_, count)| *count == 1));
    let inbox: BTreeSet<&str> = inbox.iter().map(|(person, _)| person.as_str()).collect();
    assert!(people.iter().all(|one| inbox.contains(one.id.as_str())));
    assert!(inbox.contains(test.person(LIN)));

    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT person_id, channel, state, failure FROM notice_delivery")
            .fetch_all(test.app.db.read())
            .await
            .expect("read");
    let row: BTreeMap<(&str, &str), (&str, &str)> = rows
        .iter()
        .map(|(person, channel, state, failure)| {
            ((person.as_str(), channel.as_str()), (state.as_str(), failure.as_str()))
        })
        .collect();
    assert_eq!(row.len(), rows.len(), "one row for each person and channel");

    // SMS: the provider knows what comes again by its id, and has one id for each number; without ids it has one text.
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for taken in sms.taken().iter().filter(|_| with_id) {
        let text: serde_json::Value = serde_json::from_slice(&taken.body).expect("JSON");
        let of = |name: &str| text[name].as_str().expect("text").to_owned();
        ids.entry(of("to")).or_default().insert(of("id"));
    }
    let texts = sms.texts();
    // Letters: by address, each counted.
    let mut by_address: BTreeMap<String, usize> = BTreeMap::new();
    for letter in &letters {
        *by_address.entry(letter["to"][0].as_str().expect("an address").to_owned()).or_default() += 1;
    }
    // Push: a topic for each browser.
    let mut topics: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for taken in push.taken() {
        topics.entry(taken.path).or_default().insert(taken.headers["topic"].to_str().expect("text").to_owned());
    }
    let (mut unsure, mut unsure_texts, mut lost) = (0, 0, 0);
    for one in &people {
        match row[&(one.id.as_str(), "sms")] {
            ("delivered", _) if with_id => assert_eq!(ids[&one.phone].len(), 1, "{}", one.phone),
            ("delivered", _) => assert_eq!(texts[&one.phone].len(), 1, "{}", one.phone),
            ("failed", "unsure") if !with_id => {
                let came = texts.get(&one.phone).map_or(0, Vec::len);
                assert!(came <= 1, "{} texts to {}", came, one.phone);
                unsure_texts += 1;
                lost += 1 - came;
            }
            other => panic!("{}: {other:?}", one.phone),
        }
        if one.at.starts_with("/push/") {
            assert_eq!(row[&(one.id.as_str(), "push")], ("delivered", ""), "{}", one.at);
            assert_eq!(topics[&one.at].len(), 1, "{}", one.at);
            continue;
        }
        let came = by_address.get(&one.at).copied().unwrap_or_default();
        match row[&(one.id.as_str(), "email")] {
            ("delivered", _) => assert_eq!(came, 1, "{}", one.at),
            ("failed", "permanent") => assert!(one.at.starts_with("full") && came == 0, "{}", one.at),
            ("failed", "unsure") => {
                assert!(came <= 1, "{}", one.at);
                unsure += 1;
            }
            other => panic!("{}: {other:?}", one.at),
        }
    }
    // On their way when the server died, twice, or when the mail server did.
    assert!(unsure <= 3 * send::LANES * send::LOT, "{unsure} letters are unsure");
    // An answer that got lost makes a text unsure, and so does a death on the way; nobody's text went missing otherwise.
    let most = 3 * send::LANES * send::LOT;
    assert!(lost <= most, "{lost} texts are unsure and did not come");
    assert_eq!(unsure_texts > people.len() / 20, !with_id, "{unsure_texts} texts are unsure");
    let mut staff = test.signed_in(SHEN).await;
    let page = staff.get(&format!("/staff/notices/{id}/deliveries")).await.text();
    assert!(page.contains("no such mailbox"), "what failed is seen: {page}");
    assert_eq!(page.contains("再发一次不确定的"), unsure + unsure_texts > 0);
    let sent = sms.taken().len();
    eprintln!("{} letters, {unsure} unsure; {sent} texts, {unsure_texts} unsure, for {}", letters.len(), people.len());
}

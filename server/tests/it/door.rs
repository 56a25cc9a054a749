//! The door: codes, their limits, sessions.

use crate::support::{Answer, Browser, TestApp, on_both};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::db::Engine;
use sqlx::{Column, Row};

/// A number that nobody in the demo has.
const NEW: &str = "13800138000";

/// Asks for a code and gives the reference in the address of the code's page.
pub async fn ask(browser: &mut Browser, phone: &str, next: &str) -> String {
    let answer = browser.post("/login", &[("phone", phone), ("next", next)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let location = answer.location();
    assert!(location.starts_with("/login/code?c="), "{location}");
    assert!(!location.contains(&phone[3..]), "the number is in the address: {location}");
    location.split("c=").nth(1).and_then(|rest| rest.split('&').next()).expect("a reference").to_owned()
}

/// The code that the demo shows.
pub async fn shown_code(browser: &mut Browser, reference: &str) -> String {
    let page = browser.get(&format!("/login/code?c={reference}")).await.text();
    let html = scraper::Html::parse_document(&page);
    let code = scraper::Selector::parse("#demo-code").expect("a selector");
    html.select(&code).next().expect("the demo shows the code").text().collect()
}

async fn type_code(browser: &mut Browser, reference: &str, code: &str) -> Answer {
    browser.post("/login/code", &[("c", reference), ("code", code), ("next", "/me")]).await
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

#[tokio::test]
async fn somebody_new_logs_in_and_gives_a_name() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        browser.get("/c/wutong").await;
        let reference = ask(&mut browser, "+86 138 0013 8000", "/me/appointments").await;
        let page = browser.get(&format!("/login/code?c={reference}&next=/me/appointments")).await;
        assert!(page.text().contains("138****8000") && !page.text().contains(NEW));
        let code = shown_code(&mut browser, &reference).await;
        let answer =
            browser.post("/login/code", &[("c", &reference), ("code", &code), ("next", "/me/appointments")]).await;
        assert_eq!(answer.location(), "/me/name?next=%2Fme%2Fappointments", "{}", answer.text());
        let cookie = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().expect("text"));
        let cookie = cookie.filter(|c| c.starts_with("linli=")).collect::<Vec<_>>().join("");
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        let answer = browser
            .post("/me/name", &[("name", " 王 小明 "), ("building", "wutong-3"), ("next", "/me/appointments")])
            .await;
        assert_eq!(answer.location(), "/me/appointments");
        let me = browser.get("/me").await.text();
        assert!(me.contains("王 小明") && me.contains("138****8000") && me.contains("梧桐社区 3栋"), "{me}");
        // The second time the name is known and the person is the same.
        let mut phone = test.visitor();
        test.app.clock.advance(SignedDuration::from_mins(2));
        let reference = ask(&mut phone, NEW, "").await;
        let code = shown_code(&mut phone, &reference).await;
        assert_eq!(type_code(&mut phone, &reference, &code).await.location(), "/me");
        assert!(phone.get("/me").await.text().contains("王 小明"));
    })
    .await;
}

#[tokio::test]
async fn five_wrong_tries_kill_a_code() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, NEW, "").await;
        let code = shown_code(&mut browser, &reference).await;
        for left in ["4", "3", "2", "1"] {
            let answer = type_code(&mut browser, &reference, &wrong(&code)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().contains(&format!("还可以再试 {left} 次")), "{}", answer.text());
        }
        let answer = type_code(&mut browser, &reference, "12").await;
        assert!(answer.text().contains("请填写 6 位数字"), "what is no code is no try");
        assert!(type_code(&mut browser, &reference, &wrong(&code)).await.text().contains("已作废"));
        let answer = type_code(&mut browser, &reference, &code).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the right code comes too late");
        assert!(answer.text().contains("已作废"));
        assert!(browser.get("/me").await.text().contains("还没有登录"));
    })
    .await;
}

#[tokio::test]
async fn tries_are_counted_once_over_two_servers() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, NEW, "").await;
        let code = shown_code(&mut browser, &reference).await;
        let routers = [test.router.clone(), test.another_server().await];
        let guesses = (0..16).map(|n| {
            let mut browser = test.visitor_of(&routers[n % 2]);
            let (reference, guess) = (reference.clone(), wrong(&code));
            tokio::spawn(async move { type_code(&mut browser, &reference, &guess).await.text() })
        });
        let mut counted = 0;
        for guess in guesses.collect::<Vec<_>>() {
            counted += usize::from(guess.await.expect("answered").contains("还可以再试"));
        }
        assert_eq!(counted, 4, "the fifth and later tries say that the code is dead");
        assert_eq!(type_code(&mut browser, &reference, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_code_works_once() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, NEW, "").await;
        let code = shown_code(&mut browser, &reference).await;
        let routers = [test.router.clone(), test.another_server().await];
        let taps = (0..4).map(|n| {
            let mut browser = test.visitor_of(&routers[n % 2]);
            let (reference, code) = (reference.clone(), code.clone());
            tokio::spawn(async move { type_code(&mut browser, &reference, &code).await.status })
        });
        let mut opened = 0;
        for tap in taps.collect::<Vec<_>>() {
            opened += usize::from(tap.await.expect("answered") == StatusCode::SEE_OTHER);
        }
        assert_eq!(opened, 1);
        let late = type_code(&mut browser, &reference, &code).await;
        assert!(late.text().contains("已经用过"), "{}", late.text());
    })
    .await;
}

#[tokio::test]
async fn a_code_expires_after_five_minutes() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, NEW, "").await;
        let code = shown_code(&mut browser, &reference).await;
        test.app.clock.advance(SignedDuration::from_secs(300));
        let answer = type_code(&mut browser, &reference, &code).await;
        assert!(answer.text().contains("已过期"), "{}", answer.text());
        // A new one can be asked for without typing the number again, and works until just before its end.
        let again = browser.post("/login/resend", &[("c", &reference), ("next", "/me")]).await;
        let reference =
            again.location().split("c=").nth(1).and_then(|rest| rest.split('&').next()).expect("a reference");
        let code = shown_code(&mut browser, reference).await;
        test.app.clock.advance(SignedDuration::from_secs(299));
        assert_eq!(type_code(&mut browser, reference, &code).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Asks for a code and tells whether the limit refused it.
async fn refused(browser: &mut Browser, phone: &str) -> bool {
    let answer = browser.post("/login", &[("phone", phone)]).await;
    match answer.status {
        StatusCode::SEE_OTHER => false,
        StatusCode::TOO_MANY_REQUESTS => {
            assert!(answer.headers.contains_key("retry-after"));
            assert!(answer.text().contains("太频繁"), "{}", answer.text());
            true
        }
        other => panic!("{other}: {}", answer.text()),
    }
}

#[tokio::test]
async fn codes_to_one_number_are_limited_over_servers() {
    on_both(|test| async move {
        let mut here = test.visitor();
        let mut there = test.visitor_of(&test.another_server().await);
        there.ip = "192.0.2.2".to_owned();
        assert!(!refused(&mut here, NEW).await);
        assert!(refused(&mut there, NEW).await, "one a minute");
        let mut sent = 1;
        for _ in 0..8 {
            test.app.clock.advance(SignedDuration::from_secs(61));
            sent += i32::from(!refused(&mut there, NEW).await);
        }
        assert_eq!(sent, 5, "five an hour");
        for _ in 0..30 {
            test.app.clock.advance(SignedDuration::from_mins(21));
            sent += i32::from(!refused(&mut here, NEW).await);
        }
        // The run lies within one day of UTC, in which the windows are counted.
        assert_eq!(sent, 10, "ten a day");
    })
    .await;
}

#[tokio::test]
async fn codes_from_one_address_and_one_browser_are_limited_over_servers() {
    on_both(|test| async move {
        let routers = [test.router.clone(), test.another_server().await];
        let number = |n: usize| format!("138{n:08}");
        let mut sent = 0;
        for n in 0..70 {
            // A browser that forgets its cookies each time.
            let mut browser = test.visitor_of(&routers[n % 2]);
            sent += usize::from(!refused(&mut browser, &number(n)).await);
        }
        assert_eq!(sent, 60, "from one address");
        let mut sent = 0;
        let mut browser = test.visitor();
        browser.get("/login").await;
        for n in 100..115 {
            // A browser that changes its address each time.
            browser.ip = format!("198.51.100.{n}");
            sent += usize::from(!refused(&mut browser, &number(n)).await);
        }
        assert_eq!(sent, 10, "from one browser");
    })
    .await;
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_a_number_is_known() {
    // Not in demo mode, where demo people are treated as such; then a demo person is a known number like any other.
    let test = TestApp::with(Engine::Sqlite, |config| config.demo = false).await;
    let mut answers = Vec::new();
    for phone in ["19900000001", "19955550001"] {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, phone, "").await;
        let page = browser.get(&format!("/login/code?c={reference}")).await;
        assert!(!page.text().contains("demo-code"), "codes are shown in demo mode only");
        answers.push((page.status, page.text().replace(&reference, "")));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn mistyped_numbers_are_told_and_kept() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut browser = test.visitor();
    let long = "1".repeat(5000);
    for typed in ["", "12345", "<script>alert(1)</script>", long.as_str()] {
        let answer = browser.post("/login", &[("phone", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text();
        assert!(text.contains("error-summary") && !text.contains("<script>alert"), "{text}");
    }
    for nonsense in ["", "x", "' OR 1=1 --", "\u{0}"] {
        let answer = type_code(&mut browser, nonsense, "123456").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "back to the start: {nonsense:?}");
        assert!(answer.location().starts_with("/login?next="), "{}", answer.location());
    }
}

#[tokio::test]
async fn nobody_is_led_away_after_logging_in() {
    let test = TestApp::new(Engine::Sqlite).await;
    for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, "19900000001", evil).await;
        let code = shown_code(&mut browser, &reference).await;
        let answer = browser.post("/login/code", &[("c", &reference), ("code", &code), ("next", evil)]).await;
        assert_eq!(answer.location(), "/me");
        let answer = browser.get(&format!("/login?next={evil}")).await;
        assert_eq!(answer.location(), "/me", "signed in already");
        let answer = browser.post("/preferences", &[("lang", "en"), ("next", evil)]).await;
        assert_eq!(answer.location(), "/");
    }
}

#[tokio::test]
async fn logging_in_again_ends_the_session_before() {
    on_both(|test| async move {
        let mut browser = test.signed_in("19900000001").await;
        let before = browser.clone();
        let reference = ask(&mut browser, "19900000003", "").await;
        let code = shown_code(&mut browser, &reference).await;
        type_code(&mut browser, &reference, &code).await;
        assert_ne!(browser.cookies["linli"], before.cookies["linli"]);
        assert!(browser.get("/me").await.text().contains("何立群"));
        assert!(before.clone().get("/me").await.text().contains("还没有登录"), "the old token is dead");
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_the_session_in_the_database() {
    on_both(|test| async move {
        let mut browser = test.signed_in("19900000001").await;
        let copied = browser.clone();
        assert_eq!(browser.post("/logout", &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!browser.cookies.contains_key("linli"));
        assert!(copied.clone().get("/me").await.text().contains("还没有登录"));
        assert_eq!(test.visitor().post("/logout", &[]).await.status, StatusCode::SEE_OTHER, "twice does no harm");
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_idle_and_in_any_case() {
    on_both(|test| async move {
        let days = |n: i64| SignedDuration::from_hours(24 * n);
        let signed_in = |page: Answer| !page.text().contains("还没有登录");
        let mut idle = test.signed_in("19900000001").await;
        let mut used = test.signed_in("19900000001").await;
        for _ in 0..6 {
            test.app.clock.advance(days(29));
            assert!(signed_in(used.get("/me").await), "seen within 30 days");
        }
        assert!(!signed_in(idle.get("/me").await), "not seen for 30 days");
        test.app.clock.advance(days(5));
        assert!(signed_in(used.get("/me").await));
        test.app.clock.advance(days(2));
        assert!(!signed_in(used.get("/me").await), "180 days are over");
    })
    .await;
}

#[tokio::test]
async fn cookies_on_https_are_bound_to_host_and_channel() {
    let test = TestApp::with(Engine::Sqlite, |config| {
        config.public_url = "https://linli.test".parse().expect("an address");
    })
    .await;
    let mut browser = test.visitor();
    let reference = ask(&mut browser, "19900000001", "").await;
    let code = shown_code(&mut browser, &reference).await;
    let answer = type_code(&mut browser, &reference, &code).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().expect("text")).collect();
    let session = cookies.iter().find(|c| c.starts_with("__Host-linli=")).expect("a session cookie");
    assert!(session.contains("HttpOnly") && session.contains("Path=/") && !session.contains("Domain"), "{session}");
    assert!(cookies.iter().all(|cookie| cookie.contains("; Secure")), "{cookies:?}");
    assert!(answer.headers.contains_key("strict-transport-security"));
    // A plain cookie of that name, as a neighbouring host could set it, is no session.
    let token = browser.cookies.remove("__Host-linli").expect("a session");
    browser.cookies.insert("linli".to_owned(), token);
    assert!(browser.get("/me").await.text().contains("还没有登录"));
}

#[tokio::test]
async fn numbers_are_nowhere_in_the_database_in_clear() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, NEW, "").await;
        let code = shown_code(&mut browser, &reference).await;
        type_code(&mut browser, &reference, &wrong(&code)).await;
        type_code(&mut browser, &reference, &code).await;
        browser.post("/me/name", &[("name", "王小明")]).await;
        let tables = match test.app.db.engine() {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Engine::Postgres => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
            }
        };
        let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(test.app.db.read()).await.expect("tables");
        let mut cells = 0;
        for (table,) in tables.into_iter().filter(|(name,)| !name.starts_with("_sqlx")) {
            let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
            for row in sqlx::query(sql).fetch_all(test.app.db.read()).await.expect("rows") {
                for column in row.columns() {
                    let Ok(Some(text)) = row.try_get::<Option<String>, _>(column.ordinal()) else { continue };
                    cells += 1;
                    for phone in test.loaded.people.keys().map(String::as_str).chain([NEW, code.as_str()]) {
                        assert!(!text.contains(phone), "{phone} is in {table}.{}: {text}", column.name());
                    }
                }
            }
        }
        assert!(cells > 1000, "the dump saw the data: {cells}");
    })
    .await;
}

#[tokio::test]
async fn a_provider_gets_the_code() {
    use std::sync::{Arc, Mutex};
    let got: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = got.clone();
    let provider = axum::Router::new().route(
        "/send",
        axum::routing::post(move |body: String| async move {
            let fail = body.contains("13800000002");
            kept.lock().expect("unpoisoned").push(body);
            if fail { StatusCode::BAD_GATEWAY } else { StatusCode::OK }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move { axum::serve(listener, provider).await });
    let test = TestApp::with(Engine::Sqlite, |config| {
        config.demo = false;
        config.sms = Some(server::config::SmsConfig {
            url: format!("http://{address}/send").parse().expect("an address"),
            body: r#"{"to":"{phone}","code":"{code}","text":"{text}"}"#.to_owned(),
            content_type: "application/json".to_owned(),
            authorization: None,
            notice_body: None,
            ok: None,
        });
    })
    .await;
    let mut browser = test.visitor();
    let reference = ask(&mut browser, NEW, "").await;
    let sent: serde_json::Value = serde_json::from_str(&got.lock().expect("unpoisoned")[0]).expect("JSON");
    assert_eq!(sent["to"], NEW);
    let code = sent["code"].as_str().expect("a code").to_owned();
    assert!(sent["text"].as_str().expect("text").contains(&code));
    assert_eq!(type_code(&mut browser, &reference, &code).await.status, StatusCode::SEE_OTHER);
    let answer = test.visitor().post("/login", &[("phone", "13800000002")]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("短信没有发出去"), "{}", answer.text());
    server.abort();
}

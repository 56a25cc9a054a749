//! Staff roles act only after their second factor.

use crate::support::{Browser, TestApp, on_both};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::db::Engine;
use totp_rs::{Algorithm, Secret, TOTP};

const ADMIN: &str = "19900000099";
const PAGE: &str = "/login/second-factor?next=/staff/jobs";

async fn real(engine: Engine) -> TestApp {
    TestApp::with(engine, |config| config.demo = false).await
}

/// What an authenticator app makes of the page's secret.
fn authenticator(page: &str) -> TOTP {
    let html = scraper::Html::parse_document(page);
    let selector = scraper::Selector::parse(".factor-secret").expect("a selector");
    let secret: String = html.select(&selector).next().expect("the page shows the secret").text().collect();
    let secret = Secret::Encoded(secret.replace(' ', "")).to_bytes().expect("Base32");
    TOTP::new(Algorithm::SHA1, 6, 1, 30, secret, None, "test".to_owned()).expect("valid")
}

fn code(app: &TOTP, test: &TestApp) -> String {
    app.generate(u64::try_from(test.app.clock.now().as_second()).expect("after 1970"))
}

async fn type_code(browser: &mut Browser, code: &str) -> crate::support::Answer {
    browser.post("/login/second-factor", &[("code", code), ("next", "/staff/jobs")]).await
}

#[tokio::test]
async fn staff_set_up_an_app_and_then_may_act() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = real(engine).await;
        let mut browser = test.signed_in(ADMIN).await;
        let answer = browser.get("/staff/jobs").await;
        assert_eq!(answer.location(), "/login/second-factor?next=%2Fstaff%2Fjobs");
        let page = browser.get(PAGE).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers["cache-control"], "private, no-store");
        let app = authenticator(&page.text());
        assert_eq!(
            app.secret,
            authenticator(&browser.get(PAGE).await.text()).secret,
            "loading it again changes nothing"
        );
        let first = code(&app, &test);
        assert_eq!(type_code(&mut browser, "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let token = browser.cookies["linli"].clone();
        assert_eq!(type_code(&mut browser, &first).await.location(), "/staff/jobs");
        assert_ne!(browser.cookies["linli"], token, "a session that can do more has a new token");
        assert_eq!(browser.get("/staff/jobs").await.status, StatusCode::OK);

        // Another session has to show it too; the same code does not do a second time, nor an older one.
        let mut other = test.signed_in(ADMIN).await;
        let page = other.get(PAGE).await.text();
        assert!(!page.contains("factor-secret"), "the secret is shown until it was confirmed, never after");
        let answer = type_code(&mut other, &first).await;
        assert!(answer.text().contains("已经用过"), "{}", answer.text());
        assert_eq!(other.get("/staff/jobs").await.status, StatusCode::SEE_OTHER);
        test.app.clock.advance(SignedDuration::from_secs(30));
        assert_eq!(type_code(&mut other, &code(&app, &test)).await.status, StatusCode::SEE_OTHER);
        assert_eq!(other.get("/staff/jobs").await.status, StatusCode::OK);
        test.app.clock.advance(SignedDuration::from_hours(12));
        assert_eq!(other.get("/staff/jobs").await.status, StatusCode::SEE_OTHER, "it holds for twelve hours");

        // The operator can forget a lost app.
        server::operate::reset_second_factor(&test.app, ADMIN).await.expect("known");
        assert!(other.get(PAGE).await.text().contains("factor-secret"));
    }
}

#[tokio::test]
async fn one_code_opens_one_session_of_many() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = real(engine).await;
        let mut browser = test.signed_in(ADMIN).await;
        let app = authenticator(&browser.get(PAGE).await.text());
        type_code(&mut browser, &code(&app, &test)).await;
        test.app.clock.advance(SignedDuration::from_secs(60));
        let code = code(&app, &test);
        let mut tasks = Vec::new();
        for _ in 0..5 {
            let mut browser = test.signed_in(ADMIN).await;
            let code = code.clone();
            tasks.push(tokio::spawn(async move { type_code(&mut browser, &code).await.status }));
        }
        let mut shown = 0;
        for task in tasks {
            shown += usize::from(task.await.expect("answered") == StatusCode::SEE_OTHER);
        }
        assert_eq!(shown, 1);
    }
}

#[tokio::test]
async fn tries_are_limited() {
    let test = real(Engine::Sqlite).await;
    let mut browser = test.signed_in(ADMIN).await;
    let app = authenticator(&browser.get(PAGE).await.text());
    for _ in 0..6 {
        assert_eq!(type_code(&mut browser, "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = type_code(&mut browser, &code(&app, &test)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "even the right one");
    assert_eq!(browser.get("/staff/jobs").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn demo_people_are_exempt_in_demo_mode_only() {
    on_both(|test| async move {
        assert_eq!(test.signed_in(ADMIN).await.get("/staff/jobs").await.status, StatusCode::OK);
        // A person who is not of the demo is not exempt in demo mode either.
        let admin = server::operate::NewRole {
            phone: "13800138000",
            name: "真管理员",
            role: "admin",
            at: "lanxi",
            ..Default::default()
        };
        server::operate::add_person(&test.app, &admin).await.expect("added");
        let phone = app::people::Phone::parse("13800138000").expect("a number");
        let id = server::people::store::id_by_phone(&test.app.db, &test.app.secrets, &phone);
        let id = id.await.expect("reads").expect("added");
        let mut tx = test.app.db.begin().await.expect("begin");
        let token = server::auth::session::open(&mut tx, &id, "", test.app.clock.now()).await.expect("open");
        tx.commit().await.expect("commit");
        let mut browser = test.visitor();
        browser.cookies.insert("linli".to_owned(), token);
        assert!(browser.get("/staff/jobs").await.location().starts_with("/login/second-factor"));
    })
    .await;
    let test = real(Engine::Sqlite).await;
    let answer = test.signed_in(ADMIN).await.get("/staff/jobs").await;
    assert!(answer.location().starts_with("/login/second-factor"));
}

#[tokio::test]
async fn residents_and_volunteers_are_not_asked() {
    let test = real(Engine::Sqlite).await;
    for phone in ["19900000001", "19900000011"] {
        let answer = test.signed_in(phone).await.get("/login/second-factor?next=/me").await;
        assert_eq!(answer.location(), "/me");
    }
    assert_eq!(test.visitor().get(PAGE).await.status, StatusCode::SEE_OTHER);
}

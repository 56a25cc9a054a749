//! Sessions: none that somebody else chose, none that outlives its end.

use crate::{
    door::{ask, shown_code},
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use server::db::Engine;
use totp_rs::{Algorithm, Secret, TOTP};

async fn is_signed_in(browser: &Browser) -> bool {
    !browser.clone().get("/me").await.text().contains("还没有登录")
}

/// Somebody who can plant a cookie in a reader's browser, or looks over their shoulder before they log in, has nothing after.
#[tokio::test]
async fn a_session_that_somebody_planted_is_nobodys() {
    on_both(|test| async move {
        // One that was made up, and one of the attacker's own.
        let attacker = test.signed_in("19900000003").await;
        for planted in ["A".repeat(43), attacker.cookies["linli"].clone()] {
            let mut reader = test.visitor();
            reader.cookies.insert("linli".into(), planted.clone());
            let reference = ask(&mut reader, "19900000001", "").await;
            let code = shown_code(&mut reader, &reference).await;
            let answer = reader.post("/login/code", &[("c", &reference), ("code", &code), ("next", "/me")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            assert_ne!(reader.cookies["linli"], planted, "a new token at every log-in");
            assert!(reader.get("/me").await.text().contains("林晓禾"));
            let mut somebody = test.visitor();
            somebody.cookies.insert("linli".into(), planted);
            assert!(!is_signed_in(&somebody).await, "what was planted opens nothing");
        }
        // A cookie that is no token at all.
        for nonsense in ["", "x", "' OR 1=1 --", &"é".repeat(30), &"A".repeat(4000)] {
            let mut somebody = test.visitor();
            somebody.cookies.insert("linli".into(), nonsense.to_owned());
            assert!(!is_signed_in(&somebody).await);
        }
    })
    .await;
}

#[tokio::test]
async fn the_token_of_before_the_second_factor_is_dead_after_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = TestApp::with(engine, |config| config.demo = false).await;
        let mut browser = test.signed_in("19900000099").await;
        let before = browser.clone();
        let page = browser.get("/login/second-factor?next=/staff/jobs").await.text();
        let html = scraper::Html::parse_document(&page);
        let selector = scraper::Selector::parse(".factor-secret").expect("a selector");
        let secret: String = html.select(&selector).next().expect("a secret").text().collect();
        let secret = Secret::Encoded(secret.replace(' ', "")).to_bytes().expect("Base32");
        let app = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret, None, "test".to_owned()).expect("valid");
        let now = u64::try_from(test.app.clock.now().as_second()).expect("after 1970");
        let code = app.generate(now);
        let answer = browser.post("/login/second-factor", &[("code", &code), ("next", "/staff/jobs")]).await;
        assert_eq!(answer.location(), "/staff/jobs");
        assert!(is_signed_in(&browser).await);
        assert!(!is_signed_in(&before).await, "whoever had the token before has nothing now");
    }
}

#[tokio::test]
async fn signed_out_everywhere_is_everywhere() {
    on_both(|test| async move {
        let mut here = test.signed_in("19900000001").await;
        let (phone, library) = (test.signed_in("19900000001").await, test.signed_in("19900000001").await);
        let other = test.signed_in("19900000003").await;
        let page = here.get("/me/devices").await.text();
        assert_eq!(page.matches("/revoke\"").count(), 2, "the two others can be ended: {page}");
        assert_eq!(here.post("/me/devices/revoke-others", &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!is_signed_in(&phone).await && !is_signed_in(&library).await);
        assert!(is_signed_in(&here).await && is_signed_in(&other).await, "this one, and other people's, stay");
        let out = here.post("/logout", &[]).await;
        assert_eq!(out.headers["clear-site-data"], "\"cache\"", "pages that this browser keeps go");
        assert!(!is_signed_in(&here).await);
    })
    .await;
}

/// A token with which a person's program reads what is theirs.
async fn token_of(test: &TestApp, phone: &str) -> String {
    use server::auth::tokens::{self, NewToken};
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let new = NewToken {
        person_id: test.person(phone),
        name: "a program",
        scopes: &app::people::Scopes::parse("me:read"),
        second_factor: false,
        form_key: "secure-sessions",
        expires: now + jiff::SignedDuration::from_hours(24),
    };
    let (_, token) = tokens::make(&mut tx, &test.app.secrets, new, now).await.expect("written").expect("new");
    tx.commit().await.expect("commit");
    token
}

async fn by_token(test: &TestApp, token: &str) -> StatusCode {
    let bearer = format!("Bearer {token}");
    test.visitor().get_with("/api/v1/me", &[("authorization", &bearer)]).await.status
}

/// Whoever leaves loses the role at once, and every session and token with it.
#[tokio::test]
async fn a_role_that_is_taken_back_ends_at_once() {
    on_both(|test| async move {
        let (phone, page) = ("19900000031", "/staff/notices");
        let mut staff = test.signed_in(phone).await;
        assert_eq!(staff.get(page).await.status, StatusCode::OK);
        let program = token_of(&test, phone).await;
        assert_eq!(by_token(&test, &program).await, StatusCode::OK);
        let refused = server::operate::remove_role(&test.app, phone, "admin", "wutong").await;
        assert!(refused.is_err(), "a role that they do not have");
        assert_eq!(staff.get(page).await.status, StatusCode::OK, "nothing was changed");
        server::operate::remove_role(&test.app, phone, "community_staff", "wutong").await.expect("taken back");
        assert!(!is_signed_in(&staff).await);
        assert_eq!(by_token(&test, &program).await, StatusCode::UNAUTHORIZED, "nor does a program of theirs go on");
        let mut again = test.signed_in(phone).await;
        assert_eq!(again.get(page).await.status, StatusCode::FORBIDDEN, "a resident like everybody");
        server::operate::sign_out(&test.app, phone).await.expect("signed out");
        assert!(!is_signed_in(&again).await);
        let written: Vec<(String,)> =
            sqlx::query_as("SELECT action FROM audit_log WHERE actor_kind = 'operator' ORDER BY id")
                .fetch_all(test.app.db.read())
                .await
                .expect("read");
        let mut written: Vec<&str> = written.iter().map(|(action,)| action.as_str()).collect();
        written.sort_unstable();
        assert_eq!(written, ["role.revoke", "session.revoke_all", "session.revoke_all"]);
    })
    .await;
}

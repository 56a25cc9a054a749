//! Guessing one's way in: codes, second factors, keys and links.

use crate::{
    door::{ask, shown_code},
    support::{TestApp, on_both},
};
use app::people::CODE_TRIES;
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::db::Engine;
use std::time::{Duration, Instant};

/// A swarm with an address, a browser and a number for each request gets no more codes than the deployment pays for, over
/// all servers; people are told in words, and the next hour begins anew.
#[tokio::test]
async fn a_swarm_gets_no_more_codes_than_the_settings_say() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = TestApp::with(engine, |config| config.codes_per_hour = 20).await;
        let routers = [test.router.clone(), test.another_server().await];
        let attempt = |n: usize| {
            let mut browser = test.visitor_of(&routers[n % 2]);
            browser.ip = format!("198.51.{}.{}", n / 250, n % 250);
            async move { browser.post("/login", &[("phone", &format!("138{n:08}"))]).await }
        };
        let (mut sent, mut refused) = (0, 0);
        for n in 0..60 {
            let answer = attempt(n).await;
            match answer.status {
                StatusCode::SEE_OTHER => sent += 1,
                StatusCode::TOO_MANY_REQUESTS => {
                    refused += 1;
                    assert!(answer.text().contains("太频繁") && answer.headers.contains_key("retry-after"));
                }
                other => panic!("{other}: {}", answer.text()),
            }
        }
        assert_eq!((sent, refused), (20, 40));
        test.app.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(attempt(100).await.status, StatusCode::SEE_OTHER);
    }
}

/// How often a number's code can be guessed at in a day: five tries of a code, ten codes, by however many addresses and
/// browsers. Fifty of a million.
#[tokio::test]
async fn a_number_can_be_guessed_at_fifty_times_a_day() {
    let test = TestApp::new(Engine::Sqlite).await;
    let (mut codes, mut guesses) = (0, 0);
    // Twenty hours within one day of UTC, in which the windows are counted.
    for n in 0..200 {
        let mut browser = test.visitor();
        browser.ip = format!("203.0.{}.{}", n / 250, n % 250);
        let answer = browser.post("/login", &[("phone", "13800138000")]).await;
        if answer.status == StatusCode::SEE_OTHER {
            codes += 1;
            let location = answer.location().to_owned();
            let reference = location.split("c=").nth(1).and_then(|rest| rest.split('&').next()).expect("a reference");
            let code = shown_code(&mut browser, reference).await;
            let wrong = format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000);
            for _ in 0..20 {
                let answer = browser.post("/login/code", &[("c", reference), ("code", &wrong)]).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
                guesses += i64::from(!answer.text().contains("已作废"));
            }
            // The fifth try says that it was the last.
            guesses += 1;
        }
        test.app.clock.advance(SignedDuration::from_mins(6));
    }
    assert_eq!((codes, guesses), (10, 10 * CODE_TRIES));
}

/// A code is for the number that it was sent to, and for the page that asked for it.
#[tokio::test]
async fn a_code_opens_only_what_it_was_sent_for() {
    on_both(|test| async move {
        let (mut mine, mut theirs) = (test.visitor(), test.visitor());
        let my_page = ask(&mut mine, "13800138001", "").await;
        let their_page = ask(&mut theirs, "13800138002", "").await;
        let my_code = shown_code(&mut mine, &my_page).await;
        let their_code = shown_code(&mut theirs, &their_page).await;
        if my_code != their_code {
            let answer = mine.post("/login/code", &[("c", &their_page), ("code", &my_code)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // Asking again makes another code; the one before is for its own page still, and each works once.
        test.app.clock.advance(SignedDuration::from_secs(61));
        let newer = ask(&mut mine, "13800138001", "").await;
        let newer_code = shown_code(&mut mine, &newer).await;
        if newer_code != my_code {
            let crossed = mine.post("/login/code", &[("c", &newer), ("code", &my_code)]).await;
            assert_eq!(crossed.status, StatusCode::UNPROCESSABLE_ENTITY, "an older code on a newer page");
        }
        assert_eq!(mine.post("/login/code", &[("c", &newer), ("code", &newer_code)]).await.status, 303);
        assert_eq!(mine.post("/login/code", &[("c", &newer), ("code", &newer_code)]).await.status, 422);
    })
    .await;
}

/// Wrong tries of the second factor count for the person, in whatever session and at whatever server, and are written down.
#[tokio::test]
async fn second_factors_are_guessed_at_by_person_not_by_session() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = TestApp::with(engine, |config| config.demo = false).await;
        test.signed_in("19900000099").await.get("/login/second-factor").await;
        let routers = [test.router.clone(), test.another_server().await];
        let (mut wrong, mut refused) = (0, 0);
        for n in 0..20 {
            let mut browser = test.visitor_of(&routers[n % 2]);
            browser.cookies = test.signed_in("19900000099").await.cookies;
            browser.ip = format!("192.0.2.{n}");
            match browser.post("/login/second-factor", &[("code", &format!("{n:06}"))]).await.status {
                StatusCode::UNPROCESSABLE_ENTITY => wrong += 1,
                StatusCode::TOO_MANY_REQUESTS => refused += 1,
                // A one in 333,333 chance.
                StatusCode::SEE_OTHER => return,
                other => panic!("{other}"),
            }
        }
        assert_eq!((wrong, refused), (6, 14), "six in five minutes");
        let noted: (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'second_factor.refused'")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(noted.0, 6);
    }
}

/// Each wrong code is written down, without the code and without the number.
#[tokio::test]
async fn wrong_codes_are_written_down() {
    on_both(|test| async move {
        let mut browser = test.visitor();
        let reference = ask(&mut browser, "13800138000", "").await;
        let code = shown_code(&mut browser, &reference).await;
        let wrong = format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000);
        for _ in 0..5 {
            browser.post("/login/code", &[("c", &reference), ("code", &wrong)]).await;
        }
        let noted: Vec<(String, String)> =
            sqlx::query_as("SELECT action, detail FROM audit_log WHERE object_kind = 'login_code' ORDER BY at, id")
                .fetch_all(test.app.db.read())
                .await
                .expect("read");
        let mut actions: Vec<&str> = noted.iter().map(|(action, _)| action.as_str()).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["login.exhausted", "login.refused", "login.refused", "login.refused", "login.refused"]);
        assert!(noted.iter().all(|(_, detail)| detail == "{}"), "{noted:?}");
    })
    .await;
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// How long the answer takes tells no more than what it says. Known and unknown numbers take turns, so that whatever else the
/// machine does falls on both.
#[tokio::test]
async fn the_time_of_the_answer_does_not_tell_whether_a_number_is_known() {
    // Not in demo mode: there, a demo person's code is sent nowhere.
    let test = TestApp::with(Engine::Sqlite, |config| {
        config.demo = false;
        config.codes_per_hour = i64::MAX;
    })
    .await;
    let known: Vec<&String> = test.loaded.people.keys().take(60).collect();
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for (n, phone) in known.iter().enumerate() {
        for (phone, times) in [((*phone).clone(), &mut of_known), (format!("138{n:08}"), &mut of_unknown)] {
            let mut browser = test.visitor();
            browser.ip = format!("198.51.100.{n}");
            #[expect(clippy::disallowed_methods, reason = "measures")]
            let begun = Instant::now();
            let answer = browser.post("/login", &[("phone", &phone)]).await;
            times.push(begun.elapsed());
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
    }
    let (known, unknown) = (middle(of_known).as_secs_f64(), middle(of_unknown).as_secs_f64());
    eprintln!("known {:.2} ms, unknown {:.2} ms", known * 1e3, unknown * 1e3);
    let ratio = known / unknown;
    assert!((0.5..2.0).contains(&ratio), "known numbers take {ratio:.2} times as long");
}

/// A link's token is 128 bits of a keyed hash of the thing it opens: another thing's token, a cut one or none opens nothing.
#[tokio::test]
async fn a_link_opens_with_its_own_token_only() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = crate::access::samples(&test).await;
    let person = test.person("19900000001");
    let secrets = &test.app.secrets;
    let ticket = &samples["/tickets/{id}"];
    let good = secrets.link_token("ticket", ticket);
    assert_eq!(test.visitor().get(&format!("/tickets/{ticket}?t={good}")).await.status, StatusCode::OK);
    let mut bad = vec![String::new(), good[..good.len() - 1].to_owned(), format!("{good}A"), good.to_lowercase()];
    bad.push(secrets.link_token("ticket", "another"));
    bad.push(secrets.link_token("appointment", ticket));
    bad.push(secrets.link_token("mail-stop", person));
    for token in bad {
        let answer = test.visitor().get(&format!("/tickets/{ticket}?t={token}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{token}");
    }
}

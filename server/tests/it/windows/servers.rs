//! Two server processes on one database: the same race as one process would have, over HTTP.

use super::{halls, one_window_with, taken};
use crate::{
    process::Process,
    support::{TestApp, on_both},
};
/// Sessions of the first so many demo residents, as the servers' clock sees time.
async fn sessions(test: &TestApp, count: usize) -> Vec<String> {
    let now = server::clock::Clock::system().now();
    let mut tokens = Vec::new();
    let mut tx = test.app.db.begin().await.expect("begin");
    for phone in test.loaded.residents.iter().take(count) {
        tokens.push(server::auth::session::open(&mut tx, test.person(phone), "test", now).await.expect("open"));
    }
    tx.commit().await.expect("commit");
    tokens
}

/// The hall is open around the clock on every day, so that the real clock, whatever it shows, offers slots; dated
/// exceptions hold in years whose holidays are unknown as well.
async fn open_every_day(test: &TestApp) -> jiff::civil::Date {
    let today = app::time::day_of(server::clock::Clock::system().now());
    let hall = server::windows::store::halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let mut tx = test.app.db.begin().await.expect("begin");
    for days in 0..20 {
        let day = today.checked_add(jiff::Span::new().days(days)).expect("in range");
        let hours = [("00:00", "23:30")];
        server::windows::store::halls::set_exception(&mut tx, &hall.id, day, &hours, ("", "")).await.expect("set");
    }
    tx.commit().await.expect("commit");
    today
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_server_processes_give_three_places_to_three_of_fifty() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 3).await;
        let day = open_every_day(&test).await.checked_add(jiff::Span::new().days(3)).expect("in range");
        let wanted = super::slot(&day.to_string(), "0900");
        let settings = [("LINLI_DATABASE_URL", test.database_url.as_str())];
        let (one, two) = tokio::join!(Process::start(&settings), Process::start(&settings));
        let client = reqwest::Client::new();
        let tokens = sessions(&test, 50).await;
        let tasks: Vec<_> = tokens
            .into_iter()
            .enumerate()
            .map(|(n, token)| {
                let server = if n % 2 == 0 { &one } else { &two };
                let request = client
                    .post(server.url("/services/flexible-employment/book"))
                    .header("cookie", format!("linli={token}"))
                    .header("origin", server.url(""))
                    .form(&[("slot", wanted.as_str()), ("key", &format!("k{n}"))]);
                tokio::spawn(async move { request.send().await })
            })
            .collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            let answer = task.await.expect("no panic").expect("an answer");
            outcomes.push((
                answer.status().as_u16(),
                answer.url().path().to_owned(),
                answer.text().await.expect("text"),
            ));
        }
        let booked = outcomes.iter().filter(|(_, path, _)| path.starts_with("/appointments/")).count();
        assert_eq!(booked, 3, "exactly as many as there are places");
        for (status, path, text) in outcomes.iter().filter(|(_, path, _)| !path.starts_with("/appointments/")) {
            assert_eq!(*status, 409, "{path}: {text}");
            assert!(text.contains(&super::slot(&day.to_string(), "0930")), "the next free time is named: {text}");
        }
        assert_eq!(taken(&test).await, (3, 3));
    })
    .await;
}

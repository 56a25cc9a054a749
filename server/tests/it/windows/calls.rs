//! Eight windows that call at once, from two processes.

use super::{
    STAFF, halls,
    queue::{SECOND_CLERK, chains_are_whole, draw, wutong},
    servers::{no_deadlocks, sessions_at},
};
use crate::{
    process::Process,
    support::{TestApp, on_both},
};
use app::windows::queue::PriorityClass;
use server::windows::store;
use std::collections::BTreeMap;

/// Windows that serve everything: the hall's own five and three more.
async fn eight_windows(test: &TestApp) {
    let hall = wutong(test).await;
    let items: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM service_item").fetch_all(test.app.db.read()).await.expect("read");
    let items: Vec<&str> = items.iter().map(|(id,)| id.as_str()).collect();
    let mut tx = test.app.db.begin().await.expect("begin");
    for number in 11..19 {
        let window = store::halls::NewWindow {
            id: &server::clock::new_id(test.app.clock.now()),
            hall_id: &hall.id,
            number,
            name: ("综合", ""),
            capacity: (2, 1),
        };
        store::halls::insert_window(&mut tx, window, &items).await.expect("inserted");
    }
    tx.commit().await.expect("commit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_windows_of_two_processes_call_each_of_200_people_once() {
    const PEOPLE: usize = 200;
    on_both(|test| async move {
        // The processes have the real clock: the numbers are drawn by it as well.
        let real = server::clock::Clock::system().now();
        test.app.clock.advance(real.duration_since(test.app.clock.now()));
        halls(&test).await;
        eight_windows(&test).await;
        for n in 0..PEOPLE {
            let class = PriorityClass::ALL[n % 5];
            draw(&test, "pension-check", class).await;
        }
        let settings = [("LINLI_DATABASE_URL", test.database_url.as_str())];
        let (one, two) = tokio::join!(Process::start(&settings), Process::start(&settings));
        // Two clerks, each at four windows.
        let clerks = sessions_at(&test, &[STAFF, SECOND_CLERK], real).await;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let tasks: Vec<_> = (11..19)
            .map(|number| {
                let server = if number % 2 == 0 { one.url("") } else { two.url("") };
                let (client, token) = (client.clone(), clerks[number % 4 / 2].clone());
                tokio::spawn(async move {
                    let post = async |path: &str, fields: Vec<(&str, String)>| {
                        let answer = client
                            .post(format!("{server}/staff/counter/hall-wutong.{number}/{path}"))
                            .header("cookie", format!("linli={token}"))
                            .header("origin", &server)
                            .form(&fields)
                            .send()
                            .await
                            .expect("an answer");
                        let status = answer.status().as_u16();
                        let text = answer.text().await.expect("text");
                        assert!(status == 303 || status == 409, "{path}: {status} {text}");
                        (status, text)
                    };
                    assert_eq!(post("open", Vec::new()).await.0, 303);
                    let mut calls = 0;
                    for n in 0.. {
                        // Every tap is sent twice, as an impatient network does.
                        let key = || vec![("key", format!("{number}.{n}"))];
                        let (first, second) = tokio::join!(post("call", key()), post("call", key()));
                        if first.0 == 409 && second.0 == 409 {
                            break;
                        }
                        assert_eq!((first.0, second.0), (303, 303), "a repeated tap is answered like the first");
                        calls += 1;
                        let page = client
                            .get(format!("{server}/staff/counter/hall-wutong.{number}"))
                            .header("cookie", format!("linli={token}"))
                            .send()
                            .await
                            .expect("an answer")
                            .text()
                            .await
                            .expect("text");
                        let id = page.split("name=\"ticket\" value=\"").nth(1).expect("a ticket");
                        let id = id.split('"').next().expect("an id").to_owned();
                        let step = |step: &str| {
                            vec![("ticket", id.clone()), ("step", step.to_owned()), ("key", format!("{step}.{id}"))]
                        };
                        assert_eq!(post("step", step("start")).await.0, 303);
                        assert_eq!(post("step", step("finish")).await.0, 303);
                    }
                    calls
                })
            })
            .collect();
        let mut calls = 0;
        for task in tasks {
            calls += task.await.expect("no panic");
        }
        assert_eq!(calls, PEOPLE, "every person was called by exactly one window");
        let steps: Vec<(String, i64)> = sqlx::query_as(
            "SELECT action, CAST(COUNT(*) AS BIGINT) FROM ticket_step GROUP BY action ORDER BY action",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("counted");
        let steps: BTreeMap<String, i64> = steps.into_iter().collect();
        assert_eq!(steps, BTreeMap::from([("call".into(), 200), ("finish".into(), 200), ("start".into(), 200)]));
        chains_are_whole(&test).await;
        no_deadlocks(&test).await;
        let by_clerk: Vec<(i64,)> = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_step WHERE action = 'call' GROUP BY staff_id",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(by_clerk.len(), 2, "both called: {by_clerk:?}");
        // Priority classes were all called before anybody else.
        let (wrong,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket a JOIN ticket b ON a.class = 'ordinary' AND b.class <> 'ordinary' \
             JOIN ticket_step x ON x.ticket_id = a.id AND x.action = 'call' \
             JOIN ticket_step y ON y.ticket_id = b.id AND y.action = 'call' WHERE x.version < y.version",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(wrong, 0, "calls are made in the order of the line");
    })
    .await;
}

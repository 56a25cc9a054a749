//! What the database decides.

use super::{STREET, WUTONG, XINGWU, done, fields, matter, number, sent, state};
use crate::support::on_both;
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_a_step_one_does() {
    on_both(|test| async move {
        let mut wutong = test.signed_in(WUTONG).await;
        let street = test.signed_in(STREET).await;
        let id = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
        let tasks: Vec<_> = (0..12)
            .map(|n| {
                let (mut browser, path) = (street.clone(), format!("/staff/matters/{id}"));
                let step = if n % 2 == 0 { "accept" } else { "ask_return" };
                tokio::spawn(async move {
                    browser.post(&path, &[("step", step), ("version", "1"), ("text", "x")]).await.status
                })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            match task.await.expect("ran") {
                StatusCode::SEE_OTHER => taken += 1,
                other => assert_eq!(other, StatusCode::CONFLICT),
            }
        }
        assert_eq!(taken, 1);
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM matter_event").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_form_sends_one_and_numbers_are_never_the_same() {
    on_both(|test| async move {
        let wutong = test.signed_in(WUTONG).await;
        let tasks: Vec<_> = (0..16)
            .map(|n| {
                let mut browser = wutong.clone();
                tokio::spawn(async move {
                    let key = format!("race-{}", n / 2);
                    let form = fields("wutong", "org:tongyin", &[("key", &key)]);
                    browser.post("/staff/matters", &form).await.status
                })
            })
            .collect();
        for task in tasks {
            let status = task.await.expect("ran");
            assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{status}");
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM matter").await, 8);
        assert_eq!(number(&test, "SELECT CAST(COUNT(DISTINCT number) AS BIGINT) FROM matter").await, 8);
    })
    .await;
}

/// Two children answer at the same moment while the receiver tries to hand on once more: the matter above is answered once,
/// with both, or waits for the third.
#[tokio::test(flavor = "multi_thread")]
async fn a_tree_moves_one_step_at_a_time() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let mut xingwu = test.signed_in(XINGWU).await;
        for _ in 0..3 {
            let top = sent(&mut wutong, "wutong", "org:tongyin", &[]).await;
            done(&mut street, &top, "accept", &[]).await;
            let mut children = Vec::new();
            for _ in 0..2 {
                let child = sent(&mut street, "tongyin", "org:xingwu", &[("parent", &top)]).await;
                done(&mut xingwu, &child, "accept", &[]).await;
                children.push(child);
            }
            let mut running = Vec::new();
            for child in &children {
                let (mut browser, path) = (xingwu.clone(), format!("/staff/matters/{child}"));
                running.push(tokio::spawn(async move {
                    browser.post(&path, &[("step", "answer"), ("version", "2"), ("text", "好")]).await.status
                }));
            }
            let (mut browser, parent) = (street.clone(), top.clone());
            running.push(tokio::spawn(async move {
                let key = server::clock::token();
                let form = fields("tongyin", "org:cailing", &[("parent", &parent), ("key", &key)]);
                browser.post("/staff/matters", &form).await.status
            }));
            let mut said = Vec::new();
            for task in running {
                said.push(task.await.expect("ran"));
            }
            assert_eq!(said[..2], [StatusCode::SEE_OTHER; 2], "{said:?}");
            let above = matter(&mut street, &top).await;
            let third = said[2] == StatusCode::SEE_OTHER;
            assert_eq!(state(&mut street, &top).await, if third { "in_progress" } else { "answered" }, "{above}");
            assert_eq!(above["children"].as_array().map(Vec::len), Some(if third { 3 } else { 2 }));
            let answers = above["events"].as_array().expect("events").iter().filter(|event| event["step"] == "answer");
            assert_eq!(answers.count(), usize::from(!third));
        }
    })
    .await;
}

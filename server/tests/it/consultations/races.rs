//! What the database decides: one voice of a household, however many phones speak at the same moment.

use super::{HE, LIN, SHEN, ZHOU, asked, moves};
use crate::{outgoing::number, support::on_both};
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_phones_of_one_household_at_the_same_moment() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        for phone in [HE, ZHOU] {
            moves(&test, phone, "wutong-5").await;
        }
        for round in 0..5 {
            let id = asked(&test, &mut staff, "single", "household").await;
            let page = format!("/consultations/{id}");
            let mut phones = Vec::new();
            for (nth, phone) in [LIN, HE, ZHOU].into_iter().enumerate() {
                // Each phone taps twice, as thumbs do.
                for tap in 0..2 {
                    let (mut browser, page) = (test.signed_in(phone).await, page.clone());
                    let flat = ["2单元501", "2-501", "二单元５０１"][nth].to_owned();
                    let choice = (tap + nth).rem_euclid(3).to_string();
                    phones.push(tokio::spawn(async move {
                        browser.post(&page, &[("flat", flat.as_str()), ("choices", choice.as_str())]).await.status
                    }));
                }
            }
            let mut taken = 0;
            for phone in phones {
                let status = phone.await.expect("a task");
                assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{status}");
                taken += usize::from(status == StatusCode::SEE_OTHER);
            }
            assert!((1..=2).contains(&taken), "one person's taps are taken, in round {round}: {taken}");
            let of = |what: &str| {
                format!("SELECT CAST(COUNT({what}) AS BIGINT) FROM consultation_voice WHERE consultation_id = '{id}'")
            };
            assert_eq!(number(&test, &of("*")).await, 1, "one household, one voice");
            let speakers =
                format!("SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_speaker WHERE consultation_id = '{id}'");
            assert_eq!(number(&test, &speakers).await, 1, "the others were told");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_database_itself_refuses_a_second_voice() {
    on_both(|test| async move {
        use app::consultations::voice::Said;
        use server::consultations::store::voices::{self, Source};
        let mut staff = test.signed_in(SHEN).await;
        let id = asked(&test, &mut staff, "single", "household").await;
        let mut tasks = Vec::new();
        for _ in 0..16 {
            let (app, id) = (test.app.clone(), id.clone());
            tasks.push(tokio::spawn(async move {
                let source =
                    Source { key: "h:b:2-501", person_id: None, building_id: None, flat: "2-501", entered_by: None };
                let mut tx = app.db.begin().await.expect("begin");
                let said = Said { choices: vec![0], comment: String::new() };
                let made = voices::insert(&mut tx, &id, source, &said, app.clock.now()).await.expect("an answer");
                tx.commit().await.expect("commit");
                usize::from(made.is_some())
            }));
        }
        let mut made = 0;
        for task in tasks {
            made += task.await.expect("a task");
        }
        assert_eq!(made, 1, "of sixteen without any lock");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_speaks_once_it_is_withdrawn() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = asked(&test, &mut staff, "single", "person").await;
        let page = format!("/consultations/{id}");
        let mut tasks = Vec::new();
        for phone in [LIN, HE, ZHOU] {
            let (mut browser, page) = (test.signed_in(phone).await, page.clone());
            tasks.push(tokio::spawn(async move { browser.post(&page, &[("choices", "0")]).await.status }));
        }
        assert_eq!(super::step(&test, &mut staff, &id, "withdraw", &[("withdrawn", "问错了")]).await, 303);
        let mut spoke = 0;
        for task in tasks {
            let status = task.await.expect("a task");
            assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{status}");
            spoke += i64::from(status == StatusCode::SEE_OTHER);
        }
        let count = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_voice WHERE consultation_id = '{id}'");
        assert_eq!(number(&test, &count).await, spoke, "who was told so is counted, and nobody else");
    })
    .await;
}

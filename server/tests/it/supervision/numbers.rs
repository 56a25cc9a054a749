//! Numbers without gaps, and one of several who takes a step.

use super::*;
use crate::support::on_both;
use std::collections::BTreeSet;

/// Letters issued at once.
const MANY: usize = 24;

#[tokio::test(flavor = "multi_thread")]
async fn many_issued_at_once_get_numbers_without_gaps_for_each_issuer_kind_and_year() {
    on_both(|test| async move {
        let mut street = test.signed_in(STREET).await;
        let mut drafts = Vec::new();
        for n in 0..MANY {
            let kind = if n % 3 == 0 { "order" } else { "notice" };
            let key = format!("numbers-{n}");
            drafts.push(drafted(&mut street, &with(&key, &[("kind", kind)])).await);
        }
        // Two servers, and every letter is issued by two people at once: a refused one takes no number away.
        let another = test.another_server().await;
        let mut tasks = tokio::task::JoinSet::new();
        for id in drafts {
            for server in [false, true] {
                let mut browser = street.clone();
                if server {
                    let cookies = browser.cookies.clone();
                    browser = test.visitor_of(&another);
                    browser.cookies = cookies;
                }
                let path = format!("/staff/supervision/{id}/steps");
                tasks.spawn(async move { browser.post(&path, &[("step", "issue"), ("version", "1")]).await.status });
            }
        }
        let (mut won, mut lost) = (0, 0);
        while let Some(status) = tasks.join_next().await {
            match status.expect("it ends") {
                StatusCode::SEE_OTHER => won += 1,
                StatusCode::CONFLICT => lost += 1,
                other => panic!("{other}"),
            }
        }
        assert_eq!((won, lost), (MANY, MANY));
        for (kind, count) in [("order", MANY / 3), ("notice", MANY - MANY / 3)] {
            let numbers: Vec<(i64, String)> = sqlx::query_as(
                "SELECT number, sign FROM supervision_letter WHERE kind = $1 AND year = 2026 ORDER BY number",
            )
            .bind(kind)
            .fetch_all(test.app.db.read())
            .await
            .expect("numbers");
            let expected: Vec<i64> = (1..=i64::try_from(count).expect("few")).collect();
            assert_eq!(numbers.iter().map(|(number, _)| *number).collect::<Vec<_>>(), expected, "{kind}");
            let signs: BTreeSet<&String> = numbers.iter().map(|(_, sign)| sign).collect();
            assert_eq!(signs.len(), count);
            let mark = if kind == "order" { "督" } else { "整" };
            assert!(
                numbers.iter().all(|(number, sign)| *sign == format!("桐荫街{mark}〔2026〕{number}号")),
                "{numbers:?}"
            );
        }
        // Another issuer counts for itself, and so does another year.
        let mut district = test.signed_in(DISTRICT).await;
        let id = drafted(&mut district, &with("numbers-d", &[("addressee", "tongyin")])).await;
        done(&mut district, &id, "issue", &[]).await;
        assert!(district.get(&format!("/staff/supervision/{id}")).await.text().contains("澜溪区整〔2026〕1号"));
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 60));
        let mut street = test.signed_in(STREET).await;
        let id = drafted(&mut street, &with("numbers-y", &[("days", ""), ("day", "2027-03-01")])).await;
        done(&mut street, &id, "issue", &[]).await;
        assert!(street.get(&format!("/staff/supervision/{id}")).await.text().contains("桐荫街整〔2027〕1号"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_answer_or_recheck_at_once_one_does() {
    on_both(|test| async move {
        let id = issued(&test, "race-1").await;
        let path = format!("/staff/supervision/{id}/steps");
        for (people, step, at) in [([STAFF, OTHER_STAFF], "answer", "2"), ([STREET, DISTRICT], "pass", "3")] {
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..8 {
                let mut browser = test.signed_in(people[n % 2]).await;
                let path = path.clone();
                tasks.spawn(async move {
                    let mut sent = vec![("step", step), ("version", at)];
                    sent.extend(ANSWERS);
                    browser.post(&path, &sent).await.status
                });
            }
            let mut won = 0;
            while let Some(status) = tasks.join_next().await {
                let status = status.expect("it ends");
                assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{status}");
                won += usize::from(status == StatusCode::SEE_OTHER);
            }
            assert_eq!(won, 1, "{step}");
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM supervision_answer").await, 2);
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM supervision_event").await, 4);
    })
    .await;
}

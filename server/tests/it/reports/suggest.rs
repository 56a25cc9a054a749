//! Proposals of categories: from hints at first, then from what this deployment's people decided.

use super::*;
use crate::support::on_both;

const ADDRESS: &str = "/api/v1/reports/suggest-category?text=";

fn asked(text: &str) -> String {
    format!("{ADDRESS}{}", server::http::page::encode(text))
}

/// Closes a report without its way there: only the classifier's view of it matters here.
pub async fn closed(test: &TestApp, n: usize, category: &str, text: &str) {
    let now = test.app.clock.now().as_microsecond() - i64::try_from(n).expect("small");
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, path, category, description, \
         channel, state, owner_id, handled_by, verified_by, filed_at, changed_at, closed_at, version) \
         VALUES ($1, $2, $1, '', $3, 'x/', $4, $5, 'resident', 'closed', $6, $6, $7, $8, $8, $8, 1)",
    )
    .bind(format!("closed-{n}"))
    .bind(format!("C{n:07}"))
    .bind(&test.loaded.organisations["wutong"].0)
    .bind(category)
    .bind(text)
    .bind(test.person(VOLUNTEER))
    .bind(test.person(GRID_WORKER))
    .bind(now)
    .execute(&mut *tx)
    .await
    .expect("inserted");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn hints_propose_before_anything_is_learned_and_say_why() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        let answer = visitor.get(&asked("北门路灯不亮三天了")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let all = answer.json();
        assert_eq!(all[0]["code"], "street-light");
        assert!(all[0]["because"].as_array().expect("words").iter().any(|word| word == "路灯不亮"), "{all}");
        assert!(all.as_array().expect("a list").len() <= 3);
        for nothing in ["", "%FF%FE", &"x".repeat(5000)] {
            let answer = visitor.get(&format!("{ADDRESS}{nothing}")).await;
            assert!(answer.status == 200 || answer.status == 400, "{nothing:.20}: {}", answer.status);
        }
    })
    .await;
}

#[tokio::test]
async fn it_learns_from_what_was_closed_and_says_how_often_it_was_right() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        let text = "湖心亭的喷泉又喷到路上来了";
        assert_ne!(visitor.get(&asked(text)).await.json()[0]["code"], "fitness");
        for n in 0..60 {
            closed(&test, n, "fitness", "湖心亭喷泉坏了，喷到路上").await;
        }
        let accuracy = server::reports::suggest::train(&test.app).await.expect("trained");
        assert_eq!(accuracy.learned + accuracy.tested, 60);
        assert!(accuracy.tested > 0 && accuracy.first > 0.9, "{accuracy:?}");
        let all = visitor.get(&asked(text)).await.json();
        assert_eq!(all[0]["code"], "fitness", "{all}");

        // Another server reads what this one learned.
        let other = test.another_server().await;
        let all = test.visitor_of(&other).get(&asked(text)).await.json();
        assert_eq!(all[0]["code"], "fitness", "{all}");

        // Staff see the figures; two nights leave one model that is read.
        server::reports::suggest::train(&test.app).await.expect("trained again");
        let weights = count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM category_model WHERE weights <> ''").await;
        assert_eq!(weights, 1);
        let page = test.signed_in(STAFF).await.get("/staff/reports/classifier?text=%E8%B7%AF%E7%81%AF").await.text();
        assert!(page.contains("100%") && page.contains("因为：路灯"), "{page}");
        assert_eq!(test.visitor().get("/staff/reports/classifier").await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn staff_have_it_learn_by_the_job_and_residents_do_not() {
    on_both(|test| async move {
        for n in 0..60 {
            closed(&test, n, "fitness", "湖心亭喷泉坏了，喷到路上").await;
        }
        let page = "/staff/reports/classifier";
        assert_eq!(test.signed_in(RESIDENT).await.post(page, &[]).await.status, StatusCode::FORBIDDEN);
        let mut staff = test.signed_in(STAFF).await;
        for _ in 0..2 {
            assert_eq!(staff.post(page, &[]).await.status, StatusCode::SEE_OTHER, "twice in a minute is once");
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM category_model").await, 0, "not in the request");
        test.run_jobs().await;
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM category_model").await, 1);
    })
    .await;
}

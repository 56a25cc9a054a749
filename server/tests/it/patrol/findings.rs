//! What vehicles and cameras find, until a person has looked.

use super::*;
use crate::{
    reports::{NEIGHBOUR, STAFF_ELSEWHERE, count, filed},
    support::on_both,
};
use server::patrol::store::intake as store;

#[tokio::test]
async fn a_finding_is_a_report_only_after_somebody_looked() {
    on_both(|test| async move {
        let path = test.loaded.organisations["wutong"].1.clone();
        let key = key(&test, &path).await;
        let photos = vec![photo(&test, &key).await, photo(&test, &key).await];
        let body = said("CAM-17-1", &photos);
        let sent = with_key(&test, &key, "/api/v1/intake", &body).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let id = sent.json()["id"].as_str().expect("an id").to_owned();
        let again = with_key(&test, &key, "/api/v1/intake", &body).await;
        assert_eq!((again.status, again.json()["id"].as_str()), (StatusCode::OK, Some(id.as_str())), "once");
        let mut other = body.clone();
        other["confidence"] = json!(12);
        assert_eq!(with_key(&test, &key, "/api/v1/intake", &other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 0, "nothing by itself");

        let mut staff = test.signed_in(STAFF).await;
        let list = staff.get("/staff/intake").await.text();
        assert!(list.contains("摄像头") && list.contains("很可能（87%）"), "{list}");
        let page = staff.get(&format!("/staff/intake/{id}")).await.text();
        assert!(page.contains(&format!("/photos/{}/thumb", photos[0])), "{page}");
        assert_eq!(staff.get(&format!("/photos/{}/thumb", photos[0])).await.status, StatusCode::OK);
        for stranger in [NEIGHBOUR, STAFF_ELSEWHERE] {
            let mut browser = test.signed_in(stranger).await;
            assert_eq!(browser.get(&format!("/photos/{}", photos[0])).await.status, StatusCode::NOT_FOUND);
        }
        // What the form gets wrong leaves it as it was, photos included.
        let wrong = [("category", "garbage-pile"), ("description", ""), ("place", "")];
        let answer = staff.post(&format!("/staff/intake/{id}/confirm"), &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        assert!(staff.get(&format!("/staff/intake/{id}")).await.text().contains(&photos[1]));
        let right = [("category", "garbage-pile"), ("description", "北门垃圾堆放"), ("place", "北门")];
        let done = staff.post(&format!("/staff/intake/{id}/confirm"), &right).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let code = done.location().rsplit('/').next().expect("a code").to_owned();
        let report = staff.get(&format!("/staff/reports/{code}")).await.text();
        assert!(report.contains(&photos[0]) && report.contains(&photos[1]), "{report}");
        let found: (String, String) = sqlx::query_as("SELECT channel, foreign_code FROM report")
            .fetch_one(test.app.db.read())
            .await
            .expect("one");
        assert_eq!(found, ("api".to_owned(), "CAM-17-1".to_owned()));
        let twice = staff.post(&format!("/staff/intake/{id}/confirm"), &right).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "it is decided");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
        let bearer = format!("Bearer {key}");
        let told = test
            .visitor()
            .get_with(&format!("/api/v1/intake/{id}"), &[("authorization", bearer.as_str())])
            .await
            .json();
        assert_eq!((told["state"].as_str(), told["report"].as_str()), (Some("confirmed"), Some(code.as_str())));
        let who = count(
            &test,
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'intake.confirm' AND actor_id IS NOT NULL",
        );
        assert_eq!(who.await, 1, "who confirmed it is known");
    })
    .await;
}

#[tokio::test]
async fn one_is_refused_with_a_reason_and_one_is_what_a_report_says_already() {
    on_both(|test| async move {
        let (first, second) = (finding(&test, "F-1").await, finding(&test, "F-2").await);
        let mut staff = test.signed_in(STAFF).await;
        let silent = staff.post(&format!("/staff/intake/{first}/refuse"), &[("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let refused = staff.post(&format!("/staff/intake/{first}/refuse"), &[("reason", "是施工围挡")]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER);
        let code = filed(&mut staff, &crate::reports::key(1), 0).await;
        let nothing = staff.post(&format!("/staff/intake/{second}/join"), &[("report", "NOPE0000")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let joined = staff.post(&format!("/staff/intake/{second}/join"), &[("report", &code)]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
        let decided = staff.get("/staff/intake?state=decided").await.text();
        assert!(decided.contains("不属实") && decided.contains("已有案件"), "{decided}");
        assert!(staff.get(&format!("/staff/intake/{first}")).await.text().contains("是施工围挡"));
        for hostile in ["state=%00", "after=x_y", "after=99999999999999999999_", "state=decided&after=-1_%27"] {
            assert_eq!(staff.get(&format!("/staff/intake?{hostile}")).await.status, StatusCode::OK, "{hostile}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_who_decide_at_once_decide_once() {
    on_both(|test| async move {
        for round in 0..4 {
            let id = finding(&test, &format!("R-{round}")).await;
            let deciding = (0..6).map(|n| {
                let (test, id) = (&test, id.clone());
                async move {
                    let mut staff = test.signed_in(STAFF).await;
                    let here = format!("/staff/intake/{id}");
                    if n == 4 {
                        // What has a mistake is turned back, and turns back nobody else.
                        staff
                            .post(&format!("{here}/confirm"), &[("category", "nothing"), ("place", "北门")])
                            .await
                            .status
                    } else if n % 2 == 0 {
                        let words = format!("情况 {n}");
                        let fields = [("category", "garbage-pile"), ("description", words.as_str()), ("place", "北门")];
                        staff.post(&format!("{here}/confirm"), &fields).await.status
                    } else {
                        staff.post(&format!("{here}/refuse"), &[("reason", "没有")]).await.status
                    }
                }
            });
            let statuses = futures::future::join_all(deciding).await;
            assert!(statuses.iter().all(|status| status.as_u16() < 500), "{statuses:?}");
            let sql = format!("SELECT state FROM intake WHERE id = '{id}'");
            let (state,): (String,) =
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(test.app.db.read()).await.expect("one");
            let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE foreign_code = 'R-{round}'");
            let (reports,): (i64,) =
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(test.app.db.read()).await.expect("one");
            assert_eq!(reports, i64::from(state == "confirmed"), "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_mistake_of_one_does_not_let_a_third_refuse_what_another_files() {
    on_both(|test| async move {
        let id = finding(&test, "M-1").await;
        let (db, engine) = (&test.app.db, test.app.db.engine());
        // Two have begun; the form of one of them has a mistake.
        for _ in 0..2 {
            let mut tx = db.begin().await.expect("begin");
            store::begin(&mut tx, engine, &id).await.expect("begun").expect("not decided");
            tx.commit().await.expect("commit");
        }
        let back = async || {
            let mut tx = db.begin().await.expect("begin");
            store::back(&mut tx, engine, &id).await.expect("back");
            tx.commit().await.expect("commit");
        };
        back().await;
        let mut staff = test.signed_in(STAFF).await;
        let refuse = format!("/staff/intake/{id}/refuse");
        assert_eq!(
            staff.post(&refuse, &[("reason", "没有")]).await.status,
            StatusCode::CONFLICT,
            "the other may have filed"
        );
        back().await;
        assert_eq!(staff.post(&refuse, &[("reason", "没有")]).await.status, StatusCode::SEE_OTHER, "nobody files it");
    })
    .await;
}

#[tokio::test]
async fn keys_people_and_fields_that_do_not_fit_are_refused() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let elsewhere = test.loaded.organisations["xingwu"].1.clone();
    let stranger = key(&test, &elsewhere).await;
    let sent = with_key(&test, &stranger, "/api/v1/intake", &said("X-1", &[])).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN, "{}", sent.text());
    let mut resident = test.signed_in(NEIGHBOUR).await;
    assert_eq!(post_json(&mut resident, "/api/v1/intake", &said("X-2", &[])).await.status, StatusCode::FORBIDDEN);
    let path = test.loaded.organisations["wutong"].1.clone();
    let own = key(&test, &path).await;
    for (field, value) in [
        ("source", json!("drone")),
        ("foreign_number", json!("")),
        ("category", json!("nothing")),
        ("description", json!("")),
        ("confidence", json!(101)),
        ("community", json!("nowhere")),
        ("longitude", json!(120.0)),
        ("found_at", json!("2020-01-01T00:00:00Z")),
        ("photos", json!(["00000000-0000-7000-8000-000000000009"])),
    ] {
        let mut body = said("X-3", &[]);
        body[field] = value;
        let answer = with_key(&test, &own, "/api/v1/intake", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text());
        assert!(answer.text().contains(field), "{field}: {}", answer.text());
    }
    let id = finding(&test, "X-4").await;
    let bearer = format!("Bearer {stranger}");
    let answer = test.visitor().get_with(&format!("/api/v1/intake/{id}"), &[("authorization", bearer.as_str())]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "another system's");
}

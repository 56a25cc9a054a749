//! `/me/follows`: what is followed, and how notices are to come.

use super::{GU, LIN, SHEN, choose, number, run};
use crate::{
    notices::{messages, published},
    support::{TestApp, on_both},
};
use server::db::Engine;

#[tokio::test]
async fn places_and_kinds_are_followed_and_told_of() {
    on_both(|test| async move {
        let mut gu = test.signed_in(GU).await;
        let page = gu.get("/me/follows").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("您住的地方，公告一直会告诉您"), "{}", page.text());
        for (place, kind) in [("wutong", "activity"), ("wutong-5", ""), ("wutong-5", "")] {
            let answer = gu.post("/me/follows/add", &[("place", place), ("kind", kind)]).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM follow").await, 2, "twice is once");
        let page = gu.get("/me/follows").await.text();
        assert!(page.contains("梧桐社区 · 活动") && page.contains(">5栋"), "{page}");

        let mut staff = test.signed_in(SHEN).await;
        let told = |id: String| {
            let test = &test;
            async move { messages(test, GU, &id).await }
        };
        let building = published(&test, &mut staff, &[]).await;
        assert_eq!(told(building).await, 1, "the building");
        let other = published(&test, &mut staff, &[("aims", "wutong-2")]).await;
        assert_eq!(told(other).await, 0, "an outage in another building");
        let activity = published(&test, &mut staff, &[("aims", "wutong-2"), ("kind", "activity")]).await;
        assert_eq!(told(activity.clone()).await, 1, "an activity in a part of the community");
        // What is withdrawn reaches those whom it reached, whoever still follows.
        assert_eq!(gu.post("/me/follows/remove", &[("place", "wutong"), ("kind", "activity")]).await.status, 303);
        let reason = [("reason", "下雨")];
        assert_eq!(staff.post(&format!("/staff/notices/{activity}/withdraw"), &reason).await.status, 303);
        test.run_jobs().await;
        let inbox = gu.get("/me/inbox").await.text();
        assert!(inbox.contains("撤回：5 栋停水"), "{inbox}");

        // One's own data: all of it, and all of it gone.
        choose(&mut gu, &[("quiet_from", "21"), ("kinds", "activity")]).await;
        let export = gu.get("/api/v1/me/follows").await.json();
        assert_eq!(export["follows"][0]["place"], "wutong-5");
        assert_eq!(export["quiet_hours"], serde_json::json!([21, 7]));
        assert_eq!(export["kinds"], serde_json::json!(["activity", "emergency"]), "emergencies always alert");
        assert_eq!(gu.post("/me/follows/forget", &[]).await.status, 303);
        let export = gu.get("/api/v1/me/follows").await.json();
        assert_eq!(export["follows"], serde_json::json!([]));
        assert_eq!(export["quiet_hours"], serde_json::json!([22, 7]));
        // Who wants no SMS does not get them again by cancelling everything.
        run(
            &test,
            "INSERT INTO notice_choice (person_id, email, sms, kinds, quiet_from, updated_at) \
             SELECT id, 1, 0, '|policy|', 20, 0 FROM person",
        )
        .await;
        assert_eq!(gu.post("/me/follows/forget", &[]).await.status, 303);
        let export = gu.get("/api/v1/me/follows").await.json();
        assert_eq!((export["sms"].as_bool(), export["email"].as_bool()), (Some(false), Some(false)));
        assert_eq!(export["quiet_hours"], serde_json::json!([22, 7]));
        assert_eq!(export["kinds"].as_array().expect("kinds").len(), 6);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut lin = test.signed_in(LIN).await;
    for place in ["", "nowhere", "lanxi", "wutong-g1"] {
        let answer = lin.post("/me/follows/add", &[("place", place)]).await;
        assert_eq!(answer.status, 422, "{place}");
        assert!(answer.text().contains("请选一个社区或楼栋"));
    }
    assert_eq!(lin.post("/me/follows/add", &[("place", "wutong"), ("kind", "weather")]).await.status, 422);
    assert_eq!(lin.post("/me/follows/remove", &[("place", "wutong")]).await.status, 303, "not followed: no mistake");
    let codes: Vec<(String,)> =
        sqlx::query_as("SELECT code FROM organisation WHERE kind IN ('community', 'building') ORDER BY code LIMIT 51")
            .fetch_all(test.app.db.read())
            .await
            .expect("read");
    for (code,) in &codes[..50] {
        assert_eq!(lin.post("/me/follows/add", &[("place", code)]).await.status, 303, "{code}");
    }
    let answer = lin.post("/me/follows/add", &[("place", &codes[50].0)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("最多关注 50 项"));
    assert_eq!(lin.post("/me/follows/add", &[("place", &codes[0].0)]).await.status, 303, "followed already");

    let answer = lin.post("/me/follows", &[("quiet_from", "25"), ("quiet_until", "six")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("请选一个钟点"));
    // Without a mail server and a provider these are not on the form, and stay as they are.
    choose(&mut lin, &[]).await;
    let export = lin.get("/api/v1/me/follows").await.json();
    assert_eq!((export["email"].as_bool(), export["sms"].as_bool()), (Some(false), Some(true)));
}

//! The desks through the API: calls, photos with parts blacked out, versions and files of notices.

use super::{EVERYTHING, Program, failure, token, ways::photo};
use crate::{
    reports::{RESIDENT, STAFF, STAFF_ELSEWHERE, fixture},
    support::on_both,
};
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn a_call_is_filed_once_looked_at_and_merged() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let call = json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": "路灯不亮",
            "from": "hotline", "foreign_number": "2611250317", "caller": "王建国", "contact": "0510-8888 1234"});
        let filed = staff.post_once("call", "/api/v1/staff/reports", call.clone()).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        assert_eq!(staff.post_once("call", "/api/v1/staff/reports", call.clone()).await.json(), filed.json());
        let first = filed.json()["code"].as_str().expect("a code").to_owned();
        let shown = staff.get(&format!("/api/v1/staff/reports/{first}")).await.json();
        assert_eq!((&shown["channel"], &shown["foreign_number"]), (&json!("hotline"), &json!("2611250317")));
        let caller = staff.post(&format!("/api/v1/staff/reports/{first}/caller"), json!({})).await.json();
        assert_eq!(caller["name"], "王建国");
        assert!(caller["number"].as_str().is_some_and(|number| number.contains("88881234")), "{caller}");

        // Nobody files a second one unasked; what is the same is merged.
        let mut again = call.clone();
        again["ask_nearby"] = json!(true);
        let asked = staff.post("/api/v1/staff/reports", again.clone()).await;
        assert_eq!(failure(&asked), (409, "urn:linli:problem:alike".into()), "{}", asked.text());
        assert_eq!(asked.json()["alike"], json!([first]));
        again["into"] = json!(first);
        let merged = staff.post("/api/v1/staff/reports", again).await;
        assert_eq!((merged.status.as_u16(), &merged.json()["merged"]), (201, &json!(true)), "{}", merged.text());

        let mut wrong = call.clone();
        (wrong["from"], wrong["contact"]) = (json!("neighbour"), json!("12"));
        let refused = staff.post("/api/v1/staff/reports", wrong).await;
        assert_eq!(failure(&refused).0, 422);
        assert_eq!(refused.json()["errors"][0]["pointer"], "#/from");
        let mut elsewhere = Program::of(&test, STAFF_ELSEWHERE).await;
        assert_eq!(failure(&elsewhere.post("/api/v1/staff/reports", call).await).0, 403);
        assert_eq!(staff.get("/api/v1/staff/reports/ratings").await.json(), json!({"items": []}));
        let none = staff.post(&format!("/api/v1/staff/reports/{first}/rating"), json!({"answer": "谢谢"})).await;
        assert_eq!(failure(&none).0, 409, "nobody has rated it");
    })
    .await;
}

#[tokio::test]
async fn parts_of_a_photo_are_blacked_out_before_it_is_shown() {
    on_both(|test| async move {
        let bearer = token(&test, RESIDENT, EVERYTHING).await;
        let mut resident = Program::with(&test, &bearer);
        let sent = photo(&test, &bearer).await;
        let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": "不亮",
            "photos": [sent]});
        let code = resident.post("/api/v1/reports", body).await.json()["code"].as_str().expect("a code").to_owned();
        let mut staff = Program::of(&test, STAFF).await;
        let path = format!("/api/v1/staff/reports/{code}/photos/{sent}/redaction");
        for bad in [json!({}), json!({"areas": [{"x": 200, "y": 0, "width": 10, "height": 10}]})] {
            assert_eq!(failure(&staff.post(&path, bad.clone()).await).0, 422, "{bad}");
        }
        assert_ne!(test.visitor().get(&format!("/photos/{sent}/full")).await.status, 200);
        let black = json!({"areas": [{"x": 10, "y": 20, "width": 30, "height": 40}], "release": true});
        assert_eq!(failure(&resident.post(&path, black.clone()).await).0, 403);
        let done = staff.post(&path, black).await;
        assert_eq!(done.status, 204, "{}", done.text());
        assert_eq!(test.visitor().get(&format!("/photos/{sent}/full")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_draft_has_versions_pictures_and_a_way_back() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let draft = json!({"kind": "service", "organisation": "wutong", "title": "周六办公", "body": "上午办公。", "aims": ["wutong"]});
        let made = staff.post("/api/v1/staff/notices", draft).await.json();
        let here = format!("/api/v1/staff/notices/{}", made["id"].as_str().expect("an id"));
        let mut words = staff.get(&here).await.json()["draft"].clone();
        words["body"] = json!("下午办公。");
        assert_eq!(staff.post(&here, words).await.status, 200);
        let versions = staff.get(&format!("{here}/versions")).await.json();
        assert_eq!(versions["items"].as_array().expect("items").len(), 2, "{versions}");
        let oldest = versions["items"][1]["version"].as_i64().expect("a number");
        assert_eq!(staff.get(&format!("{here}/versions/{oldest}")).await.json()["body"], "上午办公。");
        let back = format!("{here}/versions/{oldest}/restore");
        assert_eq!(failure(&staff.post(&back, json!({"version": 1})).await).0, 409, "it is another one now");
        let restored = staff.post(&back, json!({})).await;
        assert_eq!(restored.status, 200, "{}", restored.text());
        assert_eq!(staff.get(&here).await.json()["draft"]["body"], "上午办公。");
        assert_eq!(failure(&staff.get(&format!("{here}/versions/99")).await).0, 404);

        let mut browser = test.signed_in(STAFF).await;
        let bytes = fixture("orientation-6.jpg");
        let file = [("picture", "a.jpg", "image/jpeg", &bytes[..])];
        let added = browser.post_files(&format!("{here}/pictures"), &[("alt", "停水范围")], &file).await;
        assert_eq!(added.status, 201, "{}", added.text());
        let refused = browser.post_files(&format!("{here}/files"), &[], &file).await;
        assert_eq!(failure(&refused).0, 422, "no PDF");
        let picture = format!("{here}/pictures/{}", added.json()["number"]);
        assert_eq!(staff.post(&picture, json!({"alt": "五号楼到九号楼"})).await.status, 204);
        let attached = staff.get(&format!("{here}/attachments")).await.json();
        assert_eq!(attached["pictures"][0]["alt"], "五号楼到九号楼");
        assert_eq!(staff.delete(&picture).await.status, 204);
        assert_eq!(staff.get(&format!("{here}/attachments")).await.json(), json!({"pictures": [], "files": []}));

        assert_eq!(failure(&staff.post(&format!("{here}/deliveries"), json!({})).await).0, 409, "it is not out");
        assert_eq!(failure(&staff.get(&format!("{here}/sign-ups")).await).0, 404, "no activity");
        let mut resident = Program::of(&test, RESIDENT).await;
        assert_eq!(failure(&resident.send(Method::GET, &format!("{here}/versions"), &[], None).await).0, 403);
    })
    .await;
}

//! What administrators do through the API: webhooks, imports, exports, archives, jobs, the audit log, review of notices.

use super::{Program, failure};
use crate::{
    reports::{STAFF, STAFF_ELSEWHERE},
    support::on_both,
};
use axum::http::Method;
use serde_json::json;

/// The administrator of the district.
const ADMIN: &str = "19900000099";

#[tokio::test]
async fn a_webhook_is_made_changed_stopped_and_removed() {
    on_both(|test| async move {
        let mut admin = Program::of(&test, ADMIN).await;
        let all = "/api/v1/staff/webhooks";
        let body = json!({"organisation": "wutong", "url": "https://hooks.example/linli", "events": ["report.filed"]});
        let made = admin.post_once("hook", all, body.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(admin.post_once("hook", all, body.clone()).await.json(), made.json());
        assert!(made.json()["secret"].as_str().is_some_and(|secret| !secret.is_empty()));
        let one = format!("{all}/{}", made.json()["id"].as_str().expect("an id"));
        let shown = admin.get(&one).await;
        assert_eq!(shown.json()["events"], json!(["report.filed"]), "{}", shown.text());
        assert!(!shown.text().contains(made.json()["secret"].as_str().expect("a secret")));
        let tag = shown.headers["etag"].to_str().expect("text").to_owned();
        let change = json!({"url": "https://hooks.example/other", "events": ["report.filed"]});
        let changed = admin.send(Method::POST, &one, &[("if-match", &tag)], Some(change)).await;
        assert_eq!(changed.json()["url"], "https://hooks.example/other", "{}", changed.text());
        let change = json!({"url": "https://hooks.example/third", "events": ["report.filed"]});
        let stale = admin.send(Method::POST, &one, &[("if-match", &tag)], Some(change)).await;
        assert_eq!(failure(&stale).0, 412);
        let rotated = admin.post(&format!("{one}/rotate"), json!({})).await.json();
        assert_ne!(rotated["secret"], made.json()["secret"]);
        assert_eq!(admin.post(&format!("{one}/pause"), json!({"paused": true})).await.json()["paused"], true);
        assert_eq!(failure(&admin.post(&format!("{one}/test"), json!({})).await).0, 409, "it stands still");
        assert_eq!(admin.get(&format!("{one}/deliveries")).await.json(), json!([]));
        assert_eq!(failure(&admin.post(all, json!({"organisation": "none", "url": "x"})).await).0, 422);
        let mut staff = Program::of(&test, STAFF).await;
        assert_eq!(failure(&staff.post(all, body).await).0, 403);
        assert_eq!(admin.delete(&one).await.status, 204);
        assert_eq!(admin.get(all).await.json(), json!([]));

        let log = admin.get("/api/v1/staff/audit").await.json();
        let entries = log["items"].as_array().expect("entries");
        assert!(entries.iter().any(|entry| entry["action"] == "webhook.make"), "{log}");
        assert_eq!(admin.get("/api/v1/staff/jobs").await.status, 200);
        for path in ["/api/v1/staff/audit", "/api/v1/staff/jobs"] {
            assert_eq!(failure(&staff.get(path).await).0, 403);
        }
    })
    .await;
}

#[tokio::test]
async fn tables_come_in_and_go_out() {
    on_both(|test| async move {
        let mut admin = Program::of(&test, ADMIN).await;
        let mut browser = test.signed_in(ADMIN).await;
        let imports = "/api/v1/staff/imports";
        let table = "编号,网格,名称\nnew-1,wutong-g1,新楼".as_bytes();
        let file = [("file", "表.csv", "text/csv", table)];
        let sent = browser.post_files(imports, &[("kind", "buildings")], &file).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        assert_eq!(failure(&browser.post_files(imports, &[("kind", "none")], &file).await).0, 422);
        let one = format!("{imports}/{}", sent.json()["id"].as_str().expect("an id"));
        let looked = admin.get(&one).await.json();
        assert_eq!(looked["lines"], 1, "{looked}");
        assert_eq!(admin.get(imports).await.json()[0]["id"], sent.json()["id"]);
        assert_eq!(failure(&admin.post(&format!("{one}/take"), json!({"mode": "all", "mark": "x"})).await).0, 409);
        assert_eq!(admin.get(&format!("{one}/refused.csv")).await.status, 200);
        assert_eq!(admin.get(&format!("{imports}/template?kind=buildings")).await.status, 200);
        assert_eq!(admin.delete(&one).await.status, 204);
        assert_eq!(admin.get(&one).await.json()["state"], "dropped");

        let tables = admin.get("/api/v1/staff/exports").await.json();
        assert!(tables["tables"].as_array().expect("tables").contains(&json!("reports")), "{tables}");
        let file = "/api/v1/staff/exports/file?table=reports&place=wutong&from=2026-11-01&to=2026-11-30";
        let csv = admin.get(file).await;
        assert_eq!(csv.status, 200, "{}", csv.text());
        assert!(csv.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/csv")));
        let wrong = admin.get("/api/v1/staff/exports/file?table=reports&place=wutong&from=x&to=2026-11-30").await;
        assert_eq!(failure(&wrong).0, 422);
        assert_eq!(wrong.json()["errors"][0]["pointer"], "from");
        let mut elsewhere = Program::of(&test, STAFF_ELSEWHERE).await;
        assert_eq!(failure(&elsewhere.get(file).await).0, 403);

        let archives = "/api/v1/staff/archives";
        let asked = admin.post(archives, json!({"community": "wutong"})).await;
        assert_eq!(asked.status, 201, "{}", asked.text());
        let zip = asked.location().to_owned();
        assert_eq!(failure(&admin.get(&zip).await).0, 404, "it is not made yet");
        test.run_jobs().await;
        assert_eq!(admin.get(archives).await.json()[0]["state"], "done");
        let fetched = admin.get(&zip).await;
        assert_eq!((fetched.status.as_u16(), &fetched.body[..2]), (200, &b"PK"[..]));
        assert_eq!(failure(&elsewhere.post(archives, json!({"community": "wutong"})).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn an_organisation_asks_for_a_second_person_before_its_notices_go_out() {
    on_both(|test| async move {
        let mut admin = Program::of(&test, ADMIN).await;
        let settings = "/api/v1/staff/settings/notices";
        assert_eq!(admin.post(settings, json!({"organisation": "wutong", "review": true})).await.status, 204);
        let all = admin.get(settings).await.json();
        let one = all.as_array().expect("organisations").iter().find(|one| one["organisation"] == "wutong").expect("it");
        assert_eq!(one["review"], true);
        let mut staff = Program::of(&test, STAFF).await;
        let draft = json!({"kind": "service", "organisation": "wutong", "title": "周六办公", "body": "上午办公。", "aims": ["wutong"]});
        let made = staff.post("/api/v1/staff/notices", draft).await.json();
        let here = format!("/api/v1/staff/notices/{}", made["id"].as_str().expect("an id"));
        assert_eq!(staff.post(&format!("{here}/publish"), json!({})).await.json()["state"], "review");
        assert_eq!(staff.post(&format!("{here}/call-back"), json!({})).await.json()["state"], "draft");
    })
    .await;
}

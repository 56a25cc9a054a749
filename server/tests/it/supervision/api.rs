//! The same through the API.

use super::*;
use crate::support::on_both;
use axum::http::Method;
use serde_json::{Value, json};

async fn send(browser: &mut Browser, path: &str, body: Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

#[tokio::test]
async fn a_letter_goes_its_way_through_the_api() {
    on_both(|test| async move {
        let (mut street, mut staff) = (test.signed_in(STREET).await, test.signed_in(STAFF).await);
        let body = json!({
            "kind": "order", "addressee": "wutong", "subject": "路灯", "findings": [{ "text": "三盏不亮" }], "asked": "修好", "days": 3,
        });
        let wrong = send(&mut street, "/api/v1/staff/supervision", json!({ "kind": "order", "addressee": "tinglan" })).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let pointers = wrong.json()["errors"].to_string();
        assert!(pointers.contains("#/addressee") && pointers.contains("#/subject"), "{pointers}");
        let made = send(&mut street, "/api/v1/staff/supervision", body.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let here = made.location().to_owned();
        assert_eq!(made.json()["steps"], json!(["issue", "withdraw"]));
        assert_eq!(staff.get(&here).await.status, StatusCode::NOT_FOUND);

        let steps = format!("{here}/steps");
        let issued = send(&mut street, &steps, json!({ "step": "issue", "version": 1 })).await;
        assert_eq!(issued.status, StatusCode::OK, "{}", issued.text());
        assert_eq!(issued.json()["letter"]["sign"], "桐荫街督〔2026〕1号");
        assert_eq!(send(&mut street, &steps, json!({ "step": "issue", "version": 1 })).await.status, StatusCode::CONFLICT);
        assert_eq!(send(&mut street, &here, body).await.status, StatusCode::CONFLICT, "what is out stays as it is");

        let shown = staff.get(&here).await;
        assert_eq!(shown.json()["steps"], json!(["answer", "extend_ask"]));
        let tag = shown.headers["etag"].to_str().expect("text").to_owned();
        let empty = send(&mut staff, &steps, json!({ "step": "answer" })).await;
        assert!(empty.status == 422 && empty.text().contains("answer-1"), "{}", empty.text());
        let answer = json!({ "step": "answer", "answers": [{ "number": 1, "text": "修好了" }] }).to_string();
        let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
        let answered = staff.request(Method::POST, &steps, &headers, answer.clone().into_bytes()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text());
        let stale = staff.request(Method::POST, &steps, &headers, answer.into_bytes()).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let passed = send(&mut street, &steps, json!({ "step": "pass" })).await;
        assert_eq!(passed.json()["letter"]["state"], "done");
        assert_eq!(passed.json()["events"][0]["step"], "pass");
        assert_eq!(passed.json()["findings"][0]["answers"][0]["text"], "修好了");

        let list = staff.get("/api/v1/staff/supervision?state=done&kind=order&year=2026&addressee=wutong").await.json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        for odd in ["state=x", "kind=x", "year=1", "addressee=nowhere", "cursor=x", "limit=0"] {
            let answer = staff.get(&format!("/api/v1/staff/supervision?{odd}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
        }
    })
    .await;
}

#[tokio::test]
async fn photos_of_a_draft_come_and_go() {
    on_both(|test| async move {
        let mut street = test.signed_in(STREET).await;
        let id = drafted(&mut street, &fields("api-photos")).await;
        let here = format!("/api/v1/staff/supervision/{id}");
        let photo = crate::reports::fixture("orientation-6.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photo", "a.jpg", "image/jpeg", &photo)];
        let sent = street.post_files("/api/v1/photos", &[], &files).await;
        let photo = sent.json()["id"].as_str().expect("an id").to_owned();
        // Another's photo is none of ours.
        let theirs = test.signed_in(STAFF).await.post_files("/api/v1/photos", &[], &files).await;
        let body = json!({ "finding": 1, "photos": [theirs.json()["id"]] });
        assert_eq!(send(&mut street, &format!("{here}/photos"), body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let added = send(&mut street, &format!("{here}/photos"), json!({ "finding": 1, "photos": [photo] })).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text());
        assert_eq!(added.json()["findings"][0]["photos"], json!([format!("/photos/{photo}/full")]));
        assert_eq!(
            send(&mut street, &format!("{here}/photos"), json!({ "finding": 9, "photos": [] })).await.status,
            422
        );
        let gone = street.send(Method::DELETE, &format!("{here}/photos/{photo}"), None, Vec::new()).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
        assert_eq!(street.get(&format!("/photos/{photo}/full")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(street.send(Method::DELETE, &format!("{here}/photos/{photo}"), None, Vec::new()).await.status, 404);
    })
    .await;
}

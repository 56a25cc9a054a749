//! One's own things: name, devices, inbox.

use crate::support::{TestApp, on_both};
use axum::http::StatusCode;
use server::{db::Engine, people::inbox};

const LIN: &str = "19900000001";
const HE: &str = "19900000003";

async fn message(test: &TestApp, phone: &str, event: &str) {
    let mut tx = test.app.db.begin().await.expect("begin");
    let message = inbox::Message {
        person_id: test.person(phone),
        text_key: "inbox-test",
        text_args: serde_json::json!({ "place": "3 栋" }),
        href: "/notices",
        dedupe_key: event,
    };
    inbox::send(&mut tx, message, test.app.clock.now()).await.expect("sent");
    tx.commit().await.expect("commit");
}

async fn first_id(test: &TestApp, phone: &str) -> String {
    inbox::newest(&test.app.db, test.person(phone)).await.expect("reads")[0].id.clone()
}

#[tokio::test]
async fn messages_are_counted_opened_and_read() {
    on_both(|test| async move {
        for event in ["a", "b", "b"] {
            message(&test, LIN, event).await;
        }
        let mut browser = test.signed_in(LIN).await;
        assert_eq!(browser.get("/api/v1/me/unread").await.json()["unread"], 2, "one event is one message");
        assert!(browser.get("/me").await.text().contains("2 条未读"));
        let page = browser.get("/me/inbox").await.text();
        assert_eq!(page.matches("data-unread").count(), 2, "{page}");
        let id = first_id(&test, LIN).await;
        assert_eq!(browser.get(&format!("/me/inbox/{id}")).await.location(), "/notices");
        assert_eq!(browser.get("/api/v1/me/unread").await.json()["unread"], 1);
        let list = browser.get("/api/v1/me/inbox").await;
        assert_eq!(list.headers["cache-control"], "private, no-store");
        assert_eq!(list.json()[0]["read"], true);
        assert_eq!(list.json()[1]["read"], false);
        browser.post("/me/inbox", &[]).await;
        assert_eq!(browser.get("/api/v1/me/unread").await.json()["unread"], 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_opens_somebody_elses_message() {
    on_both(|test| async move {
        message(&test, LIN, "a").await;
        let id = first_id(&test, LIN).await;
        let mut other = test.signed_in(HE).await;
        assert_eq!(other.get(&format!("/me/inbox/{id}")).await.status, StatusCode::NOT_FOUND);
        other.post("/me/inbox", &[]).await;
        assert_eq!(test.signed_in(LIN).await.get("/api/v1/me/unread").await.json()["unread"], 1);
        assert_eq!(test.visitor().get("/api/v1/me/inbox").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_message_leads_nowhere_else() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut tx = test.app.db.begin().await.expect("begin");
    let message = inbox::Message {
        person_id: test.person(LIN),
        text_key: "inbox-test",
        text_args: serde_json::json!({}),
        href: "//evil.example",
        dedupe_key: "x",
    };
    inbox::send(&mut tx, message, test.app.clock.now()).await.expect("sent");
    tx.commit().await.expect("commit");
    let id = first_id(&test, LIN).await;
    assert_eq!(test.signed_in(LIN).await.get(&format!("/me/inbox/{id}")).await.location(), "/");
}

#[tokio::test]
async fn devices_are_listed_and_logged_out() {
    on_both(|test| async move {
        let mut here = test.signed_in(LIN).await;
        let mut lost = test.signed_in(LIN).await;
        let mut third = test.signed_in(LIN).await;
        let mut other = test.signed_in(HE).await;
        let page = here.get("/me/devices").await.text();
        assert_eq!(page.matches("/revoke\"").count(), 2, "this device has no such button: {page}");
        let id = page.split("/me/devices/").nth(1).and_then(|rest| rest.split('/').next()).expect("a form").to_owned();
        let path = format!("/me/devices/{id}/revoke");
        assert_eq!(other.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "somebody else's device");
        assert_eq!(here.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(here.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "gone");
        let living = [lost.get("/api/v1/me/unread").await.status, third.get("/api/v1/me/unread").await.status];
        assert_eq!(living.iter().filter(|status| **status == StatusCode::OK).count(), 1);
        here.post("/me/devices/revoke-others", &[]).await;
        for browser in [&mut lost, &mut third] {
            assert_eq!(browser.get("/api/v1/me/unread").await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(here.get("/api/v1/me/unread").await.status, StatusCode::OK);
        assert_eq!(other.get("/api/v1/me/unread").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn names_are_checked_and_inert() {
    on_both(|test| async move {
        let mut browser = test.signed_in(LIN).await;
        for (name, building, text) in [
            ("", "", "请填写姓名"),
            (&*"长".repeat(31), "", "姓名最长 30 个字"),
            ("a\u{202e}b", "", "不能用的符号"),
            ("林晓禾", "no-such", "请从列表里选择楼栋"),
            ("林晓禾", "wutong", "请从列表里选择楼栋"),
        ] {
            let answer = browser.post("/me/name", &[("name", name), ("building", building)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().contains(text), "{}", answer.text());
        }
        let evil = "<img src=x onerror=alert(1)>";
        assert_eq!(browser.post("/me/name", &[("name", evil)]).await.location(), "/me");
        for page in ["/me", "/me/name"] {
            let text = browser.get(page).await.text();
            assert!(text.contains("onerror") && !text.contains("<img src=x"), "{text}");
        }
    })
    .await;
}

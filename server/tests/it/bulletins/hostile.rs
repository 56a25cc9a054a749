//! Hostile text in a bulletin, wherever it is shown: to staff, on paper, to everybody, as a notice, to programs.

use super::{made, sent};
use crate::{
    notices::{
        hostile::{corpus, cut, shown, whole},
        safety::inert,
    },
    reports::STAFF,
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use serde_json::json;

/// Writes this into the draft, in both languages.
async fn write(staff: &mut Browser, id: &str, evil: &str) {
    let title: String = cut(&app::notices::form::one_line(&format!("词 {evil}")), 80);
    let body: String = cut(&format!("词 {evil}"), app::bulletins::BODY_CHARS);
    let text = json!({ "title": title, "title_en": title, "body": body, "body_en": body });
    let answer = sent(staff, &format!("/api/v1/staff/bulletins/{id}"), &text).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// Looks at how it would be, before anything is saved.
async fn preview(staff: &mut Browser, id: &str, evil: &str) {
    let title: String = cut(&app::notices::form::one_line(&format!("词 {evil}")), 80);
    let body: String = cut(&format!("词 {evil}"), app::bulletins::BODY_CHARS);
    let fields = [
        ("action", "preview"),
        ("version", "0"),
        ("title", title.as_str()),
        ("title_en", title.as_str()),
        ("body", body.as_str()),
        ("body_en", body.as_str()),
    ];
    let answer = staff.post(&format!("/staff/bulletins/{id}"), &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.text().matches("preview-heading").count(), 2, "both languages: {}", answer.text());
    inert(&answer.text(), "the preview");
}

async fn staff_pages_are_inert(staff: &mut Browser, id: &str) {
    for end in ["", "/edit", "/print", "?lang=en", "/print?lang=en"] {
        shown(staff, &format!("/staff/bulletins/{id}{end}")).await;
    }
    shown(staff, "/staff/bulletins").await;
}

async fn published_pages_are_inert(test: &TestApp, staff: &mut Browser, id: &str) {
    let answer = sent(staff, &format!("/api/v1/staff/bulletins/{id}/publish"), &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    test.run_jobs().await;
    let notice = staff.get(&format!("/api/v1/staff/bulletins/{id}")).await.json()["notice"].clone();
    let notice = notice.as_str().expect("a notice");
    let mut visitor = test.visitor();
    for path in [format!("/bulletins/{id}"), format!("/notices/{notice}")] {
        shown(&mut visitor, &path).await;
        shown(&mut visitor, &format!("{path}?lang=en")).await;
    }
    let api = visitor.get(&format!("/api/v1/bulletins/{id}")).await;
    assert_eq!(api.headers["content-type"], "application/json");
}

#[tokio::test]
async fn what_somebody_writes_never_runs() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let id = made(&mut staff, "wutong", "2026-10").await["id"].as_str().expect("an id").to_owned();
        for evil in corpus() {
            preview(&mut staff, &id, evil).await;
            write(&mut staff, &id, evil).await;
            shown(&mut staff, &format!("/staff/bulletins/{id}")).await;
        }
        write(&mut staff, &id, &whole()).await;
        staff_pages_are_inert(&mut staff, &id).await;
        published_pages_are_inert(&test, &mut staff, &id).await;
    })
    .await;
}

//! Patrol plans, intake from vehicles and cameras, and the hotline desk.

mod calls;
mod findings;
pub mod samples;
mod walks;

use crate::{
    reports::{STAFF, fixture},
    support::{Answer, Browser, TestApp},
};
use app::patrol::plan::read_points;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::{
    auth::keys::{self, NewKey},
    patrol::store::plans::{self, New},
};

/// A plan of the first grid of 梧桐, for Wednesdays and Fridays: today is a Wednesday. Gives its id.
pub async fn plan(test: &TestApp) -> String {
    let points = read_points("1 栋楼道：杂物、充电\n北门：路灯").expect("points");
    let (community, _) = &test.loaded.organisations["wutong"];
    let (grid, path) = &test.loaded.organisations["wutong-g1"];
    let mut tx = test.app.db.begin().await.expect("begin");
    let new = New {
        place: (community, grid),
        path,
        name: "夜间楼道",
        weekdays: "35",
        days: ("2026-11-25", ""),
        points: &points,
        form_key: "patrol-sample",
        by: test.person(STAFF),
    };
    let id = plans::insert(&mut tx, new, test.app.clock.now()).await.expect("written").expect("the first");
    tx.commit().await.expect("commit");
    id
}

/// The fields of a good plan.
pub fn plan_fields(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("key", key),
        ("grid", "wutong-g1"),
        ("name", "夜间楼道"),
        ("weekdays", "3"),
        ("weekdays", "5"),
        ("from", "2026-11-25"),
        ("until", ""),
        ("points", "1 栋楼道：杂物、充电\n北门：路灯"),
    ]
}

/// A key that may file reports in 梧桐.
pub async fn key(test: &TestApp, path: &str) -> String {
    let mut tx = test.app.db.begin().await.expect("begin");
    let now = test.app.clock.now();
    let new = NewKey {
        name: "巡查车 3 号",
        path,
        scopes: &[app::people::Scope::ReportsFile],
        expires: now + SignedDuration::from_hours(24),
    };
    let (_, key) = keys::make(&mut tx, &test.app.secrets, new, now).await.expect("a key");
    tx.commit().await.expect("commit");
    key
}

/// Sends JSON with a key.
pub async fn with_key(test: &TestApp, key: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    test.visitor().request(Method::POST, path, &headers, body.to_string().into_bytes()).await
}

/// Sends a photo with a key and gives its id.
pub async fn photo(test: &TestApp, key: &str) -> String {
    let boundary = "----intake";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend(fixture("orientation-6.jpg"));
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let (bearer, kind) = (format!("Bearer {key}"), format!("multipart/form-data; boundary={boundary}"));
    let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
    let sent = test.visitor().request(Method::POST, "/api/v1/photos", &headers, body).await;
    assert!(sent.status.is_success(), "{}", sent.text());
    sent.json()["id"].as_str().expect("an id").to_owned()
}

/// What a camera says.
pub fn said(number: &str, photos: &[String]) -> Value {
    json!({
        "source": "camera", "foreign_number": number, "community": "wutong", "category": "garbage-pile",
        "description": "垃圾堆放", "place": "北门", "confidence": 87, "photos": photos,
    })
}

/// A finding of 梧桐 that waits; gives its id.
pub async fn finding(test: &TestApp, number: &str) -> String {
    let path = test.loaded.organisations["wutong"].1.clone();
    let key = key(test, &path).await;
    let sent = with_key(test, &key, "/api/v1/intake", &said(number, &[])).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    sent.json()["id"].as_str().expect("an id").to_owned()
}

/// Sends JSON as somebody.
pub async fn post_json(browser: &mut Browser, path: &str, body: &Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

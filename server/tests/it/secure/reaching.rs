//! Whom our server can be made to call.

use crate::{
    notices::{SHEN, published},
    peers::push_keys,
    support::TestApp,
};
use axum::{
    Router,
    http::{Method, StatusCode, header},
    routing::post,
};
use server::db::Engine;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A push service answers with another address, as a way into a network that only our server sees: nobody goes there.
#[tokio::test(flavor = "multi_thread")]
async fn a_push_service_that_sends_us_elsewhere_is_not_followed() {
    let (asked, led) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let count = |counter: &Arc<AtomicUsize>, status: StatusCode| {
        let counter = counter.clone();
        post(move || async move {
            counter.fetch_add(1, Ordering::SeqCst);
            (status, [(header::LOCATION, "/inside")])
        })
    };
    let service = Router::new()
        .route("/307", count(&asked, StatusCode::TEMPORARY_REDIRECT))
        .route("/308", count(&asked, StatusCode::PERMANENT_REDIRECT))
        .route("/inside", count(&led, StatusCode::CREATED));
    tokio::spawn(async move { axum::serve(listener, service).await });
    let origin = format!("http://127.0.0.1:{port}");
    let test = TestApp::with(Engine::Sqlite, |config| config.push_private = vec![origin.clone()]).await;
    let mut lin = test.signed_in("19900000001").await;
    for path in ["307", "308"] {
        let keys = push_keys();
        let keys = serde_json::json!({ "p256dh": keys["p256dh"], "auth": keys["auth"] });
        let body = serde_json::json!({ "endpoint": format!("{origin}/{path}"), "keys": keys }).to_string();
        let kind = Some("application/json");
        let answer = lin.send(Method::POST, "/api/v1/me/push", kind, body.into_bytes()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
    published(&test, &mut test.signed_in(SHEN).await, &[]).await;
    assert_eq!(asked.load(Ordering::SeqCst), 2, "both were sent to");
    assert_eq!(led.load(Ordering::SeqCst), 0, "and neither was followed");
}

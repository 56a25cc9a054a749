//! `/api/v1`.

use super::{OTHER, RESIDENT, TOMORROW, halls, one_window_with, slot};
use crate::support::on_both;
use axum::http::Method;

#[tokio::test]
async fn the_api_lists_books_and_says_what_is_free_instead() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 1).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let items = resident.get("/api/v1/services?q=sbk").await.json();
        assert_eq!(items[0]["code"], "social-card-replace");

        let path = "/api/v1/services/flexible-employment/slots?hall=hall-wutong&days=3";
        let days = test.visitor().get(path).await.json();
        assert_eq!(days.as_array().map(Vec::len), Some(3));
        assert_eq!(days[0]["date"], TOMORROW);
        assert_eq!(days[0]["times"][0]["slot"], slot(TOMORROW, "0830"));
        assert_eq!(days[0]["times"][0]["starts_at"], "2026-11-26T08:30:00+08:00");
        assert_eq!(days[2]["state"], "day_off", "a Saturday");

        let body = serde_json::json!({"item": "flexible-employment", "slot": slot(TOMORROW, "0830"),
            "materials": ["id"], "answers": {"agent": false}, "idempotency_key": "one"});
        let send = async |browser: &mut crate::support::Browser| {
            let bytes = body.to_string().into_bytes();
            browser.send(Method::POST, "/api/v1/appointments", Some("application/json"), bytes).await
        };
        assert_eq!(send(&mut test.visitor()).await.status, 401);
        let made = send(&mut resident).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let again = send(&mut resident).await;
        assert_eq!(again.json()["code"], made.json()["code"], "the same key, the same booking");
        let read = resident.get(made.location()).await.json();
        assert_eq!(read["state"], "booked");
        assert_eq!(read["materials"][0], "id");

        let mut other = test.signed_in(OTHER).await;
        let full = send(&mut other).await;
        assert_eq!(full.status, 409);
        assert_eq!(full.headers["content-type"], "application/problem+json");
        assert_eq!(full.json()["type"], "urn:linli:problem:slot-full");
        assert_eq!(full.json()["next_free"][0]["slot"], slot(TOMORROW, "0900"));
    })
    .await;
}

//! Who may not: other people, other halls, links without a token; and what strange clients send.

use super::{OTHER, OTHER_STAFF, RESIDENT, STAFF, TOMORROW, book, halls, slot};
use crate::support::{TestApp, on_both};
use server::db::Engine;

#[tokio::test]
async fn a_ticket_is_for_its_owner_its_link_and_the_halls_staff() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let path = book(&mut resident, "birth-registration", &slot(TOMORROW, "0900"), "k").await;
        let code = path.rsplit('/').next().expect("a code");

        assert_eq!(test.visitor().get(&path).await.status, 303, "to the door");
        assert_eq!(test.visitor().get(&format!("{path}?t=wrong")).await.status, 303);
        let token = test.app.secrets.link_token("appointment", code);
        let by_link = test.visitor().get(&format!("{path}?t={token}")).await;
        assert_eq!(by_link.status, 200);
        assert!(!by_link.text().contains("林晓禾") && by_link.text().contains("/cancel"), "{}", by_link.text());
        assert_eq!(test.visitor().get(&format!("{path}/calendar.ics?t={token}")).await.status, 200);

        let mut other = test.signed_in(OTHER).await;
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.get(&format!("{path}/calendar.ics")).await.status, 404);
        assert_eq!(other.post(&format!("{path}/cancel"), &[]).await.status, 404);
        assert_eq!(other.get(&format!("/api/v1/appointments/{code}")).await.status, 404);
        assert_eq!(other.get("/staff/appointments").await.status, 403);
        assert_eq!(other.post("/staff/check-in", &[("code", code)]).await.status, 403);

        let mut staff = test.signed_in(STAFF).await;
        let seen = staff.get(&path).await;
        assert!(seen.status == 200 && seen.text().contains("199****0001"), "{}", seen.text());
        assert_eq!(staff.post(&format!("{path}/cancel"), &[]).await.status, 404, "not theirs to cancel");
        let looks: (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = $1")
            .bind("appointment.look")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(looks.0, 1, "every look is noted");

        let mut stranger = test.signed_in(OTHER_STAFF).await;
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(stranger.get("/staff/appointments?hall=hall-wutong").await.status, 403);
        assert_eq!(stranger.post("/staff/check-in", &[("hall", "hall-wutong"), ("code", code)]).await.status, 403);
        assert_eq!(stranger.post("/staff/check-in", &[("code", code)]).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn strange_requests_are_refused_and_nothing_breaks() {
    let test = TestApp::new(Engine::Sqlite).await;
    halls(&test).await;
    let mut resident = test.signed_in(RESIDENT).await;
    let mut staff = test.signed_in(STAFF).await;
    let long = "x".repeat(20_000);
    let evil = "%00%ff%27%22%3Cscript%3E";
    let paths = [
        format!("/services/{long}"),
        format!("/services/{evil}"),
        format!("/services?q={long}&hall={evil}"),
        format!("/services?q={evil}"),
        "/services/worker-aid?hall=nowhere".to_owned(),
        "/services/worker-aid/times?hall=hall-wutong&date=9999-99-99".to_owned(),
        "/services/worker-aid/times?hall=hall-wutong&date=-9999-01-01".to_owned(),
        format!("/services/worker-aid/times?date={long}"),
        "/services/worker-aid/book".to_owned(),
        "/services/worker-aid/book?slot=".to_owned(),
        format!("/services/worker-aid/book?slot={long}"),
        "/services/worker-aid/book?slot=hall-wutong.99991231T2359".to_owned(),
        "/services/worker-aid/book?slot=hall-wutong.20261126T0907".to_owned(),
        "/services/worker-aid/book?slot=nowhere.20261126T0900".to_owned(),
        format!("/appointments/{evil}"),
        format!("/appointments/{long}?t={long}"),
        "/appointments/AAAAAA/calendar.ics?t=%00".to_owned(),
        "/api/v1/services/worker-aid/slots?from=soon".to_owned(),
        "/api/v1/services/worker-aid/slots?days=99999999999999999999".to_owned(),
        "/api/v1/services/worker-aid/slots?from=-9999-01-01&days=0".to_owned(),
    ];
    for path in &paths {
        let status = resident.get(path).await.status;
        assert!(status.is_client_error() || status.is_success(), "{status} for {:.80}", path);
    }
    for path in [
        "/staff/appointments?date=9999-12-31".to_owned(),
        "/staff/appointments?date=-9999-01-01".to_owned(),
        format!("/staff/appointments?hall={evil}&date={evil}"),
    ] {
        let status = staff.get(&path).await.status;
        assert!(status.is_client_error() || status.is_success(), "{status} for {path}");
    }
    let good = slot(TOMORROW, "0900");
    for fields in [
        vec![],
        vec![("slot", good.as_str())],
        vec![("slot", good.as_str()), ("key", long.as_str())],
        vec![("slot", "hall-wutong.20261126T2400"), ("key", "k")],
        vec![("slot", long.as_str()), ("key", "k")],
        vec![("slot", "hall-wutong.20261129T0900"), ("key", "k")],
    ] {
        let answer = resident.post("/services/worker-aid/book", &fields).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
    }
    let path = book(&mut resident, "worker-aid", &good, "k").await;
    let answer = resident.post(&format!("{path}/cancel"), &[("reason", &long)]).await;
    assert_eq!(answer.status, 422);
    let reason = "<script>alert(1)</script>";
    assert_eq!(resident.post(&format!("{path}/cancel"), &[("reason", reason)]).await.status, 303);
    let body = vec![b'x'; 600_000];
    let kind = Some("application/json");
    assert_eq!(resident.send(axum::http::Method::POST, "/api/v1/appointments", kind, body).await.status, 413);
    let status = resident.send(axum::http::Method::POST, "/api/v1/appointments", kind, b"{}".to_vec()).await.status;
    assert_eq!(status, 422);
}

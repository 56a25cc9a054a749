//! The patrol of grid workers: two taps, solved where it was found, seen by other eyes.

use super::*;
use crate::support::on_both;
use axum::http::Method;

#[tokio::test]
async fn solved_on_the_spot_is_handled_and_verified_by_another() {
    on_both(|test| async move {
        let mut worker = test.signed_in(GRID_WORKER).await;
        assert_eq!(worker.get("/volunteer/collect").await.status, StatusCode::OK);
        let photo = fixture("orientation-1.jpg");
        let key = key(1);
        let mut fields = fields(&key);
        fields[5].1 = "";
        fields.push(("solved", "1"));
        let files: [(&str, &str, &str, &[u8]); 2] =
            [("photos", "a.jpg", "image/jpeg", &photo), ("afters", "b.jpg", "image/jpeg", &photo)];
        for _ in 0..2 {
            let sent = worker.post_files("/volunteer/collect", &fields, &files).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        }
        type Row = (String, String, String, Option<String>, i64);
        let row: Row = sqlx::query_as("SELECT code, state, channel, handled_by, solved_on_spot FROM report")
            .fetch_one(test.app.db.read())
            .await
            .expect("one report");
        assert_eq!((row.1.as_str(), row.2.as_str(), row.4), ("handled", "patrol", 1));
        assert_eq!(row.3.as_deref(), Some(test.person(GRID_WORKER)));
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE role = 'after'").await, 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 2);
        // Their own eyes do not count; staff's do.
        let own = staff_step(&mut worker, &row.0, "verify_pass", &[]).await;
        assert_ne!(own.status, StatusCode::SEE_OTHER);
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &row.0, "verify_pass", &[]).await.status, StatusCode::SEE_OTHER);
        let closed = staff_step(&mut staff, &row.0, "close", &[("text", "现场已解决")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
    })
    .await;
}

#[tokio::test]
async fn only_grid_workers_collect_and_only_in_their_grids() {
    on_both(|test| async move {
        let body = |key: &str, building: &str| {
            serde_json::json!({ "idempotency_key": key, "community": "wutong", "category": "street-light",
                "building": building, "description": "", "solved_on_spot": false })
            .to_string()
            .into_bytes()
        };
        let path = "/api/v1/reports/collect";
        let json = Some("application/json");
        let mut resident = test.signed_in(RESIDENT).await;
        assert_eq!(
            resident.send(Method::POST, path, json, body("collect-key-000001", "wutong-1")).await.status,
            StatusCode::FORBIDDEN
        );
        let mut worker = test.signed_in(GRID_WORKER).await;
        let sent = worker.send(Method::POST, path, json, body("collect-key-000002", "wutong-1")).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let again = worker.send(Method::POST, path, json, body("collect-key-000002", "wutong-1")).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(again.json()["code"], sent.json()["code"]);
        // A building of grid 4 is somebody else's round.
        let (elsewhere,): (String,) = sqlx::query_as(
            "SELECT code FROM organisation WHERE kind = 'building' AND path LIKE '%/wutong-g4/%' ORDER BY code",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("a building");
        let other = worker.send(Method::POST, path, json, body("collect-key-000003", &elsewhere)).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{}", other.text());
        // The copy for phones knows nobody.
        let shell = test.visitor().get("/volunteer/collect?shell=1&community=wutong").await;
        assert_eq!(shell.status, StatusCode::OK);
        assert!(test.visitor().get("/volunteer/collect").await.location().starts_with("/login"));
    })
    .await;
}

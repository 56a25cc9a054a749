//! The floors themselves: health, errors, headers, cross-site checks, migrations.

use crate::support::{TestApp, on_both};
use axum::http::{Method, StatusCode};
use server::{config::BlobsUrl, db::Engine};

#[tokio::test]
async fn ready_means_that_this_server_can_answer_with_or_without_photos() {
    on_both(|test| async move {
        let answer = test.visitor().get("/readyz").await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "database: ok\nphotos: ok\ndisk: ok\n"));
        // A store that fails at everything: all else goes on, so this server stays where it is.
        let BlobsUrl::Folder(folder) = &test.app.config.blobs_url else { panic!("a folder") };
        let in_the_way = folder.join("photos");
        std::fs::write(&in_the_way, "a file where a folder should be").expect("written");
        let answer = test.visitor().get("/readyz").await;
        let said = "database: ok\nphotos: failing\ndisk: ok\n";
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, said));
        std::fs::remove_file(&in_the_way).expect("removed");
        // A database that lacks what this server needs.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
            .execute(&mut *tx)
            .await
            .expect("forgotten");
        tx.commit().await.expect("commit");
        let answer = test.visitor().get("/readyz").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
        assert!(answer.text().contains("database: failing\nphotos: ok"), "{}", answer.text());
        // One that does not say what it has seen.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("ALTER TABLE _sqlx_migrations RENAME COLUMN version TO seen")
            .execute(&mut *tx)
            .await
            .expect("renamed");
        tx.commit().await.expect("commit");
        test.app.db.pending().await.expect_err("nobody takes it for up to date, nor for empty");
        let answer = test.visitor().get("/readyz").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
        // And one that does not answer.
        test.app.db.close().await;
        let answer = test.visitor().get("/readyz").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(test.visitor().get("/healthz").await.status, StatusCode::OK, "the process is well");
    })
    .await;
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    on_both(|test| async move {
        let url = test.database_url.clone();
        let tasks = (0..6).map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let db = server::db::Db::connect(&url).await.expect("connects");
                db.migrate().await.expect("migrates");
                db.close().await;
            })
        });
        for task in tasks {
            task.await.expect("no server fails");
        }
    })
    .await;
}

#[tokio::test]
async fn an_error_page_has_the_request_id_and_the_security_headers() {
    let test = TestApp::new(Engine::Sqlite).await;
    let answer = test.visitor().get("/no-such-page").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let id = answer.headers["x-request-id"].to_str().expect("text");
    assert!(answer.text().contains(id));
    let csp = answer.headers["content-security-policy"].to_str().expect("text");
    assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe-inline"), "{csp}");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn the_api_answers_with_problem_details() {
    let test = TestApp::new(Engine::Sqlite).await;
    let answer = test.visitor().get("/api/v1/no-such-thing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.json()["status"], 404);
}

#[tokio::test]
async fn forms_from_other_sites_are_stopped() {
    let test = TestApp::new(Engine::Sqlite).await;
    let send = |headers: &'static [(&'static str, &'static str)]| {
        let router = test.router.clone();
        async move {
            let mut request = axum::http::Request::builder().method(Method::POST).uri("/preferences");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(axum::body::Body::empty()).expect("a request");
            tower::ServiceExt::oneshot(router, request).await.expect("infallible").status()
        }
    };
    let forbidden = StatusCode::FORBIDDEN;
    assert_eq!(send(&[("sec-fetch-site", "cross-site")]).await, forbidden);
    assert_eq!(send(&[("sec-fetch-site", "same-site")]).await, forbidden, "a neighbour on the same domain");
    assert_eq!(send(&[("origin", "https://evil.example"), ("host", "linli.test")]).await, forbidden);
    assert_eq!(send(&[("origin", "null"), ("host", "linli.test")]).await, forbidden);
    assert_eq!(send(&[("cookie", "linli=x")]).await, forbidden, "no word about its origin, but our cookie");
    assert_ne!(send(&[("sec-fetch-site", "same-origin")]).await, forbidden);
    assert_ne!(send(&[("origin", "http://linli.test"), ("host", "linli.test")]).await, forbidden);
}

//! An upper platform behind Open311: our own endpoint, of a second application that is served over HTTP.

use super::{ADMIN, STREET, WUTONG, done, matter, sent, state, step};
use crate::{
    reports::{STAFF, staff_step},
    support::TestApp,
};
use server::{db::Engine, matters::outside::poll, operate};

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_becomes_a_request_there_and_its_status_comes_back() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let upper = TestApp::new(Engine::Sqlite).await;
        let key = operate::add_key(&upper.app, "桐荫街道", "wutong", &["reports.file".to_owned()], 30)
            .await
            .expect("a key")
            .1;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let router = upper.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });

        let test = TestApp::with(engine, |config| config.push_private = vec![address.clone()]).await;
        let mut admin = test.signed_in(ADMIN).await;
        let url = format!("{address}/open311/v2");
        let mut form = vec![
            ("organisation", "tongyin"),
            ("name", "市 12345"),
            ("way", "open311"),
            ("url", url.as_str()),
            ("jurisdiction", "wutong"),
            ("api_key", key.as_str()),
            ("key", "k"),
        ];
        let without = admin.post("/staff/matters/platforms", &form).await;
        assert!(without.status == 422 && without.text().contains("service-error"), "{}", without.text());
        assert!(!without.text().contains(&key), "a key is not shown again");
        form.push(("service", "street-light"));
        let made = admin.post("/staff/matters/platforms", &form).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert!(!made.text().contains(&key));
        let (platform, sealed): (String, String) =
            sqlx::query_as("SELECT id, api_key_sealed FROM platform").fetch_one(test.app.db.read()).await.expect("one");
        assert!(!sealed.is_empty() && !sealed.contains(&key), "sealed at rest");

        let (mut community, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let top = sent(&mut community, "wutong", "org:tongyin", &[]).await;
        done(&mut street, &top, "accept", &[]).await;
        let to = format!("platform:{platform}");
        let id = sent(&mut street, "tongyin", &to, &[("parent", &top), ("title", "路灯整条街不亮")]).await;
        test.run_jobs().await;
        let one = matter(&mut street, &id).await;
        let code = one["reference"].as_str().expect("its number there").to_owned();
        assert!(!code.is_empty(), "{one}");
        let mut theirs = upper.signed_in(STAFF).await;
        let page = theirs.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("路灯整条街不亮") && page.contains(one["number"].as_str().expect("a number")), "{page}");

        // Open there: taken here. What is said twice is no news.
        poll(&test.app).await.expect("asked");
        assert_eq!(state(&mut street, &id).await, "accepted");
        let before = matter(&mut street, &id).await["version"].clone();
        poll(&test.app).await.expect("asked");
        assert_eq!(matter(&mut street, &id).await["version"], before);
        // It has no ear for a withdrawal.
        let refused = step(&mut street, &id, "ask_withdraw", &[("text", "x")]).await;
        assert_eq!(refused.status, 409);
        assert_eq!(staff_step(&mut theirs, &code, "accept", &[]).await.status, 303);
        poll(&test.app).await.expect("asked");
        assert_eq!(state(&mut street, &id).await, "accepted");
        // Closed there with words: answered here, and what waited for it.
        assert_eq!(staff_step(&mut theirs, &code, "reject", &[("text", "<i>已</i>转供电公司")]).await.status, 303);
        poll(&test.app).await.expect("asked");
        let one = matter(&mut street, &id).await;
        assert_eq!(
            (one["state"].as_str(), one["answer"].as_str()),
            (Some("answered"), Some("<i>已</i>转供电公司")),
            "{one}"
        );
        let page = community.get(&format!("/staff/matters/{top}")).await.text();
        assert!(page.contains("&lt;i&gt;已&lt;/i&gt;转供电公司"), "{page}");
        assert_eq!(state(&mut community, &top).await, "answered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_away_is_left_alone_after_three_failures() {
    // Nobody listens there any more.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let test = TestApp::with(Engine::Sqlite, |config| config.push_private = vec![address.clone()]).await;
    let mut admin = test.signed_in(ADMIN).await;
    let form = [
        ("organisation", "tongyin"),
        ("name", "市 12345"),
        ("way", "open311"),
        ("url", address.as_str()),
        ("service", "street-light"),
        ("key", "k"),
    ];
    assert_eq!(admin.post("/staff/matters/platforms", &form).await.status, 201);
    let platforms = admin.get("/api/v1/staff/matters/platforms").await.json();
    let to = format!("platform:{}", platforms[0]["id"].as_str().expect("it"));
    let mut street = test.signed_in(STREET).await;
    for _ in 0..5 {
        sent(&mut street, "tongyin", &to, &[]).await;
    }
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query("UPDATE matter SET foreign_ref = 'r'").execute(&mut *tx).await.expect("written");
    tx.commit().await.expect("commit");
    poll(&test.app).await.expect("asked");
    let begun = test.app.clock.now().as_microsecond();
    let asked: Vec<(i64,)> =
        sqlx::query_as("SELECT polled_at FROM matter ORDER BY id").fetch_all(test.app.db.read()).await.expect("read");
    assert_eq!(asked.iter().filter(|(at,)| *at > begun).count(), 3, "these failed, the others come first next time");
    assert_eq!(asked.iter().filter(|(at,)| *at == begun).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_refused_there_is_given_up_and_seen() {
    let upper = TestApp::new(Engine::Sqlite).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let router = upper.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let test = TestApp::with(Engine::Sqlite, |config| config.push_private = vec![address.clone()]).await;
    let mut admin = test.signed_in(ADMIN).await;
    let url = format!("{address}/open311/v2");
    let form = [
        ("organisation", "tongyin"),
        ("name", "市 12345"),
        ("way", "open311"),
        ("url", url.as_str()),
        ("jurisdiction", "wutong"),
        ("service", "street-light"),
        ("api_key", "linli_wrong"),
        ("key", "k"),
    ];
    assert_eq!(admin.post("/staff/matters/platforms", &form).await.status, 201);
    let platforms = admin.get("/api/v1/staff/matters/platforms").await.json();
    let platform = platforms[0]["id"].as_str().expect("it").to_owned();
    let mut street = test.signed_in(STREET).await;
    let id = sent(&mut street, "tongyin", &format!("platform:{platform}"), &[]).await;
    test.run_jobs().await;
    let page = admin.get(&format!("/staff/matters/platforms/{platform}")).await.text();
    assert!(page.contains("没送到") && page.contains("answered 403") && !page.contains("linli_wrong"), "{page}");
    assert!(street.get(&format!("/staff/matters/{id}")).await.text().contains("没有送到平台"));
    // It is not asked how a request stands that it never took.
    poll(&test.app).await.expect("asked");
    done(&mut street, &id, "cancel", &[("text", "改打电话")]).await;
    assert_eq!(state(&mut street, &id).await, "cancelled");
}

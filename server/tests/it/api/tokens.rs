//! Personal tokens and integration keys.

use super::{EVERYTHING, Program, failure, token, token_with};
use crate::{
    reports::{RESIDENT, STAFF, count, key},
    support::{TestApp, on_both},
};
use app::people::Room;
use axum::http::Method;
use jiff::SignedDuration;
use scraper::{Html, Selector};
use serde_json::json;
use server::{db::Engine, operate};

fn first(page: &str, selector: &str) -> Option<String> {
    let html = Html::parse_document(page);
    let selector = Selector::parse(selector).expect("a selector");
    let element = html.select(&selector).next()?;
    Some(element.value().attr("value").map_or_else(|| element.text().collect(), str::to_owned))
}

#[tokio::test]
async fn a_token_is_made_at_a_page_shown_once_and_ended() {
    on_both(|test| async move {
        let mut browser = test.signed_in(RESIDENT).await;
        let page = browser.get("/me/tokens").await;
        let form = first(&page.text(), "input[name=key]").expect("a key");
        let fields = [("name", "家里的日历"), ("days", "30"), ("me", "read"), ("reports", "write"), ("key", &form)];
        let made = browser.post("/me/tokens", &fields).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.headers["cache-control"], "private, no-store");
        let token = first(&made.text(), "code.token").expect("the token");
        assert!(token.starts_with("linlip_") && token.len() == 50, "{token}");
        // The second tap of the button makes no other one, and nobody shows it again.
        let again = browser.post("/me/tokens", &fields).await;
        assert_eq!((again.status.as_u16(), again.location()), (303, "/me/tokens"));
        let list = browser.get("/me/tokens").await.text();
        assert!(!list.contains(&token) && list.contains("家里的日历") && list.contains(&token[46..]), "only its end");
        let (kept,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM personal_token WHERE token_hash <> $1")
                .bind(&token)
                .fetch_one(test.app.db.read())
                .await
                .expect("a count");
        assert_eq!(kept, 1, "one, and not in plain text");
        assert!(browser.get("/me/inbox").await.text().contains("家里的日历"), "its owner hears of it");

        let mut program = Program::with(&test, &token);
        let me = program.get("/api/v1/me").await;
        assert_eq!(me.status, 200, "{}", me.text());
        let refused = program.post("/api/v1/me", json!({"name": "别人"})).await;
        assert_eq!(failure(&refused), (403, "urn:linli:problem:scope".into()));
        let challenge = refused.headers["www-authenticate"].to_str().expect("text");
        assert_eq!(challenge, r#"Bearer realm="linli", error="insufficient_scope", scope="me:write""#);
        assert_eq!(failure(&program.get("/api/v1/appointments").await).0, 403);
        assert_eq!(program.get("/api/v1/me/reports").await.status, 200);

        let id = first(&list, "form[action^='/me/tokens/']").is_some();
        assert!(id, "it can be ended");
        let html = Html::parse_document(&list);
        let action = Selector::parse("form[action^='/me/tokens/']").expect("a selector");
        let action =
            html.select(&action).next().and_then(|form| form.value().attr("action")).expect("a form").to_owned();
        assert_eq!(test.signed_in(STAFF).await.post(&action, &[]).await.status, 404, "not somebody else's");
        assert_eq!(browser.post(&action, &[]).await.status, 303);
        let ended = program.get("/api/v1/me").await;
        assert_eq!(failure(&ended), (401, "urn:linli:problem:bad-token".into()));
        assert!(ended.headers["www-authenticate"].to_str().expect("text").contains("invalid_token"));
    })
    .await;
}

#[tokio::test]
async fn a_form_says_what_is_wrong_with_it() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut browser = test.signed_in(STAFF).await;
    for (fields, words) in [
        (vec![("days", "30"), ("me", "read")], "请写一个名称"),
        (vec![("name", "a"), ("days", "31"), ("me", "read")], "请选择有效期"),
        (vec![("name", "a"), ("days", "365"), ("staff.reports", "read")], "最长 90 天"),
        (vec![("name", "a"), ("days", "30")], "至少开放一项"),
    ] {
        let answer = browser.post("/me/tokens", &[fields, vec![("key", "k")]].concat()).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_token_ends_by_itself_and_is_all_that_counts() {
    on_both(|test| async move {
        let token = token(&test, RESIDENT, "me:write").await;
        let mut program = Program::with(&test, &token);
        let name = program.get("/api/v1/me").await.json()["name"].clone();
        // Cookies beside it do not count, and no page of somebody else's sends it.
        let mut other = test.signed_in(STAFF).await;
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("origin", "https://elsewhere.example")];
        let mixed = other.request(Method::GET, "/api/v1/me", &headers, Vec::new()).await;
        assert_eq!(mixed.json()["name"], name);
        for nonsense in ["Bearer linlip_nonsense", "Bearer ", "Basic YTpi", "Bearer linli_nonsense"] {
            let answer = other.get_with("/api/v1/me", &[("authorization", nonsense)]).await;
            assert_eq!(failure(&answer), (401, "urn:linli:problem:bad-token".into()), "{nonsense}");
        }
        // It opens the API only: pages ask for a session, so no token makes another one.
        let mut visitor = test.visitor();
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let form = b"name=a&days=30&me=write&key=k".to_vec();
        let make = visitor.request(Method::POST, "/me/tokens", &headers, form).await;
        assert!(make.location().starts_with("/login"));
        assert_eq!(failure(&program.get("/api/v1/nowhere").await).0, 404);
        test.app.clock.advance(SignedDuration::from_hours(24 * 30));
        assert_eq!(failure(&program.get("/api/v1/me").await).0, 401);
    })
    .await;
}

#[tokio::test]
async fn what_is_done_with_a_token_is_written_down_with_it() {
    on_both(|test| async move {
        let mut program = Program::of(&test, RESIDENT).await;
        let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1",
            "description": "路灯三天没亮了", "idempotency_key": key(1)});
        let filed = program.post("/api/v1/reports", body).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        assert_eq!(program.post("/api/v1/me/inbox/read", json!({})).await.status, 204);
        let entries: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT a.action, a.detail, a.actor_id FROM audit_log a WHERE a.action IN ('report.file', 'token.use') ORDER BY a.action",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("entries");
        let (id,): (String,) =
            sqlx::query_as("SELECT id FROM personal_token").fetch_one(test.app.db.read()).await.expect("a token");
        assert_eq!(entries.iter().map(|entry| entry.0.as_str()).collect::<Vec<_>>(), ["report.file", "token.use"]);
        for (action, detail, actor) in &entries {
            let detail: serde_json::Value = serde_json::from_str(detail).expect("JSON");
            assert_eq!((&detail["token"], actor.as_str()), (&json!(id), test.person(RESIDENT)), "{action}");
        }
        // Reading is not written down.
        program.get("/api/v1/me").await;
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'token.use'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn staff_need_the_second_factor_that_they_had_when_the_token_was_made() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = TestApp::with(engine, |config| config.demo = false).await;
        let form = [("name", "desk"), ("days", "30"), ("staff.reports", "write"), ("key", "k")];
        let asked = test.signed_in(STAFF).await.post("/me/tokens", &form).await;
        assert!(asked.location().starts_with("/login/second-factor"), "{}", asked.status);
        let mut without = Program::of(&test, STAFF).await;
        let refused = without.get("/api/v1/staff/reports").await;
        assert_eq!(failure(&refused), (403, "urn:linli:problem:second-factor".into()));
        assert_eq!(without.get("/api/v1/me/reports").await.status, 200, "their own things they may");

        let mut with = Program::with(&test, &token_with(&test, STAFF, EVERYTHING, true).await);
        assert_eq!(failure(&with.get("/api/v1/staff/reports").await).0, 403, "there is no second factor any more");
        let now = test.app.clock.now();
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query(
            "INSERT INTO second_factor (person_id, secret_sealed, confirmed_at, created_at) VALUES ($1, '', $2, $2)",
        )
        .bind(test.person(STAFF))
        .bind(now.as_microsecond())
        .execute(&mut *tx)
        .await
        .expect("written");
        tx.commit().await.expect("commit");
        assert_eq!(with.get("/api/v1/staff/reports").await.status, 200);
        // A role that ends takes the token's rights with it.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("DELETE FROM role_grant WHERE person_id = $1")
            .bind(test.person(STAFF))
            .execute(&mut *tx)
            .await
            .expect("gone");
        tx.commit().await.expect("commit");
        assert_eq!(failure(&with.get("/api/v1/staff/reports").await).0, 403);
    }
}

#[tokio::test]
async fn another_system_files_with_its_key_and_does_nothing_else() {
    on_both(|test| async move {
        let scopes = ["reports.file".to_owned()];
        let (_, secret) = operate::add_key(&test.app, "巡查车", "wutong", &scopes, 30).await.expect("a key");
        let mut car = Program::with(&test, &secret);
        let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1",
            "description": "巡查车拍到路灯不亮", "foreign_number": "XC-7"});
        let filed = car.post_once("car-0000000000000007", "/api/v1/reports", body.clone()).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        let code = filed.json()["code"].as_str().expect("a code").to_owned();
        let read = car.get(&format!("/api/v1/reports/{code}")).await.json();
        assert_eq!(read["description"], "巡查车拍到路灯不亮", "it reads in full what it filed");
        assert_eq!(test.visitor().get(&format!("/api/v1/reports/{code}")).await.json()["description"], json!(null));
        let channels = "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE channel = 'api' AND foreign_code = 'XC-7'";
        assert_eq!(count(&test, channels).await, 1);
        for (path, body) in [
            ("/api/v1/appointments", json!({})),
            ("/api/v1/me", json!({"name": "a"})),
            (&*format!("/api/v1/staff/reports/{code}/steps"), json!({"step": "accept"})),
        ] {
            assert_eq!(failure(&car.post(path, body).await), (403, "urn:linli:problem:scope".into()), "{path}");
        }
        assert_eq!(failure(&car.get("/api/v1/me").await).0, 403);
        let elsewhere =
            json!({"community": "xingwu", "category": "street-light", "description": "路灯不亮", "place": "门口"});
        assert_eq!(failure(&car.post("/api/v1/reports", elsewhere).await).0, 403, "not beyond its subtree");
    })
    .await;
}

#[test]
fn every_operation_lies_in_a_room() {
    for route in server::http::routes::all().list() {
        if route.path.starts_with("/api/v1/") && route.path != "/api/v1/openapi.json" {
            assert!(Room::of(route.path).is_some(), "{}: say in app/src/people/token.rs where it is", route.path);
        }
    }
}

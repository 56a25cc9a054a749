//! Manners of the API: failures, pages, entity tags, sending again, limits.

use super::{Program, failure};
use crate::{
    reports::{NEIGHBOUR, RESIDENT, STAFF, count, filed, key},
    support::{TestApp, on_both},
};
use axum::http::Method;
use serde_json::json;
use server::db::Engine;

#[tokio::test]
async fn every_failure_is_a_problem_in_words() {
    on_both(|test| async move {
        let mut program = Program::of(&test, RESIDENT).await;
        assert_eq!(failure(&program.get("/api/v1/none/such").await).0, 404);
        assert_eq!(failure(&program.get("/api/v1/reports/NONE2345").await).0, 404);
        let method = program.delete("/api/v1/appointments").await;
        assert_eq!(failure(&method).0, 405);
        let allow = method.headers["allow"].to_str().expect("text");
        assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
        let raw = async |kind: Option<&str>, body: Vec<u8>| {
            let bearer = format!("Bearer {}", super::token(&test, RESIDENT, super::EVERYTHING).await);
            let mut headers = vec![("authorization", bearer.as_str())];
            headers.extend(kind.map(|kind| ("content-type", kind)));
            test.visitor().request(Method::POST, "/api/v1/reports", &headers, body).await
        };
        assert_eq!(failure(&raw(None, b"{}".to_vec()).await).0, 415);
        assert_eq!(failure(&raw(Some("text/plain"), b"{}".to_vec()).await).0, 415);
        assert_eq!(failure(&raw(Some("application/json"), b"{".to_vec()).await).0, 400);
        assert_eq!(failure(&raw(Some("application/json"), b"\xff\xfe".to_vec()).await).0, 400);
        assert_eq!(failure(&raw(Some("application/json"), vec![b' '; 600 * 1024]).await).0, 413);
        // A field that is missing or of another type, and one that the use case does not take.
        let missing = raw(Some("application/json"), br#"{"community": 7}"#.to_vec()).await;
        assert_eq!(failure(&missing), (422, "urn:linli:problem:fields".into()));
        assert_eq!(missing.json()["errors"][0]["pointer"], "#/community");
        let body = json!({"community": "wutong", "category": "none", "description": "", "building": "wutong-1"});
        let wrong = program.post("/api/v1/reports", body).await;
        assert_eq!(failure(&wrong), (422, "urn:linli:problem:fields".into()));
        let pointers: Vec<_> =
            wrong.json()["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].clone()).collect();
        assert!(pointers.contains(&json!("#/category")) && pointers.contains(&json!("#/description")), "{pointers:?}");
        for query in ["limit=0", "limit=many", "cursor=nonsense"] {
            let answer = program.get(&format!("/api/v1/me/reports?{query}")).await;
            assert!(matches!(failure(&answer).0, 400 | 422), "{query}");
        }
        // In the language that is asked for.
        let english = [("accept-language", "en")];
        let answer = program.send(Method::GET, "/api/v1/none", &english, None).await;
        assert_eq!(answer.json()["title"], "Page not found");
        let unsigned = test.visitor().get("/api/v1/me").await;
        assert_eq!(failure(&unsigned).0, 401);
        assert_eq!(unsigned.headers["www-authenticate"], r#"Bearer realm="linli""#);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_walked_by_its_links() {
    on_both(|test| async move {
        let mut browser = test.signed_in(RESIDENT).await;
        let mut codes = Vec::new();
        for n in 0..5 {
            codes.push(filed(&mut browser, &key(n), 0).await);
            test.app.clock.advance(jiff::SignedDuration::from_secs(1));
        }
        codes.reverse();
        let mut staff = Program::of(&test, STAFF).await;
        for (phone, list) in [
            (RESIDENT, "/api/v1/reports?community=wutong&limit=2"),
            (RESIDENT, "/api/v1/me/reports?limit=2"),
            (STAFF, "/api/v1/staff/reports?state=all&limit=2"),
        ] {
            let mut program = Program::of(&test, phone).await;
            let mut seen = Vec::new();
            let mut next = Some(list.to_owned());
            while let Some(address) = next {
                let page = program.get(&address).await;
                assert_eq!(page.status, 200, "{address}: {}", page.text());
                let body = page.json();
                let rows = body["items"].as_array().expect("items");
                assert!(rows.len() <= 2);
                seen.extend(rows.iter().map(|row| row["code"].as_str().expect("a code").to_owned()));
                next = body["next"].as_str().map(str::to_owned);
                let link = page.headers.get("link").map(|value| value.to_str().expect("text").to_owned());
                assert_eq!(link, next.as_ref().map(|next| format!("<{next}>; rel=\"next\"")));
            }
            assert_eq!(seen, codes, "{list}");
        }
        // The staff's inbox is an array; its next page is in the header only.
        let mut seen = 0;
        let mut next = Some("/api/v1/me/inbox?limit=2".to_owned());
        while let Some(address) = next {
            let page = staff.get(&address).await;
            seen += page.json().as_array().expect("messages").len();
            next = page.headers.get("link").map(|value| {
                let link = value.to_str().expect("text");
                link.trim_start_matches('<').split('>').next().expect("an address").to_owned()
            });
        }
        assert_eq!(seen, 5);
    })
    .await;
}

#[tokio::test]
async fn a_read_is_asked_for_again_and_a_change_says_what_it_saw() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let mut staff = Program::of(&test, STAFF).await;
        let report = format!("/api/v1/staff/reports/{code}");
        let first = staff.get(&report).await;
        let tag = first.headers["etag"].to_str().expect("text").to_owned();
        assert!(tag.starts_with("\"v1-"), "{tag}");
        let again = staff.send(Method::GET, &report, &[("if-none-match", &tag)], None).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
        assert_eq!(again.headers["etag"], tag.as_str());

        let steps = format!("{report}/steps");
        let accept = json!({"step": "accept"});
        let taken = staff.send(Method::POST, &steps, &[("if-match", &tag)], Some(accept.clone())).await;
        assert_eq!(taken.status, 200, "{}", taken.text());
        assert_eq!(taken.json()["state"], "accepted");
        let stale = staff
            .send(Method::POST, &steps, &[("if-match", &tag)], Some(json!({"step": "reject", "text": "不"})))
            .await;
        assert_eq!(failure(&stale), (412, "urn:linli:problem:changed".into()));
        let nonsense = staff.send(Method::POST, &steps, &[("if-match", "\"mine\"")], Some(accept)).await;
        assert_eq!(failure(&nonsense).0, 412);
        let body = staff.post(&steps, json!({"step": "reject", "text": "不属实", "version": 1})).await;
        assert_eq!(failure(&body), (409, "urn:linli:problem:changed".into()));
        assert_eq!((&body.json()["state"], &body.json()["version"]), (&json!("accepted"), &json!(2)));
        let changed = staff.send(Method::GET, &report, &[("if-none-match", &tag)], None).await;
        assert_eq!(changed.status, 200);
        // Lists have one as well, weak for want of a version.
        let list = staff.get("/api/v1/categories").await;
        let tag = list.headers["etag"].to_str().expect("text").to_owned();
        assert!(tag.starts_with("W/\""), "{tag}");
        assert_eq!(staff.send(Method::GET, "/api/v1/categories", &[("if-none-match", &tag)], None).await.status, 304);
    })
    .await;
}

#[tokio::test]
async fn a_request_sent_again_is_answered_like_the_first() {
    on_both(|test| async move {
        let mut program = Program::of(&test, RESIDENT).await;
        let body = |text: &str| {
            json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": text})
        };
        let first = program.post_once("once", "/api/v1/reports", body("路灯不亮")).await;
        assert_eq!(first.status, 201, "{}", first.text());
        assert!(!first.headers.contains_key("idempotency-replayed"));
        let again = program.post_once("\"once\"", "/api/v1/reports", body("路灯不亮")).await;
        assert_eq!((again.status, again.json()), (first.status, first.json()));
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_eq!(again.headers["content-type"], "application/json");
        let other = program.post_once("once", "/api/v1/reports", body("井盖没了")).await;
        assert_eq!(failure(&other), (422, "urn:linli:problem:key-reused".into()));
        // Somebody else's key is another key.
        let mut neighbour = Program::of(&test, NEIGHBOUR).await;
        assert_eq!(neighbour.post_once("once", "/api/v1/reports", body("井盖没了")).await.status, 201);
        // What failed has changed nothing and may be sent again.
        let wrong = json!({"community": "none"});
        assert_eq!(program.post_once("retry", "/api/v1/reports", wrong).await.status, 422);
        assert_eq!(program.post_once("retry", "/api/v1/reports", body("水管爆了")).await.status, 201);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 3);
        let bad = program.post_once("a key", "/api/v1/reports", body("水管爆了")).await;
        assert_eq!(failure(&bad).0, 400);

        // Many at the same moment are one.
        let token = super::token(&test, RESIDENT, super::EVERYTHING).await;
        let all = futures::future::join_all((0..8).map(|_| {
            let (test, token) = (&test, token.clone());
            async move {
                let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1",
                    "description": "同时发送"});
                Program::with(test, &token).post_once("together", "/api/v1/reports", body).await.status.as_u16()
            }
        }))
        .await;
        assert!(all.iter().all(|status| matches!(status, 201 | 409)), "{all:?}");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE description = '同时发送'").await, 1);
        // Kept for a day.
        test.app.clock.advance(jiff::SignedDuration::from_hours(25));
        server::http::api::sweep(&test.app, test.app.clock.now()).await.expect("swept");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM api_request").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_limited_call_says_what_is_left() {
    on_both(|test| async move {
        let mut program = Program::of(&test, RESIDENT).await;
        let code = filed(&mut test.signed_in(NEIGHBOUR).await, &key(1), 0).await;
        let join = format!("/api/v1/reports/{code}/join");
        let first = program.post(&join, json!({})).await;
        assert_eq!(first.status, 204, "{}", first.text());
        assert_eq!(first.headers["ratelimit-policy"], "\"report-join\";q=60;w=3600");
        assert_eq!(first.headers["ratelimit-limit"], "60");
        assert_eq!(first.headers["ratelimit-remaining"], "59");
        assert!(first.headers["ratelimit"].to_str().expect("text").starts_with("\"report-join\";r=59;t="));
        for _ in 0..59 {
            program.delete(&join).await;
        }
        let full = program.post(&join, json!({})).await;
        assert_eq!(failure(&full).0, 429);
        assert_eq!(full.headers["ratelimit-remaining"], "0");
        assert_eq!(full.headers["ratelimit-reset"], full.headers["retry-after"]);
        // A call without a limit says nothing of one.
        assert!(!program.get("/api/v1/me").await.headers.contains_key("ratelimit"));
    })
    .await;
}

#[tokio::test]
async fn the_api_is_a_page_to_read() {
    let test = TestApp::new(Engine::Sqlite).await;
    let zh = test.visitor().get("/api").await;
    assert_eq!(zh.status, 200);
    let page = zh.text();
    for words in [
        "接口说明",
        "案件派遣",
        "/api/v1/staff/reports/{code}/steps",
        "curl -X POST",
        "staff.reports:write",
        "reports.file",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let en = test.visitor().get_with("/api", &[("accept-language", "en")]).await.text();
    assert!(en.contains("Dispatch desk") && en.contains("Idempotency-Key"));
    let operations = page.matches("class=\"more api-operation\"").count();
    let described: usize = server::http::openapi::document()["paths"]
        .as_object()
        .expect("paths")
        .values()
        .map(|item| item.as_object().expect("operations").len())
        .sum();
    assert_eq!(operations, described, "each of them once");
}

//! What is sent may be so large and no larger: refused with words, and without holding it in memory.

use crate::{
    process::Process,
    support::{TestApp, on_both},
};
use axum::{
    body::{Body, Bytes},
    http::{Method, Request, StatusCode},
};
use tower::ServiceExt;

const FIFTY_MEGABYTES: usize = 50 * 1024 * 1024;
const LIN: &str = "19900000001";

fn words(text: &str) -> bool {
    text.contains("内容太大") && text.contains("没有保存") && text.contains("<html")
}

#[tokio::test]
async fn fifty_megabytes_to_a_plain_form_are_refused_with_a_page_that_arrives() {
    let server = Process::start(&[]).await;
    let before = server.peak_kb();
    let client = reqwest::Client::new();
    // A handler that reads its form, one that has none, one that is not there, and the API.
    for (path, kind, page) in [
        ("/login", "application/x-www-form-urlencoded", true),
        ("/logout", "application/x-www-form-urlencoded", true),
        ("/nothing", "text/plain", true),
        ("/api/v1/me/push", "application/json", false),
    ] {
        let answer = client
            .post(server.url(path))
            .header("origin", server.url(""))
            .header("content-type", kind)
            .body(vec![b'a'; FIFTY_MEGABYTES])
            .send()
            .await
            .unwrap_or_else(|error| panic!("{path}: the answer does not arrive: {error}"));
        assert_eq!(answer.status(), 413, "{path}");
        let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
        let text = answer.text().await.expect("a body");
        assert!(if page { words(&text) } else { kind == "application/problem+json" }, "{path}: {kind} {text}");
    }
    let more = server.peak_kb() - before;
    assert!(more < 30 * 1024, "{more} kB more memory for what is thrown away");
}

#[tokio::test]
async fn a_body_that_does_not_say_how_large_it_is_ends_at_the_same_limit() {
    on_both(|test: TestApp| async move {
        let browser = test.signed_in(LIN).await;
        let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let piece = Bytes::from(vec![b'a'; 64 * 1024]);
        let pieces = futures::stream::iter((0..800).map(move |_| Ok::<_, std::io::Error>(piece.clone())));
        let request = Request::builder()
            .method(Method::POST)
            .uri("/me/name")
            .header("host", "linli.test")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", cookies.join("; "))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from_stream(pieces))
            .expect("a request");
        let answer = test.router.clone().oneshot(request).await.expect("infallible");
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let page = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a page");
        assert!(words(&String::from_utf8_lossy(&page)));
        // What is large and not too large is read: the longest notice that can be written.
        let long = "长".repeat(20_000);
        let kept = browser.clone().post("/me/name", &[("name", &long)]).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "it is read, and is no name");
    })
    .await;
}

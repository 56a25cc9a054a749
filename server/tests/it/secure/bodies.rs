//! Bodies that never end, and uploads that pretend.

use crate::{
    reports::fixture,
    support::{TestApp, on_both},
};
use axum::http::{Method, StatusCode};
use server::{
    db::Engine,
    http::{body::PLAIN, openapi, routes},
};

/// Every route that takes a body refuses two megabytes of one kind or another without keeping them: a form, JSON, and a
/// multipart form whose field never ends.
#[tokio::test]
async fn no_route_reads_without_end() {
    let test = TestApp::new(Engine::Sqlite).await;
    let samples = crate::access::samples(&test).await;
    let long = "x".repeat(2 * PLAIN);
    let form = format!("key={long}").into_bytes();
    let json = format!("{{\"idempotency_key\":\"{long}\"}}").into_bytes();
    let boundary = "----linli-test-boundary";
    let part =
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{long}\r\n--{boundary}--\r\n");
    let kinds = [
        ("application/x-www-form-urlencoded".to_owned(), form),
        ("application/json".to_owned(), json),
        (format!("multipart/form-data; boundary={boundary}"), part.into_bytes()),
    ];
    // An administrator of the district comes as far as the body everywhere but in a community's own work.
    for phone in ["", "19900000031", "19900000021", "19900000099"] {
        let mut browser = if phone.is_empty() { test.visitor() } else { test.signed_in(phone).await };
        browser.get("/offline").await;
        for route in routes::all().list().iter().filter(|route| route.method == Method::POST) {
            // It takes no body, and would end the session.
            if route.path == "/logout" || takes_no_body(route.path) {
                continue;
            }
            let address = crate::access::fill(route.path, &samples);
            for (kind, body) in &kinds {
                let answer = browser.clone().send(Method::POST, &address, Some(kind), body.clone()).await;
                let door = answer.status == StatusCode::SEE_OTHER;
                let mut fine = answer.status.is_client_error() || door;
                if answer.status.is_success() {
                    // It takes none, and has not read it.
                    let without = browser.clone().send(Method::POST, &address, Some(kind), Vec::new()).await;
                    fine = without.status.is_success();
                }
                assert!(fine, "{} {kind} as {phone:?}: {}", route.path, answer.status);
            }
        }
    }
}

/// An operation of the API of whose body its description says nothing: it reads none.
fn takes_no_body(path: &str) -> bool {
    let operation = &openapi::document()["paths"][path]["post"];
    operation.is_object() && operation["requestBody"].is_null()
}

#[tokio::test]
async fn a_long_json_body_is_too_large_wherever_json_is_taken() {
    let test = TestApp::new(Engine::Sqlite).await;
    let body = format!("{{\"idempotency_key\":\"{}\"}}", "x".repeat(2 * PLAIN)).into_bytes();
    let kind = Some("application/json");
    let mut worker = test.signed_in("19900000021").await;
    for path in
        ["/api/v1/reports", "/api/v1/reports/collect", "/api/v1/appointments", "/api/v1/holds", "/api/v1/waiting"]
    {
        let answer = worker.send(Method::POST, path, kind, body.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    // A file of the calendar's size limit and beyond is read no further than the limit of all bodies.
    let long = vec![b'x'; 2 * PLAIN];
    let mut admin = test.signed_in("19900000099").await;
    let answer = admin.post_files("/staff/calendar", &[], &[("file", "a.csv", "text/csv", &long)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

/// Files that are two things at once: whatever else they are is gone from what is kept and served, and what is served
/// says what it is and may do nothing.
#[tokio::test]
async fn a_picture_that_is_something_else_as_well_is_only_a_picture() {
    on_both(|test| async move {
        let jpeg = fixture("orientation-6.jpg");
        let html = b"<html><script>alert(document.domain)</script></html>";
        let mut zip = jpeg.clone();
        zip.extend_from_slice(b"PK\x03\x04\x14\x00\x00\x00evil.jsp<%Runtime.exec%>");
        let mut page = jpeg.clone();
        page.extend_from_slice(html);
        // A comment segment right after the start of the picture.
        let mut comment = jpeg[..2].to_vec();
        let length = u16::try_from(html.len() + 2).expect("short");
        comment.extend([0xff, 0xfe]);
        comment.extend(length.to_be_bytes());
        comment.extend_from_slice(html);
        comment.extend_from_slice(&jpeg[2..]);
        let mut browser = test.signed_in("19900000001").await;
        for (name, kind, bytes) in [
            ("a.jpg", "image/jpeg", &zip),
            ("a.html", "text/html", &page),
            ("../../etc/passwd.jpg", "image/svg+xml", &comment),
        ] {
            let answer = browser.post_files("/api/v1/photos", &[], &[("photo", name, kind, bytes)]).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            let id = answer.json()["id"].as_str().expect("an id").to_owned();
            for variant in ["full", "thumb"] {
                let shown = browser.get(&format!("/photos/{id}/{variant}")).await;
                assert_eq!(shown.status, StatusCode::OK);
                assert_eq!(shown.headers["content-type"], "image/jpeg");
                assert_eq!(shown.headers["x-content-type-options"], "nosniff");
                let policy = shown.headers["content-security-policy"].to_str().expect("text");
                assert!(policy.contains("sandbox"), "{policy}");
                let has = |needle: &[u8]| shown.body.windows(needle.len()).any(|window| window == needle);
                assert!(!has(b"<script") && !has(b"PK\x03\x04") && !has(b"<%"), "{name} {variant}");
            }
        }
        // What only says that it is a picture is refused.
        for (name, bytes) in [
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_slice()),
            ("a.jpg", b"%PDF-1.7 \xff\xd8\xff\xe0"),
            ("a.png", b"\x89PNG\r\n\x1a\n<?php system($_GET[0]);"),
            ("a.gif", b"GIF89a/*<script>*/=1;"),
            ("a.jpg", b""),
        ] {
            let answer = browser.post_files("/api/v1/photos", &[], &[("photo", name, "image/jpeg", bytes)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
    })
    .await;
}

/// One address that sends forms slowly leaves places for all others, and has its own back when it is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_senders_at_one_address_leave_room_for_others() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = crate::process::Process::start(&[("LINLI_CLIENT_IP_HEADER", "x-real-ip")]).await;
    let begin = async |address: &str| {
        let head = format!(
            "POST /api/v1/photos HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nX-Real-Ip: {address}\r\n\
             Cookie: linli_device={1}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n\
             --x\r\n",
            server.address,
            "d".repeat(43)
        );
        let mut socket = tokio::net::TcpStream::connect(server.address).await.expect("connects");
        socket.write_all(head.as_bytes()).await.expect("sent");
        socket
    };
    // The status that is answered at once; none: it is read from.
    let refused = async |mut socket: tokio::net::TcpStream| {
        let mut start = [0; 12];
        let read = tokio::time::timeout(std::time::Duration::from_millis(500), socket.read_exact(&mut start)).await;
        read.is_ok().then(|| String::from_utf8_lossy(&start).into_owned())
    };
    let mut slow = Vec::new();
    for _ in 0..24 {
        slow.push(begin("198.51.100.1").await);
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(refused(begin("198.51.100.1").await).await.as_deref(), Some("HTTP/1.1 429"));
    assert_eq!(refused(begin("198.51.100.2").await).await, None, "another address is read from");
    slow.clear();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(refused(begin("198.51.100.1").await).await, None, "there is room again");
}

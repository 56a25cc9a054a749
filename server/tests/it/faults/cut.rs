//! A server that is cut off from its database or from S3, or whose S3 is broken or slow: what people see, what `/readyz` says,
//! and that it goes on by itself.

use super::{
    lives, long, server,
    wire::{Wire, within},
};
use crate::{
    process::Process,
    reports,
    s3_server::{BUCKET, KEY, Mood, SECRET, serve},
    support::TestApp,
    windows::servers::sessions_of,
};
use jiff::{Span, civil::Date};
use server::db::Engine;
use std::time::Duration;
use tokio::time::Instant;

/// A database that is away is told within so long.
const SOON: Duration = Duration::from_secs(12);
/// It goes on by itself within so long.
const BACK: Duration = Duration::from_secs(15);

struct Seen {
    status: u16,
    retry_after: String,
    kind: String,
    text: String,
    waited: Duration,
}

struct Person<'a> {
    server: &'a Process,
    session: String,
    http: reqwest::Client,
    today: Date,
}

impl<'a> Person<'a> {
    async fn new(test: &TestApp, server: &'a Process, today: Date) -> Person<'a> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.timeout(Duration::from_secs(90)).build().expect("a client");
        let session = sessions_of(test, &[reports::RESIDENT]).await.remove(0);
        Person { server, session, http, today }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Seen {
        let begun = Instant::now();
        let request = request.header("origin", self.server.url("")).header("cookie", format!("linli={}", self.session));
        let answer = request.send().await.expect("an answer, whatever it is");
        let header =
            |name: &str| answer.headers().get(name).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let (status, retry_after, kind) = (answer.status().as_u16(), header("retry-after"), header("content-type"));
        let text = answer.text().await.expect("text");
        Seen { status, retry_after, kind, text, waited: begun.elapsed() }
    }

    async fn get(&self, path: &str) -> Seen {
        self.send(self.http.get(self.server.url(path))).await
    }

    async fn book(&self, key: &str, days: i64) -> Seen {
        let day = self.today.checked_add(Span::new().days(days)).expect("in range");
        let slot = crate::windows::slot(&day.to_string(), "1000");
        let request = self.http.post(self.server.url("/services/flexible-employment/book"));
        self.send(request.form(&[("slot", slot.as_str()), ("key", key)])).await
    }

    async fn upload(&self, key: &str) -> Seen {
        let picture = reports::fixture("orientation-1.jpg");
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n--b\r\nContent-Disposition: form-data; \
             name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(&picture);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = self.http.post(self.server.url("/api/v1/photos"));
        self.send(request.header("content-type", "multipart/form-data; boundary=b").body(body)).await
    }
}

/// In words, with a time to come again, and soon.
fn assert_told(seen: &Seen, longest: Duration) {
    assert_eq!(seen.status, 503, "{}", seen.text);
    assert_eq!(seen.retry_after, "5");
    assert!(seen.text.contains("请稍等片刻再试一次"), "{}", seen.text);
    assert!(seen.waited < longest, "after {:?}", seen.waited);
}

/// Both a page and the API say so in their way.
async fn people_are_told(person: &Person<'_>, longest: Duration) {
    let (page, api, post) =
        tokio::join!(person.get("/me"), person.get("/api/v1/me/inbox"), person.book("while-away", 4));
    assert_told(&page, longest);
    assert!(page.kind.starts_with("text/html") && page.text.contains("<h1"), "a page: {}", page.text);
    assert_told(&api, longest);
    assert!(api.kind.starts_with("application/problem+json"), "{}", api.kind);
    assert_told(&post, longest);
    assert_eq!(person.get("/healthz").await.status, 200, "the process itself is well");
    let ready = person.get("/readyz").await;
    assert!(ready.status == 503 && ready.text.contains("database: failing"), "{}", ready.text);
    assert!(ready.text.contains("photos: ok") && ready.waited < Duration::from_secs(5), "{}", ready.text);
}

async fn all_is_right(person: &Person<'_>) {
    let waited = within(BACK, "ready again", async || person.get("/readyz").await.status == 200).await;
    eprintln!("ready {waited:?} after the line was whole again");
    assert_eq!(person.get("/me").await.status, 200);
}

/// Whoever is in the middle of something waits longer: so does who asks within a tenth of a second (`db::ASKED_AFTER`).
async fn moment() {
    tokio::time::sleep(Duration::from_millis(150)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_lost_its_database_says_so_and_goes_on_when_it_is_back() {
    let test = TestApp::new(Engine::Postgres).await;
    let today = lives(&test).await;
    let mut url: url::Url = test.database_url.parse().expect("an address");
    let mut wire = Wire::to(url.port().expect("a port")).await;
    url.set_port(Some(wire.port)).expect("a port");
    let server = server(&test, &[("LINLI_DATABASE_URL", url.as_str())]).await;
    let person = Person::new(&test, &server, today).await;
    assert_eq!(person.get("/me").await.status, 200);

    // The line is cut: connections break, and new ones are refused.
    wire.cut().await;
    people_are_told(&person, SOON).await;
    wire.mend().await;
    all_is_right(&person).await;

    // A machine is gone without a word: what is asked is never answered.
    wire.hold();
    moment().await;
    people_are_told(&person, SOON).await;
    // Whoever asked in the very moment, and anybody after, is answered as well, up to the last connection.
    let askers: usize = if long() { 60 } else { 20 };
    let asked = futures::future::join_all((0..askers).map(|_| person.get("/reports?community=wutong"))).await;
    for seen in &asked {
        assert_told(seen, SOON);
    }
    wire.let_go();
    all_is_right(&person).await;

    // It goes away for good, and another one takes its place: held connections are not waited for.
    wire.hold();
    moment().await;
    assert_told(&person.get("/me").await, SOON);
    wire.cut().await;
    wire.let_go();
    wire.mend().await;
    all_is_right(&person).await;
    let booked = person.book("while-away", 4).await;
    assert_eq!(booked.status, 303, "what was not taken is taken now: {}", booked.text);
    let again = person.book("while-away", 4).await;
    assert_eq!(again.status, 303, "once: {}", again.text);
    let bookings = crate::outgoing::number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment").await;
    assert_eq!(bookings, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_s3_away_broken_or_slow_all_else_goes_on_and_photos_come_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mood, listener) = (Mood::default(), tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port"));
    let mut wire = Wire::to(listener.local_addr().expect("an address").port()).await;
    let (files, told) = (folder.path().to_owned(), mood.clone());
    tokio::spawn(async move { serve(listener, &files, told).await });
    let test = TestApp::new(Engine::Sqlite).await;
    let today = lives(&test).await;
    let (endpoint, bucket) = (format!("http://127.0.0.1:{}", wire.port), format!("s3://{BUCKET}/linli"));
    let server = server(
        &test,
        &[
            ("LINLI_BLOBS_URL", bucket.as_str()),
            ("AWS_ENDPOINT", &endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ],
    )
    .await;
    let person = Person::new(&test, &server, today).await;
    let first = person.upload("photo-key-of-before").await;
    assert_eq!(first.status, 201, "{}", first.text);
    let photo: serde_json::Value = serde_json::from_str(&first.text).expect("JSON");
    let thumb = photo["thumb"].as_str().expect("an address").to_owned();
    assert_eq!(person.get(&thumb).await.status, 200);

    for (n, how) in ["answers 500", "is away", "says nothing"].into_iter().enumerate() {
        eprintln!("-- S3 {how}");
        match n {
            0 => mood.broken(),
            1 => wire.cut().await,
            _ => wire.hold(),
        }
        let key = format!("photo-key-number-{n}");
        let (other, days) = (format!("k{n}"), 4 + i64::try_from(n).expect("few"));
        let (sent, seen, booked) = tokio::join!(person.upload(&key), person.get(&thumb), person.book(&other, days));
        assert_told(&sent, Duration::from_secs(30));
        assert_told(&seen, Duration::from_secs(30));
        eprintln!("told after {:?} and {:?}", sent.waited, seen.waited);
        let wanted = if n == 0 { 303 } else { 409 };
        assert_eq!(booked.status, wanted, "what needs no photo goes on: {}", booked.text);
        assert!(booked.waited < Duration::from_secs(3), "at once: {:?}", booked.waited);
        // All servers are without it: one that said it was not ready would be asked nothing, and neither would the others.
        let ready = person.get("/readyz").await;
        assert!(ready.status == 200 && ready.text.contains("database: ok\nphotos: failing"), "{}", ready.text);
        assert!(ready.waited < Duration::from_secs(1), "HAProxy waits no longer: {:?}", ready.waited);
        match n {
            0 => mood.well(),
            1 => wire.mend().await,
            _ => wire.let_go(),
        }
        within(BACK, "photos again", async || person.get("/readyz").await.text.contains("photos: ok")).await;
        let again = person.upload(&key).await;
        assert!([200, 201].contains(&again.status), "the same photo again: {}", again.text);
        assert_eq!(person.get(&thumb).await.status, 200);
    }

    // Slow, but within what one waits for: it is only slow.
    mood.slow(Duration::from_millis(1500));
    let slow = person.upload("photo-key-of-slow").await;
    assert!(slow.status == 201 && slow.waited > Duration::from_secs(3), "{} {:?}", slow.text, slow.waited);
    mood.well();
    let photos = crate::outgoing::number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await;
    assert_eq!(photos, 5, "each once");
}

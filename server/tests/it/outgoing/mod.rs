//! Following, and notices on their way out of the page.

mod crowd;
mod follows;
mod hostile;
mod late;
mod push;
mod stories;
mod targets;

use crate::support::{Browser, TestApp};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::post,
};
use server::config::SmsConfig;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// 梧桐社区 5 栋.
pub const LIN: &str = "19900000001";
/// 梧桐社区 2 栋.
pub const ZHOU: &str = "19900000002";
/// 汀兰社区 4 栋.
pub const GU: &str = "19900000004";
/// Staff of 梧桐社区.
pub const SHEN: &str = "19900000031";

/// What an other side was sent.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Where it was sent.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// Decides what an other side answers: its how-manieth request this is, from 1. `None`: it takes the message and breaks the
/// line without a word. 202: it says 200, and in the words after it that it took nothing.
type Answers = Arc<dyn Fn(usize) -> Option<(StatusCode, Option<&'static str>)> + Send + Sync>;

#[derive(Clone)]
struct Side {
    asked: Arc<AtomicUsize>,
    taken: Arc<Mutex<Vec<Taken>>>,
    answers: Arc<Mutex<Answers>>,
}

/// An SMS provider or a push service of one's own, on 127.0.0.1.
pub struct OtherSide {
    /// Its port.
    pub port: u16,
    side: Side,
    server: Option<tokio::runtime::Runtime>,
}

impl OtherSide {
    /// One that takes everything.
    pub async fn start() -> OtherSide {
        let all: Answers = Arc::new(|_| Some((StatusCode::CREATED, None)));
        let side = Side { asked: Arc::default(), taken: Arc::default(), answers: Arc::new(Mutex::new(all)) };
        let mut new = OtherSide { port: 0, side, server: None };
        new.begin().await;
        new
    }

    /// Begins to listen, where it listened before.
    pub async fn begin(&mut self) {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.port)).await.expect("a port");
        self.port = listener.local_addr().expect("an address").port();
        let router = Router::new().fallback(post(take)).with_state(self.side.clone());
        // A runtime of its own: ended, it breaks every connection.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = listener.into_std().expect("a listener");
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, router).await.expect("serves");
        });
        self.server = Some(runtime);
    }

    /// Ends it: nobody listens any more, and every connection breaks.
    pub fn end(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown_background();
        }
    }

    /// Answers like this from now on.
    pub fn answer(&self, how: impl Fn(usize) -> Option<(StatusCode, Option<&'static str>)> + Send + Sync + 'static) {
        *self.side.answers.lock().expect("whole") = Arc::new(how);
        self.side.asked.store(0, Ordering::SeqCst);
    }

    /// Everything that it took so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.side.taken.lock().expect("whole").clone()
    }

    /// The settings of an SMS provider that is this one; with an id it knows what comes again.
    pub fn sms(&self, with_id: bool) -> SmsConfig {
        let id = if with_id { r#","id":"{id}""# } else { "" };
        SmsConfig {
            url: format!("http://127.0.0.1:{}/sms", self.port).parse().expect("an address"),
            body: r#"{"to":"{phone}","code":"{code}"}"#.into(),
            content_type: "application/json".into(),
            authorization: None,
            notice_body: Some(format!(r#"{{"to":"{{phone}}","text":"{{text}}"{id}}}"#)),
            ok: None,
        }
    }

    /// Texts by number.
    pub fn texts(&self) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for taken in self.taken() {
            let text: serde_json::Value = serde_json::from_slice(&taken.body).expect("JSON");
            let of = |name: &str| text[name].as_str().unwrap_or_default().to_owned();
            all.entry(of("to")).or_default().push(of("text"));
        }
        all
    }
}

impl Drop for OtherSide {
    fn drop(&mut self) {
        self.end();
    }
}

async fn take(State(side): State<Side>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let nth = side.asked.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
    let answers = side.answers.lock().expect("whole").clone();
    let answer = answers(nth);
    if answer.is_none_or(|(status, _)| status.is_success() && status != StatusCode::ACCEPTED) {
        side.taken.lock().expect("whole").push(Taken { path: uri.path().to_owned(), headers, body: body.to_vec() });
    }
    match answer {
        Some((status, Some(after))) => (status, [("retry-after", after)]).into_response(),
        // Some providers say yes by the status and no by the words.
        Some((StatusCode::ACCEPTED, None)) => {
            (StatusCode::OK, format!(r#"{{"code":7,"said":{}}}"#, String::from_utf8_lossy(&body))).into_response()
        }
        Some((status, None)) => (status, r#"{"code":0}"#).into_response(),
        // The connection is closed without an answer.
        None => std::panic::resume_unwind(Box::new("the line breaks")),
    }
}

/// Gives somebody a confirmed address.
pub async fn address(test: &TestApp, phone: &str, address: &str) {
    let sealed = test.app.secrets.seal(address).expect("sealed");
    let mut tx = test.app.db.begin().await.expect("begin");
    server::people::store::set_email(&mut tx, test.person(phone), &sealed, "m***").await.expect("set");
    server::people::store::confirm_email(&mut tx, test.person(phone), test.app.clock.now()).await.expect("confirmed");
    tx.commit().await.expect("commit");
}

/// The settings form of `/me/follows`.
pub async fn choose(browser: &mut Browser, change: &[(&str, &str)]) {
    let mut fields = vec![
        ("email", "on"),
        ("mode", "now"),
        ("daily_hour", "18"),
        ("sms", "on"),
        ("kinds", "outage"),
        ("kinds", "activity"),
        ("quiet_from", "22"),
        ("quiet_until", "7"),
    ];
    for (name, _) in change {
        fields.retain(|(old, _)| old != name);
    }
    fields.extend(change.iter().filter(|(_, value)| !value.is_empty()));
    let answer = browser.post("/me/follows", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// Channel, state and kind of failure of every message, in order.
pub async fn states(test: &TestApp) -> Vec<(String, String, String)> {
    sqlx::query_as(
        "SELECT channel, state, failure FROM notice_delivery WHERE notice_id IS NOT NULL \
         ORDER BY created_at, channel, state, failure",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("read")
}

/// Runs one statement.
pub async fn run(test: &TestApp, sql: &str) -> u64 {
    let mut tx = test.app.db.begin().await.expect("begin");
    let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.expect(sql);
    tx.commit().await.expect("commit");
    done.rows_affected()
}

/// One number from the database.
pub async fn number(test: &TestApp, sql: &str) -> i64 {
    let (number,): (i64,) =
        sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(test.app.db.read()).await.expect(sql);
    number
}

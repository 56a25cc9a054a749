//! An application of one's own for each test, on both engines, and a small browser to talk to it.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use jiff::Timestamp;
use server::{
    App,
    app_state::Parts,
    auth::secrets::{Secrets, sha256},
    clock::Clock,
    config::{BlobsUrl, Config},
    db::{Db, Engine},
    deliver::Deliver,
    demo,
    http::assets::Assets,
    photos::Blobs,
};
use std::{collections::BTreeMap, sync::Arc};
use tower::ServiceExt;

/// A Wednesday morning in the working hours of the demo halls: 2026-11-25 10:00 in Shanghai.
pub const NOW: &str = "2026-11-25T02:00:00Z";

/// An application on a database and photo folder of its own, with a clock that stands still.
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its router, as served.
    pub router: Router,
    /// What the demo loaded: the district and its people, nothing else.
    pub loaded: demo::Loaded,
    /// The database's address, for further processes or pools.
    pub database_url: String,
    folder: Arc<tempfile::TempDir>,
}

/// Runs a test on SQLite and on PostgreSQL.
pub async fn on_both<F, Fut>(test: F)
where
    F: Fn(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    for engine in [Engine::Sqlite, Engine::Postgres] {
        eprintln!("-- on {engine:?}");
        let app = TestApp::new(engine).await;
        // A test that names only a part of it, as closures take only that along, has the folder all the same.
        let folder = app.folder.clone();
        test(app).await;
        drop(folder);
    }
}

impl TestApp {
    /// A new application on `engine`, with the demo's district and people in it.
    pub async fn new(engine: Engine) -> TestApp {
        TestApp::with(engine, |_| {}).await
    }

    /// A new application in which nobody lives yet.
    pub async fn empty(engine: Engine) -> TestApp {
        TestApp::build(engine, None, |_| {}, false).await
    }

    /// The same with other settings.
    pub async fn with(engine: Engine, change: impl FnOnce(&mut Config)) -> TestApp {
        TestApp::build(engine, None, change, true).await
    }

    /// A new application on this empty database.
    pub async fn on(engine: Engine, database_url: String, change: impl FnOnce(&mut Config)) -> TestApp {
        TestApp::build(engine, Some(database_url), change, true).await
    }

    async fn build(
        engine: Engine,
        database_url: Option<String>,
        change: impl FnOnce(&mut Config),
        lived_in: bool,
    ) -> TestApp {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut copied = None;
        let database_url = match database_url {
            Some(url) => url,
            None if lived_in => {
                let (url, loaded) = copy_of_lived_in(engine, folder.path()).await;
                copied = Some(loaded);
                url
            }
            None => new_database(engine, folder.path()).await,
        };
        TestApp::start(database_url, folder, change, lived_in, copied).await
    }

    /// An application on a database that is there; `loaded`: the demo's people are in it.
    async fn start(
        database_url: String,
        folder: tempfile::TempDir,
        change: impl FnOnce(&mut Config),
        lived_in: bool,
        loaded: Option<demo::Loaded>,
    ) -> TestApp {
        let mut config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            metrics_listen: None,
            database_url: database_url.clone(),
            blobs_url: BlobsUrl::Folder(folder.path().join("photos")),
            public_url: "http://linli.test".parse().expect("an address"),
            secret_file: folder.path().join("secret"),
            demo: true,
            demo_now: None,
            site_dir: "/nonexistent".into(),
            client_ip_header: Some("x-test-ip".into()),
            codes_per_hour: 6_000,
            sms: None,
            mail: None,
            push_private: Vec::new(),
            map_tiles: None,
            card_font: None,
            shared_seconds: 0,
        };
        change(&mut config);
        let db = Db::connect(&database_url).await.expect("the database answers");
        db.migrate().await.expect("the migrations run");
        server::reports::categories::ship(&db).await.expect("the categories are written");
        let app = App::new(Parts {
            blobs: Blobs::open(&config.blobs_url).expect("a folder"),
            secrets: Secrets::from_bytes(&[7; 32]),
            clock: Clock::fixed(NOW.parse::<Timestamp>().expect("an instant")),
            assets: Assets::for_tests(),
            deliver: Deliver::new(&config).expect("a port"),
            calendar: server::places::calendar::shipped().expect("valid"),
            classifier: Default::default(),
            sessions: Default::default(),
            items: Default::default(),
            bookings: Default::default(),
            db,
            config,
        });
        let loaded = match loaded {
            Some(loaded) => loaded,
            None if lived_in => demo::places::load(&app).await.expect("the demo's places load"),
            None => demo::Loaded::default(),
        };
        let router = server::serve::router(&app);
        TestApp { app, router, loaded, database_url, folder: Arc::new(folder) }
    }

    /// Another server on the same database, photos and clock, with connections of its own.
    pub async fn another_app(&self) -> App {
        App::new(Parts {
            db: Db::connect(&self.database_url).await.expect("the database answers"),
            blobs: Blobs::open(&self.app.config.blobs_url).expect("a folder"),
            secrets: self.app.secrets.clone(),
            clock: self.app.clock.clone(),
            assets: Assets::for_tests(),
            deliver: Deliver::new(&self.app.config).expect("a port"),
            calendar: server::places::calendar::shipped().expect("valid"),
            classifier: Default::default(),
            sessions: Default::default(),
            items: Default::default(),
            bookings: Default::default(),
            config: self.app.config.clone(),
        })
    }

    /// The router of [`TestApp::another_app`].
    pub async fn another_server(&self) -> Router {
        server::serve::router(&self.another_app().await)
    }

    /// A browser without a session that talks to `router`.
    pub fn visitor_of(&self, router: &Router) -> Browser {
        Browser { router: router.clone(), ..self.visitor() }
    }

    /// A browser without a session.
    pub fn visitor(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), ip: "192.0.2.1".to_owned() }
    }

    /// A browser in which the person with this number is signed in.
    pub async fn signed_in(&self, phone: &str) -> Browser {
        let mut browser = self.visitor();
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin().await.expect("begin");
        let token = server::auth::session::open(&mut tx, &self.loaded.people[phone], "test", now).await.expect("open");
        tx.commit().await.expect("commit");
        let name = server::auth::session::cookie_name(self.app.config.https());
        browser.cookies.insert(name.to_owned(), token);
        browser
    }

    /// Id of the person with this number.
    pub fn person(&self, phone: &str) -> &str {
        &self.loaded.people[phone]
    }

    /// Runs all due jobs.
    pub async fn run_jobs(&self) {
        server::jobs::run_due(&self.app).await.expect("the jobs run");
    }
}

/// What every test begins with, made once: all migrations run and the demo's places and people written.
struct LivedIn {
    /// The SQLite file, or the name of the PostgreSQL database.
    content: Vec<u8>,
    loaded: demo::Loaded,
}

/// A copy of the database that every test begins with, and what is in it. Migrating and loading anew for each test took a
/// third of the time of all tests.
async fn copy_of_lived_in(engine: Engine, folder: &std::path::Path) -> (String, demo::Loaded) {
    static SQLITE: tokio::sync::OnceCell<LivedIn> = tokio::sync::OnceCell::const_new();
    static POSTGRES: tokio::sync::OnceCell<LivedIn> = tokio::sync::OnceCell::const_new();
    let made = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    let made = made.get_or_init(|| make_lived_in(engine)).await;
    let url = match engine {
        Engine::Sqlite => {
            let file = folder.join("linli.db");
            std::fs::write(&file, &made.content).expect("written");
            format!("sqlite://{}", file.display())
        }
        Engine::Postgres => {
            let name = String::from_utf8_lossy(&made.content);
            new_postgres(&format!("TEMPLATE {name} STRATEGY FILE_COPY")).await
        }
    };
    (url, made.loaded.clone())
}

async fn make_lived_in(engine: Engine) -> LivedIn {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = new_database(engine, folder.path()).await;
    let (file, log) = (folder.path().join("linli.db"), folder.path().join("linli.db-wal"));
    let test = TestApp::start(url.clone(), folder, |_| {}, true, None).await;
    test.app.db.close().await;
    let content = match engine {
        Engine::Sqlite => {
            assert!(!log.exists(), "all is in the one file");
            std::fs::read(&file).expect("read")
        }
        Engine::Postgres => {
            // A database with connections cannot be copied.
            let name = url.rsplit('/').next().expect("a name");
            let admin = admin().await;
            sqlx::query("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1")
                .bind(name)
                .execute(&admin)
                .await
                .expect("ended");
            admin.close().await;
            name.as_bytes().to_vec()
        }
    };
    LivedIn { content, loaded: test.loaded }
}

fn postgres() -> url::Url {
    let base = std::env::var("LINLI_TEST_POSTGRES_URL")
        .expect("LINLI_TEST_POSTGRES_URL is not set: run `tools/postgres.sh cargo test`");
    base.parse().expect("an address")
}

async fn admin() -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    sqlx::AnyPool::connect(postgres().as_str()).await.expect("PostgreSQL answers")
}

/// The address of a new PostgreSQL database; `how` is what `CREATE DATABASE` says beside the name.
async fn new_postgres(how: &str) -> String {
    let name = format!("linli_test_{}", sha256(&server::clock::token()).replace(['-', '_'], "x").to_lowercase());
    let admin = admin().await;
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} {how}"));
    sqlx::query(create).execute(&admin).await.expect("created");
    admin.close().await;
    let mut url = postgres();
    url.set_path(&name);
    url.to_string()
}

/// The address of a new, empty database; a SQLite file lies in `folder`.
pub async fn new_database(engine: Engine, folder: &std::path::Path) -> String {
    match engine {
        Engine::Sqlite => format!("sqlite://{}", folder.join("linli.db").display()),
        Engine::Postgres => new_postgres("").await,
    }
}

/// A small browser: keeps cookies, says where its forms come from.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// Cookies by name.
    pub cookies: BTreeMap<String, String>,
    /// Address the server sees.
    pub ip: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: axum::http::HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map(|v| v.to_str().expect("text")).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Browser {
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    /// Opens a page with further headers.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.request(Method::GET, path, headers, Vec::new()).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
    }

    /// Sends a form with files: (field, file name, content type, bytes); fields come first.
    pub async fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &str, &[u8])],
    ) -> Answer {
        self.post_files_with(path, &[], fields, files).await
    }

    /// The same with headers.
    pub async fn post_files_with(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
        files: &[(&str, &str, &str, &[u8])],
    ) -> Answer {
        let boundary = "----linli-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (name, file, kind, bytes) in files {
            body.extend(
                format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                     Content-Type: {kind}\r\n\r\n"
                )
                .bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let headers: Vec<(&str, &str)> = [("content-type", kind.as_str())].iter().chain(headers).copied().collect();
        self.request(Method::POST, path, &headers, body).await
    }

    /// Sends any request.
    pub async fn send(&mut self, method: Method, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Answer {
        let kind = content_type.map(|kind| ("content-type", kind));
        self.request(method, path, kind.as_slice(), body).await
    }

    /// Sends any request with any headers.
    pub async fn request(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let cookies = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        let mut request =
            Request::builder().method(method).uri(path).header("host", "linli.test").header("x-test-ip", &self.ip);
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = request.header("sec-fetch-site", "same-origin");
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A small generator of numbers, the same at every run.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).expect("small")]
    }
}

//! Two server processes on one database, and what tests say to them over HTTP.

use super::{halls, one_window_with, taken};
use crate::{
    process::Process,
    support::{TestApp, on_both},
};
use jiff::{Span, Timestamp, civil::Date};

/// Two servers on a test's database. They have the system's clock, and so has the test from then on.
pub struct Pair {
    servers: [Process; 2],
    client: reqwest::Client,
    /// The day on which both began.
    pub today: Date,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Where it redirects to.
    pub location: String,
    /// Body.
    pub text: String,
}

impl Pair {
    /// Starts both; the Wutong hall is open around the clock, whatever the real day is.
    pub async fn start(test: &TestApp) -> Pair {
        open_every_day(test).await;
        Pair::on(test).await
    }

    /// Starts both on what there is.
    pub async fn on(test: &TestApp) -> Pair {
        let now = system_now();
        test.app.clock.advance(now.duration_since(test.app.clock.now()));
        let today = app::time::day_of(now);
        let settings = [("LINLI_DATABASE_URL", test.database_url.as_str())];
        let (one, two) = tokio::join!(Process::start(&settings), Process::start(&settings));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Pair { servers: [one, two], client, today }
    }

    /// Sends a form to one of the two (even or odd) as the person with this session. Whatever happens at the same
    /// time, nobody is ever shown a mistake of ours.
    pub async fn post(&self, n: usize, session: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let server = &self.servers[n % 2];
        let request = self.client.post(server.url(path)).header("origin", server.url("")).form(fields);
        self.send(request, session).await
    }

    /// The same with JSON.
    pub async fn post_json(&self, n: usize, session: &str, path: &str, body: &serde_json::Value) -> Reply {
        let server = &self.servers[n % 2];
        self.send(self.client.post(server.url(path)).header("origin", server.url("")).json(body), session).await
    }

    /// Opens a page at one of the two.
    pub async fn get(&self, n: usize, session: &str, path: &str) -> Reply {
        self.send(self.client.get(self.servers[n % 2].url(path)), session).await
    }

    async fn send(&self, request: reqwest::RequestBuilder, session: &str) -> Reply {
        let answer = request.header("cookie", format!("linli={session}")).send().await.expect("an answer");
        let path = answer.url().path().to_owned();
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let text = answer.text().await.expect("text");
        assert!(status < 500, "{path}: {status} {text}");
        Reply { status, location, text }
    }

    /// A slot of the Wutong hall so many days from today.
    pub fn slot(&self, days: i64, time: &str) -> String {
        super::slot(&self.day(days).to_string(), time)
    }

    /// The day so many days from today.
    pub fn day(&self, days: i64) -> Date {
        self.today.checked_add(Span::new().days(days)).expect("in range")
    }
}

/// The system's clock, by which the servers go.
pub fn system_now() -> Timestamp {
    server::clock::Clock::system().now()
}

/// Sessions of the first so many demo residents, as the servers' clock sees time.
pub async fn sessions(test: &TestApp, count: usize) -> Vec<String> {
    let phones: Vec<&str> = test.loaded.residents.iter().map(String::as_str).take(count).collect();
    sessions_of(test, &phones).await
}

/// Sessions of people, with their second factor shown, as the servers' clock sees time.
pub async fn sessions_of(test: &TestApp, phones: &[&str]) -> Vec<String> {
    sessions_at(test, phones, system_now()).await
}

/// The same by another clock.
pub async fn sessions_at(test: &TestApp, phones: &[&str], now: Timestamp) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut tx = test.app.db.begin().await.expect("begin");
    for phone in phones {
        tokens.push(server::auth::session::open(&mut tx, test.person(phone), "test", now).await.expect("open"));
    }
    sqlx::query("UPDATE session SET second_factor_at = $1")
        .bind(now.as_microsecond())
        .execute(&mut *tx)
        .await
        .expect("set");
    tx.commit().await.expect("commit");
    tokens
}

/// The hall is open around the clock on every day, so that the real clock, whatever it shows, offers slots; dated
/// exceptions hold in years whose holidays are unknown as well.
pub async fn open_every_day(test: &TestApp) {
    let today = app::time::day_of(system_now());
    for days in 0..20 {
        let day = today.checked_add(Span::new().days(days)).expect("in range");
        open_on(test, day, &[("00:00", "23:30")]).await;
    }
}

/// The Wutong hall is open so on a day.
pub async fn open_on(test: &TestApp, day: Date, hours: &[(&str, &str)]) {
    let hall = super::queue::wutong(test).await;
    let mut tx = test.app.db.begin().await.expect("begin");
    server::windows::store::halls::set_exception(&mut tx, &hall.id, day, hours, ("照常", "As usual"))
        .await
        .expect("set");
    tx.commit().await.expect("commit");
}

/// Nobody's request was the victim of a circle of locks: PostgreSQL counts those.
pub async fn no_deadlocks(test: &TestApp) {
    if test.app.db.engine() != server::db::Engine::Postgres {
        return;
    }
    // Backends report what they counted after a second at most.
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    let (deadlocks,): (i64,) =
        sqlx::query_as("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
    assert_eq!(deadlocks, 0, "transactions waited for each other in a circle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_server_processes_give_three_places_to_three_of_fifty() {
    on_both(|test| async move {
        halls(&test).await;
        one_window_with(&test, 3).await;
        let pair = Pair::start(&test).await;
        let wanted = pair.slot(3, "0900");
        let tokens = sessions(&test, 50).await;
        let attempts = tokens.iter().enumerate().map(async |(n, token)| {
            let key = format!("k{n}");
            let fields = [("slot", wanted.as_str()), ("key", key.as_str())];
            pair.post(n, token, "/services/flexible-employment/book", &fields).await
        });
        let replies = futures::future::join_all(attempts).await;
        let (booked, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 303);
        assert_eq!(booked.len(), 3, "exactly as many as there are places");
        for reply in refused {
            assert_eq!(reply.status, 409, "{}", reply.text);
            assert!(reply.text.contains(&pair.slot(3, "0930")), "the next free time is named: {}", reply.text);
        }
        assert_eq!(taken(&test).await, (3, 3));
        no_deadlocks(&test).await;
    })
    .await;
}

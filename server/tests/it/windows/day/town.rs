//! The town of the simulated day: its server and clock, and how everybody in it sends what got no answer once more.

use super::DAY;
use crate::{process::Process, support::TestApp};
use app::time::at_time;
use jiff::{SignedDuration, Timestamp, civil::Time};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A clock in a file, read by the server at every look.
pub struct FakeClock(pub PathBuf);

impl FakeClock {
    pub fn set(&self, test: &TestApp, now: Timestamp) {
        test.app.clock.advance(now.duration_since(test.app.clock.now()));
        let next = self.0.with_extension("next");
        std::fs::write(&next, now.as_second().to_string()).expect("written");
        std::fs::rename(next, &self.0).expect("in its place");
    }

    /// What makes a process read it.
    pub fn settings(&self) -> [(&str, String); 7] {
        let library = std::fs::read_dir("/usr/lib")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
            .find(|path| path.exists())
            .expect("libfaketime is installed (tools/setup.sh test)");
        [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.0.display().to_string()),
            ("FAKETIME_FMT", "%s".to_owned()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("NO_FAKE_STAT", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("TZ", "UTC".to_owned()),
        ]
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub location: String,
}

pub struct Town<'a> {
    pub test: &'a TestApp,
    pub server: tokio::sync::Mutex<Process>,
    pub base: String,
    pub http: reqwest::Client,
    /// Requests that got no answer and were sent again.
    pub lost: AtomicUsize,
    /// Answers so far.
    pub answers: AtomicUsize,
    /// Sessions of the halls' clerks.
    pub staff: Vec<String>,
    /// What was answered: steps by action, tickets with the token of their page.
    pub steps: Mutex<BTreeMap<String, usize>>,
    pub tickets: Mutex<BTreeMap<String, (String, String)>>,
}

impl Town<'_> {
    /// Sends a form until it is answered.
    pub async fn post(&self, session: &str, ip: usize, path: &str, fields: &[(&str, &str)]) -> Reply {
        let send = async {
            loop {
                let request = self
                    .http
                    .post(format!("{}{path}", self.base))
                    .header("origin", &self.base)
                    .header("x-test-ip", format!("10.0.{}.{}", ip / 250, ip % 250 + 1))
                    .header("cookie", format!("linli={session}"))
                    .form(fields);
                if let Ok(answer) = request.send().await {
                    let status = answer.status().as_u16();
                    let location = answer.headers().get("location").and_then(|to| to.to_str().ok());
                    let location = location.unwrap_or_default().to_owned();
                    if let Ok(text) = answer.text().await {
                        assert!(status < 500 && status != 429, "{path} {fields:?}: {status} {text}");
                        assert!(!location.starts_with("/login"), "{path} {fields:?}: to the door");
                        self.answers.fetch_add(1, Ordering::SeqCst);
                        return Reply { status, location };
                    }
                }
                self.lost.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(120), send).await.expect("an answer in the end")
    }

    /// Kills the server as soon as so many answers more have been given, in the middle of the others, and starts it.
    pub async fn kill_after(&self, answers: usize) {
        let until = self.answers.load(Ordering::SeqCst) + answers;
        let seen = async {
            while self.answers.load(Ordering::SeqCst) < until {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        // A minute in which less happens gets it as well.
        let _ = tokio::time::timeout(Duration::from_secs(3), seen).await;
        let mut server = self.server.lock().await;
        server.kill();
        server.start_again().await;
    }

    pub async fn row<T>(&self, sql: &'static str, bound: &str) -> Option<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
    {
        sqlx::query_as(sql).bind(bound).fetch_optional(self.test.app.db.read()).await.expect("read")
    }

    pub fn keep_ticket(&self, id: &str, session: &str, token: &str) {
        let known = self.tickets.lock().expect("whole").insert(id.to_owned(), (session.to_owned(), token.to_owned()));
        assert!(known.is_none(), "{id} was given to two");
    }
}

pub fn minute(at: Timestamp) -> i64 {
    (at.as_second() - at_time(DAY, Time::midnight()).as_second()) / 60
}

pub fn at_minute(minute: i64) -> Timestamp {
    at_time(DAY, Time::midnight()) + SignedDuration::from_mins(minute)
}

//! The JSON API as other programs use it: who may call, its manners, and the ways of residents and staff through it.

mod administration;
mod desk;
mod files;
mod fuzz;
mod manners;
mod once;
mod own;
mod settings;
mod tokens;
mod ways;

use crate::support::{Answer, Browser, TestApp};
use app::people::Scopes;
use axum::http::Method;
use jiff::SignedDuration;
use server::auth::tokens::{NewToken, make};

/// Everything that a token can open.
pub const EVERYTHING: &str = "me:write appointments:write reports:write notices:write tasks:write staff.reports:write \
                              staff.windows:write staff.notices:write staff.statistics:write staff.net:write \
                              staff.settings:write";

/// A token of the person with this number that holds for a month, made in a session that had not shown a second factor.
pub async fn token(test: &TestApp, phone: &str, scopes: &str) -> String {
    token_with(test, phone, scopes, false).await
}

/// The same; `second_factor`: the session had shown it.
pub async fn token_with(test: &TestApp, phone: &str, scopes: &str, second_factor: bool) -> String {
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let new = NewToken {
        person_id: test.person(phone),
        name: "test",
        scopes: &Scopes::parse(scopes),
        second_factor,
        form_key: &server::clock::token(),
        expires: now + SignedDuration::from_hours(24 * 30),
    };
    let (_, token) = make(&mut tx, &test.app.secrets, new, now).await.expect("written").expect("new");
    tx.commit().await.expect("commit");
    token
}

/// A program that calls the API with a token or key.
pub struct Program {
    browser: Browser,
    bearer: String,
}

impl Program {
    /// With this token or key.
    pub fn with(test: &TestApp, token: &str) -> Program {
        Program { browser: test.visitor(), bearer: format!("Bearer {token}") }
    }

    /// The program of the person with this number, which may do what they may.
    pub async fn of(test: &TestApp, phone: &str) -> Program {
        Program::with(test, &token(test, phone, EVERYTHING).await)
    }

    /// Reads.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends JSON.
    pub async fn post(&mut self, path: &str, body: serde_json::Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    /// Sends JSON with a key that makes it one request however often it is sent.
    pub async fn post_once(&mut self, key: &str, path: &str, body: serde_json::Value) -> Answer {
        self.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    /// Removes.
    pub async fn delete(&mut self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// Sends anything.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        more: &[(&str, &str)],
        body: Option<serde_json::Value>,
    ) -> Answer {
        let mut headers = vec![("authorization", self.bearer.as_str())];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        headers.extend(more);
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.browser.request(method, path, &headers, body).await
    }
}

/// A failure's status and kind.
pub fn failure(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{}", answer.text());
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16(), "{problem}");
    for member in ["title", "detail", "instance", "request_id"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
    }
    (answer.status.as_u16(), problem["type"].as_str().expect("a kind").to_owned())
}

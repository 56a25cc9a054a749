//! Requests that come at the same moment are asked for by one statement: each is answered for its own sender, as things stand.

use crate::{
    support::{Browser, TestApp, on_both},
    windows::{RESIDENT, halls},
};
use axum::http::StatusCode;
use futures::future::join_all;
use server::{auth::session, windows::store::items};

/// A signed-in person with a name, the name of the community that they look at, and the cookies.
struct Somebody {
    id: String,
    name: String,
    looks_at: String,
    browser: Browser,
}

impl Somebody {
    /// How the server asks for the session.
    fn asked(&self) -> (String, String) {
        let cookie = |name: &str| self.browser.cookies.get(name).cloned().unwrap_or_default();
        (server::auth::secrets::sha256(&cookie("linli")), cookie("linli_community"))
    }
}

/// People of the demo with sessions; each looks at another community, at one that is nowhere, or at none, which is their own.
async fn people(test: &TestApp) -> Vec<Somebody> {
    let communities = [("wutong", "梧桐社区"), ("", ""), ("nowhere", ""), ("xingwu", "杏坞社区")];
    let mut people = Vec::new();
    for (n, (phone, id)) in test.loaded.people.iter().take(40).enumerate() {
        let (name, own): (String, Option<String>) = sqlx::query_as(
            "SELECT p.name, o.name FROM person p LEFT JOIN organisation o ON o.id = p.community_id WHERE p.id = $1",
        )
        .bind(id)
        .fetch_one(test.app.db.read())
        .await
        .expect("somebody");
        let mut browser = test.signed_in(phone).await;
        let (code, chosen) = communities[n % communities.len()];
        if !code.is_empty() {
            browser.cookies.insert("linli_community".to_owned(), code.to_owned());
        }
        let looks_at = if chosen.is_empty() { own.unwrap_or_default() } else { chosen.to_owned() };
        people.push(Somebody { id: id.clone(), name, looks_at, browser });
    }
    assert!(people.len() >= 20, "{} people", people.len());
    people
}

async fn revoke(test: &TestApp, sessions: impl Iterator<Item = &Somebody>) {
    let mut tx = test.app.db.begin().await.expect("begin");
    for somebody in sessions {
        sqlx::query("UPDATE session SET revoked_at = 1 WHERE token_hash = $1")
            .bind(somebody.asked().0)
            .execute(&mut *tx)
            .await
            .expect("revoked");
    }
    tx.commit().await.expect("commit");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sessions_at_once_are_each_their_own_and_one_that_ended_is_nobodys() {
    on_both(|test| async move {
        let people = people(&test).await;
        for ended in [false, true] {
            if ended {
                revoke(&test, people.iter().step_by(3)).await;
            }
            // Each twice, as a double tap is.
            let asked = people.iter().enumerate().chain(people.iter().enumerate()).map(|(n, somebody)| {
                let mut browser = somebody.browser.clone();
                let (name, looks_at) = (somebody.name.clone(), somebody.looks_at.clone());
                tokio::spawn(async move {
                    let me = browser.get("/api/v1/me").await;
                    let page = browser.get("/me").await.text();
                    if ended && n % 3 == 0 {
                        assert_eq!(me.status, StatusCode::UNAUTHORIZED, "{name}");
                        assert!(!page.contains(&name), "{name} is shown after the session has ended");
                    } else {
                        assert_eq!(me.json()["name"], name.as_str());
                        assert!(page.contains(&name), "{name} is not named");
                        // At the top of the page.
                        assert!(page.contains(&format!("<span>{looks_at}")), "{name} does not look at {looks_at}");
                    }
                })
            });
            for one in join_all(asked.collect::<Vec<_>>()).await {
                one.expect("an answer of one's own");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_statement_finds_each_session_and_item_that_it_is_asked_for() {
    on_both(|test| async move {
        let people = people(&test).await;
        let (db, now) = (&test.app.db, test.app.clock.now());
        revoke(&test, people.iter().take(1)).await;
        // One that has ended, one that never was, the same person at two places, and others.
        let mut asked: Vec<(String, String)> = people.iter().take(14).map(Somebody::asked).collect();
        asked.push(("no such hash".to_owned(), "wutong".to_owned()));
        asked.push((people[1].asked().0, "xingwu".to_owned()));
        let found = session::read(db, asked.clone(), now).await.expect("one statement for all");
        assert_eq!(found.len(), 14, "all but the ended one and nobody's");
        for somebody in people.iter().take(14).skip(1) {
            let known = &found[&somebody.asked()];
            assert_eq!(known.person_id(), somebody.id);
            let at = known.community().map(|community| community.name.as_str()).unwrap_or_default();
            assert_eq!(at, somebody.looks_at, "{}", somebody.name);
        }
        let elsewhere = &found[&asked[15]];
        assert_eq!(elsewhere.person_id(), people[1].id);
        assert_eq!(elsewhere.community().map(|community| community.name.as_str()), Some("杏坞社区"));

        halls(&test).await;
        let all = items::all(db).await.expect("read");
        let codes: Vec<String> = all.iter().map(|stored| stored.item.code.clone()).chain(["none".to_owned()]).collect();
        let found = items::offered_by_codes(db, codes).await.expect("one statement for all");
        assert_eq!(found.len(), all.iter().filter(|stored| !stored.retired).count());
        assert!(found.len() > 10 && found.iter().all(|(code, stored)| stored.item.code == *code));
    })
    .await;
}

#[tokio::test]
async fn a_zero_byte_in_a_cookie_or_an_address_is_nobody_elses_trouble() {
    on_both(|test| async move {
        let mut browser = test.signed_in(RESIDENT).await;
        browser.cookies.insert("linli_community".to_owned(), "%00".to_owned());
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        assert_eq!(browser.get("/api/v1/services/%00/slots").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_many_open_at_once_are_as_they_stand_now() {
    on_both(|test| async move {
        halls(&test).await;
        let all = items::offered(&test.app.db).await.expect("read");
        let retired = all[0].item.code.clone();
        for gone in [false, true] {
            if gone {
                let mut tx = test.app.db.begin().await.expect("begin");
                sqlx::query("UPDATE service_item SET retired_at = 1 WHERE code = $1")
                    .bind(&retired)
                    .execute(&mut *tx)
                    .await
                    .expect("retired");
                tx.commit().await.expect("commit");
            }
            let asked = all.iter().chain(&all).map(|stored| {
                let (mut visitor, item) = (test.visitor(), stored.item.clone());
                tokio::spawn(async move {
                    let slots = visitor.get(&format!("/api/v1/services/{}/slots", item.code)).await.status;
                    let page = visitor.get(&format!("/services/{}", item.code)).await;
                    assert!(page.status != StatusCode::OK || page.text().contains(&item.title), "{}", item.code);
                    (item.code.clone(), (slots, page.status))
                })
            });
            for one in join_all(asked.collect::<Vec<_>>()).await {
                let (code, found) = one.expect("an answer of one's own");
                let here = (StatusCode::OK, StatusCode::OK);
                let away = (StatusCode::NOT_FOUND, StatusCode::GONE);
                assert_eq!(found, if gone && code == retired { away } else { here }, "{code}");
            }
        }
    })
    .await;
}

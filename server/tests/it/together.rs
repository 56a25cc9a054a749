//! Requests that come at the same moment are asked for by one statement: each is answered for its own sender, as things stand.

use crate::{
    support::{Browser, on_both},
    windows::halls,
};
use axum::http::StatusCode;
use futures::future::join_all;

/// A signed-in person with a name and what they look at.
struct Somebody {
    name: String,
    looks_at: (&'static str, &'static str),
    browser: Browser,
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sessions_at_once_are_each_their_own_and_one_that_ended_is_nobodys() {
    on_both(|test| async move {
        let communities = [("wutong", "梧桐社区"), ("", ""), ("nowhere", ""), ("xingwu", "杏坞社区")];
        let mut people = Vec::new();
        for (n, (phone, id)) in test.loaded.people.iter().take(40).enumerate() {
            let (name,): (String,) = sqlx::query_as("SELECT name FROM person WHERE id = $1")
                .bind(id)
                .fetch_one(test.app.db.read())
                .await
                .expect("somebody");
            let mut browser = test.signed_in(phone).await;
            let looks_at = communities[n % communities.len()];
            if !looks_at.0.is_empty() {
                browser.cookies.insert("linli_community".to_owned(), looks_at.0.to_owned());
            }
            people.push(Somebody { name, looks_at, browser });
        }
        assert!(people.len() >= 20, "{} people", people.len());
        for ended in [false, true] {
            if ended {
                let mut tx = test.app.db.begin().await.expect("begin");
                for somebody in people.iter().step_by(3) {
                    let hash = server::auth::secrets::sha256(&somebody.browser.cookies["linli"]);
                    sqlx::query("UPDATE session SET revoked_at = 1 WHERE token_hash = $1")
                        .bind(hash)
                        .execute(&mut *tx)
                        .await
                        .expect("revoked");
                }
                tx.commit().await.expect("commit");
            }
            // Each twice, as a double tap is.
            let asked = people.iter().enumerate().chain(people.iter().enumerate()).map(|(n, somebody)| {
                let mut browser = somebody.browser.clone();
                let (name, looks_at) = (somebody.name.clone(), somebody.looks_at);
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
                        assert!(
                            page.contains(&format!("<span>{}", looks_at.1)),
                            "{name} does not look at {looks_at:?}"
                        );
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
async fn items_that_many_open_at_once_are_as_they_stand_now() {
    on_both(|test| async move {
        halls(&test).await;
        let all = server::windows::store::items::offered(&test.app.db).await.expect("read");
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

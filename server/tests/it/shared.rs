//! Pages that are kept for a moment and shown to other visitors: the same to the letter, never to somebody whose page would
//! be another, never for longer.

use crate::{
    notices::published,
    support::{Browser, TestApp},
};
use jiff::SignedDuration;
use server::db::Engine;

/// Staff of 梧桐社区.
const SHEN: &str = "19900000031";

async fn rename(test: &TestApp, id: &str, title: &str) {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query("UPDATE notice SET title = $2 WHERE id = $1")
        .bind(id)
        .bind(title)
        .execute(&mut *tx)
        .await
        .expect("set");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn a_page_is_kept_for_those_who_would_get_the_very_same() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let test = TestApp::with(engine, |config| config.shared_seconds = 1).await;
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[("aims", "wutong")]).await;
        let path = format!("/notices/{id}");
        rename(&test, &id, "先前的题目").await;
        let first = test.visitor().get(&path).await;
        assert!(first.text().contains("先前的题目"));
        rename(&test, &id, "后来的题目").await;
        let second = test.visitor().get(&path).await;
        assert_eq!(first.body, second.body, "kept");
        let of = |answer: &crate::support::Answer, name: &str| {
            answer.headers.get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
        };
        for own in ["x-request-id", "set-cookie"] {
            assert_ne!(of(&first, own), of(&second, own), "{own} is each answer's own");
            assert!(!of(&second, own).is_empty(), "{own}");
        }
        for same in ["content-type", "content-security-policy", "cache-control", "content-language"] {
            assert_eq!(of(&first, same), of(&second, same), "{same}");
            assert!(!of(&second, same).is_empty(), "{same}");
        }
        // Whoever reads in another language or size, has another community, or is signed in, gets their own.
        let with = |name: &str, value: &str| {
            let mut browser = test.visitor();
            browser.cookies.insert(name.to_owned(), value.to_owned());
            browser
        };
        let mut others: Vec<Browser> = vec![
            with("linli_lang", "en"),
            with("linli_size", "large"),
            with("linli_community", "wutong"),
            // A cookie that nobody here knows.
            with("linli_other", "1"),
            test.signed_in(SHEN).await,
        ];
        for other in &mut others {
            let page = other.get(&path).await.text();
            assert!(page.contains("后来的题目"), "{page}");
        }
        let small = test.visitor().get_with(&path, &[("accept-encoding", "br")]).await;
        assert_eq!(of(&small, "content-encoding"), "br", "compressed by itself");
        assert!(test.visitor().get_with(&path, &[("accept-encoding", "br")]).await.body == small.body);
        // What a signed-in reader got was not kept, and nothing is kept for longer.
        assert_eq!(test.visitor().get(&path).await.body, first.body);
        test.app.clock.advance(SignedDuration::from_secs(1));
        assert!(test.visitor().get(&path).await.text().contains("后来的题目"));
    }
}

#[tokio::test]
async fn what_has_something_of_ones_own_on_it_is_not_kept_for_others() {
    let test = TestApp::with(Engine::Sqlite, |config| config.shared_seconds = 1).await;
    let mut staff = test.signed_in(SHEN).await;
    let mut new = test.visitor();
    new.cookies.insert("linli_community".to_owned(), "wutong".to_owned());
    let before = new.get("/").await;
    let id = published(&test, &mut staff, &[("aims", "wutong")]).await;
    // Its browser has a name by now, and may have a number of today on its home page.
    assert!(new.cookies.contains_key("linli_device"));
    assert!(new.get("/").await.text().contains(&id), "made for them alone");
    let mut another = test.visitor();
    another.cookies.insert("linli_community".to_owned(), "wutong".to_owned());
    assert_eq!(another.get("/").await.body, before.body, "what was kept for new browsers");
    // A form holds a key of its own.
    let form = "/report?community=wutong";
    assert_ne!(test.visitor().get(form).await.body, test.visitor().get(form).await.body);
    // Not found, and not for long: it may be published in a moment.
    assert_eq!(test.visitor().get("/notices/nothing").await.status, 404);
}

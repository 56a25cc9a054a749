//! From a draft to a notice: written, changed, reviewed, published, corrected; and what is refused.

use super::{STREET, made, sent};
use crate::{
    net::raw::generate,
    notices::hidden,
    reports::{NEIGHBOUR, OTHER_STAFF, RESIDENT, STAFF, STAFF_ELSEWHERE},
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use server::clock;

/// The id at the end of a redirect.
fn id_in(location: &str) -> String {
    let rest = location.strip_prefix("/staff/bulletins/").expect("a bulletin");
    rest.split('/').next().expect("an id").to_owned()
}

/// Makes one by the page's form.
async fn written(staff: &mut Browser, period: &str) -> String {
    let key = clock::token();
    let fields = [("key", key.as_str()), ("organisation", "wutong"), ("period", period)];
    let answer = staff.post("/staff/bulletins", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let again = staff.post("/staff/bulletins", &fields).await;
    assert_eq!(answer.location(), again.location(), "one form makes one");
    id_in(answer.location())
}

async fn version(staff: &mut Browser, id: &str) -> String {
    hidden(&staff.get(&format!("/staff/bulletins/{id}")).await.text(), "version")
}

/// The bulletin as the API has it.
async fn state(staff: &mut Browser, id: &str) -> serde_json::Value {
    staff.get(&format!("/api/v1/staff/bulletins/{id}")).await.json()
}

async fn publish(staff: &mut Browser, id: &str) -> StatusCode {
    let at = version(staff, id).await;
    staff.post(&format!("/staff/bulletins/{id}/publish"), &[("version", &at)]).await.status
}

#[tokio::test]
async fn a_draft_is_changed_published_and_fixed() {
    on_both(|test| async move {
        generate(&test, 120).await;
        let mut staff = test.signed_in(STAFF).await;
        let id = written(&mut staff, "2026-W47").await;
        let here = format!("/staff/bulletins/{id}");
        let public = format!("/bulletins/{id}");
        assert_eq!(test.visitor().get(&public).await.status, StatusCode::NOT_FOUND, "not out");
        let counted = state(&mut staff, &id).await;

        // Words are changed under a lock; what is wrong is said beside its field, and nothing typed is lost.
        let at = version(&mut staff, &id).await;
        let good = [
            ("version", at.as_str()),
            ("title", "第 47 周"),
            ("body", "## 总体\n\n改过的话。"),
            ("title_en", "Week 47"),
            ("body_en", "Changed."),
        ];
        // A preview saves nothing, refuses what saving would refuse, and does not need the lock.
        let look =
            |body: &'static str| [("action", "preview"), ("title", "第 47 周"), ("body", body), ("version", "0")];
        let shown = staff.post(&here, &look("**快**看")).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text().contains("<strong>快</strong>看"), "{}", shown.text());
        assert_eq!(staff.post(&here, &look(" ")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(test.signed_in(STAFF_ELSEWHERE).await.post(&here, &look("看")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(state(&mut staff, &id).await, counted, "nothing is saved");
        assert_eq!(staff.post(&here, &good).await.status, StatusCode::SEE_OTHER);
        let stale = test.signed_in(OTHER_STAFF).await.post(&here, &good).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text().contains("改过的话") && stale.text().contains("别人刚刚保存过"), "{}", stale.text());
        let long = "长".repeat(81);
        for (title, body) in [("", "正文"), ("题", "  "), (long.as_str(), "正文")] {
            let at = version(&mut staff, &id).await;
            let answer = staff.post(&here, &[("version", &at), ("title", title), ("body", body)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{title}");
            assert!(title.is_empty() || answer.text().contains(title));
        }
        // Counted anew, the words stay; written anew, they go.
        let at = version(&mut staff, &id).await;
        assert_eq!(staff.post(&format!("{here}/figures"), &[("version", &at)]).await.status, StatusCode::SEE_OTHER);
        let after = state(&mut staff, &id).await;
        assert_eq!((&after["figures"], after["title"].as_str()), (&counted["figures"], Some("第 47 周")));
        assert_eq!(staff.post(&format!("{here}/figures"), &[("version", &at)]).await.status, StatusCode::CONFLICT);

        // Out, as a notice that leads to the whole of it. Twice is once.
        assert_eq!(publish(&mut staff, &id).await, StatusCode::SEE_OTHER);
        assert_eq!(staff.post(&format!("{here}/publish"), &[("version", "1")]).await.status, StatusCode::SEE_OTHER);
        test.run_jobs().await;
        let out = state(&mut staff, &id).await;
        assert_eq!(out["state"], "published");
        let notice = out["notice"].as_str().expect("a notice");
        let page = test.visitor().get(&format!("/notices/{notice}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("改过的话") && page.text().contains(&public), "{}", page.text());
        let page = test.visitor().get(&public).await;
        assert_eq!(page.status, StatusCode::OK);
        for part in ["第 47 周", "改过的话", "应结案", "98.87%"] {
            assert!(page.text().contains(part), "{part}: {}", page.text());
        }
        let shown = test.visitor().get(&format!("/api/v1/bulletins/{id}")).await.json();
        for case in out["figures"]["hard"].as_array().expect("cases") {
            let code = case["code"].as_str().expect("a code");
            assert!(!page.text().contains(code) && !shown.to_string().contains(code), "codes are for staff");
        }
        // Fixed.
        for (path, fields) in [
            (here.clone(), &good[..]),
            (format!("{here}/figures"), &good[..]),
            (format!("{here}/reopen"), &[]),
            (format!("{here}/discard"), &good[..]),
        ] {
            assert_eq!(staff.post(&path, fields).await.status, StatusCode::CONFLICT, "{path}");
        }
        assert_eq!(state(&mut staff, &id).await["figures"], counted["figures"]);

        // A correction is another one that refers to it, and so is its notice.
        let key = clock::token();
        let answer = staff.post(&format!("{here}/correct"), &[("key", &key)]).await;
        let new = id_in(answer.location());
        assert_eq!(publish(&mut staff, &new).await, StatusCode::SEE_OTHER);
        test.run_jobs().await;
        let corrected = state(&mut staff, &new).await;
        assert_eq!(
            (corrected["state"].as_str(), corrected["corrects"].as_str()),
            (Some("published"), Some(id.as_str()))
        );
        let page = test.visitor().get(&public).await.text();
        assert!(page.contains(&format!("/bulletins/{new}")) && page.contains("已有更正"), "{page}");
        let (corrects,): (Option<String>,) = sqlx::query_as("SELECT corrects_id FROM notice WHERE id = $1")
            .bind(corrected["notice"].as_str().expect("a notice"))
            .fetch_one(test.app.db.read())
            .await
            .expect("read");
        assert_eq!(corrects.as_deref(), Some(notice));
        assert_eq!(staff.post(&format!("{here}/correct"), &[("key", "another")]).await.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn where_notices_are_reviewed_so_are_bulletins() {
    on_both(|test| async move {
        let mut street = test.signed_in(STREET).await;
        let set = street.post("/staff/notices/settings", &[("organisation", "wutong"), ("review", "1")]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER);
        let (mut staff, mut colleague) = (test.signed_in(STAFF).await, test.signed_in(OTHER_STAFF).await);
        let id = written(&mut staff, "2026-10").await;
        let here = format!("/staff/bulletins/{id}");
        assert_eq!(publish(&mut staff, &id).await, StatusCode::SEE_OTHER);
        let asked = state(&mut staff, &id).await;
        assert_eq!(asked["state"], "review");
        assert_eq!(test.visitor().get(&format!("/bulletins/{id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.post(&format!("{here}/reopen"), &[]).await.status, StatusCode::CONFLICT);
        // Given back: it may be taken back and changed, and sent again.
        let notice = format!("/staff/notices/{}", asked["notice"].as_str().expect("a notice"));
        let given = colleague.post(&format!("{notice}/return"), &[("reason", "少了一句")]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
        assert_eq!(state(&mut staff, &id).await["state"], "returned");
        assert_eq!(staff.post(&format!("{here}/reopen"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(state(&mut staff, &id).await["state"], "draft");
        assert_eq!(staff.get(&notice).await.status, StatusCode::NOT_FOUND, "its draft is gone");
        assert_eq!(publish(&mut staff, &id).await, StatusCode::SEE_OTHER);
        let notice = format!("/staff/notices/{}", state(&mut staff, &id).await["notice"].as_str().expect("a notice"));
        let at = hidden(&colleague.get(&notice).await.text(), "version");
        let approved = colleague.post(&format!("{notice}/approve"), &[("version", &at)]).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text());
        assert_eq!(state(&mut staff, &id).await["state"], "published");
        assert_eq!(test.visitor().get(&format!("/bulletins/{id}")).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_publish_at_once_one_does() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let id = made(&mut staff, "wutong", "2026-W46").await["id"].as_str().expect("an id").to_owned();
        let path = format!("/staff/bulletins/{id}/publish");
        let mut tasks = Vec::new();
        for phone in [STAFF, OTHER_STAFF, STAFF, OTHER_STAFF, STREET] {
            let (mut browser, path) = (test.signed_in(phone).await, path.clone());
            tasks.push(tokio::spawn(async move { browser.post(&path, &[("version", "1")]).await.status }));
        }
        for task in tasks {
            let status = task.await.expect("no panic");
            assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{status}");
        }
        assert_eq!(state(&mut staff, &id).await["state"], "published");
        let (out,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM notice")
            .fetch_one(test.app.db.read())
            .await
            .expect("a count");
        assert_eq!(out, 1, "one notice, and no drafts left over");
    })
    .await;
}

async fn refused(test: &TestApp, phone: &str, path: &str) {
    let mut browser = test.signed_in(phone).await;
    assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{phone} {path}");
    let answer = browser.post(&format!("{path}/publish"), &[("version", "1")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{phone} {path}");
}

#[tokio::test]
async fn who_may_not_and_what_makes_no_sense() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let id = made(&mut staff, "wutong", "2026-10").await["id"].as_str().expect("an id").to_owned();
        let here = format!("/staff/bulletins/{id}");
        for phone in [RESIDENT, NEIGHBOUR, STAFF_ELSEWHERE] {
            refused(&test, phone, &here).await;
        }
        // Administrators read and do not write.
        let mut admin = test.signed_in("19900000099").await;
        assert_eq!(admin.get(&here).await.status, StatusCode::OK);
        assert_eq!(admin.post(&format!("{here}/publish"), &[("version", "1")]).await.status, StatusCode::FORBIDDEN);
        // The street reads what its communities write, and staff write nothing for the street.
        assert_eq!(test.signed_in(STREET).await.get(&here).await.status, StatusCode::OK);
        for (organisation, period) in [
            ("tongyin", "2026-10"),
            ("xingwu", "2026-10"),
            ("wutong-g1", "2026-10"),
            ("nowhere", "2026-10"),
            // Not over yet, or none.
            ("wutong", "2026-11"),
            ("wutong", "2026-W48"),
            ("wutong", "2026-W99"),
            ("wutong", "9999-99"),
            ("wutong", "'--"),
        ] {
            let fields = [("key", "k"), ("organisation", organisation), ("period", period)];
            let answer = staff.post("/staff/bulletins", &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{organisation} {period}");
            let body = serde_json::json!({ "organisation": organisation, "period": period });
            let answer = sent(&mut staff, "/api/v1/staff/bulletins", &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{organisation} {period}");
        }
        for path in ["/staff/bulletins/nothing", "/bulletins/nothing", "/staff/bulletins/nothing/print"] {
            assert_eq!(staff.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(staff.post(&format!("{here}/correct"), &[("key", "k")]).await.status, StatusCode::CONFLICT);
        assert_eq!(staff.get(&format!("{here}/print")).await.status, StatusCode::OK);
        let at = version(&mut staff, &id).await;
        assert_eq!(staff.post(&format!("{here}/discard"), &[("version", &at)]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.get(&here).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

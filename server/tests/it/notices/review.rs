//! Review by a second person: where it is asked for, nothing goes out that only its author has seen.

use super::{CHENG, EMERGENCY, LIN, QIN, SHEN, hidden, id_in, messages, typed, version, written};
use crate::support::{Browser, TestApp, on_both};
use axum::http::StatusCode;
use server::clock;

/// A second worker of 梧桐社区.
const TIAN: &str = "19900000032";

async fn ask_for_review(test: &TestApp, organisation: &str, review: &str) {
    let mut street = test.signed_in(CHENG).await;
    let set = street.post("/staff/notices/settings", &[("organisation", organisation), ("review", review)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text());
}

/// How many messages somebody has whose text is this key.
async fn told(test: &TestApp, phone: &str, key: &str) -> i64 {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = $1 AND text_key = $2")
            .bind(test.person(phone))
            .bind(key)
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
    count
}

async fn publish(staff: &mut Browser, id: &str) -> StatusCode {
    let at = version(staff, id).await;
    staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await.status
}

#[tokio::test]
async fn written_reviewed_given_back_and_approved_by_somebody_else() {
    on_both(|test| async move {
        ask_for_review(&test, "wutong", "1").await;
        assert_eq!(told(&test, SHEN, "inbox-notice-review-on").await, 1, "colleagues know");
        let mut author = test.signed_in(SHEN).await;
        let mut colleague = test.signed_in(TIAN).await;
        let id = written(&mut author, &[]).await;
        let page = format!("/staff/notices/{id}");
        let before = author.get(&page).await.text();
        assert!(before.contains("提交审核") && !before.contains(">发布</button>"), "{before}");

        // Asked, twice is once; the colleague is told, and nothing is out.
        assert_eq!(publish(&mut author, &id).await, StatusCode::SEE_OTHER);
        assert_eq!(author.post(&format!("{page}/publish"), &[("version", "1")]).await.status, StatusCode::SEE_OTHER);
        test.run_jobs().await;
        assert_eq!(told(&test, TIAN, "inbox-notice-review").await, 1);
        assert_eq!(told(&test, CHENG, "inbox-notice-review").await, 0, "the street is asked only where nobody else is");
        assert_eq!(test.visitor().get(&format!("/notices/{id}")).await.status, StatusCode::NOT_FOUND);
        assert!(author.get("/staff/notices?state=review").await.text().contains(&id));
        // Whoever wrote it does not find it among what they are to look at; the colleague does.
        for (browser, finds) in [(&mut author, false), (&mut colleague, true)] {
            let page = browser.get("/staff/notices?state=mine").await.text();
            assert_eq!(page.contains(&format!("/staff/notices/{id}")), finds, "{page}");
        }
        assert!(colleague.get("/staff").await.text().contains("公告等您审核"));
        assert!(!author.get("/staff").await.text().contains("公告等您审核"));

        // What is looked at does not change meanwhile, by any way.
        let edit = author.post(&format!("{page}/edit"), &typed("", &[("version", "2")])).await;
        assert_eq!(edit.status, StatusCode::CONFLICT);
        for (path, fields) in [
            ("discard", vec![]),
            ("files", vec![("what", "file"), ("action", "remove"), ("number", "1")]),
            ("versions/restore", vec![("version", "1"), ("current", "2")]),
            ("unschedule", vec![]),
            ("withdraw", vec![("reason", "x")]),
            ("correct", vec![("form_key", "0123456789012345678901234567890123456789012")]),
        ] {
            let refused = author.post(&format!("{page}/{path}"), &fields).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{path}: {}", refused.text());
        }

        // Its author cannot approve it, nor somebody from elsewhere, nor a resident.
        let at = [("version", "2")];
        let own = author.post(&format!("{page}/approve"), &at).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        assert!(own.text().contains("另一位同事"), "{}", own.text());
        for other in [QIN, LIN] {
            let mut other = test.signed_in(other).await;
            assert_eq!(other.post(&format!("{page}/approve"), &at).await.status, StatusCode::FORBIDDEN);
            assert_eq!(other.post(&format!("{page}/return"), &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);
        }

        // Given back with a reason, which the author finds in the inbox and above the text.
        let refused = colleague.post(&format!("{page}/return"), &[("reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("请写明哪里要改"));
        let back = colleague.post(&format!("{page}/return"), &[("reason", "几点恢复没写。")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        assert_eq!(told(&test, SHEN, "inbox-notice-returned").await, 1);
        assert!(author.get("/me/inbox").await.text().contains("几点恢复没写。"));
        assert!(author.get(&format!("{page}/edit")).await.text().contains("几点恢复没写。"));
        let twice = colleague.post(&format!("{page}/return"), &[("reason", "x")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);

        // Mended and asked again: the reviewer sees what changed since, and the version that was looked at goes out.
        let editor = author.get(&format!("{page}/edit")).await.text();
        let at = hidden(&editor, "version");
        let mended = typed("", &[("version", &at), ("body", "明天上午 8:00 至 12:00 停水，12:00 恢复。")]);
        assert_eq!(author.post(&format!("{page}/edit"), &mended).await.status, StatusCode::SEE_OTHER);
        assert_eq!(publish(&mut author, &id).await, StatusCode::SEE_OTHER);
        let looked = colleague.get(&page).await.text();
        assert!(looked.contains("和上一次送审比") && looked.contains("<ins>"), "{looked}");
        assert_eq!(colleague.post(&format!("{page}/approve"), &[("version", "2")]).await.status, StatusCode::CONFLICT);
        let at = hidden(&looked, "version");
        for _ in 0..2 {
            let approved = colleague.post(&format!("{page}/approve"), &[("version", &at)]).await;
            assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text());
        }
        test.run_jobs().await;
        assert_eq!(test.visitor().get(&format!("/notices/{id}")).await.status, StatusCode::OK);
        assert_eq!(messages(&test, LIN, &id).await, 1);
        assert_eq!(told(&test, SHEN, "inbox-notice-approved").await, 1);
        let actions: Vec<(String,)> =
            sqlx::query_as("SELECT action FROM audit_log WHERE object_id = $1 ORDER BY at, id")
                .bind(&id)
                .fetch_all(test.app.db.read())
                .await
                .expect("read");
        for action in ["notice.review_asked", "notice.return", "notice.approve", "notice.publish"] {
            assert!(actions.iter().any(|(done,)| done == action), "{action} in {actions:?}");
        }

        // A correction is reviewed, too, beside what it corrects; to take back does not wait.
        let key = clock::token();
        let correction = id_in(&author.post(&format!("{page}/correct"), &[("form_key", &key)]).await);
        let fields = typed("", &[("version", "1"), ("title", "更正：5 栋停水"), ("body", "改到下午。")]);
        author.post(&format!("/staff/notices/{correction}/edit"), &fields).await;
        assert_eq!(publish(&mut author, &correction).await, StatusCode::SEE_OTHER);
        let beside = colleague.get(&format!("/staff/notices/{correction}")).await.text();
        assert!(beside.contains("和被更正的公告比"), "{beside}");
        assert_eq!(test.visitor().get(&format!("/notices/{correction}")).await.status, StatusCode::NOT_FOUND);
        let called = author.post(&format!("/staff/notices/{correction}/call-back"), &[]).await;
        assert_eq!(called.status, StatusCode::SEE_OTHER);
        assert_eq!(author.get(&format!("/staff/notices/{correction}/edit")).await.status, StatusCode::OK);
        let gone = author.post(&format!("{page}/withdraw"), &[("reason", "不停水了。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert!(test.visitor().get(&format!("/notices/{id}")).await.text().contains("已撤回"));
    })
    .await;
}

#[tokio::test]
async fn whoever_wrote_in_it_needs_somebody_else_and_emergencies_do_not_wait() {
    on_both(|test| async move {
        // 杏坞 has two workers, and both wrote in it: the street is asked.
        ask_for_review(&test, "xingwu", "1").await;
        let mut author = test.signed_in(QIN).await;
        let mut colleague = test.signed_in("19900020004").await;
        let there = [("organisation", "xingwu"), ("aims", "xingwu")];
        let id = written(&mut author, &there).await;
        let page = format!("/staff/notices/{id}");
        let change = [&there[..], &[("version", "1"), ("title", "5 栋明天停水")]].concat();
        let theirs = typed("", &change);
        assert_eq!(colleague.post(&format!("{page}/edit"), &theirs).await.status, StatusCode::SEE_OTHER);
        assert_eq!(publish(&mut author, &id).await, StatusCode::SEE_OTHER);
        assert_eq!(told(&test, CHENG, "inbox-notice-review").await, 1);
        let both = [("version", "3")];
        assert_eq!(colleague.post(&format!("{page}/approve"), &both).await.status, StatusCode::CONFLICT);
        let mut street = test.signed_in(CHENG).await;
        assert_eq!(street.post(&format!("{page}/approve"), &both).await.status, StatusCode::SEE_OTHER);
        assert_eq!(test.visitor().get(&format!("/notices/{id}")).await.status, StatusCode::OK);

        ask_for_review(&test, "wutong", "1").await;
        let mut author = test.signed_in(SHEN).await;
        let mut colleague = test.signed_in(TIAN).await;
        // An emergency is out at once, and the colleague is told that nobody looked.
        let id = written(&mut author, &EMERGENCY).await;
        assert_eq!(publish(&mut author, &id).await, StatusCode::SEE_OTHER);
        assert_eq!(test.visitor().get(&format!("/notices/{id}")).await.status, StatusCode::OK);
        assert_eq!(told(&test, TIAN, "inbox-notice-unreviewed").await, 1);

        // A scheduled one waits for its time after the review, and needs another one when it is called back and changed.
        let id = written(&mut author, &[("publish_at", "2026-11-26T07:00")]).await;
        let page = format!("/staff/notices/{id}");
        assert_eq!(publish(&mut author, &id).await, StatusCode::SEE_OTHER);
        let at = hidden(&colleague.get(&page).await.text(), "version");
        assert_eq!(colleague.post(&format!("{page}/approve"), &[("version", &at)]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(test.visitor().get(&format!("/notices/{id}")).await.status, StatusCode::NOT_FOUND);
        assert!(author.get("/staff/notices?state=scheduled").await.text().contains(&id));
        assert_eq!(author.post(&format!("{page}/unschedule"), &[]).await.status, StatusCode::SEE_OTHER);
        assert!(author.get(&page).await.text().contains("提交审核"));

        // Where it is not asked for any more, drafts go out by themselves again; and that is told, too.
        ask_for_review(&test, "wutong", "0").await;
        assert_eq!(told(&test, TIAN, "inbox-notice-review-off").await, 1);
        let id = written(&mut author, &[]).await;
        assert_eq!(publish(&mut author, &id).await, StatusCode::SEE_OTHER);
        assert_eq!(test.visitor().get(&format!("/notices/{id}")).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn the_setting_is_changed_by_those_whose_place_it_is() {
    on_both(|test| async move {
        let set = [("organisation", "wutong"), ("review", "1")];
        for other in [QIN, LIN] {
            let mut other = test.signed_in(other).await;
            assert_eq!(other.post("/staff/notices/settings", &set).await.status, StatusCode::FORBIDDEN);
        }
        let mut staff = test.signed_in(SHEN).await;
        let page = staff.get("/staff/notices/settings").await.text();
        assert!(page.contains("value=\"wutong\"") && !page.contains("value=\"xingwu\""), "{page}");
        assert_eq!(staff.post("/staff/notices/settings", &set).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.post("/staff/notices/settings", &set).await.status, StatusCode::SEE_OTHER, "twice is once");
        let (count,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'notice.settings'")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(count, 1);
        let building = [("organisation", "wutong-5"), ("review", "1")];
        assert_eq!(staff.post("/staff/notices/settings", &building).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

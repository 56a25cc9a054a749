//! Agreements and tasks: made, due, reminded, settled, ended.

use super::{COLLEAGUE, ELSEWHERE, LIN, STAFF, key, made, number, text};
use crate::{
    notices::hidden,
    reports::fixture,
    support::{Browser, TestApp, on_both},
};
use jiff::SignedDuration;

async fn partner(staff: &mut Browser, contact: &str) -> String {
    let key = key();
    let fields = [
        ("name", "河东小学"),
        ("kind", "school"),
        ("contact_name", "王老师"),
        ("contact", contact),
        ("key", key.as_str()),
    ];
    let first = made(&staff.post("/staff/partners/organisations", &fields).await);
    let again = made(&staff.post("/staff/partners/organisations", &fields).await);
    assert_eq!(first, again, "the second tap makes no other one");
    first
}

async fn agreement(staff: &mut Browser, partner: &str) -> String {
    let key = key();
    let fields = [
        ("title", "课后托管"),
        ("from", "2026-03-01"),
        ("until", "2026-12-20"),
        ("community_gives", "活动室每天两小时"),
        ("partner_gives", "两位老师"),
        ("key", key.as_str()),
    ];
    made(&staff.post(&format!("/staff/partners/organisations/{partner}/agreements"), &fields).await)
}

async fn task(test: &TestApp, staff: &mut Browser, agreement: &str, title: &str, due: &str) -> String {
    let key = key();
    let fields = [("task_title", title), ("whose", "partner"), ("due", due), ("key", key.as_str())];
    let answer = staff.post(&format!("/staff/partners/agreements/{agreement}/tasks"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    text(test, &format!("SELECT id FROM partner_task WHERE title = '{title}'")).await
}

async fn reminded(test: &TestApp, key: &str) -> i64 {
    let staff = test.person(STAFF);
    number(
        test,
        &format!(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = '{staff}' AND text_key = '{key}'"
        ),
    )
    .await
}

#[tokio::test]
async fn an_agreement_its_tasks_and_its_end() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let partner = partner(&mut staff, "0571-8888 1234").await;
        let here = format!("/staff/partners/organisations/{partner}");
        let page = staff.get(&here).await.text();
        assert!(page.contains("****1234") && !page.contains("8888"), "masked: {page}");
        let kept = text(&test, "SELECT contact_sealed FROM partner").await;
        assert!(!kept.contains("8888"), "sealed");
        let whole = staff.post(&format!("{here}/contact"), &[]).await;
        assert!(whole.text().contains("0571-8888 1234") && whole.headers["cache-control"] == "private, no-store");
        let looks = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'partner.see_contact'";
        assert_eq!(number(&test, looks).await, 1, "the look is written down");
        // A number that is left empty stays, until nobody is to be called there.
        for (name, left) in [("李老师", true), ("", false)] {
            let version = hidden(&staff.get(&here).await.text(), "version");
            let fields = [
                ("name", "河东小学"),
                ("kind", "school"),
                ("contact_name", name),
                ("contact", ""),
                ("version", version.as_str()),
            ];
            assert_eq!(staff.post(&here, &fields).await.status, 303);
            assert_eq!(text(&test, "SELECT contact_sealed FROM partner").await.is_empty(), !left, "{name}");
        }

        let agreement = agreement(&mut staff, &partner).await;
        let paper = format!("/staff/partners/agreements/{agreement}");
        let first = task(&test, &mut staff, &agreement, "开放操场", "2026-11-27").await;
        let second = task(&test, &mut staff, &agreement, "讲一次课", "2026-12-15").await;
        let page = staff.get("/staff/partners").await.text();
        assert!(page.contains("近期要办") && page.contains("开放操场") && !page.contains("讲一次课"), "{page}");
        assert!(page.contains("还有 25 天到期"), "it ends soon: {page}");

        // Staff are told once before, and once when it is late; and that the agreement ends.
        server::partners::service::remind::run(&test.app).await.expect("reminded");
        server::partners::service::remind::run(&test.app).await.expect("reminded");
        assert_eq!(reminded(&test, "inbox-partners-task-soon").await, 1);
        assert_eq!(reminded(&test, "inbox-partners-agreement-ends").await, 1);
        test.app.clock.advance(SignedDuration::from_hours(72));
        server::partners::service::remind::run(&test.app).await.expect("reminded");
        assert_eq!(reminded(&test, "inbox-partners-task-late").await, 1);
        assert!(staff.get("/staff").await.text().contains("共建任务到期"));

        // Done with a note and a photo; dropped only with a reason; opened again.
        let done = format!("/staff/partners/tasks/{first}");
        let version = hidden(&staff.get(&done).await.text(), "version");
        let photo = fixture("orientation-6.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photo", "a.jpg", "image/jpeg", &photo)];
        let fields = [("state", "done"), ("note", "周六全天开放"), ("version", version.as_str())];
        assert_eq!(staff.post_files(&done, &fields, &files).await.status, 303);
        let page = staff.get(&done).await.text();
        assert!(page.contains("周六全天开放") && page.contains("/photos/"), "{page}");
        let shown = text(&test, "SELECT id FROM photo WHERE owner_kind = 'partner_task'").await;
        assert_eq!(test.signed_in(COLLEAGUE).await.get(&format!("/photos/{shown}/thumb")).await.status, 200);
        for phone in [ELSEWHERE, LIN] {
            assert_eq!(test.signed_in(phone).await.get(&format!("/photos/{shown}/thumb")).await.status, 404);
        }
        let drop = format!("/staff/partners/tasks/{second}");
        let refused = staff.post(&drop, &[("state", "dropped"), ("reason", " "), ("version", "1")]).await;
        assert_eq!(refused.status, 422, "no reason");
        assert_eq!(
            staff.post(&drop, &[("state", "dropped"), ("reason", "老师请假"), ("version", "1")]).await.status,
            303
        );
        let stale = staff.post(&drop, &[("state", "open"), ("version", "1")]).await;
        assert_eq!(stale.status, 409, "a colleague was quicker");
        assert_eq!(staff.post(&drop, &[("state", "open"), ("version", "2")]).await.status, 303);

        // The end takes what is open with it, and nothing can be added any more.
        let version = hidden(&staff.get(&paper).await.text(), "version");
        let ended = staff.post(&format!("{paper}/end"), &[("reason", "学校搬走了"), ("version", &version)]).await;
        assert_eq!(ended.status, 303, "{}", ended.text());
        assert_eq!(text(&test, &format!("SELECT state FROM partner_task WHERE id = '{second}'")).await, "dropped");
        let late = [("task_title", "再来"), ("whose", "both"), ("due", "2026-12-01"), ("key", "one-more-task")];
        assert_eq!(staff.post(&format!("{paper}/tasks"), &late).await.status, 409);
        assert!(staff.get(&paper).await.text().contains("学校搬走了"));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let key = key();
        for (name, kind, contact) in [("", "school", ""), ("河东小学", "castle", ""), ("河东小学", "school", "call me")]
        {
            let fields = [("name", name), ("kind", kind), ("contact", contact), ("key", key.as_str())];
            let answer = staff.post("/staff/partners/organisations", &fields).await;
            assert_eq!(answer.status, 422, "{name} {kind} {contact}");
            assert!(answer.text().contains("error-summary") && answer.text().contains(name));
        }
        let partner = partner(&mut staff, "").await;
        let to = format!("/staff/partners/organisations/{partner}/agreements");
        for (from, until) in
            [("2026-05-01", "2026-04-30"), ("soon", "2026-04-30"), ("2026-02-30", "2026-04-30"), ("", "")]
        {
            let fields = [
                ("title", "课后托管"),
                ("from", from),
                ("until", until),
                ("community_gives", "活动室"),
                ("partner_gives", "老师"),
                ("key", key.as_str()),
            ];
            let answer = staff.post(&to, &fields).await;
            assert_eq!(answer.status, 422, "{from} {until}");
            assert!(answer.text().contains("课后托管"), "what was typed stays");
        }
        assert_eq!(staff.get("/staff/partners/agreements/no-such").await.status, 404);
        // Other communities have nothing to do with it.
        let mut elsewhere = test.signed_in(ELSEWHERE).await;
        assert!(matches!(
            elsewhere.get(&format!("/staff/partners/organisations/{partner}")).await.status.as_u16(),
            403 | 404
        ));
        assert!(!elsewhere.get("/staff/partners").await.text().contains("河东小学"));
        let stolen = [("community", "wutong"), ("name", "x"), ("kind", "school"), ("key", "steal-this-one")];
        assert_eq!(elsewhere.post("/staff/partners/organisations", &stolen).await.status, 422);
    })
    .await;
}

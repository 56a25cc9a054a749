//! Appeals against blocks: read and decided by those who manage the hall, once, with a reason; the resident is told.

use super::{OTHER_STAFF, RESIDENT, STAFF, halls};
use crate::support::{TestApp, on_both};
use jiff::SignedDuration;

const ID: &str = "00000000-0000-7000-8000-0000000000b1";

/// A block of the resident at the Wutong hall, for a visit that they missed.
async fn block(test: &TestApp, person: &str, id: &str) {
    use server::windows::store::{blocks, halls};
    let hall = halls::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.expect("begin");
    let until = now + SignedDuration::from_hours(24 * 15);
    let missed = ["AAAA1111".to_owned(), "AAAA2222".to_owned()];
    blocks::insert(&mut tx, id, (test.person(person), &hall.id), until, &missed, now).await.expect("written");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn an_appeal_is_decided_once_with_a_reason_and_the_resident_is_told() {
    on_both(async |test| {
        halls(&test).await;
        block(&test, RESIDENT, ID).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut staff = test.signed_in(STAFF).await;
        assert!(!staff.get("/staff").await.text().contains("失约申诉"), "nothing to decide yet");
        assert!(staff.get("/staff/blocks?which=standing").await.text().contains("林晓禾"));
        let said = resident.post(&format!("/me/blocks/{ID}/appeal"), &[("appeal", "孩子住院 <b>急</b>")]).await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert!(staff.get("/staff").await.text().contains("失约申诉"));
        let list = staff.get("/staff/blocks").await.text();
        assert!(list.contains("孩子住院 &lt;b&gt;急") && list.contains("林晓禾"), "{list}");
        let path = format!("/staff/blocks/{ID}");
        // Without a reason, or without a decision: said at the field, what was typed stays.
        for form in [[("decision", "lift"), ("reason", "  ")], [("decision", "maybe"), ("reason", "看过了")]] {
            let answer = staff.post(&path, &form).await;
            assert_eq!(answer.status, 422, "{}", answer.text());
            assert!(answer.text().contains(&format!("id=\"reason-{ID}-error\"")));
        }
        // What was typed comes back as text, also what would end its field.
        let hostile = "</textarea><script>alert(1)</script>";
        let answer = staff.post(&path, &[("decision", "maybe"), ("reason", hostile)]).await.text();
        assert!(!answer.contains("<script>alert") && answer.contains("&lt;/textarea&gt;&lt;script&gt;"), "{answer}");
        let long = "长".repeat(301);
        assert_eq!(staff.post(&path, &[("decision", "lift"), ("reason", &long)]).await.status, 422);
        // Not by staff of another community, not by the resident.
        let mut other = test.signed_in(OTHER_STAFF).await;
        assert_eq!(other.post(&path, &[("decision", "lift"), ("reason", "x")]).await.status, 403);
        assert!(!other.get("/staff/blocks").await.text().contains("林晓禾"));
        assert_eq!(resident.post(&path, &[("decision", "lift"), ("reason", "x")]).await.status, 403);
        let done = staff.post(&path, &[("decision", "lift"), ("reason", "情况属实，祝早日康复")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        // A second tap, or a second opinion, changes nothing.
        let again = staff.post(&path, &[("decision", "keep"), ("reason", "还是不行")]).await;
        assert_eq!(again.location(), "/staff/blocks?which=decided");
        assert!(resident.get("/me/inbox").await.text().contains("祝早日康复"));
        assert!(resident.get(&format!("/me/blocks/{ID}")).await.text().contains("祝早日康复"));
        let decided = staff.get("/staff/blocks?which=decided").await.text();
        assert!(decided.contains("祝早日康复") && !decided.contains("还是不行") && decided.contains("沈雨桐"));
        let (told,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key LIKE 'inbox-block-%'")
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(told, 1, "told once");
        assert!(!staff.get("/staff").await.text().contains("失约申诉"));
        // The block is lifted: the resident books again.
        super::book(&mut resident, "birth-registration", &super::slot(super::TOMORROW, "0900"), "free").await;
    })
    .await;
}

#[tokio::test]
async fn a_kept_block_stays_and_nobody_judges_their_own() {
    on_both(async |test| {
        halls(&test).await;
        block(&test, RESIDENT, ID).await;
        let own = "00000000-0000-7000-8000-0000000000b2";
        block(&test, STAFF, own).await;
        let mut resident = test.signed_in(RESIDENT).await;
        let mut staff = test.signed_in(STAFF).await;
        resident.post(&format!("/me/blocks/{ID}/appeal"), &[("appeal", "忘记了")]).await;
        let kept =
            staff.post(&format!("/staff/blocks/{ID}"), &[("decision", "keep"), ("reason", "请下次提前取消")]).await;
        assert_eq!(kept.status, 303);
        let refused = resident
            .post("/services/birth-registration/book", &[("slot", &super::slot(super::TOMORROW, "0900")), ("key", "k")])
            .await;
        assert_ne!(refused.status, 303, "still blocked");
        let told = resident.get("/me/inbox").await.text();
        assert!(told.contains("请下次提前取消") && told.contains("不变"), "{told}");
        assert_eq!(
            staff.post(&format!("/staff/blocks/{own}"), &[("decision", "lift"), ("reason", "x")]).await.status,
            403
        );
        assert_eq!(staff.post("/staff/blocks/nothing", &[("decision", "lift"), ("reason", "x")]).await.status, 404);
    })
    .await;
}

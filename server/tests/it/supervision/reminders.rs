//! What is told as the time runs out, once for each deadline.

use super::*;
use crate::support::on_both;
use jiff::SignedDuration;
use server::supervision::service::clock::remind;

async fn messages(test: &TestApp, key: &str) -> i64 {
    number(test, &format!("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = '{key}'")).await
}

#[tokio::test]
async fn the_addressee_is_reminded_before_and_the_issuer_told_after_once_each() {
    on_both(|test| async move {
        // Wednesday; due at the end of next Wednesday.
        let id = issued(&test, "remind-1").await;
        let run = || async { remind(&test.app).await.expect("it runs") };
        run().await;
        assert_eq!(messages(&test, "inbox-supervision-soon").await, 0, "a week is left");
        test.app.clock.advance(SignedDuration::from_hours(24 * 7));
        run().await;
        run().await;
        let staff = number(
            &test,
            "SELECT CAST(COUNT(DISTINCT g.person_id) AS BIGINT) FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
             WHERE g.role = 'community_staff' AND o.code = 'wutong'",
        )
        .await;
        assert_eq!(messages(&test, "inbox-supervision-soon").await, staff, "each of them once");
        assert_eq!(messages(&test, "inbox-supervision-overdue").await, 0);
        test.app.clock.advance(SignedDuration::from_hours(12));
        let again = test.another_app().await;
        run().await;
        remind(&again).await.expect("another server as well");
        assert_eq!(messages(&test, "inbox-supervision-overdue").await, 1, "the street's supervisor");
        assert!(inbox(&test, STREET).await.contains("梧桐社区没有在"));

        // Another deadline is another matter; one that was answered is none.
        done(&mut test.signed_in(STAFF).await, &id, "answer", &ANSWERS).await;
        test.app.clock.advance(SignedDuration::from_hours(24));
        run().await;
        assert_eq!(messages(&test, "inbox-supervision-overdue").await, 1);
        done(&mut test.signed_in(STREET).await, &id, "send_back", &[("text", "没做完"), ("days", "1")]).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 6));
        run().await;
        assert_eq!(messages(&test, "inbox-supervision-overdue").await, 2);
    })
    .await;
}

//! What becomes of a notice: one later notice takes its place, and everybody who looks at the old one sees how it ended.

use super::{LIN, SHEN, id_in, messages, published, typed, version};
use crate::support::{Browser, on_both};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::{clock, notices::store};

/// Begins a correction; gives the draft.
async fn begun(staff: &mut Browser, id: &str) -> String {
    let key = clock::token();
    id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await)
}

async fn publish(staff: &mut Browser, id: &str) -> StatusCode {
    let at = version(staff, id).await;
    staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await.status
}

#[tokio::test]
async fn of_two_corrections_one_goes_out_and_only_the_latest_can_be_changed() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut colleague = test.signed_in("19900000032").await;
        let id = published(&test, &mut staff, &[]).await;
        let (first, second) = (begun(&mut staff, &id).await, begun(&mut colleague, &id).await);
        let (at, other) = (version(&mut staff, &first).await, version(&mut colleague, &second).await);
        let mut again = staff.clone();
        let both = tokio::join!(
            async { again.post(&format!("/staff/notices/{first}/publish"), &[("version", at.as_str())]).await.status },
            async {
                colleague.post(&format!("/staff/notices/{second}/publish"), &[("version", other.as_str())]).await.status
            },
        );
        let out = [both.0, both.1].iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
        assert_eq!(out, 1, "{both:?}");
        let (won, lost) = if both.0 == StatusCode::SEE_OTHER { (&first, &second) } else { (&second, &first) };
        let page = staff.get(&format!("/staff/notices/{lost}")).await.text();
        assert!(page.contains("已经有了更正") && !page.contains("/publish\""), "said before it is tried: {page}");
        assert_eq!(publish(&mut staff, lost).await, StatusCode::CONFLICT);

        // The old one is done with: its page leads to the one that counts.
        let key = clock::token();
        for (path, fields) in
            [("correct", vec![("form_key", key.as_str())]), ("withdraw", vec![("reason", "写错了。")])]
        {
            let refused = staff.post(&format!("/staff/notices/{id}/{path}"), &fields).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
            assert!(refused.text().contains("已经有了更正"), "{}", refused.text());
        }
        let page = staff.get(&format!("/staff/notices/{id}")).await.text();
        assert!(page.contains(&format!("href=\"/staff/notices/{won}\"")), "{page}");
        assert!(!page.contains(&format!("/staff/notices/{id}/withdraw")), "{page}");

        // Corrected again, then taken back: the first says all of it, the latest first.
        test.app.clock.advance(SignedDuration::from_secs(60));
        let third = begun(&mut staff, won).await;
        assert_eq!(publish(&mut staff, &third).await, StatusCode::SEE_OTHER);
        test.app.clock.advance(SignedDuration::from_secs(60));
        let gone = staff.post(&format!("/staff/notices/{third}/withdraw"), &[("reason", "不停了。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        let (withdrawal,): (String,) = sqlx::query_as("SELECT id FROM notice WHERE correction_kind = 'withdrawal'")
            .fetch_one(test.app.db.read())
            .await
            .expect("the withdrawal");
        let page = test.visitor().get(&format!("/notices/{id}")).await.text();
        let places = [&withdrawal, &third, won].map(|later| {
            page.find(&format!("href=\"/notices/{later}\"")).unwrap_or_else(|| panic!("{later} in {page}"))
        });
        assert!(places.is_sorted(), "{page}");
        assert!(
            page.contains("后来的更正已撤回") && page.contains("后来又更正过") && page.contains("已更正（"),
            "{page}"
        );
        // The API names what refers to it, and what that became is told there.
        let json = test.visitor().get(&format!("/api/v1/notices/{id}")).await.json();
        assert_eq!(json["corrected_by"], serde_json::json!([won]));
    })
    .await;
}

#[tokio::test]
async fn a_scheduled_correction_stays_where_it_is_when_what_it_corrects_is_taken_back() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[]).await;
        let correction = begun(&mut staff, &id).await;
        let at = version(&mut staff, &correction).await;
        let fields =
            typed("", &[("version", at.as_str()), ("title", "更正：改到下午"), ("publish_at", "2026-11-25T12:00")]);
        let saved = staff.post(&format!("/staff/notices/{correction}/edit"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        assert_eq!(publish(&mut staff, &correction).await, StatusCode::SEE_OTHER);
        let gone = staff.post(&format!("/staff/notices/{id}/withdraw"), &[("reason", "不停了。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        test.app.clock.advance(SignedDuration::from_hours(3));
        test.run_jobs().await;
        assert_eq!(test.visitor().get(&format!("/notices/{correction}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(messages(&test, LIN, &correction).await, 0);
        let inbox = staff.get("/me/inbox").await.text();
        assert!(inbox.contains("定时的更正没有发出") && inbox.contains("改到下午"), "{inbox}");
        let page = staff.get(&format!("/staff/notices/{correction}")).await.text();
        assert!(page.contains(&format!("/staff/notices/{correction}/edit")), "a draft again: {page}");
        assert_eq!(publish(&mut staff, &correction).await, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_narrower_correction_reaches_and_counts_everybody_whom_the_old_one_reached() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[("aims", "wutong")]).await;
        let correction = begun(&mut staff, &id).await;
        let at = version(&mut staff, &correction).await;
        let fields = typed("", &[("version", at.as_str()), ("title", "更正：只停 3 栋"), ("aims", "wutong-3")]);
        let saved = staff.post(&format!("/staff/notices/{correction}/edit"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        // Counted before it goes out…
        let before = store::reach(&test.app.db, &correction).await.expect("counted");
        let old = store::reach(&test.app.db, &id).await.expect("counted");
        assert!(before.people >= old.people && before.households < old.households, "{before:?} {old:?}");
        // …and so it is: also for 林 of building 5.
        assert_eq!(publish(&mut staff, &correction).await, StatusCode::SEE_OTHER);
        test.run_jobs().await;
        let (told,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE dedupe_key = $1")
                .bind(format!("notice:{correction}"))
                .fetch_one(test.app.db.read())
                .await
                .expect("counted");
        assert_eq!(told, before.people);
        assert_eq!(messages(&test, LIN, &correction).await, 1);
    })
    .await;
}

//! The public list, its feed and the plan: each filter shows what it says, and what did not change is not sent again.

use super::*;
use crate::support::on_both;
use jiff::SignedDuration;

const LIST: &str = "/reports?community=wutong";
const FEED: &str = "/reports.atom?community=wutong";
const PLAN: &str = "/api/v1/communities/wutong/plan.geojson?";

#[tokio::test]
async fn list_feed_and_plan_keep_to_kind_grid_time_and_state() {
    on_both(|test| async move {
        let lamp = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 8));
        let mut lift = fields("test-key-0000000-2");
        lift.retain(|(name, _)| !matches!(*name, "category" | "building"));
        lift.extend([("category", "elevator"), ("building", "wutong-4")]);
        let lift = code_of(&test.signed_in(RESIDENT).await.post_files("/report", &lift, &[]).await);
        let mut visitor = test.visitor();
        for (filter, shows) in [
            ("", [true, true]),
            ("&days=7", [false, true]),
            ("&days=30", [true, true]),
            ("&kind=utilities", [true, false]),
            ("&kind=housing", [false, true]),
            ("&kind=noise", [false, false]),
            ("&grid=wutong-g1", [true, false]),
            ("&kind=utilities&days=7", [false, false]),
            ("&kind=utilities&days=30&grid=wutong-g1&state=open", [true, false]),
        ] {
            for page in [LIST, FEED, PLAN] {
                let answer = visitor.get(&format!("{page}{filter}")).await;
                assert_eq!(answer.status, StatusCode::OK, "{page}{filter}");
                let text = answer.text();
                assert_eq!([text.contains(&lamp), text.contains(&lift)], shows, "{page}{filter}");
            }
        }
        let words = [("text", "归路灯所管，已经转过去了")];
        assert_eq!(staff_step(&mut test.signed_in(STAFF).await, &lamp, "reject", &words).await.status, 303);
        for (filter, shows) in [
            ("&state=open", [false, true]),
            ("&state=closed", [true, false]),
            ("&state=closed&days=7", [false, false]),
            ("&state=closed&grid=wutong-g1&days=30&kind=utilities", [true, false]),
        ] {
            for page in [LIST, FEED, PLAN] {
                let text = visitor.get(&format!("{page}{filter}")).await.text();
                assert_eq!([text.contains(&lamp), text.contains(&lift)], shows, "{page}{filter}");
            }
        }
        assert!(
            !visitor.get(PLAN).await.text().contains(&lamp),
            "what is over is on the map only when it is asked for"
        );
    })
    .await;
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let mut visitor = test.visitor();
        let mut staff = test.signed_in(STAFF).await;
        // A step moves the feed; what is refused leaves the plan.
        for (page, step) in [(FEED, "accept"), (PLAN, "reject")] {
            let first = visitor.get(page).await;
            let etag = first.headers["etag"].to_str().expect("text").to_owned();
            let again = visitor.get_with(page, &[("if-none-match", &etag)]).await;
            assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{page}");
            assert_eq!(again.headers["etag"].to_str().expect("text"), etag, "{page}");
            let other = visitor.get_with(page, &[("if-none-match", "\"another\"")]).await;
            assert_eq!((other.status, other.body == first.body), (StatusCode::OK, true), "{page}");
            test.app.clock.advance(SignedDuration::from_mins(1));
            let done = staff_step(&mut staff, &code, step, &[("text", "明天去看")]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER);
            let later = visitor.get_with(page, &[("if-none-match", &etag)]).await;
            assert_eq!(later.status, StatusCode::OK, "{page}: something happened");
            assert_ne!(later.headers["etag"].to_str().expect("text"), etag, "{page}");
        }
    })
    .await;
}

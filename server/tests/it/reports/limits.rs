//! Limits: another category, another limit, and the time within which somebody is to be sent.

use super::{
    sideways::{ADMIN, report, taken},
    *,
};
use crate::support::on_both;
use jiff::SignedDuration;
use server::reports::chain;

#[tokio::test]
async fn another_category_counts_by_its_own_limit_and_keeps_what_stood_still() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let mut staff = test.signed_in(STAFF).await;
        let before = report(&test, &code).await;
        let seen = before.version.to_string();
        staff_step(&mut staff, &code, "suspend", &[("text", "等配件")]).await;
        // From Wednesday 10:00 to Thursday 10:00: nine hours of work, 24 by the clock.
        test.app.clock.advance(SignedDuration::from_hours(24));
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &code, "resume", &[]).await;
        let hour = 3_600_000_000_i64;
        assert_eq!(report(&test, &code).await.stopped_total, 9 * hour);
        let (kind, amount): (String, i64) =
            sqlx::query_as("SELECT limit_kind, limit_amount FROM category WHERE code = 'elevator'")
                .fetch_one(test.app.db.read())
                .await
                .expect("a category");
        assert_eq!(kind, "urgent", "another kind of limit than working days");
        let path = format!("/staff/reports/{code}");
        let stale = staff.post(&path, &[("step", "sort"), ("category", "elevator"), ("version", &seen)]).await;
        assert_eq!(stale.status, 409);
        for wrong in ["street-light", "", "nothing"] {
            assert_eq!(staff_step(&mut staff, &code, "sort", &[("category", wrong)]).await.status, 422, "{wrong}");
        }
        assert_eq!(staff_step(&mut staff, &code, "sort", &[("category", "elevator")]).await.status, 303);
        let after = report(&test, &code).await;
        assert_eq!(after.category, "elevator");
        assert_eq!(after.stopped_total, 24 * hour, "measured as the new limit counts");
        assert_eq!(after.due_at, Some(after.filed_at + (amount + 24) * hour));
        assert_eq!(after.owner_due_at, Some(after.dispatched_at.expect("sent") + (amount + 24) * hour));
        assert_ne!(after.due_at, before.due_at);
        let events = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'sort'";
        assert_eq!(count(&test, events).await, 1);
        assert_eq!(chain::verify(&test.app.db).await.expect("reads").broken, []);
    })
    .await;
}

#[tokio::test]
async fn somebody_is_to_be_sent_in_the_time_that_the_kind_allows() {
    on_both(|test| async move {
        // One category of each major one, with the limits that Linli ships.
        server::reports::categories::ship_dispatch_limits(&test.app.db).await.expect("shipped");
        let mut admin = test.signed_in(ADMIN).await;
        assert_eq!(admin.get("/staff/categories").await.status, 200);
        let majors: Vec<(String, i64)> = sqlx::query_as(
            "SELECT MIN(c.code), COALESCE((SELECT d.hours FROM dispatch_limit d WHERE d.major = c.major), 24) AS hours \
             FROM category c WHERE c.active = 1 GROUP BY c.major ORDER BY c.major",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("categories");
        let hours: std::collections::BTreeSet<i64> = majors.iter().map(|(_, hours)| *hours).collect();
        assert_eq!(hours.into_iter().collect::<Vec<_>>(), [1, 2, 24], "{majors:?}");
        let mut resident = test.signed_in(RESIDENT).await;
        let mut filed_as = Vec::new();
        for (n, (category, hours)) in majors.iter().enumerate() {
            let key = key(n);
            let mut fields = fields(&key);
            fields.retain(|(name, _)| *name != "category");
            fields.extend([("category", category.as_str()), ("different", "1")]);
            let code = code_of(&resident.post_files("/report", &fields, &[]).await);
            let kept = report(&test, &code).await;
            assert_eq!(kept.dispatch_due_at, Some(kept.filed_at + hours * 3_600_000_000), "{category}");
            filed_as.push((code, *hours));
        }
        // The desk goes by it until somebody is sent: it shows it, and counts it as late.
        let mut staff = test.signed_in(STAFF).await;
        let rows = |page: &Answer, code: &str| page.text().contains(&format!("data-code=\"{code}\""));
        assert!(!rows(&staff.get("/staff/reports?state=late").await, &filed_as[0].0));
        test.app.clock.advance(SignedDuration::from_mins(90));
        let mut staff_ = test.signed_in(STAFF).await;
        let late = staff_.get("/staff/reports?state=late").await;
        for (code, hours) in &filed_as {
            assert_eq!(rows(&late, code), *hours == 1, "{code} with {hours} h");
        }
        assert!(late.text().contains("派遣超期 30 分钟"), "{}", late.text());
        // Sent: from now on the owner's time counts.
        let (first, _) = filed_as.iter().find(|(_, hours)| *hours == 1).expect("one");
        staff_step(&mut staff_, first, "accept", &[]).await;
        let volunteer = test.person(VOLUNTEER).to_owned();
        assert_eq!(staff_step(&mut staff_, first, "dispatch", &[("to", &volunteer)]).await.status, 303);
        assert!(!rows(&staff_.get("/staff/reports?state=late").await, first));
        // Handed back: the time to send somebody begins anew.
        let mut owner = test.signed_in(VOLUNTEER).await;
        test.app.clock.advance(SignedDuration::from_mins(10));
        assert_eq!(handler_step(&mut owner, first, "return", &[("text", "不会修")], &[]).await.status, 303);
        let now = test.app.clock.now().as_microsecond();
        let kept = report(&test, first).await;
        assert_eq!((kept.dispatch_from, kept.dispatch_due_at), (Some(now), Some(now + 3_600_000_000)));
        // Changed on the page: open ones follow.
        let (last, _) = filed_as.iter().find(|(_, hours)| *hours == 24).expect("one");
        let kept = report(&test, last).await;
        let changed = admin.post("/staff/categories", &[("major", kept.major.as_str()), ("hours", "5")]).await;
        assert_eq!(changed.status, 303, "{}", changed.text());
        test.run_jobs().await;
        assert_eq!(report(&test, last).await.dispatch_due_at, Some(kept.filed_at + 5 * 3_600_000_000));
    })
    .await;
}

#[tokio::test]
async fn a_changed_limit_winds_open_clocks_again_and_keeps_what_stood_still() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &code, "suspend", &[("text", "等天晴")]).await;
        test.app.clock.advance(SignedDuration::from_hours(3));
        staff_step(&mut staff, &code, "resume", &[]).await;
        let before = report(&test, &code).await;
        let mut admin = test.signed_in(ADMIN).await;
        assert_eq!(admin.get("/staff/categories").await.status, 200);
        let change = |amount: &'static str| {
            [("code", "street-light"), ("kind", "working_days"), ("amount", amount), ("active", "1")]
        };
        for bad in ["", "0", "-1", "2001", "99999999999999999999999"] {
            assert_eq!(admin.post("/staff/categories", &change(bad)).await.status, 422, "{bad}");
        }
        assert_eq!(staff.post("/staff/categories", &change("5")).await.status, 403);
        assert_eq!(admin.post("/staff/categories", &change("5")).await.status, 303);
        test.run_jobs().await;
        let after = report(&test, &code).await;
        assert!(after.due_at > before.due_at && after.owner_due_at > before.owner_due_at);
        assert_eq!(after.stopped_total, before.stopped_total);
        assert!(after.stopped_total > 0);
        assert_eq!(admin.post("/staff/categories", &[("major", "utilities"), ("hours", "3")]).await.status, 303);
    })
    .await;
}

//! Deadlines are calculated again when a limit, the hours or the calendar changes: once, all of them, and never over a
//! step that is taken meanwhile.

use super::*;
use crate::support::on_both;
use jiff::Timestamp;
use server::reports::{
    clocks,
    recalculate::{self, Which},
    store,
};

async fn queue(test: &TestApp, which: Which) {
    let mut tx = test.app.db.begin().await.expect("begin");
    recalculate::queue(&mut tx, which, test.app.clock.now()).await.expect("queued");
    tx.commit().await.expect("commit");
}

async fn due(test: &TestApp, code: &str) -> Option<i64> {
    store::by_code(&test.app.db, code).await.expect("reads").expect("a report").due_at
}

fn at(text: &str) -> Option<i64> {
    Some(text.parse::<Timestamp>().expect("an instant").as_microsecond())
}

#[tokio::test]
async fn a_new_holiday_moves_open_deadlines_at_every_server() {
    on_both(|test| async move {
        let open = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let over = filed(&mut test.signed_in(RESIDENT).await, &key(2), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &over, "reject", &[("text", "归交警管")]).await.status, 303);
        // Two working days from Wednesday.
        assert_eq!(due(&test, &open).await, at("2026-11-27T17:30:00+08:00"));
        let year = include_str!("../../../data/holidays/2026.json");
        let mut year: serde_json::Value = serde_json::from_str(year).expect("JSON");
        year["off"].as_array_mut().expect("days").push(serde_json::json!({ "date": "2026-11-26", "name": "停工日" }));
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("INSERT INTO calendar_year (year, imported_at, imported_by, content) VALUES (2026, 1, $1, $2)")
            .bind(test.person(STAFF))
            .bind(year.to_string())
            .execute(&mut *tx)
            .await
            .expect("imported");
        recalculate::queue(&mut tx, Which::All, test.app.clock.now()).await.expect("queued");
        tx.commit().await.expect("commit");
        let before = due(&test, &over).await;
        // This server has not looked at the calendar since.
        test.run_jobs().await;
        assert_eq!(due(&test, &open).await, at("2026-11-30T17:30:00+08:00"), "Friday, then Monday");
        assert_eq!(due(&test, &over).await, before, "what is over stays as it was");
        let page = test.visitor().get(&format!("/reports/{open}")).await.text();
        assert!(page.contains("现在是 11月30日 周一 17:30 前。因为放假安排有变"), "{page}");
        assert!(!test.visitor().get(&format!("/reports/{over}")).await.text().contains("放假安排有变"));
    })
    .await;
}

#[tokio::test]
async fn many_are_done_in_pieces_and_each_once() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let first = filed(&mut resident, &key(1), 0).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        for n in 0..1_100_i64 {
            let id = format!("zzz-{n:05}");
            sqlx::query(
                "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, path, category, \
                 description, channel, state, filed_at, due_at, changed_at, version) SELECT $1, $2, $1, '', community_id, \
                 path, category, description, channel, state, filed_at, 1, changed_at, 1 FROM report WHERE code = $3",
            )
            .bind(&id)
            .bind(format!("P{n:07}"))
            .bind(&first)
            .execute(&mut *tx)
            .await
            .expect("inserted");
            sqlx::query(
                "INSERT INTO report_event (id, report_id, seq, at, actor_kind, action, to_state) \
                 SELECT $1, $1, 1, filed_at, 'reporter', 'file', 'submitted' FROM report WHERE id = $1",
            )
            .bind(&id)
            .execute(&mut *tx)
            .await
            .expect("inserted");
        }
        tx.commit().await.expect("commit");
        queue(&test, Which::Category("elevator".into())).await;
        test.run_jobs().await;
        let wrong = "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE due_at = 1";
        assert_eq!(count(&test, wrong).await, 1_100, "another category's limit changed");
        queue(&test, Which::Category("street-light".into())).await;
        test.run_jobs().await;
        assert_eq!(count(&test, wrong).await, 0);
        let pieces = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE kind = 'report_clocks' AND state = 'done'";
        assert_eq!(count(&test, pieces).await, 1 + 3);
    })
    .await;
}

#[tokio::test]
async fn a_step_taken_meanwhile_is_not_forgotten() {
    on_both(|test| async move {
        let mut codes = Vec::new();
        for n in 0..6 {
            codes.push(filed(&mut test.signed_in(RESIDENT).await, &key(n), 0).await);
        }
        let staff = test.signed_in(STAFF).await;
        let steps = futures::future::join_all(codes.iter().map(|code| {
            let mut staff = staff.clone();
            async move { staff_step(&mut staff, code, "ask", &[("text", "哪一盏？")]).await.status.as_u16() }
        }));
        let again = async {
            for _ in 0..4 {
                recalculate::run(&test.app, Which::All, "run".into(), String::new()).await.expect("calculates");
            }
        };
        let (statuses, ()) = tokio::join!(steps, again);
        assert_eq!(statuses, [303; 6]);
        for code in &codes {
            let kept = store::by_code(&test.app.db, code).await.expect("reads").expect("a report");
            assert!(kept.stopped_at.is_some(), "the clocks of {code} stand still");
            let mut tx = test.app.db.begin().await.expect("begin");
            let told = clocks::wind(&mut tx, &test.app.calendar, &kept.id).await.expect("winds");
            assert_eq!(kept.due_at, told.clocks.due.map(Timestamp::as_microsecond));
        }
    })
    .await;
}

//! What happens by itself as an owner's time runs out: warned once, ordered rung by rung, all of them, and each owner anew.

use super::{
    sideways::{STREET, report, taken},
    *,
};
use crate::support::on_both;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// A supervisor of the district.
const DISTRICT: &str = "19900000052";

/// The grid worker of the other two grids.
const OTHER_GRID_WORKER: &str = "19900000022";
/// Leads a property company in Wutong.
const UNIT: &str = "19900000041";
/// Works for it.
const REPAIRMAN: &str = "19900020046";

/// Ids of those who were told that a report is overdue, each as often as they were.
async fn told(test: &TestApp) -> Vec<(String, i64)> {
    sqlx::query_as(
        "SELECT person_id, CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key LIKE 'inbox-report-overdue%' \
         GROUP BY person_id ORDER BY person_id",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("counted")
}

#[tokio::test]
async fn an_overdue_report_climbs_the_ladder_each_rung_once() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let due = report(&test, &code).await.owner_due_at.expect("a limit");
        let rungs = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_supervision";
        let climb = async || {
            server::reports::ladder::climb(&test.app).await.expect("climbs");
            server::reports::ladder::climb(&test.app).await.expect("twice changes nothing");
        };
        climb().await;
        assert_eq!(count(&test, rungs).await, 0);
        // A minute over: the owner hears, nobody else.
        let now = test.app.clock.now().as_microsecond();
        test.app.clock.advance(SignedDuration::from_micros(due - now) - SignedDuration::from_mins(30));
        climb().await;
        let soon = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = 'inbox-report-soon'";
        assert_eq!(count(&test, soon).await, 1, "warned once");
        assert_eq!(count(&test, rungs).await, 0);
        test.app.clock.advance(SignedDuration::from_mins(31));
        climb().await;
        assert_eq!(count(&test, rungs).await, 1);
        test.app.clock.advance(SignedDuration::from_hours(24 * 9));
        climb().await;
        assert_eq!(count(&test, rungs).await, 4);
        // Other hours or another limit: it was over at another time, and everybody knows already.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE report SET owner_due_at = owner_due_at + 3600000000")
            .execute(&mut *tx)
            .await
            .expect("moved");
        tx.commit().await.expect("commit");
        climb().await;
        assert_eq!(count(&test, rungs).await, 4, "nobody is told again");
        // Two servers at once: the database lets each rung through once.
        let late = taken(&test, 2).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 12));
        let (a, b) = tokio::join!(server::reports::ladder::climb(&test.app), server::reports::ladder::climb(&test.app));
        a.and(b).expect("both");
        assert_eq!(count(&test, rungs).await, 8, "{late}");
        // Staff answer the orders.
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &code, "supervise_answer", &[("text", "明天办完")]).await.status, 303);
        assert_eq!(
            staff.post(&format!("/staff/reports/{code}"), &[("step", "supervise_answer"), ("text", "x")]).await.status,
            409
        );
    })
    .await;
}

#[tokio::test]
async fn the_ladder_reaches_all_however_many_are_read_at_once() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let first = report(&test, &code).await;
        let due = first.owner_due_at.expect("a limit");
        let mut tx = test.app.db.begin().await.expect("begin");
        // Five with the same deadline, four with later ones.
        for n in 0..9_i64 {
            sqlx::query(
                "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, path, category, \
                 description, channel, state, owner_id, filed_at, due_at, changed_at, version, dispatched_at, owner_due_at) \
                 SELECT $1, $2, $1, '', community_id, path, category, description, channel, state, owner_id, filed_at, \
                 due_at, changed_at, 1, dispatched_at, $3 FROM report WHERE code = $4",
            )
            .bind(format!("late-{n}"))
            .bind(format!("L{n:07}"))
            .bind(due + (n - 4).max(0) * 60_000_000)
            .bind(&code)
            .execute(&mut *tx)
            .await
            .expect("inserted");
        }
        tx.commit().await.expect("commit");
        let orders = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_supervision";
        let warned = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = 'inbox-report-soon'";
        let climb = async |page: usize| {
            for _ in 0..2 {
                server::reports::ladder::climb_by(&test.app, page).await.expect("climbs");
            }
        };
        let now = test.app.clock.now().as_microsecond();
        test.app.clock.advance(SignedDuration::from_micros(due - now) - SignedDuration::from_mins(30));
        climb(3).await;
        assert_eq!((count(&test, warned).await, count(&test, orders).await), (10, 0), "each is warned, once");
        test.app.clock.advance(SignedDuration::from_mins(40));
        climb(2).await;
        assert_eq!(count(&test, orders).await, 10, "each stands on the first rung, once");
        // Those on the last rung hold nobody else up.
        test.app.clock.advance(SignedDuration::from_hours(24 * 9));
        climb(1).await;
        assert_eq!(count(&test, orders).await, 40);
        let late = taken(&test, 2).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 12));
        climb(1).await;
        assert_eq!(count(&test, orders).await, 44, "{late}");
    })
    .await;
}

#[tokio::test]
async fn each_rung_has_its_readers_and_another_owner_begins_at_the_foot() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let due = report(&test, &code).await.owner_due_at.expect("a limit");
        let until = |at: i64| SignedDuration::from_micros(at - test.app.clock.now().as_microsecond());
        let climb = async || server::reports::ladder::climb(&test.app).await.expect("climbs");
        let id = |phone: &str| test.person(phone).to_owned();
        // Two working days from Wednesday 10:00: 25.5 hours of work, over on Friday at 17:30. Each rung by the share of them
        // that it is late; and who has been told by then, each once.
        let rungs_at = [
            ("2026-11-27T17:31:00+08:00", 1, [VOLUNTEER, GRID_WORKER]),
            ("2026-11-30T15:30:00+08:00", 2, [STAFF, OTHER_STAFF]),
            ("2026-12-01T13:00:00+08:00", 3, [STREET, STREET]),
            ("2026-12-02T17:00:00+08:00", 4, [DISTRICT, DISTRICT]),
        ];
        for (at, rung, _) in rungs_at {
            let at: jiff::Timestamp = at.parse().expect("an instant");
            test.app.clock.advance(until(at.as_microsecond()));
            climb().await;
            climb().await;
            let all = told(&test).await;
            for (theirs, phone) in rungs_at.iter().flat_map(|(_, rung, who)| who.map(|phone| (*rung, phone))) {
                let times = all.iter().find(|(who, _)| *who == id(phone)).map(|(_, times)| *times);
                assert_eq!(times, (theirs <= rung).then_some(1), "{phone} on rung {rung}: {all:?}");
            }
            for phone in [NEIGHBOUR, STAFF_ELSEWHERE, OTHER_VOLUNTEER, OTHER_GRID_WORKER, UNIT] {
                assert!(!all.iter().any(|(who, _)| *who == id(phone)), "{phone}: {all:?}");
            }
        }
        assert!(due < test.app.clock.now().as_microsecond());
        let rungs = "SELECT CAST(COUNT(*) AS BIGINT) FROM report_supervision";
        assert_eq!(count(&test, rungs).await, 4);

        // Handed back and sent to somebody else: their time is their own.
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        assert_eq!(handler_step(&mut volunteer, &code, "return", &[("text", "太高了")], &[]).await.status, 303);
        let mut staff = test.signed_in(STAFF).await;
        let worker = test.person(GRID_WORKER).to_owned();
        assert_eq!(staff_step(&mut staff, &code, "dispatch", &[("to", &worker)]).await.status, 303);
        let again = report(&test, &code).await.owner_due_at.expect("a limit");
        climb().await;
        assert_eq!(count(&test, rungs).await, 4, "there is time");
        test.app.clock.advance(until(again) - SignedDuration::from_mins(30));
        climb().await;
        let soon = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message m WHERE m.text_key = 'inbox-report-soon' \
                    AND m.person_id = (SELECT owner_id FROM report)";
        assert_eq!(count(&test, soon).await, 1, "warned");
        test.app.clock.advance(SignedDuration::from_mins(31));
        climb().await;
        climb().await;
        assert_eq!(count(&test, rungs).await, 5, "and on the first rung, once");
        // A grid worker's lead are the community's staff.
        let all = told(&test).await;
        for (phone, times) in [(VOLUNTEER, 1), (GRID_WORKER, 2), (STAFF, 2), (OTHER_STAFF, 2), (STREET, 1)] {
            assert!(all.contains(&(id(phone), times)), "{phone} {times}: {all:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_first_rung_is_heard_by_the_owner_and_by_who_leads_them() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let overdue = async |staff: &mut Browser, n: usize, owner: &str| {
            let code = filed(&mut test.signed_in(RESIDENT).await, &key(n), 0).await;
            assert_eq!(staff_step(staff, &code, "accept", &[]).await.status, 303);
            let sent = staff_step(staff, &code, "dispatch", &[("to", test.person(owner))]).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
            let now = test.app.clock.now().as_microsecond();
            let mut tx = test.app.db.begin().await.expect("begin");
            sqlx::query("UPDATE report SET owner_due_at = $1 WHERE code = $2")
                .bind(now - 60_000_000)
                .bind(&code)
                .execute(&mut *tx)
                .await
                .expect("late");
            tx.commit().await.expect("commit");
            server::reports::ladder::climb(&test.app).await.expect("climbs");
            server::reports::ladder::climb(&test.app).await.expect("twice is once");
            code
        };
        // Who heard of a report, in which words, and where it leads.
        let heard = async |code: &str| -> BTreeMap<String, (String, String)> {
            let rows: Vec<(String, String, String)> = sqlx::query_as(
                "SELECT p.name, m.text_key, m.href FROM inbox_message m JOIN person p ON p.id = m.person_id \
                 WHERE m.text_key LIKE 'inbox-report-overdue%' AND m.href LIKE $1",
            )
            .bind(format!("%{code}"))
            .fetch_all(test.app.db.read())
            .await
            .expect("messages");
            rows.into_iter()
                .map(|(name, key, href)| {
                    let (key, folder) =
                        (key.replace("inbox-report-overdue", ""), href.replace(&format!("/{code}"), ""));
                    (name, (key, folder))
                })
                .collect()
        };
        let said = |who: &str, key: &str, folder: &str| (who.to_owned(), (key.to_owned(), folder.to_owned()));
        let community = ["叶知秋", "吴建明", "沈雨桐", "许佳宁", "邵文博"];
        let and_staff = |owner: &str| -> BTreeMap<String, (String, String)> {
            let staff = community.iter().map(|name| said(name, "-lead", "/staff/reports"));
            staff.chain([said(owner, "-owner", "/volunteer/reports")]).collect()
        };

        let code = overdue(&mut staff, 1, VOLUNTEER).await;
        let expected = [said("方敏", "-owner", "/volunteer/reports"), said("陆海峰", "-lead", "/staff/reports")].into();
        assert_eq!(heard(&code).await, expected, "a volunteer: the grid worker of the grid");
        let code = overdue(&mut staff, 2, GRID_WORKER).await;
        assert_eq!(heard(&code).await, and_staff("陆海峰"), "a grid worker: the community");
        let code = overdue(&mut staff, 3, REPAIRMAN).await;
        let expected = [said("鲍立新", "-owner", "/volunteer/reports"), said("韩启良", "-lead", "/reports")].into();
        assert_eq!(heard(&code).await, expected, "a unit: who leads it");
        let mut lead = test.signed_in(UNIT).await;
        let inbox = lead.get("/me/inbox").await.text();
        assert!(inbox.contains("鲍立新手上的“路灯不亮”") && inbox.contains(&code), "{inbox}");
        assert_eq!(lead.get(&format!("/reports/{code}")).await.status, 200, "a page that they may read");
        let code = overdue(&mut staff, 4, UNIT).await;
        assert_eq!(heard(&code).await, and_staff("韩启良"), "nobody leads the lead but the community");

        // Without a grid nobody's grid worker is responsible.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("DELETE FROM role_grant WHERE role = 'grid_worker'").execute(&mut *tx).await.expect("gone");
        tx.commit().await.expect("commit");
        let code = overdue(&mut staff, 5, VOLUNTEER).await;
        assert_eq!(heard(&code).await, and_staff("方敏"));
    })
    .await;
}

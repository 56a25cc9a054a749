//! The side ways of a report's life, each told as a story.

use super::*;
use crate::support::on_both;
use jiff::SignedDuration;
use server::reports::{
    chain,
    store::{self, Report},
};

/// A supervisor of the street.
pub const STREET: &str = "19900000051";
/// The admin.
pub const ADMIN: &str = "19900000099";

pub async fn report(test: &TestApp, code: &str) -> Report {
    store::by_code(&test.app.db, code).await.expect("reads").expect("a report")
}

/// Wutong's volunteer has begun.
pub async fn taken(test: &TestApp, n: usize) -> String {
    let code = dispatched(test, &key(n)).await;
    let answer = handler_step(&mut test.signed_in(VOLUNTEER).await, &code, "take", &[], &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    code
}

#[tokio::test]
async fn an_extension_is_asked_for_in_time_and_decided_by_level() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let due = report(&test, &code).await.owner_due_at.expect("a limit");
        let mut owner = test.signed_in(VOLUNTEER).await;
        let mut staff = test.signed_in(STAFF).await;
        let mut street = test.signed_in(STREET).await;
        for hours in ["", "0", "-3", "201", "99999999999999999999", "四"] {
            let answer =
                handler_step(&mut owner, &code, "extend_ask", &[("text", "缺件"), ("hours", hours)], &[]).await;
            assert_eq!(answer.status, 422, "{hours}");
        }
        let ask = [("text", "等配件"), ("hours", "9")];
        assert_eq!(handler_step(&mut owner, &code, "extend_ask", &ask, &[]).await.status, 303);
        let again = handler_step(&mut owner, &code, "extend_ask", &ask, &[]).await;
        assert_eq!(again.status, 409);
        assert!(again.text().contains("上一次延时申请还没有答复"), "{}", again.text());
        // The first is not the street's to decide.
        let above = street.post(&format!("/staff/reports/{code}"), &[("step", "extend_grant_above")]).await;
        assert_eq!(above.status, 409);
        let page = staff.get(&format!("/staff/reports/{code}?step=extend_grant")).await.text();
        assert!(page.contains("申请延 9 小时：等配件"), "{page}");
        assert_eq!(staff_step(&mut staff, &code, "extend_grant", &[]).await.status, 303);
        let moved = report(&test, &code).await.owner_due_at.expect("a limit");
        // Nine working hours: one working day later.
        assert!(moved >= due + 24 * 3_600_000_000, "{due} {moved}");
        // The second goes to the street, a third is not possible.
        assert_eq!(handler_step(&mut owner, &code, "extend_ask", &ask, &[]).await.status, 303);
        assert_eq!(staff.post(&format!("/staff/reports/{code}"), &[("step", "extend_grant")]).await.status, 409);
        assert_eq!(staff_step(&mut street, &code, "extend_refuse_above", &[("text", "够了")]).await.status, 303);
        assert_eq!(report(&test, &code).await.owner_due_at, Some(moved));
        assert_eq!(handler_step(&mut owner, &code, "extend_ask", &ask, &[]).await.status, 409);
        // After expiry none is possible.
        let late = taken(&test, 2).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 7));
        let answer = handler_step(&mut test.signed_in(VOLUNTEER).await, &late, "extend_ask", &ask, &[]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text().contains("时限已经过了"), "{}", answer.text());
    })
    .await;
}

#[tokio::test]
async fn of_two_decisions_and_of_two_verifiers_one_wins() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let mut owner = test.signed_in(VOLUNTEER).await;
        handler_step(&mut owner, &code, "extend_ask", &[("text", "等配件"), ("hours", "9")], &[]).await;
        let path = format!("/staff/reports/{code}");
        let (one, two) = (test.signed_in(STAFF).await, test.signed_in(OTHER_STAFF).await);
        let race = |step: &'static str| {
            let (mut one, mut two, path) = (one.clone(), two.clone(), path.clone());
            async move {
                let seen = version(&one.get(&path).await);
                let fields = [("step", step), ("version", seen.as_str()), ("text", "好")];
                let (first, second) = tokio::join!(one.post(&path, &fields), two.post(&path, &fields));
                let mut statuses = [first.status.as_u16(), second.status.as_u16()];
                statuses.sort_unstable();
                assert_eq!(statuses, [303, 409], "{step}");
                let loser = if first.status == 409 { first } else { second };
                assert!(loser.text().contains("先一步操作了"), "{step}: {}", loser.text());
            }
        };
        race("extend_grant").await;
        assert_eq!(handler_step(&mut owner, &code, "finish", &[], &[]).await.status, 303);
        race("verify_pass").await;
    })
    .await;
}

#[tokio::test]
async fn a_question_stops_the_clock_and_the_answer_starts_it() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 0).await;
        let due = report(&test, &code).await.due_at;
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &code, "ask", &[("text", "")]).await.status, 422);
        assert_eq!(staff_step(&mut staff, &code, "ask", &[("text", "是哪一盏？")]).await.status, 303);
        assert!(report(&test, &code).await.stopped_at.is_some());
        assert!(resident.get(&format!("/reports/{code}")).await.text().contains("是哪一盏？"));
        test.app.clock.advance(SignedDuration::from_hours(2));
        let ctx = report(&test, &code).await;
        assert_eq!(ctx.state, "asked");
        assert_eq!(staff.post(&format!("/staff/reports/{code}"), &[("step", "accept")]).await.status, 409);
        assert_eq!(due, ctx.due_at);
        // Friday 17:30, and two working hours later: Monday 10:30.
        assert_eq!(due.map(store::instant), Some("2026-11-27T17:30:00+08:00".parse().expect("an instant")));
        let seen = ctx.version.to_string();
        let answer = [("step", "answer"), ("version", seen.as_str()), ("text", "靠车棚的那盏")];
        assert_eq!(resident.post(&format!("/reports/{code}"), &answer).await.status, 303);
        let after = report(&test, &code).await;
        assert_eq!((after.state.as_str(), after.stopped_at), ("submitted", None));
        assert_eq!(after.stopped_total, 2 * 3_600_000_000);
        assert_eq!(after.due_at.map(store::instant), Some("2026-11-30T10:30:00+08:00".parse().expect("an instant")));
    })
    .await;
}

#[tokio::test]
async fn a_suspension_moves_both_clocks_by_working_time() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let before = report(&test, &code).await;
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &code, "suspend", &[("text", "等天晴")]).await.status, 303);
        assert!(test.visitor().get(&format!("/reports/{code}")).await.text().contains("等天晴"));
        // Wednesday 10:00 to Thursday 10:00: nine hours of work.
        test.app.clock.advance(SignedDuration::from_hours(24));
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff_step(&mut staff, &code, "resume", &[]).await.status, 303);
        let after = report(&test, &code).await;
        assert_eq!(after.stopped_total, 9 * 3_600_000_000);
        assert!(after.owner_due_at > before.owner_due_at && after.due_at > before.due_at);
    })
    .await;
}

#[tokio::test]
async fn a_disputed_return_is_decided_by_the_street() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let mut staff = test.signed_in(STAFF).await;
        let mut owner = test.signed_in(VOLUNTEER).await;
        handler_step(&mut owner, &code, "return", &[("text", "不归我")], &[]).await;
        assert_eq!(staff_step(&mut staff, &code, "dispute", &[("text", "归他")]).await.status, 303);
        assert_eq!(
            staff.post(&format!("/staff/reports/{code}"), &[("step", "uphold"), ("text", "x")]).await.status,
            403
        );
        let mut street = test.signed_in(STREET).await;
        assert_eq!(staff_step(&mut street, &code, "send_back", &[("text", "归他")]).await.status, 303);
        let back = report(&test, &code).await;
        assert_eq!((back.state.as_str(), back.owner_id.as_deref()), ("dispatched", Some(test.person(VOLUNTEER))));
        assert_eq!(back.returns, 1);
        assert!(!test.visitor().get(&format!("/reports/{code}")).await.text().contains("归他"), "stays inside");
        // A report that nobody returned has nothing to dispute.
        let other = filed(&mut test.signed_in(RESIDENT).await, &key(2), 0).await;
        staff_step(&mut staff, &other, "accept", &[]).await;
        let answer = staff_step(&mut staff, &other, "dispute", &[("text", "x")]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text().contains("没有被退回过"));
    })
    .await;
}

#[tokio::test]
async fn a_merged_report_leaves_its_followers_with_the_other() {
    on_both(|test| async move {
        let first = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let second = filed(&mut test.signed_in(NEIGHBOUR).await, &key(2), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        for into in ["", "NOSUCH12", second.as_str()] {
            assert_eq!(staff_step(&mut staff, &second, "merge", &[("into", into)]).await.status, 422, "{into}");
        }
        // Both ways at once: one wins, and they do not point at each other.
        let send = |mut browser: Browser, from: String, into: String| async move {
            browser.post(&format!("/staff/reports/{from}"), &[("step", "merge"), ("into", &into)]).await.status.as_u16()
        };
        let other = test.signed_in(OTHER_STAFF).await;
        let (a, b) = tokio::join!(
            send(staff.clone(), second.clone(), first.clone()),
            send(other, first.clone(), second.clone())
        );
        let mut statuses = [a, b];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        let (gone, stays) = if a == 303 { (second, first) } else { (first, second) };
        let (gone, stays) = (report(&test, &gone).await, report(&test, &stays).await);
        assert_eq!((gone.state.as_str(), gone.merged_into.as_deref()), ("merged", Some(stays.id.as_str())));
        assert_eq!(stays.state, "submitted");
        let follower: (String,) = sqlx::query_as("SELECT person_id FROM report_follower WHERE report_id = $1")
            .bind(&stays.id)
            .fetch_one(test.app.db.read())
            .await
            .expect("one");
        assert_eq!(Some(follower.0), gone.reporter_id);
        // Merged is over: it cannot be dispatched.
        let to = test.person(VOLUNTEER).to_owned();
        let answer = staff.post(&format!("/staff/reports/{}", gone.code), &[("step", "dispatch"), ("to", &to)]).await;
        assert_eq!(answer.status, 409);
    })
    .await;
}

#[tokio::test]
async fn the_first_rule_that_fits_says_who_gets_it() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let page = "/staff/reports/routing";
        let (volunteer, worker) = (test.person(VOLUNTEER).to_owned(), test.person(GRID_WORKER).to_owned());
        assert!(staff.get(&format!("{page}?category=street-light")).await.text().contains("没有符合的规则"));
        for (category, owner) in [("", worker.as_str()), ("street-light", volunteer.as_str())] {
            let answer = staff.post(page, &[("act", "add"), ("category", category), ("owner", owner)]).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        let nobody = staff.post(page, &[("act", "add"), ("owner", test.person(RESIDENT))]).await;
        assert_eq!(nobody.status, 422);
        let (path,): (String,) = sqlx::query_as("SELECT path FROM organisation WHERE code = 'wutong'")
            .fetch_one(test.app.db.read())
            .await
            .expect("a place");
        let first = server::reports::routing::find(&test.app.db, "street-light", "utilities", &path);
        assert_eq!(first.await.expect("reads").expect("a rule").owner_id, worker, "the first wins");
        let (id,): (String,) = sqlx::query_as("SELECT id FROM routing_rule WHERE category = 'street-light'")
            .fetch_one(test.app.db.read())
            .await
            .expect("a rule");
        assert_eq!(staff.post(page, &[("act", "up"), ("id", &id)]).await.status, 303);
        let first = server::reports::routing::find(&test.app.db, "street-light", "utilities", &path).await;
        assert_eq!(first.expect("reads").expect("a rule").owner_id, volunteer);
        // It is chosen beforehand on the dispatch form.
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        staff_step(&mut staff, &code, "accept", &[]).await;
        let form = staff.get(&format!("/staff/reports/{code}?step=dispatch")).await.text();
        let html = scraper::Html::parse_document(&form);
        let chosen = scraper::Selector::parse("input[name=to][checked]").expect("a selector");
        let chosen = html.select(&chosen).next().and_then(|input| input.value().attr("value"));
        assert_eq!(chosen, Some(volunteer.as_str()));
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_afterwards_shows() {
    on_both(|test| async move {
        let code = taken(&test, 1).await;
        let other = taken(&test, 2).await;
        let verdict = chain::verify(&test.app.db).await.expect("checks");
        assert_eq!((verdict.good, verdict.broken.len()), (2, 0));
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query(
            "UPDATE report_event SET at = at + 1 WHERE seq = 2 AND report_id = (SELECT id FROM report WHERE code = $1)",
        )
        .bind(&code)
        .execute(&mut *tx)
        .await
        .expect("tampers");
        sqlx::query("DELETE FROM report_event WHERE seq = 4 AND report_id = (SELECT id FROM report WHERE code = $1)")
            .bind(&other)
            .execute(&mut *tx)
            .await
            .expect("tampers");
        tx.commit().await.expect("commit");
        let mut broken = chain::verify(&test.app.db).await.expect("checks").broken;
        broken.sort();
        let mut expected = vec![(code, 2), (other, 4)];
        expected.sort();
        assert_eq!(broken, expected);
    })
    .await;
}

//! Whenever the promised time moves, the reporter reads from when to when and why; the chain holds, and it is nobody's
//! conflict.

use super::*;
use crate::support::on_both;
use jiff::SignedDuration;
use server::reports::{
    chain,
    recalculate::{self, Which},
    store,
};

async fn at(test: &TestApp, code: &str) -> store::Report {
    store::by_code(&test.app.db, code).await.expect("reads").expect("a report")
}

async fn limit(test: &TestApp, days: i64) {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query("UPDATE category SET limit_amount = $1 WHERE code = 'street-light'")
        .bind(days)
        .execute(&mut *tx)
        .await
        .expect("changed");
    recalculate::queue(&mut tx, Which::Category("street-light".into()), test.app.clock.now()).await.expect("queued");
    tx.commit().await.expect("commit");
}

async fn moves(test: &TestApp) -> i64 {
    count(test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'moved'").await
}

#[tokio::test]
async fn a_changed_limit_is_told_in_the_timeline_once_and_is_nobodys_conflict() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let path = format!("/reports/{code}");
        let mut staff = test.signed_in(STAFF).await;
        let seen = version(&staff.get(&format!("/staff/reports/{code}")).await);
        // Two working days from Wednesday; then five.
        limit(&test, 5).await;
        test.run_jobs().await;
        let line = "原来说 11月27日 周五 17:30 前，现在是 12月2日 周三 17:30 前。因为这一类问题的时限改了。";
        for mut reader in [test.signed_in(RESIDENT).await, test.visitor()] {
            let page = reader.get(&path).await.text();
            assert!(page.contains("预计的时间改了"), "{page}");
            assert_eq!(page.matches(line).count(), 2, "under the date and in the timeline: {page}");
        }
        let page = test.signed_in(STAFF).await.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains(line) && !page.contains("内部："), "{page}");
        let mut english = test.visitor();
        english.cookies.insert("linli_lang".into(), "en".into());
        let page = english.get(&path).await.text();
        assert!(page.contains("It was Fri 27 November 17:30, now it is Wed 2 December 17:30."), "{page}");
        // Told again without a change: nothing new.
        limit(&test, 5).await;
        test.run_jobs().await;
        assert_eq!(moves(&test).await, 1);
        assert_eq!(chain::verify(&test.app.db).await.expect("reads").broken, []);
        // A page of before: the step is taken all the same.
        let accepted = staff.post(&format!("/staff/reports/{code}"), &[("step", "accept"), ("version", &seen)]).await;
        assert_eq!(accepted.status, 303, "{}", accepted.text());
        // But not over what somebody did, and the one who is named is the person.
        let late = [("step", "reject"), ("text", "x"), ("version", seen.as_str())];
        let late = staff.post(&format!("/staff/reports/{code}"), &late).await;
        assert!(late.status == 409 && late.text().contains("沈雨桐"), "{}", late.text());
        // What is changed afterwards shows.
        let mut tx = test.app.db.begin().await.expect("begins");
        sqlx::query("UPDATE report_event SET internal_text = '{}' WHERE action = 'moved'")
            .execute(&mut *tx)
            .await
            .expect("tampers");
        tx.commit().await.expect("commits");
        assert_eq!(chain::verify(&test.app.db).await.expect("reads").broken, [(code.clone(), 2)]);
    })
    .await;
}

/// What the person has been told of moved times, the first first.
async fn told(test: &TestApp, phone: &str) -> Vec<(String, String)> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT text_args, href FROM inbox_message WHERE person_id = $1 AND text_key = 'inbox-report-moved' ORDER BY id",
    )
    .bind(test.person(phone))
    .fetch_all(test.app.db.read())
    .await
    .expect("read");
    let zh = app::i18n::Words::new(app::i18n::Lang::Zh);
    let said = |args: &str| server::people::inbox::text(zh, "inbox-report-moved", args);
    rows.into_iter().map(|(args, href)| (said(&args), href)).collect()
}

#[tokio::test]
async fn whoever_filed_it_is_told_of_each_move_once_with_why_and_the_owner_of_none() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let mut owner = test.signed_in(VOLUNTEER).await;
        let mut staff = test.signed_in(STAFF).await;
        handler_step(&mut owner, &code, "take", &[], &[]).await;
        assert_eq!(told(&test, RESIDENT).await, []);
        limit(&test, 5).await;
        test.run_jobs().await;
        limit(&test, 5).await;
        test.run_jobs().await;
        let expected = "您上报的“路灯不亮”（编号 ".to_owned()
            + &code
            + "），预计办好的时间改了。原来说 11月27日 周五 17:30 前，\
                        现在是 12月2日 周三 17:30 前。因为这一类问题的时限改了。";
        assert_eq!(told(&test, RESIDENT).await, [(expected, format!("/reports/{code}"))]);
        let mut english = test.signed_in(RESIDENT).await;
        english.cookies.insert("linli_lang".into(), "en".into());
        let inbox = english.get("/me/inbox").await.text();
        assert!(inbox.contains("It was Fri 27 November 17:30, now it is Wed 2 December 17:30."), "{inbox}");
        // It goes on after a suspension: one message. The owner's clock alone moves: none.
        staff_step(&mut staff, &code, "suspend", &[("text", "等配件到货")]).await;
        test.app.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(staff_step(&mut staff, &code, "resume", &[]).await.status, 303);
        let all = told(&test, RESIDENT).await;
        assert!(all.len() == 2 && all[1].0.contains("暂时办不了的这段时间不算在内"), "{all:?}");
        let before = at(&test, &code).await;
        handler_step(&mut owner, &code, "finish", &[("text", "换好了")], &[]).await;
        test.app.clock.advance(SignedDuration::from_hours(1));
        let mut verifier = test.signed_in(OTHER_STAFF).await;
        let failed = staff_step(&mut verifier, &code, "verify_fail", &[("text", "还是不亮")]).await;
        assert_eq!(failed.status, 303, "{}", failed.text());
        let after = at(&test, &code).await;
        assert_ne!(before.owner_due_at, after.owner_due_at, "the owner has the hour back");
        assert_eq!(before.due_at, after.due_at, "what was promised stands");
        assert_eq!(told(&test, RESIDENT).await.len(), 2);
        for phone in [VOLUNTEER, STAFF, OTHER_STAFF, NEIGHBOUR] {
            assert_eq!(told(&test, phone).await, [], "{phone}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_way_in_which_the_time_moves_says_why() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let path = format!("/reports/{code}");
        let mut owner = test.signed_in(VOLUNTEER).await;
        let mut staff = test.signed_in(STAFF).await;
        handler_step(&mut owner, &code, "take", &[], &[]).await;
        assert_eq!(moves(&test).await, 0, "accepting, dispatching and taking move nothing");
        let mut due = vec![at(&test, &code).await.due_at];
        staff_step(&mut staff, &code, "suspend", &[("text", "等配件到货")]).await;
        assert_eq!(moves(&test).await, 0, "it moves when it goes on");
        // What happens meanwhile is not taken for it: another limit has its own reason, and the words wait for theirs.
        limit(&test, 3).await;
        test.run_jobs().await;
        let page = test.signed_in(RESIDENT).await.get(&path).await.text();
        assert!(page.contains("因为这一类问题的时限改了。") && !page.contains("时限改了。说明"), "{page}");
        due.push(at(&test, &code).await.due_at);
        test.app.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(staff_step(&mut staff, &code, "resume", &[]).await.status, 303);
        due.push(at(&test, &code).await.due_at);
        handler_step(&mut owner, &code, "extend_ask", &[("text", "要换整根线"), ("hours", "9")], &[]).await;
        let granted = staff_step(&mut staff, &code, "extend_grant", &[("text", "线要整根换")]).await;
        assert_eq!(granted.status, 303, "{}", granted.text());
        due.push(at(&test, &code).await.due_at);
        let sorted = staff_step(&mut staff, &code, "sort", &[("category", "road-damage")]).await;
        assert_eq!(sorted.status, 303, "{}", sorted.text());
        due.push(at(&test, &code).await.due_at);
        assert!(due.windows(2).all(|pair| pair[0] != pair[1]), "{due:?}");
        let page = test.signed_in(RESIDENT).await.get(&path).await.text();
        for part in [
            "暂时办不了的这段时间不算在内。说明：等配件到货",
            "因为同意了延长时间。说明：线要整根换",
            "因为改了类别，按新类别的时限算。",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(moves(&test).await, 4);
        // The last thing that was said is what people said, not what the clock did.
        handler_step(&mut owner, &code, "finish", &[("text", "换好了")], &[]).await;
        let mut verifier = test.signed_in(OTHER_STAFF).await;
        staff_step(&mut verifier, &code, "verify_pass", &[]).await;
        assert_eq!(staff_step(&mut verifier, &code, "close", &[("text", "看过了")]).await.status, 303);
        let page = test.signed_in(RESIDENT).await.get(&path).await.text();
        assert!(!page.contains("为什么和当初说的时间不一样"), "nobody waits for it any more: {page}");
        assert!(page.contains("因为同意了延长时间"), "the timeline keeps it");
        test.app.clock.advance(SignedDuration::from_hours(24));
        let mut resident = test.signed_in(RESIDENT).await;
        let seen = version(&resident.get(&path).await);
        let reopen = [("step", "reopen"), ("version", seen.as_str()), ("unsolved", "又不亮了")];
        for _ in 0..2 {
            assert_eq!(resident.post(&path, &reopen).await.status, 303, "sent twice it is one");
        }
        let page = resident.get(&path).await.text();
        assert!(page.contains("从结案到重新办的这段时间不算在内"), "{page}");
        assert_eq!(chain::verify(&test.app.db).await.expect("reads").broken, []);
    })
    .await;
}

#[tokio::test]
async fn steps_and_moves_at_the_same_time_lose_nothing() {
    on_both(|test| async move {
        let mut codes = Vec::new();
        for n in 0..6 {
            codes.push(filed(&mut test.signed_in(RESIDENT).await, &key(n), 0).await);
        }
        let staff = test.signed_in(STAFF).await;
        let steps = futures::future::join_all(codes.iter().map(|code| {
            let mut staff = staff.clone();
            async move { staff_step(&mut staff, code, "accept", &[]).await.status.as_u16() }
        }));
        let again = async {
            for days in [3, 4, 5, 6] {
                limit(&test, days).await;
                test.run_jobs().await;
            }
        };
        let (statuses, ()) = tokio::join!(steps, again);
        assert_eq!(statuses, [303; 6]);
        assert_eq!(moves(&test).await, 24);
        assert_eq!(chain::verify(&test.app.db).await.expect("reads").broken, []);
        for code in &codes {
            assert_eq!(at(&test, code).await.version, 1 + 1 + 4, "{code}: filed, accepted, moved four times");
        }
    })
    .await;
}

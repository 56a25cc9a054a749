//! The life of a report: the whole way, and the steps that are refused.

use super::*;
use crate::support::on_both;

#[tokio::test]
async fn a_lamp_is_reported_repaired_verified_and_closed() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 2).await;
        let page = resident.get(&format!("/reports/{code}")).await;
        let text = page.text();
        assert!(text.contains(&code) && text.contains("路灯三天没亮了"), "{text}");
        let shown = text.matches("/thumb\"").count();
        assert_eq!(shown, 4, "both photos are shown to whoever sent them, and where they can be taken away");
        // Wednesday 10:00, two working days: Friday 17:30.
        assert!(text.contains("11月27日 周五 17:30"), "{text}");

        // Staff see it on their desk, preview the message, accept and dispatch.
        let mut staff = test.signed_in(STAFF).await;
        assert!(staff.get("/staff/reports").await.text().contains(&code));
        let preview = staff_step(&mut staff, &code, "accept", &[("text", "电工下午来"), ("preview", "1")]).await;
        assert_eq!(preview.status, StatusCode::OK);
        let message = format!("您上报的“路灯不亮”（编号 {code}）已受理。电工下午来");
        assert!(preview.text().contains(&message), "{}", preview.text());
        assert_eq!(staff_step(&mut staff, &code, "accept", &[("text", "电工下午来")]).await.status, 303);
        let inbox = resident.get("/me/inbox").await;
        assert!(inbox.status != StatusCode::OK || inbox.text().contains(&message), "the very message: {}", inbox.text());
        let volunteer_id = test.person(VOLUNTEER).to_owned();
        let answer = staff_step(&mut staff, &code, "dispatch", &[("to", &volunteer_id), ("internal", "梯子在门房")]).await;
        assert_eq!(answer.status, 303);

        // The volunteer takes it, tells how it goes, and finishes with a photo.
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        assert!(volunteer.get("/volunteer").await.text().contains(&code));
        let task = volunteer.get(&format!("/volunteer/reports/{code}")).await.text();
        assert!(task.contains("梯子在门房") && task.contains("北门路灯下"), "{task}");
        assert_eq!(handler_step(&mut volunteer, &code, "take", &[], &[]).await.status, 303);
        assert_eq!(handler_step(&mut volunteer, &code, "note", &[("text", "镇流器坏了")], &[]).await.status, 303);
        let after = fixture("orientation-3.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "after.jpg", "image/jpeg", &after)];
        let answer = handler_step(&mut volunteer, &code, "finish", &[("text", "换好了")], &files).await;
        assert_eq!(answer.status, 303, "{}", answer.text());

        // The grid worker verifies, staff close and release photos.
        let mut grid_worker = test.signed_in(GRID_WORKER).await;
        assert!(grid_worker.get("/volunteer").await.text().contains(&format!("/staff/reports/{code}")));
        assert_eq!(staff_step(&mut grid_worker, &code, "verify_pass", &[]).await.status, 303);
        assert_eq!(staff_step(&mut staff, &code, "close", &[("text", "已核查，谢谢")]).await.status, 303);
        let photos: Vec<(String,)> = sqlx::query_as("SELECT id FROM photo WHERE owner_id IS NOT NULL ORDER BY id")
            .fetch_all(test.app.db.read())
            .await
            .expect("photos");
        assert_eq!(photos.len(), 3);
        for (photo,) in &photos {
            let answer = staff
                .post(&format!("/staff/reports/{code}/photos"), &[("photo", photo), ("release", "1")])
                .await;
            assert_eq!(answer.status, 303);
        }

        // Everybody who knows the code sees how it went, without names and without the reporter's words.
        let public = test.visitor().get(&format!("/reports/{code}")).await.text();
        for words in ["电工下午来", "镇流器坏了", "换好了", "已核查，谢谢", "已结案", "class=\"pair\""] {
            assert!(public.contains(words), "{words}: {public}");
        }
        for words in ["路灯三天没亮了", "北门路灯下", "林晓禾", "方敏", "梯子在门房"] {
            assert!(!public.contains(words), "{words}: {public}");
        }
        // Newest first.
        let at = |words: &str| public.find(words).expect("there");
        assert!(at("已核查，谢谢") < at("换好了") && at("换好了") < at("镇流器坏了"));

        // Every step is an event and an audit entry; the messages went where they should.
        let events: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT seq, action, to_state FROM report_event ORDER BY seq")
                .fetch_all(test.app.db.read())
                .await
                .expect("events");
        let actions: Vec<&str> = events.iter().map(|(_, action, _)| action.as_str()).collect();
        assert_eq!(actions, ["file", "accept", "dispatch", "take", "note", "finish", "verify_pass", "close"]);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'report' AND action <> 'report.see_reporter'").await, 8);
        let mine: (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = $1")
            .bind(test.person(RESIDENT))
            .fetch_one(test.app.db.read())
            .await
            .expect("a count");
        assert_eq!(mine.0, 7, "one for each step after filing");
    })
    .await;
}

#[tokio::test]
async fn nobody_verifies_their_own_work() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let mut staff = test.signed_in(STAFF).await;
        let worker_id = test.person(GRID_WORKER).to_owned();
        staff_step(&mut staff, &code, "accept", &[]).await;
        assert_eq!(staff_step(&mut staff, &code, "dispatch", &[("to", &worker_id)]).await.status, 303);
        let mut worker = test.signed_in(GRID_WORKER).await;
        handler_step(&mut worker, &code, "take", &[], &[]).await;
        assert_eq!(handler_step(&mut worker, &code, "finish", &[], &[]).await.status, 303);

        let page = worker.get(&format!("/staff/reports/{code}")).await.text();
        assert!(!page.contains("verify_pass"), "not offered");
        let answer = worker.post(&format!("/staff/reports/{code}"), &[("step", "verify_pass")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "and refused");
        assert!(answer.text().contains("要请另一个人核查"));

        // Somebody else sends it back, and after the second try it passes.
        let no_reason = staff_step(&mut staff, &code, "verify_fail", &[("text", " ")]).await;
        assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(staff_step(&mut staff, &code, "verify_fail", &[("text", "还是不亮")]).await.status, 303);
        assert_eq!(handler_step(&mut worker, &code, "finish", &[], &[]).await.status, 303);
        assert_eq!(staff_step(&mut staff, &code, "verify_pass", &[]).await.status, 303);
        let page = staff.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("返工次数"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_or_an_end_without_a_reason_is_not_possible() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        for text in ["", "  \n "] {
            let answer = staff_step(&mut staff, &code, "reject", &[("text", text)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().contains("请写明原因"));
        }
        let long = "长".repeat(1001);
        assert_eq!(staff_step(&mut staff, &code, "reject", &[("text", &long)]).await.status, 422);
        assert_eq!(staff_step(&mut staff, &code, "reject", &[("text", "这归交警管")]).await.status, 303);
        assert!(test.visitor().get(&format!("/reports/{code}")).await.text().contains("这归交警管"));
    })
    .await;
}

#[tokio::test]
async fn of_two_dispatchers_one_wins_and_the_other_is_told_who() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let path = format!("/staff/reports/{code}");
        let mut one = test.signed_in(STAFF).await;
        let mut two = test.signed_in(OTHER_STAFF).await;
        staff_step(&mut one, &code, "accept", &[]).await;
        let seen = version(&one.get(&path).await);
        let handlers = [test.person(VOLUNTEER).to_owned(), test.person(GRID_WORKER).to_owned()];
        let send = |mut browser: Browser, to: String| {
            let (path, seen) = (path.clone(), seen.clone());
            async move { browser.post(&path, &[("step", "dispatch"), ("version", &seen), ("to", &to)]).await }
        };
        let (first, second) =
            tokio::join!(send(one.clone(), handlers[0].clone()), send(two.clone(), handlers[1].clone()));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", first.text(), second.text());
        let (loser, winner) = if first.status == 409 { (first, "吴建明") } else { (second, "沈雨桐") };
        assert!(loser.text().contains(&format!("{winner}先一步操作了")), "{}", loser.text());
        assert_eq!(
            count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'dispatch'").await,
            1
        );
        // A page that was opened before is stale for every other step too.
        let stale = two.post(&path, &[("step", "reject"), ("version", &seen), ("text", "不归我们")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn what_is_handed_back_can_be_dispatched_again_and_the_reason_stays_inside() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        assert_eq!(handler_step(&mut volunteer, &code, "return", &[("text", "")], &[]).await.status, 422);
        assert_eq!(handler_step(&mut volunteer, &code, "return", &[("text", "要登高，我不行")], &[]).await.status, 303);
        assert_eq!(volunteer.get(&format!("/volunteer/reports/{code}")).await.status, StatusCode::FORBIDDEN);
        let mut staff = test.signed_in(STAFF).await;
        assert!(staff.get(&format!("/staff/reports/{code}")).await.text().contains("要登高，我不行"));
        assert!(!test.visitor().get(&format!("/reports/{code}")).await.text().contains("要登高，我不行"));
        let to = test.person(GRID_WORKER).to_owned();
        assert_eq!(staff_step(&mut staff, &code, "dispatch", &[("to", &to)]).await.status, 303);
        // Only people around the place can be sent.
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(2), 0).await;
        staff_step(&mut staff, &code, "accept", &[]).await;
        let stranger = test.person(OTHER_VOLUNTEER).to_owned();
        assert_eq!(staff_step(&mut staff, &code, "dispatch", &[("to", &stranger)]).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_reporter_takes_back_what_nobody_has_accepted() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 0).await;
        let path = format!("/reports/{code}");
        let stranger = test.signed_in(NEIGHBOUR).await.post(&path, &[("step", "withdraw")]).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN);
        let seen = version(&resident.get(&path).await);
        assert_eq!(resident.post(&path, &[("step", "withdraw"), ("version", &seen)]).await.status, 303);
        assert!(resident.get(&path).await.text().contains("已撤回"));
        let code = dispatched(&test, &key(2)).await;
        let answer = resident.post(&format!("/reports/{code}"), &[("step", "withdraw")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn the_demo_has_reports_in_every_state_and_loads_quickly() {
    on_both(|test| async move {
        #[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
        let begun = std::time::Instant::now();
        server::demo::reports::load(&test.app, &test.loaded).await.expect("loads");
        eprintln!("loaded in {:?}", begun.elapsed());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 135);
        let states: Vec<(String,)> =
            sqlx::query_as("SELECT DISTINCT state FROM report").fetch_all(test.app.db.read()).await.expect("states");
        assert_eq!(states.len(), app::reports::State::ALL.len(), "a page to look at for every state: {states:?}");
        let now = test.app.clock.now().as_microsecond();
        let (future,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE at > $1")
            .bind(now)
            .fetch_one(test.app.db.read())
            .await
            .expect("a count");
        assert_eq!(future, 0, "nothing happened in the future");
        // Every report's events are numbered without a gap and never go back in time.
        let events: Vec<(String, i64, i64)> =
            sqlx::query_as("SELECT report_id, seq, at FROM report_event ORDER BY report_id, seq")
                .fetch_all(test.app.db.read())
                .await
                .expect("events");
        for pair in events.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            assert_eq!(pair[1].1, pair[0].1 + 1);
            assert!(pair[1].2 >= pair[0].2);
        }
        let same = count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE verified_by = handled_by").await;
        assert_eq!(same, 0, "nobody verified their own work");
        let (id,): (String,) = sqlx::query_as("SELECT id FROM photo WHERE released = 1 LIMIT 1")
            .fetch_one(test.app.db.read())
            .await
            .expect("a released photo");
        assert_eq!(test.visitor().get(&format!("/photos/{id}/thumb")).await.status, 200);
        let (code,): (String,) = sqlx::query_as("SELECT code FROM report WHERE state = 'closed' LIMIT 1")
            .fetch_one(test.app.db.read())
            .await
            .expect("a closed report");
        assert!(test.visitor().get(&format!("/reports/{code}")).await.text().contains("class=\"pair\""));
        assert_eq!(test.signed_in(STAFF).await.get("/staff/reports?state=all").await.status, 200);
    })
    .await;
}

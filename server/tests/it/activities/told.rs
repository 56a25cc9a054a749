//! Corrections and withdrawals of activities: whoever signed up keeps their place, and hears of it once.

use super::*;
use app::notices::SignUpState;

#[tokio::test]
async fn a_correction_keeps_the_sign_ups_and_a_withdrawal_tells_everybody() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "1", "1").await;
        // 顾 lives in another community: the notice is not for them, their sign-up is.
        let (mut lin, mut gu) = (test.signed_in(LIN).await, test.signed_in(GU).await);
        sign_up(&mut gu, &id, "1").await;
        assert!(sign_up(&mut lin, &id, "1").await.contains("候补第 1 位"));

        let key = clock::token();
        let correction = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let editor = staff.get(&format!("/staff/notices/{correction}/edit")).await.text();
        assert!(editor.contains("value=\"2026-11-28T09:00\"") && editor.contains("value=\"社区活动室\""), "{editor}");
        let v = version(&mut staff, &correction).await;
        let mut fields = vec![("version", v.as_str()), ("activity_seats", "2")];
        fields.extend(SATURDAY.map(|(name, value)| match name {
            "title" => (name, "更正：改到三点"),
            "activity_starts" => (name, "2026-11-28T15:00"),
            "activity_ends" => (name, "2026-11-28T17:00"),
            _ => (name, value),
        }));
        let saved = staff.post(&format!("/staff/notices/{correction}/edit"), &typed("", &fields)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        let v = version(&mut staff, &correction).await;
        staff.post(&format!("/staff/notices/{correction}/publish"), &[("version", &v)]).await;
        test.run_jobs().await;
        assert_eq!(taken(&test, &id).await, (2, 2), "the second seat went to who waited");
        for phone in [LIN, GU] {
            assert_eq!(messages(&test, phone, &correction).await, 1, "told once");
            assert_eq!(told(&test, phone, "inbox-activity-changed").await, 1);
        }
        let old = gu.get(&format!("/notices/{id}")).await.text();
        assert!(
            old.contains(&format!("href=\"/notices/{correction}\"")) && old.contains("请到最新的公告里报名"),
            "{old}"
        );
        let new = gu.get(&format!("/notices/{correction}")).await.text();
        assert!(new.contains("您已报名，1 人") && new.contains("15:00–17:00"), "{new}");

        let gone = staff.post(&format!("/staff/notices/{correction}/withdraw"), &[("reason", "下雨，不办了。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        test.run_jobs().await;
        for phone in [LIN, GU] {
            assert_eq!(told(&test, phone, "inbox-activity-off").await, 1);
        }
        assert!(gu.get("/me/sign-ups").await.text().contains("活动取消"));
        let late = test.signed_in(ZHOU).await.post(&format!("/notices/{correction}/sign-up"), &[]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_speaks_of_no_activity_any_more_calls_it_off() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "5", "1").await;
        let mut gu = test.signed_in(GU).await;
        sign_up(&mut gu, &id, "1").await;
        let key = clock::token();
        let correction = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let v = version(&mut staff, &correction).await;
        let fields =
            [("version", v.as_str()), ("kind", "service"), ("title", "更正：改为随到随做"), ("aims", "wutong")];
        let saved = staff.post(&format!("/staff/notices/{correction}/edit"), &typed("", &fields)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        let v = version(&mut staff, &correction).await;
        staff.post(&format!("/staff/notices/{correction}/publish"), &[("version", &v)]).await;
        test.run_jobs().await;
        assert_eq!(told(&test, GU, "inbox-activity-off").await, 1);
        assert_eq!(messages(&test, GU, &correction).await, 1, "told once");
        assert!(gu.get("/me/sign-ups").await.text().contains("活动取消"));
        let late = test.signed_in(LIN).await.post(&format!("/notices/{id}/sign-up"), &[("people", "1")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hundreds_who_signed_up_are_told_by_a_job_once_each_though_it_is_killed_and_run_twice() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = activity(&test, &mut staff, "500", "1").await;
        // Of another community: nobody but the activity brings them this news.
        let (community, _) = &test.loaded.organisations["tinglan"];
        let now = test.app.clock.now();
        let mut tx = test.app.db.begin().await.expect("begin");
        for n in 0..300 {
            let phone = app::people::Phone::parse(&format!("1980001{n:04}")).expect("a number");
            let person =
                server::people::store::find_or_create(&mut tx, &test.app.secrets, &phone, Some(community), now);
            let person = person.await.expect("a person").id;
            let state = if n < 250 { SignUpState::Signed } else { SignUpState::Waiting };
            store::put(&mut tx, &id, &person, 1, state, now).await.expect("signed up");
        }
        tx.commit().await.expect("commit");
        let gone = staff.post(&format!("/staff/notices/{id}/withdraw"), &[("reason", "下雨，不办了。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        let told = async || {
            let (all, people): (i64, i64) = sqlx::query_as(
                "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(DISTINCT m.person_id) AS BIGINT) FROM inbox_message m \
                 JOIN sign_up s ON s.person_id = m.person_id WHERE m.text_key = 'inbox-activity-off'",
            )
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
            (all, people)
        };
        assert_eq!(told().await, (0, 0), "publishing tells nobody itself");
        // A server that dies in the middle of it.
        let dying = test.another_app().await;
        let work = tokio::spawn(async move { server::jobs::run_due(&dying).await });
        while told().await.0 == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        work.abort();
        let _ = work.await;
        let first = told().await;
        assert!(first.0 < 300, "it was killed before the end: {first:?}");
        // Its lease ends, and two servers take over; one of them is late and does it all again.
        test.app.clock.advance(SignedDuration::from_mins(6));
        let other = test.another_app().await;
        let (one, two) = tokio::join!(server::jobs::run_due(&test.app), server::jobs::run_due(&other));
        one.and(two).expect("they run");
        let later = server::notices::store::corrections_of(&test.app.db, &id).await.expect("read");
        let withdrawal = later.into_iter().next().expect("the withdrawal");
        server::notices::activity::service::tell_signed_up(&test.app, &withdrawal).await.expect("told again");
        assert_eq!(told().await, (300, 300), "each of them once");
        let (others,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message m JOIN sign_up s ON s.person_id = m.person_id \
             WHERE m.text_key <> 'inbox-activity-off'",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(others, 0, "and not of the notice besides");
    })
    .await;
}

//! Messages that are late: over before they went, in the night, and forgotten when they were kept long enough.

use super::{LIN, OtherSide, SHEN, ZHOU, number, run, states, stories::EMERGENCY};
use crate::{
    mail::{ENGINES, Smtp},
    notices::{messages, published, version, written},
    support::TestApp,
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::{
    jobs::{self, Job},
    notices::service::fan_out,
};

fn row(channel: &str, state: &str, failure: &str) -> (String, String, String) {
    (channel.to_owned(), state.to_owned(), failure.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_that_is_over_wakes_nobody_and_its_withdrawal_still_reaches_all() {
    for engine in ENGINES {
        let sms = OtherSide::start().await;
        let settings = sms.sms(true);
        let test = TestApp::with(engine, |config| config.sms = Some(settings)).await;
        sms.answer(|_| Some((StatusCode::SERVICE_UNAVAILABLE, None)));
        let mut staff = test.signed_in(SHEN).await;
        let mut short = EMERGENCY.to_vec();
        short.retain(|(name, _)| *name != "ends_at");
        short.push(("ends_at", "2026-11-25T10:20"));
        let id = published(&test, &mut staff, &short).await;
        assert!(states(&test).await.iter().all(|state| *state == row("sms", "created", "temporary")));
        // The provider is back when it is over.
        sms.answer(|_| Some((StatusCode::OK, None)));
        test.app.clock.advance(SignedDuration::from_mins(25));
        test.run_jobs().await;
        assert!(sms.taken().is_empty(), "nobody is woken for nothing");
        let all = states(&test).await;
        assert!(all.len() > 1 && all.iter().all(|state| *state == row("sms", "failed", "overtaken")), "{all:?}");
        let page = staff.get(&format!("/staff/notices/{id}/deliveries")).await.text();
        assert!(page.contains("发出前已经更正、撤回，或者已经过期"), "{page}");
        let reason = [("reason", "是误报")];
        assert_eq!(staff.post(&format!("/staff/notices/{id}/withdraw"), &reason).await.status, 303);
        test.run_jobs().await;
        assert_eq!(sms.texts().len(), all.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_waits_for_the_morning() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = super::stories::app(engine, &smtp, None).await;
        super::stories::reader(&test, LIN, "lin@example.cn", &[]).await;
        super::stories::reader(&test, ZHOU, "zhou@example.cn", &[("quiet_from", "9"), ("quiet_until", "9")]).await;
        let mut staff = test.signed_in(SHEN).await;
        // Told in the evening; the server that should send is away until 23:00.
        test.app.clock.advance(SignedDuration::from_hours(11));
        let id = written(&mut staff, &[("aims", "wutong")]).await;
        let version = version(&mut staff, &id).await;
        assert_eq!(staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &version)]).await.status, 303);
        fan_out(&test.app, &id).await.expect("told");
        test.app.clock.advance(SignedDuration::from_hours(2));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "zhou@example.cn", "who has no quiet hours");
        smtp.nothing();
        assert_eq!(states(&test).await, [row("email", "created", ""), row("email", "delivered", "")]);
        assert_eq!(number(&test, "SELECT attempts FROM notice_delivery WHERE state = 'created'").await, 0);
        test.app.clock.advance(SignedDuration::from_hours(8));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "lin@example.cn");
        smtp.nothing();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_each_message_is_forgotten_and_nothing_is_sent_again() {
    for engine in ENGINES {
        let sms = OtherSide::start().await;
        let settings = sms.sms(true);
        let test = TestApp::with(engine, |config| config.sms = Some(settings)).await;
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, EMERGENCY).await;
        let sent = sms.taken().len();
        assert!(sent > 1);
        let sweep = async || {
            let now = test.app.clock.now();
            let mut tx = test.app.db.begin().await.expect("begin");
            jobs::queue(&mut tx, &Job::Sweep, now, None, now).await.expect("queued");
            tx.commit().await.expect("commit");
            test.run_jobs().await;
        };
        let kept = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery";
        test.app.clock.advance(SignedDuration::from_hours(24 * 89));
        sweep().await;
        assert_eq!(number(&test, kept).await, i64::try_from(sent).expect("few"));
        test.app.clock.advance(SignedDuration::from_hours(24 * 2));
        sweep().await;
        assert_eq!(number(&test, kept).await, 0);
        let mut staff = test.signed_in(SHEN).await;
        let page = staff.get(&format!("/staff/notices/{id}/deliveries")).await.text();
        assert!(page.contains("保存 90 天"), "{page}");
        run(&test, "UPDATE job SET state = 'queued' WHERE kind = 'notice_fan_out'").await;
        fan_out(&test.app, &id).await.expect("nothing");
        test.run_jobs().await;
        assert_eq!((number(&test, kept).await, sms.taken().len()), (0, sent));
        assert_eq!(messages(&test, LIN, &id).await, 1);
    }
}

/// What is refused because of us is tried again, and what most refuse is work for somebody.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_refuses_us_is_not_taken_for_readers_who_refuse() {
    for engine in ENGINES {
        let sms = OtherSide::start().await;
        let mut settings = sms.sms(false);
        settings.ok = Some(r#""code":0"#.to_owned());
        let test = TestApp::with(engine, |config| config.sms = Some(settings)).await;
        let mut staff = test.signed_in(SHEN).await;
        // 200, and no balance.
        sms.answer(|_| Some((StatusCode::ACCEPTED, None)));
        let id = published(&test, &mut staff, EMERGENCY).await;
        let here = format!("/staff/notices/{id}/deliveries");
        let all = async |state: &str, failure: &str| {
            let all = states(&test).await;
            assert!(all.len() > 3 && all.iter().all(|one| *one == row("sms", state, failure)), "{all:?}");
        };
        all("created", "temporary").await;
        let page = staff.get(&here).await.text();
        assert!(page.contains("the SMS provider answered: {") && !page.contains(LIN), "{page}");
        // The key has ended.
        sms.answer(|_| Some((StatusCode::UNAUTHORIZED, None)));
        test.app.clock.advance(SignedDuration::from_secs(31));
        test.run_jobs().await;
        all("created", "temporary").await;
        assert!(!staff.get("/staff").await.text().contains("没有全部送到的公告"), "it is tried again");
        // It does not understand us at all.
        sms.answer(|_| Some((StatusCode::BAD_REQUEST, None)));
        test.app.clock.advance(SignedDuration::from_secs(61));
        test.run_jobs().await;
        all("failed", "permanent").await;
        assert!(staff.get("/staff").await.text().contains("没有全部送到的公告"));
        // It failed in between: without an id it is not asked again.
        sms.answer(|_| Some((StatusCode::INTERNAL_SERVER_ERROR, None)));
        assert_eq!(staff.post(&here, &[]).await.status, 303);
        test.run_jobs().await;
        all("failed", "unsure").await;
        sms.answer(|_| Some((StatusCode::CREATED, None)));
        assert_eq!(staff.post(&here, &[("unsure", "1")]).await.status, 303);
        test.run_jobs().await;
        all("delivered", "").await;
        assert!(!staff.get("/staff").await.text().contains("没有全部送到的公告"));
    }
}

/// Whoever signed up is told of a change as theirs: once, and by day.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_up_gets_one_letter_and_none_at_night() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = super::stories::app(engine, &smtp, None).await;
        let mut lin = super::stories::reader(&test, LIN, "lin@example.cn", &[]).await;
        let mut zhou = test.signed_in(ZHOU).await;
        let mut staff = test.signed_in(SHEN).await;
        let activity = [("kind", "activity"), ("aims", "wutong"), ("title", "剪纸"), ("activity_seats", "1")];
        let id = published(&test, &mut staff, &activity).await;
        assert_eq!(smtp.letter()["subject"], "【活动】剪纸");
        let sign_up = format!("/notices/{id}/sign-up");
        for browser in [&mut zhou, &mut lin] {
            let answer = browser.post(&sign_up, &[("people", "1")]).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        test.run_jobs().await;
        smtp.nothing();
        // At 23:30 somebody leaves, and she moves up: she reads it in the morning.
        test.app.clock.advance(SignedDuration::from_mins(13 * 60 + 30));
        assert_eq!(zhou.post(&format!("{sign_up}/cancel"), &[]).await.status, 303);
        test.run_jobs().await;
        smtp.nothing();
        test.app.clock.advance(SignedDuration::from_mins(7 * 60 + 31));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "lin@example.cn");
        smtp.nothing();
        // A correction, and then the end: one letter each.
        let mut staff = test.signed_in(SHEN).await;
        let key = server::clock::token();
        let begun = staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await;
        let draft = begun.location().split('/').nth(3).expect("a draft").to_owned();
        let version = version(&mut staff, &draft).await;
        let out = staff.post(&format!("/staff/notices/{draft}/publish"), &[("version", &version)]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "lin@example.cn");
        smtp.nothing();
        let reason = [("reason", "下雨")];
        assert_eq!(staff.post(&format!("/staff/notices/{draft}/withdraw"), &reason).await.status, 303);
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "lin@example.cn");
        smtp.nothing();
        assert_eq!(messages(&test, LIN, &draft).await, 1);
    }
}

/// An emergency that is corrected into something else, which is then taken back: whom the alarm woke hear of the end.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_of_a_chain_takes_the_ways_of_the_first() {
    for engine in ENGINES {
        let (smtp, sms) = (Smtp::start(), OtherSide::start().await);
        let test = super::stories::app(engine, &smtp, Some(&sms)).await;
        let mut lin = super::stories::reader(&test, LIN, "lin@example.cn", &[]).await;
        let mut staff = test.signed_in(SHEN).await;
        let alarm = published(&test, &mut staff, EMERGENCY).await;
        assert_eq!(smtp.letter()["subject"], "【紧急】燃气泄漏");
        let woken = sms.texts();
        // The correction is no emergency any more, and its letters wait at a mail server that is away.
        let mut smtp = smtp;
        smtp.kill();
        let key = server::clock::token();
        let begun = staff.post(&format!("/staff/notices/{alarm}/correct"), &[("form_key", &key)]).await;
        let draft = begun.location().split('/').nth(3).expect("a draft").to_owned();
        run(&test, &format!("UPDATE notice SET kind = 'service' WHERE id = '{draft}'")).await;
        let draft_version = version(&mut staff, &draft).await;
        let out = staff.post(&format!("/staff/notices/{draft}/publish"), &[("version", &draft_version)]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        test.run_jobs().await;
        assert!(sms.texts().values().all(|texts| texts.len() == 2 && texts[1].starts_with("办事公告：更正")));
        // She wants no such notices any more, and it is night: the end of the alarm reaches her all the same.
        super::choose(&mut lin, &[("kinds", "activity")]).await;
        test.app.clock.advance(SignedDuration::from_mins(13 * 60 + 30));
        let smtp = Smtp::start_at(smtp.port);
        let mut staff = test.signed_in(SHEN).await;
        let reason = [("reason", "是误报")];
        assert_eq!(staff.post(&format!("/staff/notices/{draft}/withdraw"), &reason).await.status, 303);
        test.run_jobs().await;
        assert_eq!(smtp.letter()["subject"], "【办事】撤回：更正：燃气泄漏");
        smtp.nothing();
        let texts = sms.texts();
        assert_eq!(texts.len(), woken.len());
        assert!(texts.values().all(|texts| texts.len() == 3 && texts[2].contains("撤回")), "{texts:?}");
    }
}

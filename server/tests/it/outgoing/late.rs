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

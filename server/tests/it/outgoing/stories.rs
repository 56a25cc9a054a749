//! Letters and SMS: whom they reach, when, how often, and what happens when they do not.

use super::{LIN, OtherSide, SHEN, ZHOU, address, choose, number, run, states};
use crate::{
    mail::{ENGINES, Smtp, link},
    notices::{published, version, written},
    support::{Browser, TestApp},
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::db::Engine;

/// A running emergency for all of 梧桐.
pub const EMERGENCY: &[(&str, &str)] = &[
    ("kind", "emergency"),
    ("severity", "severe"),
    ("certainty", "observed"),
    ("starts_at", "2026-11-25T10:00"),
    ("ends_at", "2026-11-27T10:00"),
    ("instruction", "请勿用火"),
    ("title", "燃气泄漏"),
    ("aims", "wutong"),
];

/// A deployment with these other sides.
pub async fn app(engine: Engine, smtp: &Smtp, sms: Option<&OtherSide>) -> TestApp {
    let (mail, sms) = (smtp.settings(), sms.map(|sms| sms.sms(true)));
    TestApp::with(engine, |settings| (settings.mail, settings.sms) = (Some(mail), sms)).await
}

/// Somebody with a confirmed address who wants notices by mail.
pub async fn reader(test: &TestApp, phone: &str, mail: &str, change: &[(&str, &str)]) -> Browser {
    let mut browser = test.signed_in(phone).await;
    address(test, phone, mail).await;
    choose(&mut browser, change).await;
    browser
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn row(channel: &str, state: &str, failure: &str) -> (String, String, String) {
    (channel.to_owned(), state.to_owned(), failure.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_comes_once_and_stops_with_one_tap() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = app(engine, &smtp, None).await;
        let mut staff = test.signed_in(SHEN).await;
        // An address alone is for reminders: notices by mail are asked for.
        address(&test, ZHOU, "zhou@example.cn").await;
        let mut lin = reader(&test, LIN, "lin@example.cn", &[]).await;
        let hostile = "**加粗** <script>alert(1)</script> ![图](http://evil.example/x.png)\r\nBcc: all@example.cn";
        let id = published(&test, &mut staff, &[("body", hostile), ("aims", "wutong")]).await;
        let letter = smtp.letter();
        assert_eq!(letter["to"], serde_json::json!(["lin@example.cn"]));
        assert_eq!(letter["subject"], "【停水停电】5 栋停水");
        let text = letter["text"].as_str().expect("plain text, and nothing else");
        assert!(text.contains("停水时间：8:00–12:00") && text.contains("梧桐社区"), "{text}");
        assert!(text.contains(&format!("http://linli.test/notices/{id}")), "{text}");
        assert!(!text.contains("evil.example"), "pictures stay away");
        assert_eq!(letter["stop_post"], "List-Unsubscribe=One-Click");
        smtp.nothing();
        // Told again, nothing is sent again.
        run(&test, "UPDATE job SET state = 'queued' WHERE kind = 'notice_fan_out'").await;
        test.run_jobs().await;
        run(&test, "UPDATE notice_fan_out SET last_person = '', finished_at = NULL").await;
        run(&test, "UPDATE job SET state = 'queued' WHERE kind = 'notice_fan_out'").await;
        test.run_jobs().await;
        smtp.nothing();
        assert_eq!(states(&test).await, [row("email", "delivered", "")]);

        // Looking stops nothing; one tap of the mail program does; the address stays for reminders.
        let stop = link(letter["stop"].as_str().expect("a link"), "/mail/notices/stop/");
        assert!(text.contains(&stop), "the same link in the text");
        assert_eq!(test.visitor().get(&stop).await.status, 200);
        assert_eq!(test.visitor().post(&format!("{stop}x"), &[]).await.status, 404);
        published(&test, &mut staff, &[]).await;
        let second = smtp.letter();
        assert_ne!(second["id"], letter["id"]);
        assert_eq!(test.visitor().post(&stop, &[("List-Unsubscribe", "One-Click")]).await.status, 200);
        published(&test, &mut staff, &[]).await;
        smtp.nothing();
        assert!(lin.get("/me/email").await.text().contains("已确认"));
        assert_eq!(lin.get("/api/v1/me/follows").await.json()["email"], false);
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nights_are_quiet_but_for_emergencies() {
    for engine in ENGINES {
        let (smtp, sms) = (Smtp::start(), OtherSide::start().await);
        let test = app(engine, &smtp, Some(&sms)).await;
        reader(&test, LIN, "lin@example.cn", &[]).await;
        let mut zhou = test.signed_in(ZHOU).await;
        choose(&mut zhou, &[("sms", "")]).await;
        // 23:30.
        test.app.clock.advance(SignedDuration::from_mins(13 * 60 + 30));
        let mut staff = test.signed_in(SHEN).await;
        published(&test, &mut staff, &[]).await;
        smtp.nothing();
        assert!(sms.taken().is_empty());
        published(&test, &mut staff, EMERGENCY).await;
        assert_eq!(smtp.letter()["subject"], "【紧急】燃气泄漏");
        let texts = sms.texts();
        assert_eq!(texts[LIN].len(), 1);
        assert!(texts[LIN][0].starts_with("紧急公告：燃气泄漏。请勿用火。"), "{texts:?}");
        assert!(!texts.contains_key(ZHOU), "switched off");
        // 6:59, 7:00.
        test.app.clock.advance(SignedDuration::from_mins(7 * 60 + 29));
        test.run_jobs().await;
        smtp.nothing();
        test.app.clock.advance(SignedDuration::from_mins(1));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["subject"], "【停水停电】5 栋停水");
        smtp.nothing();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_letter_a_day_has_the_days_notices() {
    for engine in ENGINES {
        let smtp = Smtp::start();
        let test = app(engine, &smtp, None).await;
        let mut lin = reader(&test, LIN, "lin@example.cn", &[("mode", "daily"), ("daily_hour", "18")]).await;
        let mut staff = test.signed_in(SHEN).await;
        for title in ["一号", "二号", "三号"] {
            published(&test, &mut staff, &[("title", title)]).await;
            test.app.clock.advance(SignedDuration::from_secs(1));
        }
        let gone = published(&test, &mut staff, &[("title", "四号"), ("kind", "activity")]).await;
        published(&test, &mut staff, &[("title", "政策"), ("kind", "policy")]).await;
        // Taken back before the letter goes: the later notice says it.
        let reason = [("reason", "下雨")];
        assert_eq!(staff.post(&format!("/staff/notices/{gone}/withdraw"), &reason).await.status, 303);
        test.run_jobs().await;
        smtp.nothing();
        test.app.clock.advance(hours(8));
        test.run_jobs().await;
        let letter = smtp.letter();
        let text = letter["text"].as_str().expect("text").replace("\r\n", "\n");
        for title in ["一号", "二号", "三号", "撤回：四号"] {
            assert_eq!(text.matches(&format!("】{title}\n")).count(), 1, "{title} in {text}");
        }
        assert!(!text.contains("】四号") && !text.contains("政策"), "{text}");
        assert_eq!(letter["subject"], "最近一天的公告 4 条：一号");
        smtp.nothing();
        let all = states(&test).await;
        assert_eq!(all.iter().filter(|state| **state == row("email", "delivered", "")).count(), 4);
        assert_eq!(all.iter().filter(|state| **state == row("email", "failed", "overtaken")).count(), 1, "{all:?}");
        assert_eq!(all.len(), 5);
        // A later hour, chosen when the day's letter has gone: another one, and nothing waits for ever.
        choose(&mut lin, &[("mode", "daily"), ("daily_hour", "20")]).await;
        published(&test, &mut staff, &[("title", "六号")]).await;
        test.app.clock.advance(hours(2));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["subject"], "最近一天的公告 1 条：六号");
        // The next day has a letter of its own.
        published(&test, &mut staff, &[("title", "五号")]).await;
        test.app.clock.advance(hours(23));
        test.run_jobs().await;
        smtp.nothing();
        test.app.clock.advance(hours(1));
        test.run_jobs().await;
        let next = smtp.letter();
        assert_eq!(next["subject"], "最近一天的公告 1 条：五号");
        assert_ne!(next["id"], letter["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_a_notice_takes_the_ways_of_the_notice() {
    for engine in ENGINES {
        let (smtp, sms) = (Smtp::start(), OtherSide::start().await);
        let test = app(engine, &smtp, Some(&sms)).await;
        let mut lin = reader(&test, LIN, "lin@example.cn", &[]).await;
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[]).await;
        smtp.letter();
        // Outages do not leave the page any more: what changes this one still does.
        choose(&mut lin, &[("kinds", "activity")]).await;
        let key = server::clock::token();
        let begun = staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await;
        let draft = begun.location().split('/').nth(3).expect("a draft").to_owned();
        let version = version(&mut staff, &draft).await;
        let out = staff.post(&format!("/staff/notices/{draft}/publish"), &[("version", &version)]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        test.run_jobs().await;
        assert_eq!(smtp.letter()["subject"], "【停水停电】更正：5 栋停水");
        published(&test, &mut staff, &[]).await;
        smtp.nothing();
        assert!(sms.taken().is_empty());

        // An all-clear at night reaches whom the alarm woke.
        test.app.clock.advance(SignedDuration::from_mins(13 * 60 + 30));
        let alarm = published(&test, &mut staff, EMERGENCY).await;
        smtp.letter();
        let woken = sms.texts().len();
        assert!(woken > 1);
        let reason = [("reason", "是误报")];
        assert_eq!(staff.post(&format!("/staff/notices/{alarm}/withdraw"), &reason).await.status, 303);
        test.run_jobs().await;
        assert_eq!(smtp.letter()["subject"], "【紧急】撤回：燃气泄漏");
        let texts = sms.texts();
        assert_eq!(texts.len(), woken);
        assert!(texts.values().all(|texts| texts.len() == 2 && texts[1].contains("撤回")), "{texts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_tried_again_or_seen_by_staff() {
    for engine in ENGINES {
        let (smtp, sms) = (Smtp::start(), OtherSide::start().await);
        let test = app(engine, &smtp, Some(&sms)).await;
        reader(&test, LIN, "full.lin@example.cn", &[]).await;
        reader(&test, ZHOU, "busy@example.cn", &[]).await;
        sms.answer(|_| Some((StatusCode::SERVICE_UNAVAILABLE, None)));
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, EMERGENCY).await;
        let all = states(&test).await;
        assert!(all.contains(&row("email", "failed", "permanent")), "{all:?}");
        assert!(all.contains(&row("email", "created", "temporary")), "{all:?}");
        assert!(all.contains(&row("sms", "created", "temporary")), "{all:?}");
        let page = staff.get(&format!("/staff/notices/{id}/deliveries")).await.text();
        assert!(page.contains("no such mailbox") && page.contains("503"), "{page}");
        assert!(!page.contains("full.lin"), "whom it was for is nobody's business: {page}");

        test.app.clock.advance(SignedDuration::from_secs(31));
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "busy@example.cn");
        // The provider stays away for a day: its texts are given up, and staff see it.
        for _ in 0..12 {
            test.app.clock.advance(hours(2));
            test.run_jobs().await;
        }
        let given_up = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE channel = 'sms' AND state = 'failed' \
                        AND failure = 'temporary' AND attempts = 10";
        let people = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE channel = 'sms'";
        assert_eq!(number(&test, given_up).await, number(&test, people).await);
        let page = staff.get(&format!("/staff/notices/{id}/deliveries")).await.text();
        assert!(page.contains("多次重试没有送到") && page.contains("再发一次没有送到的"), "{page}");
        assert!(staff.get("/staff").await.text().contains("没有全部送到的公告"));
        // Somebody who may only read has no button; the provider is back, and one tap sends them.
        sms.answer(|_| Some((StatusCode::OK, None)));
        let mut admin = test.signed_in("19900000099").await;
        assert!(!admin.get(&format!("/staff/notices/{id}/deliveries")).await.text().contains("再发一次没有送到的"));
        assert_eq!(admin.post(&format!("/staff/notices/{id}/deliveries"), &[]).await.status, 403);
        assert_eq!(staff.post(&format!("/staff/notices/{id}/deliveries"), &[]).await.status, 303);
        test.run_jobs().await;
        assert!(sms.texts().values().all(|texts| texts.len() == 1));
        assert_eq!(sms.texts().len() as i64, number(&test, people).await);
        assert!(!staff.get("/staff").await.text().contains("没有全部送到的公告"), "a refusal alone is no work");
    }
}

/// A mail server that nobody is at is no letter that may have gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_not_there_is_tried_again() {
    let mut smtp = Smtp::start();
    let test = app(Engine::Sqlite, &smtp, None).await;
    reader(&test, LIN, "lin@example.cn", &[]).await;
    smtp.kill();
    let mut staff = test.signed_in(SHEN).await;
    published(&test, &mut staff, &[]).await;
    assert_eq!(states(&test).await, [row("email", "created", "temporary")]);
    let again = Smtp::start_at(smtp.port);
    test.app.clock.advance(SignedDuration::from_secs(31));
    test.run_jobs().await;
    assert_eq!(again.letter()["to"][0], "lin@example.cn");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_server_held_goes_again_where_it_is_known_again_and_is_unsure_elsewhere() {
    for engine in ENGINES {
        let (smtp, sms) = (Smtp::start(), OtherSide::start().await);
        let test = app(engine, &smtp, Some(&sms)).await;
        reader(&test, LIN, "lin@example.cn", &[]).await;
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, EMERGENCY).await;
        smtp.letter();
        let ids = |taken: Vec<super::Taken>| {
            let id = |taken: &super::Taken| {
                serde_json::from_slice::<serde_json::Value>(&taken.body).expect("JSON")["id"].clone()
            };
            taken.iter().map(id).map(|id| id.to_string()).collect::<Vec<_>>()
        };
        let before = ids(sms.taken());
        // As a server leaves them that is killed after it has sent and before it has written that down.
        let held = (test.app.clock.now() + SignedDuration::from_mins(3)).as_microsecond();
        run(&test, &format!("UPDATE notice_delivery SET state = 'sending', due_at = {held}, finished_at = NULL")).await;
        test.run_jobs().await;
        smtp.nothing();
        assert_eq!(sms.taken().len(), before.len(), "while it is held, nobody else sends it");
        test.app.clock.advance(SignedDuration::from_mins(4));
        test.run_jobs().await;
        smtp.nothing();
        let mut all = ids(sms.taken());
        assert_eq!(all.len(), before.len() * 2);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), before.len(), "the provider is told the same ids");
        assert!(states(&test).await.contains(&row("email", "failed", "unsure")));

        // Staff see it and decide.
        let here = format!("/staff/notices/{id}/deliveries");
        assert!(staff.get(&here).await.text().contains("再发一次不确定的"));
        assert_eq!(staff.post(&here, &[("unsure", "0")]).await.status, 303);
        test.run_jobs().await;
        smtp.nothing();
        assert_eq!(staff.post(&here, &[("unsure", "1")]).await.status, 303);
        test.run_jobs().await;
        assert_eq!(smtp.letter()["to"][0], "lin@example.cn");
    }
}

/// A provider that is not told an id is not asked twice when its answer gets lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unsure() {
    let sms = OtherSide::start().await;
    let settings = sms.sms(false);
    let test = TestApp::with(Engine::Sqlite, |config| config.sms = Some(settings)).await;
    sms.answer(|nth| if nth == 1 { None } else { Some((StatusCode::OK, None)) });
    let id = published(&test, &mut test.signed_in(SHEN).await, EMERGENCY).await;
    let unsure = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_delivery WHERE failure = 'unsure'";
    assert_eq!(number(&test, unsure).await, 1);
    test.app.clock.advance(hours(24));
    test.run_jobs().await;
    assert_eq!(number(&test, unsure).await, 1);
    assert!(sms.texts().values().all(|texts| texts.len() == 1), "nobody twice");
    let page = test.signed_in(SHEN).await.get(&format!("/staff/notices/{id}/deliveries")).await.text();
    assert!(page.contains("不知道送到没有"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_servers_send_each_message_once() {
    for engine in ENGINES {
        let sms = OtherSide::start().await;
        let settings = sms.sms(false);
        let test = TestApp::with(engine, |config| config.sms = Some(settings)).await;
        let mut staff = test.signed_in(SHEN).await;
        let mut tx = test.app.db.begin().await.expect("begin");
        for n in 0..200 {
            let phone = app::people::Phone::parse(&format!("1980000{n:04}")).expect("a number");
            let (community, _) = &test.loaded.organisations["wutong"];
            let now = test.app.clock.now();
            server::people::store::find_or_create(&mut tx, &test.app.secrets, &phone, Some(community), now)
                .await
                .expect("a person");
        }
        tx.commit().await.expect("commit");
        // The telling by several at once, the sending by several at once.
        let id = written(&mut staff, EMERGENCY).await;
        let version = version(&mut staff, &id).await;
        assert_eq!(staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &version)]).await.status, 303);
        let telling = (0..3).map(|_| server::notices::service::fan_out(&test.app, &id));
        for told in futures::future::join_all(telling).await {
            told.expect("told");
        }
        let workers = (0..4).map(|_| {
            let app = test.app.clone();
            tokio::spawn(async move { server::notices::outgoing::send::run_due(&app).await.expect("sent") })
        });
        for worker in workers {
            worker.await.expect("no panic");
        }
        let texts = sms.texts();
        assert!(texts.len() >= 200, "{}", texts.len());
        assert!(texts.values().all(|texts| texts.len() == 1), "each person once");
        let inbox = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE dedupe_key LIKE 'notice:%'";
        assert_eq!(number(&test, inbox).await, texts.len() as i64);
        assert_eq!(number(&test, "SELECT people FROM notice_fan_out").await, texts.len() as i64);
    }
}

//! What residents say to a notice: questions, and "I have seen it" under emergencies.

use crate::{
    notices::{EMERGENCY, hidden, published},
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

const LIN: &str = "19900000001";
const ZHOU: &str = "19900000002";
/// Staff of 梧桐社区, two of them.
const SHEN: &str = "19900000031";
const LU: &str = "19900000032";
/// Staff of 杏坞社区.
const QIN: &str = "19900000033";

async fn ask(browser: &mut Browser, notice: &str, text: &str) -> StatusCode {
    let key = clock::token();
    let fields = [("form_key", key.as_str()), ("question", text)];
    browser.post(&format!("/notices/{notice}/questions"), &fields).await.status
}

async fn question(test: &TestApp, text: &str) -> String {
    let (id,): (String,) = sqlx::query_as("SELECT id FROM notice_question WHERE body = $1")
        .bind(text)
        .fetch_one(test.app.db.read())
        .await
        .expect("the question");
    id
}

async fn step(staff: &mut Browser, id: &str, step: &str, text: &str) -> crate::support::Answer {
    let page = format!("/staff/questions/{id}");
    let version = hidden(&staff.get(&page).await.text(), "version");
    let field = if step == "decline" { "reason" } else { "text" };
    staff.post(&page, &[("step", step), ("version", &version), (field, text)]).await
}

#[tokio::test]
async fn others_see_a_question_when_staff_have_answered_or_released_it_and_never_who_asked() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[("questions", "1"), ("aims", "wutong")]).await;
        let page = format!("/notices/{id}");
        let (mut lin, mut zhou) = (test.signed_in(LIN).await, test.signed_in(ZHOU).await);
        assert!(test.visitor().get(&page).await.text().contains("登录后提问"));
        assert_eq!(ask(&mut lin, &id, "三栋停吗？").await, StatusCode::SEE_OTHER);
        assert_eq!(ask(&mut lin, &id, "我住 5 栋 502，能送水吗？").await, StatusCode::SEE_OTHER);
        assert_eq!(ask(&mut lin, &id, "为什么又停？<script>alert(1)</script>").await, StatusCode::SEE_OTHER);
        let own = lin.get(&page).await.text();
        assert!(own.contains("三栋停吗？") && own.contains("现在只有您看得到"), "{own}");
        assert!(!own.contains("<script>alert"), "typed text stays text");
        assert!(!zhou.get(&page).await.text().contains("三栋停吗"), "not before staff have looked");
        // What was typed comes back with a word about it.
        let key = clock::token();
        let empty = lin.post(&format!("{page}/questions"), &[("form_key", &key), ("question", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let long = "长".repeat(301);
        let refused = lin.post(&format!("{page}/questions"), &[("form_key", &key), ("question", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(&long) && refused.text().contains("最多 300 字"), "nothing typed is lost");
        assert_eq!(ask(&mut lin, &id, "第四个").await, StatusCode::CONFLICT, "three wait already");

        assert!(staff.get("/staff").await.text().contains("居民提问等着回答"));
        let list = staff.get("/staff/questions").await.text();
        assert!(list.contains("三栋停吗？") && !list.contains("林晓禾"), "{list}");
        for (phone, status) in [(LIN, StatusCode::FORBIDDEN), (QIN, StatusCode::FORBIDDEN), (LU, StatusCode::OK)] {
            let one = format!("/staff/questions/{}", question(&test, "三栋停吗？").await);
            assert_eq!(test.signed_in(phone).await.get(&one).await.status, status, "{phone}");
        }
        assert!(!test.signed_in(QIN).await.get("/staff/questions").await.text().contains("三栋停吗"));

        // Answered and shown; answered to one; declined with a reason.
        let first = question(&test, "三栋停吗？").await;
        let empty = step(&mut staff, &first, "answer", "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut second = test.signed_in(LU).await;
        let version = hidden(&second.get(&format!("/staff/questions/{first}")).await.text(), "version");
        assert_eq!(step(&mut staff, &first, "answer", "三栋不停。").await.status, StatusCode::SEE_OTHER);
        let late = [("step", "answer"), ("version", version.as_str()), ("text", "停。")];
        let late = second.post(&format!("/staff/questions/{first}"), &late).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "answered once");
        let quiet = question(&test, "我住 5 栋 502，能送水吗？").await;
        assert_eq!(step(&mut staff, &quiet, "quietly", "能，九点前送到。").await.status, StatusCode::SEE_OTHER);
        let declined = question(&test, "为什么又停？<script>alert(1)</script>").await;
        assert_eq!(step(&mut staff, &declined, "decline", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(step(&mut staff, &declined, "decline", "公告里已经写了。").await.status, StatusCode::SEE_OTHER);
        assert_eq!(step(&mut staff, &declined, "release", "").await.status, StatusCode::CONFLICT);

        let others = zhou.get(&page).await.text();
        assert!(others.contains("三栋停吗？") && others.contains("三栋不停。"), "{others}");
        assert!(
            !others.contains("能送水吗") && !others.contains("九点前") && !others.contains("为什么又停"),
            "{others}"
        );
        assert!(!others.contains("林晓禾"), "nobody's name");
        let own = lin.get(&page).await.text();
        assert!(own.contains("能，九点前送到。") && own.contains("公告里已经写了。"), "{own}");
        let inbox = lin.get("/me/inbox").await.text();
        assert!(inbox.contains("社区回答了您的提问") && inbox.contains("您的提问没有得到回答"), "{inbox}");

        // Taken from sight again, and shown before it is answered.
        assert_eq!(step(&mut staff, &first, "hide", "").await.status, StatusCode::SEE_OTHER);
        assert!(!zhou.get(&page).await.text().contains("三栋停吗"));
        assert_eq!(ask(&mut zhou, &id, "几点来水？").await, StatusCode::SEE_OTHER);
        let open = question(&test, "几点来水？").await;
        assert_eq!(step(&mut staff, &open, "release", "").await.status, StatusCode::SEE_OTHER);
        let seen = lin.get(&page).await.text();
        assert!(seen.contains("几点来水？") && seen.contains("稍后回答"), "{seen}");
        let actions: Vec<(String,)> = sqlx::query_as(
            "SELECT action FROM audit_log WHERE object_kind = 'question' AND actor_id = $1 ORDER BY action",
        )
        .bind(test.person(SHEN))
        .fetch_all(test.app.db.read())
        .await
        .expect("read");
        let actions: Vec<&str> = actions.iter().map(|(action,)| action.as_str()).collect();
        let expected = ["answer", "answer", "decline", "hide", "release"].map(|step| format!("question.{step}"));
        assert_eq!(actions, expected);
    })
    .await;
}

#[tokio::test]
async fn who_asked_may_take_a_question_back_until_it_is_answered() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[("questions", "1"), ("aims", "wutong")]).await;
        let page = format!("/notices/{id}");
        let (mut lin, mut zhou) = (test.signed_in(LIN).await, test.signed_in(ZHOU).await);
        for text in ["写错了的问题", "几点来水？"] {
            assert_eq!(ask(&mut lin, &id, text).await, StatusCode::SEE_OTHER);
        }
        let own = lin.get(&page).await.text();
        assert_eq!(own.matches("/take-back\"").count(), 2, "{own}");
        let take_back = async |browser: &mut Browser, notice: &str, question: &str| {
            browser.post(&format!("/notices/{notice}/questions/{question}/take-back"), &[]).await
        };
        let wrong = question(&test, "写错了的问题").await;
        assert_eq!(take_back(&mut zhou, &id, &wrong).await.status, StatusCode::NOT_FOUND, "it is another's");
        let elsewhere = published(&test, &mut staff, &[]).await;
        assert_eq!(take_back(&mut lin, &elsewhere, &wrong).await.status, StatusCode::NOT_FOUND, "under another notice");
        for _ in 0..2 {
            let gone = take_back(&mut lin, &id, &wrong).await;
            assert_eq!(gone.status, StatusCode::SEE_OTHER, "twice is once: {}", gone.text());
        }
        assert!(!lin.get(&page).await.text().contains("写错了的问题"));
        assert!(!staff.get("/staff/questions").await.text().contains("写错了的问题"), "staff see it no longer either");
        // Staff may have shown it, unanswered; once it is answered it stays.
        let open = question(&test, "几点来水？").await;
        assert_eq!(step(&mut staff, &open, "answer", "十点。").await.status, StatusCode::SEE_OTHER);
        assert!(!lin.get(&page).await.text().contains("/take-back\""));
        let late = take_back(&mut lin, &id, &open).await;
        assert!(late.status == StatusCode::CONFLICT && late.text().contains("不能再撤回"), "{}", late.text());
        assert!(lin.get(&page).await.text().contains("几点来水？"));
        let (noted,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'question.take_back' AND object_id = $1 \
             AND actor_id = $2",
        )
        .bind(&wrong)
        .bind(test.person(LIN))
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(noted, 1);
    })
    .await;
}

#[tokio::test]
async fn one_asks_only_where_it_is_allowed_and_not_without_end() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let silent = published(&test, &mut staff, &[]).await;
        let mut lin = test.signed_in(LIN).await;
        assert!(!lin.get(&format!("/notices/{silent}")).await.text().contains("id=\"questions\""));
        assert_eq!(ask(&mut lin, &silent, "可以问吗？").await, StatusCode::CONFLICT);
        let mut notices = Vec::new();
        for _ in 0..2 {
            notices.push(published(&test, &mut staff, &[("questions", "1")]).await);
        }
        // One form sent twice is one question.
        let key = clock::token();
        for _ in 0..2 {
            let fields = [("form_key", key.as_str()), ("question", "几点？")];
            let sent = lin.post(&format!("/notices/{}/questions", notices[0]), &fields).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        }
        let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM notice_question")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(count, 1);
        for (n, notice) in [(1, &notices[0]), (2, &notices[0]), (3, &notices[1]), (4, &notices[1])] {
            assert_eq!(ask(&mut lin, notice, &format!("问题 {n}")).await, StatusCode::SEE_OTHER);
        }
        assert_eq!(ask(&mut lin, &notices[1], "又一个").await, StatusCode::TOO_MANY_REQUESTS, "five an hour");
        test.app.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(ask(&mut lin, &notices[1], "又一个").await, StatusCode::SEE_OTHER);
        // After a withdrawal nobody asks any more.
        staff.post(&format!("/staff/notices/{}/withdraw", notices[0]), &[("reason", "写错了。")]).await;
        assert_eq!(ask(&mut test.signed_in(ZHOU).await, &notices[0], "还停吗？").await, StatusCode::CONFLICT);
        assert!(test.signed_in(SHEN).await.get("/staff").await.text().contains("居民提问等着回答"));
    })
    .await;
}

#[tokio::test]
async fn an_emergency_counts_who_has_seen_it_and_keeps_no_names() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let emergency = [&EMERGENCY[..], &[("title", "暴雨红色预警")]].concat();
        let id = published(&test, &mut staff, &emergency).await;
        let (mut lin, mut zhou) = (test.signed_in(LIN).await, test.signed_in(ZHOU).await);
        let page = format!("/notices/{id}");
        assert!(lin.get(&page).await.text().contains("我已看到"));
        assert!(test.visitor().get(&page).await.text().contains("登录后确认"));
        for _ in 0..3 {
            assert_eq!(lin.post(&format!("{page}/confirm"), &[]).await.status, StatusCode::SEE_OTHER);
        }
        assert!(lin.get(&page).await.text().contains("您已确认看到"));
        zhou.post(&format!("{page}/confirm"), &[]).await;
        let seen = staff.get(&format!("/staff/notices/{id}")).await.text();
        let reached = server::notices::store::reach(&test.app.db, &id).await.expect("counted");
        assert!(seen.contains(&format!("2 人（送达 {} 人）", reached.people)), "{seen}");

        // Nothing that is stored says who it was.
        let marks: Vec<(String,)> =
            sqlx::query_as("SELECT mark FROM notice_confirmation").fetch_all(test.app.db.read()).await.expect("read");
        assert_eq!(marks.len(), 2);
        let (named,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'notice.confirm' AND actor_id IS NOT NULL",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(named, 0);
        // Other notices, and emergencies that are over, ask for nothing; the marks go, the number stays.
        let other = published(&test, &mut staff, &[]).await;
        assert_eq!(lin.post(&format!("/notices/{other}/confirm"), &[]).await.status, StatusCode::CONFLICT);
        test.app.clock.advance(SignedDuration::from_hours(6));
        assert_eq!(lin.post(&format!("{page}/confirm"), &[]).await.status, StatusCode::CONFLICT);
        assert!(!lin.get(&page).await.text().contains("id=\"confirm\""));
        test.app.clock.advance(SignedDuration::from_hours(24 * 8));
        let mut tx = test.app.db.begin().await.expect("begin");
        let now = test.app.clock.now();
        server::jobs::queue(&mut tx, &server::jobs::Job::Sweep, now, None, now).await.expect("queued");
        tx.commit().await.expect("commit");
        test.run_jobs().await;
        let (left,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM notice_confirmation")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(left, 0);
        let seen = test.signed_in(SHEN).await.get(&format!("/staff/notices/{id}")).await.text();
        assert!(seen.contains("2 人（送达"), "{seen}");
    })
    .await;
}

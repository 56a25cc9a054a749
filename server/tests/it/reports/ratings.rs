//! Ratings of reports and the community's answers: due within a working day, for the reporter's eyes, once.

use super::{
    reporter::{closed, send},
    *,
};
use crate::support::on_both;
use jiff::SignedDuration;

const PAGE: &str = "/staff/reports/ratings";

async fn rate(test: &TestApp, code: &str, stars: &str, opinion: &str) {
    let mut resident = test.signed_in(RESIDENT).await;
    let fields = [("stars", stars), ("opinion", opinion)];
    let rated = send(&mut resident, &format!("/reports/{code}"), "rate", &fields, 0).await;
    assert_eq!(rated.status, 303, "{}", rated.text());
}

/// The hidden field of a rating's form on the page.
fn rated_at(page: &Answer, code: &str) -> String {
    let html = scraper::Html::parse_document(&page.text());
    let form = format!("form[action=\"/staff/reports/{code}/rating\"] input[name=rated]");
    let selector = scraper::Selector::parse(&form).expect("a selector");
    html.select(&selector).next().and_then(|input| input.value().attr("value")).expect("a form").to_owned()
}

#[tokio::test]
async fn a_bad_rating_waits_on_today_and_its_answer_reaches_the_reporter_once() {
    on_both(|test| async move {
        let code = closed(&test, 1).await;
        let path = format!("/reports/{code}");
        let mut staff = test.signed_in(STAFF).await;
        assert!(!staff.get("/staff").await.text().contains("要答复的上报评价"), "nothing is rated");
        rate(&test, &code, "2", "等了一周").await;
        let good = closed(&test, 2).await;
        rate(&test, &good, "5", "").await;

        // Rated on Wednesday: by Thursday. Only the bad one waits.
        let today = staff.get("/staff").await.text();
        assert!(today.contains("要答复的上报评价") && today.contains("11月26日") && today.contains(PAGE), "{today}");
        let list = staff.get(PAGE).await;
        let text = list.text();
        assert!(text.contains("等了一周") && text.contains("11月26日") && text.contains(&good), "{text}");
        assert!(text.find(&code) < text.find(&good), "what waits stands first");
        assert!(text.contains("/staff/ratings"), "and the way to ratings of visits");
        let elsewhere = test.signed_in(STAFF_ELSEWHERE).await.get(PAGE).await.text();
        assert!(!elsewhere.contains(&code), "{elsewhere}");
        let answer = format!("/staff/reports/{code}/rating");
        for (who, status) in [(STAFF_ELSEWHERE, 403), (RESIDENT, 403), (VOLUNTEER, 403)] {
            let refused = test.signed_in(who).await.post(&answer, &[("answer", "不是我的")]).await;
            assert_eq!(refused.status, status, "{who}");
        }
        let seen = rated_at(&list, &code);

        // Two days later it is late, and says so.
        test.app.clock.advance(SignedDuration::from_hours(48));
        let mut staff = test.signed_in(STAFF).await;
        assert!(staff.get(PAGE).await.text().contains("超期 1 天"));
        let empty = staff.post(&answer, &[("answer", "  "), ("rated", &seen)]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text().contains(&format!("id=\"answer-{code}-error\"")), "{}", empty.text());

        // Sent twice it is one; another answer after it is told so, and not lost.
        let words = "配件等了五天，下次先告诉您";
        for _ in 0..2 {
            let answered = staff.post(&answer, &[("answer", words), ("rated", &seen)]).await;
            assert_eq!((answered.status.as_u16(), answered.location()), (303, PAGE), "{}", answered.text());
        }
        let other = test.signed_in(OTHER_STAFF).await.post(&answer, &[("answer", "对不起"), ("rated", &seen)]).await;
        assert_eq!(other.status, 409);
        assert!(other.text().contains("对不起") && other.text().contains(words), "{}", other.text());
        assert!(!staff.get("/staff").await.text().contains("要答复的上报评价"));
        assert_eq!(
            count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'rate_answer'").await,
            1
        );
        let (by,): (String,) = sqlx::query_as("SELECT actor_id FROM audit_log WHERE action = 'report.rate_answer'")
            .fetch_one(test.app.db.read())
            .await
            .expect("one entry");
        assert_eq!(by, test.person(STAFF));

        // For the reporter: on the page and in the inbox. For the public: that it was answered, no more.
        let mut resident = test.signed_in(RESIDENT).await;
        assert!(resident.get(&path).await.text().contains(words));
        let inbox = resident.get("/me/inbox").await.text();
        assert!(inbox.contains(words), "{inbox}");
        for mut reader in [test.visitor(), test.signed_in(NEIGHBOUR).await] {
            let page = reader.get(&path).await.text();
            assert!(!page.contains(words) && page.contains("社区答复了评价"), "{page}");
        }
        let task = test.signed_in(STAFF).await.get(&format!("/staff/reports/{code}")).await.text();
        assert!(task.contains(words) && !task.contains(&format!("内部：{words}")), "{task}");
        assert_eq!(server::reports::chain::verify(&test.app.db).await.expect("reads").broken, []);

        // Done again: what was said of the first end is over, and a form of before answers nothing.
        let reopened = send(&mut resident, &path, "reopen", &[("unsolved", "又坏了")], 0).await;
        assert_eq!(reopened.status, 303, "{}", reopened.text());
        let late = staff.post(&answer, &[("answer", "再答一次"), ("rated", &seen)]).await;
        assert!(late.status == 409 && late.text().contains("再答一次"), "{}", late.text());
        let kept = server::reports::store::by_code(&test.app.db, &code).await.expect("reads").expect("a report");
        assert_eq!((kept.stars, kept.stars_answer.as_str(), kept.stars_answered_at), (None, "", None));
    })
    .await;
}

#[tokio::test]
async fn a_rating_is_answered_on_the_reports_own_page_too_for_whoever_has_its_link() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        visitor.get("/").await;
        let filed = visitor.post_files("/report", &fields(&key(1)), &[]).await;
        let (code, link) = (code_of(&filed), filed.location().to_owned());
        let mut staff = test.signed_in(STAFF).await;
        let volunteer = test.person(VOLUNTEER).to_owned();
        staff_step(&mut staff, &code, "accept", &[]).await;
        staff_step(&mut staff, &code, "dispatch", &[("to", &volunteer)]).await;
        let mut owner = test.signed_in(VOLUNTEER).await;
        handler_step(&mut owner, &code, "take", &[], &[]).await;
        handler_step(&mut owner, &code, "finish", &[("text", "换好了")], &[]).await;
        staff_step(&mut staff, &code, "verify_pass", &[]).await;
        assert_eq!(staff_step(&mut staff, &code, "close", &[("text", "亮了")]).await.status, 303);
        // Nothing to answer yet.
        let early = staff.post(&format!("/staff/reports/{code}"), &[("step", "rate_answer"), ("text", "谢谢")]).await;
        assert!(early.status == 409 && early.text().contains("上报人还没有评价"), "{}", early.text());
        let rated = send(&mut visitor, &link, "rate", &[("stars", "1"), ("opinion", "灯罩没装回去")], 0).await;
        assert_eq!(rated.status, 303, "{}", rated.text());
        let page = staff.get(&format!("/staff/reports/{code}")).await.text();
        assert!(page.contains("上报人的评价：非常不满意") && page.contains("灯罩没装回去"), "{page}");
        assert!(page.contains("只有上报人看得到"), "{page}");
        let answered = staff_step(&mut staff, &code, "rate_answer", &[("text", "明天去装")]).await;
        assert_eq!(answered.status, 303, "{}", answered.text());
        assert!(test.visitor().get(&link).await.text().contains("明天去装"), "with the link, on any phone");
        assert!(!test.visitor().get(&format!("/reports/{code}")).await.text().contains("明天去装"));
        let twice = staff.post(&format!("/staff/reports/{code}"), &[("step", "rate_answer"), ("text", "后天")]).await;
        assert!(twice.status == 409 && twice.text().contains("已经答复过了"), "{}", twice.text());
    })
    .await;
}

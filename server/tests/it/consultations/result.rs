//! From paper and double voices to what is published.

use super::{LIN, SHEN, ZHOU, asked, step};
use crate::{
    outgoing::number,
    support::{Browser, TestApp, on_both},
};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn api(browser: &mut Browser, path: &str, body: &Value) -> crate::support::Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

/// Sheets of so many doors of 梧桐 1 栋, all for one option.
async fn sheets(staff: &mut Browser, id: &str, doors: std::ops::Range<u32>, choice: &str) {
    for door in doors {
        let flat = format!("1-{}", 100 + door);
        let fields = [("building", "wutong-1"), ("flat", flat.as_str()), ("choices", choice)];
        let answer = staff.post(&format!("/staff/consultations/{id}/paper"), &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }
}

async fn weigh(test: &TestApp, staff: &mut Browser, id: &str) {
    test.app.clock.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(step(test, staff, id, "weigh", &[]).await, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_double_voices_and_the_result() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = asked(&test, &mut staff, "choice_comment", "household").await;
        let (page, desk) = (format!("/consultations/{id}"), format!("/staff/consultations/{id}"));
        let mut lin = test.signed_in(LIN).await;
        let said = [("flat", "2-501"), ("choices", "0"), ("comment", "楼下有就好了")];
        assert_eq!(lin.post(&page, &said).await.status, StatusCode::SEE_OTHER);
        test.app.clock.advance(SignedDuration::from_mins(1));
        sheets(&mut staff, &id, 1..12, "1").await;
        // A sheet of a household that has spoken, and one that may be: the same door without its entrance.
        let theirs = [("building", "wutong-5"), ("flat", "2-501"), ("choices", "2")];
        let told = staff.post(&format!("{desk}/paper"), &theirs).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        assert!(told.text().contains("在手机上提交过"), "{}", told.text());
        let alike = [("building", "wutong-5"), ("flat", "501"), ("choices", "0")];
        assert_eq!(staff.post(&format!("{desk}/paper"), &alike).await.status, StatusCode::SEE_OTHER);
        for wrong in [("building", "xingwu-1"), ("building", "wutong"), ("building", "")] {
            let answer = staff.post(&format!("{desk}/paper"), &[wrong, ("flat", "1"), ("choices", "0")]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        }
        let noted = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'consultation.paper'";
        assert_eq!(number(&test, noted).await, 12);
        assert_eq!(staff.get(&format!("{desk}/pairs")).await.status, StatusCode::CONFLICT, "only while it is weighed");
        assert_eq!(step(&test, &mut staff, &id, "weigh", &[]).await, 409, "its time is not over");

        weigh(&test, &mut staff, &id).await;
        assert_eq!(staff.post(&format!("{desk}/paper"), &alike).await.status, StatusCode::CONFLICT);
        let shown = staff.get(&format!("{desk}/pairs")).await;
        assert_eq!(shown.headers["cache-control"], "no-store");
        assert!(shown.text().contains("2-501") && !shown.text().contains("林晓禾"), "{}", shown.text());
        let looks = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'consultation.see_pairs'";
        assert_eq!(number(&test, looks).await, 1, "who looks at doors is written down");
        let pairs = staff.get(&format!("/api/v1{desk}/pairs")).await.json();
        assert_eq!(pairs.as_array().map(Vec::len), Some(1), "{pairs}");
        let (first, second) = (pairs[0]["first"]["id"].clone(), pairs[0]["second"]["id"].clone());
        let decision = |reason: &str, first: &Value| json!({ "first": first, "second": second, "decision": "second", "reason": reason });
        let decide = format!("/api/v1{desk}/pairs");
        assert_eq!(api(&mut staff, &decide, &decision("", &first)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(api(&mut staff, &decide, &decision("x", &json!("x"))).await.status, StatusCode::NOT_FOUND);
        assert_eq!(api(&mut staff, &decide, &decision("同一户", &first)).await.status, StatusCode::NO_CONTENT);
        let figures = staff.get(&format!("/api/v1{desk}")).await.json();
        assert_eq!(
            (&figures["spoke"], &figures["struck"], &figures["voices"], &figures["open_pairs"]),
            (&json!(12), &json!(1), &json!([1, 11, 0]), &json!(0)),
            "{figures}"
        );
        let desk_page = staff.get(&desk).await.text();
        assert!(desk_page.contains("楼下有就好了") && !desk_page.contains("林晓禾"), "{desk_page}");

        assert_eq!(step(&test, &mut staff, &id, "answer", &[("decision", "先装三件")]).await, 422, "and why?");
        let words = [("decision", "先装三件"), ("reason", "多数家庭这样说"), ("summary", "有人盼着楼下就有")];
        assert_eq!(step(&test, &mut staff, &id, "answer", &words).await, 303);
        assert_eq!(step(&test, &mut staff, &id, "withdraw", &[("withdrawn", "x")]).await, 409, "it stands");
        assert_eq!(staff.get(&format!("{desk}/pairs")).await.status, StatusCode::CONFLICT);
        let result = test.visitor().get(&page).await.text();
        for part in ["先装三件", "多数家庭这样说", "有人盼着楼下就有", "共有 12 户", "不单列"] {
            assert!(result.contains(part), "{part}: {result}");
        }
        assert!(!result.contains("楼下有就好了"), "words are for staff: {result}");
        test.run_jobs().await;
        test.run_jobs().await;
        assert!(lin.get("/me/inbox").await.text().contains("有结果了"));
        let told = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = 'inbox-consultation-answered'";
        assert_eq!(number(&test, told).await, 1, "each once, and nobody who has nothing to do with it");

        // The result becomes the draft of a notice, once.
        let made = staff.post(&format!("{desk}/notice"), &[]).await;
        assert!(made.location().starts_with("/staff/notices/"), "{}", made.text());
        assert_eq!(staff.post(&format!("{desk}/notice"), &[]).await.location(), made.location());
        let notice = staff.get(made.location()).await.text();
        assert!(notice.contains("先装三件") && !notice.contains("楼下有就好了"), "{notice}");
        assert!(!test.visitor().get(&page).await.text().contains("/notices/0"), "a draft is no news");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn few_voices_are_not_told_apart_and_doors_are_forgotten() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = asked(&test, &mut staff, "single", "household").await;
        let page = format!("/consultations/{id}");
        sheets(&mut staff, &id, 1..6, "0").await;
        let mut zhou = test.signed_in(ZHOU).await;
        assert_eq!(zhou.post(&page, &[("flat", "1-201"), ("choices", "2")]).await.status, StatusCode::SEE_OTHER);
        weigh(&test, &mut staff, &id).await;
        assert_eq!(step(&test, &mut staff, &id, "answer", &[("decision", "装"), ("reason", "多数")]).await, 303);
        let result = test.visitor().get(&page).await.text();
        assert!(result.contains("共有 6 户") && result.contains("不公布各选项的数目"), "{result}");
        let out = test.visitor().get(&format!("/api/v1{page}")).await.json();
        assert_eq!((&out["outcome"]["spoke"], &out["outcome"]["options"]), (&json!(6), &Value::Null), "{out}");
        let doors = "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_voice WHERE flat <> '' OR person_id IS NOT NULL";
        assert_eq!(number(&test, doors).await, 6);
        test.app.clock.advance(SignedDuration::from_hours(24 * 181));
        server::consultations::service::sweep(&test.app, test.app.clock.now()).await.expect("swept");
        assert_eq!(number(&test, doors).await, 0);
        assert!(test.visitor().get(&page).await.text().contains("共有 6 户"), "the figures stay");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_way_through_the_api() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let wanted = json!({
            "place": "wutong", "question": "北门几点关？", "question_en": "When to close the gate?", "kind": "multiple", "voice": "household",
            "options": [{"zh": "22:00"}, {"zh": "23:30", "en": "half past eleven"}], "closes_at": "2026-12-01T10:00:00Z",
        });
        let made = api(&mut staff, "/api/v1/staff/consultations", &wanted).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let here = made.location().to_owned();
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        let wrong = api(&mut staff, &here, &json!({ "place": "wutong", "kind": "single", "options": [] })).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("#/options"), "{}", wrong.text());
        assert_eq!(api(&mut staff, &here, &wanted).await.status, StatusCode::OK);
        let stale = api(&mut staff, &format!("{here}/step"), &json!({ "step": "ask", "version": 1 })).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let asked = api(&mut staff, &format!("{here}/step"), &json!({ "step": "ask" })).await;
        assert_eq!(asked.json()["state"], "open", "{}", asked.text());
        let list = test.visitor().get("/api/v1/consultations?place=wutong-5").await.json();
        assert_eq!(list["items"][0]["id"], json!(id), "{list}");
        assert_eq!(test.visitor().get("/api/v1/consultations?place=nowhere").await.status, StatusCode::NOT_FOUND);
        let voice = format!("/api/v1/consultations/{id}/voice");
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(lin.get(&voice).await.status, StatusCode::NOT_FOUND, "nothing was said");
        let said = api(&mut lin, &voice, &json!({ "flat": "2单元501", "choices": [1, 0, 1] })).await;
        assert_eq!((&said.json()["choices"], &said.json()["flat"]), (&json!([0, 1]), &json!("2-501")), "{}", said.text());
        super::moves(&test, ZHOU, "wutong-5").await;
        let mut zhou = test.signed_in(ZHOU).await;
        let told = api(&mut zhou, &voice, &json!({ "flat": "2-501", "choices": [0] })).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        assert_eq!(told.json()["type"], "urn:linli:problem:household-has-spoken");
        let instead = api(&mut zhou, &voice, &json!({ "flat": "2-501", "choices": [0], "replace": true })).await;
        assert_eq!(instead.status, StatusCode::OK);
        let mine = lin.get(&voice).await.json();
        assert_eq!((&mine["by_another"], &mine["choices"]), (&json!(true), &Value::Null), "{mine}");
        let bad = api(&mut lin, &voice, &json!({ "flat": "?", "choices": [9] })).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text().contains("#/flat") && bad.text().contains("#/choices"), "{}", bad.text());
    })
    .await;
}

//! A letter from the draft to the end, as pages tell it.

use super::*;
use crate::{reports::fixture, support::on_both};

#[tokio::test]
async fn a_notice_is_issued_answered_sent_back_answered_and_done() {
    on_both(|test| async move {
        let mut street = test.signed_in(STREET).await;
        let id = drafted(&mut street, &fields("story-1")).await;
        let here = format!("/staff/supervision/{id}");
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.get(&here).await.status, StatusCode::NOT_FOUND, "a draft is its issuer's");

        // A photo for the first finding; nothing of the camera's is kept.
        let page = street.get(&here).await;
        let html = scraper::Html::parse_document(&page.text());
        let selector = scraper::Selector::parse("input[name=finding]").expect("a selector");
        let finding = html.select(&selector).next().expect("a field").value().attr("value").expect("an id").to_owned();
        drop(html);
        let photo = fixture("orientation-6.jpg");
        let at = crate::reports::version(&page);
        let sent = [("version", at.as_str()), ("finding", finding.as_str())];
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", &photo)];
        let added = street.post_files(&format!("{here}/photos"), &sent, &files).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());

        // The message stands there before it goes, and goes as it stands.
        let page = street.get(&here).await.text();
        let message = "桐荫街道发来整改通知“消防通道堵塞”，请在";
        assert!(page.contains(message) && page.contains("梧桐社区的工作人员会收到"), "{page}");
        done(&mut street, &id, "issue", &[]).await;
        let inbox = inbox(&test, STAFF).await;
        assert!(inbox.contains(message) && inbox.contains("12月2日"), "five working days: {inbox}");
        assert!(!super::inbox(&test, ELSEWHERE).await.contains("消防通道堵塞"));
        let page = street.get(&here).await.text();
        assert!(page.contains("桐荫街整〔2026〕1号"), "{page}");
        assert_eq!(
            street.get(&format!("{here}/edit")).await.status,
            StatusCode::CONFLICT,
            "what is out stays as it is"
        );

        // Both findings are answered, with a photo of how it is now.
        let missing = step(&mut staff, &id, "answer", &[("answer-1", "通道已清空")]).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            missing.text().contains("通道已清空") && missing.text().contains("请写这一条的整改情况"),
            "typed stays"
        );
        let at = version(&mut staff, &id).await;
        let mut sent = vec![("step", "answer"), ("version", at.as_str())];
        sent.extend(ANSWERS);
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos-1", "b.jpg", "image/jpeg", &photo)];
        let answered = staff.post_files(&format!("{here}/steps"), &sent, &files).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text());
        assert!(super::inbox(&test, STREET).await.contains("梧桐社区已回复整改通知“消防通道堵塞”"));
        let again = staff.post_files(&format!("{here}/steps"), &sent, &files).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "the second tap answers nothing");

        // Sent back with a reason and a new deadline.
        let none = step(&mut street, &id, "send_back", &[("text", " "), ("days", "3")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text().contains("请写理由"));
        done(&mut street, &id, "send_back", &[("text", "通道里还有两辆车"), ("days", "3")]).await;
        assert!(super::inbox(&test, STAFF).await.contains("通道里还有两辆车"));
        done(&mut staff, &id, "answer", &ANSWERS).await;
        done(&mut street, &id, "pass", &[]).await;
        let page = staff.get(&here).await.text();
        for part in ["已办结", "第 2 轮", "通道里还有两辆车", "第 1 轮回复", "整改前", "整改后", "复查通过，办结"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(
            step(&mut street, &id, "withdraw", &[("text", "x")]).await.status,
            StatusCode::CONFLICT,
            "it is over"
        );

        // Every step is an event, with who and when.
        let steps: Vec<(String, i64)> =
            sqlx::query_as("SELECT step, round FROM supervision_event WHERE letter_id = $1 ORDER BY seq")
                .bind(&id)
                .fetch_all(test.app.db.read())
                .await
                .expect("events");
        let steps: Vec<(&str, i64)> = steps.iter().map(|(step, round)| (step.as_str(), *round)).collect();
        let told = [("change", 0), ("issue", 1), ("answer", 1), ("send_back", 2), ("answer", 2), ("pass", 2)];
        assert_eq!(steps, told);
        let audited =
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_kind = 'supervision' AND actor_id IS NOT NULL";
        assert_eq!(number(&test, audited).await, 7, "the six and the photo");

        // The letter on paper.
        let paper = staff.get(&format!("{here}/letter")).await.text();
        for part in [
            "整改通知书",
            "桐荫街整〔2026〕1号",
            "梧桐社区并安居物业",
            "二〇二六年十一月二十五日",
            "盖章",
            "灭火器过期",
        ] {
            assert!(paper.contains(part), "{part}: {paper}");
        }
        let mut english = staff.clone();
        english.cookies.insert("linli_lang".into(), "en".into());
        assert!(english.get(&format!("{here}/letter")).await.text().contains("25 November 2026"));
    })
    .await;
}

#[tokio::test]
async fn photos_are_for_those_who_see_the_letter_and_carry_nothing_of_the_camera() {
    on_both(|test| async move {
        let id = issued(&test, "photos-1").await;
        let mut staff = test.signed_in(STAFF).await;
        let photo = fixture("orientation-6.jpg");
        let at = version(&mut staff, &id).await;
        let mut sent = vec![("step", "answer"), ("version", at.as_str())];
        sent.extend(ANSWERS);
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos-2", "b.jpg", "image/jpeg", &photo)];
        let answered = staff.post_files(&format!("/staff/supervision/{id}/steps"), &sent, &files).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text());
        let (id,): (String,) = sqlx::query_as("SELECT id FROM photo WHERE owner_kind = 'supervision_answer'")
            .fetch_one(test.app.db.read())
            .await
            .expect("one photo");
        let full = format!("/photos/{id}/full");
        for phone in [STAFF, OTHER_STAFF, STREET, DISTRICT, ADMIN] {
            let shown = test.signed_in(phone).await.get(&full).await;
            assert_eq!(shown.status, StatusCode::OK, "{phone}");
            assert!(!shown.body.windows(4).any(|bytes| bytes == b"Exif"), "metadata");
        }
        for phone in [ELSEWHERE, OTHER_STREET, "19900000001"] {
            assert_eq!(test.signed_in(phone).await.get(&full).await.status, StatusCode::NOT_FOUND, "{phone}");
        }
        assert_eq!(test.visitor().get(&full).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn more_time_is_asked_once_before_it_is_over_and_decided_by_the_issuer() {
    on_both(|test| async move {
        let id = issued(&test, "extend-1").await;
        let (mut staff, mut street) = (test.signed_in(STAFF).await, test.signed_in(STREET).await);
        let due = || number(&test, "SELECT due_at FROM supervision_letter");
        let before = due().await;
        assert_eq!(step(&mut staff, &id, "extend_ask", &[("days", "0"), ("text", "x")]).await.status, 422);
        done(&mut staff, &id, "extend_ask", &[("days", "3"), ("text", "配件未到")]).await;
        assert!(inbox(&test, STREET).await.contains("延期 3 个工作日：配件未到"));
        let twice = step(&mut staff, &id, "extend_ask", &[("days", "3"), ("text", "x")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        assert_eq!(step(&mut staff, &id, "extend_grant", &[]).await.status, StatusCode::FORBIDDEN, "not by oneself");
        done(&mut street, &id, "extend_grant", &[]).await;
        assert!(due().await > before);
        assert!(inbox(&test, STAFF).await.contains("同意延期"));
        assert_eq!(step(&mut street, &id, "extend_grant", &[]).await.status, StatusCode::CONFLICT, "none waits");

        // Once it is over nothing can be asked any more.
        let late = issued(&test, "extend-2").await;
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 20));
        let mut staff = test.signed_in(STAFF).await;
        let asked = step(&mut staff, &late, "extend_ask", &[("days", "3"), ("text", "x")]).await;
        assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.text());
        let list = staff.get("/staff/supervision?state=overdue").await.text();
        assert!(list.contains(&late) && list.contains("超期未回复"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn mistakes_come_back_at_their_fields_and_one_form_makes_one_letter() {
    on_both(|test| async move {
        let mut street = test.signed_in(STREET).await;
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[("subject", "")], "请写事由"),
            (&[("kind", "x")], "请选择种类"),
            (&[("addressee", "tinglan")], "请选择本辖区的街道或社区"),
            (&[("finding", " "), ("finding_id", "")], "请至少写一条"),
            (&[("days", ""), ("day", "")], "请写几个工作日"),
            (&[("days", "99999999999999999999"), ("day", "")], "1 到 90"),
            (&[("days", ""), ("day", "2020-01-01")], "请选明天到一年以内"),
            (&[("reports", "NOPE")], "没有编号为 NOPE 的案件"),
        ];
        for (other, words) in cases {
            let answer = street.post("/staff/supervision", &with("mistakes-1", other)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", answer.text());
            assert!(answer.text().contains(words) && answer.text().contains("清理通道，更换灭火器"), "{words}");
        }
        let first = drafted(&mut street, &fields("mistakes-1")).await;
        assert_eq!(drafted(&mut street, &fields("mistakes-1")).await, first, "the second tap makes no other one");
        // A finding that is taken out of a draft goes, the other keeps its place.
        let edit = street.get(&format!("/staff/supervision/{first}/edit")).await.text();
        assert!(edit.contains("灭火器过期"));
        let at = version(&mut street, &first).await;
        let changed = with("", &[("version", &at), ("finding", "只剩一条"), ("finding_id", "")]);
        let saved = street.post(&format!("/staff/supervision/{first}/edit"), &changed).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM supervision_finding").await, 1);
        let stale = street.post(&format!("/staff/supervision/{first}/edit"), &changed).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody saved in between");
        // A withdrawn draft was never seen by anybody else.
        done(&mut street, &first, "withdraw", &[("text", "写错了")]).await;
        assert_eq!(test.signed_in(STAFF).await.get(&format!("/staff/supervision/{first}")).await.status, 404);
        assert!(!inbox(&test, STAFF).await.contains("写错了"));
        for odd in ["nonsense", "00000000-0000-7000-8000-000000000000", "%00"] {
            let answer = street.get(&format!("/staff/supervision/{odd}")).await;
            assert!(answer.status.is_client_error(), "{odd}: {}", answer.status);
        }
        for odd in ["state=x", "kind=x", "year=x", "addressee=x"] {
            let answer = street.get(&format!("/staff/supervision?{odd}")).await;
            assert!(answer.status.is_client_error(), "{odd}: {}", answer.status);
        }
        assert_eq!(street.get("/staff/supervision?after=x").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_letter_names_reports_of_the_addressee_and_a_reports_own_order_stays() {
    on_both(|test| async move {
        let code = crate::reports::dispatched(&test, "supervision-report-1").await;
        let mut street = test.signed_in(STREET).await;
        let id = drafted(&mut street, &with("reports-1", &[("reports", &code)])).await;
        done(&mut street, &id, "issue", &[]).await;
        let page = test.signed_in(STAFF).await.get(&format!("/staff/supervision/{id}")).await.text();
        assert!(page.contains(&format!("/staff/reports/{code}")), "{page}");
        // A report of another community is none of the addressee's.
        let other =
            street.post("/staff/supervision", &with("reports-2", &[("reports", &code), ("addressee", "xingwu")])).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The report's own step 督办 works as before; the register leads to those that wait.
        let ordered = crate::reports::staff_step(&mut street, &code, "supervise", &[("text", "请尽快")]).await;
        assert_eq!(ordered.status, StatusCode::SEE_OTHER, "{}", ordered.text());
        let register = street.get("/staff/supervision").await.text();
        assert!(register.contains("/staff/reports?state=ordered") && register.contains("另有 1 件"), "{register}");
    })
    .await;
}

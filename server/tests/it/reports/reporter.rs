//! What whoever filed a report does on its page: answers, adds, confirms, reopens, rates, takes back; with an account or
//! with the link that a visitor was given. All of it are plain forms.

use super::*;
use crate::support::on_both;
use jiff::SignedDuration;

/// Files as somebody without an account and gives the code and the address to come back with.
async fn filed_by_visitor(test: &TestApp, n: usize) -> (Browser, String, String) {
    let mut visitor = test.visitor();
    visitor.get("/").await;
    let key = key(n);
    let answer = visitor.post_files("/report", &fields(&key), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let code = code_of(&answer);
    (visitor, code, answer.location().to_owned())
}

/// Everything up to the end.
pub async fn closed(test: &TestApp, n: usize) -> String {
    let code = dispatched(test, &key(n)).await;
    let mut volunteer = test.signed_in(VOLUNTEER).await;
    handler_step(&mut volunteer, &code, "take", &[], &[]).await;
    assert_eq!(handler_step(&mut volunteer, &code, "finish", &[("text", "换好了")], &[]).await.status, 303);
    let mut staff = test.signed_in(STAFF).await;
    assert_eq!(staff_step(&mut staff, &code, "verify_pass", &[]).await.status, 303);
    assert_eq!(staff_step(&mut staff, &code, "close", &[("text", "去看过，亮了")]).await.status, 303);
    code
}

async fn state(test: &TestApp, code: &str) -> String {
    server::reports::store::by_code(&test.app.db, code).await.expect("reads").expect("a report").state
}

/// Sends a step as the page's form does.
pub async fn send(browser: &mut Browser, path: &str, step: &str, more: &[(&str, &str)], photos: usize) -> Answer {
    let seen = version(&browser.get(path).await);
    let mut fields = vec![("step", step), ("version", seen.as_str())];
    fields.extend(more);
    let photo = fixture("orientation-3.jpg");
    let files: Vec<(&str, &str, &str, &[u8])> =
        (0..photos).map(|_| ("photos", "b.jpg", "image/jpeg", photo.as_slice())).collect();
    browser.post_files(path, &fields, &files).await
}

#[tokio::test]
async fn a_question_is_answered_with_words_and_photos() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 0).await;
        let path = format!("/reports/{code}");
        assert!(!resident.get(&path).await.text().contains("value=\"answer\""), "nothing is asked yet");
        let early = send(&mut resident, &path, "answer", &[("answer", "是北边那盏")], 0).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        assert!(early.text().contains("是北边那盏"), "what was typed is not lost");
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &code, "ask", &[("text", "是哪一盏？")]).await;
        let page = resident.get(&path).await.text();
        assert!(page.contains("是哪一盏？") && page.contains("name=\"answer\"") && page.contains("时限从"), "{page}");
        assert!(!test.visitor().get(&path).await.text().contains("name=\"answer\""));
        // Nothing said: the form again, with a word at its field.
        let empty = send(&mut resident, &path, "answer", &[("answer", "  ")], 0).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text().contains("id=\"answer-error\""), "{}", empty.text());
        // Two photos are an answer too; sent twice it is one.
        test.app.clock.advance(SignedDuration::from_hours(1));
        let seen = version(&resident.get(&path).await);
        let photo = fixture("orientation-3.jpg");
        let files: [(&str, &str, &str, &[u8]); 2] =
            [("photos", "a.jpg", "image/jpeg", &photo), ("photos", "b.jpg", "image/jpeg", &photo)];
        let form = [("step", "answer"), ("version", seen.as_str()), ("answer", "是北边那盏，拍了门牌")];
        for _ in 0..2 {
            let answer = resident.post_files(&path, &form, &files).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            assert_eq!(answer.location(), path);
        }
        assert_eq!(state(&test, &code).await, "submitted");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'answer'").await, 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE role = 'added'").await, 2);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 2, "the second two are gone");
        // The reporter and those who work on it see it, nobody else does.
        let (id,): (String,) = sqlx::query_as("SELECT id FROM photo WHERE role = 'added' ORDER BY position")
            .fetch_one(test.app.db.read())
            .await
            .expect("a photo");
        let thumb = format!("/photos/{id}/thumb");
        for (who, browser, status) in [
            ("resident", &mut resident, StatusCode::OK),
            ("staff", &mut staff, StatusCode::OK),
            ("visitor", &mut test.visitor(), StatusCode::NOT_FOUND),
            ("neighbour", &mut test.signed_in(NEIGHBOUR).await, StatusCode::NOT_FOUND),
        ] {
            assert_eq!(browser.get(&thumb).await.status, status, "{who}");
            let text = browser.get(&path).await.text();
            assert_eq!(text.contains("拍了门牌"), who == "resident", "{who} reads it on the public page");
        }
        assert!(staff.get(&format!("/staff/reports/{code}")).await.text().contains("拍了门牌"));
        let page = resident.get(&path).await.text();
        assert!(
            page.contains("现在是") && page.contains("等上报人回答的这段时间不算在内"),
            "why the time moved: {page}"
        );
        // It can be taken away like every photo of theirs.
        let own = format!("{path}/own");
        let gone = resident.post_files(&own, &[("do", "remove-photo"), ("remove", &id)], &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(resident.get(&thumb).await.status, StatusCode::NOT_FOUND);
        // And so can their words, everywhere; the chain of what happened holds, and still shows what others change.
        let verify = async || server::reports::chain::verify(&test.app.db).await.expect("reads").broken;
        assert_eq!(verify().await, []);
        assert_eq!(resident.post_files(&own, &[("do", "remove-words")], &[]).await.status, StatusCode::SEE_OTHER);
        for path in [path.clone(), format!("/staff/reports/{code}"), "/me/inbox".to_owned()] {
            assert!(!staff.get(&path).await.text().contains("拍了门牌"), "{path}");
        }
        assert!(!resident.get(&path).await.text().contains("拍了门牌"));
        assert_eq!(verify().await, []);
        let mut tx = test.app.db.begin().await.expect("begins");
        sqlx::query("UPDATE report_event SET public_text = '是南边那盏' WHERE action = 'answer'")
            .execute(&mut *tx)
            .await
            .expect("tampers");
        tx.commit().await.expect("commits");
        assert_eq!(verify().await, [(code.clone(), 3)]);
    })
    .await;
}

#[tokio::test]
async fn a_visitor_comes_back_with_the_link_from_any_phone() {
    on_both(|test| async move {
        let (mut visitor, code, link) = filed_by_visitor(&test, 1).await;
        let path = format!("/reports/{code}");
        staff_step(&mut test.signed_in(STAFF).await, &code, "ask", &[("text", "几楼？")]).await;
        assert!(visitor.get(&path).await.text().contains("name=\"answer\""), "the same phone");
        let mut other_phone = test.visitor();
        assert!(!other_phone.get(&path).await.text().contains("name=\"answer\""));
        let refused = other_phone.post(&path, &[("step", "answer"), ("answer", "三楼")]).await;
        assert!(refused.location().starts_with("/login"), "{}", refused.location());
        let wrong = other_phone.post(&format!("{path}?t=AAAAAAAAAAAAAAAAAAAAAA"), &[("step", "answer")]).await;
        assert!(wrong.location().starts_with("/login"));
        let answer = send(&mut other_phone, &link, "answer", &[("answer", "三楼")], 1).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(answer.location(), link, "and goes on with it");
        assert_eq!(state(&test, &code).await, "submitted");
        // The photo opens with the link, on any phone.
        let (id,): (String,) = sqlx::query_as("SELECT id FROM photo WHERE role = 'added'")
            .fetch_one(test.app.db.read())
            .await
            .expect("a photo");
        let token = link.split_once('?').expect("a token").1;
        assert_eq!(test.visitor().get(&format!("/photos/{id}/full?{token}")).await.status, StatusCode::OK);
        assert_eq!(test.visitor().get(&format!("/photos/{id}/full")).await.status, StatusCode::NOT_FOUND);
        // Taken back with the link, too.
        let gone = send(&mut other_phone, &link, "withdraw", &[("why", "自己修好了")], 0).await;
        assert_eq!(gone.location(), link);
        assert_eq!(state(&test, &code).await, "withdrawn");
        assert!(!test.visitor().get(&path).await.text().contains("自己修好了"), "their words are theirs");
    })
    .await;
}

#[tokio::test]
async fn what_is_solved_is_confirmed_and_rated_and_what_is_not_is_reopened() {
    on_both(|test| async move {
        let code = closed(&test, 1).await;
        let path = format!("/reports/{code}");
        let mut resident = test.signed_in(RESIDENT).await;
        let page = resident.get(&path).await.text();
        assert!(page.contains("问题解决了吗") && page.contains("name=\"unsolved\"") && page.contains("name=\"stars\""));
        assert!(page.contains("去看过，亮了"), "what was said at the end");
        // Sent twice, confirmed once.
        let seen = version(&resident.get(&path).await);
        let form = [("step", "confirm"), ("version", seen.as_str())];
        for _ in 0..2 {
            assert_eq!(resident.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_event WHERE action = 'confirm'").await, 1);
        assert!(!resident.get(&path).await.text().contains("问题解决了吗"));
        // Later, from another page: told that it is confirmed already.
        assert_eq!(send(&mut resident, &path, "confirm", &[], 0).await.status, StatusCode::CONFLICT);
        // A rating needs stars, a low one words; what was chosen stays chosen.
        for (stars, opinion, field) in [("", "好", "stars"), ("9", "好", "stars"), ("2", " ", "opinion")] {
            let answer = send(&mut resident, &path, "rate", &[("stars", stars), ("opinion", opinion)], 0).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{stars}");
            assert!(answer.text().contains(&format!("href=\"#{field}\"")), "{stars}: {}", answer.text());
        }
        let low = send(&mut resident, &path, "rate", &[("stars", "2"), ("opinion", "")], 0).await.text();
        assert!(low.contains("value=\"2\" checked"), "{low}");
        assert_eq!(send(&mut resident, &path, "rate", &[("stars", "2"), ("opinion", "等了一周")], 0).await.status, 303);
        let rated = resident.get(&path).await.text();
        assert!(rated.contains("不满意") && rated.contains("等了一周") && !rated.contains("name=\"stars\""), "{rated}");
        assert!(!test.visitor().get(&path).await.text().contains("等了一周"));
        assert_eq!(send(&mut resident, &path, "rate", &[("stars", "5")], 0).await.status, StatusCode::CONFLICT);
        // It broke again: reopened with a reason and a photo, by nobody else.
        let other = test.signed_in(NEIGHBOUR).await.post(&path, &[("step", "reopen"), ("unsolved", "x")]).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN);
        test.app.clock.advance(SignedDuration::from_hours(3));
        let empty = send(&mut resident, &path, "reopen", &[("unsolved", "")], 1).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text().contains("name=\"photo\""), "the photo stays in the form");
        assert_eq!(send(&mut resident, &path, "reopen", &[("unsolved", "又不亮了")], 1).await.status, 303);
        assert_eq!(state(&test, &code).await, "accepted");
        let again = resident.get(&path).await.text();
        assert!(again.contains("又不亮了") && again.contains("从结案到重新办的这段时间不算在内"), "{again}");
        assert!(!test.visitor().get(&path).await.text().contains("又不亮了"));
    })
    .await;
}

#[tokio::test]
async fn after_fifteen_days_nothing_is_reopened() {
    on_both(|test| async move {
        let code = closed(&test, 1).await;
        let path = format!("/reports/{code}");
        test.app.clock.advance(SignedDuration::from_hours(24 * 15 - 1));
        assert!(test.signed_in(RESIDENT).await.get(&path).await.text().contains("name=\"unsolved\""));
        test.app.clock.advance(SignedDuration::from_hours(2));
        let mut resident = test.signed_in(RESIDENT).await;
        assert!(!resident.get(&path).await.text().contains("name=\"unsolved\""));
        let late = send(&mut resident, &path, "reopen", &[("unsolved", "又坏了")], 0).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text().contains("请另报一件") && late.text().contains("又坏了"), "{}", late.text());
        assert_eq!(state(&test, &code).await, "closed");
    })
    .await;
}

#[tokio::test]
async fn words_and_photos_are_added_while_it_is_worked_on() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let path = format!("/reports/{code}");
        let mut resident = test.signed_in(RESIDENT).await;
        // Somebody else's step in between takes nothing away: adding fits all the same.
        let seen = version(&resident.get(&path).await);
        handler_step(&mut test.signed_in(VOLUNTEER).await, &code, "take", &[], &[]).await;
        let form = [("step", "add"), ("version", seen.as_str()), ("more", "旁边那盏也不亮")];
        assert_eq!(resident.post(&path, &form).await.status, 303);
        let task = test.signed_in(VOLUNTEER).await.get(&format!("/volunteer/reports/{code}")).await.text();
        assert!(task.contains("旁边那盏也不亮"), "{task}");
        for person in [VOLUNTEER, STAFF] {
            let inbox = test.signed_in(person).await.get("/me/inbox").await.text();
            assert!(inbox.contains("补充了情况"), "{person}");
        }
        assert_eq!(send(&mut resident, &path, "add", &[("more", "")], 0).await.status, 422);
        // The tools of the photos work without JavaScript: the form comes back changed.
        let photo = fixture("orientation-1.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", &photo)];
        let nine: Vec<_> = (0..9).map(|_| files[0]).collect();
        let many = [("step", "add"), ("more", "九张")];
        let mut ten = nine.clone();
        ten.push(files[0]);
        assert_eq!(resident.post_files(&path, &many, &ten).await.status, 422);
        assert_eq!(resident.post_files(&path, &many, &nine).await.status, 303);
        // What cannot be taken back any more says why, and what was typed is still there.
        let late = resident.post(&path, &[("step", "withdraw"), ("why", "算了不用了")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text().contains("撤不回了") && late.text().contains("算了不用了"), "{}", late.text());
        // Steps of others are none of theirs, and nonsense is a bad request.
        for step in ["accept", "close", "take", "", "%00"] {
            assert_eq!(resident.post(&path, &[("step", step)]).await.status, StatusCode::BAD_REQUEST, "{step}");
        }
    })
    .await;
}

//! Residents speak: for whom a voice counts, what is refused, what becomes of it.

use super::{GU, HE, LIN, QIN, SHEN, ZHOU, asked, draft, moves, step, typed};
use crate::{
    outgoing::{number, run},
    support::on_both,
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

#[tokio::test(flavor = "multi_thread")]
async fn a_household_has_one_voice_and_the_latest_counts() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        moves(&test, HE, "wutong-5").await;
        let id = draft(&mut staff, "single", "household").await;
        let page = format!("/consultations/{id}");
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(lin.get(&page).await.status, StatusCode::NOT_FOUND, "a draft is nobody's business");
        assert_eq!(step(&test, &mut staff, &id, "ask", &[]).await, 303);
        let shown = lin.get(&page).await.text();
        assert!(
            shown.contains("一户算一份意见") && shown.contains("name=\"flat\""),
            "the rule is on the page: {shown}"
        );
        assert!(!shown.contains("<script>alert"), "{shown}");
        assert!(lin.get("/consultations").await.text().contains(&page));
        assert!(lin.get("/notices").await.text().contains("件事正在征求您的意见"));

        let count = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_voice WHERE consultation_id = '{id}'");
        let first = lin.post(&page, &[("flat", "５栋２单元５０１室"), ("choices", "0")]).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
        assert!(lin.get(&page).await.text().contains("您的意见已收到"));
        let again = lin.post(&page, &[("flat", "二单元501"), ("choices", "1")]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "one's own voice may be changed");
        assert_eq!(number(&test, &count).await, 1);

        let mut he = test.signed_in(HE).await;
        let told = he.post(&page, &[("flat", "5-2-501"), ("choices", "2")]).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        let text = told.text();
        assert!(text.contains("您家已在") && text.contains("name=\"replace\"") && !text.contains("林晓禾"), "{text}");
        let instead = [("flat", "5-2-501"), ("choices", "2"), ("replace", "1")];
        assert_eq!(he.post(&page, &instead).await.status, StatusCode::SEE_OTHER);
        assert_eq!(number(&test, &count).await, 1, "still one household");
        let changed = lin.get(&page).await.text();
        assert!(changed.contains("家里有人在") && !changed.contains("何立群"), "{changed}");
        let (choices,): (String,) = sqlx::query_as("SELECT choices FROM consultation_voice WHERE consultation_id = $1")
            .bind(&id)
            .fetch_one(test.app.db.read())
            .await
            .expect("one");
        assert_eq!(choices, "[2]", "the latest counts");
        let back = [("flat", "2-501"), ("choices", "0"), ("replace", "1")];
        assert_eq!(lin.post(&page, &back).await.status, StatusCode::SEE_OTHER);

        // Who mistyped has one voice all the same; what others said for that door stays.
        assert_eq!(he.post(&page, &[("flat", "2-502"), ("choices", "0")]).await.status, StatusCode::CONFLICT);
        assert_eq!(number(&test, &count).await, 1);
        let mut zhou = test.signed_in(ZHOU).await;
        assert_eq!(zhou.post(&page, &[("flat", "1-201"), ("choices", "0")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(zhou.post(&page, &[("flat", "1-202"), ("choices", "0")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(number(&test, &count).await, 2, "the mistyped door is gone");

        test.app.clock.advance(SignedDuration::from_hours(24 * 8));
        assert_eq!(lin.post(&page, &back).await.status, StatusCode::CONFLICT, "its time is over, job or no job");
        test.run_jobs().await;
        let closed = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'consultation.close'";
        assert_eq!(number(&test, closed).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_live_there_speak_and_what_makes_no_sense_is_said_at_its_field() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = asked(&test, &mut staff, "choice_comment", "household").await;
        let page = format!("/consultations/{id}");
        let mut lin = test.signed_in(LIN).await;
        let good = [("flat", "2-501"), ("choices", "0"), ("comment", "好")];
        for (fields, field) in [
            (&[("flat", ""), ("choices", "0")][..], "flat-error"),
            (&[("flat", "我家"), ("choices", "0")], "flat-error"),
            (&[("flat", "3-2-501"), ("choices", "0")], "flat-error"),
            (&[("flat", "2-501")], "choices-error"),
            (&[("flat", "2-501"), ("choices", "7")], "choices-error"),
            (&[("flat", "2-501"), ("choices", "-1")], "choices-error"),
            (&[("flat", "2-501"), ("choices", "0"), ("choices", "1")], "choices-error"),
        ] {
            let answer = lin.post(&page, fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(answer.text().contains(&format!("id=\"{field}\"")), "{fields:?}: {}", answer.text());
        }
        let long = "字".repeat(501);
        let answer = lin.post(&page, &[("flat", "2-501"), ("choices", "0"), ("comment", &long)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(&long), "what was typed is kept");

        let mut gu = test.signed_in(GU).await;
        assert_eq!(gu.post(&page, &good).await.status, StatusCode::CONFLICT, "she lives elsewhere");
        assert!(gu.get(&page).await.text().contains("只征求住在这里的居民"));
        run(&test, &format!("UPDATE person SET building_id = NULL WHERE id = '{}'", test.person(HE))).await;
        let mut he = test.signed_in(HE).await;
        assert_eq!(he.post(&page, &good).await.status, StatusCode::CONFLICT);
        assert!(he.get(&page).await.text().contains("/me/name?next="));
        assert_eq!(test.visitor().post(&page, &good).await.status, StatusCode::SEE_OTHER);
        assert!(test.visitor().get(&page).await.text().contains("/login?next="));
        for nowhere in ["/consultations/x", "/consultations/00000000-0000-7000-8000-000000000000"] {
            assert_eq!(lin.get(nowhere).await.status, StatusCode::NOT_FOUND);
            assert_eq!(lin.post(nowhere, &good).await.status, StatusCode::NOT_FOUND);
        }
        let mut elsewhere = test.signed_in(QIN).await;
        for path in ["", "/edit", "/pairs"] {
            let answer = elsewhere.get(&format!("/staff/consultations/{id}{path}")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(lin.get(&format!("/staff/consultations/{id}")).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_checked_previewed_and_locked() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let key = clock::token();
        let mut preview = typed(&key, "multiple", "person");
        preview[1] = ("action", "preview");
        let shown = staff.post("/staff/consultations", &preview).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text().contains("phone-preview") && shown.text().contains("<strong>80</strong>"));
        let none = "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation";
        assert_eq!(number(&test, none).await, 0, "a preview writes nothing");
        let mut bad = typed(&key, "single", "household");
        bad.truncate(7);
        let answer = staff.post("/staff/consultations", &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["option-error", "voice-error", "closes_at-error"] {
            assert!(answer.text().contains(field), "{field}");
        }
        let mut foreign = typed(&key, "single", "household");
        foreign[2] = ("place", "xingwu");
        assert_eq!(staff.post("/staff/consultations", &foreign).await.status, StatusCode::FORBIDDEN);

        let id = draft(&mut staff, "single", "household").await;
        let edit = format!("/staff/consultations/{id}/edit");
        let mut fields = typed("", "single", "household");
        fields.push(("version", "1"));
        assert_eq!(staff.post(&edit, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.post(&edit, &fields).await.status, StatusCode::CONFLICT, "somebody saved in the meantime");
        assert_eq!(step(&test, &mut staff, &id, "weigh", &[]).await, 409, "nobody was asked");
        assert_eq!(step(&test, &mut staff, &id, "ask", &[]).await, 303);
        assert_eq!(staff.get(&edit).await.status, StatusCode::CONFLICT, "what was asked stays as it is");
        assert_eq!(step(&test, &mut staff, &id, "answer", &[("decision", "装"), ("reason", "多")]).await, 409);
        assert_eq!(step(&test, &mut staff, &id, "withdraw", &[]).await, 422, "not without a reason");
        let mut lin = test.signed_in(LIN).await;
        let page = format!("/consultations/{id}");
        assert_eq!(lin.post(&page, &[("flat", "501"), ("choices", "0")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(step(&test, &mut staff, &id, "withdraw", &[("withdrawn", "问错了地方")]).await, 303);
        assert_eq!(lin.post(&page, &[("flat", "501"), ("choices", "0")]).await.status, StatusCode::CONFLICT);
        assert!(test.visitor().get(&page).await.text().contains("问错了地方"));
        test.run_jobs().await;
        assert!(lin.get("/me/inbox").await.text().contains("已撤回"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_said_is_in_their_file_and_goes_with_their_account() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = asked(&test, &mut staff, "text", "person").await;
        let page = format!("/consultations/{id}");
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(lin.post(&page, &[("comment", "多种几棵树")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lin.post(&page, &[("comment", "多种十棵树")]).await.status, StatusCode::SEE_OTHER, "changed");
        let file = lin.get("/api/v1/me/data").await.json();
        assert_eq!(file["voices"][0]["comment"], "多种十棵树");
        assert_eq!(file["spoken"].as_array().map(Vec::len), Some(1));
        assert!(!staff.get(&format!("/staff/consultations/{id}")).await.text().contains("林晓禾"));
        run(&test, &format!("UPDATE person SET demo = 0 WHERE id = '{}'", test.person(LIN))).await;
        let left = lin.post("/me/data/leave", &[]).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text());
        let named = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_voice WHERE comment <> '' OR voice_key LIKE '%{}%'",
            test.person(LIN)
        );
        assert_eq!(number(&test, &named).await, 0);
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_voice").await, 1, "it counts");
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_speaker").await, 0);
    })
    .await;
}

//! Hostile text in a consultation: what staff ask, what residents say, what is decided, wherever it is shown.

use super::{LIN, SHEN, step};
use crate::{
    notices::{
        hostile::{corpus, cut, shown, whole},
        safety::inert,
    },
    support::{Answer, Browser, TestApp, on_both},
};
use app::consultations::{
    COMMENT_CHARS, DECISION_CHARS, EXPLANATION_CHARS, OPTION_CHARS, QUESTION_CHARS, REASON_CHARS,
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

/// Sends a form that says `evil` wherever something can be said.
async fn write(staff: &mut Browser, path: &str, (action, version): (&str, &str), evil: &str) -> Answer {
    let key = clock::token();
    let question = cut(&format!("词 {evil}"), QUESTION_CHARS);
    let explanation = cut(&format!("词 {evil}"), EXPLANATION_CHARS);
    let (first, second) = (cut(&format!("甲 {evil}"), OPTION_CHARS), cut(&format!("乙 {evil}"), OPTION_CHARS));
    let fields = [
        ("form_key", key.as_str()),
        ("action", action),
        ("version", version),
        ("place", "wutong"),
        ("question", &question),
        ("explanation", &explanation),
        ("kind", "choice_comment"),
        ("option", &first),
        ("option", &second),
        ("voice", "household"),
        ("closes_at", "2026-12-02T18:00"),
    ];
    let answer = staff.post(path, &fields).await;
    inert(&answer.text(), path);
    answer
}

async fn version(test: &TestApp, id: &str) -> String {
    let found = server::consultations::store::by_id(&test.app.db, id).await.expect("read").expect("there");
    found.version.to_string()
}

/// A draft with all of it, each entry once; gives its id.
async fn draft(test: &TestApp, staff: &mut Browser) -> String {
    let made = write(staff, "/staff/consultations", ("save", ""), "开始").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let id = made.location().rsplit('/').next().expect("an id").to_owned();
    let edit = format!("/staff/consultations/{id}/edit");
    for evil in corpus().map(str::to_owned).chain([whole()]) {
        let seen = version(test, &id).await;
        let preview = write(staff, &edit, ("preview", &seen), &evil).await;
        assert!(preview.status.is_success() || preview.status == StatusCode::SEE_OTHER, "{}", preview.text());
        let saved = write(staff, &edit, ("save", &seen), &evil).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{evil}: {}", saved.text());
        shown(staff, &format!("/staff/consultations/{id}")).await;
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_never_runs() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = draft(&test, &mut staff).await;
        let (page, desk) = (format!("/consultations/{id}"), format!("/staff/consultations/{id}"));
        shown(&mut staff, &format!("{desk}/edit")).await;
        assert_eq!(step(&test, &mut staff, &id, "ask", &[]).await, 303);

        // What residents say, one after the other, and what they typed where something is wrong.
        let mut lin = test.signed_in(LIN).await;
        for evil in corpus() {
            // As often as one person may.
            test.app.clock.advance(SignedDuration::from_mins(30));
            let comment = cut(&format!("词 {evil}"), COMMENT_CHARS);
            let said = [("flat", "2-501"), ("choices", "0"), ("comment", comment.as_str())];
            assert_eq!(lin.post(&page, &said).await.status, StatusCode::SEE_OTHER, "{evil}");
            shown(&mut lin, &page).await;
            inert(&lin.post(&page, &[("flat", evil), ("comment", evil)]).await.text(), "the form");
        }
        let alike = [("building", "wutong-5"), ("flat", "501"), ("choices", "0"), ("comment", "<b>1</b>")];
        assert_eq!(staff.post(&format!("{desk}/paper"), &alike).await.status, StatusCode::SEE_OTHER);
        for list in ["/consultations", "/staff/consultations", "/consultations?lang=en"] {
            shown(&mut staff, list).await;
        }
        test.app.clock.advance(SignedDuration::from_hours(24 * 8));
        assert_eq!(step(&test, &mut staff, &id, "weigh", &[]).await, 303);
        shown(&mut staff, &desk).await;
        shown(&mut staff, &format!("{desk}/pairs")).await;
        let pair = staff.get(&format!("/api/v1{desk}/pairs")).await.json()[0].clone();
        let [first, second] = ["first", "second"].map(|side| pair[side]["id"].as_str().expect("an id").to_owned());
        let reason = format!("词 {}", whole());
        let long = [("first", &*first), ("second", &*second), ("decision", "second"), ("reason", &*reason)];
        let long = staff.post(&format!("{desk}/pairs"), &long).await;
        assert!(long.status == 422 && long.text().contains("词 &lt;script"), "kept in its field: {}", long.text());
        inert(&long.text(), "pairs");
        let reason = cut(&reason, REASON_CHARS);
        let decided = [("first", &*first), ("second", &*second), ("decision", "second"), ("reason", &*reason)];
        let answer = staff.post(&format!("{desk}/pairs"), &decided).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        shown(&mut staff, &format!("{desk}/pairs")).await;

        // What was decided, for everybody, and as a notice.
        let decision = cut(&format!("词 {}", whole()), DECISION_CHARS);
        let words = [("decision", &*decision), ("reason", &*decision), ("summary", &*decision)];
        assert_eq!(step(&test, &mut staff, &id, "answer", &words).await, 303);
        test.run_jobs().await;
        for path in [page.clone(), format!("{page}?lang=en"), "/consultations".to_owned()] {
            shown(&mut test.visitor(), &path).await;
        }
        shown(&mut lin, "/me/inbox").await;
        let notice = staff.post(&format!("{desk}/notice"), &[]).await.location().to_owned();
        shown(&mut staff, &notice).await;
    })
    .await;
}

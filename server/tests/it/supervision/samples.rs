//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};
use app::supervision::{
    State, Step,
    letter::{Kind, Wish},
};
use server::supervision::store::write::{self, Draft, NewEvent};

/// A letter of 桐荫街道 to 梧桐社区 that waits for an answer.
pub async fn letter(test: &TestApp) -> String {
    let now = test.app.clock.now();
    let (issuer, addressee) = (&test.loaded.organisations["tongyin"], &test.loaded.organisations["wutong"]);
    let mut tx = test.app.db.begin().await.expect("begin");
    let draft = Draft {
        kind: Kind::Notice,
        issuer: (&issuer.0, &issuer.1),
        addressee: (&addressee.0, &addressee.1),
        company: "",
        subject: "消防通道",
        asked: "清理",
        wish: Wish::Days(5),
    };
    let id = write::insert(&mut tx, &draft, "access-supervision", now).await.expect("written").expect("new");
    write::set_findings(&mut tx, &id, &[(String::new(), "通道堵塞".to_owned())], now).await.expect("written");
    let number = write::next_number(&mut tx, &issuer.0, Kind::Notice, 2026).await.expect("a number");
    write::set_number(&mut tx, &id, (2026, number), "桐荫街整〔2026〕1号").await.expect("written");
    let due = now.as_microsecond() + 5 * 86_400_000_000;
    sqlx::query("UPDATE supervision_letter SET state = 'issued', round = 1, version = 2, issued_at = $2, due_at = $3 WHERE id = $1")
        .bind(&id)
        .bind(now.as_microsecond())
        .bind(due)
        .execute(&mut *tx)
        .await
        .expect("issued");
    let event = NewEvent {
        letter: &id,
        seq: 2,
        actor: test.person("19900000051"),
        step: Step::Issue,
        from: Some(State::Draft),
        to: State::Issued,
        round: 1,
        reason: "",
        days: 0,
        due_at: Some(due),
    };
    write::note(&mut tx, event, now).await.expect("written");
    tx.commit().await.expect("commit");
    id
}

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let letter = letter(test).await;
    vec![
        ("/staff/supervision/{id}", letter.clone()),
        ("/api/v1/staff/supervision/{id}", letter),
        ("/api/v1/staff/supervision/{id}/photos/{photo}", "00000000-0000-7000-8000-000000000075".to_owned()),
    ]
}

/// What this room's forms send, as in `access::form`.
pub fn form(path: &str) -> Option<Form> {
    Some(match path {
        "/api/v1/staff/supervision" | "/api/v1/staff/supervision/{id}" => Form::Json(
            r#"{"kind":"order","addressee":"wutong","subject":"x","findings":[{"text":"x"}],"asked":"x","days":5}"#,
        ),
        "/api/v1/staff/supervision/{id}/photos" => Form::Json(r#"{"finding":1,"photos":[]}"#),
        "/api/v1/staff/supervision/{id}/steps" => {
            Form::Json(r#"{"step":"answer","answers":[{"number":1,"text":"x"}]}"#)
        }
        "/staff/supervision/{id}/steps" => Form::Multipart(&[("step", "answer"), ("answer-1", "x")]),
        "/staff/supervision/{id}/photos" => Form::Multipart(&[("finding", "x"), ("version", "2")]),
        _ => return None,
    })
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &[];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];

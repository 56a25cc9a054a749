//! What the tests of permissions try this room's routes with; see `access.rs`.

use crate::{access::Form, support::TestApp};
use app::consultations::{AnswerKind, Per, Wording, form::OptionText};
use server::consultations::store::write;

/// Samples for the parameters of this room's routes, as in `access::samples`.
pub async fn samples(test: &TestApp) -> Vec<(&'static str, String)> {
    let now = test.app.clock.now();
    let (organisation, path) = &test.loaded.organisations["wutong"];
    let option = |zh: &str| OptionText { zh: zh.to_owned(), en: String::new() };
    let wording = Wording {
        question: "装不装？".to_owned(),
        question_en: String::new(),
        explanation: String::new(),
        explanation_en: String::new(),
        kind: AnswerKind::Single,
        options: vec![option("装"), option("不装")],
        per: Per::Household,
        opens_at: now,
        closes_at: now + jiff::SignedDuration::from_hours(24),
    };
    let mut tx = test.app.db.begin().await.expect("begin");
    let author = test.person("19900000031");
    let made = write::insert(&mut tx, (author, "access-test-sample"), (organisation, path), &wording, now).await;
    let id = made.expect("written").expect("new");
    assert!(write::ask(&mut tx, (&id, 1), 100, now).await.expect("asked"));
    tx.commit().await.expect("commit");
    [
        "/consultations/{id}",
        "/api/v1/consultations/{id}",
        "/staff/consultations/{id}",
        "/api/v1/staff/consultations/{id}",
    ]
    .map(|path| (path, id.clone()))
    .to_vec()
}

/// What this room's forms send, as in `access::form`.
pub fn form(path: &str) -> Option<Form> {
    match path {
        "/api/v1/staff/consultations/{id}/step" => Some(Form::Json(r#"{"step":"withdraw","reason":"x"}"#)),
        _ => None,
    }
}

/// Routes for everybody signed in although they have a parameter, as in `access::OPEN_TO_ALL_SIGNED_IN`.
pub const OPEN: &[&str] = &["/consultations/{id}", "/api/v1/consultations/{id}/voice"];

/// Routes whose objects belong to no single community: the role elsewhere may read them as well.
pub const SHARED: &[&str] = &[];

//! Hostile text in the handbook, wherever it is shown.

use crate::{
    notices::{
        hostile::{corpus, cut, shown, whole},
        safety::inert,
    },
    support::{Browser, on_both},
};
use app::handbook::{NAME_CHARS, STEPS_CHARS, TITLE_CHARS, WORD_CHARS};
use axum::http::StatusCode;
use server::clock;

/// Staff of 梧桐社区.
const SHEN: &str = "19900000031";

/// Writes an entry that says `evil` wherever something can be said, or changes one; gives its page.
async fn write(staff: &mut Browser, path: &str, version: &str, evil: &str) -> String {
    let key = clock::token();
    let title = cut(&format!("词 {evil}"), TITLE_CHARS);
    let word = cut(&format!("词 {evil}"), WORD_CHARS);
    let (steps, name) = (cut(&format!("词 {evil}"), STEPS_CHARS), cut(evil, NAME_CHARS));
    let fields = [
        ("form_key", key.as_str()),
        ("version", version),
        ("organisation", "wutong"),
        ("title", &title),
        ("words", &word),
        ("steps", &steps),
        ("contact_name", &name),
        ("contact_phone", "0510-80000152"),
        ("category", "street-light"),
    ];
    let answer = staff.post(path, &fields).await;
    inert(&answer.text(), path);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_never_runs() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let page = write(&mut staff, "/staff/handbook", "", "开始").await;
        let page = page.split(['?', '#']).next().expect("a path").to_owned();
        let edit = format!("{page}/edit");
        for (version, evil) in (1..).zip(corpus()) {
            write(&mut staff, &edit, &version.to_string(), evil).await;
            shown(&mut staff, &page).await;
            // What changed, beside what was.
            shown(&mut staff, &format!("{page}/versions")).await;
        }
        let last = corpus().count() + 1;
        write(&mut staff, &edit, &last.to_string(), &whole()).await;
        let all = ["", "/edit", "/versions", &format!("/versions?version={last}"), "?lang=en", "/versions?lang=en"];
        for end in all {
            shown(&mut staff, &format!("{page}{end}")).await;
        }
        for list in ["/staff/handbook", "/staff/handbook?category=street-light", "/staff/handbook?q=%E8%AF%8D"] {
            shown(&mut staff, list).await;
        }
        // A mistake shows what was typed.
        let evil = format!("词 {}", whole());
        let fields = [("form_key", "k"), ("organisation", "wutong"), ("title", &*evil), ("steps", &*evil)];
        let answer = staff.post("/staff/handbook", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        inert(&answer.text(), "the form");
        let looked = format!("/staff/handbook?q={}", server::http::page::encode(&evil));
        inert(&staff.get(&looked).await.text(), "a search");
    })
    .await;
}

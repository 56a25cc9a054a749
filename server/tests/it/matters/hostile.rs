//! Hostile text in matters, wherever it is shown: sent, answered, and typed into a form that comes back.

use super::{STREET, WUTONG, done, matter, sent};
use crate::{
    notices::{
        hostile::{corpus, cut, shown, whole},
        safety::inert,
    },
    support::on_both,
};
use app::matters::{REASON, TEXT, TITLE};

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_never_runs() {
    on_both(|test| async move {
        let (mut wutong, mut street) = (test.signed_in(WUTONG).await, test.signed_in(STREET).await);
        let title = cut(&format!("词 {}", whole()), TITLE);
        let text = cut(&format!("词 {}", whole()), TEXT);
        let id = sent(&mut wutong, "wutong", "org:tongyin", &[("title", &title), ("text", &text)]).await;
        let page = format!("/staff/matters/{id}");
        for path in [&page, "/staff/matters", &format!("{page}?lang=en")] {
            shown(&mut street, path).await;
        }
        done(&mut street, &id, "accept", &[]).await;
        for evil in corpus() {
            done(&mut street, &id, "note", &[("text", &cut(&format!("词 {evil}"), REASON))]).await;
        }
        let version = matter(&mut street, &id).await["version"].to_string();
        let long = format!("词 {}", whole().repeat(2));
        let back = street.post(&page, &[("step", "answer"), ("version", &version), ("text", &long)]).await;
        assert!(back.status == 422 && back.text().contains("词 &lt;script"), "kept in its field: {}", back.text());
        inert(&back.text(), &page);
        done(&mut street, &id, "answer", &[("text", &cut(&long, REASON))]).await;
        for browser in [&mut street, &mut wutong] {
            shown(browser, &page).await;
        }
        shown(&mut wutong, "/me/inbox").await;
    })
    .await;
}

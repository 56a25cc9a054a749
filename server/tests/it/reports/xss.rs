//! Markup that people type is text on every page that shows it.

use super::*;
use crate::support::on_both;

const EVIL: &str = "</textarea></title><script>window.pwned=1</script><img src=x onerror=\"window.pwned=1\">'\"";

fn assert_inert(what: &str, answer: &Answer) {
    let html = scraper::Html::parse_document(&answer.text());
    let scripts = scraper::Selector::parse("script").expect("a selector");
    for script in html.select(&scripts) {
        assert!(script.value().attr("src").is_some() && script.inner_html().is_empty(), "{what}: {}", script.html());
    }
    let loaded = scraper::Selector::parse("[onerror], [onload], img[src=x]").expect("a selector");
    assert_eq!(html.select(&loaded).count(), 0, "{what}");
}

#[tokio::test]
async fn typed_markup_is_inert_on_every_page() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        // File names, and the form shown again.
        let evil_key = key(1);
        let mut bad = fields(&evil_key);
        bad[4].1 = EVIL;
        bad[5].1 = EVIL;
        let name = "x<script>alert(1)</script>.jpg";
        let answer = resident.post_files("/report", &bad, &[("photos", name, "image/jpeg", b"<svg onload=1>")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("&lt;script&gt;"), "shown as text");
        assert_inert("the form", &answer);
        // Evil in the fields that are not free text.
        for (n, field) in ["key", "category", "building", "longitude", "contact", "photo"].into_iter().enumerate() {
            let odd_key = key(10 + n);
            let mut odd = fields(&odd_key);
            odd.push((field, EVIL));
            let answer = resident.post_files("/report", &odd, &[]).await;
            assert!(answer.status.is_client_error() || field == "longitude", "{field}: {}", answer.status);
            assert_inert(field, &answer);
        }

        let evil_key = key(2);
        bad[0].1 = &evil_key;
        let code = code_of(&resident.post_files("/report", &bad, &[]).await);
        let mut staff = test.signed_in(STAFF).await;
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        let to = test.person(VOLUNTEER).to_owned();
        let preview = staff_step(&mut staff, &code, "accept", &[("text", EVIL), ("preview", "1")]).await;
        assert_inert("the preview", &preview);
        staff_step(&mut staff, &code, "accept", &[("text", EVIL), ("internal", EVIL)]).await;
        staff_step(&mut staff, &code, "dispatch", &[("to", &to), ("text", EVIL)]).await;
        handler_step(&mut volunteer, &code, "take", &[("text", EVIL)], &[]).await;
        handler_step(&mut volunteer, &code, "note", &[("text", EVIL)], &[]).await;
        assert_eq!(handler_step(&mut volunteer, &code, "finish", &[("text", EVIL)], &[]).await.status, 303);
        for (who, browser, path) in [
            ("reporter", &mut resident.clone(), format!("/reports/{code}")),
            ("list", &mut resident.clone(), "/me/reports".to_owned()),
            ("inbox", &mut resident.clone(), "/me/inbox".to_owned()),
            ("public", &mut test.visitor(), format!("/reports/{code}")),
            ("staff", &mut staff.clone(), format!("/staff/reports/{code}")),
            ("desk", &mut staff.clone(), "/staff/reports?state=all".to_owned()),
            (
                "desk address",
                &mut staff.clone(),
                "/staff/reports?state=%3Cscript%3E&kind=%22%3E%3Cscript%3E".to_owned(),
            ),
            ("task", &mut volunteer.clone(), format!("/volunteer/reports/{code}")),
            ("tasks", &mut volunteer.clone(), "/volunteer".to_owned()),
        ] {
            assert_inert(who, &browser.get(&path).await);
        }
        let public = test.visitor().get(&format!("/reports/{code}")).await.text();
        assert!(public.contains("&lt;script&gt;window.pwned"), "the words are there, as words");
    })
    .await;
}

//! No page leads its reader to one that they may not open.

use super::*;
use crate::support::on_both;
use std::collections::BTreeSet;

/// The pages that a part of a page leads to.
fn ways(page: &Answer, part: &str) -> BTreeSet<String> {
    let html = scraper::Html::parse_document(&page.text());
    let links = scraper::Selector::parse(&format!("{part} a[href^='/']")).expect("a selector");
    html.select(&links).filter_map(|link| link.value().attr("href").map(str::to_owned)).collect()
}

#[tokio::test]
async fn whoever_works_on_reports_is_led_only_where_they_may_go() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        for step in ["take", "finish"] {
            assert_eq!(handler_step(&mut test.signed_in(VOLUNTEER).await, &code, step, &[], &[]).await.status, 303);
        }
        let mut opened = 0;
        // The bar of staff is the same for all of them: of supervisors and admins, the page itself.
        for (phone, part) in [
            (VOLUNTEER, "body"),
            (GRID_WORKER, "body"),
            ("19900000041", "body"),
            (STAFF, "body"),
            ("19900000051", "main"),
            ("19900000052", "main"),
            ("19900000099", "main"),
        ] {
            let mut browser = test.signed_in(phone).await;
            for from in [
                "/volunteer",
                "/staff/reports",
                &format!("/staff/reports/{code}"),
                &format!("/volunteer/reports/{code}"),
            ] {
                let page = browser.get(from).await;
                if page.status == StatusCode::FORBIDDEN {
                    continue;
                }
                assert_eq!(page.status, StatusCode::OK, "{from} for {phone}");
                opened += 1;
                for way in ways(&page, part) {
                    let status = browser.get(&way).await.status;
                    assert!(status.as_u16() < 400, "{from} leads {phone} to {way}: {status}");
                }
            }
        }
        assert!(opened > 12, "{opened} pages");
    })
    .await;
}

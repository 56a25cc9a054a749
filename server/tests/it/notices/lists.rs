//! Lists, search, the archive and the feed.

use super::{SHEN, id_in, published, version};
use crate::support::{Browser, on_both};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

#[tokio::test]
async fn search_finds_chinese_words_and_takes_signs_literally() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let aim = ("aims", "wutong");
        let vaccine =
            published(&test, &mut staff, &[aim, ("title", "接种通知"), ("body", "流感疫苗到了，带医保卡。")]).await;
        let percent = published(&test, &mut staff, &[aim, ("title", "补贴 50% 到账"), ("body", "a_b 文件")]).await;
        let english = published(&test, &mut staff, &[aim, ("title", "水"), ("title_en", "Water OFF")]).await;
        let mut reader = test.visitor();
        let mut found = async |q: &str| {
            let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
            let answer = reader.get(&format!("/api/v1/notices?community=wutong&q={query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let page = reader.get(&format!("/notices?q={query}")).await;
            assert_eq!(page.status, StatusCode::OK);
            let items = answer.json()["items"].as_array().expect("a list").clone();
            let ids: Vec<String> = items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect();
            for id in &ids {
                assert!(page.text().contains(id), "the page finds what the API finds");
            }
            ids
        };
        assert_eq!(found("疫苗").await, std::slice::from_ref(&vaccine));
        assert_eq!(found("%").await, std::slice::from_ref(&percent));
        assert_eq!(found("a_b").await, std::slice::from_ref(&percent));
        assert_eq!(found("axb").await, Vec::<String>::new());
        assert_eq!(found("!").await, Vec::<String>::new());
        assert_eq!(found("water off").await, std::slice::from_ref(&english));
        assert_eq!(found(" \u{0}").await.len(), 3, "no words, no filter");
        assert_eq!(found(&"长".repeat(5000)).await, Vec::<String>::new());
        assert_eq!(found("'; DROP TABLE notice; --").await, Vec::<String>::new());
        assert_eq!(reader.get("/notices?kind=nonsense").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(reader.get("/api/v1/notices?community=nowhere").await.status, StatusCode::NOT_FOUND);
        assert_eq!(reader.get("/notices?page=999999999999").await.status, StatusCode::OK);
        let detail = reader.get(&format!("/api/v1/notices/{vaccine}")).await.json();
        assert_eq!(detail["aims"], serde_json::json!(["wutong"]));
        assert_eq!(detail["facts"][0]["label"], "停水时间");
    })
    .await;
}

#[tokio::test]
async fn a_feed_reader_understands_the_feed_and_hears_of_corrections() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let evil = "5 栋 <script>alert(1)</script> & 停水";
        let id = published(&test, &mut staff, &[("title", evil)]).await;
        test.app.clock.advance(SignedDuration::from_secs(60));
        let other = published(
            &test,
            &mut staff,
            &[("kind", "activity"), ("title", "周六义诊"), ("fact_label", ""), ("fact_value", "")],
        )
        .await;
        let mut reader = test.visitor();
        let answer = reader.get("/notices.atom?community=wutong").await;
        assert_eq!(answer.headers["content-type"], "application/atom+xml; charset=utf-8");
        let feed = crate::peers::read_feed(&answer.body);
        assert_eq!((feed["bozo"].as_bool(), feed["version"].as_str()), (Some(false), Some("atom10")), "{feed}");
        let own = "http://linli.test/notices.atom?community=wutong";
        assert_eq!(feed["id"], own);
        assert!(feed["links"].as_array().expect("links").contains(&serde_json::json!(["self", own])), "{feed}");
        let entries = feed["entries"].as_array().expect("entries").clone();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0]["id"], format!("http://linli.test/notices/{other}"), "newest first");
        assert_eq!(entries[1]["title"], evil, "a title is plain text");
        assert!(!answer.text().contains("<script>"), "markup stays text");
        let html = |entry: &serde_json::Value| entry["content"][0].as_str().expect("HTML").to_owned();
        assert!(html(&entries[1]).contains("<strong>8:00 至 12:00</strong>"), "{feed}");
        assert!(
            html(&entries[1]).contains("11月26日 周四 08:00–12:00") && html(&entries[1]).contains("停水时间"),
            "{feed}"
        );
        assert!(
            html(&entries[0]).contains("11月28日 周六 09:00–11:00") && html(&entries[0]).contains("社区活动室"),
            "{feed}"
        );
        assert_eq!(entries[0]["tags"][0][0], "activity");

        // The same for everybody, whatever language their pages are in: caches may share it.
        reader.cookies.insert("linli_lang".into(), "en".into());
        assert_eq!(reader.get("/notices.atom?community=wutong").await.body, answer.body);
        assert_ne!(reader.get("/notices.atom?community=wutong&lang=en").await.body, answer.body);
        reader.cookies.clear();

        // Nothing changed: 304, as often as it is asked. Other kinds and communities have feeds of their own.
        let etag = answer.headers["etag"].to_str().expect("text").to_owned();
        assert_eq!(again(&mut reader, "/notices.atom?community=wutong", &etag).await, StatusCode::NOT_MODIFIED);
        assert_eq!(again(&mut reader, "/notices.atom?community=wutong&kind=activity", &etag).await, StatusCode::OK);
        let elsewhere = crate::peers::read_feed(&reader.get("/notices.atom?community=tinglan").await.body);
        assert!(elsewhere["entries"].as_array().expect("entries").is_empty(), "{elsewhere}");
        assert_eq!(reader.get("/notices.atom?community=nowhere").await.status, StatusCode::NOT_FOUND);
        assert_eq!(reader.get("/notices.atom?kind=nothing").await.status, StatusCode::BAD_REQUEST);

        // A correction is an entry of its own and moves `updated` of what it corrects.
        test.app.clock.advance(SignedDuration::from_secs(600));
        let key = clock::token();
        let correction = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let version = version(&mut staff, &correction).await;
        let out = staff.post(&format!("/staff/notices/{correction}/publish"), &[("version", &version)]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        assert_eq!(again(&mut reader, "/notices.atom?community=wutong", &etag).await, StatusCode::OK);
        let feed = crate::peers::read_feed(&reader.get("/notices.atom?community=wutong").await.body);
        let entries = feed["entries"].as_array().expect("entries").clone();
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[2]["updated"], entries[0]["published"], "the corrected one is as new as its correction");
        assert_ne!(entries[2]["published"], entries[2]["updated"]);
        assert!(html(&entries[2]).contains(&format!("http://linli.test/notices/{correction}")), "it says so itself");
        assert!(html(&entries[0]).contains(&format!("http://linli.test/notices/{id}")), "and so does the correction");
        // Programs find the feed on the page.
        reader.cookies.insert("linli_community".into(), "wutong".into());
        let page = reader.get("/notices?kind=outage").await.text();
        let link =
            "rel=\"alternate\" type=\"application/atom+xml\" href=\"/notices.atom?community=wutong&amp;kind=outage\"";
        assert!(page.contains(link), "{page}");
    })
    .await;
}

/// The status for a reader that has what `etag` names.
async fn again(reader: &mut Browser, path: &str, etag: &str) -> StatusCode {
    reader.get_with(path, &[("if-none-match", etag)]).await.status
}

#[tokio::test]
async fn earlier_months_stay_readable_what_has_expired_included() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let aim = ("aims", "wutong");
        let old =
            published(&test, &mut staff, &[aim, ("title", "十一月的事"), ("expires_at", "2026-11-28T00:00")]).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 10));
        let new = published(&test, &mut staff, &[aim, ("title", "十二月的事")]).await;
        let mut reader = test.visitor();
        let now = reader.get("/notices").await.text();
        assert!(now.contains(&new) && !now.contains(&old), "expired ones leave the list");
        assert!(now.contains("/notices?month=2026-11") && now.contains("2026年11月"), "{now}");
        let archive = reader.get("/notices?month=2026-11").await.text();
        assert!(archive.contains(&old) && !archive.contains(&new), "{archive}");
        for nonsense in ["2026-13", "2026-1", "x", "99999-11", "2026-11-11", "%00"] {
            let page = reader.get(&format!("/notices?month={nonsense}")).await;
            assert_eq!(page.status, StatusCode::OK, "{nonsense}");
            assert!(page.text().contains(&new), "{nonsense} is no month");
        }
    })
    .await;
}

#[tokio::test]
async fn feeds_are_made_once_a_minute_and_anew_when_a_notice_goes_out() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let soon = |title| {
            [
                ("kind", "activity"),
                ("title", title),
                ("aims", "wutong"),
                ("activity_starts", "2026-11-28T09:00"),
                ("activity_ends", "2026-11-28T11:00"),
            ]
        };
        published(&test, &mut staff, &soon("周六义诊")).await;
        for feed in
            ["/notices.atom?community=wutong", "/activities.ics?community=wutong", "/notices/kept?community=wutong"]
        {
            let mut reader = test.visitor();
            let first = reader.get(feed).await.text();
            assert!(first.contains("周六义诊"), "{feed}: {first}");
            // Behind its back, so that one sees whether it is read again.
            crate::outgoing::run(&test, "UPDATE notice SET title = '周日义诊'").await;
            assert_eq!(reader.get(feed).await.text(), first, "{feed} is given out again");
            test.app.clock.advance(SignedDuration::from_secs(60));
            assert!(reader.get(feed).await.text().contains("周日义诊"), "{feed}, a minute later");
            crate::outgoing::run(&test, "UPDATE notice SET title = '周六义诊'").await;
            // What goes out is there at once, in the same second as well.
            published(&test, &mut staff, &soon("周五理发")).await;
            let now = reader.get(feed).await.text();
            assert!(now.contains("周五理发") && now.contains("周六义诊"), "{feed}: {now}");
            test.app.clock.advance(SignedDuration::from_secs(3600));
        }
    })
    .await;
}

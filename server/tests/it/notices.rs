//! Notices told as stories: staff write, residents read, corrections reach whom the old one reached.

use crate::support::{Answer, Browser, TestApp, on_both};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

/// 梧桐社区 5 栋, with a toddler.
const LIN: &str = "19900000001";
/// 梧桐社区 2 栋.
const ZHOU: &str = "19900000002";
/// 汀兰社区 4 栋.
const GU: &str = "19900000004";
/// Staff of 梧桐社区.
const SHEN: &str = "19900000031";
/// Staff of 杏坞社区.
const QIN: &str = "19900000033";
/// Supervisor of 桐荫街道.
const CHENG: &str = "19900000051";

/// Fields of a fine form, with `change` in place of or beside them.
fn typed<'a>(key: &'a str, change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("form_key", key),
        ("action", "next"),
        ("kind", "outage"),
        ("title", "5 栋停水"),
        ("body", "明天上午 **8:00 至 12:00** 停水。"),
        ("organisation", "wutong"),
        ("aims", "wutong-5"),
        ("fact_label", "停水时间"),
        ("fact_value", "8:00–12:00"),
    ];
    for (name, _) in change {
        fields.retain(|(old, _)| old != name);
    }
    fields.extend(change.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

/// The id at the end of a redirect to `/staff/notices/{id}`.
fn id_in(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let rest = answer.location().strip_prefix("/staff/notices/").expect("a notice").to_owned();
    rest.split('/').next().expect("an id").to_owned()
}

async fn written(staff: &mut Browser, change: &[(&str, &str)]) -> String {
    let key = clock::token();
    id_in(&staff.post("/staff/notices", &typed(&key, change)).await)
}

/// The hidden version on the page of a draft.
async fn version(staff: &mut Browser, id: &str) -> String {
    let page = staff.get(&format!("/staff/notices/{id}")).await.text();
    hidden(&page, "version")
}

fn hidden(page: &str, name: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let select = scraper::Selector::parse(&format!("input[name={name}]")).expect("valid");
    html.select(&select).next().and_then(|input| input.attr("value")).unwrap_or_default().to_owned()
}

async fn published(test: &TestApp, staff: &mut Browser, change: &[(&str, &str)]) -> String {
    let id = written(staff, change).await;
    let version = version(staff, &id).await;
    let answer = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    test.run_jobs().await;
    id
}

/// Messages in somebody's inbox about this notice.
async fn messages(test: &TestApp, phone: &str, notice: &str) -> i64 {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = $1 AND dedupe_key = $2")
            .bind(test.person(phone))
            .bind(format!("notice:{notice}"))
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
    count
}

#[tokio::test]
async fn written_previewed_saved_published_corrected_and_withdrawn() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let key = clock::token();

        // Without JavaScript: the same form comes back with the preview and everything that was typed.
        let answer = staff.post("/staff/notices", &typed(&key, &[("action", "preview")])).await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.text();
        assert!(text.contains("<strong>8:00 至 12:00</strong>") && text.contains("value=\"5 栋停水\""), "{text}");
        assert!(text.contains("明天上午 **8:00 至 12:00** 停水。"), "the text is still in the form");

        let answer = staff.post("/staff/notices", &typed(&key, &[("action", "save"), ("body", "")])).await;
        let id = id_in(&answer);
        let page = format!("/staff/notices/{id}");
        assert_eq!(id_in(&staff.post("/staff/notices", &typed(&key, &[])).await), id, "one form, one notice");
        assert!(staff.get(&page).await.text().contains("还没有写正文"), "what is missing is said");
        let refused = staff.post(&format!("{page}/publish"), &[("version", "1")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = typed("", &[("version", "1")]);
        assert_eq!(staff.post(&format!("{page}/edit"), &fields).await.status, StatusCode::SEE_OTHER);

        // A draft is nobody's business.
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(lin.get(&format!("/notices/{id}")).await.status, StatusCode::NOT_FOUND);
        assert!(!lin.get("/notices").await.text().contains("5 栋停水"));

        let confirm = staff.get(&page).await.text();
        assert!(confirm.contains("人会收到消息"), "the reach is shown before publishing");
        let publish = [("version", "2")];
        let (first, second) =
            tokio::join!(async { staff.clone().post(&format!("{page}/publish"), &publish).await }, async {
                staff.clone().post(&format!("{page}/publish"), &publish).await
            },);
        assert_eq!([first.status, second.status], [StatusCode::SEE_OTHER; 2], "{} {}", first.text(), second.text());
        let (count,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_id = $1 AND action = 'notice.publish'",
        )
        .bind(&id)
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(count, 1, "published once");
        test.run_jobs().await;

        // The one concerned has it in the inbox, and reading it is reading the message.
        assert_eq!(messages(&test, LIN, &id).await, 1);
        assert_eq!(messages(&test, ZHOU, &id).await, 0, "another building");
        let unread = || server::people::inbox::unread(&test.app.db, test.person(LIN));
        assert_eq!(unread().await.expect("counted"), 1);
        assert!(lin.get("/notices").await.text().contains("data-unread"));
        let read = lin.get(&format!("/notices/{id}")).await;
        assert_eq!(read.status, StatusCode::OK);
        assert!(read.text().contains("停水时间") && read.text().contains("<strong>8:00 至 12:00</strong>"));
        assert_eq!(unread().await.expect("counted"), 0);

        // What is out is not edited.
        assert_eq!(staff.get(&format!("{page}/edit")).await.status, StatusCode::SEE_OTHER);
        let edit = staff.post(&format!("{page}/edit"), &typed("", &[("version", "3")])).await;
        assert_eq!(edit.status, StatusCode::CONFLICT);

        // A correction is a new notice; both know of each other.
        let key = clock::token();
        let begun = staff.post(&format!("{page}/correct"), &[("form_key", &key)]).await;
        let correction = id_in(&begun);
        assert_eq!(id_in(&staff.post(&format!("{page}/correct"), &[("form_key", &key)]).await), correction);
        let editor = staff.get(&format!("/staff/notices/{correction}/edit")).await.text();
        assert!(editor.contains("value=\"更正：5 栋停水\""), "{editor}");
        // The person moves away; the correction reaches them all the same.
        let mut tx = test.app.db.begin().await.expect("begin");
        let tinglan = &test.loaded.organisations["tinglan"].0;
        sqlx::query("UPDATE person SET building_id = NULL, community_id = $1 WHERE id = $2")
            .bind(tinglan)
            .bind(test.person(LIN))
            .execute(&mut *tx)
            .await
            .expect("moved");
        tx.commit().await.expect("commit");
        let v = version(&mut staff, &correction).await;
        staff.post(&format!("/staff/notices/{correction}/publish"), &[("version", &v)]).await;
        test.run_jobs().await;
        assert_eq!(messages(&test, LIN, &correction).await, 1);
        let old = lin.get(&format!("/notices/{id}")).await.text();
        assert!(old.contains(&format!("/notices/{correction}")) && old.contains("已更正"), "{old}");
        assert!(lin.get(&format!("/notices/{correction}")).await.text().contains(&format!("/notices/{id}")));

        // Taking back needs a reason, happens once, and reaches everybody too.
        let withdraw = format!("/staff/notices/{correction}/withdraw");
        let refused = staff.post(&withdraw, &[("reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("请写明为什么撤回"));
        for _ in 0..2 {
            let answer = staff.post(&withdraw, &[("reason", "水箱不用清洗了。")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
        test.run_jobs().await;
        let rows: Vec<(String,)> = sqlx::query_as("SELECT id FROM notice WHERE corrects_id = $1")
            .bind(&correction)
            .fetch_all(test.app.db.read())
            .await
            .expect("found");
        assert_eq!(rows.len(), 1, "taken back once");
        assert_eq!(messages(&test, LIN, &rows[0].0).await, 1);
        let gone = lin.get(&format!("/notices/{correction}")).await.text();
        assert!(gone.contains("已撤回") && gone.contains(&format!("/notices/{}", rows[0].0)));
        let why = lin.get(&format!("/notices/{}", rows[0].0)).await.text();
        assert!(why.contains("水箱不用清洗了。") && why.contains(&format!("/notices/{correction}")));
    })
    .await;
}

#[tokio::test]
async fn a_scheduled_notice_goes_out_at_its_time_and_can_be_called_back() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        // The clock says 2026-11-25 10:00.
        let at = [("publish_at", "2026-11-25T12:00"), ("expires_at", "2026-11-26T12:00")];
        let id = published(&test, &mut staff, &at).await;
        let called_back = published(&test, &mut staff, &at).await;
        let answer = staff.post(&format!("/staff/notices/{called_back}/unschedule"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let public = format!("/notices/{id}");
        let mut visitor = test.visitor();
        assert_eq!(visitor.get(&public).await.status, StatusCode::NOT_FOUND, "not yet");
        assert_eq!(messages(&test, LIN, &id).await, 0);

        test.app.clock.advance(SignedDuration::from_hours(2));
        test.run_jobs().await;
        assert_eq!(visitor.get(&public).await.status, StatusCode::OK);
        assert_eq!(messages(&test, LIN, &id).await, 1);
        assert_eq!(visitor.get(&format!("/notices/{called_back}")).await.status, StatusCode::NOT_FOUND);

        // It leaves the lists at its end; the link still works and says so.
        assert!(visitor.get("/notices").await.text().contains(&public));
        test.app.clock.advance(SignedDuration::from_hours(24));
        assert!(!visitor.get("/notices").await.text().contains(&public));
        let expired = visitor.get(&public).await;
        assert_eq!(expired.status, StatusCode::OK);
        assert!(expired.text().contains("过期"), "{}", expired.text());
    })
    .await;
}

#[tokio::test]
async fn staff_stay_in_their_own_community() {
    on_both(|test| async move {
        let mut own = test.signed_in(SHEN).await;
        let mut other = test.signed_in(QIN).await;
        let mut street = test.signed_in(CHENG).await;
        let mut resident = test.signed_in(LIN).await;
        let id = written(&mut own, &[]).await;
        let key = clock::token();
        for path in ["", "/edit"] {
            let page = format!("/staff/notices/{id}{path}");
            assert_eq!(other.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
            assert_eq!(resident.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
            assert_eq!(street.get(&page).await.status, StatusCode::OK, "{page}");
            assert!(test.visitor().get(&page).await.location().starts_with("/login"), "{page}");
        }
        for path in ["edit", "publish", "unschedule", "discard", "correct", "withdraw"] {
            let target = format!("/staff/notices/{id}/{path}");
            let fields = typed(&key, &[("version", "1"), ("reason", "x")]);
            assert_eq!(other.post(&target, &fields).await.status, StatusCode::FORBIDDEN, "{target}");
            assert_eq!(resident.post(&target, &fields).await.status, StatusCode::FORBIDDEN, "{target}");
        }
        assert!(!other.get("/staff/notices").await.text().contains(&id));
        // Not in another's name, and not for another's buildings.
        let answer = other.post("/staff/notices", &typed(&key, &[])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let answer = own.post("/staff/notices", &typed(&key, &[("aims", "xingwu-1")])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let answer = street.post("/staff/notices", &typed(&key, &[("aims", "xingwu-1")])).await;
        let expected = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::FORBIDDEN];
        assert!(expected.contains(&answer.status), "not in the name of a community that is not theirs");
        assert_eq!(own.get("/staff/notices/not-an-id").await.status, StatusCode::NOT_FOUND);
        assert_eq!(own.get("/notices/%00").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn whoever_saves_second_sees_that_and_loses_nothing() {
    on_both(|test| async move {
        let mut first = test.signed_in(SHEN).await;
        let mut second = test.signed_in("19900000032").await;
        let id = written(&mut first, &[]).await;
        let edit = format!("/staff/notices/{id}/edit");
        let theirs = typed("", &[("version", "1"), ("action", "save"), ("title", "先存的标题")]);
        assert_eq!(first.post(&edit, &theirs).await.status, StatusCode::SEE_OTHER);
        let mine = typed("", &[("version", "1"), ("action", "save"), ("title", "后存的标题"), ("body", "后写的正文")]);
        let answer = second.post(&edit, &mine).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let text = answer.text();
        assert!(text.contains("value=\"后存的标题\"") && text.contains("后写的正文"), "nothing typed is lost");
        assert!(text.contains("先存的标题"), "and what the other saved is shown");
        // Saving again is a decision, made with the other version in sight.
        let version = hidden(&text, "version");
        let again = typed("", &[("version", &version), ("action", "save"), ("title", "后存的标题")]);
        assert_eq!(second.post(&edit, &again).await.status, StatusCode::SEE_OTHER);
        // And nobody publishes what they have not seen.
        let answer = first.post(&format!("/staff/notices/{id}/publish"), &[("version", "2")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn messages_are_sent_once_however_often_the_job_runs() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &[("aims", "wutong")]).await;
        let count = || async {
            let (count,): (i64,) =
                sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE dedupe_key = $1")
                    .bind(format!("notice:{id}"))
                    .fetch_one(test.app.db.read())
                    .await
                    .expect("counted");
            count
        };
        let reached = server::notices::store::reach(&test.app.db, &id).await.expect("counted");
        assert_eq!(count().await, reached.people, "everybody who was counted before publishing");
        assert!(reached.people > 3 && reached.households > 400, "{reached:?}");
        let (one, two) = tokio::join!(
            server::notices::service::fan_out(&test.app, &id),
            server::notices::service::fan_out(&test.app, &id)
        );
        one.expect("runs again");
        two.expect("runs again");
        assert_eq!(count().await, reached.people);
        assert_eq!(messages(&test, GU, &id).await, 0, "another community");
    })
    .await;
}

#[tokio::test]
async fn an_emergency_stands_on_every_page_until_it_ends() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut lin = test.signed_in(LIN).await;
        let mut gu = test.signed_in(GU).await;
        let emergency = [
            ("kind", "emergency"),
            ("title", "暴雨红色预警"),
            ("aims", "wutong"),
            ("severity", "severe"),
            ("certainty", "observed"),
            ("starts_at", "2026-11-25T09:00"),
            ("ends_at", "2026-11-25T15:00"),
            ("instruction", "请勿外出"),
        ];
        let id = published(&test, &mut staff, &emergency).await;
        let band = "class=\"emergency\"";
        let page = lin.get("/notices?kind=policy").await.text();
        assert!(page.contains(band) && page.contains(&format!("/notices/{id}")), "{page}");
        assert!(!gu.get("/notices").await.text().contains(band), "it does not concern 汀兰");
        let own = lin.get(&format!("/notices/{id}")).await.text();
        assert!(own.contains("请勿外出") && own.contains("重大") && own.contains("15:00"));
        test.app.clock.advance(SignedDuration::from_hours(5));
        assert!(!lin.get("/notices").await.text().contains(band), "over at 15:00");
    })
    .await;
}

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
        assert!(entries[1]["content"][0].as_str().expect("HTML").contains("<strong>8:00 至 12:00</strong>"), "{feed}");
        assert_eq!(entries[0]["tags"][0][0], "activity");

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
    })
    .await;
}

/// The status for a reader that has what `etag` names.
async fn again(reader: &mut Browser, path: &str, etag: &str) -> StatusCode {
    reader.get_with(path, &[("if-none-match", etag)]).await.status
}

#[tokio::test]
async fn an_emergency_its_update_and_its_cancel_are_valid_alerts() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let emergency = [
            ("kind", "emergency"),
            ("title", "暴雨 <红色> & 预警"),
            ("title_en", "Red rainstorm warning"),
            ("body_en", "Heavy rain."),
            ("aims", "wutong-g1"),
            ("severity", "severe"),
            ("certainty", "observed"),
            ("starts_at", "2026-11-25T09:00"),
            ("ends_at", "2026-11-25T15:00"),
            ("instruction", "请勿外出"),
        ];
        let id = published(&test, &mut staff, &emergency).await;
        let mut reader = test.visitor();
        let mut alert = async |id: &str| {
            let answer = reader.get(&format!("/notices/{id}/cap.xml")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let read = crate::peers::read_alert(&answer.body);
            assert_eq!(read["valid"], true, "{read}\n{}", answer.text());
            read["alert"].clone()
        };
        let first = alert(&id).await;
        assert_eq!((first["msgType"][0].as_str(), first["status"][0].as_str()), (Some("Alert"), Some("Exercise")));
        let info = &first["info"][0];
        assert_eq!(info["event"][0], "暴雨 <红色> & 预警");
        assert_eq!((info["severity"][0].as_str(), info["certainty"][0].as_str()), (Some("Severe"), Some("Observed")));
        assert_eq!(info["urgency"][0], "Immediate");
        assert_eq!(info["expires"][0], "2026-11-25T15:00:00+08:00");
        assert_eq!(info["instruction"][0], "请勿外出");
        assert_eq!(info["area"][0]["geocode"][0]["value"][0], "wutong-g1");
        assert!(info["area"][0]["polygon"][0].as_str().expect("an outline").split(' ').count() >= 4);
        assert_eq!(first["info"][1]["language"][0], "en");
        let name = |alert: &serde_json::Value| {
            ["sender", "identifier", "sent"].map(|part| alert[part][0].as_str().expect("text").to_owned()).join(",")
        };

        test.app.clock.advance(SignedDuration::from_secs(600));
        let key = clock::token();
        let update = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let at = version(&mut staff, &update).await;
        let out = staff.post(&format!("/staff/notices/{update}/publish"), &[("version", &at)]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        let second = alert(&update).await;
        assert_eq!((second["msgType"][0].as_str(), &second["references"][0]), (Some("Update"), &name(&first).into()));

        test.app.clock.advance(SignedDuration::from_secs(600));
        let at = version(&mut staff, &update).await;
        let fields = [("version", at.as_str()), ("reason", "雨停了，预警解除。")];
        let gone = staff.post(&format!("/staff/notices/{update}/withdraw"), &fields).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        let (cancel,): (String,) = sqlx::query_as("SELECT id FROM notice WHERE corrects_id = $1")
            .bind(&update)
            .fetch_one(test.app.db.read())
            .await
            .expect("the withdrawal");
        let third = alert(&cancel).await;
        assert_eq!(third["msgType"][0], "Cancel");
        assert_eq!(third["references"][0], format!("{} {}", name(&second), name(&first)));
        assert_eq!(third["info"][0]["urgency"][0], "Past");

        // Other notices are no alerts.
        let other = published(&test, &mut staff, &[]).await;
        assert_eq!(reader.get(&format!("/notices/{other}/cap.xml")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
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

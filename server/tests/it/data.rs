//! One's own data: all of it is shown and can be taken along, and all of it goes with the account.

use crate::{
    notices::published,
    outgoing::{number, run},
    reports::filed,
    support::{Browser, TestApp, on_both},
    windows::{TOMORROW, book, halls, slot},
};
use axum::http::StatusCode;
use server::{
    clock,
    db::dialect,
    people::store::data::{SECTIONS, statements},
};

const LIN: &str = "19900000001";
const ZHOU: &str = "19900000002";
const SHEN: &str = "19900000031";

/// Columns by which a table says whose something is.
const OWNERS: [&str; 4] = ["person_id", "reporter_id", "uploader_id", "actor_id"];

#[tokio::test]
async fn every_table_that_names_people_is_in_the_file() {
    on_both(|test| async move {
        let mut tx = test.app.db.begin().await.expect("begin");
        let tables = dialect::tables(test.app.db.engine(), &mut tx).await.expect("read");
        let all: Vec<&str> = statements().collect();
        for table in tables {
            let Some((owner, _)) = table.columns.iter().find(|(column, _)| OWNERS.contains(&column.as_str())) else {
                continue;
            };
            // Files of notices and meetings are the community's, not their uploader's.
            if table.name == "stored_file" {
                continue;
            }
            let read =
                all.iter().any(|sql| sql.starts_with("SELECT") && sql.contains(&format!("FROM {} ", table.name)));
            assert!(read, "{}.{owner}: add it to SECTIONS in server/src/people/store/data/sections.rs", table.name);
        }
        let mut names: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SECTIONS.len());
    })
    .await;
}

/// 林 books, waits, reports with a photo, joins, asks, signs up, follows, and has messages. Gives the activity's notice.
async fn live(test: &TestApp) -> String {
    halls(test).await;
    let (mut lin, mut staff) = (test.signed_in(LIN).await, test.signed_in(SHEN).await);
    book(&mut lin, "birth-registration", &slot(TOMORROW, "0900"), "own").await;
    filed(&mut lin, "own-data-000000-1", 1).await;
    let theirs = filed(&mut test.signed_in(ZHOU).await, "own-data-000000-2", 0).await;
    assert_eq!(lin.post(&format!("/reports/{theirs}/join"), &[]).await.status, StatusCode::SEE_OTHER);
    let fields = [
        ("kind", "activity"),
        ("title", "周六包饺子"),
        ("aims", "wutong"),
        ("questions", "1"),
        ("activity_starts", "2026-11-28T09:00"),
        ("activity_ends", "2026-11-28T11:00"),
        ("activity_seats", "1"),
    ];
    let notice = published(test, &mut staff, &fields).await;
    assert_eq!(lin.post(&format!("/notices/{notice}/sign-up"), &[]).await.status, StatusCode::SEE_OTHER);
    let mut zhou = test.signed_in(ZHOU).await;
    assert_eq!(zhou.post(&format!("/notices/{notice}/sign-up"), &[]).await.status, StatusCode::SEE_OTHER);
    let asked = [("form_key", &*clock::token()), ("question", "要带围裙吗？")];
    assert_eq!(lin.post(&format!("/notices/{notice}/questions"), &asked).await.status, StatusCode::SEE_OTHER);
    let follow = [("place", "tinglan"), ("kind", "")];
    assert_eq!(lin.post("/me/follows/add", &follow).await.status, StatusCode::SEE_OTHER);
    test.run_jobs().await;
    notice
}

/// This person of the demonstration is one who may leave; the others go on as they are.
async fn real(test: &TestApp, phone: &str) {
    run(test, &format!("UPDATE person SET demo = 0 WHERE id = '{}'", test.person(phone))).await;
}

async fn leave(browser: &mut Browser, words: bool) -> crate::support::Answer {
    browser.post("/me/data/leave", if words { &[("words", "1")] } else { &[] }).await
}

#[tokio::test]
async fn the_page_counts_and_the_file_has_everything_and_nothing_of_others() {
    on_both(|test| async move {
        let notice = live(&test).await;
        let mut lin = test.signed_in(LIN).await;
        let page = lin.get("/me/data").await.text();
        for part in ["林晓禾", "199****0001", "预约", "上报的问题", "活动报名", "公告下的提问", "下载我的数据"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        let file = lin.get("/api/v1/me/data").await;
        assert_eq!(file.headers["cache-control"], "private, no-store");
        assert!(file.headers["content-disposition"].to_str().expect("text").contains("attachment"));
        let all = file.json();
        assert_eq!(all["person"]["phone"], LIN, "the number in full");
        assert_eq!(all["appointments"][0]["starts_at"], "2026-11-26T01:00:00Z");
        assert!(all["appointments"][0]["answers"].is_object() && !all["appointments"][0]["items"].is_null(), "{all}");
        assert_eq!(all["reports"][0]["description"], "路灯三天没亮了");
        assert_eq!(all["reports"][0]["name_hidden"], false);
        assert_eq!(all["reports"].as_array().map(Vec::len), Some(1), "and not the neighbour's");
        assert_eq!(all["reports_joined"].as_array().map(Vec::len), Some(1));
        assert_eq!(all["photos"].as_array().map(Vec::len), Some(1));
        let photo = all["photos"][0]["address"].as_str().expect("an address").to_owned();
        assert_eq!(lin.get(&photo).await.status, StatusCode::OK);
        assert_eq!(all["sign_ups"][0]["title"], "周六包饺子");
        assert_eq!(all["questions"][0]["question"], "要带围裙吗？");
        assert_eq!(all["questions"][0]["notice"], format!("/notices/{notice}"));
        assert_eq!(all["follows"].as_array().map(Vec::len), Some(1));
        let inbox = all["inbox"].to_string();
        assert!(inbox.contains("周六包饺子") && !inbox.contains("text_key"), "{inbox}");
        assert!(!file.text().contains("19900000002"), "nobody else's number");
        let noted = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'person.take_data'";
        assert_eq!(number(&test, noted).await, 1);
        assert_eq!(test.visitor().get("/api/v1/me/data").await.status, StatusCode::UNAUTHORIZED);
        let mut english = lin.clone();
        english.cookies.insert("linli_lang".into(), "en".into());
        assert!(english.get("/me/data").await.text().contains("Download my data"));
        for _ in 0..19 {
            lin.get("/api/v1/me/data").await;
        }
        assert_eq!(lin.get("/api/v1/me/data").await.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn an_account_is_deleted_with_all_that_it_says_and_its_places_go_to_others() {
    on_both(|test| async move {
        let notice = live(&test).await;
        let lin = test.person(LIN).to_owned();
        let (mut browser, mut elsewhere) = (test.signed_in(LIN).await, test.signed_in(LIN).await);
        // People of the demonstration are everybody's; staff are the community's.
        assert_eq!(leave(&mut browser, false).await.status, StatusCode::CONFLICT);
        real(&test, LIN).await;
        real(&test, SHEN).await;
        let refused = leave(&mut test.signed_in(SHEN).await, false).await;
        assert!(refused.status == StatusCode::CONFLICT && refused.text().contains("工作岗位"), "{}", refused.text());
        let theirs = test.signed_in(SHEN).await.get("/me/data").await.text();
        assert!(theirs.contains("您有工作岗位") && !theirs.contains("/me/data/leave"), "{theirs}");
        run(&test, "UPDATE person SET demo = 1 WHERE unit <> '' OR id IN (SELECT person_id FROM role_grant)").await;

        let (report, code): (String, String) = sqlx::query_as("SELECT id, code FROM report WHERE reporter_id = $1")
            .bind(&lin)
            .fetch_one(test.app.db.read())
            .await
            .expect("a report");
        let gone = leave(&mut browser, false).await;
        assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, "/"), "{}", gone.text());
        assert!(browser.get("/").await.text().contains("账号已注销"));
        for mut old in [browser, elsewhere.clone()] {
            assert!(old.get("/me/inbox").await.location().starts_with("/login"), "signed out everywhere");
        }
        let again = leave(&mut elsewhere, false).await;
        assert!(again.location().starts_with("/login"), "twice is once");
        // What others wait for goes to them.
        let booked = "SELECT CAST(COUNT(*) AS BIGINT) FROM appointment WHERE state = 'booked'";
        assert_eq!(number(&test, booked).await, 0);
        assert_eq!(number(&test, "SELECT CAST(SUM(booked_public) AS BIGINT) FROM slot").await, 0);
        let next = test.signed_in(ZHOU).await.get(&format!("/notices/{notice}")).await.text();
        assert!(next.contains("您已报名，1 人"), "who waited has the seat: {next}");
        // The report goes on, and is nobody's.
        let page = test.visitor().get(&format!("/reports/{code}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let desk = test.signed_in(SHEN).await.get(&format!("/staff/reports/{code}")).await.text();
        assert!(desk.contains("路灯三天没亮了") && !desk.contains("林晓禾") && !desk.contains("199****0001"), "{desk}");
        assert_eq!(server::reports::chain::verify(&test.app.db).await.expect("reads").broken, []);
        // Nothing says any more who it was.
        for section in SECTIONS.iter().filter(|section| !matches!(section.name, "reports_said" | "log")) {
            let rows = server::people::store::data::rows(&test.app.db, section, &lin).await.expect("read");
            let told = serde_json::to_string(&rows).expect("JSON");
            for secret in ["林晓禾", "围裙", "路灯", "199****"] {
                assert!(!told.contains(secret), "{}: {told}", section.name);
            }
            let kept = ["appointments", "notices_sent", "kept_times", "tickets", "waiting", "blocks"];
            assert!(rows.is_empty() || kept.contains(&section.name), "{}: {told}", section.name);
        }
        let (name, phone, hash): (String, String, String) =
            sqlx::query_as("SELECT name, phone_sealed, phone_hash FROM person WHERE id = $1")
                .bind(&lin)
                .fetch_one(test.app.db.read())
                .await
                .expect("the row stays");
        assert_eq!((name.as_str(), phone.as_str(), hash), ("", "", format!("left:{lin}")));
        // The same number begins anew.
        let number_of = app::people::Phone::parse(LIN).expect("a number");
        let mut tx = test.app.db.begin().await.expect("begin");
        let now = test.app.clock.now();
        let anew = server::people::store::find_or_create(&mut tx, &test.app.secrets, &number_of, None, now).await;
        let anew = anew.expect("a person");
        assert!(anew.new && anew.id != lin && anew.name.is_empty());
        tx.commit().await.expect("commit");
        // Whatever is still due about them harms nobody.
        test.app.clock.advance(jiff::SignedDuration::from_hours(24));
        test.run_jobs().await;
        let dead = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'dead' OR last_error <> ''";
        assert_eq!(number(&test, dead).await, 0);
        assert!(!report.is_empty());
    })
    .await;
}

#[tokio::test]
async fn words_and_photos_of_reports_go_as_well_when_that_is_asked_for() {
    on_both(|test| async move {
        live(&test).await;
        real(&test, LIN).await;
        let (photo, code): (String, String) = sqlx::query_as(
            "SELECT p.id, r.code FROM photo p JOIN report r ON r.id = p.owner_id WHERE r.reporter_id = $1",
        )
        .bind(test.person(LIN))
        .fetch_one(test.app.db.read())
        .await
        .expect("a photo");
        assert_eq!(leave(&mut test.signed_in(LIN).await, true).await.status, StatusCode::SEE_OTHER);
        let desk = test.signed_in(SHEN).await.get(&format!("/staff/reports/{code}")).await.text();
        assert!(desk.contains(&code), "{desk}");
        // What may be the same is another's report, in their words.
        let own = desk.split("可能是同一件").next().unwrap_or_default();
        assert!(!own.contains("路灯三天没亮了") && !desk.contains(&photo), "{desk}");
        let left: (String, String) = sqlx::query_as("SELECT description, place_text FROM report WHERE code = $1")
            .bind(&code)
            .fetch_one(test.app.db.read())
            .await
            .expect("the report stays");
        assert_eq!(left, (String::new(), String::new()));
        let blob = test.app.blobs.get(&photo, server::photos::blobs::Variant::Full).await.expect("the store answers");
        assert!(blob.is_none(), "its bytes are gone");
        assert_eq!(server::reports::chain::verify(&test.app.db).await.expect("reads").broken, []);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_at_the_hall_finishes_first() {
    on_both(|test| async move {
        halls(&test).await;
        real(&test, LIN).await;
        let mut lin = test.signed_in(LIN).await;
        book(&mut lin, "birth-registration", &slot(TOMORROW, "0900"), "own").await;
        run(&test, "UPDATE appointment SET state = 'checked_in'").await;
        let refused = leave(&mut lin, false).await;
        assert!(
            refused.status == StatusCode::CONFLICT && refused.text().contains("请办完再注销"),
            "{}",
            refused.text()
        );
        assert_eq!(lin.get("/me/data").await.status, StatusCode::OK, "nothing is gone");
        // Who acted for the community once keeps their name in its records, and nothing else.
        run(&test, "UPDATE appointment SET state = 'done'").await;
        let sql = format!("UPDATE report_event SET actor_id = '{}', actor_kind = 'handler'", test.person(LIN));
        filed(&mut test.signed_in(ZHOU).await, "own-data-000000-3", 0).await;
        run(&test, &sql).await;
        assert_eq!(leave(&mut lin, false).await.status, StatusCode::SEE_OTHER);
        let (name, phone): (String, String) = sqlx::query_as("SELECT name, phone_masked FROM person WHERE id = $1")
            .bind(test.person(LIN))
            .fetch_one(test.app.db.read())
            .await
            .expect("the row");
        assert_eq!((name.as_str(), phone.as_str()), ("林晓禾", ""));
    })
    .await;
}

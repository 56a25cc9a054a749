//! Drafts: begun from a template, saving themselves, with every version kept, and what each kind needs before it goes out.

use super::{CHENG, LIN, QIN, SHEN, hidden, id_in, typed, version, written};
use crate::support::{Answer, Browser, TestApp, on_both};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::clock;

/// A second worker of 梧桐社区.
const TIAN: &str = "19900000032";

#[tokio::test]
async fn each_kind_begins_with_words_to_fill_in_and_goes_out_only_when_it_says_what_it_must() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let chooser = staff.get("/staff/notices/new").await.text();
        for kind in ["outage", "activity", "policy", "service", "disclosure", "emergency"] {
            assert!(chooser.contains(&format!("/staff/notices/new?kind={kind}")), "{chooser}");
            let page = staff.get(&format!("/staff/notices/new?kind={kind}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text().contains("〔填"), "{kind} has something to fill in");
        }
        let blank = staff.get("/staff/notices/new?kind=service&blank=1").await.text();
        assert!(!blank.contains("〔填"));
        let disclosure = staff.get("/staff/notices/new?kind=disclosure").await.text();
        assert_eq!(hidden(&disclosure, "ends_at"), "2026-12-02T17:30", "a week for objections");

        // Written without what the kind needs: the page says what is missing, and publishing is refused.
        let none = [("starts_at", ""), ("ends_at", ""), ("place", ""), ("activity_starts", ""), ("activity_ends", "")];
        let cases = [
            ("outage", "从几点到几点"),
            ("activity", "活动要写明什么时候开始"),
            ("disclosure", "哪天截止提意见"),
            ("disclosure", "有意见找谁"),
        ];
        for (kind, said) in cases {
            let id = written(&mut staff, &[&none[..], &[("kind", kind)]].concat()).await;
            let page = staff.get(&format!("/staff/notices/{id}")).await.text();
            assert!(page.contains(said), "{kind}: {page}");
            let refused = staff.post(&format!("/staff/notices/{id}/publish"), &[("version", "1")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}");
            assert!(refused.text().contains(said));
        }
        let nowhere = written(&mut staff, &[("kind", "activity"), ("activity_place", "")]).await;
        assert!(staff.get(&format!("/staff/notices/{nowhere}")).await.text().contains("活动要写明在哪儿"));
        let late = [("kind", "disclosure"), ("starts_at", ""), ("ends_at", "2026-11-25T09:00")];
        let id = written(&mut staff, &late).await;
        assert!(staff.get(&format!("/staff/notices/{id}")).await.text().contains("截止时间已经过了"));
        let blank = written(&mut staff, &[("fact_value", "〔填 原因〕")]).await;
        assert!(staff.get(&format!("/staff/notices/{blank}")).await.text().contains("没换成实际内容"));
        let refused = staff.post(&format!("/staff/notices/{blank}/publish"), &[("version", "1")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

        // With all of it, readers see when and where in their own language, before the text.
        let id = super::published(&test, &mut staff, &[("kind", "disclosure")]).await;
        let page = test.visitor().get(&format!("/notices/{id}")).await.text();
        assert!(page.contains("11月26日 周四 08:00–12:00") && page.contains("社区居委会"), "{page}");
        let page = test.visitor().get(&format!("/notices/{id}?lang=en")).await.text();
        assert!(page.contains("Thu 26 November 08:00–12:00"), "{page}");
        let detail = test.visitor().get(&format!("/api/v1/notices/{id}")).await.json();
        assert_eq!(
            (detail["place"].as_str(), &detail["emergency"]),
            (Some("社区居委会 0510-80000101"), &serde_json::Value::Null)
        );
        assert_eq!(detail["starts_at"], "2026-11-26T00:00:00Z");
    })
    .await;
}

async fn saves_itself(staff: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().copied().filter(|(name, _)| *name != "action").chain([("action", "autosave")]).collect();
    staff.post(path, &fields).await
}

#[tokio::test]
async fn a_draft_saves_itself_and_overwrites_nobody() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let key = clock::token();
        let untitled = saves_itself(&mut staff, "/staff/notices", &typed(&key, &[("title", " ")])).await;
        assert_eq!(untitled.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(untitled.json()["detail"], "请写标题");

        let saved = saves_itself(&mut staff, "/staff/notices", &typed(&key, &[])).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
        let told = saved.json();
        assert_eq!((&told["version"], &told["at"], &told["again"]), (&1.into(), &"10:00".into(), &false.into()));
        assert!(told["reach"].as_str().expect("a sentence").contains("5栋"), "{told}");
        let id = told["id"].as_str().expect("an id").to_owned();
        let edit = format!("/staff/notices/{id}/edit");

        // The answer was lost on the way, and the form went again with more in it: the same draft, to be saved once more.
        test.app.clock.advance(SignedDuration::from_secs(20));
        let again = saves_itself(&mut staff, "/staff/notices", &typed(&key, &[("title", "改过")])).await.json();
        assert_eq!((again["id"].as_str(), &again["again"]), (Some(id.as_str()), &true.into()));

        let next = saves_itself(&mut staff, &edit, &typed("", &[("version", "1"), ("title", "二")])).await.json();
        assert_eq!(next["version"], 2);
        // A colleague saves; what was typed before that does not go over it.
        let mut colleague = test.signed_in(TIAN).await;
        let theirs = typed("", &[("version", "2"), ("action", "save"), ("title", "同事的标题")]);
        assert_eq!(colleague.post(&edit, &theirs).await.status, StatusCode::SEE_OTHER);
        let late = saves_itself(&mut staff, &edit, &typed("", &[("version", "2"), ("title", "我的标题")])).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(staff.get(&edit).await.text().contains("同事的标题"), "nothing was overwritten");
        // The ordinary button shows word by word what differs.
        let mine = typed("", &[("version", "2"), ("action", "save"), ("title", "我的标题")]);
        let shown = staff.post(&edit, &mine).await;
        assert_eq!(shown.status, StatusCode::CONFLICT);
        assert!(shown.text().contains("<del>") && shown.text().contains("<ins>"), "{}", shown.text());

        // Neither a stranger nor somebody signed out saves anything.
        let mut other = test.signed_in(QIN).await;
        let refused = saves_itself(&mut other, &edit, &typed("", &[("version", "3")])).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let out = saves_itself(&mut test.visitor(), &edit, &typed("", &[("version", "3")])).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Who saved what, as the table of versions says it: the newest first.
async fn rows(staff: &mut Browser, id: &str) -> Vec<String> {
    let page = staff.get(&format!("/staff/notices/{id}/versions")).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = scraper::Html::parse_document(&page.text());
    let row = scraper::Selector::parse("tbody tr").expect("valid");
    html.select(&row).map(|row| row.text().collect::<Vec<_>>().join(" ")).collect()
}

/// The texts of all elements of a kind.
fn pieces(page: &str, element: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(page);
    let select = scraper::Selector::parse(element).expect("valid");
    html.select(&select).map(|piece| piece.text().collect()).collect()
}

#[tokio::test]
async fn every_save_is_kept_compared_and_can_be_gone_back_to() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = written(&mut staff, &[("body", "明天上午停水。")]).await;
        let edit = format!("/staff/notices/{id}/edit");
        // Typing for a while is one sitting, and leaves one version.
        for (at, body) in [("1", "明天上午停水，"), ("2", "明天上午停水，请"), ("3", "明天上午停水，请储水。")]
        {
            test.app.clock.advance(SignedDuration::from_secs(30));
            let saved = saves_itself(&mut staff, &edit, &typed("", &[("version", at), ("body", body)])).await;
            assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
        }
        assert_eq!(rows(&mut staff, &id).await.len(), 2);
        let (entries,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE object_id = $1 AND action = 'notice.save'",
        )
        .bind(&id)
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(entries, 1, "one entry for the sitting");
        let mut colleague = test.signed_in(TIAN).await;
        let change = [("version", "4"), ("action", "save"), ("body", "明天下午停水，请储水。"), ("aims", "wutong-3")];
        assert_eq!(colleague.post(&edit, &typed("", &change)).await.status, StatusCode::SEE_OTHER);
        let all = rows(&mut staff, &id).await;
        assert_eq!(all.len(), 3);
        assert!(all[0].contains("第 3 稿") && all[0].contains("手动") && all[1].contains("自动"), "{all:?}");

        let latest = staff.get(&format!("/staff/notices/{id}/versions")).await.text();
        assert_eq!(pieces(&latest, "del"), ["删去：上", "删去：5"], "by characters, and aims by their names");
        assert_eq!(pieces(&latest, "ins"), ["加上：下", "加上：3"]);
        assert!(!latest.contains("恢复到这一稿"), "it is the latest one");
        let first = staff.get(&format!("/staff/notices/{id}/versions?version=1")).await.text();
        assert!(first.contains("这是第一稿") && first.contains("恢复到这一稿"), "{first}");
        assert_eq!(staff.get(&format!("/staff/notices/{id}/versions?version=77")).await.status, StatusCode::NOT_FOUND);

        let restore = format!("/staff/notices/{id}/versions/restore");
        let stale = staff.post(&restore, &[("version", "1"), ("current", "4")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody saved since");
        let back = staff.post(&restore, &[("version", "1"), ("current", "5")]).await;
        assert_eq!(back.location(), edit);
        assert!(staff.get(&edit).await.text().contains("明天上午停水。"));
        assert_eq!(rows(&mut staff, &id).await.len(), 4, "going back loses nothing");

        // Other communities and residents see no versions; a street's supervisor does.
        let page = format!("/staff/notices/{id}/versions");
        assert_eq!(test.signed_in(QIN).await.get(&page).await.status, StatusCode::FORBIDDEN);
        assert_eq!(test.signed_in(LIN).await.get(&page).await.status, StatusCode::FORBIDDEN);
        assert_eq!(test.signed_in(CHENG).await.get(&page).await.status, StatusCode::OK);

        // What is out is not gone back from.
        let at = version(&mut staff, &id).await;
        staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        let refused = staff.post(&restore, &[("version", "1"), ("current", "7")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let gone = staff.post(&format!("/staff/notices/{id}/discard"), &[]).await;
        assert_eq!(gone.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn staff_see_a_notice_with_a_residents_eyes() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let change = [("aims", "wutong-7"), ("title_en", "Water off"), ("body_en", "Tomorrow.")];
        let id = written(&mut staff, &change).await;
        let page = format!("/staff/notices/{id}/preview");
        let seen = staff.get(&format!("{page}?building=wutong-7&size=large")).await;
        assert_eq!(seen.status, StatusCode::OK);
        let text = seen.text();
        assert!(text.contains("data-size=\"large\"") && text.contains("这栋楼的居民会收到"), "{text}");
        assert!(!text.contains("data-area=\"staff\""), "in the residents' frame");
        let other = staff.get(&format!("{page}?building=wutong-5")).await.text();
        assert!(!other.contains("data-size=\"large\"") && other.contains("这栋楼的居民不会收到"), "{other}");
        let english = staff.get(&format!("{page}?in=en")).await.text();
        assert!(english.contains("<html lang=\"en\"") && english.contains("Tomorrow."), "{english}");
        assert!(english.contains("这栋楼的居民会收到"), "the choice stays in the words of whoever looks");
        assert_eq!(staff.get(&format!("{page}?building=xingwu-1")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(test.signed_in(QIN).await.get(&page).await.status, StatusCode::FORBIDDEN);

        // It is the page that they get: the same article, once it is out.
        let article = |page: &str| {
            let html = scraper::Html::parse_document(page);
            let article = scraper::Selector::parse("article.notice").expect("valid");
            html.select(&article).next().expect("the notice").html()
        };
        let before = article(&text);
        let at = version(&mut staff, &id).await;
        staff.post(&format!("/staff/notices/{id}/publish"), &[("version", &at)]).await;
        let mut resident = test.signed_in(LIN).await;
        resident.cookies.insert("linli_size".into(), "large".into());
        let read = resident.get(&format!("/notices/{id}")).await.text();
        assert_eq!(article(&read), before);
    })
    .await;
}

/// A draft that was begun twice is one draft; nobody else's key gives it away.
#[tokio::test]
async fn a_forms_key_is_its_writers() {
    on_both(|test: TestApp| async move {
        let key = clock::token();
        let mut staff = test.signed_in(SHEN).await;
        id_in(&staff.post("/staff/notices", &typed(&key, &[])).await);
        let mut colleague = test.signed_in(TIAN).await;
        let refused = colleague.post("/staff/notices", &typed(&key, &[])).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

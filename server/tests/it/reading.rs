//! Reading told as stories: what is near first, what changed since the last visit, search, the picture of a shared link, and
//! notices outside of our pages: on a television, in other people's pages, kept on a phone.

use crate::{
    notices::{EMERGENCY, id_in, published, version},
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use server::{clock, db::Engine};

/// 梧桐社区 5 栋.
const LIN: &str = "19900000001";
/// Staff of 梧桐社区.
const SHEN: &str = "19900000031";
/// Supervisor of 桐荫街道.
const CHENG: &str = "19900000051";

/// Ids of the notices that a page leads to, in their order.
fn ids(page: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(page);
    let select = scraper::Selector::parse("main a[href^='/notices/']").expect("valid");
    let paths = html.select(&select).filter_map(|link| link.attr("href")?.strip_prefix("/notices/"));
    paths.filter(|id| id.len() == 36).map(str::to_owned).collect()
}

async fn correct(test: &TestApp, staff: &mut Browser, id: &str) -> String {
    let key = clock::token();
    let correction = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
    let at = version(staff, &correction).await;
    let out = staff.post(&format!("/staff/notices/{correction}/publish"), &[("version", &at)]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
    test.run_jobs().await;
    correction
}

#[tokio::test]
async fn the_home_page_begins_with_ones_own_building() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut street = test.signed_in(CHENG).await;
        let later = || test.app.clock.advance(SignedDuration::from_secs(60));
        let grid_of_lin: (String,) = sqlx::query_as(
            "SELECT g.code FROM person p JOIN organisation b ON b.id = p.building_id \
             JOIN organisation g ON g.id = b.parent_id WHERE p.id = $1",
        )
        .bind(test.person(LIN))
        .fetch_one(test.app.db.read())
        .await
        .expect("a grid");
        let building = published(&test, &mut staff, &[("aims", "wutong-5")]).await;
        later();
        let grid = published(&test, &mut staff, &[("aims", &grid_of_lin.0)]).await;
        later();
        let community = published(&test, &mut staff, &[("aims", "wutong")]).await;
        later();
        let all = published(&test, &mut street, &[("aims", "tongyin"), ("organisation", "tongyin")]).await;
        later();
        let other = published(&test, &mut staff, &[("aims", "wutong-8")]).await;
        let mut lin = test.signed_in(LIN).await;
        let page = lin.get("/").await.text();
        assert_eq!(ids(&page), [&building, &grid, &community, &all].map(Clone::clone), "the oldest, but the nearest");
        assert!(page.contains("您这栋楼") && page.contains("您的网格"), "{page}");
        // A visitor's building is unknown: the newest first, and all of the community.
        let mut visitor = test.visitor();
        visitor.cookies.insert("linli_community".to_owned(), "wutong".to_owned());
        assert_eq!(ids(&visitor.get("/").await.text()), [&other, &all, &community, &grid, &building].map(Clone::clone));
        // After two weeks what is near is no longer above what is new.
        test.app.clock.advance(SignedDuration::from_hours(24 * 15));
        let news = published(&test, &mut test.signed_in(SHEN).await, &[("aims", "wutong")]).await;
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(ids(&lin.get("/").await.text()), [&news, &all, &community, &grid, &building].map(Clone::clone));
        // Another community is looked at: the building says nothing about it.
        lin.cookies.insert("linli_community".to_owned(), "tinglan".to_owned());
        assert!(ids(&lin.get("/").await.text()).is_empty());
        // What is no community leaves one's own.
        for code in ["nowhere", "wutong-5", ""] {
            lin.cookies.insert("linli_community".to_owned(), code.to_owned());
            assert_eq!(ids(&lin.get("/").await.text()), [&news, &all, &community, &grid, &building].map(Clone::clone));
        }
    })
    .await;
}

#[tokio::test]
async fn the_home_page_looks_ninety_days_back_and_at_what_is_pinned() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let old = published(&test, &mut staff, &[("aims", "wutong"), ("title", "旧的")]).await;
        let pinned = published(&test, &mut staff, &[("aims", "wutong"), ("pinned", "1")]).await;
        test.app.clock.advance(SignedDuration::from_hours(24 * 91));
        let new = published(&test, &mut test.signed_in(SHEN).await, &[("aims", "wutong"), ("title", "新的")]).await;
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(ids(&lin.get("/").await.text()), [&pinned, &new].map(Clone::clone));
        assert!(ids(&lin.get("/notices").await.text()).contains(&old), "the list has them all");
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_told_what_changed_since_its_last_visit_and_the_server_keeps_nothing() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let old = published(&test, &mut staff, &[("aims", "wutong"), ("title", "旧的")]).await;
        let untouched = published(&test, &mut staff, &[("aims", "wutong"), ("title", "没变的")]).await;
        let mut reader = test.visitor();
        reader.cookies.insert("linli_community".to_owned(), "wutong".to_owned());
        let first = reader.get("/notices").await.text();
        assert!(!first.contains("看过之后"), "the first visit has nothing to compare");
        test.app.clock.advance(SignedDuration::from_mins(10));
        assert!(!reader.get("/notices").await.text().contains("看过之后"), "the visit goes on");

        test.app.clock.advance(SignedDuration::from_hours(20));
        let again = reader.get("/notices").await.text();
        assert!(again.contains("没有新公告"), "{again}");
        test.app.clock.advance(SignedDuration::from_mins(1));
        let mut staff = test.signed_in(SHEN).await;
        let new = published(&test, &mut staff, &[("aims", "wutong"), ("title", "新的")]).await;
        let correction = correct(&test, &mut staff, &old).await;
        let page = reader.get("/notices").await.text();
        assert!(page.contains("有 3 条新的或有更正"), "a new one, a correction, and what it corrects: {page}");
        let line = page.find("以下上次都有").expect("a line");
        let at = |id: &str| page.find(&format!("href=\"/notices/{id}\"")).expect("listed");
        assert!(at(&new) < line && at(&correction) < line && at(&old) > line && at(&untouched) > line, "{page}");
        let only = reader.get("/notices?new=1").await.text();
        let mut found = ids(&only);
        found.sort();
        let mut expected = [new, correction, old];
        expected.sort();
        assert_eq!(found, expected);
        // Nonsense in the cookie is a first visit.
        for nonsense in ["x", "1.2.3", "9999999999999999999.0", "-1.-1"] {
            reader.cookies.insert("linli_seen".to_owned(), nonsense.to_owned());
            let page = reader.get("/notices?new=1").await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text().contains(&untouched), "{nonsense}");
        }
    })
    .await;
}

#[tokio::test]
async fn search_finds_words_of_two_characters_wherever_they_stand_and_all_of_several() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let aim = ("aims", "wutong");
        let text = "居民您好：本周三上午社区卫生站来给六十五岁以上的老人量血压测血糖，请带好社保卡。";
        let body = published(&test, &mut staff, &[aim, ("title", "卫生站通知"), ("body", text)]).await;
        let title = published(&test, &mut staff, &[aim, ("title", "测量血压的好办法"), ("body", "在家也能量。")]).await;
        let fact = [aim, ("title", "改地方"), ("body", "换了。"), ("fact_label", "地点"), ("fact_value", "二楼活动室")];
        let fact = published(&test, &mut staff, &fact).await;
        let mut reader = test.visitor();
        let mut found = async |words: &str| {
            let query: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
            ids(&reader.get(&format!("/notices?q={query}")).await.text())
        };
        assert_eq!(found("血糖").await, std::slice::from_ref(&body), "in the middle of a sentence");
        assert_eq!(found("血压").await, [&title, &body].map(Clone::clone), "the title first");
        assert_eq!(found("社保 血压").await, std::slice::from_ref(&body), "both words, in any order");
        assert_eq!(found("血压　老人").await, std::slice::from_ref(&body), "with a Chinese space");
        assert_eq!(found("活动室").await, std::slice::from_ref(&fact), "in the facts");
        assert_eq!(found("label").await, Vec::<String>::new(), "what is stored around them is nobody's word");
        assert_eq!(found("血液").await, Vec::<String>::new());
        assert_eq!(found("血压 冰块").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_shared_link_has_a_picture_with_its_title() {
    const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
    let with = TestApp::with(Engine::Sqlite, |config| config.card_font = Some(FONT.into())).await;
    let without = TestApp::new(Engine::Sqlite).await;
    let mut sizes = Vec::new();
    for test in [&with, &without] {
        let mut staff = test.signed_in(SHEN).await;
        let long = "更正：3、5、7 栋停水改到下午 13:00 至 17:00，送水上门请打社区电话，恢复供水后先放一两分钟再用";
        let id = published(test, &mut staff, &[("title", long), ("aims", "wutong")]).await;
        let mut reader = test.visitor();
        let page = reader.get(&format!("/notices/{id}")).await.text();
        let address = format!("http://linli.test/notices/{id}/card.png?lang=zh-CN");
        let html = scraper::Html::parse_document(&page);
        let meta = |name: &str| {
            let select = scraper::Selector::parse(&format!("meta[property='{name}']")).expect("valid");
            html.select(&select).next().and_then(|meta| meta.attr("content")).unwrap_or_default().to_owned()
        };
        assert_eq!(meta("og:image"), address);
        assert_eq!(meta("og:url"), format!("http://linli.test/notices/{id}"));
        assert_eq!((meta("og:image:width").as_str(), meta("og:type").as_str()), ("1200", "article"));
        assert!(meta("og:title").starts_with(long) && meta("og:description").contains("8:00 至 12:00"));
        let path = format!("/notices/{id}/card.png?lang=zh-CN");
        let answer = reader.get(&path).await;
        assert_eq!(answer.headers["content-type"], "image/png");
        assert_eq!(answer.headers["cache-control"], "public, max-age=86400");
        let picture = image::load_from_memory(&answer.body).expect("a picture").to_rgb8();
        assert_eq!((picture.width(), picture.height()), (1200, 630));
        let dark = picture.pixels().filter(|pixel| pixel.0.iter().all(|part| *part < 80)).count();
        sizes.push(dark);
        let etag = answer.headers["etag"].to_str().expect("text").to_owned();
        let again = reader.get_with(&path, &[("if-none-match", &etag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
    assert!(sizes[0] > 5000, "there are letters: {sizes:?}");
    assert_eq!(sizes[1], 0, "and without a font there are none");
    let mut visitor = with.visitor();
    assert_eq!(visitor.get("/notices/00000000-0000-7000-8000-000000000000/card.png").await.status, 404);
}

#[tokio::test]
async fn other_pages_may_frame_the_list_and_nothing_else() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let evil = "停水<script>alert(1)</script>";
        let id = published(&test, &mut staff, &[("title", evil), ("title_en", "Water off"), ("aims", "wutong")]).await;
        let path = "/embed/notices?community=wutong";
        // Somebody who is signed in, to see that nothing of them is in it.
        let mut reader = test.signed_in(LIN).await;
        let answer = reader.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = answer.headers["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.contains("frame-ancestors *") && policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("script-src"), "{policy}");
        assert!(!answer.headers.contains_key("set-cookie") && !answer.headers.contains_key("x-frame-options"));
        assert_eq!(answer.headers["cache-control"], "public, max-age=300");
        let text = answer.text();
        assert!(!text.contains("<script") && !text.contains("<form") && !text.contains("data-who"), "{text}");
        assert!(text.contains(&format!("href=\"/notices/{id}\" target=\"_top\"")), "{text}");
        assert_eq!(test.visitor().get(path).await.body, answer.body, "the same for everybody");
        let english = reader.get(&format!("{path}&lang=en")).await.text();
        assert!(english.contains("lang=\"en\"") && english.contains("Water off"), "{english}");
        let none = reader.get(&format!("{path}&kind=policy")).await.text();
        assert!(!none.contains(&id) && none.contains("现在没有公告"));
        let etag = answer.headers["etag"].to_str().expect("text").to_owned();
        assert_eq!(reader.get_with(path, &[("if-none-match", &etag)]).await.status, StatusCode::NOT_MODIFIED);
        assert_eq!(reader.get("/embed/notices?community=nowhere").await.status, StatusCode::NOT_FOUND);
        assert_eq!(reader.get("/embed/notices?kind=nothing").await.status, StatusCode::BAD_REQUEST);
        for page in ["/notices", "/", &format!("/notices/{id}"), "/board/notices?community=wutong"] {
            let policy = reader.get(page).await.headers["content-security-policy"].to_str().expect("text").to_owned();
            assert!(policy.contains("frame-ancestors 'none'"), "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_phone_keeps_is_public_and_bounded_and_asked_for_cheaply() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut all = Vec::new();
        for n in 0..32 {
            let title = format!("第 {n} 条");
            all.push(published(&test, &mut staff, &[("title", &title), ("aims", "wutong")]).await);
            test.app.clock.advance(SignedDuration::from_secs(60));
        }
        let mut lin = test.signed_in(LIN).await;
        let page = lin.get("/notices").await.text();
        let html = scraper::Html::parse_document(&page);
        let select = scraper::Selector::parse("meta[name=linli-keep]").expect("valid");
        let address = html.select(&select).next().and_then(|meta| meta.attr("content")).expect("named").to_owned();
        assert_eq!(address, "/notices/kept?shell=1&community=wutong&lang=zh-CN&size=ordinary");
        let kept = lin.get(&address).await;
        let text = kept.text();
        let held = all.iter().filter(|id| text.contains(&format!("id=\"n-{id}\""))).count();
        assert_eq!(held, 30, "the latest thirty");
        assert!(text.contains(&format!("id=\"n-{}\"", all[31])) && text.contains("8:00 至 12:00"), "whole texts");
        assert!(!text.contains("data-who") && !text.contains("林晓禾"), "it knows nobody: {text}");
        assert_eq!(test.visitor().get(&address).await.body, kept.body);
        let etag = kept.headers["etag"].to_str().expect("text").to_owned();
        test.app.clock.advance(SignedDuration::from_hours(2));
        let again = test.visitor().get_with(&address, &[("if-none-match", &etag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "two hours later nothing has changed");
        let large = test.visitor().get("/notices/kept?shell=1&community=wutong&lang=en&size=large").await.text();
        assert!(large.contains("data-size=\"large\"") && large.contains("lang=\"en\""));
        // A draft is nobody's business.
        let (drafts,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE state = 'published'")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(drafts, 32);

        // Made once a minute, not at each look; but what goes out is there at once.
        let before = test.visitor().get(&address).await.body;
        crate::outgoing::run(&test, "UPDATE notice SET title = '别的题目'").await;
        assert_eq!(test.visitor().get(&address).await.body, before);
        let newest = published(&test, &mut test.signed_in(SHEN).await, &[("aims", "wutong")]).await;
        assert!(test.visitor().get(&address).await.text().contains(&format!("id=\"n-{newest}\"")));
    })
    .await;
}

#[tokio::test]
async fn a_television_takes_turns_and_an_emergency_takes_over() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let mut screen = test.signed_in(SHEN).await;
        let board = "/board/notices?community=wutong";
        assert!(screen.get(board).await.text().contains("现在没有公告"));
        for (title, aim) in [("五栋停水", "wutong-5"), ("八栋停梯", "wutong-8"), ("全社区体检", "wutong")]
        {
            published(&test, &mut staff, &[("title", title), ("aims", aim)]).await;
            test.app.clock.advance(SignedDuration::from_secs(1));
        }
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..6 {
            let page = screen.get(board).await.text();
            assert!(!page.contains("沈雨桐") && !page.contains("data-who=\"\" data-who"), "{page}");
            assert!(page.contains("http-equiv=\"refresh\"") && page.contains("扫码看全文"), "{page}");
            let html = scraper::Html::parse_document(&page);
            let select = scraper::Selector::parse(".noticeboard h1").expect("valid");
            let title: String = html.select(&select).next().expect("a title").text().collect();
            seen.insert(title);
            test.app.clock.advance(SignedDuration::from_secs(12));
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["五栋停水", "全社区体检", "八栋停梯"]);
        // In the lift of building 5: what is for it.
        let lift = "/board/notices?building=wutong-5";
        for _ in 0..4 {
            let page = screen.get(lift).await.text();
            assert!(!page.contains("八栋停梯") && page.contains("梧桐社区"), "{page}");
            test.app.clock.advance(SignedDuration::from_secs(12));
        }
        let words = [("title", "暴雨红色预警"), ("body", "下午有短时强降雨。"), ("fact_label", ""), ("fact_value", "")];
        let emergency = [&EMERGENCY[..], &words].concat();
        let id = published(&test, &mut staff, &emergency).await;
        for path in [board, lift] {
            for _ in 0..3 {
                let page = screen.get(path).await.text();
                assert!(page.contains("暴雨红色预警") && page.contains("请勿外出"), "{page}");
                assert!(page.contains("data-state=\"emergency\"") && !page.contains("停水"), "nothing else: {page}");
                test.app.clock.advance(SignedDuration::from_secs(12));
            }
        }
        // Of two at once each gets its turn.
        let second = published(&test, &mut staff, &[&EMERGENCY[..], &[("title", "西门燃气泄漏")]].concat()).await;
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..4 {
            let page = screen.get(board).await.text();
            assert!(page.contains("data-state=\"emergency\"") && !page.contains("全社区体检"), "{page}");
            seen.insert(page.contains("西门燃气泄漏"));
            test.app.clock.advance(SignedDuration::from_secs(12));
        }
        assert_eq!(seen.len(), 2, "both are shown");
        staff.post(&format!("/staff/notices/{second}/withdraw"), &[("reason", "已修好。")]).await;
        staff.post(&format!("/staff/notices/{id}/withdraw"), &[("reason", "雨停了。")]).await;
        assert!(!screen.get(board).await.text().contains("data-state=\"emergency\""));
        for path in ["/board/notices", "/board/notices?community=nowhere", "/board/notices?building=wutong"] {
            assert_eq!(test.visitor().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let links = staff.get("/staff/notices/screens").await.text();
        for part in [board, lift, "/embed/notices?community=wutong", "/activities.ics?community=wutong"] {
            assert!(links.contains(part), "{part} in {links}");
        }
        assert!(staff.get("/staff/notices").await.text().contains("href=\"/staff/notices/screens\""));
    })
    .await;
}

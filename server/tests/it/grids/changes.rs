//! A change of the net, told as stories: what moves, what stays, when, and by whom.

use super::{JIANG, path, planned, send, split, text};
use crate::{
    notices, patrol,
    reports::{GRID_WORKER, NEIGHBOUR, RESIDENT, STAFF, STAFF_ELSEWHERE, filed, key, staff_step},
    support::{Browser, TestApp, on_both},
};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

const REPORT_PATH: &str = "SELECT path FROM report WHERE code = $1";
const REPORT_GRID: &str = "SELECT g.code FROM report r JOIN organisation g ON g.id = r.grid_id WHERE r.code = $1";

#[tokio::test(flavor = "multi_thread")]
async fn open_work_follows_its_building_and_the_past_stays() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let mut staff = test.signed_in(STAFF).await;
        let [waits, sent, over] = [
            filed(&mut resident, &key(1), 0).await,
            filed(&mut resident, &key(2), 0).await,
            filed(&mut resident, &key(3), 0).await,
        ];
        staff_step(&mut staff, &sent, "accept", &[]).await;
        staff_step(&mut staff, &sent, "dispatch", &[("to", test.person(GRID_WORKER))]).await;
        staff_step(&mut staff, &over, "reject", &[("text", "不归社区管，请拨 95598。")]).await;
        let at_building = notices::published(&test, &mut staff, &[("aims", "wutong-1")]).await;
        let at_grid = notices::published(&test, &mut staff, &[("aims", "wutong-g1")]).await;
        let mut neighbour = test.signed_in(NEIGHBOUR).await;
        neighbour.post("/me/follows/add", &[("place", "wutong-1"), ("kind", "")]).await;
        let figures = "/staff/reports/statistics?from=2026-11-01&to=2026-11-25&by=grid";
        let before = table(&staff.get(figures).await.text());
        assert!(before.contains("第一网格"), "{before}");
        let (mut lu, mut jiang) = (test.signed_in(GRID_WORKER).await, test.signed_in(JIANG).await);
        assert_eq!(jiang.get(&format!("/staff/reports/{waits}")).await.status, StatusCode::FORBIDDEN);

        let body = json!({ "kind": "move", "into": "wutong-g3", "buildings": ["wutong-1"], "day": "2026-11-25" });
        planned(&mut staff, "wutong-g1", &body).await;

        let (old, new) = ("lanxi/tongyin/wutong/wutong-g1/wutong-1/", "lanxi/tongyin/wutong/wutong-g3/wutong-1/");
        assert_eq!(path(&test, "wutong-1").await, new);
        for (code, expected) in [(&waits, new), (&sent, new), (&over, old)] {
            assert_eq!(text(&test, REPORT_PATH, code).await, expected, "{code}");
            assert_eq!(text(&test, REPORT_GRID, code).await, "wutong-g1", "where it was filed");
        }
        // What waits is the other grid's now; what was sent stays with its owner.
        assert_eq!(jiang.get(&format!("/staff/reports/{waits}")).await.status, StatusCode::OK);
        assert_eq!(lu.get(&format!("/staff/reports/{waits}")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(lu.get(&format!("/volunteer/reports/{sent}")).await.status, StatusCode::OK);
        assert_eq!(text(&test, "SELECT owner_id FROM report WHERE code = $1", &sent).await, test.person(GRID_WORKER));
        let desk = staff.get("/staff/reports?grid=wutong-g3").await.text();
        assert!(desk.contains(&waits) && desk.contains(&sent) && !desk.contains(&over), "{desk}");
        assert!(staff.get("/staff/reports?grid=wutong-g1&state=rejected").await.text().contains(&over));
        // Figures of what was stay, and so do the answers about the past.
        assert_eq!(table(&staff.get(figures).await.text()), before);
        let aim = "SELECT path FROM notice_aim WHERE notice_id = $1 AND path LIKE '%wutong-1/'";
        assert_eq!(text(&test, aim, &at_building).await, new);
        assert_eq!(text(&test, aim, &at_grid).await, new, "whom it concerned it still concerns");
        assert_eq!(text(&test, "SELECT path FROM follow WHERE path <> $1", "").await, new);
        let page = jiang.get("/staff/grids/wutong-g3").await.text();
        assert!(page.contains("划转楼栋：第一网格 → 第三网格") && page.contains("已生效"), "{page}");
        test.app.clock.advance(SignedDuration::from_hours(24));
        let then = staff.get("/api/v1/staff/grids/wutong-g1/buildings?day=2026-11-24").await.json();
        let codes = |value: &serde_json::Value| -> Vec<String> {
            let all = value.as_array().expect("a list").iter();
            all.map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
        };
        assert_eq!(codes(&then), ["wutong-1", "wutong-2", "wutong-3"]);
        let now = staff.get("/api/v1/staff/grids/wutong-g1/buildings").await.json();
        assert_eq!(codes(&now), ["wutong-2", "wutong-3"]);
        assert!(staff.get("/staff/grids/wutong-g1?day=2026-11-24").await.text().contains("1栋"));
        // What is reopened belongs to where its place is now.
        let mut tx = test.app.db.begin().await.expect("begin");
        let id = text(&test, "SELECT id FROM report WHERE code = $1", &over).await;
        server::grids::store::force::bring_home(&mut tx, &id).await.expect("written");
        tx.commit().await.expect("commit");
        assert_eq!(text(&test, REPORT_PATH, &over).await, new);
    })
    .await;
}

/// The words of the tables of a page.
fn table(page: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let selector = scraper::Selector::parse("main table tbody").expect("a selector");
    html.select(&selector).flat_map(|one| one.text()).collect::<Vec<_>>().join("|")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_waits_for_its_day_and_can_be_withdrawn_before() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let id = planned(&mut staff, "wutong-g1", &split("第五网格", &["wutong-3"], "2026-11-27")).await;
        test.run_jobs().await;
        assert_eq!(path(&test, "wutong-3").await, "lanxi/tongyin/wutong/wutong-g1/wutong-3/");
        let page = staff.get("/staff/grids/wutong-g1").await.text();
        assert!(page.contains("计划中") && page.contains("第五网格"), "{page}");
        assert!(staff.get("/staff/grids").await.text().contains("拆分：第一网格 → 第一网格、第五网格"));
        // Another change of the same grid waits until this one is decided.
        let other = json!({ "kind": "move", "into": "wutong-g1", "buildings": ["wutong-4"], "day": "2026-12-01" });
        let refused = send(&mut staff, "/api/v1/staff/grids/wutong-g2/changes", &other).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("已有一项计划中的调整"), "{}", refused.text());

        test.app.clock.advance(SignedDuration::from_hours(48));
        test.run_jobs().await;
        test.run_jobs().await;
        assert_eq!(path(&test, "wutong-3").await, "lanxi/tongyin/wutong/wutong-g5/wutong-3/");
        // The new grid is answered for by those of the old one, and they are told.
        let mut lu = test.signed_in(GRID_WORKER).await;
        assert_eq!(lu.get("/staff/grids/wutong-g5").await.status, StatusCode::OK);
        assert!(lu.get("/me/inbox").await.text().contains("网格调整已生效"));
        let late = send(&mut staff, &format!("/api/v1/staff/grids/wutong-g1/changes/{id}/withdraw"), &json!({})).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "it is in force");

        let second = planned(&mut staff, "wutong-g2", &split("第六网格", &["wutong-4"], "2026-12-05")).await;
        let withdraw = format!("/staff/grids/wutong-g2/changes/{second}/withdraw");
        for _ in 0..2 {
            assert_eq!(staff.post(&withdraw, &[]).await.status, StatusCode::SEE_OTHER, "twice is once");
        }
        test.app.clock.advance(SignedDuration::from_hours(24 * 14));
        test.run_jobs().await;
        assert_eq!(path(&test, "wutong-4").await, "lanxi/tongyin/wutong/wutong-g2/wutong-4/");
        assert!(staff.get("/staff/grids/wutong-g2").await.text().contains("已撤回"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grid_that_has_ended_is_read_and_offered_nowhere() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let mut lu = test.signed_in(GRID_WORKER).await;
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let rule = [("act", "add"), ("place", "lanxi/tongyin/wutong/wutong-g1/"), ("owner", test.person(JIANG))];
        assert_eq!(staff.post("/staff/reports/routing", &rule).await.status, StatusCode::SEE_OTHER);
        let body = json!({ "kind": "merge", "with": ["wutong-g3"], "into": "wutong-g3", "day": "2026-11-25",
            "reason": "人手调整" });
        let areas = async |staff: &mut Browser| {
            let page = staff.get("/staff/net/wutong").await.text();
            page.matches("net-area").count()
        };
        let before = areas(&mut staff).await;
        planned(&mut staff, "wutong-g1", &body).await;
        assert_eq!(areas(&mut staff).await, before, "the plan has no hole where the grid was");
        let page = staff.get("/staff/grids/wutong-g1").await;
        assert_eq!(page.status, StatusCode::OK);
        let page = page.text();
        assert!(page.contains("起已撤销") && page.contains("href=\"/staff/grids/wutong-g3\""), "{page}");
        for offered in ["/staff/reports/routing", "/staff/notices/new"] {
            assert!(!staff.get(offered).await.text().contains("第一网格"), "{offered}");
        }
        let plan = staff.get("/api/v1/communities/wutong/plan.geojson").await.text();
        assert!(!plan.contains("\"wutong-g1\"") && plan.contains("\"wutong-g3\""));
        for form in ["outline", "duty", "change"] {
            assert_eq!(staff.get(&format!("/staff/grids/wutong-g1/{form}")).await.status, StatusCode::CONFLICT);
        }
        // Roles, rules and open work are the other grid's.
        assert_eq!(lu.get("/staff/grids/wutong-g3").await.status, StatusCode::OK);
        assert_eq!(lu.get(&format!("/staff/reports/{code}")).await.status, StatusCode::OK);
        assert_eq!(lu.get("/staff/grids/wutong-g1").await.status, StatusCode::FORBIDDEN);
        let rule = text(&test, "SELECT path FROM routing_rule WHERE owner_id = $1", test.person(JIANG)).await;
        assert_eq!(rule, "lanxi/tongyin/wutong/wutong-g3/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_open_in_a_grid_goes_on_in_what_it_became() {
    const FINDING: &str = "SELECT path FROM intake WHERE foreign_code = $1";
    const PLAN: &str = "SELECT path FROM patrol_plan WHERE id = $1";
    on_both(|test| async move {
        let plan = patrol::plan(&test).await;
        let key = patrol::key(&test, &test.loaded.organisations["wutong"].1).await;
        let found = async |number: &str| {
            let mut said = patrol::said(number, &[]);
            (said["longitude"], said["latitude"]) = (json!(120.3085), json!(31.5813));
            let sent = patrol::with_key(&test, &key, "/api/v1/intake", &said).await;
            assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        };
        let around = async || {
            let place = "/api/v1/communities/wutong/place?longitude=120.3085&latitude=31.5813";
            test.visitor().get(place).await.json()["grid"].as_str().unwrap_or_default().to_owned()
        };
        found("G-1").await;
        assert_eq!(text(&test, FINDING, "G-1").await, "lanxi/tongyin/wutong/wutong-g1/");
        assert_eq!(around().await, "wutong-g1");

        let mut staff = test.signed_in(STAFF).await;
        let merge = json!({ "kind": "merge", "with": ["wutong-g3"], "into": "wutong-g3", "day": "2026-11-25" });
        planned(&mut staff, "wutong-g1", &merge).await;
        let third = "lanxi/tongyin/wutong/wutong-g3/";
        assert_eq!(text(&test, FINDING, "G-1").await, third);
        assert_eq!(text(&test, PLAN, &plan).await, third);
        assert_eq!(around().await, "wutong-g3", "what is found in the old outline is the new grid's");
        found("G-2").await;
        assert_eq!(text(&test, FINDING, "G-2").await, third);
        let late = staff.post("/staff/patrols/new", &patrol::plan_fields("ended")).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody walks a grid that has ended");

        // It ends as well, and two take over: the nearest building says which of them.
        let buildings = staff.get("/api/v1/staff/grids/wutong-g3/buildings").await.json();
        let goes = buildings.as_array().expect("a list").iter().map(|building| {
            let to = if building["code"] == "wutong-1" { 1 } else { 2 };
            json!({ "building": building["code"], "to": to })
        });
        let goes: Vec<serde_json::Value> = goes.collect();
        let split = json!({ "kind": "split", "new": [{ "name": "甲" }, { "name": "乙" }], "keeps": false, "goes": goes,
            "day": "2026-11-25" });
        planned(&mut staff, "wutong-g3", &split).await;
        assert_eq!(around().await, "wutong-g5");
        assert_eq!(text(&test, PLAN, &plan).await, "lanxi/tongyin/wutong/wutong-g5/");
        assert_eq!(text(&test, FINDING, "G-1").await, "lanxi/tongyin/wutong/", "somebody tells where it belongs");
        assert!(staff.get("/staff/intake").await.text().contains("梧桐社区"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_servers_put_a_change_into_force_once() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let id = planned(&mut staff, "wutong-g1", &split("第五网格", &["wutong-3"], "2026-11-26")).await;
        test.app.clock.advance(SignedDuration::from_hours(24));
        let mut tasks = Vec::new();
        for n in 0..8 {
            let app = if n < 2 { test.another_app().await } else { test.app.clone() };
            let id = id.clone();
            tasks.push(tokio::spawn(async move { server::grids::service::change::force(&app, &id).await }));
        }
        for task in tasks {
            task.await.expect("ended").expect("no trouble");
        }
        let (grids, rows): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM organisation WHERE name = '第五网格'), \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM grid_building)",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("read");
        assert_eq!((grids, rows), (1, 2));
        // The same form sent by many is one change.
        let fields = [
            ("kind", "move"),
            ("into", "wutong-g3"),
            ("goes", "wutong-1"),
            ("day", "2026-12-24"),
            ("key", "the-same-form-many-times"),
        ];
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let mut browser = staff.clone();
            tasks
                .push(tokio::spawn(async move { browser.post("/staff/grids/wutong-g1/change", &fields).await.status }));
        }
        for task in tasks {
            assert_eq!(task.await.expect("ended"), StatusCode::SEE_OTHER);
        }
        let (count,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM grid_change WHERE state = 'planned'")
                .fetch_one(test.app.db.read())
                .await
                .expect("read");
        assert_eq!(count, 1);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_comes_back_with_a_word_at_its_field() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let mut staff = test.signed_in(STAFF).await;
    let base = [("key", "k"), ("day", "2026-11-26")];
    for (fields, word) in [
        (vec![("kind", "split"), ("names", "第五网格"), ("keeps", "1")], "还没有选楼栋"),
        (
            vec![("kind", "split"), ("names", ""), ("keeps", "1"), ("building", "wutong-1"), ("to", "1")],
            "请写新网格的名称",
        ),
        (
            vec![("kind", "split"), ("names", "第二网格"), ("keeps", "1"), ("building", "wutong-1"), ("to", "1")],
            "请写新网格的名称",
        ),
        (
            vec![("kind", "split"), ("names", "新"), ("keeps", "1"), ("building", "wutong-4"), ("to", "1")],
            "每栋楼选好去处",
        ),
        (
            vec![("kind", "split"), ("names", "新"), ("keeps", "1"), ("building", "wutong-1"), ("to", "x")],
            "请写新网格的名称",
        ),
        (vec![("kind", "merge"), ("into", "wutong-g1")], "数目不对"),
        (vec![("kind", "merge"), ("with", "xingwu-g1"), ("into", "wutong-g1")], "请选择本社区"),
        (vec![("kind", "move"), ("into", "xingwu-g1"), ("goes", "wutong-1")], "请选择本社区"),
        (vec![("kind", "move"), ("into", "wutong-g2")], "还没有选楼栋"),
        (
            vec![
                ("kind", "move"),
                ("into", "wutong-g2"),
                ("goes", "wutong-1"),
                ("goes", "wutong-2"),
                ("goes", "wutong-3"),
            ],
            "不能把楼全部划走",
        ),
    ] {
        let mut all = base.to_vec();
        all.extend(&fields);
        let answer = staff.post("/staff/grids/wutong-g1/change", &all).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text().contains(word), "{fields:?}: {word}");
    }
    for day in ["", "2026-11-24", "2099-01-01", "nonsense"] {
        let fields = [("kind", "move"), ("into", "wutong-g2"), ("goes", "wutong-1"), ("day", day), ("key", "k")];
        let answer = staff.post("/staff/grids/wutong-g1/change", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        assert!(answer.text().contains("今天到一年以内"), "{day}");
    }
    // By a line: what lies left goes to the first new grid.
    let line = [("act", "line"), ("kind", "split"), ("line", "120.3088, 31.5\n120.3088, 31.6"), ("key", "k")];
    let answer = staff.post("/staff/grids/wutong-g1/change", &line).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text().matches("value=\"1\" selected").count(), 1, "building 1 lies west: {}", answer.text());
    let no_line = [("act", "line"), ("kind", "split"), ("line", "120.3"), ("key", "k")];
    assert_eq!(staff.post("/staff/grids/wutong-g1/change", &no_line).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Others have no say, and what is not there is not there.
    for (phone, status) in [
        (STAFF_ELSEWHERE, StatusCode::FORBIDDEN),
        (GRID_WORKER, StatusCode::FORBIDDEN),
        (NEIGHBOUR, StatusCode::FORBIDDEN),
    ] {
        let mut browser = test.signed_in(phone).await;
        assert_eq!(browser.get("/staff/grids/wutong-g1/change").await.status, status, "{phone}");
        assert_eq!(browser.post("/staff/grids/wutong-g1/change", &base).await.status, status, "{phone}");
    }
    assert_eq!(staff.get("/staff/grids/wutong").await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.get("/staff/grids/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.get("/staff/grids/wutong-g1?day=2999-01-01").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(staff.post("/staff/grids/wutong-g1/changes/x/withdraw", &[]).await.status, StatusCode::NOT_FOUND);
}

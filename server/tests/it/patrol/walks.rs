//! Plans, and walking them.

use super::*;
use crate::{
    reports::{GRID_WORKER, STAFF_ELSEWHERE},
    supervision::{DISTRICT, OTHER_STREET, STREET},
    support::on_both,
};

#[tokio::test]
async fn a_plan_is_written_by_staff_and_walked_point_by_point() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let made = staff.post("/staff/patrols/new", &plan_fields("patrol-key-1")).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
        let id = made.location().rsplit('/').next().expect("an id").to_owned();
        let again = staff.post("/staff/patrols/new", &plan_fields("patrol-key-1")).await;
        assert_eq!(again.location(), "/staff/patrols", "a form that was sent twice has made one");
        let list = staff.get("/staff/patrols").await.text();
        assert_eq!(list.matches("夜间楼道").count(), 1, "{list}");
        assert!(list.contains("星期三、星期五") || list.contains("周三、周五"), "{list}");
        for (grid, count) in [("wutong-g1", 1), ("wutong-g2", 0)] {
            let list = staff.get(&format!("/staff/patrols?grid={grid}")).await.text();
            assert_eq!(list.matches("夜间楼道").count(), count, "{grid}: {list}");
        }

        let mut worker = test.signed_in(GRID_WORKER).await;
        assert!(worker.get("/patrols").await.text().contains("夜间楼道"));
        let here = format!("/patrols/{id}");
        let page = worker.get(&here).await.text();
        assert!(page.contains("1 栋楼道") && page.contains("杂物、充电"), "{page}");
        for (position, state) in [("0", "found"), ("0", "fine"), ("1", "found")] {
            let looked = worker.post(&format!("{here}/look"), &[("position", position), ("state", state)]).await;
            assert_eq!(looked.status, StatusCode::SEE_OTHER);
        }
        let nowhere = worker.post(&format!("{here}/look"), &[("position", "9"), ("state", "fine")]).await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        // The plan changes meanwhile: today's points stay those with which the day began.
        let mut fields = plan_fields("");
        fields.retain(|(name, _)| !matches!(*name, "points" | "key"));
        fields.extend([("points", "西门：门锁"), ("version", "1")]);
        let changed = staff.post(&format!("/staff/patrols/{id}"), &fields).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
        let stale = staff.post(&format!("/staff/patrols/{id}"), &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody was quicker");
        assert!(worker.get(&here).await.text().contains("北门"));
        for _ in 0..2 {
            let done = worker.post(&format!("{here}/done"), &[("note", "北门灯不亮，已上报")]).await;
            assert_eq!(done.location(), "/patrols", "twice is once");
        }
        let late = worker.post(&format!("{here}/look"), &[("position", "0"), ("state", "found")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let page = staff.get(&format!("/staff/patrols/{id}")).await.text();
        assert!(page.contains("2/2") && page.contains("北门灯不亮") && page.contains("西门"), "{page}");
        // Ended, it is on no more, and what was looked at stays.
        let ended = staff.post(&format!("/staff/patrols/{id}/end"), &[("version", "2")]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text());
        assert!(!worker.get("/patrols").await.text().contains("夜间楼道"));
        assert!(staff.get(&format!("/staff/patrols/{id}")).await.text().contains("北门灯不亮"));
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_wrong_is_said_at_its_field_and_kept() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let mut staff = test.signed_in(STAFF).await;
    let wrong = [
        ("key", "k"),
        ("grid", "xingwu-g1"),
        ("name", ""),
        ("from", "2026-13-40"),
        ("until", "x"),
        ("points", "没有冒号的一行"),
    ];
    let answer = staff.post("/staff/patrols/new", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for words in ["请写名称", "请选至少一天", "请填日期", "请选择您负责范围内的网格", "每行写成", "没有冒号的一行"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let mut elsewhere = test.signed_in(STAFF_ELSEWHERE).await;
    let answer = elsewhere.post("/staff/patrols/new", &plan_fields("patrol-key-2")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "a grid of others");
}

#[tokio::test]
async fn the_api_does_the_same() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let body = json!({"grid": "wutong-g1", "name": "早巡", "weekdays": [3], "from": "2026-11-25",
            "points": [{"place": "东门", "look_at": "井盖"}]});
        let made = post_json(&mut staff, "/api/v1/staff/patrols", &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        let mut worker = test.signed_in(GRID_WORKER).await;
        let today = worker.get("/api/v1/patrols").await.json();
        assert_eq!(today[0]["points"][0]["look_at"], "井盖", "{today}");
        let look = format!("/api/v1/patrols/{id}/look");
        let looked = post_json(&mut worker, &look, &json!({"position": 0, "state": "fine"})).await;
        assert_eq!(looked.status, StatusCode::NO_CONTENT);
        let bad = post_json(&mut worker, &look, &json!({"position": 0, "state": "x"})).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = worker.send(Method::POST, &format!("/api/v1/patrols/{id}/done"), None, Vec::new()).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
        let whole = staff.get(&format!("/api/v1/staff/patrols/{id}")).await.json();
        assert_eq!((&whole["walks"][0]["looked"], &whole["walks"][0]["done"]), (&json!(1), &json!(true)), "{whole}");
    })
    .await;
}

#[tokio::test]
async fn many_who_look_at_once_begin_one_walk() {
    on_both(|test| async move {
        let id = plan(&test).await;
        let workers = (0..12).map(|n| {
            let (test, id) = (&test, id.clone());
            async move {
                let mut worker = test.signed_in(GRID_WORKER).await;
                let position = (n % 2).to_string();
                worker.post(&format!("/patrols/{id}/look"), &[("position", &position), ("state", "fine")]).await.status
            }
        });
        for status in futures::future::join_all(workers).await {
            assert_eq!(status, StatusCode::SEE_OTHER);
        }
        let mut staff = test.signed_in(STAFF).await;
        let whole = staff.get(&format!("/api/v1/staff/patrols/{id}")).await.json();
        assert_eq!(whole["walks"].as_array().map(Vec::len), Some(1), "{whole}");
        assert_eq!(whole["walks"][0]["looked"], 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_found_at_a_point_is_filed_from_there_and_tied_to_it() {
    on_both(|test| async move {
        let id = plan(&test).await;
        let here = format!("/patrols/{id}");
        let mut worker = test.signed_in(GRID_WORKER).await;
        assert!(!worker.get(&here).await.text().contains("/volunteer/collect?patrol="), "nothing was found yet");
        worker.post(&format!("{here}/look"), &[("position", "1"), ("state", "found")]).await;
        let way = format!("/volunteer/collect?patrol={id}&amp;point=1");
        assert!(worker.get(&here).await.text().contains(&way));
        let form = worker.get(&way.replace("&amp;", "&")).await.text();
        assert!(form.contains("夜间楼道 · 北门") && form.contains(&format!("value=\"{id}\"")), "{form}");

        let mut file = async |key: &str, point: &str| {
            let fields = [
                ("key", key),
                ("community", "wutong"),
                ("category", "street-light"),
                ("building", "wutong-1"),
                ("description", "灯不亮"),
                ("patrol", &id),
                ("point", point),
            ];
            let sent = worker.post_files("/volunteer/collect", &fields, &[]).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
            sent.location().to_owned()
        };
        for _ in 0..2 {
            assert_eq!(file("patrol-found-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1").await, format!("{here}#p1"), "twice is once");
        }
        // Nobody has looked at this one: what is found there says it.
        assert_eq!(file("patrol-found-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "0").await, format!("{here}#p0"));
        // No such point: the report counts, the point does not.
        assert_eq!(file("patrol-found-ccccccccccccccccccccccccccccccc", "9").await, "/volunteer");
        let mut staff = test.signed_in(STAFF).await;
        let whole = staff.get(&format!("/api/v1/staff/patrols/{id}")).await.json();
        let walk = &whole["walks"][0];
        assert_eq!((&walk["looked"], &walk["found"]), (&json!(2), &json!(2)), "{whole}");
        let found: Vec<(i64, &str)> = walk["reports"]
            .as_array()
            .expect("reports")
            .iter()
            .map(|one| (one["position"].as_i64().expect("a point"), one["report"].as_str().expect("a code")))
            .collect();
        assert_eq!(found.iter().map(|(point, _)| *point).collect::<Vec<_>>(), [0, 1]);
        let page = staff.get(&format!("/staff/patrols/{id}")).await.text();
        let walked = worker.get(&here).await.text();
        for (_, code) in &found {
            assert!(page.contains(&format!("/staff/reports/{code}")), "{page}");
            assert!(walked.contains(&format!("/reports/{code}")), "{walked}");
        }

        // The same through the API, by which phones send; somebody of another grid files, and ties nothing.
        let body = json!({"idempotency_key": "patrol-found-ddddddddddddddddddddddddddddddd", "community": "wutong",
            "category": "street-light", "building": "wutong-1", "description": "又一盏", "patrol": {"plan": id, "position": 1}});
        let filed = post_json(&mut worker, "/api/v1/reports/collect", &body).await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text());
        let whole = staff.get(&format!("/api/v1/staff/patrols/{id}")).await.json();
        assert_eq!(whole["walks"][0]["reports"].as_array().map(Vec::len), Some(3), "{whole}");
    })
    .await;
}

#[tokio::test]
async fn offices_read_the_plans_of_their_places_and_change_none() {
    on_both(|test| async move {
        let id = plan(&test).await;
        let (list, one) = ("/staff/patrols", format!("/staff/patrols/{id}"));
        for (phone, sees) in [(STREET, true), (DISTRICT, true), (OTHER_STREET, false)] {
            let mut browser = test.signed_in(phone).await;
            let page = browser.get(list).await.text();
            assert_eq!(page.contains("夜间楼道"), sees, "{phone}: {page}");
            assert!(!page.contains("/staff/patrols/new"), "{phone} makes none");
            let status = browser.get(&one).await.status;
            assert_eq!(status == StatusCode::OK, sees, "{phone}: {status}");
            if sees {
                let page = browser.get(&one).await.text();
                assert!(
                    page.contains("北门") && !page.contains("<form method=\"post\" action=\"/staff/patrols"),
                    "{page}"
                );
                assert!(browser.get("/staff/net").await.text().contains("href=\"/staff/patrols\""));
            }
            let end = browser.post(&format!("{one}/end"), &[("version", "1")]).await;
            assert_eq!(end.status, StatusCode::FORBIDDEN, "{phone}");
            let api = browser.get(&format!("/api/v1{one}")).await.status;
            assert_eq!(api == StatusCode::OK, sees);
        }
    })
    .await;
}

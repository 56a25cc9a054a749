//! Who answers, turns that lend a role for their days, and key contacts.

use super::{JIANG, send, text};
use crate::{
    reports::{GRID_WORKER, NEIGHBOUR, OTHER_VOLUNTEER, RESIDENT, STAFF, VOLUNTEER, filed, key, staff_step},
    support::{Browser, TestApp, on_both},
};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

const GRID: &str = "/staff/grids/wutong-g1";

async fn names(staff: &mut Browser, responsible: &str, substitute: &str) {
    let fields = [("act", "name"), ("responsible", responsible), ("substitute", substitute)];
    let answer = staff.post(&format!("{GRID}/duty"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

/// Who is on duty today, as the API says.
async fn today(staff: &mut Browser) -> Value {
    staff.get("/api/v1/staff/grids/wutong-g1").await.json()["week"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_lends_the_role_for_its_days_only() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let mut tang = test.signed_in(OTHER_VOLUNTEER).await;
        assert_eq!(tang.get(GRID).await.status, StatusCode::FORBIDDEN);
        names(&mut staff, test.person(GRID_WORKER), test.person(JIANG)).await;
        assert_eq!(today(&mut staff).await["duty"], "responsible");

        let tang_id = test.person(OTHER_VOLUNTEER);
        let turn = json!({ "person": tang_id, "from": "2026-11-25", "until": "2026-12-31", "weekdays": [3] });
        let answer = send(&mut staff, "/api/v1/staff/grids/wutong-g1/turns", &turn).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        let duty = today(&mut staff).await;
        assert_eq!((&duty["duty"], &duty["person"]), (&json!("turn"), &json!(tang_id)), "it is a Wednesday");
        assert_eq!(tang.get(GRID).await.status, StatusCode::OK);
        assert_eq!(tang.get(&format!("/staff/reports/{code}")).await.status, StatusCode::OK, "as a grid worker");
        assert_eq!(tang.get("/staff/grids/wutong-g2").await.status, StatusCode::FORBIDDEN, "in that grid only");
        // Whoever is on duty is named first where somebody is sent, and can be sent.
        staff_step(&mut staff, &code, "accept", &[]).await;
        let page = staff.get(&format!("/staff/reports/{code}?step=dispatch")).await.text();
        assert!(page.contains("今日当班"), "{page}");
        staff_step(&mut staff, &code, "dispatch", &[("to", tang_id)]).await;
        assert_eq!(text(&test, "SELECT owner_id FROM report WHERE code = $1", &code).await, tang_id);

        test.app.clock.advance(SignedDuration::from_hours(24));
        assert_eq!(tang.get(GRID).await.status, StatusCode::FORBIDDEN, "Thursday");
        assert_eq!(tang.get(&format!("/volunteer/reports/{code}")).await.status, StatusCode::OK, "it stays theirs");
        test.app.clock.advance(SignedDuration::from_hours(24 * 6));
        assert_eq!(tang.get(GRID).await.status, StatusCode::OK, "the next Wednesday");
        let away = json!({ "person": tang_id, "from": "2026-12-02", "until": "2026-12-02" });
        let refused = send(&mut staff, "/api/v1/staff/grids/wutong-g1/away", &away).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "only of those who are named");
        // A turn that is taken away lends nothing any more.
        let id = staff.get("/api/v1/staff/grids/wutong-g1").await.json()["turns"][0]["id"].clone();
        let address = format!("/api/v1/staff/grids/wutong-g1/turns/{}", id.as_str().expect("an id"));
        for _ in 0..2 {
            let answer = staff.send(Method::DELETE, &address, None, Vec::new()).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "twice is once");
        }
        assert_eq!(tang.get(GRID).await.status, StatusCode::FORBIDDEN);
        let (count,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action IN ('grid.add_turn', 'grid.remove_turn')",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("read");
        assert_eq!(count, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_their_role_is_lent_none() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let (tang_id, mut tang) = (test.person(OTHER_VOLUNTEER), test.signed_in(OTHER_VOLUNTEER).await);
        let mut jiang = test.signed_in(JIANG).await;
        names(&mut staff, test.person(GRID_WORKER), test.person(JIANG)).await;
        let turn = json!({ "person": tang_id, "from": "2026-11-25", "until": "2026-12-31", "weekdays": [3] });
        let answer = send(&mut staff, "/api/v1/staff/grids/wutong-g1/turns", &turn).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        assert_eq!(tang.get(GRID).await.status, StatusCode::OK);
        let lose = async |person: &str| {
            let mut tx = test.app.db.begin().await.expect("begin");
            let sql = "DELETE FROM role_grant WHERE person_id = $1";
            sqlx::query(sql).bind(person).execute(&mut *tx).await.expect("taken");
            tx.commit().await.expect("commit");
        };
        lose(tang_id).await;
        assert_eq!(tang.get(GRID).await.status, StatusCode::FORBIDDEN, "the turn stands, the role does not");
        assert_eq!(today(&mut staff).await["duty"], "responsible");
        assert_eq!(jiang.get(GRID).await.status, StatusCode::FORBIDDEN, "nobody is away");
        lose(test.person(GRID_WORKER)).await;
        assert_eq!(today(&mut staff).await["duty"], "substitute");
        assert_eq!(jiang.get(GRID).await.status, StatusCode::OK, "stands in for whoever is none any more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_stands_in_only_while_the_other_is_away() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let mut fang = test.signed_in(OTHER_VOLUNTEER).await;
        names(&mut staff, test.person(GRID_WORKER), test.person(OTHER_VOLUNTEER)).await;
        assert_eq!(fang.get(GRID).await.status, StatusCode::FORBIDDEN);
        let fields = [
            ("act", "away"),
            ("away_person", test.person(GRID_WORKER)),
            ("away_from", "2026-11-25"),
            ("away_until", "2026-11-26"),
            ("key", "away-1"),
        ];
        for _ in 0..2 {
            let answer = staff.post(&format!("{GRID}/duty"), &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "the second tap adds nothing");
        }
        assert_eq!(today(&mut staff).await["duty"], "substitute");
        assert_eq!(fang.get(GRID).await.status, StatusCode::OK);
        assert!(staff.get(GRID).await.text().contains("今天不在"));
        assert!(staff.get("/staff/grids").await.text().contains("替班"));
        // A turn beats the substitute, who then has no say there.
        let turn = [
            ("act", "turn"),
            ("turn_person", test.person(VOLUNTEER)),
            ("turn_from", "2026-11-26"),
            ("turn_until", "2026-11-26"),
            ("key", "turn-1"),
        ];
        assert_eq!(staff.post(&format!("{GRID}/duty"), &turn).await.status, StatusCode::SEE_OTHER);
        test.app.clock.advance(SignedDuration::from_hours(24));
        assert_eq!(today(&mut staff).await["duty"], "turn");
        assert_eq!(fang.get(GRID).await.status, StatusCode::FORBIDDEN);
        test.app.clock.advance(SignedDuration::from_hours(24));
        assert_eq!(today(&mut staff).await["duty"], "responsible");
        assert_eq!(fang.get(GRID).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn turns_that_make_no_sense_come_back() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let mut staff = test.signed_in(STAFF).await;
    let (fang, tang, lin) = (test.person(VOLUNTEER), test.person(OTHER_VOLUNTEER), test.person(RESIDENT));
    let duty = format!("{GRID}/duty");
    let turn =
        |person, from, until| [("act", "turn"), ("turn_person", person), ("turn_from", from), ("turn_until", until)];
    let first = [&turn(fang, "2026-12-01", "2026-12-31")[..], &[("weekdays", "6"), ("key", "t1")]].concat();
    for _ in 0..2 {
        assert_eq!(staff.post(&duty, &first).await.status, StatusCode::SEE_OTHER);
    }
    for (fields, word) in [
        ([&turn(lin, "2026-12-01", "2026-12-02")[..], &[("key", "t2")]].concat(), "请从名单里选"),
        ([&turn(tang, "2026-12-02", "2026-12-01")[..], &[("key", "t2")]].concat(), "请写好起止日期"),
        ([&turn(tang, "2026-11-01", "2026-12-01")[..], &[("key", "t2")]].concat(), "过去的日子"),
        ([&turn(tang, "2026-12-12", "2026-12-20")[..], &[("key", "t2")]].concat(), "已经有人轮值"),
        ([&turn(tang, "2026-12-01", "2026-12-01")[..], &[("weekdays", "6"), ("key", "t2")]].concat(), "没有选中的星期"),
        ([&turn(tang, "2026-12-01", "2026-12-01")[..], &[("weekdays", "9"), ("key", "t2")]].concat(), "星期一到星期日"),
        (vec![("act", "name"), ("responsible", tang)], "有网格员角色的人"),
        (
            vec![("act", "name"), ("responsible", test.person(GRID_WORKER)), ("substitute", test.person(GRID_WORKER))],
            "不能是负责人自己",
        ),
    ] {
        let answer = staff.post(&duty, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text().contains(word), "{fields:?}: {word}");
    }
    let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM grid_turn")
        .fetch_one(test.app.db.read())
        .await
        .expect("read");
    assert_eq!(count, 1, "twice is once, and what was refused is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_contact_is_kept_sealed_and_each_look_is_written_down() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let mut lu = test.signed_in(GRID_WORKER).await;
        let at = format!("{GRID}/contacts/wutong-1");
        let good =
            [("name", "何立群"), ("flat", "201"), ("phone", NEIGHBOUR), ("since", "2026-11-01"), ("consent", "1")];
        for (field, value, word) in [
            ("name", "", "请写姓名"),
            ("phone", "12", "11 位手机号"),
            ("since", "2026-12-01", "今天或以前"),
            ("consent", "", "本人同意后"),
        ] {
            let fields: Vec<(&str, &str)> =
                good.iter().map(|(name, was)| (*name, if *name == field { value } else { *was })).collect();
            let answer = staff.post(&at, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(answer.text().contains(word), "{field}: {word}");
        }
        assert_eq!(staff.post(&at, &good).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lu.post(&at, &good).await.status, StatusCode::FORBIDDEN, "grid workers read");
        let sealed = text(&test, "SELECT phone_sealed FROM grid_contact WHERE name = $1", "何立群").await;
        assert!(!sealed.is_empty() && !sealed.contains(NEIGHBOUR));
        let page = lu.get(GRID).await.text();
        assert!(page.contains("何立群 201") && page.contains("199****0003") && !page.contains(NEIGHBOUR), "{page}");
        let shown = lu.post(&format!("{at}/phone"), &[]).await;
        assert!(shown.text().contains(NEIGHBOUR));
        assert_eq!(shown.headers["cache-control"], "private, no-store");
        let looks = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE actor_id = $1 AND action = $2";
        for action in ["grid.see_contacts", "grid.see_number"] {
            let (count,): (i64,) = sqlx::query_as(looks)
                .bind(test.person(GRID_WORKER))
                .bind(action)
                .fetch_one(test.app.db.read())
                .await
                .expect("read");
            assert!(count > 0, "{action}");
        }
        // They see it among their own data.
        let own = test.signed_in(NEIGHBOUR).await.get("/me/data").await.text();
        assert!(own.contains("中心户登记"), "{own}");
        // When somebody else is named, nothing of the first one is kept.
        let next = [("name", "林晓禾"), ("phone", RESIDENT), ("since", "2026-11-25"), ("consent", "1")];
        assert_eq!(staff.post(&at, &next).await.status, StatusCode::SEE_OTHER);
        assert_eq!(text(&test, "SELECT name FROM grid_contact WHERE name = $1", "何立群").await, "");
        for _ in 0..2 {
            assert_eq!(staff.post(&at, &[("act", "end")]).await.status, StatusCode::SEE_OTHER, "twice is once");
        }
        assert_eq!(text(&test, "SELECT name FROM grid_contact WHERE name = $1", "林晓禾").await, "");
        assert_eq!(staff.post(&format!("{at}/phone"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            staff.get(&format!("{GRID}/contacts/wutong-4")).await.status,
            StatusCode::NOT_FOUND,
            "another grid's"
        );
    })
    .await;
}

//! What each kind brings: people are found by their number, which is written down nowhere; items keep their versions and the
//! bookings; limits of categories count at once.

use super::{ADMIN, counts, imported, looked_at, number, take};
use crate::support::{TestApp, on_both};
use std::collections::BTreeMap;

const PEOPLE: &str = "手机号,姓名,角色,机构编号,责任单位,责任单位英文名,负责人\n\
    19900009901,王小满,网格员,wutong-g1,,,\n\
    +86 199-0000-9901,王小满,volunteer,wutong-g2,,,\n\
    19900000001,林大禾,志愿者,wutong-g1,,,\n\
    19900000011,方敏,志愿者,wutong-g1,,,\n\
    19900009902,陈立冬,责任单位,wutong,银杏物业,Ginkgo Property,是\n\
    19900000041,韩启良,责任单位,wutong,,,否\n\
    1990000990,少一位,志愿者,wutong-g1,,,\n\
    志愿者,13800138000,19900009903,wutong-g1,,,\n";

/// Every text in the database.
async fn everything(test: &TestApp) -> String {
    let mut tx = test.app.db.snapshot().await.expect("a snapshot");
    let tables = server::db::dialect::tables(test.app.db.engine(), &mut tx).await.expect("tables");
    let mut all = String::new();
    for table in tables {
        for (column, kind) in &table.columns {
            if *kind == server::db::dialect::ColumnKind::Text {
                let sql = format!("SELECT \"{column}\" FROM \"{}\" WHERE \"{column}\" IS NOT NULL", table.name);
                let rows: Vec<(String,)> =
                    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await.expect("texts");
                for (text,) in rows {
                    all.push_str(&text);
                    all.push('\n');
                }
            }
        }
    }
    all
}

#[tokio::test]
async fn people_are_found_and_get_their_roles_and_no_number_is_written_down() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let address = looked_at(&mut admin, "people", PEOPLE).await;
        assert_eq!(counts(&test, &address).await, [4, 1, 1, 2]);
        let added = admin.get(&format!("{address}?show=add")).await.text();
        assert!(added.contains("新的人") && added.contains("这个号码的人叫“林晓禾”，名字不改"), "{added}");
        let refused = admin.get(&format!("{address}/refused.csv")).await.text();
        let taken = take(&test, &mut admin, &address, "good").await;
        assert_eq!(taken.status, 303);
        let pages = [&added, &refused, &admin.get(&address).await.text(), &everything(&test).await]
            .map(String::as_str)
            .concat();
        for number in ["19900009901", "19900009902", "1990000990\n", "19900009903", "13800138000", "0000-9901"] {
            assert!(!pages.contains(number), "{number}");
        }
        assert!(refused.contains("199****0990") && refused.contains("199****9903"), "{refused}");
        let roles: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT p.name, g.role, o.code, g.lead FROM role_grant g JOIN person p ON p.id = g.person_id \
             JOIN organisation o ON o.id = g.organisation_id \
             WHERE p.name IN ('王小满', '林晓禾', '林大禾', '陈立冬', '韩启良') ORDER BY p.name, g.role, o.code",
        )
        .fetch_all(test.app.db.read())
        .await
        .expect("roles");
        let mut by_name: BTreeMap<&str, Vec<(&str, &str, i64)>> = BTreeMap::new();
        for (name, role, at, lead) in &roles {
            by_name.entry(name).or_default().push((role, at, *lead));
        }
        let expected: BTreeMap<&str, Vec<(&str, &str, i64)>> = BTreeMap::from([
            ("王小满", vec![("grid_worker", "wutong-g1", 0), ("volunteer", "wutong-g2", 0)]),
            ("林晓禾", vec![("volunteer", "wutong-g1", 0)]),
            ("陈立冬", vec![("unit", "wutong", 1)]),
            ("韩启良", vec![("unit", "wutong", 0)]),
        ]);
        assert_eq!(by_name, expected);
        // They can log in by the number that was sent.
        let phone = app::people::Phone::parse("19900009902").expect("a number");
        let found = server::people::store::id_by_phone(&test.app.db, &test.app.secrets, &phone).await.expect("read");
        assert!(found.is_some());
        let (unit,): (String,) = sqlx::query_as("SELECT unit FROM person WHERE id = $1")
            .bind(found)
            .fetch_one(test.app.db.read())
            .await
            .expect("there");
        assert_eq!(unit, "银杏物业");
    })
    .await;
}

const ITEM: &str = "code,letter,area,title,official_name,who,minutes,how_long,fee,result,basis,keywords,questions,materials\n\
    residence-proof,c,民政救助,开居住证明,居住证明开具,本社区居民,10,当场,不收费,证明,清单,住址、证明,rent | 是租房吗？,\
    \"id | 身份证\ncontract | 租房合同 | Lease | | | 1 | rent:yes\"\n";

#[tokio::test]
async fn items_come_with_their_materials_and_a_version() {
    on_both(|test| async move {
        crate::windows::halls(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        imported(&test, &mut admin, "items", ITEM).await;
        let stored = server::windows::store::items::by_code(&test.app.db, "residence-proof").await.expect("read");
        let item = stored.expect("there").item;
        assert_eq!((item.letter.as_str(), item.minutes, item.materials.len()), ("C", 10, 2));
        let condition =
            item.materials[1].only_if.as_ref().map(|condition| (condition.question.as_str(), condition.answer));
        assert_eq!(condition, Some(("rent", true)));
        // A change keeps what the file does not name, and is a version with its author.
        let minutes = ITEM.replace(",10,", ",12,").replace(",keywords,", ",who_en,").replace("住址、证明", "Residents");
        let address = imported(&test, &mut admin, "items", &minutes).await;
        assert_eq!(counts(&test, &address).await, [0, 1, 0, 0]);
        let history = admin.get("/staff/items/residence-proof/history").await.text();
        assert!(history.contains("高远"), "{history}");
        let (versions,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM setting_version WHERE object_kind = 'item' AND saved_by = $1",
        )
        .bind(test.person(ADMIN))
        .fetch_one(test.app.db.read())
        .await
        .expect("counted");
        assert_eq!(versions, 2);
        let item = server::windows::store::items::by_code(&test.app.db, "residence-proof").await.expect("read");
        assert_eq!(item.expect("there").item.keywords, ["住址", "证明"]);
    })
    .await;
}

#[tokio::test]
async fn a_longer_item_with_bookings_is_decided_on_its_own_page() {
    on_both(|test| async move {
        use crate::windows::{RESIDENT, TOMORROW, book, halls, slot};
        halls(&test).await;
        book(&mut test.signed_in(RESIDENT).await, "birth-registration", &slot(TOMORROW, "0900"), "import-test-key")
            .await;
        let mut admin = test.signed_in(ADMIN).await;
        let stored = server::windows::store::items::by_code(&test.app.db, "birth-registration").await.expect("read");
        let mut item = (*stored.expect("there").item).clone();
        let file = |item: &app::windows::ServiceItem| {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(app::imports::ITEM_COLUMNS.iter().map(|column| column.name)).expect("written");
            writer.write_record(app::imports::item_cells(item, None)).expect("written");
            String::from_utf8(writer.into_inner().expect("written")).expect("text")
        };
        let same = looked_at(&mut admin, "items", &file(&item)).await;
        assert_eq!(counts(&test, &same).await, [0, 0, 1, 0]);
        item.minutes += 15;
        let longer = looked_at(&mut admin, "items", &file(&item)).await;
        assert_eq!(counts(&test, &longer).await, [0, 0, 0, 1]);
        let page = admin.get(&longer).await.text();
        assert!(page.contains("有 1 个预约按原来的时长排"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_limit_that_changes_moves_the_deadlines_of_open_reports() {
    on_both(|test| async move {
        let code =
            crate::reports::filed(&mut test.signed_in(crate::windows::RESIDENT).await, &crate::reports::key(1), 0)
                .await;
        let due = async || -> Option<i64> {
            let (due,): (Option<i64>,) = sqlx::query_as("SELECT due_at FROM report WHERE code = $1")
                .bind(&code)
                .fetch_one(test.app.db.read())
                .await
                .expect("there");
            due
        };
        let (category,): (String,) = sqlx::query_as("SELECT category FROM report WHERE code = $1")
            .bind(&code)
            .fetch_one(test.app.db.read())
            .await
            .expect("there");
        let mut connection = test.app.db.read().acquire().await.expect("a connection");
        let all = server::imports::kinds::known_categories(&mut connection).await.expect("read");
        drop(connection);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let kind = app::imports::Kind::Categories;
        writer.write_record(kind.columns().iter().map(|column| column.name)).expect("written");
        for line in &all {
            let mut line = line.clone();
            if line.code == category {
                line.limit_amount += 7;
            }
            writer.write_record(app::imports::category_cells(&line, None)).expect("written");
        }
        let text = String::from_utf8(writer.into_inner().expect("written")).expect("text");
        let before = due().await;
        let mut admin = test.signed_in(ADMIN).await;
        let address = imported(&test, &mut admin, "categories", &text).await;
        let others = i64::try_from(all.len()).expect("few") - 1;
        assert_eq!(counts(&test, &address).await, [0, 1, others, 0]);
        test.run_jobs().await;
        assert!(due().await > before, "{before:?}");
        let new = "编号,大类编号,大类,名称,时限怎么算,时限\nstreet-bench,facilities,公共设施,长椅坏了,工作日,3\n";
        imported(&test, &mut admin, "categories", new).await;
        assert_eq!(
            number(
                &test.app.db,
                "SELECT CAST(COUNT(*) AS BIGINT) FROM category WHERE code = 'street-bench' AND active = 1"
            )
            .await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn buildings_come_as_a_map_with_their_points() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let map = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.30125, 31.58875]},
             "properties": {"编号": "wutong-21", "网格编号": "wutong-g1", "名称": "21栋", "households": 48}},
            {"type": "Feature", "geometry": null,
             "properties": {"编号": "wutong-22", "网格编号": "nowhere", "名称": "22栋", "households": null}}]}"#;
        let address = looked_at(&mut admin, "buildings", map).await;
        assert_eq!(counts(&test, &address).await, [1, 0, 0, 1]);
        assert_eq!(take(&test, &mut admin, &address, "good").await.status, 303);
        let (name, households, longitude, latitude): (String, i64, f64, f64) = sqlx::query_as(
            "SELECT name, households, longitude, latitude FROM organisation WHERE code = 'wutong-21' AND kind = 'building'",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("it is there");
        assert_eq!((name.as_str(), households, longitude, latitude), ("21栋", 48, 120.30125, 31.58875));
        let outline = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "b"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}"#;
        let refused = super::send(&mut admin, "buildings", outline.as_bytes()).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("第 1 个要素不是点"), "told at the field");
    })
    .await;
}

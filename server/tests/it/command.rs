//! The command `linli` as an operator types it, on the database of a test.

use crate::{
    reports::{RESIDENT, STAFF, VOLUNTEER, code_of, dispatched, fields, key},
    support::{TestApp, on_both},
};
use axum::http::StatusCode;
use std::process::{Command, Output};

/// Runs `linli` to its end.
pub fn linli(test: &TestApp, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let names = r#"{"css":"/a.css","boot":"/a.js","js":"/b.js","wasm":"/b.wasm"}"#;
    std::fs::write(folder.path().join("assets.json"), names).expect("written");
    // The test's own, so that a number is known again.
    let secret = folder.path().join("secret");
    std::fs::write(&secret, [7; 32]).expect("written");
    Command::new(env!("CARGO_BIN_EXE_linli"))
        .args(args)
        .current_dir(folder.path())
        .env_clear()
        .env("RUST_LOG", "warn")
        .env("LINLI_DATABASE_URL", &test.database_url)
        .env("LINLI_SITE_DIR", folder.path())
        .env("LINLI_SECRET_FILE", secret)
        .output()
        .expect("the binary starts")
}

/// What it printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn what_was_tampered_with_fails_the_check_of_the_chains() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let good = linli(&test, &["audit", "verify"]);
        assert!(good.status.success(), "{}", said(&good));
        assert!(said(&good).contains("1 chains hold"), "{}", said(&good));
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE report_event SET actor_id = NULL WHERE action = 'accept'")
            .execute(&mut *tx)
            .await
            .expect("tampers");
        tx.commit().await.expect("commit");
        let bad = linli(&test, &["audit", "verify"]);
        assert!(!bad.status.success(), "{}", said(&bad));
        assert!(said(&bad).contains(&format!("Report {code}: broken at event 2.")), "{}", said(&bad));
    })
    .await;
}

#[tokio::test]
async fn an_operator_says_who_leads_a_unit() {
    on_both(|test| async move {
        let add = |phone: &str, more: &[&str]| {
            let who = ["person", "add", "--phone", phone, "--name", "城东来的", "--at", "wutong", "--role"];
            linli(&test, &[&who, more].concat())
        };
        let leads = async || -> Vec<(String, String, String)> {
            sqlx::query_as(
                "SELECT p.phone_masked, p.unit, p.unit_en FROM role_grant g JOIN person p ON p.id = g.person_id \
                 WHERE g.lead = 1 AND p.unit <> '禾宁物业服务中心' ORDER BY p.phone_masked",
            )
            .fetch_all(test.app.db.read())
            .await
            .expect("rows")
        };
        for (more, words) in [
            (&["volunteer", "--lead"][..], "only for --role unit"),
            (&["unit", "--lead"], "of which unit?"),
            (&["unit", "--unit-en", "East Water"], "its Chinese name"),
        ] {
            let refused = add("13800138001", more);
            assert!(!refused.status.success() && said(&refused).contains(words), "{words}: {}", said(&refused));
        }
        let unit = ["unit", "--unit", "城东水务", "--unit-en", "East Water"];
        for (phone, more) in [("13800138001", &["--lead"][..]), ("13800138002", &[])] {
            let added = add(phone, &[&unit, more].concat());
            assert!(added.status.success(), "{}", said(&added));
        }
        let row = ("138****8001".to_owned(), "城东水务".to_owned(), "East Water".to_owned());
        assert_eq!(leads().await, std::slice::from_ref(&row));
        // Without a word about it, it stays; and it is taken back.
        assert!(add("13800138001", &["unit"]).status.success());
        assert_eq!(leads().await, std::slice::from_ref(&row));
        let taken = add("13800138001", &["unit", "--lead=false"]);
        assert!(taken.status.success(), "{}", said(&taken));
        assert_eq!(leads().await, []);
    })
    .await;
}

/// A square with this corner, some 90 metres wide.
fn square(longitude: f64, latitude: f64) -> serde_json::Value {
    let (east, north) = (longitude + 0.001, latitude + 0.0008);
    serde_json::json!({ "type": "Polygon", "coordinates": [[
        [longitude, latitude], [east, latitude], [east, north], [longitude, north], [longitude, latitude],
    ]] })
}

fn file(features: &[(&str, serde_json::Value)]) -> tempfile::NamedTempFile {
    let features: Vec<_> = features
        .iter()
        .map(|(code, geometry)| {
            serde_json::json!({ "type": "Feature", "properties": { "code": code, "画图的人": "测绘" }, "geometry": geometry })
        })
        .collect();
    let file = tempfile::NamedTempFile::new().expect("a file");
    let plan = serde_json::json!({ "type": "FeatureCollection", "features": features });
    std::fs::write(file.path(), plan.to_string()).expect("written");
    file
}

fn import(test: &TestApp, community: &str, file: &tempfile::NamedTempFile, more: &[&str]) -> Output {
    let path = file.path().display().to_string();
    linli(test, &[&["map", "import", community, &path], more].concat())
}

#[tokio::test]
async fn a_communitys_own_outlines_are_drawn_and_positions_find_them() {
    on_both(|test| async move {
        let add: [&[&str]; 2] = [
            &["--kind", "grid", "--code", "wutong-g5", "--name", "第五网格", "--under", "wutong"],
            &["--kind", "building", "--code", "wutong-25", "--name", "25栋", "--under", "wutong-g5"],
        ];
        for more in add {
            let added = linli(&test, &[&["organisation", "add"], more].concat());
            assert!(added.status.success(), "{}", said(&added));
        }
        let plan = async || test.visitor().get("/api/v1/communities/wutong/plan.geojson").await.json();
        let of = |plan: &serde_json::Value, code: &str| {
            let features = plan["features"].as_array().expect("features");
            features.iter().find(|feature| feature["properties"]["code"] == code).map(|found| found["geometry"].clone())
        };
        let place = "/api/v1/communities/wutong/place?longitude=120.3201&latitude=31.5907";
        let before = plan().await;
        assert!(of(&before, "wutong-g5").is_none() && of(&before, "wutong-25").is_none());
        assert_eq!(test.visitor().get(place).await.json()["inside"], false);

        // Anything wrong with it, and nothing is changed; all that is wrong is said.
        let new = [
            ("wutong-g5", square(120.32, 31.59)),
            ("wutong-25", serde_json::json!({ "type": "Point", "coordinates": [120.3209, 31.5901] })),
        ];
        let point = || serde_json::json!({ "type": "Point", "coordinates": [120.3, 31.5] });
        let mut open = square(120.32, 31.59);
        open["coordinates"][0].as_array_mut().expect("a ring").pop();
        let good = new.clone();
        for (wrong, words) in [
            (("wutong-g4", open), "`wutong-g4` is not closed"),
            (("wutong-g4", square(180.5, 31.59)), "`wutong-g4` lies at 180.5"),
            (("wutong-g4", point()), "`wutong-g4` is a grid"),
            (("wutong-1", square(120.32, 31.59)), "`wutong-1` is a building"),
            (("wutong-g9", square(120.32, 31.59)), "`wutong-g9` is no place of wutong"),
            // Another community's grid is not this one's to draw.
            (("xingwu-g1", square(120.32, 31.59)), "`xingwu-g1` is no place of wutong"),
            (("wutong-g5", square(120.32, 31.59)), "`wutong-g5` stands in it twice"),
        ] {
            let file = file(&[good.to_vec(), vec![wrong]].concat());
            let refused = import(&test, "wutong", &file, &[]);
            assert!(!refused.status.success() && said(&refused).contains(words), "{words}: {}", said(&refused));
            assert_eq!(plan().await, before, "{words}");
        }
        let new = file(&new);
        assert!(!import(&test, "nosuch", &new, &[]).status.success());
        // A look first.
        let looked = import(&test, "wutong", &new, &["--dry-run"]);
        assert!(looked.status.success() && said(&looked).contains("1 outlines and 1 points"), "{}", said(&looked));
        assert_eq!(plan().await, before, "nothing was changed");

        let brought = import(&test, "wutong", &new, &[]);
        assert!(brought.status.success(), "{}", said(&brought));
        let after = plan().await;
        assert_eq!(of(&after, "wutong-g5"), Some(square(120.32, 31.59)));
        assert_eq!(of(&after, "wutong-25").expect("drawn")["coordinates"], serde_json::json!([120.3209, 31.5901]));
        assert_eq!(of(&after, "wutong-g1"), of(&before, "wutong-g1"), "the others stay");
        // Whoever stands in it is told so, and what they report belongs to it.
        let named = test.visitor().get(place).await.json();
        assert_eq!((&named["inside"], &named["grid"]), (&true.into(), &"wutong-g5".into()), "{named}");
        let key = key(1);
        let mut form = fields(&key);
        form.retain(|(name, _)| *name != "building");
        form.extend([("longitude", "120.3201"), ("latitude", "31.5907")]);
        let filed = test.signed_in(RESIDENT).await.post_files("/report", &form, &[]).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        let (grid,): (Option<String>,) = sqlx::query_as(
            "SELECT g.code FROM report r LEFT JOIN organisation g ON g.id = r.grid_id WHERE r.code = $1",
        )
        .bind(code_of(&filed))
        .fetch_one(test.app.db.read())
        .await
        .expect("a report");
        assert_eq!(grid.as_deref(), Some("wutong-g5"));
        let (count,): (i64,) =
            sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'organisation.map'")
                .fetch_one(test.app.db.read())
                .await
                .expect("a count");
        assert_eq!(count, 1, "once, and not for the look");
    })
    .await;
}

#[tokio::test]
async fn landmarks_come_with_the_map_all_of_them_or_none() {
    on_both(|test| async move {
        let mark = |code: &str, at: [f64; 2], more: serde_json::Value| {
            let mut properties = serde_json::json!({ "code": code, "kind": "landmark" });
            properties.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let geometry = serde_json::json!({ "type": "Point", "coordinates": at });
            serde_json::json!({ "type": "Feature", "properties": properties, "geometry": geometry })
        };
        let file = |features: &[serde_json::Value]| {
            let file = tempfile::NamedTempFile::new().expect("a file");
            let plan = serde_json::json!({ "type": "FeatureCollection", "features": features });
            std::fs::write(file.path(), plan.to_string()).expect("written");
            file
        };
        let form = async || test.visitor().get("/report?community=wutong").await.text();
        let good =
            || mark("wutong-well", [120.3085, 31.5790], serde_json::json!({ "name": "老井台", "name_en": "Old well" }));
        let named = |name: &str| serde_json::json!({ "name": name });
        for (wrong, words) in [
            (
                mark("wutong-gate", [120.3085, 31.5790], serde_json::json!({})),
                "`wutong-gate` is a landmark without a `name`",
            ),
            (mark("wutong-7", [120.3085, 31.5790], named("七栋")), "`wutong-7` is the code of a building"),
            (
                mark("xingwu-square", [120.3085, 31.5790], named("广场")),
                "`xingwu-square` is a landmark of another community",
            ),
            (mark("wutong-gate", [31.5790, 120.3085], named("大门")), "longitude first"),
        ] {
            let refused = import(&test, "wutong", &file(&[good(), wrong]), &[]);
            assert!(!refused.status.success() && said(&refused).contains(words), "{words}: {}", said(&refused));
        }
        let looked = import(&test, "wutong", &file(&[good()]), &["--dry-run"]);
        assert!(said(&looked).contains("1 landmarks would be written down"), "{}", said(&looked));
        assert!(!form().await.contains("老井台"), "nothing was changed");
        for (features, shown) in [
            (vec![good()], Some("老井台")),
            // Again, by another name.
            (vec![mark("wutong-well", [120.3085, 31.5790], named("古井"))], Some("古井")),
            (vec![mark("wutong-well", [120.3085, 31.5790], serde_json::json!({ "name": "古井", "gone": true }))], None),
        ] {
            let brought = import(&test, "wutong", &file(&features), &[]);
            assert!(brought.status.success() && said(&brought).contains("1 landmarks are"), "{}", said(&brought));
            let page = form().await;
            for name in ["老井台", "古井"] {
                assert_eq!(page.contains(name), shown == Some(name), "{name}");
            }
            assert!(page.contains("梧桐路公交站"), "what the file does not name stays");
        }
        // No place gets a landmark's code.
        let add = [
            "organisation",
            "add",
            "--kind",
            "building",
            "--code",
            "wutong-well",
            "--name",
            "9栋",
            "--under",
            "wutong-g3",
        ];
        let refused = linli(&test, &add);
        assert!(!refused.status.success() && said(&refused).contains("is a landmark"), "{}", said(&refused));
    })
    .await;
}

#[tokio::test]
async fn an_operator_takes_a_role_and_hears_what_is_left_of_it() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        assert_eq!(volunteer.get("/volunteer").await.status, StatusCode::OK);
        let places: Vec<(String,)> = sqlx::query_as(
            "SELECT o.code FROM role_grant g JOIN organisation o ON o.id = g.organisation_id WHERE g.person_id = $1",
        )
        .bind(test.person(VOLUNTEER))
        .fetch_all(test.app.db.read())
        .await
        .expect("rows");
        assert!(!places.is_empty());
        let take = |at: &str| {
            linli(&test, &["person", "remove-role", "--phone", VOLUNTEER, "--role", "volunteer", "--at", at])
        };
        for (at,) in &places {
            let taken = take(at);
            assert!(
                taken.status.success() && said(&taken).contains("1 open reports are still theirs"),
                "{}",
                said(&taken)
            );
            let again = take(at);
            assert!(!again.status.success() && said(&again).contains("do not have the role"), "{}", said(&again));
        }
        assert_eq!(volunteer.get("/volunteer").await.status, StatusCode::SEE_OTHER, "and signed in nowhere");
        let desk = test.signed_in(STAFF).await.get(&format!("/staff/reports/{code}")).await.text();
        assert!(desk.contains("方敏"), "what they took on stays under their name");
        let unknown =
            linli(&test, &["person", "remove-role", "--phone", "13800138009", "--role", "unit", "--at", "wutong"]);
        assert!(!unknown.status.success() && said(&unknown).contains("nobody has this number"), "{}", said(&unknown));
    })
    .await;
}

#[tokio::test]
async fn an_operator_brings_a_table_in() {
    on_both(|test| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.csv");
        let good = "手机号,姓名,角色,机构编号\n13800138001,王小满,网格员,wutong-g1\n";
        std::fs::write(&path, format!("{good}138001,陈立冬,志愿者,nowhere\n")).expect("written");
        let file = path.display().to_string();
        let people = || async {
            let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM person WHERE name = '王小满'";
            let (count,): (i64,) = sqlx::query_as(sql).fetch_one(test.app.db.read()).await.expect("counted");
            count
        };
        let dry = linli(&test, &["import", "people", &file, "--dry-run"]);
        assert!(dry.status.success(), "{}", said(&dry));
        for words in ["1 new, 0 changed, 0 the same, 1 refused", "line 3, Mobile number", "Nothing was changed"] {
            assert!(said(&dry).contains(words), "{words}: {}", said(&dry));
        }
        let all = linli(&test, &["import", "people", &file]);
        assert!(!all.status.success() && said(&all).contains("--good-only"), "{}", said(&all));
        assert_eq!(people().await, 0);
        let some = linli(&test, &["import", "people", &file, "--good-only"]);
        assert!(some.status.success(), "{}", said(&some));
        assert_eq!(people().await, 1);
        std::fs::write(&path, good).expect("written");
        let again = linli(&test, &["import", "people", &file]);
        assert!(again.status.success() && said(&again).contains("1 the same"), "{}", said(&again));
        assert!(!said(&again).contains("13800138001") && !said(&dry).contains("13800138001"));
        for (args, words) in [
            (["import", "wishes", file.as_str()], "there is no kind `wishes`"),
            (["import", "items", file.as_str()], "There is no column"),
            (["import", "people", "/nonexistent"], "/nonexistent"),
        ] {
            let refused = linli(&test, &args);
            assert!(!refused.status.success() && said(&refused).contains(words), "{words}: {}", said(&refused));
        }
    })
    .await;
}

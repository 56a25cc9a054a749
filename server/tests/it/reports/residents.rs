//! What residents have around their reports: sending again after a cut, what is near, joining, the public list with
//! its feed and plan, their own words and photos.

use super::*;
use crate::{peers::read_feed, support::on_both};
use axum::http::Method;

async fn upload(browser: &mut Browser, key: &str) -> Answer {
    let photo = fixture("orientation-1.jpg");
    let fields: &[(&str, &str)] = if key.is_empty() { &[] } else { &[("key", key)] };
    browser.post_files("/api/v1/photos", fields, &[("photo", "a.jpg", "image/jpeg", &photo)]).await
}

#[tokio::test]
async fn a_photo_that_is_sent_again_is_the_same_photo() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let key = "photo-key-0000000001";
        let first = upload(&mut resident, key).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let again = upload(&mut resident, key).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(first.json()["id"], again.json()["id"]);
        // Twelve at once under a new key.
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let mut browser = resident.clone();
                tokio::spawn(async move { upload(&mut browser, "photo-key-0000000002").await })
            })
            .collect();
        let mut ids = std::collections::BTreeSet::new();
        for task in tasks {
            let answer = task.await.expect("no panic");
            assert!(answer.status.is_success(), "{}", answer.text());
            ids.insert(answer.json()["id"].to_string());
        }
        assert_eq!(ids.len(), 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 2);
        // Somebody else's key, and something that is no key.
        let other = upload(&mut test.signed_in(NEIGHBOUR).await, key).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(upload(&mut resident, "short").await.status, StatusCode::BAD_REQUEST);
        // Also after a report has it: the phone did not hear the answer to that either.
        let body = serde_json::json!({
            "idempotency_key": super::key(9), "community": "wutong", "category": "street-light", "building": "wutong-1",
            "description": "路灯不亮", "photos": [first.json()["id"]],
        });
        let sender = resident.clone();
        let send = |body: serde_json::Value| {
            let mut browser = sender.clone();
            async move {
                let bytes = body.to_string().into_bytes();
                browser.send(Method::POST, "/api/v1/reports", Some("application/json"), bytes).await
            }
        };
        assert_eq!(send(body.clone()).await.status, StatusCode::CREATED);
        assert_eq!(upload(&mut resident, key).await.json()["id"], first.json()["id"]);
        assert_eq!(send(body).await.status, StatusCode::OK);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_near_is_shown_before_a_second_one_is_filed() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let mut neighbour = test.signed_in(NEIGHBOUR).await;
        let key = key(2);
        let photo = fixture("orientation-1.jpg");
        let step = neighbour.post_files("/report", &fields(&key), &[("photos", "a.jpg", "image/jpeg", &photo)]).await;
        assert_eq!(step.status, StatusCode::OK, "{}", step.text());
        let page = step.text();
        assert!(page.contains(&format!("/reports/{code}/join")), "{page}");
        assert!(page.contains("路灯三天没亮了"), "what was typed goes along");
        assert!(page.contains("name=\"photo\""), "and the photo");
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
        // The same over the API, when it is asked.
        let body = serde_json::json!({ "idempotency_key": key, "community": "wutong", "category": "street-light",
            "building": "wutong-1", "description": "也不亮", "ask_nearby": true });
        let bytes = body.to_string().into_bytes();
        let asked = neighbour.send(Method::POST, "/api/v1/reports", Some("application/json"), bytes).await;
        assert_eq!(asked.status, StatusCode::CONFLICT);
        // It is different: filed.
        let mut different = fields(&key);
        different.push(("different", "1"));
        assert_eq!(neighbour.post_files("/report", &different, &[]).await.status, StatusCode::SEE_OTHER);
        // Another kind, another place: no step in between.
        let mut elsewhere = fields("test-key-0000000-e");
        elsewhere[3].1 = "wutong-9";
        let third = test.signed_in(OTHER_VOLUNTEER).await.post_files("/report", &elsewhere, &[]).await;
        assert_eq!(third.status, StatusCode::SEE_OTHER, "{}", third.text());
        // The piece for the form's page; hostile queries are no server errors.
        let near = "/report/nearby?community=wutong&category=street-light&building=wutong-1";
        assert!(test.visitor().get(near).await.text().contains(&code));
        for bad in ["community=nosuch", "", "community=wutong&category=%00&building=%27"] {
            let answer = test.visitor().get(&format!("/report/nearby?{bad}")).await;
            assert!(answer.status.as_u16() < 500, "{bad}: {}", answer.status);
        }
    })
    .await;
}

#[tokio::test]
async fn joining_counts_once_and_names_nobody() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let (join, leave) = (format!("/reports/{code}/join"), format!("/reports/{code}/leave"));
        let mut neighbour = test.signed_in(NEIGHBOUR).await;
        for _ in 0..3 {
            assert_eq!(neighbour.post(&join, &[]).await.status, StatusCode::SEE_OTHER);
        }
        let mut visitor = test.visitor();
        assert_eq!(visitor.post(&join, &[]).await.status, StatusCode::SEE_OTHER, "to the door: no device yet");
        visitor.get("/reports").await;
        assert_eq!(visitor.post(&join, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_follower").await, 2);
        let page = test.visitor().get(&format!("/reports/{code}")).await.text();
        assert!(page.contains("2 人也遇到") && !page.contains("何静"), "{page}");
        // What happens reaches them, without a name; the visitor has no inbox.
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &code, "accept", &[("text", "明天去看")]).await;
        let news = async || neighbour_news(&test).await;
        assert_eq!(news().await, 1);
        // Not one's own; and out again.
        let own = test.signed_in(RESIDENT).await.post(&join, &[]).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        assert_eq!(neighbour.post(&leave, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report_follower").await, 1);
        // Over: nobody joins, and who has left hears no more.
        staff_step(&mut staff, &code, "reject", &[("text", "不在本社区")]).await;
        assert_eq!(news().await, 1);
        assert_eq!(neighbour.post(&join, &[]).await.status, StatusCode::CONFLICT);
    })
    .await;
}

/// How often the neighbour was told of news about a report they joined.
async fn neighbour_news(test: &TestApp) -> i64 {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE text_key = 'inbox-report-followed' AND person_id = '{}'",
        test.person(NEIGHBOUR)
    );
    sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(sql)).fetch_one(test.app.db.read()).await.expect("counted").0
}

#[tokio::test]
async fn the_list_the_feed_and_the_plan_show_what_is_public_and_no_more() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let key = key(1);
        let mut with_position = fields(&key);
        with_position.extend([("longitude", "120.30912"), ("latitude", "31.58077")]);
        let code = code_of(&resident.post_files("/report", &with_position, &[]).await);
        let mut staff = test.signed_in(STAFF).await;
        staff_step(&mut staff, &code, "accept", &[("text", "明天来看 <b>灯</b>")]).await;
        let mut visitor = test.visitor();
        assert!(visitor.get("/reports").await.text().contains("/communities?next="));
        visitor.cookies.insert("linli_community".into(), "wutong".into());
        let secret = ["路灯三天没亮了", "北门路灯下", "林晓禾", "120.30912", "31.58077"];
        for path in [
            "/reports",
            "/reports?state=open&days=7",
            "/reports.atom?community=wutong",
            "/api/v1/communities/wutong/plan.geojson",
        ] {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let text = answer.text();
            assert!(text.contains(&code), "{path}: {text}");
            for word in secret {
                assert!(!text.contains(word), "{path} says {word}");
            }
            assert!(!text.contains("<b>灯"), "{path}");
        }
        for path in ["/reports?state=closed", "/reports?grid=wutong-g2", "/reports?kind=nosuch", "/reports?after=1_x"] {
            assert!(!visitor.get(path).await.text().contains(&code), "{path}");
        }
        for path in ["/reports?after=99999999999999999999_x", "/reports?days=x&state=%00", "/reports?grid=%27%3B--"] {
            assert!(visitor.get(path).await.status.as_u16() < 500, "{path}");
        }
        assert_eq!(visitor.get("/reports.atom?community=nosuch").await.status, StatusCode::NOT_FOUND);
        // An independent reader takes the feed; unchanged it is a 304, and a step moves it.
        let feed = visitor.get("/reports.atom?community=wutong").await;
        let read = read_feed(&feed.body);
        assert_eq!(read["entries"].as_array().map(Vec::len), Some(1), "{read}");
        let etag = feed.headers["etag"].to_str().expect("text").to_owned();
        resident.post(&format!("/reports/{code}"), &[("step", "withdraw")]).await;
        staff_step(&mut staff, &code, "reject", &[("text", "重复")]).await;
        let later = visitor.get("/reports.atom?community=wutong").await;
        assert_ne!(later.headers["etag"].to_str().expect("text"), etag);
        // The plan is GeoJSON with closed outlines; the report stands at its building.
        let plan = visitor.get("/api/v1/communities/wutong/plan.geojson").await.json();
        let features = plan["features"].as_array().expect("features");
        for feature in features.iter().filter(|f| f["properties"]["kind"] == "grid") {
            let ring = feature["geometry"]["coordinates"][0].as_array().expect("a ring");
            assert!(ring.len() >= 4 && ring.first() == ring.last());
        }
    })
    .await;
}

#[tokio::test]
async fn reporters_change_add_and_take_away_what_is_theirs() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let code = filed(&mut resident, &key(1), 1).await;
        let own = format!("/reports/{code}/own");
        let page = format!("/reports/{code}");
        let edited = resident.post_files(&own, &[("do", "edit"), ("description", "两盏灯都不亮")], &[]).await;
        assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.text());
        assert!(resident.get(&page).await.text().contains("两盏灯都不亮"));
        let empty = resident.post_files(&own, &[("do", "edit"), ("description", " ")], &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Nobody else may.
        let mut neighbour = test.signed_in(NEIGHBOUR).await;
        for what in ["edit", "remove-words", "remove-photo"] {
            let answer = neighbour.post_files(&own, &[("do", what), ("description", "x")], &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
        }
        // Accepted: the words stay as they are, but they can go.
        staff_step(&mut test.signed_in(STAFF).await, &code, "accept", &[]).await;
        let late = resident.post_files(&own, &[("do", "edit"), ("description", "改")], &[]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert_eq!(resident.post_files(&own, &[("do", "remove-words")], &[]).await.status, StatusCode::SEE_OTHER);
        let text = resident.get(&page).await.text();
        assert!(text.contains("已由上报人删除") && !text.contains("两盏灯都不亮"));
        // A photo goes with its blobs.
        let (id,): (String,) = sqlx::query_as("SELECT id FROM photo WHERE owner_kind = 'report' ORDER BY position")
            .fetch_one(test.app.db.read())
            .await
            .expect("a photo");
        assert_eq!(resident.get(&format!("/photos/{id}/full")).await.status, StatusCode::OK);
        let gone = resident.post_files(&own, &[("do", "remove-photo"), ("remove", &id)], &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert_eq!(resident.get(&format!("/photos/{id}/full")).await.status, StatusCode::NOT_FOUND);
        assert!(test.app.blobs.get(&id, server::photos::blobs::Variant::Full).await.expect("reads").is_none());
        let stranger = resident.post_files(&own, &[("do", "remove-photo"), ("remove", "nosuch")], &[]).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// The word with which a phone marks what it keeps, from any page.
fn who(page: &Answer) -> String {
    let text = page.text();
    text.split("data-who=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("on every page").to_owned()
}

#[tokio::test]
async fn what_was_written_in_another_session_is_not_sent_in_this_one() {
    on_both(|test| async move {
        let (mut resident, mut neighbour, mut visitor) =
            (test.signed_in(RESIDENT).await, test.signed_in(NEIGHBOUR).await, test.visitor());
        let theirs = who(&resident.get("/").await);
        assert!(theirs.len() > 20 && !theirs.contains(test.person(RESIDENT)), "a word that says nothing");
        assert_ne!(theirs, who(&neighbour.get("/").await));
        assert_eq!(who(&visitor.get("/").await), "");
        // What the phone keeps for when there is no signal knows nobody, whoever asked for it.
        assert!(!resident.get("/report?shell=1&community=wutong").await.text().contains("data-who"));
        assert!(!resident.get("/offline").await.text().contains("data-who"));
        let body = serde_json::json!({ "idempotency_key": key(1), "community": "wutong", "category": "street-light",
            "building": "wutong-1", "description": "路灯不亮" });
        for (mut browser, who, status) in [
            (neighbour.clone(), theirs.as_str(), StatusCode::PRECONDITION_FAILED),
            (visitor.clone(), theirs.as_str(), StatusCode::PRECONDITION_FAILED),
            // Written by nobody in particular: not in the name of whoever is here now.
            (resident.clone(), "", StatusCode::PRECONDITION_FAILED),
            (resident.clone(), theirs.as_str(), StatusCode::CREATED),
        ] {
            let headers = [("content-type", "application/json"), ("linli-who", who)];
            let bytes = body.to_string().into_bytes();
            let answer = browser.request(Method::POST, "/api/v1/reports", &headers, bytes).await;
            assert_eq!(answer.status, status, "{}", answer.text());
            let collect = browser.request(Method::POST, "/api/v1/reports/collect", &headers, b"{}".to_vec()).await;
            assert!(collect.status.is_client_error());
        }
        let photo = [("content-type", "multipart/form-data; boundary=x"), ("linli-who", theirs.as_str())];
        let refused = neighbour.request(Method::POST, "/api/v1/photos", &photo, b"--x--\r\n".to_vec()).await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_position_is_called_by_its_building_or_grid() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        let api = "/api/v1/communities/wutong/place";
        for (longitude, latitude, inside, building, words) in [
            ("120.308925", "31.579059", true, Some("wutong-7"), "梧桐社区 7栋"),
            ("120.3092", "31.57906", true, Some("wutong-7"), "梧桐社区 7栋附近"),
            ("120.3096", "31.5817", true, None, "梧桐社区 第一网格"),
            ("121.4737", "31.2304", false, None, "不在梧桐社区里"),
        ] {
            let answer = visitor.get(&format!("{api}?longitude={longitude}&latitude={latitude}")).await;
            assert_eq!(answer.status, StatusCode::OK);
            let place = answer.json();
            assert_eq!(place["inside"], inside, "{place}");
            assert_eq!(place["building"].as_str(), building, "{place}");
            assert_eq!(place["words"], words);
        }
        for bad in ["", "?longitude=x&latitude=1", "?longitude=181&latitude=1", "?longitude=NaN&latitude=1"] {
            assert_eq!(visitor.get(&format!("{api}{bad}")).await.status, StatusCode::BAD_REQUEST, "{bad}");
        }
        assert_eq!(visitor.get("/api/v1/communities/nosuch/place?longitude=1&latitude=1").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn too_many_without_an_account_are_asked_to_wait_and_lose_nothing() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        visitor.get("/").await;
        for n in 0..10 {
            let key = key(n);
            let mut form = fields(&key);
            form.push(("different", "1"));
            assert_eq!(visitor.post_files("/report", &form, &[]).await.status, StatusCode::SEE_OTHER, "{n}");
        }
        let key = key(11);
        let mut form = fields(&key);
        form.push(("different", "1"));
        let answer = visitor.post_files("/report", &form, &[]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers.contains_key("retry-after"));
        let text = answer.text();
        for words in ["谢谢", "分钟", "路灯三天没亮了", "北门路灯下", "0510-80000101"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        test.app.clock.advance(jiff::SignedDuration::from_hours(1));
        assert_eq!(visitor.post_files("/report", &form, &[]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn pictures_of_a_map_come_only_from_the_host_in_the_settings() {
    let plain = TestApp::new(server::db::Engine::Sqlite).await;
    let policy = |answer: &Answer| answer.headers["content-security-policy"].to_str().expect("text").to_owned();
    assert!(!policy(&plain.visitor().get("/reports").await).contains("map.example"));
    let plan = "/api/v1/communities/wutong/plan.geojson";
    assert!(plain.visitor().get(plan).await.json().get("tiles").is_none());
    let test = TestApp::with(server::db::Engine::Sqlite, |config| {
        config.map_tiles = Some(server::config::MapTiles {
            url: "https://t{s}.map.example/{z}/{x}/{y}.png".into(),
            attribution: "© 地图".into(),
            gcj02: true,
        });
    })
    .await;
    let policy = policy(&test.visitor().get("/reports").await);
    assert!(policy.contains("img-src 'self' https://*.map.example blob:"), "{policy}");
    assert_eq!(policy.matches("map.example").count(), 1, "for pictures alone");
    assert_eq!(test.visitor().get(plan).await.json()["tiles"]["gcj02"], true);
}

//! Landmarks: places that residents know and that are no building. They stand beside the buildings in every form, and what is
//! filed at one belongs to the grid it lies in.

use super::*;
use crate::support::on_both;
use server::reports::store;

const BUS_STOP: &str = "wutong-bus";

/// A form about a landmark, without a word on the place.
fn at<'a>(key: &'a str, category: &'a str, landmark: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = fields(key);
    fields.retain(|(name, _)| !matches!(*name, "building" | "place" | "category"));
    fields.extend([("building", landmark), ("category", category)]);
    fields
}

/// The options of a page's list of places, by the words above them.
fn offered(page: &Answer, group: &str) -> Vec<(String, String)> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let html = scraper::Html::parse_document(&page.text());
    let select = |css: &str| scraper::Selector::parse(css).expect("a selector");
    let options = select(&format!("select[name=building] optgroup[label=\"{group}\"] option"));
    html.select(&options)
        .map(|option| (option.value().attr("value").unwrap_or_default().to_owned(), option.text().collect()))
        .collect()
}

#[tokio::test]
async fn every_form_offers_landmarks_beside_the_buildings() {
    on_both(|test| async move {
        let expected = [
            ("wutong-path", "健身步道东头"),
            ("wutong-market", "北门菜场口"),
            ("wutong-square", "南广场"),
            ("wutong-bus", "梧桐路公交站"),
        ]
        .map(|(code, name)| (code.to_owned(), name.to_owned()));
        for (phone, page) in
            [(RESIDENT, "/report"), (GRID_WORKER, "/volunteer/collect"), (STAFF, "/staff/reports/new?community=wutong")]
        {
            let page = test.signed_in(phone).await.get(page).await;
            let mut all = offered(&page, "地标");
            all.sort();
            let mut expected = expected.clone();
            expected.sort();
            assert_eq!(all, expected, "{phone}");
            assert_eq!(offered(&page, "第二网格").len(), 2, "{phone}: and the buildings");
        }
        let english = test.signed_in(RESIDENT).await.get("/report?lang=en").await;
        assert!(offered(&english, "Landmarks").contains(&(BUS_STOP.to_owned(), "Wutong Road bus stop".to_owned())));
        // A poster at the stop leads to a form that knows where it hangs.
        let poster = test.visitor().get(&format!("/report?community=wutong&building={BUS_STOP}")).await.text();
        assert!(poster.contains(&format!("value=\"{BUS_STOP}\" selected")), "{poster}");
    })
    .await;
}

#[tokio::test]
async fn a_report_at_a_landmark_belongs_to_its_grid_and_is_found_from_there() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let grid = &test.loaded.organisations["wutong-g2"].1;
        let rule = [("act", "add"), ("category", ""), ("place", grid), ("owner", test.person(GRID_WORKER))];
        assert_eq!(staff.post("/staff/reports/routing", &rule).await.status, StatusCode::SEE_OTHER);
        let mut resident = test.signed_in(RESIDENT).await;
        let filed = resident.post_files("/report", &at(&key(1), "street-light", BUS_STOP), &[]).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "a landmark is place enough: {}", filed.text());
        let code = code_of(&filed);
        let kept = store::by_code(&test.app.db, &code).await.expect("reads").expect("a report");
        assert_eq!(kept.path, *grid);
        assert_eq!((kept.longitude, kept.at_longitude.zip(kept.at_latitude)), (None, Some((120.311817, 31.581606))));
        // Everywhere as its place: for the public, for staff, in both languages.
        for (page, words) in [
            (format!("/reports/{code}"), "第二网格 · 梧桐路公交站"),
            ("/reports?community=wutong".to_owned(), "梧桐路公交站"),
            (format!("/reports/{code}?lang=en"), "Wutong Road bus stop"),
        ] {
            let text = test.visitor().get(&page).await.text();
            assert!(text.contains(words), "{page}: {text}");
        }
        assert!(staff.get(&format!("/staff/reports/{code}")).await.text().contains("梧桐路公交站"));
        assert!(staff.get("/staff/reports").await.text().contains("梧桐路公交站"));

        // The rule of its grid proposes who is sent.
        assert_eq!(staff_step(&mut staff, &code, "accept", &[]).await.status, StatusCode::SEE_OTHER);
        let form = staff.get(&format!("/staff/reports/{code}?step=dispatch")).await.text();
        let chosen = format!("value=\"{}\" checked", test.person(GRID_WORKER));
        assert!(form.contains(&chosen), "{form}");

        // Whoever stands there, or writes of the same landmark, is shown it; at the other end of the grid nobody is.
        let mut neighbour = test.signed_in(NEIGHBOUR).await;
        let near = "/report/nearby?community=wutong&category=street-light";
        for (place, shown) in [
            (format!("building={BUS_STOP}"), true),
            ("longitude=120.311817&latitude=31.581506".to_owned(), true),
            ("longitude=120.310200&latitude=31.580400".to_owned(), false),
            ("building=wutong-square".to_owned(), false),
        ] {
            let text = neighbour.get(&format!("{near}&{place}")).await.text();
            assert_eq!(text.contains(&code), shown, "{place}: {text}");
        }
        let asked = neighbour.post_files("/report", &at(&key(2), "street-light", BUS_STOP), &[]).await;
        assert!(asked.status == StatusCode::OK && asked.text().contains(&code), "joins instead: {}", asked.text());

        // On the plan it stands at the landmark, and a position beside it is called by its name.
        let plan = test.visitor().get("/api/v1/communities/wutong/plan.geojson").await.json();
        let features = plan["features"].as_array().expect("features");
        let of = |kind: &str, code: &str| {
            let properties = serde_json::json!({ "kind": kind, "code": code });
            let same = |feature: &&serde_json::Value| {
                ["kind", "code"].iter().all(|name| feature["properties"][name] == properties[name])
            };
            features.iter().find(same).map(|feature| feature["geometry"]["coordinates"].clone())
        };
        let there = Some(serde_json::json!([120.311817, 31.581606]));
        assert_eq!((of("landmark", BUS_STOP), of("report", &code)), (there.clone(), there));
        let place = "/api/v1/communities/wutong/place?longitude=120.3118&latitude=31.5816";
        let place = test.visitor().get(place).await.json();
        assert_eq!((&place["building"], &place["grid"]), (&BUS_STOP.into(), &"wutong-g2".into()), "{place}");
        assert_eq!(place["words"], "梧桐社区 梧桐路公交站");
    })
    .await;
}

#[tokio::test]
async fn another_communitys_landmark_is_refused_and_one_that_is_gone_is_offered_no_more() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        for wrong in ["xingwu-square", "wutong-nowhere", "wutong", "wutong-g2"] {
            let refused = resident.post_files("/report", &at(&key(1), "street-light", wrong), &[]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(refused.text().contains("id=\"building-error\""), "{wrong}: {}", refused.text());
        }
        let json = |key: &str, place: &str| {
            serde_json::json!({
                "idempotency_key": key, "community": "wutong", "category": "street-light", "building": place,
                "description": "灯不亮", "different": true,
            })
            .to_string()
            .into_bytes()
        };
        let mut send = async |key: &str, place: &str| {
            let body = json(key, place);
            resident.send(axum::http::Method::POST, "/api/v1/reports", Some("application/json"), body).await
        };
        let sent = send("landmark-key-0000001", BUS_STOP).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE landmark SET gone = 1 WHERE code = $1")
            .bind(BUS_STOP)
            .execute(&mut *tx)
            .await
            .expect("gone");
        tx.commit().await.expect("commit");
        assert!(!test.visitor().get("/report?community=wutong").await.text().contains(BUS_STOP));
        // What was filed there keeps its place, and what waited on a phone meanwhile arrives.
        let code = sent.json()["code"].as_str().expect("a code").to_owned();
        assert!(test.visitor().get(&format!("/reports/{code}")).await.text().contains("梧桐路公交站"));
        assert_eq!(send("landmark-key-0000002", BUS_STOP).await.status, StatusCode::CREATED);
    })
    .await;
}

#[tokio::test]
async fn another_system_names_a_landmark_as_it_names_a_building() {
    on_both(|test| async move {
        let mut visitor = test.visitor();
        let definition = visitor.get("/open311/v2/services/street-light.json?jurisdiction_id=wutong").await.json();
        let values = definition["attributes"][0]["values"].as_array().expect("a list").clone();
        assert!(values.contains(&serde_json::json!({ "key": BUS_STOP, "name": "梧桐路公交站" })), "{values:?}");
        let scopes = ["reports.file".to_owned()];
        let (_, key) = server::operate::add_key(&test.app, "12345热线", "wutong", &scopes, 30).await.expect("a key");
        let mut send = async |place: &str| {
            let fields = [("api_key", key.as_str()), ("service_code", "street-light"), ("address_id", place)];
            visitor.post("/open311/v2/requests.json", &fields).await
        };
        let filed = send(BUS_STOP).await;
        assert_eq!(filed.status, StatusCode::OK, "{}", filed.text());
        let id = filed.json()[0]["service_request_id"].as_str().expect("an id").to_owned();
        assert_eq!(send("wutong-nowhere").await.status, StatusCode::BAD_REQUEST);
        let elsewhere = send("xingwu-square").await;
        assert!(elsewhere.status.is_client_error(), "not this key's community: {}", elsewhere.text());
        let request = visitor.get(&format!("/open311/v2/requests/{id}.json")).await.json()[0].clone();
        assert_eq!(
            (&request["address_id"], &request["address"]),
            (&BUS_STOP.into(), &"梧桐社区 第二网格 梧桐路公交站".into())
        );
        assert_eq!((request["long"].as_f64(), request["lat"].as_f64()), (Some(120.311817), Some(31.581606)));
    })
    .await;
}

#[tokio::test]
async fn reports_are_alike_by_where_their_building_or_landmark_stands() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let mut codes = Vec::new();
        for (n, place) in ["wutong-1", BUS_STOP, "wutong-square"].into_iter().enumerate() {
            let key = key(n);
            let mut fields = at(&key, "street-light", place);
            fields.push(("different", "1"));
            codes.push(code_of(&resident.post_files("/report", &fields, &[]).await));
        }
        // Beside the stop, by the phone's own position, some forty metres to the east.
        let key = key(9);
        let mut fields = at(&key, "street-light", "");
        fields.extend([
            ("longitude", "120.31220"),
            ("latitude", "31.581606"),
            ("place", "站牌旁边"),
            ("different", "1"),
        ]);
        let beside = resident.post_files("/report", &fields, &[]).await;
        assert_eq!(beside.status, StatusCode::SEE_OTHER, "{}", beside.text());
        let beside = code_of(&beside);
        let alike = async |code: &str| -> Vec<String> {
            let report = store::by_code(&test.app.db, code).await.expect("reads").expect("a report");
            let found = server::reports::queue::alike(&test.app.db, &report).await.expect("reads");
            found.into_iter().map(|report| report.code).collect()
        };
        assert_eq!(alike(&beside).await, std::slice::from_ref(&codes[1]), "the stop's own place counts");
        assert_eq!(
            alike(&codes[1]).await,
            std::slice::from_ref(&beside),
            "and from there as well, and not the whole grid"
        );
        assert_eq!(alike(&codes[2]).await, Vec::<String>::new(), "the square is far");
        let page = test.signed_in(STAFF).await.get(&format!("/staff/reports/{beside}")).await.text();
        assert!(page.contains(&codes[1]) && !page.contains(&codes[2]), "the desk shows it: {page}");
    })
    .await;
}

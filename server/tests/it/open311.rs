//! Open311 GeoReport v2, as other systems use it.

mod sending;
mod xml;

use crate::{
    reports::{RESIDENT, STAFF, fields, fixture, key, staff_step},
    support::{Answer, TestApp, on_both},
};
use app::{i18n::Lang, time::date_time};
use axum::http::Method;
use jiff::{SignedDuration, Timestamp};
use scraper::{Html, Selector};
use serde_json::Value;
use server::operate;

/// A key of the hotline for a community or more.
async fn hotline(test: &TestApp, at: &str, scopes: &[&str]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    operate::add_key(&test.app, "12345热线", at, &scopes, 30).await.expect("a key").1
}

async fn post(test: &TestApp, path: &str, fields: &[(&str, &str)], more: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    headers.extend(more);
    test.visitor().request(Method::POST, path, &headers, body.into_bytes()).await
}

async fn get(test: &TestApp, path: &str) -> Value {
    let answer = test.visitor().get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// What a refused call says: status and description, the same in both forms.
fn refused(answer: &Answer) -> (u16, String) {
    let all = answer.json();
    assert_eq!(all[0]["code"], answer.status.as_u16().to_string(), "{all}");
    (answer.status.as_u16(), all[0]["description"].as_str().expect("words").to_owned())
}

/// What is sent, the status of the answer, and a word of its description.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

const REQUESTS: &str = "/open311/v2/requests.json";

#[tokio::test]
async fn services_say_what_can_be_reported_and_what_is_asked() {
    on_both(|test| async move {
        let services = get(&test, "/open311/v2/services.json").await;
        let services = services.as_array().expect("an array");
        assert!(services.len() > 10);
        let light = services.iter().find(|service| service["service_code"] == "street-light").expect("lights");
        assert_eq!((&light["type"], &light["metadata"]), (&Value::from("realtime"), &Value::from(true)));
        assert!(light["keywords"].as_str().expect("words").contains(','), "{light}");
        // The same in XML, and in English.
        let xml = test.visitor().get_with("/open311/v2/services.xml", &[("accept-language", "en")]).await;
        assert_eq!(xml.headers["content-type"], "text/xml; charset=utf-8");
        let page = Html::parse_document(&xml.text());
        let select = |selector: &str| Selector::parse(selector).expect("a selector");
        assert_eq!(page.select(&select("services > service")).count(), services.len());
        assert!(xml.text().contains("<service_name>"), "{}", xml.text());
        let definition = get(&test, "/open311/v2/services/street-light.json?jurisdiction_id=wutong").await;
        let attributes = definition["attributes"].as_array().expect("an array");
        let orders: Vec<_> =
            attributes.iter().map(|attribute| attribute["order"].as_f64().expect("a number")).collect();
        assert_eq!(orders, [1.0, 2.0, 3.0]);
        assert_eq!(attributes[0]["datatype"], "singlevaluelist");
        assert!(attributes[0]["values"].as_array().expect("buildings").iter().any(|value| value["key"] == "wutong-1"));
        let discovery = get(&test, "/open311/v2/discovery.json").await;
        assert_eq!(discovery["endpoints"][0]["specification"], "http://wiki.open311.org/GeoReport_v2");
        assert_eq!(discovery["endpoints"][0]["formats"], serde_json::json!(["text/xml", "application/json"]));
        for path in ["/open311/v2/services/none.json", "/open311/v2/services.json?jurisdiction_id=none"] {
            assert_eq!(refused(&test.visitor().get(path).await).0, 404, "{path}");
        }
        let xml = test.visitor().get("/open311/v2/services/none.xml").await;
        assert!(xml.text().contains("<errors>") && xml.text().contains("<code>404</code>"), "{}", xml.text());
    })
    .await;
}

#[tokio::test]
async fn a_system_files_with_its_key_and_follows_what_it_filed() {
    on_both(|test| async move {
        let key = hotline(&test, "wutong", &["reports.file"]).await;
        let place = [("lat", ""), ("long", ""), ("address_id", "wutong-1")];
        let mut call = vec![
            ("api_key", key.as_str()),
            ("service_code", "street-light"),
            ("description", "路灯三天没亮了，<b>晚上</b>看不见路"),
            ("first_name", "国庆"),
            ("last_name", "王"),
            ("phone", "021-8765 4321"),
            ("attribute[number]", "SH20261125-0042"),
            ("attribute[place]", "北门"),
        ];
        call.extend(place);
        // A name that is too long is refused, not cut.
        let long = "国".repeat(31);
        let mut wrong = call.clone();
        wrong[3].1 = &long;
        assert_eq!(refused(&post(&test, REQUESTS, &wrong, &[]).await).0, 400);
        let filed = post(&test, REQUESTS, &call, &[]).await;
        assert_eq!(filed.status, 200, "{}", filed.text());
        let filed = filed.json();
        let id = filed[0]["service_request_id"].as_str().expect("an id").to_owned();
        assert!(filed[0]["service_notice"].as_str().expect("a promise").contains("办结"), "{filed}");
        assert_eq!(filed.as_array().map(Vec::len), Some(1));
        // Staff see where it came from, with its number, the caller masked, and the words as text.
        let mut staff = test.signed_in(STAFF).await;
        let page = staff.get(&format!("/staff/reports/{id}")).await.text();
        assert!(page.contains("SH20261125-0042") && page.contains("&lt;b&gt;"), "{page}");
        assert!(!page.contains("87654321") && !page.contains("王国庆"), "the caller is masked");
        // Everybody reads what the public list shows; words only who filed it.
        let public = get(&test, &format!("/open311/v2/requests/{id}.json")).await;
        assert_eq!(public[0]["status"], "open");
        assert_eq!((&public[0]["description"], &public[0]["media_url"]), (&Value::Null, &Value::Null));
        assert_eq!(public[0]["address_id"], "wutong-1");
        assert!(public[0]["requested_datetime"].as_str().expect("a date").ends_with("+08:00"));
        assert!(public[0]["expected_datetime"].is_string() && public[0]["lat"].is_number());
        let own = get(&test, &format!("/open311/v2/requests/{id}.json?api_key={key}")).await;
        assert_eq!(own[0]["description"], "路灯三天没亮了，<b>晚上</b>看不见路");
        let token = get(&test, &format!("/open311/v2/tokens/{id}.json")).await;
        assert_eq!(
            (&token[0]["token"], &token[0]["service_request_id"]),
            (&Value::from(id.as_str()), &Value::from(id.as_str()))
        );
        // What staff do is seen.
        assert_eq!(staff_step(&mut staff, &id, "reject", &[("text", "不是本街道的路灯")]).await.status, 303);
        let after = get(&test, &format!("/open311/v2/requests/{id}.json?extensions=true")).await;
        assert_eq!(after[0]["status"], "closed");
        assert_eq!(after[0]["extended_attributes"]["detailed_status"], "rejected");
        // The audit log knows which system it was.
        let (detail,): (String,) =
            sqlx::query_as("SELECT detail FROM audit_log WHERE action = 'report.file' AND actor_kind = 'system'")
                .fetch_one(test.app.db.read())
                .await
                .expect("an entry");
        assert!(detail.contains("12345热线"), "{detail}");
    })
    .await;
}

#[tokio::test]
async fn a_key_opens_its_own_place_for_its_own_time_and_nothing_else() {
    on_both(|test| async move {
        let good = hotline(&test, "wutong", &["reports.file"]).await;
        let reader = hotline(&test, "wutong", &["reports.read"]).await;
        let elsewhere = hotline(&test, "xingwu", &["reports.file"]).await;
        let call = |key: &str| {
            vec![
                ("api_key".to_owned(), key.to_owned()),
                ("service_code".to_owned(), "street-light".to_owned()),
                ("address_id".to_owned(), "wutong-1".to_owned()),
            ]
        };
        let tried = async |key: &str| {
            let call = call(key);
            let call: Vec<(&str, &str)> = call.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            post(&test, REQUESTS, &call, &[]).await
        };
        for key in ["", "linli_wrong", "x", reader.as_str(), elsewhere.as_str()] {
            assert_eq!(refused(&tried(key).await).0, 403, "{key}");
        }
        assert_eq!(tried(&good).await.status, 200);
        // A session beside the key gives nothing, and a key gives no session.
        let mut staff = test.signed_in(STAFF).await;
        let body = "service_code=street-light&address_id=wutong-1".as_bytes().to_vec();
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        assert_eq!(staff.request(Method::POST, REQUESTS, &kind, body).await.status, 403);
        assert_eq!(test.visitor().get(&format!("/staff?api_key={good}")).await.status, 303);
        // What others filed is read with reports.read alone, and only inside.
        let code = crate::reports::filed(&mut test.signed_in(RESIDENT).await, &key(7), 0).await;
        for (key, reads) in [(&good, false), (&elsewhere, false), (&reader, true)] {
            let one = get(&test, &format!("/open311/v2/requests/{code}.json?api_key={key}")).await;
            assert_eq!(one[0]["description"].is_string(), reads, "{one}");
        }
        // Ended, and run out.
        let rows = server::auth::keys::all(&test.app.db).await.expect("reads");
        let id = &rows.iter().find(|row| row.path.contains("wutong") && row.scopes == "reports.file").expect("it").id;
        assert!(rows.iter().all(|row| !row.id.contains("linli_") && !row.name.contains("linli_")));
        operate::revoke_key(&test.app, id).await.expect("ended");
        assert_eq!(tried(&good).await.status, 403);
        let short = hotline(&test, "wutong", &["reports.file"]).await;
        test.app.clock.advance(SignedDuration::from_hours(30 * 24 + 1));
        assert_eq!(tried(&short).await.status, 403);
        let wrong =
            operate::add_key(&test.app, "x", "wutong", &["everything".to_owned()], 1).await.expect_err("refused");
        assert!(wrong.to_string().contains("reports.file"), "{wrong:#}");
    })
    .await;
}

#[tokio::test]
async fn a_list_keeps_to_what_was_asked_for() {
    on_both(|test| async move {
        let key = hotline(&test, "lanxi", &["reports.file"]).await;
        let mut ids = Vec::new();
        for (n, (service, building)) in
            [("street-light", "wutong-1"), ("elevator", "wutong-2"), ("street-light", "wutong-5")]
                .into_iter()
                .enumerate()
        {
            test.app.clock.advance(SignedDuration::from_hours(24));
            let call = [("api_key", key.as_str()), ("service_code", service), ("address_id", building)];
            let filed = post(&test, REQUESTS, &call, &[("idempotency-key", &format!("list-{n}"))]).await;
            assert_eq!(filed.status, 200, "{}", filed.text());
            ids.push(filed.json()[0]["service_request_id"].as_str().expect("an id").to_owned());
        }
        let listed = async |query: &str| -> Vec<String> {
            let all = get(&test, &format!("{REQUESTS}?{query}")).await;
            let ids = all.as_array().expect("an array").iter();
            ids.map(|one| one["service_request_id"].as_str().expect("an id").to_owned()).collect()
        };
        let of = |numbers: &[usize]| -> Vec<String> { numbers.iter().map(|n| ids[*n].clone()).collect() };
        assert_eq!(listed("").await, of(&[2, 1, 0]), "the newest first");
        assert_eq!(listed("service_code=street-light").await, of(&[2, 0]));
        assert_eq!(listed("service_code=street-light,elevator&status=open").await, of(&[2, 1, 0]));
        assert_eq!(listed("status=closed").await, of(&[]));
        assert_eq!(listed("jurisdiction_id=xingwu").await, of(&[]));
        assert_eq!(listed("page_size=2").await, of(&[2, 1]));
        assert_eq!(listed("page_size=2&page=2").await, of(&[0]));
        assert_eq!(listed("start_date=2026-11-27T00:00:00%2B08:00").await, of(&[2, 1]));
        assert_eq!(listed("end_date=2026-11-27").await, of(&[0]));
        // Ids override all others; a comma list, in its order; what is not there is left out.
        assert_eq!(listed(&format!("service_request_id={},NONE,{}&status=closed", ids[2], ids[0])).await, of(&[2, 0]));
        // Near the first building.
        let one = get(&test, &format!("/open311/v2/requests/{}.json", ids[0])).await;
        let near = listed(&format!("lat={}&long={}&radius=5", one[0]["lat"], one[0]["long"])).await;
        assert_eq!(near, of(&[0]));
        // A photo comes with the form, and is public only when staff released it.
        let call = [("api_key", key.as_str()), ("service_code", "street-light"), ("address_id", "wutong-1")];
        let photo = fixture("orientation-6.jpg");
        let files = [("media", "a.jpg", "image/jpeg", photo.as_slice())];
        let filed = test.visitor().post_files(REQUESTS, &call, &files).await;
        assert_eq!(filed.status, 200, "{}", filed.text());
        let id = filed.json()[0]["service_request_id"].as_str().expect("an id").to_owned();
        let (photos,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM photo f JOIN report r ON r.id = f.owner_id WHERE r.code = $1",
        )
        .bind(&id)
        .fetch_one(test.app.db.read())
        .await
        .expect("reads");
        assert_eq!(photos, 1);
        let one = get(&test, &format!("/open311/v2/requests/{id}.json?api_key={key}")).await;
        assert_eq!(one[0]["media_url"], Value::Null);
        let bad = [("media", "a.jpg", "image/jpeg", b"<svg onload=alert(1)>".as_slice())];
        assert_eq!(refused(&test.visitor().post_files(REQUESTS, &call, &bad).await).0, 400);
    })
    .await;
}

#[tokio::test]
async fn where_a_reporter_stood_is_told_to_nobody() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let key = key(1);
        let mut form = fields(&key);
        form.retain(|(name, _)| !matches!(*name, "building" | "place"));
        // A corner of the first grid, far from its middle.
        let (outline,): (String,) = sqlx::query_as("SELECT outline FROM organisation WHERE code = 'wutong-g1'")
            .fetch_one(test.app.db.read())
            .await
            .expect("reads");
        let corners: Vec<[f64; 2]> = serde_json::from_str(&outline).expect("corners");
        let middle = server::reports::list::middle(&corners).expect("a middle");
        let stood = [0, 1].map(|axis| corners[0][axis] * 0.9 + middle[axis] * 0.1);
        let (longitude, latitude) = (stood[0].to_string(), stood[1].to_string());
        form.extend([("longitude", longitude.as_str()), ("latitude", latitude.as_str())]);
        let code = crate::reports::code_of(&resident.post_files("/report", &form, &[]).await);
        let one = get(&test, &format!("/open311/v2/requests/{code}.json")).await;
        let told = [one[0]["long"].as_f64().expect("a number"), one[0]["lat"].as_f64().expect("a number")];
        assert!((told[0] - middle[0]).abs() < 1e-9 && (told[1] - middle[1]).abs() < 1e-9, "{told:?}, {stood:?}");
        // Nor can it be found by asking in circles.
        let near = get(&test, &format!("{REQUESTS}?lat={latitude}&long={longitude}&radius=1")).await;
        assert_eq!(near, serde_json::json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_by_others_do_every_call() {
    on_both(|test| async move {
        let key = hotline(&test, "wutong", &["reports.file"]).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/open311/v2", listener.local_addr().expect("bound"));
        let router = test.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let told = crate::peers::open311(&address, &["wutong", &key, "street-light", "wutong-1"]).await;
        let id = told["filed"][0]["service_request_id"].clone();
        assert!(id.is_string(), "{told}");
        let ids = Value::Array(vec![id.clone()]);
        assert_eq!((&told["listed"], &told["by_number"]), (&ids, &ids), "{told}");
        assert_eq!((&told["one"]["service_request_id"], &told["token"][0]["service_request_id"]), (&id, &id), "{told}");
        assert_eq!((&told["without_key"], &told["unknown"]), (&Value::from(403), &Value::from(404)));
        for form in ["json", "xml"] {
            let told_too = &told[form];
            assert_eq!(told_too["services"], told["services"], "{form}");
            assert_eq!(told_too["attributes"], serde_json::json!(["building", "place", "number"]), "{form}");
            assert_eq!((&told_too["listed"], &told_too["one"]), (&ids, &Value::from("open")), "{form}");
        }
        let mut staff = test.signed_in(STAFF).await;
        let page = staff.get(&format!("/staff/reports/{}", id.as_str().expect("an id"))).await.text();
        assert!(page.contains("SH-1") && page.contains("路灯不亮"), "{page}");
    })
    .await;
}

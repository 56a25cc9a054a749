//! The desks through the API: calls, photos with parts blacked out, versions and files of notices, the list at an
//! activity's door, screens, the reports behind a figure.

use super::{EVERYTHING, Program, failure, token, ways::photo};
use crate::{
    notices::published,
    reports::{RESIDENT, STAFF, STAFF_ELSEWHERE, count, filed, fixture, key},
    support::on_both,
};
use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_call_is_filed_once_looked_at_and_merged() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let call = json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": "路灯不亮",
            "from": "hotline", "foreign_number": "2611250317", "caller": "王建国", "contact": "0510-8888 1234"});
        let filed = staff.post_once("call", "/api/v1/staff/reports", call.clone()).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        assert_eq!(staff.post_once("call", "/api/v1/staff/reports", call.clone()).await.json(), filed.json());
        let first = filed.json()["code"].as_str().expect("a code").to_owned();
        let shown = staff.get(&format!("/api/v1/staff/reports/{first}")).await.json();
        assert_eq!((&shown["channel"], &shown["foreign_number"]), (&json!("hotline"), &json!("2611250317")));
        let caller = staff.post(&format!("/api/v1/staff/reports/{first}/caller"), json!({})).await.json();
        assert_eq!(caller["name"], "王建国");
        assert!(caller["number"].as_str().is_some_and(|number| number.contains("88881234")), "{caller}");

        // What stands beside the form while somebody types: the same kind near it, or the same number.
        let alike = "/api/v1/staff/reports/alike?community=wutong";
        for about in ["category=street-light&building=wutong-1", "foreign_number=2611250317"] {
            let found = staff.get(&format!("{alike}&{about}")).await.json();
            assert_eq!((found.as_array().map(Vec::len), &found[0]["code"]), (Some(1), &json!(first)), "{about}: {found}");
        }
        let other = staff.get(&format!("{alike}&category=elevator&building=wutong-1")).await;
        assert_eq!(other.json(), json!([]), "another kind");
        assert_eq!(failure(&staff.get("/api/v1/staff/reports/alike?community=nowhere").await).0, 422);

        // Nobody files a second one unasked; what is the same is merged.
        let mut again = call.clone();
        again["ask_nearby"] = json!(true);
        let asked = staff.post("/api/v1/staff/reports", again.clone()).await;
        assert_eq!(failure(&asked), (409, "urn:linli:problem:alike".into()), "{}", asked.text());
        assert_eq!(asked.json()["alike"], json!([first]));
        again["into"] = json!(first);
        let merged = staff.post("/api/v1/staff/reports", again).await;
        assert_eq!((merged.status.as_u16(), &merged.json()["merged"]), (201, &json!(true)), "{}", merged.text());

        let mut wrong = call.clone();
        (wrong["from"], wrong["contact"]) = (json!("neighbour"), json!("12"));
        let refused = staff.post("/api/v1/staff/reports", wrong).await;
        assert_eq!(failure(&refused).0, 422);
        assert_eq!(refused.json()["errors"][0]["pointer"], "#/from");
        let mut elsewhere = Program::of(&test, STAFF_ELSEWHERE).await;
        assert_eq!(failure(&elsewhere.post("/api/v1/staff/reports", call.clone()).await).0, 403);
        assert_eq!(failure(&elsewhere.get(alike).await).0, 403);
        assert_eq!(failure(&elsewhere.get(&format!("/api/v1/staff/reports/{first}/alike")).await).0, 403);
        let second = staff.post("/api/v1/staff/reports", call).await.json()["code"].clone();
        let found = staff.get(&format!("/api/v1/staff/reports/{first}/alike")).await.json();
        assert_eq!((found.as_array().map(Vec::len), &found[0]["code"]), (Some(1), &second), "not the merged one: {found}");
        assert_eq!(staff.get("/api/v1/staff/reports/ratings").await.json(), json!({"items": []}));
        let none = staff.post(&format!("/api/v1/staff/reports/{first}/rating"), json!({"answer": "谢谢"})).await;
        assert_eq!(failure(&none).0, 409, "nobody has rated it");
    })
    .await;
}

#[tokio::test]
async fn parts_of_a_photo_are_blacked_out_before_it_is_shown() {
    on_both(|test| async move {
        let bearer = token(&test, RESIDENT, EVERYTHING).await;
        let mut resident = Program::with(&test, &bearer);
        let sent = photo(&test, &bearer).await;
        let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": "不亮",
            "photos": [sent]});
        let code = resident.post("/api/v1/reports", body).await.json()["code"].as_str().expect("a code").to_owned();
        let mut staff = Program::of(&test, STAFF).await;
        let path = format!("/api/v1/staff/reports/{code}/photos/{sent}/redaction");
        for bad in [json!({}), json!({"areas": [{"x": 200, "y": 0, "width": 10, "height": 10}]})] {
            assert_eq!(failure(&staff.post(&path, bad.clone()).await).0, 422, "{bad}");
        }
        assert_ne!(test.visitor().get(&format!("/photos/{sent}/full")).await.status, 200);
        let black = json!({"areas": [{"x": 10, "y": 20, "width": 30, "height": 40}], "release": true});
        assert_eq!(failure(&resident.post(&path, black.clone()).await).0, 403);
        let done = staff.post(&path, black).await;
        assert_eq!(done.status, 204, "{}", done.text());
        assert_eq!(test.visitor().get(&format!("/photos/{sent}/full")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_draft_has_versions_pictures_and_a_way_back() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let draft = json!({"kind": "service", "organisation": "wutong", "title": "周六办公", "body": "上午办公。", "aims": ["wutong"]});
        let made = staff.post("/api/v1/staff/notices", draft).await.json();
        let here = format!("/api/v1/staff/notices/{}", made["id"].as_str().expect("an id"));
        let mut words = staff.get(&here).await.json()["draft"].clone();
        words["body"] = json!("下午办公。");
        assert_eq!(staff.post(&here, words).await.status, 200);
        let versions = staff.get(&format!("{here}/versions")).await.json();
        assert_eq!(versions["items"].as_array().expect("items").len(), 2, "{versions}");
        let oldest = versions["items"][1]["version"].as_i64().expect("a number");
        assert_eq!(staff.get(&format!("{here}/versions/{oldest}")).await.json()["body"], "上午办公。");
        let back = format!("{here}/versions/{oldest}/restore");
        assert_eq!(failure(&staff.post(&back, json!({"version": 1})).await).0, 409, "it is another one now");
        let restored = staff.post(&back, json!({})).await;
        assert_eq!(restored.status, 200, "{}", restored.text());
        assert_eq!(staff.get(&here).await.json()["draft"]["body"], "上午办公。");
        assert_eq!(failure(&staff.get(&format!("{here}/versions/99")).await).0, 404);

        let mut browser = test.signed_in(STAFF).await;
        let bytes = fixture("orientation-6.jpg");
        let file = [("picture", "a.jpg", "image/jpeg", &bytes[..])];
        let added = browser.post_files(&format!("{here}/pictures"), &[("alt", "停水范围")], &file).await;
        assert_eq!(added.status, 201, "{}", added.text());
        let refused = browser.post_files(&format!("{here}/files"), &[], &file).await;
        assert_eq!(failure(&refused).0, 422, "no PDF");
        let picture = format!("{here}/pictures/{}", added.json()["number"]);
        assert_eq!(staff.post(&picture, json!({"alt": "五号楼到九号楼"})).await.status, 204);
        let attached = staff.get(&format!("{here}/attachments")).await.json();
        assert_eq!(attached["pictures"][0]["alt"], "五号楼到九号楼");
        assert_eq!(staff.delete(&picture).await.status, 204);
        assert_eq!(staff.get(&format!("{here}/attachments")).await.json(), json!({"pictures": [], "files": []}));

        assert_eq!(failure(&staff.post(&format!("{here}/deliveries"), json!({})).await).0, 409, "it is not out");
        assert_eq!(failure(&staff.get(&format!("{here}/sign-ups")).await).0, 404, "no activity");
        let mut resident = Program::of(&test, RESIDENT).await;
        assert_eq!(failure(&resident.send(Method::GET, &format!("{here}/versions"), &[], None).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn the_list_at_the_door_is_a_file_as_well() {
    on_both(|test| async move {
        let mut page = test.signed_in(STAFF).await;
        let saturday = [
            ("kind", "activity"),
            ("title", "周六包饺子"),
            ("aims", "wutong"),
            ("activity_starts", "2026-11-28T09:00"),
            ("activity_ends", "2026-11-28T11:00"),
            ("activity_place", "社区活动室"),
            ("activity_until", "2026-11-27T18:00"),
            ("activity_seats", "6"),
            ("activity_most", "2"),
        ];
        let id = published(&test, &mut page, &saturday).await;
        let mut resident = Program::of(&test, RESIDENT).await;
        let signed = resident.post(&format!("/api/v1/notices/{id}/sign-up"), json!({"people": 2})).await;
        assert_eq!((signed.status.as_u16(), &signed.json()["state"]), (200, &json!("signed")), "{}", signed.text());
        let path = format!("/api/v1/staff/notices/{id}/sign-ups.csv");
        let mut staff = Program::of(&test, STAFF).await;
        let file = staff.get(&path).await;
        assert_eq!(file.status, 200, "{}", file.text());
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert!(file.body.starts_with(&[0xef, 0xbb, 0xbf]) && file.text().contains("****"), "{}", file.text());
        assert_eq!(file.text(), page.get(&format!("/staff/notices/{id}/sign-ups.csv")).await.text(), "the page's own");
        let taken = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'activity.take_list'";
        assert_eq!(count(&test, taken).await, 2, "both are written down");
        assert_eq!(failure(&resident.get(&path).await).0, 403);
        let mut elsewhere = Program::of(&test, STAFF_ELSEWHERE).await;
        assert_eq!(failure(&elsewhere.get(&path).await).0, 403);
        assert_eq!(count(&test, taken).await, 2);
    })
    .await;
}

#[tokio::test]
async fn screens_and_feeds_of_a_community_are_named_and_open() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let path = "/api/v1/staff/notices/screens";
        let shown = staff.get(path).await.json();
        assert_eq!((&shown["community"], &shown["communities"]), (&json!("wutong"), &json!(["wutong"])), "{shown}");
        assert_eq!(staff.get(&format!("{path}?community=wutong")).await.json(), shown);
        let lift = shown["buildings"].as_array().expect("buildings").iter().find(|one| one["building"] == "wutong-1");
        let mut all = vec![&shown["board"], &shown["embed"], &shown["calendar"], &lift.expect("it")["board"]];
        let feeds = shown["feeds"].as_array().expect("feeds");
        assert_eq!((feeds.len(), &feeds[0]["kind"]), (7, &Value::Null), "all kinds, then each: {shown}");
        all.extend(feeds.iter().map(|feed| &feed["href"]));
        for address in all {
            let address = address.as_str().expect("an address").strip_prefix("http://linli.test").expect("whole");
            assert_eq!(test.visitor().get(address).await.status, 200, "{address}");
        }
        let embed = shown["embed"].as_str().expect("an address");
        assert!(shown["embed_html"].as_str().is_some_and(|line| line.contains(&format!("src=\"{embed}\""))), "{shown}");
        let other = staff.get(&format!("{path}?community=xingwu")).await;
        assert_eq!(failure(&other).0, 422);
        assert_eq!(other.json()["errors"][0]["pointer"], "community");
        assert_eq!(failure(&Program::of(&test, RESIDENT).await.get(path).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn each_figure_leads_to_its_reports() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let mut codes = Vec::new();
        for n in 0..5 {
            codes.push(filed(&mut resident, &key(n), 0).await);
            test.app.clock.advance(SignedDuration::from_secs(1));
        }
        let mut staff = Program::of(&test, STAFF).await;
        let figures = staff.get("/api/v1/staff/statistics/reports?place=wutong&by=channel").await.json();
        let part = &figures["parts"][0];
        assert_eq!((&part["key"], &part["counts"]["filed"]), (&json!("resident"), &json!(5)), "{figures}");
        let list = "/api/v1/staff/statistics/reports/list?place=wutong&by=channel&measure=filed";
        let mut next = Some(format!("{list}&key=resident&limit=2"));
        let mut seen = Vec::new();
        while let Some(address) = next.take() {
            let page = staff.get(&address).await.json();
            let items = page["items"].as_array().unwrap_or_else(|| panic!("{address}: {page}"));
            assert!((1..=2).contains(&items.len()), "{page}");
            seen.extend(items.iter().map(|item| item["code"].as_str().expect("a code").to_owned()));
            if seen.len() == 2 {
                // One more meanwhile, and none is shown twice or left out.
                codes.push(filed(&mut resident, &key(5), 0).await);
                assert_eq!(
                    (&items[0]["state"], &items[0]["channel"]),
                    (&json!("submitted"), &json!("resident")),
                    "{page}"
                );
                assert!(items[0].get("description").is_none(), "figures give no words away");
            }
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(seen, codes);
        let mut desk = test.signed_in(STAFF).await;
        // Reports without a grid or without a unit have an empty name: it is a part's, not none.
        for key in ["api", ""] {
            assert_eq!(staff.get(&format!("{list}&key={key}")).await.json(), json!({"items": []}), "{key}");
            let path = format!("/staff/reports/statistics/list?place=wutong&by=channel&measure=filed&name={key}");
            let page = desk.get(&path).await;
            assert_eq!(page.status, 200, "{key}");
            assert!(!codes.iter().any(|code| page.text().contains(code)), "{key}");
        }
        // There are many first grids: from above they are told apart by their community.
        let mut street = Program::of(&test, "19900000051").await;
        let path = "/api/v1/staff/statistics/reports?by=grid";
        let (within, above) = (staff.get(&format!("{path}&place=wutong")).await, street.get(path).await);
        let counts = |figures: &Value| -> Vec<(String, Value)> {
            let parts = figures["parts"].as_array().expect("parts").iter();
            parts
                .map(|part| (part["key"].as_str().expect("a key").to_owned(), part["counts"]["filed"].clone()))
                .collect()
        };
        let named =
            counts(&within.json()).into_iter().map(|(grid, n)| (format!("梧桐社区 · {grid}"), n)).collect::<Vec<_>>();
        assert!(
            !named.is_empty()
                && counts(&above.json()).iter().filter(|part| named.contains(part)).count() == named.len()
        );
        for wrong in ["measure=stars", "cursor=nonsense", "limit=0"] {
            let answer = staff.get(&format!("/api/v1/staff/statistics/reports/list?{wrong}")).await;
            assert_eq!(failure(&answer).0, 422, "{wrong}");
        }
        let elsewhere = "/api/v1/staff/statistics/reports/list?place=xingwu&measure=filed";
        assert_eq!(failure(&staff.get(elsewhere).await).0, 403);
        assert_eq!(failure(&Program::of(&test, RESIDENT).await.get(list).await).0, 403);
    })
    .await;
}

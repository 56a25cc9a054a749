//! Settings through the API: said what a change does, then saved, with the version as the lock.

use super::{Program, failure};
use crate::{
    reports::{RESIDENT, STAFF, VOLUNTEER, filed, key},
    support::on_both,
    windows::{calendar::changed, halls},
};
use axum::http::Method;
use serde_json::json;

/// The administrator of the district.
const ADMIN: &str = "19900000099";

#[tokio::test]
async fn reports_go_where_rules_say_and_take_as_long_as_limits_say() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let routing = "/api/v1/staff/settings/routing";
        let rule = json!({"category": "street-light", "place": "", "owner": test.person(VOLUNTEER)});
        let before = staff.get(routing).await.json().as_array().expect("rules").len();
        let rules = staff.post(routing, rule).await.json();
        let rules = rules.as_array().expect("rules");
        assert_eq!(rules.len(), before + 1);
        let id = rules[before]["id"].as_str().expect("an id").to_owned();
        assert_eq!(failure(&staff.post(routing, json!({"owner": "nobody"})).await).0, 422);
        assert_eq!(staff.post(&format!("{routing}/{id}/up"), json!({})).await.status, 200);
        assert_eq!(staff.delete(&format!("{routing}/{id}")).await.status, 204);
        assert_eq!(failure(&staff.delete(&format!("{routing}/{id}")).await).0, 404);

        let answers = "/api/v1/staff/settings/answers";
        let canned = json!({"at": "wutong", "step": "reject", "title": "不归社区甲", "text": "请拨打 95598。"});
        assert_eq!(staff.post(answers, canned.clone()).await.status, 204);
        assert_eq!(failure(&staff.post(answers, json!({"at": "wutong"})).await).0, 422);
        let all = staff.get(&format!("{answers}?at=wutong")).await.json();
        let one = all.as_array().expect("answers").iter().find(|one| one["title"] == "不归社区甲").expect("it").clone();
        let path = format!("{answers}/{}", one["id"].as_str().expect("an id"));
        let mut changed = canned;
        (changed["title"], changed["seen"]) = (json!("不归社区乙"), one["seen"].clone());
        assert_eq!(staff.post(&path, changed.clone()).await.status, 204);
        changed["title"] = json!("不归社区丙");
        assert_eq!(failure(&staff.post(&path, changed).await), (409, "urn:linli:problem:changed".into()));
        assert_eq!(staff.post(&format!("{path}/up"), json!({})).await.status, 204);
        assert_eq!(staff.delete(&path).await.status, 204);

        let hours = "/api/v1/staff/settings/hours";
        let before = staff.get(&format!("{hours}?at=wutong")).await.json();
        let mut new = json!({"at": "wutong", "hours": [{"opens": "09:00", "closes": "12:00"}], "look": true});
        let looked = staff.post(hours, new.clone()).await;
        assert!(looked.json()["summary"].as_str().is_some_and(|text| !text.is_empty()), "{}", looked.text());
        assert_eq!(staff.get(&format!("{hours}?at=wutong")).await.json(), before, "it was only looked at");
        new["look"] = json!(false);
        assert_eq!(staff.post(hours, new.clone()).await.status, 204);
        let kept = staff.get(&format!("{hours}?at=wutong")).await.json();
        assert_eq!((&kept["own"], &kept["hours"][0]["opens"]), (&json!(true), &json!("09:00")));
        new["seen"] = json!("");
        assert_eq!(failure(&staff.post(hours, new).await).0, 409);
        let wrong = json!({"at": "wutong", "hours": [{"opens": "12:00", "closes": "09:00"}]});
        assert_eq!(failure(&staff.post(hours, wrong).await).0, 422);

        let mut admin = Program::of(&test, ADMIN).await;
        let limit = json!({"limit_kind": "working_days", "limit_amount": 9, "active": true, "photo_needed": true});
        let categories = "/api/v1/staff/settings/categories";
        assert_eq!(admin.post(&format!("{categories}/street-light"), limit.clone()).await.status, 204);
        let all = admin.get(categories).await.json();
        let one =
            all.as_array().expect("limits").iter().find(|one| one["category"] == "street-light").expect("it").clone();
        assert_eq!((&one["limit_amount"], &one["photo_needed"]), (&json!(9), &json!(true)));
        assert_eq!(failure(&admin.post(&format!("{categories}/none"), limit.clone()).await).0, 404);
        assert_eq!(failure(&staff.post(&format!("{categories}/street-light"), limit).await).0, 403);
        let major = format!("/api/v1/staff/settings/majors/{}", one["major"].as_str().expect("a major"));
        assert_eq!(admin.post(&major, json!({"dispatch_hours": 3})).await.status, 204);
        assert_eq!(failure(&admin.post(&major, json!({"dispatch_hours": 0})).await).0, 422);
        assert_eq!(staff.post("/api/v1/staff/settings/classifier/learn", json!({})).await.status, 204);
    })
    .await;
}

#[tokio::test]
async fn a_halls_settings_are_looked_at_saved_and_kept_as_versions() {
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = Program::of(&test, STAFF).await;
        let path = "/api/v1/staff/settings/halls/hall-wutong";
        let now = staff.get(path).await;
        let tag = now.headers["etag"].to_str().expect("text").to_owned();
        let mut settings = now.json()["settings"].clone();
        settings["windows"][0]["name"] = json!("综合窗口甲");
        let looked = staff.post(path, json!({"settings": settings})).await;
        assert_eq!(looked.json()["saved"], false, "{}", looked.text());
        assert!(!looked.json()["changes"].as_array().expect("changes").is_empty());
        let long = "改".repeat(301);
        let wordy = json!({"settings": settings, "confirm": true, "message": long,
            "single": [{"code": "NONE2345"}, {"code": "NONE2346", "say": long}]});
        let refused = staff.post(path, wordy).await;
        assert_eq!(failure(&refused).0, 422);
        let pointers = [0, 1].map(|at| refused.json()["errors"][at]["pointer"].clone());
        assert_eq!(pointers, [json!("#/message"), json!("#/single/1/say")], "{}", refused.text());
        let save = json!({"settings": settings, "confirm": true});
        let saved = staff.send(Method::POST, path, &[("if-match", &tag)], Some(save.clone())).await;
        assert_eq!(saved.json()["saved"], true, "{}", saved.text());
        let stale = staff.send(Method::POST, path, &[("if-match", &tag)], Some(save)).await;
        assert_eq!(failure(&stale).0, 412);
        assert_eq!(staff.get(path).await.json()["settings"]["windows"][0]["name"], "综合窗口甲");
        let versions = staff.get(&format!("{path}/versions")).await.json();
        assert_eq!(versions[0]["version"], saved.json()["version"], "{versions}");
        assert_eq!(failure(&staff.post(path, json!({"settings": {}})).await).0, 422);
        let mut resident = Program::of(&test, RESIDENT).await;
        assert_eq!(failure(&resident.post(path, json!({})).await).0, 403);

        let mut admin = Program::of(&test, ADMIN).await;
        let items = "/api/v1/staff/settings/items";
        let one = format!("{items}/flexible-employment");
        let mut item = admin.get(&one).await.json()["item"].clone();
        item["fee"] = json!("免费办理");
        let saved = admin.post(&one, json!({"item": item, "confirm": true})).await;
        assert_eq!(saved.json()["saved"], true, "{}", saved.text());
        assert_eq!(admin.get(&one).await.json()["item"]["fee"], "免费办理");
        let stale = admin.post(&one, json!({"item": item, "confirm": true, "version": 99})).await;
        assert_eq!(failure(&stale).0, 409);
        assert!(!admin.get(&format!("{one}/versions")).await.json().as_array().expect("versions").is_empty());
        let retire = format!("{one}/retire");
        assert_eq!(admin.post(&retire, json!({"retired": true})).await.json()["saved"], false, "looked at");
        let retired = admin.post(&retire, json!({"retired": true, "confirm": true})).await;
        assert_eq!(retired.json()["saved"], true, "{}", retired.text());
        assert_eq!(admin.get(&one).await.json()["retired"], true);
        assert_eq!(failure(&admin.post(items, json!({"item": {}})).await).0, 422);
        assert_eq!(failure(&staff.post(items, json!({"item": item})).await).0, 403);

        let calendar = "/api/v1/staff/settings/calendar";
        assert!(!admin.get(calendar).await.json().as_array().expect("years").is_empty());
        assert_eq!(failure(&admin.post(calendar, json!({"text": "nothing"})).await).0, 422);
        assert_eq!(failure(&staff.post(calendar, json!({"text": ""})).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn another_year_says_which_deadlines_it_moves_before_it_is_saved() {
    on_both(|test| async move {
        halls(&test).await;
        let report = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        let path = "/api/v1/staff/settings/calendar";
        let text = changed();
        let mut admin = Program::of(&test, ADMIN).await;
        let looked = admin.post(path, json!({"text": text})).await;
        assert_eq!(looked.status, 200, "{}", looked.text());
        let looked = looked.json();
        assert_eq!((&looked["saved"], &looked["hits"], &looked["more"]), (&json!(false), &json!([]), &json!(0)));
        assert!(!looked["changes"].as_array().expect("changes").is_empty(), "{looked}");
        let deadlines = looked["deadlines"].as_array().expect("deadlines");
        let one = deadlines.iter().find(|one| one["code"] == report.as_str()).expect("the report that is open");
        let [before, after] = ["before", "after"].map(|when| {
            let at = one[when].as_str().unwrap_or_else(|| panic!("{when}: {one}"));
            at.parse::<jiff::Timestamp>().expect("RFC 3339")
        });
        assert!(before < after, "a day off comes between: {one}");
        assert!(one["category"].as_str().is_some_and(|name| !name.is_empty()), "{one}");

        let saved = admin.post(path, json!({"text": text, "confirm": true})).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        let saved = saved.json();
        assert_eq!((&saved["saved"], &saved["deadlines"]), (&json!(true), &json!([])), "{saved}");
        test.run_jobs().await;
        let (due,): (Option<i64>,) = sqlx::query_as("SELECT due_at FROM report WHERE code = $1")
            .bind(&report)
            .fetch_one(test.app.db.read())
            .await
            .expect("a report");
        assert_eq!(due.map(|due| due.div_euclid(1_000_000)), Some(after.as_second()), "as it was said");
        let again = admin.post(path, json!({"text": text, "confirm": true})).await.json();
        assert_eq!((&again["saved"], &again["deadlines"]), (&json!(false), &json!([])), "nothing differs: {again}");
        let mut staff = Program::of(&test, STAFF).await;
        assert_eq!(failure(&staff.post(path, json!({"text": text})).await).0, 403);
    })
    .await;
}

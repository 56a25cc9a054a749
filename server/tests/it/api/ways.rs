//! The ways of residents and staff through the API alone.

use super::{Program, failure};
use crate::{
    reports::{NEIGHBOUR, RESIDENT, STAFF, VOLUNTEER, fixture},
    support::{TestApp, on_both},
    windows::{TOMORROW, halls, slot},
};
use axum::http::Method;
use serde_json::{Value, json};

/// Sends a photo and gives its id.
pub(super) async fn photo(test: &TestApp, token: &str) -> String {
    let bytes = fixture("orientation-6.jpg");
    let boundary = "linli-api-test";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let kind = format!("multipart/form-data; boundary={boundary}");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
    let sent = test.visitor().request(Method::POST, "/api/v1/photos", &headers, body).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    sent.json()["id"].as_str().expect("an id").to_owned()
}

/// A step that is taken, and the state after it.
async fn step(program: &mut Program, path: &str, body: Value) -> String {
    let answer = program.post(path, body.clone()).await;
    assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text());
    answer.json()["state"].as_str().expect("a state").to_owned()
}

#[tokio::test]
async fn a_report_goes_from_the_resident_to_its_end() {
    on_both(|test| async move {
        let token = super::token(&test, RESIDENT, super::EVERYTHING).await;
        let mut resident = Program::with(&test, &token);
        let before = photo(&test, &token).await;
        let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1",
            "description": "路灯三天没亮了", "photos": [before]});
        let filed = resident.post("/api/v1/reports", body).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        let code = filed.json()["code"].as_str().expect("a code").to_owned();
        let own = format!("/api/v1/reports/{code}");

        // A neighbour finds it nearby and joins.
        let mut neighbour = Program::of(&test, NEIGHBOUR).await;
        let nearby = "/api/v1/reports/nearby?community=wutong&category=street-light&building=wutong-1";
        assert_eq!(neighbour.get(nearby).await.json()[0]["code"], code);
        for _ in 0..2 {
            assert_eq!(neighbour.post(&format!("{own}/join"), json!({})).await.status, 204);
        }
        let seen = neighbour.get(&own).await.json();
        assert_eq!(
            (&seen["followers"], &seen["joined"], &seen["description"]),
            (&json!(1), &json!(true), &Value::Null)
        );
        assert_eq!(failure(&neighbour.post(&format!("{own}/steps"), json!({"step": "withdraw"})).await).0, 403);
        assert_eq!(failure(&resident.post(&format!("{own}/join"), json!({})).await).0, 409, "one's own");

        // The desk finds it, accepts it and sends the volunteer.
        let mut staff = Program::of(&test, STAFF).await;
        let queue = staff.get("/api/v1/staff/reports?state=unassigned&category=street-light").await.json();
        assert_eq!((&queue["items"][0]["code"], &queue["items"][0]["version"]), (&json!(code), &json!(1)));
        let counts = staff.get("/api/v1/staff/reports/counts").await.json();
        assert_eq!((&counts["states"][0]["state"], &counts["states"][0]["all"]), (&json!("submitted"), &json!(1)));
        let work = format!("/api/v1/staff/reports/{code}");
        let shown = staff.get(&work).await.json();
        assert!(shown["steps"].as_array().expect("steps").contains(&json!("accept")), "{shown}");
        assert!(shown["reporter"].as_str().is_some_and(|who| who.contains("****")), "masked: {shown}");
        let steps = format!("{work}/steps");
        assert_eq!(step(&mut staff, &steps, json!({"step": "accept", "version": 1})).await, "accepted");
        let wrong = staff.post(&steps, json!({"step": "close"})).await;
        assert_eq!(failure(&wrong).0, 409, "{}", wrong.text());
        let unnamed = staff.post(&steps, json!({"step": "dispatch"})).await;
        assert_eq!(unnamed.json()["errors"][0]["pointer"], "#/to", "{}", unnamed.text());
        assert_eq!(failure(&staff.post(&steps, json!({"step": "fly"})).await).0, 422);
        let handlers = staff.get(&format!("{work}/handlers")).await.json();
        let volunteer_id = test.person(VOLUNTEER);
        assert!(handlers.as_array().expect("handlers").iter().any(|one| one["id"] == volunteer_id), "{handlers}");
        assert_eq!(step(&mut staff, &steps, json!({"step": "dispatch", "to": volunteer_id})).await, "dispatched");

        // The volunteer takes it and finishes it with a photo.
        let token = super::token(&test, VOLUNTEER, "tasks:write reports:write").await;
        let mut volunteer = Program::with(&test, &token);
        assert_eq!(volunteer.get("/api/v1/tasks").await.json()["items"][0]["code"], code);
        let task = format!("/api/v1/tasks/{code}");
        assert_eq!(volunteer.get(&task).await.json()["steps"][0], "take");
        assert_eq!(step(&mut volunteer, &format!("{task}/steps"), json!({"step": "take"})).await, "in_progress");
        let after = photo(&test, &token).await;
        let finish = json!({"step": "finish", "text": "换了灯泡", "photos": [after]});
        let done = volunteer.post_once("finish", &format!("{task}/steps"), finish.clone()).await;
        assert_eq!(done.json()["state"], "handled", "{}", done.text());
        assert_eq!(volunteer.post_once("finish", &format!("{task}/steps"), finish).await.json(), done.json());

        // Staff verify, release the photo and close; the resident confirms and rates.
        assert_eq!(step(&mut staff, &steps, json!({"step": "verify_pass", "text": "亮了"})).await, "verified");
        let photos = staff.get(&work).await.json()["photos"].clone();
        let photo =
            photos.as_array().expect("photos").iter().find(|photo| photo["role"] == "after").expect("one").clone();
        let release = format!("{work}/photos/{}", photo["id"].as_str().expect("an id"));
        assert_eq!(staff.post(&release, json!({"released": true})).await.status, 204);
        assert_eq!(step(&mut staff, &steps, json!({"step": "close", "text": "路灯已修好"})).await, "closed");
        let public = test.visitor().get(&own).await.json();
        assert_eq!(public["photos"].as_array().expect("photos").len(), 1, "the released one: {public}");
        let mine = resident.get(&own).await.json();
        for step in ["confirm", "rate", "reopen"] {
            assert!(mine["steps"].as_array().expect("steps").contains(&json!(step)), "{step}: {mine}");
        }
        assert_eq!(step(&mut resident, &format!("{own}/steps"), json!({"step": "confirm"})).await, "closed");
        let bad = resident.post(&format!("{own}/steps"), json!({"step": "rate", "stars": 1})).await;
        assert_eq!(failure(&bad).0, 422, "a bad rating needs words");
        assert_eq!(step(&mut resident, &format!("{own}/steps"), json!({"step": "rate", "stars": 5})).await, "closed");
        assert_eq!(resident.get("/api/v1/me/reports").await.json()["items"][0]["state"], "closed");
    })
    .await;
}

#[tokio::test]
async fn several_reports_get_the_same_step_and_each_says_what_became_of_it() {
    on_both(|test| async move {
        let mut resident = Program::of(&test, RESIDENT).await;
        let mut codes = Vec::new();
        for n in 0..3 {
            let body = json!({"community": "wutong", "category": "street-light", "building": "wutong-1",
                "description": format!("第 {n} 盏")});
            codes.push(resident.post("/api/v1/reports", body).await.json()["code"].clone());
        }
        let mut staff = Program::of(&test, STAFF).await;
        let body = json!({"step": "accept", "reports": [{"code": codes[0], "version": 1}, {"code": codes[1], "version": 9},
            {"code": codes[2]}]});
        let done = staff.post("/api/v1/staff/reports/bulk", body).await.json();
        assert_eq!((&done[0]["done"], &done[1]["done"], &done[2]["done"]), (&json!(true), &json!(false), &json!(true)));
        assert!(done[1]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{done}");
        assert_eq!(failure(&staff.post("/api/v1/staff/reports/bulk", json!({"step": "accept"})).await).0, 422);
        let refused = resident.post("/api/v1/staff/reports/bulk", json!({})).await;
        assert_eq!(failure(&refused).0, 403);
    })
    .await;
}

#[tokio::test]
async fn a_visit_goes_from_booking_to_its_rating() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = Program::of(&test, RESIDENT).await;
        let all = resident.get("/api/v1/halls").await.json();
        assert!(
            all.as_array().expect("halls").iter().any(|hall| hall["code"] == "hall-wutong" && hall["open"] == true)
        );
        let book = json!({"item": "flexible-employment", "slot": slot(TOMORROW, "0900")});
        let made = resident.post_once("book", "/api/v1/appointments", book.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(resident.post_once("book", "/api/v1/appointments", book).await.json(), made.json(), "one booking");
        let list = resident.get("/api/v1/appointments").await.json();
        assert_eq!(list["items"].as_array().expect("items").len(), 1);
        assert_eq!(list["items"][0]["code"], made.json()["code"]);
        let mut staff = Program::of(&test, STAFF).await;
        let day = staff.get(&format!("/api/v1/staff/appointments?hall=hall-wutong&date={TOMORROW}")).await.json();
        assert!(day["items"][0]["phone"].as_str().is_some_and(|phone| phone.contains("****")), "{day}");
        // Booked by staff for somebody on the telephone.
        let slots =
            staff.get("/api/v1/staff/appointments/slots?hall=hall-wutong&item=flexible-employment").await.json();
        let assist = json!({"hall": "hall-wutong", "items": ["flexible-employment"], "slot": slots[3]["slot"],
            "phone": "13900001234", "name": "王秀英"});
        let assisted = staff.post_once("assist", "/api/v1/staff/appointments", assist.clone()).await;
        assert_eq!(assisted.status, 201, "{}", assisted.text());
        assert_eq!(staff.post_once("assist", "/api/v1/staff/appointments", assist).await.json(), assisted.json());

        // The day itself: a window opens, a walk-in and a number from afar, called in their order.
        let window = "/api/v1/staff/counter/hall-wutong.1";
        assert_eq!(failure(&staff.post(&format!("{window}/call"), json!({})).await).1, "urn:linli:problem:not-open");
        assert_eq!(staff.post(&format!("{window}/open"), json!({})).await.json()["mine"], true);
        assert_eq!(failure(&staff.post(&format!("{window}/call"), json!({})).await).1, "urn:linli:problem:nobody");
        let item = staff.get("/api/v1/services?hall=hall-wutong").await.json();
        let served = item.as_array().expect("items").iter().map(|one| one["code"].as_str().expect("a code").to_owned());
        let mut given = None;
        for code in served {
            let body = json!({"item": code, "name": "王阿姨", "class": "senior"});
            let answer = staff.post_once(&format!("walk-in-{code}"), &format!("{window}/walk-in"), body).await;
            if answer.status == 201
                && staff.get(window).await.json()["line"].as_array().is_some_and(|line| !line.is_empty())
            {
                given = Some(answer.json());
                break;
            }
        }
        let given = given.expect("something that this window serves");
        let called = staff.post_once("call", &format!("{window}/call"), json!({})).await.json();
        assert_eq!(called["now"]["ticket"], given["ticket"], "{called}");
        assert_eq!(staff.post_once("call", &format!("{window}/call"), json!({})).await.json(), called);
        let steps = format!("{window}/steps");
        let ticket = &given["ticket"];
        let started = staff.post(&steps, json!({"ticket": ticket, "step": "start"})).await.json();
        assert_eq!(started["now"]["state"], "serving", "{started}");
        assert!(started["undo"].is_string());
        let back = staff.post(&format!("{window}/undo"), json!({})).await;
        assert_eq!(back.json()["now"]["state"], "called", "{}", back.text());
        staff.post(&steps, json!({"ticket": ticket, "step": "start"})).await;
        let finish = json!({"ticket": ticket, "step": "finish", "outcome": "done", "note": "已办结"});
        assert_eq!(staff.post(&steps, finish).await.json()["now"], Value::Null);
        assert_eq!(failure(&staff.post(&steps, json!({"ticket": ticket, "step": "start"})).await).0, 409);
        assert_eq!(failure(&staff.post(&steps, json!({"ticket": ticket, "step": "fly"})).await).0, 422);
        let today = staff.get("/api/v1/staff/halls/hall-wutong/today").await.json();
        assert_eq!(today["served"], 1, "{today}");
        assert_eq!(failure(&resident.get(window).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn one_has_ones_own_things_through_the_api() {
    on_both(|test| async move {
        let mut resident = Program::of(&test, RESIDENT).await;
        let changed = resident.post("/api/v1/me", json!({"name": "林晓禾", "building": "wutong-1"})).await;
        assert_eq!(changed.status, 204, "{}", changed.text());
        let me = resident.get("/api/v1/me").await.json();
        assert_eq!(
            (&me["name"], &me["building"], &me["community"]),
            (&json!("林晓禾"), &json!("wutong-1"), &json!("wutong"))
        );
        let wrong = resident.post("/api/v1/me", json!({"name": "", "building": "none"})).await;
        assert_eq!(wrong.json()["errors"][0]["pointer"], "#/name");
        let place = json!({"place": "wutong-1", "kind": "outage"});
        for _ in 0..2 {
            assert_eq!(resident.post("/api/v1/me/follows/places", place.clone()).await.status, 204);
        }
        let choices = json!({"kinds": ["outage", "emergency"], "daily_hour": 18, "quiet_hours": [22, 7]});
        assert_eq!(resident.post("/api/v1/me/follows", choices).await.status, 204);
        let follows = resident.get("/api/v1/me/follows").await.json();
        assert_eq!((&follows["kinds"], &follows["quiet_hours"]), (&json!(["outage", "emergency"]), &json!([22, 7])));
        assert_eq!(follows["follows"][0]["place"], "wutong-1");
        assert_eq!(resident.delete("/api/v1/me/follows/places/wutong-1?kind=outage").await.status, 204);
        assert_eq!(resident.get("/api/v1/me/follows").await.json()["follows"], json!([]));
        let bad = resident.post("/api/v1/me/follows", json!({"kinds": ["outage"], "quiet_hours": [30, 7]})).await;
        assert_eq!(failure(&bad).0, 422);
        assert_eq!(resident.get("/api/v1/me/blocks").await.json(), json!([]));
        assert_eq!(resident.get("/api/v1/me/sign-ups").await.json(), json!({"items": []}));
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_written_sent_corrected_and_taken_back() {
    on_both(|test| async move {
        let mut staff = Program::of(&test, STAFF).await;
        let draft = json!({"kind": "service", "organisation": "wutong", "title": "周六照常办公", "body": "本周六上午照常办公。",
            "aims": ["wutong"], "questions": true});
        let made = staff.post_once("draft", "/api/v1/staff/notices", draft.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(staff.post_once("draft", "/api/v1/staff/notices", draft).await.json(), made.json());
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        let here = format!("/api/v1/staff/notices/{id}");
        let shown = staff.get(&here).await;
        let tag = shown.headers["etag"].to_str().expect("text").to_owned();
        let mut words = shown.json()["draft"].clone();
        assert_eq!(words["title"], "周六照常办公");
        words["body"] = json!("本周六上午照常办公，下午休息。");
        let saved = staff.send(Method::POST, &here, &[("if-match", &tag)], Some(words.clone())).await;
        assert_eq!(saved.json()["version"], 2, "{}", saved.text());
        let stale = staff.send(Method::POST, &here, &[("if-match", &tag)], Some(words.clone())).await;
        assert_eq!(failure(&stale).0, 412);
        assert_eq!(failure(&staff.post(&here, words).await), (409, "urn:linli:problem:changed".into()));
        let wrong = staff.post("/api/v1/staff/notices", json!({"kind": "none", "organisation": "nowhere"})).await;
        assert_eq!(failure(&wrong).0, 422);
        let sent = staff.post(&format!("{here}/publish"), json!({"version": 2})).await;
        assert_eq!(sent.json()["state"], "published", "{}", sent.text());
        test.run_jobs().await;
        assert_eq!(staff.get(&format!("{here}/deliveries")).await.json()["all"], true);

        // A resident reads it, asks, and is answered.
        let mut resident = Program::of(&test, RESIDENT).await;
        let public = format!("/api/v1/notices/{id}");
        assert_eq!(resident.get(&public).await.json()["title"], "周六照常办公");
        let unread = resident.get("/api/v1/me/unread").await.json()["unread"].as_i64().expect("a number");
        assert_eq!(resident.post(&format!("{public}/seen"), json!({})).await.status, 204);
        assert_eq!(resident.get("/api/v1/me/unread").await.json()["unread"], unread - 1);
        let ask = json!({"question": "几点开门？"});
        for _ in 0..2 {
            assert_eq!(resident.post_once("ask", &format!("{public}/questions"), ask.clone()).await.status, 204);
        }
        let asked = staff.get("/api/v1/staff/questions").await.json();
        assert_eq!(asked["items"].as_array().expect("items").len(), 1, "{asked}");
        let question = format!("/api/v1/staff/questions/{}", asked["items"][0]["id"].as_str().expect("an id"));
        let answered = staff.post(&question, json!({"step": "answer", "text": "九点。", "version": asked["items"][0]["version"]})).await;
        assert_eq!(answered.status, 204, "{}", answered.text());
        assert_eq!(test.visitor().get(&format!("{public}/questions")).await.json()["items"][0]["answer"], "九点。");
        assert_eq!(failure(&resident.post(&format!("{public}/sign-up"), json!({})).await).0, 404, "no activity");

        let correction = staff.post(&format!("{here}/correct"), json!({})).await;
        assert_eq!(correction.status, 201, "{}", correction.text());
        let draft = format!("/api/v1/staff/notices/{}", correction.json()["id"].as_str().expect("an id"));
        assert_eq!(staff.get(&draft).await.json()["corrects"], id);
        assert_eq!(staff.delete(&draft).await.status, 204);
        assert_eq!(failure(&staff.post(&format!("{here}/withdraw"), json!({"reason": ""})).await).0, 422);
        let back = staff.post(&format!("{here}/withdraw"), json!({"reason": "改期"})).await;
        assert_eq!(back.json()["state"], "withdrawn", "{}", back.text());
        let list = staff.get("/api/v1/staff/notices?state=withdrawn").await.json();
        assert_eq!(list["items"][0]["id"], id);
        assert_eq!(failure(&resident.get(&here).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn figures_are_read_by_those_who_may() {
    on_both(|test| async move {
        let mut resident = Program::of(&test, RESIDENT).await;
        let body =
            json!({"community": "wutong", "category": "street-light", "building": "wutong-1", "description": "不亮"});
        assert_eq!(resident.post("/api/v1/reports", body).await.status, 201);
        let mut staff = Program::of(&test, STAFF).await;
        let figures = staff.get("/api/v1/staff/statistics/reports?place=wutong").await.json();
        assert_eq!((&figures["all"]["counts"]["filed"], &figures["place"]), (&json!(1), &json!("wutong")));
        assert_eq!(figures["parts"][0]["counts"]["filed"], 1);
        assert_eq!(staff.get("/api/v1/staff/statistics/halls").await.json()["all"]["booked"], 0);
        assert_eq!(failure(&staff.get("/api/v1/staff/statistics/reports?place=xingwu").await).0, 403);
        assert_eq!(failure(&resident.get("/api/v1/staff/statistics/halls").await).0, 403);
    })
    .await;
}

//! One's own devices, letters and bookings through the API; the hall's own device, its reception and its blocks, and what
//! a visit lacks.

use super::{Program, failure};
use crate::{
    reports::{NEIGHBOUR, RESIDENT, STAFF, STAFF_ELSEWHERE},
    support::{Answer, Browser, on_both},
    windows::{TOMORROW, halls, queue, slot},
};
use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn send(browser: &mut Browser, path: &str, body: Value) -> Answer {
    browser.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
}

#[tokio::test]
async fn devices_are_signed_out_and_the_address_for_letters_is_forgotten() {
    on_both(|test| async move {
        let mut lost = test.signed_in(RESIDENT).await;
        let mut here = test.signed_in(RESIDENT).await;
        let devices = here.get("/api/v1/me/devices").await.json();
        let devices = devices.as_array().expect("devices");
        assert_eq!(devices.iter().filter(|device| device["this"] == true).count(), 1, "{devices:?}");
        let other = devices.iter().find(|device| device["this"] == false).expect("the lost one");
        let path = format!("/api/v1/me/devices/{}", other["id"].as_str().expect("an id"));
        let mut neighbour = Program::of(&test, NEIGHBOUR).await;
        assert_eq!(failure(&neighbour.delete(&path).await).0, 404, "somebody else's");
        assert_eq!(here.send(Method::DELETE, &path, None, Vec::new()).await.status, 204);
        assert_eq!(lost.get("/api/v1/me/unread").await.status, 401);
        assert_eq!(here.get("/api/v1/me/unread").await.status, 200);
        // A token ends all sessions, and holds on.
        let mut program = Program::of(&test, RESIDENT).await;
        assert_eq!(program.post("/api/v1/me/devices/revoke-others", json!({})).await.status, 204);
        assert_eq!(here.get("/api/v1/me/unread").await.status, 401);
        assert_eq!(program.get("/api/v1/me/devices").await.json(), json!([]));

        let email = program.get("/api/v1/me/email").await.json();
        assert_eq!((&email["address"], &email["confirmed"]), (&Value::Null, &json!(false)), "{email}");
        let bad = failure(&program.post("/api/v1/me/email", json!({"address": "lin"})).await).0;
        assert_eq!(bad, if email["possible"] == true { 422 } else { 404 });
        assert_eq!(program.delete("/api/v1/me/email").await.status, 204);
        assert_eq!(test.visitor().get("/api/v1/me/email").await.status, 401);
        let communities = test.visitor().get("/api/v1/communities").await.json();
        assert!(communities.as_array().expect("communities").iter().any(|one| one["code"] == "wutong"));
    })
    .await;
}

#[tokio::test]
async fn a_booking_is_found_by_number_and_code_alone() {
    on_both(|test| async move {
        halls(&test).await;
        let mut resident = Program::of(&test, RESIDENT).await;
        let book = json!({"item": "flexible-employment", "slot": slot(TOMORROW, "0900")});
        let made = resident.post("/api/v1/appointments", book).await.json();
        let mut visitor = test.visitor();
        let path = "/api/v1/appointments/find";
        let found = send(&mut visitor, path, json!({"phone": RESIDENT, "code": made["code"]})).await;
        assert_eq!(found.status, 200, "{}", found.text());
        assert_eq!(found.json()["code"], made["code"]);
        let token = found.json()["t"].as_str().expect("a token").to_owned();
        let address = format!("/api/v1/appointments/{}", made["code"].as_str().expect("a code"));
        assert_eq!(visitor.get(&format!("{address}?t={token}")).await.json()["state"], "booked");
        assert_eq!(visitor.get(&address).await.status, 401);
        let other = send(&mut visitor, path, json!({"phone": NEIGHBOUR, "code": made["code"]})).await;
        assert_eq!(failure(&other).0, 422);
    })
    .await;
}

#[tokio::test]
async fn the_halls_own_device_and_its_reception_give_numbers() {
    on_both(|test| async move {
        halls(&test).await;
        let mut staff = Program::of(&test, STAFF).await;
        assert_eq!(staff.post("/api/v1/staff/counter/hall-wutong.1/open", json!({})).await.json()["mine"], true);
        let services = staff.get("/api/v1/services?hall=hall-wutong").await.json();
        let mut drawn = None;
        for one in services.as_array().expect("items") {
            let body = json!({"item": one["code"]});
            let answer = send(&mut test.visitor(), "/api/v1/halls/hall-wutong/kiosk/tickets", body).await;
            if answer.status == 201 {
                drawn = Some((one["code"].clone(), answer.json()));
                break;
            }
        }
        let (item, ticket) = drawn.expect("an item that the window serves");
        assert!(ticket["link"].as_str().is_some_and(|link| link.contains("/tickets/")), "{ticket}");
        let unknown = send(&mut test.visitor(), "/api/v1/halls/hall-wutong/kiosk/check-in", json!({"code": "?"})).await;
        assert_eq!(failure(&unknown).0, 422);
        let body = json!({"hall": "hall-wutong", "item": item, "name": "王阿姨", "class": "senior"});
        let given = staff.post_once("reception", "/api/v1/staff/reception/number", body.clone()).await;
        assert_eq!(given.status, 201, "{}", given.text());
        assert_eq!(
            staff.post_once("reception", "/api/v1/staff/reception/number", body.clone()).await.json(),
            given.json()
        );
        let id = given.location().rsplit('/').next().expect("an id").to_owned();
        let papers = json!({"hall": "hall-wutong", "ticket": id, "seen": []});
        assert_eq!(staff.post("/api/v1/staff/reception/materials", papers).await.status, 204);
        let papers = json!({"ticket": id, "seen": []});
        let noted = staff.post("/api/v1/staff/counter/hall-wutong.1/materials", papers).await;
        assert_eq!(failure(&noted).0, 409, "it was not called yet");
        assert_eq!(staff.get("/api/v1/staff/ratings?hall=hall-wutong").await.json(), json!({"items": []}));
        let mut resident = Program::of(&test, RESIDENT).await;
        assert_eq!(failure(&resident.post("/api/v1/staff/reception/number", body).await).0, 403);
    })
    .await;
}

#[tokio::test]
async fn a_block_is_appealed_against_and_decided_once() {
    on_both(|test| async move {
        use server::windows::store::{blocks, halls as stored};
        halls(&test).await;
        let id = "00000000-0000-7000-8000-0000000000c1";
        let hall = stored::by_code(&test.app.db, "hall-wutong").await.expect("read").expect("there");
        let now = test.app.clock.now();
        let mut tx = test.app.db.begin().await.expect("begin");
        let until = now + SignedDuration::from_hours(24 * 15);
        blocks::insert(&mut tx, id, (test.person(RESIDENT), &hall.id), until, &[], now).await.expect("written");
        tx.commit().await.expect("commit");
        let mut resident = Program::of(&test, RESIDENT).await;
        let said = resident.post(&format!("/api/v1/me/blocks/{id}/appeal"), json!({"text": "住院"})).await;
        assert_eq!(said.status, 204, "{}", said.text());
        let mut staff = Program::of(&test, STAFF).await;
        let waiting = staff.get("/api/v1/staff/blocks").await.json();
        assert_eq!((&waiting["items"][0]["id"], &waiting["items"][0]["appeal"]), (&json!(id), &json!("住院")));
        let path = format!("/api/v1/staff/blocks/{id}");
        assert_eq!(failure(&staff.post(&path, json!({"decision": "lift"})).await).0, 422);
        assert_eq!(failure(&staff.post(&path, json!({"decision": "maybe", "reason": "x"})).await).0, 422);
        assert_eq!(failure(&resident.post(&path, json!({"decision": "lift", "reason": "x"})).await).0, 403);
        let lift = json!({"decision": "lift", "reason": "情况属实"});
        assert_eq!(staff.post(&path, lift.clone()).await.status, 204);
        assert_eq!(failure(&staff.post(&path, lift).await).0, 409);
        let decided = staff.get("/api/v1/staff/blocks?which=decided").await.json();
        assert_eq!(decided["items"][0]["decision"], "lifted");
        assert_eq!(failure(&staff.get("/api/v1/staff/blocks?which=none").await).0, 422);
    })
    .await;
}

#[tokio::test]
async fn what_a_visit_lacks_is_a_list_to_take_home() {
    on_both(|test| async move {
        halls(&test).await;
        let id = queue::ticket_id(&test).await;
        let list = format!("/api/v1/staff/tickets/{id}/missing");
        let mut staff = Program::of(&test, STAFF).await;
        let nothing = staff.get(&list).await.json();
        assert_eq!((&nothing["items"], &nothing["checked_at"]), (&json!([]), &Value::Null), "{nothing}");
        let seen = json!({"hall": "hall-wutong", "ticket": id,
            "seen": [{"item": "birth-registration", "material": "ids"}]});
        assert_eq!(staff.post("/api/v1/staff/reception/materials", seen).await.status, 204);

        let lacks = staff.get(&list).await.json();
        assert_eq!((&lacks["ticket"], &lacks["name"]), (&json!(id), &json!("王伟")), "{lacks}");
        assert!(lacks["number"].is_string() && lacks["checked_at"].is_string(), "{lacks}");
        assert_eq!(lacks["hall"]["code"], "hall-wutong");
        assert!(lacks["hall"]["address"].as_str().is_some_and(|text| !text.is_empty()), "where to bring it: {lacks}");
        let items = lacks["items"].as_array().expect("items");
        assert_eq!((items.len(), &items[0]["item"]), (1, &json!("birth-registration")), "{lacks}");
        let materials = items[0]["materials"].as_array().expect("materials");
        assert_eq!((materials.len(), &materials[0]["code"]), (1, &json!("hukou")), "surely needed: {lacks}");
        assert_eq!((&materials[0]["name"], &materials[0]["copies"]), (&json!("父母户口簿"), &json!(1)));
        let english = staff.send(Method::GET, &list, &[("accept-language", "en")], None).await.json();
        assert_eq!(english["items"][0]["materials"][0]["name"], "Parents’ household registers");
        let page = test.signed_in(STAFF).await.get(&format!("/staff/tickets/{id}/missing")).await.text();
        assert!(page.contains("父母户口簿") && !page.contains("父母双方身份证"), "the same: {page}");

        assert_eq!(failure(&staff.get("/api/v1/staff/tickets/none/missing").await).0, 404);
        for phone in [STAFF_ELSEWHERE, RESIDENT] {
            assert_eq!(failure(&Program::of(&test, phone).await.get(&list).await).0, 403, "{phone}");
        }
        let closed = super::token(&test, STAFF, "staff.reports:write").await;
        assert_eq!(failure(&Program::with(&test, &closed).get(&list).await).1, "urn:linli:problem:scope");
    })
    .await;
}

//! Photos as evidence: for staff who see the entry or inspection and for its company, for nobody else; fixed once the company
//! has answered. And who may not decide.

use super::{DISTRICT, OTHER_REP, REP, STAFF, STREET, count, decide, proposed, run, send, speak, town};
use crate::{
    reports::fixture,
    support::{Browser, TestApp, on_both},
};
use axum::http::Method;
use serde_json::{Value, json};
use server::property::store::inspections::{Rating, rate};

/// Staff of 杏坞.
const ELSEWHERE: &str = "19900000033";

async fn uploaded(browser: &mut Browser) -> String {
    let photo = fixture("orientation-6.jpg");
    let files: [(&str, &str, &str, &[u8]); 1] = [("photo", "a.jpg", "image/jpeg", &photo)];
    let sent = browser.post_files("/api/v1/photos", &[], &files).await;
    sent.json()["id"].as_str().expect("an id").to_owned()
}

async fn seen(test: &TestApp, id: &str, expected: &[(&str, u16)]) {
    for size in ["thumb", "full"] {
        let path = format!("/photos/{id}/{size}");
        for (phone, status) in expected {
            let shown = test.signed_in(phone).await.get(&path).await;
            assert_eq!(shown.status, *status, "{phone} {path}");
            assert!(!shown.body.windows(4).any(|bytes| bytes == b"Exif"), "metadata");
        }
        assert_eq!(test.visitor().get(&path).await.status, 404, "a visitor");
    }
}

const SEEN: [(&str, u16); 7] = [
    (STAFF, 200),
    (STREET, 200),
    (DISTRICT, 200),
    (REP, 200),
    (OTHER_REP, 404),
    (ELSEWHERE, 404),
    ("19900000001", 404),
];

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_for_staff_and_the_company_and_fixed_once_it_has_answered() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let entry = proposed(&mut staff, (&town.hening, &town.wutong), "堆物", -5).await;
        let here = format!("/staff/property/entries/{entry}");
        let photo = fixture("orientation-6.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", &photo)];
        // Nothing, and what is no picture, is told on the page.
        assert_eq!(staff.post_files(&format!("{here}/photos"), &[("x", "x")], &[]).await.status, 422);
        let text: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", b"no picture")];
        let wrong = staff.post_files(&format!("{here}/photos"), &[], &text).await;
        assert!(wrong.status == 422 && wrong.text().contains("a.jpg"), "{}", wrong.text());
        let added = staff.post_files(&format!("{here}/photos"), &[], &files).await;
        assert_eq!(added.status, 303, "{}", added.text());
        let shown = staff.get(&format!("/api/v1{here}")).await.json();
        let address = shown["photos"][0].as_str().expect("a photo").to_owned();
        let id = address.split('/').nth(2).expect("an id").to_owned();
        seen(&test, &id, &SEEN).await;
        assert!(staff.get(&here).await.text().contains(&id));
        let mut rep = test.signed_in(REP).await;
        let own = rep.get(&format!("/companies/entries/{entry}")).await.text();
        assert!(own.contains(&id) && !own.contains("type=\"file\""), "shown to the company, which adds none: {own}");
        assert_eq!(rep.get(&format!("/api/v1/companies/entries/{entry}")).await.json()["photos"][0], address);
        // Only one's own photos, at most nine, and of one's own places.
        let theirs = uploaded(&mut test.signed_in(STREET).await).await;
        let path = format!("/api/v1{here}/photos");
        for photos in [json!([theirs]), json!(["nothing"]), json!([]), json!(vec!["x"; 10]), json!([id])] {
            assert_eq!(send(&mut staff, &path, json!({ "photos": photos })).await.status, 422, "{photos}");
        }
        let mut elsewhere = test.signed_in(ELSEWHERE).await;
        assert_eq!(send(&mut elsewhere, &path, json!({ "photos": [] })).await.status, 403);
        let gone = format!("/staff/property/photos/{id}/remove");
        assert_eq!(elsewhere.post(&gone, &[]).await.status, 403);
        assert_eq!(rep.post(&gone, &[]).await.status, 403);
        assert_eq!(staff.post(&format!("/staff/property/photos/{theirs}/remove"), &[]).await.status, 404);
        // One goes again, another stays.
        let second = uploaded(&mut staff).await;
        assert_eq!(send(&mut staff, &path, json!({ "photos": [second] })).await.status, 200);
        assert_eq!(staff.post(&gone, &[]).await.status, 303);
        assert_eq!(staff.get(&address).await.status, 404);
        // An answer to what was there before is none: the evidence has changed since.
        let form = [("step", "answer"), ("version", "1"), ("text", "备件缺货")];
        assert_eq!(rep.post(&format!("/companies/entries/{entry}"), &form).await.status, 409);
        assert_eq!(speak(&mut rep, &entry, "answer").await.status, 200);
        let late = uploaded(&mut staff).await;
        assert_eq!(send(&mut staff, &path, json!({ "photos": [late] })).await.status, 409, "the company has answered");
        let kept = format!("/api/v1/staff/property/photos/{second}");
        assert_eq!(staff.send(Method::DELETE, &kept, None, Vec::new()).await.status, 409);
        // Published, the entry is everybody's, its photos are not.
        assert_eq!(decide(&mut test.signed_in(STREET).await, &entry, "publish", &[]).await.status, 200);
        let public = test.visitor().get(&format!("/property/{}", town.hening)).await.text();
        assert!(public.contains("堆物") && !public.contains("/photos/"), "{public}");
        seen(&test, &second, &SEEN).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_of_an_inspection_are_shown_to_its_company() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let estate = format!("/staff/property/estates/{}", town.wutong);
        let body = json!({ "day": "2026-11-20", "findings": [{ "item": "楼道堆物", "lost": 3 }] });
        let made = send(&mut staff, &format!("/api/v1{estate}/inspections"), body).await;
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        let path = format!("/staff/property/inspections/{id}/photos");
        let photo = fixture("orientation-6.jpg");
        let files: [(&str, &str, &str, &[u8]); 1] = [("photos", "a.jpg", "image/jpeg", &photo)];
        let added = staff.post_files(&path, &[], &files).await;
        assert_eq!((added.status.as_u16(), added.location()), (303, &*format!("{estate}#i-{id}")), "{}", added.text());
        assert_eq!(staff.post_files(&path, &[("x", "x")], &[]).await.status, 422);
        let shown = staff.get(&format!("/api/v1{estate}")).await.json();
        let address = shown["inspections"][0]["photos"][0].as_str().expect("a photo").to_owned();
        let photo = address.split('/').nth(2).expect("an id").to_owned();
        seen(&test, &photo, &SEEN).await;
        let mut rep = test.signed_in(REP).await;
        let own = rep.get(&format!("/companies/{}", town.hening)).await.text();
        assert!(own.contains("楼道堆物") && own.contains(&photo), "{own}");
        let path = format!("/api/v1/companies/{}/inspections", town.hening);
        assert_eq!(rep.get(&path).await.json()[0]["photos"][0], address);
        assert_eq!(test.signed_in(OTHER_REP).await.get(&path).await.status, 404);
        let path = format!("/staff/property/inspections/{id}/photos");
        assert_eq!(test.signed_in(ELSEWHERE).await.post_files(&path, &[], &files).await.status, 403);
        // Nine at most, however they come.
        let mut ids: Vec<Value> = Vec::new();
        for _ in 0..9 {
            ids.push(uploaded(&mut staff).await.into());
        }
        let path = format!("/api/v1/staff/property/inspections/{id}/photos");
        assert_eq!(send(&mut staff, &path, json!({ "photos": ids })).await.status, 422);
        assert_eq!(send(&mut staff, &path, json!({ "photos": ids[1..] })).await.status, 200);
        let all = "SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE owner_kind = 'property_inspection'";
        assert_eq!(count(&test, all).await, 9);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_rates_two_estates_in_a_quarter() {
    on_both(|test| async move {
        let town = town(&test).await;
        for (estate, company) in [(&town.wutong, &town.hening), (&town.xingwu, &town.xingan)] {
            for quarter in ["2026-Q3", "2026-Q4"] {
                let rating = Rating {
                    estate_id: estate,
                    quarter,
                    person_id: test.person("19900000001"),
                    company_id: company,
                    stars: 5,
                    reason: "",
                };
                let mut tx = test.app.db.begin().await.expect("begin");
                rate(&mut tx, &rating, test.app.clock.now()).await.expect("written");
                tx.commit().await.expect("commit");
            }
        }
        let all = "SELECT CAST(COUNT(*) AS BIGINT) FROM property_rating";
        assert_eq!(count(&test, all).await, 2, "who moves takes their voice along");
        let there = "SELECT CAST(COUNT(*) AS BIGINT) FROM property_rating r JOIN property_estate e ON e.id = r.estate_id \
                     WHERE e.name = '杏坞花园'";
        assert_eq!(count(&test, there).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_acts_for_a_company_decides_nothing_about_it() {
    on_both(|test| async move {
        let town = town(&test).await;
        let entry = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "迟修", -5).await;
        let mut district = test.signed_in(DISTRICT).await;
        let people = format!("/staff/property/companies/{}/members", town.hening);
        assert_eq!(district.post(&people, &[("member", STREET)]).await.status, 303);
        let mut street = test.signed_in(STREET).await;
        assert_eq!(speak(&mut street, &entry, "answer").await.status, 200, "they act for it");
        for step in ["publish", "drop"] {
            assert_eq!(decide(&mut street, &entry, step, &[]).await.status, 409, "{step}");
        }
        assert_eq!(decide(&mut district, &entry, "publish", &[]).await.status, 200);
        // A look at who acts for it is written down, for those who see them.
        let page = format!("/staff/property/companies/{}", town.hening);
        let looks = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'property.see_members'";
        let before = count(&test, looks).await;
        assert_eq!(district.get(&page).await.status, 200);
        assert_eq!(count(&test, looks).await, before + 1);
        assert_eq!(test.signed_in(STAFF).await.get(&page).await.status, 200);
        assert_eq!(count(&test, looks).await, before + 1, "who does not keep the company sees nobody");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_company_was_once_it_is_assessed_but_not_changed() {
    on_both(|test| async move {
        let town = town(&test).await;
        let sql = "UPDATE property_contract SET until_day = '2026-10-31' WHERE company_id = $1";
        run(&test, sql, &[&town.hening]).await;
        let mut street = test.signed_in(STREET).await;
        let api = format!("/api/v1/staff/property/companies/{}", town.hening);
        let page = format!("/staff/property/companies/{}", town.hening);
        let shown = street.get(&page).await;
        assert_eq!(shown.status, 200);
        assert!(!shown.text().contains(&format!("{page}/members")), "{}", shown.text());
        let body = json!({ "name": "别的名字", "registration": "91320200MA2HN5K81T" });
        assert_eq!(send(&mut street, &api, body.clone()).await.status, 403);
        let phone = json!({ "phone": "19900000003" });
        assert_eq!(send(&mut street, &format!("{api}/members"), phone.clone()).await.status, 403);
        assert_eq!(street.post(&format!("{page}/members"), &[("remove", test.person(REP))]).await.status, 403);
        let made = send(&mut street, &format!("{api}/assessments"), json!({ "period": "2026-Q3" })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let mut district = test.signed_in(DISTRICT).await;
        assert_eq!(send(&mut district, &api, body).await.status, 200);
        assert_eq!(send(&mut district, &format!("{api}/members"), phone).await.status, 204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_other_places_hide_none_of_ones_own() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let elsewhere = proposed(&mut street, (&town.xingan, &town.xingwu), "门岗空岗", -5).await;
        let own = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "灯迟修", -5).await;
        // Five hundred older ones, of another place.
        let copy = "INSERT INTO property_entry (id, company_id, estate_id, path, title, source, basis, evidence, points, \
                    first_points, from_day, until_day, state, proposed_by, proposed_at, answer_due, form_key) \
                    SELECT x.id || $1, x.company_id, x.estate_id, x.path, x.title, x.source, x.basis, x.evidence, x.points, \
                    x.first_points, x.from_day, x.until_day, x.state, x.proposed_by, x.proposed_at - 1, x.answer_due, \
                    x.form_key || $1 FROM property_entry x WHERE substr(x.id, 1, 36) = $2";
        for n in 0..9 {
            run(&test, copy, &[format!("-{n}").as_str(), elsewhere.as_str()]).await;
        }
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM property_entry";
        assert_eq!(count(&test, sql).await, 513);
        let listed = test.signed_in(STAFF).await.get("/api/v1/staff/property/entries?state=proposed").await.json();
        let ids: Vec<&str> =
            listed["items"].as_array().expect("items").iter().filter_map(|one| one["id"].as_str()).collect();
        assert_eq!(ids, [own.as_str()]);
    })
    .await;
}

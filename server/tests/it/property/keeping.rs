//! Companies, estates, contracts and rules as those who keep them do; overlaps decided by the database; what is typed.

use super::{ADMIN, REP, STAFF, STREET, count, decide, proposed, send, speak, town};
use crate::support::on_both;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn of_contracts_that_overlap_one_is_written() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let body = json!({ "community": "wutong", "name": "新苑" });
        let made = send(&mut street, "/api/v1/staff/property/estates", body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let estate = made.json()["id"].as_str().expect("an id").to_owned();
        let other = test.another_server().await;
        let mut tasks = Vec::new();
        for n in 0..16 {
            let mut browser = test.signed_in(STREET).await;
            if n % 2 == 0 {
                let cookies = browser.cookies.clone();
                browser = test.visitor_of(&other);
                browser.cookies = cookies;
            }
            let company = if n % 3 == 0 { town.hening.clone() } else { town.xingan.clone() };
            let path = format!("/api/v1/staff/property/estates/{estate}/contracts");
            tasks.push(tokio::spawn(async move {
                let body = json!({ "company": company, "from": format!("2026-01-{:02}", n + 1), "until": "2026-12-31" });
                send(&mut browser, &path, body).await.status.as_u16()
            }));
        }
        let mut written = 0;
        for task in tasks {
            match task.await.expect("joined") {
                200 => written += 1,
                422 => {}
                other => panic!("{other}"),
            }
        }
        assert_eq!(written, 1);
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM property_contract k JOIN property_estate e ON e.id = k.estate_id \
                   WHERE e.name = '新苑'";
        assert_eq!(count(&test, sql).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_company_is_registered_once_and_an_estate_has_its_buildings() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let fields = [
            ("key", "form-1"),
            ("name", "澜居物业"),
            ("registration", "91320200ma2lj00001"),
            ("phone", "0510-80000160"),
        ];
        let made = street.post("/staff/property", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        assert_eq!(
            street.post("/staff/property", &fields).await.location(),
            made.location(),
            "the second tap makes no other"
        );
        for (fields, field) in [
            ([("name", ""), ("registration", "91320200MA2LJ00002"), ("phone", "")], "name-error"),
            ([("name", "x"), ("registration", "123"), ("phone", "")], "registration-error"),
            ([("name", "x"), ("registration", "91320200MA2HN5K81T"), ("phone", "")], "registration-error"),
            ([("name", "x"), ("registration", "91320200MA2LJ00003"), ("phone", "<b>")], "phone-error"),
        ] {
            let mut form = vec![("key", "form-2")];
            form.extend(fields);
            let answer = street.post("/staff/property", &form).await;
            assert!(answer.status == 422 && answer.text().contains(field), "{field}: {}", answer.text());
        }
        // Its people: somebody unknown is none.
        let people = format!("{}/members", made.location());
        assert_eq!(street.post(&people, &[("member", "13800000000")]).await.status, 422);
        assert_eq!(street.post(&people, &[("member", REP)]).await.status, 303);
        assert!(test.signed_in(REP).await.get("/companies").await.text().contains("澜居物业"));
        // Buildings of another estate or community are refused.
        let path = format!("/api/v1/staff/property/estates/{}", town.wutong);
        for buildings in [json!(["xingwu-1"]), json!(["nowhere"])] {
            let body = json!({ "name": "梧桐苑", "buildings": buildings });
            assert_eq!(send(&mut street, &path, body).await.status, 422);
        }
        let body = json!({ "name": "梧桐苑", "buildings": ["wutong-4", "wutong-5"], "version": 1 });
        assert_eq!(send(&mut street, &path, body.clone()).await.status, 200);
        assert_eq!(send(&mut street, &path, body).await.status, 409, "it has changed meanwhile");
        let shown = street.get(&path).await.json();
        assert_eq!(shown["buildings"], json!(["wutong-4", "wutong-5"]));
        // An inspection of a day without a contract, or of tomorrow, is none.
        let inspections = format!("/api/v1/staff/property/estates/{}/inspections", town.wutong);
        for day in ["2023-12-31", "2026-11-26", "yesterday", ""] {
            let body = json!({ "day": day, "findings": [{ "item": "堆物", "lost": 3 }] });
            assert_eq!(send(&mut street, &inspections, body).await.status, 422, "{day}");
        }
        let body = json!({ "day": "2026-11-20", "findings": [{ "item": "堆物", "lost": 101 }] });
        assert_eq!(send(&mut street, &inspections, body).await.status, 422);
        for path in [
            "/staff/property/companies/nothing",
            "/staff/property/estates/nothing",
            "/staff/property/entries/nothing",
            "/staff/property/assessments/nothing",
            "/property/nothing",
        ] {
            assert_eq!(street.get(path).await.status, 404, "{path}");
        }
        assert_eq!(street.get("/staff/property/entries?state=nothing").await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn rules_are_versions_that_are_never_changed() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        let path = "/api/v1/staff/property/rules";
        let shipped = admin.get(path).await.json();
        assert_eq!(shipped.as_array().expect("versions").len(), 1);
        let mut next = shipped[0].clone();
        next["from"] = json!("2026-12-01");
        next["levels"] = json!([120, 110, 100, 90, 80]);
        let mut wrong = next.clone();
        wrong["weights"][0]["weight"] = json!(14);
        assert_eq!(send(&mut admin, path, wrong).await.status, 422, "99 points");
        let mut wrong = next.clone();
        wrong["from"] = json!("2026-11-24");
        assert_eq!(send(&mut admin, path, wrong).await.status, 422, "yesterday");
        let mut wrong = next.clone();
        wrong["categories"] = json!(["nothing"]);
        assert_eq!(send(&mut admin, path, wrong).await.status, 422);
        let made = send(&mut admin, path, next.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let again = send(&mut admin, path, next.clone()).await;
        assert_eq!(again.json()["id"], made.json()["id"], "sent again it is the same version");
        next["levels"] = json!([130, 110, 100, 90, 80]);
        assert_eq!(send(&mut admin, path, next).await.status, 422, "a day has one version");
        assert_eq!(
            test.signed_in(STAFF).await.post("/staff/property/rules", &[("from", "2026-12-02")]).await.status,
            403
        );
        let page = admin.get("/staff/property/rules").await.text();
        assert!(page.contains("2026-12-01") && page.contains("120"), "{page}");
        // On its first day it makes another level of the same points, and the days before keep theirs.
        assert_eq!(super::level(&test, &town.hening).await, ("AA".to_owned(), 100));
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 7));
        assert_eq!(super::level(&test, &town.hening).await, ("A".to_owned(), 100));
    })
    .await;
}

#[tokio::test]
async fn the_housing_bureau_gets_companies_and_entries() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let entry = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "迟修", -30).await;
        let hidden = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "还没定", -5).await;
        assert_ne!(entry, hidden);
        assert_eq!(speak(&mut test.signed_in(REP).await, &entry, "answer").await.status, 200);
        assert_eq!(decide(&mut street, &entry, "publish", &[]).await.status, 200);
        for form in ["csv", "xlsx"] {
            for (table, has) in [("property-companies", "C 级"), ("property-entries", "迟修")] {
                let fields = [
                    ("table", table),
                    ("place", "tongyin"),
                    ("from", "2026-01-01"),
                    ("to", "2026-11-25"),
                    ("as", form),
                ];
                let file = street.post("/staff/exports", &fields).await;
                assert_eq!(file.status, 200, "{table}: {}", file.text());
                if form == "csv" {
                    let text = file.text();
                    assert!(text.contains(has) && text.contains("禾宁物业") && !text.contains("还没定"), "{text}");
                    let rows = csv::ReaderBuilder::new().from_reader(&file.body[3..]).records().count();
                    assert_eq!(rows, if table == "property-companies" { 2 } else { 1 });
                }
            }
        }
        let fields = [
            ("table", "property-companies"),
            ("place", "yundu"),
            ("from", "2026-01-01"),
            ("to", "2026-11-25"),
            ("as", "csv"),
        ];
        assert_eq!(street.post("/staff/exports", &fields).await.status, 403);
    })
    .await;
}

//! A company sees only its own, on every page and by every operation; staff where they are staff; everybody what is published.

use super::{DISTRICT, OTHER_REP, REP, STAFF, STREET, decide, proposed, send, speak, town};
use crate::support::on_both;
use serde_json::json;

#[tokio::test]
async fn a_company_sees_only_its_own() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let mut entries = Vec::new();
        let mut assessments = Vec::new();
        for (company, estate, title) in
            [(&town.hening, &town.wutong, "灯迟修"), (&town.xingan, &town.xingwu, "门岗空岗")]
        {
            entries.push(proposed(&mut street, (company, estate), title, -5).await);
            let path = format!("/api/v1/staff/property/companies/{company}/assessments");
            let made = send(&mut street, &path, json!({ "period": "2026-Q3" })).await;
            assert_eq!(made.status, 201, "{}", made.text());
            assessments.push(made.json()["id"].as_str().expect("an id").to_owned());
        }
        let companies = [&town.hening, &town.xingan];
        for (me, other, phone) in [(0, 1, REP), (1, 0, OTHER_REP)] {
            let mut rep = test.signed_in(phone).await;
            let list = rep.get("/api/v1/companies").await.json();
            assert_eq!(list.as_array().expect("a list").len(), 1);
            assert_eq!(list[0]["id"], *companies[me]);
            let page = rep.get("/companies").await.text();
            assert!(page.contains(companies[me].as_str()) && !page.contains(companies[other].as_str()), "{page}");
            for prefix in ["", "/api/v1"] {
                for (whose, status) in [(me, 200), (other, 404)] {
                    for path in [
                        format!("{prefix}/companies/{}", companies[whose]),
                        format!("{prefix}/companies/entries/{}", entries[whose]),
                        format!("{prefix}/companies/assessments/{}", assessments[whose]),
                    ] {
                        let answer = rep.get(&path).await;
                        assert_eq!(answer.status, status, "{phone} {path}");
                    }
                }
            }
            assert_eq!(speak(&mut rep, &entries[other], "answer").await.status, 404);
            let form = [("step", "answer"), ("version", "1"), ("text", "x")];
            let path = format!("/companies/entries/{}", entries[other]);
            assert_eq!(rep.post(&path, &form).await.status, 404);
            // Nothing of the staff's is theirs, their own company's neither.
            for path in [
                "/staff/property".to_owned(),
                "/staff/property/entries".to_owned(),
                "/staff/property/rules".to_owned(),
                format!("/staff/property/companies/{}", companies[me]),
                format!("/staff/property/entries/{}", entries[me]),
                format!("/staff/property/assessments/{}", assessments[me]),
                format!("/api/v1/staff/property/companies/{}", companies[me]),
            ] {
                assert_eq!(rep.get(&path).await.status, 403, "{path}");
            }
        }
        // Somebody who acts for none has none.
        let mut nobody = test.signed_in("19900000003").await;
        assert!(nobody.get("/companies").await.text().contains("没有代表"));
        assert_eq!(nobody.get(&format!("/companies/{}", town.hening)).await.status, 404);
        // Whoever acts for it no longer sees nothing of it any more.
        let path = format!("/staff/property/companies/{}/members", town.hening);
        assert_eq!(street.post(&path, &[("remove", test.person(REP))]).await.status, 303);
        let mut rep = test.signed_in(REP).await;
        assert_eq!(rep.get(&format!("/companies/{}", town.hening)).await.status, 404);
        assert_eq!(rep.get(&format!("/api/v1/companies/entries/{}", entries[0])).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn staff_see_companies_of_their_places() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.get(&format!("/staff/property/companies/{}", town.hening)).await.status, 200);
        assert_eq!(staff.get(&format!("/staff/property/companies/{}", town.xingan)).await.status, 403);
        assert_eq!(staff.get(&format!("/staff/property/estates/{}", town.xingwu)).await.status, 403);
        let listed = staff.get("/api/v1/staff/property/companies").await.json();
        assert_eq!(listed["items"].as_array().expect("items").len(), 1, "{listed}");
        // They propose, and decide and keep nothing.
        let entry = proposed(&mut staff, (&town.hening, &town.wutong), "迟修", -5).await;
        assert_eq!(decide(&mut staff, &entry, "drop", &[]).await.status, 403);
        let path = format!("/api/v1/staff/property/companies/{}", town.hening);
        assert_eq!(send(&mut staff, &path, json!({ "name": "别的名字" })).await.status, 403);
        let path = format!("/api/v1/staff/property/companies/{}/entries", town.xingan);
        assert_eq!(send(&mut staff, &path, json!({ "title": "x" })).await.status, 403);
        // About the company as a whole is for those above all of its places.
        let path = format!("/api/v1/staff/property/companies/{}/entries", town.hening);
        let whole = json!({ "title": "x", "source": "merit", "basis": "x", "evidence": "x", "points": 3 });
        assert_eq!(send(&mut staff, &path, whole.clone()).await.status, 422);
        assert_eq!(send(&mut test.signed_in(DISTRICT).await, &path, whole).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_public_only_after_the_decision() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let mut district = test.signed_in(DISTRICT).await;
        let mut rep = test.signed_in(REP).await;
        let entry = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "电梯迟修", -30).await;
        let seen = async || {
            let mut visitor = test.visitor();
            let mut all = String::new();
            for path in ["/property", "/api/v1/property"] {
                all.push_str(&visitor.get(path).await.text());
                all.push_str(&visitor.get(&format!("{path}/{}", town.hening)).await.text());
            }
            all
        };
        assert!(!seen().await.contains("电梯迟修"), "proposed");
        assert_eq!(speak(&mut rep, &entry, "answer").await.status, 200);
        assert!(!seen().await.contains("电梯迟修"), "answered");
        assert_eq!(decide(&mut street, &entry, "publish", &[]).await.status, 200);
        let public = seen().await;
        assert!(public.contains("电梯迟修") && public.contains("依据") && !public.contains("证据"), "{public}");
        // The page says in general what becomes of appeals: the mark comes on top.
        let marks = |text: &str| text.matches("申诉中").count();
        let before = marks(&public);
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 200);
        assert!(marks(&seen().await) > before, "an appeal is marked");
        assert!(!seen().await.contains("我们的说法"), "what the company says is for those who decide");
        assert_eq!(decide(&mut district, &entry, "revoke", &[]).await.status, 200);
        assert!(!seen().await.contains("电梯迟修"), "revoked");
        // One that is dropped never was.
        let dropped = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "误会一场", -5).await;
        assert_eq!(decide(&mut street, &dropped, "drop", &[]).await.status, 200);
        assert!(!seen().await.contains("误会一场"));
    })
    .await;
}

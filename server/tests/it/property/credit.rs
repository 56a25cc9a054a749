//! The life of an entry: answered, decided by another, appealed, decided by a third; and what it does to the level.

use super::{ADMIN, DISTRICT, REP, STAFF, STREET, count, decide, level, proposed, send, speak, town};
use crate::support::on_both;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn an_entry_is_answered_published_appealed_and_revoked() {
    on_both(|test| async move {
        let town = town(&test).await;
        let (mut staff, mut street) = (test.signed_in(STAFF).await, test.signed_in(STREET).await);
        let (mut district, mut rep) = (test.signed_in(DISTRICT).await, test.signed_in(REP).await);
        assert_eq!(level(&test, &town.hening).await, ("AA".to_owned(), 100));
        let entry = proposed(&mut staff, (&town.hening, &town.wutong), "迟修", -30).await;
        assert!(rep.get("/me/inbox").await.text().contains("迟修"), "the company is told");
        assert!(rep.get(&format!("/companies/{}", town.hening)).await.text().contains("等您处理"));
        // Nobody decides while the company may still answer, and no company decides.
        assert_eq!(decide(&mut street, &entry, "publish", &[]).await.status, 409);
        assert_eq!(speak(&mut rep, &entry, "publish").await.status, 400);
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 409);
        // Answered on the page.
        let path = format!("/companies/entries/{entry}");
        let empty = rep.post(&path, &[("step", "answer"), ("version", "1"), ("text", " ")]).await;
        assert!(empty.status == 422 && empty.text().contains("text-error"), "{}", empty.text());
        let answered = rep.post(&path, &[("step", "answer"), ("version", "1"), ("text", "备件缺货")]).await;
        assert_eq!(answered.status, 303, "{}", answered.text());
        let page = street.get(&format!("/staff/property/entries/{entry}")).await.text();
        assert!(page.contains("备件缺货"), "{page}");
        // A step for an older version is a conflict.
        let here = format!("/staff/property/entries/{entry}");
        let old = street.post(&here, &[("step", "publish"), ("version", "1"), ("text", "属实")]).await;
        assert_eq!(old.status, 409);
        let published = street.post(&here, &[("step", "publish"), ("version", "2"), ("text", "属实")]).await;
        assert_eq!(published.status, 303, "{}", published.text());
        assert_eq!(level(&test, &town.hening).await, ("C".to_owned(), 70));
        // The appeal is decided by neither who decided nor who proposed.
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 200);
        assert_eq!(level(&test, &town.hening).await, ("C".to_owned(), 70), "it counts until that is decided");
        assert_eq!(decide(&mut street, &entry, "revoke", &[]).await.status, 409);
        assert_eq!(decide(&mut staff, &entry, "revoke", &[]).await.status, 403);
        assert_eq!(decide(&mut district, &entry, "revoke", &[]).await.status, 200);
        assert_eq!(level(&test, &town.hening).await, ("AA".to_owned(), 100), "from its beginning");
        let known = rep.get(&format!("/api/v1/companies/{}", town.hening)).await.json();
        assert_eq!(known["history"].as_array().expect("days").len(), 1, "{known}");
        assert_eq!(known["entries"][0]["state"], "revoked");
        let told = rep.get(&format!("/api/v1/companies/entries/{entry}")).await.json();
        let steps: Vec<&str> =
            told["steps"].as_array().expect("steps").iter().filter_map(|step| step["step"].as_str()).collect();
        assert_eq!(steps, ["revoke", "appeal", "publish", "answer", "propose"]);
        // Nothing leads on from there.
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 409);
        assert_eq!(decide(&mut test.signed_in(ADMIN).await, &entry, "publish", &[]).await.status, 409);
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action IN ('property.propose', 'property.answer', \
                   'property.publish', 'property.appeal', 'property.revoke')";
        assert_eq!(count(&test, sql).await, 5);
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_on_what_they_proposed_and_silence_does_not_stop_it() {
    on_both(|test| async move {
        let town = town(&test).await;
        let mut street = test.signed_in(STREET).await;
        let entry = proposed(&mut street, (&town.hening, &town.wutong), "空岗", -8).await;
        let shown = street.get(&format!("/api/v1/staff/property/entries/{entry}")).await.json();
        assert_eq!(shown["answer_due"], "2026-12-02", "five working days from a Wednesday");
        test.app.clock.advance(SignedDuration::from_hours(24 * 8));
        let (mut street, mut district) = (test.signed_in(STREET).await, test.signed_in(DISTRICT).await);
        assert_eq!(decide(&mut street, &entry, "publish", &[]).await.status, 409, "their own");
        assert_eq!(decide(&mut district, &entry, "publish", &[]).await.status, 200);
        assert_eq!(level(&test, &town.hening).await, ("A".to_owned(), 92));
        // Days for an appeal end.
        test.app.clock.advance(SignedDuration::from_hours(24 * 16));
        let mut rep = test.signed_in(REP).await;
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 409);
        // And so does the entry.
        test.app.clock.advance(SignedDuration::from_hours(24 * 370));
        assert_eq!(level(&test, &town.hening).await, ("AA".to_owned(), 100));
        let shown = test.visitor().get(&format!("/api/v1/property/{}", town.hening)).await.json();
        let days = shown["history"].as_array().expect("days");
        let levels: Vec<&str> = days.iter().filter_map(|day| day["level"].as_str()).collect();
        assert_eq!(levels, ["AA", "A", "AA"]);
        assert_eq!(days[1]["from"], "2026-12-03", "it counts from the day of publication");
    })
    .await;
}

#[tokio::test]
async fn an_appeal_makes_it_milder_from_the_beginning_and_a_severe_one_is_the_black_list() {
    on_both(|test| async move {
        let town = town(&test).await;
        let (mut staff, mut street) = (test.signed_in(STAFF).await, test.signed_in(STREET).await);
        let (mut district, mut rep) = (test.signed_in(DISTRICT).await, test.signed_in(REP).await);
        let entry = proposed(&mut staff, (&town.hening, &town.wutong), "迟修", -30).await;
        assert_eq!(speak(&mut rep, &entry, "answer").await.status, 200);
        assert_eq!(decide(&mut street, &entry, "publish", &[]).await.status, 200);
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 200);
        for points in [json!(-30), json!(-40), json!(500), json!(null)] {
            assert_eq!(decide(&mut district, &entry, "change", &[("points", points)]).await.status, 422);
        }
        assert_eq!(decide(&mut district, &entry, "change", &[("points", json!(-10))]).await.status, 200);
        assert_eq!(level(&test, &town.hening).await, ("A".to_owned(), 90));
        let known = test.visitor().get(&format!("/api/v1/property/{}", town.hening)).await.json();
        assert_eq!(known["entries"][0]["first_points"], -30);
        assert_eq!(known["history"][0]["points"], 90, "as if it had always been so");
        // Severe.
        let path = format!("/api/v1/staff/property/companies/{}/entries", town.hening);
        let body = json!({
            "estate": town.wutong, "title": "挪用维修资金", "source": "authority", "basis": "条例", "evidence": "决定书",
            "points": 0, "severe": true,
        });
        let made = send(&mut staff, &path, body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let severe = made.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(speak(&mut rep, &severe, "answer").await.status, 200);
        assert_eq!(decide(&mut street, &severe, "publish", &[]).await.status, 200);
        assert_eq!(level(&test, &town.hening).await, ("black".to_owned(), 90));
        assert!(test.visitor().get("/property").await.text().contains("黑名单"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_decisions_one_counts() {
    on_both(|test| async move {
        let town = town(&test).await;
        let entry = proposed(&mut test.signed_in(STAFF).await, (&town.hening, &town.wutong), "迟修", -30).await;
        assert_eq!(speak(&mut test.signed_in(REP).await, &entry, "answer").await.status, 200);
        let mut tasks = Vec::new();
        for n in 0..12 {
            let mut browser = test.signed_in(if n % 2 == 0 { STREET } else { DISTRICT }).await;
            let entry = entry.clone();
            tasks.push(tokio::spawn(async move {
                let step = if n % 3 == 0 { "drop" } else { "publish" };
                let more = [("version", json!(2))];
                decide(&mut browser, &entry, step, &more).await.status.as_u16()
            }));
        }
        let mut done = 0;
        for task in tasks {
            match task.await.expect("joined") {
                200 => done += 1,
                409 => {}
                other => panic!("{other}"),
            }
        }
        assert_eq!(done, 1);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM property_entry_event").await, 3);
    })
    .await;
}

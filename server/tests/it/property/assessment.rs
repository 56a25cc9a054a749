//! Assessments are calculated again exactly, appeals included, and say what has changed since.

use super::{DISTRICT, REP, STAFF, STREET, Town, count, decide, proposed, run, send, speak, town};
use crate::{
    reports::{RESIDENT, code_of, key},
    support::{TestApp, on_both},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A report about the lift of 梧桐 building 1, filed and closed in the third quarter.
async fn closed_report(test: &TestApp, n: usize, (closed, due): (&str, &str), reworks: i64) -> String {
    let mut resident = test.signed_in(RESIDENT).await;
    let key = key(n);
    let fields = [
        ("key", key.as_str()),
        ("community", "wutong"),
        ("category", "elevator"),
        ("building", "wutong-1"),
        ("place", "电梯"),
        ("description", "电梯门夹人"),
        ("different", "1"),
    ];
    let answer = resident.post_files("/report", &fields, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let code = code_of(&answer);
    let micros = |text: &str| text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond();
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(
        "UPDATE report SET filed_at = $2, due_at = $3, owner_due_at = $3, closed_at = $4, state = 'closed', owner_id = $5, \
         handled_by = $5, verified_by = $6, reworks = $7 WHERE code = $1",
    )
    .bind(&code)
    .bind(micros("2026-08-03T02:00:00Z"))
    .bind(micros(due))
    .bind(micros(closed))
    .bind(test.person(REP))
    .bind(test.person(STAFF))
    .bind(reworks)
    .execute(&mut *tx)
    .await
    .expect("changed");
    tx.commit().await.expect("commit");
    code
}

/// Five residents rated in the third quarter: 20 stars.
async fn rated(test: &TestApp, town: &Town) {
    for (n, stars) in [5_i64, 4, 4, 4, 3].into_iter().enumerate() {
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query(
            "INSERT INTO property_rating (estate_id, quarter, person_id, company_id, stars, rated_at) \
             VALUES ($1, '2026-Q3', $2, $3, $4, 0)",
        )
        .bind(&town.wutong)
        .bind(test.person(&test.loaded.residents[n]))
        .bind(&town.hening)
        .bind(stars)
        .execute(&mut *tx)
        .await
        .expect("rated");
        tx.commit().await.expect("commit");
    }
}

fn part<'a>(shown: &'a Value, indicator: &str) -> &'a Value {
    let parts = shown["parts"].as_array().expect("parts");
    parts.iter().find(|part| part["indicator"] == indicator).expect("the indicator")
}

/// Points by the parts as they are shown: an independent sum.
fn recounted(shown: &Value) -> String {
    let (mut products, mut weights) = (0, 0);
    for part in shown["parts"].as_array().expect("parts") {
        if let Some(score) = part["score"].as_i64() {
            products += score * part["weight"].as_i64().expect("a weight");
            weights += part["weight"].as_i64().expect("a weight");
        }
    }
    let points = (2 * products + weights) / (2 * weights);
    format!("{}.{:02}", points / 100, points % 100)
}

#[tokio::test]
async fn scores_are_calculated_again_exactly_appeals_included() {
    on_both(|test| async move {
        let town = town(&test).await;
        closed_report(&test, 1, ("2026-08-03T08:00:00Z", "2026-08-04T02:00:00Z"), 0).await;
        let late = closed_report(&test, 2, ("2026-08-09T08:00:00Z", "2026-08-05T02:00:00Z"), 1).await;
        rated(&test, &town).await;
        let mut staff = test.signed_in(STAFF).await;
        let inspected = staff
            .post(
                &format!("/staff/property/estates/{}/inspections", town.wutong),
                &[("key", "k1"), ("day", "2026-09-01"), ("items", "堆物"), ("lost", "7"), ("items", ""), ("lost", "")],
            )
            .await;
        assert_eq!(inspected.status, 303, "{}", inspected.text());
        // An entry that counted in the quarter.
        let entry = proposed(&mut staff, (&town.hening, &town.wutong), "迟修", -10).await;
        let mut rep = test.signed_in(REP).await;
        let mut street = test.signed_in(STREET).await;
        assert_eq!(speak(&mut rep, &entry, "answer").await.status, 200);
        assert_eq!(decide(&mut street, &entry, "publish", &[]).await.status, 200);
        let sql = "UPDATE property_entry SET from_day = '2026-08-01', published_day = '2026-08-10' WHERE id = $1";
        run(&test, sql, &[&entry]).await;

        let path = format!("/api/v1/staff/property/companies/{}/assessments", town.hening);
        let made = send(&mut street, &path, json!({ "period": "2026-Q3" })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let first = made.json()["id"].as_str().expect("an id").to_owned();
        let again = send(&mut street, &path, json!({ "period": "2026-Q3" })).await;
        assert_eq!(again.json()["id"], first.as_str(), "the same inputs are the same assessment");
        let address = format!("/api/v1/staff/property/assessments/{first}");
        let shown = staff.get(&address).await.json();
        let (households,): (i64,) = sqlx::query_as(
            "SELECT CAST(SUM(households) AS BIGINT) FROM organisation WHERE code IN ('wutong-1', 'wutong-2', 'wutong-3')",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("households");
        for (indicator, numerator, denominator) in [
            ("complaints", 60, households * 92),
            ("on_time", 1, 2),
            ("rework", 1, 2),
            ("inspection", 93, 100),
            ("rating", 20, 25),
            ("credit", 90, 100),
        ] {
            let part = part(&shown, indicator);
            assert_eq!((&part["numerator"], &part["denominator"]), (&json!(numerator), &json!(denominator)), "{indicator}");
        }
        assert_eq!(shown["exact"], true);
        assert_eq!(shown["points"], recounted(&shown).as_str());
        assert_eq!((&shown["now"], &shown["differences"]), (&shown["points"], &json!([])));
        // The page opens down to the report, the inspection and the entry.
        let page = staff.get(&format!("/staff/property/assessments/{first}")).await.text();
        for behind in [late.as_str(), entry.as_str(), "2026-09-01", "完全一致", "没有变化"] {
            assert!(page.contains(behind), "{behind}: {page}");
        }
        let own = rep.get(&format!("/companies/assessments/{first}")).await;
        assert!(own.status == 200 && own.text().contains(&late));

        // The appeal takes the entry away: what was kept is still exact, and the difference is shown.
        assert_eq!(speak(&mut rep, &entry, "appeal").await.status, 200);
        assert_eq!(staff.get(&address).await.json()["differences"], json!([]), "until it is decided");
        assert_eq!(decide(&mut test.signed_in(DISTRICT).await, &entry, "revoke", &[]).await.status, 200);
        let after = staff.get(&address).await.json();
        assert_eq!((&after["points"], &after["exact"]), (&shown["points"], &json!(true)));
        assert_ne!(after["now"], after["points"]);
        assert_eq!(after["differences"].as_array().expect("differences").len(), 1, "{after}");
        let made = send(&mut street, &path, json!({ "period": "2026-Q3" })).await;
        let second = made.json()["id"].as_str().expect("an id").to_owned();
        assert_ne!(second, first);
        let shown = staff.get(&format!("/api/v1/staff/property/assessments/{second}")).await.json();
        assert_eq!((&shown["number"], &shown["points"]), (&json!(2), &after["now"]));
        assert_eq!(shown["points"], recounted(&shown).as_str());
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM property_assessment").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_report_counts_for_whose_contract_it_was() {
    on_both(|test| async move {
        let town = town(&test).await;
        closed_report(&test, 1, ("2026-08-03T08:00:00Z", "2026-08-04T02:00:00Z"), 0).await;
        let mut street = test.signed_in(STREET).await;
        // The company changes on 15 August: what was filed on the third stays with the first.
        let (contract,): (String,) = sqlx::query_as("SELECT id FROM property_contract WHERE estate_id = $1")
            .bind(&town.wutong)
            .fetch_one(test.app.db.read())
            .await
            .expect("a contract");
        let ended = street.post(&format!("/staff/property/contracts/{contract}/end"), &[("end", "2026-08-14")]).await;
        assert_eq!(ended.status, 303, "{}", ended.text());
        let next = [("company", town.xingan.as_str()), ("from", "2026-08-15"), ("until", "")];
        let made = street.post(&format!("/staff/property/estates/{}/contracts", town.wutong), &next).await;
        assert_eq!(made.status, 303, "{}", made.text());
        for (company, reports, days) in [(&town.hening, 1, json!([45])), (&town.xingan, 0, json!([47, 92]))] {
            let path = format!("/api/v1/staff/property/companies/{company}/assessments");
            let made = send(&mut street, &path, json!({ "period": "2026-Q3" })).await;
            let id = made.json()["id"].as_str().expect("an id").to_owned();
            let shown = street.get(&format!("/api/v1/staff/property/assessments/{id}")).await.json();
            assert_eq!(shown["inputs"]["reports"].as_array().expect("reports").len(), reports, "{shown}");
            let mut all: Vec<i64> = shown["inputs"]["estates"]
                .as_array()
                .expect("estates")
                .iter()
                .filter_map(|estate| estate["days"].as_i64())
                .collect();
            all.sort_unstable();
            assert_eq!(json!(all), days);
        }
        // A period that is not over is not assessed, nor one that is none.
        let path = format!("/api/v1/staff/property/companies/{}/assessments", town.hening);
        for period in ["2026-11", "2026-Q4", "2026-Q5", "1999-01", "", "2026-13", "soon"] {
            assert_eq!(send(&mut street, &path, json!({ "period": period })).await.status, 422, "{period}");
        }
    })
    .await;
}

#[tokio::test]
async fn residents_rate_where_they_live_and_only_sums_are_shown() {
    on_both(|test| async move {
        let town = town(&test).await;
        // 周桂珍 lives in building 2, 顾依然 in another community.
        let mut zhou = test.signed_in("19900000002").await;
        assert!(zhou.get("/property/rate").await.text().contains("梧桐苑"));
        for (stars, reason, field) in
            [("0", "", "stars-error"), ("6", "", "stars-error"), ("2", "", "reason-error"), ("", "", "stars-error")]
        {
            let answer = zhou.post("/property/rate", &[("stars", stars), ("reason", reason)]).await;
            assert!(answer.status == 422 && answer.text().contains(field), "{stars}: {}", answer.text());
        }
        assert_eq!(zhou.post("/property/rate", &[("stars", "2"), ("reason", "电梯慢")]).await.status, 303);
        assert_eq!(zhou.post("/property/rate", &[("stars", "4"), ("reason", "修好了")]).await.status, 303);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM property_rating").await, 1, "one voice");
        let mut gu = test.signed_in("19900000004").await;
        assert_eq!(gu.post("/property/rate", &[("stars", "5")]).await.status, 409);
        assert_eq!(gu.get("/api/v1/property/rating").await.status, 404);
        let path = format!("/staff/property/estates/{}", town.wutong);
        let api = format!("/api/v1/staff/property/estates/{}", town.wutong);
        for n in 0..3 {
            let mut resident = test.signed_in(&test.loaded.residents[n]).await;
            assert_eq!(send(&mut resident, "/api/v1/property/rating", json!({ "stars": 5 })).await.status, 204);
        }
        let quarter = SignedDuration::from_hours(24 * 60);
        test.app.clock.advance(quarter);
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.get(&api).await.json()["ratings"], json!([]), "four are too few");
        // A fifth for that quarter, as if it had come in time.
        let sql = "INSERT INTO property_rating (estate_id, quarter, person_id, company_id, stars, reason, rated_at) \
                   VALUES ($1, '2026-Q4', $2, $3, 5, '门口很干净', 0)";
        run(&test, sql, &[&town.wutong, test.person(&test.loaded.residents[4]), &town.hening]).await;
        assert_eq!(staff.get(&api).await.json()["ratings"], json!([{ "quarter": "2026-Q4", "count": 5, "stars": 24 }]));
        let page = staff.get(&path).await.text();
        assert!(page.contains("4.80") && !page.contains("门口很干净") && !page.contains("修好了"), "{page}");
        // It is in one's own data, and goes with the account.
        let mut zhou = test.signed_in("19900000002").await;
        assert!(zhou.get("/me/data").await.text().contains("对物业的评价"));
    })
    .await;
}

//! Certificates: the same asked for again is the same, others check them by their code, and what was taken back shows.

use super::{LIN, NEIGHBOUR, STAFF, decide, number, taken, team, text, written};
use crate::support::{Browser, TestApp, on_both};

const PERIOD: [(&str, &str); 2] = [("from", "2026-11-01"), ("until", "2026-11-25")];
const PAGE: &str = "/me/service/certificate?from=2026-11-01&until=2026-11-25";

/// Staff, somebody with two confirmed hours, and their team.
async fn with_two_hours(test: &TestApp) -> (Browser, Browser, String) {
    let mut staff = test.signed_in(STAFF).await;
    let team = team(&mut staff).await;
    let member = taken(test, &mut staff, LIN, &team).await;
    written(&mut staff, &member, "2026-11-20", "2").await;
    (staff, test.signed_in(LIN).await, team)
}

#[tokio::test]
async fn a_certificate_is_checked_by_others_and_corrected_when_hours_are_taken_back() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let team = team(&mut staff).await;
        let member = taken(&test, &mut staff, LIN, &team).await;
        let mut lin = test.signed_in(LIN).await;
        assert_eq!(lin.post("/me/service/certificate", &PERIOD).await.status, 409, "no hours yet");
        written(&mut staff, &member, "2026-11-20", "2").await;
        written(&mut staff, &member, "2026-11-21", "1.5").await;
        written(&mut staff, &member, "2026-10-01", "8").await;
        assert!(lin.get(PAGE).await.text().contains("3 小时 30 分"), "what it would say");
        let taps = (0..5).map(|_| {
            let mut lin = lin.clone();
            tokio::spawn(async move { lin.post("/me/service/certificate", &PERIOD).await.status })
        });
        for tap in futures::future::join_all(taps).await {
            assert_eq!(tap.expect("no panic"), 303);
        }
        assert_eq!(number(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM service_certificate").await, 1);
        let page = lin.get(PAGE).await.text();
        assert!(page.contains("编号 2026-0000001") && page.contains("林晓禾") && page.contains("<svg"), "{page}");
        assert!(page.contains("http://linli.test/service-certificates/"), "{page}");

        let code = text(&test, "SELECT code FROM service_certificate").await;
        let check = format!("/service-certificates/{code}");
        let seen = test.visitor().get(&check).await.text();
        assert!(seen.contains("林*禾") && !seen.contains("林晓禾") && seen.contains("3 小时 30 分"), "{seen}");
        assert!(seen.contains("有效") && !seen.contains("陪老人看病"), "no more than it says: {seen}");
        let typed = format!("/service-certificates?code={}", code.to_lowercase());
        assert_eq!(test.visitor().get(&typed).await.location(), check, "typed by hand");
        assert_eq!(test.visitor().get("/service-certificates/NOSUCHCODE234567").await.status, 404);
        assert_eq!(test.visitor().get(&format!("/api/v1/teams/certificates/{code}")).await.json()["state"], "valid");

        let hour = text(&test, "SELECT id FROM service_hour WHERE day = '2026-11-21'").await;
        assert_eq!(
            decide(&mut staff, &format!("/staff/partners/hours/{hour}"), "take-back", "那天没来").await.status,
            303
        );
        let seen = test.visitor().get(&check).await.text();
        assert!(seen.contains("已更正") && seen.contains("2 小时") && !seen.contains("那天没来"), "{seen}");
        let checked = test.visitor().get(&format!("/api/v1/teams/certificates/{code}")).await.json();
        assert_eq!((checked["state"].as_str(), checked["minutes_now"].as_i64()), (Some("corrected"), Some(120)));
        assert!(lin.get(PAGE).await.text().contains("按现在的时长重新开具"));
        assert_eq!(lin.post("/me/service/certificate", &PERIOD).await.status, 303);
        assert!(lin.get(PAGE).await.text().contains("2026-0000002"), "a new one, with the next number");
        assert!(test.visitor().get(&check).await.text().contains("已更正"), "the old one stays what it is");
        // Nobody else's period shows it.
        assert!(!test.signed_in(NEIGHBOUR).await.get(PAGE).await.text().contains("2026-000000"));
    })
    .await;
}

#[tokio::test]
async fn periods_that_are_none_are_refused_in_words() {
    on_both(|test| async move {
        let mut lin = test.signed_in(LIN).await;
        for (from, until) in
            [("2026-11-25", "2026-11-01"), ("2026-11-01", "2027-01-01"), ("x", "2026-11-01"), ("2026-02-30", "")]
        {
            let page = lin.get(&format!("/me/service/certificate?from={from}&until={until}")).await;
            assert_eq!(page.status, 422, "{from} {until}");
            assert!(page.text().contains("error-summary"));
            let sent = lin.post("/me/service/certificate", &[("from", from), ("until", until)]).await;
            assert_eq!(sent.status, 422);
        }
        assert_eq!(lin.get("/me/service/certificate").await.status, 200, "this year");
    })
    .await;
}

#[tokio::test]
async fn a_certificate_is_a_file_that_others_read() {
    on_both(|test| async move {
        let (mut staff, mut lin, _) = with_two_hours(&test).await;
        let file = PAGE.replacen("certificate?", "certificate.pdf?", 1);
        assert_eq!(lin.get(&file).await.status, 404, "none was given out yet");
        lin.post("/me/service/certificate", &PERIOD).await;
        assert!(lin.get(PAGE).await.text().contains(&file.replace('&', "&amp;")), "the page leads to it");
        for (lang, parts) in
            [("", ["志愿服务证明", "林晓禾", "2 小时"]), ("&lang=en", ["Certificate", "林晓禾", "2 h"])]
        {
            let answer = lin.get(&format!("{file}{lang}")).await;
            assert_eq!(answer.headers["content-type"], "application/pdf");
            assert_eq!(answer.headers["cache-control"], "private, no-store");
            assert!(answer.body.len() < 16_000, "{} bytes", answer.body.len());
            let read = crate::peers::read_pdf(&answer.body);
            let text = read["text"].as_str().expect("text").replace('\n', "");
            for part in parts {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(text.contains("http://linli.test/service-certificates/"), "{text}");
            assert_eq!(read["pages"], 1);
        }
        for wrong in ["?from=x", "?from=2026-11-25&until=2026-11-01", "?from=2020-01-01&until=2020-02-01"] {
            assert_eq!(lin.get(&format!("/me/service/certificate.pdf{wrong}")).await.status, 404, "{wrong}");
        }
        assert_ne!(test.visitor().get(&file).await.status, 200);
        let hour = text(&test, "SELECT id FROM service_hour").await;
        decide(&mut staff, &format!("/staff/partners/hours/{hour}"), "take-back", "那天没来").await;
        let read = crate::peers::read_pdf(&lin.get(&file).await.body);
        assert!(read["text"].as_str().expect("text").contains("已更正"), "what was taken back shows: {read}");
    })
    .await;
}

#[tokio::test]
async fn the_record_is_in_ones_own_data_and_goes_with_the_account() {
    on_both(|test| async move {
        let (_, mut lin, team) = with_two_hours(&test).await;
        lin.post("/me/service/certificate", &PERIOD).await;
        let all = lin.get("/api/v1/me/data").await.json();
        assert_eq!(all["teams"][0]["team"], "巡夜队", "{all}");
        assert_eq!(all["service_hours"][0]["minutes"], 120);
        assert_eq!(all["service_certificates"].as_array().map(Vec::len), Some(1));
        // The role goes with the registration: then nothing keeps the account.
        lin.post(&format!("/teams/{team}/leave"), &[]).await;
        let person = test.person(LIN).to_owned();
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("UPDATE person SET demo = 0 WHERE id = $1").bind(&person).execute(&mut *tx).await.expect("set");
        tx.commit().await.expect("commit");
        let left = lin.post("/me/data/leave", &[]).await;
        assert_eq!(left.status, 303, "{}", left.text());
        for table in ["team_member", "service_hour", "service_certificate"] {
            let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table} WHERE person_id = '{person}'");
            assert_eq!(number(&test, &sql).await, 0, "{table}");
        }
    })
    .await;
}

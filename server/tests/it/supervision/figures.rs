//! The figures equal a recount from the events; the district's measure; the table as a file.

use super::*;
use crate::support::{Dice, on_both};
use app::supervision::figures::{Facts, Figures, table};
use jiff::SignedDuration;
use server::supervision::store::{
    self,
    list::{Scope, facts},
};

fn everything() -> Scope {
    Scope { read: vec!["lanxi/".to_owned()], ..Scope::default() }
}

/// Tells everything again from the events and compares it with what the register counts by.
async fn recounted(test: &TestApp) -> Figures {
    let now = test.app.clock.now().as_microsecond();
    let stored = facts(&test.app.db, &everything(), None).await.expect("facts");
    let mut told = Vec::new();
    for (id, path, facts) in &stored {
        let events = store::told(&test.app.db, id).await.expect("events");
        let again = Facts::of_events(&events).expect("it was issued");
        assert_eq!(again, *facts, "{id}");
        told.push((path.as_str(), again));
    }
    table(told, now).into_values().fold(Figures::default(), Figures::plus)
}

#[tokio::test]
async fn every_figure_equals_the_recount_from_the_events() {
    on_both(|test| async move {
        let mut dice = Dice(75);
        for n in 0..14 {
            let key = format!("figures-{n}");
            let addressee = *dice.one_of(&["wutong", "xingwu"]);
            let mut street = test.signed_in(STREET).await;
            let id =
                drafted(&mut street, &with(&key, &[("addressee", addressee), ("days", ""), ("day", "2026-12-18")]))
                    .await;
            if dice.percent(90) {
                done(&mut street, &id, "issue", &[]).await;
                let mut staff = test.signed_in(if addressee == "wutong" { STAFF } else { ELSEWHERE }).await;
                if dice.percent(30) {
                    done(&mut staff, &id, "extend_ask", &[("days", "2"), ("text", "再等等")]).await;
                    let decision = *dice.one_of(&["extend_grant", "extend_refuse"]);
                    done(&mut street, &id, decision, &[("text", "好")]).await;
                }
                if dice.percent(80) {
                    done(&mut staff, &id, "answer", &ANSWERS).await;
                    if dice.percent(40) {
                        done(&mut street, &id, "send_back", &[("text", "不行"), ("day", "2026-12-17")]).await;
                        done(&mut staff, &id, "answer", &ANSWERS).await;
                    }
                    if dice.percent(80) {
                        done(&mut street, &id, "pass", &[]).await;
                    }
                } else if dice.percent(40) {
                    done(&mut street, &id, "withdraw", &[("text", "发错了")]).await;
                }
            }
            test.app.clock.advance(SignedDuration::from_hours(20));
        }
        for days in [0, 40] {
            test.app.clock.advance(SignedDuration::from_hours(24 * days));
            let again = recounted(&test).await;
            let mut street = test.signed_in(STREET).await;
            let out = street.get("/api/v1/staff/supervision/statistics").await.json();
            for (name, figure) in [
                ("issued", again.issued),
                ("answered_in_time", again.in_time),
                ("sent_back", again.sent_back),
                ("done", again.done),
                ("overdue", again.overdue),
                ("withdrawn", again.withdrawn),
            ] {
                assert_eq!(out["all"][name], figure, "{name}: {out}");
            }
            let page = street.get("/staff/supervision/statistics").await.text();
            let said = format!("发出 {} 份，办结 {} 份", again.issued, again.done);
            assert!(page.contains(&said), "{said}: {page}");
            // The register's tabs count the same.
            let list = street.get("/api/v1/staff/supervision?state=done&limit=100").await.json();
            assert_eq!(list["items"].as_array().map(Vec::len), usize::try_from(again.done).ok());
        }
    })
    .await;
}

#[tokio::test]
async fn five_hundred_and_fifty_four_notices_all_done() {
    on_both(|test| async move {
        let now = test.app.clock.now().as_microsecond();
        let (issuer, addressee) = (&test.loaded.organisations["tongyin"], &test.loaded.organisations["wutong"]);
        let mut tx = test.app.db.begin().await.expect("begin");
        for n in 1..=554_i64 {
            sqlx::query(
                "INSERT INTO supervision_letter (id, kind, issuer_id, issuer_path, addressee_id, addressee_path, subject, asked, \
                 wish_days, state, round, year, number, sign, due_at, issued_at, listed_at, first_answered_at, first_in_time, \
                 answered_at, done_at, form_key, created_at) VALUES ($1, 'notice', $2, $3, $4, $5, '整改', '整改', 5, 'done', 1, 2026, \
                 $6, $1, $7, $8, $8, $8, 1, $8, $8, $1, $8)",
            )
            .bind(format!("00000000-0000-7000-8000-{n:012}"))
            .bind(&issuer.0)
            .bind(&issuer.1)
            .bind(&addressee.0)
            .bind(&addressee.1)
            .bind(n)
            .bind(now + 1)
            .bind(now - n)
            .execute(&mut *tx)
            .await
            .expect("written");
        }
        tx.commit().await.expect("commit");
        let mut street = test.signed_in(STREET).await;
        let page = street.get("/staff/supervision/statistics?year=2026").await.text();
        assert!(page.contains("发出 554 份，办结 554 份，办结率 100%"), "{page}");
        // Pages of the register follow one another to the end, each letter once.
        let mut address = "/staff/supervision?state=done".to_owned();
        let (mut seen, mut pages) = (std::collections::BTreeSet::new(), 0);
        loop {
            let text = street.get(&address).await.text();
            let html = scraper::Html::parse_document(&text);
            let rows = scraper::Selector::parse("a.table-title").expect("a selector");
            let before = seen.len();
            seen.extend(html.select(&rows).filter_map(|link| link.value().attr("href").map(str::to_owned)));
            pages += 1;
            assert!(seen.len() > before && pages < 30, "{address}");
            let next = scraper::Selector::parse("a[rel=next]").expect("a selector");
            match html.select(&next).next().and_then(|link| link.value().attr("href")) {
                Some(href) => address = href.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), 554);
        // The same as a file, for those who may.
        let form =
            [("table", "supervision"), ("place", "tongyin"), ("from", "2026-11-01"), ("to", "2026-11-30"), ("as", "csv")];
        let file = street.post("/staff/exports", &form).await;
        assert_eq!(file.status, StatusCode::OK, "{}", file.text());
        let rows = csv::ReaderBuilder::new().from_reader(&file.body[3..]).records().count();
        assert_eq!(rows, 554);
        let elsewhere = test.signed_in(ELSEWHERE).await.post("/staff/exports", &form).await;
        assert!(elsewhere.status.is_client_error());
    })
    .await;
}

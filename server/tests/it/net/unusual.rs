//! What is unusual, with the reports behind it.

use super::raw::{DAY, Spot, generate, midnight, storm, told};
use crate::{reports::STAFF, support::on_both};
use axum::http::StatusCode;
use jiff::ToSpan;
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_storm_is_found_with_its_reports_and_calm_is_not() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let empty = staff.get("/api/v1/staff/net/wutong/unusual").await.json();
        assert_eq!(empty.as_array().map(Vec::len), Some(0));
        assert!(staff.get("/staff/net/wutong").await.text().contains("不满 8 周"));

        generate(&test, 300).await;
        let spot = Spot { community: "wutong", grid: Some("wutong-g2".into()), category: "garbage-pile" };
        storm(&test, 1_000, 25, &spot, 6).await;
        for counted in [false, true] {
            if counted {
                while server::reports::statistics::counted::count(&test.app, 500).await.expect("counted") > 0 {}
            }
            let today = app::time::day_of(test.app.clock.now());
            let begin = midnight(&today.saturating_sub(6.days()).to_string());
            let all = told(&test).await;
            for code in ["wutong", "tongyin"] {
                let mut reader = test.signed_in(if code == "wutong" { STAFF } else { "19900000051" }).await;
                let found = reader.get(&format!("/api/v1/staff/net/{code}/unusual")).await.json();
                let found: Vec<Value> = found.as_array().expect("a list").clone();
                let grid = found.iter().find(|odd| odd["code"] == "wutong-g2").expect("the grid");
                let behind: BTreeSet<&str> = all
                    .iter()
                    .filter(|one| one.grid == "wutong-g2" && one.filed >= begin)
                    .map(|one| one.code.as_str())
                    .collect();
                assert_eq!(grid["count"].as_u64(), Some(behind.len() as u64), "counted: {counted}");
                // The weeks before, counted by hand.
                let mut weeks: Vec<usize> = (1..=12)
                    .map(|week| {
                        let span = begin - week * 7 * DAY..begin - (week - 1) * 7 * DAY;
                        all.iter().filter(|one| one.grid == "wutong-g2" && span.contains(&one.filed)).count()
                    })
                    .collect();
                weeks.sort_unstable();
                assert_eq!(grid["usual"].as_f64(), Some((weeks[5] + weeks[6]) as f64 / 2.0));
                assert_eq!(grid["most"].as_u64(), Some(weeks[11] as u64));
                let list = reader
                    .get(&format!("/api/v1/staff/net/{code}/unusual/reports?kind=grid&of=wutong-g2"))
                    .await
                    .json();
                let listed: BTreeSet<&str> = list["reports"]
                    .as_array()
                    .expect("reports")
                    .iter()
                    .filter_map(|row| row["code"].as_str())
                    .collect();
                assert_eq!(listed, behind);
                assert_eq!(list["count"].as_u64(), Some(behind.len() as u64));
                assert!(found.iter().all(|odd| odd["code"] != "wutong-g4"), "what is calm is not named: {found:?}");
                let page = reader.get(&format!("/staff/net/{code}")).await.text();
                assert!(page.contains(&format!("/staff/net/{code}/unusual?kind=grid&amp;of=wutong-g2")), "{page}");
                let page = reader.get(&format!("/staff/net/{code}/unusual?kind=grid&of=wutong-g2")).await.text();
                assert!(behind.iter().all(|code| page.contains(code)), "{page}");
            }
        }
        for path in [
            "/staff/net/wutong/unusual",
            "/staff/net/wutong/unusual?kind=grid&of=xingwu-g1",
            "/staff/net/wutong/unusual?kind=category&of=nothing",
            "/staff/net/wutong/unusual?kind=x&of=%27",
        ] {
            assert_eq!(staff.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

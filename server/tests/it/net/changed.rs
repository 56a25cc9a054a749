//! The net after a change of its grids: work goes on in what a grid became, and what is usual there is what was usual in its parts.

use super::raw::{DAY, Spot, generate, midnight, storm, told};
use crate::{
    grids::planned,
    reports::STAFF,
    support::{Browser, on_both},
};
use jiff::ToSpan;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How many reports the desk lists of a grid.
async fn listed(staff: &mut Browser, grid: &str, state: &str) -> i64 {
    let list = staff.get(&format!("/api/v1/staff/reports?grid={grid}&state={state}&limit=100")).await.json();
    assert!(list["next"].is_null(), "{list}");
    i64::try_from(list["items"].as_array().expect("items").len()).expect("few")
}

#[tokio::test]
async fn the_net_and_the_desk_say_the_same_of_what_a_grid_became() {
    on_both(|test| async move {
        generate(&test, 300).await;
        let spot = Spot { community: "wutong", grid: Some("wutong-g1".into()), category: "garbage-pile" };
        storm(&test, 1_000, 25, &spot, 6).await;
        let mut staff = test.signed_in(STAFF).await;
        let first = listed(&mut staff, "wutong-g1", "open").await;
        assert!(first > 0);
        let merge = json!({ "kind": "merge", "with": ["wutong-g3"], "into": "wutong-g3", "day": "2026-11-25" });
        planned(&mut staff, "wutong-g1", &merge).await;

        let said = staff.get("/api/v1/staff/net/wutong").await.json();
        let parts = said["parts"].as_array().expect("parts");
        for grid in ["wutong-g2", "wutong-g3", "wutong-g4"] {
            let part = parts.iter().find(|part| part["code"] == grid).expect("a part");
            for (name, state) in [("open", "open"), ("overdue", "late"), ("today", "today")] {
                assert_eq!(
                    part[name].as_i64(),
                    Some(listed(&mut staff, grid, state).await),
                    "{name} of {grid}: {said}"
                );
            }
        }
        // What was filed in the one that ended stays its own; nothing is open in it any more.
        let ended = parts.iter().find(|part| part["code"] == "wutong-g1").expect("the ended one");
        assert_eq!((ended["open"].as_i64(), ended["filed"].as_i64() > Some(0)), (Some(0), true), "{ended}");
        let open: i64 = parts.iter().map(|part| part["open"].as_i64().expect("a number")).sum();
        assert_eq!(said["sum"]["open"].as_i64(), Some(open), "nothing is lost");

        // The storm in the first is one of the third now, against the weeks of both.
        let begin = midnight(&app::time::day_of(test.app.clock.now()).saturating_sub(6.days()).to_string());
        let all = told(&test).await;
        let both = |one: &&super::raw::Told| ["wutong-g1", "wutong-g3"].contains(&one.grid.as_str());
        let behind: BTreeSet<&str> =
            all.iter().filter(both).filter(|one| one.filed >= begin).map(|one| one.code.as_str()).collect();
        let mut weeks: Vec<usize> = (1..=12)
            .map(|week| {
                let span = begin - week * 7 * DAY..begin - (week - 1) * 7 * DAY;
                all.iter().filter(both).filter(|one| span.contains(&one.filed)).count()
            })
            .collect();
        weeks.sort_unstable();
        let found = staff.get("/api/v1/staff/net/wutong/unusual").await.json();
        let found: Vec<Value> = found.as_array().expect("a list").clone();
        assert!(found.iter().all(|odd| odd["code"] != "wutong-g1"), "{found:?}");
        let third = found.iter().find(|odd| odd["code"] == "wutong-g3").expect("the third");
        assert_eq!(third["count"].as_u64(), Some(behind.len() as u64));
        assert_eq!(third["usual"].as_f64(), Some((weeks[5] + weeks[6]) as f64 / 2.0));
        let list = staff.get("/api/v1/staff/net/wutong/unusual/reports?kind=grid&of=wutong-g3").await.json();
        let rows = list["reports"].as_array().expect("reports").iter();
        assert_eq!(rows.filter_map(|row| row["code"].as_str()).collect::<BTreeSet<_>>(), behind);
    })
    .await;
}

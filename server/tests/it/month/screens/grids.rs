//! `/staff/grids`: what is open and overdue in each grid, with buildings and households.

use super::{DISTRICT, items, json, page};
use crate::{
    month::{
        numbers::whole,
        recount::{Recount, Spot},
        world::World,
    },
    support::TestApp,
};

/// Open, overdue.
fn now_of(told: &Recount, grid: &Spot, now: i64) -> (i64, i64) {
    let here: Vec<_> = told.reports_of(&grid.path).collect();
    let count = |late: bool| whole(here.iter().filter(|one| one.is_open() && (!late || one.is_late(now))).count());
    (count(false), count(true))
}

/// Compares every grid in the list, and some by themselves.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let mut browser = test.signed_in(DISTRICT).await;
    let listed = items(&mut browser, "/api/v1/staff/grids").await;
    let grids: Vec<&Spot> = told.under("", "grid").collect();
    assert_eq!(listed.len(), grids.len());
    for grid in &grids {
        let said = listed.iter().find(|one| one["code"] == grid.code.as_str()).expect("listed");
        let number = |name: &str| said[name].as_i64().expect("a number");
        assert_eq!((number("open"), number("overdue")), now_of(told, grid, world.now), "{}", grid.code);
        let buildings = whole(told.under(&grid.path, "building").count());
        let homes = told.households(&grid.path);
        assert_eq!((number("buildings"), number("households")), (buildings, homes), "{}", grid.code);
    }
    for grid in grids.iter().step_by(grids.len() / 6) {
        let (open, overdue) = now_of(told, grid, world.now);
        let said = json(&mut browser, &format!("/api/v1/staff/grids/{}", grid.code)).await;
        assert_eq!((said["open"].as_i64(), said["overdue"].as_i64()), (Some(open), Some(overdue)), "{}", grid.code);
        let text = page(&mut browser, &format!("/staff/grids/{}", grid.code)).await;
        let sentence = format!("共 {open} 件，其中 {overdue} 件超期。");
        assert!(open == 0 || text.contains(&sentence), "{}: {sentence}", grid.code);
    }
}

//! Grid changes keep history: any sequence of splits, merges and moves, on both engines, against a model of sets.

use crate::support::{Dice, TestApp, on_both};
use app::grids::change::{Change, Net};
use jiff::{SignedDuration, civil::Date};
use server::grids::store::{self, changes, force, paths};
use std::collections::{BTreeMap, BTreeSet};

/// Which grid each building belongs to, as the model has it.
type Belongs = BTreeMap<String, String>;

fn belongs(net: &Net) -> Belongs {
    net.iter().flat_map(|(grid, buildings)| buildings.iter().map(|building| (building.clone(), grid.clone()))).collect()
}

async fn net(test: &TestApp, community: &str) -> Net {
    let mut connection = test.app.db.read().acquire().await.expect("a connection");
    changes::net(&mut connection, community).await.expect("read")
}

/// A change by chance; it may make no sense.
fn by_chance(dice: &mut Dice, net: &Net, step: usize) -> Change {
    let grids: Vec<&String> = net.keys().collect();
    let (grid, other) = ((*dice.one_of(&grids)).clone(), (*dice.one_of(&grids)).clone());
    let buildings: Vec<String> = net[&grid].iter().cloned().collect();
    match dice.below(3) {
        0 => {
            let parts = 1 + usize::from(dice.percent(40));
            let names: Vec<(String, String)> = (0..parts).map(|n| (format!("新{step}-{n}"), String::new())).collect();
            let keeps = dice.percent(50);
            let least = u64::from(!keeps);
            let to = buildings.into_iter().map(|building| {
                let nth = least + dice.below(u64::try_from(parts).expect("few") + 1 - least);
                (building, usize::try_from(nth).expect("few"))
            });
            let to: Vec<(String, usize)> = to.collect();
            Change::split(&grid, keeps, &names, &to)
        }
        1 if dice.percent(50) => Change::merge(net, &[grid, other.clone()], Ok(other.as_str())),
        1 => {
            let name = format!("并{step}");
            Change::merge(net, &[grid, other], Err((name.as_str(), "")))
        }
        _ => {
            let count = 1 + usize::try_from(dice.below(2)).expect("few");
            let some: Vec<String> = buildings.into_iter().take(count).collect();
            Change::r#move(&grid, &other, &some)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sequence_of_changes_keeps_every_past_answer() {
    on_both(|test| async move {
        let (community, community_path) = test.loaded.organisations["wutong"].clone();
        let staff = test.person("19900000031").to_owned();
        let mut dice = Dice(20_261_125);
        let mut model = net(&test, &community).await;
        let all: BTreeSet<String> = model.values().flatten().cloned().collect();
        let households = |buildings: &[store::Building]| buildings.iter().map(|one| one.households).sum::<i64>();
        let before = store::buildings(&test.app.db, &community_path).await.expect("read");
        // What each past day was, as it was said on that day.
        let mut said: BTreeMap<Date, Belongs> = BTreeMap::new();
        let mut done = 0;
        for step in 0..60 {
            // Sometimes several changes come into force on one day.
            if dice.percent(70) {
                said.insert(app::time::day_of(test.app.clock.now()), belongs(&model));
                test.app.clock.advance(SignedDuration::from_hours(24));
            }
            let (now, today) = (test.app.clock.now(), app::time::day_of(test.app.clock.now()));
            let change = by_chance(&mut dice, &model, step);
            if change.judge(&model, &[]).is_err() {
                continue;
            }
            let mut tx = test.app.db.begin().await.expect("begin");
            let key = format!("history-{step}");
            let id = changes::insert(&mut tx, &community, &change, (today, ""), (&staff, &key), now).await;
            let id = id.expect("written").expect("new");
            let forced = force::carry_out(&mut tx, test.app.db.engine(), &id, today, now).await.expect("carried out");
            let forced = forced.expect("its day has come");
            let again = force::carry_out(&mut tx, test.app.db.engine(), &id, today, now).await.expect("looked at");
            assert!(again.is_none(), "once is once");
            tx.commit().await.expect("commit");
            done += 1;

            let made: Vec<String> = change
                .parts
                .iter()
                .zip(&forced.grids)
                .filter(|(part, _)| part.grid.is_none())
                .map(|(_, (id, ..))| id.clone())
                .collect();
            let mut made = made.into_iter();
            model = change.carried_out(&model, |_| made.next().expect("as many as were made"));
            assert_eq!(net(&test, &community).await, model, "step {step}: {change:?}");
            let now_is = belongs(&model);
            assert_eq!(now_is.keys().cloned().collect::<BTreeSet<_>>(), all, "each building in exactly one grid");
            for (building, grid) in &now_is {
                let found = store::grid_of(&test.app.db, building, &today.to_string()).await.expect("read");
                assert_eq!(found.as_ref(), Some(grid), "step {step}");
            }
            // Two days of the past each time, all of it at the end.
            for (day, belonged) in said.iter().rev().take(2) {
                past(&test, *day, belonged).await;
            }
        }
        assert!(done > 15, "{done} changes");
        for (day, belonged) in &said {
            past(&test, *day, belonged).await;
        }
        let after = store::buildings(&test.app.db, &community_path).await.expect("read");
        assert_eq!((after.len(), households(&after)), (before.len(), households(&before)), "totals stay");
        let grids = store::of_community(&test.app.db, &community).await.expect("read");
        for grid in grids {
            let here = after.iter().filter(|building| building.grid_id == grid.id).count();
            assert!(grid.ended_on.is_none() || here == 0, "{} has ended and has {here} buildings", grid.code);
        }
        let (crooked,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM organisation b JOIN organisation g ON g.id = b.parent_id \
             WHERE b.path <> g.path || b.code || '/'",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("read");
        assert_eq!(crooked, 0, "paths are those of the tree");
    })
    .await;
}

/// The past says what it said.
async fn past(test: &TestApp, day: Date, belonged: &Belongs) {
    let day = day.to_string();
    for (building, grid) in belonged {
        let found = store::grid_of(&test.app.db, building, &day).await.expect("read");
        assert_eq!(found.as_ref(), Some(grid), "{building} on {day}");
    }
}

#[tokio::test]
async fn every_column_with_a_path_is_known_to_move_or_to_stay() {
    let test = TestApp::new(server::db::Engine::Sqlite).await;
    let mut tx = test.app.db.begin().await.expect("begin");
    let tables = server::db::dialect::tables(test.app.db.engine(), &mut tx).await.expect("read");
    let mut there = BTreeSet::new();
    for table in tables {
        for (column, _) in table.columns {
            if column == "path" || column.ends_with("_path") {
                there.insert((table.name.clone(), column));
            }
        }
    }
    let moves = paths::FOLLOW.iter().map(|(table, column, ..)| (*table, *column));
    let known: BTreeSet<(String, String)> =
        moves.chain(paths::STAY.iter().copied()).map(|(table, column)| (table.to_owned(), column.to_owned())).collect();
    assert_eq!(there, known, "server/src/grids/store/paths.rs says what becomes of paths when a building moves");
}

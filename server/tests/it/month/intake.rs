//! What vehicles, cameras and sensors say they have found, in every state, written as the room's own store writes it.
//! `screens/intake.rs` counts the rows.

use super::{
    calendar::{DAY, HOUR},
    walk::Dice,
    world::World,
    write::{insert, maybe, number, rows, text},
};
use crate::support::TestApp;

/// Most of it happens in these two communities, which have staff.
const STAFFED: [&str; 2] = ["wutong", "xingwu"];

/// Writes so many.
pub async fn generate(test: &TestApp, world: &World, count: usize) {
    let mut dice = Dice::new(0x94d0_49bb_1331_11eb);
    let key = crate::patrol::key(test, &test.loaded.organisations["lanxi"].1).await;
    assert!(!key.is_empty());
    let (key,): (String,) =
        sqlx::query_as("SELECT MAX(id) FROM integration_key").fetch_one(test.app.db.read()).await.expect("a key");
    let all = (0..count).map(|n| {
        let (community, path) = place(test, world, &mut dice);
        let received = (world.now - HOUR - dice.below(30 * DAY)) / 1_000_000 * 1_000_000;
        // Some came in the same instant: a system sends several at once.
        let received = if dice.below(4) == 0 { received / DAY * DAY } else { received };
        let state =
            *dice.pick(&["waiting", "waiting", "waiting", "filing", "confirmed", "confirmed", "joined", "refused"]);
        let source = *dice.pick(&["vehicle", "camera", "sensor"]);
        let (open, report) = (matches!(state, "waiting" | "filing"), matches!(state, "confirmed" | "joined"));
        [
            text(&format!("00000000-0000-7000-8097-{n:012}")),
            text(&key),
            text(source),
            text(&format!("M-{n}")),
            text(""),
            text(&community),
            text(&path),
            text(&dice.pick(&world.categories).code),
            text("垃圾堆放"),
            (40 + dice.below(61)).to_string(),
            (received - dice.below(HOUR)).to_string(),
            received.to_string(),
            text(state),
            text(&if report { format!("M{n:07}") } else { String::new() }),
            maybe((!open).then(|| world.verifiers[0].as_str())),
            number((!open).then_some(received + HOUR / 2)),
            text(if state == "refused" { "看过，没有问题" } else { "" }),
            i64::from(state == "filing").to_string(),
        ]
    });
    insert(
        test,
        "intake (id, key_id, source, foreign_code, fingerprint, community_id, path, category, description, confidence, \
         found_at, received_at, state, report_code, decided_by, decided_at, reason, filings)",
        rows(all),
    )
    .await;
}

/// Id of a community, and the path of one of its grids or its own.
fn place(test: &TestApp, world: &World, dice: &mut Dice) -> (String, String) {
    let place = dice.pick(&world.places);
    let above = |path: &str| path.trim_end_matches('/').rsplit_once('/').expect("something above").0.to_owned() + "/";
    match dice.below(4) {
        0 => (place.community.clone(), above(&place.path)),
        1 => (place.community.clone(), above(&above(&place.path))),
        _ => {
            let (community, path) = &test.loaded.organisations[*dice.pick(&STAFFED)];
            let own: Vec<&String> =
                world.places.iter().map(|one| &one.path).filter(|one| one.starts_with(path)).collect();
            let building = *dice.pick(&own);
            let grid = above(building);
            (community.clone(), if dice.below(3) == 0 { path.clone() } else { grid })
        }
    }
}

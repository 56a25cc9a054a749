//! Patrol plans in several versions, the days on which they were walked and what was looked at, written as the room's own store
//! writes them. `screens/patrol.rs` counts the looks.

use super::{
    calendar::{DAY, HOUR, date, weekday},
    walk::Dice,
    world::World,
    write::{insert, number, rows, text},
};
use crate::support::TestApp;

/// Days back to which plans were walked.
const BACK: i64 = 80;

/// A plan.
struct Plan {
    id: String,
    community: String,
    grid: String,
    path: String,
    weekdays: String,
    /// First and last day; an empty last one: it goes on.
    days: (String, String),
    /// Points of each of its versions.
    points: Vec<i64>,
}

/// So many plans for every grid of the two communities that have staff.
pub async fn generate(test: &TestApp, world: &World, each: usize) {
    let mut dice = Dice::new(0xbf58_476d_1ce4_e5b9);
    let grids: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT g.id, g.path, c.id FROM organisation g JOIN organisation c ON c.id = g.parent_id \
         WHERE g.kind = 'grid' AND c.code IN ('wutong', 'xingwu', 'm0') ORDER BY g.path",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("grids");
    let mut plans = Vec::new();
    for (grid, path, community) in grids.iter().flat_map(|grid| std::iter::repeat_n(grid, each)) {
        plans.push(plan(plans.len(), (community, grid, path), world, &mut dice));
    }
    let by = world.verifiers[0].as_str();
    let all = plans.iter().map(|plan| {
        [
            text(&plan.id),
            text(&plan.community),
            text(&plan.grid),
            text(&plan.path),
            text(&format!("楼道 {}", &plan.id[30..])),
            text(&plan.weekdays),
            text(&plan.days.0),
            text(&plan.days.1),
            plan.points.len().to_string(),
            text(&plan.id),
            text(by),
            world.now.to_string(),
        ]
    });
    let columns = "patrol_plan (id, community_id, grid_id, path, name, weekdays, from_day, until_day, version, form_key, \
                   created_by, created_at)";
    insert(test, columns, rows(all)).await;
    let all = plans.iter().flat_map(|plan| {
        (1..).zip(&plan.points).flat_map(move |(version, points)| {
            (0..*points).map(move |at| {
                let place = text(&format!("{} 栋楼道", at + 1));
                [text(&plan.id), i64::to_string(&version), at.to_string(), place, text("杂物、充电")]
            })
        })
    });
    insert(test, "patrol_point (plan_id, version, position, place, look_at)", rows(all)).await;
    let (mut walks, mut looks) = (Vec::new(), Vec::new());
    for plan in &plans {
        walked(plan, world, &mut dice, (&mut walks, &mut looks));
    }
    insert(test, "patrol_walk (id, plan_id, day, plan_version, walker_id, note, done_at)", walks).await;
    insert(test, "patrol_look (walk_id, position, state, at)", looks).await;
    // Of some of what was found there are reports: the grid's first, and its last.
    for which in ["MIN", "MAX"] {
        let first = format!("(SELECT {which}(r.id) FROM report r WHERE r.grid_id = p.grid_id)");
        let sql = format!(
            "INSERT INTO patrol_found (walk_id, position, report_id) SELECT l.walk_id, l.position, {first} FROM patrol_look l \
             JOIN patrol_walk w ON w.id = l.walk_id JOIN patrol_plan p ON p.id = w.plan_id \
             WHERE l.state = 'found' AND l.position < 2 AND {first} IS NOT NULL ON CONFLICT DO NOTHING"
        );
        crate::outgoing::run(test, &sql).await;
    }
}

fn plan(nth: usize, (community, grid, path): (&str, &str, &str), world: &World, dice: &mut Dice) -> Plan {
    let day = |back: i64| date(world.now - back * DAY);
    let days = match dice.below(5) {
        0 => (day(70), day(dice.below(20))),
        1 => (day(-5), String::new()),
        2 => (day(40), day(-10)),
        _ => (day(100), String::new()),
    };
    // The first one is walked every day, so that there are more days than are shown.
    let chosen = |one: &char| nth == 0 || dice.below(2) == 0 || *one == '7';
    Plan {
        id: format!("00000000-0000-7000-8096-{nth:012}"),
        community: community.to_owned(),
        grid: grid.to_owned(),
        path: path.to_owned(),
        weekdays: ('1'..='7').filter(chosen).collect(),
        days: if nth == 0 { (day(100), String::new()) } else { days },
        points: (0..1 + dice.below(3)).map(|_| 1 + dice.below(6)).collect(),
    }
}

/// Days on which it was walked: not all on which it was due, and not always to the end.
fn walked(plan: &Plan, world: &World, dice: &mut Dice, (walks, looks): (&mut Vec<String>, &mut Vec<String>)) {
    for back in (0..=BACK).rev() {
        let at = world.now - back * DAY;
        let day = date(at);
        let within = plan.days.0 <= day && (plan.days.1.is_empty() || day <= plan.days.1);
        if !within || !plan.weekdays.contains(weekday(at)) || dice.below(8) == 0 {
            continue;
        }
        // Versions follow one another.
        let versions = i64::try_from(plan.points.len()).expect("few");
        let version = versions - (back * versions / (BACK + 1));
        let points = plan.points[usize::try_from(version - 1).expect("small")];
        let id = format!("{}-{day}", plan.id);
        let done = dice.below(10) > 1;
        let end = number(done.then_some(at - HOUR));
        let values = [text(&id), text(&plan.id), text(&day), version.to_string(), text(&world.verifiers[1])];
        walks.push(format!("({}, {}, {end})", values.join(", "), text(if done { "都看了" } else { "" })));
        for position in (0..points).filter(|_| dice.below(6) > 0).collect::<Vec<_>>() {
            let state = if dice.below(5) == 0 { "found" } else { "fine" };
            looks.push(format!("({}, {position}, {}, {})", text(&id), text(state), at - 2 * HOUR));
        }
    }
}

//! `/staff/patrols`: when each plan is next walked, and of each day how many of its points were looked at; `/patrols`: the points
//! of today. From plans, points, walks and looks.

use super::{STAFFED, items, json, lines, page, table};
use crate::{
    month::{
        calendar::{DAY, date, start, weekday, written},
        numbers::whole,
        recount::Recount,
        world::World,
    },
    support::TestApp,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A grid worker of 梧桐.
const WORKER: &str = "19900000021";
/// So many days are shown.
const SHOWN: usize = 60;

/// A day of a plan.
struct Walk {
    day: String,
    version: i64,
    done: bool,
    note: String,
    /// State of the points that were looked at, by position.
    looks: BTreeMap<i64, String>,
    /// Position and code of the reports that were filed from there.
    reports: Vec<(i64, String)>,
}

/// A plan.
struct Plan {
    id: String,
    path: String,
    weekdays: String,
    days: (String, String),
    version: i64,
    /// Points of each version.
    points: BTreeMap<i64, i64>,
    /// The newest first.
    walks: Vec<Walk>,
}

impl Plan {
    /// Whether it is walked on the day of an instant.
    fn is_due(&self, at: i64) -> bool {
        let day = date(at);
        self.weekdays.contains(weekday(at)) && self.days.0 <= day && (self.days.1.is_empty() || day <= self.days.1)
    }

    /// What the list says of when it is walked next.
    fn next(&self, now: i64) -> String {
        let begin = if self.days.0 > date(now) { start(&self.days.0) } else { now };
        // It has a day in every week.
        let next = (0..7).map(|ahead| begin + ahead * DAY).find(|at| self.is_due(*at));
        match next {
            Some(at) if date(at) == date(now) => "今天".to_owned(),
            Some(at) => format!("下次 {}", written(&date(at))),
            None => "已结束".to_owned(),
        }
    }
}

/// Id, path, days of the week, first and last day, version.
type Fixed = (String, String, String, String, String, i64);

async fn read(test: &TestApp) -> Vec<Plan> {
    let db = test.app.db.read();
    let fixed: Vec<Fixed> =
        sqlx::query_as("SELECT id, path, weekdays, from_day, until_day, version FROM patrol_plan ORDER BY id")
            .fetch_all(db)
            .await
            .expect("plans");
    let points: Vec<(String, i64)> =
        sqlx::query_as("SELECT plan_id, version FROM patrol_point").fetch_all(db).await.expect("points");
    let walks: Vec<(String, String, String, i64, String, Option<i64>)> =
        sqlx::query_as("SELECT id, plan_id, day, plan_version, note, done_at FROM patrol_walk ORDER BY day DESC")
            .fetch_all(db)
            .await
            .expect("walks");
    let looks: Vec<(String, i64, String)> =
        sqlx::query_as("SELECT walk_id, position, state FROM patrol_look").fetch_all(db).await.expect("looks");
    let mut seen: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for (walk, position, state) in looks {
        seen.entry(walk).or_default().insert(position, state);
    }
    let found: Vec<(String, i64, String)> =
        sqlx::query_as("SELECT f.walk_id, f.position, r.code FROM patrol_found f JOIN report r ON r.id = f.report_id")
            .fetch_all(db)
            .await
            .expect("found");
    let mut plans: BTreeMap<String, Plan> = BTreeMap::new();
    for (id, path, weekdays, from, until, version) in fixed {
        let (points, walks) = (BTreeMap::new(), Vec::new());
        plans.insert(id.clone(), Plan { id, path, weekdays, days: (from, until), version, points, walks });
    }
    for (plan, version) in points {
        *plans.get_mut(&plan).expect("a plan").points.entry(version).or_default() += 1;
    }
    for (id, plan, day, version, note, done) in walks {
        let looks = seen.remove(&id).unwrap_or_default();
        let here = found.iter().filter(|(walk, ..)| *walk == id);
        let mut reports: Vec<(i64, String)> = here.map(|(_, at, code)| (*at, code.clone())).collect();
        reports.sort_unstable();
        plans.get_mut(&plan).expect("a plan").walks.push(Walk {
            day,
            version,
            done: done.is_some(),
            note,
            looks,
            reports,
        });
    }
    plans.into_values().collect()
}

/// Compares the plans of two communities, and today's of a grid worker.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let all = read(test).await;
    assert!(all.iter().any(|plan| plan.walks.len() > SHOWN), "one has more days than are shown");
    assert!(all.iter().flat_map(|plan| &plan.walks).any(|walk| walk.reports.len() > 1), "something was reported");
    for (phone, code) in STAFFED {
        let path = told.spot(code).path.as_str();
        let mut browser = test.signed_in(phone).await;
        let own: BTreeMap<&str, &Plan> =
            all.iter().filter(|plan| plan.path.starts_with(path)).map(|plan| (plan.id.as_str(), plan)).collect();
        let said = items(&mut browser, "/api/v1/staff/patrols").await;
        let mut ids: Vec<&str> = said.iter().map(|plan| plan["id"].as_str().expect("an id")).collect();
        ids.sort_unstable();
        assert_eq!(ids, own.keys().copied().collect::<Vec<_>>(), "plans of {code}");
        let listed = lines(&page(&mut browser, "/staff/patrols").await, "/staff/patrols/");
        for (id, plan) in own {
            let line = listed.get(id).unwrap_or_else(|| panic!("{id} in {listed:?}"));
            assert!(line.contains(&plan.next(world.now)), "{} in {line}", plan.next(world.now));
            let said = json(&mut browser, &format!("/api/v1/staff/patrols/{id}")).await;
            days(plan, &said, &page(&mut browser, &format!("/staff/patrols/{id}")).await);
        }
    }
    today(test, world, &all).await;
}

/// Each day of a plan: points looked at, points at which something was found, whether it was ended.
fn days(plan: &Plan, said: &Value, text: &str) {
    let walks = said["walks"].as_array().expect("walks");
    let rows = table(text, "main table");
    let shown: Vec<&Walk> = plan.walks.iter().take(SHOWN).collect();
    assert_eq!((walks.len(), rows.len()), (shown.len(), shown.len()), "days of {}", plan.id);
    assert_eq!(said["points"].as_array().map(|points| whole(points.len())), Some(plan.points[&plan.version]));
    for ((walk, said), row) in shown.into_iter().zip(walks).zip(rows) {
        let looked = whole(walk.looks.len());
        let found = whole(walk.looks.values().filter(|state| *state == "found").count());
        assert_eq!(said["day"], walk.day.as_str(), "{said}");
        let numbers = (said["looked"].as_i64(), said["found"].as_i64(), said["done"].as_bool());
        assert_eq!(numbers, (Some(looked), Some(found), Some(walk.done)), "{said}");
        let points = plan.points[&walk.version];
        let told: Vec<(i64, String)> = said["reports"]
            .as_array()
            .expect("reports")
            .iter()
            .map(|one| (whole_of(&one["position"]), one["report"].as_str().expect("a code").to_owned()))
            .collect();
        assert_eq!(told, walk.reports, "reports of {}", walk.day);
        let codes = walk.reports.iter().map(|(_, code)| code.as_str()).collect::<Vec<_>>().join(" ");
        let cells = [format!("{looked}/{points}"), found.to_string(), codes, walk.note.clone()];
        assert_eq!(row[1..], cells, "{row:?}");
        assert!(row[0].starts_with(&written(&walk.day)) && row[0].contains("进行中") != walk.done, "{row:?}");
    }
}

fn whole_of(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

/// What a grid worker sees of today.
async fn today(test: &TestApp, world: &World, all: &[Plan]) {
    let scopes: Vec<(String,)> = sqlx::query_as(
        "SELECT o.path FROM role_grant r JOIN organisation o ON o.id = r.organisation_id \
         WHERE r.role = 'grid_worker' AND r.person_id = $1",
    )
    .bind(test.person(WORKER))
    .fetch_all(test.app.db.read())
    .await
    .expect("roles");
    let mine = |plan: &&Plan| scopes.iter().any(|(path,)| plan.path.starts_with(path)) && plan.is_due(world.now);
    let expected: BTreeMap<&str, &Plan> = all.iter().filter(mine).map(|plan| (plan.id.as_str(), plan)).collect();
    let mut browser = test.signed_in(WORKER).await;
    let said = json(&mut browser, "/api/v1/patrols").await;
    let said = said.as_array().expect("plans");
    let listed = lines(&page(&mut browser, "/patrols").await, "/patrols/");
    assert!(!expected.is_empty() && said.len() == expected.len() && listed.len() == expected.len(), "{listed:?}");
    for one in said {
        let plan = expected[one["id"].as_str().expect("an id")];
        let walk = plan.walks.iter().find(|walk| walk.day == date(world.now));
        let points = plan.points[&walk.map_or(plan.version, |walk| walk.version)];
        let states: Vec<Option<&str>> =
            (0..points).map(|at| walk.and_then(|walk| walk.looks.get(&at)).map(String::as_str)).collect();
        let told: Vec<Option<&str>> =
            one["points"].as_array().expect("points").iter().map(|point| point["state"].as_str()).collect();
        assert_eq!(told, states, "{one}");
        let done = walk.is_some_and(|walk| walk.done);
        assert_eq!(one["done"].as_bool(), Some(done), "{one}");
        let line = &listed[plan.id.as_str()];
        let looked = format!("已看 {}/{points}", states.iter().flatten().count());
        assert!(line.contains(&looked) && line.contains("已完成") == done, "{looked} in {line}");
    }
}

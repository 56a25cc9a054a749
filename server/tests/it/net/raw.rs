//! Reports with everything that happened to them, written as rows and events; and what the events say when they are counted by
//! hand, without any of the product's functions. Deadlines, stars and decisions on extensions are facts of their own; everything
//! else is told again from the events.

use crate::{
    reports::{GRID_WORKER, VOLUNTEER},
    support::{Dice, TestApp},
};
use std::collections::BTreeMap;

pub const HOUR: i64 = 3_600_000_000;
pub const DAY: i64 = 24 * HOUR;
/// Shanghai's midnight, in microseconds from UTC's.
const EAST: i64 = 8 * HOUR;

const COMMUNITIES: [&str; 4] = ["wutong", "xingwu", "cailing", "tinglan"];
const CATEGORIES: [&str; 3] = ["street-light", "garbage-pile", "elevator"];

/// What happens to a report: when, what, from which state to which.
type Life = Vec<(i64, &'static str, &'static str, &'static str)>;

fn life(dice: &mut Dice, filed: i64, now: i64) -> Life {
    let mut life: Life = vec![(filed, "file", "", "submitted")];
    let mut at = filed;
    let mut later = |dice: &mut Dice| {
        at += i64::try_from(1 + dice.below(60)).expect("small") * HOUR / 2;
        at
    };
    match dice.below(12) {
        0 => return life,
        1 => life.push((later(dice), "reject", "submitted", "rejected")),
        2 => life.push((later(dice), "withdraw", "submitted", "withdrawn")),
        _ => {
            life.push((later(dice), "accept", "submitted", "accepted"));
            life.push((later(dice), "dispatch", "accepted", "dispatched"));
            while dice.percent(20) {
                life.push((later(dice), "return", "dispatched", "accepted"));
                life.push((later(dice), "dispatch", "accepted", "dispatched"));
            }
            life.push((later(dice), "take", "dispatched", "in_progress"));
            if dice.percent(10) {
                life.push((later(dice), "suspend", "in_progress", "suspended"));
            } else if dice.percent(85) {
                life.push((later(dice), "finish", "in_progress", "handled"));
                while dice.percent(20) {
                    life.push((later(dice), "verify_fail", "handled", "in_progress"));
                    life.push((later(dice), "finish", "in_progress", "handled"));
                }
                if dice.percent(90) {
                    life.push((later(dice), "verify_pass", "handled", "verified"));
                    life.push((later(dice), "close", "verified", "closed"));
                }
            }
        }
    }
    life.retain(|(at, ..)| *at < now);
    life
}

/// Where and what a report is about.
#[derive(Clone)]
pub struct Spot<'a> {
    pub community: &'a str,
    pub grid: Option<String>,
    pub category: &'a str,
}

/// Writes one report with its events.
async fn write(test: &TestApp, tx: &mut server::db::Tx, n: usize, spot: &Spot<'_>, dice: &mut Dice, filed: i64) {
    let now = test.app.clock.now().as_microsecond();
    let (community, community_path) = &test.loaded.organisations[spot.community];
    let grid = spot.grid.as_ref().map(|grid| &test.loaded.organisations[grid.as_str()]);
    let path = grid.map_or(community_path, |(_, path)| path);
    let life = life(dice, filed, now);
    let state = life.last().expect("filed").3;
    let closed = (state == "closed").then(|| life.last().expect("closed").0);
    let over = ["closed", "rejected", "withdrawn"].contains(&state).then(|| life.last().expect("over").0);
    let happened = |action: &str| i64::try_from(life.iter().filter(|event| event.1 == action).count()).expect("few");
    let owned = ["dispatched", "in_progress", "suspended", "handled", "verified", "closed"].contains(&state);
    let hours = |dice: &mut Dice, most: u64| i64::try_from(dice.below(most)).expect("small") * HOUR;
    let due = dice.percent(95).then(|| filed + 4 * HOUR + hours(dice, 20 * 24));
    let owner_due = due.filter(|_| owned && dice.percent(60)).map(|due| due + hours(dice, 48));
    let id = format!("raw-{n}");
    sqlx::query(
        "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, grid_id, path, category, \
         description, channel, state, owner_id, handled_by, verified_by, filed_at, due_at, owner_due_at, changed_at, \
         closed_at, reworks, returns, stars, version) VALUES ($1, $2, $1, '', $3, $4, $5, $6, 'x', 'resident', $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(&id)
    .bind(format!("W{n:07}"))
    .bind(community)
    .bind(grid.map(|(id, _)| id.as_str()))
    .bind(path)
    .bind(spot.category)
    .bind(state)
    .bind(owned.then(|| test.person(VOLUNTEER)))
    .bind(["handled", "verified", "closed"].contains(&state).then(|| test.person(VOLUNTEER)))
    .bind(["verified", "closed"].contains(&state).then(|| test.person(GRID_WORKER)))
    .bind(filed)
    .bind(due)
    .bind(owner_due)
    .bind(life.last().expect("filed").0)
    .bind(over)
    .bind(happened("verify_fail"))
    .bind(happened("return"))
    .bind(closed.filter(|_| dice.percent(50)).map(|_| 1 + i64::try_from(dice.below(5)).expect("small")))
    .bind(i64::try_from(life.len()).expect("few"))
    .execute(&mut **tx)
    .await
    .expect("a report");
    for (seq, (at, action, from, to)) in (1_i64..).zip(&life) {
        sqlx::query(
            "INSERT INTO report_event (id, report_id, seq, at, actor_kind, action, from_state, to_state) \
             VALUES ($1, $2, $3, $4, 'system', $5, $6, $7)",
        )
        .bind(format!("{id}-{seq}"))
        .bind(&id)
        .bind(seq)
        .bind(*at)
        .bind(*action)
        .bind(*from)
        .bind(*to)
        .execute(&mut **tx)
        .await
        .expect("an event");
    }
    if owned && dice.percent(20) {
        let decision = *dice.one_of(&["granted", "granted", "refused"]);
        sqlx::query(
            "INSERT INTO report_extension (id, report_id, level, asked_by, asked_at, hours, reason, decision) \
             VALUES ($1, $1, 1, $2, $3, 4, 'x', $4)",
        )
        .bind(&id)
        .bind(test.person(VOLUNTEER))
        .bind(filed)
        .bind(decision)
        .execute(&mut **tx)
        .await
        .expect("an extension");
    }
}

/// Reports over four communities of two streets and a hundred days.
pub async fn generate(test: &TestApp, count: usize) {
    let now = test.app.clock.now().as_microsecond();
    let mut dice = Dice(20_261_125);
    let mut tx = test.app.db.begin().await.expect("begin");
    for n in 0..count {
        let community = *dice.one_of(&COMMUNITIES);
        let grid = dice.percent(90).then(|| format!("{community}-g{}", 1 + dice.below(4)));
        let category = *dice.one_of(&CATEGORIES);
        let spot = Spot { community, grid, category };
        let filed = now - i64::try_from(1 + dice.below(100 * 24 * 60)).expect("small") * 60_000_000;
        write(test, &mut tx, n, &spot, &mut dice, filed).await;
    }
    tx.commit().await.expect("commit");
}

/// Many more reports of one spot within the last days.
pub async fn storm(test: &TestApp, first: usize, count: usize, spot: &Spot<'_>, days: i64) {
    let now = test.app.clock.now().as_microsecond();
    let mut dice = Dice(7);
    let mut tx = test.app.db.begin().await.expect("begin");
    for n in 0..count {
        let minutes = u64::try_from(days * 24 * 60).expect("positive");
        let filed = now - i64::try_from(1 + dice.below(minutes)).expect("small") * 60_000_000;
        write(test, &mut tx, first + n, spot, &mut dice, filed).await;
    }
    tx.commit().await.expect("commit");
}

/// A report as its events tell it.
#[derive(Clone, Debug)]
pub struct Told {
    pub code: String,
    /// Path of the community.
    pub path: String,
    pub grid: String,
    pub category: String,
    pub filed: i64,
    pub deadline: Option<i64>,
    pub state: String,
    pub closed: Option<i64>,
    pub reworks: i64,
    pub returns: i64,
    pub extended: bool,
    pub stars: Option<i64>,
}

/// A row of a report without anything that events tell.
type Fact = (String, String, String, Option<String>, String, Option<i64>, Option<i64>);

/// Tells all reports again from their events.
pub async fn told(test: &TestApp) -> Vec<Told> {
    let db = test.app.db.read();
    let facts: Vec<Fact> = sqlx::query_as(
        "SELECT r.id, r.code, m.path, (SELECT g.code FROM organisation g WHERE g.id = r.grid_id), r.category, \
         COALESCE(r.owner_due_at, r.due_at), r.stars FROM report r JOIN organisation m ON m.id = r.community_id",
    )
    .fetch_all(db)
    .await
    .expect("reports");
    let events: Vec<(String, i64, String, String)> =
        sqlx::query_as("SELECT report_id, at, action, to_state FROM report_event ORDER BY report_id, seq")
            .fetch_all(db)
            .await
            .expect("events");
    let granted: Vec<(String,)> = sqlx::query_as("SELECT report_id FROM report_extension WHERE decision = 'granted'")
        .fetch_all(db)
        .await
        .expect("extensions");
    let mut lives: BTreeMap<String, Vec<(i64, String, String)>> = BTreeMap::new();
    for (id, at, action, to) in events {
        lives.entry(id).or_default().push((at, action, to));
    }
    facts
        .into_iter()
        .map(|(id, code, path, grid, category, deadline, stars)| {
            let life = &lives[&id];
            let (last, _, state) = life.last().expect("filed").clone();
            let times = |wanted: &str| {
                i64::try_from(life.iter().filter(|(_, action, _)| action == wanted).count()).expect("few")
            };
            Told {
                filed: life[0].0,
                closed: (state == "closed").then_some(last),
                reworks: times("verify_fail"),
                returns: times("return"),
                extended: granted.iter().any(|(report,)| *report == id),
                grid: grid.unwrap_or_default(),
                state,
                code,
                path,
                category,
                deadline,
                stars,
            }
        })
        .collect()
}

/// What was counted of a period, in the order of the district's definitions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    pub filed: i64,
    pub due: i64,
    pub closed: i64,
    pub on_time: i64,
    pub suspended: i64,
    pub overdue: i64,
    pub reworked: i64,
    pub extended: i64,
    pub returned: i64,
    pub rated: i64,
    pub satisfied: i64,
    pub median: Option<f64>,
}

/// Counts reports of a period by hand.
pub fn count<'a>(all: impl IntoIterator<Item = &'a Told>, from: i64, to: i64, now: i64) -> Sums {
    let end = to.min(now);
    let mut sums = Sums::default();
    let mut took = Vec::new();
    for one in all {
        sums.filed += i64::from(one.filed >= from && one.filed < to);
        if ["rejected", "withdrawn", "merged"].contains(&one.state.as_str()) {
            continue;
        }
        let Some(deadline) = one.deadline else { continue };
        if deadline >= end || (deadline < from && one.closed.is_some_and(|at| at < from)) {
            continue;
        }
        sums.due += 1;
        sums.extended += i64::from(one.extended);
        sums.returned += i64::from(one.returns > 0);
        match one.closed {
            Some(at) if at < end => {
                sums.closed += 1;
                sums.on_time += i64::from(at <= deadline);
                sums.reworked += i64::from(one.reworks > 0);
                sums.rated += i64::from(one.stars.is_some());
                sums.satisfied += i64::from(one.stars.is_some_and(|stars| stars > 3));
                took.push((at - one.filed + 180_000_000) / 360_000_000);
            }
            None if one.state == "suspended" => sums.suspended += 1,
            _ => sums.overdue += 1,
        }
    }
    took.sort_unstable();
    if let Some(last) = took.len().checked_sub(1) {
        sums.median = Some((took[last / 2] + took[took.len() / 2]) as f64 / 20.0);
    }
    sums
}

/// Open now, due in what is left of today, overdue.
pub fn now_open<'a>(all: impl IntoIterator<Item = &'a Told>, now: i64) -> (i64, i64, i64) {
    let midnight = (now + EAST).div_euclid(DAY) * DAY - EAST + DAY;
    let (mut open, mut today, mut late) = (0, 0, 0);
    for one in all {
        if ["closed", "rejected", "withdrawn", "merged"].contains(&one.state.as_str()) {
            continue;
        }
        open += 1;
        if ["handled", "verified", "asked", "suspended"].contains(&one.state.as_str()) {
            continue;
        }
        if let Some(deadline) = one.deadline {
            late += i64::from(deadline < now);
            today += i64::from(deadline >= now && deadline < midnight);
        }
    }
    (open, today, late)
}

/// The beginning of a day in Shanghai, in microseconds.
pub fn midnight(day: &str) -> i64 {
    let at: jiff::Timestamp = format!("{day}T00:00:00+08:00").parse().expect("a day");
    at.as_microsecond()
}

/// Those of a place and below.
pub fn under<'a>(test: &TestApp, all: &'a [Told], code: &str) -> Vec<&'a Told> {
    let path = &test.loaded.organisations[code].1;
    all.iter().filter(|one| one.path.starts_with(path.as_str()) || one.grid == code).collect()
}

//! Partners with agreements and tasks, teams with members and trainings, and service hours in every state, written as the room's
//! own store writes them. `screens/partners.rs` counts the rows.

use super::{
    calendar::{DAY, HOUR, date},
    walk::Dice,
    world::World,
    write::{insert, maybe, number, rows, text},
};
use crate::support::TestApp;

/// Residents who are in teams and have hours.
pub const PEOPLE: usize = 6;

/// Id of the nth row of a kind.
fn id(kind: u8, n: usize) -> String {
    format!("00000000-0000-7000-80{kind:02}-{n:012}")
}

/// So many partners and teams in each of the two communities that have staff, and in one that has none.
pub async fn generate(test: &TestApp, world: &World, each: usize) {
    let mut dice = Dice::new(0x3c79_ac49_2ba7_b653);
    let communities: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM organisation WHERE code IN ('wutong', 'xingwu', 'm1') ORDER BY code")
            .fetch_all(test.app.db.read())
            .await
            .expect("communities");
    let of = |n: usize| communities[n % communities.len()].0.as_str();
    let (count, by, now) = (each * communities.len(), world.verifiers[0].as_str(), world.now.to_string());
    let all = (0..count).map(|n| {
        let name = text(&format!("河东小学{n}"));
        [text(&id(91, n)), text(of(n)), name, text("school"), text(&id(91, n)), text(by), now.clone()]
    });
    insert(test, "partner (id, community_id, name, kind, form_key, created_by, created_at)", rows(all)).await;
    agreements(test, world, count, &mut dice).await;
    let all = (0..count).map(|n| {
        let state = text(if n % 5 == 4 { "closed" } else { "open" });
        [
            text(&id(92, n)),
            text(of(n)),
            text(&format!("巡夜队{n}")),
            text("看路灯"),
            state,
            text(&id(92, n)),
            text(by),
            now.clone(),
        ]
    });
    let columns = "volunteer_team (id, community_id, name, purpose, state, form_key, created_by, created_at)";
    insert(test, columns, rows(all)).await;
    members(test, world, count, &mut dice).await;
    hours(test, world, (count, &of), &mut dice).await;
}

async fn agreements(test: &TestApp, world: &World, partners: usize, dice: &mut Dice) {
    let (by, now) = (world.verifiers[0].as_str(), world.now.to_string());
    let day = |ahead: i64| date(world.now + ahead * DAY);
    let (mut all, mut tasks) = (Vec::new(), Vec::new());
    for n in 0..partners * 2 {
        let (from, until) = *dice.pick(&[(-200, 20), (-100, 30), (-300, 31), (-200, -1), (3, 36), (-90, 0)]);
        let ended = dice.below(6) == 0;
        all.push([
            text(&id(93, n)),
            text(&id(91, n / 2)),
            text("护学岗"),
            text(&day(from)),
            text(&day(until)),
            maybe(ended.then(|| day(-5)).as_deref()),
            text(if ended { "不再合作" } else { "" }),
            maybe(ended.then_some(by)),
            text(&id(93, n)),
            text(by),
            now.clone(),
        ]);
        for _ in 0..dice.below(6) {
            let nth = tasks.len();
            // Ending one drops what is open.
            let state = *dice.pick(if ended { &["done", "dropped"] } else { &["open", "open", "done", "dropped"] });
            let settled = state != "open";
            let whose = *dice.pick(&["community", "partner", "both"]);
            tasks.push([
                text(&id(94, nth)),
                text(&id(93, n)),
                text("开一次课"),
                text(whose),
                text(&day(dice.below(40) - 20)),
                text(state),
                text(if settled { "办过了" } else { "" }),
                maybe(settled.then_some(by)),
                number(settled.then_some(world.now - DAY)),
                text(&id(94, nth)),
                text(by),
                now.clone(),
            ]);
        }
    }
    let columns = "partner_agreement (id, partner_id, title, from_day, until_day, ended_day, ended_reason, ended_by, form_key, \
                   created_by, created_at)";
    insert(test, columns, rows(all)).await;
    let columns = "partner_task (id, agreement_id, title, whose, due_day, state, note, settled_by, settled_at, form_key, \
                   created_by, created_at)";
    insert(test, columns, rows(tasks)).await;
}

async fn members(test: &TestApp, world: &World, teams: usize, dice: &mut Dice) {
    let people: Vec<&str> = test.loaded.residents.iter().take(PEOPLE).map(|phone| test.person(phone)).collect();
    let (by, now) = (world.verifiers[0].as_str(), world.now.to_string());
    let grid = text(&world.places[0].grid);
    let (mut all, mut grids, mut trainings, mut attended) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for team in 0..teams {
        for person in &people {
            let state = *dice.pick(&["asked", "active", "active", "declined", "left", "ended", "none"]);
            if state == "none" {
                continue;
            }
            let (nth, since) =
                (all.len(), matches!(state, "active" | "left" | "ended").then(|| date(world.now - 9 * DAY)));
            let asked = world.now - 10 * DAY - dice.below(DAY);
            all.push([
                text(&id(95, nth)),
                text(&id(92, team)),
                text(person),
                text(state),
                asked.to_string(),
                asked.to_string(),
                maybe((state != "asked").then_some(by)),
                maybe(since.as_deref()),
            ]);
            // Asked for, or there already.
            if dice.below(3) == 0 {
                let granted = if state == "asked" { 0 } else { dice.below(3) };
                grids.push([text(&id(95, nth)), grid.clone(), granted.to_string()]);
            }
        }
        for _ in 0..dice.below(4) {
            let nth = trainings.len();
            let removed = number((dice.below(4) == 0).then_some(world.now - HOUR));
            let minutes = (30 + dice.below(5) * 15).to_string();
            let day = text(&date(world.now - dice.below(60) * DAY));
            trainings.push([
                text(&id(98, nth)),
                text(&id(92, team)),
                day,
                text("急救"),
                minutes,
                text(&id(98, nth)),
                text(by),
                now.clone(),
                removed,
            ]);
            let there = people.iter().filter(|_| dice.below(2) == 0).collect::<Vec<_>>();
            attended.extend(there.into_iter().map(|person| [text(&id(98, nth)), text(person)]));
        }
    }
    let columns = "team_member (id, team_id, person_id, state, consent_at, asked_at, decided_by, since_day)";
    insert(test, columns, rows(all)).await;
    insert(test, "team_member_grid (member_id, grid_id, granted)", rows(grids)).await;
    let columns = "team_training (id, team_id, day, topic, minutes, form_key, created_by, created_at, removed_at)";
    insert(test, columns, rows(trainings)).await;
    insert(test, "training_attendance (training_id, person_id)", rows(attended)).await;
}

async fn hours<'a>(test: &TestApp, world: &World, (teams, of): (usize, &impl Fn(usize) -> &'a str), dice: &mut Dice) {
    let by = world.verifiers[0].as_str();
    let all = (0..teams * 12).map(|n| {
        let state = *dice.pick(&["proposed", "confirmed", "confirmed", "declined", "withdrawn", "taken_back"]);
        let person = test.person(&test.loaded.residents[n % PEOPLE]);
        let confirmed = matches!(state, "confirmed" | "taken_back");
        let ended = matches!(state, "declined" | "withdrawn" | "taken_back");
        let back = dice.below(300);
        let told = world.now - HOUR - back.min(60) * DAY;
        [
            text(&id(99, n)),
            text(of(n)),
            text(person),
            text(&date(world.now - back * DAY)),
            (15 + dice.below(20) * 15).to_string(),
            text("other"),
            text("看路灯"),
            text(state),
            told.to_string(),
            maybe(confirmed.then_some(by)),
            number(confirmed.then_some(told + HOUR / 2)),
            maybe(ended.then_some(by)),
            number(ended.then_some(world.now - HOUR / 4)),
            text(if ended { "记错了" } else { "" }),
            text(&id(99, n)),
        ]
    });
    let columns = "service_hour (id, community_id, person_id, day, minutes, source, words, state, proposed_at, confirmed_by, \
                   confirmed_at, ended_by, ended_at, reason, form_key)";
    insert(test, columns, rows(all.collect::<Vec<_>>())).await;
}

//! `/staff/matters`: the tabs, their counts and their lists, from the events of each matter.

use super::{DISTRICT, STAFF, STREET, items, numbers_of, page};
use crate::{
    month::{numbers::whole, recount::Recount, world::World},
    support::TestApp,
};
use std::collections::{BTreeMap, BTreeSet};

/// What happened: when, the step, state before and after, days.
type Event = (i64, String, String, String, i64);

/// A matter as its events tell it.
#[derive(Clone, Debug)]
pub struct Told {
    id: String,
    kind: String,
    way: String,
    /// Path of who sent it.
    from: String,
    /// Path of whom it was sent to.
    to: String,
    state: String,
    accept_due: Option<i64>,
    due: Option<i64>,
    stopped: Option<i64>,
}

/// What a matter has besides its events: id, kind, way, paths, limits.
type Fixed = (String, String, String, String, String, i64, i64);

/// Tells each matter again from its events.
pub async fn read(test: &TestApp, told: &Recount) -> Vec<Told> {
    let db = test.app.db.read();
    let fixed: Vec<Fixed> =
        sqlx::query_as("SELECT id, kind, way, from_path, to_path, accept_hours, days FROM matter ORDER BY id")
            .fetch_all(db)
            .await
            .expect("matters");
    let events: Vec<(String, i64, String, String, String, i64)> = sqlx::query_as(
        "SELECT matter_id, at, step, from_state, to_state, days FROM matter_event ORDER BY matter_id, seq",
    )
    .fetch_all(db)
    .await
    .expect("events");
    let mut lives: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for (id, at, step, from, to, days) in events {
        lives.entry(id).or_default().push((at, step, from, to, days));
    }
    let days = &told.days;
    let stands =
        |state: &str| matches!(state, "waiting" | "return_asked" | "withdraw_asked" | "extend_asked" | "answered");
    fixed
        .into_iter()
        .map(|(id, kind, way, from, to, accept_hours, limit)| {
            let life = &lives[&id];
            let sent = life[0].0;
            let mut one = Told {
                state: life[0].3.clone(),
                accept_due: days.due("working_hours", accept_hours, sent),
                due: days.due("working_days", limit, sent),
                stopped: None,
                id,
                kind,
                way,
                from,
                to,
            };
            for (at, step, before, after, granted) in &life[1..] {
                let over = is_over(after);
                if let Some(since) = one.stopped.filter(|_| !over && !stands(after)) {
                    let span = days.span("working_hours", since, *at);
                    let later = |due: Option<i64>| due.and_then(|due| days.later("working_hours", due, span));
                    one.due = later(one.due);
                    // Until somebody has taken it, the time for that waits as well.
                    if after == "sent" {
                        one.accept_due = later(one.accept_due);
                    }
                }
                if step == "grant_extend" {
                    one.due = one.due.and_then(|due| days.due("working_days", *granted, due));
                }
                one.stopped = match (stands(before), stands(after)) {
                    (false, true) => Some(*at),
                    (true, true) => one.stopped,
                    _ => None,
                };
                one.state.clone_from(after);
            }
            one
        })
        .collect()
}

fn is_over(state: &str) -> bool {
    matches!(state, "closed" | "returned" | "withdrawn" | "cancelled")
}

impl Told {
    /// Waits for a decision of those who act for this very organisation.
    pub fn waits_for(&self, path: &str) -> bool {
        match self.state.as_str() {
            "return_asked" | "extend_asked" | "answered" => self.from == path,
            "withdraw_asked" => self.to == path,
            _ => false,
        }
    }

    fn is_open(&self) -> bool {
        !is_over(&self.state)
    }

    /// Over its time: not taken or not answered by then; where the clocks stand still, when they stopped.
    fn is_late(&self, now: i64) -> bool {
        let at = self.stopped.unwrap_or(now);
        let late = |due: Option<i64>| due.is_some_and(|due| due < at);
        self.is_open()
            && self.state != "answered"
            && (late(self.due) || (self.state == "sent" && late(self.accept_due)))
    }

    /// Whether a tab of somebody who acts for an organisation, and reads what lies below, has it.
    fn is_in(&self, tab: &str, path: &str, now: i64) -> bool {
        let read = self.from.starts_with(path) || self.to.starts_with(path);
        read && match tab {
            "to" => self.to == path && self.is_open(),
            "from" => self.from == path && self.is_open(),
            "decide" => self.waits_for(path),
            "late" => self.is_late(now),
            "done" => !self.is_open(),
            _ => true,
        }
    }
}

/// Compares the tabs of a district, a street and a community.
pub async fn compare(test: &TestApp, world: &World, told: &Recount, matters: &[Told]) {
    for (phone, code) in [(DISTRICT, "lanxi"), (STREET, "tongyin"), (STAFF, "wutong")] {
        let path = told.spot(code).path.as_str();
        let mut browser = test.signed_in(phone).await;
        let filters = [("", "", ""), ("&kind=hard", "hard", ""), ("&way=down", "", "down")];
        for (filter, kind, way) in filters.into_iter().take(if code == "lanxi" { 3 } else { 1 }) {
            let of = |tab: &str| -> BTreeSet<&str> {
                let filtered = |one: &&Told| {
                    (kind.is_empty() || one.kind == kind)
                        && (way.is_empty() || one.way == way)
                        && one.is_in(tab, path, world.now)
                };
                matters.iter().filter(filtered).map(|one| one.id.as_str()).collect()
            };
            let text = page(&mut browser, &format!("/staff/matters?tab=all{filter}")).await;
            let said = numbers_of(&text, "/staff/matters", "tab");
            for tab in ["to", "from", "decide", "late"] {
                let count = said.get(tab).map(|(count, _)| *count);
                assert_eq!(count, Some(whole(of(tab).len())), "{tab}{filter} of {code}");
            }
            for tab in ["to", "from", "decide", "late", "done", "all"] {
                let listed = items(&mut browser, &format!("/api/v1/staff/matters?tab={tab}{filter}")).await;
                let ids: BTreeSet<&str> = listed.iter().map(|one| one["id"].as_str().expect("an id")).collect();
                assert_eq!(ids, of(tab), "{tab}{filter} of {code}");
                assert_eq!(ids.len(), listed.len(), "each once");
                for one in &listed {
                    let matter = matters.iter().find(|matter| Some(matter.id.as_str()) == one["id"].as_str());
                    let matter = matter.expect("known");
                    assert_eq!(one["late"].is_string(), matter.is_late(world.now), "{one}: {matter:?}");
                }
            }
        }
    }
}

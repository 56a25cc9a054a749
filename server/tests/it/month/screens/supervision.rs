//! `/staff/supervision`: the register's tabs and lists, and the figures of addressees and months, from the events of each letter.

use super::{DISTRICT, STAFF, STREET, items, json, numbers_of, page};
use crate::{
    month::{calendar::date, numbers::whole, recount::Recount, world::World},
    support::{Browser, TestApp},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What happened: when, the step, the state after, the deadline.
type Event = (i64, String, String, Option<i64>);

/// A letter as its events tell it.
#[derive(Clone, Debug)]
pub struct Told {
    id: String,
    kind: String,
    /// Path of who issues it.
    pub issuer: String,
    addressee: String,
    /// Its state.
    pub state: String,
    /// When it was issued first.
    issued: Option<i64>,
    /// The deadline that holds.
    due: Option<i64>,
    /// Whether its first answer came by then.
    in_time: Option<bool>,
    returns: usize,
}

impl Told {
    fn is_overdue(&self, now: i64) -> bool {
        self.state == "issued" && self.due.is_some_and(|due| due < now)
    }

    fn is_in(&self, tab: &str, now: i64) -> bool {
        match tab {
            "all" => true,
            "open" => matches!(self.state.as_str(), "issued" | "answered"),
            "overdue" => self.is_overdue(now),
            state => self.state == state,
        }
    }
}

/// Tells each letter again from its events.
pub async fn read(test: &TestApp) -> Vec<Told> {
    let db = test.app.db.read();
    let fixed: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT id, kind, issuer_path, addressee_path FROM supervision_letter ORDER BY id")
            .fetch_all(db)
            .await
            .expect("letters");
    let events: Vec<(String, i64, String, String, Option<i64>)> =
        sqlx::query_as("SELECT letter_id, at, step, to_state, due_at FROM supervision_event ORDER BY letter_id, seq")
            .fetch_all(db)
            .await
            .expect("events");
    let mut lives: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for (id, at, step, to, due) in events {
        lives.entry(id).or_default().push((at, step, to, due));
    }
    fixed
        .into_iter()
        .map(|(id, kind, issuer, addressee)| {
            let mut one = Told {
                state: String::new(),
                issued: None,
                due: None,
                in_time: None,
                returns: 0,
                id,
                kind,
                issuer,
                addressee,
            };
            for (at, step, to, due) in &lives[&one.id] {
                match step.as_str() {
                    "issue" => one.issued = Some(*at),
                    "answer" if one.in_time.is_none() => one.in_time = Some(one.due >= Some(*at)),
                    "send_back" => one.returns += 1,
                    _ => {}
                }
                one.due = *due;
                one.state.clone_from(to);
            }
            one
        })
        .collect()
}

/// Figures of some letters, by the names that the API gives them.
fn figures<'a>(letters: impl IntoIterator<Item = &'a Told>, now: i64) -> BTreeMap<&'static str, i64> {
    let all: Vec<&Told> = letters.into_iter().filter(|one| one.issued.is_some()).collect();
    let (gone, stands): (Vec<&Told>, Vec<&Told>) = all.into_iter().partition(|one| one.state == "withdrawn");
    let count = |which: &dyn Fn(&Told) -> bool| whole(stands.iter().filter(|one| which(one)).count());
    BTreeMap::from([
        ("issued", whole(stands.len())),
        ("answered_in_time", count(&|one| one.in_time == Some(true))),
        ("sent_back", count(&|one| one.returns > 0)),
        ("done", count(&|one| one.state == "done")),
        ("overdue", count(&|one| one.is_overdue(now))),
        ("withdrawn", whole(gone.len())),
    ])
}

fn same(what: &str, said: &Value, expected: &BTreeMap<&'static str, i64>) {
    for (name, count) in expected {
        assert_eq!(said[*name].as_i64(), Some(*count), "{name} of {what}: {said}");
    }
    // In hundredths of a percent, rounded down.
    let (issued, done) = (expected["issued"], expected["done"]);
    let rate = (issued > 0).then(|| done * 10_000 / issued);
    assert_eq!(said["done_rate"].as_i64(), rate, "done rate of {what}: {said}");
}

/// Compares what the district, a street and a community see.
pub async fn compare(test: &TestApp, world: &World, told: &Recount, letters: &[Told]) {
    let states: BTreeSet<&str> = letters.iter().map(|one| one.state.as_str()).collect();
    assert!(states.len() > 2, "there are letters in several states: {states:?}");
    for (phone, code, orders) in [(DISTRICT, "lanxi", true), (STREET, "tongyin", true), (STAFF, "wutong", false)] {
        let path = told.spot(code).path.as_str();
        // What was issued to places below; and all that is written in the name of one's own.
        let seen: Vec<&Told> = letters
            .iter()
            .filter(|one| {
                let got = one.issued.is_some() && one.addressee.starts_with(path);
                got || (orders && one.issuer.starts_with(path))
            })
            .collect();
        let mut browser = test.signed_in(phone).await;
        register(&mut browser, world, told, (code, orders), &seen).await;
        statistics(&mut browser, world, code, &seen).await;
    }
}

/// The register's tabs and their lists, with and without filters.
async fn register(browser: &mut Browser, world: &World, told: &Recount, (code, orders): (&str, bool), seen: &[&Told]) {
    let filters = [("", "", ""), ("&kind=notice", "notice", ""), ("&addressee=tongyin&year=2026", "", "tongyin")];
    for (filter, kind, addressee) in filters.into_iter().take(if code == "lanxi" { 3 } else { 1 }) {
        let below = if addressee.is_empty() { "" } else { told.spot(addressee).path.as_str() };
        let of = |tab: &str| -> BTreeSet<&str> {
            let filtered = |one: &&&Told| {
                (kind.is_empty() || one.kind == kind)
                    && one.addressee.starts_with(below)
                    // A draft has no number yet, and none of a year.
                    && (below.is_empty() || one.issued.is_some())
                    && one.is_in(tab, world.now)
            };
            seen.iter().filter(filtered).map(|one| one.id.as_str()).collect()
        };
        let text = page(browser, &format!("/staff/supervision?state=all{filter}")).await;
        let said = numbers_of(&text, "/staff/supervision", "state");
        for tab in ["open", "overdue", "issued", "answered", "done", "draft", "withdrawn", "all"] {
            let expected = of(tab);
            if tab != "draft" || orders {
                let count = said.get(tab).map(|(count, _)| *count);
                assert_eq!(count, Some(whole(expected.len())), "{tab}{filter} of {code}");
            }
            let listed = items(browser, &format!("/api/v1/staff/supervision?state={tab}{filter}")).await;
            let ids: BTreeSet<&str> = listed.iter().map(|one| one["id"].as_str().expect("an id")).collect();
            assert_eq!(ids, expected, "{tab}{filter} of {code}");
            assert_eq!(ids.len(), listed.len(), "each once");
        }
    }
}

/// The figures of each addressee and month, and the page's sentence.
async fn statistics(browser: &mut Browser, world: &World, code: &str, seen: &[&Told]) {
    let now = world.now;
    let all = figures(seen.iter().copied(), now);
    // All were issued within the year.
    for query in ["", "?year=2026"] {
        let said = json(browser, &format!("/api/v1/staff/supervision/statistics{query}")).await;
        same(code, &said["all"], &all);
        let mut groups: BTreeMap<(&str, String), Vec<&Told>> = BTreeMap::new();
        for one in seen {
            if let Some(issued) = one.issued {
                groups.entry((one.addressee.as_str(), date(issued)[..7].to_owned())).or_default().push(one);
            }
        }
        let months = said["months"].as_array().expect("months");
        assert_eq!(months.len(), groups.len(), "{code}: {said}");
        for month in months {
            let text = |name: &str| month[name].as_str().expect("a text");
            let group = groups.get(&(text("addressee"), text("month").to_owned()));
            let group = group.unwrap_or_else(|| panic!("nothing of {month}"));
            same(&format!("{code}: {month}"), &month["figures"], &figures(group.iter().copied(), now));
        }
    }
    let text = page(browser, "/staff/supervision/statistics").await;
    let sentence = format!("发出 {} 份，办结 {} 份", all["issued"], all["done"]);
    assert!(seen.iter().all(|one| one.issued.is_none()) || text.contains(&sentence), "{sentence} of {code}");
}

//! `/staff/consultations` and `/consultations`: who has spoken, for what, on paper, what was struck; what is told to everybody.
//! From the voices and the decisions on doors.

use super::{DISTRICT, STAFF, STREET, items, json, lines, page, select, table, words};
use crate::{
    month::{numbers::whole, recount::Recount, world::World},
    support::{Browser, TestApp},
};
use scraper::Html;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rows on a page of the table.
const ROWS: usize = 20;

/// A voice: id, building, flat, places of options, words, channel.
type Voice = (String, String, String, Vec<i64>, String, String);

/// A question as its voices tell it.
struct Told {
    id: String,
    path: String,
    kind: String,
    per: String,
    state: String,
    asked: bool,
    opens: i64,
    closes: i64,
    options: usize,
    /// The oldest first.
    voices: Vec<Voice>,
    struck: BTreeSet<String>,
    decided: BTreeSet<(String, String)>,
}

impl Told {
    /// The state now: what is open ends by itself.
    fn now(&self, now: i64) -> &str {
        if self.state == "open" && self.closes <= now { "closed" } else { &self.state }
    }

    /// Voices that count.
    fn counting(&self) -> impl Iterator<Item = &Voice> {
        self.voices.iter().filter(|voice| !self.struck.contains(&voice.0))
    }

    fn count(&self, which: impl Fn(&Voice) -> bool) -> i64 {
        whole(self.counting().filter(|voice| which(voice)).count())
    }

    /// Voices for each option.
    fn chosen(&self) -> Vec<i64> {
        (0..whole(self.options)).map(|at| self.count(|voice| voice.3.contains(&at))).collect()
    }

    /// The numbers that everybody sees: none below ten voices; 1 and 2 are not told, and where each voice has one option, the
    /// smallest others with them until the gaps can be filled in more than one way.
    fn public(&self) -> Option<Vec<Option<i64>>> {
        let numbers = self.chosen();
        if self.count(|_| true) < 10 {
            return None;
        }
        let mut hidden: BTreeSet<usize> = (0..numbers.len()).filter(|at| matches!(numbers[*at], 1 | 2)).collect();
        // So many gaps, each at least 1, that sum up to so many: one way when the sum is the number of gaps, or for one gap.
        let one_way = |hidden: &BTreeSet<usize>| {
            let sum: i64 = hidden.iter().map(|at| numbers[*at]).sum();
            hidden.len() == 1 || sum == whole(hidden.len())
        };
        while self.kind != "multiple" && !hidden.is_empty() && one_way(&hidden) {
            let left = (0..numbers.len()).filter(|at| numbers[*at] > 0 && !hidden.contains(at));
            let Some(next) = left.min_by_key(|at| (numbers[*at], *at)) else { break };
            hidden.insert(next);
        }
        Some((0..numbers.len()).map(|at| (!hidden.contains(&at)).then_some(numbers[at])).collect())
    }

    /// Pairs of doors that look alike and on which nobody has decided.
    fn open_pairs(&self) -> i64 {
        let split = |flat: &str| {
            flat.split_once('-')
                .map_or((None, flat.to_owned()), |(unit, room)| (Some(unit.to_owned()), room.to_owned()))
        };
        let mut open = 0;
        for (nth, one) in self.voices.iter().enumerate() {
            for other in &self.voices[nth + 1..] {
                let ((unit, room), (unit2, room2)) = (split(&one.2), split(&other.2));
                let alike = one.1 == other.1 && room == room2 && (unit == unit2 || unit.is_none() != unit2.is_none());
                let counts = self.per == "household" || one.5 != other.5;
                open += i64::from(alike && counts && !self.decided.contains(&(one.0.clone(), other.0.clone())));
            }
        }
        open
    }
}

type Fixed = (String, String, String, String, String, Option<i64>, i64, i64, String);

async fn read(test: &TestApp) -> Vec<Told> {
    let db = test.app.db.read();
    let fixed: Vec<Fixed> = sqlx::query_as(
        "SELECT id, path, kind, voice, state, asked_at, opens_at, closes_at, options FROM consultation ORDER BY id",
    )
    .fetch_all(db)
    .await
    .expect("consultations");
    let voices: Vec<(String, String, String, String, String, String, String)> = sqlx::query_as(
        "SELECT consultation_id, id, COALESCE(building_id, ''), flat, choices, comment, channel FROM consultation_voice \
         ORDER BY first_at, id",
    )
    .fetch_all(db)
    .await
    .expect("voices");
    let pairs: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT consultation_id, first_id, second_id, COALESCE(struck_id, '') FROM consultation_pair")
            .fetch_all(db)
            .await
            .expect("pairs");
    let mut all: BTreeMap<String, Told> = fixed
        .into_iter()
        .map(|(id, path, kind, per, state, asked, opens, closes, options)| {
            let options = serde_json::from_str::<Vec<Value>>(&options).expect("JSON").len();
            let (voices, struck, decided) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
            let asked = asked.is_some();
            (id.clone(), Told { id, path, kind, per, state, asked, opens, closes, options, voices, struck, decided })
        })
        .collect();
    for (of, id, building, flat, choices, comment, channel) in voices {
        let choices = serde_json::from_str(&choices).expect("JSON");
        all.get_mut(&of).expect("asked").voices.push((id, building, flat, choices, comment, channel));
    }
    for (of, first, second, struck) in pairs {
        let one = all.get_mut(&of).expect("asked");
        one.struck.extend(Some(struck).filter(|struck| !struck.is_empty()));
        one.decided.insert((first, second));
    }
    all.into_values().collect()
}

/// Compares what the district, a street and a community see, and everybody.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let all = read(test).await;
    assert!(all.iter().any(|one| !one.struck.is_empty()), "something was struck");
    assert!(all.iter().any(|one| one.public().is_some_and(|cells| cells.contains(&None))), "something is not told");
    for (phone, code) in [(DISTRICT, "lanxi"), (STREET, "tongyin"), (STAFF, "wutong")] {
        let path = told.spot(code).path.as_str();
        let mut browser = test.signed_in(phone).await;
        let own: Vec<&Told> = all.iter().filter(|one| one.path.starts_with(path)).collect();
        let said = items(&mut browser, "/api/v1/staff/consultations").await;
        assert_eq!(said.len(), own.len(), "{code}");
        for state in ["", "draft", "open", "closed", "weighing", "answered", "withdrawn"] {
            let of: Vec<&Told> =
                own.iter().copied().filter(|one| state.is_empty() || one.now(world.now) == state).collect();
            listed(&mut browser, state, &of).await;
        }
        for one in own {
            desk(&mut browser, world, told, one).await;
        }
    }
    public(test, world, told, &all).await;
}

/// The table of a state, page after page: how many have spoken.
async fn listed(browser: &mut Browser, state: &str, expected: &[&Told]) {
    let mut said = BTreeMap::new();
    for number in 1..=expected.len().div_ceil(ROWS).max(1) {
        let address = format!("/staff/consultations?state={state}&page={number}");
        let text = page(browser, &address).await;
        let html = Html::parse_document(&text);
        let link = select("main table a[href]");
        let ids = html.select(&link).filter_map(|link| link.attr("href")?.rsplit('/').next());
        let counts = table(&text, "main table").into_iter().map(|row| row.last().expect("a cell").clone());
        said.extend(ids.map(str::to_owned).zip(counts));
    }
    let spoke = |one: &&Told| (one.id.clone(), one.count(|_| true).to_string());
    assert_eq!(said, expected.iter().map(spoke).collect::<BTreeMap<_, _>>(), "{state}");
}

/// One question as staff see it.
async fn desk(browser: &mut Browser, world: &World, told: &Recount, one: &Told) {
    let said = json(browser, &format!("/api/v1/staff/consultations/{}", one.id)).await;
    let number = |name: &str| said[name].as_i64().unwrap_or_else(|| panic!("{name}: {said}"));
    let (spoke, paper, struck) = (one.count(|_| true), one.count(|voice| voice.5 == "paper"), whole(one.struck.len()));
    assert_eq!((number("spoke"), number("paper"), number("struck")), (spoke, paper, struck), "{said}");
    assert_eq!(said["voices"], Value::from(one.chosen()), "{said}");
    assert_eq!(said["state"], one.now(world.now), "{said}");
    let weighing = one.state == "weighing";
    assert_eq!(said["open_pairs"].as_i64(), weighing.then(|| one.open_pairs()), "{said}");
    let households = told.households(&one.path);
    assert_eq!(number("households"), if one.asked { households } else { 0 }, "{said}");
    if !one.asked {
        return;
    }
    let text = page(browser, &format!("/staff/consultations/{}", one.id)).await;
    let html = Html::parse_document(&text);
    let facts: Vec<String> = html.select(&select(".summary dd")).map(words).collect();
    let share = (one.per == "household" && households > 0).then(|| format!(" （占 {}%）", spoke * 100 / households));
    let mut expected = vec![format!("{spoke}{}", share.unwrap_or_default()), paper.to_string()];
    expected.extend((struck > 0).then(|| struck.to_string()));
    assert!(facts.ends_with(&expected), "{expected:?} in {facts:?}");
    let bars: Vec<String> = html.select(&select(".chart-line .num")).map(words).collect();
    assert_eq!(bars, one.chosen().iter().map(i64::to_string).collect::<Vec<_>>());
    let said = html.select(&select(".consultation-comments li")).count();
    assert_eq!(whole(said), one.count(|voice| !voice.4.is_empty()).min(200), "comments of {}", one.id);
    assert!(!weighing || text.contains(&format!("{} 对可能重复的意见", one.open_pairs())), "pairs of {}", one.id);
}

/// What everybody sees: the list of a place, how many wait there for answers, and the numbers of what was answered.
async fn public(test: &TestApp, world: &World, told: &Recount, all: &[Told]) {
    let mut visitor = test.visitor();
    for code in ["wutong", "xingwu"] {
        let path = told.spot(code).path.as_str();
        let asked: Vec<&Told> =
            all.iter().filter(|one| one.asked && (one.path.starts_with(path) || path.starts_with(&one.path))).collect();
        let said = items(&mut visitor, &format!("/api/v1/consultations?place={code}")).await;
        let ids: BTreeSet<&str> = said.iter().map(|one| one["id"].as_str().expect("an id")).collect();
        assert_eq!(ids, asked.iter().map(|one| one.id.as_str()).collect(), "{code}");
        visitor.cookies.insert("linli_community".to_owned(), code.to_owned());
        let listed = lines(&page(&mut visitor, "/consultations").await, "/consultations/");
        assert_eq!(listed.len(), asked.len(), "{code}");
        let waits = |one: &&&Told| one.now(world.now) == "open" && one.opens <= world.now;
        let count = asked.iter().filter(waits).count();
        let text = page(&mut visitor, "/notices").await;
        assert_eq!(
            text.contains(&format!("{count} 件事正在征求您的意见")),
            count > 0,
            "{count} wait in {code}: {text}"
        );
    }
    for one in all.iter().filter(|one| one.state == "answered") {
        let said = json(&mut visitor, &format!("/api/v1/consultations/{}", one.id)).await;
        let spoke = one.count(|_| true);
        assert_eq!(said["outcome"]["spoke"].as_i64(), Some(spoke), "{said}");
        let cells = one.public();
        let numbers = said["outcome"]["options"]
            .as_array()
            .map(|cells| cells.iter().map(|cell| cell["voices"].as_i64()).collect());
        assert_eq!(numbers, cells, "{said}");
        let text = page(&mut visitor, &format!("/consultations/{}", one.id)).await;
        let unit = if one.per == "household" { "户" } else { "人" };
        assert!(text.contains(&format!("共有 {spoke} {unit}提交了意见")), "{text}");
        let rows: Vec<String> = table(&text, ".consultation-result table").iter().map(|row| row[1].clone()).collect();
        let cell = |cell: &Option<i64>| cell.map_or("不单列".to_owned(), |number| number.to_string());
        assert_eq!(rows, cells.unwrap_or_default().iter().map(cell).collect::<Vec<_>>(), "{}", one.id);
    }
}

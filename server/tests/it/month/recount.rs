//! The month counted again from the raw events alone: another way through the same rules (docs/report-figures.md), which knows
//! neither the product's clocks nor the columns of its rows.

use crate::support::TestApp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// 2026-01-01 00:00 in Shanghai.
const NEW_YEAR: i64 = 1_767_196_800_000_000;

/// Working time of 2026 as a sum: how much there has been before each day.
struct Days {
    working: Vec<bool>,
    before: Vec<i64>,
}

/// 8:30 to 17:30.
const OPENS: i64 = 8 * HOUR + HOUR / 2;
const CLOSES: i64 = 17 * HOUR + HOUR / 2;

impl Days {
    fn read(calendar: &serde_json::Value) -> Days {
        let dates = |name: &str| -> BTreeSet<String> {
            let all = calendar[name].as_array().expect("days");
            all.iter().map(|day| day["date"].as_str().expect("a date").to_owned()).collect()
        };
        let (off, work) = (dates("off"), dates("work"));
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut days = Days { working: Vec::new(), before: vec![0] };
        for (month, length) in lengths.iter().enumerate() {
            for day in 1..=*length {
                let date = format!("2026-{:02}-{day:02}", month + 1);
                // The first of January 2026 is a Thursday.
                let weekend = matches!((days.working.len() + 3) % 7, 5 | 6);
                let works = work.contains(&date) || (!weekend && !off.contains(&date));
                days.working.push(works);
                let sum = days.before.last().expect("begun") + if works { CLOSES - OPENS } else { 0 };
                days.before.push(sum);
            }
        }
        days
    }

    /// The working time of the year until `at`.
    fn until(&self, at: i64) -> i64 {
        let day = usize::try_from((at - NEW_YEAR) / DAY).expect("this year");
        let clock = (at - NEW_YEAR) % DAY;
        self.before[day] + if self.working[day] { (clock - OPENS).clamp(0, CLOSES - OPENS) } else { 0 }
    }

    /// The first instant at which there has been so much; `None`: not this year.
    fn at(&self, sum: i64) -> Option<i64> {
        let day = self.before.partition_point(|before| *before < sum) - 1;
        (day < self.working.len())
            .then(|| NEW_YEAR + i64::try_from(day).expect("small") * DAY + OPENS + sum - self.before[day])
    }

    fn later(&self, kind: &str, at: i64, by: i64) -> Option<i64> {
        if kind == "urgent" || by == 0 { Some(at + by) } else { self.at(self.until(at) + by) }
    }

    fn span(&self, kind: &str, from: i64, to: i64) -> i64 {
        if kind == "urgent" { to - from } else { self.until(to) - self.until(from) }
    }

    fn due(&self, kind: &str, amount: i64, from: i64) -> Option<i64> {
        if kind != "working_days" {
            return self.later(kind, from, amount * HOUR);
        }
        let first = usize::try_from((from - NEW_YEAR) / DAY).expect("this year") + 1;
        let mut working = (first..self.working.len()).filter(|day| self.working[*day]);
        let day = working.nth(usize::try_from(amount - 1).expect("small"))?;
        Some(NEW_YEAR + i64::try_from(day).expect("small") * DAY + CLOSES)
    }
}

/// What became of one report.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its code.
    pub code: String,
    /// Where.
    pub path: String,
    /// Kind and group of kinds.
    pub category: String,
    /// Code of the group.
    pub major: String,
    /// How it came in.
    pub channel: String,
    /// When it was filed.
    pub filed: i64,
    /// Its state now.
    pub state: String,
    /// Since when it is over.
    pub over: Option<i64>,
    /// Its deadline.
    pub deadline: Option<i64>,
    /// Failed verifications.
    pub reworks: usize,
    /// Times that it was handed back.
    pub returns: usize,
    /// An extension was granted.
    pub extended: bool,
    /// An extension waits for this level.
    pub waits: Option<i64>,
    /// Stars.
    pub stars: Option<i64>,
    /// Somebody owns it.
    pub owned: bool,
}

/// The figures of docs/report-figures.md by their codes, and the median.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// By code.
    pub counts: BTreeMap<&'static str, i64>,
    /// Hours.
    pub median: Option<f64>,
}

/// All reports.
pub struct Recount {
    /// Each.
    pub reports: Vec<Told>,
}

#[derive(sqlx::FromRow)]
struct Fixed {
    id: String,
    code: String,
    path: String,
    category: String,
    major: String,
    channel: String,
    limit_kind: String,
    limit_amount: i64,
}

#[derive(sqlx::FromRow)]
struct Event {
    report_id: String,
    at: i64,
    action: String,
    from_state: String,
    to_state: String,
    public_text: String,
}

/// Reads the events and tells each report's story from them.
pub async fn read(test: &TestApp) -> Recount {
    let (calendar,): (String,) = sqlx::query_as("SELECT content FROM calendar_year WHERE year = 2026")
        .fetch_optional(test.app.db.read())
        .await
        .expect("asked")
        .unwrap_or_else(|| (include_str!("../../../data/holidays/2026.json").to_owned(),));
    let days = Days::read(&serde_json::from_str(&calendar).expect("JSON"));
    let fixed: Vec<Fixed> = sqlx::query_as(
        "SELECT r.id, r.code, r.path, r.category, c.major, r.channel, c.limit_kind, c.limit_amount FROM report r \
         JOIN category c ON c.code = r.category ORDER BY r.id",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("reports");
    let events: Vec<Event> = sqlx::query_as(
        "SELECT report_id, at, action, from_state, to_state, public_text FROM report_event ORDER BY report_id, seq",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("events");
    let granted: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT report_id, decided_at, hours FROM report_extension WHERE decision = 'granted' AND decided_at IS NOT NULL",
    )
    .fetch_all(test.app.db.read())
    .await
    .expect("extensions");
    let granted: HashMap<(String, i64), i64> =
        granted.into_iter().map(|(report, at, hours)| ((report, at), hours)).collect();
    let mut of: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in &events {
        of.entry(&event.report_id).or_default().push(event);
    }
    let reports = fixed.iter().map(|fixed| tell(fixed, &of[fixed.id.as_str()], &days, &granted)).collect();
    Recount { reports }
}

fn tell(fixed: &Fixed, events: &[&Event], days: &Days, granted: &HashMap<(String, i64), i64>) -> Told {
    let kind = fixed.limit_kind.as_str();
    let limit = |at: i64| days.due(kind, fixed.limit_amount, at);
    let later = |at: Option<i64>, by: i64| at.and_then(|at| days.later(kind, at, by));
    let filed = events[0];
    let mut due = limit(filed.at);
    let mut owner_due = if filed.to_state == "handled" { due } else { None };
    let mut kept = None;
    let still = |state: &str| matches!(state, "asked" | "suspended" | "closed");
    let looked_at = |state: &str| matches!(state, "handled" | "verified");
    let (mut still_since, mut done_since) = (0, filed.at);
    let mut told = Told {
        code: fixed.code.clone(),
        path: fixed.path.clone(),
        category: fixed.category.clone(),
        major: fixed.major.clone(),
        channel: fixed.channel.clone(),
        filed: filed.at,
        state: filed.to_state.clone(),
        over: None,
        deadline: None,
        reworks: 0,
        returns: 0,
        extended: false,
        waits: None,
        stars: None,
        owned: looked_at(&filed.to_state),
    };
    let mut asked = 0;
    for event in &events[1..] {
        let (from, to, at) = (event.from_state.as_str(), event.to_state.as_str(), event.at);
        if still(from) && !still(to) {
            let span = days.span(kind, still_since, at);
            (due, owner_due) = (later(due, span), later(owner_due, span));
        }
        if looked_at(from) && !looked_at(to) {
            owner_due = later(owner_due, days.span(kind, done_since, at));
        }
        match event.action.as_str() {
            "dispatch" => owner_due = limit(at),
            "return" => (kept, owner_due, told.returns, told.waits) = (owner_due, None, told.returns + 1, None),
            "send_back" => owner_due = kept,
            "uphold" => owner_due = None,
            "reopen" => (owner_due, told.stars) = (None, None),
            "verify_fail" => told.reworks += 1,
            "extend_ask" => (asked, told.waits) = (asked + 1, Some(asked + 1)),
            "extend_grant" | "extend_grant_above" => {
                let by = granted[&(fixed.id.clone(), at)] * HOUR;
                (due, owner_due) = (later(due, by), later(owner_due, by));
                (told.extended, told.waits) = (true, None);
            }
            "extend_refuse" | "extend_refuse_above" | "finish" | "suspend" => told.waits = None,
            "rate" => told.stars = event.public_text.parse().ok(),
            _ => {}
        }
        if !still(from) && still(to) {
            still_since = at;
        }
        if !looked_at(from) && looked_at(to) {
            done_since = at;
        }
        if from != to {
            told.over = matches!(to, "closed" | "rejected" | "withdrawn" | "merged").then_some(at);
        }
        told.state = to.to_owned();
    }
    told.owned =
        matches!(told.state.as_str(), "dispatched" | "in_progress" | "suspended" | "handled" | "verified" | "closed");
    told.deadline = owner_due.or(due);
    told
}

impl Told {
    fn is_due(&self, (from, to): (i64, i64)) -> bool {
        let counts = !matches!(self.state.as_str(), "rejected" | "withdrawn" | "merged");
        let closed_before = self.state == "closed" && self.over < Some(from);
        counts && self.deadline.is_some_and(|deadline| deadline < to && (deadline >= from || !closed_before))
    }

    /// Open, whoever has it.
    pub fn is_open(&self) -> bool {
        !matches!(self.state.as_str(), "closed" | "rejected" | "withdrawn" | "merged")
    }

    /// Its clock runs.
    pub fn runs(&self) -> bool {
        self.is_open() && !matches!(self.state.as_str(), "handled" | "verified" | "asked" | "suspended")
    }
}

impl Recount {
    /// How many are due in a period under a path.
    pub fn due(&self, period: &(i64, i64), under: &str) -> usize {
        self.reports.iter().filter(|told| told.path.starts_with(under) && told.is_due(*period)).count()
    }

    /// The figures of those that `which` takes.
    pub fn numbers(&self, (from, to): (i64, i64), which: impl Fn(&Told) -> bool) -> Numbers {
        let all: Vec<&Told> = self.reports.iter().filter(|told| which(told)).collect();
        let due: Vec<&&Told> = all.iter().filter(|told| told.is_due((from, to))).collect();
        let is_closed = |told: &Told| told.state == "closed" && told.over.is_some_and(|at| at < to);
        let closed: Vec<&&&Told> = due.iter().filter(|told| is_closed(told)).collect();
        let stands = |told: &Told| matches!(told.state.as_str(), "suspended" | "asked");
        let count = |of: usize| i64::try_from(of).expect("small");
        let mut tenths: Vec<i64> = closed
            .iter()
            .map(|told| {
                let micros = told.over.expect("closed") - told.filed;
                (micros + HOUR / 20) / (HOUR / 10)
            })
            .collect();
        tenths.sort_unstable();
        let median =
            (!tenths.is_empty()).then(|| (tenths[(tenths.len() - 1) / 2] + tenths[tenths.len() / 2]) as f64 / 20.0);
        let counts = BTreeMap::from([
            ("filed", count(all.iter().filter(|told| (from..to).contains(&told.filed)).count())),
            ("due", count(due.len())),
            ("closed", count(closed.len())),
            ("on-time", count(closed.iter().filter(|told| told.over <= told.deadline).count())),
            ("suspended", count(due.iter().filter(|told| stands(told)).count())),
            ("overdue", count(due.iter().filter(|told| !is_closed(told) && !stands(told)).count())),
            ("reworked", count(closed.iter().filter(|told| told.reworks > 0).count())),
            ("extended", count(due.iter().filter(|told| told.extended).count())),
            ("returned", count(due.iter().filter(|told| told.returns > 0).count())),
            ("rated", count(closed.iter().filter(|told| told.stars.is_some()).count())),
            ("satisfied", count(closed.iter().filter(|told| told.stars >= Some(4)).count())),
        ]);
        Numbers { counts, median }
    }
}

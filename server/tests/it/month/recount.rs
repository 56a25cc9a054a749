//! The month told again from the raw events alone: another way through the same rules (docs/report-figures.md), which knows
//! neither the product's clocks nor the columns of its rows. What is counted of it: `numbers.rs`.

use super::calendar::{Days, HOUR, day};
use crate::support::TestApp;
use std::collections::{BTreeMap, HashMap};

/// What became of one report.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its code.
    pub code: String,
    /// Where.
    pub path: String,
    /// Code of its community.
    pub community: String,
    /// Code of its grid.
    pub grid: String,
    /// Id of its building.
    pub building: String,
    /// Code of its kind.
    pub category: String,
    /// How it came in.
    pub channel: String,
    /// When it was filed.
    pub filed: i64,
    /// Its state now.
    pub state: String,
    /// Since when it is over.
    pub over: Option<i64>,
    /// Its deadline: the owner's, else the reporter's.
    pub deadline: Option<i64>,
    /// By when whoever has it now is to act, as the desk sorts it: where nobody was sent yet and that is earlier, the time for
    /// sending somebody.
    pub urgent: Option<i64>,
    /// Failed verifications.
    pub reworks: usize,
    /// Times that it was handed back.
    pub returns: usize,
    /// Times that it was reopened.
    pub reopened: usize,
    /// An extension was granted.
    pub extended: bool,
    /// An extension waits for this level.
    pub waits: Option<i64>,
    /// Stars.
    pub stars: Option<i64>,
    /// Who owns it: id of the person.
    pub owner: Option<String>,
}

/// An organisation as it stands in the tree.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Spot {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Code.
    pub code: String,
    /// Path.
    pub path: String,
    /// Name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Households.
    pub households: i64,
}

impl Spot {
    /// Name in English; the Chinese one without one.
    pub fn english(&self) -> &str {
        if self.name_en.is_empty() { &self.name } else { &self.name_en }
    }
}

/// A category.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sort {
    code: String,
    /// Name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Name of its group.
    pub major_name: String,
    major: String,
    limit_kind: String,
    limit_amount: i64,
}

/// All reports, and what they are about.
pub struct Recount {
    /// Each.
    pub reports: Vec<Told>,
    /// The tree.
    pub spots: Vec<Spot>,
    /// Categories by code.
    pub sorts: BTreeMap<String, Sort>,
    /// Units by id of the person; empty: none.
    pub units: HashMap<String, String>,
    /// The calendar.
    pub days: Days,
}

#[derive(sqlx::FromRow)]
struct Fixed {
    id: String,
    code: String,
    path: String,
    community: String,
    grid: String,
    building: String,
    category: String,
    channel: String,
}

#[derive(sqlx::FromRow)]
struct Event {
    report_id: String,
    at: i64,
    actor: String,
    action: String,
    from_state: String,
    to_state: String,
    sent: String,
    public_text: String,
}

/// Reads the events and tells each report's story from them.
pub async fn read(test: &TestApp) -> Recount {
    let db = test.app.db.read();
    let days = Days::read(test).await;
    let fixed: Vec<Fixed> = sqlx::query_as(
        "SELECT r.id, r.code, r.path, c.code AS community, g.code AS grid, r.building_id AS building, r.category, r.channel \
         FROM report r JOIN organisation c ON c.id = r.community_id JOIN organisation g ON g.id = r.grid_id ORDER BY r.id",
    )
    .fetch_all(db)
    .await
    .expect("reports");
    let events: Vec<Event> = sqlx::query_as(
        "SELECT report_id, at, COALESCE(actor_id, '') AS actor, action, from_state, to_state, \
         COALESCE(to_person_id, '') AS sent, public_text FROM report_event ORDER BY report_id, seq",
    )
    .fetch_all(db)
    .await
    .expect("events");
    let granted: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT report_id, decided_at, hours FROM report_extension WHERE decision = 'granted' AND decided_at IS NOT NULL",
    )
    .fetch_all(db)
    .await
    .expect("extensions");
    let granted: HashMap<(String, i64), i64> =
        granted.into_iter().map(|(report, at, hours)| ((report, at), hours)).collect();
    let spots: Vec<Spot> =
        sqlx::query_as("SELECT id, kind, code, path, name, name_en, households FROM organisation ORDER BY path")
            .fetch_all(db)
            .await
            .expect("places");
    let sorts: Vec<Sort> =
        sqlx::query_as("SELECT code, name, name_en, major_name, major, limit_kind, limit_amount FROM category")
            .fetch_all(db)
            .await
            .expect("categories");
    let sorts: BTreeMap<String, Sort> = sorts.into_iter().map(|sort| (sort.code.clone(), sort)).collect();
    let sending: Vec<(String, i64)> =
        sqlx::query_as("SELECT major, hours FROM dispatch_limit").fetch_all(db).await.expect("limits");
    let sending: HashMap<String, i64> = sending.into_iter().collect();
    let units: Vec<(String, String)> =
        sqlx::query_as("SELECT id, unit FROM person").fetch_all(db).await.expect("people");
    let mut of: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in &events {
        of.entry(&event.report_id).or_default().push(event);
    }
    let reports = fixed
        .iter()
        .map(|fixed| {
            let sort = &sorts[&fixed.category];
            let hours = sending.get(&sort.major).or_else(|| sending.get("")).expect("a limit for sending");
            tell(fixed, &of[fixed.id.as_str()], (&days, sort, *hours), &granted)
        })
        .collect();
    Recount { reports, spots, sorts, units: units.into_iter().collect(), days }
}

fn tell(
    fixed: &Fixed,
    events: &[&Event],
    (days, sort, hours): (&Days, &Sort, i64),
    granted: &HashMap<(String, i64), i64>,
) -> Told {
    let kind = sort.limit_kind.as_str();
    let limit = |at: i64| days.due(kind, sort.limit_amount, at);
    let later = |at: Option<i64>, by: i64| at.and_then(|at| days.later(kind, at, by));
    let filed = events[0];
    let mut due = limit(filed.at);
    let mut owner_due = if filed.to_state == "handled" { due } else { None };
    let mut owner = if filed.to_state == "handled" { Some(filed.actor.clone()) } else { None };
    // What an owner has who loses a dispute.
    let mut kept = (None, None);
    let mut sent_by = filed.at + hours * HOUR;
    let still = |state: &str| matches!(state, "asked" | "suspended" | "closed");
    let looked_at = |state: &str| matches!(state, "handled" | "verified");
    let (mut still_since, mut done_since) = (0, filed.at);
    let mut told = Told {
        code: fixed.code.clone(),
        path: fixed.path.clone(),
        community: fixed.community.clone(),
        grid: fixed.grid.clone(),
        building: fixed.building.clone(),
        category: fixed.category.clone(),
        channel: fixed.channel.clone(),
        filed: filed.at,
        state: filed.to_state.clone(),
        over: None,
        deadline: None,
        urgent: None,
        reworks: 0,
        returns: 0,
        reopened: 0,
        extended: false,
        waits: None,
        stars: None,
        owner: None,
    };
    let mut asked = 0;
    for event in &events[1..] {
        let (from, to, at) = (event.from_state.as_str(), event.to_state.as_str(), event.at);
        if still(from) && !still(to) {
            let span = days.span(kind, still_since, at);
            (due, owner_due) = (later(due, span), later(owner_due, span));
            sent_by += at - still_since;
        }
        if looked_at(from) && !looked_at(to) {
            owner_due = later(owner_due, days.span(kind, done_since, at));
        }
        match event.action.as_str() {
            "dispatch" => (owner_due, owner) = (limit(at), Some(event.sent.clone())),
            "return" => {
                kept = (owner_due, owner);
                (owner_due, owner, told.returns, told.waits) = (None, None, told.returns + 1, None);
                sent_by = at + hours * HOUR;
            }
            "send_back" => (owner_due, owner) = kept.clone(),
            "uphold" => (owner_due, owner, sent_by) = (None, None, at + hours * HOUR),
            "reopen" => {
                (owner_due, owner, sent_by) = (None, None, at + hours * HOUR);
                (told.stars, told.reopened) = (None, told.reopened + 1);
            }
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
    told.deadline = owner_due.or(due);
    told.urgent = match owner {
        None if due.is_none_or(|due| sent_by < due) => Some(sent_by),
        _ => told.deadline,
    };
    told.owner = owner;
    told
}

impl Told {
    /// Open, whoever has it.
    pub fn is_open(&self) -> bool {
        !matches!(self.state.as_str(), "closed" | "rejected" | "withdrawn" | "merged")
    }

    /// Its clock runs.
    fn runs(&self) -> bool {
        self.is_open() && !matches!(self.state.as_str(), "handled" | "verified" | "asked" | "suspended")
    }

    /// Over its time now.
    pub fn is_late(&self, now: i64) -> bool {
        self.runs() && self.urgent.is_some_and(|by| by < now)
    }

    /// To be done in what is left of today.
    pub fn is_of_today(&self, now: i64) -> bool {
        self.runs() && self.urgent.is_some_and(|by| by >= now && day(by) == day(now))
    }

    /// Handed back, and with nobody since.
    pub fn is_returned(&self) -> bool {
        self.state == "accepted" && self.returns > 0
    }

    /// Standing still now.
    pub fn stands(&self) -> bool {
        matches!(self.state.as_str(), "suspended" | "asked")
    }

    /// When it was closed, if it is.
    pub fn closed(&self) -> Option<i64> {
        self.over.filter(|_| self.state == "closed")
    }

    /// Counts for nothing but as filed.
    pub fn is_gone(&self) -> bool {
        matches!(self.state.as_str(), "rejected" | "withdrawn" | "merged")
    }

    /// Which week before now it was filed in; 0: the seven days that end today.
    pub fn week(&self, now: i64) -> usize {
        usize::try_from((day(now) - day(self.filed)) / 7).expect("before now")
    }
}

impl Recount {
    /// Organisations of a kind under a path.
    pub fn under<'a>(&'a self, path: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Spot> + 'a {
        self.spots.iter().filter(move |spot| spot.kind == kind && spot.path.starts_with(path))
    }

    /// The organisation with this code.
    pub fn spot(&self, code: &str) -> &Spot {
        self.spots.iter().find(|spot| spot.code == code).unwrap_or_else(|| panic!("there is no {code}"))
    }

    /// Households of the buildings under a path.
    pub fn households(&self, path: &str) -> i64 {
        self.under(path, "building").map(|building| building.households).sum()
    }

    /// The parts of an organisation: streets, communities, grids.
    pub fn parts_of(&self, spot: &Spot) -> Vec<&Spot> {
        let kind = match spot.kind.as_str() {
            "district" => "subdistrict",
            "subdistrict" => "community",
            _ => "grid",
        };
        self.spots.iter().filter(|part| part.kind == kind && part.path.starts_with(&spot.path)).collect()
    }

    /// Reports under a path.
    pub fn reports_of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Told> + 'a {
        self.reports.iter().filter(move |told| told.path.starts_with(path))
    }
}

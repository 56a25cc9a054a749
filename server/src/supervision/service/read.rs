//! What readers are shown: the register's choices, figures, what waits.

use super::scope;
use crate::{
    http::{Ctx, Error},
    places::{self, OrganisationKind},
    supervision::store::list::{self, Asked},
};
use app::{
    people::Action,
    places::Waiting,
    supervision::{
        State,
        figures::{Figures, table},
        letter::Kind,
    },
};
use std::collections::BTreeMap;

/// The tabs of the register.
pub const TABS: [&str; 8] = ["open", "overdue", "issued", "answered", "done", "draft", "withdrawn", "all"];

/// What the register is asked for in words of the address; what is none of them is 422 for the API and left out by pages.
pub async fn asked(ctx: &Ctx, tab: &str, kind: &str, addressee: &str, year: &str) -> Result<Option<Asked>, Error> {
    let mut asked = Asked { tab: if tab.is_empty() { "open" } else { tab }.to_owned(), ..Asked::default() };
    if !TABS.contains(&asked.tab.as_str()) {
        return Ok(None);
    }
    if !kind.is_empty() {
        let Some(kind) = Kind::from_code(kind) else { return Ok(None) };
        asked.kind = kind.code().to_owned();
    }
    if !addressee.is_empty() {
        if addressee.contains('\0') {
            return Ok(None);
        }
        let place = places::store::by_code(&ctx.app.db, addressee).await?;
        let Some(place) = place.filter(|place| place.kind != OrganisationKind::Building.code()) else {
            return Ok(None);
        };
        asked.addressee = place.path;
    }
    if !year.is_empty() {
        let Some(year) = year.parse().ok().filter(|year| (2000..=2200).contains(year)) else { return Ok(None) };
        asked.year = Some(year);
    }
    Ok(Some(asked))
}

/// Figures of a year, or of all time: all together, by addressee (its path), by month, by both.
pub struct Statistics {
    /// All together.
    pub all: Figures,
    /// Of each addressee.
    pub addressees: BTreeMap<String, Figures>,
    /// Of each month.
    pub months: BTreeMap<String, Figures>,
    /// Of each addressee and month.
    pub both: BTreeMap<(String, String), Figures>,
}

/// The figures of what the reader sees.
pub async fn statistics(ctx: &Ctx, year: Option<i64>) -> Result<Statistics, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionRead)?;
    let rows = list::facts(&ctx.app.db, &scope(actor), year).await?;
    let both = table(rows.iter().map(|(_, path, facts)| (path.as_str(), *facts)), ctx.now.as_microsecond());
    let mut sums = Statistics { all: Figures::default(), addressees: BTreeMap::new(), months: BTreeMap::new(), both };
    for ((addressee, month), figures) in &sums.both {
        sums.all = sums.all.plus(*figures);
        let of = sums.addressees.entry(addressee.clone()).or_default();
        *of = of.plus(*figures);
        let of = sums.months.entry(month.clone()).or_default();
        *of = of.plus(*figures);
    }
    Ok(sums)
}

/// What waits for the reader as staff, for `/staff`: letters to answer, answers to re-check.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    let actor = ctx.actor()?;
    if actor.scopes(Action::SupervisionRead).is_empty() {
        return Ok(Vec::new());
    }
    let counts = list::counts(&ctx.app.db, &scope(actor), &Asked::default(), ctx.now).await?;
    let orders = !actor.scopes(Action::SupervisionOrder).is_empty();
    let mut rows = Vec::new();
    let (state, count, key) = match orders {
        true => (State::Answered, counts.answered, "supervision-waiting-recheck"),
        false => (State::Issued, counts.issued, "supervision-waiting-answer"),
    };
    if count > 0 {
        rows.push(Waiting {
            title: ctx.w.t(key),
            note: None,
            count,
            late: !orders && counts.overdue > 0,
            href: format!("/staff/supervision?state={}", state.code()),
        });
    }
    Ok(rows)
}

//! What readers are shown: the register's choices, figures, what waits.

use super::scope;
use crate::{
    http::{Ctx, Error},
    places::{self, OrganisationKind},
    supervision::store::list::{self, Asked, Counts, TO_ANSWER, TO_EXTEND, TO_RECHECK},
};
use app::{
    people::Action,
    places::Waiting,
    supervision::{
        figures::{Figures, table},
        letter::Kind,
    },
};
use std::collections::BTreeMap;

/// The tabs of the register; the first three are what waits for the reader.
pub const TABS: [&str; 11] =
    [TO_ANSWER, TO_RECHECK, TO_EXTEND, "open", "overdue", "issued", "answered", "done", "draft", "withdrawn", "all"];

/// What the register is asked for in words of the address: the tab, `(kind, addressee, year)`, and the organisation whose letters
/// they are. What is none of them is 422 for the API and 400 for pages.
pub async fn asked(
    ctx: &Ctx,
    tab: &str,
    (kind, addressee, year): (&str, &str, &str),
    at: &str,
) -> Result<Option<Asked>, Error> {
    let mut asked = Asked { tab: if tab.is_empty() { "open" } else { tab }.to_owned(), ..Asked::default() };
    if !TABS.contains(&asked.tab.as_str()) {
        return Ok(None);
    }
    if !kind.is_empty() {
        let Some(kind) = Kind::from_code(kind) else { return Ok(None) };
        asked.kind = kind.code().to_owned();
    }
    if !addressee.is_empty() {
        let Some(path) = path_of(ctx, addressee).await? else { return Ok(None) };
        asked.addressee = path;
    }
    if !at.is_empty() {
        let Some(path) = path_of(ctx, at).await? else { return Ok(None) };
        asked.at = path;
    }
    if !year.is_empty() {
        let Some(year) = year.parse().ok().filter(|year| (2000..=2200).contains(year)) else { return Ok(None) };
        asked.year = Some(year);
    }
    Ok(Some(asked))
}

/// Path of the organisation with this code; buildings get no letters.
async fn path_of(ctx: &Ctx, code: &str) -> Result<Option<String>, Error> {
    if code.contains('\0') {
        return Ok(None);
    }
    let place = places::store::by_code(&ctx.app.db, code).await?;
    Ok(place.filter(|place| place.kind != OrganisationKind::Building.code()).map(|place| place.path))
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

/// What waits for the reader, each with its list: letters to their organisations that they answer, and of letters of their
/// organisations the answers to re-check and the extensions to decide on.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    let actor = ctx.actor()?;
    if actor.scopes(Action::SupervisionRead).is_empty() {
        return Ok(Vec::new());
    }
    let counts = list::counts(&ctx.app.db, &scope(actor), &Asked::default(), ctx.now).await?;
    let lines = [
        ("supervision-waiting-answer", TO_ANSWER, counts.to_answer, counts.late_answer),
        ("supervision-waiting-recheck", TO_RECHECK, counts.to_recheck, 0),
        ("supervision-waiting-extension", TO_EXTEND, counts.to_extend, 0),
    ];
    let line = |(key, tab, count, late): (&str, &str, i64, i64)| Waiting {
        title: ctx.w.t(key),
        note: None,
        count,
        late: late > 0,
        href: format!("/staff/supervision?state={tab}"),
    };
    Ok(lines.into_iter().filter(|(_, _, count, _)| *count > 0).map(line).collect())
}

/// The numbers of the register's tabs for the letters of one organisation, at this path.
pub async fn counts_at(ctx: &Ctx, path: &str) -> Result<Counts, Error> {
    let asked = Asked { at: path.to_owned(), ..Asked::default() };
    Ok(list::counts(&ctx.app.db, &scope(ctx.actor()?), &asked, ctx.now).await?)
}

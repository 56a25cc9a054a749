//! `/staff/reports/statistics`: the district's figures, the list behind each number, and the same as a file. What
//! counts as what is in `app::reports::statistics`; here are the addresses, in `counted` and `figures` the counts per
//! day, in `rows` the reports themselves.

pub(crate) mod api;
pub mod counted;
pub mod figures;
mod files;
mod rows;
pub mod weekly;

pub use files::{csv, xlsx};
pub use rows::rows;

use super::store::instant;
use crate::{
    http::{Ctx, Error, Page, Params, Result, page::encode},
    places::{self, Organisation},
};
use app::{
    i18n::Words,
    people::Action,
    reports::{
        Channel,
        pages::{StatisticsList, StatisticsListRow, StatisticsPage, StatisticsRow, statistics_list, statistics_page},
        statistics::{By, Figures, Measure, Row},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use figures::About;
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::Deserialize;

/// Longest period, in days.
const LONGEST: i32 = 400;
/// Most rows of a list behind a number; the file has all of them.
const MOST_LISTED: usize = 500;

/// What the figures are about, as the address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StatisticsQuery {
    /// Code of an organisation.
    place: String,
    /// First and last day, `2026-11-01`.
    from: String,
    to: String,
    by: String,
    /// The one name of `by` that a list is about, or none. Reports without a grid or of nobody's unit have an empty name, which an
    /// `Option` would take for none.
    name: Vec<String>,
    measure: String,
}

/// The query, read and judged.
struct Asked {
    place: Organisation,
    from: Date,
    to: Date,
    by: By,
}

impl Asked {
    async fn read(ctx: &Ctx, query: &StatisticsQuery) -> std::result::Result<Asked, Error> {
        let actor = ctx.actor()?;
        actor.require_somewhere(Action::StatisticsRead)?;
        let db = &ctx.app.db;
        let place = if query.place.is_empty() {
            let scope =
                actor.scopes(Action::StatisticsRead).first().map(|scope| (*scope).to_owned()).unwrap_or_default();
            places::store::by_code(db, scope.trim_end_matches('/').rsplit('/').next().unwrap_or_default()).await?
        } else {
            places::store::by_code(db, &query.place).await?
        }
        .ok_or(Error::NotFound)?;
        actor.require(Action::StatisticsRead, &place.path)?;
        let today = time::day_of(ctx.now);
        let sound = |text: &str| text.parse::<Date>().ok().filter(|day| (2000..2200).contains(&i32::from(day.year())));
        let from = sound(&query.from).unwrap_or(today.first_of_month());
        let to = sound(&query.to).unwrap_or(today).max(from);
        let to = to.min(from.saturating_add(LONGEST.days()));
        Ok(Asked { place, from, to, by: By::from_code(&query.by).unwrap_or(By::Major) })
    }

    fn about(&self, now: Timestamp) -> About<'_> {
        About { place: &self.place, from: self.from, to: self.to, by: self.by, now }
    }

    fn address(&self, page: &str, by: By) -> String {
        format!(
            "/staff/reports/statistics{page}?place={}&from={}&to={}&by={}",
            encode(&self.place.code),
            self.from,
            self.to,
            by.code()
        )
    }
}

/// Whether the clocks stand still in this state.
fn stands(state: &str) -> bool {
    matches!(state, "suspended" | "asked")
}

/// The name as pages and files write it.
fn shown_name(w: Words, by: By, name: &str) -> String {
    match by {
        By::Channel => w.t(Channel::from_code(name).unwrap_or(Channel::Api).key()),
        By::Owner if name.is_empty() => w.t("desk-stat-neighbours"),
        _ if name.is_empty() => w.t("desk-stat-none"),
        _ => name.to_owned(),
    }
}

/// `/staff/reports/statistics`.
pub async fn page(ctx: Ctx, Params(query): Params<StatisticsQuery>) -> Result {
    let asked = Asked::read(&ctx, &query).await?;
    let w = ctx.w;
    let found = figures::figures(&ctx.app.db, w, &asked.about(ctx.now)).await?;
    let list = |measure: Measure, name: Option<&str>| {
        let name = name.map(|name| format!("&name={}", encode(name))).unwrap_or_default();
        format!("{}&measure={}{name}", asked.address("/list", asked.by), measure.code())
    };
    let figures_of = |name: Option<&str>, figures: Figures| StatisticsRow {
        name: name.map_or_else(|| w.t("desk-stat-sum"), |name| shown_name(w, asked.by, name)),
        links: Measure::ALL.map(|measure| list(measure, name)),
        figures,
    };
    let all = figures_of(None, found.all);
    let parts = found.parts.into_iter().map(|(name, figures)| figures_of(Some(&name), figures)).collect();
    let today = time::day_of(ctx.now);
    let month = today.first_of_month();
    let spans = [
        ("desk-stat-this-month", month, today),
        ("desk-stat-last-month", month.saturating_sub(1.month()), month.saturating_sub(1.day())),
        ("desk-stat-ninety-days", today.saturating_sub(89.days()), today),
        ("desk-stat-this-year", today.first_of_year(), today),
    ];
    let spans = spans.map(|(key, from, to)| {
        let other = Asked { place: asked.place.clone(), from, to, by: asked.by };
        Way::new(other.address("", asked.by), w.t(key), (asked.from, asked.to) == (from, to))
    });
    let ways = By::ALL.map(|by| Way::new(asked.address("", by), w.t(by.key()), by == asked.by));
    let page = StatisticsPage {
        w,
        places: places_of(&ctx, &asked).await?,
        place: asked.place.code.clone(),
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        by: asked.by,
        spans: spans.into(),
        ways: ways.into(),
        all,
        parts,
        course: found
            .course
            .into_iter()
            .map(|span| {
                let part = Asked { from: span.from, to: span.to, place: asked.place.clone(), by: asked.by };
                let name = match (asked.from == asked.to || span.from == span.to, span.from) {
                    (true, day) => time::date(w.lang, day),
                    (false, day) => format!("{}/{} – {}/{}", day.month(), day.day(), span.to.month(), span.to.day()),
                };
                let list = format!("{}&measure=filed", part.address("/list", part.by));
                (name, span.filed, span.closed, list)
            })
            .collect(),
        csv: asked.address(".csv", asked.by),
        xlsx: asked.address(".xlsx", asked.by),
    };
    Ok(Page::new(&ctx, w.t("desk-statistics"))
        .tab(Tab::StaffReports)
        .back("/staff/reports")
        .render(statistics_page(page)))
}

/// What can be chosen: the reader's own organisations and what lies under them, down to grids.
async fn places_of(ctx: &Ctx, asked: &Asked) -> std::result::Result<Vec<(String, String)>, Error> {
    use places::OrganisationKind::{Community, District, Grid, Subdistrict};
    let w = ctx.w;
    let actor = ctx.actor()?;
    let mut found = Vec::new();
    for scope in actor.scopes(Action::StatisticsRead) {
        for kind in [District, Subdistrict, Community, Grid] {
            // Grids only of the place in view.
            let under = if kind == Grid { asked.place.path.as_str() } else { scope };
            for place in places::store::under(&ctx.app.db, under, kind).await? {
                let way = (place.code, w.pick(&place.name, &place.name_en).to_owned());
                if !found.contains(&way) && found.len() < 200 {
                    found.push(way);
                }
            }
        }
    }
    Ok(found)
}

/// The reports behind a number, in the order in which they were filed; those of one name of `by`, if that is asked.
async fn behind(
    ctx: &Ctx,
    asked: &Asked,
    (measure, name): (Measure, Option<&str>),
) -> std::result::Result<Vec<Row>, Error> {
    let period = asked.about(ctx.now).period();
    let now = ctx.now.as_microsecond();
    let mut rows = rows::rows_for(&ctx.app.db, ctx.w, &asked.place.path, period, Some(measure)).await?;
    rows.retain(|row| measure.counts(row, period, now) && name.is_none_or(|name| asked.by.name(row) == name));
    Ok(rows)
}

/// `/staff/reports/statistics/list`: the reports behind a number.
pub async fn list(ctx: Ctx, Params(query): Params<StatisticsQuery>) -> Result {
    let asked = Asked::read(&ctx, &query).await?;
    let measure = Measure::from_code(&query.measure).unwrap_or(Measure::Due);
    let w = ctx.w;
    let name = query.name.first().map(String::as_str);
    let rows = behind(&ctx, &asked, (measure, name)).await?;
    let count = rows.len();
    let may_open = ctx.actor()?.require(Action::ReportRead, &asked.place.path).is_ok();
    let rows = rows
        .into_iter()
        .take(MOST_LISTED)
        .map(|row| StatisticsListRow {
            href: may_open.then(|| format!("/staff/reports/{}", row.code)),
            code: row.code,
            category: row.category,
            place: match row.grid.as_str() {
                "" => row.community,
                // Grids are named with their community.
                _ if rows::is_above_communities(&asked.place.path) => row.grid,
                grid => format!("{} · {grid}", row.community),
            },
            state: row.state,
            deadline: row.deadline.map(|at| time::date_time(w.lang, instant(at), ctx.now)).unwrap_or_default(),
            closed: row.closed_at.map(|at| time::date_time(w.lang, instant(at), ctx.now)).unwrap_or_default(),
        })
        .collect();
    let name = name.map(|name| shown_name(w, asked.by, name));
    let title = name.map_or_else(|| w.t(measure.key()), |name| format!("{} · {name}", w.t(measure.key())));
    let page = StatisticsList { w, count, rows };
    Ok(Page::new(&ctx, title).tab(Tab::StaffReports).back(asked.address("", asked.by)).render(statistics_list(page)))
}

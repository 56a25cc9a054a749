//! `/staff/reports/statistics`: the district's figures, the list behind each number, and the same as a file. What
//! counts as what is in `app::reports::statistics`; here are the rows and the addresses.

pub(crate) mod api;
mod files;

pub use files::{csv, xlsx};

use super::{queue::CHANNEL, store::instant};
use crate::{
    db::Db,
    http::{Ctx, Error, Page, Params, Result, page::encode},
    places::{self, Organisation},
};
use app::{
    i18n::Words,
    people::Action,
    reports::{
        Channel, State,
        pages::{StatisticsList, StatisticsListRow, StatisticsPage, StatisticsRow, statistics_list, statistics_page},
        statistics::{By, Figures, Measure, Period, Row, course},
    },
    time,
    ui::{nav::Way, shell::Tab},
};
use jiff::{ToSpan, civil::Date};
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
    /// The one name of `by` that a list is about.
    name: Option<String>,
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

    fn period(&self) -> Period {
        let end = self.to.tomorrow().unwrap_or(self.to);
        Period { from: time::start_of(self.from).as_microsecond(), to: time::start_of(end).as_microsecond() }
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

#[derive(sqlx::FromRow)]
struct Raw {
    code: String,
    state: String,
    filed_at: i64,
    deadline: Option<i64>,
    closed_at: Option<i64>,
    reworks: i64,
    returns: i64,
    extended: i64,
    stars: Option<i64>,
    channel: String,
    community: String,
    grid: String,
    major: String,
    category: String,
    unit: String,
}

/// Every report under `path` that may count for some figure of the period.
pub async fn rows(db: &Db, w: Words, path: &str, period: Period) -> std::result::Result<Vec<Row>, sqlx::Error> {
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let english = pick("", "1") == "1" && w.lang != app::i18n::Lang::Zh;
    let name = |table: &str, zh: &str, en: &str| {
        if english {
            format!("CASE WHEN {table}.{en} <> '' THEN {table}.{en} ELSE {table}.{zh} END")
        } else {
            format!("{table}.{zh}")
        }
    };
    let sql = format!(
        "SELECT r.code, r.state, r.filed_at, COALESCE(r.owner_due_at, r.due_at) AS deadline, r.closed_at, r.reworks, \
         r.returns, CAST(CASE WHEN EXISTS (SELECT 1 FROM report_extension x WHERE x.report_id = r.id AND \
         x.decision = 'granted') THEN 1 ELSE 0 END AS BIGINT) AS extended, r.stars, {CHANNEL} AS channel, {} AS community, \
         COALESCE({}, '') AS grid, {} AS major, {} AS category, COALESCE({}, '') AS unit \
         FROM report r JOIN category c ON c.code = r.category JOIN organisation m ON m.id = r.community_id \
         LEFT JOIN organisation g ON g.id = r.grid_id LEFT JOIN person o ON o.id = r.owner_id \
         WHERE r.community_id IN (SELECT s.id FROM organisation s WHERE s.kind = 'community' \
         AND (substr(s.path, 1, length($1)) = $1 OR substr($1, 1, length(s.path)) = s.path)) \
         AND substr(r.path, 1, length($1)) = $1 AND ((r.filed_at >= $2 AND r.filed_at < $3) \
         OR (COALESCE(r.owner_due_at, r.due_at) < $3 AND r.state NOT IN ('rejected', 'withdrawn', 'merged') \
         AND (COALESCE(r.owner_due_at, r.due_at) >= $2 OR r.state <> 'closed' OR r.closed_at >= $2))) \
         ORDER BY r.filed_at, r.id",
        name("m", "name", "name_en"),
        name("g", "name", "name_en"),
        name("c", "major_name", "major_name_en"),
        name("c", "name", "name_en"),
        name("o", "unit", "unit_en"),
    );
    let raw: Vec<Raw> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(path)
        .bind(period.from)
        .bind(period.to)
        .fetch_all(db.read())
        .await?;
    Ok(raw
        .into_iter()
        .map(|raw| Row {
            standing: matches!(raw.state.as_str(), "suspended" | "asked"),
            state: State::from_code(&raw.state).unwrap_or(State::Submitted),
            closed_at: raw.closed_at.filter(|_| raw.state == "closed"),
            channel: Channel::from_code(&raw.channel).unwrap_or(Channel::Api),
            code: raw.code,
            filed_at: raw.filed_at,
            deadline: raw.deadline,
            reworks: raw.reworks,
            returns: raw.returns,
            extended: raw.extended == 1,
            stars: raw.stars,
            community: raw.community,
            grid: raw.grid,
            major: raw.major,
            category: raw.category,
            unit: raw.unit,
        })
        .collect())
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
    let period = asked.period();
    let now = ctx.now.as_microsecond();
    let rows = rows(&ctx.app.db, w, &asked.place.path, period).await?;
    let list = |measure: Measure, name: Option<&str>| {
        let name = name.map(|name| format!("&name={}", encode(name))).unwrap_or_default();
        format!("{}&measure={}{name}", asked.address("/list", asked.by), measure.code())
    };
    let figures_of = |name: Option<&str>, figures: Figures| StatisticsRow {
        name: name.map_or_else(|| w.t("desk-stat-sum"), |name| shown_name(w, asked.by, name)),
        links: Measure::ALL.map(|measure| list(measure, name)),
        figures,
    };
    let all = figures_of(None, Figures::of(&rows, period, now));
    let parts = asked.by.split(&rows, period, now);
    let parts = parts.into_iter().map(|(name, figures)| figures_of(Some(&name), figures)).collect();
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
        course: course(&rows, asked.from, asked.to.min(time::day_of(ctx.now)))
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

/// `/staff/reports/statistics/list`: the reports behind a number.
pub async fn list(ctx: Ctx, Params(query): Params<StatisticsQuery>) -> Result {
    let asked = Asked::read(&ctx, &query).await?;
    let measure = Measure::from_code(&query.measure).unwrap_or(Measure::Due);
    let w = ctx.w;
    let period = asked.period();
    let now = ctx.now.as_microsecond();
    let mut rows = rows(&ctx.app.db, w, &asked.place.path, period).await?;
    rows.retain(|row| {
        measure.counts(row, period, now) && query.name.as_ref().is_none_or(|name| asked.by.name(row) == name)
    });
    let count = rows.len();
    let may_open = ctx.actor()?.require(Action::ReportRead, &asked.place.path).is_ok();
    let rows = rows
        .into_iter()
        .take(MOST_LISTED)
        .map(|row| StatisticsListRow {
            href: may_open.then(|| format!("/staff/reports/{}", row.code)),
            code: row.code,
            category: row.category,
            place: if row.grid.is_empty() { row.community } else { format!("{} · {}", row.community, row.grid) },
            state: row.state,
            deadline: row.deadline.map(|at| time::date_time(w.lang, instant(at), ctx.now)).unwrap_or_default(),
            closed: row.closed_at.map(|at| time::date_time(w.lang, instant(at), ctx.now)).unwrap_or_default(),
        })
        .collect();
    let name = query.name.as_deref().map(|name| shown_name(w, asked.by, name));
    let title = name.map_or_else(|| w.t(measure.key()), |name| format!("{} · {name}", w.t(measure.key())));
    let page = StatisticsList { w, count, rows };
    Ok(Page::new(&ctx, title).tab(Tab::StaffReports).back(asked.address("", asked.by)).render(statistics_list(page)))
}

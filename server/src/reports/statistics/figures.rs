//! The figures of a place and a period, from the counts per day.
//!
//! Read in one snapshot: the sums of the whole days; the few reports that wait to be counted, taken out as what they were
//! counted and put in as what they are; and what today's remaining hours still hold, which is not due yet. So the figures are what
//! [`Figures::of`] counts from the reports themselves, whenever they are read.

use super::{
    counted::{self, ALL_DAYS, Counted, number},
    rows::{self, named},
};
use crate::{
    db::{Db, Engine, Tx, dialect},
    places::Organisation,
};
use app::{
    i18n::{Lang, Words},
    reports::statistics::{By, COLUMNS, Figures, Period, Row, Span, Sums, course, course_of_days},
    time,
};
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use sqlx::{FromRow, any::AnyRow};
use std::collections::BTreeMap;

/// Where more reports than this wait to be counted, the figures are counted from the reports themselves.
pub(super) const MOST_WAITING: usize = 5_000;

/// What the figures are about.
pub struct About<'a> {
    /// Place.
    pub place: &'a Organisation,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How they are told apart.
    pub by: By,
    /// "Now".
    pub now: Timestamp,
}

impl About<'_> {
    /// From the beginning of the first day to before the end of the last.
    pub fn period(&self) -> Period {
        let end = self.to.tomorrow().unwrap_or(self.to);
        Period { from: time::start_of(self.from).as_microsecond(), to: time::start_of(end).as_microsecond() }
    }

    /// The last day on which anything can have happened.
    fn last(&self) -> Date {
        self.to.min(time::day_of(self.now))
    }

    /// The day after it.
    fn end(&self) -> Date {
        self.last().tomorrow().unwrap_or(self.last())
    }
}

/// The figures of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// All together.
    pub all: Figures,
    /// Each name for which anything counts, in the order of names.
    pub parts: Vec<(String, Figures)>,
    /// How the period went.
    pub course: Vec<Span>,
}

/// Reads the figures.
pub async fn figures(db: &Db, w: Words, about: &About<'_>) -> anyhow::Result<Found> {
    let period = about.period();
    let last = about.last();
    let mut tx = db.snapshot().await?;
    let Some((found, filed)) = from_days(&mut tx, db.engine(), about).await? else {
        tx.commit().await?;
        let rows = rows::rows(db, w, &about.place.path, period).await?;
        let now = about.now.as_microsecond();
        return Ok(Found {
            all: Figures::of(&rows, period, now),
            parts: about.by.split(&rows, period, now),
            course: course(&rows, about.from, last),
        });
    };
    let names = names(&mut tx, w, (about.by, &about.place.path), found.keys()).await?;
    tx.commit().await?;
    let mut all = Figures::default();
    let mut parts: BTreeMap<String, Figures> = BTreeMap::new();
    for (name, figures) in found {
        all.add(&figures);
        let name = names.get(&name).cloned().unwrap_or(name);
        parts.entry(name).or_default().add(&figures);
    }
    parts.retain(|_, figures| !figures.is_empty());
    Ok(Found { all, parts: parts.into_iter().collect(), course: course_of_days(&filed, about.from, last) })
}

/// The figures of a period, their parts by id of the community or grid, or code of the category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ById {
    /// All together.
    pub all: Figures,
    /// Each id for which anything counts; an empty one for reports in no grid.
    pub parts: BTreeMap<String, Figures>,
    /// How the period went.
    pub course: Vec<Span>,
}

/// Reads the figures with ids and codes instead of names, which may be the same for two places or categories.
pub async fn by_id(db: &Db, about: &About<'_>) -> anyhow::Result<ById> {
    let last = about.last();
    let mut tx = db.snapshot().await?;
    let counted = from_days(&mut tx, db.engine(), about).await?;
    tx.commit().await?;
    let (mut parts, course) = match counted {
        Some((found, filed)) => (found, course_of_days(&filed, about.from, last)),
        None => {
            let (period, now) = (about.period(), about.now.as_microsecond());
            let rows = rows::rows_by_id(db, &about.place.path, period).await?;
            (about.by.split(&rows, period, now).into_iter().collect(), course(&rows, about.from, last))
        }
    };
    parts.retain(|_, figures| !figures.is_empty());
    let mut all = Figures::default();
    for figures in parts.values() {
        all.add(figures);
    }
    Ok(ById { all, parts, course })
}

/// Figures by id, and how many were filed on each day and of these closed.
type FromDays = (BTreeMap<String, Figures>, BTreeMap<Date, (i64, i64)>);

/// The figures from the counts per day and what waits to be counted. `None`: they are to be counted from the reports themselves.
async fn from_days(tx: &mut Tx, engine: Engine, about: &About<'_>) -> anyhow::Result<Option<FromDays>> {
    let period = about.period();
    let waiting = counted::waiting(tx, None, MOST_WAITING + 1).await?;
    // A grid has few enough to be counted one by one; where nothing was counted yet, there is no other way.
    if matches!(about.place.kind.as_str(), "grid" | "building") || waiting.len() > MOST_WAITING {
        return Ok(None);
    }
    let mut found = days(tx, about).await?;
    let mut filed = filed(tx, about).await?;
    // What the days were counted for is the end of today.
    let (now, whole) = (about.now.as_microsecond(), time::start_of(about.end()).as_microsecond());
    let mut count = |row: &Row, at: i64, times: i64| {
        found.entry(about.by.name(row).to_owned()).or_default().count_row(row, period, at, times);
    };
    for report in waiting {
        for (counted, at, times) in
            report.before.iter().map(|before| (before, whole, -1)).chain([(&report.now, now, 1)])
        {
            if counted.place.starts_with(&about.place.path) {
                let row = counted.row();
                count(&row, at, times);
                let day = filed.entry(time::day_of(super::instant(row.filed_at))).or_default();
                day.0 += times;
                day.1 += times * i64::from(row.state == app::reports::State::Closed);
            }
        }
    }
    for counted in rest_of_today(tx, engine, (now, whole)).await? {
        if counted.place.starts_with(&about.place.path) {
            let row = counted.row();
            count(&row, whole, -1);
            count(&row, now, 1);
        }
    }
    Ok(Some((found, filed)))
}

fn kind(by: By) -> &'static str {
    match by {
        By::Community => "community",
        By::Grid => "grid",
        By::Major | By::Category => "category",
        By::Owner => "unit",
        By::Channel => "channel",
    }
}

/// One name's sums, and what it took from filing to closing.
struct Part {
    name: String,
    sums: Sums,
}

impl<'r> FromRow<'r, AnyRow> for Part {
    fn from_row(row: &'r AnyRow) -> Result<Part, sqlx::Error> {
        use sqlx::Row;
        let mut sums = Sums::default();
        for (count, column) in sums.within.counts.iter_mut().zip(COLUMNS) {
            *count = row.try_get(column)?;
        }
        for (n, left) in sums.left.iter_mut().enumerate() {
            *left = row.try_get(format!("left_{n}").as_str())?;
        }
        let tenths: Option<String> = row.try_get("tenths")?;
        for entry in tenths.unwrap_or_default().split_ascii_whitespace() {
            let (tenths, count) = entry.split_once(':').unwrap_or((entry, "1"));
            let broken = |error: std::num::ParseIntError| sqlx::Error::Decode(error.into());
            *sums.within.tenths.entry(tenths.parse().map_err(broken)?).or_default() +=
                count.parse::<i64>().map_err(broken)?;
        }
        Ok(Part { name: row.try_get("name")?, sums })
    }
}

/// The figures at the end of the last day, from whole days.
async fn days(tx: &mut Tx, about: &About<'_>) -> Result<BTreeMap<String, Figures>, sqlx::Error> {
    let sum = |column: &str, when: &str, name: &str| {
        format!("CAST(SUM(CASE WHEN {when} THEN {column} ELSE 0 END) AS BIGINT) AS {name}")
    };
    let mut columns: Vec<String> = COLUMNS
        .into_iter()
        .map(|column| {
            let when = if column.starts_with("filed") { "day >= $3 AND day <= $4" } else { "day >= $3 AND day < $5" };
            sum(column, when, column)
        })
        .collect();
    // All days less those that come later.
    columns.extend(Sums::LEFT.iter().enumerate().map(|(n, left)| {
        format!(
            "CAST(SUM(CASE WHEN day = {ALL_DAYS} THEN {left} WHEN day >= $5 THEN -({left}) ELSE 0 END) AS BIGINT) \
             AS left_{n}"
        )
    }));
    let sql = format!(
        "SELECT name, {}, STRING_AGG(CASE WHEN day >= $3 AND day < $5 THEN tenths ELSE '' END, '') AS tenths \
         FROM report_day WHERE place = $1 AND kind = $2 AND day >= $6 GROUP BY name",
        columns.join(", ")
    );
    let parts: Vec<Part> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&about.place.path)
        .bind(kind(about.by))
        .bind(number(about.from))
        .bind(number(about.to))
        .bind(number(about.end()))
        .bind(number(about.from.min(about.end())))
        .fetch_all(&mut **tx)
        .await?;
    Ok(parts.into_iter().map(|part| (part.name, part.sums.figures())).collect())
}

/// How many were filed on each day, and how many of these are closed by now.
async fn filed(tx: &mut Tx, about: &About<'_>) -> Result<BTreeMap<Date, (i64, i64)>, sqlx::Error> {
    let days: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT day, CAST(SUM(filed) AS BIGINT), CAST(SUM(filed_closed) AS BIGINT) FROM report_day \
         WHERE place = $1 AND kind = 'channel' AND day >= $2 AND day <= $3 GROUP BY day",
    )
    .bind(&about.place.path)
    .bind(number(about.from))
    .bind(number(about.to))
    .fetch_all(&mut **tx)
    .await?;
    let part = |number: i64| i8::try_from(number % 100).unwrap_or_default();
    Ok(days
        .into_iter()
        .map(|(day, filed, closed)| {
            let year = i16::try_from(day / 10_000).unwrap_or_default();
            (date(year, part(day / 100), part(day)), (filed, closed))
        })
        .collect())
}

/// Counted reports whose deadline, or closing by another server's clock, lies between now and the end of the day.
async fn rest_of_today(tx: &mut Tx, engine: Engine, (now, whole): (i64, i64)) -> anyhow::Result<Vec<Counted>> {
    if whole <= now {
        return Ok(Vec::new());
    }
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (index, condition) in [
        (
            "report_deadline",
            "COALESCE(r.owner_due_at, r.due_at) >= $1 AND COALESCE(r.owner_due_at, r.due_at) < $2 \
             AND r.state NOT IN ('rejected', 'withdrawn', 'merged')",
        ),
        ("report_closed", "r.state = 'closed' AND r.closed_at >= $1 AND r.closed_at < $2"),
    ] {
        let index = dialect::by_index(engine, index);
        let sql =
            format!("SELECT r.id, r.counted FROM report r{index} WHERE {condition} AND r.counted_version = r.version");
        let rows: Vec<(String, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now).bind(whole).fetch_all(&mut **tx).await?;
        found.extend(rows);
    }
    found.into_values().filter_map(|text| Counted::read(&text).transpose()).collect()
}

/// What ids and codes are called in the reader's language, seen from a place.
async fn names(
    tx: &mut Tx,
    w: Words,
    (by, path): (By, &str),
    ids: impl Iterator<Item = &String>,
) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let ids: Vec<&String> = ids.filter(|id| !id.is_empty()).collect();
    let (id, name, table) = match by {
        _ if ids.is_empty() => return Ok(BTreeMap::new()),
        By::Channel => return Ok(BTreeMap::new()),
        // A unit's name is what it is counted under.
        By::Owner if w.lang == Lang::Zh => return Ok(BTreeMap::new()),
        By::Community => ("t.id", named(w, "t", "name", "name_en"), "organisation t"),
        By::Grid => {
            ("g.id", rows::grid_named(w, path), "organisation g LEFT JOIN organisation gm ON gm.id = g.parent_id")
        }
        By::Major => ("t.code", named(w, "t", "major_name", "major_name_en"), "category t"),
        By::Category => ("t.code", named(w, "t", "name", "name_en"), "category t"),
        By::Owner => ("t.unit", format!("MAX({})", named(w, "t", "unit", "unit_en")), "person t"),
    };
    let group = if by == By::Owner { " AND t.unit <> '' GROUP BY t.unit" } else { "" };
    let mut names = BTreeMap::new();
    for ids in ids.chunks(500) {
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT {id}, {name} FROM {table} WHERE {id} IN ({}){group}", places.join(", "));
        let mut query = sqlx::query_as::<_, (String, String)>(sqlx::AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(*id);
        }
        names.extend(query.fetch_all(&mut **tx).await?);
    }
    Ok(names)
}

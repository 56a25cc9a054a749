//! What assessments are made from, and those that were made.

use super::{credit, day, estates, rules};
use crate::{
    clock,
    db::{Db, Tx, dialect, marks},
};
use app::{
    property::{
        assess::{EntryIn, EstateIn, FEWEST_RATINGS, Inputs, InspectionIn, RatingsIn, ReportIn},
        period::Period,
    },
    time::{day_of, start_of},
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

#[derive(sqlx::FromRow)]
struct ReportRow {
    code: String,
    estate_id: String,
    filed_at: i64,
    deadline: Option<i64>,
    closed_at: Option<i64>,
    state: String,
    again: i64,
}

fn at(micros: i64) -> Date {
    day_of(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Reports about the property's matters in the company's estates: filed under its contract, with something in the period.
async fn reports(
    db: &Db,
    company_id: &str,
    contracts: &[estates::Contract],
    categories: &[String],
    period: Period,
) -> Result<Vec<ReportIn>, sqlx::Error> {
    let (begin, end) = (start_of(period.first()), start_of(period.last().tomorrow().unwrap_or(Date::MAX)));
    let (begin, end) = (begin.as_microsecond(), end.as_microsecond());
    // The month itself, and what was filed up to a year before and was due or closed in it.
    let since = begin - 366 * 86_400_000_000;
    let sql = format!(
        "SELECT r.code, b.estate_id, r.filed_at, COALESCE(r.owner_due_at, r.due_at) AS deadline, r.closed_at, r.state, \
         r.reworks + r.reopened AS again FROM report r JOIN property_building b ON b.building_id = r.building_id \
         JOIN property_contract k ON k.estate_id = b.estate_id AND k.company_id = $1 \
         WHERE r.filed_at >= $2 AND r.filed_at < $3 AND r.state NOT IN ('rejected', 'withdrawn', 'merged') \
         AND r.category IN ({}) ORDER BY r.code",
        marks(4, categories.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(company_id).bind(since).bind(end);
    for category in categories {
        query = query.bind(category);
    }
    let rows: Vec<ReportRow> = query.fetch_all(db.read()).await?;
    let mut found: BTreeMap<String, ReportIn> = BTreeMap::new();
    for row in rows {
        let filed_on = at(row.filed_at).to_string();
        if !contracts.iter().any(|contract| contract.estate_id == row.estate_id && contract.holds(&filed_on)) {
            continue;
        }
        let within = |at: i64| (begin..end).contains(&at);
        let closed_at = row.closed_at.filter(|_| row.state == "closed");
        let report = ReportIn {
            filed: within(row.filed_at),
            due: row.deadline.is_some_and(within),
            on_time: row.deadline.is_some_and(|due| closed_at.is_some_and(|closed| closed <= due)),
            closed: closed_at.is_some_and(within),
            reworked: row.again > 0,
            code: row.code,
        };
        if report.filed || report.due || report.closed {
            found.insert(report.code.clone(), report);
        }
    }
    Ok(found.into_values().collect())
}

/// Days that a contract and a period have in common.
fn days_within(contract: &estates::Contract, period: Period) -> i64 {
    let from = day(&contract.from_day).max(period.first());
    let until = day(&contract.until_day).min(period.last());
    from.until(until).map_or(0, |span| (i64::from(span.get_days()) + 1).max(0))
}

/// Everything that an assessment of a company for a period is made from, as it is now.
pub async fn gather(db: &Db, company_id: &str, period: Period) -> Result<Inputs, sqlx::Error> {
    let (first, last) = (period.first().to_string(), period.last().to_string());
    let versions = rules::all(db).await?;
    let rules = rules::on(&versions, period.last());
    let contracts = estates::of_company(db, company_id).await?;
    let mut inputs = Inputs {
        period: period.code(),
        rated: period.rated().code(),
        estates: Vec::new(),
        reports: reports(db, company_id, &contracts, &rules.categories, period).await?,
        inspections: Vec::new(),
        ratings: Vec::new(),
        entries: Vec::new(),
        rules,
    };
    for contract in &contracts {
        let days = days_within(contract, period);
        if days == 0 {
            continue;
        }
        let Some(estate) = estates::by_id(db, &contract.estate_id).await? else { continue };
        match inputs.estates.iter_mut().find(|known| known.id == estate.id) {
            Some(known) => known.days += days,
            None => inputs.estates.push(EstateIn {
                id: estate.id,
                name: estate.name,
                name_en: estate.name_en,
                households: estate.households,
                days,
            }),
        }
    }
    inputs.estates.sort_by(|a, b| a.id.cmp(&b.id));
    let inspections: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT i.id, i.day, e.name, i.points FROM property_inspection i JOIN property_estate e ON e.id = i.estate_id \
         WHERE i.company_id = $1 AND i.day >= $2 AND i.day <= $3 ORDER BY i.id",
    )
    .bind(company_id)
    .bind(&first)
    .bind(&last)
    .fetch_all(db.read())
    .await?;
    let inspection = |(id, day, estate, points)| InspectionIn { id, day, estate, points };
    inputs.inspections = inspections.into_iter().map(inspection).collect();
    let ratings: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT e.id, e.name, CAST(COUNT(*) AS BIGINT), CAST(SUM(r.stars) AS BIGINT) FROM property_rating r \
         JOIN property_estate e ON e.id = r.estate_id WHERE r.company_id = $1 AND r.quarter = $2 \
         GROUP BY e.id, e.name HAVING COUNT(*) >= $3 ORDER BY e.id",
    )
    .bind(company_id)
    .bind(&inputs.rated)
    .bind(FEWEST_RATINGS)
    .fetch_all(db.read())
    .await?;
    inputs.ratings =
        ratings.into_iter().map(|(id, estate, count, stars)| RatingsIn { estate, id, count, stars }).collect();
    let entries = credit::of_company(db, company_id).await?;
    let valid = entries.into_iter().filter(|entry| entry.counted().on(period.last()));
    inputs.entries = valid.map(|entry| EntryIn { id: entry.id, title: entry.title, points: entry.points }).collect();
    inputs.entries.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(inputs)
}

/// An assessment that was made.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Made {
    /// Id.
    pub id: String,
    /// The company.
    pub company_id: String,
    /// Its name.
    pub company: String,
    /// The same in English.
    pub company_en: String,
    /// The period.
    pub period: String,
    /// Which one of this period, from 1.
    pub number: i64,
    /// Hundredths of a point; `None`: nothing could be counted.
    pub points: Option<i64>,
    inputs: String,
    /// When, in microseconds.
    pub created_at: i64,
}

impl Made {
    /// What it was made from.
    pub fn inputs(&self) -> anyhow::Result<Inputs> {
        Ok(serde_json::from_str(&self.inputs)?)
    }
}

const MADE: &str = "SELECT a.id, a.company_id, c.name AS company, c.name_en AS company_en, a.period, a.number, a.points, \
    a.inputs, a.created_at FROM property_assessment a JOIN property_company c ON c.id = a.company_id";

/// The assessment with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Made>, sqlx::Error> {
    let sql = format!("{MADE} WHERE a.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Assessments of a company, the latest first, at most 40.
pub async fn of_company(db: &Db, company_id: &str) -> Result<Vec<Made>, sqlx::Error> {
    let sql = format!("{MADE} WHERE a.company_id = $1 ORDER BY a.created_at DESC, a.number DESC, a.id DESC LIMIT 40");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(company_id).fetch_all(db.read()).await
}

/// The latest assessment of each company: company → period and points.
pub async fn latest(db: &Db) -> Result<BTreeMap<String, (String, Option<i64>)>, sqlx::Error> {
    let rows: Vec<(String, String, Option<i64>)> = sqlx::query_as(
        "SELECT a.company_id, a.period, a.points FROM property_company c JOIN property_assessment a ON a.id = \
         (SELECT z.id FROM property_assessment z WHERE z.company_id = c.id \
         ORDER BY z.created_at DESC, z.number DESC, z.id DESC LIMIT 1)",
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(company, period, points)| (company, (period, points))).collect())
}

/// Keeps an assessment. Made before from the very same, it is that one: its id, and whether it is new.
pub async fn keep(
    db: &Db,
    tx: &mut Tx,
    company_id: &str,
    (inputs, points): (&Inputs, Option<i64>),
    by: &str,
    now: Timestamp,
) -> Result<(String, bool), sqlx::Error> {
    dialect::lock_key(db.engine(), tx, &format!("property-assess:{company_id}")).await?;
    let text = serde_json::to_string(inputs).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let last: Option<(String, i64, String)> = sqlx::query_as(
        "SELECT id, number, inputs FROM property_assessment WHERE company_id = $1 AND period = $2 \
         ORDER BY number DESC LIMIT 1",
    )
    .bind(company_id)
    .bind(&inputs.period)
    .fetch_optional(&mut **tx)
    .await?;
    let number = match last {
        Some((id, _, before)) if before == text => return Ok((id, false)),
        Some((_, number, _)) => number + 1,
        None => 1,
    };
    let id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO property_assessment (id, company_id, period, number, points, inputs, made_by, created_at) \
         VALUES ($1, $2, $3, $4, NULLIF($5, -1), $6, $7, $8)",
    )
    .bind(&id)
    .bind(company_id)
    .bind(&inputs.period)
    .bind(number)
    .bind(points.unwrap_or(-1))
    .bind(text)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((id, true))
}

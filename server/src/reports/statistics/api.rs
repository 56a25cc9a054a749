//! The figures through the API, and the table of the page as files.

use super::{Asked, StatisticsQuery, figures, shown_name};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{Listed, Paging, listed},
    },
    reports::store::instant,
};
use app::reports::statistics::{Figures, Measure, Row};
use axum::{Json, response::IntoResponse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Figures of reports.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportFigures {
    /// Code of the organisation that they are about.
    pub place: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Of all.
    pub all: Counted,
    /// What they are split by.
    pub by: &'static str,
    /// The parts, with their names.
    pub parts: Vec<NamedCounted>,
}

/// What was counted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Counted {
    /// By measure: `filed`, `due`, `closed`, `on-time`, `suspended`, `overdue`, `reworked`, `extended`, `returned`, `rated`,
    /// `satisfied`.
    pub counts: BTreeMap<&'static str, i64>,
    /// Closed ÷ due; absent when nothing was due.
    pub closing_rate: Option<f64>,
    /// Closed on time ÷ (due − suspended).
    pub on_time_rate: Option<f64>,
    /// Failed verifications ÷ closed.
    pub rework_rate: Option<f64>,
    /// Extended ÷ due.
    pub extension_rate: Option<f64>,
    /// Handed back ÷ due.
    pub return_rate: Option<f64>,
    /// Satisfied ÷ rated.
    pub satisfaction: Option<f64>,
    /// Hours from filing to closing, by the clock.
    pub median_hours: Option<f64>,
}

/// One part.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NamedCounted {
    /// Its name in the reader's language.
    pub name: String,
    /// What the list of the reports behind its figures calls it; may be empty.
    pub key: String,
    /// What was counted.
    #[serde(flatten)]
    pub counted: Counted,
}

fn counted(figures: &Figures) -> Counted {
    Counted {
        counts: Measure::ALL.iter().map(|measure| (measure.code(), figures.count(*measure))).collect(),
        closing_rate: figures.closing_rate(),
        on_time_rate: figures.on_time_rate(),
        rework_rate: figures.rework_rate(),
        extension_rate: figures.extension_rate(),
        return_rate: figures.return_rate(),
        satisfaction: figures.satisfaction(),
        median_hours: figures.median_hours(),
    }
}

/// Figures of reports, as the district counts them: open overdue ones count against both rates. A period is 400 days at most.
#[utoipa::path(get, path = "/api/v1/staff/statistics/reports", tag = "statistics", params(
    ("place" = Option<String>, Query, description = "code of an organisation; the reader's own without it"),
    ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD; the month's first without it"),
    ("to" = Option<String>, Query, description = "last day; today without it"),
    ("by" = Option<String>, Query, description = "`major` (without it), `category`, `community`, `grid`, `owner` or `channel`"),
), responses((status = 200, body = ReportFigures)))]
pub async fn reports(ctx: Ctx, Params(query): Params<StatisticsQuery>) -> Result {
    let asked = Asked::read(&ctx, &query).await?;
    let found = figures::figures(&ctx.app.db, ctx.w, &asked.about(ctx.now)).await?;
    Ok(Json(ReportFigures {
        all: counted(&found.all),
        by: asked.by.code(),
        parts: found
            .parts
            .into_iter()
            .map(|(name, figures)| NamedCounted {
                name: shown_name(ctx.w, asked.by, &name),
                counted: counted(&figures),
                key: name,
            })
            .collect(),
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        place: asked.place.code,
    })
    .into_response())
}

/// The table of figures as CSV, with heads in the language of the request: a line for each part, and the sum.
#[utoipa::path(get, path = "/api/v1/staff/statistics/reports.csv", tag = "statistics", params(
    ("place" = Option<String>, Query, description = "code of an organisation; the reader's own without it"),
    ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD; the month's first without it"),
    ("to" = Option<String>, Query, description = "last day; today without it"),
    ("by" = Option<String>, Query, description = "`major` (without it), `category`, `community`, `grid`, `owner` or `channel`"),
), responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub async fn csv(ctx: Ctx, query: Params<StatisticsQuery>) -> Result {
    super::csv(ctx, query).await
}

/// The same table as a workbook.
#[utoipa::path(get, path = "/api/v1/staff/statistics/reports.xlsx", tag = "statistics", params(
    ("place" = Option<String>, Query, description = "code of an organisation; the reader's own without it"),
    ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD; the month's first without it"),
    ("to" = Option<String>, Query, description = "last day; today without it"),
    ("by" = Option<String>, Query, description = "`major` (without it), `category`, `community`, `grid`, `owner` or `channel`"),
), responses((status = 200, description = "The file",
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String)))]
pub async fn xlsx(ctx: Ctx, query: Params<StatisticsQuery>) -> Result {
    super::xlsx(ctx, query).await
}

/// Which figure.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhichFigure {
    /// Code of an organisation; the reader's own without it.
    pub place: String,
    /// First day, YYYY-MM-DD; the month's first without it.
    pub from: String,
    /// Last day; today without it.
    pub to: String,
    /// `major` (without it), `category`, `community`, `grid`, `owner` or `channel`.
    pub by: String,
    /// Only one part: its `key` among the figures by the same. In the language of the request, as there.
    #[param(value_type = Option<String>)]
    pub key: Vec<String>,
    /// What was counted, one of the figures' `counts`; `due` without it.
    pub measure: String,
}

/// A report behind a figure.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CountedReport {
    /// Its code.
    pub code: String,
    /// Its state.
    pub state: String,
    /// Name of its category in the reader's language.
    pub category: String,
    /// Name of its major.
    pub major: String,
    /// Name of its community.
    pub community: String,
    /// Name of its grid, with its community's before it where the figures are a street's or a district's; absent where it has none.
    pub grid: Option<String>,
    /// Channel: `resident`, `patrol`, `hotline`, `transfer`, `api`.
    pub channel: &'static str,
    /// RFC 3339.
    pub filed_at: String,
    /// The deadline that it is counted by: the owner's, else the whole; RFC 3339.
    pub due_at: Option<String>,
    /// RFC 3339.
    pub closed_at: Option<String>,
}

impl From<Row> for CountedReport {
    fn from(row: Row) -> CountedReport {
        CountedReport {
            state: row.state.code().to_owned(),
            channel: row.channel.code(),
            filed_at: instant(row.filed_at).to_string(),
            due_at: row.deadline.map(|at| instant(at).to_string()),
            closed_at: row.closed_at.map(|at| instant(at).to_string()),
            grid: Some(row.grid).filter(|grid| !grid.is_empty()),
            code: row.code,
            category: row.category,
            major: row.major,
            community: row.community,
        }
    }
}

/// The reports behind a figure, in the order in which they were filed.
#[utoipa::path(get, path = "/api/v1/staff/statistics/reports/list", tag = "statistics", params(WhichFigure, Paging),
    responses((status = 200, body = Listed<CountedReport>)))]
pub async fn behind(ctx: Ctx, Params(which): Params<WhichFigure>, Params(paging): Params<Paging>) -> Result {
    let WhichFigure { place, from, to, by, key, measure } = which;
    let asked = Asked::read(&ctx, &StatisticsQuery { place, from, to, by, ..StatisticsQuery::default() }).await?;
    let measure = match measure.as_str() {
        "" => Measure::Due,
        code => Measure::from_code(code).ok_or_else(|| {
            Error::Fields(vec![FieldProblem { pointer: "measure".into(), detail: "nothing is counted so".into() }])
        })?,
    };
    let limit = paging.rows()?;
    let after = paging.after(|text| {
        let (filed_at, code) = text.split_once(' ')?;
        Some((filed_at.parse::<i64>().ok()?, code.to_owned()))
    })?;
    let mut rows = super::behind(&ctx, &asked, (measure, key.first().map(String::as_str))).await?;
    // A page goes on from the last row of the one before it, whatever was filed, dealt with or closed meanwhile.
    rows.sort_by(|one, other| (one.filed_at, &one.code).cmp(&(other.filed_at, &other.code)));
    if let Some((filed_at, code)) = &after {
        rows.retain(|row| (row.filed_at, &row.code) > (*filed_at, code));
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{} {}", row.filed_at, row.code));
    Ok(listed(&ctx, rows.into_iter().map(CountedReport::from).collect(), next))
}

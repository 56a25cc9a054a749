//! The figures through the API.

use super::{Asked, StatisticsQuery, figures, shown_name};
use crate::http::{Ctx, Params, Result};
use app::reports::statistics::{Figures, Measure};
use axum::{Json, response::IntoResponse};
use serde::Serialize;
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
            })
            .collect(),
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        place: asked.place.code,
    })
    .into_response())
}

//! Figures of halls through the API, and the tables of the page as files.

use crate::{
    http::{Ctx, Error, Result},
    windows::{
        routes::{
            managers::statistics::{Kind, file},
            views::Fields,
        },
        service::managers::statistics::{Statistics, statistics},
    },
};
use app::windows::statistics::{By, Figures, figures, grouped};
use axum::{Json, response::IntoResponse};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Figures of visits.
#[derive(Serialize, ToSchema)]
pub struct HallFigures {
    /// Code of the hall; absent: all of the reader's halls.
    pub hall: Option<String>,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Of all.
    pub all: VisitFigures,
    /// By code of the item.
    pub by_item: BTreeMap<String, VisitFigures>,
    /// By code of the hall.
    pub by_hall: BTreeMap<String, VisitFigures>,
}

/// What was counted.
#[derive(Serialize, ToSchema)]
pub struct VisitFigures {
    /// Booked for the period, cancelled ones included.
    pub booked: i64,
    /// Of these: came.
    pub came: i64,
    /// Of those who came: late.
    pub late: i64,
    /// Of the booked: did not come.
    pub no_show: i64,
    /// Of the booked: cancelled.
    pub cancelled: i64,
    /// Came without a booking.
    pub walk_in: i64,
    /// Served to the end.
    pub served: i64,
    /// Wait in minutes: median.
    pub wait_median: Option<f64>,
    /// Wait in minutes: 90th percentile.
    pub wait_p90: Option<f64>,
    /// Service in minutes: median.
    pub service_median: Option<f64>,
    /// Ratings.
    pub rated: i64,
    /// Mean of their stars.
    pub stars: Option<f64>,
}

fn shown(figures: &Figures) -> VisitFigures {
    let minutes = |micros: Option<i64>| micros.map(|micros| micros as f64 / 60_000_000.0);
    let (rated, sum) = figures.rated;
    VisitFigures {
        booked: figures.booked,
        came: figures.kept,
        late: figures.late,
        no_show: figures.no_show,
        cancelled: figures.cancelled,
        walk_in: figures.walk_in,
        served: figures.served,
        wait_median: minutes(figures.wait.0),
        wait_p90: minutes(figures.wait.1),
        service_median: minutes(figures.service[1]),
        rated,
        stars: (rated > 0).then(|| sum as f64 / rated as f64),
    }
}

/// The figures that a request asks for; 400 where a day is none.
async fn asked(ctx: &Ctx, fields: &Fields) -> Result<Statistics> {
    let date = |name: &str| -> Result<Option<Date>> {
        match fields.get(name) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| Error::BadRequest(format!("{name}: YYYY-MM-DD").into())),
        }
    };
    ctx.actor()?.require_somewhere(app::people::Action::StatisticsRead)?;
    let period = (date("from")?, date("to")?);
    statistics(ctx, fields.get("hall"), period).await
}

/// Figures of visits at one hall or at all of the reader's, of the last four weeks where the request does not say.
#[utoipa::path(get, path = "/api/v1/staff/statistics/halls", tag = "statistics",
    params(("hall" = Option<String>, Query, description = "code of the hall; all of the reader's without it"),
        ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD"),
        ("to" = Option<String>, Query, description = "last day; today without it")),
    responses((status = 200, body = HallFigures)))]
pub async fn halls(ctx: Ctx, fields: Fields) -> Result {
    let read = asked(&ctx, &fields).await?;
    let by = |by: By| grouped(&read.visits, by).iter().map(|(key, figures)| (key.clone(), shown(figures))).collect();
    Ok(Json(HallFigures {
        all: shown(&figures(&read.visits)),
        by_item: by(By::Item),
        by_hall: by(By::Hall),
        hall: read.hall.as_ref().map(|hall| hall.code.clone()),
        from: read.period.0.to_string(),
        to: read.period.1.to_string(),
    })
    .into_response())
}

/// The tables of figures, by item, window, weekday and the rest, as CSV with heads in the language of the request.
#[utoipa::path(get, path = "/api/v1/staff/statistics/halls.csv", tag = "statistics",
    params(("hall" = Option<String>, Query, description = "code of the hall; all of the reader's without it"),
        ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD"),
        ("to" = Option<String>, Query, description = "last day; today without it")),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub async fn csv(ctx: Ctx, fields: Fields) -> Result {
    file(&ctx, &asked(&ctx, &fields).await?, Kind::Csv)
}

/// The same tables as a workbook.
#[utoipa::path(get, path = "/api/v1/staff/statistics/halls.xlsx", tag = "statistics",
    params(("hall" = Option<String>, Query, description = "code of the hall; all of the reader's without it"),
        ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD"),
        ("to" = Option<String>, Query, description = "last day; today without it")),
    responses((status = 200, description = "The file",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String)))]
pub async fn xlsx(ctx: Ctx, fields: Fields) -> Result {
    file(&ctx, &asked(&ctx, &fields).await?, Kind::Xlsx)
}

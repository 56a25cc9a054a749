//! The JSON API of this room.

use super::service::{self, Home, Odds};
use crate::{
    http::{Access, Ctx, Error, Params, Result, Routes},
    places::Organisation,
};
use app::{
    net::figure::{Figure, Measured},
    people::Action,
    reports::statistics::Measure,
};
use axum::{Json, extract::Path, response::IntoResponse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(own, home, unusual, behind))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::NetRead);
    Routes::new()
        .get("/api/v1/staff/net", read, own)
        .get("/api/v1/staff/net/{code}", read, home)
        .get("/api/v1/staff/net/{code}/unusual", read, unusual)
        .get("/api/v1/staff/net/{code}/unusual/reports", read, behind)
}

/// What is known of a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetMeasured {
    /// Open now.
    pub open: i64,
    /// Open, with a deadline in what is left of today.
    pub today: i64,
    /// Open and past the deadline, of what a clock runs for.
    pub overdue: i64,
    /// Households; 0: not known.
    pub households: i64,
    /// Filed this month.
    pub filed: i64,
    /// Due this month (应结案).
    pub due: i64,
    /// Of these, closed.
    pub closed: i64,
    /// Of these, closed on time.
    pub on_time: i64,
    /// Of the due ones, standing still now.
    pub suspended: i64,
    /// Closed ÷ due; absent when nothing was due.
    pub closing_rate: Option<f64>,
    /// Closed on time ÷ (due − suspended).
    pub on_time_rate: Option<f64>,
    /// Tenths of reports of the month for a thousand households; absent where households are not known.
    pub per_thousand_households_tenths: Option<i64>,
}

fn measured(of: &Measured) -> NetMeasured {
    let n = |measure: Measure| of.month.count(measure);
    NetMeasured {
        open: of.open,
        today: of.today,
        overdue: of.overdue,
        households: of.households,
        filed: n(Measure::Filed),
        due: n(Measure::Due),
        closed: n(Measure::Closed),
        on_time: n(Measure::OnTime),
        suspended: n(Measure::Suspended),
        closing_rate: of.month.closing_rate(),
        on_time_rate: of.month.on_time_rate(),
        per_thousand_households_tenths: Figure::PerHousehold.value(of),
    }
}

/// A part of a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetPart {
    /// Code; empty for what lies in no grid.
    pub code: String,
    /// Name in the reader's language; empty for what lies in no grid.
    pub name: String,
    /// `subdistrict`, `community` or `grid`; empty for what lies in no grid.
    pub kind: String,
    /// What is known of it.
    #[serde(flatten)]
    pub measured: NetMeasured,
}

/// What waits for the reader's decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetWaits {
    /// What: `extension`, `extension_above`, `returned`, `disputed`, `supervision`, `supervision_extension`, `matters`, `property`,
    /// `property_appeal`, `findings`, `notices`, `registrations`, `hours`.
    pub kind: &'static str,
    /// How many.
    pub count: i64,
    /// The page with its list.
    pub href: String,
}

/// A place now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetPlace {
    /// Code.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// `district`, `subdistrict` or `community`.
    pub kind: String,
    /// All of it.
    pub sum: NetMeasured,
    /// Its parts, in the order of the tree: no ranking.
    pub parts: Vec<NetPart>,
    /// What waits for the reader.
    pub waiting: Vec<NetWaits>,
    /// How many grids and categories are unusual.
    pub unusual: usize,
}

/// What a district, street or community sees of its subtree now, with the month's figures up to now.
#[utoipa::path(get, path = "/api/v1/staff/net/{code}", tag = "net",
    params(("code" = String, Path, description = "code of the organisation")), responses((status = 200, body = NetPlace)))]
pub async fn home(ctx: Ctx, Path(code): Path<String>) -> Result {
    let place = service::place(&ctx, &code).await?;
    shown(&ctx, place).await
}

/// The same of the reader's own organisation; the first of them, where there are several.
#[utoipa::path(get, path = "/api/v1/staff/net", tag = "net", responses((status = 200, body = NetPlace)))]
pub async fn own(ctx: Ctx) -> Result {
    let place = service::own(&ctx).await?.into_iter().next().ok_or(Error::NotFound)?;
    shown(&ctx, place).await
}

async fn shown(ctx: &Ctx, place: Organisation) -> Result {
    let Home { place, sum, parts, waiting, odds, .. } = service::home(ctx, place).await?;
    let name = |name: &str, name_en: &str| ctx.w.pick(name, name_en).to_owned();
    Ok(Json(NetPlace {
        name: name(&place.name, &place.name_en),
        sum: measured(&sum),
        parts: parts
            .into_iter()
            .map(|part| {
                let measured = measured(&part.measured);
                match part.place {
                    Some(place) => NetPart {
                        name: name(&place.name, &place.name_en),
                        code: place.code,
                        kind: place.kind,
                        measured,
                    },
                    None => NetPart { code: String::new(), name: String::new(), kind: String::new(), measured },
                }
            })
            .collect(),
        waiting: waiting
            .into_iter()
            .map(|waits| NetWaits { kind: waits.code, count: waits.count, href: waits.href })
            .collect(),
        unusual: odds.all.len(),
        code: place.code,
        kind: place.kind,
    })
    .into_response())
}

/// A grid or category far above its own pattern.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetUnusual {
    /// `grid` or `category`.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Reports filed in the last seven days.
    pub count: i64,
    /// Median of the weeks before.
    pub usual: f64,
    /// The most in any of them.
    pub most: i64,
}

/// Grids and categories with far more reports in the last seven days than in their own twelve weeks before.
#[utoipa::path(get, path = "/api/v1/staff/net/{code}/unusual", tag = "net",
    params(("code" = String, Path, description = "code of the organisation")), responses((status = 200, body = Vec<NetUnusual>)))]
pub async fn unusual(ctx: Ctx, Path(code): Path<String>) -> Result {
    let place = service::place(&ctx, &code).await?;
    let Odds { all, .. } = service::odds_of(&ctx, &place).await?;
    let all: Vec<NetUnusual> = all
        .into_iter()
        .map(|odd| NetUnusual {
            name: ctx.w.pick(&odd.name, &odd.name_en).to_owned(),
            kind: odd.kind,
            code: odd.code,
            count: odd.unusual.count,
            usual: odd.unusual.usual_twice as f64 / 2.0,
            most: odd.unusual.most,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// Which grid or category.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NetWhich {
    kind: String,
    of: String,
}

/// A report behind something unusual.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetBehind {
    /// Code.
    pub code: String,
    /// State now.
    pub state: String,
    /// When it was filed.
    #[schema(value_type = String, format = DateTime)]
    pub filed_at: Timestamp,
}

/// The reports behind it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetBehindList {
    /// How many there are.
    pub count: i64,
    /// The newest of them, at most 500.
    pub reports: Vec<NetBehind>,
}

/// The reports of the last seven days of a grid or category in a place, the newest first.
#[utoipa::path(get, path = "/api/v1/staff/net/{code}/unusual/reports", tag = "net", params(
    ("code" = String, Path, description = "code of the organisation"),
    ("kind" = String, Query, description = "`grid` or `category`"),
    ("of" = String, Query, description = "its code"),
), responses((status = 200, body = NetBehindList), (status = 404, description = "no such grid here, or no such category")))]
pub async fn behind(ctx: Ctx, Path(code): Path<String>, Params(which): Params<NetWhich>) -> Result {
    let place = service::place(&ctx, &code).await?;
    let found = service::behind(&ctx, &place, &which.kind, &which.of).await?;
    let reports = found
        .rows
        .into_iter()
        .map(|row| NetBehind {
            code: row.code,
            state: row.state,
            filed_at: Timestamp::from_microsecond(row.filed_at).unwrap_or_default(),
        })
        .collect();
    Ok(Json(NetBehindList { count: found.count, reports }).into_response())
}

//! The register and its figures.

use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{Listed, Paging, listed, private},
    },
    supervision::{
        service::{read, scope},
        store::{
            Letter, instant,
            list::{self, Asked, Cursor},
        },
    },
};
use app::{people::Action, supervision::figures::Figures};
use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A letter in the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionItem {
    /// Id.
    pub id: String,
    /// `order` (督办) or `notice` (整改通知).
    pub kind: String,
    /// Its number as it is written; empty for a draft.
    pub sign: String,
    /// `draft`, `issued`, `answered`, `done` or `withdrawn`.
    pub state: String,
    /// It waits for an answer beyond its deadline.
    pub overdue: bool,
    /// 0 for a draft; one more each time an answer was sent back.
    pub round: i64,
    /// The lock of its state.
    pub version: i64,
    /// Code of the organisation that issues it.
    pub issuer: String,
    /// Code of the organisation that it is addressed to.
    pub addressee: String,
    /// A unit or company that it is about, may be empty.
    pub company: String,
    /// Subject.
    pub subject: String,
    /// The deadline of this round.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// When it was first issued.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub issued_at: Option<Timestamp>,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Timestamp>,
    /// Working days of an extension that waits for a decision; 0: none does.
    pub extension_days: i64,
}

/// A letter as lists have it.
pub fn item(ctx: &Ctx, letter: &Letter) -> SupervisionItem {
    SupervisionItem {
        id: letter.id.clone(),
        kind: letter.kind.clone(),
        sign: letter.sign.clone(),
        state: letter.state.clone(),
        overdue: letter.is_overdue(ctx.now),
        round: letter.round,
        version: letter.version,
        issuer: letter.issuer_code.clone(),
        addressee: letter.addressee_code.clone(),
        company: letter.company.clone(),
        subject: letter.subject.clone(),
        due_at: letter.due(),
        issued_at: letter.issued_at.map(instant),
        done_at: letter.done_at.map(instant),
        extension_days: letter.wait_days,
    }
}

/// Which letters are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SupervisionAsked {
    /// `open`, `overdue`, `all` or a state; all without it. What waits for the reader: `mine-answer`, `mine-recheck`,
    /// `mine-extension`.
    pub state: String,
    /// `order` or `notice`.
    pub kind: String,
    /// Code of an organisation: letters to it and below.
    pub addressee: String,
    /// Year of the number.
    pub year: String,
    /// Code of an organisation: letters that it issues or that are addressed to itself.
    pub at: String,
    /// Where the page begins: as an answer's `next` gives it.
    pub cursor: Option<String>,
    /// Rows at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<usize>,
}

fn wrong(detail: &str) -> Error {
    Error::Fields(vec![FieldProblem { pointer: "query".into(), detail: detail.into() }])
}

/// The register of what the reader sees, the newest first.
#[utoipa::path(get, path = "/api/v1/staff/supervision", tag = "net", params(SupervisionAsked),
    responses((status = 200, body = Listed<SupervisionItem>), (status = 422, description = "no such filter")))]
pub async fn list(ctx: Ctx, Params(query): Params<SupervisionAsked>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionRead)?;
    let tab = if query.state.is_empty() { "all" } else { &query.state };
    let asked = read::asked(&ctx, tab, (&query.kind, &query.addressee, &query.year), &query.at).await?;
    let asked: Asked = asked.ok_or_else(|| wrong("state, kind, addressee, year or at: there is no such one"))?;
    let paging = Paging { cursor: query.cursor, limit: query.limit };
    let rows = paging.rows()?;
    let after = paging.after(Cursor::from_code)?;
    let (letters, next) = list::page(&ctx.app.db, &scope(actor), &asked, (after.as_ref(), rows), ctx.now).await?;
    let items: Vec<SupervisionItem> = letters.iter().map(|letter| item(&ctx, letter)).collect();
    Ok(listed(&ctx, items, next.map(|cursor| cursor.code())))
}

/// Figures of some letters; what they mean: `definitions` of the page `/staff/supervision/statistics`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionFiguresOut {
    /// Issued and not withdrawn.
    pub issued: i64,
    /// First answered by the deadline.
    pub answered_in_time: i64,
    /// Sent back at least once.
    pub sent_back: i64,
    /// Done.
    pub done: i64,
    /// Wait for an answer beyond the deadline now.
    pub overdue: i64,
    /// Issued and withdrawn.
    pub withdrawn: i64,
    /// Done in hundredths of a percent of what was issued, rounded down; absent when nothing was.
    pub done_rate: Option<i64>,
}

fn figures(figures: Figures) -> SupervisionFiguresOut {
    SupervisionFiguresOut {
        issued: figures.issued,
        answered_in_time: figures.in_time,
        sent_back: figures.sent_back,
        done: figures.done,
        overdue: figures.overdue,
        withdrawn: figures.withdrawn,
        done_rate: figures.done_rate(),
    }
}

/// Figures of one addressee and month.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionMonthOut {
    /// Path of the addressee.
    pub addressee: String,
    /// Month of first issue: `2026-11`.
    pub month: String,
    /// Figures.
    pub figures: SupervisionFiguresOut,
}

/// Figures of a year, or of all time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisionStatisticsOut {
    /// All together.
    pub all: SupervisionFiguresOut,
    /// Of each addressee and month.
    pub months: Vec<SupervisionMonthOut>,
}

/// Which year is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SupervisionYear {
    /// Year of the number; all time without it.
    pub year: String,
}

/// Figures for each addressee and month.
#[utoipa::path(get, path = "/api/v1/staff/supervision/statistics", tag = "net",
    params(SupervisionYear), responses((status = 200, body = SupervisionStatisticsOut), (status = 422, description = "no such year")))]
pub async fn statistics(ctx: Ctx, Params(query): Params<SupervisionYear>) -> Result {
    ctx.actor()?.require_somewhere(Action::SupervisionRead)?;
    let asked = read::asked(&ctx, "all", ("", "", &query.year), "").await?;
    let year = asked.ok_or_else(|| wrong("year: there is no such one"))?.year;
    let sums = read::statistics(&ctx, year).await?;
    let months = sums.both.into_iter().map(|((addressee, month), one)| SupervisionMonthOut {
        addressee,
        month,
        figures: figures(one),
    });
    Ok(private(Json(SupervisionStatisticsOut { all: figures(sums.all), months: months.collect() })))
}

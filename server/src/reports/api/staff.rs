//! The dispatch desk through the API: the queue. One report is in [`one`], what is done with it in [`steps`].

pub mod calls;
pub mod one;
pub mod photos;
pub mod ratings;
pub mod steps;

use crate::{
    http::{
        Ctx, Params, Result,
        api::{Listed, Paging, listed},
    },
    reports::{
        queue,
        queue::{Cursor, Reach},
        store::Report,
        view,
    },
};
use app::people::Action;
use axum::{Json, response::IntoResponse};
use serde::{Deserialize, Serialize};

/// Filters of the queue.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Filters {
    /// `open` (the default), `late`, `today`, `unassigned`, `verify`, `extension-1`, `extension-2`, `ordered`, `returned`, `all`, or a
    /// state.
    pub state: String,
    /// Code of a major category.
    pub kind: String,
    /// Code of a category.
    pub category: String,
    /// Code of a grid.
    pub grid: String,
    /// Id of the owner.
    pub owner: String,
    /// Channel: `resident`, `patrol`, `hotline`, `transfer`, `api`.
    pub channel: String,
    /// Words in description or place, or a code.
    pub q: String,
}

impl Filters {
    fn asked(self) -> queue::Asked {
        queue::Asked {
            state: if self.state.is_empty() { "open".to_owned() } else { self.state },
            major: self.kind,
            category: self.category,
            grid: self.grid,
            owner: self.owner,
            channel: self.channel,
            text: self.q.chars().take(100).collect(),
        }
    }
}

/// A report as those who work on it see it in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkItem {
    /// Its code.
    pub code: String,
    /// Its state.
    pub state: String,
    /// Number of the last thing that happened: the lock of the next step.
    pub version: i64,
    /// Code of the category.
    pub category: String,
    /// Its name in the reader's language.
    pub category_name: String,
    /// Community, grid and building.
    pub place: String,
    /// The reporter's words.
    pub description: String,
    /// Channel.
    pub channel: String,
    /// Who has it.
    pub owner: Option<String>,
    /// RFC 3339.
    pub filed_at: String,
    /// By when it is to be dealt with; RFC 3339.
    pub due_at: Option<String>,
    /// By when the owner is to be done; RFC 3339.
    pub owner_due_at: Option<String>,
    /// WGS-84 longitude and latitude.
    pub position: Option<(f64, f64)>,
}

/// A report in a list of work.
pub fn item(ctx: &Ctx, report: Report) -> WorkItem {
    WorkItem {
        category_name: view::category(ctx.w, &report),
        place: view::whole_place(ctx.w, &report),
        channel: report.channel().code().to_owned(),
        filed_at: report.filed().to_string(),
        due_at: report.due().map(|due| due.to_string()),
        owner_due_at: report.owner_due().map(|due| due.to_string()),
        position: report.at_longitude.zip(report.at_latitude),
        code: report.code,
        state: report.state,
        version: report.version,
        category: report.category,
        description: report.description,
        owner: report.owner_name,
    }
}

/// The queue of the reader's places, what is most urgent first; what is over by its last change.
#[utoipa::path(get, path = "/api/v1/staff/reports", tag = "dispatch", params(Filters, Paging), responses(
    (status = 200, body = Listed<WorkItem>),
))]
pub(crate) async fn list(ctx: Ctx, Params(filters): Params<Filters>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let asked = filters.asked();
    let after = paging.after(Cursor::from_code)?;
    let reach = Reach::of(&ctx.app.db, &actor.scopes(Action::ReportRead), &asked.grid).await?;
    let what = (&asked, actor.id.as_str());
    let (rows, next) = queue::page_of(&ctx.app.db, &reach, what, (after.as_ref(), paging.rows()?), ctx.now).await?;
    let items = rows.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(listed(&ctx, items, next.map(|cursor| cursor.code())))
}

/// How many reports wait.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Waiting {
    /// Open ones by state.
    pub states: Vec<StateCount>,
    /// There are more than are counted: each number is the least there are.
    pub at_least: bool,
    /// First extensions that the community decides on.
    pub extensions: i64,
    /// Second extensions that the street decides on.
    pub extensions_above: i64,
    /// Orders of supervision without an answer.
    pub ordered: i64,
    /// Handed back, and without an owner again.
    pub returned: i64,
}

/// Open reports in one state.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StateCount {
    /// The state.
    pub state: String,
    /// All of them.
    pub all: i64,
    /// Past their deadline.
    pub late: i64,
    /// With a deadline today.
    pub today: i64,
    /// Without an owner.
    pub unassigned: i64,
    /// Handled by others than the reader.
    pub verify: i64,
}

/// How many reports wait in the reader's places, with the filters but `state`.
#[utoipa::path(get, path = "/api/v1/staff/reports/counts", tag = "dispatch", params(Filters), responses(
    (status = 200, body = Waiting),
))]
pub(crate) async fn counts(ctx: Ctx, Params(filters): Params<Filters>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let asked = filters.asked();
    let db = &ctx.app.db;
    let reach = Reach::of(db, &actor.scopes(Action::ReportRead), &asked.grid).await?;
    let counts = queue::counts(db, &reach, (&asked, &actor.id), ctx.now).await?;
    let waits = queue::waits(db, &reach).await?;
    let states = counts.states.into_iter().map(|count| StateCount {
        state: count.state,
        all: count.all,
        late: count.late,
        today: count.today,
        unassigned: count.unassigned,
        verify: count.verify,
    });
    Ok(Json(Waiting {
        states: states.collect(),
        at_least: counts.more,
        extensions: waits.first,
        extensions_above: waits.second,
        ordered: waits.ordered,
        returned: waits.returned,
    })
    .into_response())
}

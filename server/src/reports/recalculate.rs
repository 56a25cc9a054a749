//! Deadlines of open reports, calculated again after a limit, the working hours or the calendar changed. The job is queued
//! in the transaction of the change and done once, in pieces that each take up where the last one ended.

use super::{clocks, moved};
use crate::{
    app_state::App,
    clock,
    db::{Tx, dialect},
    jobs::{self, Job},
};
use app::reports::moved::Why;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Open reports whose deadlines are calculated again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All: the calendar changed.
    #[default]
    All,
    /// Of a category, by its code: its limit changed.
    Category(String),
    /// Of a major category, by its code: its dispatch limit changed.
    Major(String),
    /// Under a path of the organisation: the working hours there changed.
    Under(String),
}

/// Reports in one transaction: their rows are locked until it ends.
const BATCH: i64 = 50;
/// Batches in one run of the job; a following job does the rest.
const BATCHES: usize = 10;

/// Queues the calculation in the transaction of what changed. It runs after that has been committed, once.
pub async fn queue(tx: &mut Tx, which: Which, now: Timestamp) -> anyhow::Result<()> {
    let job = Job::ReportClocks { which, run: clock::new_id(now), after: String::new() };
    jobs::queue(tx, &job, now, None, now).await
}

/// Calculates one piece and queues the next one. Running a piece twice changes nothing.
pub async fn run(app: &App, which: Which, run: String, mut after: String) -> anyhow::Result<()> {
    // Another server may have taken in the year that this is about.
    app.calendar.refresh(&app.db).await?;
    let (condition, value, why) = match &which {
        Which::All => ("$2 = ''", "", Why::Calendar),
        Which::Category(code) => ("r.category = $2", code.as_str(), Why::Limit),
        Which::Major(code) => {
            ("r.category IN (SELECT c.code FROM category c WHERE c.major = $2)", code.as_str(), Why::Limit)
        }
        Which::Under(path) => ("substr(r.path, 1, length($2)) = $2", path.as_str(), Why::Hours),
    };
    // Locked, so that a step that is taken meanwhile is either seen here or sees what is written here.
    let sql = format!(
        "SELECT r.id FROM report r WHERE r.id > $1 AND r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged') \
         AND {condition} ORDER BY r.id LIMIT {BATCH}{}",
        dialect::for_update(app.db.engine())
    );
    for batch in 1..=BATCHES {
        let mut tx = app.db.begin().await?;
        let ids: Vec<(String,)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str())).bind(&after).bind(value).fetch_all(&mut *tx).await?;
        let Some((last,)) = ids.last() else { return Ok(()) };
        after.clone_from(last);
        for (id,) in &ids {
            let wound = clocks::wind(&mut tx, &app.calendar, id).await?;
            moved::note(&mut tx, id, &wound, why, app.clock.now()).await?;
        }
        if batch == BATCHES {
            let now = app.clock.now();
            let key = format!("report_clocks:{run}:{after}");
            let next = Job::ReportClocks { which: which.clone(), run: run.clone(), after: after.clone() };
            jobs::queue(&mut tx, &next, now, Some(&key), now).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

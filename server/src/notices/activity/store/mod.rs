//! Activities in the database. Whoever changes who is signed up locks the activity's row first ([`lock`]): the statements
//! after it see what others have just done. Seats are taken by one statement ([`take`]), which alone decides. Who signed up is
//! in [`sign_ups`], as lists in [`lists`].

mod lists;
mod sign_ups;

pub use lists::*;
pub use sign_ups::*;

use crate::{
    db::{Db, Tx, marks},
    notices::reading::instant_of as instant,
};
use app::notices::{ActivityPlan, Standing};
use jiff::Timestamp;

/// What a notice says, as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
struct PlanRow {
    activity_id: String,
    starts_at: i64,
    ends_at: i64,
    place: String,
    place_en: String,
    seats: i64,
    most: i64,
    until_at: i64,
}

impl PlanRow {
    fn split(self) -> (String, ActivityPlan) {
        let plan = ActivityPlan {
            starts_at: instant(self.starts_at),
            ends_at: instant(self.ends_at),
            place: self.place,
            place_en: self.place_en,
            seats: self.seats,
            most: self.most,
            until: instant(self.until_at),
        };
        (self.activity_id, plan)
    }
}

const PLAN: &str = "SELECT activity_id, starts_at, ends_at, place, place_en, seats, most, until_at \
     FROM notice_activity WHERE notice_id = $1";

/// What a notice says about an activity: the activity's id and the plan.
pub async fn plan(db: &Db, notice_id: &str) -> Result<Option<(String, ActivityPlan)>, sqlx::Error> {
    let row: Option<PlanRow> = sqlx::query_as(PLAN).bind(notice_id).fetch_optional(db.read()).await?;
    Ok(row.map(PlanRow::split))
}

/// The same inside a transaction.
pub async fn plan_in(tx: &mut Tx, notice_id: &str) -> Result<Option<(String, ActivityPlan)>, sqlx::Error> {
    let row: Option<PlanRow> = sqlx::query_as(PLAN).bind(notice_id).fetch_optional(&mut **tx).await?;
    Ok(row.map(PlanRow::split))
}

/// Writes what a notice says about an activity, or that it says nothing. A correction is about the activity of what it
/// corrects.
pub async fn set_plan(
    tx: &mut Tx,
    notice_id: &str,
    corrects_id: Option<&str>,
    plan: Option<&ActivityPlan>,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM notice_activity WHERE notice_id = $1").bind(notice_id).execute(&mut **tx).await?;
    let Some(plan) = plan else { return Ok(()) };
    let earlier = match corrects_id {
        Some(id) => plan_in(tx, id).await?.map(|(activity_id, _)| activity_id),
        None => None,
    };
    sqlx::query(
        "INSERT INTO notice_activity (notice_id, activity_id, starts_at, ends_at, place, place_en, seats, most, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(notice_id)
    .bind(earlier.as_deref().unwrap_or(notice_id))
    .bind(plan.starts_at.as_microsecond())
    .bind(plan.ends_at.as_microsecond())
    .bind(&plan.place)
    .bind(&plan.place_en)
    .bind(plan.seats)
    .bind(plan.most)
    .bind(plan.until.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A published activity.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Activity {
    /// Id: the first notice about it.
    pub id: String,
    /// The notice whose words count now.
    pub notice_id: String,
    seats: i64,
    taken: i64,
    until_at: i64,
    starts_at: i64,
    ends_at: i64,
    /// Grows with every change.
    pub sequence: i64,
    changed_at: i64,
    cancelled_at: Option<i64>,
}

impl Activity {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        Standing {
            seats: self.seats,
            taken: self.taken,
            until: instant(self.until_at),
            starts_at: instant(self.starts_at),
            cancelled: self.cancelled_at.is_some(),
        }
    }

    /// When it ends.
    pub fn ends_at(&self) -> Timestamp {
        instant(self.ends_at)
    }

    /// When it was last changed.
    pub fn changed_at(&self) -> Timestamp {
        instant(self.changed_at)
    }
}

macro_rules! activity_columns {
    () => {
        "a.id, a.notice_id, a.seats, a.taken, a.until_at, a.starts_at, a.ends_at, a.sequence, a.changed_at, a.cancelled_at"
    };
}

/// The activity that a notice, or an earlier or later one of the same chain, is about.
pub async fn of_notice(db: &Db, notice_id: &str) -> Result<Option<Activity>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT ",
        activity_columns!(),
        " FROM notice_activity p JOIN activity a ON a.id = p.activity_id WHERE p.notice_id = $1"
    ))
    .bind(notice_id)
    .fetch_optional(db.read())
    .await
}

/// The activities of these notices, each with the notice that was asked for.
pub async fn of_notices(db: &Db, notice_ids: &[&str]) -> Result<Vec<(String, Activity)>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        asked: String,
        #[sqlx(flatten)]
        activity: Activity,
    }
    if notice_ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT p.notice_id AS asked, {} FROM notice_activity p JOIN activity a ON a.id = p.activity_id \
         WHERE p.notice_id IN ({})",
        activity_columns!(),
        marks(1, notice_ids.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in notice_ids {
        query = query.bind(*id);
    }
    let rows: Vec<Row> = query.fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.asked, row.activity)).collect())
}

/// Activities of a place for its calendar, at most `limit`: what is not over at `now`, the next ones first; then what ended
/// after `from`, the latest first. A notice counts when it is for the community at `path`, above it or for a part of it; an
/// empty path is everywhere.
pub async fn for_calendar(
    db: &Db,
    path: &str,
    (from, now): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Activity>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT ",
        activity_columns!(),
        " FROM activity a WHERE a.ends_at > $1 AND ($2 = '' OR EXISTS (SELECT 1 FROM notice_aim m \
         WHERE m.notice_id = a.notice_id \
         AND (substr($2, 1, length(m.path)) = m.path OR substr(m.path, 1, length($2)) = $2))) \
         ORDER BY CASE WHEN a.ends_at > $4 THEN 0 ELSE 1 END, \
         CASE WHEN a.ends_at > $4 THEN a.starts_at ELSE -a.starts_at END, a.id LIMIT $3"
    ))
    .bind(from.as_microsecond())
    .bind(path)
    .bind(limit)
    .bind(now.as_microsecond())
    .fetch_all(db.read())
    .await
}

/// Locks an activity until the transaction ends and gives it as it is then.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Activity>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE activity SET taken = taken WHERE id = $1 RETURNING id, notice_id, seats, taken, until_at, starts_at, \
         ends_at, sequence, changed_at, cancelled_at",
    )
    .bind(id)
    .fetch_optional(&mut **tx)
    .await
}

/// Begins an activity with the notice that was just published, or gives one that stands the words of its correction.
pub async fn set_words(
    tx: &mut Tx,
    id: &str,
    notice_id: &str,
    plan: &ActivityPlan,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO activity (id, notice_id, seats, until_at, starts_at, ends_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET notice_id = $2, seats = $3, until_at = $4, \
         starts_at = $5, ends_at = $6, changed_at = $7, sequence = activity.sequence + 1",
    )
    .bind(id)
    .bind(notice_id)
    .bind(plan.seats)
    .bind(plan.until.as_microsecond())
    .bind(plan.starts_at.as_microsecond())
    .bind(plan.ends_at.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Calls an activity off when this notice is the one whose words count. Returns whether it did.
pub async fn call_off(tx: &mut Tx, id: &str, notice_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE activity SET cancelled_at = $3, changed_at = $3, sequence = sequence + 1 \
         WHERE id = $1 AND notice_id = $2 AND cancelled_at IS NULL",
    )
    .bind(id)
    .bind(notice_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes so many seats, if there are as many. This statement alone decides: of any number of attempts at k seats, k
/// succeed.
pub async fn take(tx: &mut Tx, id: &str, people: i64) -> Result<bool, sqlx::Error> {
    let taken: Option<(String,)> = sqlx::query_as(
        "UPDATE activity SET taken = taken + $2 WHERE id = $1 AND taken + $2 <= seats AND cancelled_at IS NULL \
         RETURNING id",
    )
    .bind(id)
    .bind(people)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(taken.is_some())
}

/// Gives so many seats back.
pub async fn free(tx: &mut Tx, id: &str, people: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE activity SET taken = taken - $2 WHERE id = $1 AND taken >= $2")
        .bind(id)
        .bind(people)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

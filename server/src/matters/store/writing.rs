//! Writing matters.

use crate::{clock, db::Tx};
use app::matters::{
    clock::Clocks,
    kind::{Kind, Way},
    life::State,
};
use jiff::Timestamp;

/// A matter that is to be made.
pub struct NewMatter<'a> {
    /// Its number.
    pub number: &'a str,
    /// Title.
    pub title: &'a str,
    /// What it is about.
    pub body: &'a str,
    /// Kind.
    pub kind: Kind,
    /// Which way it goes.
    pub way: Way,
    /// Id and code of the report from which it comes; both empty: none.
    pub report: (&'a str, &'a str),
    /// Id of the matter above and of the topmost one; both empty: it is the topmost.
    pub above: (&'a str, &'a str),
    /// Id and path of the sender; both empty: a platform.
    pub from: (&'a str, &'a str),
    /// Id and path of the receiver; both empty: a platform.
    pub to: (&'a str, &'a str),
    /// The platform on one side; empty: none.
    pub platform_id: &'a str,
    /// What the platform calls it.
    pub foreign_ref: &'a str,
    /// Limits in working hours and working days.
    pub limits: (i64, i64),
    /// Who made it; empty: a platform.
    pub made_by: &'a str,
    /// One makes one.
    pub form_key: &'a str,
}

/// The next number of a day, such as `JB20261125-0001`.
pub async fn next_number(tx: &mut Tx, now: Timestamp) -> Result<String, sqlx::Error> {
    let day = app::time::day_of(now).strftime("%Y%m%d").to_string();
    let (last,): (i64,) = sqlx::query_as(
        "INSERT INTO matter_number (day, last) VALUES ($1, 1) \
         ON CONFLICT (day) DO UPDATE SET last = matter_number.last + 1 RETURNING last",
    )
    .bind(&day)
    .fetch_one(&mut **tx)
    .await?;
    Ok(format!("JB{day}-{last:04}"))
}

/// Makes a matter; gives its id. `None`: this form or reference has made one before.
pub async fn insert(tx: &mut Tx, new: NewMatter<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let root = if new.above.1.is_empty() { id.as_str() } else { new.above.1 };
    let done = sqlx::query(
        "INSERT INTO matter (id, number, title, body, kind, way, report_id, report_code, parent_id, root_id, from_id, \
         from_path, to_id, to_path, platform_id, foreign_ref, state, accept_hours, days, made_by, sent_at, changed_at, \
         form_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'sent', $17, $18, $19, \
         $20, $20, $21) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.number)
    .bind(new.title)
    .bind(new.body)
    .bind(new.kind.code())
    .bind(new.way.code())
    .bind(new.report.0)
    .bind(new.report.1)
    .bind(new.above.0)
    .bind(root)
    .bind(new.from.0)
    .bind(new.from.1)
    .bind(new.to.0)
    .bind(new.to.1)
    .bind(new.platform_id)
    .bind(new.foreign_ref)
    .bind(new.limits.0)
    .bind(new.limits.1)
    .bind(new.made_by)
    .bind(now.as_microsecond())
    .bind(new.form_key)
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// What happened.
pub struct NewEvent<'a> {
    /// The matter.
    pub matter_id: &'a str,
    /// The version into which it led.
    pub seq: i64,
    /// Code of the step; empty: it was sent.
    pub step: &'a str,
    /// States before and after.
    pub states: (State, State),
    /// `sender`, `receiver` or `system`.
    pub side: &'a str,
    /// Id of the person; empty: none.
    pub done_by: &'a str,
    /// Id of the platform; empty: none.
    pub platform_id: &'a str,
    /// What was said.
    pub reason: &'a str,
    /// Working days.
    pub days: i64,
}

/// Writes an event.
pub async fn insert_event(tx: &mut Tx, event: NewEvent<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO matter_event (id, matter_id, seq, at, step, from_state, to_state, side, done_by, platform_id, reason, \
         days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(clock::new_id(now))
    .bind(event.matter_id)
    .bind(event.seq)
    .bind(now.as_microsecond())
    .bind(event.step)
    .bind(event.states.0.code())
    .bind(event.states.1.code())
    .bind(event.side)
    .bind(event.done_by)
    .bind(event.platform_id)
    .bind(event.reason)
    .bind(event.days)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a step changes.
pub struct Change<'a> {
    /// The new state.
    pub state: State,
    /// Where a question goes back to.
    pub back: State,
    /// Working days asked for; kept when 0.
    pub asked_days: i64,
    /// Working days granted now.
    pub granted_days: i64,
    /// The answer; kept when empty.
    pub answer: &'a str,
    /// It was taken now.
    pub accepted: bool,
    /// `Some(true)`: it was answered now; `Some(false)`: the answer did not do.
    pub answered: Option<bool>,
}

/// Changes a matter that still has this version. Returns whether it had.
pub async fn change(
    tx: &mut Tx,
    (id, version): (&str, i64),
    change: Change<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let answered = match change.answered {
        None => 0_i64,
        Some(true) => 1,
        Some(false) => 2,
    };
    let done = sqlx::query(
        "UPDATE matter SET state = $3, back_state = $4, \
         asked_days = CASE WHEN $5 > 0 THEN $5 ELSE asked_days END, extended_days = extended_days + $6, \
         answer = CASE WHEN $7 = '' THEN answer ELSE $7 END, \
         accepted_at = CASE WHEN $8 = 1 THEN COALESCE(accepted_at, $11) ELSE accepted_at END, \
         answered_at = CASE WHEN $9 = 1 THEN $11 WHEN $9 = 2 THEN NULL ELSE answered_at END, \
         over_at = CASE WHEN $10 = 1 THEN $11 ELSE over_at END, changed_at = $11, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(change.state.code())
    .bind(change.back.code())
    .bind(change.asked_days)
    .bind(change.granted_days)
    .bind(change.answer)
    .bind(i64::from(change.accepted))
    .bind(answered)
    .bind(i64::from(change.state.is_over()))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes the clocks down.
pub async fn set_clocks(tx: &mut Tx, id: &str, clocks: &Clocks) -> Result<(), sqlx::Error> {
    let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    sqlx::query("UPDATE matter SET accept_due_at = $2, due_at = $3, stopped_at = $4 WHERE id = $1")
        .bind(id)
        .bind(micros(clocks.accept_due))
        .bind(micros(clocks.due))
        .bind(micros(clocks.stopped_at))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes down what the platform calls it.
pub async fn set_foreign(tx: &mut Tx, id: &str, reference: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE matter SET foreign_ref = $2 WHERE id = $1").bind(id).bind(reference).execute(&mut **tx).await?;
    Ok(())
}

/// Writes down when a platform was asked that said nothing.
pub async fn set_polled(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE matter SET polled_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes down when a platform was asked, and what it said, hashed.
pub async fn set_seen(tx: &mut Tx, id: &str, seen: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE matter SET foreign_seen = $2, polled_at = $3 WHERE id = $1")
        .bind(id)
        .bind(seen)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

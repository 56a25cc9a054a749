//! Who signed up, one person at a time.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::notices::SignUpState;
use jiff::Timestamp;

/// Where a sign-up stands, from what is stored.
pub(super) fn state_of(code: &str) -> SignUpState {
    SignUpState::from_code(code).unwrap_or(SignUpState::Cancelled)
}

/// A sign-up.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignUp {
    /// Id.
    pub id: String,
    /// The activity.
    pub activity_id: String,
    /// Who.
    pub person_id: String,
    /// How many they are.
    pub people: i64,
    state: String,
}

impl SignUp {
    /// Where it stands.
    pub fn state(&self) -> SignUpState {
        state_of(&self.state)
    }
}

const SIGN_UP: &str = "SELECT id, activity_id, person_id, people, state FROM sign_up ";

/// A person's sign-up.
pub async fn of_person(db: &Db, activity_id: &str, person_id: &str) -> Result<Option<SignUp>, sqlx::Error> {
    let sql = format!("{SIGN_UP} WHERE activity_id = $1 AND person_id = $2");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(activity_id).bind(person_id).fetch_optional(db.read()).await
}

/// The same inside a transaction.
pub async fn of_person_in(tx: &mut Tx, activity_id: &str, person_id: &str) -> Result<Option<SignUp>, sqlx::Error> {
    let sql = format!("{SIGN_UP} WHERE activity_id = $1 AND person_id = $2");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(activity_id).bind(person_id).fetch_optional(&mut **tx).await
}

/// Everybody who is signed up or waits and asked by then, in the order of their ids from the one after `after` on, at most
/// `most`.
pub async fn standing(
    db: &Db,
    activity_id: &str,
    asked_by: Timestamp,
    after: &str,
    most: i64,
) -> Result<Vec<SignUp>, sqlx::Error> {
    let sql = format!(
        "{SIGN_UP} WHERE activity_id = $1 AND state <> 'cancelled' AND asked_at <= $2 AND id > $3 ORDER BY id LIMIT $4"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(activity_id)
        .bind(asked_by.as_microsecond())
        .bind(after)
        .bind(most)
        .fetch_all(db.read())
        .await
}

/// The first who wait and for whom so many seats are enough.
pub async fn first_waiting(tx: &mut Tx, activity_id: &str, seats: i64) -> Result<Option<SignUp>, sqlx::Error> {
    let sql = format!(
        "{SIGN_UP} WHERE activity_id = $1 AND state = 'waiting' AND people <= $2 ORDER BY asked_at, id LIMIT 1"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(activity_id).bind(seats).fetch_optional(&mut **tx).await
}

/// How many sign-ups wait.
pub async fn waiting(tx: &mut Tx, activity_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM sign_up WHERE activity_id = $1 AND state = 'waiting'")
            .bind(activity_id)
            .fetch_one(&mut **tx)
            .await?;
    Ok(count)
}

/// How many sign-ups wait, and how many of them asked before this person did.
pub async fn waiting_before(db: &Db, activity_id: &str, person_id: &str) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM sign_up m \
         WHERE m.activity_id = $1 AND m.person_id = $2 AND (s.asked_at < m.asked_at \
         OR (s.asked_at = m.asked_at AND s.id < m.id))) THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM sign_up s WHERE s.activity_id = $1 AND s.state = 'waiting'",
    )
    .bind(activity_id)
    .bind(person_id)
    .fetch_one(db.read())
    .await
}

/// Signs a person up anew: writes the row, or gives the one of an earlier change of mind a new place in the order.
pub async fn put(
    tx: &mut Tx,
    activity_id: &str,
    person_id: &str,
    people: i64,
    state: SignUpState,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sign_up (id, activity_id, person_id, people, state, asked_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (activity_id, person_id) DO UPDATE SET people = $4, \
         state = $5, asked_at = $6, changed_at = $6, came_at = NULL",
    )
    .bind(clock::new_id(now))
    .bind(activity_id)
    .bind(person_id)
    .bind(people)
    .bind(state.code())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes state and number of people of a sign-up that keeps its place in the order.
pub async fn change(tx: &mut Tx, id: &str, people: i64, state: SignUpState, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sign_up SET people = $2, state = $3, changed_at = $4 WHERE id = $1")
        .bind(id)
        .bind(people)
        .bind(state.code())
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Ticks at the door that somebody signed up came, or takes the tick back. Returns whether there is such a sign-up.
pub async fn set_came(tx: &mut Tx, activity_id: &str, id: &str, came: Option<Timestamp>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE sign_up SET came_at = $3 WHERE id = $1 AND activity_id = $2 AND state = 'signed'")
        .bind(id)
        .bind(activity_id)
        .bind(came.map(Timestamp::as_microsecond))
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the sign-ups of activities that ended before this instant, in microseconds. How many seats were taken stays.
pub async fn forget_sign_ups(tx: &mut Tx, before: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sign_up WHERE activity_id IN (SELECT id FROM activity WHERE ends_at < $1)")
        .bind(before)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

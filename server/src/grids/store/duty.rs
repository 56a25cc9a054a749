//! Who answers, who stands in, turns and absences in the database.

use super::under;
use crate::{
    clock,
    db::{Db, Tx},
    people::store::PersonBrief,
};
use app::grids::duty::{Away, Days, Roster, Turn, Weekdays};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// The condition that somebody still is a grid worker or volunteer around the community of a grid, both as columns of the statement
/// around it: a turn or a duty lends nothing to whoever lost the role for which they were named.
macro_rules! still_works {
    ($person:literal, $grid:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM role_grant k JOIN organisation ko ON ko.id = k.organisation_id \
             JOIN organisation kc ON kc.id = ",
            $grid,
            ".parent_id WHERE k.person_id = ",
            $person,
            " AND k.role IN ('grid_worker', 'volunteer') AND (substr(kc.path, 1, length(ko.path)) = ko.path \
             OR substr(ko.path, 1, length(kc.path)) = kc.path))"
        )
    };
}
pub(crate) use still_works;

/// Rosters of grids, and the names of everybody on them.
#[derive(Clone, Debug, Default)]
pub struct Rosters {
    /// By id of the grid.
    pub of: BTreeMap<String, Roster>,
    /// By id of the person.
    pub people: BTreeMap<String, PersonBrief>,
}

impl Rosters {
    /// Who is on duty in a grid on a day, and as what.
    pub fn on_duty(&self, grid_id: &str, day: Date) -> Option<(&PersonBrief, app::grids::duty::As)> {
        let (person, kind) = self.of.get(grid_id)?.on_duty(day)?;
        Some((self.people.get(person)?, kind))
    }

    /// The name of somebody on them.
    pub fn name(&self, person: &str) -> Option<&str> {
        self.people.get(person).map(|person| person.name.as_str())
    }
}

/// Reads dates that were stored. What is no date is passed over.
fn days(from: &str, until: &str) -> Option<Days> {
    Some(Days { from: from.parse().ok()?, until: until.parse().ok()? })
}

/// The rosters of the grids under these paths, with all that holds on some day between two.
pub async fn rosters(db: &Db, scopes: &[&str], (from, until): (Date, Date)) -> Result<Rosters, sqlx::Error> {
    let mut all = Rosters::default();
    let sql = format!(
        "SELECT d.grid_id, d.kind, p.id, p.name, p.unit, p.unit_en FROM grid_duty d JOIN organisation g ON g.id = d.grid_id \
         JOIN person p ON p.id = d.person_id WHERE d.until_day IS NULL AND p.left_at IS NULL AND {} AND {}",
        still_works!("d.person_id", "g"),
        under(1, scopes.len())
    );
    let mut query = sqlx::query_as::<_, (String, String, String, String, String, String)>(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    for (grid, kind, id, name, unit, unit_en) in query.fetch_all(db.read()).await? {
        let roster = all.of.entry(grid).or_default();
        match kind.as_str() {
            "responsible" => roster.responsible = Some(id.clone()),
            _ => roster.substitute = Some(id.clone()),
        }
        all.people.insert(id.clone(), PersonBrief { id, name, unit, unit_en });
    }
    let sql = format!(
        "SELECT t.grid_id, t.from_day, t.until_day, t.weekdays, p.id, p.name, p.unit, p.unit_en \
         FROM grid_turn t JOIN organisation g ON g.id = t.grid_id JOIN person p ON p.id = t.person_id \
         WHERE t.removed_at IS NULL AND t.until_day >= $1 AND t.from_day <= $2 AND p.left_at IS NULL AND {} AND {} \
         ORDER BY t.from_day, t.id",
        still_works!("t.person_id", "g"),
        under(3, scopes.len())
    );
    type Row = (String, String, String, String, String, String, String, String);
    let mut query = sqlx::query_as::<_, Row>(sqlx::AssertSqlSafe(sql)).bind(from.to_string()).bind(until.to_string());
    for scope in scopes {
        query = query.bind(*scope);
    }
    for (grid, first, last, weekdays, id, name, unit, unit_en) in query.fetch_all(db.read()).await? {
        let (Some(days), Some(weekdays)) = (days(&first, &last), Weekdays::from_code(&weekdays)) else { continue };
        all.of.entry(grid).or_default().turns.push(Turn { person: id.clone(), days, weekdays });
        all.people.insert(id.clone(), PersonBrief { id, name, unit, unit_en });
    }
    let away: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT person_id, from_day, until_day FROM grid_away \
         WHERE removed_at IS NULL AND until_day >= $1 AND from_day <= $2",
    )
    .bind(from.to_string())
    .bind(until.to_string())
    .fetch_all(db.read())
    .await?;
    for (person, first, last) in away.into_iter().filter(|(person, ..)| all.people.contains_key(person)) {
        let Some(days) = days(&first, &last) else { continue };
        for roster in all.of.values_mut() {
            roster.away.push(Away { person: person.clone(), days });
        }
    }
    Ok(all)
}

/// Names who answers for a grid (`responsible`) or stands in (`substitute`) from a day on; nobody for `None`. Returns whether
/// anything changed.
pub async fn name(
    tx: &mut Tx,
    (grid_id, kind): (&str, &str),
    person_id: Option<&str>,
    (by, day): (&str, Date),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let before: Option<(String,)> =
        sqlx::query_as("SELECT person_id FROM grid_duty WHERE grid_id = $1 AND kind = $2 AND until_day IS NULL")
            .bind(grid_id)
            .bind(kind)
            .fetch_optional(&mut **tx)
            .await?;
    if before.as_ref().map(|(id,)| id.as_str()) == person_id {
        return Ok(false);
    }
    sqlx::query("UPDATE grid_duty SET until_day = $3 WHERE grid_id = $1 AND kind = $2 AND until_day IS NULL")
        .bind(grid_id)
        .bind(kind)
        .bind(day.to_string())
        .execute(&mut **tx)
        .await?;
    if let Some(person_id) = person_id {
        insert(tx, (grid_id, kind), person_id, (Some(by), day), now).await?;
    }
    Ok(true)
}

/// Writes down that somebody answers for a grid, or stands in, from a day on.
pub async fn insert(
    tx: &mut Tx,
    (grid_id, kind): (&str, &str),
    person_id: &str,
    (by, day): (Option<&str>, Date),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO grid_duty (id, grid_id, person_id, kind, from_day, named_by, named_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(clock::new_id(now))
    .bind(grid_id)
    .bind(person_id)
    .bind(kind)
    .bind(day.to_string())
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A turn as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TurnRow {
    /// Id.
    pub id: String,
    /// Id of the person.
    pub person_id: String,
    /// Name of the person.
    pub name: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// Seven digits, Monday first.
    pub weekdays: String,
}

impl TurnRow {
    /// The turn; `None` for what this server cannot read.
    pub fn turn(&self) -> Option<Turn> {
        Some(Turn {
            person: self.person_id.clone(),
            days: days(&self.from_day, &self.until_day)?,
            weekdays: Weekdays::from_code(&self.weekdays)?,
        })
    }
}

const TURN: &str = "SELECT t.id, t.person_id, p.name, t.from_day, t.until_day, t.weekdays FROM grid_turn t \
    JOIN person p ON p.id = t.person_id WHERE t.grid_id = $1 AND t.removed_at IS NULL AND t.until_day >= $2 \
    ORDER BY t.from_day, t.id";

/// A grid's turns that are not over on a day.
pub async fn turns(db: &Db, grid_id: &str, day: Date) -> Result<Vec<TurnRow>, sqlx::Error> {
    sqlx::query_as(TURN).bind(grid_id).bind(day.to_string()).fetch_all(db.read()).await
}

/// The same in a transaction.
pub async fn turns_in(tx: &mut Tx, grid_id: &str, day: Date) -> Result<Vec<TurnRow>, sqlx::Error> {
    sqlx::query_as(TURN).bind(grid_id).bind(day.to_string()).fetch_all(&mut **tx).await
}

/// Adds a turn. `false`: this form has added one before.
pub async fn add_turn(
    tx: &mut Tx,
    grid_id: &str,
    turn: &Turn,
    (by, key): (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO grid_turn (id, grid_id, person_id, from_day, until_day, weekdays, form_key, planned_by, planned_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(grid_id)
    .bind(&turn.person)
    .bind(turn.days.from.to_string())
    .bind(turn.days.until.to_string())
    .bind(turn.weekdays.code())
    .bind(key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a turn of this grid away from `day` on; days that have been stay. Returns whether there was one.
pub async fn remove_turn(
    tx: &mut Tx,
    (grid_id, id): (&str, &str),
    day: Date,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let yesterday = day.yesterday().unwrap_or(day).to_string();
    let cut = sqlx::query(
        "UPDATE grid_turn SET until_day = $4 WHERE id = $1 AND grid_id = $2 AND removed_at IS NULL AND from_day < $3 \
         AND until_day >= $3",
    )
    .bind(id)
    .bind(grid_id)
    .bind(day.to_string())
    .bind(yesterday)
    .execute(&mut **tx)
    .await?;
    let gone = sqlx::query(
        "UPDATE grid_turn SET removed_at = $4 WHERE id = $1 AND grid_id = $2 AND removed_at IS NULL AND from_day >= $3",
    )
    .bind(id)
    .bind(grid_id)
    .bind(day.to_string())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(cut.rows_affected() + gone.rows_affected() > 0)
}

/// An absence as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AwayRow {
    /// Id.
    pub id: String,
    /// Id of the person.
    pub person_id: String,
    /// Name of the person.
    pub name: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
}

/// Absences that are not over on a day, of those who are named for this grid.
pub async fn away(db: &Db, grid_id: &str, day: Date) -> Result<Vec<AwayRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, a.person_id, p.name, a.from_day, a.until_day FROM grid_away a JOIN person p ON p.id = a.person_id \
         WHERE a.removed_at IS NULL AND a.until_day >= $2 AND a.person_id IN (SELECT d.person_id FROM grid_duty d \
         WHERE d.grid_id = $1 AND d.until_day IS NULL) ORDER BY a.from_day, a.id",
    )
    .bind(grid_id)
    .bind(day.to_string())
    .fetch_all(db.read())
    .await
}

/// Adds an absence. `false`: this form has added one before.
pub async fn add_away(
    tx: &mut Tx,
    (person_id, days): (&str, Days),
    (by, key): (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO grid_away (id, person_id, from_day, until_day, form_key, planned_by, planned_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(person_id)
    .bind(days.from.to_string())
    .bind(days.until.to_string())
    .bind(key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an absence of somebody who is named for this grid. Returns whether there was one.
pub async fn remove_away(tx: &mut Tx, (grid_id, id): (&str, &str), now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE grid_away SET removed_at = $3 WHERE id = $2 AND removed_at IS NULL AND person_id IN \
         (SELECT d.person_id FROM grid_duty d WHERE d.grid_id = $1 AND d.until_day IS NULL)",
    )
    .bind(grid_id)
    .bind(id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

//! Registrations in teams in the database.

use super::{day, instant, under_any};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::partners::{MemberState, Times, fit::Offer, listed};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// A registration.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    /// Id.
    pub id: String,
    /// The team.
    pub team_id: String,
    /// Name of the team.
    pub team: String,
    /// Id of the team's community.
    pub community_id: String,
    /// Path of the team's community.
    pub path: String,
    /// Who.
    pub person_id: String,
    /// Name.
    pub name: String,
    /// Number as shown.
    pub phone_masked: String,
    state: String,
    skills: String,
    times: String,
    /// In their own words.
    pub note: String,
    available: i64,
    consent_at: i64,
    asked_at: i64,
    since_day: Option<String>,
    ended_day: Option<String>,
    /// Why declined or ended.
    pub reason: String,
    /// The lock.
    pub version: i64,
    /// Grids that they ask for and have not been given.
    pub asks: i64,
}

impl Member {
    /// Where it stands.
    pub fn state(&self) -> MemberState {
        MemberState::from_code(&self.state).unwrap_or(MemberState::Ended)
    }
    /// Codes of what they can do, as stored.
    pub fn skills(&self) -> Vec<String> {
        self.skills.split(' ').filter(|code| !code.is_empty()).map(str::to_owned).collect()
    }
    /// When they have time.
    pub fn times(&self) -> Vec<Times> {
        let known = Times::ALL.iter().map(|one| one.code());
        listed(&self.times, known).into_iter().filter_map(Times::from_code).collect()
    }
    /// They say that they can be sent now.
    pub fn available(&self) -> bool {
        self.available == 1
    }
    /// When they agreed.
    pub fn consented(&self) -> Timestamp {
        instant(self.consent_at)
    }
    /// When they asked.
    pub fn asked(&self) -> Timestamp {
        instant(self.asked_at)
    }
    /// Since when they are in the team.
    pub fn since(&self) -> Option<Date> {
        self.since_day.as_deref().map(day)
    }
    /// When it ended.
    pub fn ended(&self) -> Option<Date> {
        self.ended_day.as_deref().map(day)
    }
}

const MEMBER: &str = "SELECT m.id, m.team_id, t.name AS team, t.community_id, o.path, m.person_id, p.name, p.phone_masked, \
    m.state, m.skills, m.times, m.note, m.available, m.consent_at, m.asked_at, m.since_day, m.ended_day, m.reason, m.version, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM team_member_grid g WHERE g.member_id = m.id AND g.granted = 0) AS asks \
    FROM team_member m JOIN volunteer_team t ON t.id = m.team_id JOIN organisation o ON o.id = t.community_id \
    JOIN person p ON p.id = m.person_id";

/// The registration with this id.
pub async fn member(db: &Db, id: &str) -> Result<Option<Member>, sqlx::Error> {
    let sql = format!("{MEMBER} WHERE m.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// A person's registration in a team that waits or holds.
pub async fn current(db: &Db, team_id: &str, person_id: &str) -> Result<Option<Member>, sqlx::Error> {
    let sql = format!("{MEMBER} WHERE m.team_id = $1 AND m.person_id = $2 AND m.state IN ('asked', 'active')");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(team_id).bind(person_id).fetch_optional(db.read()).await
}

/// A person's registrations, those that hold first; at most 100.
pub async fn of_person(db: &Db, person_id: &str) -> Result<Vec<Member>, sqlx::Error> {
    let sql = format!(
        "{MEMBER} WHERE m.person_id = $1 ORDER BY CASE m.state WHEN 'active' THEN 0 WHEN 'asked' THEN 1 ELSE 2 END, \
         m.asked_at DESC, m.id LIMIT 100"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).fetch_all(db.read()).await
}

/// Those in a team, by name, at most 500.
pub async fn in_team(db: &Db, team_id: &str) -> Result<Vec<Member>, sqlx::Error> {
    let sql = format!("{MEMBER} WHERE m.team_id = $1 AND m.state = 'active' ORDER BY p.name, m.id LIMIT 500");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(team_id).fetch_all(db.read()).await
}

/// Registrations in these scopes that wait for staff, or ask for further grids: the oldest first, at most 200.
pub async fn waiting(db: &Db, scopes: &[&str]) -> Result<Vec<Member>, sqlx::Error> {
    let sql = format!(
        "{MEMBER} WHERE (m.state = 'asked' OR (m.state = 'active' AND EXISTS (SELECT 1 FROM team_member_grid x \
         WHERE x.member_id = m.id AND x.granted = 0))) AND ({}) ORDER BY m.asked_at, m.id LIMIT 200",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// A grid of a registration.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MemberGrid {
    /// Id of the grid.
    pub grid_id: String,
    /// Its code.
    pub code: String,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// 0: asked for, 1: the role came with this registration, 2: they had it before.
    pub granted: i64,
}

const GRIDS: &str = "SELECT g.grid_id, o.code, o.path, o.name, o.name_en, g.granted FROM team_member_grid g \
    JOIN organisation o ON o.id = g.grid_id WHERE g.member_id = $1 ORDER BY o.position, o.code";

/// The grids of a registration.
pub async fn grids(db: &Db, member_id: &str) -> Result<Vec<MemberGrid>, sqlx::Error> {
    sqlx::query_as(GRIDS).bind(member_id).fetch_all(db.read()).await
}

/// The same inside a transaction.
pub async fn grids_in(tx: &mut Tx, member_id: &str) -> Result<Vec<MemberGrid>, sqlx::Error> {
    sqlx::query_as(GRIDS).bind(member_id).fetch_all(&mut **tx).await
}

/// What somebody tells with a registration.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Codes of skills, separated by blanks.
    pub skills: String,
    /// Codes of times, separated by blanks.
    pub times: String,
    /// In their own words.
    pub note: String,
    /// They say that they can be sent.
    pub available: bool,
}

/// Writes a registration; `None`: one waits or holds already.
pub async fn insert(
    tx: &mut Tx,
    (team_id, person_id): (&str, &str),
    told: &Told,
    grids: &[String],
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO team_member (id, team_id, person_id, state, skills, times, note, available, consent_at, asked_at) \
         VALUES ($1, $2, $3, 'asked', $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING",
    )
    .bind(&id)
    .bind(team_id)
    .bind(person_id)
    .bind(&told.skills)
    .bind(&told.times)
    .bind(&told.note)
    .bind(i64::from(told.available))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    for grid in grids {
        add_grid(tx, &id, grid).await?;
    }
    Ok(Some(id))
}

/// Asks for a grid.
pub async fn add_grid(tx: &mut Tx, member_id: &str, grid_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO team_member_grid (member_id, grid_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(member_id)
        .bind(grid_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes a grid off a registration.
pub async fn drop_grid(tx: &mut Tx, member_id: &str, grid_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM team_member_grid WHERE member_id = $1 AND grid_id = $2")
        .bind(member_id)
        .bind(grid_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Says how a grid came to somebody.
pub async fn set_granted(tx: &mut Tx, member_id: &str, grid_id: &str, granted: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE team_member_grid SET granted = $3 WHERE member_id = $1 AND grid_id = $2")
        .bind(member_id)
        .bind(grid_id)
        .bind(granted)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether somebody is a volunteer of a grid, and whether another registration of theirs brought that.
pub async fn standing(
    tx: &mut Tx,
    (person_id, grid_id): (&str, &str),
    but_member: &str,
) -> Result<(bool, bool), sqlx::Error> {
    let (has, brought): (i64, i64) = sqlx::query_as(
        "SELECT CAST((SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND role = 'volunteer' \
         AND organisation_id = $2) AS BIGINT), \
         CAST((SELECT COUNT(*) FROM team_member_grid g JOIN team_member m ON m.id = g.member_id WHERE m.person_id = $1 \
         AND g.grid_id = $2 AND g.granted = 1 AND m.state = 'active' AND m.id <> $3) AS BIGINT)",
    )
    .bind(person_id)
    .bind(grid_id)
    .bind(but_member)
    .fetch_one(&mut **tx)
    .await?;
    Ok((has > 0, brought > 0))
}

/// Changes what somebody tells of themselves while their registration waits or holds. Returns whether it did.
pub async fn tell(tx: &mut Tx, id: &str, told: &Told) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE team_member SET skills = $2, times = $3, note = $4, available = $5, version = version + 1 \
         WHERE id = $1 AND state IN ('asked', 'active')",
    )
    .bind(id)
    .bind(&told.skills)
    .bind(&told.times)
    .bind(&told.note)
    .bind(i64::from(told.available))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes somebody into the team who is still as staff saw them: who waits, or asks for further grids. Returns whether it did.
pub async fn accept(tx: &mut Tx, (id, version): (&str, i64), by: &str, today: Date) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE team_member SET state = 'active', decided_by = $3, since_day = COALESCE(since_day, $4), \
         version = version + 1 WHERE id = $1 AND version = $2 AND state IN ('asked', 'active')",
    )
    .bind(id)
    .bind(version)
    .bind(by)
    .bind(today.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a registration that waits or holds; what was told with it goes. `by`: staff, with their reason. Returns whether it did.
pub async fn end(
    tx: &mut Tx,
    id: &str,
    (from, to): (MemberState, MemberState),
    by: Option<(&str, &str)>,
    today: Date,
) -> Result<bool, sqlx::Error> {
    let (by, reason) = by.unzip();
    let done = sqlx::query(
        "UPDATE team_member SET state = $3, skills = '', times = '', note = '', available = 0, \
         decided_by = COALESCE($4, decided_by), reason = $5, ended_day = $6, version = version + 1 \
         WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from.code())
    .bind(to.code())
    .bind(by)
    .bind(reason.unwrap_or_default())
    .bind(today.to_string())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM team_member_grid WHERE member_id = $1").bind(id).execute(&mut **tx).await?;
    Ok(true)
}

/// What volunteers tell who serve a place, by person; several registrations of one are one offer.
pub async fn offers(db: &Db, path: &str) -> Result<Vec<Offer>, sqlx::Error> {
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT m.person_id, m.skills, m.available, o.path FROM team_member m \
         JOIN team_member_grid g ON g.member_id = m.id JOIN organisation o ON o.id = g.grid_id \
         WHERE m.state = 'active' AND g.granted <> 0 AND substr($1, 1, length(o.path)) = o.path ORDER BY m.person_id, m.id",
    )
    .bind(path)
    .fetch_all(db.read())
    .await?;
    let mut offers: BTreeMap<String, Offer> = BTreeMap::new();
    for (person, skills, available, grid) in rows {
        // Who has no time in one team may have some in another: each says for itself.
        if available == 0 {
            continue;
        }
        let offer = offers.entry(person.clone()).or_insert_with(|| Offer { person, ..Offer::default() });
        offer.available = true;
        offer.skills.extend(skills.split(' ').filter(|code| !code.is_empty()).map(str::to_owned));
        offer.skills.sort();
        offer.skills.dedup();
        if !offer.grids.contains(&grid) {
            offer.grids.push(grid);
        }
    }
    Ok(offers.into_values().collect())
}

/// Open reports that a person has to deal with.
pub async fn open_reports(tx: &mut Tx, person_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report WHERE owner_id = $1 \
         AND state IN ('dispatched', 'in_progress', 'suspended')",
    )
    .bind(person_id)
    .fetch_one(&mut **tx)
    .await?;
    Ok(count)
}

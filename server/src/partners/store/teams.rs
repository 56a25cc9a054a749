//! Teams, skills, trainings and activities in the database.

use super::{day, instant, under_any};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::partners::listed;
use jiff::{Timestamp, civil::Date};

/// Something that volunteers can do.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Skill {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The same in English.
    pub name_en: String,
}

/// All skills in their order.
pub async fn skills(db: &Db) -> Result<Vec<Skill>, sqlx::Error> {
    sqlx::query_as("SELECT code, name, name_en FROM volunteer_skill ORDER BY position, code").fetch_all(db.read()).await
}

/// Codes of the skills that are good for a category, by its own code or that of its major one.
pub async fn skills_for(db: &Db, category: &str, major: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT skill FROM skill_category WHERE category = $1 OR category = $2 ORDER BY skill")
            .bind(category)
            .bind(major)
            .fetch_all(db.read())
            .await?;
    Ok(rows.into_iter().map(|(skill,)| skill).collect())
}

/// A team.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Team {
    /// Id.
    pub id: String,
    /// Id of its community.
    pub community_id: String,
    /// Code of its community.
    pub community: String,
    /// Path of its community.
    pub path: String,
    /// Name of its community.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Name.
    pub name: String,
    /// What it is there for.
    pub purpose: String,
    skills: String,
    state: String,
    /// The lock.
    pub version: i64,
    /// How many are in it.
    pub members: i64,
    /// How many registrations wait.
    pub waiting: i64,
}

impl Team {
    /// Codes of the skills that it looks for.
    pub fn skills(&self, all: &[Skill]) -> Vec<String> {
        listed(&self.skills, all.iter().map(|skill| skill.code.as_str())).into_iter().map(str::to_owned).collect()
    }
    /// Whether somebody can join it.
    pub fn open(&self) -> bool {
        self.state == "open"
    }
}

const TEAM: &str = "SELECT t.id, t.community_id, o.code AS community, o.path, o.name AS place, o.name_en AS place_en, t.name, \
    t.purpose, t.skills, t.state, t.version, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM team_member m WHERE m.team_id = t.id AND m.state = 'active') AS members, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM team_member m WHERE m.team_id = t.id AND m.state = 'asked') AS waiting \
    FROM volunteer_team t JOIN organisation o ON o.id = t.community_id";

/// The team with this id.
pub async fn team(db: &Db, id: &str) -> Result<Option<Team>, sqlx::Error> {
    let sql = format!("{TEAM} WHERE t.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Teams in these scopes: open ones first, by name; at most 500.
pub async fn teams(db: &Db, scopes: &[&str]) -> Result<Vec<Team>, sqlx::Error> {
    let sql = format!(
        "{TEAM} WHERE {} ORDER BY CASE t.state WHEN 'open' THEN 0 ELSE 1 END, o.path, t.name, t.id LIMIT 500",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// What is kept of a team.
pub struct TeamData<'a> {
    /// Name.
    pub name: &'a str,
    /// What it is there for.
    pub purpose: &'a str,
    /// Codes of skills, separated by blanks.
    pub skills: &'a str,
    /// Whether somebody can join it.
    pub open: bool,
}

fn state(open: bool) -> &'static str {
    if open { "open" } else { "closed" }
}

/// Writes a team; the id of the one that this form made before, if it did.
pub async fn insert_team(
    tx: &mut Tx,
    community_id: &str,
    data: TeamData<'_>,
    (form_key, by): (&str, &str),
    now: Timestamp,
) -> Result<(String, bool), sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO volunteer_team (id, community_id, name, purpose, skills, state, form_key, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(community_id)
    .bind(data.name)
    .bind(data.purpose)
    .bind(data.skills)
    .bind(state(data.open))
    .bind(form_key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok((id, true));
    }
    let (id,): (String,) =
        sqlx::query_as("SELECT id FROM volunteer_team WHERE form_key = $1").bind(form_key).fetch_one(&mut **tx).await?;
    Ok((id, false))
}

/// Changes a team that still is as the reader saw it.
pub async fn set_team(tx: &mut Tx, (id, version): (&str, i64), data: TeamData<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE volunteer_team SET name = $3, purpose = $4, skills = $5, state = $6, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(data.name)
    .bind(data.purpose)
    .bind(data.skills)
    .bind(state(data.open))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A training of a team.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Training {
    /// Id.
    pub id: String,
    /// The team.
    pub team_id: String,
    /// Name of the team.
    pub team: String,
    day: String,
    /// What it was about.
    pub topic: String,
    /// How long it was.
    pub minutes: i64,
    /// How many were there.
    pub people: i64,
}

impl Training {
    /// When it was.
    pub fn day(&self) -> Date {
        day(&self.day)
    }
}

const TRAINING: &str = "SELECT g.id, g.team_id, t.name AS team, g.day, g.topic, g.minutes, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM training_attendance a WHERE a.training_id = g.id) AS people \
    FROM team_training g JOIN volunteer_team t ON t.id = g.team_id";

/// The training with this id, if it was not removed.
pub async fn training(db: &Db, id: &str) -> Result<Option<Training>, sqlx::Error> {
    let sql = format!("{TRAINING} WHERE g.id = $1 AND g.removed_at IS NULL");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Trainings of a team, the latest first, at most 100.
pub async fn trainings(db: &Db, team_id: &str) -> Result<Vec<Training>, sqlx::Error> {
    let sql =
        format!("{TRAINING} WHERE g.team_id = $1 AND g.removed_at IS NULL ORDER BY g.day DESC, g.id DESC LIMIT 100");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(team_id).fetch_all(db.read()).await
}

/// Trainings at which a person was, the latest first, at most 200.
pub async fn trainings_of(db: &Db, person_id: &str) -> Result<Vec<Training>, sqlx::Error> {
    let sql = format!(
        "{TRAINING} JOIN training_attendance x ON x.training_id = g.id WHERE x.person_id = $1 AND g.removed_at IS NULL \
         ORDER BY g.day DESC, g.id DESC LIMIT 200"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).fetch_all(db.read()).await
}

/// Writes a training with those who were there; `false`: this form wrote it before.
pub async fn insert_training(
    tx: &mut Tx,
    team_id: &str,
    (day, topic, minutes): (Date, &str, i64),
    people: &[String],
    (form_key, by): (&str, &str),
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO team_training (id, team_id, day, topic, minutes, form_key, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(team_id)
    .bind(day.to_string())
    .bind(topic)
    .bind(minutes)
    .bind(form_key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    for person in people {
        sqlx::query("INSERT INTO training_attendance (training_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&id)
            .bind(person)
            .execute(&mut **tx)
            .await?;
    }
    Ok(Some(id))
}

/// Takes a training away that was written down by mistake. Returns whether it was there.
pub async fn remove_training(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE team_training SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL")
        .bind(id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// An activity that a team does, or could do.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TeamActivity {
    /// Id of the activity.
    pub id: String,
    /// The notice whose words count.
    pub notice_id: String,
    /// Title of that notice.
    pub title: String,
    /// The same in English, may be empty.
    pub title_en: String,
    starts_at: i64,
    ends_at: i64,
    /// Path of who says the notice.
    pub path: String,
    seats: i64,
    taken: i64,
    cancelled_at: Option<i64>,
}

impl TeamActivity {
    /// When it begins.
    pub fn starts(&self) -> Timestamp {
        instant(self.starts_at)
    }
    /// When it ends.
    pub fn ends(&self) -> Timestamp {
        instant(self.ends_at)
    }
    /// Whether it is off.
    pub fn off(&self) -> bool {
        self.cancelled_at.is_some()
    }
    /// Seats that are left; `None` where nobody needs to sign up.
    pub fn free(&self) -> Option<i64> {
        (self.seats > 0).then(|| (self.seats - self.taken).max(0))
    }
    /// How long it is, in minutes.
    pub fn minutes(&self) -> i64 {
        (self.ends_at - self.starts_at) / 60_000_000
    }
}

const ACTIVITY: &str = "SELECT a.id, a.notice_id, n.title, n.title_en, a.starts_at, a.ends_at, o.path, a.seats, a.taken, \
    a.cancelled_at FROM activity a JOIN notice n ON n.id = a.notice_id JOIN organisation o ON o.id = n.organisation_id";

/// Activities that a team does, the latest first, at most 100.
pub async fn activities(db: &Db, team_id: &str) -> Result<Vec<TeamActivity>, sqlx::Error> {
    let sql = format!(
        "{ACTIVITY} JOIN team_activity x ON x.activity_id = a.id WHERE x.team_id = $1 ORDER BY a.starts_at DESC, a.id LIMIT 100"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(team_id).fetch_all(db.read()).await
}

/// An activity that a team does.
pub async fn activity(db: &Db, team_id: &str, id: &str) -> Result<Option<TeamActivity>, sqlx::Error> {
    let sql = format!("{ACTIVITY} JOIN team_activity x ON x.activity_id = a.id WHERE x.team_id = $1 AND a.id = $2");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(team_id).bind(id).fetch_optional(db.read()).await
}

/// Activities of a community's notices that end after `from`, are not off and no team's yet: the next ones, at most 50.
pub async fn free_activities(db: &Db, path: &str, from: Timestamp) -> Result<Vec<TeamActivity>, sqlx::Error> {
    let sql = format!(
        "{ACTIVITY} WHERE substr(o.path, 1, length($1)) = $1 AND a.ends_at > $2 AND a.cancelled_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM team_activity x WHERE x.activity_id = a.id) ORDER BY a.starts_at DESC, a.id LIMIT 50"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).bind(from.as_microsecond()).fetch_all(db.read()).await
}

/// Makes an activity a team's. `false`: it is a team's already.
pub async fn link(tx: &mut Tx, activity: &str, team: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO team_activity (activity_id, team_id, linked_by, linked_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (activity_id) DO NOTHING",
    )
    .bind(activity)
    .bind(team)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody who was ticked at the door of an activity.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Came {
    /// Id of the person.
    pub person_id: String,
    /// Name.
    pub name: String,
    /// Whether they are in the team.
    pub member: i64,
    /// Minutes that are confirmed for it, 0: none yet.
    pub minutes: i64,
}

/// Who was ticked at the door of a team's activity, by when they signed up.
pub async fn came(db: &Db, team_id: &str, activity_id: &str) -> Result<Vec<Came>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.person_id, p.name, \
         CASE WHEN EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = $1 AND m.person_id = s.person_id \
         AND m.state = 'active') THEN 1 ELSE 0 END AS member, \
         CAST(COALESCE((SELECT MAX(h.minutes) FROM service_hour h WHERE h.person_id = s.person_id \
         AND h.activity_id = $2 AND h.state = 'confirmed'), 0) AS BIGINT) AS minutes \
         FROM sign_up s JOIN person p ON p.id = s.person_id \
         WHERE s.activity_id = $2 AND s.state = 'signed' AND s.came_at IS NOT NULL ORDER BY s.asked_at, s.id",
    )
    .bind(team_id)
    .bind(activity_id)
    .fetch_all(db.read())
    .await
}

//! Teams for staff: making and changing them, trainings, activities.

use super::{CHANGED, Done, Reader, community, form_key, note, scopes, today};
use crate::{
    http::{Ctx, Error},
    partners::store::{
        members,
        teams::{self as store, Came, Skill, Team, TeamActivity, TeamData, Training},
    },
};
use app::{
    partners::{NAME_CHARS, TEXT_CHARS, listed},
    people::Action,
};
use jiff::SignedDuration;

/// Activities that ended so long ago can still be made a team's.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A team as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct TeamForm {
    /// Code of the community; stays as it is when a team is changed.
    pub community: String,
    /// Name.
    pub name: String,
    /// What it is there for.
    pub purpose: String,
    /// Codes of skills that it looks for.
    pub skills: Vec<String>,
    /// Nobody can join it any more.
    pub closed: bool,
    /// One form makes one.
    pub key: String,
}

/// Teams of the reader's communities.
pub async fn teams(ctx: &Ctx) -> Result<Vec<Team>, Error> {
    Ok(store::teams(&ctx.app.db, &scopes(ctx)?).await?)
}

/// A team of the reader's communities.
pub async fn team(ctx: &Ctx, id: &str) -> Result<Team, Error> {
    scopes(ctx)?;
    let team = store::team(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::PartnerManage, &team.path)?;
    Ok(team)
}

/// All skills.
pub async fn skills(ctx: &Ctx) -> Result<Vec<Skill>, Error> {
    Ok(store::skills(&ctx.app.db).await?)
}

/// The codes among these that are skills, as they are stored.
pub(super) async fn known_skills(ctx: &Ctx, typed: &[String]) -> Result<String, Error> {
    let all = store::skills(&ctx.app.db).await?;
    Ok(listed(&typed.join(" "), all.iter().map(|skill| skill.code.as_str())).join(" "))
}

async fn check(ctx: &Ctx, reader: &mut Reader<'_>, form: &TeamForm) -> Result<(String, String, String), Error> {
    let name = reader.line("name", &form.name, NAME_CHARS, true);
    let purpose = reader.text("purpose", &form.purpose, TEXT_CHARS, true);
    Ok((name, purpose, known_skills(ctx, &form.skills).await?))
}

/// Makes a team; gives its id. The same form twice is one team.
pub async fn make(ctx: &Ctx, form: &TeamForm) -> Done<String> {
    scopes(ctx)?;
    let mut reader = Reader::new(ctx);
    let place = community(ctx, &mut reader, &form.community).await?;
    let (name, purpose, skills) = check(ctx, &mut reader, form).await?;
    reader.done()?;
    let place = place.ok_or(Error::NotFound)?;
    let actor = ctx.actor()?;
    actor.require(Action::PartnerManage, &place.path)?;
    let key = form_key(ctx, &form.key)?;
    let data = TeamData { name: &name, purpose: &purpose, skills: &skills, open: !form.closed };
    let mut tx = ctx.app.db.begin().await?;
    let (id, new) = store::insert_team(&mut tx, &place.id, data, (&key, &actor.id), ctx.now).await?;
    if new {
        note(&mut tx, ctx, "team.make", ("team", &id), serde_json::json!({})).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Changes a team that still is as the reader saw it.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &TeamForm) -> Done<()> {
    team(ctx, id).await?;
    let mut reader = Reader::new(ctx);
    let (name, purpose, skills) = check(ctx, &mut reader, form).await?;
    reader.done()?;
    let data = TeamData { name: &name, purpose: &purpose, skills: &skills, open: !form.closed };
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_team(&mut tx, (id, version), data).await? {
        return Err(CHANGED.into());
    }
    note(&mut tx, ctx, "team.change", ("team", id), serde_json::json!({ "open": !form.closed })).await?;
    tx.commit().await?;
    Ok(())
}

/// A training as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct TrainingForm {
    /// Which day.
    pub day: String,
    /// What it was about.
    pub topic: String,
    /// How many hours.
    pub hours: String,
    /// Ids of registrations: who was there.
    pub members: Vec<String>,
    /// One form makes one.
    pub key: String,
}

/// Trainings of a team.
pub async fn trainings(ctx: &Ctx, team: &Team) -> Result<Vec<Training>, Error> {
    Ok(store::trainings(&ctx.app.db, &team.id).await?)
}

/// Writes a training down. The same form twice is one.
pub async fn add_training(ctx: &Ctx, team_id: &str, form: &TrainingForm) -> Done<()> {
    let team = team(ctx, team_id).await?;
    let mut reader = Reader::new(ctx);
    let day = reader.day("training_day", &form.day);
    if reader.errors.is_empty() && day > today(ctx) {
        reader.wrong("training_day", "partners-error-future");
    }
    let topic = reader.line("topic", &form.topic, NAME_CHARS, true);
    let minutes = reader.minutes("training_hours", &form.hours);
    let all = members::in_team(&ctx.app.db, &team.id).await?;
    let people: Vec<String> =
        all.into_iter().filter(|member| form.members.contains(&member.id)).map(|member| member.person_id).collect();
    if people.is_empty() {
        reader.wrong("members", "partners-error-nobody");
    }
    reader.done()?;
    let key = form_key(ctx, &form.key)?;
    let by = (key.as_str(), ctx.actor()?.id.as_str());
    let mut tx = ctx.app.db.begin().await?;
    let new = store::insert_training(&mut tx, &team.id, (day, &topic, minutes), &people, by, ctx.now).await?;
    if let Some(id) = new {
        let detail = serde_json::json!({ "training": id, "people": people.len() });
        note(&mut tx, ctx, "team.add_training", ("team", &team.id), detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a training away that was written down by mistake; gives its team. Twice is once.
pub async fn remove_training(ctx: &Ctx, id: &str) -> Result<String, Error> {
    scopes(ctx)?;
    let training = store::training(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let team = team(ctx, &training.team_id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if store::remove_training(&mut tx, id, ctx.now).await? {
        note(&mut tx, ctx, "team.remove_training", ("team", &team.id), serde_json::json!({ "training": id })).await?;
    }
    tx.commit().await?;
    Ok(team.id)
}

/// Activities that a team does.
pub async fn activities(ctx: &Ctx, team: &Team) -> Result<Vec<TeamActivity>, Error> {
    Ok(store::activities(&ctx.app.db, &team.id).await?)
}

/// Activities of the community's notices that can be made the team's.
pub async fn free_activities(ctx: &Ctx, team: &Team) -> Result<Vec<TeamActivity>, Error> {
    Ok(store::free_activities(&ctx.app.db, &team.path, ctx.now - BACK).await?)
}

/// Makes an activity of a notice the team's.
pub async fn link(ctx: &Ctx, team_id: &str, activity: &str) -> Done<()> {
    let team = team(ctx, team_id).await?;
    if store::activity(&ctx.app.db, &team.id, activity).await?.is_some() {
        return Ok(());
    }
    let known = free_activities(ctx, &team).await?.into_iter().any(|one| one.id == activity);
    if !known {
        let mut reader = Reader::new(ctx);
        reader.wrong("activity", "partners-error-choose");
        return reader.done();
    }
    let actor = ctx.actor()?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::link(&mut tx, activity, &team.id, &actor.id, ctx.now).await? {
        return Err(CHANGED.into());
    }
    note(&mut tx, ctx, "team.link_activity", ("team", &team.id), serde_json::json!({ "activity": activity })).await?;
    tx.commit().await?;
    Ok(())
}

/// An activity of a team with those who were ticked at the door. Looking at it is written down.
pub async fn activity(ctx: &Ctx, team_id: &str, id: &str) -> Result<(Team, TeamActivity, Vec<Came>), Error> {
    let team = team(ctx, team_id).await?;
    let activity = store::activity(&ctx.app.db, &team.id, id).await?.ok_or(Error::NotFound)?;
    let came = store::came(&ctx.app.db, &team.id, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    let detail = serde_json::json!({ "activity": id, "people": came.len() });
    note(&mut tx, ctx, "team.see_activity", ("team", &team.id), detail).await?;
    tx.commit().await?;
    Ok((team, activity, came))
}

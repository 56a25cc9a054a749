//! Teams for staff.

use super::{Shown, day, errors, in_words, place_words, skill_words};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    partners::{
        service::{
            self,
            hours::{self, ActivityHours},
            members,
            teams::{self, TeamForm, TrainingForm},
        },
        store::teams::{Team, TeamActivity},
    },
};
use app::{
    partners::{
        hours::typed as typed_hours,
        pages::{self, ActivityPage, ActivityRow, CameRow, TeamPage, TrainingRow, Typed},
    },
    time,
    ui::shell::Tab,
};
use axum::extract::Path;
use serde::Deserialize;

/// What the forms of teams send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    community: String,
    name: String,
    purpose: String,
    skills: Vec<String>,
    closed: String,
    training_day: String,
    topic: String,
    training_hours: String,
    members: Vec<String>,
    activity: String,
    people: Vec<String>,
    hours: String,
    key: String,
    version: String,
}

impl Body {
    fn team(&self) -> TeamForm {
        let Body { community, name, purpose, skills, key, .. } = self.clone();
        TeamForm { community, name, purpose, skills, closed: self.closed == "1", key }
    }
    fn typed(&self) -> Typed {
        Typed::default()
            .with("community", &self.community)
            .with("name", &self.name)
            .with("purpose", &self.purpose)
            .list("skills", self.skills.clone())
    }
}

/// `GET /staff/partners/teams/new`
pub async fn new(ctx: Ctx) -> Result {
    show_new(&ctx, Shown::fresh(Typed::default())).await
}

async fn show_new(ctx: &Ctx, shown: Shown) -> Result {
    let communities = place_words(ctx, &service::communities(ctx).await?);
    let skills = skill_words(ctx, &teams::skills(ctx).await?);
    let view = pages::new_team(ctx.w, shown.typed, clock::token(), &skills, communities);
    Ok(Page::new(ctx, ctx.w.t("partners-team-make"))
        .tab(Tab::StaffNet)
        .back("/staff/partners?tab=teams")
        .status(shown.status)
        .render(view))
}

/// `POST /staff/partners/teams`
pub async fn make(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    match errors(teams::make(&ctx, &body.team()).await)? {
        Ok(id) => Ok(see_other_with(&ctx, &format!("/staff/partners/teams/{id}"), "flash-partners-team-made")),
        Err(wrong) => show_new(&ctx, Shown::again(body.typed(), wrong)).await,
    }
}

/// `GET /staff/partners/teams/{team}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None).await
}

fn current(team: &Team, skills: Vec<String>) -> Typed {
    Typed::default().with("name", &team.name).with("purpose", &team.purpose).list("skills", skills)
}

/// An activity as lists show it.
fn activity_row(ctx: &Ctx, one: &TeamActivity) -> ActivityRow {
    ActivityRow {
        id: one.id.clone(),
        title: ctx.w.pick(&one.title, &one.title_en).to_owned(),
        when: time::date_time(ctx.w.lang, one.starts(), ctx.now),
        off: one.off(),
        over: one.ends() <= ctx.now,
    }
}

/// A team's page; `again`: what was typed into one of its forms over what stands, and what is wrong.
async fn show(ctx: &Ctx, id: &str, again: Option<Shown>) -> Result {
    let w = ctx.w;
    let team = teams::team(ctx, id).await?;
    let skills = teams::skills(ctx).await?;
    let codes = team.skills(&skills);
    let members = members::in_team(ctx, &team).await?;
    let trainings = teams::trainings(ctx, &team).await?;
    let activities = teams::activities(ctx, &team).await?;
    let free = teams::free_activities(ctx, &team).await?;
    let shown = again.unwrap_or_else(|| Shown::fresh(current(&team, codes.clone())));
    let option = |one: &TeamActivity| {
        let row = activity_row(ctx, one);
        (row.id, format!("{} · {}", row.when, row.title))
    };
    let page = TeamPage {
        w,
        looks_for: in_words(ctx, &skills, &codes),
        open: team.open(),
        members: members.into_iter().map(|member| (member.id, member.name)).collect(),
        activities: activities.iter().map(|one| activity_row(ctx, one)).collect(),
        free: free.iter().map(option).collect(),
        trainings: trainings
            .into_iter()
            .map(|one| TrainingRow {
                day: day(ctx, one.day()),
                id: one.id,
                topic: one.topic,
                minutes: one.minutes,
                people: one.people,
            })
            .collect(),
        skills: skill_words(ctx, &skills),
        version: team.version,
        key: clock::token(),
        typed: shown.typed,
        id: team.id,
        purpose: team.purpose,
    };
    Ok(Page::new(ctx, team.name)
        .tab(Tab::StaffNet)
        .back("/staff/partners?tab=teams")
        .status(shown.status)
        .render(pages::team_page(page)))
}

/// What stands of a team, for a page whose other form has mistakes.
async fn standing(ctx: &Ctx, id: &str) -> Result<Typed> {
    let team = teams::team(ctx, id).await?;
    let skills = teams::skills(ctx).await?;
    Ok(current(&team, team.skills(&skills)))
}

/// `POST /staff/partners/teams/{team}`
pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let version = body.version.parse().unwrap_or(0);
    match errors(teams::change(&ctx, &id, version, &body.team()).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/partners/teams/{id}"), "flash-partners-saved")),
        Err(wrong) => show(&ctx, &id, Some(Shown::again(body.typed(), wrong))).await,
    }
}

/// `POST /staff/partners/teams/{team}/trainings`
pub async fn add_training(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let form = TrainingForm {
        day: body.training_day.clone(),
        topic: body.topic.clone(),
        hours: body.training_hours.clone(),
        members: body.members.clone(),
        key: body.key.clone(),
    };
    match errors(teams::add_training(&ctx, &id, &form).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/partners/teams/{id}"), "flash-partners-training-added")),
        Err(wrong) => {
            let typed = standing(&ctx, &id)
                .await?
                .with("training_day", body.training_day)
                .with("topic", body.topic)
                .with("training_hours", body.training_hours)
                .list("members", body.members);
            show(&ctx, &id, Some(Shown::again(typed, wrong))).await
        }
    }
}

/// `POST /staff/partners/trainings/{training}/remove`
pub async fn remove_training(ctx: Ctx, Path(id): Path<String>) -> Result {
    let team = teams::remove_training(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &format!("/staff/partners/teams/{team}"), "flash-partners-training-removed"))
}

/// `POST /staff/partners/teams/{team}/activities`
pub async fn link(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match errors(teams::link(&ctx, &id, &body.activity).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/partners/teams/{id}"), "flash-partners-activity-linked")),
        Err(wrong) => {
            let typed = standing(&ctx, &id).await?;
            show(&ctx, &id, Some(Shown::again(typed, wrong))).await
        }
    }
}

/// `GET /staff/partners/teams/{team}/activities/{activity}`
pub async fn activity(ctx: Ctx, Path((team, id)): Path<(String, String)>) -> Result {
    show_activity(&ctx, (&team, &id), None).await
}

async fn show_activity(ctx: &Ctx, (team, id): (&str, &str), again: Option<Shown>) -> Result {
    let (team, activity, came) = teams::activity(ctx, team, id).await?;
    let shown = again.unwrap_or_else(|| {
        let members = came.iter().filter(|one| one.member == 1).map(|one| one.person_id.clone()).collect();
        Shown::fresh(Typed::default().with("hours", typed_hours(activity.minutes())).list("people", members))
    });
    let row = activity_row(ctx, &activity);
    let title = row.title.clone();
    let page = ActivityPage {
        w: ctx.w,
        row,
        notice: activity.notice_id,
        came: came
            .into_iter()
            .map(|one| CameRow { person: one.person_id, name: one.name, member: one.member == 1, minutes: one.minutes })
            .collect(),
        typed: shown.typed,
        team: team.id.clone(),
    };
    Ok(Page::new(ctx, title)
        .tab(Tab::StaffNet)
        .back(format!("/staff/partners/teams/{}", team.id))
        .status(shown.status)
        .render(pages::activity_page(page)))
}

/// `POST /staff/partners/teams/{team}/activities/{activity}`
pub async fn confirm(ctx: Ctx, Path((team, id)): Path<(String, String)>, FormBody(body): FormBody<Body>) -> Result {
    let form = ActivityHours { people: body.people.clone(), hours: body.hours.clone() };
    match errors(hours::confirm_activity(&ctx, &team, &id, &form).await)? {
        Ok(_) => {
            let here = format!("/staff/partners/teams/{team}/activities/{id}");
            Ok(see_other_with(&ctx, &here, "flash-partners-hours-confirmed"))
        }
        Err(wrong) => {
            let typed = Typed::default().with("hours", body.hours).list("people", body.people);
            show_activity(&ctx, (&team, &id), Some(Shown::again(typed, wrong))).await
        }
    }
}

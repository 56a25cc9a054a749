//! Teams and the record for residents.

use super::{Shown, day, errors, hour_row, in_words, members::dates, place_words, skill_words};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other, see_other_with},
    partners::{
        service::{
            certificates,
            hours::{self, HourForm},
            joining::{self, JoinForm},
            teams,
        },
        store::members::MemberGrid,
    },
};
use app::{
    partners::{
        HourState, MemberState,
        hours::{Validity, by_year},
        pages::{self, Mine, PublicTeam, RecordPage, TeamCard, TeamEntry, Typed, length},
    },
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// `GET /teams`
pub async fn list(ctx: Ctx) -> Result {
    let w = ctx.w;
    let Some(community) = ctx.community.clone() else {
        return Ok(see_other("/communities?next=/teams"));
    };
    let skills = teams::skills(&ctx).await?;
    let cards = joining::teams(&ctx, &community).await?.into_iter().map(|team| TeamCard {
        looks_for: in_words(&ctx, &skills, &team.skills(&skills)),
        purpose: team.purpose.chars().take(60).collect(),
        id: team.id,
        name: team.name,
    });
    let view = pages::public_teams(w, cards.collect());
    Ok(Page::new(&ctx, w.t("partners-public-title")).tab(Tab::Me).back("/me").render(view))
}

/// What the forms of a team send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct JoinBody {
    skills: Vec<String>,
    grids: Vec<String>,
    times: Vec<String>,
    note: String,
    available: String,
    consent: String,
}

impl JoinBody {
    fn form(&self) -> JoinForm {
        let JoinBody { skills, grids, times, note, .. } = self.clone();
        JoinForm { skills, grids, times, note, available: self.available == "1", consent: self.consent == "1" }
    }
    fn typed(&self) -> Typed {
        Typed::default()
            .list("skills", self.skills.clone())
            .list("grids", self.grids.clone())
            .list("times", self.times.clone())
            .with("note", &self.note)
    }
}

/// `GET /teams/{id}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, id: &str, again: Option<(Typed, bool)>, status: StatusCode) -> Result {
    let w = ctx.w;
    let (team, mine) = joining::team(ctx, id).await?;
    let skills = teams::skills(ctx).await?;
    let own: Vec<MemberGrid> = match &mine {
        Some(_) => joining::mine(ctx, id).await?.1,
        None => Vec::new(),
    };
    let told = mine.as_ref().map(|member| JoinBody {
        skills: member.skills(),
        grids: own.iter().map(|grid| grid.code.clone()).collect(),
        times: member.times().into_iter().map(|one| one.code().to_owned()).collect(),
        note: member.note.clone(),
        available: if member.available() { "1".to_owned() } else { String::new() },
        consent: String::new(),
    });
    let (typed, available) = again.unwrap_or_else(|| match told {
        Some(told) => (told.typed(), told.available == "1"),
        None => (Typed::default(), true),
    });
    let next = joining::activities(ctx, &team).await?.into_iter().map(|one| {
        let when = time::date_time(w.lang, one.starts(), ctx.now);
        let note = match one.free() {
            Some(free) => w.tf("partners-seats", &[("when", when.into()), ("free", free.into())]),
            None => when,
        };
        (format!("/notices/{}", one.notice_id), w.pick(&one.title, &one.title_en).to_owned(), note)
    });
    let page = PublicTeam {
        w,
        place: w.pick(&team.place, &team.place_en).to_owned(),
        looks_for: in_words(ctx, &skills, &team.skills(&skills)),
        next: next.collect(),
        mine: mine.as_ref().map(|member| Mine {
            state: member.state(),
            since: member.since().map(|since| day(ctx, since)).unwrap_or_default(),
            asks: own
                .iter()
                .filter(|grid| grid.granted == 0)
                .map(|grid| w.pick(&grid.name, &grid.name_en).to_owned())
                .collect(),
        }),
        signed_in: ctx.actor.is_some(),
        skills: skill_words(ctx, &skills),
        grids: place_words(ctx, &joining::grids(ctx, &team).await?),
        typed,
        available,
        id: team.id,
        purpose: team.purpose,
    };
    Ok(Page::new(ctx, team.name).tab(Tab::Me).back("/teams").status(status).render(pages::public_team(page)))
}

/// `POST /teams/{id}/join`
pub async fn join(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<JoinBody>) -> Result {
    if ctx.actor()?.name.is_empty() {
        // Whoever decides has to know who it is.
        return Ok(see_other(&format!("/me/name?next=/teams/{id}")));
    }
    match errors(joining::join(&ctx, &id, &body.form()).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/teams/{id}"), "flash-partners-asked")),
        Err(wrong) => {
            let again = (body.typed().wrong(wrong), body.available == "1");
            show(&ctx, &id, Some(again), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /teams/{id}/change`
pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<JoinBody>) -> Result {
    match errors(joining::change(&ctx, &id, &body.form()).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/teams/{id}"), "flash-partners-saved")),
        Err(wrong) => {
            let again = (body.typed().wrong(wrong), body.available == "1");
            show(&ctx, &id, Some(again), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /teams/{id}/leave`
pub async fn leave(ctx: Ctx, Path(id): Path<String>) -> Result {
    joining::leave(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/me/service", "flash-partners-left"))
}

/// `GET /me/service`
pub async fn record(ctx: Ctx) -> Result {
    show_record(&ctx, Shown::fresh(Typed::default())).await
}

async fn show_record(ctx: &Ctx, shown: Shown) -> Result {
    let w = ctx.w;
    let record = hours::record(ctx).await?;
    let confirmed = record.hours.iter().filter(|hour| hour.state() == HourState::Confirmed);
    let years = by_year(confirmed.map(|hour| (hour.day(), hour.minutes)));
    let issued = certificates::mine(ctx).await?;
    let (from, until) = certificates::this_year(ctx);
    let active = record.teams.iter().filter(|member| member.state() == MemberState::Active);
    let page = RecordPage {
        w,
        years,
        hours: record.hours.iter().map(|hour| hour_row(ctx, hour)).collect(),
        trainings: record
            .trainings
            .iter()
            .map(|one| {
                (one.topic.clone(), format!("{} · {} · {}", one.team, day(ctx, one.day()), length(w, one.minutes)))
            })
            .collect(),
        active: active.map(|member| (member.team_id.clone(), member.team.clone())).collect(),
        teams: record
            .teams
            .iter()
            .map(|member| {
                let when = dates(ctx, member);
                let note = if member.reason.is_empty() { when } else { format!("{when} · {}", member.reason) };
                TeamEntry { id: member.team_id.clone(), name: member.team.clone(), state: member.state(), note }
            })
            .collect(),
        handled: record
            .handled
            .iter()
            .map(|one| (one.code.clone(), format!("{} · {}", w.pick(&one.category, &one.category_en), one.code)))
            .collect(),
        certificates: issued
            .iter()
            .map(|(one, validity)| {
                let (from, until) = one.span();
                (
                    format!("/me/service/certificate?from={from}&until={until}"),
                    format!("{} · {}", one.number, super::span(ctx, one.span())),
                    *validity == Validity::Valid,
                )
            })
            .collect(),
        typed: shown.typed.with("from", from.to_string()).with("until", until.to_string()),
        key: clock::token(),
    };
    Ok(Page::new(ctx, w.t("partners-record-title"))
        .tab(Tab::Me)
        .back("/me")
        .status(shown.status)
        .render(pages::record(page)))
}

/// The form that tells hours.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TellBody {
    report: String,
    team: String,
    day: String,
    hours: String,
    words: String,
    key: String,
}

/// `POST /me/service/hours`
pub async fn tell(ctx: Ctx, FormBody(body): FormBody<TellBody>) -> Result {
    let TellBody { report, team, day, hours: typed, words, key } = body.clone();
    let form = HourForm { report, team, day, hours: typed, words, key };
    match errors(hours::propose(&ctx, &form).await)? {
        Ok(_) => Ok(see_other_with(&ctx, "/me/service", "flash-partners-told")),
        Err(wrong) => {
            let typed = Typed::default()
                .with("report", body.report)
                .with("team", body.team)
                .with("day", body.day)
                .with("hours", body.hours)
                .with("words", body.words);
            show_record(&ctx, Shown::again(typed, wrong)).await
        }
    }
}

/// `POST /me/service/hours/{hour}/withdraw`
pub async fn withdraw(ctx: Ctx, Path(id): Path<String>) -> Result {
    hours::withdraw(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/me/service", "flash-partners-withdrawn"))
}

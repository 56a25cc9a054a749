//! Registrations and hours for staff.

use super::{Shown, day, errors, hour_row, in_words};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    partners::{
        dispatch::times_in_words,
        service::{
            hours::{self, HourForm, Verdict},
            members::{self, Decision},
            teams,
        },
        store::members::Member,
    },
};
use app::{
    partners::{
        MemberState,
        pages::{self, GridRow, HourPage, MemberPage, Typed, length},
    },
    time,
    ui::shell::Tab,
};
use axum::extract::Path;
use serde::Deserialize;

/// What the forms send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    r#do: String,
    reason: String,
    version: String,
    day: String,
    hours: String,
    words: String,
    key: String,
}

/// `GET /staff/partners/members/{member}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, Shown::fresh(Typed::default())).await
}

/// When somebody asked, since when they are in the team, when it ended.
pub(super) fn dates(ctx: &Ctx, member: &Member) -> String {
    let w = ctx.w;
    match (member.state(), member.since(), member.ended()) {
        (MemberState::Asked, ..) => time::ago(w, member.asked(), ctx.now),
        (MemberState::Active, Some(since), _) => w.tf("partners-since", &[("day", day(ctx, since).into())]),
        (_, Some(since), Some(until)) => super::span(ctx, (since, until)),
        (_, _, Some(until)) => day(ctx, until),
        _ => String::new(),
    }
}

async fn show(ctx: &Ctx, id: &str, shown: Shown) -> Result {
    let w = ctx.w;
    let (member, grids) = members::member(ctx, id).await?;
    let skills = teams::skills(ctx).await?;
    let trainings = members::trainings(ctx, &member).await?;
    let back = match member.state() {
        MemberState::Asked => "/staff/partners?tab=waiting".to_owned(),
        _ => format!("/staff/partners/teams/{}", member.team_id),
    };
    let name = member.name.clone();
    let page = MemberPage {
        w,
        id: member.id.clone(),
        team: (member.team_id.clone(), member.team.clone()),
        phone: member.phone_masked.clone(),
        state: member.state(),
        dates: dates(ctx, &member),
        consent: time::date_time(w.lang, member.consented(), ctx.now),
        can: (in_words(ctx, &skills, &member.skills()), times_in_words(w, &member.times())),
        available: member.available(),
        note: member.note.clone(),
        grids: grids
            .into_iter()
            .map(|grid| GridRow { name: w.pick(&grid.name, &grid.name_en).to_owned(), granted: grid.granted })
            .collect(),
        reason: member.reason.clone(),
        version: member.version,
        trainings: trainings
            .into_iter()
            .map(|one| format!("{} · {} · {}", one.topic, day(ctx, one.day()), length(w, one.minutes)))
            .collect(),
        typed: shown.typed,
        key: clock::token(),
    };
    Ok(Page::new(ctx, name).tab(Tab::StaffNet).back(back).status(shown.status).render(pages::member_page(page)))
}

/// `POST /staff/partners/members/{member}`
pub async fn decide(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    members::permit(&ctx, &id).await?;
    let decision = Decision::from_code(&body.r#do).ok_or(Error::BadRequest("there is no such button".into()))?;
    let version = body.version.parse().unwrap_or(0);
    match errors(members::decide(&ctx, &id, decision, version, &body.reason).await)? {
        Ok(()) => {
            let flash = match decision {
                Decision::Accept => "flash-partners-accepted",
                Decision::Decline => "flash-partners-declined",
                Decision::End => "flash-partners-ended",
            };
            Ok(see_other_with(&ctx, &format!("/staff/partners/members/{id}"), flash))
        }
        Err(wrong) => show(&ctx, &id, Shown::again(Typed::default().with("reason", body.reason), wrong)).await,
    }
}

/// `POST /staff/partners/members/{member}/hours`
pub async fn write_hours(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let Body { day, hours: typed, words, key, .. } = body.clone();
    let form = HourForm { day, hours: typed, words, key, ..HourForm::default() };
    match errors(hours::write_for(&ctx, &id, &form).await)? {
        Ok(_) => Ok(see_other_with(&ctx, &format!("/staff/partners/members/{id}"), "flash-partners-hours-confirmed")),
        Err(wrong) => {
            let typed = Typed::default().with("day", body.day).with("hours", body.hours).with("words", body.words);
            show(&ctx, &id, Shown::again(typed, wrong)).await
        }
    }
}

/// `GET /staff/partners/hours/{hour}`
pub async fn hour(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_hour(&ctx, &id, Shown::fresh(Typed::default())).await
}

async fn show_hour(ctx: &Ctx, id: &str, shown: Shown) -> Result {
    let hour = hours::hour(ctx, id).await?;
    let page = HourPage {
        w: ctx.w,
        row: hour_row(ctx, &hour),
        own: hour.person_id == ctx.actor()?.id,
        team: hour.team.unwrap_or_default(),
        version: hour.version,
        typed: shown.typed,
    };
    Ok(Page::new(ctx, ctx.w.t("partners-hour-title"))
        .tab(Tab::StaffNet)
        .back("/staff/partners?tab=hours")
        .status(shown.status)
        .render(pages::hour_page(page)))
}

/// `POST /staff/partners/hours/{hour}`
pub async fn decide_hour(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    hours::permit(&ctx, &id).await?;
    let verdict = Verdict::from_code(&body.r#do).ok_or(Error::BadRequest("there is no such button".into()))?;
    let version = body.version.parse().unwrap_or(0);
    match errors(hours::decide(&ctx, &id, verdict, version, &body.reason).await)? {
        Ok(()) => {
            let flash = match verdict {
                Verdict::Confirm => "flash-partners-hours-confirmed",
                Verdict::Decline => "flash-partners-hours-declined",
                Verdict::TakeBack => "flash-partners-hours-taken-back",
            };
            Ok(see_other_with(&ctx, "/staff/partners?tab=hours", flash))
        }
        Err(wrong) => show_hour(&ctx, &id, Shown::again(Typed::default().with("reason", body.reason), wrong)).await,
    }
}

//! Pages and forms of this room.

mod agreements;
mod certificates;
mod home;
mod members;
mod resident;
mod teams;

use super::store::{hours::Hour, teams::Skill};
use crate::{
    http::{Access, Ctx, Result, Routes},
    places::Organisation,
};
use app::{
    partners::{
        HourSource,
        pages::{HourRow, Typed},
    },
    people::Action,
    time,
};
use axum::http::StatusCode;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The routes.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::PartnerManage);
    Routes::new()
        .get("/staff/partners", manage, home::home)
        .get("/staff/partners/organisations/new", manage, agreements::new_partner)
        .post("/staff/partners/organisations", manage, agreements::make_partner)
        .get("/staff/partners/organisations/{partner}", manage, agreements::partner)
        .post("/staff/partners/organisations/{partner}", manage, agreements::change_partner)
        .post("/staff/partners/organisations/{partner}/contact", manage, agreements::contact)
        .post("/staff/partners/organisations/{partner}/agreements", manage, agreements::make_agreement)
        .get("/staff/partners/agreements/{agreement}", manage, agreements::agreement)
        .post("/staff/partners/agreements/{agreement}", manage, agreements::change_agreement)
        .post("/staff/partners/agreements/{agreement}/end", manage, agreements::end_agreement)
        .post("/staff/partners/agreements/{agreement}/tasks", manage, agreements::add_task)
        .get("/staff/partners/tasks/{task}", manage, agreements::task)
        .post("/staff/partners/tasks/{task}", manage, agreements::settle)
        .get("/staff/partners/teams/new", manage, teams::new)
        .post("/staff/partners/teams", manage, teams::make)
        .get("/staff/partners/teams/{team}", manage, teams::one)
        .post("/staff/partners/teams/{team}", manage, teams::change)
        .post("/staff/partners/teams/{team}/trainings", manage, teams::add_training)
        .post("/staff/partners/trainings/{training}/remove", manage, teams::remove_training)
        .post("/staff/partners/teams/{team}/activities", manage, teams::link)
        .get("/staff/partners/teams/{team}/activities/{activity}", manage, teams::activity)
        .post("/staff/partners/teams/{team}/activities/{activity}", manage, teams::confirm)
        .get("/staff/partners/members/{member}", manage, members::one)
        .post("/staff/partners/members/{member}", manage, members::decide)
        .post("/staff/partners/members/{member}/hours", manage, members::write_hours)
        .get("/staff/partners/hours/{hour}", manage, members::hour)
        .post("/staff/partners/hours/{hour}", manage, members::decide_hour)
        .get("/teams", Access::Public, resident::list)
        .get("/teams/{id}", Access::Public, resident::one)
        .post("/teams/{id}/join", Access::SignedIn, resident::join)
        .post("/teams/{id}/change", Access::SignedIn, resident::change)
        .post("/teams/{id}/leave", Access::SignedIn, resident::leave)
        .get("/me/service", Access::SignedIn, resident::record)
        .post("/me/service/hours", Access::SignedIn, resident::tell)
        .post("/me/service/hours/{hour}/withdraw", Access::SignedIn, resident::withdraw)
        .get("/me/service/certificate", Access::SignedIn, certificates::mine)
        .post("/me/service/certificate", Access::SignedIn, certificates::issue)
        .get("/me/service/certificate.pdf", Access::SignedIn, certificates::file)
        .get("/service-certificates", Access::Public, certificates::look_up)
        .get("/service-certificates/{code}", Access::Public, certificates::check)
}

type Errors = BTreeMap<&'static str, String>;

/// What a page shows after a form: what was typed with what is wrong, and the status.
struct Shown {
    typed: Typed,
    status: StatusCode,
}

impl Shown {
    /// The page as it is opened.
    fn fresh(typed: Typed) -> Shown {
        Shown { typed, status: StatusCode::OK }
    }
    /// The form again with what is wrong.
    fn again(typed: Typed, errors: Errors) -> Shown {
        Shown { typed: typed.wrong(errors), status: StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// What came of a form: nothing to say, or what is wrong with it.
fn errors<T>(done: super::service::Done<T>) -> Result<std::result::Result<T, Errors>> {
    use super::service::Refused;
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(Refused::Invalid(errors)) => Ok(Err(errors.into_map())),
        Err(Refused::Other(error)) => Err(error),
    }
}

/// Skills as code and word.
fn skill_words(ctx: &Ctx, skills: &[Skill]) -> Vec<(String, String)> {
    skills.iter().map(|skill| (skill.code.clone(), ctx.w.pick(&skill.name, &skill.name_en).to_owned())).collect()
}

/// Some of the skills in words.
fn in_words(ctx: &Ctx, skills: &[Skill], codes: &[String]) -> String {
    let words: Vec<&str> = skills
        .iter()
        .filter(|skill| codes.contains(&skill.code))
        .map(|skill| ctx.w.pick(&skill.name, &skill.name_en))
        .collect();
    words.join(&ctx.w.t("partners-comma"))
}

/// Places as code and name.
fn place_words(ctx: &Ctx, places: &[Organisation]) -> Vec<(String, String)> {
    places.iter().map(|place| (place.code.clone(), ctx.w.pick(&place.name, &place.name_en).to_owned())).collect()
}

/// A day with its year.
fn day(ctx: &Ctx, day: Date) -> String {
    time::date_long(ctx.w.lang, day)
}

/// From when until when.
fn span(ctx: &Ctx, (from, until): (Date, Date)) -> String {
    ctx.w.tf("partners-span", &[("from", day(ctx, from).into()), ("until", day(ctx, until).into())])
}

/// What an entry of hours was for, in words.
pub(super) fn what(ctx: &Ctx, hour: &Hour) -> String {
    let w = ctx.w;
    let of = match hour.source() {
        HourSource::Activity => w
            .pick(hour.activity.as_deref().unwrap_or_default(), hour.activity_en.as_deref().unwrap_or_default())
            .to_owned(),
        HourSource::Report => hour.report.clone().unwrap_or_default(),
        HourSource::Other => String::new(),
    };
    let mut parts = vec![of, hour.words.clone()];
    if hour.source() == HourSource::Report {
        parts.insert(0, w.t(HourSource::Report.key()));
    }
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() {
        return w.t(hour.source().key());
    }
    parts.join(" · ")
}

/// An entry of hours as lists show it.
fn hour_row(ctx: &Ctx, hour: &Hour) -> HourRow {
    let w = ctx.w;
    let note = match (hour.reason.as_str(), &hour.confirmed_by) {
        ("", Some(name)) => Some(w.tf("partners-confirmed-by", &[("name", name.clone().into())])),
        ("", None) => None,
        (reason, _) => Some(reason.to_owned()),
    };
    HourRow {
        id: hour.id.clone(),
        name: hour.name.clone(),
        day: day(ctx, hour.day()),
        minutes: hour.minutes,
        what: what(ctx, hour),
        state: hour.state(),
        note,
    }
}

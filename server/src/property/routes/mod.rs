//! Pages of this room.

mod companies;
mod entries;
mod estates;
mod own;
mod photos;
mod public;
mod rules;

use super::{
    api,
    service::{Refused, today},
    store::{
        assess::Made,
        credit::Entry,
        estates::Contract,
        inspections::Inspection,
        photos::{OF_INSPECTION, of},
    },
};
use crate::{
    http::{Access, Ctx, Error, Result, Routes, see_other_with},
    property::service::estates::OPEN_END,
};
use app::{
    people::Action,
    property::{
        assess::written,
        credit::Standing,
        pages::{AssessmentRow, ContractRow, EntryRow, Errors, StandingView, Turn, estates::InspectionRow},
    },
    time,
};
use jiff::{Timestamp, civil::Date};

/// The routes of this room.
pub fn routes() -> Routes {
    let (read, assess, manage) = (
        Access::Needs(Action::PropertyRead),
        Access::Needs(Action::PropertyAssess),
        Access::Needs(Action::PropertyManage),
    );
    Routes::new()
        .get("/staff/property", read, companies::list)
        .post("/staff/property", manage, companies::make)
        .get("/staff/property/companies/{company}", read, companies::one)
        .post("/staff/property/companies/{company}", manage, companies::change)
        .post("/staff/property/companies/{company}/members", manage, companies::members)
        .post("/staff/property/companies/{company}/entries", assess, companies::propose)
        .post("/staff/property/companies/{company}/assessments", manage, companies::assess)
        .get("/staff/property/assessments/{assessment}", read, entries::assessment)
        .get("/staff/property/estates", read, estates::list)
        .post("/staff/property/estates", manage, estates::make)
        .get("/staff/property/estates/{estate}", read, estates::one)
        .post("/staff/property/estates/{estate}", manage, estates::change)
        .post("/staff/property/estates/{estate}/contracts", manage, estates::contract)
        .post("/staff/property/estates/{estate}/inspections", assess, estates::inspect)
        .post("/staff/property/contracts/{contract}/end", manage, estates::end)
        .get("/staff/property/entries", read, entries::list)
        .get("/staff/property/entries/{entry}", read, entries::one)
        .post("/staff/property/entries/{entry}", manage, entries::decide)
        .post("/staff/property/entries/{entry}/photos", assess, photos::to_entry)
        .post("/staff/property/inspections/{inspection}/photos", assess, photos::to_inspection)
        .post("/staff/property/photos/{photo}/remove", assess, photos::remove)
        .get("/staff/property/rules", read, rules::page)
        .post("/staff/property/rules", manage, rules::make)
        .get("/companies", Access::SignedIn, own::list)
        .get("/companies/{company}", Access::SignedIn, own::one)
        .get("/companies/entries/{entry}", Access::SignedIn, own::entry)
        .post("/companies/entries/{entry}", Access::SignedIn, own::speak)
        .get("/companies/assessments/{assessment}", Access::SignedIn, own::assessment)
        .get("/property", Access::Public, public::list)
        .get("/property/rate", Access::SignedIn, public::rate_page)
        .post("/property/rate", Access::SignedIn, public::rate)
        .get("/property/{company}", Access::Public, public::one)
        .merge(api::routes())
}

/// Where staff go on from a form, or the form again with what is wrong.
fn or_errors(refused: Refused) -> Result<Errors> {
    match refused {
        Refused::Invalid(errors) => Ok(errors.into_map()),
        Refused::Other(error) => Err(error),
    }
}

fn done(ctx: &Ctx, address: &str) -> axum::response::Response {
    see_other_with(ctx, address, "flash-property-saved")
}

/// From when to when, in words.
fn span(ctx: &Ctx, from: &str, until: &str) -> String {
    let w = ctx.w;
    match until {
        OPEN_END => w.tf("property-span-open", &[("from", from.into())]),
        until => w.tf("property-span", &[("from", from.into()), ("until", until.into())]),
    }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// An entry as a row. `pages`: before its id in its address, where the reader has its page.
fn entry_row(ctx: &Ctx, entry: &Entry, pages: Option<&str>, company: bool) -> EntryRow {
    let w = ctx.w;
    let mut about = Vec::new();
    if company {
        about.push(w.pick(&entry.company, &entry.company_en).to_owned());
    }
    if !entry.estate.is_empty() {
        about.push(w.pick(&entry.estate, &entry.estate_en).to_owned());
    }
    EntryRow {
        href: pages.map(|begin| format!("{begin}{}", entry.id)),
        title: entry.title.clone(),
        about: about.join(" · "),
        source: entry.source.clone(),
        points: entry.points,
        severe: entry.severe == 1,
        valid: span(ctx, &entry.counts_from().to_string(), &entry.until_day),
        state: entry.state(),
    }
}

fn standing_view(standing: &Standing, entries: &[Entry]) -> StandingView {
    let of = |id: &String| entries.iter().find(|entry| entry.id == *id);
    StandingView {
        level: standing.level,
        points: standing.points,
        reasons: standing.counted.iter().filter_map(of).map(|entry| (entry.title.clone(), entry.points)).collect(),
    }
}

/// Rules that Linli ships with hold from the beginning: that is no day of anybody's.
fn turns(ctx: &Ctx, history: &[(Date, Standing)]) -> Vec<Turn> {
    let day = |day: Date| if day.year() == 2000 { ctx.w.t("property-from-start") } else { day.to_string() };
    history
        .iter()
        .map(|(from, standing)| Turn { day: day(*from), level: standing.level, points: standing.points })
        .collect()
}

/// Contracts of a company as rows. `pages`: whether the reader has pages of estates.
fn contract_rows(ctx: &Ctx, contracts: &[Contract], pages: bool) -> Vec<ContractRow> {
    let today = today(ctx).to_string();
    let row = |contract: &Contract| ContractRow {
        href: pages.then(|| format!("/staff/property/estates/{}", contract.estate_id)),
        name: ctx.w.pick(&contract.estate, &contract.estate_en).to_owned(),
        span: span(ctx, &contract.from_day, &contract.until_day),
        current: contract.holds(&today),
        id: contract.id.clone(),
    };
    contracts.iter().map(row).collect()
}

/// Inspections as rows, each with its photos; `estate`: named by their estate, else by their company.
async fn inspection_rows(ctx: &Ctx, all: Vec<Inspection>, estate: bool) -> Result<Vec<InspectionRow>> {
    let w = ctx.w;
    let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    let mut photos = of(&ctx.app.db, OF_INSPECTION, &ids).await?;
    let row = |one: Inspection| InspectionRow {
        company: match estate {
            true => w.pick(&one.estate, &one.estate_en).to_owned(),
            false => w.pick(&one.company, &one.company_en).to_owned(),
        },
        findings: one.findings().into_iter().map(|finding| (finding.item, finding.lost)).collect(),
        photos: photos.remove(&one.id).unwrap_or_default(),
        day: one.day,
        points: one.points,
        note: one.note,
        id: one.id,
    };
    Ok(all.into_iter().map(row).collect())
}

fn assessment_rows(ctx: &Ctx, made: &[Made], pages: &str) -> Vec<AssessmentRow> {
    let w = ctx.w;
    let row = |made: &Made| AssessmentRow {
        href: format!("{pages}{}", made.id),
        period: made.period.clone(),
        points: made.points.map(written),
        made: w.tf(
            "property-made",
            &[("when", time::date_time(w.lang, at(made.created_at), ctx.now).into()), ("number", made.number.into())],
        ),
    };
    made.iter().map(row).collect()
}

/// A version as a form sends it.
fn version(typed: &str) -> std::result::Result<i64, Error> {
    typed.trim().parse().map_err(|_| Error::BadRequest("the version is missing".into()))
}

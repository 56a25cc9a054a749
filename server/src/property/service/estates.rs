//! Estates, contracts, inspections.

use super::{Outcome, Refused, a_day, checked, key, line, made_before, note, number, parsed_day, text, today, wrong};
use crate::{
    http::{Ctx, Error, FieldErrors},
    places::{self, Organisation, OrganisationKind},
    property::store::{
        self, Made, day,
        estates::{self, Building, Contract, Estate, Written},
        inspections::{self, Finding, NewInspection},
    },
};
use app::{
    people::Action,
    property::{FINDINGS_MAX, NAME_MAX, TEXT_MAX, TITLE_MAX},
};
use jiff::civil::Date;

/// A contract without an end ends here.
pub const OPEN_END: &str = "2199-12-31";

/// Estates of the reader.
pub async fn list(ctx: &Ctx) -> Result<Vec<Estate>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyRead)?;
    let scopes = actor.scopes(Action::PropertyRead);
    let mut all = estates::all(&ctx.app.db).await?;
    all.retain(|estate| scopes.iter().any(|scope| estate.path.starts_with(scope)));
    Ok(all)
}

/// The estate with this id, if the reader may do this there.
pub async fn one(ctx: &Ctx, action: Action, id: &str) -> Result<Estate, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let estate = estates::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(action, &estate.path)?;
    Ok(estate)
}

/// Communities in which the reader keeps estates.
pub async fn communities(ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    let mut found: Vec<Organisation> = Vec::new();
    for scope in ctx.actor()?.scopes(Action::PropertyManage) {
        for place in places::store::under(&ctx.app.db, scope, OrganisationKind::Community).await? {
            if found.iter().all(|other| other.id != place.id) {
                found.push(place);
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Buildings that may stand in an estate: those of its community that stand in no other.
pub async fn buildings(ctx: &Ctx, estate: &Estate) -> Result<Vec<Building>, Error> {
    let mut all = estates::buildings(&ctx.app.db, &estate.path).await?;
    all.retain(|building| building.estate_id.is_empty() || building.estate_id == estate.id);
    Ok(all)
}

/// An estate as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the community; only for a new one.
    pub community: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Codes of buildings; only for one that is there.
    pub buildings: Vec<String>,
    /// One form makes one.
    pub key: String,
}

fn names(ctx: &Ctx, form: &Form, errors: &mut FieldErrors) -> (String, String) {
    let name = line(ctx, &form.name, NAME_MAX, "name", true, errors);
    (name, line(ctx, &form.name_en, NAME_MAX, "name_en", false, errors))
}

/// Makes an estate; gives its id.
pub async fn make(ctx: &Ctx, form: &Form) -> Outcome<String> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let mut errors = FieldErrors::new();
    let community = places::store::community_by_code(&ctx.app.db, form.community.trim()).await?;
    let community = community.filter(|place| actor.may(Action::PropertyManage, &place.path));
    if community.is_none() {
        errors.add("community", ctx.w.t("property-error-community"));
    }
    let (name, name_en) = names(ctx, form, &mut errors);
    checked(errors)?;
    let Some(community) = community else { return Err(Error::NotFound.into()) };
    actor.require(Action::PropertyManage, &community.path)?;
    let key = key(ctx, &form.key)?;
    let mut tx = ctx.app.db.begin().await?;
    let place = (community.id.as_str(), community.path.as_str());
    let Some(id) = estates::insert(&mut tx, place, (&name, &name_en), &key, ctx.now).await? else {
        return made_before(&mut tx, Made::Estate, &key).await;
    };
    note(&mut tx, ctx, "property.estate_make", ("property_estate", &id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes name and buildings of an estate that still is as the reader saw it.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &Form) -> Outcome {
    let estate = one(ctx, Action::PropertyManage, id).await?;
    let mut errors = FieldErrors::new();
    let (name, name_en) = names(ctx, form, &mut errors);
    let known = buildings(ctx, &estate).await?;
    let of = |code: &String| known.iter().find(|building| building.code == *code).map(|building| building.id.clone());
    let mut wanted: Vec<String> = form.buildings.iter().filter_map(of).collect();
    wanted.sort();
    wanted.dedup();
    if form.buildings.iter().any(|code| of(code).is_none()) {
        errors.add("buildings", ctx.w.t("property-error-buildings"));
    }
    checked(errors)?;
    let mut tx = ctx.app.db.begin().await?;
    if !estates::rename(&mut tx, (id, version), (&name, &name_en)).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    if !estates::set_buildings(&mut tx, id, &wanted).await? {
        return wrong(ctx, "buildings", "property-error-buildings");
    }
    let detail = serde_json::json!({ "buildings": form.buildings });
    note(&mut tx, ctx, "property.estate_change", ("property_estate", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes a contract: this company looks after the estate from a day to a day, or for good where no end is said. No other may
/// overlap it.
pub async fn contract(ctx: &Ctx, id: &str, company: &str, from: &str, until: &str) -> Outcome {
    let estate = one(ctx, Action::PropertyManage, id).await?;
    let mut errors = FieldErrors::new();
    let company = store::by_id(&ctx.app.db, company).await?;
    if company.is_none() {
        errors.add("company", ctx.w.t("property-error-company"));
    }
    let from = a_day(ctx, from, "from", &mut errors);
    let until = match until.trim() {
        "" => Some(day(OPEN_END)),
        typed => a_day(ctx, typed, "until", &mut errors),
    };
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        errors.add("until", ctx.w.t("property-error-span"));
    }
    checked(errors)?;
    let (Some(company), Some(from), Some(until)) = (company, from, until) else { return Err(Error::NotFound.into()) };
    let mut tx = ctx.app.db.begin().await?;
    estates::lock(&ctx.app.db, &mut tx, &estate.id).await?;
    let span = (from.to_string(), until.to_string());
    match estates::insert_contract(&mut tx, (id, &company.id), (&span.0, &span.1), ctx.now).await? {
        Written::Same => Ok(()),
        Written::Overlaps => wrong(ctx, "from", "property-error-overlap"),
        Written::New(made) => {
            let detail = serde_json::json!({ "company": company.id, "from": span.0, "until": span.1 });
            note(&mut tx, ctx, "property.contract_make", ("property_contract", &made), detail).await?;
            tx.commit().await?;
            Ok(())
        }
    }
}

/// Ends a contract on a day before the one it says.
pub async fn end_contract(ctx: &Ctx, id: &str, until: &str) -> Outcome<Contract> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let contract = estates::contract(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::PropertyManage, &contract.path)?;
    let Some(until) = parsed_day(until).map(|day| day.to_string()) else {
        return wrong(ctx, "end", "property-error-day");
    };
    if until == contract.until_day {
        return Ok(contract);
    }
    let mut tx = ctx.app.db.begin().await?;
    estates::lock(&ctx.app.db, &mut tx, &contract.estate_id).await?;
    if !estates::end_contract(&mut tx, id, &until).await? {
        return wrong(ctx, "end", "property-error-end");
    }
    let detail = serde_json::json!({ "until": until });
    note(&mut tx, ctx, "property.contract_end", ("property_contract", id), detail).await?;
    tx.commit().await?;
    Ok(contract)
}

/// An inspection as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct InspectionForm {
    /// The day.
    pub day: String,
    /// What was found, one a row; empty rows say nothing.
    pub items: Vec<String>,
    /// Points that each takes.
    pub lost: Vec<String>,
    /// More.
    pub note: String,
    /// One form makes one.
    pub key: String,
}

fn findings(ctx: &Ctx, form: &InspectionForm, errors: &mut FieldErrors) -> Vec<Finding> {
    let mut found = Vec::new();
    for (n, typed) in form.items.iter().enumerate() {
        let lost = form.lost.get(n).map_or("", |text| text.trim());
        if typed.trim().is_empty() && (lost.is_empty() || lost == "0") {
            continue;
        }
        let item = line(ctx, typed, TITLE_MAX, "items", true, errors);
        let lost = if lost.is_empty() { "0" } else { lost };
        found.push(Finding { item, lost: number(ctx, lost, (0, 100), "items", errors) });
    }
    if found.len() > FINDINGS_MAX {
        errors.add("items", ctx.w.tf("property-error-findings", &[("count", FINDINGS_MAX.into())]));
    }
    found
}

/// Writes down an inspection of an estate. It counts for the company whose contract it was on that day.
pub async fn inspect(ctx: &Ctx, id: &str, form: &InspectionForm) -> Outcome<String> {
    let estate = one(ctx, Action::PropertyAssess, id).await?;
    let mut errors = FieldErrors::new();
    let day: Option<Date> = a_day(ctx, &form.day, "day", &mut errors);
    if day.is_some_and(|day| day > today(ctx)) {
        errors.add("day", ctx.w.t("property-error-future"));
    }
    let findings = findings(ctx, form, &mut errors);
    let said = text(ctx, &form.note, TEXT_MAX, "note", findings.is_empty(), &mut errors);
    let contract = match day {
        Some(day) => estates::company_on(&ctx.app.db, id, &day.to_string()).await?,
        None => None,
    };
    if contract.is_none() {
        errors.add("day", ctx.w.t("property-error-no-contract"));
    }
    checked(errors)?;
    let (Some(day), Some(contract)) = (day, contract) else { return Err(Refused::Other(Error::NotFound)) };
    let key = key(ctx, &form.key)?;
    let lost: i64 = findings.iter().map(|finding| finding.lost).sum();
    let new = NewInspection {
        estate_id: &estate.id,
        company_id: &contract.company_id,
        day,
        points: (100 - lost).max(0),
        findings: &findings,
        note: &said,
        by: &ctx.actor()?.id,
        form_key: &key,
    };
    let mut tx = ctx.app.db.begin().await?;
    let Some(made) = inspections::insert(&mut tx, &new, ctx.now).await? else {
        return made_before(&mut tx, Made::Inspection, &key).await;
    };
    note(&mut tx, ctx, "property.inspect", ("property_inspection", &made), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(made)
}

//! Credit entries and assessments for staff; the same pages for companies are made here as well.

use super::{at, entry_row, or_errors, span, version};
use crate::{
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    property::{
        service::{
            assess::{self, Opened},
            credit::{self, StepForm},
        },
        store::{
            credit::Entry,
            photos::{self, OF_ENTRY},
        },
    },
    reports::categories,
};
use app::{
    people::Action,
    property::{
        credit::{State, Step},
        pages::{
            Errors,
            assessment::{self as paper, AssessmentPage},
            entries::{self as pages, EntryPage},
        },
    },
    time,
    ui::{badge::Tone, shell::Tab, timeline::Event},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Deserialize;

/// What the list's address may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    state: String,
}

pub async fn list(ctx: Ctx, Params(query): Params<Query>) -> Result {
    ctx.actor()?.require_somewhere(Action::PropertyRead)?;
    if !query.state.is_empty() && State::from_code(&query.state).is_none() {
        return Err(Error::BadRequest("no such state".into()));
    }
    let rows = credit::list(&ctx, &query.state).await?;
    let rows = rows.iter().map(|entry| entry_row(&ctx, entry, Some("/staff/property/entries/"), true)).collect();
    let page = pages::list(ctx.w, &query.state, rows);
    Ok(Page::new(&ctx, ctx.w.t("property-entries")).tab(Tab::StaffNet).back("/staff/property").render(page))
}

/// The forms of an entry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    step: String,
    version: String,
    text: String,
    points: String,
}

impl Body {
    /// As the use case takes it.
    pub fn form(&self) -> std::result::Result<StepForm, Error> {
        Ok(StepForm {
            step: self.step.clone(),
            version: version(&self.version)?,
            text: self.text.clone(),
            points: self.points.clone(),
        })
    }

    /// As the page shows it again.
    pub fn typed(self) -> [String; 3] {
        [self.step, self.text, self.points]
    }
}

pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let entry = credit::one(&ctx, &id).await?;
    show(&ctx, &entry, true, Default::default(), Errors::new(), StatusCode::OK).await
}

fn tone(step: &str) -> Tone {
    match Step::from_code(step) {
        Some(Step::Publish | Step::Uphold | Step::Change) => Tone::Ok,
        Some(Step::Appeal | Step::Answer) => Tone::Busy,
        Some(Step::Propose) => Tone::Info,
        _ => Tone::Neutral,
    }
}

/// The page of an entry, for staff or for who acts for its company.
pub async fn show(
    ctx: &Ctx,
    entry: &Entry,
    staff: bool,
    typed: [String; 3],
    errors: Errors,
    status: StatusCode,
) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let decides = staff && actor.require(Action::PropertyManage, &entry.path).is_ok();
    let fitting: Vec<Step> = Step::ALL
        .into_iter()
        .filter(|step| {
            step.after(entry.state()).is_some()
                && if staff { decides && !step.is_companys() } else { step.is_companys() }
        })
        .collect();
    let hindered: Vec<&'static str> =
        fitting.iter().filter_map(|step| credit::hindrance(ctx, entry, *step, &actor.id)).collect();
    let steps = fitting.into_iter().filter(|step| credit::hindrance(ctx, entry, *step, &actor.id).is_none()).collect();
    let mut photos = photos::of(&ctx.app.db, OF_ENTRY, &[entry.id.as_str()]).await?;
    let events = credit::events(ctx, entry).await?.into_iter().map(|event| {
        let step = Step::from_code(&event.step);
        let title = step.map_or_else(|| event.step.clone(), |step| w.t(step.key()));
        // A company sees what was decided, not by whom of the staff.
        let own = step.is_some_and(Step::is_companys);
        let who = if staff || own { format!("{}　", event.name) } else { String::new() };
        Event {
            tone: tone(&event.step),
            at: at(event.at).to_string(),
            when: time::date_time(w.lang, at(event.at), ctx.now),
            title,
            note: Some(format!("{who}{}", event.text)),
            more: None,
        }
    });
    let (here, company, reports, back) = match staff {
        true => (
            format!("/staff/property/entries/{}", entry.id),
            Some(format!("/staff/property/companies/{}", entry.company_id)),
            "/staff/reports/",
            "/staff/property/entries".to_owned(),
        ),
        false => {
            let own = format!("/companies/{}", entry.company_id);
            (format!("/companies/entries/{}", entry.id), Some(own.clone()), "/reports/", own)
        }
    };
    let adds = staff
        && entry.state() == State::Proposed
        && entry.answered_at.is_none()
        && actor.require(Action::PropertyAssess, &entry.path).is_ok();
    let page = EntryPage {
        w,
        photos: photos.remove(&entry.id).unwrap_or_default(),
        add_photos: adds.then(|| format!("{here}/photos")),
        here,
        company: (w.pick(&entry.company, &entry.company_en).to_owned(), company),
        estate: w.pick(&entry.estate, &entry.estate_en).to_owned(),
        source: entry.source.clone(),
        basis: entry.basis.clone(),
        evidence: entry.evidence.clone(),
        reports: entry.codes().into_iter().map(|code| (code.clone(), format!("{reports}{code}"))).collect(),
        points: (entry.points, entry.first_points),
        severe: entry.severe == 1,
        valid: span(ctx, &entry.counts_from().to_string(), &entry.until_day),
        state: entry.state(),
        answer_due: entry.answer_due.clone(),
        appeal_due: entry.appeal_due.clone(),
        events: events.collect(),
        steps,
        hindrance: hindered.first().map(|key| w.t(key)),
        version: entry.version,
        typed,
        errors,
    };
    let tab = if staff { Tab::StaffNet } else { Tab::Me };
    let page = pages::one(page);
    Ok(Page::new(ctx, entry.title.clone()).tab(tab).back(back).status(status).render(page))
}

pub async fn decide(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let entry = credit::one(&ctx, &id).await?;
    actor.require(Action::PropertyManage, &entry.path)?;
    match credit::decide(&ctx, &id, &body.form()?).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/property/entries/{id}"), "flash-property-step")),
        Err(refused) => {
            let errors = or_errors(refused)?;
            show(&ctx, &entry, true, body.typed(), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn assessment(ctx: Ctx, Path(id): Path<String>) -> Result {
    let opened = assess::one(&ctx, &id).await?;
    paper_of(&ctx, opened, true).await
}

/// The page of an assessment, for staff or for who acts for its company.
pub async fn paper_of(ctx: &Ctx, opened: Opened, staff: bool) -> Result<Response> {
    let w = ctx.w;
    let names = categories::all(&ctx.app.db).await?;
    let named = |code: &String| {
        names
            .iter()
            .find(|category| category.code == *code)
            .map(|category| w.pick(&category.name, &category.name_en).to_owned())
    };
    let categories: Vec<String> = opened.inputs.rules.categories.iter().filter_map(named).collect();
    let (reports, entries, estates, back, tab) = match staff {
        true => (
            "/staff/reports/",
            "/staff/property/entries/",
            Some("/staff/property/estates/"),
            format!("/staff/property/companies/{}", opened.made.company_id),
            Tab::StaffNet,
        ),
        false => ("/reports/", "/companies/entries/", None, format!("/companies/{}", opened.made.company_id), Tab::Me),
    };
    let page = AssessmentPage {
        w,
        company: w.pick(&opened.made.company, &opened.made.company_en).to_owned(),
        made: time::date_time(w.lang, at(opened.made.created_at), ctx.now),
        number: opened.made.number,
        points: opened.made.points,
        inputs: opened.inputs,
        again: opened.again,
        now: opened.now,
        changes: opened.changes,
        reports,
        entries,
        estates,
        categories: categories.join(&w.t("property-and")),
    };
    let page = paper::page(page);
    Ok(Page::new(ctx, w.t("property-assessment")).tab(tab).back(back).render(page))
}

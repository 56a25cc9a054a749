//! Credit entries: proposed, answered, decided, appealed, decided again by somebody else. Each step is written down, and the
//! company is told of each that is not its own.

use super::{
    Outcome, Refused, checked, company, key, line, made_before, note, number, own_company, parsed_day, text, today,
    working_days_after,
};
use crate::{
    auth::Actor,
    db::Tx,
    deliver::outbox::{self, Urgency},
    http::{Ctx, Error, FieldErrors},
    people::inbox,
    property::store::{
        self, Made,
        credit::{self, Entry, EntryEvent, Moved, NewEntry},
        estates, rules,
    },
};
use app::{
    people::Action,
    property::{
        POINTS_MAX, TEXT_MAX, TITLE_MAX,
        credit::{State, Step, may_decide},
    },
};
use jiff::ToSpan;

/// Where entries come from, as stored.
pub const SOURCES: [&str; 5] = ["reports", "inspection", "residents", "authority", "merit"];
/// Reports that one entry names at most.
const REPORTS_MAX: usize = 20;
/// Longest validity, in years.
const YEARS_MAX: i32 = 3;

/// An entry as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Id of the estate; empty: the company as a whole.
    pub estate: String,
    /// What it is about.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Rule and reason.
    pub basis: String,
    /// Evidence.
    pub evidence: String,
    /// Codes of reports.
    pub reports: String,
    /// Points.
    pub points: String,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// One form makes one.
    pub key: String,
}

/// Proposes an entry about a company; gives its id. The company is told and may answer.
pub async fn propose(ctx: &Ctx, company_id: &str, form: &Form) -> Outcome<String> {
    let company = company(ctx, Action::PropertyAssess, company_id).await?;
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let mut errors = FieldErrors::new();
    let path = match form.estate.trim() {
        "" => Some(company.path.clone()),
        id => {
            let contracts = estates::of_company(db, company_id).await?;
            contracts.into_iter().find(|contract| contract.estate_id == id).map(|contract| contract.path)
        }
    };
    let path = path.filter(|path| actor.may(Action::PropertyAssess, path));
    if path.is_none() {
        errors.add("estate", ctx.w.t("property-error-estate"));
    }
    let title = line(ctx, &form.title, TITLE_MAX, "title", true, &mut errors);
    if !SOURCES.contains(&form.source.as_str()) {
        errors.add("source", ctx.w.t("property-error-source"));
    }
    let basis = text(ctx, &form.basis, TEXT_MAX, "basis", true, &mut errors);
    let evidence = text(ctx, &form.evidence, TEXT_MAX, "evidence", true, &mut errors);
    let points = number(ctx, &form.points, (-POINTS_MAX, POINTS_MAX), "points", &mut errors);
    if points == 0 && !form.severe || form.severe && points > 0 {
        errors.add("points", ctx.w.t("property-error-points"));
    }
    let from = if form.from.trim().is_empty() { Some(today(ctx)) } else { parsed_day(&form.from) };
    let until = match (form.until.trim(), from) {
        ("", Some(from)) => Some(from.saturating_add(1.year()).saturating_sub(1.day())),
        (typed, _) => parsed_day(typed),
    };
    let span =
        from.zip(until).filter(|(from, until)| from <= until && *until <= from.saturating_add(YEARS_MAX.years()));
    if span.is_none() {
        errors.add("until", ctx.w.t("property-error-validity"));
    }
    let codes: Vec<String> = form.reports.split_whitespace().take(REPORTS_MAX + 1).map(str::to_owned).collect();
    let scopes = actor.scopes(Action::ReportRead);
    if codes.len() > REPORTS_MAX || credit::reports_there(db, &codes, &scopes).await?.len() != codes.len() {
        errors.add("reports", ctx.w.t("property-error-reports"));
    }
    checked(errors)?;
    let (Some(path), Some(days)) = (path, span) else { return Err(Error::NotFound.into()) };
    actor.require(Action::PropertyAssess, &path)?;
    let key = key(ctx, &form.key)?;
    let versions = rules::all(db).await?;
    let rules = rules::on(&versions, today(ctx));
    let new = NewEntry {
        company_id,
        estate_id: Some(form.estate.trim()).filter(|id| !id.is_empty()),
        path: &path,
        title: &title,
        source: &form.source,
        basis: &basis,
        evidence: &evidence,
        reports: &codes.join(" "),
        points,
        severe: form.severe,
        days,
        answer_due: working_days_after(ctx, today(ctx), rules.answer_days),
        by: &actor.id,
        form_key: &key,
    };
    let mut tx = db.begin().await?;
    let Some(id) = credit::insert(&mut tx, &new, ctx.now).await? else {
        return made_before(&mut tx, Made::Entry, &key).await;
    };
    tell(ctx, &mut tx, company_id, "inbox-property-proposed", (&id, 1), &title).await?;
    note(&mut tx, ctx, "property.propose", ("property_entry", &id), serde_json::json!({ "points": points })).await?;
    tx.commit().await?;
    Ok(id)
}

/// Tells everybody who acts for the company.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    company_id: &str,
    text_key: &'static str,
    (id, version): (&str, i64),
    title: &str,
) -> Result<(), Error> {
    let href = format!("/companies/entries/{id}");
    for person in store::member_ids(tx, company_id).await? {
        let message = inbox::Message {
            person_id: &person,
            text_key,
            text_args: serde_json::json!({ "title": title }),
            href: &href,
            dedupe_key: &format!("property:{id}:{version}"),
        };
        outbox::reach(tx, &ctx.app, message, &href, Urgency::ByDay, ctx.now).await?;
    }
    Ok(())
}

/// Whether staff may see an entry: where it belongs, and besides, once it is public, wherever they see the company.
pub(super) async fn may_see(ctx: &Ctx, actor: &Actor, entry: &Entry) -> Result<(), Error> {
    if actor.require(Action::PropertyRead, &entry.path).is_ok() {
        return Ok(());
    }
    if entry.state().counts() {
        company(ctx, Action::PropertyRead, &entry.company_id).await?;
        return Ok(());
    }
    Err(Error::Forbidden)
}

/// The entry with this id, for staff.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Entry, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyRead)?;
    let entry = credit::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    may_see(ctx, actor, &entry).await?;
    Ok(entry)
}

/// The entry with this id, for who acts for its company.
pub async fn own(ctx: &Ctx, id: &str) -> Result<Entry, Error> {
    ctx.actor()?;
    let entry = credit::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    own_company(ctx, &entry.company_id).await?;
    Ok(entry)
}

/// Its steps, the latest first.
pub async fn events(ctx: &Ctx, entry: &Entry) -> Result<Vec<EntryEvent>, Error> {
    Ok(credit::events(&ctx.app.db, &entry.id).await?)
}

/// Entries in a state that the reader may decide or see; all states for an empty code.
pub async fn list(ctx: &Ctx, state: &str) -> Result<Vec<Entry>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyRead)?;
    let scopes = actor.scopes(Action::PropertyRead);
    Ok(credit::of_state(&ctx.app.db, state, &scopes).await?)
}

/// A step as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct StepForm {
    /// Code of the step.
    pub step: String,
    /// The version that was looked at.
    pub version: i64,
    /// What is said.
    pub text: String,
    /// Points, where they change.
    pub points: String,
}

/// Why a decision is not possible now; nothing when it is.
pub fn hindrance(ctx: &Ctx, entry: &Entry, step: Step, by: &str) -> Option<&'static str> {
    if step.after(entry.state()).is_none() {
        return Some("property-conflict-state");
    }
    if !step.is_independent(by, &entry.proposed_by, &entry.decided_by) {
        return Some("property-conflict-same-person");
    }
    let due = store::day(&entry.answer_due);
    if step == Step::Publish && !may_decide(entry.answered_at.is_some(), due, today(ctx)) {
        return Some("property-conflict-early");
    }
    if step == Step::Appeal && today(ctx) > store::day(&entry.appeal_due) {
        return Some("property-conflict-late");
    }
    None
}

/// Decides on an entry or on an appeal: in the street or above, never who proposed it, never who decided before.
pub async fn decide(ctx: &Ctx, id: &str, form: &StepForm) -> Outcome {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let entry = credit::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::PropertyManage, &entry.path)?;
    // Whoever acts for a company decides on nothing about it.
    if store::is_member(&ctx.app.db, &entry.company_id, &actor.id).await? {
        return Err(Error::Conflict("property-conflict-own").into());
    }
    let step = Step::from_code(&form.step).filter(|step| !step.is_companys() && *step != Step::Propose);
    let step = step.ok_or(Error::BadRequest("no such step".into()))?;
    take(ctx, &entry, step, form).await
}

/// The company answers or appeals.
pub async fn speak(ctx: &Ctx, id: &str, form: &StepForm) -> Outcome {
    let entry = own(ctx, id).await?;
    let step = Step::from_code(&form.step).filter(|step| step.is_companys());
    let step = step.ok_or(Error::BadRequest("no such step".into()))?;
    take(ctx, &entry, step, form).await
}

async fn take(ctx: &Ctx, entry: &Entry, step: Step, form: &StepForm) -> Outcome {
    let by = &ctx.actor()?.id;
    if let Some(key) = hindrance(ctx, entry, step, by) {
        return Err(Error::Conflict(key).into());
    }
    if entry.version != form.version {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    let after = step.after(entry.state()).unwrap_or(State::Dropped);
    let mut errors = FieldErrors::new();
    let said = text(ctx, &form.text, TEXT_MAX, "text", true, &mut errors);
    let points = match step {
        Step::Change => {
            let points = number(ctx, &form.points, (-POINTS_MAX, POINTS_MAX), "points", &mut errors);
            // Nobody is worse off for having appealed.
            if points <= entry.points {
                errors.add("points", ctx.w.t("property-error-points-worse"));
            }
            points
        }
        _ => entry.points,
    };
    checked(errors)?;
    let db = &ctx.app.db;
    let published = match step {
        Step::Publish => {
            let rules = rules::on(&rules::all(db).await?, today(ctx));
            Some((today(ctx), today(ctx).saturating_add(rules.appeal_days.days())))
        }
        _ => None,
    };
    let mut tx = db.begin().await?;
    let moved = Moved { step: (step, after), by, text: &said, points, published };
    if !credit::advance(&mut tx, entry, &moved, ctx.now).await? {
        return Err(Refused::Other(Error::Conflict("error-conflict-text")));
    }
    let told = match step {
        Step::Publish => Some("inbox-property-published"),
        Step::Drop => Some("inbox-property-dropped"),
        Step::Uphold => Some("inbox-property-upheld"),
        Step::Change => Some("inbox-property-changed"),
        Step::Revoke => Some("inbox-property-revoked"),
        Step::Propose | Step::Answer | Step::Appeal => None,
    };
    if let Some(key) = told {
        tell(ctx, &mut tx, &entry.company_id, key, (&entry.id, entry.version + 1), &entry.title).await?;
    }
    let action = match step {
        Step::Propose => "property.propose",
        Step::Answer => "property.answer",
        Step::Publish => "property.publish",
        Step::Drop => "property.drop",
        Step::Appeal => "property.appeal",
        Step::Uphold => "property.uphold",
        Step::Change => "property.change_points",
        Step::Revoke => "property.revoke",
    };
    note(&mut tx, ctx, action, ("property_entry", &entry.id), serde_json::json!({ "points": points })).await?;
    tx.commit().await?;
    Ok(())
}

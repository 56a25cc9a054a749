//! Writing a letter before it is issued.

use super::{one, write_down};
use crate::{
    http::{Ctx, Error},
    places::{self, Organisation, OrganisationKind},
    reports::clocks::hours_at,
    supervision::store::{
        self, Letter,
        write::{self, Draft, NewEvent},
    },
};
use app::{
    people::{Action, Role},
    reports::worktime::WorkTime,
    supervision::{
        State, Step,
        form::{Checked, Errors, LetterForm},
        life,
    },
};
use jiff::civil::Time;

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(Errors),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// In whose name the reader writes: districts and streets of which they are a supervisor. The district's supervisors do not write
/// in a street's name.
pub async fn issuers(ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionOrder)?;
    let mut all: Vec<Organisation> = Vec::new();
    for grant in actor.grants.iter().filter(|grant| grant.role == Role::Supervisor) {
        let Some(place) = places::store::by_id(&ctx.app.db, &grant.organisation_id).await? else { continue };
        let issues =
            [OrganisationKind::District, OrganisationKind::Subdistrict].iter().any(|kind| kind.code() == place.kind);
        if issues && all.iter().all(|known| known.id != place.id) {
            all.push(place);
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

/// Whom these may address: the streets and communities below them, from above to below.
pub async fn addressees(ctx: &Ctx, issuers: &[Organisation]) -> Result<Vec<Organisation>, Error> {
    let mut all: Vec<Organisation> = Vec::new();
    for issuer in issuers {
        for kind in [OrganisationKind::Subdistrict, OrganisationKind::Community] {
            for place in places::store::under(&ctx.app.db, &issuer.path, kind).await? {
                if place.id != issuer.id && all.iter().all(|known| known.id != place.id) {
                    all.push(place);
                }
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

/// The working hours at a place.
pub async fn hours(ctx: &Ctx, path: &str) -> Result<Vec<(Time, Time)>, Error> {
    Ok(hours_at(&mut *ctx.app.db.read().acquire().await?, path).await?)
}

/// A form that was judged whole.
struct Judged {
    checked: Checked,
    issuer: Organisation,
    addressee: Organisation,
    reports: Vec<String>,
}

impl Judged {
    fn draft(&self) -> Draft<'_> {
        Draft {
            kind: self.checked.kind,
            issuer: (&self.issuer.id, &self.issuer.path),
            addressee: (&self.addressee.id, &self.addressee.path),
            company: &self.checked.company,
            subject: &self.checked.subject,
            asked: &self.checked.asked,
            wish: self.checked.wish,
        }
    }
}

/// Judges a form: who issues, who is addressed, the reports, the deadline.
async fn judge(ctx: &Ctx, form: &LetterForm) -> Result<Judged, Refused> {
    let w = ctx.w;
    let issuers = issuers(ctx).await?;
    let issuer = match (&issuers[..], form.issuer.as_str()) {
        ([only], "") => Some(only),
        (all, code) => all.iter().find(|place| place.code == code),
    };
    let issuer = issuer.cloned().ok_or(Error::Forbidden)?;
    let (mut errors, checked) = match form.check(w) {
        Ok(checked) => (Errors::new(), Some(checked)),
        Err(errors) => (errors, None),
    };
    // Another street's community is none of theirs.
    let addressee =
        addressees(ctx, std::slice::from_ref(&issuer)).await?.into_iter().find(|place| place.code == form.addressee);
    if addressee.is_none() {
        errors.insert("addressee", w.t("supervision-error-addressee"));
    }
    let mut reports = Vec::new();
    if let (Some(checked), Some(addressee)) = (&checked, &addressee) {
        let known = store::known_reports(&ctx.app.db, &checked.reports).await?;
        for code in &checked.reports {
            match known.get(code) {
                Some((id, path)) if path.starts_with(&addressee.path) => reports.push(id.clone()),
                _ => {
                    errors.insert("reports", w.tf("supervision-error-report", &[("code", code.clone().into())]));
                }
            }
        }
        let hours = hours(ctx, &addressee.path).await?;
        let work = WorkTime { calendar: &ctx.app.calendar, hours: &hours };
        if let Err((field, key)) = checked.wish.due(&work, ctx.now) {
            errors.insert(field, w.t(key));
        }
    }
    match (checked, addressee) {
        (Some(checked), Some(addressee)) if errors.is_empty() => Ok(Judged { checked, issuer, addressee, reports }),
        _ => Err(Refused::Invalid(errors)),
    }
}

/// Makes a draft; gives its id. The same form sent twice makes one.
pub async fn make(ctx: &Ctx, form: &LetterForm) -> Result<String, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionOrder)?;
    let judged = judge(ctx, form).await?;
    let key: String = form.key.chars().filter(|c| !c.is_control()).collect();
    if key.is_empty() || key.chars().count() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let mut tx = ctx.app.db.begin().await?;
    let Some(id) = write::insert(&mut tx, &judged.draft(), &key, ctx.now).await? else {
        drop(tx);
        let made = store::by_form_key(&ctx.app.db, &key).await?.ok_or(Error::NotFound)?;
        return Ok(one(ctx, &made.id).await?.0.id);
    };
    write::set_findings(&mut tx, &id, &judged.checked.findings, ctx.now).await?;
    write::set_reports(&mut tx, &id, &judged.reports).await?;
    changed(&mut tx, (&id, 1), &actor.id, None, ctx.now).await?;
    write_down(ctx, &mut tx, ("supervision.make", &id), serde_json::json!({ "addressee": judged.addressee.code }))
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// A draft that the reader may change.
pub async fn for_writing(ctx: &Ctx, id: &str) -> Result<Letter, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::SupervisionRead)?;
    let (letter, _) = one(ctx, id).await?;
    actor.require(Action::SupervisionOrder, &letter.issuer_path)?;
    Ok(letter)
}

/// The same where it still is a draft.
pub async fn for_changing(ctx: &Ctx, id: &str) -> Result<Letter, Error> {
    let letter = for_writing(ctx, id).await?;
    match life::next(letter.state(), Step::Change) {
        Some(_) => Ok(letter),
        None => Err(Error::Conflict("supervision-conflict-issued")),
    }
}

/// Changes a draft that still is as the reader saw it.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &LetterForm) -> Result<(), Refused> {
    let letter = for_changing(ctx, id).await?;
    let judged = judge(ctx, form).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !write::update(&mut tx, (&letter.id, version), &judged.draft()).await? {
        return Err(Error::Conflict("supervision-conflict-changed").into());
    }
    write::set_findings(&mut tx, &letter.id, &judged.checked.findings, ctx.now).await?;
    write::set_reports(&mut tx, &letter.id, &judged.reports).await?;
    changed(&mut tx, (&letter.id, version + 1), &ctx.actor()?.id, Some(State::Draft), ctx.now).await?;
    write_down(ctx, &mut tx, ("supervision.change", &letter.id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

async fn changed(
    tx: &mut crate::db::Tx,
    (letter, seq): (&str, i64),
    actor: &str,
    from: Option<State>,
    now: jiff::Timestamp,
) -> Result<(), sqlx::Error> {
    let event = NewEvent {
        letter,
        seq,
        actor,
        step: Step::Change,
        from,
        to: State::Draft,
        round: 0,
        reason: "",
        days: 0,
        due_at: None,
    };
    write::note(tx, event, now).await
}

/// The form that shows a draft.
pub async fn form_of(ctx: &Ctx, letter: &Letter) -> Result<LetterForm, Error> {
    let findings = store::findings(&ctx.app.db, &letter.id).await?;
    let reports = store::reports(&ctx.app.db, &letter.id).await?;
    Ok(LetterForm {
        key: String::new(),
        version: letter.version.to_string(),
        kind: letter.kind.clone(),
        issuer: letter.issuer_code.clone(),
        addressee: letter.addressee_code.clone(),
        company: letter.company.clone(),
        subject: letter.subject.clone(),
        finding_id: findings.iter().map(|finding| finding.id.clone()).collect(),
        finding: findings.into_iter().map(|finding| finding.text).collect(),
        asked: letter.asked.clone(),
        days: letter.wish_days.map(|days| days.to_string()).unwrap_or_default(),
        day: letter.wish_day.clone().unwrap_or_default(),
        reports: reports.into_iter().map(|report| report.code).collect::<Vec<_>>().join(" "),
    })
}

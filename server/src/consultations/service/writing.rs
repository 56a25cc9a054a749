//! Drafts of consultations.

use super::{Refused, for_staff, note};
use crate::{
    consultations::store::{self, Consultation, write},
    http::{Ctx, Error, Result},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    consultations::{ConsultationForm, State, Wording},
    notices::form::{Errors, one_line},
    people::Action,
};

/// Places that the reader may ask, each with how deep it lies in the tree.
pub async fn places(ctx: &Ctx) -> Result<Vec<Organisation>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ConsultationManage)?;
    let mut all: Vec<Organisation> = Vec::new();
    for scope in actor.scopes(Action::ConsultationManage) {
        for kind in [
            OrganisationKind::District,
            OrganisationKind::Subdistrict,
            OrganisationKind::Community,
            OrganisationKind::Grid,
            OrganisationKind::Building,
        ] {
            for place in places::store::under(&ctx.app.db, scope, kind).await? {
                if all.iter().all(|one| one.id != place.id) {
                    all.push(place);
                }
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

/// The form's wording and place, both fine, the place one that the reader may ask.
pub async fn check(ctx: &Ctx, form: &ConsultationForm) -> std::result::Result<(Wording, Organisation), Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ConsultationManage)?;
    let place = places::store::by_code(&ctx.app.db, &one_line(&form.place)).await?;
    let mut errors = Errors::new();
    match &place {
        Some(place) => actor.require(Action::ConsultationManage, &place.path)?,
        None => {
            errors.insert("place", ctx.w.t("consultations-error-place"));
        }
    }
    match (form.check(ctx.w, ctx.now), place) {
        (Ok(wording), Some(place)) => Ok((wording, place)),
        (Ok(_), None) => Err(Refused::Invalid(errors)),
        (Err(more), _) => {
            errors.extend(more);
            Err(Refused::Invalid(errors))
        }
    }
}

/// Writes a new draft and gives its id. The same form sent twice gives the same draft.
pub async fn create(ctx: &Ctx, form: &ConsultationForm) -> std::result::Result<String, Refused> {
    let (wording, place) = check(ctx, form).await?;
    let actor = ctx.actor()?;
    if form.form_key.is_empty() || form.form_key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let key = format!("{}:{}", actor.id, form.form_key);
    let mut tx = ctx.app.db.begin().await?;
    let made = write::insert(&mut tx, (&actor.id, &key), (&place.id, &place.path), &wording, ctx.now).await?;
    let Some(id) = made else {
        let (id, _) = store::by_form_key(&mut tx, &key).await?.ok_or(Error::NotFound)?;
        return Ok(id);
    };
    note(ctx, &mut tx, "consultation.create", &id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// A draft, for staff who may change it.
pub async fn for_writing(ctx: &Ctx, id: &str) -> Result<Consultation> {
    let consultation = for_staff(ctx, id).await?;
    match consultation.state_at(ctx.now) {
        State::Draft => Ok(consultation),
        _ => Err(Error::Conflict("consultations-conflict-not-draft")),
    }
}

/// Overwrites a draft that nobody else changed in the meantime.
pub async fn save(ctx: &Ctx, id: &str, form: &ConsultationForm) -> std::result::Result<(), Refused> {
    for_writing(ctx, id).await?;
    let (wording, place) = check(ctx, form).await?;
    let version = form.version.parse().unwrap_or(0);
    let mut tx = ctx.app.db.begin().await?;
    if !write::update(&mut tx, (id, version), (&place.id, &place.path), &wording, ctx.now).await? {
        return Err(Error::Conflict("consultations-conflict-changed").into());
    }
    note(ctx, &mut tx, "consultation.save", id, serde_json::json!({ "version": version + 1 })).await?;
    tx.commit().await?;
    Ok(())
}

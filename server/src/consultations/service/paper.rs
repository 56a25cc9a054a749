//! Sheets of paper, typed by staff.

use super::{Refused, Typed, for_staff, household_key, lock, note, read, wrong};
use crate::{
    consultations::store::{self, Consultation, instant, voices},
    http::{Ctx, Error, Result},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    consultations::{Per, SHEET_CHARS},
    notices::form::one_line,
};

/// A sheet as it is typed.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Code of the building.
    pub building: String,
    /// The number of the sheet; where each person has a voice.
    pub number: String,
    /// What it says.
    pub typed: Typed,
}

/// The buildings of the place.
pub async fn buildings(ctx: &Ctx, consultation: &Consultation) -> Result<Vec<Organisation>> {
    Ok(places::store::under(&ctx.app.db, &consultation.path, OrganisationKind::Building).await?)
}

/// Types a sheet. A household that has spoken from a phone keeps that voice; a later sheet takes the place of an earlier one.
pub async fn enter(ctx: &Ctx, id: &str, sheet: &Sheet) -> std::result::Result<(), Refused> {
    let consultation = for_staff(ctx, id).await?;
    if !consultation.takes_paper_at(ctx.now) {
        return Err(Error::Conflict("consultations-conflict-paper").into());
    }
    let household = consultation.per() == Per::Household;
    let code = one_line(&sheet.building);
    let building = match code.as_str() {
        "" => None,
        code => places::store::by_code(&ctx.app.db, code).await?.filter(|place| {
            place.kind == OrganisationKind::Building.code() && place.path.starts_with(&consultation.path)
        }),
    };
    if building.is_none() && (household || !code.is_empty()) {
        return Err(wrong("building", ctx.w.t("consultations-error-paper-building")));
    }
    let name = building.as_ref().map(|building| building.name.as_str());
    let (said, door) = read(ctx, &consultation, &sheet.typed, (name, household))?;
    let number = one_line(&sheet.number).to_uppercase();
    let length = number.chars().count();
    if !household && !(1..=SHEET_CHARS).contains(&length) {
        return Err(wrong("sheet", ctx.w.t("consultations-error-sheet")));
    }
    let key = match (&building, &door) {
        (Some(building), Some(door)) if household => household_key(&building.id, door),
        _ => format!("w:{number}"),
    };
    let flat = door.as_ref().filter(|_| building.is_some()).map(|door| door.key()).unwrap_or_default();
    let by = &ctx.actor()?.id;
    let source = voices::Source {
        key: &key,
        person_id: None,
        building_id: building.as_ref().map(|building| building.id.as_str()),
        flat: &flat,
        entered_by: Some(by),
    };
    let mut tx = ctx.app.db.begin().await?;
    lock(ctx, &mut tx, id).await?;
    let now = store::by_id_in(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !now.takes_paper_at(ctx.now) {
        return Err(Error::Conflict("consultations-conflict-paper").into());
    }
    let voice = match voices::by_key(&mut tx, id, &key).await? {
        Some(voice) if !voice.is_paper() => return Err(Refused::Spoken(instant(voice.changed_at))),
        Some(voice) => {
            voices::replace(&mut tx, &voice.id, source, &said, ctx.now).await?;
            voice.id
        }
        None => voices::insert(&mut tx, id, source, &said, ctx.now).await?.ok_or(Refused::Spoken(ctx.now))?,
    };
    note(ctx, &mut tx, "consultation.paper", id, serde_json::json!({ "voice": voice })).await?;
    tx.commit().await?;
    Ok(())
}

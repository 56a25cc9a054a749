//! Key contacts of buildings (中心户). Every look at one is in the audit log.

use super::{Refused, grid, note, standing, today};
use crate::{
    grids::store::{
        self, Building, Grid,
        contacts::{self, Contact},
    },
    http::{Ctx, Error, FieldErrors},
    people,
};
use app::{
    grids::{MOST_FLAT, MOST_NAME},
    notices::form::one_line,
    people::{Action, Phone},
};
use jiff::civil::Date;

/// The building with this code, if it is in the grid now.
async fn building(ctx: &Ctx, grid: &Grid, code: &str) -> Result<Building, Error> {
    let all = store::buildings(&ctx.app.db, &grid.path).await?;
    all.into_iter().find(|building| building.code == code && building.grid_id == grid.id).ok_or(Error::NotFound)
}

/// A building of a grid, and who is named for it.
pub async fn one(
    ctx: &Ctx,
    code: &str,
    building_code: &str,
    action: Action,
) -> Result<(Grid, Building, Option<Contact>), Error> {
    let grid = grid(ctx, code, action).await?;
    let building = building(ctx, &grid, building_code).await?;
    let contact = contacts::of_building(&ctx.app.db, &building.id).await?;
    if contact.is_some() {
        looked(ctx, &grid, "grid.see_contacts", &building.code).await?;
    }
    Ok((grid, building, contact))
}

/// Who is named for the buildings of a grid.
pub async fn all(ctx: &Ctx, grid: &Grid) -> Result<Vec<Contact>, Error> {
    let found = contacts::of_grid(&ctx.app.db, &grid.id).await?;
    if !found.is_empty() {
        looked(ctx, grid, "grid.see_contacts", "").await?;
    }
    Ok(found)
}

async fn looked(ctx: &Ctx, grid: &Grid, action: &str, building: &str) -> Result<(), Error> {
    let mut tx = ctx.app.db.begin().await?;
    note(&mut tx, ctx, action, &grid.id, serde_json::json!({ "building": building })).await?;
    tx.commit().await?;
    Ok(())
}

/// The whole number of who is named for a building.
pub async fn number(ctx: &Ctx, code: &str, building_code: &str) -> Result<String, Error> {
    let grid = grid(ctx, code, Action::GridRead).await?;
    let building = building(ctx, &grid, building_code).await?;
    let contact = contacts::of_building(&ctx.app.db, &building.id).await?.ok_or(Error::NotFound)?;
    looked(ctx, &grid, "grid.see_number", &building.code).await?;
    Ok(ctx.app.secrets.open(&contact.phone_sealed)?)
}

/// Somebody who is to be named, as typed.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Name.
    pub name: String,
    /// Flat.
    pub flat: String,
    /// Number.
    pub phone: String,
    /// Since when.
    pub since: String,
    /// They agreed.
    pub consent: bool,
}

/// Names the key contact of a building, in place of who was named before.
pub async fn put(ctx: &Ctx, code: &str, building_code: &str, form: &Form) -> Result<(), Refused> {
    let grid = standing(ctx, code).await?;
    let building = building(ctx, &grid, building_code).await?;
    let (w, day) = (ctx.w, today(ctx));
    let (name, flat) = (one_line(&form.name), one_line(&form.flat));
    let mut errors = FieldErrors::new();
    if name.is_empty() || name.chars().count() > MOST_NAME {
        errors.add("name", w.tf("grids-error-name", &[("count", MOST_NAME.into())]));
    }
    if flat.chars().count() > MOST_FLAT {
        errors.add("flat", w.tf("grids-error-long", &[("count", MOST_FLAT.into())]));
    }
    let phone = Phone::parse(&form.phone).ok();
    if phone.is_none() {
        errors.add("phone", w.t("grids-error-phone"));
    }
    let since: Option<Date> = match form.since.trim() {
        "" => Some(day),
        text => text.parse().ok().filter(|since: &Date| *since <= day && since.year() >= 1950),
    };
    if since.is_none() {
        errors.add("since", w.t("grids-error-since"));
    }
    if !form.consent {
        errors.add("consent", w.t("grids-error-consent"));
    }
    let (Some(phone), Some(since), true) = (phone, since, errors.is_empty()) else {
        return Err(Refused::Invalid(errors));
    };
    let sealed = ctx.app.secrets.seal(phone.digits())?;
    let person = people::store::id_by_phone(&ctx.app.db, &ctx.app.secrets, &phone).await?;
    let actor = ctx.actor()?;
    let mut tx = ctx.app.db.begin().await?;
    crate::db::dialect::lock_key(ctx.app.db.engine(), &mut tx, &format!("grid-contact:{}", building.id)).await?;
    let new = contacts::New {
        name: &name,
        flat: &flat,
        sealed: &sealed,
        masked: &phone.masked(),
        person_id: person.as_deref(),
        since,
    };
    contacts::put(&mut tx, &building.id, new, (&actor.id, day), ctx.now).await?;
    note(&mut tx, ctx, "grid.name_contact", &grid.id, serde_json::json!({ "building": building.code })).await?;
    tx.commit().await?;
    Ok(())
}

/// Nobody is the key contact of a building any more: name and number are removed. Twice is once.
pub async fn end(ctx: &Ctx, code: &str, building_code: &str) -> Result<(), Error> {
    let grid = standing(ctx, code).await?;
    let building = building(ctx, &grid, building_code).await?;
    let mut tx = ctx.app.db.begin().await?;
    if contacts::end(&mut tx, &building.id, today(ctx)).await? {
        note(&mut tx, ctx, "grid.end_contact", &grid.id, serde_json::json!({ "building": building.code })).await?;
    }
    tx.commit().await?;
    Ok(())
}

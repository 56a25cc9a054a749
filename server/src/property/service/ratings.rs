//! Residents rate the property company of where they live.

use super::{Outcome, checked, note, text, today};
use crate::{
    http::{Ctx, Error, FieldErrors},
    property::store::{
        estates::{self, Contract},
        inspections::{self, Rating},
    },
};
use app::property::{TEXT_MAX, period::Period};

/// Where the reader lives, as far as ratings ask.
pub struct Home {
    /// The contract that holds today.
    pub contract: Contract,
    /// The quarter of today.
    pub quarter: String,
    /// The reader's own rating of this quarter.
    pub own: Option<(i64, String)>,
}

/// The reader's estate and its company; `None`: they live in no estate that has one.
pub async fn home(ctx: &Ctx) -> Result<Option<Home>, Error> {
    let actor = ctx.actor()?;
    let Some(building) = &actor.building_id else { return Ok(None) };
    let Some(estate) = estates::of_building(&ctx.app.db, building).await? else { return Ok(None) };
    let today = today(ctx);
    let Some(contract) = estates::company_on(&ctx.app.db, &estate.id, &today.to_string()).await? else {
        return Ok(None);
    };
    let quarter = Period::quarter_of(today).code();
    let own = inspections::own(&ctx.app.db, &estate.id, &quarter, &actor.id).await?;
    Ok(Some(Home { contract, quarter, own }))
}

/// Rates; sent again in the same quarter it replaces the rating before.
pub async fn rate(ctx: &Ctx, stars: &str, reason: &str) -> Outcome {
    let actor = ctx.actor()?;
    let home = home(ctx).await?.ok_or(Error::Conflict("property-conflict-home"))?;
    let mut errors = FieldErrors::new();
    let stars = stars.trim().parse::<i64>().ok().filter(|stars| (1..=5).contains(stars));
    if stars.is_none() {
        errors.add("stars", ctx.w.t("property-error-stars"));
    }
    let reason = text(ctx, reason, TEXT_MAX, "reason", false, &mut errors);
    if reason.is_empty() && stars.is_some_and(|stars| stars < 3) {
        errors.add("reason", ctx.w.t("property-error-reason"));
    }
    checked(errors)?;
    let rating = Rating {
        estate_id: &home.contract.estate_id,
        quarter: &home.quarter,
        person_id: &actor.id,
        company_id: &home.contract.company_id,
        stars: stars.unwrap_or(1),
        reason: &reason,
    };
    let mut tx = ctx.app.db.begin().await?;
    inspections::rate(&mut tx, &rating, ctx.now).await?;
    let object = ("property_estate", home.contract.estate_id.as_str());
    note(&mut tx, ctx, "property.rate", object, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

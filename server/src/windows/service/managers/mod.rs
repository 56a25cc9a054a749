//! Use cases of managers: settings with preview and versions, items, holidays, appeals, figures.

mod apply;
mod wide;

pub mod appeals;
pub mod calendar;
pub mod items;
mod measure;
pub mod preview;
pub mod proposal;
pub mod settings;
pub mod statistics;
pub mod today;

pub use measure::measure_items;
pub use wide::AtHall;

use crate::{
    http::{Ctx, Error, Result},
    windows::store::{Hall, halls},
};
use app::people::Action;

/// The hall with this code, for somebody who may do `action` there.
pub async fn hall_for(ctx: &Ctx, action: Action, code: &str) -> Result<Hall> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let hall = halls::by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?;
    actor.require(action, &hall.path)?;
    Ok(hall)
}

/// The halls in which the signed-in person may do `action`.
pub async fn halls_for(ctx: &Ctx, action: Action) -> Result<Vec<Hall>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let scopes = actor.scopes(action);
    let mut all = halls::all(&ctx.app.db).await?;
    all.retain(|hall| scopes.iter().any(|scope| hall.path.starts_with(scope)));
    Ok(all)
}

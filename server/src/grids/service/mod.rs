//! Use cases of grids.

pub mod change;
pub mod contact;
pub mod duty;
pub mod outline;
pub mod page;

use super::store::{self, Grid};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
};
use app::{people::Action, time};
use jiff::civil::Date;

/// Why something was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in the form.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// One mistake.
pub(super) fn mistake(ctx: &Ctx, field: &'static str, key: &str) -> Refused {
    let mut errors = FieldErrors::new();
    errors.add(field, ctx.w.t(key));
    Refused::Invalid(errors)
}

/// The day of the request.
pub fn today(ctx: &Ctx) -> Date {
    time::day_of(ctx.now)
}

/// The grid with this code, if the reader may do this in it; also one that has ended.
pub async fn grid(ctx: &Ctx, code: &str, action: Action) -> Result<Grid, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let grid = store::by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?;
    actor.require(action, &grid.path)?;
    Ok(grid)
}

/// The same, for a change of it: a grid that has ended is not changed any more.
pub async fn standing(ctx: &Ctx, code: &str) -> Result<Grid, Error> {
    let grid = grid(ctx, code, Action::GridManage).await?;
    if grid.ended_on.is_some() {
        return Err(Error::Conflict("grids-conflict-ended"));
    }
    Ok(grid)
}

/// Writes down what was done to a grid.
pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &str,
    grid_id: &str,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "grid",
        object_id: grid_id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

//! Matters above and below one, as far as the reader may know of them.

use super::permit::reads;
use crate::{
    http::{Ctx, Error},
    matters::store::{self, Matter},
};

/// The matter above, if the reader reads it.
pub async fn above(ctx: &Ctx, matter: &Matter) -> Result<Option<Matter>, Error> {
    if matter.parent_id.is_empty() {
        return Ok(None);
    }
    let actor = ctx.actor()?;
    Ok(store::by_id(&ctx.app.db, &matter.parent_id).await?.filter(|parent| reads(actor, parent).is_ok()))
}

/// The matters below that the reader reads: who sent it up does not learn to whom else it went.
pub async fn below(ctx: &Ctx, matter: &Matter) -> Result<Vec<Matter>, Error> {
    let actor = ctx.actor()?;
    let mut children = store::children_of(&ctx.app.db, &matter.id).await?;
    children.retain(|child| reads(actor, child).is_ok());
    Ok(children)
}

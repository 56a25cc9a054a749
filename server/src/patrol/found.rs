//! What was found at a point of a patrol: the reports that were filed from there.

use super::{
    plans::{self, Today},
    store::{found as store, plans as walks},
};
use crate::{
    db::Tx,
    http::{Ctx, Error},
};
use app::time;

/// A point of a plan that the reader walks today.
#[derive(Clone, Debug)]
pub struct FoundAt {
    /// Id of the plan.
    pub plan_id: String,
    /// Version of the plan as it was read.
    version: i64,
    /// Number of the point, from 0.
    pub position: i64,
    /// Name of the plan.
    pub plan: String,
    /// The place.
    pub place: String,
}

/// The point that a form names. `None`: it names none, or none that the reader walks today; a report is not refused for it.
pub async fn at(ctx: &Ctx, plan_id: &str, position: &str) -> Result<Option<FoundAt>, Error> {
    let Ok(position) = position.parse::<usize>() else { return Ok(None) };
    let Today { plan, mut points, due: true, .. } = (match plans::walk(ctx, plan_id).await {
        Ok(today) => today,
        Err(Error::NotFound | Error::Forbidden) => return Ok(None),
        Err(error) => return Err(error),
    }) else {
        return Ok(None);
    };
    if position >= points.len() {
        return Ok(None);
    }
    Ok(Some(FoundAt {
        plan_id: plan.id,
        version: plan.version,
        position: i64::try_from(position).unwrap_or(0),
        plan: plan.name,
        place: points.swap_remove(position).place,
    }))
}

/// Ties a report to the point, in the transaction that files it. Something was found there, unless the walk has ended: then
/// what was said of the point stays.
pub async fn tie(tx: &mut Tx, ctx: &Ctx, at: &FoundAt, report_id: &str) -> Result<(), Error> {
    let day = time::day_of(ctx.now).to_string();
    let by = &ctx.actor()?.id;
    let (walk_id, version, done) = walks::begin(tx, (&at.plan_id, at.version), &day, by, ctx.now).await?;
    if !done {
        walks::look(tx, (&walk_id, &at.plan_id, version), at.position, "found", ctx.now).await?;
    }
    store::insert(tx, &walk_id, at.position, report_id).await?;
    Ok(())
}

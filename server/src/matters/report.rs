//! What the page of a report shows of its matters.

use super::{
    service::{acting, permit_reads},
    store, view,
};
use crate::{
    http::{Ctx, Error},
    reports::store::Report,
};
use app::{
    matters::{life::State, pages::ReportPart},
    people::Action,
};

/// The matters of a report that the reader reads, and whether they may send one.
pub async fn part(ctx: &Ctx, report: &Report) -> Result<(Vec<ReportPart>, bool), Error> {
    let actor = ctx.actor()?;
    let may_send = acting(actor).iter().any(|(_, path)| report.path.starts_with(path))
        && actor.require(Action::ReportRead, &report.path).is_ok();
    let mut rows = Vec::new();
    for matter in store::of_report(&ctx.app.db, &report.id).await? {
        if permit_reads(actor, &matter).is_err() {
            continue;
        }
        let note = match (matter.state(), matter.answer.is_empty()) {
            (State::Answered | State::Closed, false) => matter.answer.clone(),
            _ => view::clock(ctx, &matter),
        };
        rows.push(ReportPart { title: view::way_to(ctx.w, &matter), note, state: matter.state(), id: matter.id });
    }
    Ok((rows, may_send))
}

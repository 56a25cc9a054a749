//! What a step writes beside the report and its event, in the same transaction.

use super::{Named, StepError, Wanted};
use crate::{
    clock,
    db::Tx,
    http::Ctx,
    reports::{open, store::Report},
};
use app::reports::Step;

/// Writes it.
pub(super) async fn apply(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    wanted: &Wanted,
    named: &Named,
) -> Result<(), StepError> {
    let now = ctx.now.as_microsecond();
    let actor_id = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    let text = wanted.text.trim();
    match wanted.step {
        Step::ExtendAsk => {
            sqlx::query(
                "INSERT INTO report_extension (id, report_id, level, asked_by, asked_at, hours, reason) \
                 SELECT $1, $2, CAST(COUNT(*) AS BIGINT) + 1, $3, $4, $5, $6 FROM report_extension WHERE report_id = $2",
            )
            .bind(clock::new_id(ctx.now))
            .bind(&report.id)
            .bind(actor_id)
            .bind(now)
            .bind(named.hours)
            .bind(text)
            .execute(&mut **tx)
            .await?;
        }
        Step::ExtendGrant | Step::ExtendGrantAbove => decide(tx, ctx, report, "granted", text).await?,
        Step::ExtendRefuse | Step::ExtendRefuseAbove => decide(tx, ctx, report, "refused", text).await?,
        // What was asked for is asked no longer when somebody else gets it or it is done.
        Step::Return | Step::Finish | Step::Suspend => decide(tx, ctx, report, "refused", "").await?,
        Step::Merge => {
            let Some(into) = &named.into else { return Ok(()) };
            // The other one may have been merged a moment ago.
            let found: Option<(String,)> =
                sqlx::query_as("SELECT id FROM report WHERE id = $1 AND merged_into IS NULL")
                    .bind(&into.id)
                    .fetch_optional(&mut **tx)
                    .await?;
            if found.is_none() {
                return Err(StepError::Mistakes(vec![("into", "reports-error-into")]));
            }
            for sql in [
                "UPDATE report SET merged_into = $2 WHERE id = $1",
                // Reports that were merged into this one go with it.
                "UPDATE report SET merged_into = $2 WHERE merged_into = $1",
            ] {
                sqlx::query(sql).bind(&report.id).bind(&into.id).execute(&mut **tx).await?;
            }
            // So does everybody who follows; whoever filed the one that stays does not follow it as well.
            let filer = into.filer().unwrap_or_default();
            sqlx::query(
                "INSERT INTO report_follower (report_id, follower, person_id, joined_at) \
                 SELECT $2, f.follower, f.person_id, f.joined_at FROM report_follower f \
                 WHERE f.report_id = $1 AND f.follower <> $3 ON CONFLICT (report_id, follower) DO NOTHING",
            )
            .bind(&report.id)
            .bind(&into.id)
            .bind(&filer)
            .execute(&mut **tx)
            .await?;
            if let Some(follower) = report.filer().filter(|who| *who != filer) {
                open::join(tx, &into.id, &follower, report.reporter_id.as_deref(), ctx.now).await?;
            }
        }
        Step::Sort => {
            sqlx::query("UPDATE report SET category = $2 WHERE id = $1")
                .bind(&report.id)
                .bind(&wanted.category)
                .execute(&mut **tx)
                .await?;
        }
        Step::Supervise => {
            sqlx::query(
                "INSERT INTO report_supervision (id, report_id, rung, ordered_by, ordered_at, text) \
                 VALUES ($1, $2, 0, $3, $4, $5)",
            )
            .bind(clock::new_id(ctx.now))
            .bind(&report.id)
            .bind(actor_id)
            .bind(now)
            .bind(text)
            .execute(&mut **tx)
            .await?;
        }
        Step::SuperviseAnswer => {
            sqlx::query(
                "UPDATE report_supervision SET answer = $2, answered_by = $3, answered_at = $4 \
                 WHERE report_id = $1 AND answered_at IS NULL",
            )
            .bind(&report.id)
            .bind(text)
            .bind(actor_id)
            .bind(now)
            .execute(&mut **tx)
            .await?;
        }
        // Its place may be in another grid than when it was closed.
        Step::Reopen => crate::grids::store::force::bring_home(tx, &report.id).await?,
        Step::Confirm => {
            sqlx::query("UPDATE report SET confirmed_at = $2 WHERE id = $1")
                .bind(&report.id)
                .bind(now)
                .execute(&mut **tx)
                .await?;
        }
        Step::Rate => {
            sqlx::query("UPDATE report SET stars = $2, stars_reason = $3, rated_at = $4 WHERE id = $1")
                .bind(&report.id)
                .bind(named.stars)
                .bind(text)
                .bind(now)
                .execute(&mut **tx)
                .await?;
        }
        Step::RateAnswer => {
            sqlx::query(
                "UPDATE report SET stars_answer = $2, stars_answered_by = $3, stars_answered_at = $4 WHERE id = $1",
            )
            .bind(&report.id)
            .bind(text)
            .bind(actor_id)
            .bind(now)
            .execute(&mut **tx)
            .await?;
        }
        _ => {}
    }
    Ok(())
}

/// Decides on the extension that waits. The report's version lets one decision through.
async fn decide(tx: &mut Tx, ctx: &Ctx, report: &Report, decision: &str, reason: &str) -> Result<(), StepError> {
    sqlx::query(
        "UPDATE report_extension SET decision = $2, decided_by = $3, decided_at = $4, decision_reason = $5 \
         WHERE report_id = $1 AND decision = ''",
    )
    .bind(&report.id)
    .bind(decision)
    .bind(ctx.actor.as_ref().map(|actor| actor.id.as_str()))
    .bind(ctx.now.as_microsecond())
    .bind(reason)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

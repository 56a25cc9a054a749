//! The hotline desk: what was told by the same number before. Numbers are found by a keyed hash; whoever looks is written down.

use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    reports::{
        store::{self as reports, Report},
        view,
    },
};
use app::{patrol::pages::calls::CallRow, people::Action, reports::call::Number, time};

/// Earlier calls shown at most.
const SHOWN: i64 = 50;

/// Why nothing was looked up.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is no telephone number.
    #[error("no number")]
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

/// Remembers by which number a report was told.
pub async fn remember(tx: &mut Tx, ctx: &Ctx, report_id: &str, number: &Number) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO call_number (report_id, number_hash) VALUES ($1, $2) ON CONFLICT (report_id) DO NOTHING")
        .bind(report_id)
        .bind(ctx.app.secrets.number_hash(number.digits()))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What this number told before in the reader's places, newest first. The look is written down before anything is shown.
pub async fn history(ctx: &Ctx, number: &str) -> Result<Vec<Report>, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::IntakeConfirm)?;
    let Ok(Some(number)) = Number::parse(number) else {
        let mut errors = FieldErrors::new();
        errors.add("number", ctx.w.t("patrol-error-number"));
        return Err(Refused::Invalid(errors));
    };
    let hash = ctx.app.secrets.number_hash(number.digits());
    let mut tx = ctx.app.db.begin().await?;
    let entry = audit::Entry {
        by: By::Person(&actor.id),
        action: "call.history",
        object_kind: "call_number",
        object_id: &hash,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    let mut found: Vec<(i64, String)> = Vec::new();
    for scope in actor.scopes(Action::IntakeConfirm) {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT r.filed_at, r.id FROM call_number n JOIN report r ON r.id = n.report_id WHERE n.number_hash = $1 \
             AND substr(r.path, 1, length($2)) = $2 ORDER BY r.filed_at DESC, r.id DESC LIMIT $3",
        )
        .bind(&hash)
        .bind(scope)
        .bind(SHOWN)
        .fetch_all(ctx.app.db.read())
        .await?;
        found.extend(rows);
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.dedup();
    found.truncate(usize::try_from(SHOWN).unwrap_or(50));
    let ids: Vec<String> = found.into_iter().map(|(_, id)| id).collect();
    Ok(reports::by_ids(&ctx.app.db, &ids).await?)
}

/// Earlier calls as rows of a page.
pub fn rows(ctx: &Ctx, found: &[Report]) -> Vec<CallRow> {
    let w = ctx.w;
    let row = |report: &Report| CallRow {
        title: view::category(w, report),
        note: format!("{} · {}", view::place(w, report), time::ago(w, report.filed(), ctx.now)),
        state: w.t(report.state().key()),
        open: !report.state().is_over(),
        code: report.code.clone(),
    };
    found.iter().map(row).collect()
}
